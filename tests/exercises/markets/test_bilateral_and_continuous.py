"""Bilateral and continuous: the answers against the package, and what learners are told."""

import numpy as np
import pytest
from scipy.optimize import brentq, linear_sum_assignment

from tefoundations.exercises.registry import EXERCISES
from tefoundations.market import Exchange, OrderBook, batched
from tests.exercises.learners import reason

MATCH, CALLS, PAIRS, SPREAD = (
    f"bilateral_and_continuous/{topic}" for topic in ("match", "calls", "best_pairs", "half_spread")
)
SEEDS = pytest.mark.parametrize("seed", ["public", 0, 1])


@SEEDS
def test_trades_are_those_of_the_exchange(seed, solutions):
    for (orders,) in EXERCISES[MATCH].cases(seed):
        exchange = Exchange()
        for order in orders:
            exchange.submit(None, *order)
        assert solutions[MATCH](orders) == [tuple(fill) for fill in exchange.fills]


@SEEDS
def test_calls_are_those_of_the_package(seed, solutions):
    for orders, size in EXERCISES[CALLS].cases(seed):
        sides = [[(price, kwh) for side, price, kwh in orders if side == own] for own in ("buy", "sell")]
        at, order = [0, len(sides[0])], []
        for side, *_ in orders:
            order.append(at[side == "sell"])
            at[side == "sell"] += 1
        c = batched(OrderBook.of(*sides), size, order)
        assert solutions[CALLS](orders, size) == pytest.approx((c.quantity, c.welfare))


@SEEDS
def test_pairs_are_an_assignment(seed, solutions):
    for values, costs, fees in EXERCISES[PAIRS].cases(seed):
        gain = np.maximum(np.array(values)[:, None] - costs - np.array(fees), 0)
        assert solutions[PAIRS](values, costs, fees) == gain[linear_sum_assignment(-gain)].sum()


def short_by(h, jumps, shares, n):
    """What investors pay less what a jump takes."""
    return n * h - np.array(shares) @ np.maximum(np.abs(jumps) - h, 0)


@SEEDS
def test_the_half_spread_is_a_root(seed, solutions):
    for case in EXERCISES[SPREAD].cases(seed):
        root = brentq(short_by, 0, max(map(abs, case[0])), args=case, xtol=1e-13)
        assert solutions[SPREAD](*case) == pytest.approx(root, abs=1e-9)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda made: [row[:3] for row in made], "each (waited, came, price, kWh)"),
        (lambda made: [(b, a, p, q) for a, b, p, q in made], "first the one that waited"),
        (lambda made: [(a, b, p, q + 9) for a, b, p, q in made], "trades more than its"),
        (lambda made: len(made), "a list of trades is asked for"),
    ],
)
def test_what_is_no_list_of_trades(change, words, solutions):
    assert words in reason(MATCH, lambda orders: change(solutions[MATCH](orders)), "wrong")
