"""Vickrey's idea: pay for the harm you do to others, and honesty is best. Three sizes of it."""

from __future__ import annotations

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import one_of
from tefoundations.market.agents import check_book, refuse_both_sides
from tefoundations.market.auction.harm import harm_of_each, price_of_harm
from tefoundations.market.clearing import Clearing, one_price
from tefoundations.market.crossing import best_welfare, cross
from tefoundations.market.orders import OrderBook, derived
from tefoundations.programmes import NEAR, is_zero

DROWNED = 1e-4  # share of a sum below which what is left of it has lost digits
CHUNK = 2**20  # prices times orders looked at together: bounds the memory of a large book


def vcg(book: OrderBook) -> Clearing:
    """Clear a double auction by Vickrey, Clarke and Groves: efficient, honest, and usually at a deficit.

    The efficient quantity trades. A buyer pays what the others lose by its presence: their best welfare without it,
    less their welfare with it. A seller receives its cost and what the others gain by it. All orders of an agent leave
    together (see `welfare_without_each`).

    Parameters
    ----------
    book : OrderBook
        Bids and asks; prices in ct/kWh, quantities in kWh. Several orders of one agent on one side are its curve.

    Returns
    -------
    Clearing
        The money of an agent is spread evenly over its traded kWh, so `bid_price` and `ask_price` (ct/kWh) may differ
        between agents, and one of its orders may pay more than it bid while the agent as a whole gains. `price` is nan
        unless everybody trades at one price.

    Raises
    ------
    InvalidInput
        An agent stands on both sides.

    References
    ----------
    Vickrey, W. (1961), "Counterspeculation, auctions, and competitive sealed tenders", Journal of Finance 16(1), 8-37,
    sections I and IV; Clarke, E. H. (1971), "Multipart pricing of public goods", Public Choice 11, 17-33; Groves, T.
    (1973), "Incentives in teams", Econometrica 41(4), 617-631.

    Examples
    --------
    No trade:

    >>> from tefoundations.market import OrderBook
    >>> vcg(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]))
    Clearing(VCG: no trade)

    Two people: the buyer pays the seller's cost, the seller receives the buyer's value, somebody adds the rest.

    >>> c = vcg(OrderBook.of(bids=[(10, 1)], asks=[(4, 1)]))
    >>> c.bid_payment, c.ask_receipt, c.budget
    (array([4.]), array([10.]), -6.0)
    """
    refuse_both_sides(book, "vcg")
    crossing = cross(book)
    bid_price = price_of_harm(book.bids, crossing.bid_quantity, harm_of_each(book, crossing, "bids"))
    ask_price = price_of_harm(book.asks, crossing.ask_quantity, harm_of_each(book, crossing, "asks"))
    return Clearing(
        book,
        "VCG",
        crossing.bid_quantity,
        crossing.ask_quantity,
        bid_price,
        ask_price,
        one_price(np.concatenate([bid_price, ask_price]), share=NEAR),
        crossing.interval,
        "Price: each buyer pays what the others lose by it, each seller receives its cost and what the others gain by it.",
        crossing.margins,
    )


def welfare_without_each(book: OrderBook, side: str) -> np.ndarray:
    """The largest welfare without each agent of one side, all of them in one pass.

    Solving the book again without every agent would cost one sort each. Instead the dual problem is solved: at any
    price, what all agents could gain by trading as they like is at least the welfare, and at a supporting price it is
    the welfare. So the welfare is the smallest such sum over prices, and without an agent it is the smallest sum less
    the agent's part. The smallest lies at the price of some order, for the sum is convex and bends only there.

    Parameters
    ----------
    book : OrderBook
    side : {"bids", "asks"}

    Returns
    -------
    (agents,) float array
        In ct; agents of that side in the order of their first order.

    Raises
    ------
    InvalidInput
        What is no book, or no side of one.

    References
    ----------
    Clarke, E. H. (1971), "Multipart pricing of public goods", Public Choice 11, 17-33.

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> welfare_without_each(OrderBook.of(bids=[(4, 1), (3, 1)], asks=[(5, 1)]), "bids")
    array([0., 0.])
    >>> welfare_without_each(OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)]), "bids")
    array([ 6.,  8., 10.])
    """
    check_book(book)
    orders = getattr(book, one_of(side, ("bids", "asks"), "side"))
    if not len(orders):
        return np.zeros(0)
    prices = np.unique(np.concatenate([book.bids.price, book.asks.price]))
    total = _gains(book.bids, prices) + _gains(book.asks, prices)
    by_owner = np.argsort(orders.owner, kind="stable")
    first = np.flatnonzero(np.diff(orders.owner[by_owner], prepend=-1))
    price, quantity = orders.price[by_owner], orders.quantity[by_owner]
    sign = 1 if side == "bids" else -1
    least, known_to = np.full(len(first), np.inf), np.zeros(len(first))
    step = max(1, CHUNK // len(orders))
    for start in range(0, len(prices), step):
        some = slice(start, start + step)
        gain = np.maximum(sign * (price - prices[some, None]), 0.0) * quantity
        others = total[some, None] - np.add.reduceat(gain, first, axis=1)
        place, each = others.argmin(axis=0), np.arange(len(first))
        known_to = np.where(others[place, each] < least, total[some][place], known_to)
        least = np.minimum(least, others[place, each])
    # What is left of a sum beside one large agent is known to that agent's rounding: it is summed again without it.
    for agent in np.flatnonzero(is_zero(least, of=known_to, share=DROWNED) & (known_to > 0)):
        least[agent] = best_welfare(_without(book, orders, agent))
    return least


def _without(book, orders, agent):
    """The book in which an agent of one side has no orders."""
    some = orders.owner != agent
    left = derived(orders.side, orders.price[some], orders.quantity[some])
    return OrderBook(left, book.asks) if orders.side == "buy" else OrderBook(book.bids, left)


def _gains(orders, prices):
    """What one side could gain in all (ct) at each of the ascending prices, everybody trading as it likes."""
    # Summed from the best order on: an order that gains nothing, however large, takes no digits from those that do.
    ranked, sign = orders.priority, (1 if orders.side == "sell" else -1)
    quantity = np.concatenate([[0.0], np.cumsum(orders.quantity[ranked])])
    worth = np.concatenate([[0.0], np.cumsum((orders.price * orders.quantity)[ranked])])
    better = np.searchsorted(sign * orders.price[ranked], sign * prices)
    return sign * (prices * quantity[better] - worth[better])


def second_price(book: OrderBook) -> Clearing:
    """Sell one lot to the highest bidder at the second highest bid: the smallest case of `vcg`.

    The seller's ask is a reserve price and the seller no player: it receives what the winner pays, the best bid left
    or the reserve, whichever is higher.

    Parameters
    ----------
    book : OrderBook
        One ask, and bids for at least its quantity (kWh) each; prices in ct/kWh.

    Returns
    -------
    Clearing
        Budget 0.

    Raises
    ------
    InvalidInput
        More than one ask, or a bid for less than the lot; names the row of the bid.

    References
    ----------
    Vickrey, W. (1961), "Counterspeculation, auctions, and competitive sealed tenders", Journal of Finance 16(1), 8-37,
    section III.

    Examples
    --------
    Nobody bids the reserve:

    >>> from tefoundations.market import OrderBook
    >>> second_price(OrderBook.of(bids=[(4, 1), (3, 1)], asks=[(6, 1)]))
    Clearing(second price: no trade)

    >>> second_price(OrderBook.of(bids=[(10, 1), (7, 1), (8, 1)], asks=[(2, 1)]))
    Clearing(second price: 1 at 8, welfare 8)
    """
    check_book(book)
    if len(book.asks) > 1:
        raise InvalidInput(f"second_price sells one lot, and the book has {len(book.asks)} asks")
    if len(book.asks) and (book.bids.quantity < book.asks.quantity[0]).any():
        row = int(np.argmax(book.bids.quantity < book.asks.quantity[0]))
        raise InvalidInput(f"bids, row {row}: {book.bids.quantity[row]:g} is less than the lot of {book.asks.quantity[0]:g}")
    crossing = cross(book)
    bids = book.bids.price[book.bids.priority]
    second = float(bids[1]) if len(bids) > 1 else float("-inf")
    price = max(second, crossing.last_ask) if crossing.quantity else float("nan")
    return Clearing(
        book,
        "second price",
        crossing.bid_quantity,
        crossing.ask_quantity,
        np.where(crossing.bid_quantity > 0, price, np.nan),
        np.where(crossing.ask_quantity > 0, price, np.nan),
        price,
        crossing.interval,
        f"Price: max(second bid {second:g}, reserve {crossing.last_ask:g}) = {price:g}.",
        crossing.margins,
    )
