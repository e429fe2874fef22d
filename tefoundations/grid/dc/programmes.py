"""The market on one bus, with some lines watched: a linear programme for HiGHS, a quadratic one for Clarabel.

Both minimise the cost of the blocks so that they supply the load and keep the watched flows within limits:

    min sum cost q + cost2 q^2    with    sum share q = total,    low <= rows q <= high,    q within its block

Both keep the solver between solves: only right-hand sides change from load to load, and rows are added for more lines.
What they hand to it is in units of their own, as in `tefoundations.programmes`, so that its tolerances mean the same on a
street as on a continent.
"""

from dataclasses import dataclass
from math import floor, inf, log2

import numpy as np

from tefoundations.errors import InvalidNetwork, TEError
from tefoundations.grid.dc.regime import Regime
from tefoundations.programmes import ROUNDING

HIGHS_OPTIONS = {
    "output_flag": False, "threads": 1, "parallel": "off", "presolve": "off", "solver": "simplex",
    "primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9,
}  # fmt: skip
SMALLEST = 1e-4  # share of all that is used which the unit of energy may fall to
COARSE, FINE = 4.0, 64.0  # a unit may be so many times larger, or smaller, than one of its own would be
ENDLESS = "the cost can fall without end: a generator without p_max must not be cheaper than another without p_min"


@dataclass(frozen=True, eq=False)
class MarketOptimum:
    """Parameters: injection (k,) MW; energy ($/MWh); multiplier (w,) $/MWh, negative at an upper limit, d cost / d limit.

    Where all lines were watched, (m,) multipliers of all come with lmp, the (n,) prices ($/MWh). What an iteration stopped
    near is known up to a blur ($/MWh); of an exact optimum that is 0.
    """

    injection: np.ndarray
    energy: float
    multiplier: np.ndarray
    lmp: np.ndarray | None = None
    blur: float = 0.0


class NoSolution(Exception):
    """No injection keeps all limits; whoever asked says why."""


@dataclass(frozen=True)
class MarketUnits:
    """What counts as one: energy (MW) and money ($/MWh)."""

    energy: float
    money: float

    @classmethod
    def of(cls, load, blocks):
        """Near the smallest load, bid or unit, all no larger than what can be used in all, and near the highest price."""
        low, high = within(blocks, load.sum())
        used = np.abs(load).sum() + np.abs(low[np.isfinite(low)]).sum() or np.abs(high[np.isfinite(high)]).sum()
        sizes = np.minimum(np.abs(np.concatenate([load, low, high])), used)
        energy = _power(max(sizes.min(initial=np.inf, where=sizes > 0), SMALLEST * used))
        money = np.abs(blocks.cost).max(initial=0.0)
        if blocks.quadratic:
            rise = 2 * np.abs(blocks.cost2) * np.minimum(np.maximum(np.abs(low), np.abs(high)), used)
            money = max(money, rise.max())
        return cls(energy, _power(money))

    def repriced(self, blocks):
        """Those for the same sizes at other prices, constant ones: a small part of the work of `of`."""
        return MarketUnits(self.energy, _power(np.abs(blocks.cost).max(initial=0.0)))

    def near(self, other):
        """Whether these will do where others would be its own: hardly coarser, and not so fine that all is rounding."""
        return all(1 / FINE <= own / new <= COARSE for own, new in ((self.energy, other.energy), (self.money, other.money)))


def _power(value):
    """As `tefoundations.units.power`, of one number."""
    return 2.0 ** floor(log2(value)) if 0 < value < inf else 1.0


def within(blocks, total, least=0.0):
    """Limits of the blocks (MW), those drawn in that a load of `total` does not let them come near, to twice what it allows.

    As in `tefoundations.units.drawn_in`; all have the same room, which is not taken for less than `least` or for a crumb.
    """
    low, high, size = blocks.low, blocks.high, abs(total)
    fewest, most = blocks.supplies
    room, back = total - fewest.sum(), most.sum() - total  # infinite where a block has no limit
    room = max(room, SMALLEST * (size + abs(fewest).sum()), least)
    back = max(back, SMALLEST * (size + abs(most).sum()), least)
    units = blocks.share == 1  # what flows on a DC line is no supply: the load does not bound it
    most = np.where(units, np.minimum(high, low + 2 * room), high) if 0 < room < inf else high
    return np.where(units, np.maximum(low, high - 2 * back), low) if 0 < back < inf else low, most


class LinearMarket:
    """HiGHS, dual simplex: after a change it starts from the last basis and needs a few pivots."""

    def __init__(self, blocks, units):
        import highspy

        self.blocks, self.units, self.rows = blocks, units, np.zeros((0, len(blocks.at)))
        self.highs, count = highspy.Highs(), len(blocks.at)
        for option, value in HIGHS_OPTIONS.items():
            self.highs.setOptionValue(option, value)
        zero, every, starts = np.zeros(1), np.arange(count, dtype=np.int32), np.array([0, count], dtype=np.int32)
        by_row, minimise = 2, 1
        self.highs.passModel(count, 1, count, by_row, minimise, 0.0, blocks.cost / units.money, blocks.low / units.energy,
                             blocks.high / units.energy, zero, zero, starts, every, blocks.share,
                             np.zeros(count, dtype=np.int32))  # fmt: skip
        status = highspy.HighsModelStatus
        self._optimal, self._impossible, self._unbounded = status.kOptimal, status.kInfeasible, status.kUnbounded
        self._status = highspy.HighsBasisStatus

    def offer(self, blocks):
        """Other costs and limits of the same blocks."""
        before, self.blocks = self.blocks, blocks
        costs = np.flatnonzero(blocks.cost != before.cost).astype(np.int32)
        limits = np.flatnonzero((blocks.low != before.low) | (blocks.high != before.high)).astype(np.int32)
        if len(costs):
            self.highs.changeColsCost(len(costs), costs, blocks.cost[costs] / self.units.money)
        if len(limits):
            low, high = blocks.low[limits] / self.units.energy, blocks.high[limits] / self.units.energy
            self.highs.changeColsBounds(len(limits), limits, low, high)

    def watch(self, rows):
        """Add watched lines: (w, k) float array, what each block adds to their flows."""
        added, count = rows.shape
        self.rows = np.vstack([self.rows, rows])
        starts, columns = np.arange(added, dtype=np.int32) * count, np.tile(np.arange(count, dtype=np.int32), added)
        none = np.full(added, np.inf)
        self.highs.addRows(added, -none, none, rows.size, starts, columns, rows.ravel())

    def solve(self, total, low, high):
        """The optimum for a load (MW) and room on the watched lines (MW)."""
        if not len(self.blocks.at):
            return self._nobody(total, low, high)
        every, unit = np.arange(len(low) + 1, dtype=np.int32), self.units.energy
        lower, upper = (np.concatenate([[total], room]) / unit for room in (low, high))
        self.highs.changeRowsBounds(len(every), every, lower, upper)
        self.highs.run()
        if self.highs.getModelStatus() != self._optimal:
            self._start_again()
        solution = self.highs.getSolution()
        dual = np.array(solution.row_dual) * self.units.money
        return MarketOptimum(np.array(solution.col_value) * unit, float(dual[0]), dual[1:])

    def _nobody(self, total, low, high):
        """A market without a seller or buyer serves a load of 0 only; HiGHS does not take an empty problem."""
        least = ROUNDING * self.units.energy
        if abs(total) > least or (low > least).any() or (high < -least).any():
            raise NoSolution
        return MarketOptimum(np.zeros(0), 0.0, np.zeros(len(low)))

    def _start_again(self):
        """The last basis may have led astray: solve from none before giving up."""
        self.highs.clearSolver()
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == self._impossible:
            raise NoSolution
        if status != self._optimal:
            if status == self._unbounded:
                raise InvalidNetwork(ENDLESS)
            raise TEError(f"HiGHS finds no optimum: {self.highs.modelStatusToString(status)}")

    def regime(self):
        """The regime of the last optimum, read off the basis."""
        basis = self.highs.getBasis()
        columns, rows = list(basis.col_status), list(basis.row_status)[1:]
        at_low = np.array([status in (self._status.kLower, self._status.kZero) for status in columns], dtype=bool)
        at_high = np.array([status == self._status.kUpper for status in columns], dtype=bool)
        full = np.array([-1 if s == self._status.kLower else 1 if s == self._status.kUpper else 0 for s in rows], dtype=int)
        return Regime(self.blocks, self.rows, at_low, at_high, full, self.units)


def interior(squares, cost, matrix, right, equations):
    """Clarabel, ready for the least cost @ x + x @ squares @ x / 2 with matrix @ x = right in the first rows, else <=.

    One thread, accuracy 1e-9; right-hand sides may change between solves.
    """
    import clarabel

    settings = clarabel.DefaultSettings()
    settings.verbose, settings.max_threads, settings.presolve_enable = False, 1, False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-9
    cones = [clarabel.ZeroConeT(equations), clarabel.NonnegativeConeT(len(right) - equations)]
    return clarabel.DefaultSolver(squares, cost, matrix, right, cones, settings)


def answer(solver):
    """Clarabel's solution.

    Raises
    ------
    NoSolution
        Nothing keeps all limits.
    InvalidNetwork
        The cost can fall without end.
    TEError
        It stops without an answer.
    """
    solution = solver.solve()
    said = str(solution.status)
    if "PrimalInfeasible" in said:
        raise NoSolution
    if "DualInfeasible" in said:
        raise InvalidNetwork(ENDLESS)
    if said not in ("Solved", "AlmostSolved"):
        raise TEError(f"Clarabel finds no optimum: {said}")
    return solution
