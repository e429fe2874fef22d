"""Forwards and settlement: the answers against the package, and against searches and accounts of their own."""

import numpy as np
import pytest

from tefoundations.exercises.registry import EXERCISES
from tefoundations.market import best_bid, hedge_ratio, imbalance_charges, two_settlement
from tests.exercises.learners import told_on_example

STATEMENT, IMBALANCES, BEST_BID, HEDGE = (
    f"forwards_and_settlement/{name}" for name in ("statement", "imbalances", "best_bid", "hedge")
)
SEEDS = ["public", 0, 1, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_statement_is_the_meter_at_todays_price_and_a_bet(seed, solutions):
    for day_ahead, sold, real_time, delivered in EXERCISES[STATEMENT].cases(seed):
        found = solutions[STATEMENT](day_ahead, sold, real_time, delivered)
        assert found == np.dot(real_time, delivered) + np.dot(np.subtract(day_ahead, real_time), sold)
        if sold:
            assert found == two_settlement(day_ahead, sold, real_time, delivered).income


@pytest.mark.parametrize("seed", SEEDS)
def test_the_account_of_the_operator(seed, solutions):
    for deviation, day_ahead, short, long in EXERCISES[IMBALANCES].cases(seed):
        single, dual = solutions[IMBALANCES](deviation, day_ahead, short, long)
        total = sum(deviation)
        bought = -total * (short if total < 0 else long)  # balancing energy, or what it brings
        helped = sum(abs(x) for x in deviation if x * total < 0)
        gap = short - day_ahead if total < 0 else day_ahead - long
        assert -sum(single) - bought == 0
        assert -sum(dual) - bought == helped * gap
        for rule, amounts in (("single", single), ("dual", dual)):
            package = imbalance_charges(deviation, day_ahead, short, long, rule)
            assert package.money.tolist() == amounts and package.kept == (0 if rule == "single" else helped * gap)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_bid_earns_more(seed, solutions):
    """On ten thousand outputs drawn from the forecast, evenly by chance."""
    even = (np.arange(10_000) + 0.5) / 10_000
    for day_ahead, short, long, outputs, levels in EXERCISES[BEST_BID].cases(seed)[:25]:
        found = solutions[BEST_BID](day_ahead, short, long, outputs, levels)
        assert found == pytest.approx(best_bid(day_ahead, short, long, outputs, levels=levels).bid, abs=1e-9)
        may_come = np.interp(even, levels, outputs)

        def income(bid, case=(day_ahead, short, long, may_come)):
            day_ahead, short, long, may_come = case
            return np.mean(day_ahead * bid - short * np.maximum(bid - may_come, 0) + long * np.maximum(may_come - bid, 0))

        others = [*outputs, *np.linspace(outputs[0], outputs[-1], 21)]
        assert max(map(income, others)) <= income(found) + 1e-3 * (1 + outputs[-1])


@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_hedge_swings_less(seed, solutions):
    signs = set()
    for prices, loads, chances in EXERCISES[HEDGE].cases(seed):
        found = solutions[HEDGE](prices, loads, chances)
        signs.add(np.sign(round(found, 12)))
        cost, by, weights = np.multiply(prices, loads), np.array(prices), np.array(chances)

        def variance(kwh, case=(cost, by, weights)):
            cost, prices, weights = case
            hedged = cost - kwh * prices
            return weights @ (hedged - weights @ hedged) ** 2

        assert all(variance(found) <= variance(found + step) + 1e-9 for step in (-1, -0.01, 0.01, 1))
        if len({p for p, w in zip(prices, chances) if w}) > 1:
            assert found == pytest.approx(hedge_ratio(cost, prices, chances).quantity, abs=1e-9)
        else:
            assert found == 0
    assert signs == {-1, 0, 1}


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (STATEMENT, [140, 212], "one number is asked for, in ct"),
        (IMBALANCES, [70, -105, -140], "two lists are asked for, (single, dual)"),
        (IMBALANCES, [[70, -105], [40, -105, -140]], "single must be one number for each seller, here 3"),
        (IMBALANCES, [[70, -105, -141], [40, -105, -140]], "the single price passes on what balancing costs"),
        (HEDGE, "3.5", "one number is asked for, in kWh"),
    ],
)
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)
