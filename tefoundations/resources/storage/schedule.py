"""The result: when a battery charges and discharges, what it earns, and what a stored kWh is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.resources.batteries import Battery, step_limits
from tefoundations.resources.storage.worth import supporting_interval
from tefoundations.words import Explained

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Schedule(Explained):
    """When a battery charges and discharges over T steps; made by `arbitrage` and `rolling`.

    Energies are kWh in a step, measured at the battery's terminal. Charge and discharge are both positive.

    Parameters
    ----------
    prices : (T,) float array
        Prices if the battery does nothing (ct/kWh).
    battery : Battery
    charge, discharge : (T,) float arrays
        Energy bought and sold in each step (kWh).
    energy : (T + 1,) float array
        Stored energy at the beginning of each step, and at the end (kWh).
    hours : float
        Length of a step (h).
    method : str
        What found it: "stack", "lp", "milp", "grid", "quadratic" or "rolling".
    price_impact : (T,) float array
        Fall of the price (ct/kWh) for each kWh sold in the step.
    cycle_price : (T,) float array
        What one more kWh allowed to leave the store on the step's day would add to the profit (ct/kWh).
    relaxed : bool
        True: it charges and discharges in one step where that is paid for. No battery earns this profit.
    end_value : float
        What a kWh left in store at the end is worth (ct/kWh).
    """

    prices: np.ndarray
    battery: Battery
    charge: np.ndarray
    discharge: np.ndarray
    energy: np.ndarray
    hours: float
    method: str
    price_impact: np.ndarray
    cycle_price: np.ndarray
    relaxed: bool = False
    end_value: float = 0.0

    def __post_init__(self):
        for name in ("prices", "charge", "discharge", "energy", "price_impact", "cycle_price"):
            getattr(self, name).flags.writeable = False

    @property
    def limits(self) -> tuple[float, float]:
        """Most that can be charged, and discharged, in a step (kWh)."""
        return step_limits(self.battery, self.hours)

    @property
    def sold(self) -> np.ndarray:
        """(T,) float array: discharge less charge (kWh), negative where it buys."""
        return self.discharge - self.charge

    @cached_property
    def price(self) -> np.ndarray:
        """(T,) float array: the prices it trades at (ct/kWh), moved by its own trades if it is a price-maker."""
        return self.prices - self.price_impact * self.sold

    @cached_property
    def cash(self) -> np.ndarray:
        """(T,) float array: what it receives less what it pays, without wear (ct)."""
        return self.price * self.sold

    @property
    def wear(self) -> float:
        """Cost of wear (ct)."""
        return float(self.battery.cycle_cost * self.discharge.sum())

    @property
    def value_left(self) -> float:
        """What the energy left at the end is worth, all of it at the end value (ct)."""
        return float(self.end_value * self.energy[-1])

    @cached_property
    def profit(self) -> float:
        """What it receives, less what it pays, less wear, and the value of what is left (ct)."""
        return float(self.price @ self.sold) - self.wear + self.value_left

    @property
    def cycles(self) -> float:
        """Energy that leaves the store, in units of its capacity."""
        return float(self.discharge.sum() / self.battery.discharge_efficiency / self.battery.energy)

    @property
    def losses(self) -> float:
        """Energy lost by charging, discharging and standing (kWh)."""
        return float(self.charge.sum() - self.discharge.sum() - (self.energy[-1] - self.energy[0]))

    @property
    def both_ways(self) -> np.ndarray:
        """(n,) int array: steps in which it charges and discharges at once; only a relaxed schedule has any."""
        most_in, most_out = self.limits
        return np.flatnonzero((self.charge > 1e-6 * most_in) & (self.discharge > 1e-6 * most_out))

    @property
    def cost_of_storing(self) -> np.ndarray:
        """(T,) float array: what the next kWh in store would cost if it were bought now (ct/kWh)."""
        return (self.price - self.price_impact * self.sold) / self.battery.charge_efficiency

    @property
    def value_of_withdrawing(self) -> np.ndarray:
        """(T,) float array: what the next kWh taken from the store would bring if it were sold now, less wear (ct/kWh)."""
        received = self.price - self.price_impact * self.sold - self.battery.cycle_cost
        return received * self.battery.discharge_efficiency - self.cycle_price

    @cached_property
    def shadow_price_interval(self) -> tuple[np.ndarray, np.ndarray]:
        """Two (T,) float arrays, low and high: what one more kWh put into the store during a step would add to the profit,
        and what one kWh taken out would cost (ct/kWh).

        Between them lies every dual of the step's energy balance. They differ at kinks. `-inf` and `inf` stand where the
        plan could not bear one more, or one less. Where losing energy is paid for, steps keep the direction they have; with
        a limit on cycles, its price is held.
        """
        return supporting_interval(self)

    @property
    def shadow_price(self) -> np.ndarray:
        """(T,) float array: what one more kWh put into the store during a step would add to the profit (ct/kWh)."""
        return self.shadow_price_interval[0]

    def to_frame(self) -> pd.DataFrame:
        """One row a step.

        Returns
        -------
        pandas.DataFrame
            Columns step, price (ct/kWh, with its own impact), charge, discharge (kWh), energy (kWh stored when the step
            begins), cash (ct), shadow_price (ct/kWh).

        Examples
        --------
        >>> from tefoundations.resources import arbitrage
        >>> arbitrage([10, 30], Battery(energy=2, power=1)).to_frame()
           step  price  charge  discharge  energy  cash  shadow_price
        0     0   10.0     1.0        0.0     0.0 -10.0          10.0
        1     1   30.0     0.0        1.0     1.0  30.0          10.0
        """
        import pandas as pd

        columns = {
            "step": np.arange(len(self.prices)),
            "price": self.price,
            "charge": self.charge,
            "discharge": self.discharge,
            "energy": self.energy[:-1],
            "cash": self.cash,
            "shadow_price": self.shadow_price,
        }
        return pd.DataFrame(columns)

    def explain(self) -> str:
        """The plan in words: what is bought and sold at which mean prices, what is lost, what remains.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.resources import arbitrage
        >>> print(arbitrage([40, 45], Battery(1, 1, charge_efficiency=0.9, discharge_efficiency=0.9)).explain())
        No trade: no later price is 1.235 times an earlier one.
        """
        if not self.charge.any() and not self.discharge.any():
            return self._no_trade()
        lines = []
        for word, kwh in (("Buys", self.charge), ("Sells", self.discharge)):
            if kwh.any():
                lines.append(f"{word} {kwh.sum():.4g} kWh at {self.price @ kwh / kwh.sum():.4g} ct/kWh on average.")
        wear = f", wear {self.wear:.4g} ct" if self.battery.cycle_cost else ""
        left = f", left in store {self.value_left:.4g} ct" if self.end_value else ""
        lines.append(f"Cash {self.cash.sum():.4g} ct{wear}{left}: profit {self.profit:.4g} ct.")
        lines.append(f"{self.cycles:.3g} cycles; {self.losses:.4g} kWh lost; {self.energy[-1]:.4g} kWh left.")
        if self.relaxed:
            lines.append(
                "Relaxed: it charges and discharges at once where losing energy is paid for. No battery earns this."
            )
        return "\n".join(lines)

    def _no_trade(self):
        battery = self.battery
        stored = battery.initial_energy > 0 or battery.final_energy > 0 or self.end_value
        if stored or battery.self_discharge or self.price_impact.any() or (self.prices <= 0).any():
            return "No trade: no purchase or sale would add to the profit."
        if battery.breakeven_ratio == 1 and not battery.cycle_cost:
            return "No trade: no later price is above an earlier one."
        wear = f" plus {battery.cycle_cost:g} ct" if battery.cycle_cost else ""
        return f"No trade: no later price is {battery.breakeven_ratio:.4g} times an earlier one{wear}."

    def _at_a_glance(self):
        return [
            ("method", self.method + (", relaxed" if self.relaxed else "")), ("steps", len(self.prices)),
            ("bought, kWh", self.charge.sum()), ("sold, kWh", self.discharge.sum()), ("cycles", self.cycles),
            ("losses, kWh", self.losses), ("wear, ct", self.wear), ("profit, ct", self.profit),
        ]  # fmt: skip

    def __repr__(self):
        relaxed = ", relaxed" if self.relaxed else ""
        return (
            f"Schedule({self.method}{relaxed}: {len(self.prices)} steps, {self.cycles:.3g} cycles, profit {self.profit:.6g})"
        )
