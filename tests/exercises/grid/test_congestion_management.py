"""Congestion management: the answers against the package, programmes, and sums by small steps."""

import numpy as np
import pytest
from scipy.optimize import linprog

from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, redispatch
from tests.exercises.learners import told_on_example

RELIEVE, RIGHTS, WIDEN, WIRES = (f"congestion_management/{name}" for name in ("relieve", "rights", "widen", "wires_or_not"))
SEEDS = ["public", 0, 1, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_relief_is_a_linear_programme(seed, solutions):
    for excess, down, up in EXERCISES[RELIEVE].cases(seed):
        cost, most = zip(*[(-c, mw) for c, mw in down], *up)
        sides = np.array([[1] * len(down) + [0] * len(up), [0] * len(down) + [1] * len(up)])
        best = linprog(cost, A_eq=sides, b_eq=[excess, excess], bounds=[(0, mw) for mw in most])
        assert solutions[RELIEVE](excess, down, up) == pytest.approx(best.fun, abs=1e-6)


def test_relief_is_a_redispatch_of_the_package(solutions):
    """Where what stands before the line is cheaper than what stands behind it, as a market has left it."""
    excess, down, up = EXERCISES[RELIEVE].example[0]
    made = [mw for _, mw in down]
    net = Network.from_frames(
        {"bus": ["before", "behind"], "load": [0, sum(made)]},
        {"from_bus": ["before"], "to_bus": ["behind"], "x": [0.1], "limit": [sum(made) - excess]},
        {"bus": ["before"] * len(down) + ["behind"] * len(up), "p_max": made + [mw for _, mw in up],
         "cost": [c for c, _ in down + up], "name": [f"plant {i}" for i in range(len(down + up))]},
    )  # fmt: skip
    assert redispatch(net).cost == pytest.approx(solutions[RELIEVE](excess, down, up))


@pytest.mark.parametrize("seed", SEEDS)
def test_rights_by_matrices(seed, solutions):
    for factors, limits, sold, prices in EXERCISES[RIGHTS].cases(seed):
        moved = np.zeros(3)
        for a, b, mw in sold:
            moved += mw * (np.eye(3)[a] - np.eye(3)[b])
        fits, paid = solutions[RIGHTS](factors, limits, sold, prices)
        assert fits == bool((np.abs(np.array(factors) @ moved) <= limits).all()) and paid == pytest.approx(-moved @ prices)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_saved_is_the_sum_of_small_steps(seed, solutions):
    for hours, worth, fall, more in EXERCISES[WIDEN].cases(seed):
        middle = (np.arange(6000) + 0.5) / 6000 * more
        next_one = np.maximum(np.array(worth)[:, None] - np.outer(fall, middle), 0)
        assert solutions[WIDEN](hours, worth, fall, more) == pytest.approx(hours @ next_one.mean(axis=1) * more, rel=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cheapest_offers_are_a_linear_programme(seed, solutions):
    for relief, offers in EXERCISES[WIRES].cases(seed):
        price, effect, mw = zip(*offers)
        best = linprog(price, A_ub=[np.negative(effect)], b_ub=[-relief], bounds=[(0, most) for most in mw])
        assert solutions[WIRES](relief, offers) == pytest.approx(best.fun, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (RELIEVE, [600, 1050], "one number is asked for, in $/h"),
        (RIGHTS, 880, "two things are asked for, (fits, paid): True or False, and $/h"),
        (RIGHTS, [1, 880], "fits must be True or False"),
        (RIGHTS, [True, None], "paid must be one number, in $/h"),
        (WIDEN, "1269000", "one number is asked for, in $"),
        (WIRES, [240, 45], "one number is asked for, in $"),
    ],
)
def test_what_is_told_of_a_wrong_form(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)
