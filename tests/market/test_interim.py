"""Honesty on average: the linear equilibrium, and what sampling finds of it."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, audit, interim_audit, linear_equilibrium, second_price, uniform_price, vcg

GRID = np.linspace(0, 1, 41)


def pair(rng):
    return OrderBook.of([(rng.uniform(), 1)], [(rng.uniform(), 1)])


@pytest.mark.parametrize("k", [0, 0.3, 0.5, 1])
def test_nobody_leaves_the_linear_equilibrium(k):
    """Expected gains by fine quadrature over the other's type: an independent route to the best answer."""
    bid, ask = linear_equilibrium(k)
    t = (np.arange(20_000) + 0.5) / 20_000
    reports = np.linspace(0, 1, 401)
    for own in (0.3, 0.6, 0.95):
        said = ask(t)
        gain = [np.mean((said <= b) * (own - k * b - (1 - k) * said)) for b in [*reports, float(bid(own))]]
        assert gain[-1] >= max(gain[:-1]) - 2e-6
        said = bid(t)
        gain = [np.mean((said >= a) * (k * said + (1 - k) * a - own)) for a in [*reports, float(ask(own))]]
        assert gain[-1] >= max(gain[:-1]) - 2e-6


def test_half_trades_iff_the_gain_is_a_quarter():
    bid, ask = linear_equilibrium(0.5)
    t = (np.arange(400) + 0.5) / 400
    meet = bid(t)[:, None] >= ask(t)[None, :] - 1e-12
    gap = t[:, None] - t[None, :]
    assert (meet == (gap >= 0.25 - 1e-12)).all()
    assert gap[meet].sum() / gap.size == pytest.approx(9 / 64, abs=1e-3)


@pytest.mark.parametrize("side", ["bids", "asks"])
def test_midpoint_is_not_honest_on_average_and_its_equilibrium_holds(side):
    types = [0.1, 0.5, 0.9]
    honest = interim_audit(uniform_price, pair, types, GRID, side=side, profiles=300, rng=3)
    high = 2 if side == "bids" else 0
    assert honest.regret[high] > 5 * honest.error[high]
    bid, ask = linear_equilibrium(0.5)
    rest = interim_audit(uniform_price, pair, types, GRID, side=side, bid=bid, ask=ask, profiles=300, rng=4)
    assert (rest.regret <= 4 * rest.error + 1e-12).all()
    assert rest.to_frame().shape == (3, 5) and rest.gain.shape == (3, 41)


@pytest.mark.parametrize("mechanism", [vcg, second_price])
def test_honest_mechanisms_are_honest_on_average(mechanism):
    def draw(rng):
        return OrderBook.of([(rng.uniform(), 1) for _ in range(3)], [(0.1, 1)])

    found = interim_audit(mechanism, draw, [0.2, 0.8], GRID, profiles=200, rng=0)
    assert (found.regret <= 1e-12).all() and (found.said == [0.2, 0.8]).all()


def test_same_seed_same_result():
    one, two = (interim_audit(uniform_price, pair, [0.5], GRID, profiles=50, rng=7) for _ in range(2))
    assert (one.gain == two.gain).all()


def test_bad_input_is_named():
    with pytest.raises(InvalidInput, match="side 'buy' is not one of bids, asks"):
        interim_audit(uniform_price, pair, [0.5], GRID, side="buy", rng=0)
    with pytest.raises(InvalidInput, match="profiles 1 must be a whole number from 4 to 1000000"):
        interim_audit(uniform_price, pair, [0.5], GRID, profiles=1, rng=0)
    with pytest.raises(InvalidInput, match="must have one order"):
        interim_audit(uniform_price, lambda rng: OrderBook.of([("a", 1, 1), ("a", 2, 1)], []), [0.5], GRID, rng=0)
    with pytest.raises(InvalidInput, match="must have one order"):
        interim_audit(uniform_price, lambda rng: OrderBook.of(), [0.5], GRID, rng=0)
    for k in (-0.1, 1.1, "half", None):
        with pytest.raises(InvalidInput, match=r"k .* must be a number from 0 to 1"):
            linear_equilibrium(k)


WRONG = {
    "text": (lambda v: "high", "must be one number for each order, not of type str"),
    "None": (lambda v: None, "must be one number for each order, not of type NoneType"),
    "one": (lambda v: 0.5, "must be one number for each order, not of type float"),
    "two": (lambda v: np.ones(len(v) + 1), "must be [12] numbers, one for each (order|type), not [23]"),
    "square": (lambda v: np.ones((len(v), 2)), "must be one number for each order, not of shape"),
    "nan": (lambda v: np.full(len(v), np.nan), "(order|type) 0: what .* gives nan must be a finite number"),
    "texts": (lambda v: ["high"] * len(v), "(order|type) 0: what .* gives 'high' must be a number"),
}


@pytest.mark.parametrize("side", ["bids", "asks"])
@pytest.mark.parametrize("name", ["bid", "ask"])
@pytest.mark.parametrize("wrong, told", WRONG.values(), ids=WRONG)
def test_what_a_strategy_says_is_looked_at(wrong, told, name, side):
    told = told.replace("each order", "each (order|type)")
    with pytest.raises(InvalidInput, match=f"what {name} gives.* must be" if "0:" in told else f"what {name} gives {told}"):
        interim_audit(uniform_price, pair, [0.5], GRID, side=side, profiles=4, rng=0, **{name: wrong})
    for no_function in (0, "", "half"):
        with pytest.raises(InvalidInput, match=f"{name} must be a function of an array of prices, not"):
            interim_audit(uniform_price, pair, [0.5], GRID, profiles=4, rng=0, **{name: no_function})


@pytest.mark.parametrize("drawn, kind", [("book", "a str"), (None, "a NoneType"), ([(1, 1)], "a list")])
def test_what_is_drawn_is_a_book(drawn, kind):
    with pytest.raises(InvalidInput, match=f"^what draw gives must be an OrderBook, not {kind}$"):
        interim_audit(uniform_price, lambda rng: drawn, [0.5], GRID, profiles=4, rng=0)


@pytest.mark.parametrize("k", [0, 0.5, 1])
def test_a_linear_strategy_takes_numbers(k):
    for strategy, name in zip(linear_equilibrium(k), ("values", "costs")):
        assert strategy([0.2, 0.9]).tolist() == [strategy(0.2), strategy(0.9)]
        for wrong in ("a", None, ["a"], [0.1, np.nan], {}):
            with pytest.raises(InvalidInput, match=f"{name} .*must be"):
                strategy(wrong)


def late(answer, first=uniform_price):
    """A mechanism that clears the first book it is given, and then gives something else."""
    given = []

    def rule(book):
        given.append(book)
        return first(book) if len(given) == 1 else answer

    return rule


OTHER = uniform_price(OrderBook.of([(1, 1)] * 9, [(0, 1)]))


@pytest.mark.parametrize(
    "answer, told",
    [
        (None, "^what mechanism gives must be a Clearing, not a NoneType$"),
        ("12", "^what mechanism gives must be a Clearing, not a str$"),
        (
            OTHER,
            r"^what mechanism gives: bid_quantity must be one number for each of the book's . bids, not of shape \(9,\)$",
        ),
    ],
)
def test_every_answer_of_a_mechanism_is_looked_at(answer, told):
    """Also that to a misreport, whose refusal counts as no gain: an answer that is none must not pass for a refusal."""
    book = OrderBook.of([(3, 1), (2, 1)], [(1, 1), (2, 1)])
    for call in (
        lambda: audit(lambda book: answer, book),
        lambda: audit(late(answer), book),
        lambda: audit(lambda asked: answer if len(asked.bids) > len(book.bids) else uniform_price(asked), book),
        lambda: interim_audit(late(answer), pair, [0.5], GRID, profiles=4, rng=0),
    ):
        with pytest.raises(InvalidInput, match=told):
            call()
