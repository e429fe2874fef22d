import numpy as np
import pytest
from hypothesis import given

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, audit, mcafee, uniform_price
from tests.market.books import single_units


def units(*prices):
    return [(price, 1) for price in prices]


def by_the_paper(values, costs):
    """McAfee's rule for one unit each, written again: (trades, buyers pay, sellers get)."""
    values, costs = sorted(values, reverse=True), sorted(costs)
    k = sum(v >= c for v, c in zip(values, costs))
    if k == 0:
        return 0, np.nan, np.nan
    if len(values) > k and len(costs) > k and costs[k - 1] <= (values[k] + costs[k]) / 2 <= values[k - 1]:
        return k, (values[k] + costs[k]) / 2, (values[k] + costs[k]) / 2
    return k - 1, values[k - 1], costs[k - 1]


@given(single_units())
def test_the_rule_of_the_paper(book):
    c = mcafee(book)
    trades, pay, get = by_the_paper(book.bids.price, book.asks.price)
    assert c.quantity == trades
    if trades:
        assert set(c.bid_price[c.bid_quantity > 0]) == {pay} and set(c.ask_price[c.ask_quantity > 0]) == {get}


@given(single_units(4))
def test_honest_individually_rational_and_never_a_deficit(book):
    found = audit(mcafee, book, names=False)
    assert found.regret == 0 and found.misreport == ""
    assert found.min_utility >= 0 and found.budget >= 0
    assert mcafee(book).welfare >= uniform_price(book).welfare - _least_trade(book) - 1e-9


def _least_trade(book):
    """The smallest gain of an efficient pair: all that the rule may lose."""
    gains = [v - c for v, c in zip(sorted(book.bids.price, reverse=True), sorted(book.asks.price)) if v >= c]
    return gains[-1] if gains else 0


def test_the_numbers_of_the_book():
    c = mcafee(OrderBook.of(units(9, 8, 5), units(3, 4, 6)))
    assert (c.quantity, c.price, c.budget) == (2, 5.5, 0)
    c = mcafee(OrderBook.of(units(9, 8, 1), units(3, 4, 5)))
    assert (c.quantity, c.bid_payment.sum(), c.ask_receipt.sum(), c.budget) == (1, 8, 4, 4) and np.isnan(c.price)
    c = mcafee(OrderBook.of(units(12, 10, 8), units(5, 7, 9)))
    assert (c.quantity, c.price, c.budget) == (2, 8.5, 0)


def test_a_missing_next_pair_reduces():
    c = mcafee(OrderBook.of(units(9, 8), units(3, 4)))
    assert (c.quantity, c.budget) == (1, 4) and np.isnan(c.price_interval).all()
    assert c.explain().splitlines()[1:5] == [
        "Bids: the best trades, at 9; the best left is at 8.",
        "Asks: the best trades, at 3; the best left is at 4.",
        "Supporting prices: none.",
        "Price: the last pair steps back; buyers pay its bid 8, sellers receive its ask 4.",
    ]
    alone = mcafee(OrderBook.of(units(9), units(3)))
    assert alone.quantity == 0 and alone.explain().startswith("No trade: the one pair that gains steps back")
    assert "none" in alone._repr_html_()
    assert mcafee(OrderBook.of(units(6, 6, 6), units(6, 6, 6))).quantity == 2


@pytest.mark.parametrize(
    ("bids", "asks", "words"),
    [
        ([(9, 1), (8, 2)], [(3, 1)], "one quantity, and found 1 and 2"),
        ([("a", 9, 1), ("a", 8, 1)], [("x", 3, 1)], "'a' has 2 bids"),
        ([("a", 9, 1)], [("a", 3, 1)], "'a' has bids and asks"),
    ],
)
def test_books_it_is_not_defined_for(bids, asks, words):
    with pytest.raises(InvalidInput, match=words):
        mcafee(OrderBook.of(bids, asks))
