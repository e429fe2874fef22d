"""Exact noise: against the formula by counting decisions, and by samples."""

import math
import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from tefoundations.errors import InvalidInput
from tefoundations.privacy import (
    discrete_laplace,
    discrete_laplace_probability,
    integer_noise,
    randomised_response,
    randomised_response_estimate,
    surveys,
)
from tefoundations.privacy.bits import Bits, exp_minus
from tests.privacy.enumeration import outcomes


class Given(random.Random):
    """Bits from a list of bytes, so that `below` can be followed through all of them."""

    def __init__(self, content):
        super().__init__()
        self.content = content

    def getrandbits(self, k):
        return self.content


@pytest.mark.parametrize("n", [1, 2, 3, 5, 6, 7, 8])
def test_numbers_below_n_are_equally_likely(n):
    count = Counter(Bits(Given(first)).below(n) for first in range(2**12))  # twelve bits: up to four draws of three bits
    # Paths that draw again at all four hit the zeros behind them, and give 0.
    again = 1 - Fraction(n, 1 << (n - 1).bit_length())
    most = 2**12 * again**4
    assert set(count) == set(range(n))
    assert max(count.values()) - min(count.values()) <= max(most, 1)


def test_whole_numbers_beyond_64_bits():
    n = 3**50
    drawn = [Bits(seed).below(n) for seed in range(400)]
    assert max(drawn) < n and 0.45 < np.mean([x / n for x in drawn]) < 0.55


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 1), (1, 10), (1, 2), (2, 3), (1, 1), (3, 2), (7, 3)])
def test_the_exponential_is_exact(numerator, denominator):
    found, left = outcomes(lambda source: exp_minus(numerator, denominator, source), 1e-8)
    true = math.exp(-numerator / denominator)
    assert left < 1e-5 and float(found[True]) - 1e-12 <= true <= float(found[True] + left) + 1e-12


@pytest.fixture
def one_decision(monkeypatch):
    """Let exp(-a) be one decision: the test above proves that it has that chance."""
    for module in (integer_noise, surveys):
        monkeypatch.setattr(module, "exp_minus", lambda top, bottom, source: source.exp_minus(top, bottom))


class Again(Exception):
    """The sampler begins anew: its first step is to draw below t."""


def one_round(s, t, path):
    below, begun = path.below, []

    def once(n):
        if begun:
            raise Again
        begun.append(n)
        return below(n)

    path.below = once
    try:
        return integer_noise.noise(s, t, path)
    except Again:
        return "again"


def formula(z, s, t):
    return math.tanh(s / t / 2) * math.exp(-abs(z) * s / t)


@pytest.mark.parametrize(("s", "t"), [(1, 1), (2, 1), (1, 2), (3, 2), (2, 3), (1, 7)])
def test_every_probability_by_following_the_decisions(s, t, one_decision):
    """One round of the sampler at a time: it ends in a number, or begins again."""
    found, left = outcomes(lambda source: one_round(s, t, source), 1e-10)
    ends = 1 - found.pop("again")
    assert left < 1e-6 and abs(sum(found.values()) + left - ends) < 1e-9
    for z in range(-20, 21):
        assert found[z] / ends - 1e-9 <= formula(z, s, t) <= (found[z] + left) / ends + 1e-9
        assert found[z] == pytest.approx(found[-z])


def test_every_probability_from_the_first_bit_on():
    """The same without the shortcut, in fractions."""
    found, left = outcomes(lambda source: integer_noise.noise(1, 1, source), 1e-5)
    assert left < 0.05 and sum(found.values()) + left == 1
    for z in range(-4, 5):
        assert float(found[z]) <= formula(z, 1, 1) + 1e-12 and formula(z, 1, 1) <= float(found[z] + left) + 1e-12
        assert found[z] == found[-z]


@pytest.mark.parametrize(("sensitivity", "epsilon"), [(1, 1), (1, 0.1), (5, 2), (48, 1), (3, Fraction(1, 7)), (1, 3)])
def test_samples_follow_the_formula(sensitivity, epsilon):
    drawn = discrete_laplace(np.zeros(20_000, int), sensitivity, epsilon, rng=11)
    width = int(2 * sensitivity / epsilon) + 1
    kept = np.arange(-width, width + 1)
    counts = np.append((drawn[:, None] == kept).sum(axis=0), (np.abs(drawn) > width).sum())
    p = discrete_laplace_probability(kept, sensitivity, epsilon)
    expected = 20_000 * np.append(p, 1 - p.sum())
    enough = expected >= 5  # the chi-square needs bins that are not nearly empty
    observed = np.append(counts[enough], counts[~enough].sum())
    expected = np.append(expected[enough], expected[~enough].sum())
    keep = expected > 0
    assert chisquare(observed[keep], expected[keep]).pvalue > 1e-3


@given(st.integers(1, 100), st.floats(0.01, 20))
def test_neighbours_differ_by_e_to_the_epsilon_and_no_more(sensitivity, epsilon):
    p = discrete_laplace_probability(np.arange(-5, 6), sensitivity, epsilon)
    q = discrete_laplace_probability(np.arange(-5, 6) - sensitivity, sensitivity, epsilon)
    ratio = np.abs(np.log(p) - np.log(q))
    assert ratio.max() == pytest.approx(epsilon) or sensitivity > 5
    assert (ratio <= epsilon * (1 + 1e-9)).all()


@given(st.integers(1, 60), st.floats(0.05, 5))
def test_probabilities_add_up_and_have_the_variance_of_the_formula(sensitivity, epsilon):
    z = np.arange(-60_000, 60_001)
    p = discrete_laplace_probability(z, sensitivity, epsilon)
    q = math.exp(-epsilon / sensitivity)
    assert p.sum() == pytest.approx(1) and (p * z).sum() == pytest.approx(0, abs=1e-9)
    assert (p * z**2).sum() == pytest.approx(2 * q / (1 - q) ** 2)
    assert (p * z**2).sum() <= 2 * (sensitivity / epsilon) ** 2


def test_a_float_epsilon_is_read_as_the_decimal_it_prints_as():
    one, two = (discrete_laplace(np.zeros(50, int), 1, epsilon, rng=5) for epsilon in (0.1, Fraction(1, 10)))
    assert one.tolist() == two.tolist() == discrete_laplace(np.zeros(50, int), np.int64(1), np.float64(0.1), rng=5).tolist()


def test_a_number_an_array_and_other_sources():
    assert isinstance(discrete_laplace(5, 1, 1, rng=2), int)
    assert discrete_laplace(10**12, 1, 10**6, rng=2) == 10**12
    square = discrete_laplace([[1, 2], [3, 4]], 1, 1, rng=2)
    assert square.shape == (2, 2) and square.dtype == np.int64
    assert isinstance(discrete_laplace(5, 1, 1, rng=random.SystemRandom()), int)
    assert discrete_laplace(5, 1, 1, random.Random(1)) == discrete_laplace(5, 1, 1, random.Random(1))
    ends = np.iinfo(np.int64)
    assert abs(discrete_laplace([ends.max] * 9, 1, 1, rng=2) - ends.max).max() <= 10
    generator = np.random.default_rng(2)
    assert discrete_laplace(5, 1, 0.01, generator) != discrete_laplace(5, 1, 0.01, generator)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": 0.5}, "value must be whole numbers"), ({"value": [1, None]}, "value must be whole numbers"),
        ({"value": True}, "value must be whole numbers"), ({"value": np.uint64(2**63)}, "64 bits"),
        ({"sensitivity": 0}, "sensitivity 0 must be a whole number"), ({"sensitivity": 1.5}, "sensitivity"),
        ({"epsilon": 0}, "epsilon 0 must be a positive number"), ({"epsilon": math.inf}, "epsilon"),
        ({"epsilon": "1"}, "epsilon"), ({"epsilon": -1}, "epsilon"), ({"epsilon": math.nan}, "epsilon"),
        ({"rng": None}, "rng None must be"), ({"rng": "x"}, "rng"),
    ],
)  # fmt: skip
def test_input_without_meaning_is_named(change, words):
    with pytest.raises(InvalidInput, match=words):
        discrete_laplace(**{"value": 1, "sensitivity": 1, "epsilon": 1, "rng": 1} | change)


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 10), (1, 1), (5, 2)])
def test_a_lie_has_its_exact_chance(numerator, denominator, one_decision):
    found, left = outcomes(lambda source: surveys._lies(numerator, denominator, source), 1e-9)
    true = 1 / (1 + math.exp(numerator / denominator))
    assert left < 1e-6 and found[True] - 1e-9 <= true <= found[True] + left + 1e-9


def test_randomised_response_is_unbiased_with_the_error_it_says():
    truth = np.arange(400) < 120
    shares = [randomised_response_estimate(randomised_response(truth, 0.8, rng=seed), 0.8) for seed in range(400)]
    estimates, errors = np.array(shares).T
    error = errors[0]
    assert (errors == error).all()
    assert abs(estimates.mean() - 0.3) < 4 * error / 20
    assert estimates.std() == pytest.approx(error, rel=0.15)
    assert error == pytest.approx(math.exp(0.4) / (math.exp(0.8) - 1) / 20)


def test_randomised_response_reads_answers_only():
    assert randomised_response(True, 60, rng=1) is True and randomised_response(False, 60, rng=1) is False
    for bad in (1, [0, 1], "yes"):
        with pytest.raises(InvalidInput, match="answers"):
            randomised_response(bad, 1, rng=1)
    with pytest.raises(InvalidInput, match="empty"):
        randomised_response_estimate([], 1)
    with pytest.raises(InvalidInput, match="epsilon"):
        randomised_response([True], 0, rng=1)
    with pytest.raises(InvalidInput, match="no noise"):
        discrete_laplace_probability(0, 1, 800)
