"""Deciding with forecasts: plan over a horizon, do the first step, look again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_same, index_of
from tefoundations.inputs import instance, not_negative, numbers, positive, whole
from tefoundations.resources.batteries import Battery, needed_energy, trades_of
from tefoundations.resources.series import price_series
from tefoundations.resources.storage.optimum import arbitrage
from tefoundations.resources.storage.schedule import Schedule
from tefoundations.words import Explained, shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from tefoundations.resources.batteries import Battery


@dataclass(frozen=True, eq=False)
class Rolling(Explained):
    """What a battery earned that planned with forecasts, against one that knew all prices.

    Attributes
    ----------
    schedule : Schedule
        What it did, at the prices that came.
    foresight : Schedule
        The best it could have done had it known them.
    """

    schedule: Schedule
    foresight: Schedule

    @property
    def profit(self) -> float:
        """Profit with forecasts (ct)."""
        return self.schedule.profit

    @property
    def regret(self) -> float:
        """Profit that perfect foresight would have added (ct), never negative."""
        return max(self.foresight.profit - self.profit, 0.0)

    @property
    def share(self) -> float:
        """Profit with forecasts as a share of that with perfect foresight; nan where there is none to earn."""
        return self.profit / self.foresight.profit if self.foresight.profit > 0 else float("nan")

    def explain(self) -> str:
        """Both profits in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.resources import Battery
        >>> print(rolling([10, 35, 50], [10, 40, 60], Battery(energy=1, power=1), horizon=3).explain())
        With forecasts 40 ct, with perfect foresight 40 ct: 0 ct were lost to not knowing.
        """
        return (
            f"With forecasts {self.profit:.4g} ct, with perfect foresight {self.foresight.profit:.4g} ct: "
            f"{self.regret:.4g} ct were lost to not knowing."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a step: what was done, and what perfect foresight would have done.

        Returns
        -------
        pandas.DataFrame
            Columns of `Schedule.to_frame`; then foresight_charge, foresight_discharge, foresight_energy (kWh) and
            foresight_cash (ct).
        """
        best = self.foresight.to_frame()[["charge", "discharge", "energy", "cash"]].add_prefix("foresight_")
        return self.schedule.to_frame().join(best)

    def _at_a_glance(self):
        return [
            ("steps", len(self.schedule.prices)), ("profit, ct", self.profit),
            ("profit with perfect foresight, ct", self.foresight.profit), ("lost to not knowing, ct", self.regret),
        ]  # fmt: skip

    def __repr__(self):
        return f"Rolling({len(self.schedule.prices)} steps, profit {self.profit:.6g} of {self.foresight.profit:.6g})"


def rolling(
    prices: ArrayLike, forecasts: ArrayLike, battery: Battery, horizon: int, method: str = "auto", *, hours: float = 1.0,
    end_value: float = 0.0,
) -> Rolling:  # fmt: skip
    """Run a battery on a rolling horizon: in each step plan over the next ones with what is known, and do the first.

    Parameters
    ----------
    prices : (T,) float array
        The prices that come (ct/kWh). That of the present step is known when its decision is made.
    forecasts : (T,) or (T, H) float array
        Prices expected (ct/kWh). One for each step, made beforehand; or row t made in step t, for the steps t, t + 1, ...
        of which the first is not used. Entries beyond the last step are not looked at. An index is that of the prices, the
        columns of a table are 0, 1, 2, ...: the steps ahead.
    battery : Battery
    horizon : int
        Steps in each plan, the present one included, at least 1; with a (T, H) array at most H.
    method : str
        As in `arbitrage`.
    hours : float
        Length of a step (h), above 0.
    end_value : float
        What each kWh left is worth (ct/kWh), not negative: at the end of each plan, so that a short one does not sell all it
        has, and at the end of the last step. The final energy of the battery stays the least that must be there then.

    Returns
    -------
    Rolling

    Raises
    ------
    InvalidPrices
        A price or a forecast that is used is not a finite number; names the step (of the plan, for a forecast).
    InvalidBattery
        The final energy cannot be reached.
    InvalidInput
        A horizon below 1, a limit on cycles per day (a plan for some hours cannot keep it), or forecasts of another shape or
        of other steps.

    Examples
    --------
    It expects no more than 30 ct for step 2 and sells in step 1:

    >>> from tefoundations.resources import Battery
    >>> print(rolling([10, 35, 50], [10, 40, 30], Battery(energy=1, power=1), horizon=3).explain())
    With forecasts 25 ct, with perfect foresight 40 ct: 15 ct were lost to not knowing.

    One that looks no step ahead sells what it has at any price, unless what is left is worth something:

    >>> full = Battery(energy=1, power=1, initial_energy=1)
    >>> [rolling([10, 35, 50], [0, 0, 0], full, horizon=1, end_value=value).profit for value in (0, 40)]
    [10.0, 50.0]
    """
    instance(battery, Battery, "battery")
    step = positive(hours, "hours", unit="of hours")
    given, prices = prices, price_series(prices, step)
    count, horizon = len(prices), whole(horizon, "horizon", least=1, unit="of steps")
    expected = _forecasts(forecasts, given, count, horizon, step)
    if np.isfinite(battery.cycles_per_day):
        raise InvalidInput("rolling knows no limit on cycles per day; give the battery a cycle_cost instead")
    needed, value = needed_energy(battery, count, step), not_negative(end_value, "end_value")
    energy = [float(battery.initial_energy)]
    for t in range(count):
        ahead = min(horizon, count - t)
        known = np.concatenate([prices[t : t + 1], expected(t, ahead)])
        now = replace(battery, initial_energy=energy[-1], final_energy=min(float(needed[t + ahead]), battery.energy))
        stored = float(arbitrage(known, now, method, hours=step, end_value=value).energy[1])
        energy.append(min(max(stored, 0.0), float(battery.energy)))  # a solver may end a rounding beyond full
    levels = np.array(energy)
    charge, discharge = trades_of(levels, battery, step)
    nothing = np.zeros(count)
    done = Schedule(prices, battery, charge, discharge, levels, step, "rolling", nothing, nothing.copy(),
                    end_value=value)  # fmt: skip
    return Rolling(done, arbitrage(prices, battery, hours=step, end_value=value))


def _forecasts(forecasts, prices, count, horizon, step):
    """A function: (step, steps ahead) -> prices expected for the steps after the present one."""
    array = numbers(forecasts, "forecasts", infinite=True, missing=True, ndim=None, place="step")
    index = index_of(forecasts, "forecasts", hours=step)
    if array.shape[:1] == (count,):
        check_same(index, "forecasts", index_of(prices, "prices"), "prices")
    if array.shape == (count,):
        return lambda t, ahead: array[t + 1 : t + ahead]
    if array.ndim == 2 and len(array) == count and array.shape[1] >= min(horizon, count):
        _check_leads(forecasts, array.shape[1])
        return lambda t, ahead: array[t, 1:ahead]
    raise InvalidInput(f"forecasts of shape {array.shape} must be ({count},) or ({count}, at least {horizon})")


def _check_leads(forecasts, count):
    """Refuse a table whose columns do not count the steps ahead: one of hours of the day, say, or without the present."""
    for lead, column in enumerate(getattr(forecasts, "columns", range(count))):
        if str(column) != str(lead):
            words = f"column {lead} must be named {lead}, for the price expected {lead} steps ahead, not {shown(column)}"
            raise InvalidInput(f"forecasts: {words}; .to_numpy() takes the columns in the order they stand")
