"""Reading a series of prices: every value is looked at once, and a bad one is named by its step."""

import math

import numpy as np
from numpy.typing import ArrayLike

from tefoundations.errors import InvalidInput, InvalidPrices


def price_series(prices: ArrayLike) -> np.ndarray:
    """The prices as finite floats, a copy.

    Raises
    ------
    InvalidPrices
        No prices, another shape than (T,), or a value that is not a finite number; names the step.
    """
    try:
        array = np.array(prices, dtype=float)
    except (TypeError, ValueError):
        raise InvalidPrices(f"prices must be numbers, one for each step, not {type(prices).__name__}") from None
    if array.ndim != 1 or not len(array):
        raise InvalidPrices(f"prices must be one number for each step, not of shape {array.shape}")
    if not np.isfinite(array).all():
        at = int(np.argmin(np.isfinite(array)))
        raise InvalidPrices("must be a finite number", step=at, value=float(array[at]))
    return array


def step_length(hours):
    """The length of a step (h) as a float.

    Raises
    ------
    InvalidInput
    """
    number = isinstance(hours, (int, float, np.integer, np.floating)) and not isinstance(hours, bool)
    if not (number and 0 < hours < math.inf):
        raise InvalidInput(f"hours {hours!r} must be a positive number")
    return float(hours)


def impact_series(price_impact: ArrayLike, count: int) -> np.ndarray:
    """The impact on the price as one number for each step, not negative (ct/kWh for each kWh).

    Raises
    ------
    InvalidInput
        Names the step.
    """
    try:
        array = np.array(price_impact, dtype=float)
    except (TypeError, ValueError):
        raise InvalidInput(
            f"price_impact must be a number, or one for each of {count} steps, not {price_impact!r}"
        ) from None
    if array.ndim == 0:
        array = np.full(count, float(array))
    if array.shape != (count,):
        raise InvalidInput(f"price_impact must be one number, or one for each of {count} steps, not of shape {array.shape}")
    wrong = ~(np.isfinite(array) & (array >= 0))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise InvalidInput(f"price_impact of step {at} is {array[at]:g}, and must be a number, not negative")
    return array
