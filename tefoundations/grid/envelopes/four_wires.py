"""Power flow of a radial feeder with three phases and a neutral, by sweeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput, InvalidNetwork, NoConvergence
from tefoundations.grid.ac.set_points import SetPoints
from tefoundations.grid.columns import place_of, shape_of
from tefoundations.grid.envelopes.passes import passes_of, tree_matrix
from tefoundations.grid.envelopes.phases import FourWireFlow, of_wires
from tefoundations.grid.feeder.tree import Tree
from tefoundations.inputs import not_negative, numbers, positive, whole
from tefoundations.words import say, shown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network

TURN = np.exp(-2j * np.pi / 3 * np.arange(3))  # phases a, b and c: each a third of a turn behind the one before


def four_wire_flow(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    q_load: Mapping | ArrayLike | None = None,
    neutral: Mapping | float = 1.0,
    impedance: Mapping | None = None,
    tolerance: float = 1e-8,
    max_iterations: int = 100,
) -> FourWireFlow:
    """Voltages and currents of a radial feeder whose loads hang between one of three phases and a neutral.

    What the phases carry comes back through the neutral, and its drop adds to theirs. The neutral is at the potential of
    earth at the slack and nowhere else; the voltages of the slack are balanced. A transformer whose low side is a grounded
    star fed by a delta (Dyn) is a line with `neutral` 0: each phase has its own winding, and the star point is earth.

    Parameters
    ----------
    net : Network
        Without loops, taps and shunts. r and x of a line are those of one phase conductor with its way back shared by
        nobody, as in a balanced system (the positive sequence).
    load : dict or (n, 3) array, optional
        {bus: (MW on a, b, c)} replaces the fixed load of these buses, an array that of all; negative where a home sends.
        What is not replaced is the load of the network, a third on each phase.
    q_load : dict or (n, 3) array, optional
        The same for reactive load (MVAr).
    neutral : float or dict
        Impedance of the neutral as a multiple of a phase's: for all lines, or {line: multiple}, 1 for all others.
    impedance : dict, optional
        {line: (4, 4) complex array} replaces the impedance of a line (p.u.): rows and columns are a, b, c and neutral.
    tolerance : float
        Largest power left unbalanced on any phase of any bus (MVA).
    max_iterations : int
        Pairs of sweeps before giving up.

    Returns
    -------
    FourWireFlow

    Raises
    ------
    NoConvergence
        The sweeps do not settle; names the bus with the largest power left unbalanced.
    InvalidNetwork
        A network with a loop, a tap, a phase shift or a shunt; a value that is not a finite number.
    InvalidInput
        An unknown bus or line, an array of another shape.

    Notes
    -----
    The generators of the network give `p_set` and `q_set`, a third on each phase. Currents are constant power over voltage
    between phase and neutral.

    References
    ----------
    Ciric, R. M., Padilha Feltrin, A. and Ochoa, L. F. (2003), "Power flow in four-wire distribution networks - general
    approach", IEEE Transactions on Power Systems 18(4), 1283-1290.

    Examples
    --------
    A cable whose neutral is as thick as its phases. All three phases send 2 kW, then one alone:

    >>> from tefoundations.grid import Network
    >>> net = Network.from_frames(
    ...     {"bus": [0, 1]}, {"from_bus": [0], "to_bus": [1], "r": [0.1], "x": [0.001]},
    ...     {"bus": [0], "p_max": [1], "cost": [30]}, base=0.1)
    >>> four_wire_flow(net, {1: (-0.002, -0.002, -0.002)}).voltage[1].round(3)
    array([1.006, 1.006, 1.006])
    >>> four_wire_flow(net, {1: (-0.002, 0, 0)}).voltage[1].round(3)
    array([1.012, 0.997, 0.997])
    """
    tolerance = positive(tolerance, "tolerance", unit="(MVA)")
    max_iterations = whole(max_iterations, "max_iterations", least=0)
    points, tree = SetPoints.of(net), Tree.of(net)
    _refuse(net)
    matrices = _impedances(net, neutral, impedance)[tree.line]
    passes, n = passes_of(tree_matrix(tree)), len(net.buses)
    given = np.bincount(net.generators.at, points.generation * (net.generators.at != tree.root), n)
    q_given = np.bincount(net.generators.at, points.q_generation * (net.generators.at != tree.root), n)
    active = _by_phase(net, load, net.buses.load, "load") - given[:, None] / 3
    reactive = _by_phase(net, q_load, net.buses.q_load, "q_load") - q_given[:, None] / 3
    drawn = (active + 1j * reactive) * 3 / net.base  # a phase's power in units of a third of the base
    held = points.held[tree.root] * np.append(TURN, 0.0)
    voltage = np.tile(held, (n, 1))
    current = np.zeros((len(tree.line), 4), dtype=complex)
    for iteration in range(max_iterations + 1):
        own = voltage[:, :3] - voltage[:, 3:]
        with np.errstate(all="ignore"):  # a sweep that runs away is told by what is left
            taken = np.where(drawn == 0, 0, (drawn / own).conj())
            wires = np.column_stack([taken, -taken.sum(axis=1)])
            current = _solved(passes, wires[tree.child])
            drop = np.einsum("lij,lj->li", matrices, current)
            voltage = voltage.copy()
            voltage[tree.child] = held - _solved(passes, drop, "T")
            left = np.abs((voltage[:, :3] - voltage[:, 3:]) * taken.conj() - drawn)
        worst = left.max(initial=0.0) * net.base / 3
        if worst < tolerance:
            return of_wires(net, tree, voltage, current, iteration + 1)
        if not np.isfinite(left).all():
            break
    at = int(np.nanargmax(np.where(np.isfinite(left), left, np.inf).max(axis=1)))
    bus, size = net.buses.bus[at], float(left[at].max() * net.base / 3)
    told = f"at bus {bus} {say(size, size)} MVA are left on one phase"
    raise NoConvergence(
        f"the sweeps over four wires do not settle in {iteration + 1} steps: {told}", bus=bus, mismatch=size,
        iterations=iteration + 1,
    )  # fmt: skip


def _solved(passes, values, trans="N"):
    """A pass over complex columns."""
    both = passes.solve(np.ascontiguousarray(np.hstack([values.real, values.imag])), trans=trans)
    return both[:, :4] + 1j * both[:, 4:]


def _refuse(net):
    """What four wires do not model here."""
    for table, columns, of in (("lines", {"tap": 1.0, "shift": 0.0, "g": 0.0, "b": 0.0}, net.lines),
                               ("buses", {"g_shunt": 0.0, "b_shunt": 0.0}, net.buses)):  # fmt: skip
        for column, plain in columns.items():
            values = getattr(of, column)
            for row in np.flatnonzero(values != plain)[:1]:
                message = f"must be {plain:g}: the model with four wires knows no taps, shifts and shunts"
                raise InvalidNetwork(message, table=table, row=int(row), column=column, value=float(values[row]))


def _by_phase(net, given, balanced, argument):
    """Load of each bus by phase (n, 3): a third of the balanced one where none is given."""
    found = np.repeat(balanced[:, None] / 3, 3, axis=1)
    if given is None:
        return found
    if isinstance(given, Mapping):
        for bus, values in given.items():
            found[place_of(bus, net.index, "bus")] = numbers(values, f"{argument} of bus {bus}", count=3, place="phase")
        return found
    if shape_of(given) != found.shape:
        words = f"must be {{bus: (a, b, c)}} or an array of {len(found)} rows and 3 columns, not of shape {shape_of(given)}"
        raise InvalidInput(f"{argument} {words}")
    return numbers(given, argument, ndim=2, place="bus and phase")


def _impedances(net, neutral, impedance):
    """(m, 4, 4) complex array, p.u."""
    lines, index = net.lines, {name: i for i, name in enumerate(net.lines.name)}
    multiple = np.ones(len(lines))
    if isinstance(neutral, Mapping):
        for name, value in neutral.items():
            multiple[place_of(name, index, "line")] = not_negative(value, f"neutral of line {name}")
    else:
        multiple[:] = not_negative(neutral, "neutral")
    own = (lines.r + 1j * lines.x)[:, None] * np.column_stack([np.ones((len(lines), 3)), multiple])
    found = own[:, :, None] * np.eye(4)
    if impedance is not None and not isinstance(impedance, Mapping):
        raise InvalidInput("impedance must be a dict: line -> 4 times 4 complex numbers")
    for name, given in (impedance or {}).items():
        at = place_of(name, index, "line")
        try:
            matrix = np.array(given, dtype=complex)
        except (TypeError, ValueError):
            matrix = np.zeros(0)
        if matrix.shape != (4, 4) or not np.isfinite(matrix).all():
            raise InvalidInput(f"impedance of line {name} must be 4 times 4 finite complex numbers, not {shown(given)}")
        found[at] = matrix
    return found
