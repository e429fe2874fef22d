"""Counter-trading: the grid buys in one of two zones and sells in the other, until the lines carry what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import Infeasible, InvalidInput
from tefoundations.grid.congestion.schedules import refuse_dc_lines
from tefoundations.grid.dc.optimum import DispatchModel
from tefoundations.grid.network import Network
from tefoundations.grid.offers import blocks_of, fixed_draw
from tefoundations.inputs import sequence
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import Explained, say, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class CounterTrade(Explained):
    """The least counter-trade between two zones after which no line is overloaded.

    Parameters
    ----------
    net : Network
    zones : (str, str)
        Their buses, in words.
    amount : float
        What the grid sells in the first zone and buys in the second (MW); below 0 the other way round.
    price : (2,) float array
        Price in each zone after that ($/MWh). Where a zone's curve has a step there, the middle of `price_interval`.
    price_interval : (2, 2) float array
        Lowest and highest price of each zone ($/MWh).
    generation, demand : (g,) float array, (d,) float array
        What each unit makes, and each bid gets (MW).
    flow : (m,) float array
        MW.
    cost : float
        By how much welfare falls ($/h).
    payment : float
        What the grid pays ($/h): the amount at the price difference of the zones.
    """

    net: Network
    zones: tuple
    amount: float
    price: np.ndarray
    price_interval: np.ndarray
    generation: np.ndarray
    demand: np.ndarray
    flow: np.ndarray
    cost: float
    payment: float

    def to_frame(self) -> pd.DataFrame:
        """The lines after the counter-trade.

        Returns
        -------
        pandas.DataFrame
            Index `line`; column flow (MW).
        """
        import pandas as pd

        return pd.DataFrame({"flow": self.flow}, index=pd.Index(self.net.lines.name, name="line"))

    def explain(self) -> str:
        """The counter-trade in words.

        Returns
        -------
        str
            What is bought and sold where, the prices, and what it costs.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> net = Network.from_frames(**grid("three_bus"))
        >>> print(countertrade(net, zones=([1], [2, 3]), limits={"1-2": 45}).explain())
        It buys 75.49 MW in zone 2, 3 and sells them in zone 1, for 601.59 $/h.
        Prices: 8.59375 $/MWh in zone 1, 16.5625 $/MWh in zone 2, 3.
        Welfare falls by 300.79 $/h.
        """
        from tefoundations.grid.congestion.words import countertrade_words

        return countertrade_words(self)

    def __repr__(self):
        return f"CounterTrade({self.amount:.6g} MW, cost {self.cost:.6g}, payment {self.payment:.6g})"

    def _at_a_glance(self):
        prices = [(f"price in zone {zone}, $/MWh", say(price)) for zone, price in zip(self.zones, self.price)]
        money = [("payment, $/h", say(self.payment)), ("cost, $/h", say(self.cost))]
        return [("amount, MW", say(self.amount)), *prices, *money]


def countertrade(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    zones: Sequence[Sequence],
    limits: Mapping | ArrayLike | None = None,
) -> CounterTrade:
    """The counter-trade that costs least: in a zone everybody sees one price, so only the trade between the zones changes.

    Parameters
    ----------
    net : Network
        Without DC lines.
    load : dict or (n,) array, optional
        {bus: MW} replaces the fixed load of these buses, an array that of all (MW).
    zones : (sequence, sequence)
        The buses of two zones, each bus in one of them. (With three, which pair trades is a choice of its own.)
    limits : dict or (m,) array, optional
        {line: MW} replaces the limits of these lines, an array those of all (MW).

    Returns
    -------
    CounterTrade

    Raises
    ------
    Infeasible
        No trade between the zones brings all lines within their limits.
    InvalidInput
        Not two zones, a bus in none or in both, an unknown bus.
    InvalidNetwork
        DC lines; what `dc_opf` refuses.

    Notes
    -----
    Units of a zone follow its price, so all flows depend on one number, what the zones trade, along straight pieces. Welfare
    falls on both sides of the market without lines; so the nearest trade on either side that every line allows is looked
    for, and the better one taken. Blocks of one zone at one price are used in equal shares.

    Examples
    --------
    No line in the way, nothing to trade:

    >>> from tefoundations.data import grid
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> countertrade(net, zones=([1], [2, 3])).amount
    0.0

    >>> c = countertrade(net, zones=([1], [2, 3]), limits={"1-2": 45})
    >>> c.price, round(c.cost, 3), c.flow.round(6)
    (array([ 8.59375, 16.5625 ]), 300.794, array([ 45.    ,  26.875 , -72.1875]))
    """
    model = DispatchModel(net)
    refuse_dc_lines(net, "countertrade")
    load, here = net.load_vector(load), _first_zone(net, zones)
    blocks, drawn = blocks_of(net, active_only=True), load + fixed_draw(net)
    low, high = model.flow_limits(limits)
    free = model.solve(load, limits=np.full(len(net.lines), np.inf))
    curves = [_curve(blocks, inside[blocks.at], drawn[inside].sum(), np.abs(drawn).sum()) for inside in (here, ~here)]
    sent = free.generation[here[net.generators.at]].sum() - free.demand[here[net.bids.at]].sum() - drawn[here].sum()

    first, last = max(curves[0][0][0], -curves[1][0][-1]), min(curves[0][0][-1], -curves[1][0][0])
    corners = np.unique(np.clip(np.concatenate([curves[0][0], -curves[1][0], [sent]]), first, last))

    def run(trade):
        given = np.zeros(len(blocks.at))
        for curve, sign, inside in zip(curves, (1, -1), (here, ~here)):
            given[inside[blocks.at]] = _amounts_at(curve, sign * trade)
        return given, model._wires.flows(blocks.injected(given, len(load)) - drawn)

    found = []
    for trade in _nearest(corners, np.array([run(corner)[1] for corner in corners]), low, high, sent):
        given, flow = run(trade)
        cost, value = blocks.costs(given)
        found.append((float(cost - value), trade, given, flow))
    if not found:
        message = "no trade between the two zones brings all lines within their limits: units of one zone would have to part"
        raise Infeasible(message)
    money, trade, given, flow = min(found, key=lambda each: each[0])
    amount, fall = sent - trade, money - (free.cost - free.value)
    prices = np.array([_prices_at(curve, sign * trade) for curve, sign in zip(curves, (1, -1))])
    if is_zero(amount, of=abs(trade) + abs(sent) + np.abs(drawn).sum(), share=NEAR):
        amount, fall, prices = 0.0, 0.0, np.tile(free.price_interval[0], (2, 1))
    price = np.array([_middle(*ends) for ends in prices])
    told = tuple(", ".join(map(str, net.buses.bus[inside])) for inside in (here, ~here))
    return CounterTrade(net, told, float(amount), price, prices, blocks.generation(given), blocks.demand(given), flow,
                        float(fall), float(amount * (price[1] - price[0])) if amount else 0.0)  # fmt: skip


def _first_zone(net, zones):
    """(n,) bool array: which buses are in the first zone; each must be in one of the two."""
    two = sequence(zones, "zones", of="two sequences of buses")
    if len(two) != 2:
        raise InvalidInput(f"zones must be two, not {len(two)}")
    within = np.zeros((2, len(net.buses)), dtype=int)
    for row, zone in enumerate(two):
        for bus in sequence(zone, f"zone {row}", of="buses", ordered=False):
            within[row, net.position(bus)] = 1
    for at in np.flatnonzero(within.sum(axis=0) != 1)[:1]:
        where = "both zones" if within[0, at] else "none of the zones"
        raise InvalidInput(f"zones: bus {shown(net.buses.bus[at])} is in {where}")
    return within[0] == 1


def _curve(blocks, own, load, drawn):
    """What a zone sends out at each price: corners (MW), their prices, and what its blocks do there (corners, blocks)."""
    ends = np.concatenate([blocks.low, blocks.high])
    most = drawn + np.abs(ends[np.isfinite(ends)]).sum()  # nobody can give or take more than all together
    low, high = np.maximum(blocks.low[own], -most), np.minimum(blocks.high[own], most)
    cost, slope = blocks.cost[own], 2 * blocks.cost2[own]
    if not own.any():
        return np.array([-load]), np.array([np.nan]), np.zeros((1, 0))
    prices = np.unique(np.concatenate([cost + slope * low, cost + slope * high]))
    rising = np.where(slope > 0, slope, 1.0)
    amounts = []
    for price in prices:
        along = np.clip((price - cost) / rising, low, high)
        for from_here in (price > cost, price >= cost):
            amounts.append(np.where(slope > 0, along, np.where(from_here, high, low)))
    amounts = np.array(amounts)
    return np.maximum.accumulate(amounts.sum(axis=1)) - load, np.repeat(prices, 2), amounts


def _amounts_at(curve, sent):
    """What the blocks of a zone do where it sends out this much."""
    corners, _, amounts = curve
    if len(corners) == 1:
        return amounts[0]
    piece = int(np.clip(np.searchsorted(corners, sent, side="right") - 1, 0, len(corners) - 2))
    length = corners[piece + 1] - corners[piece]
    part = np.clip((sent - corners[piece]) / length, 0.0, 1.0) if length > 0 else 0.0
    return amounts[piece] + part * (amounts[piece + 1] - amounts[piece])


def _prices_at(curve, sent):
    """Lowest and highest price at which a zone sends out this much."""
    corners, prices, _ = curve
    if len(corners) == 1:
        return -np.inf, np.inf
    met = np.flatnonzero(is_zero(corners - sent, of=np.abs(corners) + abs(sent), share=NEAR))
    if not len(met):
        return (np.interp(sent, corners, prices),) * 2
    low = -np.inf if met[0] == 0 else prices[met[0]]
    return low, np.inf if met[-1] == len(corners) - 1 else prices[met[-1]]


def _middle(low, high):
    """One price of an interval: its middle, or its end where there is but one."""
    return (low + high) / 2 if np.isfinite([low, high]).all() else low if np.isfinite(low) else high


def _nearest(corners, flows, low, high, sent):
    """The trades nearest to `sent`, one on each side, at which all flows, straight between corners, are within limits."""
    with np.errstate(invalid="ignore"):
        near = NEAR * (np.abs(flows).max(axis=0) + np.where(np.isfinite(high), np.abs(high), 0.0))
    if len(corners) == 1:
        return corners if ((flows[0] >= low - near) & (flows[0] <= high + near)).all() else []
    below, above = -np.inf, np.inf
    for a, b, start, end in zip(corners, corners[1:], flows, flows[1:]):
        first, last, step = 0.0, 1.0, end - start
        for room in (high - start, start - low):  # step * t <= room, and then -step * t <= room
            room = np.where(np.abs(room) <= near, 0.0, room)
            if (room[step == 0] < 0).any():
                last = -1.0  # a line is beyond its limit, and this piece does not change its flow
            up, down = step > 0, step < 0
            last = min(last, np.min(room[up] / step[up], initial=1.0))
            first = max(first, np.max(room[down] / step[down], initial=0.0))
            step = -step
        if first <= last:
            a, b = a + first * (b - a), a + last * (b - a)
            below = max(below, min(b, sent)) if a <= sent else below
            above = min(above, max(a, sent)) if b >= sent else above
    return [trade for trade in (below, above) if np.isfinite(trade)]
