"""Where the demand curve meets the supply curve: the efficient trades, and the prices that support them."""

from dataclasses import dataclass

import numpy as np

from tefoundations.inputs import number
from tefoundations.market.agents import check_book
from tefoundations.market.stretches import Stretches
from tefoundations.programmes import is_zero


@dataclass(frozen=True, eq=False)
class Crossing:
    """The efficient trades of a book.

    Parameters
    ----------
    quantity : float
        Largest quantity (kWh) at which the marginal buyer still pays at least the marginal seller's price.
    bid_quantity, ask_quantity : (bids,) and (asks,) float arrays
        Traded part of each order (kWh), in the order given.
    last_bid, last_ask : float
        Prices of the last accepted bid and ask (ct/kWh); nan without trade.
    next_bid, next_ask : float
        Best prices left unserved, a partly filled order included; -inf and inf where none is left.
    """

    quantity: float
    bid_quantity: np.ndarray
    ask_quantity: np.ndarray
    last_bid: float
    last_ask: float
    next_bid: float
    next_ask: float

    @property
    def interval(self):
        """(low, high): every price at which nobody would rather trade more or less (ct/kWh).

        With trades, from the higher of last accepted ask and best bid left out to the lower of last accepted bid
        and best ask left out. Without, from best bid to best ask; a side without orders leaves its end infinite.
        """
        if self.quantity == 0:
            return self.next_bid, self.next_ask
        return max(self.last_ask, self.next_bid), min(self.last_bid, self.next_ask)

    @property
    def margins(self):
        """((last bid, last ask), (best bid left, best ask left)), ct/kWh: what `Clearing.explain` tells."""
        return (self.last_bid, self.last_ask), (self.next_bid, self.next_ask)


def cross(book):
    """Match the best bids with the best asks for as long as both gain, or neither loses.

    Orders at the margin are filled by priority (price, then time, then position), so that one order at most on
    each side is filled in part. Costs one sort: O(n log n).

    Parameters
    ----------
    book : OrderBook

    Returns
    -------
    Crossing

    Raises
    ------
    InvalidInput
        If `book` is none.

    Examples
    --------
    No trade: the best bid is below the best ask.

    >>> from tefoundations.market import OrderBook
    >>> cross(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)])).interval
    (4.0, 6.0)

    A seller of 3 kWh serves two buyers in full and a third in part:

    >>> crossing = cross(OrderBook.of(bids=[(12, 1), (10, 1), (8, 2)], asks=[(5, 3)]))
    >>> crossing.quantity, crossing.bid_quantity
    (3.0, array([1., 1., 1.]))
    >>> crossing.interval
    (8.0, 8.0)
    """
    check_book(book)
    bids, asks = book.bids, book.asks
    bid_price, ask_price = bids.price[bids.priority], asks.price[asks.priority]
    curves = Stretches(bids.quantity[bids.priority], asks.quantity[asks.priority])
    bid, ask = curves.bid, curves.ask
    both = ~curves.sliver & (bid < len(bids)) & (ask < len(asks))
    gains = np.zeros(len(bid), dtype=bool)
    gains[both] = bid_price[bid[both]] >= ask_price[ask[both]]
    if not gains.any():
        nothing = np.zeros(len(bids)), np.zeros(len(asks))
        nan = float("nan")
        return Crossing(0.0, *nothing, nan, nan, _price(bid_price, 0, -np.inf), _price(ask_price, 0, np.inf))
    # The gain falls from stretch to stretch, so the last stretch with a gain ends at the quantity traded.
    last = int(np.flatnonzero(gains)[-1])
    bid_filled, ask_filled = curves.filled(last)
    next_bid, next_ask = (int(np.count_nonzero(filled.whole)) for filled in (bid_filled, ask_filled))
    return Crossing(
        curves.end(last),
        _given(bids, bid_filled.quantity),
        _given(asks, ask_filled.quantity),
        float(bid_price[bid[last]]),
        float(ask_price[ask[last]]),
        _price(bid_price, next_bid, -np.inf),
        _price(ask_price, next_ask, np.inf),
    )


def _price(prices, position, otherwise):
    return float(prices[position]) if position < len(prices) else float(otherwise)


def _given(orders, ranked):
    """Quantities by rank, in the order in which the orders were given."""
    given = np.empty(len(ranked))
    given[orders.priority] = ranked
    return given


def best_welfare(book, crossing=None):
    """The largest welfare a book allows: value less cost of its efficient trades.

    Parameters
    ----------
    book : OrderBook
    crossing : Crossing, optional
        The efficient trades, if they are known already.

    Returns
    -------
    float
        In ct; 0 where nothing trades.

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> best_welfare(OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)]))
    10.0
    """
    crossing = crossing or cross(book)
    return float(book.bids.price @ crossing.bid_quantity - book.asks.price @ crossing.ask_quantity)


def supporting_prices(book, bid_quantity, ask_quantity):
    """Every uniform price at which nobody would rather trade more or less than given.

    No order need be sorted: a price must be at least each ask that trades and each bid that is not full, and at
    most each bid that trades and each ask that is not full. These are the conditions of complementary slackness.

    Parameters
    ----------
    book : OrderBook
    bid_quantity, ask_quantity : (bids,) and (asks,) float arrays
        Traded part of each order (kWh), of any clearing; 0 where an order does not trade.

    Returns
    -------
    (float, float)
        (low, high), ct/kWh; infinite where nothing bounds the price; (nan, nan) if no price supports these trades.

    Examples
    --------
    No price keeps these neighbours from trading; with one trade made, prices from 10 to 11 keep the rest apart:

    >>> from tefoundations.market import OrderBook
    >>> book = OrderBook.of(bids=[(12, 1), (10, 1)], asks=[(5, 1), (11, 1)])
    >>> supporting_prices(book, [0, 0], [0, 0])
    (nan, nan)
    >>> supporting_prices(book, [1, 0], [1, 0])
    (10.0, 11.0)
    """
    (last_bid, last_ask), (next_bid, next_ask) = margins_of(book, bid_quantity, ask_quantity)
    low, high = np.fmax(last_ask, next_bid), np.fmin(last_bid, next_ask)  # nothing traded on a side: no bound from it
    return (float(low), float(high)) if low <= high else (float("nan"), float("nan"))


def margins_of(book, bid_quantity, ask_quantity):
    """The worst orders that trade and the best that are left, of any trades.

    Parameters
    ----------
    book : OrderBook
    bid_quantity, ask_quantity : (bids,) and (asks,) float arrays
        Traded part of each order (kWh).

    Returns
    -------
    ((float, float), (float, float))
        (last bid, last ask), nan where nothing trades, and (best bid left, best ask left), -inf and inf where none is
        left (ct/kWh); an order that trades in part counts in both.

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> margins_of(OrderBook.of(bids=[(12, 1), (10, 1)], asks=[(5, 1), (11, 1)]), [1, 0], [1, 0])
    ((12.0, 5.0), (10.0, 11.0))
    """
    bids, asks = book.bids, book.asks
    bought, sold = np.asarray(bid_quantity) > 0, np.asarray(ask_quantity) > 0
    wanted, unsold = (
        ~is_zero(np.maximum(side.quantity - traded, 0.0), of=side.quantity)
        for side, traded in ((bids, bid_quantity), (asks, ask_quantity))
    )
    last_bid = float(bids.price[bought].min()) if bought.any() else float("nan")
    last_ask = float(asks.price[sold].max()) if sold.any() else float("nan")
    next_bid = float(np.max(bids.price[wanted], initial=-np.inf))
    next_ask = float(np.min(asks.price[unsold], initial=np.inf))
    return (last_bid, last_ask), (next_bid, next_ask)


def check_k(k):
    """A k as a float; one that is not a number from 0 to 1 is refused.

    Parameters
    ----------
    k : float
        Where in an interval of prices the price lies.

    Returns
    -------
    float

    Raises
    ------
    InvalidInput
        Names the value.

    Examples
    --------
    >>> check_k(1.5)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: k 1.5 must be a number from 0 to 1
    """
    return number(k, "k", least=0, most=1)
