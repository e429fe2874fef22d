"""A strategic offer as a mixed-integer programme: the market's conditions with big M, revenue made linear by duality.

The second formulation of `best_offer`. One plant, one price for all it has, linear costs.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp


class Rows:
    """Rows of a programme with named blocks of variables."""

    def __init__(self, sizes):
        self.at, self.count = {}, 0
        for name, size in sizes.items():
            self.at[name] = np.arange(self.count, self.count + size)
            self.count += size
        self.rows, self.low, self.high = [], [], []

    def add(self, low, high, *parts):
        row = np.zeros(self.count)
        for index, value in parts:
            row[index] += value
        self.rows.append(row), self.low.append(low), self.high.append(high)


def strategic_offer(factors, limit, load, others, plant, cap, big):
    """(profit, offer, quantity) or None where the programme has no point.

    The market: least cost of x, sum x = sum load, x between 0 and most, every flow within its limit; x holds the rivals, the
    plant at position s, and what is left unserved at each bus for the cap. Of each bound either the dual or the slack is 0.

    factors : (lines, buses) PTDF; limit : (lines,) MW, inf for none; load : (buses,) MW
    others : [(bus, MW, cost)]; plant : (bus, MW, cost); cap : $/MWh; big : bound on every dual
    """
    real = np.isfinite(limit)
    factors, limit, n = factors[real], limit[real], len(load)
    place = [bus for bus, *_ in others] + [plant[0]] + list(range(n))
    most = np.array([size for _, size, _ in others] + [plant[1]] + list(load), float)
    cost = np.array([price for *_, price in others] + [0.0] + [cap] * n)
    flow, base, s, k = factors[:, place], -factors @ load, len(others), len(most)
    # every bound as one row A x <= b
    matrix = np.vstack([np.eye(k), -np.eye(k), flow, -flow])
    right = np.concatenate([most, np.zeros(k), limit - base, limit + base])
    slack = np.concatenate([most, most, 2 * limit, 2 * limit])
    m = len(right)
    programme = Rows({"x": k, "energy": 1, "dual": m, "open": m, "offer": 1})
    at = programme.at
    programme.add(load.sum(), load.sum(), (at["x"], 1))
    for j in range(k):  # cost + A'dual = price of energy
        own = [(at["offer"], 1)] if j == s else []
        programme.add(-cost[j], -cost[j], (at["energy"], -1), (at["dual"], matrix[:, j]), *own)
    for i in range(m):
        programme.add(-np.inf, 0, (at["dual"][i], 1), (at["open"][i], -big))
        programme.add(right[i] - slack[i], np.inf, (at["x"], matrix[i]), (at["open"][i], -slack[i]))
        programme.add(-np.inf, right[i], (at["x"], matrix[i]))
    # offer q + dual of its own bound x most = energy x load - all that the others get and the limits keep
    gain, rest = np.zeros(programme.count), np.arange(k) != s
    gain[at["energy"]], gain[at["x"][rest]], gain[at["x"][s]] = load.sum(), -cost[rest], -plant[2]
    gain[at["dual"]] = -right
    gain[at["dual"][s]] = 0.0
    low, high = np.zeros(programme.count), np.full(programme.count, np.inf)
    low[at["energy"]], high[at["open"]], high[at["offer"]] = -np.inf, 1, cap
    whole = np.zeros(programme.count)
    whole[at["open"]] = 1
    rows = LinearConstraint(np.array(programme.rows), programme.low, programme.high)
    found = milp(-gain, constraints=rows, bounds=Bounds(low, high), integrality=whole)
    return None if found.x is None else (-found.fun, found.x[at["offer"][0]], found.x[at["x"][s]])
