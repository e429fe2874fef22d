"""Greedy matching: quick to say, and sometimes far from the best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import one_of
from tefoundations.market.agents import check_book
from tefoundations.market.clearing import Clearing, average_prices, one_price
from tefoundations.market.crossing import supporting_prices
from tefoundations.programmes import is_zero

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
    pairs = []
    bid_left, ask_left = bids.quantity.tolist(), asks.quantity.tolist()
    offers = iter(asks.priority.tolist())
    ask = next(offers, None)
    for bid in _served(bids, order):
        while ask is not None and asks.price[ask] <= bids.price[bid]:
            traded = min(bid_left[bid], ask_left[ask])
            bid_quantity[bid] += traded
            ask_quantity[ask] += traded
            pairs.append((bid, ask, traded, (bids.price[bid] + asks.price[ask]) / 2))
            # What is left of an order after it met a larger one is known to the rounding of that one.
            met = max(bids.quantity[bid], asks.quantity[ask])
            bid_left[bid], ask_left[ask] = (
                0.0 if is_zero(left - traded, of=met) else left - traded for left in (bid_left[bid], ask_left[ask])
            )
            if not ask_left[ask]:
                ask = next(offers, None)
            if not bid_left[bid]:
                break
    bid, ask, traded, price = np.array(pairs).reshape(-1, 4).T
    bid_price, ask_price = (
        average_prices(row.astype(int), traded, price, len(side)) for row, side in ((bid, bids), (ask, asks))
    )
    return Clearing(
        book,
        f"greedy by {order}",
        bid_quantity,
        ask_quantity,
        bid_price,
        ask_price,
        one_price(price, of=np.concatenate([bids.price, asks.price])),
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
