"""Which blocks trade, and which way batteries do: mixed-integer programmes over a `HoursProgram`."""

import numpy as np

from tefoundations.market.hours.programmes import best_trades, widened
from tefoundations.programmes import linear


def selected(program, rule, price):
    """Which blocks trade, and which way each battery does in each hour.

    A battery's direction is a choice of its own only where the best trades without it would buy and sell in one hour.

    Parameters
    ----------
    program : HoursProgram
    rule : {"optimal", "european", "greedy"}
    price : (T,) float array
        Prices (ct/kWh) by which `"greedy"` sorts the blocks.

    Returns
    -------
    accepted : (B,) bool array
    charging : (D,) bool array or None
        Whether each pair of `program.either` buys; None: no pair does both.
    """
    best = best_european if rule == "european" else best_selection
    fixed = greedy(program, price) if rule == "greedy" else None
    accepted = best(program)[0] if fixed is None else fixed
    if not program.burns(best_trades(program, *program.bounds(accepted))):
        return accepted, None
    return best(program, one_way=True, fixed=fixed)


def best_selection(program, one_way=False, fixed=None):
    """Which blocks the largest welfare accepts: a mixed-integer linear programme.

    Parameters
    ----------
    program : HoursProgram
    one_way : bool
        Whether no battery may buy and sell in one hour.
    fixed : (B,) bool array, optional
        Which blocks trade, if that is known.

    Returns
    -------
    accepted : (B,) bool array
    charging : (D,) bool array or None
    """
    n, program = len(program.worth), program.sized
    blocks, pairs = len(program.minimum), len(program.either) if one_way else 0
    rows = _primal_rows(program, blocks, pairs)
    gain, whole = np.concatenate([program.worth, np.zeros(blocks + pairs)]), slice(n, n + blocks + pairs)
    lower, upper = np.zeros(len(gain)), np.concatenate([program.upper, np.ones(blocks + pairs)])
    return _read(program, gain, rows, lower, upper, whole, fixed)


def best_european(program, one_way=False, fixed=None):
    """Which blocks the largest welfare accepts among selections with prices at which no accepted block loses.

    The prices are variables beside the trades. Strong duality (welfare at least the sum of all rents) makes them support
    every divisible order; an accepted block's rent may not exceed its profit, a rejected one's is left out by a large
    number. The formulation needs no products of prices and quantities. Rows beside the balance have prices of their own:
    that of a link carries what a block gains to the one it needs, which may lose as much.

    Parameters
    ----------
    program : HoursProgram
    one_way, fixed
        As in `best_selection`.

    Returns
    -------
    accepted : (B,) bool array
    charging : (D,) bool array or None

    References
    ----------
    Madani, M. and Van Vyve, M. (2015), "Computationally efficient MIP formulation and algorithms for European day-ahead
    electricity market auctions", European Journal of Operational Research 242(2), 580-593.
    """
    from scipy import sparse

    n, program = len(program.worth), program.sized
    blocks, pairs = len(program.minimum), len(program.either) if one_way else 0
    low, high = program.limits
    divisible, (hours, _), tied = program.divisible, program.balance.shape, len(program.right)
    # Columns: trades, accepted or not, charging or not, prices, rents of divisible columns, of rows, and of blocks.
    sizes = np.cumsum([0, n, blocks, pairs, hours, divisible, tied, blocks])
    count = sizes[-1]
    primal = [(widened(matrix, count), least, most) for matrix, least, most in _primal_rows(program, blocks, pairs)]

    # Rent of a column + rents of its rows >= profit, less a large number where it may not trade.
    takes, member = program.balance.T.tocsr(), program.rows.T.tocsr()
    large, off = program.large, np.zeros(n)
    switch = sparse.lil_array((n, blocks + pairs))
    for block in range(blocks):
        switch[divisible + block, block] = -large[divisible + block]
        off[divisible + block] = large[divisible + block]
    for pair, (buys, sells) in enumerate(program.either[:pairs]):
        switch[buys, blocks + pair], switch[sells, blocks + pair], off[buys] = -large[buys], large[sells], large[buys]
    own = sparse.eye_array(n, format="csr")
    rents = sparse.hstack([sparse.csr_array((n, n)), switch.tocsr(), takes, own[:, :divisible], member, own[:, divisible:]])
    strong = np.concatenate([program.worth, np.zeros(blocks + pairs + hours), -program.upper[:divisible], -program.right,
                             -np.ones(blocks)])  # fmt: skip
    rows = [*primal, (rents, program.worth - off, np.inf), (sparse.csr_array(strong[None, :]), 0.0, np.inf)]
    # A kWh in store is worth no more than the dearest hour lets it be.
    stored = np.where(program.equal, program.reach * (max(abs(low), abs(high)) + program.wear), np.inf)
    lower = np.zeros(count)
    lower[sizes[3] : sizes[4]], lower[sizes[5] : sizes[6]] = low, np.where(program.equal, -stored, 0.0)
    upper = np.concatenate([program.upper, np.ones(blocks + pairs), np.full(hours, high), np.full(divisible, np.inf), stored,
                            np.full(blocks, np.inf)])  # fmt: skip
    gain = np.concatenate([program.worth, np.zeros(count - n)])
    return _read(program, gain, rows, lower, upper, slice(n, n + blocks + pairs), fixed)


def greedy(program, price):
    """Which blocks are kept, tried by profit per kWh at the given prices, each with those it needs: (B,) bool array."""
    energy = abs(program.balance).sum(axis=0)[program.divisible :]
    profit = program.profit(price)[program.divisible :] / energy
    accepted = np.zeros(len(profit), bool)
    best = program.worth @ best_trades(program, *program.bounds(accepted))
    for block in np.argsort(-profit, kind="stable"):
        tried = accepted.copy()
        tried[program.ties.chain(block)] = True
        trades = best_trades(program, *program.bounds(tried))
        if trades is not None and program.worth @ trades > best:
            accepted, best = tried, program.worth @ trades
    return accepted


def _primal_rows(program, blocks, pairs):
    """Balance, rows beside it, the blocks' shares between minimum and one if accepted, and batteries' trades one way;
    columns trades, accepted, charging."""
    from scipy import sparse

    n = len(program.worth)
    chosen = sparse.eye_array(blocks + pairs, format="csr")
    shares = sparse.hstack([sparse.csr_array((blocks, n - blocks)), sparse.eye_array(blocks)])
    least = np.where(program.equal, program.right, -np.inf)
    rows = [
        (widened(program.balance, n + blocks + pairs), 0.0, 0.0),
        (widened(program.rows, n + blocks + pairs), least, program.right),
        (sparse.hstack([shares, -chosen[:blocks]]), -np.inf, 0.0),
        (sparse.hstack([shares, -sparse.diags_array(program.minimum) @ chosen[:blocks]]), 0.0, np.inf),
    ]
    if pairs:
        each, (buys, sells) = sparse.eye_array(n, format="csr"), program.either.T
        most_in, most_out = program.upper[buys], program.upper[sells]
        rows += [
            (sparse.hstack([each[buys], -sparse.diags_array(most_in) @ chosen[blocks:]]), -np.inf, 0.0),
            (sparse.hstack([each[sells], sparse.diags_array(most_out) @ chosen[blocks:]]), -np.inf, most_out),
        ]
    return rows


def _read(program, gain, rows, lower, upper, whole, fixed):
    """The choices at the point of the largest gain: which blocks are accepted, and which pairs charge."""
    from scipy import sparse

    blocks = len(program.minimum)
    if fixed is not None:
        lower[whole][:blocks] = upper[whole][:blocks] = fixed
    if whole.stop == whole.start:
        return np.zeros(0, bool), None
    matrix = sparse.vstack([matrix for matrix, _, _ in rows])
    low, high = (
        np.concatenate([np.broadcast_to(np.asarray(row[end], float), row[0].shape[0]) for row in rows]) for end in (1, 2)
    )
    integral = np.zeros(len(gain), dtype=bool)
    integral[whole] = True
    found = linear(-gain, matrix, low, high, lower, upper, whole=integral).x[whole] > 0.5
    return found[:blocks], found[blocks:] if len(found) > blocks else None
