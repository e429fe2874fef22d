"""The result of a co-optimisation: who produces, who is held back, and what both cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.grid.dc.wires import Wires, bus_prices
from tefoundations.grid.network import Network
from tefoundations.grid.offers import Blocks
from tefoundations.grid.reserves.programme import JointOptimum, ReserveColumns, ReserveRows, ranges
from tefoundations.grid.words import price_words
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class ReserveEvidence:
    """What a result needs to find its price ranges: the programme, its optimum, positions of the watched lines; MW."""

    wires: Wires
    blocks: Blocks
    columns: ReserveColumns
    rows: ReserveRows
    found: JointOptimum
    seen: np.ndarray
    unit: float
    can: np.ndarray
    asked: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class ReserveDispatch(Explained):
    """The optimum of energy and reserve together.

    The price of a bus is what one more megawatt of load there adds to cost less value; the reserve price of a zone what one
    more megawatt that the zone needs adds to it. Both are positive when it costs money. Where the optimum has a kink, a
    range of prices supports it: `price_interval` and `reserve_price_interval`. Where several ways of holding the reserve
    cost the same, one of them is told.

    Parameters
    ----------
    net : Network
    load : (n,) float array
        Fixed load with shunts (MW).
    generation : (g,) float array
        Output of each generator (MW).
    reserve : (g,) float array
        What each generator holds back (MW).
    demand : (d,) float array
        What each bid gets (MW).
    flow : (m,) float array
        Flow of each line (MW), positive from `from_bus` to `to_bus`.
    lmp : (n,) float array
        Price at each bus ($/MWh).
    reserve_price : dict
        {zone: $/MWh}.
    held : dict
        {zone: MW} of reserve that the zone needs, or that its demand curve takes.
    lost_opportunity : (g,) float array
        What one more megawatt of each generator's `p_max` would save where its reserve takes up room ($/MWh): its price less
        its marginal cost; else 0. It is the reserve price, less the offer, only of a generator that could hold more in time.
    multiplier : (m,) float array
        What one more megawatt of each line's limit would save ($/MWh), signed like the flow.
    cost : float
        Cost of generation, of DC lines and of offers to hold reserve ($/h).
    value : float
        What the served bids are worth ($/h).
    worth : float
        What a demand curve says that the held reserve is worth ($/h); 0 without one.
    """

    net: Network
    load: np.ndarray
    generation: np.ndarray
    reserve: np.ndarray
    demand: np.ndarray
    flow: np.ndarray
    lmp: np.ndarray
    reserve_price: dict
    held: dict
    lost_opportunity: np.ndarray
    multiplier: np.ndarray
    cost: float
    value: float
    worth: float
    _counts: np.ndarray = field(repr=False)
    _evidence: ReserveEvidence = field(repr=False)

    def __post_init__(self):
        for name in ("load", "generation", "reserve", "demand", "flow", "lmp", "lost_opportunity", "multiplier"):
            getattr(self, name).flags.writeable = False

    @property
    def objective(self) -> float:
        """Cost less the worth of bids and of reserve: what is minimised ($/h)."""
        return self.cost - self.value - self.worth

    @property
    def unit_reserve_price(self) -> np.ndarray:
        """(g,) float array: what a megawatt held by each generator for an hour is paid, the sum over its zones ($/MWh)."""
        return np.array(list(self.reserve_price.values())) @ self._counts + 0.0

    @property
    def congestion_rent(self) -> float:
        """What loads pay for energy less what generators get for it ($/h)."""
        taken = self.load + np.bincount(self.net.bids.at, self.demand, len(self.load))
        return self.lmp @ (taken - np.bincount(self.net.generators.at, self.generation, len(self.load)))

    @cached_property
    def price_interval(self) -> np.ndarray:
        """(n, 2) float array: what one megawatt less of load at each bus would save, and one more would cost ($/MWh)."""
        evidence, rows = self._evidence, self._evidence.rows
        wanted = np.zeros((len(rows.low), len(self.lmp)))
        wanted[0] = 1.0
        wanted[len(wanted) - rows.lines :] = evidence.wires.factors(evidence.seen)
        return self._ranges(wanted)

    @cached_property
    def reserve_price_interval(self) -> dict:
        """{zone: (low, high)}: what one megawatt less of reserve would save, and what one more would cost ($/MWh)."""
        rows, zones = self._evidence.rows, list(self.reserve_price)
        first = len(rows.low) - rows.lines - len(zones)
        wanted = np.zeros((len(rows.low), len(zones)))
        wanted[first : first + len(zones)] = np.eye(len(zones))
        return dict(zip(zones, map(tuple, self._ranges(wanted).tolist())))

    def _ranges(self, wanted):
        evidence = self._evidence
        return ranges(evidence.columns, evidence.rows, evidence.unit, evidence.found, wanted)

    def to_frame(self, table: str = "generators") -> pd.DataFrame:
        """The result as a table.

        Parameters
        ----------
        table : {"generators", "buses", "lines", "zones"}

        Returns
        -------
        pandas.DataFrame
            generators: bus, output, reserve (MW), price ($/MWh), reserve_price ($/MWh), lost_opportunity ($/MWh), and
            income from both ($/h). buses: load, demand, generation, reserve (MW), lmp. lines: flow, limit (MW), multiplier.
            zones: held (MW), price and its ends, low and high ($/MWh).

        Raises
        ------
        InvalidInput
            Another table.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, reserve_opf
        >>> d = reserve_opf(Network.from_frames(**grid("three_bus")), requirement=40, most={"S1": 0, "S3": 60})
        >>> d.to_frame()[["output", "reserve"]].round(3)  # doctest: +NORMALIZE_WHITESPACE
                    output  reserve
        generator
        S1         147.368      0.0
        S3          18.947     40.0
        """
        from tefoundations.grid.reserves.words import reserve_frame

        return reserve_frame(self, table)

    def explain(self) -> str:
        """The dispatch in words: money, the price of each zone, and why each generator holds what it holds.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.grid import Network, reserve_opf
        >>> net = Network.from_frames({"bus": [1, 2], "load": [0, 100]}, {"from_bus": [1], "to_bus": [2], "x": [0.1]},
        ...     {"bus": [1, 1], "p_max": [100, 100], "cost": [20, 35], "name": ["A", "B"]})
        >>> print(reserve_opf(net, requirement=30, most={"B": 20}).explain())
        Cost 2150 $/h; energy costs 35 $/MWh.
        Zone all holds 30 MW; one more would cost 15 $/h.
        A makes 90 MW and holds 10 MW; a megawatt held back would earn 15 $/MWh as energy.
        B makes 10 MW and holds 20 MW, all that it can in time, and gains 15 $ on each.
        """
        from tefoundations.grid.reserves.words import reserve_words

        return reserve_words(self)

    def _at_a_glance(self):
        shown = [(f"reserve price in zone {zone}, $/MWh", price) for zone, price in list(self.reserve_price.items())[:6]]
        return [("cost, $/h", say(self.cost, self.cost)), ("price, $/MWh", price_words(self.lmp)),
                ("reserve held, MW", say(self.reserve.sum(), self._evidence.unit)), *shown]  # fmt: skip

    def __repr__(self):
        served, held = self.load.sum() + self.demand.sum(), self.reserve.sum()
        return f"ReserveDispatch({served:.6g} MW, reserve {held:.6g} MW, cost {self.cost:.6g})"


def dispatch_of(net, load, zones, flow, limits, evidence):
    """The result from an optimum: who is what among its columns and rows.

    Parameters
    ----------
    net : Network
    load : (n,) float array
        MW.
    zones : Zones
    flow : (m,) float array
        MW.
    limits : (m,) float array, (m,) float array
        Lowest and highest flow (MW).
    evidence : ReserveEvidence

    Returns
    -------
    ReserveDispatch
    """
    blocks, rows, x, dual = evidence.blocks, evidence.rows, evidence.found.x, evidence.found.dual
    k, g = len(blocks.at), len(net.generators)
    given, reserve, taken = x[:k], x[k : k + g] + 0.0, x[k + g :]
    first = len(dual) - rows.lines - len(zones.names)
    money = np.abs(evidence.columns.cost + 2 * evidence.columns.cost2 * x).max(initial=0.0)
    dual = np.where(is_zero(dual, of=money, share=NEAR), 0.0, dual)  # what an iteration leaves is no price
    priced = dict(zip(zones.names, dual[first : first + len(zones.names)].tolist()))
    held = zones.need.copy()
    np.add.at(held, [zone for zone, *_ in zones.steps], taken)
    held = np.where(held > 0, held, 0.0)
    of_lines = dual[len(dual) - rows.lines :]
    multiplier = np.zeros(len(flow))
    multiplier[evidence.seen] = -of_lines + 0.0
    lost, holding = np.zeros(g), np.flatnonzero((evidence.can > 0) & np.isfinite(net.generators.p_max))
    lost[holding] = -dual[1:first] + 0.0
    nothing = is_zero(reserve, of=evidence.unit, share=NEAR)
    lost[nothing] = 0.0
    lmp = bus_prices(dual[0], of_lines, evidence.wires.factors(evidence.seen), NEAR * money)
    cost, value = blocks.costs(given)
    worth = float(sum(mw * worth for mw, (*_, worth) in zip(taken, zones.steps)))
    return ReserveDispatch(net, load, blocks.generation(given), reserve, blocks.demand(given), flow, lmp, priced,
               dict(zip(zones.names, held.tolist())), lost, multiplier, float(cost + evidence.asked @ reserve),
               float(value), worth, zones.counts, evidence)  # fmt: skip
