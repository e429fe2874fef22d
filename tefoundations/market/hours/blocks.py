"""Orders over several hours: blocks that trade whole or not at all, and energy that may come in any of some hours."""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from tefoundations.errors import InvalidOrder
from tefoundations.inputs import number, one_of, whole
from tefoundations.words import shown

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
    with_ : str or None
        Name of a block of the same auction without which it is not accepted: its accepted share is at most that of the
        other one. None: it stands alone.
    agent : str or None
        Who gave it, for `DayAhead.statement`; None: its name.

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
    with_: str | None = None
    agent: str | None = None

    def __post_init__(self):
        who = f"block {shown(self.name)}"
        quantity = tuple(self.quantity) if np.iterable(self.quantity) else (self.quantity,)
        _common(self, who)
        if getattr(self.with_, "__hash__", None) is None:
            raise InvalidOrder(f"{who}: with_ {shown(self.with_)} must be the name of a block", column="with_")
        if not quantity:
            raise InvalidOrder(f"{who}: quantity () must be a positive number for each hour", column="quantity")
        quantity = tuple(number(q, f"{who}: quantity", above=0, error=_fault(self, "quantity")) for q in quantity)
        number(self.minimum, f"{who}: minimum", above=0, most=1, error=_fault(self, "minimum"))
        object.__setattr__(self, "quantity", quantity)

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
    agent : str or None
        Who gave it, for `DayAhead.statement`; None: its name.

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
    agent: str | None = None

    def __post_init__(self):
        who = f"window {shown(self.name)}"
        _common(self, who)
        object.__setattr__(self, "last", whole(self.last, f"{who}: last hour", error=_fault(self, "last")))
        if self.last < self.first:
            raise InvalidOrder(
                f"{who}: last hour {self.last} is before first hour {self.first}", column="last", value=self.last
            )
        number(self.energy, f"{who}: energy", above=0, error=_fault(self, "energy"))
        number(self.power, f"{who}: power", above=0, infinite=True, error=_fault(self, "power"))


def _common(order, who):
    for column in ("name", "agent"):
        if getattr(getattr(order, column), "__hash__", None) is None:
            raise InvalidOrder(f"{who}: {column} {shown(getattr(order, column))} must be a name", column=column)
    one_of(order.side, tuple(SIDES), f"{who}: side", error=_fault(order, "side"))
    number(order.price, f"{who}: price", error=_fault(order, "price"))
    object.__setattr__(order, "first", whole(order.first, f"{who}: first hour", least=0, error=_fault(order, "first")))


def _fault(order, column):
    """The error of one field of an order."""
    return partial(InvalidOrder, column=column, value=getattr(order, column))
