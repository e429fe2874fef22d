"""A price that nobody in the market can move: posted before anybody says a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import number
from tefoundations.market.agents import check_book, refuse_both_sides
from tefoundations.market.auction.turns import line_of, serve
from tefoundations.market.clearing import Clearing
from tefoundations.market.crossing import supporting_prices

if TYPE_CHECKING:
    from tefoundations.market.orders import OrderBook


def posted_price(book: OrderBook, price: float) -> Clearing:
    """Trade at a price that was posted before anybody spoke: honest, balanced, and blind to what the trades are worth.

    Who bids at least the price buys, who asks at most the price sells. Where one side wants more than the other has, its
    agents are served in the order in which they came, by `time` or else by position in the book: a rule that looked at
    their prices would tempt them to overstate them. So an agent's report moves neither its price nor its place, and
    honesty is a dominant strategy for whole curves. A second name comes later in the line, and gains nothing either; in a
    lottery it would be a second ticket.

    Parameters
    ----------
    book : OrderBook
        Bids and asks; prices in ct/kWh, quantities in kWh. An agent's place in a line is that of its first order there.
        Who stood on both sides could make the line on the one shorter by what it says on the other.
    price : float
        The posted price (ct/kWh); may be negative. It must not be made from this book.

    Returns
    -------
    Clearing
        Budget 0. `price` is nan without trade, `price_interval` (nan, nan) where the line left out somebody who would
        gain.

    Raises
    ------
    InvalidInput
        The price is not a finite number, or an agent stands on both sides.

    References
    ----------
    Hagerty, K. M. and Rogerson, W. P. (1987), "Robust trading mechanisms", Journal of Economic Theory 42(1), 94-107:
    for two people essentially no other rule is balanced, voluntary and honest as a dominant strategy. Yokoo, M., Sakurai,
    Y. and Matsubara, S. (2005), "Robust double auction protocol against false-name bids", Decision Support Systems 39(2),
    241-252, section 6 (the lottery).

    Examples
    --------
    No trade: nobody sells at 5.

    >>> from tefoundations.market import OrderBook
    >>> posted_price(OrderBook.of(bids=[(8, 1)], asks=[(6, 1)]), 5)
    Clearing(posted price: no trade)

    Two want to buy at 7, and one kWh is offered: the first in line has it, not the one that values it most.

    >>> c = posted_price(OrderBook.of(bids=[(8, 1), (12, 1)], asks=[(5, 1)]), 7)
    >>> c.bid_quantity, c.price, c.welfare
    (array([1., 0.]), 7.0, 3.0)
    """
    check_book(book)
    refuse_both_sides(book, "posted_price")
    price = number(price, "price", unit="of ct/kWh")
    wanted = [
        np.where(suits, orders.quantity, 0.0)
        for orders, suits in ((book.bids, book.bids.price >= price), (book.asks, book.asks.price <= price))
    ]
    most = min(quantity.sum() for quantity in wanted)
    for orders, quantity in zip((book.bids, book.asks), wanted):
        serve(line_of(orders, _arrival(orders)), quantity, most)
    bid_quantity, ask_quantity = wanted
    traded = bool(bid_quantity.any())
    return Clearing(
        book,
        "posted price",
        bid_quantity,
        ask_quantity,
        np.where(bid_quantity > 0, price, np.nan),
        np.where(ask_quantity > 0, price, np.nan),
        price if traded else float("nan"),
        supporting_prices(book, bid_quantity, ask_quantity),
        f"Price: {price:g}, posted beforehand." if traded else f"No trade: nobody meets at the posted price {price:g}.",
    )


def _arrival(orders):
    """Place of each agent of one side in line: by the time of its first order, then by position."""
    agents = orders.owner.max(initial=-1) + 1
    if orders.time is None:
        return np.arange(agents)
    first = np.full(agents, np.inf)
    np.minimum.at(first, orders.owner, orders.time.astype(float))
    place = np.empty(agents, dtype=int)
    place[np.argsort(first, kind="stable")] = np.arange(agents)
    return place
