"""Storage arbitrage: buy energy when it is cheap, keep it, sell it when it is dear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance, not_negative, one_of, positive, whole
from tefoundations.programmes import NEAR
from tefoundations.resources.batteries import Battery, needed_energy, trades_of
from tefoundations.resources.series import impact_series, midnights_of, price_series
from tefoundations.resources.storage.energy_grid import best_path_on_grid
from tefoundations.resources.storage.marginal_stack import best_path
from tefoundations.resources.storage.price_maker import best_quadratic
from tefoundations.resources.storage.programmes import burning, day_shares, linear_optimum, one_way_optimum
from tefoundations.resources.storage.schedule import Schedule

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from tefoundations.resources.batteries import Battery

METHODS = ("auto", "stack", "lp", "milp", "grid")
LEVELS = 201


def arbitrage(
    prices: ArrayLike,
    battery: Battery,
    method: str = "auto",
    *,
    hours: float = 1.0,
    price_impact: ArrayLike = 0.0,
    levels: int = LEVELS,
    end_value: float = 0.0,
) -> Schedule:
    """The plan by which a battery earns most from known prices.

    Each kWh sold brings the price of its step, each kWh bought costs it; each kWh discharged costs wear. Each kWh left in
    store at the end is worth `end_value`. The final energy of the battery is the least that must be left, whatever it is
    worth; a value above 0 may leave more.

    Parameters
    ----------
    prices : (T,) float array
        Price of each step (ct/kWh), any sign. With an index of times the days of `cycles_per_day` are those of the calendar,
        in the index's own time zone.
    battery : Battery
    method : {"auto", "stack", "lp", "milp", "grid"}
        `"stack"`: exact dynamic programme over marginal values, the fastest; refused where losing energy would be paid for,
        and with a limit on cycles. `"lp"`: linear programme; with prices below zero it may charge and discharge at once, and
        then says so (`relaxed`). `"milp"`: the same with a binary choice of direction in just those steps. `"grid"`: dynamic
        programme on evenly spaced levels of stored energy, right to their resolution. `"auto"`: the right one.
    hours : float
        Length of a step (h), above 0.
    price_impact : float or (T,) float array
        Fall of the price (ct/kWh) for each kWh sold in a step, and rise for each kWh bought: the slope of a linear residual
        demand. Above 0 the battery is a price-maker; methods `"auto"` (a quadratic programme) and `"grid"`. Its index, if it
        has one, is that of the prices.
    levels : int
        Levels of stored energy of method `"grid"`, at least 2.
    end_value : float
        What each kWh left in store at the end is worth (ct/kWh), not negative: what it will bring, or spare, tomorrow,
        losses and wear on its way out taken off. All of it counts in the profit, the final energy too.

    Returns
    -------
    Schedule

    Raises
    ------
    InvalidPrices
        No prices, one that is not a finite number, or an index that does not rise by `hours`; names the step.
    InvalidBattery
        The final energy cannot be reached.
    InvalidInput
        Another argument has no meaning, or the method does not fit; names the step or the parameter.
    TEError
        The solver gave up; the message is the solver's.

    References
    ----------
    Sioshansi, R., Denholm, P., Jenkin, T. and Weiss, J. (2009), "Estimating the value of electricity storage in PJM:
    Arbitrage and some welfare effects", Energy Economics 31(2), 269-277 (the linear programme, a price-maker's effect).

    Examples
    --------
    A spread too small for the losses is left alone:

    >>> from tefoundations.resources import Battery
    >>> lossy = Battery(energy=1, power=1, charge_efficiency=0.9, discharge_efficiency=0.9)
    >>> arbitrage([40, 45], lossy).profit
    0.0

    >>> arbitrage([40, 60], lossy)
    Schedule(stack: 2 steps, 0.9 cycles, profit 8.6)

    A kWh that brings 70 ct tomorrow, of which 63 are left after the losses, is worth filling for today:

    >>> kept = arbitrage([40, 60], lossy, end_value=63)
    >>> kept.energy, round(kept.profit, 6)
    (array([0. , 0.9, 0.9]), 16.7)

    Below zero a linear programme burns energy for money that no battery could earn:

    >>> prices = [-50, -50, -50, 60]
    >>> arbitrage(prices, lossy, "lp")
    Schedule(lp, relaxed: 4 steps, 2.7 cycles, profit 127.5)
    >>> arbitrage(prices, lossy)
    Schedule(milp: 4 steps, 1.8 cycles, profit 118)
    """
    instance(battery, Battery, "battery")
    step = positive(hours, "hours", unit="of hours")
    given, prices = prices, price_series(prices, step)
    one_of(method, METHODS, "method")
    levels = whole(levels, "levels", least=2)
    impact = impact_series(price_impact, len(prices), given, step)
    value = not_negative(end_value, "end_value")
    needed_energy(battery, len(prices), step)  # refuses a final energy out of reach
    limited = bool(np.isfinite(battery.cycles_per_day))
    days = day_shares(len(prices), step, midnights_of(given, len(prices) * step)) if limited else None
    if limited and method in ("stack", "grid"):
        raise InvalidInput(f"method {method!r} knows no limit on cycles per day; use 'auto', 'lp' or 'milp'")
    if impact.any():
        if method not in ("auto", "grid"):
            raise InvalidInput(f"method {method!r} takes prices as given; with price_impact use 'auto' or 'grid'")
        if method == "auto":
            return _found(
                prices, battery, step, impact, "quadratic", best_quadratic(prices, battery, step, impact, value, days), value
            )
    if method == "grid":
        path = best_path_on_grid(prices, battery, step, impact, levels, value)
        return along(prices, battery, step, impact, method, path, value)
    burns = burning(prices, battery)
    if method == "stack" and burns.any():
        at = int(np.argmax(burns))
        raise InvalidInput(f"method 'stack' fails where losing energy is paid for: step {at} has the price {prices[at]:g}")
    if method == "stack" or (method == "auto" and not burns.any() and not limited):
        return along(prices, battery, step, impact, "stack", best_path(prices, battery, step, value), value)
    if method == "milp":
        return _found(prices, battery, step, impact, "milp", one_way_optimum(prices, battery, step, value, days), value)
    return _linear(prices, battery, step, impact, value, days, method)


def along(prices, battery, step, impact, method, energy, end_value):
    """The schedule along a path of stored energy (T + 1,), kWh."""
    charge, discharge = trades_of(energy, battery, step)
    nothing = np.zeros(len(prices))
    return Schedule(prices, battery, charge, discharge, energy, step, method, impact, nothing, end_value=end_value)


def _found(prices, battery, step, impact, method, solution, end_value):
    charge, discharge = trades_of(solution.energy, battery, step)
    return Schedule(
        prices, battery, charge, discharge, solution.energy, step, method, impact, solution.cycle_price, end_value=end_value
    )


def _turnover(prices, solution):
    """All money that changes hands along a plan (ct): what its profit is a difference of."""
    return float(np.abs(prices) @ (solution.charge + solution.discharge))


def _linear(prices, battery, step, impact, end_value, days, method):
    """The linear programme's plan, without doing both at once where that costs nothing.

    Where it does: the mixed-integer programme's, if that is asked for or earns as much; else as it is, and marked.
    """
    solution = linear_optimum(prices, battery, step, end_value, days)
    plan, near = _found(prices, battery, step, impact, "lp", solution, end_value), NEAR * _turnover(prices, solution)
    if plan.profit >= solution.profit - near:
        return plan
    # Another plan may earn the same without it: of equal prices one hour buys and another sells.
    other = one_way_optimum(prices, battery, step, end_value, days)
    if method == "auto":
        return _found(prices, battery, step, impact, "milp", other, end_value)
    if other.profit >= solution.profit - near:
        return _found(prices, battery, step, impact, "lp", other, end_value)
    charge, discharge = solution.charge, solution.discharge
    return Schedule(
        prices, battery, charge, discharge, solution.energy, step, "lp", impact, solution.cycle_price, relaxed=True,
        end_value=end_value,
    )  # fmt: skip
