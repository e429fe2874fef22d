"""One schedule and an answer to each scenario, as one linear programme; a line joins where a scenario overloads it.

Columns, in this order: what is scheduled (x), then for each scenario what free units give (p), how far the movable ones go
up and down, and load that is shed; with a second aim the threshold of the tail, and what each scenario costs beyond it. A
unit that stands still gives x in every scenario, a movable one x + up - down; a free one has no x, since it decides when it
knows.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tefoundations.errors import InvalidNetwork
from tefoundations.grid.dc.programmes import ENDLESS
from tefoundations.grid.dc.wires import beyond_limits, bus_prices
from tefoundations.grid.lazy_rows import GrowingProgramme
from tefoundations.grid.offers import fixed_draw
from tefoundations.grid.scenarios.layout import Columns
from tefoundations.programmes import NoEnd


@dataclass(frozen=True, eq=False)
class Recourse:
    """What the programme is made of.

    Parameters
    ----------
    model : DispatchModel
        Network, wires and blocks.
    chances : (S,) float array
    load, p_max : (S, n) and (S, g) float arrays
        MW.
    low, high : (S, m) float arrays
        Limits of the flows (MW).
    flexible : (g,) bool array
        Which units may answer.
    up, down : (g,) float arrays
        What a MWh more costs beyond the unit's cost, and what of that cost a MWh less does not save ($/MWh).
    voll : float
        What a MWh of load that is not served costs ($/MWh).
    risk : (float, float) or None
        Weight of the tail, and the chance below it.
    schedule : (g,) float array or None
        To be tested (MW); nan where the programme may choose.
    """

    model: object
    chances: np.ndarray
    load: np.ndarray
    p_max: np.ndarray
    low: np.ndarray
    high: np.ndarray
    flexible: np.ndarray
    up: np.ndarray
    down: np.ndarray
    voll: float
    risk: tuple | None
    schedule: np.ndarray | None

    @cached_property
    def decided(self):
        """(g,) bool array: units with something to decide before the scenario is known."""
        return ~self.flexible | (self.up > 0) | (self.down > 0)

    @cached_property
    def kinds(self):
        """Positions of the blocks that are scheduled, of the movable ones among them, and of the free ones."""
        blocks = self.model._blocks
        unit = np.where(blocks.owner < blocks.units, blocks.owner, 0)
        of_unit = blocks.owner < blocks.units
        scheduled = of_unit & self.decided[unit] if blocks.units else np.zeros(len(blocks.at), bool)
        movable = scheduled & self.flexible[unit] if blocks.units else scheduled
        return np.flatnonzero(scheduled), np.flatnonzero(movable), np.flatnonzero(~scheduled)

    @cached_property
    def drawn(self):
        """(S, n) float array: load, shunts, and what DC lines lose at any flow (MW)."""
        return self.load + fixed_draw(self.model.net)

    @cached_property
    def most(self):
        """(S, k) float array: the most that each block gives in each scenario (MW)."""
        blocks = self.model._blocks
        most = np.tile(blocks.high, (len(self.chances), 1))
        unit = np.flatnonzero(blocks.owner < blocks.units)
        changed = self.p_max != self.model.net.generators.p_max
        for block in unit[changed[:, blocks.owner[unit]].any(axis=0)]:
            most[:, block] = self.p_max[:, blocks.owner[block]]
        return most

    @cached_property
    def tested(self):
        """(k,) float array: the schedule by block (MW), the cheapest of a unit first; nan where the programme may choose."""
        blocks, left = self.model._blocks, self.schedule.copy()
        tested, several = np.full(len(blocks.at), np.nan), np.bincount(blocks.owner) > 1
        for block in np.flatnonzero(blocks.owner < blocks.units):
            unit, size = blocks.owner[block], blocks.high[block]
            tested[block] = np.minimum(left[unit], size) if several[unit] else left[unit]
            left[unit] -= tested[block]
        return tested

    @cached_property
    def shed_at(self):
        """Positions of buses with load to shed, in any scenario."""
        return np.flatnonzero((self.load > 0).any(axis=0))


@dataclass(frozen=True, eq=False)
class Answer:
    """Parameters: x (k,) MW; given (S, k) MW by block; shed (S, n), flow (S, m) MW; costs (S,) $/h; lmp (S, n) and
    multiplier (S, m) $/MWh; priced (S,), the chances under which the programme prices; rows that lines took.
    """

    x: np.ndarray
    given: np.ndarray
    shed: np.ndarray
    flow: np.ndarray
    costs: np.ndarray
    lmp: np.ndarray
    multiplier: np.ndarray
    priced: np.ndarray
    rows: int


def solved(recourse):
    """The optimum.

    Raises
    ------
    NoPoint
        Nothing keeps all limits in all scenarios.
    InvalidNetwork
        The cost can fall without end.
    """
    try:
        return _Programme(recourse).answer()
    except NoEnd:
        raise InvalidNetwork(ENDLESS) from None


class _Programme:
    """The programme of a `Recourse` while lines join it."""

    def __init__(self, recourse):
        self.recourse, self.columns = recourse, Columns(recourse)
        self.blocks, self.wires = recourse.model._blocks, recourse.model._wires
        self.fixed, self.movable, self.free = recourse.kinds
        self.at_movable = np.searchsorted(self.fixed, self.movable)  # among the scheduled
        self.spent = self._costs()
        self.programme = self._programme()
        self.pairs = np.zeros((2, 0), dtype=np.intp)
        self.factors = {}

    def _costs(self):
        """What a unit of x, and of each column of a scenario, costs there ($/MWh)."""
        blocks, owner, movable, r = self.blocks, self.blocks.owner, self.movable, self.recourse
        up, down = (blocks.cost[movable] + r.up[owner[movable]], r.down[owner[movable]] - blocks.cost[movable])
        shed = np.full(len(r.shed_at), r.voll)
        return blocks.cost[self.fixed], np.concatenate([blocks.cost[self.free], up, down, shed])

    def _programme(self):
        from scipy.sparse import vstack

        columns, share = self.columns, self.blocks.share
        moved = share[self.movable]
        each = np.concatenate([share[self.free], moved, -moved, np.ones(len(self.recourse.shed_at))])
        total = self.recourse.drawn.sum(axis=1)
        parts, low, high = [columns.rows(share[self.fixed], each)], [total], [total]
        for rows, least, most in (*self._ranges(), *self._tail()):
            parts.append(rows)
            low.append(least)
            high.append(most)
        return GrowingProgramme(vstack(parts, format="csr"), *map(np.concatenate, (low, high)), *self._bounds())

    def _bounds(self):
        columns, blocks, r = self.columns, self.blocks, self.recourse
        least, most = blocks.low[self.fixed].copy(), blocks.high[self.fixed].copy()
        still = np.setdiff1d(np.arange(len(self.fixed)), self.at_movable)
        most[still] = r.most[:, self.fixed[still]].min(axis=0)  # who stands still must be able to in every scenario
        if r.schedule is not None:
            tested = r.tested[self.fixed]
            least, most = (np.where(np.isnan(tested), own, tested) for own in (least, most))
        lower, upper = np.zeros(columns.count), np.full(columns.count, np.inf)
        lower[: columns.first], upper[: columns.first] = least, most
        columns.of(lower)[:, columns.free] = blocks.low[self.free]
        columns.of(upper)[:, columns.free] = r.most[:, self.free]
        columns.of(upper)[:, columns.shed] = np.maximum(r.load[:, r.shed_at], 0)
        if r.risk:
            lower[columns.tail] = -np.inf
        return lower, upper

    def _ranges(self):
        """A row for each movable block: what it gives in each scenario is within its limits."""
        first, each = np.zeros(self.columns.first), np.zeros(self.columns.each)
        for place, (block, at) in enumerate(zip(self.movable, self.at_movable)):
            here, own = first.copy(), each.copy()
            here[at] = 1.0
            own[self.columns.up.start + place], own[self.columns.down.start + place] = 1.0, -1.0
            least = np.full(self.columns.scenarios, self.blocks.low[block])
            yield self.columns.rows(here, own), least, self.recourse.most[:, block]

    def _tail(self):
        """What a scenario costs is at most the threshold and what lies beyond it."""
        from scipy.sparse import csr_array, hstack

        if not self.recourse.risk:
            return
        size, tail = self.columns.scenarios, self.columns.tail
        costs = self.columns.rows(*(-each for each in self.spent))[:, :tail]
        beyond = csr_array(np.hstack([np.ones((size, 1)), np.eye(size)]))
        yield hstack([costs, beyond], format="csr"), np.zeros(size), np.full(size, np.inf)

    def _objective(self):
        r, columns = self.recourse, self.columns
        weight, alpha = r.risk or (0.0, 0.0)
        cost = np.zeros(columns.count)
        cost[: columns.first] = (1 - weight) * self.spent[0]
        columns.of(cost)[:] = (1 - weight) * r.chances[:, None] * self.spent[1]
        if r.risk:
            cost[columns.tail], cost[columns.tail + 1 :] = weight, weight * r.chances / (1 - alpha)
        return cost

    def answer(self):
        r, wires = self.recourse, self.wires
        objective, base = self._objective(), wires.flows(-r.drawn.T).T
        rows = self.programme.matrix.shape[0]
        largest = np.abs(r.drawn).max(initial=0.0)
        while True:
            found = self.programme.minimise(objective)
            given, shed = self._given(found.x)
            injected = np.array([self.blocks.injected(one, wires.size) for one in given]) + shed - r.drawn
            flow = wires.flows(injected.T).T
            over = self._beyond(flow, largest)
            if not over.any():
                break
            self._watch(over, base)
        scenarios = len(r.chances)
        priced = r.chances
        if r.risk:
            zeta = found.dual[rows - scenarios : rows]
            priced = (1 - r.risk[0]) * r.chances + np.maximum(zeta, 0.0)
        multiplier, lines = np.zeros(flow.shape), list(self.factors)
        multiplier[tuple(self.pairs)] = -found.dual[rows:] + 0.0
        factors = np.reshape([self.factors[line] for line in lines], (len(lines), wires.size))
        lmp = bus_prices(found.dual[:scenarios], -multiplier[:, lines], factors)
        costs = found.x[: self.columns.first] @ self.spent[0] + self.columns.of(found.x) @ self.spent[1]
        x = np.zeros(len(self.blocks.at))
        x[self.fixed] = found.x[: self.columns.first]
        return Answer(x, given, shed, flow, costs + self.blocks.constant, lmp / priced[:, None],
                      multiplier / priced[:, None], priced, self.pairs.shape[1])  # fmt: skip

    def _given(self, values):
        """What each block gives, and what is shed at each bus, by scenario: (S, k) and (S, n) MW."""
        own, columns, r = self.columns.of(values), self.columns, self.recourse
        given = np.zeros((len(own), len(self.blocks.at)))
        given[:, self.fixed], given[:, self.free] = values[: columns.first], own[:, columns.free]
        given[:, self.movable] += own[:, columns.up] - own[:, columns.down]
        shed = np.zeros((len(own), self.wires.size))
        shed[:, r.shed_at] = own[:, columns.shed]
        return given, shed

    def _beyond(self, flow, largest):
        """(S, m) bool array: which lines are beyond their limits and are not watched in that scenario."""
        beyond = beyond_limits(flow, self.recourse.low, self.recourse.high, largest)
        beyond[tuple(self.pairs)] = False
        return beyond

    def _watch(self, over, base):
        """Add a row for each pair of a scenario and a line that it overloads."""
        from scipy.sparse import csr_array

        scenario, line = np.nonzero(over)
        new = np.array(sorted(set(line.tolist()) - set(self.factors)), dtype=np.intp)
        if len(new):
            self.factors.update(zip(new.tolist(), self.wires.factors(new)))
        H = np.array([self.factors[one] for one in line.tolist()])
        seen, columns = self.blocks.seen(H), self.columns
        moved = seen[:, self.movable]
        own = np.hstack([seen[:, self.free], moved, -moved, H[:, self.recourse.shed_at]])
        places = columns.first + scenario[:, None] * columns.each + np.arange(columns.each)
        where = np.hstack([np.broadcast_to(np.arange(columns.first), (len(line), columns.first)), places])
        values = np.hstack([seen[:, self.fixed], own])
        starts = np.arange(len(line) + 1) * values.shape[1]
        matrix = csr_array((values.ravel(), where.ravel(), starts), shape=(len(line), columns.count))
        matrix.eliminate_zeros()
        room = base[scenario, line]
        low, high = self.recourse.low[scenario, line], self.recourse.high[scenario, line]
        self.programme.add(matrix, low - room, high - room)
        self.pairs = np.hstack([self.pairs, [scenario, line]])
