"""Fees and preferences: a number for each pair of buyer and seller."""

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import as_array, number, numbers


def pair_table(given, book, name, infinite=False):
    """A number for each pair of bid and ask, of one for all or of a table.

    Parameters
    ----------
    given : float, (bids, asks) array or pandas.DataFrame, or None
        None: 0 for all. Where rows or columns of a table bear names of agents, they must stand as in the book.
    book : OrderBook
    name : str
        Used in errors.
    infinite : bool
        Whether a pair may have +inf.

    Returns
    -------
    (bids, asks) float array

    Raises
    ------
    InvalidInput

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> pair_table(2, OrderBook.of([(12, 1)], [(7, 1), (5, 1)]), "fee")
    array([[2., 2.]])
    >>> pair_table([[2, float("nan")]], OrderBook.of([(12, 1)], [(7, 1), (5, 1)]), "fee")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: pair (0, 1): fee nan must be a finite number
    """
    shape = len(book.bids), len(book.asks)
    if hasattr(given, "columns"):
        _check_order(given.index.tolist(), book.bids.agent.tolist(), f"{name}: row")
        _check_order(given.columns.tolist(), book.asks.agent.tolist(), f"{name}: column")
    given = None if given is None else as_array(given)
    if given is None or given.ndim == 0:
        table = np.full(shape, 0.0 if given is None else number(given.item(), name, infinite=infinite))
    elif 0 in shape and given.size == 0:
        table = np.zeros(shape)
    else:
        table = numbers(given, name, infinite=infinite, ndim=2, place="pair")
    if table.shape != shape:
        raise InvalidInput(
            f"{name} must be one number, or one for each of {shape[0]} bids and {shape[1]} asks, not of shape {table.shape}"
        )
    for pair in np.argwhere(np.isneginf(table))[:1]:
        raise InvalidInput(f"pair {tuple(pair.tolist())}: {name} -inf must not be minus infinity")
    return table


def _check_order(labels, agents, place):
    """Refuse a table by names that stand otherwise than in the book; what only counts or names none of them is let be."""
    if labels == list(range(len(labels))) or not set(labels) & set(agents):
        return
    for at, (label, agent) in enumerate(zip(labels, agents)):
        if label != agent:
            raise InvalidInput(f"{place} {at} is {label!r}, and in the book stands {agent!r} there")
