"""Learners' code for the exercises on welfare, and the answers against solvers that know nothing of them."""

import cvxpy as cp
import numpy as np
import pytest
from scipy.optimize import linprog

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES

KKT, CARBON = "welfare_optimization/kkt", "welfare_optimization/carbon_price"
SEEDS = ["public", 0, 1, 2]


def reason(name, solution, state):
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


# Every condition a number


def least_cost(stations, load, cap):
    """Cost of the best plan by a solver."""
    first, rise, most, e = np.array(stations, float).T
    g = cp.Variable(len(stations))
    problem = cp.Problem(cp.Minimize(first @ g + rise / 2 @ g**2), [cp.sum(g) == load, g >= 0, g <= most, e @ g <= cap])
    return problem.solve(solver="CLARABEL")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_without_violations_is_optimal(seed, solutions):
    """And most candidates have some, each condition alone among them."""
    found = []
    for case in EXERCISES[KKT].cases(seed):
        stations, load, cap, plan, *_ = case
        found.append(tuple(x > 0 for x in solutions[KKT](*case)))
        if not any(found[-1]):
            spent = sum(first * g + rise * g**2 / 2 for (first, rise, *_), g in zip(stations, plan))
            assert least_cost(stations, load, cap) == pytest.approx(spent, abs=1e-3 * max(1, abs(spent)))
    assert 8 <= found.count((False,) * 4) < len(found) / 2
    assert all(sum(each[i] for each in found) >= 8 for i in range(4))


def test_a_solver_s_answer_has_no_violations(solutions):
    """Plan and multipliers of a solver, signs as the text has them."""
    stations, load, cap = [(10, 0.5, 40, 1), (20, 0.25, 60, 0.5), (60, 1, 30, 0)], 80, 35
    first, rise, most, e = np.array(stations, float).T
    g = cp.Variable(3)
    limits = [cp.sum(g) == load, e @ g <= cap, g >= 0, g <= most]
    cp.Problem(cp.Minimize(first @ g + rise / 2 @ g**2), limits).solve(solver="CLARABEL")
    balance, tonne, low, up = (limit.dual_value for limit in limits)
    found = solutions[KKT](stations, load, cap, g.value, -balance, tonne, low, up)
    assert tonne > 1 and max(found) < 1e-4


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (2.0, "four numbers are asked for"),
        ([2, 1, 0], "four numbers are asked for"),
        ([2, 1, 0, None], "four numbers are asked for"),
        ([-2, 1, 0, 40], "its number for stationarity is -2, but a violation is not negative"),
        ([2, 0, 0, 40], "its number for primal feasibility is 0, and should be 1"),
        ([2, 1, 8, 40], "its number for dual feasibility is 8, and should be 0"),
        ([2, 1, 0, 0], "its number for complementary slackness is 0, and should be 40"),
    ],
)
def test_what_is_told_of_wrong_violations(answer, words, solutions):
    right, example = solutions[KKT], EXERCISES[KKT].example[0]
    told = reason(KKT, lambda *case: answer if case == example else right(*case), "wrong")
    assert words in told and "in the worked example: stations=[(10, 0.5, 40, 1)" in told


def test_violations_in_corners(solutions):
    right = solutions[KKT]

    def positive(stations, load, cap, plan, price, *rest):
        return right(stations, load, cap, plan, max(price, 0), *rest)

    assert "except when the price is negative" in reason(KKT, positive, "almost")

    def needs_two(stations, *rest):
        stations[1]
        return right(stations, *rest)

    assert "except when there is one station: it raises IndexError" in reason(KKT, needs_two, "almost")

    def swapped(stations, load, cap, plan, price, tonne, low, up):
        return right(stations, load, cap, plan, price, tonne, up, low)

    assert "the wrong way round" not in reason(KKT, swapped, "wrong")  # slackness is wrong too: told by its number

    def no_signs(*case):
        found = list(right(*case))
        return [*found[:2], 0.0, found[3]]

    assert "except when a multiplier is negative: its number for dual feasibility is 0" in reason(KKT, no_signs, "almost")


# The price of carbon


def cheapest(stations, load, tax=0.0, cap=None):
    """Cost of the cheapest plan, tax included, by a linear programme; None if the cap cannot be kept."""
    cost, most, e = np.array(stations, float).T
    kept = {} if cap is None else {"A_ub": [e], "b_ub": [cap]}
    found = linprog(cost + tax * e, A_eq=[np.ones(len(e))], b_eq=[load], bounds=[(0, m) for m in most], **kept)
    return found.fun if found.status == 0 else None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tax_is_the_multiplier_of_the_cap(seed, solutions):
    """Under the tax, some cheapest plan keeps within the cap; under a little less none does."""
    for stations, load, cap in EXERCISES[CARBON].cases(seed):
        tax = solutions[CARBON](stations, load, cap)
        if tax is None:
            assert cheapest(stations, load, cap=cap) is None
            continue
        within = cheapest(stations, load, cap=cap)
        assert cheapest(stations, load, tax) <= cheapest(stations, load, tax, cap) + 1e-7
        assert cheapest(stations, load, tax, cap) == pytest.approx(cheapest(stations, load, tax))
        if tax:
            assert cheapest(stations, load, tax) == pytest.approx(within + tax * cap)  # strong duality
            less = tax - 0.01
            assert cheapest(stations, load, less, cap) > cheapest(stations, load, less) + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_one_tonne_more_saves_the_tax(seed, solutions):
    """The finite difference, where the cap is not just what a plan emits."""
    corner = EXERCISES[CARBON].corners[2]
    for case in EXERCISES[CARBON].cases(seed):
        stations, load, cap = case
        tax = solutions[CARBON](*case)
        if tax and not corner.holds(*case):
            less, more = (cheapest(stations, load, cap=cap + step) for step in (-0.01, 0.01))
            assert (less - more) / 0.02 == pytest.approx(tax, abs=1e-4)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("dear", "a tax in $/t is asked for, a number from 0 up, or None"),
        (-24, "a tax in $/t is asked for, a number from 0 up, or None"),
        (None, "the cleanest stations alone emit 10 t/h, within the cap of 65: there is a tax"),
        (23, "at its tax of 23 $/t the cheapest plan still emits 80 t/h, and 65 are allowed"),
        (30, "it returns 30, not 24"),
    ],
)
def test_what_is_told_of_a_wrong_tax(answer, words, solutions):
    right, example = solutions[CARBON], EXERCISES[CARBON].example[0]
    told = check(CARBON, lambda *case: answer if case == example else right(*case))
    assert told.state in ("wrong", "almost") and words in told.reason and "in the worked example" in told.reason, told


def test_taxes_in_corners(solutions):
    right = solutions[CARBON]

    def free_is_nothing(*case):
        return right(*case) or None

    assert "What is not scarce has the price 0" in reason(CARBON, free_is_nothing, "almost")
    told = reason(CARBON, lambda *case: 500.0 if right(*case) is None else right(*case), "almost")
    assert "except when no plan keeps within the cap" in told and "no tax keeps within" in told

    def other_end(stations, load, cap):
        return right(stations, load, cap - 1e-9) if right(stations, load, cap) else right(stations, load, cap)

    told = reason(CARBON, other_end, "almost")
    assert "except when the cap is just what a plan emits" in told


def test_by_a_solver_s_multiplier(solutions):
    """A learner may read the tax off a linear programme, but for caps that a plan just meets."""
    corner = EXERCISES[CARBON].corners[2]

    def multiplier(stations, load, cap):
        cost, most, e = np.array(stations, float).T
        found = linprog(cost, A_ub=[e], b_ub=[cap], A_eq=[np.ones(len(e))], b_eq=[load], bounds=[(0, m) for m in most])
        return abs(found.ineqlin.marginals[0]) if found.status == 0 else None

    for case in EXERCISES[CARBON].cases("public"):
        if not corner.holds(*case):
            assert multiplier(*case) == pytest.approx(solutions[CARBON](*case))


def test_numbers_told_in_the_text(sources):
    def told(start):
        [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith(start)]
        return text.replace("\n", " ")

    said = told("The next megawatt of the first station")
    (stations, load, cap, plan, price, tonne, *_), answer = EXERCISES[KKT].example
    (first, rise, _, e), (other, slope, *_) = stations
    assert first + rise * plan[0] == 20 and other + slope * plan[1] == price == 30 and e * tonne == 8
    assert cap - e * plan[0] == 5 and load - sum(plan) == 1 and answer[3] == 8 * 5
    for words in ("10 + 0.5 · 20 = 20", "28, which is 2 off", "20 + 0.25 · 40 = 30", "The plan emits 20 t", "8 · 5 = 40"):
        assert words in said

    said = told("Without a tax coal makes 60 MW")
    (stations, load, cap), answer = EXERCISES[CARBON].example
    (coal, _, _), (gas, _, e), (clean, *_) = stations
    assert gas + e * answer == clean == 50 and coal + answer == 44 and 60 + 40 * e - 30 * e == cap
    for words in ("60 + 20 = 80 t, which is 15 too many", "at 24 \\$/t: gas 38 + 12 = 50", "20 + 24 = 44", "30 MW of it save 15 t"):
        assert words in said
