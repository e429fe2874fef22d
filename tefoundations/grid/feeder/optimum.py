"""Optimal power flow of a radial feeder: LinDistFlow, and the branch flow model with losses."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.ac.dispatch import ACDispatch
from tefoundations.grid.columns import replaced
from tefoundations.grid.consistency import check_network, refuse_dclines
from tefoundations.grid.feeder.multipliers import line_multipliers, rating_multipliers, voltage_multipliers
from tefoundations.grid.feeder.prices import parts_of
from tefoundations.grid.feeder.programmes import FeederProgram, NoOperation
from tefoundations.grid.feeder.shortage import infeasible
from tefoundations.grid.offers import blocks_of, reactive_of
from tefoundations.inputs import one_of
from tefoundations.words import shown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network

LIMITS = ("S", "P")


def lindistflow_opf(
    net: Network, load: Mapping | ArrayLike | None = None, *, q_load: Mapping | ArrayLike | None = None, limit_of: str = "S"
) -> ACDispatch:
    """The cheapest dispatch on a radial feeder in the linear model: no losses, squared voltages, voltage and line limits.

    Generators (the grid at the slack bus is one of them) choose active and reactive power within their ranges, bids their
    demand. Without losses, the price of a bus is the price at the slack, plus the multipliers of the full lines on the way,
    plus, for every voltage at a limit, its multiplier times twice the resistance that the two ways from the slack share.

    Parameters
    ----------
    net : Network
        Without loops. The voltage of the slack bus is free within its limits; `v_min` = `v_max` holds it. A generator
        without `q_min` and `q_max` gives or takes any reactive power that its `s_max` leaves room for, at no cost: 0 in both
        columns keeps it from that.
    load : dict or (n,) array, optional
        Replaces fixed load (MW) as in `Network.load_vector`; reactive load stays as it is.
    q_load : dict or (n,) array, optional
        {bus: MVAr} replaces the reactive load of these buses, an array that of all.
    limit_of : str
        "S": a line's limit holds its apparent power, sqrt(P^2 + Q^2); "P": its active power alone.

    Returns
    -------
    ACDispatch
        Its model is "LinDistFlow".

    Raises
    ------
    Infeasible
        No dispatch serves this load; the message says how much can be served and which limits are in the way.
    InvalidNetwork
        A network with a loop, a cost that is not convex, a value without meaning.
    InvalidInput
        An unknown bus, an array of another length, another `limit_of`.

    Notes
    -----
    Solved by Clarabel. The prices are put together from the price at the slack and the multipliers of limits, so that their
    parts add up exactly.

    References
    ----------
    Baran, M. E. and Wu, F. F. (1989), "Network reconfiguration in distribution systems for loss reduction and load
    balancing", IEEE Transactions on Power Delivery 4(2), 1401-1407.

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> lindistflow_opf(Network.from_frames(**grid("feeder5"))).lmp.round(6)
    array([50., 55., 60., 80., 60.])
    """
    return _solved(net, load, q_load, False, limit_of)


def branch_flow_opf(
    net: Network, load: Mapping | ArrayLike | None = None, *, q_load: Mapping | ArrayLike | None = None, limit_of: str = "S"
) -> ACDispatch:
    """The cheapest dispatch on a radial feeder with losses: the branch flow model, relaxed to second-order cones.

    Convex, so the optimum is global. It is the optimum of the AC network wherever the cones hold with equality (`tight`), as
    they do on a feeder unless something gains by wasting power: a negative price, or a voltage that must be brought down.

    Parameters
    ----------
    net : Network
        Without loops. The voltage of the slack bus is free within its limits; `v_min` = `v_max` holds it. A generator
        without `q_min` and `q_max` gives or takes any reactive power that its `s_max` leaves room for, at no cost: 0 in both
        columns keeps it from that.
    load : dict or (n,) array, optional
        Replaces fixed load (MW) as in `Network.load_vector`; reactive load stays as it is.
    q_load : dict or (n,) array, optional
        {bus: MVAr} replaces the reactive load of these buses, an array that of all.
    limit_of : str
        "S": a line's limit holds its apparent power at both ends; "P": its active power alone.

    Returns
    -------
    ACDispatch
        Its model is "branch flow". If a cone is not tight, `tight` is False, `cone_gap` says where, and Python warns.

    Raises
    ------
    Infeasible
        No dispatch serves this load; the message says how much can be served and which limits are in the way.
    InvalidNetwork
        A network with a loop, a cost that is not convex, a value without meaning.
    InvalidInput
        An unknown bus, an array of another length, another `limit_of`.

    References
    ----------
    Farivar, M. and Low, S. H. (2013), "Branch flow model: relaxations and convexification", IEEE Transactions on Power
    Systems 28(3), 2554-2564; Papavasiliou, A. (2018), "Analysis of distribution locational marginal prices", IEEE
    Transactions on Smart Grid 9(5), 4872-4882.

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> d = branch_flow_opf(Network.from_frames(**grid("feeder5")))
    >>> d.lmp.round(4), d.tight
    (array([50.    , 56.9865, 61.3149, 80.    , 60.    ]), True)
    """
    found = _solved(net, load, q_load, True, limit_of)
    if not found.tight:
        line = int(np.argmax(found.cone_gap))
        gap = f"{found.cone_gap[line]:.3g} MVA are lost that no flow explains"
        warnings.warn(
            f"the cone of line {net.lines.name[line]} is not tight: {gap}; this dispatch cannot be run, use ac_opf",
            stacklevel=2,
        )
    return found


class FeederPricing:
    """Parts of prices, told from the root."""

    def __init__(self, net, parts):
        self.net, self._parts = net, parts

    def parts(self, slack=None):
        if slack is not None and self.net.position(slack) != self.net.slack_at:
            raise InvalidInput(
                f"slack {shown(slack)}: on a radial model the parts are told from the network's slack, "
                f"{shown(self.net.slack)}; "
                "ac_opf takes any"
            )
        return self._parts


def _solved(net, load, q_load, losses, limit_of):
    check_network(net)
    refuse_dclines(net, "the feeder models")
    one_of(limit_of, tuple(LIMITS), "limit_of")
    load, blocks = net.load_vector(load), blocks_of(net)
    q_load = replaced(q_load, net.buses.q_load, net.index, "q_load", "bus")
    reactive, *free_q = reactive_of(net, blocks)
    program = FeederProgram(net, blocks, load, q_load, losses, limit_of, reactive, free_q)
    try:
        optimum = program.solve()
    except NoOperation:
        raise infeasible(program) from None
    return _dispatch(program, optimum)


def _dispatch(program, optimum):
    net, blocks, s, value, tree = program.net, program.blocks, program.scale, optimum.value, program.tree
    w, losses, m = value["w"], program.losses, program.sizes["P"]
    near_w = program.near * w[tree.parent]
    current = value["l"] if losses else np.zeros(m)
    gap = (
        np.hypot(program.r, program.x) * (current - (value["P"] ** 2 + value["Q"] ** 2) / near_w) if losses else np.zeros(m)
    ) * s
    parts = parts_of(program, optimum, gap > 1e-6 * s)
    flow = value["P"] + 1j * value["Q"]
    into = flow + (program.near_shunt.conj() * w[tree.parent] if losses else 0)
    back = -flow + (program.r + 1j * program.x) * current + (program.far_shunt.conj() * w[tree.child] if losses else 0)
    start, end = np.zeros(m, dtype=complex), np.zeros(m, dtype=complex)
    start[tree.line], end[tree.line] = np.where(tree.forward, into, back) * s, np.where(tree.forward, back, into) * s
    p = value["p"] * s
    q = value["q"] * s + blocks.generation(program.reactive * p)
    cost, worth = blocks.costs(p)
    cone_gap = np.zeros(m)
    cone_gap[tree.line] = np.maximum(gap, 0.0)
    return ACDispatch(
        net=net, model="branch flow" if losses else "LinDistFlow", load=program.load, q_load=program.q_load,
        generation=blocks.generation(p), q_generation=q, demand=blocks.demand(p), voltage=np.sqrt(w),
        angle=_angles(program, flow, near_w), p_from=start.real + 0.0, q_from=start.imag + 0.0, p_to=end.real + 0.0,
        q_to=end.imag + 0.0, lmp=parts.price, q_price=parts.q_price, multiplier=line_multipliers(program, optimum),
        voltage_multiplier=voltage_multipliers(program, optimum), angle_multiplier=np.zeros(m),
        rating_multiplier=rating_multipliers(program, optimum), cost=float(cost), value=float(worth), cone_gap=cone_gap,
        iterations=optimum.iterations, _pricing=FeederPricing(net, parts),
    )  # fmt: skip


def _angles(program, flow, near_w):
    """Angles (degrees) from the flows: along an impedance z, v' = (|v|^2 - z conj(S)) / conj(v)."""
    net, tree = program.net, program.tree
    fall = np.rad2deg(np.angle(near_w - (program.r + 1j * program.x) * flow.conj()))
    turn = np.where(tree.forward, -1, 1) * net.lines.shift[tree.line]
    angle = np.zeros(program.sizes["w"])
    for parent, child, step in zip(tree.parent.tolist(), tree.child.tolist(), (fall + turn).tolist()):
        angle[child] = angle[parent] + step
    return angle
