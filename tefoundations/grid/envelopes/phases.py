"""What a feeder with three phases and a neutral carries: voltages, currents, losses, and how uneven they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import one_of
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

    from tefoundations.grid.network import Network

PHASES = ("a", "b", "c")
WIRES = (*PHASES, "n")


@dataclass(frozen=True, eq=False, repr=False)
class FourWireFlow(Explained):
    """Voltages and currents of a feeder with three phases a, b, c and a neutral n.

    Parameters
    ----------
    net : Network
    voltage : (n, 3) float array
        Between each phase and the neutral at each bus (p.u. of the voltage between phase and neutral).
    neutral : (n,) float array
        Voltage of the neutral against earth (p.u. of the same).
    unbalance : (n,) float array
        Negative sequence of the voltages between phase and neutral as a share of the positive one.
    current : (m, 4) float array
        Size of the current in each wire (p.u.: 1 is a third of the base at 1 p.u. of voltage).
    flow, q_flow : (m, 3) float arrays
        Active and reactive flow of each phase at the end of the line nearer to the slack (MW, MVAr), positive from
        `from_bus` to `to_bus`.
    loss : (m,) float array
        Lost in all four wires (MW).
    iterations : int
        Pairs of sweeps.
    """

    net: Network
    voltage: np.ndarray
    neutral: np.ndarray
    unbalance: np.ndarray
    current: np.ndarray
    flow: np.ndarray
    q_flow: np.ndarray
    loss: np.ndarray
    iterations: int

    def __post_init__(self):
        for name in ("voltage", "neutral", "unbalance", "current", "flow", "q_flow", "loss"):
            getattr(self, name).flags.writeable = False

    @property
    def loading(self) -> np.ndarray:
        """(m, 4) float array: current of each wire as a share of what the line's limit allows a phase; 0 without one."""
        limit = self.net.lines.limit[:, None] / self.net.base
        return np.where(np.isfinite(limit), self.current / np.where(limit > 0, limit, np.nan), 0.0)

    @property
    def total_loss(self) -> float:
        """float: lost in all lines (MW)."""
        return float(self.loss.sum())

    def to_frame(self, table: str = "buses") -> pd.DataFrame:
        """The result as a table.

        Parameters
        ----------
        table : {"buses", "lines"}

        Returns
        -------
        pandas.DataFrame
            buses: voltage by phase and of the neutral (p.u.), unbalance. lines: loading by wire, loss (MW).

        Raises
        ------
        InvalidInput
            Another table.
        """
        import pandas as pd

        one_of(table, ("buses", "lines"), "table")
        if table == "buses":
            columns = dict(zip(PHASES, self.voltage.T)) | {"neutral": self.neutral, "unbalance": self.unbalance}
            return pd.DataFrame(columns, index=pd.Index(self.net.buses.bus, name="bus"))
        columns = dict(zip(WIRES, self.loading.T)) | {"loss": self.loss}
        return pd.DataFrame(columns, index=pd.Index(self.net.lines.name, name="line"))

    def explain(self) -> str:
        """The extreme voltages with their phases, the neutral, and the wire that is loaded most.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, four_wire_flow
        >>> print(four_wire_flow(Network.from_frames(**grid("feeder5")), {3: (1, 0, 0)}).explain())
        Voltages from 0.816424 p.u. at bus 3, phase a, to 1.04353 p.u. at bus 3, phase b.
        Neutral against earth: up to 0.0918897 p.u. at bus 3. Lost: 0.301504 MW.
        Loaded most: phase a of line 0-1, 209% of its limit.
        """
        bus, lines = self.net.buses.bus, self.net.lines.name
        ends = [np.unravel_index(at, self.voltage.shape) for at in (self.voltage.argmin(), self.voltage.argmax())]
        low, high = (f"{say(self.voltage[row, phase])} p.u. at bus {bus[row]}, phase {PHASES[phase]}" for row, phase in ends)
        most = self.neutral.argmax()
        told = [
            f"Voltages from {low}, to {high}.",
            f"Neutral against earth: up to {say(self.neutral[most])} p.u. at bus {bus[most]}. "
            f"Lost: {say(self.total_loss, self.total_loss)} MW.",
        ]
        if np.nanmax(self.loading, initial=0.0) > 0:
            line, wire = np.unravel_index(np.nanargmax(self.loading), self.loading.shape)
            name = f"phase {PHASES[wire]}" if wire < 3 else "the neutral"
            told.append(f"Loaded most: {name} of line {lines[line]}, {self.loading[line, wire]:.0%} of its limit.")
        return "\n".join(told)

    def __repr__(self):
        ends = f"{self.voltage.min():.4f} to {self.voltage.max():.4f} p.u."
        return f"FourWireFlow({len(self.voltage)} buses, {ends}, neutral up to {self.neutral.max():.4f})"

    def _at_a_glance(self):
        return [
            ("voltages, p.u.", f"{self.voltage.min():.4f} to {self.voltage.max():.4f}"),
            ("neutral, p.u.", f"up to {self.neutral.max():.4f}"),
            ("lost, MW", say(self.total_loss, self.total_loss)),
        ]


def of_wires(net, tree, voltage, current, iterations):
    """From the complex voltages of four wires against earth (n, 4) and their currents by line of the tree (n-1, 4)."""
    own, third, m = voltage[:, :3] - voltage[:, 3:], net.base / 3, len(net.lines)
    turn = np.exp(2j * np.pi / 3 * np.arange(3))
    positive, negative = own @ turn / 3, own @ turn.conj() / 3
    entering = own[tree.parent] * current[:, :3].conj()
    lost = (voltage[tree.parent] - voltage[tree.child]) * current.conj()
    wasted = lost.sum(axis=1).real
    wasted[is_zero(wasted, of=(np.abs(voltage[tree.parent]) * np.abs(current)).sum(axis=1))] = 0.0  # no resistance
    sign = np.where(tree.forward, 1, -1)[:, None]
    size, flow, loss = np.zeros((m, 4)), np.zeros((m, 3), dtype=complex), np.zeros(m)
    size[tree.line], flow[tree.line], loss[tree.line] = (
        np.abs(current),
        sign * entering * third,
        wasted * third,
    )
    return FourWireFlow(
        net, np.abs(own), np.abs(voltage[:, 3]), np.abs(negative) / np.abs(positive), size, flow.real + 0.0,
        flow.imag + 0.0, loss, iterations,
    )  # fmt: skip
