"""Units for a programme: powers of two, one a column, a row and an objective, in which its numbers are near one.

Why, and what it is for, says `tefoundations.programmes`.
"""

from dataclasses import dataclass

import numpy as np

__all__ = []  # for `tefoundations.programmes` and who hands it programmes

SMALLEST = 1e-6  # share of the largest bound of a part that its unit may fall to: tolerance then meets the last digit
LARGEST_COST = 64.0  # in the solver's units
FAR = 2.0**10  # an interior point method is content with numbers that are no further from one


@dataclass(frozen=True, eq=False)
class Units:
    """Units of a programme: column (n,) and row (m,) factors; the part that each column and row belongs to, of so many."""

    column: np.ndarray
    row: np.ndarray
    part: np.ndarray
    part_of_row: np.ndarray
    parts: int

    @classmethod
    def of(cls, matrix, rows, bounds, whole, loose):
        """Units in which the entries of the matrix are near one, and so is the smallest bound of each part.

        Loosely, it is the largest bound of a part that is near one. Whole variables keep their unit.
        """
        row, column = _even(matrix, whole)
        parts, part, part_of_row = _parts(matrix)
        sizes = [(bound[~whole] / column[~whole], part[~whole]) for bound in bounds] + [(b * row, part_of_row) for b in rows]
        size, where = (np.concatenate(both) for both in zip(*sizes))
        there = np.isfinite(size) & (size != 0)
        size, where = np.abs(size[there]), where[there]
        least, most = np.full(parts, np.inf), np.zeros(parts)
        np.minimum.at(least, where, size)
        np.maximum.at(most, where, size)
        unit = power(most if loose else np.maximum(least, SMALLEST * most))
        return cls(np.where(whole, 1.0, column * unit[part]), row / unit[part_of_row], part, part_of_row, parts)

    def money(self, cost):
        """(parts,) float array: what counts as one in the objective of each part."""
        most = np.zeros(self.parts)
        np.maximum.at(most, self.part, np.abs(cost) * self.column)
        return power(most / LARGEST_COST)


def power(value):
    """The power of two below each value; 1 where the value is 0 or infinite."""
    return np.exp2(np.floor(np.log2(np.where((value > 0) & np.isfinite(value), value, 1.0))))


def far_power(value):
    """The same where a value is far from one; what is near one is left as it is."""
    return np.where((value > FAR) | (value < 1 / FAR), power(value), 1.0)


def _parts(matrix):
    """Number of parts that share no row; the part of each column and of each row."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    m, n = matrix.shape
    starts = np.concatenate([matrix.indptr, np.full(n, matrix.nnz)])
    both = csr_array((np.ones(matrix.nnz, np.int8), matrix.indices + m, starts), shape=(m + n, m + n))
    parts, label = connected_components(both, directed=False)
    return parts, label[m:], label[:m]


def _even(matrix, whole, sweeps=3):
    """Row and column factors, powers of two, that bring the entries near one."""
    m, n = matrix.shape
    row, column = np.zeros(m), np.zeros(n)  # as logarithms
    there = np.flatnonzero(matrix.data)
    if not len(there):
        return np.ones(m), np.ones(n)
    size = np.log2(np.abs(matrix.data[there]))
    at_row, at_column = np.repeat(np.arange(m), np.diff(matrix.indptr))[there], matrix.indices[there]
    if np.ptp(size) <= 4:
        return np.full(m, 2.0 ** -np.round((size.min() + size.max()) / 2)), np.ones(n)
    for _ in range(sweeps):
        row = _middle(size + column[at_column], at_row, m)
        column = np.where(whole, 0.0, _middle(size + row[at_row], at_column, n))
    row = _middle(size + column[at_column], at_row, m)
    return np.exp2(np.round(row)), np.exp2(np.round(column))


def _middle(size, where, count):
    """What moves the middle between the least and the greatest of each group to 0."""
    least, most = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(least, where, size)
    np.maximum.at(most, where, size)
    there = np.isfinite(least)
    return np.where(there, -(np.where(there, least, 0.0) + np.where(there, most, 0.0)) / 2, 0.0)


def drawn_in(matrix, low, high, lower, upper, rounding):
    """Bounds of the variables, those drawn in that the rows do not let them come near: to twice what one row allows.

    Parameters
    ----------
    matrix, low, high, lower, upper
        As in `tefoundations.programmes.linear`; the matrix sparse, by row.
    rounding : float
        Share of a sum that may be rounding: a bound is never drawn in further than is sure.

    Returns
    -------
    lower, upper : (n,) float arrays

    Examples
    --------
    Who sells to buyers of 0.9 kWh sells no more:

    >>> from scipy.sparse import csr_array
    >>> drawn_in(csr_array([[1.0, -1.0]]), np.zeros(1), np.zeros(1), np.zeros(2), np.array([1e9, 0.9]), 0.0)
    (array([0., 0.]), array([1.8, 0.9]))
    """
    a, j, row = matrix.data, matrix.indices, np.repeat(np.arange(len(low)), np.diff(matrix.indptr))
    least, most = np.where(a > 0, lower[j], upper[j]) * a, np.where(a > 0, upper[j], lower[j]) * a  # of each term
    least, most = np.where(a == 0, 0.0, least), np.where(a == 0, 0.0, most)
    allowed = []
    for ends, right, off in ((least, high, -rounding), (most, low, rounding)):
        others, made = _others(ends, row, len(low), off)
        with np.errstate(divide="ignore", invalid="ignore"):
            made = (np.abs(np.where(np.isfinite(right), right, 0.0))[row] + made) / np.abs(a)
            allowed.append(((right[row] - others) / a, made))
    (up, made_up), (down, made_down) = allowed
    with np.errstate(invalid="ignore"):
        above = lower + 2 * _room(np.where(a > 0, up, down) - lower[j], np.where(a > 0, made_up, made_down), j, len(lower))
        below = upper - 2 * _room(upper[j] - np.where(a > 0, down, up), np.where(a > 0, made_down, made_up), j, len(lower))
    return np.fmax(lower, below), np.fmin(upper, above)


def without_idle(matrix, low, high, lower, upper):
    """Bounds of the rows, infinite where no variable brings the row to even a millionth of them: (m,) float arrays.

    Such a row is never full. But it may be rounding all through, and brought near one its bound would be so large that all
    else is nothing beside it.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> without_idle(csr_array([[1.0], [1e-17]]), np.zeros(2), np.array([5.0, 5.0]), np.zeros(1), np.array([9.0]))
    (array([0., 0.]), array([ 5., inf]))
    """
    with np.errstate(invalid="ignore"):
        far = abs(matrix) @ np.maximum(np.abs(lower), np.abs(upper))  # an infinite bound makes it infinite
    return np.where(far <= -SMALLEST * low, -np.inf, low), np.where(far <= SMALLEST * high, np.inf, high)


def most_broken(x, matrix, low, high, reach, share):
    """The row that a point breaks by more than a share of what its terms could add up to, and by how much; None if none is.

    `reach` are (n,) sizes that the variables could have; where they have no end, a unit of theirs.
    """
    found, could = matrix @ x, abs(matrix) @ np.maximum(np.abs(x), reach)
    beyond = np.maximum(low - found, found - high)
    sizes = could + np.abs(np.where(low > found, low, np.where(high < found, high, 0.0)))
    worst = int(np.argmax(beyond - share * sizes)) if len(low) else 0
    return (worst, float(beyond[worst])) if len(low) and beyond[worst] > share * sizes[worst] else None


def _room(left, made, at, count):
    """How far the rows let each variable go from its bound, where each term leaves it so much; inf where they do not say.

    What is left of far larger sums is a crumb, or rounding: a bound that near to what the rows allow would be a corner of
    its own, beside the true one. There the sums themselves are the room.
    """
    room = np.full(count, np.inf)
    sure = np.where(left > SMALLEST * made, left, made)
    np.minimum.at(room, at, np.where(np.isfinite(left) & (sure > 0), sure, np.inf))
    return room


def _others(term, row, count, off):
    """For each term the sum of the others in its row, infinite ones counted apart, and how large what made it is.

    A share `off` of all is added to the sum.
    """
    infinite = np.isinf(term)
    finite, signs = np.where(infinite, 0.0, term), np.where(infinite, np.sign(term), 0.0)
    sizes = np.bincount(row, np.abs(finite), count)
    sums = np.bincount(row, finite, count) + off * sizes
    signs = np.bincount(row, signs, count)[row] - signs
    return np.where(signs > 0, np.inf, np.where(signs < 0, -np.inf, sums[row] - finite)), sizes[row]


def row_units(sizes, right, cones):
    """(m,) float array, powers of two: the largest entry of each row, its right side too, becomes one; one factor a cone."""
    most = np.maximum(sizes.max(axis=1).toarray().ravel(), right) if sizes.shape[1] else right
    starts = np.cumsum([0, *(count for _, count in cones)])
    for (kind, _), first, last in zip(cones, starts, starts[1:]):
        if kind == "second order":
            most[first:last] = most[first:last].max()
    return 1 / far_power(most)


def without_dust(matrix, rounding):
    """The matrix as a float csr_array of its own, without the entries that are no more than rounding.

    An entry is rounding of the entries it was summed from, or where it is lost both beside the largest of its row and beside
    the largest of its column; either alone may be a matter of units. Scaled to near one it would be a law of its own.

    Examples
    --------
    >>> without_dust([[1.0, -4e-16], [1.0, -1.0]], 1e-14).toarray()
    array([[ 1.,  0.],
           [ 1., -1.]])
    """
    from scipy.sparse import csr_array

    matrix = csr_array(matrix, dtype=float, copy=True)
    sizes = csr_array((np.abs(matrix.data), matrix.indices.copy(), matrix.indptr.copy()), shape=matrix.shape)
    matrix.sum_duplicates()
    sizes.sum_duplicates()
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    size, of_row, of_column = np.abs(matrix.data), np.zeros(matrix.shape[0]), np.zeros(matrix.shape[1])
    np.maximum.at(of_row, row, size)
    np.maximum.at(of_column, matrix.indices, size)
    made = np.maximum(sizes.data, np.minimum(of_row[row], of_column[matrix.indices]))
    matrix.data[size <= rounding * made] = 0.0
    matrix.eliminate_zeros()
    return matrix


def sums_behind(x, matrix):
    """(n,) float array: the largest sum of sizes in any row of a variable, in units of the variable; 0 without a row."""
    sums = np.repeat(abs(matrix) @ np.abs(x), np.diff(matrix.indptr))
    made = np.zeros(len(x))
    np.maximum.at(made, matrix.indices, sums / np.abs(np.where(matrix.data, matrix.data, np.inf)))
    return made


def on_bounds(x, matrix, lower, upper, rounding):
    """What is off a bound by no more than rounding of the sums in its rows, or beyond it, is put on it: (n,) float array."""
    made = sums_behind(x, matrix)
    nearer = np.where(np.abs(x - lower) <= np.abs(x - upper), lower, upper)
    x = np.where(np.abs(x - nearer) <= rounding * np.where(np.isfinite(nearer), made, 0.0), nearer, x)
    return np.clip(x, lower, upper)
