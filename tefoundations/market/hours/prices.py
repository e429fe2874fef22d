"""Which hourly prices go with given trades: one aim after the other, each a linear programme."""

import numpy as np

from tefoundations.errors import TEError
from tefoundations.market.hours.programmes import widened
from tefoundations.programmes import NEAR, NoPoint, linear
from tefoundations.units import sums_behind


def prices(program, trades, lower, upper):
    """Prices that support all trades that could be changed a little, and cost the least make-whole money.

    By complementary slackness: a unit that trades at its bound must not lose, one that does not trade must not gain, one
    in between does neither. A row beside the balance has a price of its own, 0 where it has room left. Blocks held at a
    bound by the selection are left out; what accepted ones lose is the make-whole money. Of all prices left, the middle
    between the lowest and the highest is taken.

    Parameters
    ----------
    program : HoursProgram
    trades : (n,) float array
        From `best_trades` with the same bounds.
    lower, upper : (n,) float arrays
        Bounds of the columns; equal where the selection decides.

    Returns
    -------
    (T,) float array
        ct/kWh.
    """
    from scipy import sparse

    hours, tied, blocks = program.balance.shape[0], len(program.right), len(program.minimum)
    # Columns: prices, price of each row beside the balance, loss of each block, distance of each price from the orders'.
    sizes = np.cumsum([hours, tied, blocks, hours])
    profit = sparse.hstack([-program.balance.T, -program.rows.T]).tocsr()
    free, worth = lower < upper, program.worth
    # An order is as large as what it may trade and no larger than what trades with it: on a bound is within a share of that.
    behind = sums_behind(trades, program.balance.tocsr())
    behind = np.where(program.held, sums_behind(trades, program.rows), behind)
    near = NEAR * np.minimum(upper, behind)
    no_gain, no_loss = free & (trades < upper - near), free & (trades > lower + near)
    whole = np.arange(program.divisible, len(trades))[trades[program.divisible :] > 0]
    losses = _unit_rows(len(whole), sizes[1] + whole - program.divisible, sizes[3])
    price, outside = (
        _unit_rows(hours, np.arange(hours), sizes[3]),
        _unit_rows(hours, np.arange(sizes[2], sizes[3]), sizes[3]),
    )
    low, high = program.price_range
    matrix = sparse.vstack([
        widened(profit[no_gain], sizes[3]), widened(-profit[no_loss], sizes[3]), widened(-profit[whole], sizes[3]) - losses,
        price - outside, -price - outside,
    ])  # fmt: skip
    bound = np.concatenate([-worth[no_gain], worth[no_loss], worth[whole], np.full(hours, high), np.full(hours, -low)])
    spare = ~program.equal & (program.rows @ trades < program.right - NEAR * (abs(program.rows) @ np.abs(trades)))
    lowest, highest = program.wide_range
    dearest = np.where(spare, 0.0, np.inf)
    bounds = (
        np.concatenate([np.full(hours, lowest), np.where(program.equal, -np.inf, 0.0), np.zeros(blocks + hours)]),
        np.concatenate([np.full(hours, highest), dearest, np.full(blocks + hours, np.inf)]),
    )
    total, loss_only, outside_only = np.zeros(sizes[3]), np.zeros(sizes[3]), np.zeros(sizes[3])
    total[:hours], loss_only[sizes[1] : sizes[2]], outside_only[sizes[2] :] = 1.0, 1.0, 1.0
    # One aim after the other, each kept while the next is sought: no needless make-whole money, no price outside those
    # of the orders (a block over several hours may force one), then the lowest and the highest prices.
    fixed = [(matrix, bound)]
    for aim in (loss_only, outside_only):
        reached = aim @ _least(aim, fixed, bounds)
        fixed.append((sparse.csr_array(aim[None, :]), np.array([reached])))
    return (_least(total, fixed, bounds)[:hours] + _least(-total, fixed, bounds)[:hours]) / 2 + 0.0  # no -0


def _least(aim, rows, bounds):
    """The point of a polyhedron with the least `aim`."""
    from scipy import sparse

    matrix, bound = sparse.vstack([matrix for matrix, _ in rows]), np.concatenate([bound for _, bound in rows])
    try:
        return linear(aim, matrix, np.full(len(bound), -np.inf), bound, *bounds).x
    except NoPoint:
        raise TEError("no prices support the trades") from None


def _unit_rows(count, columns, width):
    from scipy import sparse

    return sparse.csr_array((np.ones(count), (np.arange(count), columns)), shape=(count, width))
