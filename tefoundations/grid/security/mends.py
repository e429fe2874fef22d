"""What units can do after a loss: whether a dispatch can be mended, and what no dispatch that can be breaks.

Whether it can is a small linear programme for each loss. Where it cannot, its duals say how much each injection and each
unit is to blame: one more row of the market.
"""

from dataclasses import replace

import numpy as np

from tefoundations.errors import Infeasible
from tefoundations.grid.dc.programmes import NoSolution
from tefoundations.grid.dc.shortage import infeasible
from tefoundations.grid.dc.wires import bus_prices
from tefoundations.programmes import linear
from tefoundations.words import listed

MENDED = 1e-8  # share of what the market counts in by which a mended flow may be beyond its limit
NUDGE = 1e-4  # share of all that is used, by which a load moves to see what one more megawatt costs
KINK = 1e-6  # share of the highest price by which two one-sided prices may differ without a kink
SAME = 1e-6  # share of its limit by which two cuts of a loss may differ and be one
LITTLE = 1e-4  # what a megawatt of moves counts beside one of overload


class Mends:
    """What units can do after each loss.

    Parameters
    ----------
    case : Case
    moves : (g,) float array
        How far each unit may move (MW).
    limit : (m,) float array
        What lines may carry once they have (MW).
    """

    def __init__(self, case, moves, limit):
        self.case, self.moves, self.limit = case, moves, limit
        self._effects = {}

    def watch(self, market, optimum, flow):
        """Cut off a dispatch that cannot be mended; whether there is a loss after which it cannot."""
        generation, new = market.blocks.generation(optimum.injection), False
        lost = self.case.outages.lost(flow, generation)
        given = market.blocks.injected(optimum.injection, market.wires.size)
        for outage, parts in self._overloading(flow, lost, market.units.energy):
            cut = self._cut(outage, parts, flow + parts * lost[outage], generation, market)
            if cut is None:
                continue
            lines, by_bus, own, left = cut
            most = by_bus @ given + own @ generation - left
            if not _known(market, outage, by_bus, own, most):
                market.add([(lines, outage)], by_bus[None], own[None], np.array([-np.inf]), np.array([most]))
                new = True
        return new

    def _overloading(self, flow, lost, unit):
        """Losses after which a line is overloaded, and what each line takes over."""
        outages, found = self.case.outages, []
        for group, parts in outages.groups():
            after = np.abs(flow[:, None] + parts * lost[group])
            of_line = np.flatnonzero(group < len(outages.lines))
            after[outages.lines[group[of_line]], of_line] = 0.0
            over = (after - self.limit[:, None]).max(axis=0) > MENDED * unit
            found += [(int(group[at]), parts[:, at].copy()) for at in np.flatnonzero(over)]
        return found

    def effect(self, outage):
        """(m, g) float array: what a megawatt of each unit, taken out at the reference, adds to each line after a loss."""
        if outage not in self._effects:
            wires, outages = self.case.wires, self.case.outages
            at = self.case.net.generators.at
            given = wires.flows(np.eye(wires.size)[:, at]) - wires.flows(np.zeros(wires.size))[:, None]
            if outage < len(outages.lines):
                line = outages.lines[outage]
                given = given + outages.parts(np.array([outage])) * given[line]
                given[line] = 0.0
            self._effects[outage] = given
        return self._effects[outage]

    def _room(self, outage, generation):
        """How far each unit can go up and down (MW), and whether its own limits are what ends it."""
        units, outages, moves = self.case.net.generators, self.case.outages, self.moves.copy()
        if outage >= len(outages.lines):
            moves[outages.units[outage - len(outages.lines)]] = 0.0
        up, down = np.maximum(units.p_max - generation, 0.0), np.maximum(generation - units.p_min, 0.0)
        return np.minimum(moves, up), np.minimum(moves, down), up < moves, down < moves

    def _programme(self, outage, after, generation, cost):
        """The moves that leave the least overload: variables are moves up, moves down, and what each line is over.

        Returns the solution, and {line: which way it is watched}; lines are watched only when they are overloaded.
        """
        effect, count, lost = self.effect(outage), len(generation), self.case.outages.lines
        up, down, _, _ = self._room(outage, generation)
        limit = self.limit.copy()
        if outage < len(lost):
            limit[lost[outage]] = np.inf
        watched, settled, solution = {}, after, None
        while True:
            over = np.flatnonzero(np.abs(settled) > limit * (1 + MENDED))
            new = {int(line): float(np.sign(settled[line])) for line in over if int(line) not in watched}
            if solution is not None and not new:
                return solution, watched
            watched |= new
            lines, way = list(watched), np.array(list(watched.values()))
            moved = way[:, None] * effect[lines]
            balance = np.concatenate([np.ones(count), -np.ones(count), np.zeros(len(lines))])
            rows = np.vstack([balance, np.hstack([moved, -moved, -np.eye(len(lines))])])
            low = np.concatenate([[0.0], np.full(len(lines), -np.inf)])
            high = np.concatenate([[0.0], limit[lines] - way * after[lines]])
            most = np.concatenate([up, down, np.full(len(lines), np.inf)])
            worth = np.concatenate([np.full(2 * count, cost), np.ones(len(lines))])
            solution = linear(worth, rows, low, high, np.zeros(len(most)), most)
            settled = after + effect @ (solution.x[:count] - solution.x[count : 2 * count])

    def _cut(self, outage, parts, after, generation, market):
        """What no dispatch breaks that can be mended after this loss, if this one breaks it.

        Returns {line: weight}, weights by bus and by unit, and what is left over (MW); None if nothing is.
        """
        solution, watched = self._programme(outage, after, generation, 0.0)
        left, count = solution.objective, len(generation)
        if left <= MENDED * market.units.energy * len(watched):
            return None
        weights = dict(zip(watched, -solution.dual[1:] * list(watched.values())))
        weights = {line: float(weight) for line, weight in weights.items() if weight}
        lines, weight = np.array(list(weights), dtype=int), np.array(list(weights.values()))
        by_bus, own = self.case.outages.rows(lines, np.full(len(lines), outage), parts[lines], market.factors)
        _, _, top, bottom = self._room(outage, generation)
        up, down = solution.reduced[:count], solution.reduced[count : 2 * count]
        # A unit that is near its own limit has less room: one more megawatt of it before the loss is one less of a move.
        room = np.where(bottom, np.minimum(down, 0.0), 0.0) - np.where(top, np.minimum(up, 0.0), 0.0)
        return weights, weight @ by_bus, weight @ own + room, left

    def least_change(self, dispatch, outage):
        """(g,) float array: moves that mend a dispatch after a loss, with the least change in all (MW)."""
        count, parts = len(self.moves), self.case.outages.parts(np.array([outage]))[:, 0]
        after = dispatch.flow + parts * self.case.outages.lost(dispatch.flow, dispatch.generation)[outage]
        if outage < len(self.case.outages.lines):
            after[self.case.outages.lines[outage]] = 0.0
        if (np.abs(after) <= self.limit * (1 + MENDED)).all():
            return np.zeros(count)
        solution, _ = self._programme(outage, after, dispatch.generation, LITTLE)
        return solution.x[:count] - solution.x[count : 2 * count]

    def beyond_mending(self):
        """The error for a network that cannot be mended: no dispatch at all, one loss by itself, or several together."""
        case, blocks = self.case, self.case.blocks
        free = replace(blocks, cost=np.zeros(len(blocks.at)), cost2=np.zeros(len(blocks.at)))
        every, tried = case.outages, []
        try:
            case.outages = every.only(())
            case.clear(case.market(None, free))
        except NoSolution:
            return infeasible(case.net, case.wires, case.blocks, case.drawn, case.low, case.high)
        for name in every.names:
            case.outages, self._effects = every.only((name,)), {}
            market = case.market(None, free)
            try:
                case.clear(market, self.watch)
                tried += [name] if len(market.rows.pairs) else []
            except NoSolution:
                lines = [
                    case.net.lines.name[max(of, key=lambda line: abs(of[line]))] for of, at in market.rows.pairs if at == 0
                ]
                told = f"; line {lines[-1]} stays overloaded" if lines else ""
                return Infeasible(f"no dispatch can be mended after the loss of {name}{told}", lines=(*lines[-1:], name))
        told = f"no dispatch can be mended after every loss; each alone could be: {listed(tried)}"
        return Infeasible(told, lines=tuple(tried))

    def one_sided(self, dispatch):
        """(n, 2) float array: the prices just below and just above this load ($/MWh); inf where no more can be served."""
        ends = np.column_stack([dispatch.lmp, dispatch.lmp])
        step = NUDGE * (np.abs(dispatch.load).sum() + np.abs(dispatch.demand).sum())
        kept = self.case.drawn
        for bus in range(len(ends)):
            for side, sign in enumerate((-1.0, 1.0)):
                # Prices are affine until the next regime: from two steps the one at no step follows.
                near, far = (self._price(kept, bus, sign * much * step) for much in (1, 2))
                price = 2 * near - far if np.isfinite(far) else near
                ends[bus, side] = price if np.isfinite(price) else sign * np.inf
        self.case.drawn = kept
        same = np.abs(ends - dispatch.lmp[:, None]) <= KINK * np.abs(dispatch.lmp).max(initial=0.0)
        return np.where(same, dispatch.lmp[:, None], ends)

    def _price(self, drawn, bus, more):
        self.case.drawn = drawn + more * (np.arange(len(drawn)) == bus)
        market = self.case.market()
        try:
            optimum, _, _ = self.case.clear(market, self.watch)
        except NoSolution:
            return np.nan
        return bus_prices(optimum.energy, optimum.multiplier, market.rows.factors, optimum.blur)[bus]


def _known(market, outage, by_bus, own, most):
    """Whether a cut is watched already: what it is still broken by is the solver's tolerance."""
    rows, size = market.rows, market.units.energy + abs(most)
    return any(
        at == outage and abs(rows.high[row] - most) <= SAME * size
        and np.allclose(rows.factors[row], by_bus) and np.allclose(rows.own[row], own)
        for row, (_, at) in enumerate(rows.pairs)
    )  # fmt: skip
