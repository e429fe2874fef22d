"""The call market: one price for everybody who trades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.market.clearing import Clearing
from tefoundations.market.crossing import check_k, cross
from tefoundations.market.scarcity import check_rule, is_scarce, price_by_rule
from tefoundations.market.tie_rules import rationed

if TYPE_CHECKING:
    from tefoundations.market.orders import OrderBook


def uniform_price(book: OrderBook, k: float = 0.5, scarcity: str | float | None = None, ties: str = "time") -> Clearing:
    """Clear a double auction at one price: the k-double auction.

    The efficient quantity trades. Every price in `price_interval` supports it; the rule picks
    `(1 - k) * low + k * high`. k = 0 is the buyers' best price, k = 1 the sellers', k = 0.5 the midpoint.

    Parameters
    ----------
    book : OrderBook
        Bids and asks; prices in ct/kWh, quantities in kWh. An agent may stand on both sides.
    k : float
        Where in the price interval the price lies, from 0 to 1.
    scarcity : {None, "last_ask", "marginal_bid", "midpoint"} or float
        Rule for a market in which everything is sold; a number is a value of lost load (ct/kWh), kept between last
        accepted ask and bid. None leaves the price to k there too. `"last_ask"` may lie below `price_interval`: more
        buyers than kWh at that price. The price never falls as demand rises.
    ties : {"time", "pro rata"}
        Who is served where orders share the price at the margin and not all can be. `"time"`: the earlier first, then by
        position in the book; at most one is filled in part. `"pro rata"`: each the same share of its quantity. Price,
        quantity, welfare and budget are the same.

    Returns
    -------
    Clearing
        Budget 0: what buyers pay, sellers receive.

    Raises
    ------
    InvalidInput
        k is not a number from 0 to 1, or the scarcity rule or the rule for ties does not exist.

    Notes
    -----
    A bid equal to an ask trades: the quantity is the largest of those with the highest welfare. Pro rata, nobody gains by
    coming first; who asks for more than he wants gets more.

    References
    ----------
    Chatterjee, K. and Samuelson, W. (1983), "Bargaining under incomplete information", Operations Research 31(5),
    835-851, section 1 (the bilateral rule); Satterthwaite, M. A. and Williams, S. R. (1989), "Bilateral trade with
    the sealed bid k-double auction", Journal of Economic Theory 48(1), 107-133.

    Examples
    --------
    No trade: there is no price, and the interval runs from best bid to best ask.

    >>> from tefoundations.market import OrderBook
    >>> none = uniform_price(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]))
    >>> none.quantity, none.price, none.price_interval
    (0.0, nan, (4.0, 6.0))

    Three buyers, three sellers:

    >>> c = uniform_price(OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)]))
    >>> c.quantity, c.price, c.price_interval, c.welfare
    (2.0, 8.5, (8.0, 9.0), 10.0)

    One kWh and two who want it: the price rations, or an authority names it.

    >>> scarce = OrderBook.of(bids=[(30, 1), (20, 1)], asks=[(5, 1)])
    >>> uniform_price(scarce).price, uniform_price(scarce, scarcity="last_ask").price
    (25.0, 5.0)

    Two who bid the same: the first is served, or both are in part.

    >>> tie = OrderBook.of(bids=[("Ada", 10, 2), ("Ben", 10, 2)], asks=[("Cem", 6, 3)])
    >>> uniform_price(tie).bid_quantity, uniform_price(tie, ties="pro rata").bid_quantity
    (array([2., 1.]), array([1.5, 1.5]))
    """
    k = check_k(k)
    check_rule(scarcity)
    crossing, shared = rationed(book, cross(book), ties)
    low, high = crossing.interval
    price, rule = float("nan"), ""
    if scarcity is not None and is_scarce(crossing):
        price, rule = price_by_rule(crossing, scarcity)
    elif crossing.quantity:
        price = (1 - k) * low + k * high
        rule = f"Price: (1 - {k:g}) * {low:g} + {k:g} * {high:g} = {price:g}, for everybody who trades."
    return Clearing(
        book,
        "uniform price",
        crossing.bid_quantity,
        crossing.ask_quantity,
        np.where(crossing.bid_quantity > 0, price, np.nan),
        np.where(crossing.ask_quantity > 0, price, np.nan),
        price,
        (low, high),
        "\n".join(line for line in (rule, shared) if line),
        crossing.margins,
    )
