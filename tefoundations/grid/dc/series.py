"""Many hours of DC-OPF at once: one solve a price regime, one matrix product for all hours in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork
from tefoundations.grid.consistency import check_network
from tefoundations.grid.dc.optimum import DispatchModel
from tefoundations.grid.dc.programmes import NoSolution
from tefoundations.grid.dc.shortage import infeasible
from tefoundations.grid.dc.wires import bus_prices
from tefoundations.grid.network import Network
from tefoundations.grid.offers import fixed_draw
from tefoundations.indices import index_of
from tefoundations.inputs import numbers
from tefoundations.words import Explained, count, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

AT_ONCE = 1_000_000  # flows looked at in one go: they stay near the processor, and memory stays bounded


@dataclass(frozen=True, eq=False, repr=False)
class DispatchSeries(Explained):
    """The optimum of every hour of a series. Signs and units are those of `Dispatch`.

    Parameters
    ----------
    net : Network
    load : (T, n) float array
        Fixed load with shunts (MW).
    generation : (T, g) float array
        Output of each generator (MW).
    demand : (T, d) float array
        What each bid gets (MW).
    flow : (T, m) float array
        Flow of each line (MW).
    lmp : (T, n) float array
        Price at each bus ($/MWh).
    multiplier : (T, m) float array
        Multiplier of each line ($/MWh), signed like its flow.
    dc_flow : (T, h) float array
        Flow of each DC line where it leaves (MW).
    cost : (T,) float array
        Cost of generation ($/h).
    value : (T,) float array
        What the served bids are worth ($/h).
    regime : (T,) int array
        Number of the price regime of each hour, in the order found: hours with the same number have the same marginal
        units and full lines.
    index : pandas.Index or None
        The hours as the table of loads names them; None counts them from 0.
    """

    net: Network
    load: np.ndarray
    generation: np.ndarray
    demand: np.ndarray
    flow: np.ndarray
    lmp: np.ndarray
    multiplier: np.ndarray
    dc_flow: np.ndarray
    cost: np.ndarray
    value: np.ndarray
    regime: np.ndarray
    index: pd.Index | None = None

    def __post_init__(self):
        for name in ("load", "generation", "demand", "flow", "lmp", "multiplier", "dc_flow", "cost", "value", "regime"):
            getattr(self, name).flags.writeable = False

    @cached_property
    def congestion_rent(self) -> np.ndarray:
        """(T,) float array: what loads pay less what generators get ($/h)."""
        bids, units = self.net.bids.at, self.net.generators.at
        paid = (self.lmp * self.load).sum(axis=1) + (self.lmp[:, bids] * self.demand).sum(axis=1)
        return paid - (self.lmp[:, units] * self.generation).sum(axis=1)

    def to_frame(self) -> pd.DataFrame:
        """Prices by hour and bus.

        Returns
        -------
        pandas.DataFrame
            T rows (index as that of the loads, named `hour` if it has no name), one column a bus ($/MWh).
        """
        import pandas as pd

        index = pd.RangeIndex(len(self.lmp)) if self.index is None else self.index
        index = index.rename("hour") if index.name is None else index
        return pd.DataFrame(self.lmp.copy(), index=index, columns=pd.Index(self.net.buses.bus, name="bus"))

    def explain(self) -> str:
        """The series in words: hours and regimes, money, prices, and how often which line was full.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> net = Network.from_frames(**grid("three_bus"))
        >>> print(dc_opf_series(net, [[0, 0, 0], [0, 30, 60]], limits={"1-2": 45}).explain())
        2 hours in 2 price regimes: cost 2759.88 $, congestion rent 2428.9 $.
        Prices from 9 to 26.1854 $/MWh.
        Line 1-2 is full in 2 hours.
        """
        full = self.multiplier != 0
        head = f"{count(len(self), 'hour')} in {count(len(np.unique(self.regime)), 'price regime')}"
        told = [f"{head}: cost {say(self.cost.sum())} $, congestion rent {say(self.congestion_rent.sum())} $."]
        if self.lmp.size:
            told.append(f"Prices from {say(self.lmp.min())} to {say(self.lmp.max())} $/MWh.")
        for line in np.argsort(-full.sum(axis=0), kind="stable"):
            if full[:, line].any():
                told.append(f"Line {self.net.lines.name[line]} is full in {count(int(full[:, line].sum()), 'hour')}.")
        return "\n".join(told)

    def _at_a_glance(self):
        ends = f"{say(self.lmp.min())} to {say(self.lmp.max())}" if self.lmp.size else "none"
        full = self.net.lines.name[(self.multiplier != 0).any(axis=0)]
        return [
            ("hours", len(self)), ("price regimes", len(np.unique(self.regime))), ("cost, $", self.cost.sum()),
            ("prices, $/MWh", ends), ("congestion rent, $", self.congestion_rent.sum()),
            ("lines that were full", listed(full) or "none"),
        ]  # fmt: skip

    def __len__(self):
        return len(self.cost)

    def __repr__(self):
        return f"DispatchSeries({len(self)} hours, {len(np.unique(self.regime))} price regimes)"


def dc_opf_series(
    net: Network,
    load: ArrayLike | pd.DataFrame,
    *,
    susceptance: str = "x_tap",
    slack: object = None,
    angle_limits: bool = True,
    limits: Mapping | ArrayLike | None = None,
) -> DispatchSeries:
    """The DC-OPF of every hour of a series of loads, each hour on its own.

    Equal to calling `DispatchModel.solve` hour by hour, and much faster: one hour is solved, the equations of its
    price regime then give dispatch and prices of all hours in the same regime, and so on with the hours that are left.

    Parameters
    ----------
    net : Network
    load : (T, n) array or pandas.DataFrame
        Fixed load by hour and bus (MW); a frame may have its columns, the labels of the buses, in any order. Its index,
        of numbers or times, must rise, and times must be an hour apart.
    susceptance : {"x_tap", "x", "r_x"}
        As in `dc_opf`.
    slack : object, dict or "distributed", optional
        As in `dc_opf`; must be one that the network has.
    angle_limits : bool
        As in `dc_opf`.
    limits : dict or (m,) array, optional
        As in `dc_opf` (MW), the same in every hour.

    Returns
    -------
    DispatchSeries

    Raises
    ------
    Infeasible
        Names the first hour found that cannot be served, and why.
    InvalidInput
        Loads of another shape, a frame with other columns, or whose index does not rise, is not hourly or holds labels.
    InvalidNetwork
        A load that is not a finite number (names hour and bus), and what `dc_opf` refuses.

    References
    ----------
    Gal, T. (1995), "Postoptimal Analyses, Parametric Programming, and Related Topics", 2nd ed., de Gruyter (the regimes of a
    linear programme); Zhou, Q., Tesfatsion, L. and Liu, C.-C. (2011), "Short-term congestion forecasting in wholesale power
    markets", IEEE Transactions on Power Systems 26(4), 2185-2196 (prices by region of the load space).

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> net = Network.from_frames(**grid("pjm_five_bus"))
    >>> year = dc_opf_series(net, [scale * net.buses.load for scale in (0.5, 0.7, 0.9, 0.901)])
    >>> year
    DispatchSeries(4 hours, 3 price regimes)
    >>> year.lmp.round(2)
    array([[10.  , 10.  , 10.  , 10.  , 10.  ],
           [15.  , 21.74, 24.33, 31.46, 10.  ],
           [16.98, 26.38, 30.  , 39.94, 10.  ],
           [16.98, 26.38, 30.  , 39.94, 10.  ]])
    """
    check_network(net)
    index = getattr(load, "index", None) if hasattr(load, "columns") else None
    load = by_hour(net, load)
    model = DispatchModel(net, susceptance=susceptance, slack=slack, angle_limits=angle_limits)
    hours = _Hours(model, load + fixed_draw(net), *model.flow_limits(limits))
    hours.solve()
    blocks = model._blocks
    cost, value = blocks.costs(hours.injection)
    generation, demand = blocks.generation(hours.injection), blocks.demand(hours.injection)
    of_lines = hours.flow, hours.lmp, hours.multiplier
    dc_flow, load = blocks.dc_flow(hours.injection), load + net.buses.g_shunt
    return DispatchSeries(net, load, generation, demand, *of_lines, dc_flow, cost, value, hours.regime, index)


def by_hour(net, load, hours=1):
    """The load as a checked (T, n) array; a frame's times are so many hours apart."""
    buses = net.buses.bus.tolist()
    if hasattr(load, "columns"):
        if set(load.columns) != set(buses) or len(load.columns) != len(buses):
            raise InvalidInput(f"load must have one column for each of the {len(buses)} buses of the network, named like it")
        index_of(load, "load", hours=hours)
        load = load[buses].to_numpy()
    load = numbers(load, "load", infinite=True, missing=True, ndim=None, place="hour")
    if load.ndim != 2 or load.shape[1] != len(buses):
        raise InvalidInput(f"load must have shape (hours, {len(buses)}), not {load.shape}")
    for hour, bus in np.argwhere(~np.isfinite(load))[:1]:
        raise InvalidNetwork(f"hour {hour}, bus {buses[bus]}: load {load[hour, bus]} must be a finite number")
    return load


class _Hours:
    """The hours of a series while they are being solved."""

    def __init__(self, model, load, low, high):
        self.net, self.blocks, self.wires, self.lines = model.net, model._blocks, model._wires, model._lines
        self.load, self.low, self.high = load, low, high
        self.total, (hours, buses), lines = load.sum(axis=1), load.shape, len(low)
        self.injection, self.lmp = np.empty((hours, len(self.blocks.at))), np.empty((hours, buses))
        self.flow, self.multiplier = np.empty((hours, lines)), np.zeros((hours, lines))
        self.regime = np.full(hours, -1)
        self.from_load = self.wires.flows(-load.T).T  # flows if all power came from the reference bus
        each = [self.blocks.injected(one, buses) for one in np.eye(len(self.blocks.at))]
        each = np.reshape(each, (len(each), buses)).T
        self.from_blocks = self.wires.flows(each).T - self.wires.flows(np.zeros(buses))  # (k, m): by a megawatt of each

    def solve(self):
        """One regime after the other, starting from an hour in the middle."""
        order = np.argsort(self.total, kind="stable")
        hour = int(order[len(order) // 2]) if len(order) else None
        number = 0
        while hour is not None:
            self._one_hour(hour, number)
            left = np.flatnonzero(self.regime < 0)
            for part in np.array_split(left, 1 + left.size * len(self.low) // AT_ONCE):
                self._same_regime(part, number)
            left = np.flatnonzero(self.regime < 0)
            hour, number = (int(left[0]) if len(left) else None), number + 1

    def _one_hour(self, hour, number):
        """Solve one hour, and remember its regime."""
        load = self.load[hour]
        try:
            optimum, flow = self.lines.clear(load, self.low, self.high)
        except NoSolution:
            reason = infeasible(self.net, self.wires, self.blocks, load, self.low, self.high)
            raise Infeasible(f"hour {hour}: {reason}", load=reason.load, deliverable=reason.deliverable, shed=reason.shed,
                             bus=reason.bus, lines=reason.lines) from None  # fmt: skip
        self._keep(np.array([hour]), optimum.injection, flow, *self.lines.prices(optimum), number)
        try:
            self.found = self.lines.regime()
        except np.linalg.LinAlgError:
            self.found = None  # several dispatches cost the same: the equations do not single one out

    def _same_regime(self, hours, number):
        """Give dispatch and prices to those of the hours in which the regime just found holds."""
        if self.found is None or not len(hours):
            return
        watched = self.lines.watched
        room = self.from_load[np.ix_(hours, watched)]
        low, high = self.low[watched] - room, self.high[watched] - room
        injection, energy, multiplier, holds = self.found.solve(self.total[hours], low, high)
        hours, injection, energy, multiplier = hours[holds], injection[holds], energy[holds], multiplier[holds]
        flow = self.from_load[hours] + injection @ self.from_blocks
        kept = ~self.lines.beyond(flow, self.low, self.high).any(axis=1)
        lmp = bus_prices(energy[kept], multiplier[kept], self.lines.factors)
        of_lines = np.zeros((len(lmp), self.multiplier.shape[1]))
        of_lines[:, watched] = -multiplier[kept] + 0.0
        self._keep(hours[kept], injection[kept], flow[kept], lmp, of_lines, number)

    def _keep(self, hours, injection, flow, lmp, multiplier, number):
        self.injection[hours], self.flow[hours], self.regime[hours] = injection, flow, number
        self.lmp[hours], self.multiplier[hours] = lmp, multiplier
