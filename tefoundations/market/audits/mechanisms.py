"""A mechanism as an audit asks it: a function somebody else may have written, whose answer is looked at each time."""

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance
from tefoundations.market.clearing import Clearing


class NoClearing(InvalidInput):
    """What a mechanism gives is no clearing of the book it was asked for; an audit takes no other refusal for this one."""


def cleared(mechanism, book):
    """What a mechanism makes of a book.

    Parameters
    ----------
    mechanism : callable
        Takes an OrderBook, returns a Clearing.
    book : OrderBook

    Returns
    -------
    Clearing

    Raises
    ------
    NoClearing
        It gives something else, or the clearing of another book.

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> cleared(lambda book: 5, OrderBook.of())
    Traceback (most recent call last):
        ...
    tefoundations.market.audits.mechanisms.NoClearing: what mechanism gives must be a Clearing, not an int
    """
    clearing = instance(mechanism(book), Clearing, "what mechanism gives", error=NoClearing)
    for side, orders in (("bid", book.bids), ("ask", book.asks)):
        for column in ("quantity", "price"):
            shape = getattr(clearing, f"{side}_{column}").shape
            if shape != orders.price.shape:
                told = f"one number for each of the book's {len(orders)} {side}s"
                raise NoClearing(f"what mechanism gives: {side}_{column} must be {told}, not of shape {shape}")
    return clearing
