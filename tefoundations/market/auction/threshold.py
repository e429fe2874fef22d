"""A threshold set beforehand says who may trade: a double auction that false names do not bend."""

import numpy as np

from tefoundations.inputs import number
from tefoundations.market.agents import refuse_both_sides
from tefoundations.market.auction.harm import harm_of_each, price_of_harm
from tefoundations.market.clearing import Clearing, one_price
from tefoundations.market.crossing import cross, margins_of, supporting_prices
from tefoundations.market.orders import OrderBook, derived


def threshold_price(book: OrderBook, price: float) -> Clearing:
    """Clear a double auction by the threshold price protocol: honest even where agents have several names.

    Only bids of at least the threshold r and asks of at most r may trade, as much as the shorter side has. The shorter
    side trades whole, at r. On the longer side the best orders trade. For one unit each, with i bids and j asks that may
    trade: if i > j, the j best buyers pay the (j+1)-th bid and sellers receive r; if i < j, the i best sellers receive
    the (i+1)-th ask and buyers pay r; if i = j, all trade at r. For curves, agent x of the longer side with k of the j
    units pays the (j-k+1)-th to the j-th highest value of all the others, none of them counted below r: Vickrey's payment
    with a reserve price. The operator keeps the difference.

    Parameters
    ----------
    book : OrderBook
        Bids and asks; prices in ct/kWh, quantities in kWh, which can be divided. Several orders of one agent on one side
        are its curve: marginal values fall and marginal costs rise.
    price : float
        The threshold r (ct/kWh); may be negative. It must not be made from this book.

    Returns
    -------
    Clearing
        `price` is nan unless everybody trades at one price; `budget` is zero or positive.

    Raises
    ------
    InvalidInput
        The threshold is not a finite number, or an agent stands on both sides.

    Notes
    -----
    It is assumed that each agent knows its own values, that a name which sells must deliver and one which buys must pay,
    and that the threshold was fixed without looking at the reports. Trades worth making across the threshold are lost:
    all of them, if r lies above every bid or below every ask.

    References
    ----------
    Yokoo, M., Sakurai, Y. and Matsubara, S. (2005), "Robust double auction protocol against false-name bids", Decision
    Support Systems 39(2), 241-252, sections 4.1 (one unit each) and 7 (several units).

    Examples
    --------
    No trade: nobody sells at 5 or less.

    >>> from tefoundations.market import OrderBook
    >>> threshold_price(OrderBook.of(bids=[(8, 1)], asks=[(6, 1)]), 5)
    Clearing(threshold price: no trade)

    Three may buy at 6, two may sell: the two best buyers pay the third bid, and sellers receive the threshold.

    >>> c = threshold_price(OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(3, 1), (5, 1), (9, 1)]), 6)
    >>> c.bid_payment, c.ask_receipt, c.budget
    (array([8., 8., 0.]), array([6., 6., 0.]), 4.0)
    """
    refuse_both_sides(book, "threshold_price")
    price = number(price, "price", unit="of ct/kWh")
    may_buy, may_sell = book.bids.price >= price, book.asks.price <= price
    bids, asks = _some(book.bids, may_buy), _some(book.asks, may_sell)
    # To each side the other looks as if it all stood at the threshold: then the harm of a kWh is never on its wrong side.
    bid_quantity, bid_price = _settle(book.bids, may_buy, OrderBook(bids, _at(asks, price)), "bids")
    ask_quantity, ask_price = _settle(book.asks, may_sell, OrderBook(_at(bids, price), asks), "asks")
    traded = bool(bid_quantity.any())
    return Clearing(
        book,
        "threshold price",
        bid_quantity,
        ask_quantity,
        bid_price,
        ask_price,
        one_price(np.concatenate([bid_price, ask_price])),
        supporting_prices(book, bid_quantity, ask_quantity),
        _rule(bids, asks, price) if traded else f"No trade: nobody meets at the threshold {price:g}.",
        margins_of(book, bid_quantity, ask_quantity) if traded else (),
    )


def _rule(bids, asks, price):
    """Who pays what, in words."""
    shorter, longer, of_two = "buyers pay", "sellers receive", "lower"
    if bids.quantity.sum() > asks.quantity.sum():
        shorter, longer, of_two = longer, shorter, "higher"
    return f"Price: {shorter} the threshold {price:g}, {longer} it or what the others have left, whichever is {of_two}."


def _some(orders, mask):
    columns = (orders.price, orders.quantity, orders.agent, orders.bus, orders.time)
    return derived(orders.side, *(None if column is None else column[mask] for column in columns))


def _at(orders, price):
    """The same orders, all at one price."""
    return derived(orders.side, np.full(len(orders), price), orders.quantity, orders.agents, orders.bus, orders.time)


def _settle(orders, mask, book, side):
    """Traded quantity and price of each order of one side, in a book of those that may trade."""
    crossing = cross(book)
    own, traded = (book.bids, crossing.bid_quantity) if side == "bids" else (book.asks, crossing.ask_quantity)
    quantity, price = np.zeros(len(orders)), np.full(len(orders), np.nan)
    quantity[mask], price[mask] = traded, price_of_harm(own, traded, harm_of_each(book, crossing, side))
    return quantity, price
