"""The AC optimal power flow as a smooth programme: its functions, first and second derivatives, and the Newton matrix.

    minimise    cost of the blocks
    so that     what lines and shunts take + load - generation = 0         at every bus, active and reactive
                |S|^2 <= limit^2 at both ends of every line and for every rated unit,
                voltages, outputs and angle differences within their limits

The unknown x = [angles, voltages, p of the blocks, q of the units] is in radians and per unit, of a base not larger than the
load, so that tolerances mean the same on a street as on a region. A line touches four entries of x, its two voltages and two
angles, so every matrix is a sum of 4 x 4 blocks, one for each line end. Which entries are not zero never changes: they are
found once, and every later matrix is filled by one `bincount`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from tefoundations.grid.ac.line_ends import LineEnds, first_angles, shunts, sum_at
from tefoundations.grid.ac.ratings import Ratings

PAIRS = [(a, b) for a in range(4) for b in range(a, 4)]
CALMING = 1e-7  # units at one bus may share its output in many ways: this keeps the matrix regular, and moves no optimum
LEAST_BASE = 1e-6  # share of the network's base; per unit of less, what lines can carry would be all that is seen
FAR_START = 1e3  # per unit; a limit beyond this says nothing about where to start


@dataclass(frozen=True, eq=False)
class Point:
    """The functions at one x: power into the line ends, its derivatives, imbalance of every bus, limits (<= 0 if kept)."""

    power: np.ndarray
    slope: np.ndarray
    balance: np.ndarray
    limits: np.ndarray


class ACProblem:
    """One network with its blocks and loads.

    Parameters
    ----------
    net : Network
    blocks : Blocks
    load, q_load : (n,) float arrays
        MW and MVAr.
    reactive : (k,) float array
        Reactive power (MVAr) that comes with each MW of a block.
    free_q : pair of (g,) float arrays
        Lowest and highest reactive output of the generators beside that (MVAr).
    """

    def __init__(self, net, blocks, load, q_load, reactive, free_q):
        self.net, self.blocks, self.reactive, self.free_q = net, blocks, reactive, free_q
        self.n, self.k, self.g, self.m = len(net.buses), len(blocks.at), len(net.generators), len(net.lines)
        drawn = np.abs(load).sum() + np.abs(q_load).sum() or net.bids.p_max.sum() or net.base
        self.base = float(min(net.base, max(drawn, LEAST_BASE * net.base)))  # a street is no region
        self.stake = float(np.clip(drawn / self.base, LEAST_BASE, 1.0))  # what is wanted, per unit, where that is little
        ends, change = LineEnds.of(net), net.base / self.base
        self.ends = LineEnds(ends.own, ends.far, ends.near * change, ends.across * change)
        self.shunt, self.load = shunts(net) * change, (load + 1j * q_load) / self.base
        self.angle, self.volt = slice(0, self.n), slice(self.n, 2 * self.n)
        self.p, self.q = slice(2 * self.n, 2 * self.n + self.k), slice(2 * self.n + self.k, 2 * self.n + self.k + self.g)
        self.size = self.q.stop
        self.cost, self.cost2 = self._scaled_costs()
        self.rated = Ratings.of(self)
        self._limits()
        own, far = self.ends.own, self.ends.far
        self.local = np.stack([self.n + own, self.n + far, own, far])  # the four entries of x that a line end touches
        self._pattern()

    def _scaled_costs(self):
        """Costs per unit, divided by a typical marginal cost, so that multipliers are near 1."""
        blocks = self.blocks
        middle = np.clip(_middle(blocks.low, blocks.high), -FAR_START * self.base, FAR_START * self.base)
        typical = np.abs(blocks.cost + 2 * blocks.cost2 * middle).max(initial=0.0)
        self.worth = (typical if typical > 0 else 1.0) * self.base  # $/h that count as 1
        return blocks.cost * self.base / self.worth, blocks.cost2 * self.base**2 / self.worth

    def _limits(self):
        """Lowest and highest values of x, and the positions of every kind of limit in the vector of limits."""
        net, lines, base = self.net, self.net.lines, self.base
        free = np.full(self.n, np.inf)
        self.low = np.concatenate([-free, net.buses.v_min, self.blocks.low / base, self.free_q[0] / base])
        self.high = np.concatenate([free, net.buses.v_max, self.blocks.high / base, self.free_q[1] / base])
        self.low[net.slack_at] = self.high[net.slack_at] = 0.0
        self.fixed = self.low == self.high
        self.below, self.above = (
            np.flatnonzero(np.isfinite(self.high) & ~self.fixed),
            np.flatnonzero(np.isfinite(self.low) & ~self.fixed),
        )
        limit = np.concatenate([lines.limit, lines.limit]) / base
        self.limited = np.flatnonzero(np.isfinite(limit))
        self.limit = limit[self.limited]
        self.weight = 1 / np.maximum(self.limit**2, 1.0)  # else the squares of generous limits dwarf everything
        self.wide, self.narrow = np.flatnonzero(np.isfinite(lines.angle_max)), np.flatnonzero(np.isfinite(lines.angle_min))
        self.angle_max, self.angle_min = np.deg2rad(lines.angle_max[self.wide]), np.deg2rad(lines.angle_min[self.narrow])
        kinds = self.limited, self.below, self.above, self.wide, self.narrow, self.rated.units
        counts = [len(kind) for kind in kinds]
        self.cuts, self.limit_count = np.cumsum(counts)[:-1], int(sum(counts))

    def start(self):
        """A flat start: one voltage, outputs in the middle of their range, angles from phase shifters only.

        The voltage is the nearest to 1 that lies in all bands, or 1 where none does. Each bus at the nearest in its own band
        would set neighbours apart, in large cases by 5 % over hardly any impedance, and no step would mend such flows.
        """
        x = np.zeros(self.size)
        if self.net.lines.shift.any():
            x[self.angle] = first_angles(self.net, np.zeros(self.n))
        low, high = self.low[self.volt], self.high[self.volt]
        common = np.clip(1.0, low.max(), high.min()) if low.max() <= high.min() else 1.0
        x[self.volt] = common
        rest = slice(self.p.start, self.q.stop)
        x[rest] = _middle(np.maximum(self.low[rest], -FAR_START), np.minimum(self.high[rest], FAR_START))
        return np.where(self.fixed, self.low, x)

    def at(self, x):
        """Everything that the Newton step needs at x."""
        v, p = x[self.volt], x[self.p]
        power, slope = self.ends.derivatives(v, x[self.angle])
        given = np.bincount(self.blocks.at, p, self.n) + 1j * np.bincount(self.blocks.at, self.reactive * p, self.n)
        given = given + 1j * np.bincount(self.net.generators.at, x[self.q], self.n)
        balance = self.load + self.shunt * v**2 + sum_at(self.ends.own, power, self.n) - given
        lines = self.net.lines
        apart = x[lines.start] - x[lines.end]
        limits = np.concatenate([
            self.weight * (np.abs(power[self.limited]) ** 2 - self.limit**2),
            x[self.below] - self.high[self.below], self.low[self.above] - x[self.above],
            apart[self.wide] - self.angle_max, self.angle_min - apart[self.narrow], self.rated.room(x),
        ])  # fmt: skip
        return Point(power, slope, balance, limits)

    def objective(self, x):
        """Cost in units of `worth`, without what is paid whatever is dispatched."""
        p = x[self.p]
        return float(self.cost @ p + self.cost2 @ p**2)

    def of_flows(self, point, mu):
        """What multipliers `mu` of the line limits add to the gradient of the Lagrangian, (size,)."""
        weight = np.zeros(2 * self.m, dtype=complex)
        weight[self.limited] = 2 * self.weight * mu[: len(self.limited)] * point.power[self.limited]
        return np.bincount(self.local.ravel(), (weight.conj() * point.slope).real.ravel(), self.size)

    def of_bounds(self, mu):
        """What multipliers of the limits of x add to the gradient, (size,)."""
        _, below, above, _, _, _ = np.split(mu, self.cuts)
        return np.bincount(self.below, below, self.size) - np.bincount(self.above, above, self.size)

    def of_angles(self, mu):
        """What multipliers of the angle limits add to the gradient, (size,)."""
        along = self.along(mu)
        return np.bincount(self.net.lines.start, along, self.size) - np.bincount(self.net.lines.end, along, self.size)

    def of_ratings(self, x, mu):
        """What multipliers of the ratings add to the gradient, (size,)."""
        each = self.rated.slope(x) * mu[self.cuts[-1] :][self.rated.row]
        return np.bincount(self.rated.column, each, self.size)

    def along(self, mu):
        """Multiplier of the angle along each line, (m,): positive at the highest, negative at the lowest."""
        _, _, _, wide, narrow, _ = np.split(mu, self.cuts)
        return np.bincount(self.wide, wide, self.m) - np.bincount(self.narrow, narrow, self.m)

    def of_balance(self, x, point, price):
        """What complex prices of the balances add to the gradient, (size,)."""
        found = np.bincount(self.local.ravel(), (price[self.ends.own].conj() * point.slope).real.ravel(), self.size) + 0.0
        found[self.volt] += 2 * x[self.volt] * (price.conj() * self.shunt).real
        found[self.p] -= price.real[self.blocks.at] + self.reactive * price.imag[self.blocks.at]
        found[self.q] -= price.imag[self.net.generators.at]
        return found

    def gradient(self, x, point, price, mu):
        """Gradient of the Lagrangian, 0 for what is fixed."""
        found = self.of_balance(x, point, price) + self.of_flows(point, mu) + self.of_bounds(mu) + self.of_angles(mu)
        found += self.of_ratings(x, mu)
        found[self.p] += self.cost + 2 * self.cost2 * x[self.p]
        found[self.fixed] = 0.0
        return found

    def limit_changes(self, x, point, dx):
        """Derivative of the limits at x along dx."""
        lines = self.net.lines
        squares = 2 * (point.power.conj() * np.einsum("ak,ak->k", point.slope, dx[self.local])).real
        apart = dx[lines.start] - dx[lines.end]
        return np.concatenate(
            [
                self.weight * squares[self.limited],
                dx[self.below],
                -dx[self.above],
                apart[self.wide],
                -apart[self.narrow],
                self.rated.change(x, dx),
            ]
        )

    def _pattern(self):
        """Rows and columns of every contribution to the Newton matrix, in the order in which `matrix` computes them."""
        n, own, lines = self.n, self.ends.own, self.net.lines
        self.order = self.size + 2 * n
        mirrored = [(a, b) for a, b in PAIRS if a != b]
        rows = [self.local[a] for a, b in PAIRS] + [self.local[b] for a, b in mirrored]
        columns = [self.local[b] for a, b in PAIRS] + [self.local[a] for a, b in mirrored]
        buses, active, reactive = np.arange(n), self.size, self.size + n
        units, blocks = np.arange(self.q.start, self.q.stop), np.arange(self.p.start, self.p.stop)
        law = [*[active + own] * 4, *[reactive + own] * 4, active + buses, reactive + buses, active + self.blocks.at,
               reactive + self.blocks.at,               reactive + self.net.generators.at]  # fmt: skip
        state = [*self.local, *self.local, n + buses, n + buses, blocks, blocks, units]
        angles = np.concatenate([self.wide, self.narrow])
        a, b = lines.start[angles], lines.end[angles]
        first, second = (self.rated.column[entries] for entries in self.rated.pairs)
        every = np.arange(self.order)
        self.rows = np.concatenate([*rows, *law, *state, a, b, a, b, first, every])
        self.columns = np.concatenate([*columns, *state, *law, a, b, b, a, second, every])
        fixed = np.concatenate([self.fixed, np.zeros(2 * n, dtype=bool)])
        self.dead = (fixed[self.rows] | fixed[self.columns]) & (self.rows != self.columns)
        self.ordered(np.arange(self.order))

    def ordered(self, order):
        """Put the columns of the Newton matrix into this order from now on."""
        place = np.empty(self.order, dtype=np.int64)
        place[order] = np.arange(self.order)
        key, self.slot = np.unique(place[self.columns] * self.order + self.rows, return_inverse=True)
        self.inner = (key % self.order).astype(np.int32)
        self.starts = np.searchsorted(key // self.order, np.arange(self.order + 1)).astype(np.int32)
        self.column_order = order

    def matrix(self, x, point, price, mu, pull):
        """The Newton matrix [[Hessian + limits, laws'], [laws, 0]]; `pull` is each limit's multiplier by its slack."""
        on_lines, below, above, wide, narrow, on_units = np.split(pull, self.cuts)
        mu_ends, pull_ends = np.zeros(2 * self.m), np.zeros(2 * self.m)
        mu_ends[self.limited], pull_ends[self.limited] = 2 * self.weight * mu[: len(self.limited)], self.weight**2 * on_lines
        weight = (price[self.ends.own] + mu_ends * point.power).conj()
        squares = 2 * (point.power.conj() * point.slope).real
        second, real, imag = self.ends.second_derivatives(x[self.volt], point.slope), point.slope.real, point.slope.imag
        blocks = {}
        for a, b in PAIRS:
            of_limits = mu_ends * (real[a] * real[b] + imag[a] * imag[b]) + pull_ends * squares[a] * squares[b]
            blocks[a, b] = of_limits + (weight * second[a, b]).real if (a, b) in second else of_limits
        diagonal = np.zeros(self.order)
        diagonal[self.volt] = 2 * (price.conj() * self.shunt).real
        diagonal[self.p] = 2 * self.cost2
        diagonal[self.p.start : self.q.stop] += CALMING
        diagonal[self.below] += below
        diagonal[self.above] += above
        diagonal[: self.size][self.fixed] = 1.0
        by_voltage, minus = 2 * self.shunt * x[self.volt], np.full(self.g, -1.0)
        laws = [real.ravel(), imag.ravel(), by_voltage.real, by_voltage.imag, np.full(self.k, -1.0), -self.reactive, minus]
        angles = np.concatenate([wide, narrow])
        mirrored = [block for (a, b), block in blocks.items() if a != b]
        of_units = self.rated.curvature(x, mu[self.cuts[-1] :], on_units)
        values = np.concatenate([*blocks.values(), *mirrored, *laws, *laws, angles, angles,
                                 -angles, -angles, of_units, diagonal])  # fmt: skip
        values[self.dead] = 0.0
        return csc_array(
            (np.bincount(self.slot, values, len(self.inner)), self.inner, self.starts), shape=(self.order, self.order)
        )


def _middle(low, high):
    """Middle of a range; its finite end, or 0, where it has no middle."""
    both = np.isfinite(low) & np.isfinite(high)
    with np.errstate(invalid="ignore"):
        return np.where(both, (low + high) / 2, np.where(np.isfinite(low), low, np.where(np.isfinite(high), high, 0.0)))
