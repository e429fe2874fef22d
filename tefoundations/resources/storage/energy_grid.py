"""The readable dynamic programme: stored energy on a grid of levels, every move between two levels tried in every step."""

import numpy as np

from tefoundations.programmes import NEAR, ROUNDING
from tefoundations.resources.batteries import needed_energy, step_limits


def best_path_on_grid(prices, battery, step, impact, levels, end_value=0.0):
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
        Evenly spaced levels from empty to full; initial and final energy are added to them, and where no path of these leads
        to the final energy, those of the laziest plan that does.
    end_value : float
        What a kWh left at the end is worth (ct/kWh).

    Returns
    -------
    (T + 1,) float array, kWh at the beginning of each step and at the end

    Examples
    --------
    >>> from tefoundations.resources import Battery
    >>> best_path_on_grid(np.array([3.0, 1.0, 2.0]), Battery(energy=2, power=1), 1, np.zeros(3), levels=3)
    array([0., 0., 1., 0.])
    """
    ends = [battery.initial_energy, battery.final_energy]
    energy = np.unique(np.concatenate([np.linspace(0, battery.energy, levels), ends]))
    moves = _moves(energy, battery, step)
    if not _reaches(moves[2], energy, battery, len(prices)):
        # Steps so short that no level is within reach of the next: those of the laziest plan lead to the final energy.
        energy = np.unique(np.concatenate([energy, _laziest(battery, len(prices), step)]))
        moves = _moves(energy, battery, step)
    charge, discharge, possible = moves
    sold, wear = discharge - charge, np.where(possible, battery.cycle_cost * discharge, np.inf)
    value = np.where(energy >= battery.final_energy, end_value * energy, -np.inf)
    best = np.empty((len(prices), len(energy)), dtype=np.intp)
    for t in range(len(prices) - 1, -1, -1):
        worth = (prices[t] - impact[t] * sold) * sold - wear + value
        best[t] = worth.argmax(axis=1)
        value = np.take_along_axis(worth, best[t][:, None], axis=1)[:, 0]
    at = [int(np.searchsorted(energy, battery.initial_energy))]
    for t in range(len(prices)):
        at.append(int(best[t][at[-1]]))
    return energy[at]


def _moves(energy, battery, step):
    """Charge and discharge (kWh) from each level (row) to each (column), and whether a step allows it."""
    change = energy[None, :] - battery.kept(step) * energy[:, None]
    charge = np.maximum(change, 0) / battery.charge_efficiency
    discharge = np.maximum(-change, 0) * battery.discharge_efficiency
    most_in, most_out = step_limits(battery, step)
    # A difference of two levels is known to the rounding of the levels.
    off = ROUNDING * battery.energy
    possible = (charge <= most_in * (1 + NEAR) + off) & (discharge <= most_out * (1 + NEAR) + off)
    return charge, discharge, possible


def _reaches(possible, energy, battery, steps):
    """Whether moves from level to level lead from the initial to the final energy."""
    there = energy >= battery.final_energy
    for _ in range(steps):
        before, there = there, (possible & there).any(axis=1)
        if (before == there).all():
            break
    return bool(there[np.searchsorted(energy, battery.initial_energy)])


def _laziest(battery, steps, step):
    """Stored energy of the plan that buys only what the final energy needs, as late as it can: (steps + 1,) kWh."""
    energy, kept = [battery.initial_energy], battery.kept(step)
    for needed in needed_energy(battery, steps, step)[1:]:
        energy.append(max(kept * energy[-1], float(needed)))
    return np.array(energy)
