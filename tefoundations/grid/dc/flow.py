"""DC power flow: where power goes when generation and load are known."""

from dataclasses import dataclass

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.dc.wires import OVERLOAD, Wires, slack_weights
from tefoundations.grid.inputs import numbers
from tefoundations.grid.network import Network
from tefoundations.programmes import ROUNDING


@dataclass(frozen=True, eq=False)
class DCFlow:
    """Flows of a DC power flow.

    Parameters
    ----------
    net : Network
    injection : (n,) float array
        What each bus puts into the lines (MW), negative if it takes; adds up to 0.
    angle : (n,) float array
        Voltage angles (degrees); 0 at the reference bus.
    flow : (m,) float array
        Flow of each line (MW), positive from `from_bus` to `to_bus`.
    imbalance : float
        What the slack took up (MW): load less generation as given; negative if there was too much generation.
    """

    net: Network
    injection: np.ndarray
    angle: np.ndarray
    flow: np.ndarray
    imbalance: float

    def __post_init__(self):
        for name in ("injection", "angle", "flow"):
            getattr(self, name).flags.writeable = False

    @property
    def overloaded(self):
        """tuple of str: names of the lines that carry more than their limit (by more than rounding)."""
        limit = self.net.lines.limit
        room = OVERLOAD * limit + ROUNDING * np.abs(self.injection).sum()
        return tuple(self.net.lines.name[np.abs(self.flow) > limit + room].tolist())

    def to_frame(self):
        """One row a line.

        Returns
        -------
        pandas.DataFrame
            Index `line`; from_bus, to_bus, flow (MW), limit (MW), loading (flow as a part of the limit).
        """
        import pandas as pd

        lines = self.net.lines
        with np.errstate(divide="ignore", invalid="ignore"):
            loading = np.where(self.flow == 0, 0.0, np.abs(self.flow) / lines.limit)
        ends = {"from_bus": lines.from_bus, "to_bus": lines.to_bus}
        columns = ends | {"flow": self.flow, "limit": lines.limit, "loading": loading}
        return pd.DataFrame(columns, index=pd.Index(lines.name, name="line"))

    def __repr__(self):
        over = ", ".join(self.overloaded)
        return f"DCFlow({len(self.flow)} lines, {f'overloaded: {over}' if over else 'none overloaded'})"


def dc_power_flow(net, injection=None, *, generation=None, load=None, slack=None, susceptance="x_tap"):
    """Flows of the linear (DC) model: no losses, voltages of 1 p.u., small angles.

    Give either `injection`, or generation and load. What does not add up is put in at the slack.

    Parameters
    ----------
    net : Network
    injection : dict or (n,) array, optional
        {bus: MW}, or MW by bus: generation less load.
    generation : dict or (g,) array, optional
        {generator: MW} or MW by unit; where not given, the schedule `p_set`.
    load : dict or (n,) array, optional
        Replaces fixed load (MW) as in `Network.load_vector`. A shunt draws `g_shunt` beside it; bids take nothing.
    slack : object, dict or "distributed", optional
        A bus, {bus: weight} or "distributed" (in proportion to load); default the network's slack. It takes up the
        imbalance; a single bus is also where the angle is 0 (else the network's slack is).
    susceptance : {"x_tap", "x", "r_x"}
        1/(x tap); 1/x; x/(r^2 + x^2) without taps and phase shifts.

    Returns
    -------
    DCFlow

    Raises
    ------
    InvalidInput
        Injection together with generation or load, an unknown bus or generator, another susceptance.
    InvalidNetwork
        A value that is not a finite number; a line without reactance.

    Examples
    --------
    Nothing in, nothing flows:

    >>> from tefoundations.data import grid
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> dc_power_flow(net, {}).flow
    array([0., 0., 0.])

    90 MW from bus 1 to bus 2: the direct way has x = 0.5, the way round 0.3 + 0.2; each takes half.

    >>> dc_power_flow(net, {1: 90, 2: -90}).flow
    array([ 45.,  45., -45.])
    """
    if injection is not None and (generation is not None or load is not None):
        raise InvalidInput("give either injection, or generation and load")
    if injection is None:
        generated = np.bincount(net.generators.at, _generation(net, generation), len(net.buses))
        given = generated - net.load_vector(load) - net.buses.g_shunt
    elif isinstance(injection, dict):
        given = np.zeros(len(net.buses))
        given[[net.position(bus) for bus in injection]] = numbers(list(injection.values()), "injection", "injection")
    else:
        given = _by_row(injection, len(net.buses), "injection")
    weights = slack_weights(net, slack)
    balanced = given - weights * given.sum()
    wires = Wires(net, susceptance)
    angle = np.rad2deg(wires.angles(balanced))
    if weights.max() == 1.0 and np.count_nonzero(weights) == 1:
        angle = angle - angle[np.argmax(weights)]
    return DCFlow(net, balanced, angle + 0.0, wires.flows(balanced) + 0.0, float(-given.sum()))


def _generation(net, generation):
    units = net.generators
    if generation is None:
        return units.p_set
    if not isinstance(generation, dict):
        return _by_row(generation, len(units), "generation")
    p, known = units.p_set.copy(), {name: i for i, name in enumerate(units.name)}
    for name in generation:
        if name not in known:
            raise InvalidInput(f"generator {name!r} is not one of {', '.join(map(str, units.name[:6]))}")
    p[[known[name] for name in generation]] = numbers(list(generation.values()), "generation", "generation")
    return p


def _by_row(values, size, name):
    if np.shape(values) != (size,):
        raise InvalidInput(f"{name} must be a dict or an array of {size} values, not of shape {np.shape(values)}")
    return numbers(list(values), name, name)
