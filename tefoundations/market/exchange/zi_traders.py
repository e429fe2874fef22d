"""Zero-intelligence traders: how much of a market's efficiency is the rules, not the traders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import generator, numbers, one_of, whole
from tefoundations.market.agents import check_book
from tefoundations.market.crossing import best_welfare
from tefoundations.market.orders import OrderBook
from tefoundations.programmes import ROUNDING
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Session(Explained):
    """What happened in a continuous session, trade by trade.

    Parameters
    ----------
    book : OrderBook
        True values and costs of the traders.
    price, quantity : (trades,) float arrays
        Price (ct/kWh) and energy (kWh) of each trade.
    bid, ask : (trades,) int arrays
        Positions in the book of the two orders that traded.
    quotes : int
        Number of bids and asks called out.
    """

    book: OrderBook
    price: np.ndarray
    quantity: np.ndarray
    bid: np.ndarray
    ask: np.ndarray
    quotes: int

    @property
    def welfare(self) -> float:
        """Value less cost of all trades (ct)."""
        return float((self.book.bids.price[self.bid] - self.book.asks.price[self.ask]) @ self.quantity)

    @property
    def efficiency(self) -> float:
        """Welfare as a share of the largest possible; 1 where there was nothing to gain and nothing was lost."""
        most = best_welfare(self.book)
        if most == 0:
            return 1.0 if self.welfare == 0 else float("-inf")
        return float(self.welfare / most)

    def to_frame(self) -> pd.DataFrame:
        """One row per trade.

        Returns
        -------
        pandas.DataFrame
            Columns buyer, seller, quantity (kWh), price, value and cost (ct/kWh).
        """
        import pandas as pd

        bids, asks = self.book.bids, self.book.asks
        return pd.DataFrame(
            {
                "buyer": bids.agent[self.bid],
                "seller": asks.agent[self.ask],
                "quantity": self.quantity,
                "price": self.price,
                "value": bids.price[self.bid],
                "cost": asks.price[self.ask],
            }
        )

    def explain(self) -> str:
        """How much was traded at which prices, and what of the gains was found.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.market import OrderBook
        >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
        >>> print(zero_intelligence(book, rng=1).explain())
        3 trades of 3 kWh after 20 calls, at 7.60371 to 9.78694 ct/kWh.
        Welfare 9 of at most 10 ct: efficiency 90 %.
        """
        most, ends = best_welfare(self.book), ""
        if len(self.price):
            low, high = say(self.price.min()), say(self.price.max())
            ends = f" of {say(self.quantity.sum())} kWh after {count(self.quotes, 'call')}, at {low} to {high} ct/kWh"
        rate = f": efficiency {say(round(100 * self.efficiency, 4))} %" if most else ""
        return f"{count(len(self.price), 'trade')}{ends}.\nWelfare {say(self.welfare)} of at most {say(most)} ct{rate}."

    def _at_a_glance(self):
        prices = f"{say(self.price.min())} to {say(self.price.max())}" if len(self.price) else "none"
        return [
            ("trades", len(self.price)), ("calls", self.quotes), ("traded, kWh", self.quantity.sum()),
            ("prices, ct/kWh", prices), ("welfare, ct", self.welfare), ("efficiency, %", 100 * self.efficiency),
        ]  # fmt: skip

    def __repr__(self):
        return f"Session({len(self.price)} trades, efficiency {self.efficiency:.3f})"


def zero_intelligence(
    book: OrderBook,
    constrained: bool = True,
    *,
    rng: np.random.Generator | int,
    price_range: tuple[float, float] | None = None,
    quotes: int = 10_000,
) -> Session:
    """A continuous session of traders who call out random prices.

    In each turn one trader who still has an order is drawn at random and calls a random price: a buyer any price up to
    its value, a seller any price from its cost up. A call that beats the standing one on its side replaces it. When
    bid and ask cross, the two trade at the price called first, and both standing calls are cleared.

    Parameters
    ----------
    book : OrderBook
        True values of buyers and costs of sellers (ct/kWh). An agent with several orders on one side works through
        them best first; an agent on both sides trades with each side on its own.
    constrained : bool
        True: nobody calls a price at a loss (the budget constraint, ZI-C). False: buyers and sellers call any price
        in `price_range` (ZI-U).
    rng : numpy.random.Generator or int
        Source of all randomness; the same seed gives the same session.
    price_range : (float, float) or None
        Lowest and highest price that may be called (ct/kWh); None spans the prices in the book, and 0.
    quotes : int
        The session ends after this many calls, or earlier when no further trade is possible.

    Returns
    -------
    Session

    Raises
    ------
    InvalidInput
        `price_range` is not an increasing pair that holds every price of the book; `quotes` is negative;
        `constrained` is neither True nor False.

    References
    ----------
    Gode, D. K. and Sunder, S. (1993), "Allocative efficiency of markets with zero-intelligence traders", Journal of
    Political Economy 101(1), 119-137, section II.

    Examples
    --------
    No trade is possible, so none happens:

    >>> from tefoundations.market import OrderBook
    >>> zero_intelligence(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]), rng=1)
    Session(0 trades, efficiency 1.000)

    Three buyers, three sellers. With this seed all six trade, one pair more than is efficient:

    >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
    >>> zero_intelligence(book, rng=1)
    Session(3 trades, efficiency 0.900)
    """
    check_book(book)
    rng = generator(rng)
    one_of(constrained, (True, False), "constrained")
    low, high = _price_range(book, price_range)
    quotes = whole(quotes, "quotes", least=0)
    sides = [_Queue(book.bids, low, high, constrained), _Queue(book.asks, low, high, constrained)]
    standing: list[Any] = [None, None]  # (price, order, turn) of the best bid and of the best ask
    trades, turn = [], 0
    while turn < quotes and _can_trade(sides, constrained):
        buyers, sellers = (len(side.queues) for side in sides)
        draw = int(rng.integers(buyers + sellers))
        me = 0 if draw < buyers else 1
        order, price = sides[me].call(draw - me * buyers, rng)
        if standing[me] is None or (price > standing[me][0] if me == 0 else price < standing[me][0]):
            standing[me] = (price, order, turn)
        if None not in standing and standing[0][0] >= standing[1][0]:
            price = min(standing, key=lambda call: call[2])[0]
            amount = min(side.left[call[1]] for side, call in zip(sides, standing))
            trades.append((price, amount, standing[0][1], standing[1][1]))
            for side, call in zip(sides, standing):
                side.take(call[1], amount)
            standing = [None, None]
        turn += 1
    price, quantity, bid, ask = (np.array(column) for column in zip(*trades)) if trades else np.zeros((4, 0))
    return Session(book, price, quantity, bid.astype(int), ask.astype(int), turn)


class _Queue:
    """One side of the session: each agent's orders, best first, and how much of each is left."""

    def __init__(self, orders, low, high, constrained):
        self.orders, self.low, self.high, self.constrained = orders, low, high, constrained
        self.left = orders.quantity.copy()
        by_agent = {}
        for position in orders.priority:
            by_agent.setdefault(orders.agent[position], []).append(int(position))
        # The order of agents must not depend on their prices: it decides what a seed draws.
        self.queues = sorted(by_agent.values(), key=min)

    def call(self, trader, rng):
        order = self.queues[trader][0]
        low, high = self.low, self.high
        if self.constrained and self.orders.side == "buy":
            high = self.orders.price[order]
        elif self.constrained:
            low = self.orders.price[order]
        return order, float(rng.uniform(low, high))

    def take(self, order, amount):
        self.left[order] -= amount
        if self.left[order] <= ROUNDING * self.orders.quantity[order]:
            trader = next(i for i, queue in enumerate(self.queues) if queue[0] == order)
            self.queues[trader].pop(0)
            if not self.queues[trader]:
                self.queues.pop(trader)

    def best(self):
        prices = [self.orders.price[queue[0]] for queue in self.queues]
        return max(prices) if self.orders.side == "buy" else min(prices)


def _can_trade(sides, constrained):
    buyers, sellers = sides
    if not (buyers.queues and sellers.queues):
        return False
    return not constrained or buyers.best() > sellers.best()


def _two(given):
    given = numbers(given, "price_range", place="end", count=2)
    return float(given[0]), float(given[1])


def _price_range(book, given):
    prices = np.concatenate([book.bids.price, book.asks.price, [0.0]])
    low, high = (float(prices.min()), float(prices.max())) if given is None else _two(given)
    needed = prices[:-1]
    if not low <= high or (len(needed) and (needed.min() < low or needed.max() > high)):
        raise InvalidInput(f"price_range ({low:g}, {high:g}) must be increasing and hold every price of the book")
    return low, high
