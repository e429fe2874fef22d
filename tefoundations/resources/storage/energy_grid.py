"""The readable dynamic programme: stored energy on a grid of levels, every move between two levels tried in every step."""

import numpy as np

from tefoundations.resources.batteries import ROUNDING, step_limits


def best_path_on_grid(prices, battery, step, impact, levels):
    """The stored energy of the best plan that stays on a grid. Right for prices of any sign, up to the grid's resolution.

    Parameters
    ----------
    prices : (T,) float array
        ct/kWh.
    battery : Battery
    step : float
        Hours.
    impact : (T,) float array
        Fall of the price (ct/kWh) for each kWh sold in the step.
    levels : int
        Evenly spaced levels from empty to full; initial and final energy are added to them.

    Returns
    -------
    (T + 1,) float array, kWh at the beginning of each step and at the end

    Examples
    --------
    >>> from tefoundations.resources import Battery
    >>> best_path_on_grid(np.array([3.0, 1.0, 2.0]), Battery(energy=2, power=1), 1, np.zeros(3), levels=3)
    array([0., 0., 1., 0.])
    """
    energy = np.unique(
        np.concatenate([np.linspace(0, battery.energy, levels), [battery.initial_energy, battery.final_energy]])
    )
    change = energy[None, :] - battery.kept(step) * energy[:, None]  # row: level before, column: level after
    charge, discharge = (
        np.maximum(change, 0) / battery.charge_efficiency,
        np.maximum(-change, 0) * battery.discharge_efficiency,
    )
    most_in, most_out = step_limits(battery, step)
    possible = (charge <= most_in * (1 + ROUNDING)) & (discharge <= most_out * (1 + ROUNDING))
    sold, wear = discharge - charge, np.where(possible, battery.cycle_cost * discharge, np.inf)

    value = np.where(energy >= battery.final_energy, 0.0, -np.inf)
    best = np.empty((len(prices), len(energy)), dtype=np.intp)
    for t in range(len(prices) - 1, -1, -1):
        worth = (prices[t] - impact[t] * sold) * sold - wear + value
        best[t] = worth.argmax(axis=1)
        value = np.take_along_axis(worth, best[t][:, None], axis=1)[:, 0]

    at = [int(np.searchsorted(energy, battery.initial_energy))]
    for t in range(len(prices)):
        at.append(int(best[t][at[-1]]))
    return energy[at]
