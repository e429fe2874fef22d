"""Where the variables of a schedule for many scenarios stand in its linear programme."""

import numpy as np


class Columns:
    """Where the variables stand: x first, then a stretch for each scenario, then those of the tail."""

    def __init__(self, recourse):
        fixed, movable, free = recourse.kinds
        sizes = (len(free), len(movable), len(movable), len(recourse.shed_at))
        self.first, self.each, self.scenarios = len(fixed), sum(sizes), len(recourse.chances)
        ends = np.cumsum((0, *sizes))
        self.free, self.up, self.down, self.shed = (slice(a, b) for a, b in zip(ends, ends[1:]))
        self.tail = self.first + self.each * self.scenarios
        self.count = self.tail + (1 + self.scenarios if recourse.risk else 0)

    def of(self, values):
        """(S, each) view of what belongs to the scenarios."""
        return values[self.first : self.tail].reshape(self.scenarios, self.each)

    def rows(self, first, each):
        """Sparse rows, one a scenario, with these coefficients of x (first,) and of its own stretch (each,)."""
        from scipy.sparse import csr_array

        i, j, size = np.flatnonzero(first), np.flatnonzero(each), self.scenarios
        own = self.first + np.arange(size)[:, None] * self.each + j
        where = np.hstack([np.broadcast_to(i, (size, len(i))), own])
        values = np.tile(np.concatenate([first[i], each[j]]), size)
        starts = np.arange(size + 1) * where.shape[1]
        return csr_array((values, where.ravel(), starts), shape=(size, self.count))
