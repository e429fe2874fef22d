"""The result of the day-ahead auction: who trades what in which hour, at which prices, and what no price can mend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.market.hours.plans import best_plan
from tefoundations.market.hours.programmes import HoursProgram
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import Explained

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class DayAhead(Explained):
    """The result of `day_ahead`. Gains are counted as if orders were truthful.

    Parameters
    ----------
    books : tuple of OrderBook
        One an hour, T in all.
    blocks, windows, batteries : tuples of BlockOrder, of WindowOrder and of BatteryOrder
        B, W and K of them, in the order given; blocks of an exclusive group at the place of their group.
    pricing : str
        The rule of the prices.
    price : (T,) float array
        One price an hour, for all that is bought and sold in it (ct/kWh); where nothing trades, a price between what
        is bid and what is asked.
    acceptance : (B,) float array
        Accepted share of each block.
    trades : (n,) float array
        Units of every column of `program`.
    relaxed_welfare : float
        The largest welfare (ct) if every block could be cut at will: an upper bound.
    program : HoursProgram
        The orders as columns.
    """

    books: tuple
    blocks: tuple
    windows: tuple
    batteries: tuple
    pricing: str
    price: np.ndarray
    acceptance: np.ndarray
    trades: np.ndarray
    relaxed_welfare: float
    program: HoursProgram

    def __post_init__(self):
        for name in ("price", "acceptance", "trades"):
            getattr(self, name).flags.writeable = False

    @cached_property
    def hourly(self) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
        """Traded quantity of the hourly orders: for each hour (bids,) and (asks,) float arrays (kWh)."""
        sizes = [len(side) for book in self.books for side in (book.bids, book.asks)]
        parts = np.split(self.trades, np.cumsum(sizes))[: len(sizes)]
        return tuple(zip(parts[::2], parts[1::2]))

    @cached_property
    def window_quantity(self) -> np.ndarray:
        """(W, T) float array: energy of each window in each hour (kWh)."""
        energy = np.zeros((len(self.windows), len(self.books)))
        for number, window in enumerate(self.windows):
            energy[number, window.first : window.last + 1] = self.trades[self.program.window == number]
        return energy

    @cached_property
    def battery_energy(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Three (K, T) float arrays: what each battery buys, sells, and holds when the hour ends (kWh)."""
        found = self.trades[self.program.store >= 0].reshape(len(self.batteries), 3, len(self.books))
        return found[:, 0], found[:, 1], found[:, 2]

    @cached_property
    def quantity(self) -> np.ndarray:
        """(T,) float array: energy traded in each hour (kWh)."""
        return abs(self.program.balance) @ self.trades / 2

    @cached_property
    def welfare(self) -> float:
        """Value less cost of all trades, wear of batteries included (ct)."""
        return float(self.program.worth @ self.trades)

    @cached_property
    def block_gain(self) -> np.ndarray:
        """(B,) float array: what each block gains at the prices (ct); negative is a loss."""
        return self._block_profit * self.acceptance + 0.0  # no -0

    @cached_property
    def make_whole(self) -> np.ndarray:
        """(B,) float array: money that keeps accepted blocks from losing (ct).

        What is linked to a block carries its loss first: it is made whole for what those blocks do not gain.
        """
        gain, carried = self.block_gain, np.zeros(len(self.blocks))
        for block in self.program.ties.deepest_first:
            parent = self.program.ties.parent[block]
            if parent >= 0:
                carried[parent] += max(gain[block] + carried[block], 0.0)
        return _clean(np.maximum(-gain - carried, 0.0), self._block_worth)

    @cached_property
    def lost_opportunity(self) -> np.ndarray:
        """(B,) float array: what each block could gain at the prices if it chose for itself, less what it gains (ct).

        It counts the losses of accepted blocks and the gains that rejected ones miss. Blocks that are linked, or in one
        exclusive group, choose together; what they lose stands at the first of them, and 0 at the others.
        """
        ties, lost = self.program.ties, np.zeros(len(self.blocks))
        for mine, most in zip(ties.families, ties.best(self._block_profit)):
            lost[mine[0]] = _clean(most - self.block_gain[mine].sum(), np.abs(self._block_worth[mine]).sum())
        return lost

    @cached_property
    def battery_gain(self) -> np.ndarray:
        """(K,) float array: what each battery gains at the prices, wear counted (ct)."""
        each = self.program.profit(self.price) * self.trades + 0.0
        return np.array([each[self.program.store == number].sum() for number in range(len(self.batteries))])

    @cached_property
    def battery_lost(self) -> np.ndarray:
        """(K,) float array: what each battery could gain at the prices by another plan, less what it gains (ct)."""
        turnover = np.abs(self.program.balance.T @ self.price) * self.trades + np.abs(self.program.worth) * self.trades
        made = np.array([turnover[self.program.store == number].sum() for number in range(len(self.batteries))])
        best = np.array([best_plan(self.program, number, self.price) for number in range(len(self.batteries))])
        return np.maximum(_clean(best - self.battery_gain, made + np.abs(best)), 0.0)

    @cached_property
    def uplift(self) -> float:
        """Lost opportunity of everybody, hourly orders, windows and batteries included (ct); 0 if and only if the prices
        support all.

        No prices make it smaller than `relaxed_welfare - welfare`, and the convex-hull prices reach that, but for batteries
        that those prices would pay for losing energy.
        """
        return float(self.lost_opportunity.sum() + self.battery_lost.sum()) + self.uplift_of_divisible

    @cached_property
    def uplift_of_divisible(self) -> float:
        """Lost opportunity of the hourly orders and the windows (ct)."""
        profit, alone, upper = self.program.profit(self.price), self.program.hourly, self.program.upper
        missed = np.maximum(profit, 0.0) * upper - profit * self.trades
        uplift = _clean(missed[alone], (self.program.worth * upper)[alone]).sum()
        for number, energy in enumerate(self.program.energy):
            mine = np.flatnonzero(self.program.window == number)
            missed_here = self._best_of_window(number) - profit[mine] @ self.trades[mine]
            uplift += _clean(missed_here, self.program.worth[mine[:1]].sum() * energy)
        return float(uplift)

    def _best_of_window(self, number):
        """What a window could gain at the prices if it chose its hours for itself (ct)."""
        profit, upper = self.program.profit(self.price), self.program.upper
        mine = np.flatnonzero(self.program.window == number)
        mine = mine[np.argsort(-profit[mine], kind="stable")]
        before = np.concatenate([[0.0], np.cumsum(upper[mine])[:-1]])
        return float(np.maximum(profit[mine], 0.0) @ np.clip(self.program.energy[number] - before, 0.0, upper[mine]))

    @property
    def _block_profit(self):
        """(B,) float array: what each block would gain if all of it were accepted (ct)."""
        return self.program.profit(self.price)[self.program.divisible :]

    @property
    def _block_worth(self):
        return self.program.worth[self.program.divisible :]

    @property
    def budget(self) -> float:
        """What the operator keeps (ct): nothing at the prices, less the make-whole money."""
        return 0.0 - float(self.make_whole.sum())

    def to_frame(self) -> pd.DataFrame:
        """One row per order: the hourly orders hour by hour, bids first, then blocks, then windows, then batteries.

        Returns
        -------
        pandas.DataFrame
            Columns order (an hourly order bears its agent's name), side, hours, price (ct/kWh), energy (kWh), accepted
            (share), gain, make_whole and lost (ct; what it could have gained beside that, at the prices; of tied blocks it
            stands at the first). A battery's side is "both", its price its wear, its energy what it can hold, and accepted
            what leaves its store as a share of that.

        Examples
        --------
        >>> from tefoundations.market import BlockOrder, OrderBook, day_ahead
        >>> book = OrderBook.of(bids=[(40, 10)], asks=[(10, 5)])
        >>> day_ahead([book], [BlockOrder("plant", "sell", 20, 8)]).to_frame()
              order  side hours  price  energy  accepted   gain  make_whole  lost
        0   buyer 1   buy     0   40.0    10.0       1.0  300.0         0.0   0.0
        1  seller 1  sell     0   10.0     5.0       0.4    0.0         0.0   0.0
        2     plant  sell     0   20.0     8.0       1.0  -80.0        80.0  80.0
        """
        from tefoundations.market.hours.words import day_frame

        return day_frame(self)

    def statement(self) -> pd.DataFrame:
        """What each agent buys and sells in each hour, at which price, and what that comes to: a statement of account.

        Returns
        -------
        pandas.DataFrame
            One row per order and hour, hour by hour, also where nothing is traded. Columns agent (of an order that names
            none, the order's name), hour, order (of an hourly order its position on its side, "bid 0"; else its name),
            bought, sold (kWh), price (ct/kWh), pays, receives, make_whole (ct). Money is energy times price. Make-whole
            money belongs to a block as a whole and stands in its last hour. Payments less receipts less make-whole money are
            the budget.

        Examples
        --------
        >>> from tefoundations.market import BlockOrder, OrderBook, day_ahead
        >>> book = OrderBook.of(bids=[("homes", 40, 10)], asks=[("store", 10, 5)])
        >>> day_ahead([book], [BlockOrder("chp", "sell", 20, 8, agent="clinic")]).statement()
            agent  hour  order  bought  sold  price   pays  receives  make_whole
        0   homes     0  bid 0    10.0   0.0   10.0  100.0       0.0         0.0
        1   store     0  ask 0     0.0   2.0   10.0    0.0      20.0         0.0
        2  clinic     0    chp     0.0   8.0   10.0    0.0      80.0        80.0
        """
        from tefoundations.market.statements import statement_of_day

        return statement_of_day(self)

    def explain(self) -> str:
        """The result in words: prices, what became of each block, and what no price can mend.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.market import OrderBook, day_ahead
        >>> print(day_ahead([OrderBook.of(bids=[(4, 1)], asks=[(6, 1)])]).explain())
        Hour 0: 0 kWh at 5 ct/kWh.
        Welfare 0, at most 0 if blocks could be cut at will.
        """
        from tefoundations.market.hours.words import day_words

        return day_words(self)

    def _at_a_glance(self):
        from tefoundations.market.hours.words import day_glance

        return day_glance(self)

    def __repr__(self):
        accepted = f"{np.count_nonzero(self.acceptance)} of {len(self.blocks)} blocks"
        gains = f"welfare {self.welfare:g}, uplift {self.uplift:g}"
        return f"DayAhead({self.pricing}: {len(self.books)} hours, {accepted}, {gains})"


def _clean(money, worth):
    """What is no more than rounding of what the order itself is worth is no loss."""
    return np.where(is_zero(money, of=worth, share=NEAR), 0.0, money)
