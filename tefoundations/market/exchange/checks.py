"""What an order of a continuous exchange must be."""

import numpy as np

from tefoundations.errors import InvalidOrder
from tefoundations.inputs import number, one_of, whole
from tefoundations.market.columns import SIDES, order_names
from tefoundations.words import shown


def checked(row, side, price, quantity, keep, all_or_none, in_units):
    """Price and quantity of an order that comes, read, or refused with its number.

    Parameters
    ----------
    row : int
        Its number.
    side, price, quantity, keep, all_or_none : as in `Exchange.submit`
    in_units : bool
        Whether prices and quantities must be whole numbers.

    Returns
    -------
    price, quantity

    Raises
    ------
    InvalidOrder

    Examples
    --------
    >>> checked(3, "buy", 12.5, 1, True, False, in_units=True)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: row 3: price 12.5 must be a whole number
    """

    def refused(message):
        return InvalidOrder(message, row=row)

    one_of(side, tuple(SIDES), "side", error=refused)
    for value, name in ((keep, "keep"), (all_or_none, "all_or_none")):
        one_of(value, (True, False), name, error=refused)
    if keep and (price is None or all_or_none):
        raise refused(f"{'an order without a limit' if price is None else 'all or none'} cannot wait: say keep=False")
    if in_units:
        price = None if price is None else whole(price, "price", error=refused)
        return price, whole(quantity, "quantity", least=1, error=refused)
    price = None if price is None else number(price, "price", error=refused)
    return price, number(quantity, "quantity", above=0, error=refused)


def named(row, agent):
    """An agent that can be told from others: else self-trade could not be seen, and a trade would stop half-way to ask.

    Parameters
    ----------
    row : int
        Number of its order.
    agent : object

    Returns
    -------
    object
        The one given.

    Raises
    ------
    InvalidOrder

    Examples
    --------
    >>> named(3, float("nan"))
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: row 3: agent is missing
    """
    return order_names(np.fromiter([agent], object, 1), "agent", first=row)[0]


def known(order, last):
    """The number of an order that came, whatever kind of whole number it is.

    Parameters
    ----------
    order : int
    last : int
        Number of the order that came last; -1 before the first.

    Raises
    ------
    InvalidOrder

    Examples
    --------
    >>> import numpy as np
    >>> known(np.int64(2), last=2)
    2
    >>> known(3, last=2)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: order 3 is not known: the last that came is 2
    """

    def unknown(_):
        came = "no order has come" if last < 0 else f"the last that came is {last}"
        return InvalidOrder(f"order {shown(order)} is not known: {came}")

    return whole(order, "order", least=0, most=last, error=unknown)
