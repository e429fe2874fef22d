"""Power flow: both answers against the package, and what is told."""

import numpy as np
import pytest

from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, lindistflow, ptdf
from tests.exercises.learners import reason, text_of, told_on_example

FLOWS, FEEDER = "power_flow/where_it_flows", "power_flow/down_the_feeder"
SEEDS = ["public", 0, 1, 2]


def network(buses, lines, slack):
    generators = {"bus": [slack], "p_max": [1], "cost": [0]}
    return Network.from_frames(buses, lines, generators, base=1, slack=slack)


@pytest.mark.parametrize("seed", SEEDS)
def test_factors_are_those_of_the_package(seed, solutions):
    for n, lines, slack in EXERCISES[FLOWS].cases(seed):
        start, end, x = zip(*lines)
        net = network({"bus": range(n)}, {"from_bus": start, "to_bus": end, "x": x}, slack)
        for answer in (solutions[FLOWS], EXERCISES[FLOWS].reference):
            assert np.allclose(answer(n, lines, slack), ptdf(net))


@pytest.mark.parametrize("seed", SEEDS)
def test_voltages_are_those_of_the_package(seed, solutions):
    for loads, lines in EXERCISES[FEEDER].cases(seed):
        near, far, r, x = zip(*lines) if lines else ([],) * 4
        p, q = zip(*loads)
        buses = {"bus": range(len(loads)), "load": p, "q_load": q}
        net = network(buses, {"from_bus": near, "to_bus": far, "r": r, "x": x}, 0)
        for answer in (solutions[FEEDER], EXERCISES[FEEDER].reference):
            found = answer(loads, lines)
            assert np.allclose(found, lindistflow(net).voltage) and min(found) > 0.3


def loop_current(answer):
    """Around the triangle of the example: every bus balances, no angles fit."""
    return [[row[0] + extra, *row[1:]] for row, extra in zip(answer, (0.1, -0.1, 0.1))]


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        (FLOWS, lambda answer: 1, "a list of 3 rows is asked for, one a line, each of 3 numbers, one a bus"),
        (FLOWS, lambda answer: [row[:-1] for row in answer], "the slack has a column too, full of zeros"),
        (FLOWS, lambda answer: [[f / 2 for f in row] for row in answer], "and must carry 1"),
        (FLOWS, lambda answer: answer[::-1], "and must carry"),
        (FLOWS, loop_current, "for 1 MW put in at bus 0 no angles give these flows"),
        (FEEDER, lambda answer: answer[1:], "a list of one voltage a bus is asked for, here 4"),
        (FEEDER, lambda answer: [0.99, *answer[1:]], "bus 0 is the substation and stands at 1 p.u., not 0.99"),
        (FEEDER, lambda answer: [*answer[:-1], 0.9], "from bus 1 to bus 3 its squared voltage falls by 0.1116. The line"
         " carries P = 0.1 and Q = 0.05, so 2 (r P + x Q) is 0.0191"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, change, words, solutions):
    assert words in told_on_example(name, change(EXERCISES[name].example[1]), solutions)


def test_a_row_for_each_bus(solutions):
    told = reason(FLOWS, lambda *case: np.array(solutions[FLOWS](*case)).T, "wrong")
    assert "yours has a row for each bus, so turn it over" in told


def test_numbers_told_in_the_text(sources):
    said = text_of(sources, "The line to bus 1 carries everything")
    loads, lines = EXERCISES[FEEDER].example[0]
    p, q = (sum(load[part] for load in loads) for part in (0, 1))
    assert (round(p, 9), round(q, 9)) == (0.6, 0.25) and "$P = 0.6$ and $Q = 0.25$" in said
    by_bus, level = {line[1]: line for line in lines}, {0: 1.0}
    for bus, carried, reactive in ((1, p, q), (2, 0.3, 0.1), (3, 0.1, 0.05)):
        i, _, r, x = by_bus[bus]
        fall = round(2 * (r * carried + x * reactive), 6)
        level[bus] = round(level[i] - fall, 6)
        assert all(words in said for words in (f"= {fall:g}", f"{level[bus]:g}", f"{level[bus] ** 0.5:g} p.u."))
