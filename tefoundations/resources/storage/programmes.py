"""Storage as a linear programme, and as a mixed-integer one where the linear one is wrong.

The linear programme may charge and discharge in one step. That burns energy, and where the price is below zero, burning is
paid for: the programme earns money that no battery could. There, and only there, a binary variable chooses one direction.

Columns: charge c, discharge d (kWh at the terminal), stored energy e at the end of each step (kWh), T of each. Rows:

    e[t] - kept e[t-1] - charge_efficiency c[t] + d[t] / discharge_efficiency = 0
    sum of d / discharge_efficiency over a day <= cycles_per_day energy     (of each step its share in that day)
"""

from dataclasses import dataclass

import numpy as np

from tefoundations.programmes import linear
from tefoundations.resources.batteries import HOURS_OF_A_DAY, step_limits

GAP = 1e-9  # share of the profit by which the mixed-integer programme may miss the best


@dataclass(frozen=True, eq=False)
class StorageRows:
    """The rows, by row: starts (m + 1,), columns and entries (k,), low and high (m,); the first T rows are the balances."""

    starts: np.ndarray
    columns: np.ndarray
    entries: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class StoragePlan:
    """Optimum: charge, discharge (T,) and energy (T + 1,) kWh, cycle_price (T,) ct per kWh out of the store, profit ct."""

    charge: np.ndarray
    discharge: np.ndarray
    energy: np.ndarray
    cycle_price: np.ndarray
    profit: float


def burning(prices, battery):
    """(T,) bool array: steps in which the losses of charging and discharging at once would be paid for.

    A kWh bought and what is left of it sold in the same step costs the price of the loss, and wear. Where the price is far
    enough below zero, that cost is negative.
    """
    return prices * (1 - battery.round_trip_efficiency) + battery.cycle_cost * battery.round_trip_efficiency < 0


def rows_of(count, battery, step, days=None):
    """The rows for `count` steps of `step` hours, without a loop over steps; `days` from `day_shares`, else of 24 hours."""
    t = np.arange(count)
    columns = np.stack([t, count + t, 2 * count + t - 1, 2 * count + t], axis=1)
    entries = np.tile([-battery.charge_efficiency, 1 / battery.discharge_efficiency, -battery.kept(step), 1.0], (count, 1))
    there = np.ones((count, 4), dtype=bool)
    there[0, 2] = False  # what is stored before the first step is given
    lengths, right = there.sum(axis=1), np.zeros(count)
    right[0] = battery.kept(step) * battery.initial_energy
    columns, entries, low, high = columns[there], entries[there], right, right
    if np.isfinite(battery.cycles_per_day):
        day, t, share = day_shares(count, step) if days is None else days
        columns = np.concatenate([columns, count + t])
        entries = np.concatenate([entries, share / battery.discharge_efficiency])
        lengths = np.concatenate([lengths, np.bincount(day)])
        most = np.full(day[-1] + 1, battery.cycles_per_day * battery.energy)
        low, high = np.concatenate([low, np.full(len(most), -np.inf)]), np.concatenate([high, most])
    return StorageRows(np.concatenate([[0], np.cumsum(lengths)]), columns, entries, low, high)


def day_shares(count, step, midnights=None):
    """Which part of which step lies in which day: three (k,) arrays, day and step counted from 0, and the share of the step.

    A step may reach over midnight, or over several days: a limit a day means the same whatever the length of a step. The
    midnights are hours after the first step begins, rising; without them a day is 24 hours from there.
    """
    if midnights is None:
        midnights = np.arange(1, np.ceil(count * step / HOURS_OF_A_DAY) + 1) * HOURS_OF_A_DAY
    near = 1e-9 * step  # a midnight so near to the edge of a step is that edge
    midnights = midnights[(midnights > near) & (midnights < count * step - near)]
    bounds, edges = np.concatenate([[0.0], midnights, [count * step]]), np.arange(count + 1) * step
    first = np.searchsorted(bounds, edges[:-1] + near, side="right") - 1
    days = np.searchsorted(bounds, edges[1:] - near, side="left") - first
    t = np.repeat(np.arange(count), days)
    day = first[t] + np.arange(len(t)) - np.repeat(np.cumsum(days) - days, days)
    inside = np.minimum(edges[t + 1], bounds[day + 1]) - np.maximum(edges[t], bounds[day])
    return day, t, np.where(days[t] == 1, 1.0, inside / step)


def cycle_prices(of_days, count, step, days=None):
    """(count,) float array: what a kWh that leaves the store in each step costs, from the prices of the days; none: 0."""
    if not len(of_days):
        return np.zeros(count)
    day, t, share = day_shares(count, step) if days is None else days
    return np.bincount(t, share * of_days[day], minlength=count)


def bounds_of(count, battery, step):
    """Lower and upper bounds of the 3 T columns (kWh)."""
    charge, discharge = step_limits(battery, step)
    low, high = np.zeros(3 * count), np.repeat([charge, discharge, battery.energy], count)
    low[-1] = battery.final_energy
    return low, high


def linear_optimum(prices, battery, step, end_value=0.0, days=None, one_way=None):
    """The best plan by HiGHS, simplex without presolve (which takes longer here than the simplex method itself).

    Parameters
    ----------
    prices : (T,) float array
        ct/kWh.
    battery : Battery
    step : float
        Hours.
    end_value : float
        What a kWh left at the end is worth (ct/kWh).
    days : tuple of arrays, optional
        From `day_shares`.
    one_way : (charging, discharging) or None
        Two (T,) bool arrays: where charging, and where discharging, is allowed; None: everywhere both, also at once.

    Returns
    -------
    StoragePlan
    """
    count, rows = len(prices), rows_of(len(prices), battery, step, days)
    low, high = bounds_of(count, battery, step)
    if one_way is not None:
        high[: 2 * count] *= np.concatenate(one_way)
    values, dual, profit = _solve(cost_of(prices, battery, end_value), low, high, rows, None)
    cycle_price = cycle_prices(-dual[count:], count, step, days)
    charge, discharge, stored = values.reshape(3, count)
    return StoragePlan(charge, discharge, np.concatenate([[battery.initial_energy], stored]), cycle_price, profit)


def cost_of(prices, battery, end_value=0.0):
    """(3 T,) float array: what a kWh of each column costs (ct)."""
    cost = np.concatenate([prices, battery.cycle_cost - prices, np.zeros(len(prices))])
    cost[-1] = -end_value
    return cost


def one_way_optimum(prices, battery, step, end_value=0.0, days=None):
    """The best plan that never charges and discharges in one step: binaries just where that would be paid for."""
    program = OneWay(len(prices), battery, step, np.flatnonzero(burning(prices, battery)), days)
    values, _ = program.solve(cost_of(prices, battery, end_value))
    # The directions known, the linear programme gives an exact corner.
    return linear_optimum(prices, battery, step, end_value, days, program.directions(values))


class OneWay:
    """The programme with a binary variable u in the steps `at`: u = 1 lets it charge, u = 0 lets it discharge.

    Columns are those of the linear programme and then u; columns and rows may be added behind them.
    """

    def __init__(self, count, battery, step, at, days=None):
        self.count, self.at, choices = count, at, len(at)
        rows, (low, high) = rows_of(count, battery, step, days), bounds_of(count, battery, step)
        most_in, most_out = step_limits(battery, step)
        u = 3 * count + np.arange(choices)
        # c <= most_in u and d + most_out u <= most_out
        pairs = np.concatenate([np.stack([at, u], axis=1), np.stack([count + at, u], axis=1)])
        weights = np.concatenate([np.tile([1.0, -most_in], (choices, 1)), np.tile([1.0, most_out], (choices, 1))])
        most = np.concatenate([np.zeros(choices), np.full(choices, most_out)])
        self.low, self.high = np.concatenate([low, np.zeros(choices)]), np.concatenate([high, np.ones(choices)])
        self.rows = with_rows(rows, pairs, weights, most)

    def solve(self, cost, columns=0, rows=None):
        """All columns at the optimum, and its profit (ct); `columns` free ones are added, whose costs come last."""
        free = np.full(columns, np.inf)
        cost = np.concatenate([cost[: 3 * self.count], np.zeros(len(self.at)), cost[3 * self.count :]])
        whole = np.concatenate([np.zeros(3 * self.count), np.ones(len(self.at)), np.zeros(columns)]).astype(bool)
        low, high = np.concatenate([self.low, -free]), np.concatenate([self.high, free])
        values, _, profit = _solve(cost, low, high, rows or self.rows, whole)
        return values, profit

    def directions(self, values):
        """Where charging, and where discharging, is allowed: two (T,) bool arrays."""
        charging, discharging = np.ones((2, self.count), dtype=bool)
        charging[self.at] = values[3 * self.count : 3 * self.count + len(self.at)] > 0.5
        discharging[self.at] = ~charging[self.at]
        return charging, discharging


def with_rows(rows, columns, entries, most):
    """Rows joined by (m, k) columns and entries, each row at most so much."""
    added, width = columns.shape
    return StorageRows(
        np.concatenate([rows.starts, rows.starts[-1] + width * np.arange(1, added + 1)]),
        np.concatenate([rows.columns, columns.ravel()]),
        np.concatenate([rows.entries, entries.ravel()]),
        np.concatenate([rows.low, np.full(added, -np.inf)]),
        np.concatenate([rows.high, most]),
    )


def _solve(cost, low, high, rows, whole):
    from scipy.sparse import csr_array

    matrix = csr_array((rows.entries, rows.columns, rows.starts), shape=(len(rows.low), len(cost)))
    found = linear(cost, matrix, rows.low, rows.high, low, high, whole=whole, gap=GAP)
    return found.x, found.dual, -found.objective
