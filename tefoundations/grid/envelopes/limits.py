"""How much each home of a radial feeder may send, whatever the others do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.grid.columns import names, replaced, shape_of
from tefoundations.grid.consistency import check_network
from tefoundations.grid.envelopes.outcome import Envelopes
from tefoundations.grid.envelopes.room import Room
from tefoundations.grid.envelopes.rules import filled, largest_product, largest_sum, one_share
from tefoundations.inputs import not_negative, number, numbers, one_of, sequence
from tefoundations.programmes import NEAR
from tefoundations.words import listed, shown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network

RULES = {
    "most": largest_sum,
    "equal": lambda room, wanted: filled(room, wanted, np.ones(len(wanted))),
    "proportional": lambda room, wanted: filled(room, wanted, wanted),
    "share": one_share,
    "log": largest_product,
}
BY_CONES = 1e-6  # share of a limit to which a programme with cones comes near it


def export_limits(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    members: Mapping | Sequence,
    wanted: Mapping | ArrayLike | float,
    rule: str = "most",
    q_load: Mapping | ArrayLike | None = None,
    v_max: Mapping | ArrayLike | float | None = None,
    tan_phi: float = 0.0,
) -> Envelopes:
    """Limits of export at the meters of a radial feeder that hold whatever part of them is used.

    In the linear model (`lindistflow`) what is sent takes up room on every line on the way to the slack, and lifts the
    squared voltage of each bus by twice the resistance that both ways share. No weight is negative. So whoever uses a part
    of the limits, or none, the feeder is as safe as with all of them used. Losses are left out: the voltages that exports
    make are a little lower than in this model, so that they are on the safe side.

    Parameters
    ----------
    net : Network
        Without loops. Its limits of lines (MVA) and `v_max` (p.u.) count. Its generators give nothing; the slack holds
        its voltage (`v_set`, or 1 p.u.).
    load : dict or (n,) array, optional
        Replaces fixed load (MW) as in `Network.load_vector`. It is what those draw who have no limit here: what a member
        sends is counted at its meter, after its own use.
    members : dict or sequence
        {name: bus}, or a series of buses by name; or buses, and then a member is called after its bus.
    wanted : dict, series, (k,) array or float
        What each would send (MW): {name: MW}, one number for each member, or one for all. Nobody gets more. A series is read
        by its index, unless that only counts its rows.
    rule : str
        "most": the largest sum; where several splits have it, one of them. "equal": the most equal limits in MW, so that
        nobody can get more unless somebody who has no more gets less (max-min). "proportional": the same for shares of
        what is wanted. "share": one share of what is wanted for all. "log": the largest product (proportional fairness).
    q_load : dict or (n,) array, optional
        {bus: MVAr} replaces the reactive load of these buses, an array that of all.
    v_max : float, dict or (n,) array, optional
        Upper limit of the voltage (p.u.), for all buses or by bus; default that of the network.
    tan_phi : float
        MVAr that a member absorbs for each MW it sends.

    Returns
    -------
    Envelopes

    Raises
    ------
    Infeasible
        Load alone breaks a limit: names the line, or the bus.
    InvalidNetwork
        A network with a loop, a value that is not a finite number.
    InvalidInput
        An unknown bus or rule, a member twice, a negative amount, arrays of another length.

    Notes
    -----
    "equal" and "proportional" by progressive filling, a few passes over the tree a step; "most" by a linear programme;
    "log" by a tower of second-order cones, to about 1e-5 of each limit. Absorbed reactive power may pull a voltage down more
    than the active power lifts it: then the lower limits count too, and no member's help is counted, since it may stop.

    References
    ----------
    Liu, M. Z. et al. (2022), "Using OPF-based operating envelopes to facilitate residential DER services", IEEE Transactions
    on Smart Grid, doi 10.1109/TSG.2022.3188927.

    Examples
    --------
    Nobody who wants to send, and two roofs behind a line of 0.01 MVA:

    >>> from tefoundations.grid import Network
    >>> net = Network.from_frames(
    ...     {"bus": [0, 1, 2]}, {"from_bus": [0, 1], "to_bus": [1, 2], "x": [0.1, 0.1], "limit": [0.01, 0.02]},
    ...     {"bus": [0], "p_max": [1], "cost": [30]})
    >>> export_limits(net, members=[], wanted=[]).total
    0.0
    >>> export_limits(net, members=[1, 2], wanted=[0.002, 0.012], rule="equal").limit
    array([0.002, 0.008])
    """
    one_of(rule, tuple(RULES), "rule")
    room, name, bus = _room(net, members, load, q_load, v_max, tan_phi)
    asked = _wanted(wanted, name)
    limit = RULES[rule](room, asked)
    full = room.tight(room.used(limit), BY_CONES if rule == "log" else NEAR)
    return Envelopes(net, name, bus, asked, limit, rule, room.names(full))


def hosting_capacity(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    at: object,
    q_load: Mapping | ArrayLike | None = None,
    v_max: Mapping | ArrayLike | float | None = None,
    tan_phi: float = 0.0,
) -> Envelopes:
    """The largest export that equal roofs can have at given buses of a radial feeder, all at once.

    Parameters
    ----------
    net : Network
        As in `export_limits`.
    load : dict or (n,) array, optional
        Replaces fixed load (MW) as in `Network.load_vector`. With no load the capacity holds at any hour.
    at : bus, dict or sequence
        One bus, or the buses of several roofs (a bus counts as often as it is there), or {name: bus}.
    q_load : dict or (n,) array, optional
        {bus: MVAr} replaces the reactive load of these buses, an array that of all.
    v_max : float, dict or (n,) array, optional
        Upper limit of the voltage (p.u.), for all buses or by bus; default that of the network.
    tan_phi : float
        MVAr that a roof absorbs for each MW it sends.

    Returns
    -------
    Envelopes
        `limit` is the same for all roofs, `total` their sum; inf where nothing limits them.

    Raises
    ------
    Infeasible
        Load alone breaks a limit: names the line, or the bus.
    InvalidNetwork
        A network with a loop, a value that is not a finite number.
    InvalidInput
        An unknown bus, an array of another length.

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> net = Network.from_frames(**grid("feeder5"))
    >>> nobody = [0.0] * 5
    >>> for at in (1, 3, [1, 3]):
    ...     print(hosting_capacity(net, nobody, at=at, q_load=nobody, v_max=1.03))
    Envelopes(hosting: 4 MW, 1 members)
    Envelopes(hosting: 1.79118 MW, 1 members)
    Envelopes(hosting: 3.20526 MW, 2 members)
    """
    check_network(net)
    several = isinstance(at, (Mapping, list, tuple, np.ndarray)) or hasattr(at, "iloc")
    room, name, bus = _room(net, at if several else [at], load, q_load, v_max, tan_phi)
    count = len(name)
    most = room.steps(0.0, room.used(np.ones(count))).min(initial=np.inf)
    limit, full = np.full(count, most), ()
    if count and np.isfinite(most):
        full = room.names(room.tight(room.used(limit)))
    return Envelopes(net, name, bus, np.full(count, np.inf), limit, "hosting", full)


def _room(net, members, load, q_load, v_max, tan_phi):
    """What the feeder leaves, and the members' names and buses."""
    check_network(net)
    name, bus = _members(members)
    at = np.array([net.position(each) for each in bus], dtype=np.intp)
    if v_max is not None:
        scalar = not isinstance(v_max, Mapping) and shape_of(v_max) == ()
        v_max = (
            np.full(len(net.buses), number(v_max, "v_max", above=0, infinite=True, unit="(p.u.)")) if scalar
            else replaced(v_max, net.buses.v_max, net.index, "v_max", "bus")
        )  # fmt: skip
    tan_phi = not_negative(tan_phi, "tan_phi", unit="(MVAr per MW)")
    return Room.of(net, at, load, q_load, v_max, tan_phi), name, net.buses.bus[at]


def _members(members):
    """Names and buses of the members."""
    if hasattr(members, "iloc") and not hasattr(members, "columns"):
        given, buses = members.index.tolist(), members.tolist()
    elif isinstance(members, Mapping):
        given, buses = list(members), list(members.values())
    else:
        buses = list(sequence(members, "members", of="buses, or {name: bus}"))
        given = names(None, [str(each) for each in buses], "members").tolist()
    seen = set()
    for each in given:
        if each in seen:
            raise InvalidInput(f"members: {shown(each)} is there twice")
        seen.add(each)
    return np.array(given, dtype=object), buses


def _wanted(wanted, name):
    """What each member wants (k,), MW."""
    if hasattr(wanted, "iloc") and not hasattr(wanted, "columns"):
        labels, values = wanted.index.tolist(), wanted.tolist()
        counted = labels == list(range(len(name))) and not set(labels) <= set(name.tolist())
        wanted = values if counted else dict(zip(labels, values))
    if isinstance(wanted, Mapping):
        known = set(name.tolist())
        for each in wanted:
            if each not in known:
                raise InvalidInput(f"wanted: {shown(each)} is no member ({listed(name)})")
        for each in name:
            if each not in wanted:
                raise InvalidInput(f"wanted: there is none for member {shown(each)}")
        wanted = [wanted[each] for each in name]
    elif isinstance(wanted, (int, float, np.number)):
        wanted = np.full(len(name), not_negative(wanted, "wanted", unit="(MW)"))
    return numbers(wanted, "wanted", least=0, count=len(name), place="member")
