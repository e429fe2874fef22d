"""Corrective security: after a loss units may move a little, so the dispatch before it needs less caution.

The market is cleared as in `scopf`; whether what it finds can be mended after each loss is asked of `mends`, which answers
with further rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.columns import replaced, shape_of
from tefoundations.grid.consistency import check_network
from tefoundations.grid.dc.optimum import DispatchModel
from tefoundations.grid.dc.programmes import NoSolution
from tefoundations.grid.security.dispatch import SecureDispatch
from tefoundations.grid.security.mends import Mends
from tefoundations.grid.security.optimum import Case, after_limits
from tefoundations.inputs import not_negative
from tefoundations.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CorrectiveDispatch(SecureDispatch):
    """The optimum of a corrective security-constrained DC-OPF; `outage_flow` is what lines carry before anybody moves.

    Parameters
    ----------
    net : Network
    load : (n,) float array
        Fixed load with shunts (MW).
    generation : (g,) float array
        Output of each generator (MW).
    demand : (d,) float array
        What each bid gets (MW).
    flow : (m,) float array
        Flow of each line (MW), positive from `from_bus` to `to_bus`.
    dc_flow : (h,) float array
        Flow of each DC line where it leaves `from_bus` (MW).
    lmp : (n,) float array
        Price at each bus ($/MWh).
    multiplier : (m,) float array
        Multiplier of each line with nothing lost ($/MWh): what one more megawatt of its limit would save. Signed like the
        flow: positive for a line full from `from_bus` to `to_bus`, negative for one full the other way, 0 for all others.
    cost : float
        Cost of generation, and of DC lines ($/h).
    value : float
        What the served bids are worth ($/h).
    limits : (m,) float array, (m,) float array
        Lowest and highest flow allowed (MW), angle limits included.
    weights : (n,) float array
        The slack that prices are taken apart by; adds up to 1.
    carbon_price : float
        0: no tax, no cap ($/t).
    after_limit : (m,) float array
        What each line may carry after a loss, once generators have moved (MW).
    outage_multiplier : dict
        {(line, what is lost): what one more megawatt of the line's limit after that loss would save ($/MWh)}, signed like
        the flow then; only pairs that are worth something.
    overload : dict
        {(line, what is lost): MW beyond the limit}, where a penalty allows it.
    penalty : float or None
        What a megawatt beyond a limit after a loss costs ($/MWh); not in `cost`.
    moves : (g,) float array
        How far each generator may move after a loss, either way (MW).
    """

    moves: np.ndarray
    _mends: Mends = field(repr=False)
    _tells_ranges = False

    def explain(self, bus: object = None) -> str:
        """The arithmetic of a price, or of the whole result, in words.

        Parameters
        ----------
        bus : object, optional
            Label of a bus; default: the whole.

        Returns
        -------
        str

        Raises
        ------
        InvalidInput
            An unknown bus.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, corrective_opf
        >>> d = corrective_opf(Network.from_frames(**grid("three_bus")), moves=18, limits={"1-3": 100})
        >>> print(d.explain(2))
        bus 2: 10.9 + 3.1 security of line 1-3 after 1-2 = 14
        """
        from tefoundations.grid.security.words import corrective_words

        return super().explain(bus) if bus is not None else corrective_words(self)

    def moved(self, lost: str) -> pd.Series:
        """How the generators move after a loss: one way that keeps all limits with the least change in all.

        Parameters
        ----------
        lost : str
            A line or generator among `outages`.

        Returns
        -------
        pandas.Series
            Index `generator` (MW); 0 for all where no line is overloaded.

        Raises
        ------
        InvalidInput
            Another name.
        """
        import pandas as pd

        change = self._mends.least_change(self, self._place(lost))
        return pd.Series(change, index=pd.Index(self.net.generators.name, name="generator"), name="moved")

    def settled_flow(self, lost: str) -> pd.Series:
        """What each line carries after a loss, once generators have moved.

        Parameters
        ----------
        lost : str
            A line or generator among `outages`.

        Returns
        -------
        pandas.Series
            Index `line` (MW).

        Raises
        ------
        InvalidInput
            Another name.
        """
        flow, outage = self.outage_flow(lost), self._place(lost)
        return flow + self._mends.effect(outage) @ self.moved(lost).to_numpy()

    @cached_property
    def price_interval(self) -> np.ndarray:
        """(n, 2) float array: what one megawatt less saves and one more costs at each bus ($/MWh).

        By solving again with a little less and a little more load; equal to the price except at a kink.
        """
        return self._mends.one_sided(self)


def corrective_opf(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    moves: float | Mapping | ArrayLike,
    outages: str | Sequence = "lines",
    unit_outages: str | Sequence = (),
    pickup: Mapping | ArrayLike | None = None,
    emergency: float | Mapping | ArrayLike = 1.0,
    short_time: float | Mapping | ArrayLike | None = None,
    limits: Mapping | ArrayLike | None = None,
    susceptance: str = "x_tap",
    slack: object = None,
    angle_limits: bool = True,
) -> CorrectiveDispatch:
    """The cheapest dispatch from which, after any one loss, units can move a little so that all limits are kept again.

    What the moves cost is not counted: a loss is rare. Right after it, before anybody has moved, lines may carry
    `short_time` of their limits; a corrective dispatch is only as good as that rating.

    Parameters
    ----------
    net : Network
    load : dict or (n,) array, optional
        As in `dc_opf` (MW).
    moves : float, dict or (g,) array
        How far each generator may move after a loss, up or down (MW): one for all, {generator: MW} with 0 for the others, or
        an array. Bids and DC lines do not move.
    outages : "lines" or sequence of str
        Lines that may be lost, one at a time. "lines" is all but those whose loss splits the network: the result's
        `unprotected`.
    unit_outages : "units" or sequence of str
        Generators that may be lost, one at a time; a lost unit does not move.
    pickup : dict or (g,) array, optional
        {generator: weight}: who makes the power of a lost unit, in proportion. Default: all others, by `p_max`. Whether
        they have room left for it is not asked: that is what reserves are for.
    emergency : float, dict or (m,) array
        Share of its limit that a line may carry after a loss, once units have moved: one for all, {line: share}, or an
        array for all.
    short_time : float, dict or (m,) array, optional
        Share of its limit that a line may carry until units have moved, at least `emergency`; default: anything.
    limits : dict or (m,) array, optional
        {line: MW} replaces the limits of these lines, an array those of all (MW). Angle limits hold before a loss only.
    susceptance : {"x_tap", "x", "r_x"}
        1/(x tap), MATPOWER's; 1/x; or x/(r^2 + x^2) without taps and phase shifts.
    slack : object, dict or "distributed", optional
        Reference for the parts of prices, as in `dc_opf`.
    angle_limits : bool
        Whether `angle_min` and `angle_max` of the lines hold.

    Returns
    -------
    CorrectiveDispatch

    Raises
    ------
    Infeasible
        No dispatch can be mended after every loss: names the loss and a line; or none serves the load at all.
    InvalidInput, InvalidNetwork
        As `scopf`; a move that is negative, a line that may carry less until units have moved than after.

    References
    ----------
    Capitanescu, F. et al. (2011), "State-of-the-art, challenges, and future trends in security constrained optimal power
    flow", Electric Power Systems Research 81(8), 1731-1741.

    Examples
    --------
    Nobody moves, as in `scopf`; and 18 MW of moves bring half of the way to the dispatch that knows of no loss:

    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> net, limits = Network.from_frames(**grid("three_bus")), {"1-2": 140, "1-3": 100, "2-3": 140}
    >>> for much in (0, 18):
    ...     print(corrective_opf(net, moves=much, limits=limits).lmp.round(4))
    [10. 15. 15.]
    [10.9 14.  14. ]
    """
    check_network(net)
    model = DispatchModel(net, susceptance=susceptance, slack=slack, angle_limits=angle_limits)
    case = Case(model, load, limits, short_time, (outages, unit_outages, pickup))
    settled = after_limits(net, limits, emergency)
    for row in np.flatnonzero(case.after < settled)[:1]:
        first, then = (say(mw, mw) for mw in (case.after[row], settled[row]))
        told = (
            f"line {net.lines.name[row]} may carry {first} MW until units have moved, and {then} MW after: not less at first"
        )
        raise InvalidInput(f"short_time: {told}")
    mends = Mends(case, _moves(net, moves), settled)
    market = case.market()
    try:
        optimum, flow, beyond = case.clear(market, mends.watch)
    except NoSolution:
        raise mends.beyond_mending() from None
    fields = case.found(market, optimum, flow, beyond) | {"after_limit": mends.limit}
    return CorrectiveDispatch(**fields, moves=mends.moves, _mends=mends)


def _moves(net, moves):
    """How far each generator may move (MW)."""
    units = net.generators
    if shape_of(moves) == () and not isinstance(moves, dict):
        return np.full(len(units), not_negative(moves, "moves", unit="(MW)"))
    index = {name: row for row, name in enumerate(units.name.tolist())}
    given = replaced(moves, np.zeros(len(units)), index, "moves", "generator", "move")
    for row in np.flatnonzero(given < 0)[:1]:
        raise InvalidInput(f"moves: {units.name[row]} cannot move {given[row]:g} MW; it must not be negative")
    return given
