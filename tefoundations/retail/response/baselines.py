"""Customer baselines: what would have been used, from days before, and what is paid against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import series
from tefoundations.inputs import number, numbers, sequence, whole
from tefoundations.words import Explained, count, listed, say, shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class Baseline(Explained):
    """What a customer would have used in an event, by a rule; `baseline` makes it.

    Attributes
    ----------
    mean : (w,) float array
        The mean of the chosen days in each step of the event (kWh).
    days : tuple of int
        Those days, the highest first.
    factor : float
        By what the mean was multiplied; 1 without an adjustment.
    first : int
        The step of the day at which the event begins.
    """

    mean: np.ndarray
    days: tuple[int, ...]
    factor: float
    first: int

    @property
    def load(self) -> np.ndarray:
        """The baseline of each step of the event: mean * factor (kWh)."""
        return self.mean * self.factor

    @property
    def energy(self) -> float:
        """The baseline of the whole event (kWh)."""
        return float(self.load.sum())

    def paid_energy(self, metered: ArrayLike) -> float:
        """The kWh that are paid for: in each step what the meter stays below the baseline, and nothing where it is above.

        Parameters
        ----------
        metered : (w,) array
            What was used in each step of the event (kWh).

        Returns
        -------
        float
            kWh.

        Raises
        ------
        InvalidInput
            Readings of another length than the event.

        Examples
        --------
        >>> baseline([[1, 4, 2], [1, 2, 2]], events=(), window=(1, 3), top=2, of=2).paid_energy([1, 3])
        2.0
        """
        used = series(metered, "metered", count=len(self.load), place="step of the event")
        return float(np.maximum(self.load - used, 0.0).sum())

    def explain(self) -> str:
        """The rule in words, and the baseline of each step.

        Returns
        -------
        str

        Examples
        --------
        >>> print(baseline([[1, 4, 2], [1, 2, 2]], events=(), window=(1, 3), top=1, of=2).explain())
        Mean of day 0 in steps 1 to 2: 4, 2 kWh.
        Baseline: 6 kWh.
        """
        last = self.first + len(self.load) - 1
        where = f"step {self.first}" if last == self.first else f"steps {self.first} to {last}"
        which = f"{'day' if len(self.days) == 1 else 'days'} {listed(self.days)}"
        size = float(np.abs(self.mean).max())
        mean = listed(say(kwh, size) for kwh in self.mean)
        scaled = "" if self.factor == 1 else f" By today's hours before the event: times {say(self.factor)}."
        return f"Mean of {which} in {where}: {mean} kWh.{scaled}\nBaseline: {say(self.energy, size)} kWh."

    def to_frame(self) -> pd.DataFrame:
        """One row for each step of the event.

        Returns
        -------
        pandas.DataFrame
            Index step; column load (kWh).
        """
        import pandas as pd

        index = pd.RangeIndex(self.first, self.first + len(self.load), name="step")
        return pd.DataFrame({"load": self.load}, index=index)

    def _at_a_glance(self):
        return [
            ("days", listed(self.days)), ("factor", self.factor),
            ("steps", f"{self.first} to {self.first + len(self.load) - 1}"), ("baseline, kWh", self.energy),
        ]  # fmt: skip

    def __repr__(self):
        return f"Baseline({say(self.energy, self.energy)} kWh, mean of {count(len(self.days), 'day')})"


def baseline(
    days: ArrayLike,
    events: Sequence[int],
    window: tuple[int, int],
    top: int = 4,
    of: int = 5,
    adjust: tuple[int, int] | None = None,
    *,
    today: ArrayLike | None = None,
    cap: float = 0.2,
) -> Baseline:
    """The mean of the highest days among the last ones that had no event.

    The last `of` days without an event are taken, and among them the `top` that used most in the window; of equals the
    earlier day. Their mean, step by step, is the baseline. With `adjust` it is multiplied by what was used today in the
    steps before the event over what those days used in them, but at most by 1 + `cap` and at least by 1 - `cap`.

    Parameters
    ----------
    days : (n, T) array
        What the meter read on days before, the oldest first (kWh a step).
    events : sequence of int
        Which of these days had an event themselves, counted from 0.
    window : (int, int)
        The event's first step, and the step at which it ends.
    top : int
        How many days make the mean; as many as `of` for the mean of all.
    of : int
        From how many days they are chosen.
    adjust : (int, int), optional
        First step of the hours that are compared with today's, and the step at which they end; None: no adjustment.
    today : (T,) array, optional
        What the meter read today (kWh a step); needed for `adjust` alone.
    cap : float
        How far the adjustment may go, from 0 to 1.

    Returns
    -------
    Baseline

    Raises
    ------
    InvalidInput
        Too few days without an event; a day of another length; dates that do not rise; a window outside the day; an
        adjustment without `today`, or by days that used nothing in its steps.

    References
    ----------
    X. Chen, A. N. Kleit, "Money for nothing? Why FERC Order 745 should have died", *The Energy Journal* 37(2) (2016),
    201-221, on what becomes of such a baseline when it is known.

    Examples
    --------
    >>> week = [[2, 6], [2, 4], [2, 1], [2, 5], [2, 3]]                # day 2 had an event
    >>> found = baseline(week, events=[2], window=(1, 2), top=2, of=3)
    >>> found.days, found.load.tolist()
    ((3, 1), [4.5])
    >>> baseline(week, [2], (1, 2), 2, 3, adjust=(0, 1), today=[3, 0]).factor      # half as much again, capped
    1.2
    """
    given = numbers(days, "days", ndim=2, place="day")
    _check_oldest_first(days)
    first, last = _steps(window, "window", given.shape[1])
    top = whole(top, "top", least=1, unit="of days")
    of = whole(of, "of", least=1, unit="of days")
    if top > of:
        raise InvalidInput(f"top {top} must be at most of, {of}: the highest days are chosen from so many")
    cap = number(cap, "cap", least=0, most=1)
    called = {whole(day, "event", least=0, most=len(given) - 1) for day in sequence(events, "events", of="days")}
    free = [day for day in range(len(given)) if day not in called]
    if len(free) < of:
        raise InvalidInput(f"{count(of, 'day')} without an event are asked for, and {len(free)} of {len(given)} have none")
    last_ones = np.array(free[-of:])
    used = given[last_ones, first:last].sum(axis=1)
    chosen = last_ones[np.argsort(-used, kind="stable")[:top]]
    mean = given[chosen].mean(axis=0)
    factor = 1.0 if adjust is None else _adjustment(mean, adjust, today, cap)
    return Baseline(mean[first:last], tuple(chosen.tolist()), factor, first)


def _adjustment(mean, adjust, today, cap):
    """By what the mean of the chosen days is multiplied."""
    first, last = _steps(adjust, "adjust", len(mean))
    if today is None:
        raise InvalidInput("adjust compares with today's readings: give today")
    now = series(today, "today", count=len(mean))[first:last].sum()
    then = mean[first:last].sum()
    if then <= 0:
        used = f"the chosen days use {say(then, then)} kWh there"
        raise InvalidInput(f"adjust {shown(adjust)}: {used}, and a ratio needs more")
    return float(np.clip(now / then, 1 - cap, 1 + cap))


def _check_oldest_first(days):
    """Refuse a table whose dates do not rise: the last days would be the oldest. They may leave out weekends."""
    dates = getattr(days, "index", None) if hasattr(days, "iloc") else None
    if dates is None or not (dates.dtype.kind == "M" or hasattr(dates, "to_timestamp")):
        return
    for row in range(1, len(dates)):
        if not dates[row - 1] < dates[row]:
            raise InvalidInput(f"days: the oldest must stand first, and {dates[row]} comes after {dates[row - 1]}")


def _steps(steps, name, length):
    """First step of some hours of a day, and the first after them."""
    found = tuple(whole(step, f"step of {name}", least=0, most=length) for step in sequence(steps, name, of="two steps"))
    if len(found) != 2 or found[0] >= found[1]:
        raise InvalidInput(f"{name} {shown(steps)} must be its first step, and the first after it")
    return found
