"""Learners' code for the exercises of power flow, and both answers against the package."""

import numpy as np
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, lindistflow, ptdf

FLOWS, FEEDER = "power_flow/where_it_flows", "power_flow/down_the_feeder"
SEEDS = ["public", 0, 1, 2]


def reason(name, solution, state):
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


def network(buses, lines, slack):
    generators = {"bus": [slack], "p_max": [1], "cost": [0]}
    return Network.from_frames(buses, lines, generators, base=1, slack=slack)


@pytest.mark.parametrize("seed", SEEDS)
def test_factors_are_those_of_the_package(seed, solutions):
    for n, lines, slack in EXERCISES[FLOWS].cases(seed):
        start, end, x = zip(*lines)
        net = network({"bus": range(n)}, {"from_bus": start, "to_bus": end, "x": x}, slack)
        assert np.allclose(solutions[FLOWS](n, lines, slack), ptdf(net))


@pytest.mark.parametrize("seed", SEEDS)
def test_voltages_are_those_of_the_package(seed, solutions):
    for loads, lines in EXERCISES[FEEDER].cases(seed):
        near, far, r, x = zip(*lines) if lines else ([],) * 4
        p, q = zip(*loads)
        buses = {"bus": range(len(loads)), "load": p, "q_load": q}
        net = network(buses, {"from_bus": near, "to_bus": far, "r": r, "x": x}, 0)
        assert np.allclose(solutions[FEEDER](loads, lines), lindistflow(net).voltage)
        assert min(solutions[FEEDER](loads, lines)) > 0.3


@pytest.mark.parametrize("name", [FLOWS, FEEDER])
@pytest.mark.parametrize("seed", SEEDS)
def test_mistakes_stay_numbers(name, seed):
    """No slip ends in the root of a negative number: each would get its own words."""
    for case in EXERCISES[name].cases(seed):
        for mistake in EXERCISES[name].mistakes:
            assert np.isrealobj(mistake.function(*case)) and np.isfinite(mistake.function(*case)).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda answer: 1, "a list of 3 rows is asked for, one a line, each of 3 numbers, one a bus"),
        (lambda answer: [row[:-1] for row in answer], "the slack has a column too, full of zeros"),
        (lambda answer: [[f / 2 for f in row] for row in answer], "and must carry 1"),
        (lambda answer: answer[::-1], "and must carry"),
    ],
)
def test_what_is_told_of_wrong_factors(change, words, solutions):
    told = reason(FLOWS, lambda *case: change(solutions[FLOWS](*case)), "wrong")
    assert words in told and "in the worked example" in told


def test_wrong_factors(solutions):
    right = solutions[FLOWS]
    told = reason(FLOWS, lambda *case: np.array(right(*case)).T, "wrong")
    assert "yours has a row for each bus, so turn it over" in told

    def not_by_angles(n, lines, slack):
        """A loop current on the first triangle: every bus balances, no angles fit."""
        answer = np.array(right(n, lines, slack))
        if (n, lines) == (3, EXERCISES[FLOWS].example[0][1]):
            answer[:, 0] += [0.1, -0.1, 0.1]
        return answer

    assert "for 1 MW put in at bus 0 no angles give these flows" in reason(FLOWS, not_by_angles, "wrong")

    def overwrites(n, lines, slack):
        """The susceptance of the last of two parallel lines stands for both."""
        B = np.zeros((n, n))
        for i, k, x in lines:
            B[i, k] = B[k, i] = -1 / x
        B -= np.diag(B.sum(axis=1))
        others = np.delete(np.arange(n), slack)
        angle = np.zeros((n, n))
        angle[np.ix_(others, others)] = np.linalg.inv(B[np.ix_(others, others)])
        return [(angle[i] - angle[k]) / x for i, k, x in lines]

    told = reason(FLOWS, overwrites, "almost")
    assert "except when two lines join the same buses (their 1/x add up)" in told

    def sorts_ends(n, lines, slack):
        return right(n, [(min(i, k), max(i, k), x) for i, k, x in lines], slack)

    assert "except when a line is written from the higher bus to the lower" in reason(FLOWS, sorts_ends, "almost")

    def needs_a_loop(n, lines, slack):
        assert len(lines) >= n, "a tree"
        return right(n, lines, slack)

    assert "except when the network has no loop: it raises AssertionError" in reason(FLOWS, needs_a_loop, "almost")

    def without_slack(n, lines, slack):
        B = np.zeros((n, n))
        for i, k, x in lines:
            B[[i, k], [i, k]] += 1 / x
            B[[i, k], [k, i]] -= 1 / x
        raise np.linalg.LinAlgError("Singular matrix") if abs(np.linalg.det(B)) < 1e-6 else AssertionError

    assert "it raises LinAlgError: Singular matrix" in reason(FLOWS, without_slack, "wrong")


def test_the_package_is_no_answer():
    def asks_the_package(n, lines, slack):
        start, end, x = zip(*lines)
        return ptdf(network({"bus": range(n)}, {"from_bus": start, "to_bus": end, "x": x}, slack))

    assert "it calls ptdf, which is what you are asked to write" in reason(FLOWS, asks_the_package, "wrong")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda answer: answer[1:], "a list of one voltage a bus is asked for, here 4"),
        (lambda answer: [0.99, *answer[1:]], "bus 0 is the substation and stands at 1 p.u., not 0.99"),
        (
            lambda answer: [*answer[:-1], 0.9],
            "from bus 1 to bus 3 its squared voltage falls by 0.1116. The line carries P = 0.1 and Q = 0.05, so 2 (r P + x Q) is 0.0191",
        ),
    ],
)
def test_what_is_told_of_wrong_voltages(change, words, solutions):
    told = reason(FEEDER, lambda *case: change(solutions[FEEDER](*case)), "wrong")
    assert words in told and "in the worked example" in told


def test_voltages_in_corners(solutions):
    right = solutions[FEEDER]

    def draws_only(loads, lines):
        return right([(max(p, 0), q) for p, q in loads], lines)

    assert "except when some bus gives power (its load is negative)" in reason(FEEDER, draws_only, "almost")

    def needs_a_line(loads, lines):
        lines[0]
        return right(loads, lines)

    assert "except when there is only the substation: it raises IndexError" in reason(FEEDER, needs_a_line, "almost")

    def adds_up_in_place(loads, lines):
        answer = right(loads, lines)
        loads[0] = (sum(p for p, _ in loads), 0)
        return answer

    assert "it changes loads" in reason(FEEDER, adds_up_in_place, "almost")
    assert "rounding" in reason(FEEDER, lambda *case: [v - 0.0004 for v in right(*case)], "almost")


def test_numbers_told_in_the_text(sources):
    loads, lines = EXERCISES[FEEDER].example[0]
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith("The line to bus 1 carries everything")]
    said = text.replace("\n", " ")
    p, q = (sum(load[part] for load in loads) for part in (0, 1))
    assert (round(p, 9), round(q, 9)) == (0.6, 0.25) and "$P = 0.6$ and $Q = 0.25$" in said
    by_bus, level = {k: line for line in lines for k in [line[1]]}, {0: 1.0}
    for bus, p, q in ((1, p, q), (2, 0.3, 0.1), (3, 0.1, 0.05)):
        i, _, r, x = by_bus[bus]
        fall = round(2 * (r * p + x * q), 6)
        level[bus] = round(level[i] - fall, 6)
        assert f"= {fall:g}" in said and f"{level[bus]:g}" in said
        assert f"{level[bus] ** 0.5:g} p.u." in said
