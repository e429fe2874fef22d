"""The best plan for some devices behind one meter: a home that looks at its bill, or a centre that looks at the whole lane.

Columns: taken c and given d in each step a device is plugged in, stored energy e when the step ends; then what the meter
imports and exports in each step of the day. Rows: the balance of each device and step, the balance of the meter.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix, diags, vstack

from tefoundations.programmes import cone, linear

EARLIER = 1e-5  # ct/kWh a step: of two moments that cost the same a home takes the earlier


@dataclass(frozen=True, eq=False)
class Plan:
    """Taken less given, (T, devices) kWh; the price of the meter's balance, (T,) ct/kWh, or None; the cost, ct."""

    energy: np.ndarray
    price: np.ndarray | None
    cost: float


class MeterProgram:
    """min  buy import + slope/2 import^2 - sell export + discomfort, such that import - export = base + all devices."""

    def __init__(self, stores, base, buy, sell):
        self.stores, self.base, self.count = stores, np.asarray(base, float), len(base)
        self.cost, self.high, rows, right = [], [], [], []
        self.begin = []
        for store in stores:
            n, at = store.steps, len(self.cost)
            self.begin.append(at)
            waited = store.waited(self.count)[store.start : store.end]
            self.cost += [*waited, *[store.wear] * n, *[0.0] * n]
            self.high += [store.charge] * n + [store.discharge] * n + [store.energy] * n
            for k in range(n):
                row = {at + k: -store.charge_efficiency, at + n + k: 1 / store.discharge_efficiency, at + 2 * n + k: 1.0}
                if k:
                    row[at + 2 * n + k - 1] = -1.0
                rows.append(row)
                right.append(0.0 if k else store.initial)
        self.low, self.meter = np.zeros(len(self.cost) + 2 * self.count), len(self.cost)
        for store, at in zip(stores, self.begin):
            self.low[at + 3 * store.steps - 1] = store.final
        for t in range(self.count):
            row = {self.meter + t: 1.0, self.meter + self.count + t: -1.0}
            for store, at in zip(stores, self.begin):
                if store.start <= t < store.end:
                    row |= {at + t - store.start: -1.0, at + store.steps + t - store.start: 1.0}
            rows.append(row)
        self.right = np.concatenate([right, self.base])
        self.cost = np.concatenate([self.cost, np.broadcast_to(buy, self.count), np.full(self.count, -float(sell))])
        # No bound on the meter beside what can flow at all keeps the programme bounded where buying and selling cost the same.
        most = np.abs(self.base) + sum(store.charge + store.discharge for store in stores)
        self.unit = most.max()
        most += 1.0  # never reached, so that it moves no price
        self.high = np.concatenate([self.high, most, most])
        entries = [(i, j, value) for i, row in enumerate(rows) for j, value in row.items()]
        i, j, value = zip(*entries)
        self.matrix = csc_matrix((value, (i, j)), shape=(len(rows), len(self.cost)))

    def linear(self):
        """The optimum without `slope`, by HiGHS."""
        cost = self.cost.copy()
        for store, at in zip(self.stores, self.begin):
            cost[at : at + 2 * store.steps] += EARLIER * np.tile(np.arange(store.start, store.end), 2)
        found = linear(cost, self.matrix, self.right, self.right, self.low, self.high)
        return self._plan(found.x, None, float(self.cost @ found.x))

    def quadratic(self, slope):
        """The optimum by Clarabel, and the price of the meter's balance in each step."""
        n, curved = len(self.cost), np.zeros(len(self.cost))
        curved[self.meter : self.meter + self.count] = slope
        unit = diags(np.ones(n), format="csc")
        matrix = vstack([self.matrix, unit, -unit], format="csc")
        right = np.concatenate([self.right, self.high, -self.low])
        cones = [("zero", len(self.right)), ("positive", 2 * n)]
        found = cone(self.cost, matrix, right, cones, squares=diags(curved, format="csc"), unit=self.unit)
        x, price = found.x, found.dual[len(self.right) - self.count : len(self.right)]
        return self._plan(x, price, float(self.cost @ x + curved @ x**2 / 2))

    def _plan(self, x, price, cost):
        energy = np.zeros((self.count, len(self.stores)))
        for i, (store, at) in enumerate(zip(self.stores, self.begin)):
            taken, given = x[at : at + 2 * store.steps].reshape(2, store.steps)
            energy[store.start : store.end, i] = taken - given
        return Plan(energy, price, cost)
