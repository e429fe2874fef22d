"""Orders over several hours as the columns of one programme, and the trades of the largest welfare.

Every order is a set of columns: its worth per unit (value of a bid, minus the cost of an ask) and the energy it takes
from the balance of each hour (negative if it gives). At prices p, the profit of a unit of column j is then
worth[j] - balance[:, j] @ p, for buyers and sellers alike.

What ties the columns of one order, or of several, is rows beside the balance: the energy of a window, the store of a
battery, a link between blocks, an exclusive group. Each row is at most its right-hand side, or equal to it.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.market.hours.ties import Ties
from tefoundations.programmes import NEAR, ROUNDING, NoPoint, linear
from tefoundations.units import drawn_in, power

if TYPE_CHECKING:
    from scipy import sparse


@dataclass(frozen=True, eq=False)
class HoursProgram:
    """Columns: the hourly orders, each window hour by hour, each battery (what it buys, sells and holds, hour by hour),
    then the blocks (their share accepted).

    Parameters
    ----------
    worth, upper : (n,) float arrays
        Worth (ct) and most of each column; a unit is a kWh, or a whole block.
    balance : (T, n) sparse array
        Energy (kWh) a unit of each column takes from each hour.
    window, store : (n,) int arrays
        Which window, and which battery, a column belongs to, -1 if none.
    rows : (R, n) sparse array
        Rows beside the balance; the first W sum the columns of each window.
    right : (R,) float array
        Their right-hand sides (kWh, or shares of blocks).
    equal : (R,) bool array
        Whether a row equals its right-hand side; else it is at most that.
    energy : (W,) float array
        Energy of each window (kWh).
    minimum : (B,) float array
        Smallest share of each block; the blocks are the last B columns.
    either : (D, 2) int array
        Pairs of columns of which one at most may trade: what a battery buys and sells in an hour, where both would lose
        energy.
    ties : Ties
        Which blocks are tied to which.
    reach : float
        How many times dearer than in another hour a battery may make energy: 1 / (its efficiencies and what it keeps).
    """

    worth: np.ndarray
    upper: np.ndarray
    balance: "sparse.csr_array"
    window: np.ndarray
    store: np.ndarray
    rows: "sparse.csr_array"
    right: np.ndarray
    equal: np.ndarray
    energy: np.ndarray
    minimum: np.ndarray
    either: np.ndarray
    ties: Ties
    reach: float = 1.0

    @property
    def divisible(self):
        """Number of columns before the blocks."""
        return len(self.worth) - len(self.minimum)

    @cached_property
    def hourly(self):
        """(n,) bool array: columns of hourly orders."""
        alone = (self.window < 0) & (self.store < 0)
        alone[self.divisible :] = False
        return alone

    @property
    def held(self):
        """(n,) bool array: columns of energy in a battery, which take nothing from any hour."""
        return (self.store >= 0) & (np.diff(self.balance.tocsc().indptr) == 0)

    @property
    def price_range(self):
        """(low, high): the lowest and the highest price of any order (ct/kWh); a battery's wear is none."""
        named = self.store < 0
        energy, sign = abs(self.balance).sum(axis=0)[named], self.balance.sum(axis=0)[named]
        prices = abs(self.worth[named]) / energy * np.sign(self.worth[named]) * np.sign(sign)
        return (float(prices.min()), float(prices.max())) if len(prices) else (0.0, 0.0)

    @property
    def limits(self):
        """(low, high): technical limits of the prices under the European rule, `price_range` widened by its width."""
        low, high = self.price_range
        width = max(high - low, abs(high), abs(low))
        return low - width, high + width

    @property
    def wear(self):
        """The dearest wear of any battery (ct/kWh)."""
        return float(np.max(-self.worth[self.store >= 0], initial=0.0))

    @property
    def wide_range(self):
        """(low, high) of `price_range`, widened: a block may weigh a dear hour against a cheap one (ct/kWh)."""
        low, high = self.price_range
        blocks = abs(self.balance[:, [*range(self.divisible, len(self.worth))]]).tocoo()
        spread = 1.0 + sum(blocks.sum(axis=0) / np.minimum.reduceat(blocks.tocsc().data, blocks.tocsc().indptr[:-1]))
        width = spread * self.reach * (high - low + abs(high) + self.wear)
        return low - width, high + width

    @property
    def large(self):
        """(n,) float array: more than any unit of a column can gain at prices within `limits` (ct)."""
        low, high = self.limits
        per_kwh = high - low + self.reach * (max(abs(low), abs(high)) + self.wear) * (self.store >= 0)
        return per_kwh * np.where(self.store >= 0, 1.0, abs(self.balance).sum(axis=0))

    @property
    def sized(self):
        """The same in a unit of energy in which orders are near one, none larger than twice what the others let it trade.

        A mixed-integer programme with a large number for "not accepted" needs both: its tolerances are of that number.
        """
        from scipy import sparse

        none = np.zeros(self.balance.shape[0])
        upper = drawn_in(self.balance.tocsr(), none, none, np.zeros(len(self.worth)), self.upper, ROUNDING)[1]
        unit = float(power((upper * abs(self.balance).sum(axis=0)).max(initial=0.0)))
        block = np.arange(len(self.worth)) >= self.divisible
        right, windows = self.right.copy(), len(self.energy)
        right[:windows] = np.minimum(self.energy, 2 * (self.rows[:windows] @ upper))
        in_kwh = abs(self.rows) @ (~block).astype(float) > 0
        each = np.where(block, unit, 1.0)  # a block's unit is the block
        balance = sparse.csr_array(self.balance @ sparse.diags_array(1 / each))
        return replace(
            self, worth=self.worth / each, upper=np.where(block, upper, upper / unit), balance=balance,
            right=np.where(in_kwh, right / unit, right), energy=right[:windows] / unit,
        )  # fmt: skip

    def profit(self, price):
        """(n,) float array: profit of a unit of each column (ct) at hourly prices (T,) in ct/kWh."""
        return self.worth - self.balance.T @ price

    def bounds(self, accepted, charging=None):
        """Bounds of the columns once it is known which blocks trade, and which way batteries do: two (n,) float arrays.

        Parameters
        ----------
        accepted : (B,) bool array
        charging : (D,) bool array or None
            Which of each pair of `either` may trade, the first if true; None: both.
        """
        lower, upper = np.zeros(len(self.worth)), self.upper.copy()
        lower[self.divisible :] = np.where(accepted, self.minimum, 0.0)
        upper[self.divisible :] = np.where(accepted, 1.0, 0.0)
        if charging is not None:
            upper[self.either[~charging, 0]] = upper[self.either[charging, 1]] = 0.0
        return lower, upper

    def netted(self, trades):
        """The same trades without what a battery that loses nothing buys and sells in one hour."""
        trades, lossy = trades.copy(), set(self.store[self.either[:, 0]].tolist())
        for number in set(self.store[self.store >= 0].tolist()) - lossy:
            mine = np.flatnonzero(self.store == number).reshape(3, -1)
            trades[mine[:2]] -= trades[mine[:2]].min(axis=0)
        return trades

    def burns(self, trades):
        """Whether a battery buys and sells in one hour, to be paid for what that loses."""
        near = NEAR * self.upper[self.either]
        return bool((trades[self.either] > near).all(axis=1).any())


def best_trades(program, lower, upper):
    """Trades of the largest welfare within bounds: a linear programme.

    Parameters
    ----------
    program : HoursProgram
    lower, upper : (n,) float arrays
        Bounds of the columns, of the blocks' shares among them.

    Returns
    -------
    (n,) float array or None
        Units of each column; None if no trades keep the bounds.
    """
    from scipy import sparse

    rows, balanced = sparse.vstack([program.balance, program.rows]), np.zeros(program.balance.shape[0])
    low = np.concatenate([balanced, np.where(program.equal, program.right, -np.inf)])
    high = np.concatenate([balanced, program.right])
    try:
        return linear(-program.worth, rows, low, high, lower, upper).x
    except NoPoint:
        return None


def widened(matrix, count):
    """A sparse array with columns of zeros added until there are `count`."""
    from scipy import sparse

    return sparse.hstack([matrix, sparse.csr_array((matrix.shape[0], count - matrix.shape[1]))])
