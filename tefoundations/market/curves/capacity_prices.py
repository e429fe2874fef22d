"""Prices of the same energy at several times, where one capacity serves them all: peak-load pricing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number
from tefoundations.market.curves.balance import curves_of
from tefoundations.market.curves.constant_elasticity import Isoelastic
from tefoundations.market.curves.roots import rising_root
from tefoundations.market.curves.straight import LinearDemand
from tefoundations.words import Explained, columns_table, listed, say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class CapacityPrices(Explained):
    """One capacity, and a price for each period in which it serves; `peak_load_prices` makes it.

    Parameters
    ----------
    periods : tuple of str
        Names.
    demand : tuple
        Their curves.
    running_cost : float
        Of a unit in any period (ct/kWh).
    capacity_cost : float
        Of a unit of capacity for all periods together (ct for a kWh a period).
    capacity : float
        What is built: the most that any period can use (kWh a period).
    price : (periods,) float array
        ct/kWh; nan where nothing is built.
    quantity : (periods,) float array
        kWh.
    """

    periods: tuple[str, ...]
    demand: tuple
    running_cost: float
    capacity_cost: float
    capacity: float
    price: np.ndarray
    quantity: np.ndarray

    @property
    def markup(self) -> np.ndarray:
        """What each period pays for capacity (ct/kWh), (periods,) float array: the price less the running cost."""
        return self.price - self.running_cost

    @property
    def income(self) -> float:
        """What all periods pay (ct)."""
        return float(self.price @ self.quantity) if self.capacity else 0.0

    @property
    def cost(self) -> float:
        """What running and capacity cost (ct)."""
        return float(self.running_cost * self.quantity.sum() + self.capacity_cost * self.capacity)

    @property
    def welfare(self) -> float:
        """What all units are worth less what they cost (ct)."""
        if not self.capacity:
            return 0.0
        gains = sum(curve.surplus_at(price) for curve, price in zip(self.demand, self.price))
        return float(gains + self.income - self.cost)

    def explain(self) -> str:
        """Who pays for the capacity.

        Returns
        -------
        str

        Examples
        --------
        >>> day, night = LinearDemand(20, 1), LinearDemand(16, 1)
        >>> print(peak_load_prices({"day": day, "night": night}, running_cost=2, capacity_cost=10).explain())
        Capacity: 11.
        day: 11 at 9, a markup of 7 on 2; full.
        night: 11 at 5, a markup of 3 on 2; full.
        Markups: 7 + 3 = 10, the cost of one more unit of capacity.
        """
        if not self.capacity:
            return f"Nothing is built: nobody pays {say(self.capacity_cost)} for the first unit of capacity."
        scale = float(np.abs(self.price).max())
        rows = [
            f"{name}: {say(quantity, self.capacity)} at {say(price, scale)}, "
            + (f"a markup of {say(markup, scale)} on {say(self.running_cost)}; full." if markup > 0 else "the running cost.")
            for name, quantity, price, markup in zip(self.periods, self.quantity, self.price, self.markup)
        ]
        told = " + ".join(say(markup, scale) for markup in self.markup)
        end = f"Markups: {told} = {say(self.markup.sum(), scale)}, the cost of one more unit of capacity."
        return "\n".join([f"Capacity: {say(self.capacity, self.capacity)}.", *rows, end])

    def to_frame(self) -> pd.DataFrame:
        """One row for each period.

        Returns
        -------
        pandas.DataFrame
            Columns period, quantity (kWh), price (ct/kWh), markup (ct/kWh) and full (bool).
        """
        import pandas as pd

        return pd.DataFrame(self._columns())

    def _columns(self):
        return {
            "period": list(self.periods), "quantity": self.quantity, "price": self.price, "markup": self.markup,
            "full": self.markup > 0,
        }  # fmt: skip

    def _repr_html_(self):
        return columns_table(self._columns(), "te-capacityprices")

    def __repr__(self):
        prices = listed([say(price, price) for price in self.price])
        return f"CapacityPrices(capacity {say(self.capacity, self.capacity)}, prices {prices})"


def peak_load_prices(
    demand: Mapping[str, LinearDemand | Isoelastic] | Sequence[LinearDemand | Isoelastic],
    running_cost: float,
    capacity_cost: float,
) -> CapacityPrices:
    """The capacity and the prices under which welfare is greatest, where one capacity serves periods of equal length.

    A period pays the running cost while the capacity has room for all it wants at that price. Else it pays what its last
    unit is worth. The capacity is right where these markups add up to what one more unit of it costs; so all is paid for.

    Parameters
    ----------
    demand : dict of str to LinearDemand or Isoelastic, or sequence of them
        What each period would buy (kWh by ct/kWh), by name or in order. No period's demand hangs on another's price.
    running_cost : float
        Of each unit (ct/kWh), not negative, and above 0 where a demand has a constant elasticity.
    capacity_cost : float
        Of a unit of capacity for all periods together (ct for a kWh a period), not negative.

    Returns
    -------
    CapacityPrices

    Raises
    ------
    InvalidInput
        No period; what is no curve, which it names; a cost below 0.

    References
    ----------
    Steiner, P. O. (1957), "Peak loads and efficient pricing", Quarterly Journal of Economics 71(4), 585-610.

    Examples
    --------
    >>> peak_load_prices([LinearDemand(10, 1)], running_cost=2, capacity_cost=9).capacity
    0.0
    >>> peak_load_prices([LinearDemand(20, 1), LinearDemand(10, 1)], running_cost=2, capacity_cost=6)
    CapacityPrices(capacity 12, prices 8, 2)
    """
    periods, curves = curves_of(demand, "demand", (LinearDemand, Isoelastic), "period")
    if not curves:
        raise InvalidInput("demand must be that of one period at least, and there is none")
    running, building = number(running_cost, "running_cost", least=0), number(capacity_cost, "capacity_cost", least=0)
    curved = any(isinstance(curve, Isoelastic) for curve in curves)
    if curved and not running:
        raise InvalidInput("running_cost 0 must be positive where a demand has a constant elasticity: it has no end at 0")
    wanted = np.array([curve.quantity_at(running) for curve in curves])

    def unpaid(capacity):
        """What one more unit of capacity costs beyond what it would earn."""
        return building - sum(max(curve.price_at(capacity) - running, 0.0) for curve in curves)

    if unpaid(0.0) >= 0 and (building or not wanted.any()):
        nothing = np.zeros(len(curves))
        return CapacityPrices(periods, curves, running, building, 0.0, nothing + np.nan, nothing)
    full = rising_root(unpaid, [0.0, *wanted], straight=not curved) if building else float(wanted.max())
    served = np.minimum(wanted, full)
    price = np.array([running if want < full else max(curve.price_at(full), running) for curve, want in zip(curves, wanted)])
    return CapacityPrices(periods, curves, running, building, full, price, served)
