"""A store large enough to move the price: what it sells lowers the price of the step, what it buys raises it.

With a linear residual demand the price is `price - impact * sold`, and the best plan is a quadratic programme for Clarabel.
As in the linear one, charging and discharging at once can look good where prices are below zero. Then directions are sought
by outer approximation: a mixed-integer linear programme, in which tangents stand for the parabolas of revenue, proposes
them; the quadratic programme with these directions gives a plan, and new tangents at it, until a proposal is worth no more.
"""

import numpy as np

from tefoundations.errors import TEError
from tefoundations.programmes import cone
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


def best_quadratic(prices, battery, step, impact):
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

    Returns
    -------
    StoragePlan

    Raises
    ------
    TEError
        The solver or the search gave up.
    """
    solve = _program(prices, battery, step, impact)
    relaxed = solve(np.ones((2, len(prices)), dtype=bool))
    best = _one_way(relaxed, prices, battery, step, impact)
    # A profit is a difference, and known to the money that changes hands.
    turnover = float(
        np.abs(prices) @ (relaxed.charge + relaxed.discharge) + impact @ (relaxed.discharge - relaxed.charge) ** 2
    )
    if best.profit >= relaxed.profit - EXACT * turnover:
        return best
    most_in, most_out = step_limits(battery, step)
    may_burn = burning(prices - 2 * impact * most_out, battery)  # at the lowest price that a trade can make
    program = OneWay(len(prices), battery, step, np.flatnonzero(may_burn))
    trades = [np.full(len(prices), sold) for sold in np.linspace(-most_in, most_out, TANGENTS)]
    for _ in range(ROUNDS):
        trades.append(best.discharge - best.charge)
        values, bound = _by_tangents(program, prices, battery, impact, trades)
        found = _one_way(solve(np.array(program.directions(values))), prices, battery, step, impact)
        trades.append(found.discharge - found.charge)
        best = max(best, found, key=lambda plan: plan.profit)
        if bound <= best.profit + EXACT * turnover:
            return best
    raise TEError(f"no plan proved best after {ROUNDS} rounds: bound {bound:g}, best plan {best.profit:g}")


def _by_tangents(program, prices, battery, impact, trades):
    """Optimum with the revenue of each step below its tangents at the given trades (kWh sold)."""
    count, t = len(prices), np.arange(len(prices))
    revenue = 3 * count + len(program.at) + t
    slopes = [prices - 2 * impact * sold for sold in trades]
    # revenue - slope d + slope c <= impact sold^2
    columns = np.tile(np.stack([revenue, count + t, t], axis=1), (len(trades), 1))
    entries = np.concatenate([np.stack([np.ones(count), -slope, slope], axis=1) for slope in slopes])
    rows = with_rows(program.rows, columns, entries, np.concatenate([impact * sold**2 for sold in trades]))
    return program.solve(np.concatenate([cost_of(np.zeros(count), battery), -np.ones(count)]), columns=count, rows=rows)


def _one_way(relaxed, prices, battery, step, impact):
    """The plan along the same path of energy, without doing both at once."""
    charge, discharge = trades_of(relaxed.energy, battery, step)
    sold = discharge - charge
    profit = float((prices - impact * sold) @ sold - battery.cycle_cost * discharge.sum())
    return StoragePlan(charge, discharge, relaxed.energy, relaxed.cycle_price, profit)


def _program(prices, battery, step, impact):
    """A function that solves the quadratic programme: (2, T) bool array of what is allowed -> StoragePlan."""
    from scipy.sparse import block_array, csc_array, csr_array, diags_array, eye_array, vstack

    count, rows = len(prices), rows_of(len(prices), battery, step)
    square, none = diags_array(2 * impact), csc_array((count, count))
    squares = csc_array(
        block_array([[square, -square, None], [None, square, None], [None, None, none]])
    )  # the upper triangle
    every = csr_array((rows.entries, rows.columns, rows.starts), shape=(len(rows.low), 3 * count))
    each = eye_array(3 * count, format="csr")
    matrix = csc_array(vstack([every, each, -each]))
    low, high = bounds_of(count, battery, step)
    cones = [("zero", count), ("positive", len(rows.low) - count + 6 * count)]

    def solve(allowed):
        most = high.copy()
        most[: 2 * count] *= allowed.ravel()
        right = np.concatenate([rows.high, most, -low])
        found = cone(cost_of(prices, battery), matrix, right, cones, squares=squares, unit=battery.energy)
        charge, discharge, stored = np.clip(found.x, low, high).reshape(3, count)
        cycle_price = cycle_prices(-found.dual[count : len(rows.low)], count, step)
        energy = _on_bounds(np.concatenate([[battery.initial_energy], stored]), battery)
        return StoragePlan(charge, discharge, energy, cycle_price, -found.objective)

    return solve


def _on_bounds(energy, battery, near=1e-7):
    """An interior point method stops just inside the bounds: put what is so near on them."""
    energy[energy < near * battery.energy] = 0.0
    energy[energy > (1 - near) * battery.energy] = battery.energy
    return energy
