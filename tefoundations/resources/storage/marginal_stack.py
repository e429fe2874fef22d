"""The exact dynamic programme: what stored energy is worth, as a stack of blocks, each with its value per kWh.

Let V(s) be the most that can still be earned with s kWh in store. It is concave and piecewise linear, so it is known by its
slopes: a stack of blocks, the most valuable kWh on top. A step back in time adds two blocks. One is what can be bought
now: kWh that need not be in store yet, at their price. The other is what can be sold now. Both are laid into the stack by
value. Then the stack is cut back to what the store can hold.

Valid if no step pays for losing energy, see `burning` in `tefoundations.resources.storage.programmes`.
"""

from math import inf

import numpy as np

from tefoundations.resources.batteries import step_limits


def best_path(prices, battery, step, end_value=0.0):
    """The stored energy of the best plan.

    Parameters
    ----------
    prices : (T,) float array
        ct/kWh.
    battery : Battery
    step : float
        Hours.
    end_value : float
        What a kWh left at the end is worth (ct/kWh), not negative.

    Returns
    -------
    (T + 1,) float array, kWh at the beginning of each step and at the end

    Examples
    --------
    >>> from tefoundations.resources import Battery
    >>> best_path(np.array([3.0, 1.0, 2.0]), Battery(energy=2, power=1), step=1)
    array([0., 0., 1., 0.])
    """
    charge, discharge = step_limits(battery, step)
    most_in, most_out, kept = (
        charge * battery.charge_efficiency,
        discharge / battery.discharge_efficiency,
        battery.kept(step),
    )
    energy, now = [battery.initial_energy], battery.initial_energy
    for fill_to, empty_to in hold_levels(prices, battery, most_in, most_out, kept, end_value):
        now *= kept
        if now < fill_to:
            now = min(fill_to, now + most_in)
        elif now > empty_to:
            now = max(empty_to, now - most_out)
        energy.append(now)
    return np.clip(energy, 0.0, battery.energy)


def hold_levels(prices, battery, most_in, most_out, kept, end_value=0.0):
    """For each step two levels (kWh): below the first the best plan buys, above the second it sells, between it waits."""
    buying = (prices / battery.charge_efficiency).tolist()
    selling = ((prices - battery.cycle_cost) * battery.discharge_efficiency).tolist()
    final, room = battery.final_energy, battery.energy - battery.final_energy
    # Energy that must be left at the end is worth more than any price; the rest is worth its end value then.
    blocks = [(value, width) for value, width in ((inf, final), (end_value, room)) if width > 0]
    values, widths = [value for value, _ in blocks], [width for _, width in blocks]
    levels = [None] * len(buying)
    for t in range(len(buying) - 1, -1, -1):
        buy, sell, count = buying[t], selling[t], len(values)
        level, i = 0.0, 0
        while i < count and values[i] > buy:  # worth more than it costs now
            level += widths[i]
            i += 1
        fill_to, j = level, i
        while j < count and values[j] >= sell:  # worth keeping
            level += widths[j]
            j += 1
        levels[t] = fill_to, level
        values.insert(j, sell)
        widths.insert(j, most_out)
        values.insert(i, buy)
        widths.insert(i, most_in)
        _cut_top(values, widths, most_in)
        _cut_bottom(values, widths, kept * battery.energy)
        if kept < 1:  # of a kWh held when the step begins, this much is left to use
            values, widths = [value * kept for value in values], [width / kept for width in widths]
    return levels


def _cut_top(values, widths, amount):
    """Take the most valuable kWh off: they are bought now, so that the stack begins at an empty store."""
    gone = 0
    while widths[gone] <= amount:
        amount -= widths[gone]
        gone += 1
    del values[:gone], widths[:gone]
    widths[0] -= amount


def _cut_bottom(values, widths, room):
    """Take the least valuable kWh off: there is no room for them."""
    amount = sum(widths) - room  # counted anew each time: rounding would grow from step to step where energy is lost
    while widths[-1] <= amount:
        amount -= widths.pop()
        values.pop()
    widths[-1] -= amount
