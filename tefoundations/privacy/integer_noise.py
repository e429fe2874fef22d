"""Laplace noise on whole numbers, drawn exactly: the mechanism to publish with."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import exact, integers, whole
from tefoundations.privacy.bits import Bits, exp_minus
from tefoundations.words import shown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def discrete_laplace(
    value: ArrayLike, sensitivity: int, epsilon: float | Fraction, rng: np.random.Generator | int | random.Random
) -> Any:
    """Whole numbers with noise of exactly the discrete Laplace distribution.

    The noise is z with probability (1 - q) / (1 + q) * q^|z|, where q = exp(-epsilon / sensitivity). Every integer can
    come out of every input, and the sampler compares whole numbers only: there is no rounding that could tell inputs
    apart. The output is `epsilon`-differentially private for the unit whose largest effect is `sensitivity`.

    Parameters
    ----------
    value : int or (...) int array
        What is to be published, in whole units such as Wh. Floats are refused: round to a unit first, and take the
        sensitivity of the rounded quantity.
    sensitivity : int
        The most that one unit of privacy can change `value`: the sum of absolute changes over all its entries.
    epsilon : float, int or Fraction
        Privacy lost. A float is read as the decimal it prints as: 0.1 is 1/10.
    rng : numpy.random.Generator, int or random.Random
        Source of all randomness. Whoever knows its seed can take the noise off again: where real people are
        concerned, give `random.SystemRandom()`.

    Returns
    -------
    int, or (...) int array
        An array is kept within 64 bits; cutting off after the noise costs no privacy.

    Raises
    ------
    InvalidInput
        A value that is no whole number; a sensitivity that is no positive whole number; an epsilon that is not positive.

    References
    ----------
    Canonne, C., Kamath, G. and Steinke, T. (2020), "The discrete Gaussian for differential privacy", NeurIPS 33,
    algorithms 1 and 2. The time the sampler takes depends on what it draws; nobody may be able to measure it.

    Examples
    --------
    A day of a home is 48 readings, here each of at most 100 Wh:

    >>> discrete_laplace(12_577, sensitivity=48 * 100, epsilon=1, rng=7)
    20076
    >>> discrete_laplace([3, 0, 5], sensitivity=1, epsilon=0.5, rng=1)
    array([4, 1, 5])
    >>> discrete_laplace(0.5, 1, 1, rng=1)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: value must be whole numbers, such as Wh, not float64 as in 0.5
    """
    array = integers(value, "value")
    ratio = exact(epsilon, "epsilon") / whole(sensitivity, "sensitivity", least=1)
    source = Bits(rng)
    noisy = [int(entry) + noise(ratio.numerator, ratio.denominator, source) for entry in array.ravel()]
    if not array.ndim:
        return noisy[0]
    ends = np.iinfo(np.int64)
    return np.array([min(max(entry, ends.min), ends.max) for entry in noisy], np.int64).reshape(array.shape)


def noise(s, t, source):
    """One draw of the discrete Laplace distribution of scale t/s (algorithm 2 of the source).

    Parameters
    ----------
    s, t : int
        Positive; epsilon/sensitivity is s/t.
    source : Bits

    Returns
    -------
    int
    """
    while True:
        rest = source.below(t)
        if not exp_minus(rest, t, source):
            continue
        whole_parts = 0
        while exp_minus(1, 1, source):
            whole_parts += 1
        size = (rest + t * whole_parts) // s
        negative = source.chance(1, 2)
        if negative and size == 0:  # else zero would come twice as often: as 0 and as -0
            continue
        return -size if negative else size


def discrete_laplace_probability(noise: ArrayLike, sensitivity: int, epsilon: float | Fraction) -> Any:
    """The probability of each amount of noise of `discrete_laplace`.

    Parameters
    ----------
    noise : int or (...) int array
        Noise, whole.
    sensitivity : int
    epsilon : float, int or Fraction

    Returns
    -------
    float, or (...) float array

    Raises
    ------
    InvalidInput
        As `discrete_laplace`.

    Examples
    --------
    Two neighbours one unit apart: no output is more than e^epsilon times likelier from the one than from the other.

    >>> p = discrete_laplace_probability([0, 1, 2], sensitivity=1, epsilon=1)
    >>> [round(float(x), 4) for x in p], round(float(p[0] / p[1]), 4)
    ([0.4621, 0.17, 0.0625], 2.7183)
    """
    array = integers(noise, "noise")
    ratio = float(exact(epsilon, "epsilon") / whole(sensitivity, "sensitivity", least=1))
    if ratio > 700:
        raise InvalidInput(f"epsilon {shown(epsilon)} is so large that no noise is left")
    chance = np.tanh(ratio / 2) * np.exp(-ratio * np.abs(array))
    return chance if array.ndim else float(chance)
