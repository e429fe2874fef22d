"""A radial feeder as the day sees it: which buses each line feeds, what it may carry, what is lost on it."""

from dataclasses import replace
from functools import cached_property

import numpy as np

from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid import ptdf
from tefoundations.words import shown

KW = 1000.0  # of a MW


class Feeder:
    """The lines of a plan's radial network in kW and kvar. **A flow is positive away from the grid.**

    Parameters
    ----------
    plan : DayPlan
        The grid is at the slack bus of its network; limits are of apparent power.
    """

    def __init__(self, plan):
        self.net, self.places = plan.net, {bus: i for i, bus in enumerate(plan.net.buses.bus.tolist())}
        if len(self.net.lines) != len(self.net.buses) - 1:
            many = f"{len(self.net.buses)} buses have {len(self.net.lines)} lines"
            raise InvalidNetwork(f"a day needs a radial network: {many}")
        for member, bus in zip(plan.lane.members, plan.where):
            if not is_label(bus) or bus not in self.places:
                raise InvalidInput(f"where: bus {shown(bus)} of {member} is not in the network")
        self.at = np.array([self.places[bus] for bus in plan.where], dtype=int)  # of each member
        self.below = np.abs(np.round(ptdf(self.net)))  # (m, n): 1 where a line feeds a bus
        self.limit = np.asarray(self.net.lines.limit, float) * KW
        self.roofs, self.reactive = plan.roofs, self.by_bus(plan.reactive)
        room = np.sqrt(np.maximum(self.limit**2 - self.flows(self.reactive) ** 2, 0.0))
        if plan.cap is not None and self.head is None:
            raise InvalidInput("cap: the grid feeds several lines, so that none carries all")
        if plan.cap is not None:
            room[:, self.head] = np.minimum(room[:, self.head], plan.cap)
        self.room = room * plan.lane.hours  # (T, m): what each line may carry in each step (kWh), the cap counted

    @cached_property
    def wires(self):
        """The network alone: a generator of its own that holds a voltage belongs to no member, and is not in the day."""
        units = self.net.generators
        away = units.at != self.net.slack_at
        return replace(self.net, generators=replace(units, v_set=np.where(away, np.nan, units.v_set)))

    def by_bus(self, values):
        """Sums by bus (..., n) of values by member (..., members)."""
        sums = np.zeros((*np.shape(values)[:-1], len(self.places)))
        for member, bus in enumerate(self.at):
            sums[..., bus] += values[..., member]
        return sums

    def by_roofs(self, step, turned_down):
        """(members,) what is turned down at each bus (n,), shared by its roofs in proportion to what they give (kWh)."""
        roofs = self.roofs[step]
        there = self.by_bus(roofs)[self.at]
        return turned_down[self.at] * np.divide(roofs, there, out=np.zeros_like(roofs), where=there > 0)

    @cached_property
    def head(self):
        """Position of the line through which all flows, or None if the grid feeds several."""
        whole = np.flatnonzero(self.below.sum(axis=1) == len(self.net.buses) - 1)
        return int(whole[0]) if len(whole) else None

    def flows(self, net_load):
        """(..., m) flow of each line (kW, or kvar) for net load by bus (..., n)."""
        return net_load @ self.below.T

    def loading(self, net_load, reactive):
        """(..., m) apparent power of each line as a share of its limit."""
        return np.hypot(self.flows(net_load), self.flows(reactive)) / self.limit

    def voltage(self, net_load, reactive):
        """(..., n) voltage of each bus (p.u.), 1 at the grid, by LinDistFlow."""
        lines, base = self.net.lines, self.net.base * KW
        fall = self.flows(net_load) / base * lines.r + self.flows(reactive) / base * lines.x
        return np.sqrt(1 - 2 * fall @ self.below)

    def losses(self, net_load, reactive):
        """(...) power lost on all lines (kW): r (P^2 + Q^2) / V^2 with the flows and voltages without losses."""
        far = self.voltage(net_load, reactive)[..., self._far]
        squares = self.flows(net_load) ** 2 + self.flows(reactive) ** 2
        return (squares / far**2) @ self.net.lines.r / (self.net.base * KW)

    @cached_property
    def _far(self):
        """Position of the bus at the far end of each line."""
        lines, depth = self.net.lines, self.below.sum(axis=0)
        return np.where(depth[lines.start] < depth[lines.end], lines.end, lines.start)


def is_label(bus):
    """Whether this can be looked up among the buses at all."""
    try:
        hash(bus)
    except TypeError:
        return False
    return True
