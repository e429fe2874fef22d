"""Which blocks trade: mixed-integer programmes over a `HoursProgram`."""

import numpy as np
from scipy import sparse

from tefoundations.market.hours.programmes import widened
from tefoundations.programmes import linear


def best_blocks(program):
    """Which blocks the largest welfare accepts: a mixed-integer linear programme.

    Parameters
    ----------
    program : HoursProgram

    Returns
    -------
    (B,) bool array
    """
    n, blocks, program = len(program.worth), len(program.minimum), program.sized
    if not blocks:
        return np.zeros(0, bool)
    rows = _primal_rows(program, blocks)
    upper = np.concatenate([program.upper, np.ones(blocks)])
    found = _mixed(np.concatenate([program.worth, np.zeros(blocks)]), rows, np.zeros(n + blocks), upper, n, blocks)
    return found[n : n + blocks] > 0.5


def best_european_blocks(program):
    """Which blocks the largest welfare accepts among selections with prices at which no accepted block loses.

    The prices are variables beside the trades. Strong duality (welfare at least the sum of all rents) makes them support
    every divisible order; an accepted block's rent may not exceed its profit, a rejected one's is left out by a large
    number. The formulation needs no products of prices and quantities.

    Parameters
    ----------
    program : HoursProgram

    Returns
    -------
    (B,) bool array

    References
    ----------
    Madani, M. and Van Vyve, M. (2015), "Computationally efficient MIP formulation and algorithms for European day-ahead
    electricity market auctions", European Journal of Operational Research 242(2), 580-593.
    """
    n, blocks, hours, program = len(program.worth), len(program.minimum), program.balance.shape[0], program.sized
    if not blocks:
        return np.zeros(0, bool)
    low, high = program.limits
    divisible, windows = program.divisible, len(program.energy)
    # Columns: trades, accepted or not, prices, rents of divisible columns, rents of windows, rents of blocks.
    sizes = np.cumsum([0, n, blocks, hours, divisible, windows, blocks])
    count = sizes[-1]
    primal = [(widened(matrix, count), least, most) for matrix, least, most in _primal_rows(program, blocks)]

    # Rent of a divisible column + rent of its window >= profit; rent of a block >= profit less a large number if rejected.
    takes = program.balance.T.tocsr()
    member = program.windows.T.tocsr()[:divisible]
    rents = sparse.hstack(
        [sparse.csr_array((divisible, n + blocks)), takes[:divisible], sparse.eye_array(divisible), member,
         sparse.csr_array((divisible, blocks))]
    )  # fmt: skip
    large = (high - low) * abs(program.balance[:, [*range(divisible, n)]]).sum(axis=0)
    block_rents = sparse.hstack(
        [sparse.csr_array((blocks, n)), sparse.diags_array(-large), takes[divisible:],
         sparse.csr_array((blocks, divisible + windows)), sparse.eye_array(blocks)]
    )  # fmt: skip
    strong = np.zeros(count)
    strong[:n] = program.worth
    strong[sizes[3] : sizes[4]] = -program.upper[:divisible]
    strong[sizes[4] : sizes[5]] = -program.energy
    strong[sizes[5] :] = -1.0
    rows = [
        *primal,
        (rents, program.worth[:divisible], np.inf),
        (block_rents, program.worth[divisible:] - large, np.inf),
        (sparse.csr_array(strong[None, :]), 0.0, np.inf),
    ]
    lower = np.zeros(count)
    lower[sizes[2] : sizes[3]] = low
    upper = np.concatenate([program.upper, np.ones(blocks), np.full(hours, high), np.full(count - sizes[3], np.inf)])
    found = _mixed(np.concatenate([program.worth, np.zeros(count - n)]), rows, lower, upper, n, blocks)
    return found[n : n + blocks] > 0.5


def _primal_rows(program, blocks):
    """Balance, windows, and the blocks' shares between minimum and one if accepted; columns trades, accepted."""
    n, none = len(program.worth), sparse.csr_array((program.balance.shape[0], blocks))
    shares = sparse.hstack([sparse.csr_array((blocks, n - blocks)), sparse.eye_array(blocks)])
    rows = [
        (sparse.hstack([program.balance, none]), 0.0, 0.0),
        (sparse.hstack([shares, -sparse.eye_array(blocks)]), -np.inf, 0.0),
        (sparse.hstack([shares, -sparse.diags_array(program.minimum)]), 0.0, np.inf),
    ]
    if len(program.energy):
        rows.append(
            (sparse.hstack([program.windows, sparse.csr_array((len(program.energy), blocks))]), -np.inf, program.energy)
        )
    return rows


def _mixed(gain, rows, lower, upper, first, count):
    """The point of the largest gain whose columns `first` to `first + count` are zero or one."""
    matrix = sparse.vstack([matrix for matrix, _, _ in rows])
    low, high = (
        np.concatenate([np.broadcast_to(np.asarray(row[end], float), row[0].shape[0]) for row in rows]) for end in (1, 2)
    )
    whole = np.zeros(len(gain), dtype=bool)
    whole[first : first + count] = True
    return linear(-gain, matrix, low, high, lower, upper, whole=whole).x
