"""An island: a community cut off from the grid, and what is served when there is not enough for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import Infeasible, InvalidInput
from tefoundations.inputs import instance, not_negative, numbers, positive, sequence, whole
from tefoundations.programmes import NoPoint, linear
from tefoundations.resources.devices import Device
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

PARTS = ("served", "engines", "roofs", "charge", "discharge", "stored")


@dataclass(frozen=True, eq=False, repr=False)
class IslandDispatch(Explained):
    """What an island does in each step, made by `Island.clear`. Energies are kWh, prices ct/kWh.

    Attributes
    ----------
    served : (T, k) float array
        Of each kind of demand (kWh).
    engines : (T, m) float array
        What each engine gives (kWh).
    roofs : (T,) float array
        What is used of the roofs (kWh).
    charge, discharge, stored : (T, b) float arrays
        Of each battery; stored when the step ends (kWh).
    price : (T,) float array
        What one more kWh of demand would cost in each step (ct/kWh).
    headroom_worth : (T,) float array
        What one more kW of headroom would cost in each step (ct).
    demand, value : (T, k) and (k,) float arrays
        What was wanted (kWh), and what a kWh of it is worth (ct/kWh).
    welfare : float
        Value of what is served less fuel and wear (ct).
    """

    served: np.ndarray
    engines: np.ndarray
    roofs: np.ndarray
    charge: np.ndarray
    discharge: np.ndarray
    stored: np.ndarray
    price: np.ndarray
    headroom_worth: np.ndarray
    demand: np.ndarray
    value: np.ndarray
    welfare: float

    @property
    def lost(self) -> float:
        """float: value of what is not served (ct)."""
        return float(((self.demand - self.served) @ self.value).sum())

    def explain(self) -> str:
        """The island in words.

        Returns
        -------
        str

        Examples
        --------
        >>> store = Device("cellar", "Ada", 10, 5, 5, initial_energy=10)
        >>> print(Island([[2, 2, 3]] * 2, [300, 90, 20], [1, 1], stores=[store], hours=1).clear().explain())
        2 steps: 12 of 14 kWh are served, worth 1640 ct; what is not is worth 40 ct.
        Prices go from 20 to 20 ct/kWh; 0 kWh are stored at the end.
        """
        steps, wanted = len(self.price), float(self.demand.sum())
        left = say(self.stored[-1].sum(), wanted) if steps and self.stored.size else "0"
        return (
            f"{count(steps, 'step')}: {say(self.served.sum())} of {say(wanted)} kWh are served, worth "
            f"{say((self.served @ self.value).sum())} ct; what is not is worth {say(self.lost, 1.0 + self.welfare)} ct.\n"
            f"Prices go from {say(self.price.min())} to {say(self.price.max())} ct/kWh; {left} kWh are stored at the end."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a step.

        Returns
        -------
        pandas.DataFrame
            wanted, served, engines, roofs, charge, discharge, stored (kWh), price (ct/kWh), headroom_worth (ct/kW).
        """
        import pandas as pd

        columns = {"wanted": self.demand.sum(axis=1), "served": self.served.sum(axis=1), "engines": self.engines.sum(axis=1)}
        columns |= {name: getattr(self, name).sum(axis=1) for name in ("charge", "discharge", "stored")}
        columns |= {"roofs": self.roofs, "price": self.price, "headroom_worth": self.headroom_worth}
        return pd.DataFrame(columns, index=pd.RangeIndex(len(self.price), name="step"))

    def _at_a_glance(self):
        return [
            ("steps", len(self.price)), ("wanted, kWh", float(self.demand.sum())), ("served, kWh", float(self.served.sum())),
            ("value lost, ct", self.lost), ("highest price, ct/kWh", float(self.price.max())),
        ]  # fmt: skip

    def __repr__(self):
        return f"IslandDispatch({count(len(self.price), 'step')}: {say(self.lost)} ct lost)"


class Island:
    """Demand by value, roofs, engines and batteries without a grid. Energies are kWh in a step.

    One battery forms the voltage. It keeps **headroom**, power free up and down in every step for what nobody foresees,
    and **black-start** energy that it never gives, to start again if all goes dark: two limits, of power and of energy.

    Parameters
    ----------
    demand : (T, k) array
        Of each kind (kWh).
    value : (k,) array
        What a kWh of it is worth (ct/kWh).
    roofs : (T,) array
        What the sun gives (kWh); it may be turned down.
    engines : (T, m) array or None
        Most that each engine gives (kWh).
    engine_cost : (m,) array
        Fuel (ct/kWh).
    stores : sequence of Device
        Batteries; what they hold now is their initial energy.
    hours : float
        Length of a step.
    headroom : float
        Power that the first battery keeps free, both ways (kW).
    black_start : float
        Energy that it always keeps (kWh).

    Raises
    ------
    InvalidInput
        Names the argument.

    Examples
    --------
    Clinic, bakery and heater share a battery of 10 kWh and 5 kW, and a roof, for two hours; then with 2 kW of headroom:

    >>> store = Device("cellar", "Ada", 10, 5, 5, initial_energy=10)
    >>> wants = [[2, 2, 3]] * 2, [300, 90, 20], [1, 1]
    >>> free, safe = (Island(*wants, stores=[store], hours=1, headroom=kw).clear() for kw in (0, 2))
    >>> free.welfare, safe.welfare
    (1640.0, 1560.0)
    """

    def __init__(
        self,
        demand: ArrayLike,
        value: ArrayLike,
        roofs: ArrayLike,
        engines: ArrayLike | None = None,
        engine_cost: ArrayLike = (),
        stores: Sequence[Device] = (),
        *,
        hours: float = 0.5,
        headroom: float = 0.0,
        black_start: float = 0.0,
    ):
        self.demand = numbers(demand, "demand", ndim=2, least=0, place="entry")
        steps, kinds = self.demand.shape
        self.value = numbers(value, "value", count=kinds, place="entry")
        self.roofs = numbers(roofs, "roofs", count=steps, least=0, place="entry")
        self.engine_cost = numbers(engine_cost, "engine_cost", least=0, place="entry")
        empty = np.zeros((steps, 0))
        self.engines = empty if engines is None else numbers(engines, "engines", ndim=2, least=0, place="entry")
        if self.engines.shape != (steps, len(self.engine_cost)) or not steps:
            raise InvalidInput(f"engines must be of shape {(steps, len(self.engine_cost))}, not {self.engines.shape}")
        read = sequence(stores, "stores", of="batteries")
        self.stores = tuple(instance(one, Device, f"stores: entry {i}") for i, one in enumerate(read))
        self.hours = positive(hours, "hours")
        self.headroom = not_negative(headroom, "headroom", unit="of kW")
        self.black_start = not_negative(black_start, "black_start", unit="of kWh")
        if (self.headroom or self.black_start) and not self.stores:
            raise InvalidInput("headroom and black_start are kept by a battery: give one")

    def clear(self, steps: int | None = None) -> IslandDispatch:
        """Serve what is worth most, looking ahead over the steps that are believed to be left.

        Parameters
        ----------
        steps : int or None
            Look no further than so many steps, and return those; None: all.

        Returns
        -------
        IslandDispatch

        Raises
        ------
        Infeasible
            The battery holds less than it must keep.
        InvalidInput
            No such number of steps.
        """
        from scipy.sparse import csc_array

        count = len(self.demand) if steps is None else whole(steps, "steps", least=1, most=len(self.demand))
        wide = {"served": len(self.value), "engines": len(self.engine_cost), "roofs": 1} | dict.fromkeys(
            PARTS[3:], len(self.stores)
        )
        at, size = {}, 0
        for name in PARTS:
            at[name] = np.arange(size, size + count * wide[name]).reshape(count, wide[name])
            size += count * wide[name]
        lower, upper, cost = np.zeros(size), np.full(size, np.inf), np.zeros(size)
        cost[at["served"]], upper[at["served"]] = -self.value, self.demand[:count]
        cost[at["engines"]], upper[at["engines"]] = self.engine_cost, self.engines[:count]
        upper[at["roofs"][:, 0]] = self.roofs[:count]
        rows, low, high = self._balance(at, count)
        for i, store in enumerate(self.stores):
            upper[at["charge"][:, i]], upper[at["discharge"][:, i]] = store.power * self.hours, store.power_out * self.hours
            upper[at["stored"][:, i]], cost[at["discharge"][:, i]] = store.energy, store.wear
            lower[at["stored"][:, i]] = 0.0 if i else self.black_start
            self._store(i, store, at, count, rows, low, high)
        first = len(low)
        if self.stores:
            self._room(at, count, rows, low, high)
        entries = [(i, j, value) for i, row in enumerate(rows) for j, value in row.items()]
        row, column, value = zip(*entries)
        matrix = csc_array((value, (row, column)), shape=(len(low), size))
        try:
            found = linear(cost, matrix, np.array(low), np.array(high), lower, upper)
        except NoPoint:
            held = self.stores[0].initial_energy
            raise Infeasible(f"the first battery holds {held:g} kWh and cannot keep {self.black_start:g} kWh") from None
        parts = {name: found.x[at[name]] for name in PARTS}
        parts["roofs"] = parts["roofs"][:, 0]
        room = found.dual[first::2] if self.stores else np.zeros(count)
        asked = {"demand": self.demand[:count], "value": self.value}
        prices = {"price": found.dual[:count], "headroom_worth": -room * self.hours}
        return IslandDispatch(**parts, **prices, **asked, welfare=-found.objective)

    def _balance(self, at, count):
        """What is given is what is taken, in each step: one more kWh of demand is one on the right."""
        signs = {"served": -1.0, "engines": 1.0, "roofs": 1.0, "charge": -1.0, "discharge": 1.0}
        rows = [{j: sign for name, sign in signs.items() for j in at[name][t].tolist()} for t in range(count)]
        return rows, [0.0] * count, [0.0] * count

    def _store(self, i, store, at, count, rows, low, high):
        kept = store.kept(self.hours)
        for t in range(count):
            row = {at["stored"][t, i]: 1.0, at["charge"][t, i]: -store.charge_efficiency,
                   at["discharge"][t, i]: 1 / store.discharge_efficiency}  # fmt: skip
            if t:
                row[at["stored"][t - 1, i]] = -kept
            rows.append(row)
            low.append(0.0 if t else kept * store.initial_energy)
            high.append(low[-1])

    def _room(self, at, count, rows, low, high):
        """The first battery keeps power free: up (even rows) and down (odd rows)."""
        former = self.stores[0]
        for t in range(count):
            for sign, power in ((1.0, former.power_out), (-1.0, former.power)):
                rows.append({at["discharge"][t, 0]: sign, at["charge"][t, 0]: -sign})
                low.append(-np.inf)
                high.append((power - self.headroom) * self.hours)
