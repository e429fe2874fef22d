"""Deciding with forecasts: plan over a horizon, do the first step, look again."""

from dataclasses import dataclass, replace

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.resources.batteries import needed_energy, trades_of
from tefoundations.resources.inputs import hours, price_series
from tefoundations.resources.storage.optimum import arbitrage
from tefoundations.resources.storage.schedule import Schedule


@dataclass(frozen=True, eq=False)
class Rolling:
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
    def profit(self):
        """Profit with forecasts (ct)."""
        return self.schedule.profit

    @property
    def regret(self):
        """Profit that perfect foresight would have added (ct), never negative."""
        return max(self.foresight.profit - self.profit, 0.0)

    @property
    def share(self):
        """Profit with forecasts as a share of that with perfect foresight; nan where there is none to earn."""
        return self.profit / self.foresight.profit if self.foresight.profit > 0 else float("nan")

    def explain(self):
        """Both profits in words."""
        return (
            f"With forecasts {self.profit:.4g} ct, with perfect foresight {self.foresight.profit:.4g} ct: "
            f"{self.regret:.4g} ct were lost to not knowing."
        )

    def __repr__(self):
        return f"Rolling({len(self.schedule.prices)} steps, profit {self.profit:.6g} of {self.foresight.profit:.6g})"


def rolling(prices, forecasts, battery, horizon, method="auto", step=1.0):
    """Run a battery on a rolling horizon: in each step plan over the next steps with what is known, and do the first of them.

    Parameters
    ----------
    prices : (T,) float array
        The prices that come (ct/kWh). That of the present step is known when its decision is made.
    forecasts : (T,) or (T, H) float array
        Prices expected (ct/kWh). One for each step, made beforehand; or row t made in step t, for the steps t, t + 1, ...
        of which the first is not used. Entries beyond the last step are not looked at.
    battery : Battery
    horizon : int
        Steps in each plan, the present one included, at least 1; with a (T, H) array at most H.
    method : str
        As in `arbitrage`.
    step : float
        Length of a step in hours.

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
        A horizon below 1, a limit on cycles per day (which a plan for some hours cannot keep), or forecasts of another shape.

    Examples
    --------
    It expects no more than 30 ct for step 2 and sells in step 1:

    >>> from tefoundations.resources import Battery
    >>> print(rolling([10, 35, 50], [10, 40, 30], Battery(energy=1, power=1), horizon=3).explain())
    With forecasts 25 ct, with perfect foresight 40 ct: 15 ct were lost to not knowing.
    """
    prices, step = price_series(prices), hours(step)
    count = len(prices)
    if isinstance(horizon, bool) or not isinstance(horizon, (int, np.integer)) or horizon < 1:
        raise InvalidInput(f"horizon {horizon!r} must be a whole number of steps, at least 1")
    expected = _forecasts(forecasts, count, horizon)
    if np.isfinite(battery.cycles_per_day):
        raise InvalidInput("rolling knows no limit on cycles per day; give the battery a cycle_cost instead")
    needed = needed_energy(battery, count, step)
    energy = [float(battery.initial_energy)]
    for t in range(count):
        ahead = min(horizon, count - t)
        known = np.concatenate([prices[t : t + 1], expected(t, ahead)])
        now = replace(battery, initial_energy=energy[-1], final_energy=min(float(needed[t + ahead]), battery.energy))
        stored = float(arbitrage(known, now, method, step).energy[1])
        energy.append(min(max(stored, 0.0), float(battery.energy)))  # a solver may end a rounding beyond full
    energy = np.array(energy)
    charge, discharge = trades_of(energy, battery)
    nothing = np.zeros(count)
    done = Schedule(prices, battery, charge, discharge, energy, step, "rolling", nothing, nothing.copy())
    return Rolling(done, arbitrage(prices, battery, step=step))


def _forecasts(forecasts, count, horizon):
    """A function: (step, steps ahead) -> prices expected for the steps after the present one."""
    try:
        array = np.array(forecasts, dtype=float)
    except (TypeError, ValueError):
        raise InvalidInput(
            f"forecasts must be numbers in ({count},) or ({count}, H), not {type(forecasts).__name__}"
        ) from None
    if array.shape == (count,):
        return lambda t, ahead: array[t + 1 : t + ahead]
    if array.ndim == 2 and len(array) == count and array.shape[1] >= min(horizon, count):
        return lambda t, ahead: array[t, 1:ahead]
    raise InvalidInput(f"forecasts of shape {array.shape} must be ({count},) or ({count}, at least {horizon})")
