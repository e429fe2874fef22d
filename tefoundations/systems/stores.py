"""A device that can wait: a car that must be full by morning, a battery that may also give back."""

import math
from dataclasses import dataclass, fields

import numpy as np

from tefoundations.errors import InvalidInput

SHARE = "above 0 and at most 1"
WORDS = {"energy": "above 0", "charge": "above 0", "charge_efficiency": SHARE, "discharge_efficiency": SHARE}


@dataclass(frozen=True)
class Store:
    """A car or a battery on the lane. Energies are kWh; a car is a store that never gives back.

    Parameters
    ----------
    name : str
        Told in messages and tables.
    owner : str
        The member whose device it is.
    energy : float
        Energy it can hold (kWh), above 0.
    charge, discharge : float
        Most it takes, and most it gives, in one step at its plug (kWh); a car gives 0.
    start, end : int
        It is plugged in during the steps start, ..., end - 1.
    initial, final : float
        Stored energy (kWh) when it is plugged in, and the least that must be there when it leaves.
    charge_efficiency, discharge_efficiency : float
        kWh stored for each kWh taken, and kWh given for each kWh that leaves the store.
    wear : float
        Cost of each kWh given (ct/kWh).
    waiting : float
        Inconvenience of each kWh taken one step later (ct/kWh per step).

    Raises
    ------
    InvalidInput
        Names the store, the field and its value; also if the device cannot get its energy in time.

    Examples
    --------
    >>> Store("car", "home6", energy=10, charge=5.5, start=0, end=4, final=10).steps
    4
    >>> Store("car", "home6", energy=10, charge=2, start=0, end=4, final=10)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: store 'car': final 10 kWh cannot be reached in 4 steps at 2 kWh a step
    """

    name: str
    owner: str
    energy: float
    charge: float
    discharge: float = 0.0
    start: int = 0
    end: int = 48
    initial: float = 0.0
    final: float = 0.0
    charge_efficiency: float = 1.0
    discharge_efficiency: float = 1.0
    wear: float = 0.0
    waiting: float = 0.0

    def __post_init__(self):
        for field in fields(self)[2:]:
            value = getattr(self, field.name)
            number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
            number = number and math.isfinite(value)
            words = WORDS.get(field.name, "at least 0")
            if not number or value < 0 or ("above 0" in words and value == 0) or ("at most 1" in words and value > 1):
                raise InvalidInput(f"store {self.name!r}: {field.name} {value!r} must be {words}")
        if self.start >= self.end or int(self.start) != self.start or int(self.end) != self.end:
            window = f"start {self.start!r} and end {self.end!r}"
            raise InvalidInput(f"store {self.name!r}: {window} must be whole steps, start first")
        for name in ("initial", "final"):
            stored = getattr(self, name)
            if stored > self.energy:
                raise InvalidInput(
                    f"store {self.name!r}: {name} {stored:g} kWh is more than the {self.energy:g} it can hold"
                )
        if self.initial + self.steps * self.charge * self.charge_efficiency < self.final - 1e-9:
            reach = f"in {self.steps} steps at {self.charge:g} kWh a step"
            raise InvalidInput(f"store {self.name!r}: final {self.final:g} kWh cannot be reached {reach}")

    @property
    def steps(self):
        """Steps during which it is plugged in."""
        return self.end - self.start

    def waited(self, count):
        """Inconvenience of a kWh taken in each of `count` steps of the day.

        Parameters
        ----------
        count : int
            Steps of the day.

        Returns
        -------
        (count,) float array, ct/kWh
        """
        return self.waiting * np.maximum(np.arange(count) - self.start, 0)

    def discomfort(self, plan):
        """What a plan costs its owner beside money: waiting, and wear.

        Parameters
        ----------
        plan : (T,) float array
            Energy taken (above 0) or given (below 0) in each step, kWh.

        Returns
        -------
        float, ct
        """
        plan = np.asarray(plan, float)
        return float(self.waited(len(plan)) @ np.maximum(plan, 0) + self.wear * np.maximum(-plan, 0).sum())
