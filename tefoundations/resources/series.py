"""The series of a plan: prices, and how they move with what is traded; a bad value is named by its step."""

from __future__ import annotations

from typing import Any

import numpy as np

from tefoundations.errors import InvalidInput, InvalidPrices
from tefoundations.indices import check_same, index_of, series
from tefoundations.inputs import number, numbers


class TimedRates(tuple):
    """Rates of a device, one a step, that know the steps they are of: a tuple with its index as `of_steps`."""

    of_steps: Any

    def __new__(cls, rates, of_steps):
        made = super().__new__(cls, rates)
        made.of_steps = of_steps
        return made

    def __getnewargs__(self):
        return tuple(self), self.of_steps


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


def midnights_of(prices: Any, hours: float) -> np.ndarray | None:
    """When the days of the calendar begin, as hours after the first step does.

    Parameters
    ----------
    prices : (T,) float array
        ct/kWh, as `price_series` takes them.
    hours : float
        Length of all steps together (h).

    Returns
    -------
    (k,) float array or None
        Midnights in the time zone of the index, the last at or behind the end; None without an index of times.

    Examples
    --------
    The day on which clocks go forward has 23 hours:

    >>> import pandas as pd
    >>> index = pd.date_range("2024-03-30 18:00", periods=48, freq="h", tz="Europe/Berlin")
    >>> midnights_of(pd.Series(1.0, index), 48)
    array([ 6., 29., 53.])
    """
    index = index_of(prices, "prices")
    if index is None or index.dtype.kind != "M":
        return None
    import pandas as pd

    begins, zone = index[0], index.tz
    dates = pd.date_range(begins.tz_localize(None).normalize(), periods=int(hours / 23) + 3, freq="D")[1:]
    if zone is not None:  # where clocks jump over midnight, a day begins behind the jump
        dates = dates.tz_localize(zone, nonexistent="shift_forward", ambiguous=np.ones(len(dates), bool))
    midnights = np.asarray((dates - begins) / pd.Timedelta(hours=1), float)
    return midnights[: int(np.searchsorted(midnights, hours)) + 1]


def impact_series(price_impact: Any, count: int, prices: Any = (), hours: float | None = None) -> np.ndarray:
    """The impact on the price as one number for each step, not negative (ct/kWh for each kWh).

    Parameters
    ----------
    price_impact : float or (T,) float array
        An index of it is that of the prices.
    count : int
        T.
    prices : (T,) float array
        As `price_series` took them.
    hours : float, optional
        Length of a step (h); None: whatever the index says.

    Raises
    ------
    InvalidInput
        Names the step.
    """
    if isinstance(price_impact, str) or not np.iterable(price_impact):
        return np.full(count, number(price_impact, "price_impact", least=0, unit="or one for each step"))
    impact = numbers(price_impact, "price_impact", least=0, ndim=None, place="step")
    if impact.shape != (count,):
        raise InvalidInput(f"price_impact must be one number, or one for each of {count} steps, not of shape {impact.shape}")
    index = index_of(price_impact, "price_impact", hours=hours)
    check_same(index, "price_impact", index_of(prices, "prices"), "prices")
    return impact
