"""The result of a market: who trades how much at what price, and who gains."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.market.orders import OrderBook
from tefoundations.programmes import ROUNDING, is_zero
from tefoundations.words import Explained

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Clearing(Explained):
    """What a mechanism makes of a book. Every mechanism is a function `OrderBook -> Clearing`.

    Gains are counted as if orders were truthful: a bid is the buyer's value, an ask the seller's cost.

    Parameters
    ----------
    book : OrderBook
        The orders that were cleared.
    mechanism : str
        Name of the rule.
    bid_quantity, ask_quantity : (bids,) and (asks,) float arrays
        Traded quantity of each order (kWh), in the order given.
    bid_price, ask_price : (bids,) and (asks,) float arrays
        Price each order pays or receives (ct/kWh); nan where nothing is traded.
    price : float
        The one price of the market (ct/kWh); nan without trade, and where no single price exists.
    price_interval : (float, float)
        (low, high), ct/kWh: every uniform price that supports these trades; without trade (best bid, best ask);
        (nan, nan) where no price does.
    rule : str
        The arithmetic of the price in words, for `explain`.
    margins : tuple
        ((last bid, last ask), (best bid left, best ask left)) in ct/kWh, for `explain`.
    """

    book: OrderBook
    mechanism: str
    bid_quantity: np.ndarray
    ask_quantity: np.ndarray
    bid_price: np.ndarray
    ask_price: np.ndarray
    price: float
    price_interval: tuple[float, float]
    rule: str = ""
    margins: tuple = field(default=(), repr=False)

    def __post_init__(self):
        for name in ("bid_quantity", "ask_quantity", "bid_price", "ask_price"):
            getattr(self, name).flags.writeable = False

    @cached_property
    def quantity(self) -> float:
        """Traded quantity (kWh)."""
        return float(self.bid_quantity.sum())

    @cached_property
    def bid_payment(self) -> np.ndarray:
        """(bids,) float array: money each bid pays (ct)."""
        return _money(self.bid_quantity, self.bid_price)

    @cached_property
    def ask_receipt(self) -> np.ndarray:
        """(asks,) float array: money each ask receives (ct)."""
        return _money(self.ask_quantity, self.ask_price)

    @cached_property
    def buyer_surplus(self) -> float:
        """Value of what buyers get less what they pay (ct)."""
        return float(self.book.bids.price @ self.bid_quantity - self.bid_payment.sum())

    @cached_property
    def seller_surplus(self) -> float:
        """What sellers receive less the cost of what they deliver (ct)."""
        return float(self.ask_receipt.sum() - self.book.asks.price @ self.ask_quantity)

    @cached_property
    def budget(self) -> float:
        """Payments less receipts (ct): what the operator keeps; negative is a deficit."""
        return float(self.bid_payment.sum() - self.ask_receipt.sum())

    @cached_property
    def welfare(self) -> float:
        """Value less cost of all trades (ct): buyer surplus + seller surplus + budget."""
        return float(self.book.bids.price @ self.bid_quantity - self.book.asks.price @ self.ask_quantity)

    def to_frame(self) -> pd.DataFrame:
        """One row per order: what was offered and what became of it.

        Returns
        -------
        pandas.DataFrame
            Columns of `OrderBook.to_frame`, then `traded` (kWh), `paid` (ct/kWh, nan where nothing is traded),
            `money` (ct, what the order pays or receives) and `gain` (ct).

        Examples
        --------
        >>> from tefoundations.market import OrderBook, uniform_price
        >>> uniform_price(OrderBook.of(bids=[("bakery", 12, 2)], asks=[("roof", 6, 1)])).to_frame()
           side   agent  price  quantity  traded  paid  money  gain
        0   buy  bakery   12.0       2.0     1.0  12.0   12.0   0.0
        1  sell    roof    6.0       1.0     1.0  12.0   12.0   6.0
        """
        table = self.book.to_frame()
        table["traded"] = np.concatenate([self.bid_quantity, self.ask_quantity])
        table["paid"] = np.concatenate([self.bid_price, self.ask_price])
        table["money"] = np.concatenate([self.bid_payment, self.ask_receipt])
        value = (table["price"] * table["traded"]).to_numpy() + 0.0  # no -0 where nothing is traded below zero
        table["gain"] = np.where(table["side"] == "buy", value - table["money"], table["money"] - value)
        return table

    def statement(self) -> pd.DataFrame:
        """What each agent buys and sells, at which price, and what that comes to: a statement of account.

        Returns
        -------
        pandas.DataFrame
            One row per order, bids first, also where nothing is traded. Columns agent, hour (0: a clearing is one hour),
            order (its position on its side, "bid 0"), bought, sold (kWh), price (ct/kWh, nan where nothing is traded), pays,
            receives (ct; on an ask, or a bid, 0). The last two are `bid_payment` and `ask_receipt`, entry by entry. An agent
            with several orders has several rows: ``groupby("agent").sum()`` adds them up.

        Examples
        --------
        >>> from tefoundations.market import OrderBook, uniform_price
        >>> uniform_price(OrderBook.of(bids=[("bakery", 12, 2)], asks=[("roof", 6, 1)])).statement()
            agent  hour  order  bought  sold  price  pays  receives
        0  bakery     0  bid 0     1.0   0.0   12.0  12.0       0.0
        1    roof     0  ask 0     0.0   1.0   12.0   0.0      12.0
        """
        from tefoundations.market.statements import statement_of

        return statement_of(self)

    def explain(self) -> str:
        """The arithmetic of this result in words.

        Returns
        -------
        str
            A few lines, numbers to six significant digits.

        Examples
        --------
        >>> from tefoundations.market import OrderBook, uniform_price
        >>> print(uniform_price(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)])).explain())
        No trade: the best bid 4 is below the best ask 6.
        """
        from tefoundations.market.words import explanation

        return explanation(self)

    def __repr__(self):
        if not self.quantity:
            return f"Clearing({self.mechanism}: no trade)"
        price = "" if np.isnan(self.price) else f" at {self.price:g}"
        return f"Clearing({self.mechanism}: {self.quantity:g}{price}, welfare {self.welfare:g})"

    def _at_a_glance(self):
        from tefoundations.market.words import clearing_glance

        return clearing_glance(self)


def one_price(prices, of=None, share=ROUNDING):
    """The one price at which all trades are made.

    Parameters
    ----------
    prices : (n,) float array
        Price of each trade (ct/kWh); nan where nothing is traded.
    of : (m,) float array, optional
        What the prices were made of, an order's bid and ask; default: the prices themselves.
    share : float
        Share of the largest of them by which prices may differ: rounding, or what a solver leaves.

    Returns
    -------
    float
        ct/kWh; nan where prices differ, and without trade.

    Examples
    --------
    >>> one_price([0.3, float("nan"), 0.1 + 0.2]), one_price([5, 6])
    (0.3, nan)
    """
    prices = np.asarray(prices, float)
    prices = prices[~np.isnan(prices)]
    made_of = np.abs(prices if of is None else of).max(initial=0.0)
    return float(prices[0]) if len(prices) and is_zero(np.ptp(prices), made_of, share) else float("nan")


def average_prices(row, traded, price, count):
    """What each order pays or receives for a kWh, over several trades.

    Parameters
    ----------
    row : (trades,) int array
        Which order made each trade.
    traded, price : (trades,) float arrays
        kWh and ct/kWh.
    count : int
        Number of orders.

    Returns
    -------
    (count,) float array
        ct/kWh; nan where an order has no trade.

    Examples
    --------
    >>> average_prices(np.array([0, 0]), np.array([1.0, 3.0]), np.array([8.0, 4.0]), 2)
    array([ 5., nan])
    """
    mean, low, high = np.full(count, np.nan), np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, row, price)
    np.maximum.at(high, row, price)
    money, quantity = (np.bincount(row, weights=part, minlength=count) for part in (traded * price, traded))
    np.divide(money, quantity, out=mean, where=quantity > 0)
    return np.clip(mean, low, high)  # trades at one price have that price, whatever the division rounds


def _money(quantity, price):
    return np.where(quantity > 0, quantity * np.where(quantity > 0, price, 0.0), 0.0)
