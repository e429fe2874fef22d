"""AC power flow by Newton's method in polar coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

from tefoundations.errors import InvalidInput, NoConvergence
from tefoundations.grid.ac.flow import ACFlow, flow_of
from tefoundations.grid.ac.line_ends import BALANCED, LineEnds, first_angles, shunts, sum_at
from tefoundations.grid.ac.set_points import SetPoints
from tefoundations.inputs import one_of, positive, whole
from tefoundations.words import say

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network

HALVINGS = 8  # a Newton step is cut in half this often before it is given up
ROUNDS = 30  # changes of the set of units at a reactive limit


def ac_power_flow(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    q_load: Mapping | ArrayLike | None = None,
    generation: Mapping | ArrayLike | None = None,
    q_limits: bool = False,
    start: str | ACFlow = "auto",
    tolerance: float = 1e-8,
    max_iterations: int = 30,
) -> ACFlow:
    """Voltages and flows of the full AC network for known loads and generation.

    A generator gives `p_set` and holds `v_set` at its bus, or, where `v_set` is nan, gives `q_set`. The slack bus holds its
    voltage (1 p.u. if none is given) at angle 0 and takes up what does not add up. Bids take nothing.

    Parameters
    ----------
    net : Network
    load : dict or (n,) array, optional
        Replaces fixed load (MW) as in `Network.load_vector`; reactive load stays as it is.
    q_load : dict or (n,) array, optional
        {bus: MVAr} replaces the reactive load of these buses, an array that of all.
    generation : dict or (g,) array, optional
        {generator: MW} or MW by unit; where not given, `p_set`.
    q_limits : bool
        Whether a unit, save the slack, that would leave `q_min` to `q_max` stays at that limit and gives up its voltage.
        A rating `s_max` is not enforced; `ACFlow.explain` names the units beyond theirs.
    start : {"auto", "file", "flat"} or ACFlow
        Voltages from which to search: "flat" takes 1 p.u. and the angles of a linear model; "file" takes those of the table
        of buses (`v_start`, `angle_start`), where a reader puts what its file holds; a result takes its own. "auto" is
        "flat" and, where that does not converge and every bus has a voltage in the table, "file".
    tolerance : float
        Largest power left unbalanced at any bus (MVA).
    max_iterations : int
        Newton steps before giving up.

    Returns
    -------
    ACFlow

    Raises
    ------
    NoConvergence
        No solution found; names the bus with the largest power left unbalanced.
    InvalidInput
        An unknown bus or generator, an array of another length, a tolerance that is not positive; a start that is none of
        these, from a table without voltages, or of other buses; `q_limits` neither True nor False, iterations that are no
        whole number.
    InvalidNetwork
        A value that is not a finite number; two generators that hold different voltages at one bus.

    Notes
    -----
    A network has more than one power flow for the same load. From voltages near 1 p.u. Newton's method comes to the one with
    high voltages, which is the one that is run; a result with voltages far below 1 p.u. deserves a second look. In large
    networks a flat start may be too far from any of them, and the voltages of a solved case are two or three steps away. Yet
    they come second: those of another case, or of other settings, may lead to a solution with low voltages.

    References
    ----------
    Tinney, W. F. and Hart, C. E. (1967), "Power flow solution by Newton's method", IEEE Transactions on Power Apparatus and
    Systems 86(11), 1449-1460.

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> flow = ac_power_flow(Network.from_frames(**grid("feeder33")))
    >>> round(1000 * flow.total_loss, 2), round(float(flow.voltage.min()), 4)  # kW, p.u.
    (202.68, 0.9131)
    """
    tolerance = positive(tolerance, "tolerance", unit="(MVA)")
    max_iterations = whole(max_iterations, "max_iterations", least=0)
    one_of(q_limits, (True, False), "q_limits")
    points = SetPoints.of(net, load, q_load, generation)
    newton = _Newton(net, tolerance / net.base, max_iterations)
    *first, last = _starts(net, start, points, newton)
    for voltage, angle in first:
        with suppress(NoConvergence):
            return _solved(newton, points, voltage, angle, q_limits)
    voltage, angle = last
    return _solved(newton, points, voltage, angle, q_limits)


def _solved(newton, points, voltage, angle, q_limits):
    """The power flow that is found from these voltages (p.u.) and angles (radians)."""
    held, net = ~np.isnan(points.held), newton.net
    voltage, angle = newton.solve(np.where(held, points.held, voltage), angle, held, points.injection(net))
    q_limited = {}
    if q_limits:
        voltage, angle, q_limited = _within_limits(newton, points, voltage, angle)
    return flow_of(net, points, voltage, angle, method="Newton", iterations=newton.steps, q_limited=q_limited)


def _starts(net, start, points, newton):
    """Voltages (p.u.) and angles (radians) from which to search, in the order in which they are tried."""
    if isinstance(start, ACFlow):
        if start.net.buses.bus.tolist() != net.buses.bus.tolist():
            raise InvalidInput("start: the power flow is one of other buses")
        return [(start.voltage, np.deg2rad(start.angle - start.angle[net.slack_at]))]
    one_of(start, ("auto", "file", "flat"), "start")
    starts, buses = [], net.buses
    if start != "file":
        injection = points.injection(net).real - newton.shunt.real
        starts.append((np.ones(len(buses)), first_angles(net, injection)))
    if start != "flat":
        missing = np.flatnonzero(np.isnan(buses.v_start) | np.isnan(buses.angle_start))
        if not len(missing):
            starts.append((buses.v_start, np.deg2rad(buses.angle_start - buses.angle_start[net.slack_at])))
        elif start == "file":
            raise InvalidInput(f"start 'file': bus {buses.bus[missing[0]]} has no v_start and angle_start")
    return starts


class _Newton:
    """The equations of one network: power balance at every bus, voltages and angles unknown."""

    def __init__(self, net, tolerance, max_iterations):
        self.net, self.tolerance, self.most, self.steps = net, tolerance, max_iterations, 0
        self.ends, self.shunt, self.size = LineEnds.of(net), shunts(net), len(net.buses)

    def mismatch(self, voltage, angle, injection):
        """Power that leaves each bus beyond what is given there (n,) complex, p.u."""
        return sum_at(self.ends.own, self.ends.power(voltage, angle), self.size) + self.shunt * voltage**2 - injection

    def solve(self, voltage, angle, held, injection):
        """Voltages (p.u.) and angles (radians) at which every bus balances; `held` marks voltages that are given."""
        unknown_angle, unknown_voltage = np.arange(self.size) != self.net.slack_at, ~held
        pick = lambda residual: np.concatenate([residual.real[unknown_angle], residual.imag[unknown_voltage]])  # noqa: E731
        residual = pick(self.mismatch(voltage, angle, injection))
        for steps in range(self.most + 1):
            if np.abs(residual).max(initial=0.0) < self.tolerance:
                return voltage, angle
            if steps == self.most:
                break
            direction = self._direction(voltage, angle, unknown_angle, unknown_voltage, residual)
            if direction is None:
                break
            for length in 0.5 ** np.arange(HALVINGS):
                new_voltage, new_angle = voltage.copy(), angle.copy()
                new_angle[unknown_angle] += length * direction[: unknown_angle.sum()]
                new_voltage[unknown_voltage] += length * direction[unknown_angle.sum() :]
                new = pick(self.mismatch(new_voltage, new_angle, injection))
                if (new_voltage > 0).all() and np.linalg.norm(new) < np.linalg.norm(residual):
                    break
            else:
                break
            voltage, angle, residual = new_voltage, new_angle, new
            self.steps += 1
        free = unknown_angle + 1j * unknown_voltage
        raise no_balance(self.net, self.mismatch(voltage, angle, injection), free, self.steps)

    def _direction(self, voltage, angle, unknown_angle, unknown_voltage, residual):
        """Newton's step; None where the equations are singular."""
        count = int(unknown_angle.sum() + unknown_voltage.sum())
        angle_at, voltage_at = np.full(self.size, -1), np.full(self.size, -1)
        angle_at[unknown_angle] = np.arange(unknown_angle.sum())
        voltage_at[unknown_voltage] = np.arange(unknown_angle.sum(), count)
        own, far, every = self.ends.own, self.ends.far, np.arange(self.size)
        _, slope = self.ends.derivatives(voltage, angle)
        bus = np.concatenate([own, own, own, own, every])
        column = np.concatenate([voltage_at[own], voltage_at[far], angle_at[own], angle_at[far], voltage_at])
        value = np.concatenate([slope.ravel(), 2 * self.shunt * voltage])
        row, column, value = (
            np.concatenate(pair) for pair in ((angle_at[bus], voltage_at[bus]), (column, column), (value.real, value.imag))
        )
        inner = (row >= 0) & (column >= 0)
        matrix = csc_array((value[inner], (row[inner], column[inner])), shape=(count, count))
        try:
            direction = -splu(matrix, permc_spec="COLAMD").solve(residual)
        except RuntimeError:
            return None
        return direction if np.isfinite(direction).all() else None


def _within_limits(newton, points, voltage, angle):
    """Solve again until no unit is beyond a reactive limit, and none at a limit that its voltage no longer asks for."""
    net = newton.net
    low, high = (np.bincount(net.generators.at, np.where(points.holders, bound, 0.0), newton.size)
                 for bound in (net.generators.q_min, net.generators.q_max))  # fmt: skip
    given, held, state = points.injection(net), ~np.isnan(points.held), np.zeros(newton.size, dtype=int)
    may_change = held & (np.arange(newton.size) != net.slack_at)
    for _ in range(ROUNDS):
        needed = newton.mismatch(voltage, angle, given).imag * net.base
        room, held_now = BALANCED * net.base, may_change & (state == 0)
        over, under = held_now & (needed > high + room), held_now & (needed < low - room)
        back = (state > 0) & (voltage > points.held + 1e-9) | (state < 0) & (voltage < points.held - 1e-9)
        if not (over | under | back).any():
            return voltage, angle, {int(bus): int(state[bus]) for bus in np.flatnonzero(state)}
        state[over], state[under], state[back] = 1, -1, 0
        voltage = np.where(back, points.held, voltage)
        limited = np.select([state > 0, state < 0], [high, low], 0.0)
        voltage, angle = newton.solve(voltage, angle, held & (state == 0), given + 1j * limited / net.base)
    bus = net.buses.bus[np.flatnonzero(over | under | back)[0]]
    raise NoConvergence(
        f"units at bus {bus} come to a reactive limit and leave it again without end", bus=bus, iterations=newton.steps
    )


def no_balance(net, mismatch, free, steps, method="Newton's method"):
    """The error of a power flow that does not converge; `free` marks balances that must hold (active + 1j * reactive)."""
    left = net.base * (mismatch.real * free.real + 1j * mismatch.imag * free.imag)
    at = int(np.argmax(np.where(np.isfinite(left), np.abs(left), np.inf)))
    bus, size = net.buses.bus[at], float(np.abs(left[at]))
    message = f"{method} finds no power flow in {steps} steps: {say(size)} MVA are left unbalanced at bus {bus}"
    return NoConvergence(
        f"{message}; the network may not be able to carry this load", bus=bus, mismatch=size, iterations=steps
    )
