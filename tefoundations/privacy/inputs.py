"""Reading what a caller gives: positive numbers, exact rationals, a source of randomness."""

import math
import numbers
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from tefoundations.errors import InvalidInput


def positive(value, name):
    """The value as a positive finite float, or InvalidInput with its name."""
    try:
        number = math.nan if isinstance(value, (bool, str)) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise InvalidInput(f"{name} must be a positive finite number, got {value!r}")
    return number


def share(value, name, *, zero=False):
    """The value as a float below 1 and above 0 (or from 0), or InvalidInput with its name."""
    if zero and not isinstance(value, (bool, str)) and value == 0:
        return 0.0
    number = positive(value, name)
    if number >= 1:
        raise InvalidInput(f"{name} must be below 1, got {value!r}")
    return number


def exact(value, name):
    """The value as a positive Fraction; a float is read as the decimal it prints as, so that 0.1 is 1/10."""
    number = positive(value, name)
    if isinstance(value, numbers.Rational):  # int and Fraction; a numpy integer registers as one too
        return Fraction(int(value.numerator), int(value.denominator))
    return Fraction(repr(number))


def whole(value, name, *, least=1):
    """The value as an int of at least `least`, or InvalidInput with its name."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise InvalidInput(f"{name} must be a whole number of at least {least}, got {value!r}")
    return int(value)


def integers(values: ArrayLike, name: str) -> np.ndarray:
    """The values as an array of integers within int64, or InvalidInput; a float that happens to be whole is refused too."""
    array = np.asarray(values)
    if array.dtype == np.uint64 and (array >= 2**63).any():
        raise InvalidInput(f"{name} must fit in 64 bits with sign")
    if array.dtype.kind not in "iu":
        raise InvalidInput(f"{name} must be whole numbers, such as Wh, got {array.dtype} in {_short(values)}")
    return array.astype(np.int64)


def finite(values: ArrayLike, name: str) -> np.ndarray:
    """The values as a float array without nan and infinity, or InvalidInput."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise InvalidInput(f"{name} must be numbers, got {_short(values)}") from None
    if not np.isfinite(array).all():
        raise InvalidInput(f"{name} must be finite, got {_short(array[~np.isfinite(array)][0])}")
    return array


def generator(rng: np.random.Generator | int) -> np.random.Generator:
    """A numpy Generator from a Generator or a seed; None is refused, for it would give another result on each run."""
    if rng is None:
        raise InvalidInput("rng must be a numpy.random.Generator or a seed, got None")
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        raise InvalidInput(f"rng must be a numpy.random.Generator or a seed, got {rng!r}") from None


def one_of(value, choices, name):
    """The value if it is one of the choices, or InvalidInput that lists them."""
    if value not in choices:
        raise InvalidInput(f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}")
    return value


def _short(value):
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + " ..."
