"""Greedy matching: quick to say, and sometimes far from the best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import one_of
from tefoundations.market.agents import check_book
from tefoundations.market.clearing import Clearing
from tefoundations.market.crossing import SLIVER, supporting_prices

if TYPE_CHECKING:
    from tefoundations.market.orders import OrderBook

ORDERS = ("price", "arrival", "quantity")


def greedy(book: OrderBook, order: str = "arrival") -> Clearing:
    """Match bids one after the other, each with the cheapest asks left that it can afford.

    Served by price, highest first, this is the efficient clearing. Served as they arrive, or the largest first, an
    early low bid may take a kWh that a later high bid then has to buy dearly or does without: more trades, less
    welfare. Each pair trades halfway between its bid and its ask.

    Parameters
    ----------
    book : OrderBook
        Bids and asks; prices in ct/kWh, quantities in kWh. An agent may stand on both sides.
    order : {"price", "arrival", "quantity"}
        Which bid goes next: the highest; the earliest by `time`, or by position where no times are known; the largest.

    Returns
    -------
    Clearing
        Budget 0; `price` is nan where trades happen at different prices, `price_interval` (nan, nan) where no uniform
        price would support these trades. The loss against the optimum is `audit(...).efficiency`.

    Raises
    ------
    InvalidInput
        An order of service that does not exist.

    References
    ----------
    Gode, D. K. and Sunder, S. (1993), "Allocative efficiency of markets with zero-intelligence traders", Journal of
    Political Economy 101(1), 119-137 (welfare lost by extra-marginal trades).

    Examples
    --------
    No trade:

    >>> from tefoundations.market import OrderBook
    >>> greedy(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]))
    Clearing(greedy by arrival: no trade)

    The first to come takes the cheap kWh, and two trades are worth less than one would be:

    >>> book = OrderBook.of(bids=[(6, 1), (12, 1)], asks=[(5, 1), (11, 1)])
    >>> greedy(book, "arrival").welfare, greedy(book, "price").welfare
    (2.0, 7.0)
    """
    check_book(book)
    one_of(order, ORDERS, "order")
    bids, asks = book.bids, book.asks
    bid_quantity, ask_quantity = np.zeros(len(bids)), np.zeros(len(asks))
    bid_money, ask_money = np.zeros(len(bids)), np.zeros(len(asks))
    sliver = SLIVER * (bids.quantity.sum() + asks.quantity.sum())
    offers = iter(asks.priority.tolist())
    ask = next(offers, None)
    for bid in _served(bids, order):
        while ask is not None and asks.price[ask] <= bids.price[bid]:
            traded = min(bids.quantity[bid] - bid_quantity[bid], asks.quantity[ask] - ask_quantity[ask])
            money = traded * (bids.price[bid] + asks.price[ask]) / 2
            bid_quantity[bid] += traded
            ask_quantity[ask] += traded
            bid_money[bid] += money
            ask_money[ask] += money
            if asks.quantity[ask] - ask_quantity[ask] <= sliver:
                ask = next(offers, None)
            if bids.quantity[bid] - bid_quantity[bid] <= sliver:
                break
    bid_price, ask_price = _per_kwh(bid_money, bid_quantity), _per_kwh(ask_money, ask_quantity)
    prices = np.unique(np.concatenate([bid_price, ask_price])[np.concatenate([bid_quantity, ask_quantity]) > 0])
    return Clearing(
        book,
        f"greedy by {order}",
        bid_quantity,
        ask_quantity,
        bid_price,
        ask_price,
        float(prices[0]) if len(prices) == 1 else float("nan"),
        supporting_prices(book, bid_quantity, ask_quantity),
        "Price: each pair trades halfway between its bid and its ask.",
    )


def _served(bids, order):
    """Positions of the bids in the order in which they are served."""
    if order == "price":
        return bids.priority.tolist()
    if order == "quantity":
        return np.argsort(-bids.quantity, kind="stable").tolist()
    return (np.arange(len(bids)) if bids.time is None else np.argsort(bids.time, kind="stable")).tolist()


def _per_kwh(money, quantity):
    return np.divide(money, quantity, out=np.full(len(money), np.nan), where=quantity > 0)
