"""Ways to share the room of a feeder: the largest sum, the most equal parts, one share for all, the largest product."""

import numpy as np
from scipy.sparse import block_array, csr_array, diags_array, eye_array, hstack, vstack

from tefoundations import programmes


def filled(room, wanted, rate):
    """Max-min: all grow together at their rates until a limit is reached, and those go on whom it does not touch.

    What is sent over a line, as a function of how far all have grown, is concave: members that have what they want fall
    out of it. A step that takes nobody to fall out never goes beyond a limit, and lands on it when nobody does.

    Parameters
    ----------
    room : Room
    wanted : (k,) float array
        MW.
    rate : (k,) float array
        Positive where something is wanted.

    Returns
    -------
    (k,) float array
        MW.
    """
    exports, free = np.zeros(len(wanted)), wanted > 0
    used = room.used(exports)
    while free.any():
        steps = room.steps(used, room.used(np.where(free, rate, 0.0)))
        step = steps.min(initial=np.inf)
        grown = exports + (step * rate if np.isfinite(step) else wanted)
        full = free & (grown >= wanted)
        exports = np.where(full, wanted, np.where(free, grown, exports))
        used = room.used(exports)
        tight = room.tight(used)
        if not full.any():
            tight[steps.argmin()] = True  # whatever rounding says: it is where the step ended
        free &= ~full & ~room.touched(tight)
    return exports


def one_share(room, wanted):
    """One share of what each wants, at most all of it."""
    return min(1.0, room.steps(0.0, room.used(wanted)).min(initial=np.inf)) * wanted


def largest_sum(room, wanted):
    """The largest sum, as a linear programme whose further variables are what each line carries and each square moves.

    Where several splits have the same sum it is one of them.
    """
    matrix, upper = _programme(room, wanted)
    cost = np.zeros(matrix.shape[1])
    cost[: len(wanted)] = -1.0
    zeros = np.zeros(matrix.shape[0])
    return programmes.linear(cost, matrix, zeros, zeros, np.zeros(len(upper)), upper).x[: len(wanted)]


def largest_product(room, wanted):
    """The largest product of the exports, that is the largest sum of their logarithms, as a tower of cones.

    Each cone holds the mean of two numbers, z^2 <= x y, as |(2 z, x - y)| <= x + y. At the top stands the geometric mean of
    all, each counted as a share of what it wants.
    """
    asked = np.flatnonzero(wanted > 0)
    if len(asked) < 2:
        return one_share(room, wanted)
    matrix, upper = _programme(room, wanted)
    unit = np.concatenate([wanted, room.used(wanted)])
    unit[unit == 0] = 1.0
    size, finite = len(unit), np.flatnonzero(np.isfinite(upper))
    pairs = _tower(asked.tolist(), size)
    left, right, mean = np.array(pairs).T
    top, rows = int(mean.max()), np.arange(len(pairs))
    more = top + 1 - size

    def place(at, factor=1.0):
        return csr_array((np.full(len(pairs), factor), (rows, at)), shape=(len(pairs), top + 1))

    order = np.arange(3 * len(pairs)).reshape(3, -1).T.ravel()
    cones = -vstack([place(left) + place(right), place(mean, 2.0), place(left) - place(right)], format="csr")[order]
    laws = hstack([matrix.multiply(unit), csr_array((matrix.shape[0], more))])
    most = hstack([eye_array(size, format="csr")[finite], csr_array((len(finite), more))])
    least = hstack([-eye_array(size), csr_array((size, more))])
    cost = np.zeros(top + 1)
    cost[top] = -1.0
    right_sides = (np.zeros(laws.shape[0]), (upper / unit)[finite], np.zeros(size + cones.shape[0]))
    kinds = [("zero", laws.shape[0]), ("positive", len(finite) + size), *[("second order", 3)] * len(pairs)]
    found = programmes.cone(cost, vstack([laws, most, least, cones]), np.concatenate(right_sides), kinds)
    exports = np.clip(found.x[: len(wanted)] * wanted, 0.0, wanted)
    return exports * min(1.0, room.steps(0.0, room.used(exports)).min(initial=np.inf))  # what the solver leaves


def _tower(leaves, first):
    """(left, right, mean) of each cone, new variables numbered from `first`; the top itself fills the leaves that lack."""
    top, pairs, free = -1, [], first
    level = leaves + [top] * (2 ** (len(leaves) - 1).bit_length() - len(leaves))
    while len(level) > 1:
        above = []
        for left, right in zip(level[::2], level[1::2]):
            if left == right == top:  # its mean with itself
                above.append(top)
                continue
            pairs.append((left, right, free))
            above.append(free)
            free += 1
        level = above
    return [tuple(free - 1 if each == top else each for each in pair) for pair in pairs]


def _programme(room, wanted):
    """Equations matrix @ (exports, uses of all limits) = 0, and the upper bounds of these variables; all are at least 0."""
    count, m = len(wanted), len(room.line)
    own = np.flatnonzero(room.at >= 0)
    sent = csr_array((np.full(len(own), -1.0), (room.at[own], own)), shape=(m, count))
    blocks = [[sent, room.tree_matrix, *[None] * len(room.slopes)]]
    for number, each in enumerate(room.slopes):
        rises = [None] * len(room.slopes)
        rises[number] = room.tree_matrix.T
        blocks.append([None, -diags_array(each.step), *rises])
    return csr_array(block_array(blocks)), np.concatenate([wanted, room.limits])
