"""Uncertainty: the answers against the package, against searches of every order, and against other formulas."""

import numpy as np
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, Scenarios, stochastic_opf
from tests.exercises.learners import told_on_example

COMMIT, WORTH, SETTLE, TAIL = (f"uncertainty/{name}" for name in ("commit", "worth", "settle", "tail"))
SEEDS = ["public", 0, 1, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_order_costs_less(seed, solutions):
    for need, early, late, sun, chances in EXERCISES[COMMIT].cases(seed):
        orders = np.arange(0, 131)
        lack = np.maximum(need - np.array(sun) - orders[:, None], 0)
        costs = early * orders + late * lack @ chances
        assert solutions[COMMIT](need, early, late, sun, chances) == orders[costs.argmin()]
        assert np.sum(costs < costs.min() + 1e-9) == 1


@pytest.mark.parametrize("seed", [0, 1])
def test_the_order_is_that_of_the_package(seed, solutions):
    for need, early, late, sun, chances in EXERCISES[COMMIT].cases(seed)[::4]:
        units = {"bus": [1] * 3, "p_max": [500, 500, 200], "cost": [early, late, 0], "name": ["slow", "fast", "sun"]}
        net = Network.from_frames({"bus": [1], "load": [need]}, {"from_bus": [], "to_bus": [], "x": []}, units)
        s = stochastic_opf(net, Scenarios(chances, p_max={"sun": sun}), flexible=["fast", "sun"])
        assert s.schedule[0] == pytest.approx(solutions[COMMIT](need, early, late, sun, chances), abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_worths_by_arrays(seed, solutions):
    for costs, chances, expected in EXERCISES[WORTH].cases(seed):
        table, p = np.array(costs), np.array(chances)
        rp, ws, eev = (table @ p).min(), table.min(axis=0) @ p, table[expected] @ p
        assert solutions[WORTH](costs, chances, expected) == pytest.approx((rp - ws, eev - rp))
        assert ws <= rp + 1e-9 and rp <= eev + 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_a_settlement_is_the_output_at_its_price_and_a_bet(seed, solutions):
    for position, outputs, prices, chances in EXERCISES[SETTLE].cases(seed):
        found = np.array(solutions[SETTLE](position, outputs, prices, chances))
        price, p = np.array(prices), np.array(chances)
        assert found == pytest.approx(price * outputs + (p @ price - price) * position)
        assert p @ found == pytest.approx(p @ (price * outputs))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tail_is_the_least_over_thresholds(seed, solutions):
    """Rockafellar and Uryasev's formula; the best threshold is one of the costs."""
    for costs, chances, alpha in EXERCISES[TAIL].cases(seed):
        cost, p = np.array(costs), np.array(chances)
        aims = [threshold + p @ np.maximum(cost - threshold, 0) / (1 - alpha) for threshold in costs]
        assert solutions[TAIL](costs, chances, alpha) == pytest.approx(min(aims))


def test_the_quantile_and_the_formula_are_right_answers():
    def by_quantile(need, early, late, sun, chances):
        lacks, reached = sorted(zip([need - each for each in sun], chances)), 0
        if late < early:
            return 0
        for lack, chance in lacks:
            reached += chance
            if 1 - reached <= early / late:
                return max(lack, 0)
        return max(lacks[-1][0], 0)

    def by_formula(costs, chances, alpha):
        cost, p = np.array(costs), np.array(chances)
        return min(t + p @ np.maximum(cost - t, 0) / (1 - alpha) for t in costs)

    assert check(COMMIT, by_quantile) and check(TAIL, by_formula)


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (COMMIT, [70], "one number is asked for, in MW"),
        (COMMIT, 65, "with an order of 65 MW, one MW more would save 5 $ on average"),
        (COMMIT, 80, "with an order of 80 MW, one MW less would save 10 $ on average"),
        (WORTH, 480, "two numbers are asked for, (evpi, vss), in $"),
        (WORTH, (480, -20), "the value of scenarios is below zero"),
        (SETTLE, (-312, 528), "one number for each scenario is asked for, here 3, in $"),
        (SETTLE, (-312, 528, 1000), "the mean income must be that of selling later, 630 $, and is 596"),
        (TAIL, 3000, "the mean of the dearest costs is no more than the dearest, 2900 $, and it is 3000"),
        (TAIL, 1500, "the mean of the dearest costs is at least the mean of all, 1880 $, and it is 1500"),
    ],
)
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)
