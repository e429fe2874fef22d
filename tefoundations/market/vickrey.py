"""Vickrey's idea: pay for the harm you do to others, and honesty is best. Three sizes of it."""

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.market.clearing import Clearing
from tefoundations.market.crossing import best_welfare, cross
from tefoundations.market.orders import OrderBook, Orders, owned, refuse_both_sides


def vcg(book):
    """Clear a double auction by Vickrey, Clarke and Groves: efficient, honest, and usually at a deficit.

    The efficient quantity trades. A buyer pays what the others lose by its presence: their best welfare without it,
    less their welfare with it. A seller receives its cost and what the others gain by it. Found by clearing the book
    again without each agent that trades, all its orders removed together.

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
    welfare = best_welfare(book, crossing)
    bid_price = _prices(book, "bids", crossing.bid_quantity, welfare)
    ask_price = _prices(book, "asks", crossing.ask_quantity, welfare)
    prices = np.concatenate([bid_price, ask_price])
    prices = prices[~np.isnan(prices)]
    return Clearing(
        book,
        "VCG",
        crossing.bid_quantity,
        crossing.ask_quantity,
        bid_price,
        ask_price,
        float(prices[0]) if len(prices) and np.allclose(prices, prices[0], rtol=1e-9, atol=0) else float("nan"),
        crossing.interval,
        "Price: each buyer pays what the others lose by it, each seller receives its cost and what the others gain by it.",
        crossing.margins,
    )


def _prices(book, side, traded, welfare):
    """Price of each order of one side (ct/kWh): the agent's payment or receipt per kWh it trades."""
    orders = getattr(book, side)
    sign = 1 if side == "bids" else -1
    prices = np.full(len(orders), np.nan)
    for mine in owned(orders).values():
        if not traded[mine].any():
            continue
        rest = without(book, side, mine)
        harm = best_welfare(rest) - (welfare - sign * float(orders.price[mine] @ traded[mine]))
        prices[mine[traded[mine] > 0]] = sign * harm / traded[mine].sum()
    return prices


def without(book, side, mine):
    """The book less some orders of one side.

    Parameters
    ----------
    book : OrderBook
    side : {"bids", "asks"}
    mine : int array
        Positions of the orders of that side that are removed.

    Returns
    -------
    OrderBook
        The other orders, each agent under the name it had.
    """
    orders = getattr(book, side)
    columns = (orders.price, orders.quantity, orders.agent, orders.bus, orders.time)
    rest = Orders(orders.side, *(None if column is None else np.delete(column, mine) for column in columns))
    return OrderBook(rest, book.asks) if side == "bids" else OrderBook(book.bids, rest)


def second_price(book):
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
