"""How much one unit of privacy can change what is published.

The unit here is **a meter for a day**: 48 half-hour readings, each clipped to a range that is fixed before anybody looks
at the data. Two data sets are neighbours if one has one meter-day more than the other (``"remove"``), or if one meter-day
has other readings (``"replace"``); then the number of meters is public.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number, numbers, one_of, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

NEIGHBOURS = ("remove", "replace")


def clipped(load: ArrayLike, limit: float, low: float = 0) -> np.ndarray:
    """Readings cut to a range, so that no meter can stand out by more than that.

    Parameters
    ----------
    load : (...) array
        Readings (kWh a step, or whole Wh).
    limit : float
        Highest reading that counts (kWh or Wh, as `load`). Fix it by a fuse or a contract: a limit read off the data,
        such as the highest reading, tells who has it.
    low : float
        Lowest reading that counts; negative for homes that feed in.

    Returns
    -------
    (...) array
        Whole numbers stay whole.

    Raises
    ------
    InvalidInput
        A reading that is not finite; a range without width.

    Examples
    --------
    >>> clipped([0.3, 5.5, -0.2], limit=1.0).tolist()
    [0.3, 1.0, 0.0]
    """
    _range(limit, low)
    numbers(load, "load", ndim=None)
    return np.clip(load, low, limit)


def sum_sensitivity(limit: float, low: float = 0, *, readings: int = 48, neighbours: str = "remove", norm: int = 1) -> float:
    """The sensitivity of sums of clipped load: of the day's total, and of the totals step by step.

    Over the 48 totals of a day together, one meter can change each of them: the changes add up (norm 1, for Laplace noise)
    or add up as squares (norm 2, for Gaussian noise). It does not depend on how many meters there are.

    Parameters
    ----------
    limit, low : float
        Range of a reading (kWh or Wh). Whole numbers give a whole sensitivity under norm 1.
    readings : int
        Readings of the unit that are published: 48 for a day, 1 for a single step.
    neighbours : {"remove", "replace"}
        One meter-day more or less, or one with other readings.
    norm : {1, 2}
        How changes of several published numbers are added up.

    Returns
    -------
    float or int, in the unit of `limit`

    Raises
    ------
    InvalidInput
        A range without width; an unknown relation or norm.

    Examples
    --------
    Readings of at most 5 kWh a step:

    >>> sum_sensitivity(5), sum_sensitivity(5, readings=1), round(sum_sensitivity(5, norm=2), 2)
    (240, 5, 34.64)
    >>> sum_sensitivity(5, low=-4), sum_sensitivity(5, low=-4, neighbours="replace")
    (240, 432)
    """
    step, readings = _step(limit, low, neighbours), whole(readings, "readings", least=1)
    return step * (readings if one_of(norm, (1, 2), "norm") == 1 else math.sqrt(readings))


def mean_sensitivity(limit: float, meters: int, low: float = 0, *, neighbours: str = "replace") -> float:
    """The sensitivity of the mean reading, over a public number of meters.

    Parameters
    ----------
    limit, low : float
        Range of a reading (kWh or Wh).
    meters : int
        How many there are; public.
    neighbours : {"replace"}
        With "remove" the number of meters is itself a secret, and the mean over one meter can be anything: publish a noisy
        sum and a noisy count instead.

    Returns
    -------
    float, in the unit of `limit`

    Raises
    ------
    InvalidInput
        Neighbours that differ in the number of meters; a range without width.

    Examples
    --------
    >>> mean_sensitivity(5, meters=1000)
    0.005
    >>> mean_sensitivity(5, meters=1000, neighbours="remove")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: a mean needs a public number of meters: take 'replace', or publish sum and count
    """
    if one_of(neighbours, NEIGHBOURS, "neighbours") == "remove":
        raise InvalidInput("a mean needs a public number of meters: take 'replace', or publish sum and count")
    # All readings of the day go into the mean, and all of one meter may change: readings cancel out.
    return _step(limit, low, neighbours) / whole(meters, "meters", least=1)


def histogram_sensitivity(*, entries: int = 1, neighbours: str = "remove", norm: int = 1) -> float:
    """The sensitivity of a histogram: counts of meters in bins that are fixed before anybody looks at the data.

    Parameters
    ----------
    entries : int
        How many counts a unit makes: 1 if each meter-day falls into one bin, 48 if each reading does.
    neighbours : {"remove", "replace"}
    norm : {1, 2}

    Returns
    -------
    int, or float under norm 2

    Raises
    ------
    InvalidInput
        An unknown relation or norm; no entries.

    Examples
    --------
    >>> histogram_sensitivity(), histogram_sensitivity(neighbours="replace"), histogram_sensitivity(entries=48)
    (1, 2, 48)
    """
    entries, moved = whole(entries, "entries", least=1), one_of(neighbours, NEIGHBOURS, "neighbours") == "replace"
    if one_of(norm, (1, 2), "norm") == 1:
        return entries * (2 if moved else 1)
    # At worst all entries leave one bin, and go to one other.
    return entries * math.sqrt(2 if moved else 1)


def peak_sensitivity(limit: float, low: float = 0, *, neighbours: str = "remove") -> float:
    """The sensitivity of the day's peak: the highest of the 48 totals of a feeder.

    One meter changes every total, and the highest of them by no more than one reading. The 48 does not come in.

    Parameters
    ----------
    limit, low : float
        Range of a reading (kWh or Wh).
    neighbours : {"remove", "replace"}

    Returns
    -------
    float or int, in the unit of `limit`

    Raises
    ------
    InvalidInput
        A range without width; an unknown relation.

    Examples
    --------
    >>> peak_sensitivity(5), peak_sensitivity(5, low=-4, neighbours="replace")
    (5, 9)
    """
    return _step(limit, low, neighbours)


def _step(limit, low, neighbours):
    """The most one reading can change a total."""
    low, limit = _range(limit, low)
    return limit - low if one_of(neighbours, NEIGHBOURS, "neighbours") == "replace" else max(abs(low), abs(limit))


def _range(limit, low):
    number(low, "low")
    number(limit, "limit", above=low)
    return tuple(int(x) if isinstance(x, (int, np.integer)) else float(x) for x in (low, limit))
