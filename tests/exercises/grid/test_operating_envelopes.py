"""Operating envelopes: the answers against the package and programmes, and what is told."""

import numpy as np
import pytest
from scipy.optimize import linprog

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, export_limits, lindistflow
from tests.exercises.learners import told_on_example

SHARE_OUT, HIGHEST = "operating_envelopes/share_out", "operating_envelopes/highest"
SEEDS = ["public", 0, 1, 2]


def street(parent, limit, r, v_max=9.0):
    n = len(parent)
    lines = {"from_bus": parent, "to_bus": range(1, n + 1), "r": r, "x": [1e-9] * n, "limit": limit}
    buses = {"bus": range(n + 1), "v_max": v_max, "v_min": 0.0}
    return Network.from_frames(buses, lines, {"bus": [0], "p_max": [1], "cost": [1]}, base=1.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_limits_are_those_of_the_package(seed, solutions):
    for parent, limit, roof in EXERCISES[SHARE_OUT].cases(seed):
        net = street(parent, limit, [0.0] * len(parent))
        found = export_limits(net, members=range(1, len(parent) + 1), wanted=roof, rule="equal")
        for answer in (solutions[SHARE_OUT], EXERCISES[SHARE_OUT].reference):
            assert np.allclose(answer(parent, limit, roof), found.limit, atol=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_behind_fuses_the_most_equal_limits_have_the_largest_sum(seed):
    """What the question after the exercises leads to, by a programme with one row a fuse."""
    for parent, limit, roof in EXERCISES[SHARE_OUT].cases(seed):
        n, ways = len(parent), np.zeros((len(parent), len(parent)))
        for home in range(n):
            bus = home + 1
            while bus:
                ways[bus - 1, home], bus = 1, parent[bus - 1]
        best = linprog(-np.ones(n), ways, limit, bounds=[(0, top) for top in roof])
        assert sum(EXERCISES[SHARE_OUT].reference(parent, limit, roof)) == pytest.approx(-best.fun, abs=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_highest_square_is_that_of_the_linear_flow(seed, solutions):
    for parent, r, out in EXERCISES[HIGHEST].cases(seed):
        flow = lindistflow(street(parent, [np.inf] * len(parent), r), [0, *(-each for each in out)])
        for answer in (solutions[HIGHEST], EXERCISES[HIGHEST].reference):
            assert answer(parent, r, out) == pytest.approx(flow.voltage.max() ** 2, abs=1e-6)


def test_a_solution_by_the_matrix_of_shared_resistances_is_right():
    def by_matrix(parent, r, out):
        n = len(parent)
        ways = np.zeros((n, n))
        for home, near in enumerate(parent):
            ways[home] = ways[near - 1] if near else 0
            ways[home, home] = 1
        return max(1.0, (1 + 2 * ways @ np.diag(r) @ ways.T @ out).max())

    assert check(HIGHEST, by_matrix)


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (SHARE_OUT, (2, 5), "a list of one number a home is asked for, here 3"),
        (SHARE_OUT, (3, 5, 5), "home 0 gets 3 kW, and its roof could send 2"),
        (SHARE_OUT, (2, 5, 7), "the limits behind line 0 add up to 14 kW, and its fuse holds 13"),
        (SHARE_OUT, (2, 4, 6), "home 1 gets 4 of 8 kW, and no fuse on its way is full: it could get more"),
        (SHARE_OUT, (2, 4, 7), "home 1 gets 4 of 8 kW, while home 2 behind the same full fuse gets 7"),
        (HIGHEST, (1.0, 1.03), "one number is asked for, the highest squared voltage"),
        (HIGHEST, 0.992, "The transformer is one of the buses, and its square is 1"),
        (HIGHEST, 1.3, "it would be 1.044 at most"),
    ],
)
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)
