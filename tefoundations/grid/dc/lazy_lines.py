"""Market first, then the network: clear on one bus, look at the lines, watch only those that are overloaded, clear again.

Most lines of a network are never full. So the market is cleared as if there were no network; one triangular solve gives
the flow of every line; the overloaded ones become constraints of the market (a row of the PTDF matrix each), and it is
cleared again, until no line is overloaded. The prices come out taken apart: one price of energy for everybody, and
what each full line adds at each bus.

Where very many lines are full, their dense rows cost more than they save: then all lines are watched at once, with an angle
for every bus (`tefoundations.grid.dc.angles`).
"""

import numpy as np

from tefoundations.grid.dc.angles import AngleMarket
from tefoundations.grid.dc.programmes import LinearMarket, MarketUnits
from tefoundations.grid.dc.quadratic import QuadraticMarket
from tefoundations.grid.dc.wires import beyond_limits, bus_prices

# Watched lines of a quadratic market: with more, one programme with all lines is faster. Measured on PGLib: as fast at 18
# rows of 73 buses, 5 times as fast at 54 of 793 and 40 times at 70 of 500. HiGHS has no such bound up to 777 rows.
MOST_ROWS = 30


def market_of(blocks, units):
    """The market on one bus for these blocks: linear if every marginal cost is constant, else quadratic."""
    return QuadraticMarket(blocks, units) if blocks.quadratic else LinearMarket(blocks, units)


class LazyLines:
    """A market on a network, kept between solves: factors, watched lines, solver.

    Parameters
    ----------
    wires : Wires
    blocks : Blocks
    besides : (r, k) float array, optional
        Rows beside those of lines: what a megawatt of each block adds to something else with a limit, such as carbon.
    """

    def __init__(self, wires, blocks, besides=None):
        self.wires, self.blocks = wires, blocks
        self.besides = np.zeros((0, len(blocks.at))) if besides is None else besides
        self.market, self._drawn = None, 0.0
        self.angles, self.by_angles = None, False
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
        self.by_angles = self.by_angles and blocks.quadratic

    def clear(self, load, low, high, most=()):
        """Cheapest dispatch that keeps every limit.

        Parameters
        ----------
        load : (n,) float array
            MW by bus.
        low, high : (m,) float arrays
            Limits of the flows (MW).
        most : (r,) array
            Upper limits of the rows `besides`, whose multipliers come first.

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
        while not self.by_angles:
            room = from_load[self.watched]
            least, largest = low[self.watched] - room, high[self.watched] - room
            if len(self.besides):
                least, largest = np.r_[np.full(len(self.besides), -np.inf), least], np.r_[most, largest]
            optimum = self.market.solve(total, least, largest)
            flow = self._flow(optimum, load)
            overloaded = self.overloaded(flow, low, high)
            if not len(overloaded):
                return optimum, flow
            crowded = self.blocks.quadratic and len(self.watched) + len(overloaded) > MOST_ROWS
            self.by_angles = crowded and not len(self.besides)  # the programme with all lines has no other rows
            if not self.by_angles:
                self.watch(overloaded)
        if self.angles is None or self.angles.blocks is not self.blocks or self.angles.units != self.market.units:
            self.angles = AngleMarket(self.wires, self.blocks, self.market.units)
        optimum = self.angles.solve(load, low, high)
        return optimum, self._flow(optimum, load)

    def _flow(self, optimum, load):
        return self.wires.flows(self.blocks.injected(optimum.injection, self.wires.size) - load)

    def prices(self, optimum):
        """The prices at all buses, and the multipliers of all lines, signed like their flows: (n,) and (m,) $/MWh."""
        if optimum.lmp is not None:
            return optimum.lmp, -optimum.multiplier + 0.0
        multiplier, of_lines = np.zeros(len(self.wires.b)), optimum.multiplier[len(self.besides) :]
        multiplier[self.watched] = -of_lines + 0.0
        return bus_prices(optimum.energy, of_lines, self.factors, optimum.blur), multiplier

    def regime(self):
        """The regime of the last optimum; LinAlgError where it is not known."""
        if self.by_angles:
            raise np.linalg.LinAlgError("the optimum with all lines has no regime of watched lines")
        return self.market.regime()

    def _fit(self, load):
        """A market in units fit for this load and these blocks: the one there is, unless they are far from those before."""
        drawn = np.abs(load).sum()
        far = self.market is None or not self._drawn / 4 <= drawn <= self._drawn * 4
        if not (far or self._offered):
            return
        units = MarketUnits.of(load, self.blocks) if far or self._resized else self.market.units.repriced(self.blocks)
        if self.market is None or not self.market.units.near(units):
            self.market = market_of(self.blocks, units)
            if len(self.besides):
                self.market.watch(self.besides)
            if len(self.watched):
                self.market.watch(np.ascontiguousarray(self.blocks.seen(self.factors)))
        elif self._offered:
            self.market.offer(self.blocks)
        self._drawn = drawn if far or self._resized else self._drawn
        self._offered = self._resized = False

    def beyond(self, flow, low, high):
        """Which lines are beyond their limits; `flow` is (m,) or (T, m), as the answer."""
        return beyond_limits(flow, low, high, self.market.units.energy)

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
