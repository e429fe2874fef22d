"""Whose orders are whose: what the mechanisms ask of a book and of the agents in it."""

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance
from tefoundations.market.orders import OrderBook
from tefoundations.words import shown


def check_book(book):
    """Refuse what is no order book, with a word on how to make one.

    Parameters
    ----------
    book : OrderBook

    Raises
    ------
    InvalidInput

    Examples
    --------
    >>> check_book([(12, 1)])
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: book must be an OrderBook, not a list: OrderBook.of or OrderBook.from_frame makes one
    """
    instance(book, OrderBook, "book", advice="OrderBook.of or OrderBook.from_frame makes one")


def owned(orders):
    """Which orders of one side belong to whom.

    Parameters
    ----------
    orders : Orders

    Returns
    -------
    dict
        Agent -> int array of the positions of its orders, agents in the order of their first.

    Examples
    --------
    >>> owned(OrderBook.of(bids=[("bakery", 12, 1), ("home1", 10, 1), ("bakery", 8, 1)]).bids)
    {'bakery': array([0, 2]), 'home1': array([1])}
    """
    positions = {}
    for position, agent in enumerate(orders.agent.tolist()):
        positions.setdefault(agent, []).append(position)
    return {agent: np.array(mine) for agent, mine in positions.items()}


def refuse_both_sides(book, mechanism):
    """Refuse a book in which somebody buys and sells, for a mechanism that is not defined for it.

    Parameters
    ----------
    book : OrderBook
        Orders without an agent are their own agents and never meet.
    mechanism : str
        Name used in the error.

    Raises
    ------
    InvalidInput
        Names the agent.

    Examples
    --------
    >>> refuse_both_sides(OrderBook.of([("home1", 9, 1)], [("home1", 5, 1)]), "vcg")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: vcg is not defined for agents on both sides: 'home1' has bids and asks
    """
    check_book(book)
    if book.bids.agents is None or book.asks.agents is None:
        return
    both = set(book.bids.agents.tolist()) & set(book.asks.agents.tolist())
    if both:
        agent = min(both, key=str)
        raise InvalidInput(f"{mechanism} is not defined for agents on both sides: {shown(agent)} has bids and asks")


def refuse_curves(book, mechanism):
    """Refuse a book in which an agent has several orders on one side, for a mechanism that takes one.

    Parameters
    ----------
    book : OrderBook
    mechanism : str
        Name used in the error.

    Raises
    ------
    InvalidInput
        Names the agent.

    Examples
    --------
    >>> refuse_curves(OrderBook.of([("home1", 9, 1), ("home1", 8, 1)]), "mcafee")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: mcafee needs one order an agent, and 'home1' has 2 bids
    """
    for name, orders in (("bids", book.bids), ("asks", book.asks)):
        for agent, mine in owned(orders).items():
            if len(mine) > 1:
                raise InvalidInput(f"{mechanism} needs one order an agent, and {shown(agent)} has {len(mine)} {name}")
