"""Attacks against the bound, on the community; and the test that catches a wrong scale."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from tefoundations.data import community
from tefoundations.errors import InvalidInput
from tefoundations.privacy import (
    Success,
    best_attack,
    discrete_laplace,
    estimate_epsilon,
    events_found,
    find_events,
    gaussian,
    guessing_game,
    laplace,
    randomised_response,
    sum_sensitivity,
)


def test_the_numbers_of_the_bound():
    assert [round(100 * best_attack(epsilon), 1) for epsilon in (0.1, 1, 2)] == [52.5, 73.1, 88.1]
    assert best_attack(1, delta=0.1) == pytest.approx((math.e + 0.1) / (1 + math.e))
    assert best_attack(1e4) == 1 and best_attack(1e-9) == pytest.approx(0.5)


@given(st.integers(0, 300), st.integers(1, 300), st.sampled_from([0.9, 0.95, 0.999]))
def test_intervals_are_those_of_clopper_and_pearson(right, trials, confidence):
    right = min(right, trials)
    low, high = Success(right, trials, confidence).interval
    tail = (1 - confidence) / 2
    assert low <= right / trials <= high
    assert right == 0 or binom.sf(right - 1, trials, low) == pytest.approx(tail)
    assert right == trials or binom.cdf(right, trials, high) == pytest.approx(tail)


@pytest.mark.parametrize("epsilon", [0.1, 0.5, 1, 2, 4])
def test_the_best_guess_against_laplace_stays_below_the_bound(epsilon):
    measured = guessing_game(lambda x, rng: laplace(x, 1, epsilon, rng), 0, 1, trials=4000, rng=1)
    low, high = Success(measured.right, 4000, confidence=0.999).interval
    assert low <= 1 - math.exp(-epsilon / 2) / 2 <= high  # what the best guess reaches, by the formula
    assert 1 - math.exp(-epsilon / 2) / 2 < best_attack(epsilon)


@pytest.mark.parametrize("epsilon", [0.1, 1, 2])
def test_randomised_response_reaches_the_bound(epsilon):
    def publish(x, rng):
        return float(randomised_response(bool(x), epsilon, rng))

    low, high = guessing_game(publish, 0, 1, trials=4000, rng=2).interval
    assert low <= best_attack(epsilon) <= high


def test_differencing_finds_a_home_without_noise_and_not_with_it():
    load = (1000 * community().load("winter")).round().astype(int)
    mine = load["home6"].to_numpy()
    others = load.drop(columns="home6").sum(axis=1).to_numpy()
    plain = guessing_game(lambda x, rng: x, others, others + mine, trials=200, rng=1)
    assert plain.rate == 1
    noisy = guessing_game(
        lambda x, rng: discrete_laplace(x, sum_sensitivity(6500), 1, rng), others, others + mine, trials=400, rng=1
    )
    assert mine.max() <= 6500 and noisy.interval[0] <= best_attack(1)
    assert noisy.rate < 0.6  # 30 kWh of the 312 kWh that a home could use: noise for the largest hides this one better


def test_kettle_and_noise():
    people = community()
    watts, events = people.minute_day()["total_w"].to_numpy(), people.minute_events()
    kettle = events.loc[events["appliance"] == "kettle", "start_minute"].tolist()
    found = find_events(watts, 1950, 2250, shortest=3, longest=5)  # the oven pulses for two minutes
    assert events_found(found, kettle, within=0).rate == 1 and len(found) == len(kettle)
    noisy = laplace(watts, 2 * 2400, 1, rng=1)
    assert events_found(find_events(noisy, 1950, 2250, shortest=3, longest=5), kettle, within=0).rate < 1


def test_events_at_the_ends_and_twice():
    assert find_events([2200, 100], 1800, 2400) == []
    assert find_events([100, 2200, 2200, 2200], 1800, 2400) == []
    assert find_events([100, 2200, 100, 2200, 100], 1800, 2400) == [(1, 2), (3, 4)]
    assert find_events([100, 2200, 2200, 100], 1800, 2400, longest=1) == []
    assert find_events([100, 2200, 100], 1800, 2400, shortest=2) == []
    assert events_found([(5, 6)], [5, 5]).rate == 0.5 and events_found([], [5]).rate == 0


CLAIMS = {
    "laplace": (lambda x, rng: laplace(x, 1, 1, rng), lambda x, rng: laplace(x, 0.5, 1, rng)),
    "discrete": (lambda x, rng: discrete_laplace(x, 2, 1, rng), lambda x, rng: discrete_laplace(x, 1, 1, rng)),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_a_halved_scale_is_caught_and_a_right_one_is_not(name):
    b = 2 if name == "discrete" else 1
    for seed in range(6):
        right, wrong = (estimate_epsilon(m, 0, b, rng=seed, trials=6000, confidence=0.99) for m in CLAIMS[name])
        assert not right.refutes(1) and right.low > 0.7
        assert wrong.refutes(1) and not wrong.refutes(2) and wrong.low > 1.5


def test_the_lower_bound_is_wrong_no_more_often_than_it_says():
    def mechanism(x, rng):
        return laplace(x, 1, 1, rng)

    wrong = [estimate_epsilon(mechanism, 0, 1, rng=seed, trials=400).refutes(1) for seed in range(80)]
    assert sum(wrong) <= 8  # 4 expected at most


def test_what_else_it_catches():
    rng = np.random.default_rng(1)
    never = estimate_epsilon(lambda x, rng: float(x), 0, 1, rng=1, trials=1000)
    assert never.low > 4 and never.estimate == math.inf
    constant = estimate_epsilon(lambda x, rng: 5.0, 0, 1, rng=1, trials=1000)
    assert constant.low == 0 and constant.estimate == 0
    # The naive Laplace of a whole number of bits: whether the output is a multiple of 2^-53 tells 1 from 0.
    leak = estimate_epsilon(lambda x, rng: float((laplace(x, 1, 0.1, rng) * 2**53).is_integer()), 0, 1, rng=rng, trials=4000)
    assert leak.refutes(0.1)


def test_gaussian_noise_keeps_epsilon_with_its_delta_only():
    def mechanism(x, rng):
        return gaussian(x, 1, 1, 0.01, rng)

    kept = estimate_epsilon(mechanism, 0, 1, rng=1, trials=4000, delta=0.01)
    assert not kept.refutes(1) and kept.low > 0.3
    half = estimate_epsilon(lambda x, rng: gaussian(x, 0.5, 1, 0.01, rng), 0, 1, rng=1, trials=4000, delta=0.01)
    assert half.refutes(1)


@pytest.mark.parametrize(("call", "words"), [
    (lambda: best_attack(0), "epsilon"), (lambda: best_attack(1, 1), "delta"),
    (lambda: guessing_game(laplace, 0, [1, 2], trials=1, rng=1), "one shape"),
    (lambda: guessing_game(laplace, 0, math.nan, trials=1, rng=1), "b nan must be a finite number"),
    (lambda: guessing_game(laplace, 0, 1, trials=0, rng=1), "trials"),
    (lambda: guessing_game(laplace, 0, 1, trials=1, rng=None), "rng"),
    (lambda: find_events([[1]], 1, 2), "watts must be one number for each minute"),
    (lambda: find_events([1], 2, 1), "low 2 must be a number above 0 and below 1"),
    (lambda: find_events([1, math.nan], 1, 2), "watts"),
    (lambda: find_events([1], 1, 2, shortest=3, longest=2), "shortest"), (lambda: events_found([], []), "nothing to find"),
    (lambda: estimate_epsilon(laplace, 0, 1, rng=1, trials=50), "trials 50 must be a whole number from 100 to 10000000"),
    (lambda: estimate_epsilon(lambda x, rng: [1, 2], 0, 1, rng=1), "one number"),
    (lambda: estimate_epsilon(lambda x, rng: math.nan, 0, 1, rng=1), "the output of mechanism"),
])  # fmt: skip
def test_input_without_meaning(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()
