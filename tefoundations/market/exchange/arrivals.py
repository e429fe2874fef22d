"""Orders of a book that come one by one, and meet what waits or wait themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import integers, sequence
from tefoundations.market.agents import check_book
from tefoundations.market.exchange.price_time import Exchange
from tefoundations.market.matches import MatchedClearing, trade_columns
from tefoundations.words import count

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from tefoundations.market.orders import OrderBook

RULE = "Price: each trade at the price of the order that waited."


def continuous(book: OrderBook, order: ArrayLike | None = None) -> MatchedClearing:
    """Trade continuously: each order trades at once what it can, with the best that waits, and the rest waits.

    Each trade has the price of the order that waited. So the same orders may make other trades, at other prices, when they
    come in another order; and early trades may use up a kWh that a later order needs more.

    It is an `Exchange` with `self_trade="allow"`, which is not the default there: an agent's two orders trade with each
    other, as they do in the call auction, and neither is cancelled.

    Parameters
    ----------
    book : OrderBook
        Prices in ct/kWh, quantities in kWh. An agent may stand on both sides, and may meet itself.
    order : (bids + asks,) int array, optional
        The order of arrival: positions in the book, bids first, so that ask j is at bids + j. Default: by `time` where both
        sides know it; else in turn, the first bid, the first ask, the second bid, and so on.

    Returns
    -------
    MatchedClearing
        Budget 0; `price` is nan where trades happen at different prices.

    Raises
    ------
    InvalidInput
        What is no book; an order of arrival that does not name each order once.

    References
    ----------
    Gode, D. K. and Sunder, S. (1993), "Allocative efficiency of markets with zero-intelligence traders", Journal of
    Political Economy 101(1), 119-137 (the continuous double auction, section II).

    Examples
    --------
    No trade:

    >>> from tefoundations.market import OrderBook
    >>> continuous(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]))
    Clearing(continuous: no trade)

    The ask at 9 comes first and the bid of 12 takes it, so that the last three find other partners: all trade, and gain less
    than the best two pairs would.

    >>> book = OrderBook.of(bids=[(12, 1), (8, 1), (10, 1)], asks=[(9, 1), (5, 1), (7, 1)])
    >>> continuous(book, order=[3, 0, 4, 1, 2, 5])
    Clearing(continuous: 3, welfare 9)
    """
    check_book(book)
    sides, split = (book.bids, book.asks), len(book.bids)
    exchange, rows = Exchange(whole=False, self_trade="allow"), []
    came = arrival(book, order).tolist()
    for position in came:
        buys = position < split
        side, row = ("buy", position) if buys else ("sell", position - split)
        price, quantity = float(sides[not buys].price[row]), float(sides[not buys].quantity[row])
        for fill in exchange.submit(None, side, price, quantity):
            rests = came[fill.resting]
            bid, ask = (row, rests - split) if buys else (rests, row)
            rows.append((bid, ask, fill.quantity, fill.price, fill.price))
    return MatchedClearing(mechanism="continuous", rule=RULE, **trade_columns(book, rows))


def arrival(book, order):
    """The order in which the orders of a book come.

    Parameters
    ----------
    book : OrderBook
    order : (bids + asks,) int array or None
        As in `continuous`.

    Returns
    -------
    (bids + asks,) int array
        Positions, bids first.

    Raises
    ------
    InvalidInput

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> arrival(OrderBook.of(bids=[(4, 1)] * 3, asks=[(6, 1)]), None)
    array([0, 3, 1, 2])
    """
    bids, asks = len(book.bids), len(book.asks)
    if order is None:
        if book.bids.time is not None and book.asks.time is not None:
            return np.argsort(np.concatenate([book.bids.time, book.asks.time]), kind="stable")
        turn = np.concatenate([2 * np.arange(bids), 2 * np.arange(asks) + 1])
        return np.argsort(turn, kind="stable")
    given = sequence(order, "order", of="positions in the book")
    came = integers(order if hasattr(order, "dtype") else given, "order") if given else np.zeros(0, int)
    if sorted(came.tolist()) != list(range(bids + asks)):
        told = f"order must name each of {count(bids + asks, 'order')} once, from 0 to {bids + asks - 1}"
        raise InvalidInput(f"{told}, bids first")
    return came
