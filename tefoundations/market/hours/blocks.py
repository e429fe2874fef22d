"""Orders over several hours: blocks that trade whole or not at all, and energy that may come in any of some hours."""

import math
from dataclasses import dataclass

import numpy as np

from tefoundations.errors import InvalidOrder

SIDES = ("buy", "sell")


@dataclass(frozen=True)
class BlockOrder:
    """An order for a fixed profile over consecutive hours, accepted as one: all of it, or at least a stated share.

    Parameters
    ----------
    name : str
        Unique among the orders of one auction.
    side : {"buy", "sell"}
    price : float
        Highest price paid, or lowest price taken, on average over its energy (ct/kWh).
    quantity : float or sequence of floats
        Energy in each hour of the block (kWh), positive; a single number is a block of one hour.
    first : int
        The hour in which it begins, counted from 0.
    minimum : float
        Smallest share that may be accepted, above 0 and up to 1; 1 is all or nothing.

    Raises
    ------
    InvalidOrder
        Names the block, the column and the value.

    Examples
    --------
    A combined heat and power unit that would run three hours or none:

    >>> BlockOrder("chp", "sell", 20, (2, 4, 2), first=6).energy
    8.0
    >>> BlockOrder("chp", "sell", 20, ())
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: block 'chp': quantity () must be a positive number for each hour
    """

    name: str
    side: str
    price: float
    quantity: tuple[float, ...]
    first: int = 0
    minimum: float = 1.0

    def __post_init__(self):
        who = f"block {self.name!r}"
        quantity = tuple(self.quantity) if np.iterable(self.quantity) else (self.quantity,)
        _common(self, who)
        if not quantity or not all(_number(q) and q > 0 for q in quantity):
            raise InvalidOrder(
                f"{who}: quantity {self.quantity!r} must be a positive number for each hour", column="quantity"
            )
        if not (_number(self.minimum) and 0 < self.minimum <= 1):
            raise InvalidOrder(f"{who}: minimum {self.minimum!r} must be above 0 and at most 1", column="minimum")
        object.__setattr__(self, "quantity", tuple(float(q) for q in quantity))

    @property
    def energy(self) -> float:
        """All its energy (kWh)."""
        return sum(self.quantity)

    @property
    def last(self) -> int:
        """The hour in which it ends."""
        return self.first + len(self.quantity) - 1


@dataclass(frozen=True)
class WindowOrder:
    """An order for energy that may be delivered in any of several hours, in any parts.

    Parameters
    ----------
    name : str
        Unique among the orders of one auction.
    side : {"buy", "sell"}
    price : float
        Highest price paid, or lowest price taken, in any hour (ct/kWh).
    energy : float
        Energy wanted or offered in all (kWh), positive; less is accepted.
    first, last : int
        First and last hour of the window, counted from 0, both included.
    power : float
        Most energy in any one hour (kWh), positive; infinite without a limit.

    Raises
    ------
    InvalidOrder
        Names the window, the column and the value.

    Examples
    --------
    A car that needs 11 kWh between hours 2 and 5, at most 7 kWh in each:

    >>> car = WindowOrder("car", "buy", 30, energy=11, first=2, last=5, power=7)
    >>> WindowOrder("car", "buy", 30, energy=11, first=5, last=2)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: window 'car': last hour 2 is before first hour 5
    """

    name: str
    side: str
    price: float
    energy: float
    first: int
    last: int
    power: float = math.inf

    def __post_init__(self):
        who = f"window {self.name!r}"
        _common(self, who)
        if not (isinstance(self.last, int) and not isinstance(self.last, bool)):
            raise InvalidOrder(f"{who}: last hour {self.last!r} must be a whole number", column="last", value=self.last)
        if self.last < self.first:
            raise InvalidOrder(
                f"{who}: last hour {self.last} is before first hour {self.first}", column="last", value=self.last
            )
        if not (_number(self.energy) and self.energy > 0):
            raise InvalidOrder(
                f"{who}: energy {self.energy!r} must be a positive number", column="energy", value=self.energy
            )
        if not (isinstance(self.power, (int, float)) and self.power > 0):
            raise InvalidOrder(f"{who}: power {self.power!r} must be positive", column="power", value=self.power)


def check_orders(orders, hours):
    """Refuse orders whose names clash or whose hours are not all in the auction.

    Parameters
    ----------
    orders : sequence of BlockOrder and WindowOrder
    hours : int
        Number of hours of the auction.

    Raises
    ------
    InvalidOrder
        Two orders of one name, an order of another kind, or an impossible window; names row and order.

    Examples
    --------
    >>> check_orders([BlockOrder("chp", "sell", 20, (2, 2), first=1)], hours=2)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: row 0: block 'chp' runs from hour 1 to hour 2, and the auction from 0 to 1
    """
    seen = {}
    for row, order in enumerate(orders):
        if not isinstance(order, (BlockOrder, WindowOrder)):
            raise InvalidOrder(f"{order!r} must be a BlockOrder or a WindowOrder", row=row)
        if order.name in seen:
            raise InvalidOrder(f"the name {order.name!r} is taken by row {seen[order.name]}", row=row)
        seen[order.name] = row
        if order.last >= hours:
            what = f"{'block' if isinstance(order, BlockOrder) else 'window'} {order.name!r}"
            raise InvalidOrder(
                f"{what} runs from hour {order.first} to hour {order.last}, and the auction from 0 to {hours - 1}", row=row
            )


def _common(order, who):
    if order.side not in SIDES:
        raise InvalidOrder(f"{who}: side {order.side!r} must be 'buy' or 'sell'", column="side", value=order.side)
    if not _number(order.price):
        raise InvalidOrder(f"{who}: price {order.price!r} must be a finite number", column="price", value=order.price)
    if not isinstance(order.first, int) or isinstance(order.first, bool) or order.first < 0:
        raise InvalidOrder(
            f"{who}: first hour {order.first!r} must be a whole number from 0", column="first", value=order.first
        )


def _number(value):
    try:
        return not isinstance(value, str) and math.isfinite(value)
    except TypeError:
        return False
