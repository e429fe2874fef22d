"""The best plan for some devices behind one meter: a home that looks at its bill, or a centre that looks at the whole lane.

Columns: taken and given in each step a device is plugged in, stored energy when the step ends, and what is let go where
energy flows in by itself; then what the meter imports and exports in each step of the day. Rows: the balance of each device
and step, the balance of the meter.
"""

from dataclasses import dataclass

import numpy as np

from tefoundations.programmes import cone, linear

EARLIER = 3e-7  # of the dearest price, a step: of two moments that cost the same a home takes the earlier


@dataclass(frozen=True, eq=False)
class Plan:
    """Taken less given, (T, devices) kWh; the price of the meter's balance, (T,) ct/kWh, or None; the cost, ct."""

    energy: np.ndarray
    price: np.ndarray | None
    cost: float


class MeterProgram:
    """min  buy import + slope/2 import^2 - sell export + discomfort, such that import - export = base + all devices."""

    def __init__(self, stores, base, buy, sell, hours=1.0):
        from scipy.sparse import csc_matrix

        self.base, self.count = np.asarray(base, float), len(base)
        self.devices = [store.over(self.count, hours) for store in stores]
        self.meter = sum(3 * len(device.at) + np.count_nonzero(device.vent) for device in self.devices)
        self.begin, rows, right, cost, high = [], [], [], [], []
        # What can flow at all bounds the meter: else the programme is unbounded where buying and selling cost the same.
        most = np.abs(self.base)
        at_meter = [{self.meter + t: 1.0, self.meter + self.count + t: -1.0} for t in range(self.count)]
        for device in self.devices:
            at, n, vents = len(cost), len(device.at), np.flatnonzero(device.vent).tolist()
            self.begin.append(at)
            take, give = np.divide(device.most_in, device.gain), np.full(n, device.most_out * device.out)
            cost += [*device.waited, *[device.wear] * n, *[0.0] * (n + len(vents))]
            high += [*take, *give, *[device.energy] * n, *(device.vent[k] for k in vents)]
            for k, step in enumerate(device.at):
                row = {at + k: -device.gain[k], at + n + k: 1 / device.out, at + 2 * n + k: 1.0}
                if k:
                    row[at + 2 * n + k - 1] = -device.kept
                if device.vent[k]:
                    row[at + 3 * n + vents.index(k)] = 1.0
                rows.append(row)
                right.append((0.0 if k else device.kept * device.initial) - device.need[k])
                at_meter[step] |= {at + k: -1.0, at + n + k: 1.0}
            most = most + max(take, default=0.0) + device.most_out * device.out
        self.unit = most.max()
        most = 2 * most  # never reached, so that it moves no price
        self.right = np.concatenate([right, self.base])
        self.cost = np.concatenate([cost, np.broadcast_to(buy, self.count), np.full(self.count, -float(sell))])
        self.low, self.high = np.zeros(len(self.cost)), np.concatenate([high, most, most])
        for device, at in zip(self.devices, self.begin):
            self.low[at + 3 * len(device.at) - 1] = device.final
        entries = [(i, j, value) for i, row in enumerate(rows + at_meter) for j, value in row.items()]
        i, j, value = zip(*entries)
        self.matrix = csc_matrix((value, (i, j)), shape=(len(self.right), len(self.cost)))

    def linear(self):
        """The optimum without `slope`, by HiGHS."""
        cost, earlier = self.cost.copy(), EARLIER * np.abs(self.cost).max()
        for device, at in zip(self.devices, self.begin):
            cost[at : at + 2 * len(device.at)] += earlier * np.tile(device.at, 2)
        found = linear(cost, self.matrix, self.right, self.right, self.low, self.high)
        return self._plan(found.x, None, float(self.cost @ found.x))

    def quadratic(self, slope):
        """The optimum by Clarabel, and the price of the meter's balance in each step."""
        from scipy.sparse import diags, vstack

        n, curved = len(self.cost), np.zeros(len(self.cost))
        curved[self.meter : self.meter + self.count] = slope
        unit = diags(np.ones(n), format="csc")
        matrix = vstack([self.matrix, unit, -unit], format="csc")
        right = np.concatenate([self.right, self.high, -self.low])
        cones = [("zero", len(self.right)), ("positive", 2 * n)]
        found = cone(self.cost, matrix, right, cones, squares=diags(curved, format="csc"), unit=self.unit)
        x, price = found.x, found.dual[len(self.right) - self.count : len(self.right)]
        price = np.maximum(price, -self.cost[-1])  # what is over can always be sold; the solver stops a little below
        return self._plan(x, price, float(self.cost @ x + curved @ x**2 / 2))

    def _plan(self, x, price, cost):
        energy = np.zeros((self.count, len(self.devices)))
        for i, (device, at) in enumerate(zip(self.devices, self.begin)):
            taken, given = x[at : at + 2 * len(device.at)].reshape(2, -1)
            energy[device.at.start : device.at.stop, i] = taken - given
        return Plan(energy, price, cost)
