"""The result of a security-constrained dispatch: what the network would carry after each loss, and what that costs now."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.dc.dispatch import Dispatch
from tefoundations.grid.dc.price_range import AT_LIMIT, price_ranges
from tefoundations.grid.security.outages import Outages
from tefoundations.grid.security.rows import Rows
from tefoundations.inputs import one_of
from tefoundations.words import listed, shown

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SecureDispatch(Dispatch):
    """The optimum of a security-constrained DC-OPF.

    A price has three parts: energy, congestion (lines full now) and security (lines that would be full after a loss).
    Where two losses do the same to the network, their multipliers may share what they are worth in many ways; prices and
    the sum of the multipliers do not depend on that.

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
        The tax ($/t).
    after_limit : (m,) float array
        What each line may carry after a loss (MW).
    outage_multiplier : dict
        {(line, what is lost): what one more megawatt of the line's limit after that loss would save ($/MWh)}, signed like
        the flow then; only pairs that are worth something.
    overload : dict
        {(line, what is lost): MW beyond the limit}, where a penalty allows it.
    penalty : float or None
        What a megawatt beyond a limit after a loss costs ($/MWh); not in `cost`.
    """

    after_limit: np.ndarray
    outage_multiplier: dict
    overload: dict
    penalty: float | None
    _outages: Outages = field(repr=False)
    _rows: Rows = field(repr=False)
    _worth: np.ndarray = field(repr=False)

    _tells_ranges = True  # whether `explain` tells ranges of prices: where these take many solves it does not

    @property
    def outages(self) -> tuple[str, ...]:
        """tuple of str: the lines, then the generators whose loss is reckoned with; borne, save those in `overload`."""
        return self._outages.names

    @property
    def unprotected(self) -> tuple[str, ...]:
        """tuple of str: lines that were asked for with all others, and whose loss splits the network."""
        return self._outages.unprotected

    @cached_property
    def generator_price(self) -> np.ndarray:
        """(g,) float array: what one more megawatt of each generator is worth ($/MWh).

        The price at its bus less what its own loss would then ask of the network: a unit whose loss is borne is worth less
        than its neighbour whose loss is not.
        """
        return self.lmp[self.net.generators.at] - self._worth @ self._rows.own

    @cached_property
    def congestion_rent(self) -> float:
        """What loads pay less what generators get, each at its `generator_price` ($/h); as in `Dispatch`."""
        taken = self.load @ self.lmp + self.demand @ self.lmp[self.net.bids.at]
        return float(taken - self.generator_price @ self.generation)

    def outage_flow(self, lost: str) -> pd.Series:
        """What each line carries right after a loss.

        Parameters
        ----------
        lost : str
            A line or a generator among `outages`.

        Returns
        -------
        pandas.Series
            Index `line` (MW); 0 for a lost line.

        Raises
        ------
        InvalidInput
            Another name.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, scopf
        >>> d = scopf(Network.from_frames(**grid("three_bus")), limits={"1-2": 140, "1-3": 100, "2-3": 140})
        >>> d.outage_flow("1-2").round(6).tolist()
        [0.0, 100.0, -125.0]
        """
        import pandas as pd

        return pd.Series(self._after(self._place(lost)), index=pd.Index(self.net.lines.name, name="line"), name="flow")

    def price_components(self, *, slack: object = None) -> pd.DataFrame:
        """Prices taken apart: energy, congestion now, and security.

        Parameters
        ----------
        slack : object, dict or "distributed", optional
            As in `Dispatch.price_components`.

        Returns
        -------
        pandas.DataFrame
            Index `bus`; columns energy, congestion and security ($/MWh), which add up to the price.

        Raises
        ------
        InvalidInput
            An unknown bus, weights that add up to 0.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, scopf
        >>> d = scopf(Network.from_frames(**grid("three_bus")), limits={"1-2": 140, "1-3": 100, "2-3": 140})
        >>> d.price_components().round(6)  # doctest: +NORMALIZE_WHITESPACE
             energy  congestion  security
        bus
        1      10.0         0.0       0.0
        2      10.0         0.0       5.0
        3      10.0         0.0       5.0
        """
        parts = super().price_components(slack=slack)
        now = super().line_components(slack=slack).sum(axis=1).to_numpy()
        return parts.assign(congestion=now, security=parts["congestion"].to_numpy() - now)

    def line_components(self, *, slack: object = None) -> pd.DataFrame:
        """What each full line, and each line that a loss would fill, adds to the price of each bus.

        Parameters
        ----------
        slack : object, dict or "distributed", optional
            As in `price_components`.

        Returns
        -------
        pandas.DataFrame
            Index `bus`, one column a line with a multiplier, then one a pair, as in "1-3 after 1-2" ($/MWh); rows add up to
            congestion and security.

        Raises
        ------
        InvalidInput
            An unknown bus, weights that add up to 0.
        """
        weights, parts = self._slack(slack), super().line_components(slack=slack)
        for row in np.flatnonzero(self._worth):
            (of_lines, outage), factors = self._rows.pairs[row], self._rows.factors[row]
            if outage >= 0:
                name = f"{self.net.lines.name[max(of_lines, key=of_lines.get)]} after {self.outages[outage]}"
                added = -self._worth[row] * (factors - factors @ weights) + 0.0
                parts[name] = parts[name] + added if name in parts else added
        return parts

    @cached_property
    def price_interval(self) -> np.ndarray:
        """(n, 2) float array: lowest and highest price of each bus that supports this dispatch ($/MWh); see `Dispatch`."""
        return price_ranges(self, self._full_rows())

    def to_frame(self, table: str = "buses") -> pd.DataFrame:
        """The result as a table.

        Parameters
        ----------
        table : {"buses", "lines", "generators", "bids", "dclines", "outages"}

        Returns
        -------
        pandas.DataFrame
            As `Dispatch.to_frame`; buses with the column security ($/MWh), generators at their `generator_price`.
            outages: a row a pair of line and loss that is worth something or overloaded: flow after it, limit (MW),
            multiplier ($/MWh), overload (MW).

        Raises
        ------
        InvalidInput
            Another table.
        """
        from tefoundations.grid.security.words import outage_frame

        one_of(table, ("buses", "lines", "generators", "bids", "dclines", "outages"), "table")
        if table == "outages":
            return outage_frame(self)
        frame = super().to_frame(table)
        if table == "buses":
            return frame.assign(security=self.price_components()["security"])
        if table == "generators":
            return frame.assign(price=self.generator_price, revenue=self.generator_price * self.generation)
        return frame

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
        >>> from tefoundations.grid import Network, scopf
        >>> print(scopf(Network.from_frames(**grid("three_bus")), limits={"1-2": 140, "1-3": 100, "2-3": 140}).explain())
        Cost 1250 $/h, worth of served bids 3685 $/h, congestion rent 500 $/h.
        3 losses borne, one at a time.
        After the loss of 1-2 line 1-3 is full: 100 MW; one more would save 5 $/h.
        bus 1: 10, no congestion = 10
        bus 2: 10 + 5 security of line 1-3 after 1-2 = 15
        bus 3: 10 + 5 security of line 1-3 after 1-2 = 15
        """
        from tefoundations.grid.security.words import bus_words, secure_words

        return secure_words(self) if bus is None else bus_words(self, self.net.position(bus))

    def _price_of_units(self):
        return self.generator_price

    def _place(self, lost):
        try:
            return self._outages.index[lost]
        except (KeyError, TypeError):
            raise InvalidInput(f"{shown(lost)} is no loss of this dispatch ({listed(self.outages)})") from None

    def _after(self, outage):
        which = np.array([outage])
        after = self.flow + self._outages.parts(which)[:, 0] * self._outages.lost(self.flow, self.generation)[outage]
        if outage < len(self._outages.lines):
            after[self._outages.lines[outage]] = 0.0
        return after

    def _full_rows(self):
        """Rows at a limit as `price_ranges` takes them: by bus, by unit, how far each multiplier may move."""
        rows, outages = self._rows, self._outages
        lines, factors, signs = self._full_now()
        by_bus, own = [factors], [np.zeros((len(lines), rows.units))]
        low, high = [signs[0]], [signs[1]]
        for group, parts in outages.groups():
            after = self.flow[:, None] + parts * outages.lost(self.flow, self.generation)[group]
            full = np.abs(np.abs(after) - self.after_limit[:, None]) <= AT_LIMIT * np.abs(after)
            of_line = np.flatnonzero(group < len(outages.lines))
            full[outages.lines[group[of_line]], of_line] = False
            at, column = np.nonzero(full)
            more = outages.rows(at, group[column], parts[at, column], self._evidence.wires.factors)
            now = self._multipliers(at, group[column])
            up, most = after[at, column] > 0, np.inf if self.penalty is None else self.penalty
            by_bus, own = [*by_bus, more[0]], [*own, more[1]]
            low.append(np.where(up, -most - now, np.minimum(-now, 0.0)))
            high.append(np.where(up, np.maximum(-now, 0.0), most - now))
        return np.vstack(by_bus), np.vstack(own), (np.concatenate(low), np.concatenate(high))

    def _multipliers(self, lines, which):
        """What pairs of positions add to prices now, as `price_ranges` counts: minus the multiplier."""
        name = self.net.lines.name
        return -np.array([self.outage_multiplier.get((name[i], self.outages[k]), 0.0) for i, k in zip(lines, which)])

    def __repr__(self):
        return f"Secure{super().__repr__()}"

    def _at_a_glance(self):
        from tefoundations.grid.security.words import secure_glance

        return secure_glance(self)
