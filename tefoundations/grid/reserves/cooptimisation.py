"""Co-optimisation: who produces and who is held back, found at once, and the prices of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import Infeasible, InvalidNetwork
from tefoundations.grid.dc.optimum import DispatchModel
from tefoundations.grid.dc.programmes import ENDLESS
from tefoundations.grid.dc.shortage import infeasible
from tefoundations.grid.offers import fixed_draw
from tefoundations.grid.reserves.dispatch import ReserveDispatch, ReserveEvidence, dispatch_of
from tefoundations.grid.reserves.programme import JointOptimum, ReserveColumns, ReserveRows, watched
from tefoundations.grid.reserves.zones import cannot_hold, holdings, zones_of
from tefoundations.programmes import NEAR, NoEnd, NoPoint, linear
from tefoundations.units import far_power
from tefoundations.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network
    from tefoundations.grid.reserves.demand_curve import ScarcityCurve

SHORT = 1e-7  # share of a need that may be rounding


def reserve_opf(
    net: Network,
    load: Mapping | ArrayLike | None = None,
    *,
    requirement: float | Mapping | None = None,
    most: Mapping | ArrayLike | None = None,
    offer: float | Mapping | ArrayLike = 0.0,
    zones: Mapping | None = None,
    demand: ScarcityCurve | Sequence | Mapping | None = None,
    limits: Mapping | ArrayLike | None = None,
    susceptance: str = "x_tap",
) -> ReserveDispatch:
    """The cheapest dispatch that serves the load and holds upward reserve, on the linear (DC) network.

    Minimises the cost of generation and of held reserve, less the value of served bids and of reserve that a demand curve
    takes. What a generator holds and what it produces share its `p_max`. The price of a bus is what one more megawatt of
    load there would add, the price of reserve in a zone what one more megawatt that the zone needs would add.

    Parameters
    ----------
    net : Network
    load : dict or (n,) array, optional
        As in `dc_opf` (MW).
    requirement : float or dict, optional
        Reserve that must be held, or {zone: MW}. A single number is that of the zone "all", all buses.
    most : dict or (g,) array, optional
        {generator: MW} or an array: the most that each can give in time, such as ten minutes of its ramp. Default: all that
        its limits allow.
    offer : float, dict or (g,) array
        What a megawatt held for an hour costs each generator by itself ($/MWh).
    zones : dict, optional
        {zone: buses}. Zones may overlap: what a generator holds counts in each of its zones.
    demand : ScarcityCurve, sequence of (MW, $/MWh), or dict, optional
        A demand curve for reserve in the place of a requirement, or {zone: curve}.
    limits : dict or (m,) array, optional
        As in `dc_opf` (MW). They hold for the flows of energy: whether reserve can be delivered is what zones are for.
    susceptance : {"x_tap", "x", "r_x"}
        As in `dc_opf`.

    Returns
    -------
    ReserveDispatch

    Raises
    ------
    Infeasible
        A zone whose generators cannot hold what it needs, a reserve that cannot be held while the load is served (names the
        zone and what can be), a load that cannot be served.
    InvalidInput
        Neither requirement nor demand, an unknown zone, bus or generator, a negative quantity.
    InvalidNetwork
        As `dc_opf`.

    References
    ----------
    Kirschen, D. S. and Strbac, G. (2018), "Fundamentals of Power System Economics", 2nd ed., Wiley, chapter 6 (energy and
    reserve cleared together); Hogan, W. W. (2013), "Electricity Scarcity Pricing Through Operating Reserves", Economics of
    Energy & Environmental Policy 2(2) (demand curves).

    Examples
    --------
    A cheap plant A and a dearer one B, of which 20 MW come in time. 30 MW of reserve keep 10 MW of A back:

    >>> from tefoundations.grid import Network
    >>> net = Network.from_frames({"bus": [1, 2], "load": [0, 100]}, {"from_bus": [1], "to_bus": [2], "x": [0.1]},
    ...     {"bus": [1, 1], "p_max": [100, 100], "cost": [20, 35], "name": ["A", "B"]})
    >>> d = reserve_opf(net, requirement=30, most={"B": 20})
    >>> d.generation, d.reserve, d.lmp, d.reserve_price
    (array([90., 10.]), array([10., 20.]), array([35., 35.]), {'all': 15.0})

    Without a need there is no price:

    >>> reserve_opf(net, load={2: 50}, requirement=0).reserve_price
    {'all': 0.0}
    """
    model = DispatchModel(net, susceptance=susceptance)
    zones_ = zones_of(net, requirement, zones, demand)
    can, asked = holdings(net, most, offer)
    can = np.where(zones_.counts.any(axis=0), can, 0.0)  # what counts nowhere is not held
    drawn, flow_limits = net.load_vector(load) + fixed_draw(net), model.flow_limits(limits)
    wires, blocks = model._wires, model._blocks
    columns, rows = _programme(net, blocks, drawn.sum(), zones_, can, asked)
    unit = _unit(net, blocks, drawn, zones_)
    if (told := cannot_hold(net, zones_, can)) is not None:
        raise told
    try:
        found, rows, seen, flow = watched(columns, rows, unit, wires, blocks, drawn, flow_limits)
    except NoEnd:
        raise InvalidNetwork(ENDLESS) from None
    except NoPoint:
        raise _shortage(net, wires, blocks, drawn, flow_limits, columns, rows, unit, zones_) from None
    found = _least_held(columns, rows, unit, found, len(blocks.at), len(net.generators))
    evidence = ReserveEvidence(wires, blocks, columns, rows, found, seen, unit, can, asked)
    return dispatch_of(net, drawn, zones_, flow, flow_limits, evidence)


def _programme(net, blocks, total, zones, can, asked):
    """Columns and rows without lines: balance, room of each unit that can hold reserve, zones."""
    units, steps = net.generators, zones.steps
    k, g, s = len(blocks.at), len(units), len(steps)
    zero = np.zeros(k + g + s)
    low, high = zero.copy(), zero.copy()
    low[:k], high[:k], high[k : k + g], high[k + g :] = blocks.low, blocks.high, can, [mw for _, mw, _ in steps]
    cost, cost2 = zero.copy(), zero.copy()
    cost[:k], cost[k : k + g], cost[k + g :], cost2[:k] = blocks.cost, asked, [-worth for *_, worth in steps], blocks.cost2
    balance = zero.copy()
    balance[:k] = blocks.share
    holding = np.flatnonzero((can > 0) & np.isfinite(units.p_max))
    room = np.zeros((len(holding), len(zero)))
    for row, unit in enumerate(holding):
        room[row, :k][blocks.owner == unit] = 1.0
        room[row, k + unit] = 1.0
    needs = np.zeros((len(zones.names), len(zero)))
    needs[:, k : k + g] = zones.counts
    for place, (zone, *_) in enumerate(steps):
        needs[zone, k + g + place] = -1.0
    matrix = np.concatenate([balance[None], room, needs])
    least = np.concatenate([[total], np.full(len(holding), -np.inf), zones.need])
    most = np.concatenate([[total], units.p_max[holding], np.full(len(needs), np.inf)])
    return ReserveColumns(low, high, cost, cost2), ReserveRows(matrix, least, most)


def _unit(net, blocks, load, zones):
    """A size of what is dispatched (MW): the load, the bids or the needs; of a network without any, the blocks."""
    bids = net.bids.p_max[np.isfinite(net.bids.p_max)].sum()
    used = max(np.abs(load).sum(), bids, zones.need.max(initial=0.0))
    return float(far_power(used or np.abs(blocks.high[np.isfinite(blocks.high)]).max(initial=1.0)))


def _least_held(columns, rows, unit, found, k, g):
    """The same optimum with no more reserve than is needed: what is free would else be held for nothing."""
    at, x = np.arange(k, k + g), found.x.copy()
    zones = np.isfinite(rows.low) & np.isinf(rows.high)
    if not (rows.matrix @ x - rows.low > NEAR * unit)[zones].any():
        return found
    of_reserve = rows.matrix[:, at].any(axis=1)
    own = rows.matrix[np.ix_(of_reserve, at)]
    now, used = own @ x[at], rows.matrix[of_reserve] @ x - own @ x[at]
    low, high = np.minimum(rows.low[of_reserve] - used, now), np.maximum(rows.high[of_reserve] - used, now)
    tiny = NEAR * np.abs(columns.cost).max()
    x[at] = linear(columns.cost[at] + tiny, own, low, high, columns.low[at], columns.high[at]).x
    return JointOptimum(x, found.dual)


def _shortage(net, wires, blocks, load, limits, columns, rows, unit, zones):
    """Why there is no dispatch: is it the load, or the reserve? Lets each need be missed at 1 $/MW, all else being free."""
    missed = np.zeros((len(rows.low), len(zones.names)))
    missed[len(rows.low) - len(zones.names) :] = np.eye(len(zones.names))
    ones, free = np.ones(len(zones.names)), np.zeros(len(columns.cost))
    easier = ReserveColumns(np.concatenate([columns.low, 0 * ones]), np.concatenate([columns.high, zones.need]),
                     np.concatenate([free, ones]), np.concatenate([free, 0 * ones]))  # fmt: skip
    try:
        asked = ReserveRows(np.hstack([rows.matrix, missed]), rows.low, rows.high)
        found, *_ = watched(easier, asked, unit, wires, blocks, load, limits)
    except NoPoint:
        return infeasible(net, wires, blocks, load, *limits)
    short = found.x[-len(ones) :]
    zone = int(np.argmax(short / np.maximum(zones.need, SHORT * unit)))
    need, held = zones.need[zone], zones.need[zone] - short[zone]
    return Infeasible(f"zone {zones.names[zone]}: reserve of {say(need, need)} MW exceeds the {say(held, need)} MW that can "
                      f"be held while the load is served", load=float(need), deliverable=float(held))  # fmt: skip
