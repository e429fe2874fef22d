"""What figures are given: numbers by name, ends of axes, and the results of other rooms."""

from collections.abc import Mapping

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance, numbers


def numbers_by_name(values, name, count=None, missing=True):
    """Arrays of floats by name, each of `count` entries if given; where they may be `missing`, nan leaves a gap.

    Parameters
    ----------
    values : dict of str to (count,) array, or a DataFrame of such columns
    name : str
        Of the argument.
    count : int, optional
    missing : bool

    Returns
    -------
    dict of str to (count,) float array

    Examples
    --------
    >>> numbers_by_name({"Gain": [0, "x"]}, "ys")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: point 1: Gain 'x' must be a number
    """
    given = values if hasattr(values, "columns") else instance(values, Mapping, name, advice="name -> numbers")
    return {
        str(key): numbers(one, str(key), missing=missing, infinite=missing, count=count, place="point")
        for key, one in given.items()
    }


def ends(value, name):
    """The two ends of an axis as a list, None if they are not given.

    Parameters
    ----------
    value : (low, high) or None
    name : str
        Of the argument.

    Returns
    -------
    list of float or None

    Examples
    --------
    >>> ends((0, 10), "y_range"), ends(None, "y_range")
    ([0.0, 10.0], None)
    """
    return None if value is None else numbers(value, name, count=2, place="end").tolist()


def read_book(book):
    """An order book, and nothing else.

    Parameters
    ----------
    book : OrderBook

    Returns
    -------
    OrderBook
    """
    from tefoundations.market import OrderBook

    return instance(book, OrderBook, "book", advice="OrderBook.of or OrderBook.from_frame makes one")


def read_clearing(clearing, book=None):
    """A clearing, if a book is given one of as many orders.

    Parameters
    ----------
    clearing : Clearing
    book : OrderBook, optional

    Returns
    -------
    Clearing

    Examples
    --------
    >>> read_clearing(3)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: clearing must be a Clearing, not an int: a mechanism makes one of a book
    """
    from tefoundations.market import Clearing

    instance(clearing, Clearing, "clearing", advice="a mechanism makes one of a book")
    for side in ("bids", "asks") if book is not None else ():
        has, wanted = len(getattr(clearing.book, side)), len(getattr(book, side))
        if has != wanted:
            raise InvalidInput(f"clearing must be one of this book, and it has {has} {side}, the book {wanted}")
    return clearing
