"""How fast is a battery planned? The stack of marginal values against the same linear programme in HiGHS and in cvxpy.

`make bench` runs this and writes data/measurements/storage.csv, which a chapter draws. A store of 4 hours, prices from zero
with a daily and a yearly swing, from a day to a year; then a year in which one hour in five has a price below zero, and a
year planned day by day. HiGHS gets its arrays built beforehand and only loads and solves
them, without presolve and on one thread: its best here. Each figure is the median of some runs, routes in turns.
"""

import statistics
import sys
import time
from pathlib import Path

import cvxpy as cp
import highspy
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from clearing import write

from tefoundations.resources import Battery, arbitrage
from tefoundations.resources.storage.programmes import bounds_of, cost_of, rows_of

BATTERY = Battery(energy=4, power=1, charge_efficiency=0.95, discharge_efficiency=0.95)
HOURS, RUNS = (24, 168, 744, 2920, 8760), 5
SAME = 1e-9


def prices(count, shift=0.0, seed=0):
    """(count,) float array of hourly prices: swings, and noise that lasts some hours."""
    rng, t = np.random.default_rng(seed), np.arange(count)
    noise = np.zeros(count)
    for k in range(1, count):
        noise[k] = 0.85 * noise[k - 1] + rng.normal(0, 6)
    swing = 18 * np.cos(2 * np.pi * (t - 19) / 24) + 9 * np.cos(4 * np.pi * (t - 8) / 24)
    return 55 + swing + 8 * np.cos(2 * np.pi * t / 8760) + noise - shift


def highs_route(some):
    """A function that loads the arrays of the linear programme into HiGHS and solves it: nothing else is timed."""
    count, rows = len(some), rows_of(len(some), BATTERY, 1.0)
    low, high = bounds_of(count, BATTERY, 1.0)
    cost, whole = cost_of(some, BATTERY), np.zeros(3 * count, dtype=np.int32)
    starts, columns = rows.starts.astype(np.int32), rows.columns.astype(np.int32)

    def solve():
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.passModel(3 * count, count, len(columns), 2, 1, 0.0, cost, low, high, rows.low, rows.high, starts, columns,
                        rows.entries, whole)  # fmt: skip
        highs.run()
        np.array(highs.getSolution().col_value)
        return -highs.getInfo().objective_function_value

    return solve


def cvxpy_route(some):
    """The programme as a reader would write it."""

    def solve():
        count, battery = len(some), BATTERY
        charge, discharge, energy = (cp.Variable(count, nonneg=True) for _ in range(3))
        change = battery.charge_efficiency * charge - discharge / battery.discharge_efficiency
        limits = [charge <= battery.power, discharge <= battery.power, energy <= battery.energy, energy[0] == change[0],
                  energy[1:] == energy[:-1] + change[1:]]  # fmt: skip
        problem = cp.Problem(cp.Maximize(some @ (discharge - charge)), limits)
        return problem.solve(solver="HIGHS")

    return solve


def medians(routes):
    """Median seconds of each route, one after the other in every round; all must find the same profit."""
    seconds = {name: [] for name in routes}
    for _ in range(RUNS):
        found = []
        for name, route in routes.items():
            start = time.perf_counter()
            found.append(route())
            seconds[name].append(time.perf_counter() - start)
        assert max(found) - min(found) <= SAME * max(found), found
    return {name: statistics.median(times) for name, times in seconds.items()}


def profit_of(some, method):
    """The package's answer by one method."""
    return lambda: arbitrage(some, BATTERY, method).profit


def by_day(some):
    return sum(arbitrage(some[t : t + 24], BATTERY).profit for t in range(0, len(some), 24))


def tasks():
    """Each (task, hours, seconds by route)."""
    for count in HOURS:
        some = np.maximum(prices(count), 0)
        routes = {
            "stack": profit_of(some, "stack"),
            "HiGHS": highs_route(some),
            "package, linear programme": profit_of(some, "lp"),
            "cvxpy": cvxpy_route(some),
        }
        yield "storage", count, medians(routes)
    year, below = np.maximum(prices(8760), 0), prices(8760, shift=38)
    yield "storage day by day", 8760, medians({"stack": lambda: by_day(year)})
    yield "storage day by day below zero", 8760, medians({"auto": lambda: by_day(below)})
    yield "storage below zero", 8760, medians({"auto": lambda: arbitrage(below, BATTERY).profit})


def main():
    for route in (lambda: arbitrage([1, 2], BATTERY, "lp"), cvxpy_route(np.array([1.0, 2.0]))):
        route()  # the first call imports
    write("storage", "steps", list(tasks()))


if __name__ == "__main__":
    main()
