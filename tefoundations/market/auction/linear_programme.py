"""Clearing as a linear programme: the price is the dual of the balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.market.agents import check_book
from tefoundations.market.clearing import Clearing
from tefoundations.market.crossing import margins_of, supporting_prices
from tefoundations.programmes import linear

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
    most = np.concatenate([book.bids.quantity, book.asks.quantity])
    loss = np.concatenate([-book.bids.price, book.asks.price])
    sold_less_bought = np.concatenate([-np.ones(len(book.bids)), np.ones(len(book.asks))])
    best = linear(loss, sold_less_bought[None, :], [0.0], [0.0], 0 * most, most)
    return best.x, float(best.dual[0])
