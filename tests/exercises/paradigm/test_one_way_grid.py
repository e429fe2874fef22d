"""The opening chapter: the answers against the package and against brute force, and what is told."""

from itertools import product

import numpy as np
import pytest

from tefoundations.exercises.registry import EXERCISES
from tefoundations.resources import Device
from tefoundations.systems import Lane, all_ways, correspondence, demand_response, lane_day, time_of_use
from tests.exercises.learners import told_on_example

NOTES, LEARNED, CHARGING = (f"one_way_grid/{name}" for name in ("notes", "learned", "charging"))
SEEDS = ["public", 0, 1, 2]


# Counting notes


def test_notes_are_those_of_the_package(solutions):
    """In the chapter a market of one round writes a note for each device; here each home has one, plugged in all day."""
    cars = [Device(f"car {i}", f"m{i}", energy=3, power=1, end=6, final_energy=3) for i in range(4)]
    lane = Lane.of(base=[2] * 6, stores=cars, outside=[20] * 6, slope=1)
    ways = all_ways(lane)
    letters = correspondence(ways)
    names = {"central dispatch": "Central dispatch", "time-of-use tariff": "Time-of-use tariff",
             "demand response": "Demand response", "transactive market": "Transactive market"}  # fmt: skip
    for way, name in names.items():
        homes = len(lane.members) if way == "time-of-use tariff" else 4  # a list hangs also where there is no car
        assert solutions[NOTES](way, homes, 6, 1, 1) == (letters.loc[name, "notes up"], letters.loc[name, "notes down"])


# One dot, or the curve


@pytest.mark.parametrize("seed", SEEDS)
def test_the_curve_is_what_calls_at_each_reward_would_teach(seed, solutions):
    for homes, reward in EXERCISES[LEARNED].cases(seed):
        dot, curve = solutions[LEARNED](homes, reward)
        assert all(solutions[LEARNED](homes, price)[0] == kwh for price, kwh in curve)
        at_most = [kwh for price, kwh in curve if price <= reward]
        assert dot == (at_most[-1] if at_most else 0)


def test_the_dot_is_that_of_the_package(solutions):
    """A call in the lane: each home's kWh and least reward, read off the package's plans, give the package's answer."""
    lane = lane_day("winter")
    usual = lane.net_of(lane.habits)

    def moved(reward):
        return (usual - lane.net_of(demand_response(lane, reward).plan)).clip(0).sum(axis=0) > 1e-9

    ladder = np.arange(0, 6.01, 0.05)
    answers = np.array([moved(reward) for reward in ladder])
    for who in np.flatnonzero(answers.any(axis=0)):
        first = int(answers[:, who].argmax())
        assert answers[first:, who].all(), "who says yes at a reward says yes at every higher one"
    homes = [(1, ladder[int(answers[:, who].argmax())]) for who in np.flatnonzero(answers.any(axis=0))]
    for reward in (0.5, 1.0, 2.0, 5.0):
        assert solutions[LEARNED](homes, reward + 1e-9)[0] == moved(reward).sum()


# One car, one night


@pytest.mark.parametrize("seed", SEEDS)
def test_plans_are_the_cheapest_of_all(seed, solutions):
    for wanted, most, prices in EXERCISES[CHARGING].cases(seed):
        plan = solutions[CHARGING](wanted, most, prices)
        full = min(wanted, most * len(prices))
        assert sum(plan) == full and min(plan) >= 0 and max(plan) <= most
        if (most + 1) ** len(prices) <= 3000:
            every = [p for p in product(range(most + 1), repeat=len(prices)) if sum(p) == full]
            assert np.dot(plan, prices) == min(np.dot(p, prices) for p in every)


@pytest.mark.parametrize("seed", SEEDS)
def test_plans_are_those_of_a_home_under_a_tariff(seed, solutions):
    for wanted, most, prices in EXERCISES[CHARGING].cases(seed)[:15]:
        if not 0 < wanted <= most * len(prices):
            continue
        car = Device("car", "Ada", energy=wanted, power=most, end=len(prices), final_energy=wanted)
        lane = Lane.of(base=[0] * len(prices), stores=[car], outside=[50] * len(prices), slope=1, tariff=prices)
        assert np.allclose(time_of_use(lane).plan[:, 0], solutions[CHARGING](wanted, most, prices), atol=1e-6)


# What is told


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (NOTES, 24, "two numbers are asked for"), (NOTES, (-24, 24), "never below zero"), (NOTES, (24, 12), "it returns"),
        (LEARNED, (9,), "two things"), (LEARNED, ("nine", []), "the dot is one number"),
        (LEARNED, (9, [2, 6]), "the curve is a list of pairs"), (LEARNED, (9, [(2, 9), (6, 11)]), "it returns"),
        (CHARGING, [0, 3, 1], "a list of 4 numbers"), (CHARGING, [-1, 3, 2, 3], "this car only charges"),
        (CHARGING, [0, 4, 0, 3], "4 kWh in one hour, and the plug gives 3"), (CHARGING, [0, 3, 0, 3], "6 kWh in all, not 7"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)
