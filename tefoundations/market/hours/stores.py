"""A battery's order: it sells what it bought, or had, and trades in whichever hours the prices make that worth while."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from tefoundations.errors import InvalidOrder
from tefoundations.inputs import number
from tefoundations.words import shown


class Storage(Protocol):
    """What a battery must tell; `tefoundations.resources.Battery` does. (Rooms of one floor do not import each other.)"""

    energy: float
    power: float
    power_out: float | None
    charge_efficiency: float
    discharge_efficiency: float
    initial_energy: float
    final_energy: float
    self_discharge: float
    cycle_cost: float
    cycles_per_day: float


BOUNDS: dict[str, dict[str, Any]] = {
    "energy": {"above": 0}, "power": {"above": 0}, "power_out": {"above": 0},
    "charge_efficiency": {"above": 0, "most": 1}, "discharge_efficiency": {"above": 0, "most": 1},
    "initial_energy": {"least": 0}, "final_energy": {"least": 0}, "self_discharge": {"least": 0, "below": 1},
    "cycle_cost": {"least": 0},
}  # fmt: skip


@dataclass(frozen=True)
class BatteryOrder:
    """A battery that trades in every hour of an auction, within what it can hold, and asks for no more than its wear.

    It sells only what it has bought, or held at the beginning. It never buys and sells in one hour. The prices support its
    plan: at them no other would earn more. Only where the best trades would have it buy and sell at once, to be paid for
    what that loses, is it held to one direction in each hour; another plan may then earn more (`DayAhead.battery_lost`).

    Parameters
    ----------
    name : str
        Unique among the orders of one auction.
    battery : Storage
        A battery as `tefoundations.resources.Battery` describes it: kWh, kW, efficiencies, and ct/kWh of wear. Its final
        energy must be there when the last hour ends. It may have no limit on cycles per day.
    hours : float
        Length of each step of the auction (h), above 0: what its power comes to in kWh.
    agent : str or None
        Who gave it, for `DayAhead.statement`; None: its name.

    Raises
    ------
    InvalidOrder
        Names the battery, the column and the value.

    Examples
    --------
    >>> from tefoundations.resources import Battery
    >>> order = BatteryOrder("cellar", Battery(energy=10, power=2.5), hours=0.5)
    >>> order.most_in, order.most_out
    (1.25, 1.25)
    >>> BatteryOrder("cellar", 10)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidOrder: battery 'cellar': 10 tells no energy, as tefoundations.resources.Battery does
    """

    name: str
    battery: Storage
    hours: float = 1.0
    agent: str | None = None

    def __post_init__(self):
        who = f"battery {shown(self.name)}"
        for column in ("name", "agent"):
            if getattr(getattr(self, column), "__hash__", None) is None:
                raise InvalidOrder(f"{who}: {column} {shown(getattr(self, column))} must be a name", column=column)
        number(self.hours, f"{who}: hours", above=0, error=partial(InvalidOrder, column="hours", value=self.hours))
        for column, bounds in (BOUNDS | {"cycles_per_day": {}}).items():
            if not hasattr(self.battery, column):
                words = f"{shown(self.battery)} tells no {column}, as tefoundations.resources.Battery does"
                raise InvalidOrder(f"{who}: {words}", column=column)
            value = getattr(self.battery, column)
            fault = partial(InvalidOrder, column=column, value=value)
            if column == "cycles_per_day":
                if value != math.inf:
                    words = "must be inf: an auction knows no limit; give the battery a cycle_cost instead"
                    raise fault(f"{who}: cycles_per_day {shown(value)} {words}")
            elif column != "power_out" or value is not None:
                number(value, f"{who}: {column}", error=fault, **bounds)
        for column in ("initial_energy", "final_energy"):
            value = getattr(self.battery, column)
            number(value, f"{who}: {column}", most=self.battery.energy, least=0,
                   error=partial(InvalidOrder, column=column, value=value))  # fmt: skip

    @property
    def most_in(self) -> float:
        """Most it can buy in a step (kWh)."""
        return self.battery.power * self.hours

    @property
    def most_out(self) -> float:
        """Most it can sell in a step (kWh)."""
        return (self.battery.power if self.battery.power_out is None else self.battery.power_out) * self.hours

    @property
    def kept(self) -> float:
        """Share of the stored energy that is still there a step later."""
        return (1.0 - self.battery.self_discharge) ** self.hours

    @property
    def lossy(self) -> bool:
        """Whether buying and selling in one step would lose energy, which a price below zero pays for."""
        return self.battery.charge_efficiency * self.battery.discharge_efficiency < 1
