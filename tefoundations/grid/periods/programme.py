"""All hours as one linear programme; a line joins in the hours that overload it.

Columns, hour after hour: what the blocks inject, what stores take, what they give (MW), and what they hold when the hour
ends (MWh). Rows: the balance of each hour, then that of each store in each hour, then the moves of generators with a ramp,
then pairs of an hour and a line.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tefoundations.grid.dc.wires import beyond_limits, bus_prices
from tefoundations.grid.lazy_rows import GrowingProgramme


@dataclass(frozen=True, eq=False)
class Coupled:
    """What the programme is made of.

    Parameters
    ----------
    wires : Wires
    blocks : Blocks
    fleet : Fleet
    drawn : (T, n) float array
        Load, shunts, and what DC lines lose at any flow (MW).
    most : (T, k) float array
        The most that each block injects in each hour (MW).
    low, high : (m,) float arrays
        Limits of the flows (MW).
    ramp : (g,) float array
        How far each unit moves from one hour to the next (MW), inf for any way.
    soft : bool
        Whether ramps may be exceeded, which is then all that costs anything (1 a MW).
    """

    wires: object
    blocks: object
    fleet: object
    drawn: np.ndarray
    most: np.ndarray
    low: np.ndarray
    high: np.ndarray
    ramp: np.ndarray
    soft: bool = False

    @cached_property
    def ramped(self):
        """Positions of the units that have a ramp."""
        return np.flatnonzero(np.isfinite(self.ramp))


@dataclass(frozen=True, eq=False)
class CoupledOptimum:
    """Parameters: given (T, k) MW by block; charge, discharge (T, s) MW; stored (T, s) MWh at the end of each hour; flow
    (T, m) MW; lmp (T, n) and multiplier (T, m) $/MWh; worth (T, s) $/MWh; beyond (T, r) MW beyond a soft ramp; rows that
    lines took.
    """

    given: np.ndarray
    charge: np.ndarray
    discharge: np.ndarray
    stored: np.ndarray
    flow: np.ndarray
    lmp: np.ndarray
    multiplier: np.ndarray
    worth: np.ndarray
    beyond: np.ndarray
    rows: int


class CoupledHours:
    """The programme of a `Coupled` while lines join it."""

    def __init__(self, coupled):
        self.coupled = coupled
        self.steps, self.count, self.stores = len(coupled.drawn), len(coupled.blocks.at), len(coupled.fleet.stores)
        sizes = (self.count, self.stores, self.stores, self.stores, 2 * len(coupled.ramped) * coupled.soft)
        ends = np.cumsum((0, *sizes))
        self.given, self.charge, self.discharge, self.stored, self.beyond = (slice(*pair) for pair in zip(ends, ends[1:]))
        self.width = ends[-1]
        self.programme = self._programme()
        self.rows, self.pairs, self.factors = self.programme.matrix.shape[0], np.zeros((2, 0), dtype=np.intp), {}

    def _column(self, of, ahead=0):
        """(T - ahead, size) int array: where the columns of a kind stand, those of later hours only."""
        return np.arange(ahead, self.steps)[:, None] * self.width + np.arange(of.start, of.stop)

    def _programme(self):
        from scipy.sparse import csr_array

        c, fleet, steps = self.coupled, self.coupled.fleet, self.steps
        triples, low, high, first = [], [], [], 0

        def put(row, column, value):
            shape = np.broadcast_shapes(np.shape(row), np.shape(column), np.shape(value))
            triples.append([np.broadcast_to(each, shape).ravel() for each in (row, column, value)])

        balance = np.arange(steps)[:, None]
        put(balance, self._column(self.given), c.blocks.share)
        put(balance, self._column(self.charge), -1.0)
        put(balance, self._column(self.discharge), 1.0)
        low, high, first = [c.drawn.sum(axis=1)], [c.drawn.sum(axis=1)], steps
        held = first + np.arange(steps * self.stores).reshape(steps, self.stores)
        put(held, self._column(self.stored), 1.0)
        put(held[1:], self._column(self.stored)[:-1], -fleet.kept)
        put(held, self._column(self.charge), -fleet.taken)
        put(held, self._column(self.discharge), fleet.drawn)
        carried = np.zeros(held.shape)
        carried[:1] = fleet.kept * fleet.initial_energy
        low, high, first = [*low, carried.ravel()], [*high, carried.ravel()], first + held.size
        moves = max(steps - 1, 0)
        for place, unit in enumerate(c.ramped):
            row, own = first + np.arange(moves)[:, None], np.flatnonzero(c.blocks.owner == unit)
            column = np.arange(moves)[:, None] * self.width + own
            put(row, column + self.width, 1.0)
            put(row, column, -1.0)
            if c.soft:
                put(row, self._column(self.beyond, 1)[:, 2 * place : 2 * place + 2], np.array([-1.0, 1.0]))
            low, high = [*low, np.full(moves, -c.ramp[unit])], [*high, np.full(moves, c.ramp[unit])]
            first += moves
        row, column, value = (np.concatenate(each) for each in zip(*triples))
        matrix = csr_array((value, (row, column)), shape=(first, steps * self.width))
        return GrowingProgramme(matrix, np.concatenate(low), np.concatenate(high), *self._bounds())

    def _bounds(self):
        fleet, blocks = self.coupled.fleet, self.coupled.blocks
        lower, upper = np.zeros((2, self.steps, self.width))
        lower[:, self.given], upper[:, self.given] = blocks.low, self.coupled.most
        upper[:, self.charge], upper[:, self.discharge] = fleet.power, fleet.power_out
        upper[:, self.stored], upper[:, self.beyond] = fleet.energy, np.inf
        lower[-1:, self.stored] = fleet.final_energy
        return lower.ravel(), upper.ravel()

    def _cost(self):
        fleet, hours, cost = self.coupled.fleet, self.coupled.fleet.hours, np.zeros((self.steps, self.width))
        if self.coupled.soft:
            cost[:, self.beyond] = 1.0
            return cost.ravel()
        cost[:, self.given], cost[:, self.discharge] = hours * self.coupled.blocks.cost, hours * fleet.cycle_cost
        cost[-1:, self.stored] = -fleet.end_value
        return cost.ravel()

    def optimum(self):
        """The optimum.

        Raises
        ------
        NoPoint
            Nothing keeps all limits.
        NoEnd
            The cost can fall without end.
        """
        c, cost = self.coupled, self._cost()
        from_load, largest = c.wires.flows(-c.drawn.T).T, np.abs(c.drawn).max(initial=0.0)
        while True:
            found = self.programme.minimise(cost)
            x = found.x.reshape(self.steps, self.width)
            flow = c.wires.flows(self._injected(x).T).T
            over = beyond_limits(flow, c.low, c.high, largest)
            over[tuple(self.pairs)] = False
            if not over.any():
                break
            self._watch(over, from_load)
        dual, hours = found.dual, c.fleet.hours
        energy, lines = dual[: self.steps], list(self.factors)
        multiplier = np.zeros(flow.shape)
        multiplier[tuple(self.pairs)] = -dual[self.rows :] / hours + 0.0
        factors = np.reshape([self.factors[line] for line in lines], (len(lines), c.wires.size))
        lmp = bus_prices(energy / hours, -multiplier[:, lines], factors)
        worth = -dual[self.steps : self.steps + self.steps * self.stores].reshape(self.steps, self.stores)
        parts = [x[:, part].copy() for part in (self.given, self.charge, self.discharge, self.stored)]
        lossless = c.fleet.taken == c.fleet.drawn  # to take and give at once then changes nothing: it is left out
        idle = np.where(lossless, np.minimum(parts[1], parts[2]), 0.0)
        parts[1], parts[2] = parts[1] - idle, parts[2] - idle
        return CoupledOptimum(*parts, flow, lmp, multiplier, worth + 0.0, self._beyond(x), self.pairs.shape[1])

    def _injected(self, x):
        """(T, n) float array: what comes in at each bus less what is drawn (MW)."""
        c, size = self.coupled, self.coupled.wires.size
        given = np.array([c.blocks.injected(one, size) for one in x[:, self.given]]).reshape(-1, size)
        np.add.at(given.T, c.fleet.at, (x[:, self.discharge] - x[:, self.charge]).T)
        return given - c.drawn

    def _beyond(self, x):
        beyond = x[:, self.beyond]
        return beyond[:, ::2] + beyond[:, 1::2]

    def _watch(self, over, from_load):
        """Add a row for each pair of an hour and a line that it overloads."""
        from scipy.sparse import csr_array

        c = self.coupled
        step, line = np.nonzero(over)
        new = np.array(sorted(set(line.tolist()) - set(self.factors)), dtype=np.intp)
        if len(new):
            self.factors.update(zip(new.tolist(), c.wires.factors(new)))
        factors = np.array([self.factors[one] for one in line.tolist()])
        stores = factors[:, c.fleet.at]
        values = np.hstack([c.blocks.seen(factors), -stores, stores])
        where = step[:, None] * self.width + np.arange(values.shape[1])
        starts = np.arange(len(line) + 1) * values.shape[1]
        matrix = csr_array((values.ravel(), where.ravel(), starts), shape=(len(line), self.steps * self.width))
        matrix.eliminate_zeros()
        room = from_load[step, line]
        self.programme.add(matrix, c.low[line] - room, c.high[line] - room)
        self.pairs = np.hstack([self.pairs, [step, line]])
