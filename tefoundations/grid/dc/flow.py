"""DC power flow: where power goes when generation and load are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.columns import replaced
from tefoundations.grid.consistency import check_network
from tefoundations.grid.dc.wires import OVERLOAD, Wires, slack_weights
from tefoundations.grid.network import Network
from tefoundations.grid.offers import fixed_draw
from tefoundations.programmes import ROUNDING
from tefoundations.words import Explained, count, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class DCFlow(Explained):
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
    def overloaded(self) -> tuple[str, ...]:
        """tuple of str: names of the lines that carry more than their limit (by more than rounding)."""
        limit = self.net.lines.limit
        room = OVERLOAD * limit + ROUNDING * np.abs(self.injection).sum()
        return tuple(self.net.lines.name[np.abs(self.flow) > limit + room].tolist())

    def to_frame(self) -> pd.DataFrame:
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

    def explain(self) -> str:
        """The result in words: what flows where most, what the slack took up, and the lines beyond their limit.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> net = Network.from_frames(**grid("three_bus"))
        >>> print(dc_power_flow(net, injection={1: 90, 2: -90}).explain())
        90 MW are put in at 1 bus and taken out at 1 bus.
        The largest flow is 45 MW, on line 1-2 from bus 1 to bus 2.
        """
        lines, told = self.net.lines, []
        giving, taking = (self.injection > 0).sum(), (self.injection < 0).sum()
        put_in = say(np.maximum(self.injection, 0.0).sum())
        told.append(f"{put_in} MW are put in at {count(giving, 'bus')} and taken out at {count(taking, 'bus')}.")
        if self.flow.any():
            size = np.abs(self.flow)
            row = int(np.argmax(size > (1 - 1e-9) * size.max()))  # the first of those that carry most
            ends = (lines.from_bus[row], lines.to_bus[row])
            start, end = ends if self.flow[row] > 0 else ends[::-1]
            told.append(
                f"The largest flow is {say(abs(self.flow[row]))} MW, "
                f"on line {lines.name[row]} from bus {start} to bus {end}."
            )
        if say(self.imbalance) != "0":
            took = "puts in" if self.imbalance > 0 else "takes out"
            told.append(f"The slack {took} {say(abs(self.imbalance))} MW: as much as load and generation differ.")
        for row in np.flatnonzero(np.isin(lines.name, self.overloaded)).tolist():
            told.append(
                f"Line {lines.name[row]} carries {say(abs(self.flow[row]))} MW, its limit is {say(lines.limit[row])}."
            )
        return "\n".join(told)

    def _at_a_glance(self):
        return [
            ("put in, MW", np.maximum(self.injection, 0.0).sum()), ("taken up by the slack, MW", self.imbalance),
            ("largest flow, MW", np.abs(self.flow).max(initial=0.0)),
            ("overloaded lines", listed(self.overloaded) or "none"),
        ]  # fmt: skip

    def __repr__(self):
        over = ", ".join(self.overloaded)
        return f"DCFlow({len(self.flow)} lines, {f'overloaded: {over}' if over else 'none overloaded'})"


def dc_power_flow(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    injection: Mapping | ArrayLike | None = None,
    generation: Mapping | ArrayLike | None = None,
    slack: object = None,
    susceptance: str = "x_tap",
) -> DCFlow:
    """Flows of the linear (DC) model: no losses, voltages of 1 p.u., small angles.

    Give either `injection`, or generation and load. What does not add up is put in at the slack.

    Parameters
    ----------
    net : Network
    load : dict or (n,) array, optional
        Replaces fixed load (MW) as in `Network.load_vector`. A shunt draws `g_shunt` beside it; bids take nothing; DC lines
        carry `p_set`.
    injection : dict or (n,) array, optional
        {bus: MW}, or MW by bus: generation less load.
    generation : dict or (g,) array, optional
        {generator: MW} or MW by unit; where not given, the schedule `p_set`.
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
    >>> dc_power_flow(net, injection={}).flow
    array([0., 0., 0.])

    90 MW from bus 1 to bus 2: the direct way has x = 0.5, the way round 0.3 + 0.2; each takes half.

    >>> dc_power_flow(net, injection={1: 90, 2: -90}).flow
    array([ 45.,  45., -45.])
    """
    check_network(net)
    if injection is not None and (generation is not None or load is not None):
        raise InvalidInput("give either injection, or generation and load")
    if injection is None:
        units = net.generators
        p = replaced(generation, units.p_set, {name: i for i, name in enumerate(units.name)}, "generation", "generator")
        generated = np.bincount(units.at, p, len(net.buses))
        dc, n = net.dclines, len(net.buses)
        carried = np.bincount(dc.end, dc.p_set * (1 - dc.loss1), n) - np.bincount(dc.start, dc.p_set, n)
        given = generated + carried - net.load_vector(load) - fixed_draw(net)
    else:
        given = replaced(injection, np.zeros(len(net.buses)), net.index, "injection", "bus")
    weights = slack_weights(net, slack)
    balanced = given - weights * given.sum()
    wires = Wires(net, susceptance)
    angle = np.rad2deg(wires.angles(balanced))
    if weights.max() == 1.0 and np.count_nonzero(weights) == 1:
        angle = angle - angle[np.argmax(weights)]
    return DCFlow(net, balanced, angle + 0.0, wires.flows(balanced) + 0.0, 0.0 - float(given.sum()))
