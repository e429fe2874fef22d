"""Who trades with whom: a clearing says how much each order trades, a bill needs pairs."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.programmes import NEAR, ROUNDING, is_zero

if TYPE_CHECKING:
    from tefoundations.market.clearing import Clearing


@dataclass(frozen=True)
class Trade:
    """Energy that one buyer takes from one seller.

    Parameters
    ----------
    buyer, seller : object
        The agents, as the book names them.
    quantity : float
        Energy (kWh).
    buyer_price : float
        What the buyer pays (ct/kWh).
    seller_price : float
        What the seller receives (ct/kWh). Where it differs from `buyer_price`, the operator keeps or adds the difference.
    """

    buyer: object
    seller: object
    quantity: float
    buyer_price: float
    seller_price: float


def trades(clearing: Clearing) -> tuple[Trade, ...]:
    """Pair the buyers and sellers of a clearing, the best bid with the best ask.

    Both sides are lined up in priority order: best price first, ties by time, then by position. The first buyer takes
    from the first seller until one of them is done, then the next steps forward. So n buyers and m sellers need at most
    n + m - 1 trades. Pairing moves no money: each order trades the quantity and the price that the mechanism gave it. Of a
    `MatchedClearing`, which knows its trades, these are returned.

    Parameters
    ----------
    clearing : Clearing
        Of any mechanism that moves money only where energy moves (so not of `expected_externality`).
        Under pay-as-bid, VCG, McAfee's rule or on a network a pair may have two prices; the sum of
        ``quantity * (buyer_price - seller_price)`` is the clearing's budget. An agent on both sides may meet itself.

    Returns
    -------
    tuple of Trade
        Empty without trade.

    Raises
    ------
    InvalidInput
        If `clearing` is none, or its buyers take more or less than its sellers give.

    Examples
    --------
    No trade:

    >>> from tefoundations.market import OrderBook, uniform_price
    >>> trades(uniform_price(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)])))
    ()

    Two kWh for the bakery, from two roofs:

    >>> book = OrderBook.of(bids=[("bakery", 12, 2)], asks=[("roof", 6, 1.5), ("barn", 8, 1.5)])
    >>> for trade in trades(uniform_price(book)):
    ...     print(trade.buyer, trade.seller, trade.quantity, trade.buyer_price)
    bakery roof 1.5 8.0
    bakery barn 0.5 8.0
    """
    if hasattr(clearing, "bid_externality"):
        raise InvalidInput("trades cannot tell who pays whom where money also moves between people who do not trade")
    try:
        book, bid_price, ask_price = clearing.book, clearing.bid_price.tolist(), clearing.ask_price.tolist()
        traded = clearing.bid_quantity, clearing.ask_quantity
    except AttributeError:
        raise InvalidInput(f"trades takes a Clearing, not {type(clearing).__name__}") from None
    buyers, sellers = book.bids.agent.tolist(), book.asks.agent.tolist()
    made = getattr(clearing, "own_trades", None)
    if made is not None:
        return tuple(Trade(buyers[bid], sellers[ask], *rest) for bid, ask, *rest in made)
    found = pairs(book, *traded)
    return tuple(Trade(buyers[bid], sellers[ask], kwh, bid_price[bid], ask_price[ask]) for bid, ask, kwh in found)


def pairs(book, bid_quantity, ask_quantity):
    """Pair what buyers take with what sellers give, best with best.

    Parameters
    ----------
    book : OrderBook
    bid_quantity, ask_quantity : (bids,) and (asks,) float arrays
        Traded part of each order (kWh).

    Returns
    -------
    list of (int, int, float)
        Positions of bid and ask, kWh.

    Raises
    ------
    InvalidInput
        Buyers take more or less than sellers give.

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> pairs(OrderBook.of(bids=[(6, 1), (12, 1)], asks=[(5, 2)]), [1, 1], [2])
    [(1, 0, 1.0), (0, 0, 1.0)]
    """
    buyers, sellers = _line(book.bids, bid_quantity), _line(book.asks, ask_quantity)
    taken, given = (fsum(quantity for _, quantity in line) for line in (buyers, sellers))
    if not is_zero(taken - given, of=min(taken, given), share=NEAR):
        raise InvalidInput(f"buyers take {taken:g} kWh and sellers give {given:g} kWh: they cannot be paired")
    found, at, rest = [], [0, 0], [line[0][1] if line else 0.0 for line in (buyers, sellers)]
    while at[0] < len(buyers) and at[1] < len(sellers):
        quantity = min(rest)
        (bid, bought), (ask, sold) = buyers[at[0]], sellers[at[1]]
        found.append((bid, ask, quantity))
        rest = [left - quantity for left in rest]
        for side, line in enumerate((buyers, sellers)):
            # What is left of an order after it met a larger one is known to the rounding of that one.
            if rest[side] <= ROUNDING * max(bought, sold):  # this order is done: the next of its side steps forward
                at[side] += 1
                rest[side] = line[at[side]][1] if at[side] < len(line) else 0.0
    return found


def _line(orders, traded):
    """(position, traded quantity) of the orders that trade, best first."""
    amounts = np.nan_to_num(np.asarray(traded, float)).tolist()
    return [(i, amounts[i]) for i in orders.priority.tolist() if amounts[i] > 0]
