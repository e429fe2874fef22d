"""Reading orders: every value is looked at once, and a bad one is named by row and column."""

import numpy as np

from tefoundations.errors import InvalidOrder


def numbers(values, column, *, table=None, positive=False):
    """The values as finite floats.

    Parameters
    ----------
    values : sequence of numbers
        Numbers, or text that reads as a number.
    column : str
        Name used in the error.
    table : str or None
        "bids" or "asks", used in the error.
    positive : bool
        Refuse zero and negative values.

    Returns
    -------
    (n,) float array

    Raises
    ------
    InvalidOrder
        The first value that is not a finite number, or not positive where that is asked.

    Examples
    --------
    >>> numbers([12, 10.5], "price")
    array([12. , 10.5])
    >>> numbers([12, "cheap"], "price")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: row 1: price 'cheap' must be a number
    """
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError):
        array = _one_by_one(values, column, table)
    for bad, message in ((~np.isfinite(array), "must be a finite number"), (array <= 0, "must be positive")):
        if bad.any() and (positive or message != "must be positive"):
            row = int(np.argmax(bad))
            raise InvalidOrder(message, table=table, row=row, column=column, value=float(array[row]))
    return array


def _one_by_one(values, column, table):
    array = np.empty(len(values))
    for row, value in enumerate(values):
        try:
            array[row] = float(value)
        except (TypeError, ValueError):
            raise InvalidOrder("must be a number", table=table, row=row, column=column, value=value) from None
    return array


def times(values):
    """The values as an array that can be sorted: time stamps stay time stamps, everything else must be a number."""
    if np.issubdtype(np.asarray(values).dtype, np.datetime64):
        return np.asarray(values)
    return numbers(values, "time")


def rows(given, table):
    """Split rows of (price, quantity) or (agent, price, quantity) into columns.

    Parameters
    ----------
    given : sequence of tuples, or (n, 2) float array
        The orders of one side; all rows of one length.
    table : str
        "bids" or "asks", used in the error.

    Returns
    -------
    agents : list or None
    price, quantity : sequences, not yet checked

    Raises
    ------
    InvalidOrder
        A row of another length than its neighbours; names the row.

    Examples
    --------
    >>> rows([("bakery", 12, 2)], "bids")
    (['bakery'], [12], [2])
    """
    if isinstance(given, np.ndarray) and given.ndim == 2 and given.shape[1] == 2:
        return None, given[:, 0], given[:, 1]
    given = list(given)
    width = len(given[0]) if given and hasattr(given[0], "__len__") else 2
    for row, order in enumerate(given):
        if isinstance(order, str) or not hasattr(order, "__len__") or len(order) != width or width not in (2, 3):
            raise InvalidOrder(
                f"{order!r} must be (price, quantity) or (agent, price, quantity), as all rows of its side",
                table=table,
                row=row,
            )
    columns = [list(column) for column in zip(*given)] or [[], []]
    agents = columns[0] if width == 3 and given else None
    for row, agent in enumerate(agents or []):
        if agent is None or agent != agent:
            raise InvalidOrder("is missing", table=table, row=row, column="agent", value=agent)
    return agents, columns[-2], columns[-1]
