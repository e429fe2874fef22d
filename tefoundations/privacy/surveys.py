"""Randomised response: everybody adds the noise at home, before anything is sent."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import as_array, exact, positive
from tefoundations.privacy.bits import Bits, exp_minus

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def randomised_response(answer: ArrayLike, epsilon: float | Fraction, rng: np.random.Generator | int | random.Random) -> Any:
    """Answers to a yes-or-no question, each true with probability e^epsilon / (1 + e^epsilon).

    The unit of privacy is one answer, and the neighbour is the other answer. Nobody needs to be trusted: what leaves the
    home is noisy already. The chances are exact, as in `discrete_laplace`.

    Parameters
    ----------
    answer : bool or (...) bool array
        The true answers.
    epsilon : float, int or Fraction
        Privacy lost by each answer.
    rng : numpy.random.Generator, int or random.Random
        Source of all randomness.

    Returns
    -------
    bool, or (...) bool array

    Raises
    ------
    InvalidInput
        An answer that is neither true nor false; an epsilon that is not positive.

    References
    ----------
    Warner, S. L. (1965), "Randomized response: a survey technique for eliminating evasive answer bias", JASA 60, 63-69.

    Examples
    --------
    >>> randomised_response([True, True, False, False, False], epsilon=1, rng=3)
    array([ True,  True, False,  True, False])
    """
    array = _answers(answer)
    rate, source = exact(epsilon, "epsilon"), Bits(rng)
    told = [bool(entry) != _lies(rate.numerator, rate.denominator, source) for entry in array.ravel()]
    return np.array(told, bool).reshape(array.shape) if array.ndim else told[0]


def _lies(numerator, denominator, source):
    """True with probability 1 / (1 + e^epsilon): of truth (1/2) and lie (1/2 e^-epsilon), whichever comes first."""
    while True:
        if source.chance(1, 2):
            return False
        if exp_minus(numerator, denominator, source):
            return True


def randomised_response_estimate(answers: ArrayLike, epsilon: float) -> tuple[float, float]:
    """The share of yes among the true answers, from those of `randomised_response`.

    Parameters
    ----------
    answers : (n,) bool array
        What was told.
    epsilon : float
        The epsilon they were told with.

    Returns
    -------
    share : float
        Unbiased; with few answers it may lie outside 0 to 1.
    error : float
        Its standard error, e^(epsilon/2) / (e^epsilon - 1) / sqrt(n), whatever the truth is.

    Raises
    ------
    InvalidInput
        No answers, or an epsilon that is not positive.

    Examples
    --------
    All 1000 homes have a car, and tell so at epsilon 1:

    >>> told = randomised_response([True] * 1000, epsilon=1, rng=4)
    >>> share, error = randomised_response_estimate(told, epsilon=1)
    >>> round(float(told.mean()), 3), round(share, 3), round(error, 3)
    (0.724, 0.985, 0.03)
    """
    array, epsilon = _answers(answers), positive(epsilon, "epsilon")
    if not array.size:
        raise InvalidInput("answers must not be empty")
    truth = 1 / (1 + math.exp(-epsilon))
    spread = math.tanh(epsilon / 2)  # truth - (1 - truth)
    share = (float(array.mean()) - (1 - truth)) / spread
    return share, math.sqrt(truth * (1 - truth) / array.size) / spread


def _answers(answers):
    array = as_array(answers)
    if array.dtype != bool and array.size:
        raise InvalidInput(f"answers must be True or False, not {array.dtype}")
    return array.astype(bool)
