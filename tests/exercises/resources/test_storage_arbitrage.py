"""Storage arbitrage: the answers against the package and against all plans tried, and what is told."""

from itertools import combinations, product

import numpy as np
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.resources import Battery, arbitrage
from tests.exercises.learners import text_of, told_on_example

TRADE, PLAN, ONE = (f"storage_arbitrage/{name}" for name in ("best_trade", "plan", "one_more"))
SEEDS = ["public", 0, 1, 2]


def battery(energy, power, eta_c, eta_d, stored=0):
    """The battery of the exercises: its power is measured in the store."""
    return Battery(energy, power / eta_c, power * eta_d, eta_c, eta_d, initial_energy=stored)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_of_all_pairs(seed, solutions):
    nothing = set()
    for prices, eta_c, eta_d, wear in EXERCISES[TRADE].cases(seed):
        gains = [sell * eta_c * eta_d - buy - wear * eta_c * eta_d for buy, sell in combinations(prices, 2)]
        found = solutions[TRADE](prices, eta_c, eta_d, wear)
        assert found == pytest.approx(max([0, *gains]))
        nothing.add(found == 0)
    assert nothing == {True, False}


def every_plan(prices, energy, power, eta_c, eta_d):
    """The best of all paths of stored energy."""
    best = 0.0
    for path in product(range(energy + 1), repeat=len(prices)):
        change = np.diff([0, *path])
        if len(path) and abs(change).max() <= power:
            best = max(best, -np.dot(prices, np.where(change > 0, change / eta_c, change * eta_d)))
    return best


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_of_all_plans(seed, solutions):
    for prices, *rest in EXERCISES[PLAN].cases(seed):
        found = solutions[PLAN](prices, *rest)
        if (rest[0] + 1) ** len(prices) <= 5000:
            assert found == pytest.approx(every_plan(prices, *rest))
        if prices:
            assert found <= arbitrage(prices, battery(*rest)).profit + 1e-6
        if prices and min(prices) >= 0:  # whole kWh lose nothing there
            assert found == pytest.approx(arbitrage(prices, battery(*rest)).profit)


def by_shadow_price(prices, stored, *rest):
    low, high = arbitrage(prices, battery(*rest, stored=stored)).shadow_price_interval
    return low[0], high[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_one_kwh_is_the_interval_of_the_shadow_price(seed, solutions):
    found = np.array([solutions[ONE](*case) for case in EXERCISES[ONE].cases(seed)])
    assert np.allclose(found, [by_shadow_price(*case) for case in EXERCISES[ONE].cases(seed)], atol=1e-6)
    assert set(found[:, 0] < found[:, 1] - 1e-9) == {True, False}


def test_the_shadow_price_is_an_answer_too_but_for_power_at_the_terminal():
    def at_the_terminal(prices, stored, energy, power, eta_c, eta_d):
        return by_shadow_price(prices, stored, energy, power * eta_c, eta_c, eta_d)  # buys `power` where it should store it

    assert check(ONE, by_shadow_price) and check(ONE, at_the_terminal).state == "wrong"


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (TRADE, None, "one number is asked for, in ct"), (TRADE, -1, "it returns -1. Nobody has to trade"),
        (PLAN, None, "is a return missing?"),
        (PLAN, 18, "it returns 18 ct, and no plan of such a battery earns more than 17.5"),
        (PLAN, -2, "it returns -2. Nobody has to trade"), (ONE, 10, "two numbers are asked for, (more, less)"),
        (ONE, (30, 10), "its second kWh, at 30 ct, is worth more than the first, at 10"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_numbers_told(sources):
    said = text_of(sources, "Of a kWh bought, 0.8 x 0.75")
    assert pytest.approx(0.6) == 0.8 * 0.75 and "0.6 x (40 - 5) = 21 ct" in said and "for the last brings only 2" in said
    assert pytest.approx(-9) == 0.6 * (40 - 5) - 30 and pytest.approx(2) == 0.6 * (25 - 5) - 10 and "would lose 9 ct" in said
    said = text_of(sources, "A stored kWh costs 10 / 0.8")
    assert (10 / 0.8, 20 / 0.8, 40 * 0.75, 30 * 0.75) == (12.5, 25, 30, 22.5)
    assert all(words in said for words in ("12.50 ct", "= 25 in", "= 30 ct", "= 22.50", "30 - 12.50 = 17.50"))
    said = text_of(sources, "With one kWh it buys one more at 10")
    for kwh, profit in ((1, 60), (2, 70), (0, 30)):
        assert arbitrage([10, 40, 30], battery(3, 1, 1.0, 1.0, stored=kwh)).profit == profit and f"{profit} ct" in said
