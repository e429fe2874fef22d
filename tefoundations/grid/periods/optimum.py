"""DC-OPF over hours that stores and ramps couple: one optimum, and a price for each hour and bus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid.columns import place_of
from tefoundations.grid.consistency import check_network
from tefoundations.grid.dc.optimum import DispatchModel
from tefoundations.grid.dc.programmes import ENDLESS
from tefoundations.grid.dc.series import by_hour
from tefoundations.grid.offers import fixed_draw, refuse_squares
from tefoundations.grid.periods.programme import Coupled, CoupledHours
from tefoundations.grid.periods.series import CoupledSeries
from tefoundations.grid.periods.shortage import unserved_hours
from tefoundations.grid.periods.stores import Fleet, read_stores
from tefoundations.inputs import numbers, positive
from tefoundations.programmes import NoEnd, NoPoint
from tefoundations.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network
    from tefoundations.grid.periods.stores import Store


def multi_period_opf(
    net: Network,
    load: ArrayLike | pd.DataFrame,
    *,
    stores: Sequence[Store] | pd.DataFrame = (),
    p_max: Mapping | ArrayLike | None = None,
    ramps: Mapping | ArrayLike | None = None,
    hours: float = 1.0,
    limits: Mapping | ArrayLike | None = None,
) -> CoupledSeries:
    """The dispatch that serves a series of loads at least cost, with stores that carry energy from hour to hour.

    Without stores and ramps it is `dc_opf_series`, which knows price regimes and is made for years.

    Parameters
    ----------
    net : Network
        With linear, or convex piecewise linear costs. There is no `carbon_price` here: add price times `co2` to the column
        `cost`, which is the same, and take price times the carbon off `cost` again.
    load : (T, n) array or pandas.DataFrame
        Fixed load by step and bus (MW), as in `dc_opf_series`; times in its index must be `hours` apart.
    stores : sequence of Store, or pandas.DataFrame
        A table has a store in each row and columns named as the parameters of `Store`.
    p_max : dict or (T, g) array, optional
        Most that generators give in each step (MW): {name: (T,) array} for some, such as sun and wind, or an array for all.
    ramps : dict or (g,) array, optional
        How far generators move, up or down, in an hour (MW/h): {name: MW/h} for some, or an array for all, inf for any way.
        The first step may start anywhere.
    hours : float
        Length of a step (h).
    limits : dict or (m,) array, optional
        As in `dc_opf` (MW), the same in every step.

    Returns
    -------
    CoupledSeries

    Raises
    ------
    Infeasible
        No dispatch fits: names ramps that cannot follow, or the hours with load that cannot be served.
    InvalidBattery
        A store without meaning, or a final energy that cannot be reached; names the store.
    InvalidInput
        A store at a bus that is not there, unknown generators or lines, arrays of another shape, a ramp below 0.
    InvalidNetwork
        A quadratic cost, `p_max` below `p_min`, and what `dc_opf_series` refuses.

    Notes
    -----
    One linear programme for all steps, solved by HiGHS. A limit of a line becomes a row in the steps that break it. Nothing
    forbids a store to take and give at once: it does so only where losing energy is paid for, and then `both_ways` says
    where.

    References
    ----------
    Sioshansi, R., Denholm, P., Jenkin, T. and Weiss, J. (2009), "Estimating the value of electricity storage in PJM:
    Arbitrage and some welfare effects", Energy Economics 31(2), 269-277 (the store's programme at given prices).

    Examples
    --------
    A store moves 10 MWh from the cheap hour to the dear one. Both its power and its size would allow more; the cheap unit
    would not:

    >>> from tefoundations.grid import Network, Store
    >>> net = Network.from_frames({"bus": [1]}, {"from_bus": [], "to_bus": [], "x": []},
    ...     {"bus": [1, 1], "p_max": [50, 50], "cost": [20, 60], "name": ["base", "peak"]})
    >>> s = multi_period_opf(net, [[40], [70]], stores=[Store(1, energy=40, power=30, charge_efficiency=0.8)])
    >>> s.charge[:, 0], s.discharge[:, 0], s.stored[:, 0]
    (array([10.,  0.]), array([0., 8.]), array([0., 8., 0.]))

    The cheap hour is as dear as what the MWh of it brings in the dear one:

    >>> s.lmp[:, 0], s.stored_worth[:, 0]
    (array([48., 60.]), array([60., 60.]))
    >>> s
    CoupledSeries(2 steps, 1 store, cost 2720)

    A base unit that moves 5 MW in an hour leaves the rest to the dear one, and knows what comes:

    >>> slow = multi_period_opf(net, [[30], [48]], ramps={"base": 5})
    >>> slow.generation[:, 0], slow.lmp[:, 0]
    (array([30., 35.]), array([-20.,  60.]))
    """
    check_network(net)
    refuse_squares(net)
    step = positive(hours, "hours", unit="of hours")
    index = getattr(load, "index", None) if hasattr(load, "columns") else None
    load = by_hour(net, load, step)
    fleet = Fleet.on(net, read_stores(stores), step)
    fleet.check_reach(len(load))
    model = DispatchModel(net)
    blocks, drawn = model._blocks, load + fixed_draw(net)
    coupled = Coupled(model._wires, blocks, fleet, drawn, _most(net, blocks, p_max, len(load)), *model.flow_limits(limits),
                      step * _ramps(net, ramps))  # fmt: skip
    try:
        found = CoupledHours(coupled).optimum()
    except NoPoint:
        raise unserved_hours(net, coupled, load) from None
    except NoEnd:
        raise InvalidNetwork(ENDLESS) from None
    cost, value = blocks.costs(found.given)
    stored = np.vstack([fleet.initial_energy, found.stored])
    return CoupledSeries(
        net, fleet.stores, step, load + net.buses.g_shunt, blocks.generation(found.given), blocks.demand(found.given),
        found.flow, found.lmp, found.multiplier, blocks.dc_flow(found.given), found.charge, found.discharge, stored,
        found.worth, cost + found.discharge @ fleet.cycle_cost, value, found.rows, index,
    )  # fmt: skip


def _most(net, blocks, p_max, steps):
    """(T, k) float array: the most that each block injects in each step (MW)."""
    most, units = np.tile(blocks.high, (steps, 1)), net.generators
    if p_max is None:
        return most
    given = np.tile(units.p_max, (steps, 1))
    if isinstance(p_max, dict):
        names = {name: row for row, name in enumerate(units.name.tolist())}
        for name, values in p_max.items():
            words = f"p_max of generator {name}"
            given[:, place_of(name, names, "generator")] = numbers(values, words, infinite=True, count=steps, place="hour")
    else:
        given = numbers(p_max, "p_max", infinite=True, ndim=None, place="hour")
        if given.shape != (steps, len(units)):
            raise InvalidInput(f"p_max must have shape {(steps, len(units))}, not {given.shape}")
    for hour, unit in np.argwhere(given < units.p_min)[:1]:
        words = f"p_max {say(given[hour, unit])} is below its p_min {say(units.p_min[unit])}"
        raise InvalidNetwork(f"hour {hour}, generator {units.name[unit]}: {words}")
    for unit in np.flatnonzero((given != units.p_max).any(axis=0)):
        if units.curve[unit] is not None:
            raise InvalidInput(f"generator {units.name[unit]} has a cost curve: its p_max cannot change from hour to hour")
        most[:, blocks.owner == unit] = np.minimum(given[:, [unit]], units.s_max[unit])
    return most


def _ramps(net, ramps):
    """(g,) float array: MW/h, inf where there is no ramp."""
    names = {name: row for row, name in enumerate(net.generators.name.tolist())}
    none = np.full(len(names), np.inf)
    if ramps is None:
        return none
    if isinstance(ramps, dict):
        for name, value in ramps.items():
            none[place_of(name, names, "generator")] = numbers([value], f"ramp of {name}", least=0, infinite=True)[0]
        return none
    return numbers(ramps, "ramps", least=0, infinite=True, count=len(names), place="generator")
