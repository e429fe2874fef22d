"""Orders and the order book: what buyers and sellers tell the market.

Both sides carry positive quantities; the side alone says who buys and who sells. Prices may be negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from tefoundations.errors import InvalidOrder
from tefoundations.inputs import instance, one_of
from tefoundations.market.columns import SIDES, columns_of_frame, columns_of_rows, order_names, order_numbers
from tefoundations.words import columns_table, columns_text, count

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("price", "quantity", "agents", "bus", "time")


@dataclass(frozen=True, eq=False)
class Orders:
    """The orders of one side, in the order given.

    Parameters
    ----------
    side : {"buy", "sell"}
        Which side these orders stand on.
    price : (n,) float array
        Highest price a buyer pays, lowest price a seller takes, money per unit of energy (ct/kWh); may be negative.
    quantity : (n,) float array
        Energy wanted or offered (kWh), positive.
    agents : (n,) array or None
        Who gave each order; None means that each order is its own agent.
    bus : (n,) array or None
        Where each order is connected.
    time : (n,) array or None
        When each order arrived; earlier wins a tie. None means in the order given.

    Raises
    ------
    InvalidOrder
        Another side, a column that is no array or of another length, a price that is not finite, a quantity that is not
        positive, a name that is missing.

    Examples
    --------
    >>> bids = Orders("buy", np.array([12.0, 10.0]), np.array([1.0, 2.5]))
    >>> OrderBook(bids, Orders("sell", np.array([5.0]), np.array([3.0])))
    OrderBook(2 bids, 1 asks)
    """

    side: str
    price: np.ndarray
    quantity: np.ndarray
    agents: np.ndarray | None = None
    bus: np.ndarray | None = None
    time: np.ndarray | None = None

    def __post_init__(self):
        table = SIDES[one_of(self.side, tuple(SIDES), "side", error=InvalidOrder)]
        for name in COLUMNS:
            array = getattr(self, name)
            if array is not None or name in ("price", "quantity"):
                object.__setattr__(self, name, _frozen(_column(array, name, table, self.price)))

    def __len__(self):
        return len(self.price)

    @cached_property
    def agent(self) -> np.ndarray:
        """(n,) array: the agent of each order; a made-up name ("buyer 1", ...) where none was given."""
        if self.agents is not None:
            return self.agents
        who = "buyer" if self.side == "buy" else "seller"
        return np.array([f"{who} {i + 1}" for i in range(len(self))], dtype=object)

    @cached_property
    def priority(self) -> np.ndarray:
        """(n,) int array: positions of the orders, best price first; ties by time, then by position."""
        key = -self.price if self.side == "buy" else self.price
        if self.time is None:
            return np.argsort(key, kind="stable")
        return np.lexsort((self.time, key))

    @cached_property
    def owner(self) -> np.ndarray:
        """(n,) int array: which agent gave each order, agents numbered in the order of their first."""
        if self.agents is None:
            return np.arange(len(self))
        number = {}
        return np.array([number.setdefault(agent, len(number)) for agent in self.agents.tolist()], dtype=int)

    def _columns(self):
        names = ("agent", "price", "quantity", "bus", "time")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def __repr__(self):
        head = f"Orders({self.side}, {len(self)} orders, {self.quantity.sum():g} in all)"
        return f"{head}\n{columns_text(self._columns())}" if len(self) else head

    def _repr_html_(self):
        return columns_table(self._columns(), "te-orders")


@dataclass(frozen=True, eq=False)
class OrderBook:
    """All bids and asks of one market interval.

    Make one with `OrderBook.of` (from tuples or arrays) or `OrderBook.from_frame` (from a table).

    Parameters
    ----------
    bids, asks : Orders
        What buyers want and what sellers offer.

    Raises
    ------
    InvalidOrder
        What is no `Orders`, or orders of the other side.

    Examples
    --------
    A book without a single order is a book, not an error:

    >>> OrderBook.of(bids=[], asks=[])
    OrderBook(0 bids, 0 asks)

    Three buyers and three sellers of one kWh each:

    >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
    >>> book.bids.price
    array([12., 10.,  8.])
    """

    bids: Orders
    asks: Orders

    def __post_init__(self):
        for side, name in SIDES.items():
            orders = getattr(self, name)
            if isinstance(orders, Orders) and orders.side == side:
                continue
            instance(orders, Orders, name, advice="OrderBook.of reads rows", error=InvalidOrder)
            raise InvalidOrder(f"{name} must be orders to {side}, not to {orders.side}")

    @classmethod
    def of(cls, bids: Sequence | np.ndarray = (), asks: Sequence | np.ndarray = ()) -> Self:
        """A book from two lists of tuples or two arrays.

        Parameters
        ----------
        bids, asks : sequence of (price, quantity) or (agent, price, quantity), or (n, 2) float array
            Prices in ct/kWh, quantities in kWh. With an agent in the tuple, several orders of one agent on one
            side are read as that agent's curve; without, each order is its own agent.

        Raises
        ------
        InvalidOrder
            A row of another shape, a price that is not a finite number, a quantity that is not finite and positive;
            names side, row, column and value.

        Examples
        --------
        >>> OrderBook.of(bids=[("bakery", 12, 2.5), ("school", 10, 1)], asks=[("solar roof", 5, 3)])
        OrderBook(2 bids, 1 asks)
        >>> OrderBook.of(bids=[(12, 1), (10, -1)])
        Traceback (most recent call last):
            ...
        tefoundations.errors.InvalidOrder: bids, row 1: quantity -1.0 must be positive
        """
        sides = []
        for side, table, given in (("buy", "bids", bids), ("sell", "asks", asks)):
            agents, price, quantity = columns_of_rows(given, table)
            price = order_numbers(price, "price", table=table)
            quantity = order_numbers(quantity, "quantity", table=table, positive=True)
            sides.append(derived(side, price, quantity, agents))
        return cls(*sides)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Self:
        """A book from a table, one row per order.

        Parameters
        ----------
        frame : pandas.DataFrame
            Columns `side` ("buy" or "sell"), `price` (ct/kWh), `quantity` (kWh); optional `agent`, `bus` and
            `time` (numbers, or time stamps, which are kept in UTC; earlier wins a tie).

        Returns
        -------
        OrderBook
            Bids and asks each in the frame's order.

        Raises
        ------
        InvalidOrder
            A missing column, an unknown side, a missing or non-numeric value, a quantity that is not positive;
            names row (position in the frame), column and value.

        Examples
        --------
        >>> import pandas as pd
        >>> OrderBook.from_frame(pd.DataFrame({"side": ["buy", "sell"], "price": [12, 5], "quantity": [1, 1]}))
        OrderBook(1 bids, 1 asks)
        """
        side, columns = columns_of_frame(frame)
        sides = []
        for name in SIDES:
            own = side == name
            price, quantity, *others = columns
            kept = (None if column is None else column[own] for column in others)
            sides.append(derived(name, price[own], quantity[own], *kept))
        return cls(*sides)

    def to_frame(self) -> pd.DataFrame:
        """The book as a table: bids first, then asks, each in the order given.

        Returns
        -------
        pandas.DataFrame
            Columns side, agent, price, quantity, and bus and time where any order has them;
            `OrderBook.from_frame` reads it back.

        Examples
        --------
        >>> OrderBook.of(bids=[("bakery", 12, 2.5)], asks=[("roof", 5, 3)]).to_frame()
           side   agent  price  quantity
        0   buy  bakery   12.0       2.5
        1  sell    roof    5.0       3.0
        """
        import pandas as pd

        parts = []
        for orders in (self.bids, self.asks):
            columns = {"side": orders.side, "agent": orders.agent, "price": orders.price, "quantity": orders.quantity}
            for name in ("bus", "time"):
                if getattr(orders, name) is not None:
                    columns[name] = getattr(orders, name)
            parts.append(pd.DataFrame(columns, index=range(len(orders))))
        full = [part for part in parts if len(part)] or parts[:1]
        return pd.concat(full, ignore_index=True)

    def explain(self) -> str:
        """How much is wanted and offered, at which prices, and whether anybody can trade.

        Returns
        -------
        str

        Examples
        --------
        >>> print(OrderBook.of(bids=[(12, 2.5), (10, 1)], asks=[(5, 3)]).explain())
        2 bids of 3.5 in all, the best at 12, the worst at 10.
        1 ask of 3 in all, at 5.
        The best bid is not below the best ask: they can trade.
        """
        from tefoundations.market.ladders import book_words

        return book_words(self)

    def __repr__(self):
        return f"OrderBook({len(self.bids)} bids, {len(self.asks)} asks)"

    def _repr_html_(self):
        from tefoundations.market.ladders import book_table

        return book_table(self)


def derived(
    side: str, price: np.ndarray, quantity: np.ndarray, agents: np.ndarray | None = None, bus: np.ndarray | None = None,
    time: np.ndarray | None = None,
) -> Orders:  # fmt: skip
    """Orders of columns that are sound and nobody else's, as those computed from checked orders are.

    An audit makes tens of thousands of them: nothing is looked at once more, and nothing is copied.
    """
    orders = object.__new__(Orders)
    vars(orders).update(side=side, price=_frozen(price), quantity=_frozen(quantity), agents=agents, bus=bus, time=time)
    for array in (agents, bus, time):
        if array is not None:
            _frozen(array)
    return orders


def _frozen(array):
    array.flags.writeable = False
    return array


def _column(array, name, table, price):
    """A checked copy of a column with one value for each price."""
    instance(array, np.ndarray, f"{table}: {name}", advice="OrderBook.of reads rows", error=InvalidOrder)
    if array.shape != (price.size,):
        told = f"must be one for each of {count(price.size, 'order')}, not of shape {array.shape}"
        raise InvalidOrder(f"{table}: {name} {told}")
    if name in ("price", "quantity"):
        return order_numbers(array, name, table=table, positive=name == "quantity")
    order_names(array, "agent" if name == "agents" else name, table=table)
    return order_numbers(array, name, table=table) if name == "time" and array.dtype.kind != "M" else array.copy()
