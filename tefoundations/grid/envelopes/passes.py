"""Two passes over a tree at the speed of arrays: what is behind each line, and what adds up on the way to each bus."""

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu


class NoLines:
    """Passes over the tree of a single bus."""

    def solve(self, values, trans="N"):
        """Nothing to add up."""
        return values


def lines_before(tree):
    """The line before each line of the tree, as its position there; -1 where the slack is before it."""
    place = np.full(len(tree.line) + 1, -1)
    place[tree.child] = np.arange(len(tree.child))
    return place[tree.parent]


def tree_matrix(tree):
    """(n-1, n-1): what is sent behind each line, less what is sent behind the lines that follow it."""
    m, before = len(tree.line), lines_before(tree)
    inner = np.flatnonzero(before >= 0)
    rows, columns = np.concatenate([np.arange(m), before[inner]]), np.concatenate([np.arange(m), inner])
    return csc_array((np.concatenate([np.ones(m), -np.ones(len(inner))]), (rows, columns)), shape=(m, m))


def passes_of(matrix):
    """Its factors, into which nothing fills in: it is a triangle already."""
    if not matrix.shape[0]:
        return NoLines()
    return splu(matrix, permc_spec="NATURAL", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
