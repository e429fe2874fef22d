"""Orders over several hours as the columns of one programme, and the trades of the largest welfare.

Every order is a set of columns: its worth per unit (value of a bid, minus the cost of an ask) and the energy it takes
from the balance of each hour (negative if it gives). At prices p, the profit of a unit of column j is then
worth[j] - balance[:, j] @ p, for buyers and sellers alike.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from tefoundations.market.hours.blocks import BlockOrder
from tefoundations.programmes import ROUNDING, NoPoint, linear
from tefoundations.units import drawn_in, power


@dataclass(frozen=True, eq=False)
class HoursProgram:
    """Columns: the hourly orders, then each window hour by hour, then the blocks (their share accepted).

    Parameters
    ----------
    worth, upper : (n,) float arrays
        Worth (ct) and most of each column; a unit is a kWh, or a whole block.
    balance : (T, n) sparse array
        Energy (kWh) a unit of each column takes from each hour.
    window : (n,) int array
        Which window a column belongs to, -1 if none.
    energy : (W,) float array
        Energy of each window (kWh).
    minimum : (B,) float array
        Smallest share of each block; the blocks are the last B columns.
    """

    worth: np.ndarray
    upper: np.ndarray
    balance: sparse.csr_array
    window: np.ndarray
    energy: np.ndarray
    minimum: np.ndarray

    @property
    def divisible(self):
        """Number of columns before the blocks."""
        return len(self.worth) - len(self.minimum)

    @property
    def price_range(self):
        """(low, high): the lowest and the highest price of any order (ct/kWh)."""
        energy = abs(self.balance).sum(axis=0)
        prices = abs(self.worth) / energy * np.sign(self.worth) * np.sign(self.balance.sum(axis=0))
        return (float(prices.min()), float(prices.max())) if len(prices) else (0.0, 0.0)

    @property
    def limits(self):
        """(low, high): technical limits of the prices under the European rule, `price_range` widened by its width."""
        low, high = self.price_range
        width = max(high - low, abs(high), abs(low))
        return low - width, high + width

    @property
    def wide_range(self):
        """(low, high) of `price_range`, widened: a block may weigh a dear hour against a cheap one (ct/kWh)."""
        low, high = self.price_range
        blocks = abs(self.balance[:, [*range(self.divisible, len(self.worth))]]).tocoo()
        spread = 1.0 + sum(blocks.sum(axis=0) / np.minimum.reduceat(blocks.tocsc().data, blocks.tocsc().indptr[:-1]))
        return low - spread * (high - low + abs(high)), high + spread * (high - low + abs(high))

    @property
    def windows(self):
        """(W, n) sparse array that sums the columns of each window."""
        columns = np.flatnonzero(self.window >= 0)
        shape = (len(self.energy), len(self.worth))
        return sparse.csr_array((np.ones(len(columns)), (self.window[columns], columns)), shape=shape)

    @property
    def sized(self):
        """The same in a unit of energy in which orders are near one, none larger than twice what the others let it trade.

        A mixed-integer programme with a large number for "not accepted" needs both: its tolerances are of that number.
        """
        none = np.zeros(self.balance.shape[0])
        upper = drawn_in(self.balance.tocsr(), none, none, np.zeros(len(self.worth)), self.upper, ROUNDING)[1]
        unit = float(power((upper * abs(self.balance).sum(axis=0)).max(initial=0.0)))
        block = np.arange(len(self.worth)) >= self.divisible
        energy = np.minimum(self.energy, 2 * (self.windows @ upper)) / unit
        each = np.where(block, unit, 1.0)  # a block's unit is the block
        balance = sparse.csr_array(self.balance @ sparse.diags_array(1 / each))
        upper = np.where(block, upper, upper / unit)
        return HoursProgram(self.worth / each, upper, balance, self.window, energy, self.minimum)

    def profit(self, price):
        """(n,) float array: profit of a unit of each column (ct) at hourly prices (T,) in ct/kWh."""
        return self.worth - self.balance.T @ price


def assemble(books, orders):
    """Columns of hourly books, windows and blocks.

    Parameters
    ----------
    books : sequence of OrderBook
        One an hour.
    orders : sequence of BlockOrder and WindowOrder

    Returns
    -------
    HoursProgram
    """
    parts = []  # worth, upper, hours, energies, window
    for hour, book in enumerate(books):
        for side, sign in ((book.bids, 1), (book.asks, -1)):
            parts += [(sign * p, q, (hour,), (sign,), -1) for p, q in zip(side.price, side.quantity)]
    windows = [order for order in orders if not isinstance(order, BlockOrder)]
    blocks = [order for order in orders if isinstance(order, BlockOrder)]
    for number, order in enumerate(windows):
        sign, most = (1 if order.side == "buy" else -1), min(order.power, order.energy)
        parts += [(sign * order.price, most, (hour,), (sign,), number) for hour in range(order.first, order.last + 1)]
    for order in blocks:
        sign, hours = (1 if order.side == "buy" else -1), range(order.first, order.last + 1)
        parts.append((sign * order.price * order.energy, 1.0, hours, [sign * q for q in order.quantity], -1))
    column = np.repeat(np.arange(len(parts)), [len(part[2]) for part in parts]) if parts else np.zeros(0, int)
    hour = np.concatenate([np.zeros(0, int), *(np.asarray(part[2], int) for part in parts)])
    energy = np.concatenate([np.zeros(0), *(np.asarray(part[3], float) for part in parts)])
    return HoursProgram(
        np.array([part[0] for part in parts], float),
        np.array([part[1] for part in parts], float),
        sparse.csr_array((energy, (hour, column)), shape=(len(books), len(parts))),
        np.array([part[4] for part in parts], int),
        np.array([order.energy for order in windows], float),
        np.array([order.minimum for order in blocks], float),
    )


def best_trades(program, least, most):
    """Trades of the largest welfare with the blocks' shares held between bounds: a linear programme.

    Parameters
    ----------
    program : HoursProgram
    least, most : (B,) float arrays
        Bounds of the share of each block.

    Returns
    -------
    (n,) float array or None
        Units of each column; None if no trades keep the bounds.
    """
    upper = np.concatenate([program.upper[: program.divisible], most])
    lower = np.concatenate([np.zeros(program.divisible), least])
    rows, balanced = sparse.vstack([program.balance, program.windows]), np.zeros(program.balance.shape[0])
    low, high = np.concatenate([balanced, np.full(len(program.energy), -np.inf)]), np.concatenate([balanced, program.energy])
    try:
        return linear(-program.worth, rows, low, high, lower, upper).x
    except NoPoint:
        return None


def widened(matrix, count):
    """A sparse array with columns of zeros added until there are `count`."""
    return sparse.hstack([matrix, sparse.csr_array((matrix.shape[0], count - matrix.shape[1]))])
