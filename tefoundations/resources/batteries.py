"""A battery: how much it holds, how fast it fills, what is lost on the way, and what using it costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidBattery
from tefoundations.inputs import not_negative, number
from tefoundations.programmes import NEAR, is_zero
from tefoundations.resources.devices import Device

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from tefoundations.resources.device_plans import BidCurve, DevicePlan

HOURS_OF_A_DAY = 24.0


@dataclass(frozen=True)
class Battery:
    """A store of energy that is charged and discharged through one terminal, where its power and its trades are measured.

    Of a kWh charged, `charge_efficiency` arrives in the store. To deliver a kWh, `1 / discharge_efficiency` leaves it.

    Parameters
    ----------
    energy : float
        Energy it can hold (kWh), above 0.
    power : float
        Highest power while charging (kW at the terminal), above 0.
    power_out : float or None
        Highest power while discharging (kW at the terminal); None: the same as `power`.
    charge_efficiency, discharge_efficiency : float
        kWh stored for each kWh charged, and kWh delivered for each kWh that leaves the store; above 0 and at most 1.
    initial_energy : float
        Stored energy when the first step begins (kWh).
    final_energy : float
        Stored energy that must at least be left when the last step ends (kWh).
    self_discharge : float
        Share of each stored kWh that is lost in an hour, at least 0 and below 1.
    cycle_cost : float
        Wear of the battery: cost of each kWh discharged at the terminal (ct/kWh), at least 0.
    cycles_per_day : float
        Most energy that may leave the store in each day, in units of `energy`. A day is one of the calendar where prices
        have an index of times, also one of 23 or 25 hours, or one of which the prices hold a part; else 24 hours, the first
        from the first step on. Of a step that lies in two days each gets its share.

    Raises
    ------
    InvalidBattery
        Names the parameter and its value.

    Examples
    --------
    >>> battery = Battery(energy=10, power=2.5, charge_efficiency=0.95, discharge_efficiency=0.95)
    >>> round(battery.breakeven_ratio, 5), battery.duration
    (1.10803, 4.0)
    >>> Battery(energy=10, power=2.5, charge_efficiency=95)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidBattery: charge_efficiency 95 must be above 0 and at most 1
    """

    energy: float
    power: float
    power_out: float | None = None
    charge_efficiency: float = 1.0
    discharge_efficiency: float = 1.0
    initial_energy: float = 0.0
    final_energy: float = 0.0
    self_discharge: float = 0.0
    cycle_cost: float = 0.0
    cycles_per_day: float = math.inf

    def __post_init__(self):
        for field in ("energy", "power", "power_out"):
            if field != "power_out" or self.power_out is not None:
                self._refuse(field, lambda value: 0 < value < math.inf, "must be a positive number")
        for field in ("charge_efficiency", "discharge_efficiency"):
            self._refuse(field, lambda value: 0 < value <= 1, "must be above 0 and at most 1")
        for field in ("initial_energy", "final_energy"):
            words = f"must be from 0 to the {self.energy:g} kWh it can hold"
            self._refuse(field, lambda value: 0 <= value <= self.energy, words)
        self._refuse("self_discharge", lambda value: 0 <= value < 1, "must be at least 0 and below 1")
        self._refuse("cycle_cost", lambda value: 0 <= value < math.inf, "must be a number, not negative")
        self._refuse("cycles_per_day", lambda value: value > 0, "must be positive")

    def _refuse(self, field, holds, words):
        value = getattr(self, field)

        def refused(_):
            return InvalidBattery(words, field=field, value=value)

        read = number(value, field, infinite=True, error=refused)
        if not holds(read):
            raise refused(read)
        if not (isinstance(value, int) and math.isfinite(read)):
            object.__setattr__(self, field, read)

    @property
    def discharge_power(self) -> float:
        """Highest power while discharging (kW)."""
        return self.power if self.power_out is None else self.power_out

    @property
    def round_trip_efficiency(self) -> float:
        """Share of a charged kWh that comes out again, without self-discharge."""
        return self.charge_efficiency * self.discharge_efficiency

    @property
    def duration(self) -> float:
        """Hours for which a full battery could discharge at full power from its store, losses apart: energy / power out."""
        return self.energy / self.discharge_power

    @property
    def breakeven_ratio(self) -> float:
        """Selling price over buying price at which a trade brings nothing, for a positive buying price and no wear."""
        return 1 / self.round_trip_efficiency

    def kept(self, hours: float) -> float:
        """Share of the stored energy that is still there so many hours later.

        Parameters
        ----------
        hours : float
            At least 0.

        Returns
        -------
        float

        Raises
        ------
        InvalidInput
            Hours that are not a finite number, or are below 0.
        """
        return (1.0 - self.self_discharge) ** not_negative(hours, "hours")

    def as_device(self, name: str = "battery", owner: str = "battery") -> Device:
        """The battery as a `Device`: one that can stand in a lane, answers prices and writes bids.

        Parameters
        ----------
        name, owner : str
            Told in messages and tables.

        Returns
        -------
        Device

        Raises
        ------
        InvalidBattery
            It has a limit on cycles per day, which a device does not know.
        """
        if math.isfinite(self.cycles_per_day):
            raise InvalidBattery("must be inf: a device knows no limit", field="cycles_per_day", value=self.cycles_per_day)
        return Device(
            name, owner, self.energy, self.power, self.discharge_power, initial_energy=self.initial_energy,
            final_energy=self.final_energy, charge_efficiency=self.charge_efficiency,
            discharge_efficiency=self.discharge_efficiency, wear=self.cycle_cost, standing_loss=self.self_discharge,
        )  # fmt: skip

    def limits(self, hours: float, stored: float | None = None) -> tuple[float, float]:
        """The most it can take, and give, in a time that begins now: `Device.limits`.

        Parameters
        ----------
        hours : float
            Length of that time.
        stored : float, optional
            Energy in store now (kWh); default: the initial energy.

        Returns
        -------
        take, give : float
            kWh at the terminal.

        Examples
        --------
        >>> Battery(energy=10, power=5, initial_energy=2, discharge_efficiency=0.9).limits(2)
        (8.0, 1.8)
        """
        return self.as_device().limits(hours, stored)

    def answer(self, prices: ArrayLike, hours: float = 1.0) -> DevicePlan:
        """The plan that costs least at given prices: `Device.answer`. For prices that pay for losing energy see `arbitrage`.

        Parameters
        ----------
        prices : (T,) array
            Price of each step (ct/kWh).
        hours : float
            Length of a step.

        Returns
        -------
        DevicePlan
        """
        return self.as_device().answer(prices, hours)

    def bid_curve(self, prices: ArrayLike, step: int, hours: float = 1.0, stored: float | None = None) -> BidCurve:
        """What it would take or give in one step at every price of that step: `Device.bid_curve`.

        Parameters
        ----------
        prices : (T,) array
            Price of each step (ct/kWh); that of `step` plays no part.
        step : int
            Position of the step, from 0.
        hours : float
            Length of a step.
        stored : float, optional
            Energy in store when the step begins (kWh); default: what the steps before make of it.

        Returns
        -------
        BidCurve
        """
        return self.as_device().bid_curve(prices, step, hours, stored)

    def breakeven_price(self, bought_at: float) -> float:
        """The lowest price at which selling pays for buying, wear included.

        Parameters
        ----------
        bought_at : float
            Price paid for each kWh charged (ct/kWh).

        Returns
        -------
        float, ct/kWh

        Raises
        ------
        InvalidInput
            A price that is not a finite number.

        Examples
        --------
        >>> round(Battery(10, 5, charge_efficiency=0.9, discharge_efficiency=0.9, cycle_cost=4).breakeven_price(40), 2)
        53.38
        """
        return number(bought_at, "bought_at", unit="(ct/kWh)") / self.round_trip_efficiency + self.cycle_cost


def step_limits(battery, step):
    """Most that can be charged, and discharged, in a step of so many hours (kWh at the terminal)."""
    return battery.power * step, battery.discharge_power * step


def needed_energy(battery, count, step):
    """(count + 1,) float array: least stored energy (kWh) at the beginning of each step, and at the end, from which the
    final energy can still be reached.

    Raises
    ------
    InvalidBattery
        From the initial energy it cannot.
    """
    needed = np.zeros(count + 1)
    needed[-1] = battery.final_energy
    most, kept = battery.power * step * battery.charge_efficiency, battery.kept(step)
    for t in range(count, 0, -1):
        if needed[t] <= 0:
            break
        needed[t - 1] = max(needed[t] - most, 0.0) / kept
    most = needed.max()
    if most > battery.energy * (1 + NEAR) or needed[0] > battery.initial_energy + NEAR * most:
        words = f"kWh cannot be reached in {count} steps from {battery.initial_energy:g} kWh at {battery.power:g} kW"
        raise InvalidBattery(words, field="final_energy", value=battery.final_energy)
    return needed


def trades_of(energy, battery, step):
    """Charge and discharge at the terminal (kWh a step) along a path of stored energy, never both in one step.

    Parameters
    ----------
    energy : (T + 1,) float array
        Stored energy at the beginning of each step and at the end (kWh).
    battery : Battery
    step : float
        Hours.

    Returns
    -------
    charge, discharge : (T,) float arrays, kWh
    """
    change = energy[1:] - battery.kept(step) * energy[:-1]
    change[is_zero(change, of=np.maximum(energy[1:], energy[:-1]))] = 0.0  # a difference is known to what it is one of
    return np.maximum(change, 0.0) / battery.charge_efficiency, np.maximum(-change, 0.0) * battery.discharge_efficiency
