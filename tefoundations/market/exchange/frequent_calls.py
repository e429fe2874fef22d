"""A call auction after every so many orders, with what is left carried over to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import whole
from tefoundations.market.agents import check_book
from tefoundations.market.crossing import check_k, cross
from tefoundations.market.exchange.arrivals import arrival
from tefoundations.market.matches import MatchedClearing, trade_columns
from tefoundations.market.orders import OrderBook, derived
from tefoundations.market.pairing import pairs
from tefoundations.programmes import is_zero
from tefoundations.words import count

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def batched(book: OrderBook, size: int, order: ArrayLike | None = None, k: float = 0.5) -> MatchedClearing:
    """Trade in frequent calls: after every `size` orders all that wait are cleared at one price, and the rest waits on.

    One batch for all orders is the call auction. Batches of one trade what continuous trade does, at prices between the two
    that meet. A last batch may be shorter.

    Parameters
    ----------
    book : OrderBook
        Prices in ct/kWh, quantities in kWh. An agent may stand on both sides, and may meet itself.
    size : int
        Orders that come before each call, at least 1.
    order : (bids + asks,) int array, optional
        The order of arrival, as in `continuous`.
    k : float
        Where in the interval of each call its price lies, from 0 to 1.

    Returns
    -------
    MatchedClearing
        Budget 0; `price` is nan where calls have different prices.

    Raises
    ------
    InvalidInput
        What is no book; a size, an order of arrival or k without meaning.

    References
    ----------
    Budish, E., Cramton, P. and Shim, J. (2015), "The high-frequency trading arms race: frequent batch auctions as a market
    design response", Quarterly Journal of Economics 130(4), 1547-1621, section VII.

    Examples
    --------
    No trade:

    >>> from tefoundations.market import OrderBook
    >>> batched(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]), size=2)
    Clearing(calls of 2: no trade)

    Calls every three orders: the first has 12 against 5 and 9, so that the 9 waits, and nobody wants it later.

    >>> book = OrderBook.of(bids=[(12, 1), (8, 1), (10, 1)], asks=[(9, 1), (5, 1), (7, 1)])
    >>> batched(book, size=3, order=[3, 0, 4, 1, 2, 5])
    Clearing(calls of 3: 2, welfare 10)
    """
    check_book(book)
    k = check_k(k)
    size = whole(size, "size", least=1, unit="of orders")
    name = f"calls of {size}"
    came, split = arrival(book, order), len(book.bids)
    size = min(size, max(len(came), 1))
    time = np.empty(len(came))
    time[came] = np.arange(len(came))
    sides = ((book.bids, time[:split]), (book.asks, time[split:]))
    left = [orders.quantity.copy() for orders, _ in sides]
    rows, calls = [], 0
    for end in range(size, len(came) + size, size):
        there = [np.flatnonzero((when < end) & (rest > 0)) for (_, when), rest in zip(sides, left)]
        if any(not len(own) for own in there) or book.bids.price[there[0]].max() < book.asks.price[there[1]].min():
            continue
        waiting = OrderBook(*(
            derived(orders.side, orders.price[own], rest[own], time=when[own])
            for (orders, when), rest, own in zip(sides, left, there)
        ))  # fmt: skip
        crossing = cross(waiting)
        calls += 1
        low, high = crossing.interval
        price = (1 - k) * low + k * high
        for bid, ask, kwh in pairs(waiting, crossing.bid_quantity, crossing.ask_quantity):
            rows.append((there[0][bid], there[1][ask], kwh, price, price))
        for rest, own, traded, (orders, _) in zip(left, there, (crossing.bid_quantity, crossing.ask_quantity), sides):
            more = rest[own] - traded
            rest[own] = np.where(is_zero(more, of=orders.quantity[own]), 0.0, more)
    rule = f"Price: one for each of {count(calls, 'call')} with trade, at {k:g} of the way through its interval."
    return MatchedClearing(mechanism=name, rule=rule, **trade_columns(book, rows))
