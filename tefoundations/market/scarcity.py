"""When everything offered is sold: who names the price?"""

from numbers import Real

import numpy as np

from tefoundations.inputs import one_of

RULES = ("last_ask", "marginal_bid", "midpoint")


def is_scarce(crossing):
    """Whether everything offered is sold.

    Also where nobody is left who wants more: were the rule to begin only with the next buyer, the price would jump at the
    quantity at which demand just equals supply, and fall as demand rises. Begun here, it never falls as demand rises:
    before, the price is at most that of the dearest ask, which is then the last accepted one, and no rule gives less.

    Parameters
    ----------
    crossing : Crossing
        The efficient trades of a book.

    Returns
    -------
    bool

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> from tefoundations.market.crossing import cross
    >>> is_scarce(cross(OrderBook.of(bids=[(30, 1), (20, 1)], asks=[(5, 1)])))
    True
    """
    return bool(crossing.quantity) and bool(np.isinf(crossing.next_ask))


def price_by_rule(crossing, rule):
    """The price of a scarce market by a stated rule, and the arithmetic in words.

    Parameters
    ----------
    crossing : Crossing
        The efficient trades of a scarce book (see `is_scarce`).
    rule : {"last_ask", "marginal_bid", "midpoint"} or float
        `"last_ask"`: the cost of the last kWh sold; no rent for scarcity, and more buyers than kWh at that price.
        `"marginal_bid"`: the last accepted bid. `"midpoint"`: halfway between the two. A number is a value of lost
        load (ct/kWh) that an authority sets: the price is that value, or the last accepted bid where nobody served
        would pay so much, or the last accepted ask where nobody would sell for so little.

    Returns
    -------
    price : float
        ct/kWh.
    words : str

    Raises
    ------
    InvalidInput
        A rule that does not exist, or a value that is not a finite number.

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> from tefoundations.market.crossing import cross
    >>> crossing = cross(OrderBook.of(bids=[(30, 1), (20, 1)], asks=[(5, 1)]))
    >>> [price_by_rule(crossing, rule)[0] for rule in ("last_ask", "marginal_bid", "midpoint", 25, 300)]
    [5.0, 30.0, 17.5, 25.0, 30.0]
    """
    check_rule(rule)
    ask, bid = crossing.last_ask, crossing.last_bid
    if rule == "last_ask":
        return ask, f"Scarcity: the last accepted ask {ask:g}, for everybody who trades."
    if rule == "marginal_bid":
        return bid, f"Scarcity: the last accepted bid {bid:g}, for everybody who trades."
    if rule == "midpoint":
        price = (ask + bid) / 2
        return price, f"Scarcity: ({ask:g} + {bid:g}) / 2 = {price:g}, halfway between last accepted ask and bid."
    price = min(max(float(rule), ask), bid)
    return price, f"Scarcity: value of lost load {rule:g}, kept from {ask:g} to {bid:g} = {price:g}."


def check_rule(rule):
    """Refuse a scarcity rule that does not exist.

    Parameters
    ----------
    rule : None, str or float
        None is no rule of its own; see `price_by_rule` for the others.

    Raises
    ------
    InvalidInput
        Names the rules there are.

    Examples
    --------
    >>> check_rule("voll")  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: scarcity 'voll' is not one of last_ask, marginal_bid, midpoint, or a number (ct/kWh)
    """
    if rule is None or (isinstance(rule, (Real, np.number)) and not isinstance(rule, bool) and np.isfinite(rule)):
        return
    one_of(rule, RULES, "scarcity", more=", or a number (ct/kWh)")
