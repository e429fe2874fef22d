"""Trade reduction: honest bids and no deficit, for the price of the least valuable trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.market.agents import refuse_both_sides, refuse_curves
from tefoundations.market.clearing import Clearing
from tefoundations.market.crossing import cross
from tefoundations.words import distinct

if TYPE_CHECKING:
    from tefoundations.market.orders import OrderBook


def mcafee(book: OrderBook) -> Clearing:
    """Clear a single-unit double auction so that honesty is a dominant strategy and the budget never negative.

    Let K pairs be efficient. The first pair left out names a price, p0 = (best bid left + best ask left) / 2. If p0
    lies between the last accepted ask and the last accepted bid, all K pairs trade at p0. If not, or if a side has
    nobody left to name it, the K-th pair does not trade: the other buyers pay its bid, the other sellers receive its
    ask, and the operator keeps the difference. Nobody who trades sets a price, so nobody gains by misreporting.

    Parameters
    ----------
    book : OrderBook
        One order an agent, all of the same quantity (kWh); prices in ct/kWh.

    Returns
    -------
    Clearing
        `price` is p0 where all efficient pairs trade at it, else nan; `budget` is zero or positive.

    Raises
    ------
    InvalidInput
        Quantities differ, an agent has several orders, or an agent stands on both sides: with those the rule is not
        honest.

    References
    ----------
    McAfee, R. P. (1992), "A dominant strategy double auction", Journal of Economic Theory 56(2), 434-450, section 2.

    Examples
    --------
    No trade:

    >>> from tefoundations.market import OrderBook
    >>> mcafee(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]))
    Clearing(McAfee: no trade)

    The next pair names 5.5, which suits both pairs that trade:

    >>> mcafee(OrderBook.of(bids=[(9, 1), (8, 1), (5, 1)], asks=[(3, 1), (4, 1), (6, 1)]))
    Clearing(McAfee: 2 at 5.5, welfare 10)

    Here it names 3, too little for the second seller, and the second pair steps back:

    >>> c = mcafee(OrderBook.of(bids=[(9, 1), (8, 1), (1, 1)], asks=[(3, 1), (4, 1), (5, 1)]))
    >>> c.bid_payment, c.ask_receipt, c.budget
    (array([8., 0., 0.]), array([4., 0., 0.]), 4.0)
    """
    _single_units(book)
    crossing = cross(book)
    bid_quantity, ask_quantity = crossing.bid_quantity.copy(), crossing.ask_quantity.copy()
    named = (
        (crossing.next_bid + crossing.next_ask) / 2 if np.isfinite([crossing.next_bid, crossing.next_ask]).all() else np.nan
    )
    if crossing.last_ask <= named <= crossing.last_bid:
        buyers_pay = sellers_get = named
        rule = (
            f"Price: the next pair names ({crossing.next_bid:g} + {crossing.next_ask:g}) / 2 = {named:g}, which suits all."
        )
        margins, interval = crossing.margins, crossing.interval
    elif not crossing.quantity:
        buyers_pay = sellers_get = float("nan")
        margins, interval, rule = crossing.margins, crossing.interval, ""
    else:
        buyers_pay, sellers_get = crossing.last_bid, crossing.last_ask
        last = _step_back(book.bids, bid_quantity), _step_back(book.asks, ask_quantity)
        margins = (last, (buyers_pay, sellers_get))  # the pair that stepped back is the best one left
        interval = (float("nan"), float("nan"))  # a price that suits those who trade would bring the last pair back
        rule = (
            f"Price: the last pair steps back; buyers pay its bid {buyers_pay:g}, sellers receive its ask {sellers_get:g}."
        )
        if not bid_quantity.any():
            rule = "No trade: the one pair that gains steps back, for no other names a price that suits it."
    return Clearing(
        book,
        "McAfee",
        bid_quantity,
        ask_quantity,
        np.where(bid_quantity > 0, buyers_pay, np.nan),
        np.where(ask_quantity > 0, sellers_get, np.nan),
        float(buyers_pay) if buyers_pay == sellers_get and bid_quantity.any() else float("nan"),
        interval,
        rule,
        margins,
    )


def _step_back(orders, quantity):
    """Take the last order that trades out; return the price of the one before it, nan if there is none."""
    served = orders.priority[quantity[orders.priority] > 0]
    quantity[served[-1]] = 0.0
    return float(orders.price[served[-2]]) if len(served) > 1 else float("nan")


def _single_units(book):
    refuse_both_sides(book, "mcafee")
    quantities = np.concatenate([book.bids.quantity, book.asks.quantity])
    if len(quantities) and (quantities != quantities[0]).any():
        odd = quantities[quantities != quantities[0]][0]
        raise InvalidInput(f"mcafee needs orders of one quantity, and found {' and '.join(distinct(quantities[0], odd))}")
    refuse_curves(book, "mcafee")
