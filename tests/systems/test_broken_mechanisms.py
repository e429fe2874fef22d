"""A rule or a way that somebody else wrote may break: the table says which, on which day, at which time."""

import pytest

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, uniform_price
from tefoundations.systems import BookRule, as_usual, central_dispatch, lane_day, mechanism_table


def wrong_after(count, what):
    """A rule that does well on so many books, and then something else."""
    left = [count]

    def rule(book):
        left[0] -= 1
        return uniform_price(book) if left[0] >= 0 else what(book)

    return rule


OTHERS = uniform_price(OrderBook.of(bids=[(12, 1)], asks=[(5, 1)]))


def fails(_):
    raise ZeroDivisionError("by nothing")


@pytest.mark.parametrize("clear, draws, words", [
    (wrong_after(3, lambda book: None), False, "01:30, winter: what it gives must be a Clearing, not a NoneType"),
    (wrong_after(3, lambda book: OTHERS), False, "01:30, winter: what it gives is a Clearing of another book"),
    (wrong_after(2, fails), False, "01:00, winter: ZeroDivisionError: by nothing"),
    (lambda book: uniform_price(book), True, "00:00, winter: TypeError: .* unexpected keyword argument 'rng'"),
])  # fmt: skip
def test_a_rule_that_breaks_is_named_with_day_and_time(clear, draws, words):
    rule = BookRule("mine", clear, "markets/double_auction", draws=draws)
    with pytest.raises(InvalidInput, match=f"rule 'mine', {words}"):
        mechanism_table([rule], (), days=["winter"])


@pytest.mark.parametrize("way, words", [
    (lambda lane: None, "what it gives must be a Way, not a NoneType"),
    (lambda lane: as_usual(lane_day("summer")), "what it gives is of another lane or day: not the same base in step 0"),
    (fails, "ZeroDivisionError: by nothing"),
])  # fmt: skip
def test_a_way_that_breaks_is_named_with_its_day(way, words):
    with pytest.raises(InvalidInput, match=f"ways: entry 1, winter: {words}"):
        mechanism_table((), [as_usual, way], days=["winter"])


def test_no_way_stands_twice():
    for twin in (as_usual, lambda lane: as_usual(lane)):
        with pytest.raises(InvalidInput, match="ways: 'As usual' stands twice"):
            mechanism_table((), [as_usual, central_dispatch, twin], days=["winter"])
