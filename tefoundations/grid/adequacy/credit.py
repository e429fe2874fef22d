"""What a resource that comes and goes is worth against a shortage: the load that it lets one add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.grid.adequacy.outages import available_of
from tefoundations.inputs import numbers, one_of, positive
from tefoundations.words import Explained, percent, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

HALVINGS = 60
MEASURES = {"eue": 1, "lole": 0}
WORDS = {"eue": ("unserved energy", "MWh"), "lole": ("hours with a shortage", "h")}


@dataclass(frozen=True, eq=False, repr=False)
class CapacityCredit(Explained):
    """The load that a resource lets one add at the same risk.

    Parameters
    ----------
    credit : float
        MW of load in every step.
    size : float
        The most that the resource gives in a step (MW).
    next : float
        What one more megawatt of the same kind would add (MW): its mean output, each step weighed by its chance of a
        shortage. Between 0 and 1; nan by "lole", which jumps and has no slope.
    risk : float
        Risk without the resource: MWh unserved, or hours with a shortage.
    risk_with : float
        The same with the resource, without more load.
    by : str
        "eue" or "lole".
    """

    credit: float
    size: float
    next: float
    risk: float
    risk_with: float
    by: str

    @property
    def share(self) -> float:
        """The credit as a part of the size; 0 of a resource that gives nothing."""
        return self.credit / self.size if self.size > 0 else 0.0

    def to_frame(self) -> pd.DataFrame:
        """The result as a table of one row.

        Returns
        -------
        pandas.DataFrame
            Columns credit, size (MW), share, next, risk, risk_with (MWh or h).
        """
        import pandas as pd

        names = ("credit", "size", "share", "next", "risk", "risk_with")
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def explain(self) -> str:
        """The credit in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(capacity_credit([60, 60], units=[(50, 0.1), (50, 0.1)], resource=[20, 0]).explain())
        20 MW at most let 10 MW of load be added at the same unserved energy: 50% of its size.
        Without load added, 4.8 MWh fall to 2.8 MWh. One more MW of it would add 0.05 MW.
        """
        what, unit = WORDS[self.by]
        size, credit = say(self.size, self.size), say(self.credit, self.size)
        head = f"{size} MW at most let {credit} MW of load be added at the same {what}: {percent(self.share)}"
        tail = f"Without load added, {say(self.risk, self.risk)} {unit} fall to {say(self.risk_with, self.risk)} {unit}."
        if not isnan(self.next):
            tail += f" One more MW of it would add {say(self.next, 1.0)} MW."
        return f"{head} of its size.\n{tail}"

    def _at_a_glance(self):
        following = "none" if isnan(self.next) else self.next
        return [("capacity credit, MW", say(self.credit, self.size)), ("size, MW", self.size),
                ("share", percent(self.share)), ("of the next MW", following)]  # fmt: skip

    def __repr__(self):
        return f"CapacityCredit({self.credit:.6g} of {self.size:.6g} MW by {self.by})"


def capacity_credit(
    load: ArrayLike,
    *,
    units: Sequence[tuple[float, float]],
    resource: ArrayLike,
    by: str = "eue",
    hours: float = 1.0,
    resolution: float | None = None,
) -> CapacityCredit:
    """The load that may be added in every step together with a resource, so that the risk stays as it was.

    Also known as the effective load carrying capability. By unserved energy it is smooth; by hours with a shortage it jumps
    from one size of unit to the next.

    Parameters
    ----------
    load : (T,) array
        MW.
    units : sequence of (float, float)
        As in `loss_of_load`.
    resource : (T,) array
        What the resource gives in each step (MW), not negative.
    by : {"eue", "lole"}
        The risk that is kept.
    hours : float
        Length of a step.
    resolution : float, optional
        As in `loss_of_load`.

    Returns
    -------
    CapacityCredit

    Raises
    ------
    InvalidInput
        Another measure, a resource that gives less than nothing or has another length than the load; no risk that could be
        kept: then every resource is worth nothing here.

    References
    ----------
    Billinton, R. and Allan, R. N. (1996), "Reliability Evaluation of Power Systems", 2nd ed., Plenum, chapter 2.

    Examples
    --------
    A resource that always gives 10 MW lets 10 MW of load be added; one that gives them in one of two steps, less:

    >>> units = [(50, 0.1), (50, 0.1)]
    >>> round(capacity_credit([60, 60], units=units, resource=[10, 10]).credit, 6)
    10.0
    >>> round(capacity_credit([60, 60], units=units, resource=[10, 0]).credit, 6)
    5.0
    """
    load, measure = numbers(load, "load", place="step"), MEASURES[one_of(by, MEASURES, "by")]
    gives = numbers(resource, "resource", least=0, count=len(load), place="step")
    hours, available = positive(hours, "hours"), available_of(units, resolution)

    def risk(load):
        return float(available.short(load)[measure].sum()) * hours

    before = risk(load)
    if not before > 0:
        raise InvalidInput(
            f"load never exceeds what units give: there are no {WORDS[by][0]} that a resource could keep down"
        )
    low, high = 0.0, float(gives.max(initial=0.0))
    if risk(load + high - gives) <= before:
        low = high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if risk(load + middle - gives) <= before * (1 + 1e-12) else (low, middle)
    chance, _ = available.short(load + low - gives)
    size = float(gives.max(initial=0.0))
    following = float(chance @ gives / (chance.sum() * size)) if size > 0 and chance.sum() > 0 else 0.0
    if by == "lole":
        following = nan  # a chance of a shortage is the slope of what is missing, not of the hours
    return CapacityCredit(low, size, following, before, risk(load - gives), by)
