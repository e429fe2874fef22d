"""What a battery could earn at given prices if it chose its hours for itself."""

import numpy as np

from tefoundations.programmes import linear


def best_plan(program, number, price):
    """The most that a battery could gain at the prices, buying or selling in an hour and not both.

    Parameters
    ----------
    program : HoursProgram
    number : int
        Which battery.
    price : (T,) float array
        ct/kWh.

    Returns
    -------
    float
        In ct, wear counted.

    Raises
    ------
    NoPoint
        Its final energy cannot be reached.
    """
    from scipy import sparse

    mine = np.flatnonzero(program.store == number)
    ours = np.flatnonzero(abs(program.rows)[:, mine].sum(axis=1))
    rows, right, upper = program.rows[ours][:, mine], program.right[ours], program.upper[mine]
    least, profit = np.where(program.equal[ours], right, -np.inf), program.profit(price)[mine]
    found = linear(-profit, rows, least, right, np.zeros(len(mine)), upper)
    pairs = np.searchsorted(mine, program.either[program.store[program.either[:, 0]] == number])
    if not (found.x[pairs] > 1e-9 * upper[pairs]).all(axis=1).any():
        return -found.objective
    each, switch = sparse.eye_array(len(mine), format="csr"), sparse.eye_array(len(pairs))
    buys, sells = (sparse.hstack([each[pairs[:, side]], sign * upper[pairs[:, side]][:, None] * switch])
                   for side, sign in ((0, -1), (1, 1)))  # fmt: skip
    count = len(mine) + len(pairs)
    matrix = sparse.vstack([sparse.hstack([rows, sparse.csr_array((len(ours), len(pairs)))]), buys, sells])
    none = np.full(len(pairs), -np.inf)
    high = np.concatenate([right, np.zeros(len(pairs)), upper[pairs[:, 1]]])
    whole = np.arange(count) >= len(mine)
    return -linear(np.concatenate([-profit, np.zeros(len(pairs))]), matrix, np.concatenate([least, none, none]), high,
                   np.zeros(count), np.concatenate([upper, np.ones(len(pairs))]), whole=whole).objective  # fmt: skip
