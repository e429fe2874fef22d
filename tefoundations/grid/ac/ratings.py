"""Ratings of units in an AC problem: p^2 + q^2 <= s_max^2, one quadratic row for each unit that has a rating.

A unit's p is the sum of its blocks, its q what is free of it and what comes with each megawatt. Both are linear in x, so
the row has constant second derivatives: a unit adds a small dense block to the Newton matrix, whose place never changes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class Ratings:
    """The rated units of a problem; each touches a few entries of x, all listed one after the other.

    Parameters
    ----------
    units : (j,) int array
        Positions of the rated generators.
    limit : (j,) float array
        Their ratings (p.u. of the problem's base).
    row, column : (e,) int arrays
        To which of them an entry belongs, and where it stands in x.
    part : (e,) complex array
        What a unit of the entry adds to p + jq of its generator.
    pairs : pair of (c,) int arrays
        Both entries of every ordered pair of entries of one unit.
    """

    units: np.ndarray
    limit: np.ndarray
    row: np.ndarray
    column: np.ndarray
    part: np.ndarray
    pairs: tuple

    @classmethod
    def of(cls, problem):
        """The ratings of an `ACProblem`; load that is shed belongs to no unit."""
        rating, owner = problem.net.generators.s_max, problem.blocks.owner
        units = np.flatnonzero(np.isfinite(rating))
        blocks = np.flatnonzero(np.isin(owner, units))
        row = np.concatenate([np.searchsorted(units, owner[blocks]), np.arange(len(units))])
        column = np.concatenate([problem.p.start + blocks, problem.q.start + units])
        part = np.concatenate([1 + 1j * problem.reactive[blocks], np.full(len(units), 1j)])
        belongs = csr_array((np.ones(len(row)), (np.arange(len(row)), row)), shape=(len(row), len(units)))
        return cls(units, rating[units] / problem.base, row, column, part, (belongs @ belongs.T).nonzero())

    @property
    def weight(self):
        """(j,) float array: scale of each row, as that of line limits."""
        return 1 / np.maximum(self.limit**2, 1.0)

    def output(self, x):
        """Complex output of the units, (j,) p.u."""
        each = self.part * x[self.column]
        return np.bincount(self.row, each.real, len(self.units)) + 1j * np.bincount(self.row, each.imag, len(self.units))

    def room(self, x):
        """The rows: not positive where a rating is kept, (j,)."""
        return self.weight * (np.abs(self.output(x)) ** 2 - self.limit**2)

    def slope(self, x):
        """Derivative of its unit's row by each entry, (e,)."""
        return self.weight[self.row] * 2 * (self.output(x)[self.row].conj() * self.part).real

    def change(self, x, dx):
        """Derivative of the rows along dx, (j,)."""
        return np.bincount(self.row, self.slope(x) * dx[self.column], len(self.units))

    def curvature(self, x, mu, pull):
        """What the rows add to the Newton matrix at every pair: `mu` their multipliers, `pull` those by their slacks."""
        (a, b), slope = self.pairs, self.slope(x)
        unit = self.row[a]
        second = 2 * self.weight[unit] * (self.part[a].conj() * self.part[b]).real
        return mu[unit] * second + pull[unit] * slope[a] * slope[b]
