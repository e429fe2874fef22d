"""Pay-as-bid: the same trades, each at its own price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.market.clearing import Clearing, one_price
from tefoundations.market.crossing import cross
from tefoundations.market.tie_rules import rationed

if TYPE_CHECKING:
    from tefoundations.market.orders import OrderBook


def pay_as_bid(book: OrderBook, ties: str = "time") -> Clearing:
    """Clear a double auction with every order at its own price: the discriminatory auction.

    The efficient quantity trades, as under `uniform_price`. Each buyer pays its bid, each seller receives its ask,
    and the operator keeps the difference. With truthful orders nobody gains but the operator; that is why nobody
    would be truthful.

    Parameters
    ----------
    book : OrderBook
        Bids and asks; prices in ct/kWh, quantities in kWh. An agent may stand on both sides.
    ties : {"time", "pro rata"}
        Who is served where orders share the price at the margin, as in `uniform_price`.

    Returns
    -------
    Clearing
        `price` is nan where trades happen at different prices; `budget` is the spread kept, never negative.

    Raises
    ------
    InvalidInput
        A rule for ties that does not exist.

    References
    ----------
    Krishna, V. (2010), Auction Theory, 2nd ed., Academic Press, section 12.1.

    Examples
    --------
    No trade:

    >>> from tefoundations.market import OrderBook
    >>> none = pay_as_bid(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]))
    >>> none.quantity, none.budget
    (0.0, 0.0)

    >>> c = pay_as_bid(OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)]))
    >>> c.bid_payment, c.ask_receipt, c.budget
    (array([12., 10.,  0.]), array([5., 7., 0.]), 10.0)
    """
    crossing, shared = rationed(book, cross(book), ties)
    bid_price = np.where(crossing.bid_quantity > 0, book.bids.price, np.nan)
    ask_price = np.where(crossing.ask_quantity > 0, book.asks.price, np.nan)
    return Clearing(
        book,
        "pay-as-bid",
        crossing.bid_quantity,
        crossing.ask_quantity,
        bid_price,
        ask_price,
        one_price(np.concatenate([bid_price, ask_price])),
        crossing.interval,
        "\n".join(line for line in ("Price: each order its own; the operator keeps the difference.", shared) if line),
        crossing.margins,
    )
