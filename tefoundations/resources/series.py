"""The series of a plan: prices, and how they move with what is traded; a bad value is named by its step."""

from __future__ import annotations

from typing import Any

import numpy as np

from tefoundations.errors import InvalidInput, InvalidPrices
from tefoundations.inputs import number, numbers, series


def price_series(prices: Any, hours: float | None = None, name: str = "prices") -> np.ndarray:
    """The prices as finite floats, a copy.

    Parameters
    ----------
    prices : (T,) float array
        ct/kWh. An index of times must rise by the length of a step.
    hours : float, optional
        Length of a step (h); None: whatever the index says.
    name : str
        Of the series, in the error.

    Raises
    ------
    InvalidPrices
        No prices, another shape than (T,), a value that is not a finite number (names the step), dates, another index.
    """

    def at(message, step, value):
        return InvalidPrices(message, step=step, value=value)

    return series(prices, name, hours=hours, at=at, error=InvalidPrices)


def impact_series(price_impact: Any, count: int) -> np.ndarray:
    """The impact on the price as one number for each step, not negative (ct/kWh for each kWh).

    Raises
    ------
    InvalidInput
        Names the step.
    """
    if np.ndim(price_impact) == 0:
        return np.full(count, number(price_impact, "price_impact", least=0, unit="or one for each step"))
    if np.shape(price_impact) != (count,):
        shape = np.shape(price_impact)
        raise InvalidInput(f"price_impact must be one number, or one for each of {count} steps, not of shape {shape}")
    return numbers(price_impact, "price_impact", least=0, place="step")
