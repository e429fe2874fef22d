"""Reserves and adequacy: the answers against linear programmes, the package and enumeration."""

import numpy as np
import pytest
from scipy.optimize import linprog

from tefoundations.exercises.grid.reserves_and_adequacy import least_cost
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, expansion, loss_of_load, reserve_opf
from tests.exercises.learners import told_on_example

BOTH, MISSING, SHORTAGE = (f"reserves_and_adequacy/{name}" for name in ("both", "missing", "shortage"))
SEEDS = ["public", 0, 1]


def cheapest(load, reserve, plants):
    """The least cost, as a linear programme."""
    costs, sizes, quick = np.array(plants, float).T
    n = len(plants)
    none = np.zeros(n)
    found = linprog(
        np.r_[costs, none], A_ub=np.vstack([np.hstack([np.eye(n), np.eye(n)]), np.r_[none, -np.ones(n)]]),
        b_ub=np.r_[sizes, -reserve], A_eq=[np.r_[np.ones(n), none]], b_eq=[load],
        bounds=[(0, None)] * n + [(0, most) for most in quick],
    )  # fmt: skip
    return found.fun if found.status == 0 else np.inf


@pytest.mark.parametrize("seed", SEEDS)
def test_both_prices_are_those_of_the_linear_programme(seed, solutions):
    for load, reserve, plants in EXERCISES[BOTH].cases(seed):
        now = cheapest(load, reserve, plants)
        assert least_cost(load, reserve, plants) == pytest.approx(now, rel=1e-9)  # the rule of the reference
        energy, held = solutions[BOTH](load, reserve, plants)
        assert energy == pytest.approx((cheapest(load + 0.5, reserve, plants) - now) / 0.5, abs=1e-4)
        assert held == pytest.approx((cheapest(load, reserve + 0.5, plants) - now) / 0.5, abs=1e-4)


def test_both_prices_are_the_upper_ends_of_the_packages(solutions):
    for load, reserve, plants in EXERCISES[BOTH].cases("public")[:15]:
        costs, sizes, quick = zip(*plants)
        net = Network.from_frames(
            {"bus": [1, 2], "load": [0, load]},
            {"from_bus": [1], "to_bus": [2], "x": [0.1]},
            {"bus": [1] * len(plants), "p_max": sizes, "cost": costs},
        )
        found = reserve_opf(net, requirement=reserve, most=np.array(quick, float))
        energy, held = solutions[BOTH](load, reserve, plants)
        assert found.price_interval[0, 1] == pytest.approx(energy, abs=1e-6)
        assert found.reserve_price_interval["all"][1] == pytest.approx(held, abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_missing_is_what_the_package_says(seed, solutions):
    for fixed, cost, cap, hours in EXERCISES[MISSING].cases(seed)[:20]:
        found = solutions[MISSING](fixed, cost, cap, hours)
        assert found == max(fixed - sum(cap - cost for _ in range(hours)), 0)
        if 0 < hours < 60 and found:  # a load of 60 steps, built so that just these hours are scarce
            voll = cost + fixed / hours
            if voll > cap:
                load = 100 - np.arange(60.0)
                plan = expansion(load, technologies={"peaker": (fixed, cost)}, voll=voll, cap=cap)
                assert plan.shortage_hours == pytest.approx(hours) and plan.missing["peaker"] == pytest.approx(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_shortage_by_convolution(seed, solutions):
    for load, units in EXERCISES[SHORTAGE].cases(seed):
        chance, missing = solutions[SHORTAGE](load, units)
        found = loss_of_load([load], units=units)
        assert (found.lole, found.eue) == pytest.approx((chance, missing), abs=1e-12)


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (BOTH, 35, "two numbers are asked for, (price of energy, price of reserve)"),
        (BOTH, [27, 15], "one more megawatt of load is made by a plant of the list"),
        (BOTH, [35, 11], "lets a dearer plant make what another holds back"),
        (MISSING, [45_000], "one number is asked for, in $ a year"),
        (SHORTAGE, [1.3, 6.2], "a chance lies between 0 and 1"),
        (SHORTAGE, [0.28, 61], "lies between 0 and the load, 60"),
    ],
)
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)
