"""Privacy: the answers against the package and against plain definitions, and what is told."""

import itertools
import math
from functools import partial

import numpy as np
import pytest

from tefoundations.errors import BudgetSpent
from tefoundations.exercises.registry import EXERCISES
from tefoundations.privacy import (
    PrivacyBudget,
    best_attack,
    histogram_sensitivity,
    mean_sensitivity,
    peak_sensitivity,
    sum_sensitivity,
)  # fmt: skip
from tests.exercises.learners import text_of, told_on_example

SCALE, PROMISE, ANSWERED, UNMASK = (f"privacy/{name}" for name in ("noise_scale", "promise", "answered", "unmask"))
SEEDS = ["public", 0, 1, 2]


# How much can one meter change?


@pytest.mark.parametrize("seed", SEEDS)
def test_scales_are_those_of_the_package(seed, solutions):
    for query, low, high, readings, meters, neighbours, epsilon in EXERCISES[SCALE].cases(seed):
        sensitivity = {
            "total": partial(sum_sensitivity, high, low, readings=readings, neighbours=neighbours),
            "profile": partial(sum_sensitivity, high, low, readings=readings, neighbours=neighbours),
            "peak": partial(peak_sensitivity, high, low, neighbours=neighbours),
            "histogram": partial(histogram_sensitivity, neighbours=neighbours),
            "mean": partial(mean_sensitivity, high, meters, low, neighbours=neighbours),
        }[query]()
        scale = solutions[SCALE](query, low, high, readings, meters, neighbours, epsilon)
        assert scale == pytest.approx(sensitivity / epsilon) and low <= 0 < high


def test_scales_by_trying_neighbours(solutions):
    """Three meters of two readings at the ends of the range, one of them changed in every way."""
    low, high = -2, 5
    days = [np.array(day) for day in itertools.product((low, 0, high), repeat=2)]
    others = [sum(pair) for pair in itertools.product(days, repeat=2)]
    queries = {"total": np.sum, "profile": lambda day: day, "peak": np.max, "mean": lambda day: day.sum() / 6}
    for query, f in queries.items():
        worst = {
            "remove": max(np.abs(f(o + d) - f(o)).sum() for o in others for d in days),
            "replace": max(np.abs(f(o + d) - f(o + e)).sum() for o in others for d in days for e in days),
        }
        for neighbours in ("remove", "replace") if query != "mean" else ("replace",):
            assert solutions[SCALE](query, low, high, 2, 3, neighbours, 1) == pytest.approx(worst[neighbours])


# What is promised?


@pytest.mark.parametrize("seed", SEEDS)
def test_promises_by_trying_all_guesses_and_all_events(seed, solutions):
    kinds = set()
    for p, q in EXERCISES[PROMISE].cases(seed):
        assert sum(p) == pytest.approx(1) and sum(q) == pytest.approx(1)
        right, epsilon = solutions[PROMISE](p, q)
        guesses = itertools.product((0, 1), repeat=len(p))
        assert right == pytest.approx(max(sum((p, q)[g][i] for i, g in enumerate(guess)) / 2 for guess in guesses))
        events = [np.array(event, bool) for event in itertools.product((0, 1), repeat=len(p))]
        chances = [(np.array(p)[event].sum(), np.array(q)[event].sum()) for event in events]
        alone = any((a > 1e-12) != (b > 1e-12) for a, b in chances)
        kinds.add(alone)
        assert (epsilon is None) == alone
        if not alone:
            assert epsilon == pytest.approx(max(abs(math.log(a / b)) for a, b in chances if a > 1e-12))
            assert epsilon == 0 or right <= best_attack(epsilon) + 1e-12
    assert kinds == {True, False}


# Which queries are answered?


@pytest.mark.parametrize("seed", SEEDS)
def test_queries_are_answered_as_by_a_budget_for_each_group(seed, solutions):
    both = set()
    for groups, total, queries in EXERCISES[ANSWERED].cases(seed):
        purses, told = {group: PrivacyBudget(total) for group in groups}, []
        for whom, cost in queries:
            touched = groups if whom == "all" else [whom]
            told.append(all(purses[group].left >= cost for group in touched))
            for group in touched if told[-1] else ():
                purses[group].spend(whom, cost)
            if not told[-1]:
                with pytest.raises(BudgetSpent):
                    [purses[group].spend(whom, cost) for group in touched if purses[group].left < cost]
        assert solutions[ANSWERED](groups, total, queries) == told
        both |= set(told)
    assert both == {True, False}


# Take the masks off


@pytest.mark.parametrize("seed", SEEDS)
def test_masked_sums_are_those_of_the_readings_behind(seed, solutions):
    signs, drops = set(), set()
    for sent, shared, size in EXERCISES[UNMASK].cases(seed):
        assert len(shared) == math.comb(len(sent), 2) and len({frozenset(pair[:2]) for pair in shared}) == len(shared)
        readings = []
        for meter, message in enumerate(sent):
            if message is not None:
                mine = message - sum(k for i, _, k in shared if i == meter) + sum(k for _, j, k in shared if j == meter)
                readings.append((mine + size // 2) % size - size // 2)
        assert solutions[UNMASK](sent, shared, size) == sum(readings) and len(readings) >= 2
        assert max(map(abs, readings)) < 10
        signs.add(np.sign(sum(readings)))
        drops.add(sent.count(None))
    assert {-1, 1} <= signs and {0, 1, 2} <= drops


# What is told, and the numbers of the texts


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (SCALE, -480, "one positive number is asked for: the scale of the noise"), (SCALE, 400, "it returns 400, not 480"),
        (PROMISE, (0.625, math.inf), "two are asked for: how often the best guess is right, and epsilon"),
        (PROMISE, (1.25, 0.7), "nobody has more than 1"), (PROMISE, (0.4, 0.7), "a coin has 0.5"),
        (PROMISE, (0.9, math.log(2)), "more than its epsilon of 0.693147 allows"),
        (ANSWERED, [1, 0, 1, 1, 0], "numbers are not asked for"),
        (ANSWERED, [True, False], "True or False for each query is asked for, here 5"),
        (ANSWERED, [True, True, True, True, False], "of lane it gives away 150 in all, and 100 is the most"),
        (UNMASK, 9.5, "one whole number is asked for: the sum of the readings"), (UNMASK, 16, "it returns 16, not 9"),
        (UNMASK, 109, "it returns 109, and sums lie from -50 to 49"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def test_numbers_told_of_the_scale(sources):
    said = text_of(sources, "A meter that is taken away")
    assert sum_sensitivity(5, low=-4) == 240 and "48 * 5 = 240 kWh" in said and "240 / 0.5" in said


def test_numbers_told_of_the_promise(sources):
    said = text_of(sources, "The first outcome is twice as likely")
    assert best_attack(math.log(2)) == pytest.approx(2 / 3) and "this epsilon, 2 / 3" in said
    assert (0.5 + 0.25 + 0.5) / 2 == 0.625 and "= 62.5 %" in said


def test_numbers_told_of_the_masks(sources):
    said = text_of(sources, "The messages add up to 116")
    sent, shared, size = EXERCISES[UNMASK].example[0]
    masks = {pair[:2]: pair[2] for pair in shared}
    assert 35 + 81 == 116 and 116 - 30 - 77 == 9 and "116 - 30 - 77 = 9" in said
    assert (7 + masks[0, 1] + masks[0, 2]) % size == sent[0] and "7 + 30 + 98 = 135" in said
    assert (2 - masks[0, 2] + masks[2, 1]) % size == sent[2] and "2 - 98 + 77 = -19" in said
