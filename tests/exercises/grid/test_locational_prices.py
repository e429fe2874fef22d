"""Locational prices: the answers against the package's dispatch and other ways to them, and what is told."""

import numpy as np
import pytest

from tefoundations.data import grid
from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, dc_opf, ptdf
from tests.exercises.learners import text_of, told_on_example

PARTING, PARTS = "locational_prices/parting", "locational_prices/parts"
SEEDS = ["public", 0, 1, 2]


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


def test_a_solution_by_the_factors_of_the_package_is_right():
    def by_factors(reactances, supply, demand, limit):
        to_2, to_3 = -ptdf(triangle(reactances, supply, demand), slack=1)[0, 1:]
        free = max(demand[0] - supply[0], 0) / (supply[1] + demand[1])
        gap = max(demand[0] - supply[0] - min(free, limit / to_2) * (supply[1] + demand[1]), 0)
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
        case = (ptdf(net, slack=net.buses.bus[0]).tolist(), d.multiplier.tolist(), float(d.lmp[0]), weights.tolist())
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
        assert 0 < np.abs(factors).max() <= 1


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


# What is told, and the texts


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (PARTING, (105, [10, 4]), "three numbers are asked for, (limit, how much dearer bus 2 is"),
        (PARTING, (105, 0, 0), "it says that prices part at a limit of 105, and at 75 it still has one price"),
        (PARTING, (60, 10, 4), "it says that there is one price down to a limit of 60, and at 75 its prices differ"),
        (PARTING, (105, 10, 14), "its bus 2 is dearer than bus 1 by 10, and its bus 3 by 14"),
        (PARTING, (105, 10, -4), "is made in part at bus 1, and in part given up at bus 2: its price lies between"),
        (PARTS, 17, "two things are asked for, (energy, congestion)"),
        (PARTS, (17, [-8, 2]), "congestion is a list of one number a bus, here 3"),
        (PARTS, (17, [-8, 2, 2]), "the parts of the bus in position 2 (from 0), 17 and 2, add up to 19. Its price is 15"),
        (PARTS, (16, [-7, 3, -1]), "the mean of its congestion parts by the weights of the slack is 1"),
    ],
)
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_numbers_told_of_the_moment(sources):
    said = text_of(sources, "The way round has 0.12 + 0.18 = 0.3")
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
    said = text_of(sources, "Only line 1-2 is full.")
    (factors, multipliers, price, slack), (energy, congestion) = EXERCISES[PARTS].example
    net = Network.from_frames(**grid("three_bus"))
    d = dc_opf(net, limits={"1-2": 45})
    assert np.allclose(ptdf(net, slack=1), factors) and np.allclose(d.multiplier, multipliers)
    assert np.allclose(d.lmp, [price, 19, 15]) and "= 19. At the third bus it is 9 - (-0.3) times 20 = 15" in said
    table = d.price_components(slack={2: 0.5, 3: 0.5})
    assert np.allclose(table["energy"], energy) and np.allclose(table["congestion"], congestion)
    assert np.dot(factors[0], slack) == -0.4 and "the row is 0.4, -0.1, 0.1" in said
    assert np.allclose(np.array(factors[0]) + 0.4, [0.4, -0.1, 0.1])
