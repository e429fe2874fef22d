"""LinDistFlow: the power flow of a radial feeder made linear, for squared voltages and without losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.ac.set_points import SetPoints
from tefoundations.grid.dc.wires import OVERLOAD
from tefoundations.grid.feeder.tree import Tree
from tefoundations.grid.network import Network
from tefoundations.inputs import one_of
from tefoundations.programmes import ROUNDING
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class LinearFlow(Explained):
    """Voltages and flows of LinDistFlow.

    Parameters
    ----------
    net : Network
    voltage : (n,) float array
        p.u.
    flow, q_flow : (m,) float arrays
        Active and reactive flow of each line (MW, MVAr), positive from `from_bus` to `to_bus`, the same at both ends.
    """

    net: Network
    voltage: np.ndarray
    flow: np.ndarray
    q_flow: np.ndarray

    def __post_init__(self):
        for name in ("voltage", "flow", "q_flow"):
            getattr(self, name).flags.writeable = False

    @property
    def overloaded(self) -> tuple[str, ...]:
        """tuple of str: names of the lines that carry more than their limit (by more than rounding)."""
        limit, apparent = self.net.lines.limit, np.hypot(self.flow, self.q_flow)
        room = OVERLOAD * limit + ROUNDING * apparent.max(initial=0.0)
        return tuple(self.net.lines.name[apparent > limit + room].tolist())

    def to_frame(self, table: str = "buses") -> pd.DataFrame:
        """The result as a table.

        Parameters
        ----------
        table : {"buses", "lines"}

        Returns
        -------
        pandas.DataFrame
            buses: voltage (p.u.). lines: from_bus, to_bus, flow (MW), q_flow (MVAr), limit (MVA).

        Raises
        ------
        InvalidInput
            Another table.
        """
        import pandas as pd

        one_of(table, ("buses", "lines"), "table")
        lines = self.net.lines
        if table == "buses":
            return pd.DataFrame({"voltage": self.voltage}, index=pd.Index(self.net.buses.bus, name="bus"))
        columns = {
            "from_bus": lines.from_bus,
            "to_bus": lines.to_bus,
            "flow": self.flow,
            "q_flow": self.q_flow,
            "limit": lines.limit,
        }
        return pd.DataFrame(columns, index=pd.Index(lines.name, name="line"))

    def explain(self) -> str:
        """The result in words: the lowest and the highest voltage, and the lines beyond their limit.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import Network, lindistflow
        >>> print(lindistflow(Network.from_frames(**grid("feeder33"))).explain())
        Voltages from 0.915934 p.u. at bus 18 to 1 p.u. at bus 1; losses are left out.
        """
        low, high = np.argmin(self.voltage), np.argmax(self.voltage)
        bus, over = self.net.buses.bus, ", ".join(self.overloaded)
        ends = f"from {say(self.voltage[low])} p.u. at bus {bus[low]} to {say(self.voltage[high])} p.u. at bus {bus[high]}"
        return f"Voltages {ends}; losses are left out." + (f"\nBeyond their limit: {over}." if over else "")

    def __repr__(self):
        return f"LinearFlow({count(len(self.voltage), 'bus')}, {self.voltage.min():.4f} to {self.voltage.max():.4f} p.u.)"

    def _at_a_glance(self):
        return [
            ("voltages, p.u.", f"{self.voltage.min():.4f} to {self.voltage.max():.4f}"),
            ("overloaded lines", ", ".join(self.overloaded) or "none"),
        ]


def lindistflow(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    q_load: Mapping | ArrayLike | None = None,
    generation: Mapping | ArrayLike | None = None,
) -> LinearFlow:
    """Voltages and flows of a radial feeder in the linear model of Baran and Wu: no losses, squared voltages.

    Along a line, v^2 falls by 2 (r P + x Q). Shunts draw what they draw at 1 p.u. Only the slack holds its voltage (`v_set`,
    or 1 p.u.); other generators give `p_set` and `q_set` and no voltage is held by them.

    Parameters
    ----------
    net : Network
        Without loops.
    load : dict or (n,) array, optional
        Replaces fixed load (MW) as in `Network.load_vector`; reactive load stays as it is.
    q_load : dict or (n,) array, optional
        {bus: MVAr} replaces the reactive load of these buses, an array that of all.
    generation : dict or (g,) array, optional
        {generator: MW} or MW by unit; where not given, `p_set`.

    Returns
    -------
    LinearFlow

    Raises
    ------
    InvalidNetwork
        A network with a loop (names a line that closes it), a value that is not a finite number.
    InvalidInput
        An unknown bus or generator, an array of another length, a load so large that a squared voltage is negative.

    References
    ----------
    Baran, M. E. and Wu, F. F. (1989), "Network reconfiguration in distribution systems for loss reduction and load
    balancing", IEEE Transactions on Power Delivery 4(2), 1401-1407.

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> lindistflow(Network.from_frames(**grid("feeder33")))
    LinearFlow(33 buses, 0.9159 to 1.0000 p.u.)
    """
    tree, points, units = Tree.of(net), SetPoints.of(net, load, q_load, generation), net.generators
    n = len(net.buses)
    own = points.generation + 1j * np.where(units.at == tree.root, 0.0, units.q_set)
    given = np.bincount(units.at, own.real, n) + 1j * np.bincount(units.at, own.imag, n)
    drawn = (points.load + 1j * points.q_load - given) / net.base + shunts_at_one(net, tree)
    carried = carried_down(tree, drawn)
    squared = squares(net, tree, points.held[tree.root] ** 2, carried)
    for bus in np.flatnonzero(squared <= 0)[:1]:
        raise InvalidInput(
            f"load: at bus {net.buses.bus[bus]} the squared voltage would be {say(squared[bus])}; "
            "the feeder cannot carry this load"
        )
    flow = np.zeros(len(net.lines), dtype=complex)
    flow[tree.line] = np.where(tree.forward, 1, -1) * carried * net.base
    return LinearFlow(net, np.sqrt(squared), flow.real + 0.0, flow.imag + 0.0)


def shunts_at_one(net, tree):
    """Complex power (n,) p.u. that the shunts of buses and lines draw at 1 p.u., seen from the buses."""
    lines, n, (near, far) = net.lines, len(net.buses), tree.ratios(net)
    half = (lines.g - 1j * lines.b)[tree.line] / 2
    drawn = (net.buses.g_shunt - 1j * net.buses.b_shunt) / net.base
    for at, ratio in ((tree.parent, near), (tree.child, far)):
        drawn = drawn + np.bincount(at, (half * ratio).real, n) + 1j * np.bincount(at, (half * ratio).imag, n)
    return drawn


def carried_down(tree, drawn):
    """Complex flow (n-1,) into each line of the tree: everything that the buses behind it draw (p.u.)."""
    total = drawn.tolist()
    for parent, child in zip(tree.parent[::-1].tolist(), tree.child[::-1].tolist()):
        total[parent] += total[child]
    return np.array(total)[tree.child]


def squares(net, tree, root, carried):
    """Squared voltages (n,) for the squared voltage of the root and the flows of the tree's lines."""
    fall = (2 * (net.lines.r[tree.line] * carried.real + net.lines.x[tree.line] * carried.imag)).tolist()
    near, far = (ratio.tolist() for ratio in tree.ratios(net))
    squared = [root] * (len(fall) + 1)
    for k, (parent, child) in enumerate(zip(tree.parent.tolist(), tree.child.tolist())):
        squared[child] = (near[k] * squared[parent] - fall[k]) / far[k]
    return np.array(squared)
