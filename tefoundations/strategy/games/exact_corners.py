"""Corners of a best-reply polytope in whole numbers, for games in which one payoff drowns the differences that matter."""

from fractions import Fraction
from math import gcd, lcm

import numpy as np

from tefoundations.programmes import is_zero

AT_ONCE = 4096  # pairs of rays
TOLD_APART = 1e-6  # of a column's range: of smaller differences the corners in floats are not sure


def is_needed(payoffs):
    """Whether two payoffs of one column differ by more than their own rounding, and by almost nothing of its range.

    Parameters
    ----------
    payoffs : (rows, n) array
    """
    ordered = np.sort(payoffs, axis=0)
    gaps, made_of = np.diff(ordered, axis=0), np.maximum(np.abs(ordered[1:]), np.abs(ordered[:-1]))
    return bool(((gaps < TOLD_APART * np.ptp(payoffs, axis=0)) & ~is_zero(gaps, made_of)).any())


def exact_corners(payoffs):
    """All draws of columns at the corners of {z >= 0, matrix z <= 1}, and the facets on which they lie.

    The matrix has whole numbers above 0: each column less its smallest entry, in a unit of its own, and 1 added. None of
    this changes which rows are best. The *double description* adds a row after the other, and where one cuts an edge a
    corner is born (Motzkin and others 1953; Fukuda and Prodon 1996). Floats are read as the decimals they print as.

    Parameters
    ----------
    payoffs : (rows, n) array

    Returns
    -------
    draws : (corners, n) float array
        Chances.
    labels : (corners, rows + n) bool array
        Which rows are best, and then which columns are not drawn.
    """
    columns, units = zip(*map(_whole, payoffs.T))
    n, rows = len(columns), list(zip(*columns))
    # A corner is a ray (z, t) of a cone, and z / t; on its facets a row is best, a column is not drawn, or t is 0.
    rays = np.identity(n + 1, int).astype(object)  # Python's whole numbers, which have no end
    facets = np.hstack([np.zeros((n + 1, len(rows)), bool), ~np.identity(n + 1, bool)])
    for place, row in enumerate(rows):
        rays, facets = _cut(rays, facets, np.array([*(-part for part in row), 1], object), place)
    drawn = (rays[:, :n] > 0).any(axis=1)
    common = lcm(*(unit.denominator for unit in units))
    weights = rays[drawn, :n] * np.array([int(unit * common) for unit in units], object)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(float), facets[drawn, :-1]


def _whole(column):
    """A column above 0 in whole numbers, and what one of them is."""
    ordered, same = np.sort(column), {}
    for before, value in zip([ordered[0], *ordered], ordered.tolist()):  # what differs by rounding is one number
        same[value] = same[float(before)] if value != before and is_zero(value - before, value) else Fraction(repr(value))
    above = [same[value] - same[float(ordered[0])] for value in column.tolist()]
    unit = lcm(*(part.denominator for part in above))
    size = gcd(*(int(part * unit) for part in above)) or 1
    return [int(part * unit) // size + 1 for part in above], Fraction(unit, size)


def _cut(rays, facets, side, place):
    """Rays of a cone of which one side is kept, and their facets: those within, and where an edge leaves it a new one."""
    left = rays @ side
    facets[:, place] = left == 0
    inside, outside = np.flatnonzero(left > 0), np.flatnonzero(left < 0)
    enough = rays.shape[1] - 2  # facets that two rays have in common where an edge joins them
    close = np.argwhere(facets[inside].astype(np.float32) @ facets[outside].T.astype(np.float32) >= enough)
    pairs = np.column_stack([inside[close[:, 0]], outside[close[:, 1]]])
    missing, edges = (~facets).T.astype(np.float32), []
    for k in range(0, len(pairs), AT_ONCE):  # and no third ray has all of these
        part = pairs[k : k + AT_ONCE]
        common = facets[part].all(axis=1).astype(np.float32)
        edges.append(part[(common @ missing == 0).sum(axis=1) == 2])
    a, b = np.concatenate([np.zeros((0, 2), int), *edges]).T
    born = left[a, None] * rays[b] - left[b, None] * rays[a]
    new = facets[a] & facets[b]
    new[:, place] = True
    within = left >= 0
    shorter = [[part // gcd(*ray) for part in ray] for ray in born.tolist()]
    born = np.array(shorter, object).reshape(-1, rays.shape[1])
    return np.concatenate([rays[within], born]), np.concatenate([facets[within], new])
