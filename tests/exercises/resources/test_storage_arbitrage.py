"""Learners' code for the exercises of storage arbitrage, and the answers against the package and against all plans tried."""

from itertools import combinations, product

import numpy as np
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.resources import Battery, arbitrage

TRADE, PLAN, ONE = (f"storage_arbitrage/{name}" for name in ("best_trade", "plan", "one_more"))
SEEDS = ["public", 0, 1, 2]


def reason(name, solution, state):
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


def answered(name, answer, solutions):
    """What is told of an answer to the worked example, all else right."""
    example, right = EXERCISES[name].example[0], solutions[name]
    return check(name, lambda *case: answer if case == example else right(*case)).reason


def battery(energy, power, eta_c, eta_d, stored=0):
    """The battery of the exercises: its power is measured in the store."""
    return Battery(energy, power / eta_c, power * eta_d, eta_c, eta_d, initial_energy=stored)


# One trade


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_of_all_pairs(seed, solutions):
    nothing = set()
    for prices, eta_c, eta_d, wear in EXERCISES[TRADE].cases(seed):
        gains = [sell * eta_c * eta_d - buy - wear * eta_c * eta_d for buy, sell in combinations(prices, 2)]
        found = solutions[TRADE](prices, eta_c, eta_d, wear)
        assert found == pytest.approx(max([0, *gains]))
        nothing.add(found == 0)
    assert nothing == {True, False}


def test_what_is_told_of_a_wrong_trade(solutions):
    assert "one number is asked for, in ct" in answered(TRADE, None, solutions)
    assert "it returns -1. Nobody has to trade" in answered(TRADE, -1, solutions)
    assert "it returns 12, not 11, in the worked example" in answered(TRADE, 12, solutions)
    right = solutions[TRADE]

    def needs_prices(prices, eta_c, eta_d, wear):
        max(prices), prices[1]
        return right(prices, eta_c, eta_d, wear)

    assert "except when there are fewer than two hours: it raises" in reason(TRADE, needs_prices, "almost")
    assert "it calls arbitrage" in reason(TRADE, lambda p, c, d, w: arbitrage(p, Battery(1, 1)).profit, "wrong")


# A plan


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


def test_what_is_told_of_a_wrong_plan(solutions):
    assert "is a return missing?" in answered(PLAN, None, solutions)
    assert "it returns 18 ct, and no plan of such a battery earns more than 17.5" in answered(PLAN, 18, solutions)
    assert "it returns -2. Nobody has to trade" in answered(PLAN, -2, solutions)
    assert "it returns 10, not 17.5" in answered(PLAN, 10, solutions)
    right = solutions[PLAN]

    def not_below_zero(prices, *rest):
        return right([max(price, 0) for price in prices], *rest)

    assert "except when a price is below zero" in reason(PLAN, not_below_zero, "almost")

    def steps_outside(prices, energy, power, eta_c, eta_d):
        return right(prices, energy, power, eta_c, eta_d) if power <= energy else 0.0

    assert "except when it could be filled in less than an hour" in reason(PLAN, steps_outside, "almost")
    assert "it calls arbitrage" in reason(PLAN, lambda p, *rest: arbitrage(p, battery(*rest)).profit, "wrong")
    assert "rounding" in reason(PLAN, lambda *case: round(right(*case) + 1e-4, 4), "almost")


# One kWh


@pytest.mark.parametrize("seed", SEEDS)
def test_one_kwh_is_the_interval_of_the_shadow_price(seed, solutions):
    kinks = set()
    for prices, stored, *rest in EXERCISES[ONE].cases(seed):
        low, high = arbitrage(prices, battery(*rest, stored=stored)).shadow_price_interval
        more, less = solutions[ONE](prices, stored, *rest)
        assert more == pytest.approx(low[0], abs=1e-6) and less == pytest.approx(high[0], abs=1e-6)
        kinks.add(bool(more < less - 1e-9))
    assert kinks == {True, False}


def test_the_shadow_price_is_an_answer_too():
    def by_shadow_price(prices, stored, *rest):
        low, high = arbitrage(prices, battery(*rest, stored=stored)).shadow_price_interval
        return low[0], high[0]

    assert check(ONE, by_shadow_price)


def test_what_is_told_of_a_wrong_worth(solutions):
    assert "two numbers are asked for, (more, less)" in answered(ONE, 10, solutions)
    assert "its second kWh, at 30 ct, is worth more than the first, at 10" in answered(ONE, (30, 10), solutions)
    assert "it returns [10, 20], not [10, 30]" in answered(ONE, (10, 20), solutions)
    right = solutions[ONE]

    def at_the_terminal(prices, stored, energy, power, eta_c, eta_d):
        """Takes the power in store for the power at the terminal."""

        def profit(kwh):
            return arbitrage(prices, Battery(energy, power, power, eta_c, eta_d, initial_energy=kwh)).profit

        return profit(stored + 1) - profit(stored), profit(stored) - profit(stored - 1)

    assert check(ONE, at_the_terminal).state == "wrong"

    def flat(prices, *rest):
        return right(prices, *rest) if len(set(prices)) > 1 else (0.0, 0.0)

    assert "except when all prices are equal" in reason(ONE, flat, "almost")


def told_in(sources, start):
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith(start)]
    return text.replace("\n", " ")


def test_numbers_told(sources, solutions):
    said = told_in(sources, "Of a kWh bought, 0.8 x 0.75")
    assert 0.8 * 0.75 == pytest.approx(0.6) and "0.6 x (40 - 5) = 21 ct" in said and "for the last brings only 2" in said
    assert 0.6 * (40 - 5) - 30 == pytest.approx(-9) and 0.6 * (25 - 5) - 10 == pytest.approx(2) and "would lose 9 ct" in said
    said = told_in(sources, "A stored kWh costs 10 / 0.8")
    assert (10 / 0.8, 20 / 0.8, 40 * 0.75, 30 * 0.75) == (12.5, 25, 30, 22.5)
    assert all(words in said for words in ("12.50 ct", "= 25 in", "= 30 ct", "= 22.50", "30 - 12.50 = 17.50"))
    said = told_in(sources, "With one kWh it buys one more at 10")
    for kwh, profit in ((1, 60), (2, 70), (0, 30)):
        assert arbitrage([10, 40, 30], battery(3, 1, 1.0, 1.0, stored=kwh)).profit == profit and f"{profit} ct" in said
