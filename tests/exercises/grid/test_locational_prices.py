"""Learners' code for the exercises of locational prices, and the answers against the package's dispatch."""

import numpy as np
import pytest

from tefoundations.data import grid
from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import DispatchModel, Network, dc_opf, ptdf

PARTING, PARTS = "locational_prices/parting", "locational_prices/parts"
SEEDS = ["public", 0, 1, 2]


def reason(name, solution, state):
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


# The moment prices part


def triangle(reactances, supply, demand):
    lines = {"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "x": reactances, "limit": [np.inf] * 3}
    unit = {"bus": [1], "p_max": [1e4], "cost": [supply[0]], "cost2": [supply[1] / 2]}
    bid = {"bus": [2], "p_max": [1e4], "value": [demand[0]], "value2": [demand[1] / 2]}
    return Network.from_frames({"bus": [1, 2, 3]}, lines, unit, bid)


def dispatch(reactances, supply, demand, limit):
    return dc_opf(triangle(reactances, supply, demand), limits={"1-2": limit})


@pytest.mark.parametrize("seed", SEEDS)
def test_prices_part_as_in_the_package(seed, solutions):
    """At the limit of the answer there is one price, just below it several; at the limit given the gaps are those told."""
    for *network, limit in EXERCISES[PARTING].cases(seed):
        parts_at, *gaps = solutions[PARTING](*network, limit)
        lmp = dispatch(*network, limit).lmp
        assert np.allclose(lmp[1:] - lmp[0], gaps, atol=1e-6)
        one, free = (dispatch(*network, at).lmp for at in (parts_at, 1e4))
        assert np.allclose(one, free, atol=1e-6) and np.ptp(free) < 1e-6
        if parts_at:
            assert np.ptp(dispatch(*network, parts_at * 0.99).lmp) > 1e-3


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (105, "three numbers are asked for, (limit, how much dearer bus 2 is"),
        ((105, [10, 4]), "three numbers are asked for"),
        ((105, 10, None), "three numbers are asked for"),
        ((105, 0, 0), "it says that prices part at a limit of 105, and at 75 it still has one price"),
        ((60, 10, 4), "it says that there is one price down to a limit of 60, and at 75 its prices differ"),
        ((105, 10, 14), "its bus 2 is dearer than bus 1 by 10, and its bus 3 by 14"),
        ((105, 10, -4), "is made in part at bus 1, and in part given up at bus 2: its price lies between"),
        ((105, 10, 5), "it returns [105, 10, 5], not [105, 10, 4]"),
    ],
)
def test_what_is_told_of_a_wrong_moment(answer, words, solutions):
    right = solutions[PARTING]
    example = EXERCISES[PARTING].example[0]
    told = reason(PARTING, lambda *case: answer if case == example else right(*case), "wrong")
    assert words in told and "in the worked example" in told


def test_the_moment_in_corners(solutions):
    right = solutions[PARTING]

    def strict(*case):
        """At the very limit at which prices part, a strict comparison still sees them apart."""
        answer = right(*case)
        return answer if abs(answer[0] - case[-1]) > 1e-6 else (answer[0], 1, 0.5)

    assert "except when the limit is just enough: it says that there is one price" in reason(PARTING, strict, "almost")

    def expects_room(*case):
        answer = right(*case)
        return answer if case[-1] <= answer[0] + 1e-6 or not answer[0] else (answer[0], 1, 0.5)

    assert "except when the limit leaves room: it says" in reason(PARTING, expects_room, "almost")

    def divides(reactances, supply, demand, limit):
        1 / supply[1]
        return right(reactances, supply, demand, limit)

    told = reason(PARTING, divides, "almost")
    assert "except when every megawatt costs the seller the same: it raises ZeroDivisionError" in told

    def expects_trade(reactances, supply, demand, limit):
        assert demand[0] > supply[0]
        return right(reactances, supply, demand, limit)

    assert "except when nothing is traded: it raises AssertionError" in reason(PARTING, expects_trade, "almost")
    assert "rounding" in reason(PARTING, lambda *case: [round(each, 2) for each in right(*case)], "almost")

    def sorts(reactances, *rest):
        answer = right(reactances, *rest)
        reactances.sort()
        return answer

    assert "it changes reactances" in reason(PARTING, sorts, "almost")


def test_the_dispatch_is_refused_and_factors_are_allowed():
    """However the dispatch is reached; a solution by the package's factors is right."""
    model = DispatchModel(triangle([0.1, 0.2, 0.3], (5, 0.1), (40, 0.1)))
    assert "it calls solve" in reason(PARTING, lambda *case: model.solve().lmp, "wrong")
    assert "it calls dc_opf" in reason(PARTING, lambda *case: dispatch(*case).lmp, "wrong")

    def by_factors(reactances, supply, demand, limit):
        to_2, to_3 = -ptdf(triangle(reactances, supply, demand), slack=1)[0, 1:]
        free = max(demand[0] - supply[0], 0) / (supply[1] + demand[1])
        trade = min(free, limit / to_2)
        gap = max(demand[0] - supply[0] - trade * (supply[1] + demand[1]), 0)
        return to_2 * free, gap, gap * to_3 / to_2

    assert check(PARTING, by_factors)


def test_the_rent_is_greatest_at_half_the_limit_at_which_prices_part(solutions):
    """What the learner finds who follows the question after the exercise."""
    *network, _ = EXERCISES[PARTING].example[0]
    limits = np.arange(1, 120)
    rents = [dispatch(*network, limit).congestion_rent for limit in limits]
    assert abs(limits[np.argmax(rents)] - 105 / 2) < 1
    gaps = [solutions[PARTING](*network, limit)[1] for limit in limits]
    assert np.allclose(rents, gaps * np.minimum(limits / 0.75, 140), atol=1e-4)


# The wrong sign


def priced(rng):
    """A dispatched network of some loops with full lines."""
    n = int(rng.integers(3, 7))
    pairs = [(bus, bus + 1) for bus in range(n - 1)] + [(0, n - 1), (0, n - 2)][: n - 2]
    lines = {"from_bus": [i for i, _ in pairs], "to_bus": [j for _, j in pairs], "x": rng.uniform(0.05, 0.5, len(pairs))}
    units = {"bus": list(range(n)), "p_max": [200.0] * n, "cost": rng.uniform(5, 50, n)}
    buses = {"bus": list(range(n)), "load": rng.uniform(10, 90, n)}
    return Network.from_frames(buses, lines | {"limit": rng.uniform(5, 40, len(pairs))}, units)


def test_parts_are_those_of_the_package(solutions):
    rng, full, signs = np.random.default_rng(7), 0, set()
    for _ in range(60):
        net = priced(rng)
        d = dc_opf(net)
        weights = rng.dirichlet(np.ones(len(d.lmp)))
        first = net.buses.bus[0]
        case = (ptdf(net, slack=first).tolist(), d.multiplier.tolist(), float(d.lmp[0]), weights.tolist())
        table = d.price_components(slack=dict(zip(net.buses.bus.tolist(), weights)))
        for answer in (solutions[PARTS], EXERCISES[PARTS].reference):
            energy, congestion = answer(*case)
            assert np.allclose(energy, table["energy"], atol=1e-6)
            assert np.allclose(congestion, table["congestion"], atol=1e-6)
        full += np.count_nonzero(d.multiplier) > 1
        signs |= set(np.sign(d.multiplier))
    assert full > 10 and signs == {-1, 0, 1}


@pytest.mark.parametrize("seed", SEEDS)
def test_cases_are_factors_seen_from_the_first_bus(seed):
    for factors, multipliers, _, slack in EXERCISES[PARTS].cases(seed):
        assert [row[0] for row in factors] == [0] * len(multipliers) and len(factors[0]) == len(slack)
        assert sum(slack) == pytest.approx(1) and min(slack) >= 0
        assert np.abs(factors).max() <= 1 and np.abs(factors).max() > 0


def test_both_ways_to_the_congestion_part_are_right():
    def prices(factors, multipliers, price):
        return price - np.array(multipliers) @ np.array(factors)

    def what_is_left(factors, multipliers, price, slack):
        lmp = prices(factors, multipliers, price)
        return lmp @ slack, lmp - lmp @ slack

    def by_factors(factors, multipliers, price, slack):
        moved = np.array(factors) - (np.array(factors) @ slack)[:, None]
        return prices(factors, multipliers, price) @ slack, -np.array(multipliers) @ moved

    assert check(PARTS, what_is_left) and check(PARTS, by_factors)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (17, "two things are asked for, (energy, congestion)"),
        ((17, -8, 2, -2), "congestion is a list of one number a bus, here 3"),
        ((17, [-8, 2]), "congestion is a list of one number a bus, here 3"),
        (([9, 19, 15], [0, 0, 0]), "two things are asked for"),
        ((17, [-8, 2, 2]), "the parts of the bus in position 2 (from 0), 17 and 2, add up to 19. Its price is 15"),
        ((16, [-7, 3, -1]), "the mean of its congestion parts by the weights of the slack is 1"),
    ],
)
def test_what_is_told_of_wrong_parts(answer, words, solutions):
    right = solutions[PARTS]
    example = EXERCISES[PARTS].example[0]
    told = check(PARTS, lambda *case: answer if case == example else right(*case))
    assert told.state == "almost" and words in told.reason and "in the worked example" in told.reason


def test_parts_in_corners(solutions):
    right = solutions[PARTS]

    def needs_a_full_line(factors, multipliers, *rest):
        next(mu for mu in multipliers if mu)
        return right(factors, multipliers, *rest)

    assert "except when no line is full: it raises StopIteration" in reason(PARTS, needs_a_full_line, "almost")

    def squeezes(factors, *rest):
        """An array squeezed loses the only line."""
        rows = np.squeeze(factors)
        return right([list(row) for row in rows], *rest)

    assert "except when there is only one line: it raises TypeError" in reason(PARTS, squeezes, "almost")

    def never_below_zero(*case):
        energy, congestion = right(*case)
        return energy, [max(energy + part, 0) - energy for part in congestion]

    assert "except when a price is negative: the parts of the bus" in reason(PARTS, never_below_zero, "almost")

    def other_bus(factors, multipliers, price, slack):
        energy, congestion = right(factors, multipliers, price, slack)
        return (energy, congestion) if slack[0] < 1 else (energy + 1, congestion)

    assert "except when the first bus is the slack" in reason(PARTS, other_bus, "almost")


# What the text tells


def told_in(sources, start):
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith(start)]
    return text.replace("\n", " ")


def test_numbers_told_of_the_moment(sources):
    said = told_in(sources, "The way round has 0.12 + 0.18 = 0.3")
    *network, limit = EXERCISES[PARTING].example[0]
    free, tight = dispatch(*network, 1e4), dispatch(*network, limit)
    assert np.allclose(free.generation, 140) and np.allclose(free.lmp, 12) and np.isclose(free.flow[0], 105)
    assert np.allclose(tight.generation, 100) and np.allclose(tight.lmp, [10, 20, 14])
    H = ptdf(triangle(*network), slack=3)[0]
    assert np.allclose(H, [0.3, -0.45, 0]) and np.isclose(0.6 * H[0] + 0.4 * H[1], 0)
    more = dc_opf(triangle(*network), load={3: 1}, limits={"1-2": limit})
    assert np.allclose([more.generation - tight.generation, tight.demand - more.demand], [[0.6], [0.4]])
    for words in ("at 140 MW and a price of 12", "carries 105 MW", "only 100 MW", "costs 10 at bus 1 and is worth 20"):
        assert words in said
    assert "0.6 MW come from bus 1 and 0.4 MW from bus 2" in said and "in all 14" in said


def test_numbers_told_of_the_parts(sources):
    """The example is the chapter's triangle with 45 MW on line 1-2, seen from half bus 2 and half bus 3."""
    said = told_in(sources, "Only line 1-2 is full.")
    (factors, multipliers, price, slack), (energy, congestion) = EXERCISES[PARTS].example
    net = Network.from_frames(**grid("three_bus"))
    d = dc_opf(net, limits={"1-2": 45})
    assert np.allclose(ptdf(net, slack=1), factors) and np.allclose(d.multiplier, multipliers)
    assert np.allclose(d.lmp, [price, 19, 15]) and "= 19. At the third bus it is 9 - (-0.3) times 20 = 15" in said
    table = d.price_components(slack={2: 0.5, 3: 0.5})
    assert np.allclose(table["energy"], energy) and np.allclose(table["congestion"], congestion)
    assert np.dot(factors[0], slack) == -0.4 and "the row is 0.4, -0.1, 0.1" in said
    assert np.allclose(np.array(factors[0]) + 0.4, [0.4, -0.1, 0.1])
