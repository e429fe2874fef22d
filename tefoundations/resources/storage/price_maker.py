"""A store large enough to move the price: what it sells lowers the price of the step, what it buys raises it.

With a linear residual demand the price is `price - impact * sold`, and the best plan is a quadratic programme for Clarabel.
As in the linear one, charging and discharging at once can look good where prices are below zero. Then directions are sought
by outer approximation: a mixed-integer linear programme, in which tangents stand for the parabolas of revenue, proposes
them; the quadratic programme with these directions gives a plan, and new tangents at it, until a proposal is worth no more.
"""

from itertools import accumulate

import numpy as np

from tefoundations.errors import TEError
from tefoundations.programmes import NEAR, cone, is_zero
from tefoundations.resources.batteries import step_limits, trades_of
from tefoundations.resources.storage.programmes import (
    OneWay,
    StoragePlan,
    bounds_of,
    burning,
    cost_of,
    cycle_prices,
    rows_of,
    with_rows,
)

ROUNDS = 60
EXACT = 1e-6  # of the profit: how near the bound and the best plan must come
TANGENTS = 9  # to begin with, at evenly spaced trades


def best_quadratic(prices, battery, step, impact, end_value=0.0, days=None):
    """The best plan of a price-maker that never charges and discharges in one step.

    Parameters
    ----------
    prices : (T,) float array
        Prices if the store does nothing (ct/kWh).
    battery : Battery
    step : float
        Hours.
    impact : (T,) float array
        Fall of the price (ct/kWh) for each kWh sold in the step, not negative.
    end_value : float
        What a kWh left at the end is worth (ct/kWh), not negative.
    days : tuple of arrays, optional
        From `day_shares`.

    Returns
    -------
    StoragePlan

    Raises
    ------
    TEError
        The solver or the search gave up.
    """
    most = np.minimum(most_worth(prices, battery, impact, end_value), np.reshape(step_limits(battery, step), (2, 1)))
    solve = _program(prices, battery, step, impact, most, end_value, days)
    relaxed = solve(np.ones((2, len(prices)), dtype=bool))
    best = _one_way(relaxed, prices, battery, step, impact, end_value)
    # A profit is a difference, and known to the money that changes hands; trades are known to the most that may be traded.
    turnover = np.abs(prices) @ (relaxed.charge + relaxed.discharge) + impact @ (relaxed.discharge - relaxed.charge) ** 2
    exact = float(EXACT * turnover + NEAR * np.abs(prices) @ most.sum(axis=0))
    if best.profit >= relaxed.profit - exact:
        return best
    may_burn = burning(
        prices - 2 * impact * step_limits(battery, step)[1], battery
    )  # at the lowest price that a trade can make
    program = OneWay(len(prices), battery, step, np.flatnonzero(may_burn), days)
    program.high[: most.size] = most.ravel()
    trades = list(np.linspace(-most[0], most[1], TANGENTS))
    for _ in range(ROUNDS):
        trades.append(best.discharge - best.charge)
        values, bound = _by_tangents(program, prices, battery, impact, trades, end_value)
        found = _one_way(solve(np.array(program.directions(values))), prices, battery, step, impact, end_value)
        trades.append(found.discharge - found.charge)
        best = max(best, found, key=lambda plan: plan.profit)
        if bound <= best.profit + exact:
            return best
    raise TEError(f"no plan proved best after {ROUNDS} rounds: bound {bound:g}, best plan {best.profit:g}")


def _by_tangents(program, prices, battery, impact, trades, end_value):
    """Optimum with the revenue of each step below its tangents at the given trades (kWh sold)."""
    count, t = len(prices), np.arange(len(prices))
    revenue = 3 * count + len(program.at) + t
    slopes = [prices - 2 * impact * sold for sold in trades]
    # revenue - slope d + slope c <= impact sold^2
    columns = np.tile(np.stack([revenue, count + t, t], axis=1), (len(trades), 1))
    entries = np.concatenate([np.stack([np.ones(count), -slope, slope], axis=1) for slope in slopes])
    rows = with_rows(program.rows, columns, entries, np.concatenate([impact * sold**2 for sold in trades]))
    return program.solve(
        np.concatenate([cost_of(np.zeros(count), battery, end_value), -np.ones(count)]), columns=count, rows=rows
    )


def _one_way(relaxed, prices, battery, step, impact, end_value):
    """The plan without doing both at once: the same trades if the store can hold what is then kept, else the same path."""
    sold, kept = relaxed.discharge - relaxed.charge, battery.kept(step)
    change = battery.charge_efficiency * np.maximum(-sold, 0.0) - np.maximum(sold, 0.0) / battery.discharge_efficiency
    held = np.array(list(accumulate(change, lambda energy, more: kept * energy + more, initial=relaxed.energy[0])))
    trade = np.abs(sold).max()
    held = _without_dust(held, battery, step, trade) if trade else held
    fits = held.max() <= battery.energy and held.min() >= 0 and held[-1] >= battery.final_energy
    energy = held if fits else relaxed.energy
    charge, discharge = trades_of(energy, battery, step)
    profit = _profit(charge, discharge, prices, battery, impact) + end_value * energy[-1]
    return StoragePlan(charge, discharge, energy, relaxed.cycle_price, float(profit))


def _profit(charge, discharge, prices, battery, impact):
    """What a plan earns (ct), what is left in store not counted."""
    sold = discharge - charge
    return float((prices - impact * sold) @ sold - battery.cycle_cost * discharge.sum())


def _program(prices, battery, step, impact, worth, end_value, days):
    """A function that solves the quadratic programme: (2, T) bool array of what is allowed -> StoragePlan."""
    from scipy.sparse import block_array, csc_array, csr_array, diags_array, eye_array, vstack

    count, rows, cost = len(prices), rows_of(len(prices), battery, step, days), cost_of(prices, battery, end_value)
    square, none = diags_array(2 * impact), csc_array((count, count))
    squares = csc_array(
        block_array([[square, -square, None], [None, square, None], [None, None, none]])
    )  # the upper triangle
    every = csr_array((rows.entries, rows.columns, rows.starts), shape=(len(rows.low), 3 * count))
    each = eye_array(3 * count, format="csr")
    matrix = csc_array(vstack([every, each, -each]))
    low, high = bounds_of(count, battery, step)
    # A bound that is never worth reaching is drawn in to twice what may be: it would drown the others.
    high[: 2 * count] = np.minimum(high[: 2 * count], 2 * worth.ravel())

    def solve(allowed):
        most = high.copy()
        most[: 2 * count] *= allowed.ravel()
        x, free, cycles = low.copy(), most > low, np.zeros(len(rows.low) - count)
        if not free[: 2 * count].any():
            x[2 * count :] = battery.initial_energy * battery.kept(step) ** np.arange(1, count + 1)
        else:
            # An interior point method wants room on both sides: what has none is no variable.
            kept = np.concatenate([np.ones(len(rows.low), dtype=bool), free, free])
            right = np.concatenate([rows.high, most, -low]) - matrix @ np.where(free, 0.0, low)
            cones = [("zero", count), ("positive", np.count_nonzero(kept) - count)]
            own = squares[free][:, free]
            found = cone(cost[free], matrix[kept][:, free], right[kept], cones, squares=own, unit=most[: 2 * count].max())
            x[free], cycles = np.clip(found.x, low[free], most[free]), found.dual[count : len(rows.low)]
        charge, discharge, stored = x.reshape(3, count)
        cycle_price = cycle_prices(-cycles, count, step, days)
        energy = _without_dust(np.concatenate([[battery.initial_energy], stored]), battery, step, worth.max())
        profit = _profit(charge, discharge, prices, battery, impact) + end_value * energy[-1]
        return StoragePlan(charge, discharge, energy, cycle_price, float(profit))

    return solve


def most_worth(prices, battery, impact, end_value=0.0):
    """(2, T) float array: the most (kWh) that it can pay to charge, and to discharge, in each step.

    The last kWh charged is sold again at no more than the best price, or left for its end value, or kept because it must be,
    or better left out. The
    last one discharged could stay, or spare a purchase that is paid for.
    """
    into, out = battery.charge_efficiency, battery.discharge_efficiency
    sold, bought = max((prices.max() - battery.cycle_cost) * out, end_value), min(prices.min() / into, 0.0)
    gains = []
    for ends in ((sold * into, prices), (prices - battery.cycle_cost, bought / out)):
        gain = ends[0] - ends[1]
        gains.append(np.where(is_zero(gain, of=np.abs(ends[0]) + np.abs(ends[1])), 0.0, np.maximum(gain, 0.0)))
    charge, discharge = np.divide(gains, 2 * impact, out=np.where(np.array(gains) > 0, np.inf, 0.0), where=impact > 0)
    must = battery.final_energy - battery.initial_energy  # a leaky store must be filled again on the way
    must = battery.energy if battery.self_discharge and battery.final_energy else max(must, 0.0)
    charge = np.maximum(charge, must / into)
    left = battery.initial_energy + into * charge.sum() - battery.final_energy
    return np.array([charge, np.minimum(discharge, max(left, 0.0) * out)])


def _without_dust(energy, battery, step, trade, near=1e-7):
    """An interior point method stops just inside the bounds: put what is so near on them, and leave out what is no trade."""
    energy[energy < near * min(battery.energy, trade)] = 0.0
    energy[energy > battery.energy - near * min(battery.energy, trade)] = battery.energy
    kept = battery.kept(step)
    for t in range(1, len(energy)):
        rests = kept * energy[t - 1]
        ends = t == len(energy) - 1 and rests < battery.final_energy
        if is_zero(energy[t] - rests, of=trade, share=NEAR) and not ends:
            energy[t] = rests
    return energy
