"""Clearing as a linear programme: the price is the dual of the balance."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.market.agents import check_book
from tefoundations.market.clearing import Clearing
from tefoundations.market.crossing import margins_of, supporting_prices
from tefoundations.programmes import NEAR, is_zero, linear

if TYPE_CHECKING:
    from tefoundations.market.orders import OrderBook


def lp_clearing(book: OrderBook) -> Clearing:
    """Clear a double auction by maximising welfare with a solver; the price is a shadow price.

    The programme chooses how much of each order trades, so that value less cost is as large as possible and as much
    is bought as sold. The dual of that balance says what one more kWh would be worth, and that is the price. It is
    one price of `price_interval`; which one is the solver's choice. The same welfare and quantity as `uniform_price`,
    except that orders of equal price share in no stated order, and that trades without gain may be left out.

    Parameters
    ----------
    book : OrderBook
        Bids and asks; prices in ct/kWh, quantities in kWh. An agent may stand on both sides.

    Returns
    -------
    Clearing
        Budget 0.

    Raises
    ------
    TEError
        The solver gave up; the message is the solver's.

    References
    ----------
    Scarf, H. E. (1994), "The allocation of resources in the presence of indivisibilities", Journal of Economic
    Perspectives 8(4), 111-128, section on linear programming; solver: Huangfu, Q. and Hall, J. A. J. (2018),
    "Parallelizing the dual revised simplex method", Mathematical Programming Computation 10, 119-142.

    Examples
    --------
    No trade:

    >>> from tefoundations.market import OrderBook
    >>> none = lp_clearing(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]))
    >>> none.quantity, none.price, none.price_interval
    (0.0, nan, (4.0, 6.0))

    >>> c = lp_clearing(OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)]))
    >>> c.quantity, c.welfare, 8 <= c.price <= 9
    (2.0, 10.0, True)
    """
    check_book(book)
    traded, price = np.zeros(len(book.bids) + len(book.asks)), float("nan")
    if len(traded):
        traded, price = _solve(book)
    bid_quantity, ask_quantity = traded[: len(book.bids)], traded[len(book.bids) :]
    if not traded.any():
        price = float("nan")
    return Clearing(
        book,
        "linear programme",
        bid_quantity,
        ask_quantity,
        np.where(bid_quantity > 0, price, np.nan),
        np.where(ask_quantity > 0, price, np.nan),
        price,
        supporting_prices(book, bid_quantity, ask_quantity),
        f"Price: the dual of the balance, {price:g}.",
        margins_of(book, bid_quantity, ask_quantity),
    )


def _solve(book):
    """Traded quantity of every order, bids first (kWh), and the dual of the balance (ct/kWh)."""
    most = _drawn_in(book)
    loss = np.concatenate([-book.bids.price, book.asks.price])
    sold_less_bought = np.concatenate([-np.ones(len(book.bids)), np.ones(len(book.asks))])
    best = linear(loss, sold_less_bought[None, :], [0.0], [0.0], 0 * most, most)
    return _balanced(book, best.x, best.dual[0]), float(best.dual[0]) + 0.0  # no -0


def _balanced(book, traded, price):
    """The trades, with what is bought and not sold, or sold and not bought, given to the largest order at the price: of a
    power station that serves a clock the solver does not see the part."""
    bought = np.arange(len(traded)) < len(book.bids)
    each, most = (np.concatenate([getattr(side, name) for side in (book.bids, book.asks)]) for name in ("price", "quantity"))
    missing = fsum(np.where(bought, traded, -traded))
    less = bought == (missing > 0)
    room = np.where(less, traded, most - traded) * is_zero(each - price, of=price, share=NEAR)
    last = int(np.argmax(room))
    if not (is_zero(missing, of=traded.max()) and is_zero(missing, of=most[last])):  # else it is what sums leave
        more = min(abs(missing), room[last])
        traded[last] += -more if less[last] else more
    return traded


def _drawn_in(book):
    """The most of each order that the programme sees (kWh), bids first: twice what the other side offers at its price.

    A bound that is never reached moves no price, and beside a power station nobody sees a clock.
    """
    bids, asks = book.bids, book.asks
    most = []
    for own, other, sign in ((bids, asks, 1), (asks, bids, -1)):
        line = np.argsort(sign * other.price)
        offered = np.concatenate([[0.0], np.cumsum(other.quantity[line])])
        met = offered[np.searchsorted(sign * other.price[line], sign * own.price, side="right")]
        most.append(np.minimum(own.quantity, 2 * met))
    return np.concatenate(most)
