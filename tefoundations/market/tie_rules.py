"""Who is served when several orders share the price at the margin, and not all of them can be."""

from dataclasses import replace
from math import fsum

import numpy as np

from tefoundations.inputs import one_of
from tefoundations.words import percent

RULES = ("time", "pro rata")


def rationed(book, crossing, ties):
    """The efficient trades by a rule for ties at the margin, and that rule in words.

    Only orders at the price of the last one accepted, on the side of which some is left, can trade more or less: the
    quantity, the welfare and the prices that support the trades are the same under every rule.

    Parameters
    ----------
    book : OrderBook
    crossing : Crossing
        The efficient trades, by time.
    ties : {"time", "pro rata"}
        `"time"`: one after the other, the earlier first, by position where no times are known. `"pro rata"`: each the same
        share of its quantity. The shares add up to the traded quantity to the last digit; what rounding leaves goes to
        the largest two.

    Returns
    -------
    crossing : Crossing
    words : str
        Empty where nothing is shared.

    Raises
    ------
    InvalidInput
        A rule that does not exist.

    Examples
    --------
    Two sellers at 6 ct and one kWh wanted:

    >>> from tefoundations.market import OrderBook
    >>> from tefoundations.market.crossing import cross
    >>> book = OrderBook.of(bids=[(9, 1)], asks=[(6, 1), (6, 3)])
    >>> for ties in ("time", "pro rata"):
    ...     print(rationed(book, cross(book), ties)[0].ask_quantity)
    [1. 0.]
    [0.25 0.75]
    """
    one_of(ties, RULES, "ties")
    if ties == "time" or not crossing.quantity:
        return crossing, ""
    for name, orders, last, left in (("bid", book.bids, crossing.last_bid, crossing.next_bid),
                                     ("ask", book.asks, crossing.last_ask, crossing.next_ask)):  # fmt: skip
        at = np.flatnonzero(orders.price == last)
        if last != left or len(at) < 2:
            continue
        traded = getattr(crossing, f"{name}_quantity").copy()
        served, wanted = fsum(traded[at]), fsum(orders.quantity[at])
        traded[at] = _shares(orders.quantity[at], served, wanted)
        words = f"{len(at)} {name}s at {last:g} share: {percent(served / wanted)} of each."
        return replace(crossing, **{f"{name}_quantity": traded}), words
    return crossing, ""


def _shares(quantity, served, wanted):
    """The same share of each quantity, so that they sum to what is served."""
    share = quantity * (served / wanted)
    # The rest is rounding. The largest can hold most of it, and the next, which is less than half, its last digit.
    for place in np.argsort(-quantity, kind="stable")[:2]:
        share[place] = np.clip(share[place] + fsum([served, *-share]), 0.0, quantity[place])
    return share
