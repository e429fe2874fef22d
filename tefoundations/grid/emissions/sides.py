"""How an optimum moves with the load of one bus: where it is smooth, and to either side of a kink.

Where no limit is only just reached, one more megawatt is served by the blocks between their limits, full lines stay full,
and the optimality conditions are linear equations: one solve for all buses. Where a limit is only just reached, one more and
one less megawatt do different things. Then the direction itself is an optimum: of all directions that keep the limits take
those that cost least at first order, and of these the one that costs least at second order. Where several are left, units
with the same cost tie. Of their ways those count that move no more than must be moved: that one unit could also take over
from another, at no cost and without end, is no answer to one more megawatt.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.dc.dispatch import Dispatch
from tefoundations.grid.dc.price_range import standing
from tefoundations.grid.dc.programmes import MarketUnits
from tefoundations.grid.dc.quadratic import QuadraticMarket
from tefoundations.grid.dc.regime import Regime
from tefoundations.inputs import instance
from tefoundations.programmes import NEAR, LinearProgramme, NoPoint, is_zero, linear

LESS, MORE = -1.0, 1.0
TIE = 1e-6  # MW per MW that must be open before units tie


@dataclass(frozen=True, eq=False)
class Direction:
    """Where the optimum goes when the load of one bus moves.

    Parameters
    ----------
    injection : (k,) float array
        How the blocks move (MW per MW of load); where units tie, one way of several.
    lmp : (n,) float array
        How prices move ($/MWh per MW).
    loose : (k,) bool array
        Blocks whose part is open, since they tie.
    ways : LinearProgramme or None
        All the ways, as what goes up beside what goes down; None where there is one.
    """

    injection: np.ndarray
    lmp: np.ndarray
    loose: np.ndarray
    ways: LinearProgramme | None = None

    def range_of(self, weights):
        """(low, high): the least and the greatest sum of weights (k,) times moves that a tie leaves open."""
        if self.ways is None:
            return (float(weights @ self.injection),) * 2
        return _ends(self.ways, weights)


def _ends(ways, weights):
    """The least and the greatest sum of weights times moves; 0 where it is what a solver leaves."""
    both, found = np.r_[weights, -np.asarray(weights, dtype=float)], []
    for sign in (1.0, -1.0):
        optimum = ways.minimise(sign * both)
        left = is_zero(optimum.objective, of=np.abs(both).max(initial=0.0) * np.abs(optimum.x).sum(), share=TIE)
        found.append(0.0 if left else sign * optimum.objective)
    return tuple(found)


class Motion:
    """How a dispatch moves with the load of each bus.

    Parameters
    ----------
    dispatch : Dispatch

    Raises
    ------
    InvalidInput
        No dispatch, or one with more conditions than limits of lines and a cap: it would move as if they were not there.
    """

    def __init__(self, dispatch):
        instance(dispatch, Dispatch, "dispatch", advice="make one with dc_opf")
        if type(dispatch) is not Dispatch:
            kind = type(dispatch).__name__
            raise InvalidInput(f"dispatch: a {kind} has other conditions beside full lines, which would be left out here")
        self.evidence, self.at = dispatch._evidence, standing(dispatch)
        self.blocks, self.load, self.lmp = self.evidence.blocks, dispatch.load, dispatch.lmp
        self.multiplier = dispatch.multiplier
        self._known = {}

    def smooth(self):
        """How blocks (k, n) and prices (n, n) move with the load of each bus, or None at a kink."""
        blocks, at = self.blocks, self.at
        if self.reached.any() or self.lines_reached.any():
            return None
        full = np.ones(len(at.earned) - 1, dtype=int)
        try:
            units = MarketUnits.of(self.load, blocks)
            regime = Regime(blocks, at.earned[1:], at.at_low, at.at_high, full, units)
        except np.linalg.LinAlgError:
            return None
        injection, duals = regime.moved(at.prices)
        return injection, at.prices.T @ duals

    @property
    def reached(self):
        """(k,) bool array: blocks that have only just reached a limit: the next megawatt costs what it earns."""
        return ~self.at.marginal & (self.at.room == 0) & (self.blocks.low < self.blocks.high)

    @property
    def lines_reached(self):
        """(f,) bool array: lines, and a cap, at a limit that is worth nothing."""
        below, above = self.at.signs
        return ((below == 0) & np.isinf(above)) | ((above == 0) & np.isinf(below))

    def side(self, bus, sign):
        """The direction for more (1) or less (-1) load at a bus (position), or None where there is none."""
        column = sign * self.at.prices[:, bus]
        key = column.tobytes()  # buses behind the same lines
        if key not in self._known:
            self._known[key] = self._direction(column)
        return self._known[key]

    def _direction(self, column):
        first, bounds = self._first(column)
        if first is None:
            return None
        k = len(self._sizes)
        # All that is as cheap at first order: what has a price of its own stays where it is.
        dear = ~is_zero(first.reduced, of=np.r_[self._sizes, np.full(len(self._slack), self._dearest)], share=NEAR)
        lower, upper = (np.where(dear, 0.0, bound) for bound in bounds)
        low, high = column.copy(), column.copy()
        for sign, row, stays in zip(self._slack, self._rows, dear[k:]):
            if not stays:
                low[row], high[row] = (-np.inf, high[row]) if sign > 0 else (low[row], np.inf)
        return self._second(first.x[:k], (low, high), (lower[:k], upper[:k]))

    def _first(self, column):
        """The cheapest direction at first order, or None; and the bounds of the moves and of the room that lines give up.

        Costs are what each move costs beyond what it earns, and what a full line is worth that is relieved: at the prices of
        the optimum all of them are 0 or more, so that rounding cannot make the cost fall without end.
        """
        at, rows = self.at, self._rows
        room = np.where(at.at_low, np.maximum(at.room, 0.0), np.where(at.at_high, np.minimum(at.room, 0.0), 0.0))
        room[at.at_low & at.at_high] = 0.0
        slack = np.zeros((len(at.earned), len(rows)))
        slack[rows, np.arange(len(rows))] = self._slack
        lower = np.r_[np.where(at.at_low, 0.0, -np.inf), np.zeros(len(rows))]
        upper = np.r_[np.where(at.at_high, 0.0, np.inf), np.full(len(rows), np.inf)]
        worth = np.r_[np.abs(self.multiplier[at.lines]), self.evidence.tonne][rows - 1]
        try:
            found = linear(np.r_[room, worth], np.hstack([at.earned, slack]), column, column, lower, upper)
        except NoPoint:
            found = None
        return found, (lower, upper)

    @cached_property
    def _rows(self):
        """(s,) int array: rows that may be left: a line that must stay as it is, with a limit of one flow, may not."""
        below, above = self.at.signs
        return 1 + np.flatnonzero(~(np.isinf(below) & np.isinf(above)))

    @cached_property
    def _slack(self):
        """(s,) float array: 1 for a row at its upper limit, which may fall, -1 for one at its lower, which may rise."""
        return np.where(np.isinf(self.at.signs[0]), 1.0, -1.0)[self._rows - 1]

    @cached_property
    def _sizes(self):
        """(k,) float array: sizes that rounding of what a block costs and earns is measured by ($/MWh)."""
        rise = 2 * self.blocks.cost2 * np.abs(self.evidence.injection)
        return np.abs(self.blocks.cost) + rise + self.blocks.sizes(self.lmp)

    @property
    def _dearest(self):
        return np.abs(self.lmp).max(initial=0.0) + np.abs(self.multiplier).max(initial=0.0) + self.evidence.tonne

    def _second(self, injection, rows, bounds):
        """Of all directions as cheap at first order those that are cheapest at second order."""
        curved, free, lmp = self.blocks.cost2 > 0, bounds[0] < bounds[1], np.zeros(len(self.lmp))
        if (curved & free).any():
            squares = replace(self.blocks, cost=np.zeros(len(curved)), low=bounds[0], high=bounds[1])
            market = QuadraticMarket(squares, MarketUnits.of(rows[0][:1], squares))
            market.watch(np.ascontiguousarray(self.at.earned[1:]))
            found = market.solve(rows[0][0], rows[0][1:], rows[1][1:])
            injection = found.injection
            lmp = self.at.prices.T @ np.r_[found.energy, found.multiplier]
        loose = free & ~curved
        if not loose.any():
            return Direction(injection, lmp, loose)
        lower, upper = (np.where(curved, injection, bound) for bound in bounds)
        return self._without_swaps(rows, (lower, upper), loose, lmp)

    def _without_swaps(self, rows, bounds, candidates, lmp):
        """The ways that move least in all; which blocks are open in them."""
        earned, (lower, upper) = self.at.earned, bounds
        room = NEAR * (np.abs(earned) @ np.where(lower == upper, np.abs(lower), 0.0))  # what is fixed is rounded
        low, high = rows[0] - room, rows[1] + room
        sides = np.r_[np.maximum(lower, 0), np.maximum(-upper, 0)], np.r_[np.maximum(upper, 0), np.maximum(-lower, 0)]
        split, total = np.hstack([earned, -earned]), np.ones(2 * len(lower))
        least = linear(total, split, low, high, *sides)
        most = least.objective * (1 + NEAR)
        ways = LinearProgramme(np.vstack([split, total]), np.r_[low, -np.inf], np.r_[high, most], *sides)
        loose = np.zeros(len(candidates), dtype=bool)
        for block in np.flatnonzero(candidates):
            fewest, largest = _ends(ways, np.arange(len(lower)) == block)
            loose[block] = largest - fewest > TIE * (1 + abs(fewest) + abs(largest))
        injection = least.x[: len(lower)] - least.x[len(lower) :]
        return Direction(injection, lmp, loose, ways if loose.any() else None)
