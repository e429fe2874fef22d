"""Market first, then the network: clear on one bus, look at the lines, watch only those that are overloaded, clear again.

Most lines of a network are never full. So the market is cleared as if there were no network; one triangular solve gives
the flow of every line; the overloaded ones become constraints of the market (a row of the PTDF matrix each), and it is
cleared again, until no line is overloaded. The prices come out taken apart: one price of energy for everybody, and
what each full line adds at each bus.
"""

import numpy as np

from tefoundations.grid.dc.programmes import MarketUnits, market_of
from tefoundations.grid.dc.wires import OVERLOAD


class LazyLines:
    """A market on a network, kept between solves: factors, watched lines, solver.

    Parameters
    ----------
    wires : Wires
    blocks : Blocks
    """

    def __init__(self, wires, blocks):
        self.wires, self.blocks = wires, blocks
        self.market, self._drawn = None, 0.0
        self._offered = self._resized = False
        self.watched = np.zeros(0, dtype=np.intp)
        self.factors = np.zeros((0, wires.size))

    def offer(self, blocks):
        """Offer these blocks from now on: where their buses are the same, the solver keeps what it knows."""
        if blocks is self.blocks:
            return
        same = np.array_equal(blocks.at, self.blocks.at) and blocks.quadratic == self.blocks.quadratic
        limits = (blocks.low, self.blocks.low), (blocks.high, self.blocks.high)
        self._resized = self._resized or blocks.quadratic or not all(np.array_equal(*each) for each in limits)
        self.blocks, self._offered = blocks, True
        if not same:
            self.market = None  # made anew when the load is known

    def clear(self, load, low, high):
        """Cheapest dispatch that keeps every limit.

        Parameters
        ----------
        load : (n,) float array
            MW by bus.
        low, high : (m,) float arrays
            Limits of the flows (MW).

        Returns
        -------
        MarketOptimum, (m,) float array
            What the blocks do, and the flows (MW).

        Raises
        ------
        NoSolution
            There is no such dispatch.
        """
        self._fit(load)
        total, from_load = load.sum(), self.wires.flows(-load)
        while True:
            room = from_load[self.watched]
            optimum = self.market.solve(total, low[self.watched] - room, high[self.watched] - room)
            flow = self.wires.flows(self.blocks.injected(optimum.injection, self.wires.size) - load)
            overloaded = self.overloaded(flow, low, high)
            if not len(overloaded):
                return optimum, flow
            self.watch(overloaded)

    def _fit(self, load):
        """A market in units fit for this load and these blocks: the one there is, unless they are far from those before."""
        drawn = np.abs(load).sum()
        far = self.market is None or not self._drawn / 4 <= drawn <= self._drawn * 4
        if not (far or self._offered):
            return
        units = MarketUnits.of(load, self.blocks) if far or self._resized else self.market.units.repriced(self.blocks)
        if self.market is None or not self.market.units.near(units):
            self.market = market_of(self.blocks, units)
            if len(self.watched):
                self.market.watch(np.ascontiguousarray(self.blocks.seen(self.factors)))
        elif self._offered:
            self.market.offer(self.blocks)
        self._drawn = drawn if far or self._resized else self._drawn
        self._offered = self._resized = False

    def beyond(self, flow, low, high):
        """Which lines are beyond their limits; `flow` is (m,) or (T, m), as the answer."""
        unit = self.market.units.energy
        over, under = (
            OVERLOAD * np.maximum(np.where(np.isfinite(limit), np.abs(limit), 0.0), unit) for limit in (high, low)
        )
        return (flow > high + over) | (flow < low - under)

    def overloaded(self, flow, low, high):
        """Positions of lines beyond their limits that are not watched yet; `flow` is (m,) or (T, m)."""
        beyond = self.beyond(flow, low, high)
        beyond = beyond.any(axis=0) if beyond.ndim > 1 else beyond
        beyond[self.watched] = False
        return np.flatnonzero(beyond)

    def watch(self, lines):
        """Make the flows of these lines (positions) constraints of the market."""
        factors = self.wires.factors(lines)
        self.market.watch(np.ascontiguousarray(self.blocks.seen(factors)))
        self.factors = np.vstack([self.factors, factors])
        self.watched = np.concatenate([self.watched, lines])
