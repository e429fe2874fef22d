"""Laplace and Gaussian noise: scale, variance, calibration, and the leak of floats."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import kstest, norm
from scipy.stats import laplace as laplace_law

from tefoundations.errors import InvalidInput
from tefoundations.privacy import (
    classical_gaussian_scale,
    could_come_from,
    discrete_laplace_probability,
    gaussian,
    gaussian_delta,
    gaussian_scale,
    laplace,
)


@pytest.mark.parametrize(("sensitivity", "epsilon"), [(1, 1), (4.8, 0.5), (240, 2), (1e-3, 0.01)])
def test_laplace_has_the_scale_sensitivity_over_epsilon(sensitivity, epsilon):
    n, scale = 200_000, sensitivity / epsilon
    noise = laplace(np.zeros(n), sensitivity, epsilon, rng=3) / scale
    assert abs(noise.mean()) < 4 * math.sqrt(2 / n)
    # The variance of the squares of Laplace noise of scale 1 is 24 - 4 = 20.
    assert abs((noise**2).mean() - 2) < 4 * math.sqrt(20 / n)
    assert abs(np.abs(noise).mean() - 1) < 4 / math.sqrt(n)
    assert kstest(noise, laplace_law.cdf).pvalue > 1e-3


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3), st.floats(1e-2, 10), st.integers(0, 99))
def test_noise_is_added_and_nothing_else(value, sensitivity, epsilon, seed):
    noisy = laplace(value, sensitivity, epsilon, rng=seed)
    assert isinstance(noisy, float) and noisy == laplace(value, sensitivity, epsilon, rng=seed)
    assert noisy - value == pytest.approx(laplace(0.0, sensitivity, epsilon, rng=seed), abs=1e-9 * max(1, abs(value)))
    # One factor more or less in sensitivity and epsilon together changes nothing.
    assert laplace(value, 2 * sensitivity, 2 * epsilon, rng=seed) == pytest.approx(noisy)


def test_arrays_keep_their_shape_and_entries_their_own_noise():
    noisy = laplace(np.zeros((3, 4)), 1, 1, rng=1)
    assert noisy.shape == (3, 4) and len(np.unique(noisy)) == 12
    assert gaussian(np.zeros((3, 4)), 1, 1, 1e-5, rng=1).shape == (3, 4)


def exact_delta_by_maximum(sigma, epsilon):
    """The largest P[A] - e^epsilon P'[A] over half lines, for N(0, s) and N(1, s): by definition, with no formula."""

    def less(cut):
        return -(norm.sf(cut, 1, sigma) - math.exp(epsilon) * norm.sf(cut, 0, sigma))

    return -minimize_scalar(less, bounds=(-60 * sigma, 60 * sigma), method="bounded", options={"xatol": 1e-10}).fun


@pytest.mark.parametrize("epsilon", [0.1, 0.5, 1, 2, 4])
@pytest.mark.parametrize("delta", [1e-2, 1e-3, 1e-5])
def test_calibration_against_the_definition(epsilon, delta):
    sigma = gaussian_scale(epsilon, delta)
    assert exact_delta_by_maximum(sigma, epsilon) == pytest.approx(delta, rel=1e-4)
    assert exact_delta_by_maximum(0.99 * sigma, epsilon) > delta


@given(st.floats(0.01, 30), st.floats(1e-12, 0.5), st.floats(1e-3, 1e3))
def test_calibration_is_the_least_scale(epsilon, delta, sensitivity):
    sigma = gaussian_scale(epsilon, delta, sensitivity)
    assert gaussian_delta(sigma, epsilon, sensitivity) <= delta * (1 + 1e-9)
    assert gaussian_delta(sigma * (1 - 1e-6), epsilon, sensitivity) > delta
    assert sigma == pytest.approx(sensitivity * gaussian_scale(epsilon, delta))
    assert gaussian_scale(epsilon * 1.1, delta) < gaussian_scale(epsilon, delta) < gaussian_scale(epsilon, delta / 2)


def test_numbers_of_the_literature():
    assert gaussian_scale(1, 1e-5) == pytest.approx(3.7306, abs=5e-5)
    assert classical_gaussian_scale(0.5, 1e-5) == pytest.approx(2 * math.sqrt(2 * math.log(125_000)))
    # At epsilon 0, delta is the total variation distance of two neighbours.
    assert gaussian_delta(2, 0) == pytest.approx(2 * norm.cdf(0.25) - 1)


@pytest.mark.parametrize("epsilon", [0.05, 0.3, 0.9])
def test_the_classical_formula_is_safe_below_1_and_refused_beyond(epsilon):
    assert classical_gaussian_scale(epsilon, 1e-5, 3) > gaussian_scale(epsilon, 1e-5, 3)
    for refused in (1, 1.0, 5):
        with pytest.raises(InvalidInput, match="below 1 only"):
            classical_gaussian_scale(refused, 1e-5)


def test_why_it_is_refused():
    """At large epsilon the formula gives less noise than the promise needs."""
    sigma = math.sqrt(2 * math.log(1.25 / 1e-5)) / 20
    assert sigma < gaussian_scale(20, 1e-5) and gaussian_delta(sigma, 20) > 1e-5


def test_gaussian_noise_has_its_scale():
    noise = gaussian(np.zeros(100_000), 2, 1, 1e-5, rng=5) / gaussian_scale(1, 1e-5, 2)
    assert kstest(noise, norm.cdf).pvalue > 1e-3


@given(st.floats(-50, 50), st.sampled_from([0.1, 1.0, 3.0, 48.0]), st.integers(0, 500))
def test_the_true_value_is_never_ruled_out(value, scale, seed):
    assert could_come_from(laplace(value, scale, 1, rng=seed), value, scale)


def test_floats_give_the_value_away_at_any_epsilon():
    """At epsilon 0.1 nobody may be right in more than 52.5 %: here most single outputs rule the other value out."""
    rng, ruled_out = np.random.default_rng(1), 0
    for _ in range(1000):
        output = laplace(0.0, 1, 0.1, rng)
        assert could_come_from(output, 0.0, scale=10)
        ruled_out += not could_come_from(output, 1.0, scale=10)
    assert ruled_out > 500


def test_integers_rule_nothing_out():
    z = np.arange(-300, 301)
    for value in (0, 1, 7):
        assert (discrete_laplace_probability(z - value, 1, 0.1) > 0).all()


@pytest.mark.parametrize("call", [
    lambda **k: laplace(**{"value": 0.0, "sensitivity": 1, "epsilon": 1, "rng": 1} | k),
    lambda **k: gaussian(**{"value": 0.0, "sensitivity": 1, "epsilon": 1, "delta": 1e-5, "rng": 1} | k),
])  # fmt: skip
@pytest.mark.parametrize("change", [
    {"value": math.nan}, {"value": [0, math.inf]}, {"value": "x"}, {"sensitivity": 0}, {"sensitivity": -1},
    {"sensitivity": True},
    {"epsilon": 0}, {"epsilon": None}, {"epsilon": math.inf}, {"rng": None}, {"rng": -1},
])  # fmt: skip
def test_input_without_meaning_is_named(call, change):
    with pytest.raises(InvalidInput, match=next(iter(change))):
        call(**change)


@pytest.mark.parametrize("delta", [0, 1, 2, -1e-5, math.nan])
def test_delta_lies_between_0_and_1(delta):
    with pytest.raises(InvalidInput, match="delta"):
        gaussian(0.0, 1, 1, delta, rng=1)
