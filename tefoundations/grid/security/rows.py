"""A market on a network whose rows come one by one: lines as they are, lines after a loss, cuts of what cannot be mended.

Market first, then the network, then the network less one element: the market is cleared, all flows are looked at, also
those after every loss, and of each line only the worst loss becomes a constraint. Of the hundred thousand pairs of line
and loss in a network of some hundred buses, a handful ever do.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from tefoundations.grid.dc.lazy_lines import market_of
from tefoundations.grid.dc.programmes import MarketUnits
from tefoundations.grid.dc.wires import OVERLOAD


@dataclass(eq=False)
class Rows:
    """What is watched: a row each, by bus, by unit, and its limits (MW) without what loads send.

    Parameters
    ----------
    pairs : list of (dict, int)
        {position of a line: how much it counts, signed like the flow} and position of the outage, -1 for none.
    factors, own : (r, n) and (r, g) float arrays
        What a megawatt put in at a bus adds, and a megawatt of a unit beyond that.
    low, high : (r,) float arrays
        Limits (MW).
    """

    buses: int
    units: int
    pairs: list = field(default_factory=list)

    def __post_init__(self):
        self.factors, self.own = np.zeros((0, self.buses)), np.zeros((0, self.units))
        self.low, self.high, self.soft = np.zeros(0), np.zeros(0), np.zeros(0, dtype=bool)

    def add(self, pairs, factors, own, low, high, soft):
        """More rows."""
        self.pairs += pairs
        self.factors, self.own = np.vstack([self.factors, factors]), np.vstack([self.own, own])
        self.low, self.high = np.concatenate([self.low, low]), np.concatenate([self.high, high])
        self.soft = np.concatenate([self.soft, np.full(len(pairs), soft)])

    def of_blocks(self, blocks, rows=slice(None)):
        """(r, k) float array: what a megawatt of each block adds."""
        others = np.zeros((len(self.own[rows]), blocks.bids + blocks.dclines))
        return blocks.seen(self.factors[rows]) + np.hstack([self.own[rows], others])[:, blocks.owner]


class RowMarket:
    """A market, its network, and the rows that are watched.

    Parameters
    ----------
    net : Network
    wires : Wires
    blocks : Blocks
    drawn : (n,) float array
        Load, shunts and fixed losses (MW).
    penalty : float, optional
        What a megawatt beyond the limit of a soft row costs ($/MWh); none: rows after a loss are as hard as all others.
    """

    def __init__(self, net, wires, blocks, drawn, penalty=None):
        self.net, self.wires, self.blocks, self.drawn, self.penalty = net, wires, blocks, drawn, penalty
        self.rows, self.base = Rows(wires.size, len(net.generators)), wires.flows(-drawn)
        self.units, self.market = MarketUnits.of(drawn, blocks), None
        self._known, self._watched = {}, set()

    def solve(self):
        """Optimum of the rows so far, flows (MW), what each row is beyond its limit (MW); NoSolution if there is none."""
        rows, count = self.rows, len(self.blocks.at)
        if self.market is None:
            self._set_up()
        optimum = self.market.solve(self.drawn.sum(), rows.low, rows.high)
        beyond = np.zeros(len(rows.pairs))
        beyond[rows.soft] = optimum.injection[count:]
        optimum = replace(optimum, injection=optimum.injection[:count])
        flow = self.wires.flows(self.blocks.injected(optimum.injection, self.wires.size) - self.drawn)
        return optimum, flow, beyond

    def add(self, pairs, factors, own, low, high, soft=False):
        """Watch more rows; limits without what loads send. Soft ones may be broken at the penalty."""
        soft = soft and self.penalty is not None
        self.rows.add(pairs, factors, own, low, high, soft)
        if soft:
            self.market = None  # what is over each limit is a block of its own
        elif self.market is not None:
            new = self.rows.of_blocks(self.blocks, slice(-len(pairs), None))
            slacks = np.zeros((len(pairs), self.rows.soft.sum()))
            self.market.watch(np.ascontiguousarray(np.hstack([new, slacks])))

    def watch_now(self, flow, low, high):
        """Watch lines that are overloaded with nothing lost; whether there is a new one."""
        over, under = (self._over(limit) for limit in (high, low))
        lines = [each for each in np.flatnonzero((flow > high + over) | (flow < low - under)) if each not in self._watched]
        if lines:
            self._watched |= set(lines)
            lines, nothing = np.array(lines), np.zeros((len(lines), len(self.net.generators)))
            room = self.base[lines]
            pairs = [({line: 1.0}, -1) for line in lines.tolist()]
            self.add(pairs, self.factors(lines), nothing, low[lines] - room, high[lines] - room)
        return len(lines) > 0

    def watch_after(self, outages, lost, flow, limit):
        """Watch, of each line that is overloaded after a loss, the worst loss; whether there is a new one.

        Parameters
        ----------
        outages : Outages
        lost : (k,) float array
            What each loss takes away (MW).
        flow, limit : (m,) float arrays
            Flows with nothing lost, and what lines may carry after a loss (MW).
        """
        lines = np.flatnonzero(np.isfinite(limit))
        if not len(lines) or not len(outages):
            return False
        most = self._over(limit)[lines]
        tie = most / 1000  # losses in series are as bad as each other: the first is taken, whatever was rounded
        worst, which, part, way = most - tie, np.full(len(lines), -1), np.zeros(len(lines)), np.zeros(len(lines))
        every = np.arange(len(lines))
        for group, parts in outages.groups():
            parts = parts if len(lines) == len(limit) else parts[lines]
            after = flow[lines, None] + parts * lost[group]
            excess = np.abs(after) - limit[lines, None]
            self._forget_known(outages, lines, group, excess, after)
            top = excess.max(axis=1)
            at = (excess >= (top - tie)[:, None]).argmax(axis=1)
            more = top > worst + tie
            worst = np.where(more, top, worst)
            which, part = np.where(more, group[at], which), np.where(more, parts[every, at], part)
            way = np.where(more, np.sign(after[every, at]), way)
        new = np.flatnonzero(which >= 0)
        if len(new):
            self._watch_pairs(outages, lines[new], which[new], part[new], way[new], limit)
        return len(new) > 0

    def _forget_known(self, outages, lines, group, excess, after):
        """What is watched already, and a lost line itself, is no news."""
        of_line = group[group < len(outages.lines)]
        gone = np.full(len(self.net.lines), -1)
        gone[lines] = np.arange(len(lines))
        here = gone[outages.lines[of_line]]
        excess[here[here >= 0], (of_line - group[0])[here >= 0]] = -np.inf
        for line, outage, way in self._known:
            if group[0] <= outage <= group[-1] and after[gone[line], outage - group[0]] * way > 0:
                excess[gone[line], outage - group[0]] = -np.inf

    def _watch_pairs(self, outages, lines, which, parts, way, limit):
        by_bus, own = outages.rows(lines, which, parts, self.factors)
        room = self.base[lines].copy()
        of_line = which < len(outages.lines)
        room[of_line] += parts[of_line] * self.base[outages.lines[which[of_line]]]
        low = np.where(way < 0, -limit[lines] - room, -np.inf)
        high = np.where(way > 0, limit[lines] - room, np.inf)
        pairs = [({line: 1.0}, outage) for line, outage in zip(lines.tolist(), which.tolist())]
        self.add(pairs, by_bus, own, low, high, soft=True)
        self._known |= dict.fromkeys(zip(lines.tolist(), which.tolist(), way.tolist()))

    def factors(self, lines):
        """PTDF rows of lines."""
        return self.wires.factors(lines)

    def _over(self, limit):
        return OVERLOAD * np.maximum(np.where(np.isfinite(limit), np.abs(limit), 0.0), self.units.energy)

    def _set_up(self):
        """The market with all rows so far.

        What is beyond a soft limit enters no balance. So does a DC line from a bus to itself that loses nothing: it serves
        as the block that the row is eased by.
        """
        rows, count = self.rows, int(self.rows.soft.sum())
        blocks, given = self.blocks, rows.of_blocks(self.blocks)
        if count:
            blocks = with_slacks(blocks, count, self.penalty)
            eased = np.zeros((len(given), count))
            eased[np.flatnonzero(rows.soft), np.arange(count)] = np.where(np.isfinite(rows.high[rows.soft]), -1.0, 1.0)
            given = np.hstack([given, eased])
        units = self.units if self.penalty is None else MarketUnits.of(self.drawn, blocks)
        self.market = market_of(blocks, units)
        if len(given):
            self.market.watch(np.ascontiguousarray(given))


def with_slacks(blocks, count, penalty):
    """The blocks, and so many more that no balance sees, at a penalty ($/MWh)."""
    nowhere, none = np.zeros(count, dtype=np.intp), np.zeros(count)
    ends = blocks.units + blocks.bids + blocks.dclines + np.arange(count)
    to = blocks.to if blocks.to is not None else nowhere[:0]
    arrives = blocks.arrives if blocks.arrives is not None else none[:0]
    return replace(
        blocks, at=np.concatenate([blocks.at, nowhere]), low=np.concatenate([blocks.low, none]),
        high=np.concatenate([blocks.high, np.full(count, np.inf)]),
        cost=np.concatenate([blocks.cost, np.full(count, penalty)]), cost2=np.concatenate([blocks.cost2, none]),
        owner=np.concatenate([blocks.owner, ends]), dclines=blocks.dclines + count,
        to=np.concatenate([to, nowhere]), arrives=np.concatenate([arrives, none + 1.0]),
    )  # fmt: skip
