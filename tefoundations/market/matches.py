"""Clearings that say who trades with whom, trade by trade."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.market.clearing import Clearing, average_prices, one_price
from tefoundations.market.crossing import supporting_prices
from tefoundations.words import NAMED, say

if TYPE_CHECKING:
    import pandas as pd

TRADES = ("trade_bid", "trade_ask", "trade_quantity", "trade_paid", "trade_received")


@dataclass(frozen=True, eq=False, repr=False)
class MatchedClearing(Clearing):
    """A clearing made of trades, each between one bid and one ask.

    Parameters
    ----------
    book, mechanism, rule, margins : as in `Clearing`
        The orders, the name of the rule, and what `explain` tells.
    bid_quantity, ask_quantity : (bids,) and (asks,) float arrays
        Traded quantity of each order (kWh).
    bid_price, ask_price : (bids,) and (asks,) float arrays
        Average price of each order over its trades (ct/kWh); nan where it has none.
    price : float
        ct/kWh, where all trades have one price; else nan.
    price_interval : (float, float)
        Every uniform price that would support these trades (ct/kWh); (nan, nan) where none does.
    trade_bid, trade_ask : (trades,) int arrays
        Positions in the book of the two orders of each trade, in the order of trading.
    trade_quantity : (trades,) float array
        kWh.
    trade_paid, trade_received : (trades,) float arrays
        What the buyer pays and what the seller gets (ct/kWh).
    """

    trade_bid: np.ndarray = field(kw_only=True, repr=False)
    trade_ask: np.ndarray = field(kw_only=True, repr=False)
    trade_quantity: np.ndarray = field(kw_only=True, repr=False)
    trade_paid: np.ndarray = field(kw_only=True, repr=False)
    trade_received: np.ndarray = field(kw_only=True, repr=False)

    def __post_init__(self):
        super().__post_init__()
        for name in TRADES:
            getattr(self, name).flags.writeable = False

    @property
    def own_trades(self) -> list[tuple]:
        """(bid, ask, kWh, paid, received) of each trade, in the order of trading."""
        return list(zip(*(getattr(self, name).tolist() for name in TRADES)))

    @property
    def flows(self) -> np.ndarray:
        """(bids, asks) float array: what each bid takes from each ask (kWh)."""
        flows = np.zeros((len(self.book.bids), len(self.book.asks)))
        np.add.at(flows, (self.trade_bid, self.trade_ask), self.trade_quantity)
        return flows

    def trade_frame(self) -> pd.DataFrame:
        """One row a trade, in the order of trading.

        Returns
        -------
        pandas.DataFrame
            Columns buyer, seller, quantity (kWh), paid and received (ct/kWh).
        """
        import pandas as pd

        return pd.DataFrame({
            "buyer": self.book.bids.agent[self.trade_bid], "seller": self.book.asks.agent[self.trade_ask],
            "quantity": self.trade_quantity, "paid": self.trade_paid, "received": self.trade_received,
        })  # fmt: skip

    def explain(self) -> str:
        """The arithmetic in words, and the first trades.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.market import OrderBook, continuous
        >>> print(continuous(OrderBook.of([(4, 1)], [(6, 1)])).explain())
        No trade: the best bid 4 is below the best ask 6.
        """
        bids, asks, told = self.book.bids, self.book.asks, []
        for bid, ask, quantity, paid, received in self.own_trades[:NAMED]:
            price = f"at {say(paid, paid)}" if paid == received else f"who gets {say(received, paid, received)} of "
            price += "" if paid == received else say(paid, paid, received)
            told.append(f"{bids.agent[bid]} takes {say(quantity, quantity)} from {asks.agent[ask]}, {price}.")
        left = len(self.trade_bid) - NAMED
        return "\n".join([super().explain(), *told, *([f"... and {left} more."] if left > 0 else [])])


def trade_columns(book, rows):
    """The fields of a `MatchedClearing` that follow from its trades.

    Parameters
    ----------
    book : OrderBook
    rows : list of (int, int, float, float, float)
        Positions of bid and ask, kWh, what the buyer pays and the seller gets (ct/kWh).

    Returns
    -------
    dict
        All but mechanism and rule.
    """
    bid, ask, quantity, paid, received = np.array(rows, float).reshape(-1, 5).T
    bid, ask = bid.astype(int), ask.astype(int)
    bids, asks = book.bids, book.asks
    totals = [np.bincount(row, weights=quantity, minlength=len(side)) for row, side in ((bid, bids), (ask, asks))]
    # Parts of an order that is filled add up to it but for rounding: what trades is never more than it.
    bought, sold = (np.minimum(total, side.quantity) for total, side in zip(totals, (bids, asks)))
    return {
        "book": book,
        "bid_quantity": bought,
        "ask_quantity": sold,
        "bid_price": average_prices(bid, quantity, paid, len(bids)),
        "ask_price": average_prices(ask, quantity, received, len(asks)),
        "price": one_price(np.concatenate([paid, received]), of=np.concatenate([bids.price, asks.price])),
        "price_interval": supporting_prices(book, bought, sold),
        **dict(zip(TRADES, (bid, ask, quantity, paid, received))),
    }
