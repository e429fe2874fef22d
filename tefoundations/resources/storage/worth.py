"""What a stored kWh is worth in each step, read off a best plan: all prices that support it.

A price of stored energy supports a plan if, at that price, nobody would charge or discharge more or less. A step that
charges at part of its power pins the price to what charging costs; full power or rest only bound it. While the store is
neither empty nor full, one price holds from step to step. When it is empty the price may fall, when it is full it may rise.
"""

import numpy as np


def supporting_interval(plan, near=1e-7):
    """The lowest and highest price of stored energy that supports a plan, for each step (ct/kWh).

    Parameters
    ----------
    plan : Schedule
    near : float
        How near to a limit counts as on it, as a share of the limit.

    Returns
    -------
    (low, high) : two (T,) float arrays
    """
    low, high = _alone(plan, near)
    stored, battery = plan.energy[1:], plan.battery
    empty = stored <= near * battery.energy
    full = stored >= (1 - near) * battery.energy
    empty[-1] = stored[-1] <= battery.final_energy + near * battery.energy
    low, high, kept = low.tolist(), high.tolist(), battery.kept(plan.hours)
    after = (plan.end_value / kept,) * 2  # nothing stands after the last step in which it could be lost
    for t in range(len(low) - 1, -1, -1):
        low[t], high[t] = _linked(low[t], high[t], kept * after[0], kept * after[1], may_fall=empty[t], may_rise=full[t])
        after = low[t], high[t]
    for t in range(1, len(low)):
        low[t], high[t] = _linked(
            low[t], high[t], low[t - 1] / kept, high[t - 1] / kept, may_fall=full[t - 1], may_rise=empty[t - 1]
        )
    return np.array(low), np.array(high)


def _alone(plan, near):
    """Bounds from what each step does, its neighbours left out."""
    buy, sell = plan.cost_of_storing, plan.value_of_withdrawing
    most_in, most_out = plan.limits
    c, d = plan.charge > near * most_in, plan.discharge > near * most_out
    c_part, d_part = plan.charge < (1 - near) * most_in, plan.discharge < (1 - near) * most_out
    low, high = np.full(len(buy), -np.inf), np.full(len(buy), np.inf)
    low[c] = buy[c]
    high[c & c_part] = buy[c & c_part]
    high[d] = np.minimum(high[d], sell[d])
    low[d & d_part] = np.maximum(low[d & d_part], sell[d & d_part])
    rest = ~c & ~d
    low[rest], high[rest] = np.minimum(buy, sell)[rest], np.maximum(buy, sell)[rest]
    return low, high


def _linked(low, high, other_low, other_high, *, may_fall, may_rise):
    """The part of an interval that has a partner in the neighbour's: equal, or above it where it may fall towards it."""
    if not may_fall:
        high = min(high, other_high)
    if not may_rise:
        low = max(low, other_low)
    if low > high:  # rounding, or a kink of a plan that is not convex
        low = high = (low + high) / 2
    return low, high
