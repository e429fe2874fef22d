"""Marginal emissions: the answers against the package's dispatch and other ways to them, and what is told."""

import numpy as np
import pytest

from tefoundations.errors import Infeasible
from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.grid import Network, dc_opf, marginal_emissions, response
from tests.exercises.learners import text_of, told_on_example

MARGIN, BEHIND, TRADE = "marginal_emissions/margin", "marginal_emissions/behind", "marginal_emissions/trade"
SEEDS = ["public", 0, 1, 2]


# The next chimney


def one_bus(load, plants):
    cost, size, rate = zip(*plants)
    return Network.from_frames({"bus": [1], "load": [load]}, {"from_bus": [], "to_bus": [], "x": []},
                               {"bus": [1] * len(plants), "p_max": size, "cost": cost, "co2": rate})  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_the_next_chimney_is_that_of_the_package(seed, solutions):
    ends = set()
    for load, plants in EXERCISES[MARGIN].cases(seed):
        found = marginal_emissions(dc_opf(one_bus(load, plants)))
        answer = solutions[MARGIN](load, plants)
        ends.add(answer is None)
        if answer is None:
            assert np.isnan(found.more).all() and load == sum(size for _, size, _ in plants)
        else:
            assert np.allclose(found.more, answer, atol=1e-9)
    assert ends == {True, False}


def test_two_dispatches_tell_the_same(solutions):
    for load, plants in EXERCISES[MARGIN].cases("public"):
        answer = solutions[MARGIN](load, plants)
        if answer is not None:
            more = dc_opf(one_bus(load + 0.5, plants)).carbon - dc_opf(one_bus(load, plants)).carbon
            assert more == pytest.approx(answer / 2, abs=1e-9)


# Behind the line


@pytest.mark.parametrize("seed", SEEDS)
def test_moves_are_those_of_a_linear_system(seed, solutions):
    for effect, rates, at in EXERCISES[BEHIND].cases(seed):
        moves = np.linalg.solve([[1, 1], effect], [1, at])
        assert np.allclose(solutions[BEHIND](effect, rates, at), [*moves, rates @ moves], atol=1e-12)


def test_moves_are_those_of_a_network(solutions):
    """The triangle of the chapter: two plants at constant cost, line 1-2 full."""
    rng, seen = np.random.default_rng(5), 0
    while seen < 20:
        x = rng.uniform(0.1, 0.6, 3)
        lines = {"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "x": x, "limit": [rng.uniform(10, 40), np.inf, np.inf]}
        units = {"bus": [1, 3], "p_max": [300, 300], "cost": [5, 30], "co2": rng.uniform(0, 1, 2)}
        try:
            d = dc_opf(Network.from_frames({"bus": [1, 2, 3], "load": [0, 90, 20]}, lines, units))
        except Infeasible:
            continue
        if not d.multiplier[0] or not (d.generation > 1).all():
            continue
        factors = d._evidence.wires.factors(np.array([0]))[0]
        for bus in range(3):
            answer = solutions[BEHIND]([factors[0], factors[2]], list(units["co2"]), factors[bus])
            assert np.allclose(answer[:2], response(d).generation[:, bus])
            assert np.isclose(answer[2], marginal_emissions(d).rate[bus])
        seen += 1


# A trade


@pytest.mark.parametrize("seed", SEEDS)
def test_a_trade_is_the_sum_of_its_ends(seed, solutions):
    for rates, seller, buyer, mwh, own, makes_more, uses_more in EXERCISES[TRADE].cases(seed):
        drawn = np.zeros(len(rates))
        drawn[buyer] += mwh * uses_more
        drawn[seller] -= mwh * makes_more
        told = drawn @ np.array(rates) + own * mwh * makes_more
        assert np.isclose(solutions[TRADE](rates, seller, buyer, mwh, own, makes_more, uses_more), told)


def test_other_ways_are_right():
    def by_sums(load, plants):
        ordered = sorted(plants)
        room = [rate for (_, _, rate), end in zip(ordered, np.cumsum([size for _, size, _ in ordered])) if end > load]
        return room[0] if room else None

    def by_matrix(effect, rates, at):
        moves = np.linalg.solve(np.array([[1.0, 1.0], effect]), np.array([1.0, at]))
        return (*moves, moves @ rates)

    assert check(MARGIN, by_sums) and check(BEHIND, by_matrix)


# What is told, and the texts


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (MARGIN, "gas", "one number is asked for, in t/MWh, or None"),
        (BEHIND, (0.5, 0.6, 1), "its plants make 1.1 MW more together"),
        (BEHIND, (-0.5, 1.5, 0.15), "its plants put -0.15 MW more on the line, and the use takes -0.2 off it"),
        (BEHIND, 0.1, "three numbers are asked for"),
        (TRADE, None, "one number is asked for, in t"),
    ],
)
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_numbers_told_in_the_texts(sources):
    said = text_of(sources, "The wind park makes 40 MW")
    assert "Together that is just the load" in said
    (load, plants), rate = EXERCISES[MARGIN].example
    assert sum(size for _, size, _ in sorted(plants)[:2]) == load and rate == sorted(plants)[2][2]
    said = text_of(sources, "Let the coal plant make")
    (effect, rates, at), (first, second, tonnes) = EXERCISES[BEHIND].example
    assert "Coal steps back by 0.6 MW, and gas makes 1.6 MW more" in said and (first, second) == (-0.6, 1.6)
    assert np.isclose(effect[0] * first + effect[1] * second, at) and np.isclose(1.6 * rates[1] - 0.6 * rates[0], tonnes)
    said = text_of(sources, "The buyer's 2 MWh emit")
    assert np.isclose(2 * 0.98 + 2 * 0.12 + 0.5, EXERCISES[TRADE].example[1]) and "1.96 t" in said and "0.24 t" in said
