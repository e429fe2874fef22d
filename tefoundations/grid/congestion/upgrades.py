"""What more of a line would save: by its worth now, and in truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput, TEError
from tefoundations.grid.columns import place_of, shape_of
from tefoundations.grid.dc.optimum import DispatchModel, line_limits
from tefoundations.inputs import instance, numbers, positive, sequence
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import Explained, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network


@dataclass(frozen=True, eq=False, repr=False)
class LineValue(Explained):
    """What more of a line would save in some kinds of hours.

    Parameters
    ----------
    line : object
        Its name.
    more : float or (s,) float array
        By how much its limit is raised (MW).
    saved : float or (s,) float array
        What that saves in all the hours ($): cost less value falls by it.
    multiplier : (k,) float array
        What one more megawatt would save now, in each kind of hour ($/MWh).
    hours : float array, (k,)
        How many hours of each kind there are.
    """

    line: object
    more: float | np.ndarray
    saved: float | np.ndarray
    multiplier: np.ndarray
    hours: np.ndarray

    @property
    def rate(self) -> float:
        """What one more megawatt would save in all the hours, by what it is worth now ($/MW): the sum of shadow prices."""
        return float(self.hours @ self.multiplier)

    @property
    def naive(self) -> float | np.ndarray:
        """The same for all of `more`, as if its worth did not fall ($)."""
        return self.rate * self.more

    def to_frame(self) -> pd.DataFrame:
        """The savings as a table.

        Returns
        -------
        pandas.DataFrame
            Index `more` (MW); columns naive, saved ($).
        """
        import pandas as pd

        more, naive, saved = map(np.atleast_1d, (self.more, self.naive, self.saved))
        return pd.DataFrame({"naive": naive, "saved": saved}, index=pd.Index(more, name="more"))

    def explain(self) -> str:
        """The savings in words.

        Returns
        -------
        str
            What the next megawatt saves, and what all of them do.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network
        >>> net = Network.from_frames(**grid("three_bus"))
        >>> print(line_value(net, line="1-2", more=20, limits={"1-2": 45}).explain())
        Now one more megawatt of line 1-2 saves 20 $ in 1 h.
        20 MW at that worth: 400 $. In truth: 250.98 $.
        """
        from tefoundations.grid.congestion.words import value_words

        return value_words(self)

    def __repr__(self):
        return f"LineValue(line {self.line}, {self.rate:.6g} $/MW now)"

    def _at_a_glance(self):
        return [("line", self.line), ("next megawatt, $/MW", f"{self.rate:.6g}"), ("hours", f"{self.hours.sum():g}")]


def line_value(
    net: Network,
    *,
    line: object,
    more: float | ArrayLike,
    hours: float | ArrayLike = 1.0,
    cases: Sequence[Mapping] = ({},),
    limits: Mapping | ArrayLike | None = None,
    reactance: float | None = None,
) -> LineValue:
    """What a line saves if its limit is raised: cost less value of the best dispatch, before less after.

    Parameters
    ----------
    net : Network
    line : object
        Name of the line.
    more : float or (s,) array
        By how much its limit is raised (MW), not negative; several to compare.
    hours : float or (k,) array
        How many hours there are of each kind; one number for all.
    cases : sequence of k dicts
        What the kinds of hours are: each holds `load` and `offers`, as in `DispatchModel.solve`, where they are others than
        those of the network.
    limits : dict or (m,) array, optional
        Limits before (MW): {line: MW} replaces those of these lines, an array those of all.
    reactance : float, optional
        Reactance of the line after it was widened (p.u.). Default: as before, the same wires with a higher rating. A second
        circuit beside an equal one halves it, and draws power from other lines.

    Returns
    -------
    LineValue

    Raises
    ------
    InvalidInput
        An unknown line, a negative amount, hours and cases of other numbers; names the case.
    Infeasible
        A kind of hour without a dispatch; names the case.

    Notes
    -----
    A multiplier is the worth of the next megawatt. Where the dispatch before has a kink, it is one of several.

    Examples
    --------
    A line with room to spare: more of it is worth nothing.

    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> line_value(net, line="1-2", more=20).saved
    0.0

    Full at 45 MW, each further megawatt saves less than the one before:

    >>> v = line_value(net, line="1-2", more=[10, 20, 40], limits={"1-2": 45})
    >>> v.naive.round(2), v.saved.round(2)
    (array([200., 400., 800.]), array([162.75, 250.98, 268.42]))
    """
    before = DispatchModel(net)
    at = place_of(line, {name: row for row, name in enumerate(net.lines.name.tolist())}, "line")
    limit = line_limits(net, limits)
    added = numbers(more, "more", least=0, ndim=None, place="entry")
    if added.ndim > 1:
        raise InvalidInput(f"more must be one number or a row of them, not of shape {added.shape}")
    kinds = [_case(place, case) for place, case in enumerate(sequence(cases, "cases", of="dicts"))]
    if not kinds:
        raise InvalidInput("cases must hold at least one kind of hour")
    given = [hours] * len(kinds) if shape_of(hours) == () else hours
    counted = numbers(given, "hours", least=0, count=len(kinds), place="case")
    after = before
    if reactance is not None:
        x = net.lines.x.copy()
        x[at] = positive(reactance, "reactance", unit="(p.u.)")
        after = DispatchModel(replace(net, lines=replace(net.lines, x=x)))
    saved, multiplier = np.zeros(added.shape), np.zeros(len(kinds))
    for kind, case in enumerate(kinds):
        now = _solved(before, kind, case, limit)
        multiplier[kind] = abs(now.multiplier[at])
        for place, mw in np.ndenumerate(added):
            wide = limit.copy()
            wide[at] += mw
            then = _solved(after, kind, case, wide)
            fall = (now.cost - now.value) - (then.cost - then.value)
            dust = is_zero(fall, of=sum(map(abs, (now.cost, now.value, then.cost, then.value))), share=NEAR)
            saved[place] += 0.0 if dust else counted[kind] * fall
    if not added.ndim:
        return LineValue(net.lines.name[at], float(added), float(saved), multiplier, counted)
    return LineValue(net.lines.name[at], added, saved, multiplier, counted)


def _case(place, case):
    """What is another in one kind of hour."""
    instance(case, dict, f"case {place}", advice="{'load': MW, 'offers': ...}")
    for key in case:
        if key not in ("load", "offers"):
            raise InvalidInput(f"case {place}: {shown(key)} is not one of load, offers")
    return case


def _solved(model, place, case, limits):
    """The best dispatch of one kind of hour; an error names the kind."""
    try:
        return model.solve(case.get("load"), offers=case.get("offers"), limits=limits)
    except TEError as error:
        error.args = (f"case {place}: {error}",)
        raise
