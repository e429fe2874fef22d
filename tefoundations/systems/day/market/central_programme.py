"""The whole day on the feeder as one programme: what the market of 48 half hours is measured by."""

import numpy as np

from tefoundations.programmes import NEAR, cone, is_zero
from tefoundations.systems.day.market.network_programmes import MUST, OVERLOAD
from tefoundations.systems.programmes import MeterProgram


class DayProgramme(MeterProgram):
    """`MeterProgram` over a lane's devices, with roofs that may be turned down and lines that carry no more than they can.

    Columns: those of the meter's programme; what is turned down, step by step at each bus with a roof; what a line carries
    beyond its limit. Rows: those of the meter's programme; each line in each step, in both directions.

    Parameters
    ----------
    plan : DayPlan
    """

    def __init__(self, plan):
        lane, self.plan = plan.lane, plan
        self.moving = lane.moving
        super().__init__([lane.stores[i] for i in self.moving], lane.fixed, plan.price_outside, lane.feed_in, lane.hours)
        still, self.fixed = [i for i in range(len(lane.stores)) if i not in self.moving], lane.base.copy()
        for i in still:
            self.fixed[:, lane.members.index(lane.stores[i].owner)] += lane.habits[:, i]

    def solved(self):
        """Energy (T, devices), price by bus (T, n), rent (T, m), turned down by bus (T, n), overload (T, m)."""
        from scipy.sparse import csc_array, eye_array, hstack, vstack

        plan, count, below = self.plan, self.count, self.plan.feeder.below
        roofs = plan.feeder.by_bus(plan.roofs)
        t_roof, b_roof = np.nonzero(roofs)
        lines = np.flatnonzero(np.isfinite(plan.feeder.room).all(axis=0))
        own, down, rows = len(self.cost), len(t_roof), count * len(lines)
        balance = csc_array((-np.ones(down), (len(self.right) - count + t_roof, np.arange(down))), (len(self.right), down))
        flow = hstack([self._flows(lines), self._by_line(t_roof, b_roof, lines), -eye_array(rows)])
        back = hstack([-self._flows(lines), -self._by_line(t_roof, b_roof, lines), -eye_array(rows)])
        through = (plan.feeder.by_bus(self.fixed) @ below.T)[:, lines].ravel()
        room = plan.feeder.room[:, lines].ravel()
        high = np.concatenate([self.high, roofs[t_roof, b_roof], np.full(rows, np.inf)])
        low, kept = np.concatenate([self.low, np.zeros(down + rows)]), np.isfinite(high)
        unit = eye_array(len(high), format="csr")
        none = csc_array((len(self.right), rows))
        matrix = vstack([hstack([self.matrix, balance, none]), flow, back, unit[kept], -unit], format="csc")
        right = np.concatenate([self.right, room - through, room + through, high[kept], -low])
        cost = np.concatenate([self.cost, np.zeros(down), np.full(rows, OVERLOAD)])
        at = np.arange(self.meter, self.meter + count)
        squares = csc_array((np.full(count, plan.lane.slope), (at, at)), (len(cost), len(cost)))
        cones = [("zero", len(self.right)), ("positive", len(right) - len(self.right))]
        found = cone(cost, matrix, right, cones, squares=squares, unit=self.unit)
        first = len(self.right)
        rent, over = np.zeros((2, count, len(below)))
        dual = found.dual[first : first + 2 * rows].reshape(2, count, -1)
        rent[:, lines] = np.where(is_zero(dual[1] - dual[0], of=MUST, share=NEAR), 0.0, dual[1] - dual[0])
        over[:, lines] = found.x[own + down :].reshape(count, -1)
        over[is_zero(over, of=self.unit, share=NEAR)] = 0.0
        turned = np.zeros_like(roofs)
        turned[t_roof, b_roof] = found.x[own : own + down]
        turned[is_zero(turned, of=self.unit, share=NEAR)] = 0.0
        base = found.dual[first - count : first]
        return self._plan(found.x[:own], None, 0.0).energy, base[:, None] + rent @ below, rent, turned, over

    def _flows(self, lines):
        """(T lines, columns): what another kWh of each device takes through each line."""
        from scipy.sparse import coo_array

        entries = []
        for i, device, begin in zip(self.moving, self.devices, self.begin):
            bus = self.plan.feeder.at[self.plan.lane.members.index(self.plan.lane.stores[i].owner)]
            for j in np.flatnonzero(self.plan.feeder.below[lines, bus]):
                for k, t in enumerate(device.at):
                    entries += [(t * len(lines) + j, begin + k, 1.0), (t * len(lines) + j, begin + len(device.at) + k, -1.0)]
        shape = self.count * len(lines), len(self.cost)
        row, column, value = zip(*entries) if entries else ((), (), ())
        return coo_array((value, (row, column)), shape)

    def _by_line(self, steps, buses, lines):
        """(T lines, roofs): what each kWh turned down takes through each line."""
        from scipy.sparse import coo_array

        at, column = np.nonzero(self.plan.feeder.below[np.ix_(lines, buses)])
        shape = self.count * len(lines), len(steps)
        return coo_array((np.ones(len(at)), (steps[column] * len(lines) + at, column)), shape)
