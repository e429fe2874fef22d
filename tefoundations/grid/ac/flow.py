"""The result of an AC power flow: voltages, flows at both ends of every line, losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.grid.ac.line_ends import BALANCED, AtLineEnds, LineEnds, shunts, sum_at
from tefoundations.grid.ac.set_points import shared
from tefoundations.grid.network import Network
from tefoundations.inputs import one_of
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd

ARRAYS = ("load", "q_load", "voltage", "angle", "generation", "q_generation", "p_from", "q_from", "p_to", "q_to")


@dataclass(frozen=True, eq=False, repr=False)
class ACFlow(Explained, AtLineEnds):
    """Voltages and flows of an AC power flow.

    A flow is what enters a line at one of its ends: `p_from` and `q_from` at `from_bus`, `p_to` and `q_to` at `to_bus`. The
    two add up to what is lost on the way.

    Parameters
    ----------
    net : Network
    load, q_load : (n,) float arrays
        Load as given (MW, MVAr), without shunts.
    voltage : (n,) float array
        p.u.
    angle : (n,) float array
        Degrees; 0 at the slack bus.
    generation, q_generation : (g,) float arrays
        Output of each generator (MW, MVAr). The first unit at the slack bus takes up what does not add up; units that hold
        one bus's voltage share its reactive power in proportion to their ranges.
    p_from, q_from, p_to, q_to : (m,) float arrays
        Power that enters each line at its two ends (MW, MVAr).
    imbalance : float
        What the slack took up (MW): load and losses less generation as given.
    iterations : int
        Steps that were made.
    mismatch : float
        Largest power left unbalanced at any bus (MVA).
    q_limited : tuple
        Labels of the buses whose units stay at a reactive limit and no longer hold their voltage.
    method : str
        "Newton" or "sweep".
    """

    net: Network
    load: np.ndarray
    q_load: np.ndarray
    voltage: np.ndarray
    angle: np.ndarray
    generation: np.ndarray
    q_generation: np.ndarray
    p_from: np.ndarray
    q_from: np.ndarray
    p_to: np.ndarray
    q_to: np.ndarray
    imbalance: float
    iterations: int
    mismatch: float
    q_limited: tuple = ()
    method: str = "Newton"

    def __post_init__(self):
        for name in ARRAYS:
            getattr(self, name).flags.writeable = False

    @property
    def injection(self) -> np.ndarray:
        """(n,) float array: what each bus puts into the lines (MW), negative if it takes."""
        lines, n = self.net.lines, len(self.voltage)
        return np.bincount(lines.start, self.p_from, n) + np.bincount(lines.end, self.p_to, n)

    @property
    def q_injection(self) -> np.ndarray:
        """(n,) float array: reactive power that each bus puts into the lines (MVAr)."""
        lines, n = self.net.lines, len(self.voltage)
        return np.bincount(lines.start, self.q_from, n) + np.bincount(lines.end, self.q_to, n)

    @property
    def overloaded(self) -> tuple[str, ...]:
        """tuple of str: names of the lines that carry more than their limit (by more than 1e-8 of the base) at an end."""
        return tuple(self.net.lines.name[self.apparent > self.net.lines.limit + BALANCED * self.net.base].tolist())

    def to_frame(self, table: str = "buses") -> pd.DataFrame:
        """The result as a table.

        Parameters
        ----------
        table : {"buses", "lines", "generators"}

        Returns
        -------
        pandas.DataFrame
            buses: voltage (p.u.), angle (degrees), load (MW), q_load (MVAr), injection (MW), q_injection (MVAr). lines:
            from_bus, to_bus, p_from, p_to, loss (MW), q_from, q_to (MVAr), apparent, limit (MVA). generators: bus, output
            (MW), q_output (MVAr).

        Raises
        ------
        InvalidInput
            Another table.
        """
        import pandas as pd

        one_of(table, ("buses", "lines", "generators"), "table")
        net = self.net
        if table == "buses":
            columns = {
                name: getattr(self, name) for name in ("voltage", "angle", "load", "q_load", "injection", "q_injection")
            }
            return pd.DataFrame(columns, index=pd.Index(net.buses.bus, name="bus"))
        if table == "lines":
            columns = {"from_bus": net.lines.from_bus, "to_bus": net.lines.to_bus}
            columns |= {name: getattr(self, name) for name in ("p_from", "p_to", "loss", "q_from", "q_to", "apparent")}
            return pd.DataFrame(columns | {"limit": net.lines.limit}, index=pd.Index(net.lines.name, name="line"))
        columns = {"bus": net.generators.bus, "output": self.generation, "q_output": self.q_generation}
        return pd.DataFrame(columns, index=pd.Index(net.generators.name, name="generator"))

    def explain(self) -> str:
        """The result in words: load and losses, the ends of the voltages, and every limit that is not kept.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, ac_power_flow
        >>> print(ac_power_flow(Network.from_frames(**grid("feeder33"))).explain())
        Load 3.715 MW and 2.3 MVAr; 0.202677 MW are lost in the lines, 5.45564 % of the load.
        Voltages from 0.91309 p.u. at bus 18 to 1 p.u. at bus 1.
        The slack, bus 1, takes up 3.91768 MW.
        """
        return "\n".join([*self._words(), *self._faults()])

    def _words(self):
        buses, load, low, high = self.net.buses.bus, self.load.sum(), np.argmin(self.voltage), np.argmax(self.voltage)
        part = f", {say(100 * self.total_loss / load)} % of the load" if load > 0 else ""
        return [
            f"Load {say(load)} MW and {say(self.q_load.sum())} MVAr; {say(self.total_loss)} MW are lost in the lines{part}.",
            f"Voltages from {say(self.voltage[low])} p.u. at bus {buses[low]} "
            f"to {say(self.voltage[high])} p.u. at bus {buses[high]}.",
            f"The slack, bus {self.net.slack}, takes up {say(self.imbalance)} MW.",
        ]

    def _faults(self):
        net, found = self.net, []
        if self.q_limited:
            found.append(
                f"At a reactive limit, voltage given up: {'bus' if len(self.q_limited) == 1 else 'buses'} "
                f"{', '.join(map(str, self.q_limited))}."
            )
        for name in self.overloaded:
            row = int(np.flatnonzero(net.lines.name == name)[0])
            found.append(f"Line {name} carries {say(self.apparent[row])} MVA, its limit is {say(net.lines.limit[row])}.")
        for row in np.flatnonzero((self.voltage < net.buses.v_min - 1e-9) | (self.voltage > net.buses.v_max + 1e-9)):
            allowed = f"{say(net.buses.v_min[row])} to {say(net.buses.v_max[row])}"
            found.append(f"Bus {net.buses.bus[row]} is at {say(self.voltage[row])} p.u., allowed are {allowed}.")
        units, room = net.generators, BALANCED * net.base
        for output, low, high, unit in (
            (self.generation, units.p_min, units.p_max, "MW"),
            (self.q_generation, units.q_min, units.q_max, "MVAr"),
        ):
            for row in np.flatnonzero((output < low - room) | (output > high + room)):
                found.append(
                    f"The output of {units.name[row]} is {say(output[row])} {unit}, "
                    f"allowed are {say(low[row])} to {say(high[row])}."
                )
        apparent = np.hypot(self.generation, self.q_generation)
        for row in np.flatnonzero(apparent > units.s_max + room):
            found.append(
                f"The output of {units.name[row]} is {say(apparent[row])} MVA, its rating is {say(units.s_max[row])}."
            )
        return found

    def __repr__(self):
        low, high = self.voltage.min(), self.voltage.max()
        return f"ACFlow({count(len(self.voltage), 'bus')}, {low:.4f} to {high:.4f} p.u., loss {say(self.total_loss)} MW)"

    def _at_a_glance(self):
        low, high = self.voltage.min(), self.voltage.max()
        return [
            ("load, MW", say(self.load.sum())), ("lost in lines, MW", say(self.total_loss)),
            ("voltages, p.u.", f"{low:.4f} to {high:.4f}"), ("overloaded lines", ", ".join(self.overloaded) or "none"),
        ]  # fmt: skip


def flow_of(net, points, voltage, angle, method, iterations, q_limited=None):
    """The result for voltages (p.u.) and angles (radians); `q_limited` is {position of a bus: 1 at q_max, -1 at q_min}."""
    ends, n, m, units, q_limited = LineEnds.of(net), len(net.buses), len(net.lines), net.generators, q_limited or {}
    power = ends.power(voltage, angle)
    needed = (sum_at(ends.own, power, n) + shunts(net) * voltage**2) * net.base + points.load + 1j * points.q_load
    p, q = points.generation.copy(), points.q_generation.copy()
    imbalance = float(needed[net.slack_at].real - p[units.at == net.slack_at].sum())
    p[np.flatnonzero(units.at == net.slack_at)[:1]] += imbalance
    for bus in np.unique(units.at[points.holders]):
        own = np.flatnonzero((units.at == bus) & points.holders)
        others = q[(units.at == bus) & ~points.holders].sum()
        q[own] = shared(needed[bus].imag - others, own, net)
        if bus in q_limited:
            q[own] = (units.q_max if q_limited[bus] > 0 else units.q_min)[own]
    given = np.bincount(units.at, p, n) + 1j * np.bincount(units.at, q, n)
    has_unit = np.bincount(units.at, minlength=n) > 0
    balanced = np.arange(n) != net.slack_at
    left = np.where(balanced | has_unit, np.abs(given - needed), 0.0)  # a slack without a unit takes up anything
    mega = power * net.base
    return ACFlow(
        net=net, load=points.load, q_load=points.q_load, voltage=voltage.copy(), angle=np.rad2deg(angle) + 0.0,
        generation=p, q_generation=q, p_from=mega.real[:m].copy(), q_from=mega.imag[:m].copy(), p_to=mega.real[m:].copy(),
        q_to=mega.imag[m:].copy(), imbalance=imbalance, iterations=iterations, mismatch=float(left.max()),
        q_limited=tuple(net.buses.bus[list(q_limited)].tolist()), method=method,
    )  # fmt: skip
