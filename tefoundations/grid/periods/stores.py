"""Stores of energy on a network: what each holds, how fast, and what must be left."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np

from tefoundations.errors import InvalidBattery, InvalidInput
from tefoundations.inputs import instance, number, sequence
from tefoundations.programmes import NEAR
from tefoundations.words import say, shown


@dataclass(frozen=True)
class Store:
    """A store at a bus of a network; its power is measured where it meets the bus.

    Of a MWh charged, `charge_efficiency` arrives in the store. To deliver a MWh, `1 / discharge_efficiency` leaves it.

    Parameters
    ----------
    bus : object
        Label of its bus.
    energy : float
        Energy it can hold (MWh), above 0.
    power : float
        Most that it takes (MW), above 0.
    power_out : float, optional
        Most that it gives (MW); default: `power`.
    charge_efficiency, discharge_efficiency : float
        MWh stored for each MWh charged, and MWh delivered for each MWh that leaves the store; above 0 and at most 1.
    initial_energy : float
        Stored when the first hour begins (MWh).
    final_energy : float
        What must at least be left when the last hour ends (MWh).
    end_value : float
        What each MWh left at the end is worth ($/MWh), all of it.
    self_discharge : float
        Share of each stored MWh that is lost in an hour, at least 0 and below 1.
    cycle_cost : float
        Wear: cost of each MWh delivered ($/MWh), at least 0.
    name : str, optional
        Told in tables and messages; default: that of its bus.

    Raises
    ------
    InvalidBattery
        Names the store, the parameter and its value.

    Examples
    --------
    >>> Store("town", energy=40, power=10, charge_efficiency=95)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidBattery: store town: charge_efficiency 95 must be a number above 0 and at most 1
    """

    bus: object
    energy: float
    power: float
    power_out: float | None = None
    charge_efficiency: float = 1.0
    discharge_efficiency: float = 1.0
    initial_energy: float = 0.0
    final_energy: float = 0.0
    end_value: float = 0.0
    self_discharge: float = 0.0
    cycle_cost: float = 0.0
    name: str | None = None

    def __post_init__(self):
        if self.name is None:
            object.__setattr__(self, "name", str(self.bus))
        if self.power_out is None:
            object.__setattr__(self, "power_out", self.power)
        for field in ("energy", "power", "power_out"):
            self._read(field, above=0)
        for field in ("charge_efficiency", "discharge_efficiency"):
            self._read(field, above=0, most=1)
        for field in ("initial_energy", "final_energy"):
            self._read(field, least=0)
            if getattr(self, field) > self.energy:
                raise self._refused(
                    field, f"{field} {say(getattr(self, field))} is above the {say(self.energy)} MWh it holds"
                )
        self._read("end_value")
        self._read("self_discharge", least=0, below=1)
        self._read("cycle_cost", least=0)

    def _read(self, field, **bounds):
        object.__setattr__(
            self, field, number(getattr(self, field), field, error=lambda said: self._refused(field, said), **bounds)
        )

    def _refused(self, field, said):
        error = InvalidBattery(f"store {self.name}: {said}")
        error.field, error.value = field, getattr(self, field)
        return error


NUMBERS = tuple(field.name for field in fields(Store) if field.name not in ("bus", "name"))
MUST = ("bus", "energy", "power")


def read_stores(given):
    """The stores as a tuple of `Store`, from a sequence of them or a table with one in each row.

    Raises
    ------
    InvalidInput
        Something else, a column that no store has, one that is missing, a name that is there twice.
    InvalidBattery
        A store without meaning.
    """
    if hasattr(given, "to_dict") and hasattr(given, "columns"):
        known = [field.name for field in fields(Store)]
        for column in given.columns:
            if column not in known:
                raise InvalidInput(f"stores: column {shown(column)} is not one of {', '.join(known)}")
        for column in MUST:
            if column not in given.columns:
                raise InvalidInput(f"stores: column {column} is missing")
        rows = given.to_dict("records")
        given = [Store(**{key: value for key, value in row.items() if not _missing(value)}) for row in rows]
    stores = sequence(given, "stores", of="Store, or a table with one in each row")
    for store in stores:
        instance(store, Store, "a store", advice="Store(bus, energy, power) makes one")
    names = [store.name for store in stores]
    for name in names:
        if names.count(name) > 1:
            raise InvalidInput(f"stores: the name {shown(name)} is there twice; give each store a name of its own")
    return stores


def _missing(value):
    return value is None or isinstance(value, float) and math.isnan(value)


@dataclass(frozen=True, eq=False)
class Fleet:
    """All stores as arrays, one entry each, on a network and for steps of so many hours.

    Parameters
    ----------
    stores : tuple of Store
    at : (s,) int array
        Positions of their buses.
    hours : float
        Length of a step.
    """

    stores: tuple[Store, ...]
    at: np.ndarray
    hours: float

    @classmethod
    def on(cls, net, stores, hours):
        """The stores on a network; InvalidInput names one at a bus that is not there."""
        at = []
        for store in stores:
            try:
                at.append(net.position(store.bus))
            except InvalidInput as error:
                raise InvalidInput(f"store {store.name}: {error}") from None
        return cls(stores, np.array(at, dtype=np.intp), hours)

    def __getattr__(self, name):
        if name not in NUMBERS:
            raise AttributeError(name)
        values = np.array([getattr(store, name) for store in self.stores], dtype=float)
        object.__setattr__(self, name, values)
        return values

    @property
    def kept(self):
        """(s,) float array: share of the stored energy that is still there a step later."""
        return (1 - self.self_discharge) ** self.hours

    @property
    def taken(self):
        """(s,) float array: MWh stored in a step for each MW charged."""
        return self.hours * self.charge_efficiency

    @property
    def drawn(self):
        """(s,) float array: MWh that leave the store in a step for each MW delivered."""
        return self.hours / self.discharge_efficiency

    def check_reach(self, steps):
        """Refuse a final energy that cannot be reached, even by charging in every step."""
        stored, kept, most = self.initial_energy, self.kept, self.taken * self.power
        for _ in range(steps if self.final_energy.any() else 0):
            stored = np.minimum(kept * stored + most, self.energy)
        for place in np.flatnonzero(stored < self.final_energy * (1 - NEAR))[:1]:
            store = self.stores[place]
            words = f"MWh cannot be reached in {steps} steps from {say(store.initial_energy)} MWh at {say(store.power)} MW"
            raise store._refused("final_energy", f"final_energy {say(store.final_energy)} {words}")
