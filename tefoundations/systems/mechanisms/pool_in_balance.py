"""A half hour of a pool as a rule for one book: what is out of balance at the end is called back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.market import Clearing, ConstantProduct
from tefoundations.systems.pools import MICRO, WH, visits_of

if TYPE_CHECKING:
    from tefoundations.market import OrderBook

RULE = "Price: the pool's at each visit. At the end the youngest trades of the longer side are called back."


def pool_in_balance(book: OrderBook, orders: Sequence[np.ndarray], *, depth: float, price: float) -> Clearing:
    """Clear a book by a pool without fee that ends the half hour as it began it.

    Everybody comes to the pool and trades until the order is served or the pool's price has come to its limit, as in
    `pool_day`. A pool may then hold more or less than at its start, and nobody stands behind the difference. So what
    was traded last on the longer side is called back, at the price at which it was traded, until as much is bought as
    is sold. What the pool keeps or lacks in money is the budget of the rule, and its providers bear it.

    Parameters
    ----------
    book : OrderBook
        Prices in ct/kWh, quantities in kWh; what is less than a Wh is not traded.
    orders : sequence of (bids + asks,) int arrays
        One order of arrival for each time that everybody comes; bids first, then asks.
    depth : float
        What the pool holds at its start (kWh).
    price : float
        At which it starts (ct/kWh).

    Returns
    -------
    Clearing
        `price` is nan: each visit has its own.

    Examples
    --------
    The ask of 2 kWh meets a bid of 1 kWh: of what it sold, one half is called back.

    >>> from tefoundations.market import OrderBook
    >>> book = OrderBook.of(bids=[(12, 1)], asks=[(6, 2)])
    >>> made = pool_in_balance(book, [[0, 1]], depth=20, price=9)
    >>> made.ask_quantity, made.bid_price.round(2), made.ask_price.round(2), round(made.budget, 2)
    (array([1.]), array([9.47]), array([9.02]), 0.45)
    """
    split = len(book.bids)
    limits = np.concatenate([book.bids.price, book.asks.price])
    wh = [int(kwh * WH + 1e-6) for kwh in np.concatenate([book.bids.quantity, book.asks.quantity])]
    deep = round(depth * WH)
    pool = ConstantProduct(deep, round(deep * price * MICRO / WH), locked=0)
    visits = [v for v in visits_of(pool, ["buy"] * split + ["sell"] * (len(wh) - split), limits, wh, orders) if v[1]]
    over = pool.reserves[0] - deep
    traded, paid = np.zeros(len(wh)), np.zeros(len(wh))
    for place, moved, money in reversed(visits):
        back = min(moved, abs(over)) if (place < split) == (over < 0) else 0
        over += back if place < split else -back
        traded[place] += (moved - back) / WH
        paid[place] += abs(money) / MICRO * (moved - back) / moved
    with np.errstate(invalid="ignore"):
        prices = np.where(traded > 0, paid / traded, np.nan)
    return Clearing(
        book=book, mechanism="pool in balance", bid_quantity=traded[:split], ask_quantity=traded[split:],
        bid_price=prices[:split], ask_price=prices[split:], price=np.nan, price_interval=(np.nan, np.nan), rule=RULE,
    )  # fmt: skip
