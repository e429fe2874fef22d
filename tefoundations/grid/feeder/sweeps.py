"""AC power flow of a radial feeder by backward and forward sweeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidNetwork
from tefoundations.grid.ac.flow import flow_of
from tefoundations.grid.ac.line_ends import LineEnds, shunts, sum_at
from tefoundations.grid.ac.newton import no_balance
from tefoundations.grid.ac.set_points import SetPoints
from tefoundations.grid.feeder.tree import Tree
from tefoundations.inputs import positive, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from tefoundations.grid.ac.flow import ACFlow
    from tefoundations.grid.network import Network


def sweep(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    q_load: Mapping | ArrayLike | None = None,
    generation: Mapping | ArrayLike | None = None,
    tolerance: float = 1e-8,
    max_iterations: int = 200,
) -> ACFlow:
    """Voltages and flows of a radial feeder: add up currents from the ends to the root, then follow voltages back.

    The same answer as `ac_power_flow`, without a matrix. Only the slack bus may hold a voltage.

    Parameters
    ----------
    net : Network
        Without loops; generators away from the slack give `p_set` and `q_set` (their `v_set` is nan).
    load : dict or (n,) array, optional
        Replaces fixed load (MW) as in `Network.load_vector`; reactive load stays as it is.
    q_load : dict or (n,) array, optional
        {bus: MVAr} replaces the reactive load of these buses, an array that of all.
    generation : dict or (g,) array, optional
        {generator: MW} or MW by unit; where not given, `p_set`.
    tolerance : float
        Largest power left unbalanced at any bus (MVA).
    max_iterations : int
        Pairs of sweeps before giving up.

    Returns
    -------
    ACFlow

    Raises
    ------
    NoConvergence
        The sweeps do not settle; names the bus with the largest power left unbalanced.
    InvalidNetwork
        A network with a loop (names a line that closes it), a generator away from the slack that holds a voltage, a value
        that is not a finite number.
    InvalidInput
        An unknown bus or generator, an array of another length, a tolerance that is not positive, iterations that are no
        whole number.

    References
    ----------
    Shirmohammadi, D., Hong, H. W., Semlyen, A. and Luo, G. X. (1988), "A compensation-based power flow method for weakly
    meshed distribution and transmission networks", IEEE Transactions on Power Systems 3(2), 753-762.

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> sweep(Network.from_frames(**grid("feeder33")))
    ACFlow(33 buses, 0.9131 to 1.0000 p.u., loss 0.202677 MW)
    """
    tolerance = positive(tolerance, "tolerance", unit="(MVA)")
    max_iterations = whole(max_iterations, "max_iterations", least=0)
    tree, points = Tree.of(net), SetPoints.of(net, load, q_load, generation)
    for unit in np.flatnonzero(np.isfinite(net.generators.v_set) & (net.generators.at != tree.root))[:1]:
        advice = "a sweep holds only the voltage of the slack; set it to nan, or use ac_power_flow"
        message = f"is held at bus {net.generators.bus[unit]}: {advice}"
        raise InvalidNetwork(
            message, table="generators", row=int(unit), column="v_set", value=float(net.generators.v_set[unit])
        )
    injection, ends, shunt = points.injection(net), LineEnds.of(net), shunts(net)
    free = (1 + 1j) * (np.arange(len(net.buses)) != tree.root)
    voltage = np.full(len(net.buses), points.held[tree.root], dtype=complex)
    steps = list(_lines(net, tree))
    for iteration in range(max_iterations + 1):
        size = np.abs(voltage)
        mismatch = sum_at(ends.own, ends.power(size, np.angle(voltage)), len(size)) + shunt * size**2 - injection
        if np.abs(mismatch * (free != 0)).max() * net.base < tolerance:
            return flow_of(net, points, size, np.angle(voltage), method="sweep", iterations=iteration)
        if iteration == max_iterations or not np.isfinite(mismatch).all():
            break
        with np.errstate(all="ignore"):  # a sweep that runs away is told by the mismatch
            drawn = ((shunt * size**2 - injection) / voltage).conj()
            voltage = _sweeps(steps, tree.root, voltage, drawn)
    raise no_balance(net, mismatch, free, iteration, "The backward and forward sweep")


def _lines(net, tree):
    """The lines from the root to the ends: parent, child, impedance, half the shunt, ratio at the near and the far end."""
    lines = net.lines
    ratio = lines.tap * np.exp(1j * np.deg2rad(lines.shift))
    impedance, half = lines.r + 1j * lines.x, (lines.g + 1j * lines.b) / 2
    for row, parent, child, forward in zip(
        tree.line.tolist(), tree.parent.tolist(), tree.child.tolist(), tree.forward.tolist()
    ):
        ratios = (complex(ratio[row]), 1 + 0j) if forward else (1 + 0j, complex(ratio[row]))
        yield parent, child, complex(impedance[row]), complex(half[row]), *ratios


def _sweeps(steps, root, voltage, drawn):
    """New voltages from the old ones (n,) and the currents (n,) that the buses draw at them, complex, p.u."""
    current, old = drawn.tolist(), voltage.tolist()
    carried = [0j] * len(steps)
    for k in range(len(steps) - 1, -1, -1):
        parent, child, impedance, half, near, far = steps[k]
        carried[k] = current[child] * far.conjugate() + half * old[child] / far
        current[parent] += (carried[k] + half * old[parent] / near) / near.conjugate()
    new = list(old)
    for (parent, child, impedance, _, near, far), through in zip(steps, carried):
        new[child] = (new[parent] / near - impedance * through) * far
    return np.array(new)
