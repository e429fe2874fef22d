"""All extreme equilibria of two players, ties included, by the corners of their best-reply polytopes."""

from itertools import combinations
from math import comb

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.programmes import NEAR
from tefoundations.strategy.games.exact_corners import exact_corners, is_needed

MOST, MOST_ACTIONS = 200_000, 60  # choices of facets; actions of a player
FLAT = 1e-10  # reciprocal condition below which facets meet in no point


def corners(matrix):
    """Corners of {z >= 0, matrix @ z <= 1}, all but 0.

    For every choice of rows that could hold with equality, and of as many entries that could be above 0, the equations are
    solved and the points within kept. Where more facets meet in a corner than are needed, several choices find it. A choice
    with a row that is smaller than another for all draws of its entries has no point, and is left out.

    Parameters
    ----------
    matrix : (rows, n) array
        Between 1 and 2, so that the entries of a corner add up to 1/2 at least and to 1 at most.

    Returns
    -------
    points : (corners, n) float array
    labels : (corners, rows + n) bool array
        Which rows hold with equality, and then which entries are 0.
    """
    rows, n = matrix.shape
    points = np.concatenate([_within(matrix, size) for size in range(1, min(rows, n) + 1)])
    labels = np.hstack([points @ matrix.T >= 1 - NEAR, points <= NEAR])
    first = np.unique(np.packbits(labels, axis=1), axis=0, return_index=True)[1]  # no two corners lie on the same facets
    return points[first] * ~labels[first, rows:], labels[first]


def _within(matrix, size):
    """Corners with so many entries above 0, and as many rows that hold with equality and tell them apart."""
    rows, n = matrix.shape
    tight = np.array(list(combinations(range(rows), size)))
    used = np.array(list(combinations(range(n), size)))
    above = _indicator(used, n)
    # A row that another exceeds in some entries used, and in none falls below, is smaller; of equal rows the first will do.
    never_below = (matrix[:, None] >= matrix[None]) @ above.T == size
    exceeds = (matrix[:, None] > matrix[None]) @ above.T > 0
    first = np.triu(np.ones((rows, rows), bool), 1)[..., None]
    row_choice, entry_choice = np.nonzero(_indicator(tight, rows) @ (never_below & (exceeds | first)).any(axis=0) == 0)
    squares = matrix[tight[row_choice][:, :, None], used[entry_choice][:, None, :]]
    regular = np.linalg.det(squares) != 0  # `solve` refuses what is exactly singular
    squares, used = squares[regular], used[entry_choice[regular]]
    entries = np.linalg.solve(squares, np.ones((len(squares), size, 1)))[..., 0]
    points = np.zeros((len(squares), n))
    np.put_along_axis(points, used, entries, axis=1)
    inside = (entries > NEAR).all(axis=1) & (points @ matrix.T <= 1 + NEAR).all(axis=1)
    squares, points = squares[inside], points[inside]
    spread = np.abs(squares).sum(axis=2).max(axis=1) * np.abs(np.linalg.inv(squares)).sum(axis=2).max(axis=1)
    return points[spread < 1 / FLAT]


def _indicator(choices, length):
    """Rows of 0 and 1 that say which places each choice holds."""
    found = np.zeros((len(choices), length))
    np.put_along_axis(found, choices, 1.0, axis=1)
    return found


def extreme_equilibria(mine, theirs):
    """All extreme equilibria of a game of two.

    Parameters
    ----------
    mine, theirs : (m, n) arrays
        Payoffs of the player who chooses the row, and of the one who chooses the column.

    Returns
    -------
    list of ((m,) array, (n,) array)
        Chances.
    """
    m, n = mine.shape
    if max(m, n) > MOST_ACTIONS or comb(m + n, m) > MOST:
        raise InvalidInput(f"{m} and {n} actions are too many: at most {MOST_ACTIONS} each, and {MOST:,} choices of facets")
    rows, row_labels = _draws(theirs.T)  # labels: the other's best columns, then own rows not used
    columns, column_labels = _draws(mine)  # labels: the other's best rows, then own columns not used
    own = np.roll(row_labels, m, axis=1)  # in one order for both: rows, then columns
    lacking = (~own).astype(np.float32) @ (~column_labels).T.astype(np.float32)  # labels that neither has
    return [(rows[i], columns[j]) for i, j in np.argwhere(lacking == 0)]


def _draws(payoffs):
    """Draws of columns at the corners, and the labels of `corners`; in whole numbers where floats cannot tell them apart."""
    if is_needed(payoffs):
        return exact_corners(payoffs)
    scaled, units = _scaled(payoffs)
    points, labels = corners(scaled)
    draws = points / units
    return draws / draws.sum(axis=1, keepdims=True), labels


def _scaled(payoffs):
    """Payoffs between 1 and 2, and the unit of each column; of what is drawn in these units the best rows are the same."""
    above = payoffs - payoffs.min(axis=0)
    units = above.max(axis=0)
    units = np.where(units > 0, units, 1.0)
    return above / units + 1, units
