"""A waiting line: who is served when one side wants more than the other has, whatever the prices it named."""

import numpy as np

from tefoundations.programmes import is_zero


def line_of(orders, place):
    """The orders of one side in line: agents by their place, the best order of each agent first.

    Parameters
    ----------
    orders : Orders
    place : (agents,) int array
        Place of each agent, in the order of `Orders.owner`.

    Returns
    -------
    (n,) int array
        Positions of the orders.

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> line_of(OrderBook.of(bids=[("b", 5, 1), ("a", 8, 1), ("b", 9, 1)]).bids, np.array([0, 1]))
    array([2, 0, 1])
    """
    best = orders.price if orders.side == "sell" else -orders.price
    return np.lexsort((best, place[orders.owner]))


def serve(line, quantity, most):
    """Cut the wanted quantities of a line down to so much in all, the first in line first.

    Parameters
    ----------
    line : (m,) int array
        Positions of the orders in line.
    quantity : (n,) float array
        What each order wants (kWh); changed in place.
    most : float
        What there is (kWh).

    Examples
    --------
    >>> wanted = np.array([2.0, 2.0, 2.0])
    >>> serve(np.array([2, 0, 1]), wanted, 3.0)
    >>> wanted
    array([1., 0., 2.])
    """
    before = np.concatenate([[0.0], np.cumsum(quantity[line])[:-1]])[: len(line)]
    left = most - before
    # The rest of a sum is known to its rounding: within that it is nothing, or all of the order.
    left = np.where(is_zero(left, of=most), 0.0, np.where(is_zero(left - quantity[line], of=most), quantity[line], left))
    quantity[line] = np.clip(left, 0.0, quantity[line])
