"""The columns of a side's orders: every value is looked at once, and a bad one is named by table, row and column."""

import numpy as np

from tefoundations.errors import InvalidOrder
from tefoundations.inputs import numbers
from tefoundations.words import MISSING, shown

SIDES = {"buy": "bids", "sell": "asks"}


def order_numbers(values, column, *, table=None, positive=False):
    """A column as finite floats; text that reads as a number is one.

    Parameters
    ----------
    values : sequence of numbers
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
        The first value that is not a finite number, or not positive where that is asked; a column that is there twice.

    Examples
    --------
    >>> order_numbers([12, "cheap"], "price")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: row 1: price 'cheap' must be a number
    """

    def at(message, row, value):
        return InvalidOrder(message, table=table, row=row, column=column, value=value)

    return numbers(values, column, above=0 if positive else None, at=at, error=InvalidOrder) + 0.0  # no -0


def order_names(values, column, *, table=None, first=0):
    """A column of names or numbers that tell agents, buses or moments apart; none is missing.

    Parameters
    ----------
    values : (n,) array
    column : str
        Name used in the error.
    table : str or None
        "bids" or "asks", used in the error.
    first : int
        Row of the first value, used in the error.

    Returns
    -------
    (n,) array
        The one given.

    Raises
    ------
    InvalidOrder
        The first value that is missing, or that cannot tell one from another.

    Examples
    --------
    >>> order_names(np.array(["bakery", None]), "agent", table="asks")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: asks, row 1: agent is missing
    """
    if values.dtype.kind in "fmM":
        for row in np.flatnonzero(values != values)[:1]:
            raise InvalidOrder(MISSING, table=table, row=first + int(row), column=column)
    for row, value in enumerate(values if values.dtype == object else (), first):
        try:
            hash(value)
        except TypeError:
            raise InvalidOrder("must be a name or a number", table=table, row=row, column=column, value=value) from None
        alike = value == value
        if value is None or not (isinstance(alike, (bool, np.bool_)) and alike):  # pandas' NA is neither like nor unlike
            raise InvalidOrder(MISSING, table=table, row=row, column=column)
    return values


def columns_of_frame(frame):
    """Sides and columns of a table of orders.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `OrderBook.from_frame` takes it.

    Returns
    -------
    side : (n,) object array
    columns : list of (n,) arrays, None where a column is missing
        Price, quantity, agent, bus, time.

    Raises
    ------
    InvalidOrder
        No table, a column that is missing or there twice, a value without meaning; names row and column.

    Examples
    --------
    >>> columns_of_frame([(12, 1)])
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: frame must be a pandas.DataFrame, not a list; OrderBook.of reads rows
    """
    if not hasattr(frame, "columns"):
        raise InvalidOrder(f"frame must be a pandas.DataFrame, not a {type(frame).__name__}; OrderBook.of reads rows")
    for name in ("side", "price", "quantity", "agent", "bus", "time"):
        there = list(frame.columns).count(name)
        if there > 1 or (not there and name in ("side", "price", "quantity")):
            fault = "there twice" if there else f"missing; found {list(frame.columns)}"
            raise InvalidOrder(f"column {name!r} is {fault}", column=name)
    there = [name for name in ("side", "agent", "bus", "time") if name in frame.columns]
    for name in there:
        for row in np.flatnonzero(frame[name].isna().to_numpy())[:1]:
            raise InvalidOrder(MISSING, row=int(row), column=name)
    side = frame["side"].to_numpy(dtype=object)
    for row, value in enumerate(side):
        if not (isinstance(value, str) and value in SIDES):
            raise InvalidOrder("must be 'buy' or 'sell'", row=row, column="side", value=value)
    others = {name: order_names(frame[name].to_numpy(), name) for name in there[1:]}
    price = order_numbers(frame["price"], "price")
    quantity = order_numbers(frame["quantity"], "quantity", positive=True)
    if "time" in others:  # time stamps stay time stamps, in UTC; everything else must be a number
        stamps = frame["time"].dtype.kind == "M"
        others["time"] = frame["time"].to_numpy("datetime64[ns]") if stamps else order_numbers(others["time"], "time")
    return side, [price, quantity, *(others.get(name) for name in ("agent", "bus", "time"))]


def columns_of_rows(given, table):
    """Split rows of (price, quantity) or (agent, price, quantity) into columns.

    Parameters
    ----------
    given : sequence of tuples, or (n, 2) float array
        The orders of one side; all rows of one length.
    table : str
        "bids" or "asks", used in the error.

    Returns
    -------
    agents : (n,) object array or None
    price, quantity : sequences, not yet checked

    Raises
    ------
    InvalidOrder
        Not a sequence of rows, a row of another length than its neighbours, or without its agent; names the row.

    Examples
    --------
    >>> columns_of_rows([("bakery", 12, 2)], "bids")
    (array(['bakery'], dtype=object), [12], [2])
    """
    if isinstance(given, np.ndarray) and given.ndim == 2 and given.shape[1] == 2:
        return None, given[:, 0], given[:, 1]
    if isinstance(given, (str, dict)) or hasattr(given, "columns") or not np.iterable(given):
        kind = type(given).__name__
        raise InvalidOrder(f"{table} must be a sequence of rows, not {kind}; OrderBook.from_frame reads tables")
    given = list(given)
    width = len(given[0]) if given and hasattr(given[0], "__len__") else 2
    for row, order in enumerate(given):
        if isinstance(order, str) or not hasattr(order, "__len__") or len(order) != width or width not in (2, 3):
            words = "must be (price, quantity) or (agent, price, quantity), as all rows of its side"
            raise InvalidOrder(f"{shown(order)} {words}", table=table, row=row)
    columns = [list(column) for column in zip(*given)] or [[], []]
    agents = columns[0] if width == 3 and given else None
    if agents is not None:  # a name may be a tuple: numpy alone would make rows of its parts
        agents = order_names(np.fromiter(agents, dtype=object, count=len(agents)), "agent", table=table)
    return agents, columns[-2], columns[-1]
