"""Welfare: the answers against solvers that know nothing of them, and what is told."""

import cvxpy as cp
import numpy as np
import pytest
from scipy.optimize import linprog

from tefoundations.exercises.registry import EXERCISES
from tests.exercises.learners import reason, text_of, told_on_example

KKT, CARBON = "welfare_optimization/kkt", "welfare_optimization/carbon_price"
SEEDS = ["public", 0, 1, 2]


# Every condition a number


def solved(stations, load, cap):
    """Cost and plan of the best plan by a solver, and the multipliers with its signs: balance, cap, 0, most."""
    first, rise, most, e = np.array(stations, float).T
    g = cp.Variable(len(stations))
    limits = [cp.sum(g) == load, e @ g <= cap, g >= 0, g <= most]
    cost = cp.Problem(cp.Minimize(first @ g + rise / 2 @ g**2), limits).solve(solver="CLARABEL")
    return cost, g.value, [limit.dual_value for limit in limits]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_without_violations_is_optimal(seed, solutions):
    """And most candidates have some, each condition alone among them."""
    found = []
    for case in EXERCISES[KKT].cases(seed):
        stations, load, cap, plan, *_ = case
        found.append(tuple(x > 0 for x in solutions[KKT](*case)))
        if not any(found[-1]):
            spent = sum(first * g + rise * g**2 / 2 for (first, rise, *_), g in zip(stations, plan))
            assert solved(stations, load, cap)[0] == pytest.approx(spent, abs=1e-3 * max(1, abs(spent)))
    assert 8 <= found.count((False,) * 4) < len(found) / 2
    assert all(sum(each[i] for each in found) >= 8 for i in range(4))


def test_a_solver_s_answer_has_no_violations(solutions):
    """Plan and multipliers of a solver, signs as the text has them."""
    stations, load, cap = [(10, 0.5, 40, 1), (20, 0.25, 60, 0.5), (60, 1, 30, 0)], 80, 35
    _, plan, (balance, tonne, low, up) = solved(stations, load, cap)
    found = solutions[KKT](stations, load, cap, plan, -balance, tonne, low, up)
    assert tonne > 1 and max(found) < 1e-4


# The price of carbon


def cheapest(stations, load, tax=0.0, cap=1e6):
    """Cost of the cheapest plan, tax included, and multiplier of the cap, by a linear programme; else None."""
    cost, most, e = np.array(stations, float).T
    ends = [(0, m) for m in most]
    found = linprog(cost + tax * e, A_ub=[e], b_ub=[cap], A_eq=[np.ones(len(e))], b_eq=[load], bounds=ends)
    return (found.fun, abs(found.ineqlin.marginals[0])) if found.status == 0 else (None, None)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tax_is_the_multiplier_of_the_cap(seed, solutions):
    """Under the tax, some cheapest plan keeps within the cap; under a little less none does."""
    just_met = EXERCISES[CARBON].corners[2].holds  # elsewhere the solver's multiplier and one tonne more give the tax too
    for stations, load, cap in EXERCISES[CARBON].cases(seed):
        tax = solutions[CARBON](stations, load, cap)
        within, multiplier = cheapest(stations, load, cap=cap)
        assert (tax is None) == (within is None)
        if tax is None:
            continue
        taxed, less = cheapest(stations, load, tax)[0], tax - 0.01
        assert cheapest(stations, load, tax, cap)[0] == pytest.approx(taxed)
        if tax:
            assert taxed == pytest.approx(within + tax * cap)  # strong duality
            assert cheapest(stations, load, less, cap)[0] > cheapest(stations, load, less)[0] + 1e-6
        if not just_met(stations, load, cap):
            less, more = (cheapest(stations, load, cap=cap + step)[0] for step in (-0.01, 0.01))
            assert [multiplier, (less - more) / 0.02] == pytest.approx([tax, tax], abs=1e-4)


# What is told, and the texts


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (KKT, [2, 1, 0, None], "four numbers are asked for"),
        (KKT, [-2, 1, 0, 40], "its number for stationarity is -2, but a violation is not negative"),
        (KKT, [2, 0, 0, 40], "its number for primal feasibility is 0, and should be 1"),
        (KKT, [2, 1, 8, 40], "its number for dual feasibility is 8, and should be 0"),
        (KKT, [2, 1, 0, 0], "its number for complementary slackness is 0, and should be 40"),
        (CARBON, -24, "a tax in $/t is asked for, a number from 0 up, or None"),
        (CARBON, None, "the cleanest stations alone emit 10 t/h, within the cap of 65: there is a tax"),
        (CARBON, 23, "at its tax of 23 $/t the cheapest plan still emits 80 t/h, and 65 are allowed"),
    ],
)
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


@pytest.mark.parametrize("tax", [0.0, 500.0])
def test_what_is_told_of_a_tax_where_there_is_none(tax, solutions):
    right = solutions[CARBON]
    told = reason(CARBON, lambda *case: tax if right(*case) is None else right(*case), "almost")
    assert f"except when no plan keeps within the cap: it returns {tax:g}, but even the cleanest plan" in told


def test_numbers_told_in_the_text(sources):
    said = text_of(sources, "The next megawatt of the first station")
    (stations, load, cap, plan, price, tonne, *_), answer = EXERCISES[KKT].example
    (first, rise, _, e), (other, slope, *_) = stations
    assert first + rise * plan[0] == 20 and other + slope * plan[1] == price == 30 and e * tonne == 8
    assert cap - e * plan[0] == 5 and load - sum(plan) == 1 and answer[3] == 8 * 5
    told = ("10 + 0.5 · 20 = 20", "28, which is 2 off", "20 + 0.25 · 40 = 30", "The plan emits 20 t", "8 · 5 = 40")
    assert all(words in said for words in told)

    said = text_of(sources, "Without a tax coal makes 60 MW")
    (stations, load, cap), answer = EXERCISES[CARBON].example
    (coal, _, _), (gas, _, e), (clean, *_) = stations
    assert gas + e * answer == clean == 50 and coal + answer == 44 and 60 + 40 * e - 30 * e == cap
    told = ("60 + 20 = 80 t, which is 15 too many", "at 24 \\$/t: gas 38 + 12 = 50", "20 + 24 = 44", "30 MW of it save 15 t")
    assert all(words in said for words in told)
