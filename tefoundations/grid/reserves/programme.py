"""Energy and reserve as one programme: its rows and columns, its optimum, and all prices that support it.

    min  cost of the blocks + offers of reserve - worth of the reserve that a demand curve takes
    with share q = load,    output + reserve <= p_max of each unit,    reserve of each zone >= what it needs,
         low <= rows q <= high on the watched lines

Lines are watched only when they are overloaded, as in `tefoundations.grid.dc.lazy_lines`. A linear programme goes to HiGHS.
A quadratic one goes to Clarabel, and its answer is made exact by the equations of its active limits: an interior point
method leaves a trace of a price where the right one is 0.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, diags_array

from tefoundations.grid.dc.wires import OVERLOAD
from tefoundations.programmes import NEAR, LinearProgramme, NoEnd, cone, is_zero, linear

TRIES = 12  # sets of active limits that are tried
ACTIVE = 1e-8  # share of its size within which a column or a row counts as being at its limit


@dataclass(frozen=True, eq=False)
class ReserveColumns:
    """The unknowns, q of blocks, then reserve of units, then steps of demand curves: limits (MW), cost ($), cost2 ($/MW)."""

    low: np.ndarray
    high: np.ndarray
    cost: np.ndarray
    cost2: np.ndarray


@dataclass(frozen=True, eq=False)
class ReserveRows:
    """low <= matrix @ x <= high; the first row is the balance of energy, the last `lines` are watched lines."""

    matrix: np.ndarray
    low: np.ndarray
    high: np.ndarray
    lines: int = 0

    def with_lines(self, matrix, low, high):
        """These rows and more watched lines."""
        stacked = [np.concatenate(both) for both in ((self.matrix, matrix), (self.low, low), (self.high, high))]
        return ReserveRows(*stacked, lines=self.lines + len(matrix))


@dataclass(frozen=True, eq=False)
class JointOptimum:
    """Parameters: x (n,) MW; dual (m,) of the rows, $/MWh: the derivative of the cost by the bound of the row."""

    x: np.ndarray
    dual: np.ndarray


def optimum(columns, rows, unit):
    """The cheapest x.

    Parameters
    ----------
    columns : ReserveColumns
    rows : ReserveRows
    unit : float
        A size of x that is neither large nor small (MW).

    Returns
    -------
    JointOptimum

    Raises
    ------
    NoPoint, NoEnd, Unsolved
    """
    if not columns.cost2.any():
        found = linear(columns.cost, rows.matrix, rows.low, rows.high, columns.low, columns.high)
        return JointOptimum(found.x, found.dual)
    rough = _by_cone(columns, rows, unit)
    return _exact(columns, rows, unit, rough) or rough


def _by_cone(columns, rows, unit):
    """The optimum to about 1e-9 of `unit`."""
    equal = rows.low == rows.high
    up, down = np.flatnonzero(np.isfinite(rows.high) & ~equal), np.flatnonzero(np.isfinite(rows.low) & ~equal)
    above, below = np.flatnonzero(np.isfinite(columns.high)), np.flatnonzero(np.isfinite(columns.low))
    one, same = np.eye(len(columns.low)), np.flatnonzero(equal)
    matrix = np.concatenate([rows.matrix[same], rows.matrix[up], -rows.matrix[down], one[above], -one[below]])
    right = np.concatenate([rows.low[same], rows.high[up], -rows.low[down], columns.high[above], -columns.low[below]])
    cones = [("zero", len(same)), ("positive", len(right) - len(same))]
    squares = csc_array(diags_array(2 * columns.cost2, format="csc"))
    found = cone(columns.cost, csc_array(matrix), right, cones, squares=squares, unit=unit)
    dual, cut = np.zeros(len(rows.low)), np.cumsum([len(same), len(up), len(down)])
    dual[same] = found.dual[: cut[0]]
    dual[up] += found.dual[cut[0] : cut[1]]
    dual[down] -= found.dual[cut[1] : cut[2]]
    return JointOptimum(np.clip(found.x, columns.low, columns.high), dual)


def _exact(columns, rows, unit, rough):
    """The optimum with the limits that are active at the rough one; None where no such set of limits is found.

    What is beyond a limit is then set to it, and what pulls away from its limit is let go, until all conditions hold.
    """
    money = np.abs(columns.cost + 2 * columns.cost2 * rough.x).max() or 1.0
    x, dual = rough.x, rough.dual
    at, rest = _active(columns, rows, unit, money, rough)
    for _ in range(TRIES):
        x, dual = _on(columns, rows, unit, money, (at, rest), (x, dual))
        faults = _faults(columns, rows, unit, money, (at, rest), (x, dual))
        if not any(fault.any() for pair in faults for fault in pair[:2]):
            return JointOptimum(x, dual)
        at, rest = (
            np.where(beyond != 0, beyond, np.where(pulls, 0, now)) for (beyond, pulls), now in zip(faults, (at, rest))
        )
    return None


def _on(columns, rows, unit, money, active, start):
    """x and duals with exactly these limits active, the ones nearest to `start` where several are."""
    (at, rest), (x, dual) = active, start
    marginal, binding = np.flatnonzero(at == 0), np.flatnonzero(rest)
    x = np.where(at < 0, columns.low, np.where(at > 0, columns.high, x))
    dual = np.where(rest != 0, dual, 0.0)
    part = rows.matrix[np.ix_(binding, marginal)]
    steep = 2 * columns.cost2[marginal] * unit / money  # in these units everything is near one
    matrix = np.block([[np.diag(steep), -part.T], [part, np.zeros((len(binding), len(binding)))]])
    limit = np.where(rest > 0, rows.high, rows.low)[binding]
    for _ in range(2):  # the second step takes off what the first left of rounding
        reduced = columns.cost + 2 * columns.cost2 * x - dual @ rows.matrix
        missing = np.concatenate([-reduced[marginal] / money, (limit - rows.matrix[binding] @ x) / unit])
        moved = np.linalg.lstsq(matrix, missing, rcond=1e-11)[0]
        x[marginal] += moved[: len(marginal)] * unit
        dual[binding] += moved[len(marginal) :] * money
    return x, dual


def _active(columns, rows, unit, money, found):
    """-1, 0 or 1 for each column and row at its lower limit, at none, at its upper one; equations are at their limit."""
    reduced = columns.cost + 2 * columns.cost2 * found.x - found.dual @ rows.matrix
    ends, value = ((columns.low, columns.high), (rows.low, rows.high)), (found.x, rows.matrix @ found.x)
    sides = []
    for (low, high), own, worth in zip(ends, value, (reduced, found.dual)):
        at_low = (worth / money > (own - low) / unit) & np.isfinite(low)
        at_high = (-worth / money > (high - own) / unit) & np.isfinite(high)
        sides.append(np.where(low == high, 1, np.where(at_high, 1, np.where(at_low, -1, 0))))
    return sides


def _faults(columns, rows, unit, money, active, found):
    """Of columns, and of rows: beyond which limit (-1, 0, 1); whether one pulls away from the limit it is set to.

    A marginal column whose price is not its cost, or a row that misses its limit, counts as pulling: the equations had no
    solution.
    """
    (at, rest), (x, dual) = active, found
    reduced = columns.cost + 2 * columns.cost2 * x - dual @ rows.matrix
    told = []
    for low, high, own, worth, side in ((columns.low, columns.high, x, reduced, at),
                                        (rows.low, rows.high, rows.matrix @ x, dual, rest)):  # fmt: skip
        size = ACTIVE * np.maximum(unit, np.abs(own))
        beyond = np.where(own > high + size, 1, np.where(own < low - size, -1, 0))
        pulls = (low < high) & (side * worth > NEAR * money)
        told.append((beyond, pulls | ((side == 0) & (np.abs(worth) > NEAR * money))))
    return told


def watched(columns, rows, unit, lines, blocks, load, limits):
    """The optimum on a network: overloaded lines become rows until there are none.

    Parameters
    ----------
    columns : ReserveColumns
    rows : ReserveRows
        Without lines.
    unit : float
        MW.
    lines : Wires
    blocks : Blocks
        The first columns.
    load : (n,) float array
        MW.
    limits : (m,) float array, (m,) float array
        Lowest and highest flow (MW).

    Returns
    -------
    JointOptimum, ReserveRows, (w,) int array, (m,) float array
        The optimum, its rows, positions of the watched lines, and all flows (MW).

    Raises
    ------
    NoPoint, NoEnd, Unsolved
    """
    (low, high), from_load, seen = limits, lines.flows(-load), np.zeros(0, dtype=np.intp)
    over = OVERLOAD * np.maximum(np.where(np.isfinite(high), np.abs(high), 0.0), unit)
    while True:
        found = optimum(columns, rows, unit)
        flow = lines.flows(blocks.injected(found.x[: len(blocks.at)], lines.size) - load)
        beyond = (flow > high + over) | (flow < low - over)
        beyond[seen] = False
        new = np.flatnonzero(beyond)
        if not len(new):
            return found, rows, seen, flow
        matrix = np.zeros((len(new), len(columns.low)))
        matrix[:, : len(blocks.at)] = blocks.seen(lines.factors(new))
        rows = rows.with_lines(matrix, low[new] - from_load[new], high[new] - from_load[new])
        seen = np.concatenate([seen, new])


def ranges(columns, rows, unit, found, wanted):
    """Least and greatest value of sums of duals over all that support an optimum.

    Parameters
    ----------
    columns : ReserveColumns
    rows : ReserveRows
    unit : float
        MW.
    found : JointOptimum
    wanted : (m, w) float array
        How much each row counts in each sum.

    Returns
    -------
    (w, 2) float array
        What one unit less of the load, or of a need, would save, and what one more would cost; infinite where none can be.
    """
    gradient, current = columns.cost + 2 * columns.cost2 * found.x, found.dual @ rows.matrix
    room = gradient - current
    room[is_zero(room, of=np.abs(gradient) + np.abs(found.dual) @ np.abs(rows.matrix), share=NEAR)] = 0.0
    near = [_near(*each, unit) for each in ((found.x, columns.low, columns.high),
                                            (rows.matrix @ found.x, rows.low, rows.high))]  # fmt: skip
    (at_low, at_high), (row_low, row_high) = near
    least = np.where(at_high, np.minimum(room, 0.0), np.where(at_low, -np.inf, 0.0))
    most = np.where(at_low, np.maximum(room, 0.0), np.where(at_high, np.inf, 0.0))
    least[at_low & at_high], most[at_low & at_high] = -np.inf, np.inf
    equal = rows.low == rows.high
    below = np.where(equal | row_high, -np.inf, np.where(row_low, np.minimum(-found.dual, 0.0), -found.dual))
    above = np.where(equal | row_low, np.inf, np.where(row_high, np.maximum(-found.dual, 0.0), -found.dual))
    moves = LinearProgramme(rows.matrix.T, least, most, below, above)
    ends = np.empty((wanted.shape[1], 2))
    for place, column in enumerate(wanted.T):
        for side, sign in enumerate((1.0, -1.0)):
            try:
                ends[place, side] = sign * min(0.0, moves.minimise(sign * column).objective)
            except NoEnd:
                ends[place, side] = -sign * np.inf
    return (found.dual @ wanted)[:, None] + ends


def _near(value, low, high, unit):
    size = np.maximum(unit, np.abs(value))
    return [np.isfinite(end) & (np.abs(value - end) <= ACTIVE * size) for end in (low, high)]
