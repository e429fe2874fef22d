"""A long stream of orders and cancellations, matched in one loop over plain lists."""

from __future__ import annotations

from bisect import insort
from collections import deque
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidOrder
from tefoundations.inputs import integers
from tefoundations.words import count

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def match_events(
    buys: ArrayLike, price: ArrayLike, quantity: ArrayLike, cancels: ArrayLike | None = None
) -> tuple[list[tuple[int, int, int, int]], list[int]]:
    """Match a whole stream of events by the rules of `Exchange`, all orders without an agent.

    For days of millions of events: no object is made for an order, and each event is looked at once.

    Parameters
    ----------
    buys : (n,) array of 0 and 1
        Which orders buy.
    price : (n,) int array
        Limits, in ticks such as a tenth of a ct/kWh.
    quantity : (n,) int array
        In Wh or another whole unit, positive.
    cancels : (n,) int array, optional
        -1 for an order; else the event is a cancellation of the order at this earlier position, and its side, price and
        quantity are not looked at. An order that waits no longer cannot be cancelled: nothing happens.

    Returns
    -------
    fills : list of (int, int, int, int)
        (resting, incoming, price, quantity) as in `Fill`; orders are called by their position in the stream.
    left : list of int
        What waits in the end, by position; 0 where an order was filled or cancelled, and for a cancellation.

    Raises
    ------
    InvalidInput
        Columns that are no whole numbers.
    InvalidOrder
        Columns of different lengths; the first row with a side, quantity or cancellation without meaning.

    Examples
    --------
    >>> match_events([], [], [])
    ([], [])

    Asks at 9 and 5 wait; the second is taken back before a bid of 12 comes:

    >>> match_events(buys=[0, 0, 0, 1], price=[9, 5, 0, 12], quantity=[1, 1, 1, 2], cancels=[-1, -1, 1, -1])
    ([(0, 3, 9, 1)], [0, 0, 0, 1])
    """
    columns = _read(buys, price, quantity, cancels)
    fills: list[tuple[int, int, int, int]] = []
    left, queues, keys = columns[2], ({}, {}), ([], [])  # of asks and of bids; keys as in Levels, the best last
    for i, (buyer, limit, amount, cancelled) in enumerate(zip(*columns)):
        if cancelled >= 0:
            left[cancelled] = left[i] = 0
            continue
        other, waiting = keys[1 - buyer], queues[1 - buyer]
        key = limit if buyer else -limit
        while amount and other and other[-1] >= -key:
            level = other[-1]
            queue = waiting[level]
            while queue:
                j = queue[0]
                rest = left[j]
                if rest > amount:
                    left[j] = rest - amount
                    fills.append((j, i, -level if buyer else level, amount))
                    amount = 0
                    break
                if rest:
                    left[j] = 0
                    fills.append((j, i, -level if buyer else level, rest))
                    amount -= rest
                queue.popleft()
                if not amount:
                    break
            if not queue:
                del waiting[level]
                other.pop()
        left[i] = amount
        if amount:
            queue = queues[buyer].get(key)
            if queue is None:
                queues[buyer][key] = deque((i,))
                insort(keys[buyer], key)
            else:
                queue.append(i)
    return fills, left


def _read(buys, price, quantity, cancels):
    """The columns as lists of whole numbers, checked."""
    import numpy as np

    columns = [_whole(column, name) for column, name in ((buys, "buys"), (price, "price"), (quantity, "quantity"))]
    n = columns[0].size
    columns.append(np.full(n, -1) if cancels is None else _whole(cancels, "cancels"))
    for name, column in zip(("buys", "price", "quantity", "cancels"), columns):
        if column.shape != (n,):
            raise InvalidOrder(f"{name} must be one for each of {count(n, 'event')}, not of shape {column.shape}")
    buys, price, quantity, cancels = columns
    orders = cancels < 0
    for bad, name, column, message in (
        (orders & (buys != 0) & (buys != 1), "buys", buys, "must be 0 or 1"),
        (orders & (quantity <= 0), "quantity", quantity, "must be positive"),
        (cancels < -1, "cancels", cancels, "must be -1, or the position of an order"),
        (cancels >= np.arange(n), "cancels", cancels, "must be the position of an earlier event"),
        (~orders & (cancels[np.minimum(cancels, n - 1)] >= 0), "cancels", cancels, "is the position of no order"),
    ):
        for row in np.flatnonzero(bad)[:1]:
            raise InvalidOrder(message, row=int(row), column=name, value=int(column[row]))
    return [column.tolist() for column in columns]


def _whole(column, name):
    """A column of whole numbers; of an empty list numpy makes floats."""
    import numpy as np

    empty = isinstance(column, (list, tuple)) and not column
    return np.zeros(0, dtype=np.int64) if empty else integers(column, name)
