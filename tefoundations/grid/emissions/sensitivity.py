"""Who serves one more megawatt: how every unit, bid and price of a DC-OPF moves with the load of each bus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.emissions.sides import LESS, MORE, Motion
from tefoundations.grid.network import Network
from tefoundations.inputs import one_of
from tefoundations.programmes import NEAR, is_zero
from tefoundations.words import Explained, listed, say

if TYPE_CHECKING:
    import pandas as pd

    from tefoundations.grid.dc.dispatch import Dispatch

SIDES = {"more": MORE, "less": LESS}


@dataclass(frozen=True, eq=False, repr=False)
class Response(Explained):
    """How an optimum moves with the load of each bus: a column is one more megawatt at that bus.

    Parameters
    ----------
    net : Network
    generation : (g, n) float array
        How much more each generator makes (MW per MW).
    demand : (d, n) float array
        How much more each bid gets (MW per MW), as a rule less.
    dc_flow : (h, n) float array
        How much more each DC line carries (MW per MW).
    lmp : (n, n) float array
        How much dearer each bus gets ($/MWh per MW). Symmetric where the optimum is smooth: a megawatt at one bus does to
        the price of another what a megawatt there does to the price of the one.
    """

    net: Network
    generation: np.ndarray
    demand: np.ndarray
    dc_flow: np.ndarray
    lmp: np.ndarray

    def __post_init__(self):
        for name in ("generation", "demand", "dc_flow", "lmp"):
            getattr(self, name).flags.writeable = False

    def to_frame(self, table: str = "generators") -> pd.DataFrame:
        """The moves as a table.

        Parameters
        ----------
        table : {"generators", "bids", "dclines", "buses"}

        Returns
        -------
        pandas.DataFrame
            One row an element, one column a bus where one more megawatt is drawn (MW per MW; of buses how their prices move,
            $/MWh per MW).

        Raises
        ------
        InvalidInput
            Another table.
        """
        import pandas as pd

        one_of(table, ("generators", "bids", "dclines", "buses"), "table")
        moves = {"generators": self.generation, "bids": self.demand, "dclines": self.dc_flow, "buses": self.lmp}[table]
        rows = getattr(self.net, table)
        names, kind = (rows.bus, "bus") if table == "buses" else (rows.name, table.removesuffix("s"))
        return pd.DataFrame(moves, index=pd.Index(names, name=kind), columns=pd.Index(self.net.buses.bus, name="load at"))

    def explain(self, bus: object = None) -> str:
        """Who serves one more megawatt, in words.

        Parameters
        ----------
        bus : object, optional
            Label of a bus; default: a line for each.

        Returns
        -------
        str

        Raises
        ------
        InvalidInput
            An unknown bus.

        Examples
        --------
        >>> from tefoundations.data import grid
        >>> from tefoundations.grid import dc_opf, response
        >>> print(response(dc_opf(Network.from_frames(**grid("three_bus")), limits={"1-2": 45})).explain(2))
        bus 2, one more MW: S1 -0.305882, S3 +0.470588, D2 -0.541176, D3 -0.294118 MW; its price +0.108235 $/MWh
        """
        if bus is None:
            return "\n".join(self._words(at) for at in range(len(self.net.buses)))
        return self._words(self.net.position(bus))

    def _words(self, at):
        moves = np.concatenate([self.generation[:, at], self.demand[:, at], self.dc_flow[:, at]])
        names = [*self.net.generators.name, *self.net.bids.name, *self.net.dclines.name]
        told = listed(f"{name} {_signed(move)}" for name, move in zip(names, moves) if abs(move) > NEAR) or "nobody moves, 0"
        head = f"bus {self.net.buses.bus[at]}, one more MW"
        if np.isnan(moves).any():
            return f"{head}: nobody can serve it"
        return f"{head}: {told} MW; its price {_signed(self.lmp[at, at])} $/MWh"

    def __repr__(self):
        return f"Response({len(self.generation)} generators and {len(self.demand)} bids to load at {len(self.lmp)} buses)"

    def _at_a_glance(self):
        moving = np.abs(np.vstack([self.generation, self.demand])).max(axis=1, initial=0.0) > NEAR
        names = np.array([*self.net.generators.name, *self.net.bids.name], dtype=object)
        own = np.diag(self.lmp)
        ends = f"{say(own.min())} to {say(own.max())}" if np.isfinite(own).all() else "unknown where nobody can serve more"
        return [("who moves", listed(names[moving]) or "nobody"), ("own price, $/MWh per MW", ends)]


def _signed(value):
    return f"{'+' if value >= 0 else '-'}{say(abs(value))}"


def response(dispatch: Dispatch, *, side: str | None = None) -> Response:
    """How every unit, bid and price of a dispatch moves when one more megawatt is drawn at a bus.

    The units and bids between their limits move, so that supply follows load and full lines stay full. No one of them is
    "the marginal unit" where lines are full: with f full lines 1 + f of them move at least, some up and some down.

    Parameters
    ----------
    dispatch : Dispatch
        From `dc_opf` or `DispatchModel.solve`.
    side : {"more", "less"}, optional
        At a kink, where a limit is only just reached: what the next megawatt does, or what the last one did. Default: both
        must be the same.

    Returns
    -------
    Response
        In megawatts per megawatt of load; nan at buses where no more, or no less, can be served.

    Raises
    ------
    InvalidInput
        No dispatch, or one with conditions beside lines and a cap; at a kink without a `side`; units with the same cost that
        tie, so that who moves is open.

    Notes
    -----
    Within a price regime the conditions of an optimum are linear equations with a constant matrix: the marginal cost of what
    is between its limits is its price, supply is load, flows of full lines are their limits. Solved for one more megawatt at
    each bus, they are the answer.

    References
    ----------
    Fuentes Valenzuela, L., Degleris, A., El Gamal, A., Pavone, M. and Rajagopal, R. (2023), "Dynamic locational marginal
    emissions via implicit differentiation", IEEE Transactions on Power Systems.

    Examples
    --------
    One plant, one town: the plant makes what is drawn.

    >>> from tefoundations.grid import Network, dc_opf
    >>> lines, plant = {"from_bus": [1], "to_bus": [2], "x": [0.1]}, {"bus": [1], "p_max": [200], "cost": [20]}
    >>> response(dc_opf(Network.from_frames({"bus": [1, 2], "load": [0, 80]}, lines, plant))).generation
    array([[1., 1.]])

    Three buses, line 1-2 full: one more megawatt at bus 2 makes the plant at bus 1 give *less*.

    >>> from tefoundations.data import grid
    >>> r = response(dc_opf(Network.from_frames(**grid("three_bus")), limits={"1-2": 45}))
    >>> r.to_frame().round(3)  # doctest: +NORMALIZE_WHITESPACE
    load at        1      2      3
    generator
    S1         0.949 -0.306  0.196
    S3         0.078  0.471  0.314
    >>> r.lmp.round(4)
    array([[ 0.0475, -0.0153,  0.0098],
           [-0.0153,  0.1082,  0.0588],
           [ 0.0098,  0.0588,  0.0392]])
    """
    motion = Motion(dispatch)
    if side is not None:
        one_of(side, tuple(SIDES), "side")
    found = motion.smooth()
    if found is None:
        if side is None:
            ask = "One more and one less megawatt may do different things: ask for side='more' or side='less'"
            raise InvalidInput(f"side: {why(motion, dispatch)}. {ask}")
        found = _one_sided(motion, dispatch, SIDES[side])
    injection, lmp = found
    blocks = motion.blocks
    return Response(dispatch.net, blocks.generation(injection.T).T, blocks.demand(injection.T).T,
                    blocks.dc_flow(injection.T).T, lmp)  # fmt: skip


def _one_sided(motion, dispatch, sign):
    """Moves (k, n) and prices (n, n) per megawatt of load, to one side."""
    n = len(dispatch.lmp)
    injection, lmp = np.full((len(motion.blocks.at), n), np.nan), np.full((n, n), np.nan)
    for bus in range(n):
        direction = motion.side(bus, sign)
        if direction is None:
            continue
        if direction.loose.any():
            who, where = _names(dispatch, motion, direction.loose), dispatch.net.buses.bus[bus]
            raise InvalidInput(f"dispatch: {who} cost the same, and who of them moves with the load of bus {where} is open")
        injection[:, bus], lmp[:, bus] = sign * direction.injection, sign * direction.lmp
    return injection, lmp


def why(motion, dispatch):
    """Why a dispatch has a kink, in words.

    Parameters
    ----------
    motion : Motion
    dispatch : Dispatch

    Returns
    -------
    str
    """
    lines = np.append(dispatch.net.lines.name[motion.at.lines], "the carbon cap")[: len(motion.at.earned) - 1]
    just = lines[motion.lines_reached].tolist()
    if motion.reached.any():
        just.insert(0, _names(dispatch, motion, motion.reached))
    if just:
        return f"a limit is only just reached ({', '.join(just)})"
    marginal = motion.at.marginal
    moved = motion.at.earned[:, marginal]
    if not moved.size or np.linalg.matrix_rank(moved) < len(moved):
        full = f" ({listed(lines)})" if len(lines) else ""
        return f"between their limits are too few units for all that is full{full} to stay full"
    flat = marginal & is_zero(motion.blocks.cost2, of=1.0)
    return f"units cost the same: {_names(dispatch, motion, flat)}"


def _names(dispatch, motion, which):
    """Names of the owners of some blocks."""
    net = dispatch.net
    names = [*net.generators.name, *net.bids.name, *net.dclines.name]
    return listed(dict.fromkeys(names[owner] for owner in motion.blocks.owner[which]))
