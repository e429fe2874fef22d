"""Two-stage DC-OPF: one schedule now, an answer to each scenario later, and both priced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import Infeasible, InvalidInput
from tefoundations.grid.columns import replaced
from tefoundations.grid.consistency import check_network
from tefoundations.grid.dc.optimum import DispatchModel
from tefoundations.grid.offers import refuse_squares
from tefoundations.grid.scenarios.outcomes import Scenarios
from tefoundations.grid.scenarios.recourse import Recourse, solved
from tefoundations.grid.scenarios.two_stage import TwoStage
from tefoundations.inputs import as_array, instance, not_negative, number, sequence
from tefoundations.programmes import NEAR, NoPoint, is_zero
from tefoundations.words import listed, say, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from tefoundations.grid.network import Network


def stochastic_opf(
    net: Network,
    scenarios: Scenarios,
    *,
    flexible: Sequence | ArrayLike,
    up: float | Mapping | ArrayLike = 0.0,
    down: float | Mapping | ArrayLike = 0.0,
    voll: float = 1000.0,
    schedule: Mapping | ArrayLike | None = None,
    risk: tuple[float, float] | None = None,
) -> TwoStage:
    """The schedule that is cheapest on average, with the dispatch and the prices of each scenario.

    Units that are not flexible give what is decided now, whatever comes. A flexible unit answers: with `up` and `down` at 0
    it decides when it knows, and else from its schedule, for a premium. Bids and DC lines answer too. Load may be left
    unserved in any scenario, at `voll`.

    Parameters
    ----------
    net : Network
        With linear, or convex piecewise linear costs.
    scenarios : Scenarios
        Loads, weather and limits, with their chances.
    flexible : sequence of str or (g,) bool array
        Units that may answer to the scenario. One whose `p_max` hangs on the scenario must be among them.
    up : float, dict or (g,) array
        What a MWh above the schedule costs beyond the unit's own cost ($/MWh), one for all or {name: $/MWh}.
    down : float, dict or (g,) array
        What a MWh below the schedule does not save of the unit's own cost ($/MWh).
    voll : float
        What a MWh of load that is not served costs, the value of lost load ($/MWh).
    schedule : dict or (g,) array, optional
        A schedule to be tested (MW), {name: MW} for some units; the others are decided.
    risk : (float, float), optional
        (weight, alpha): the aim is then (1 - weight) times the mean cost and weight times the mean cost of the dearest
        scenarios, those above a chance of alpha. Weight from 0, alpha from 0, both below 1.

    Returns
    -------
    TwoStage

    Raises
    ------
    Infeasible
        A scenario that nothing fits even if no load is served, by name, or no one schedule that fits all of them.
    InvalidInput
        Scenarios or units that the network does not have, a premium below 0, a unit whose `p_max` hangs on the scenario and
        that is not flexible, a weight or alpha out of bounds.
    InvalidNetwork
        A quadratic cost, and what `dc_opf` refuses.

    Notes
    -----
    One linear programme, solved by HiGHS. A limit of a line becomes a row in the scenarios that break it. The price of a
    scenario is the dual of its balance over its chance; with `risk` over the chance under which the aim weighs it.

    References
    ----------
    Pritchard, G., Zakeri, G. and Philpott, A. (2010), "A single-settlement, energy-only electric power market for
    unpredictable and intermittent participants", Operations Research 58(4), 1210-1219; Rockafellar, R. T. and Uryasev, S.
    (2000), "Optimization of conditional value-at-risk", Journal of Risk 2(3), 21-41.

    Examples
    --------
    With one certain scenario it is `dc_opf`:

    >>> from tefoundations.grid import Network
    >>> net = Network.from_frames({"bus": [1], "load": [100]}, {"from_bus": [], "to_bus": [], "x": []},
    ...     {"bus": [1, 1, 1], "p_max": [200, 200, 60], "cost": [20, 50, 0], "name": ["slow", "fast", "sun"]})
    >>> sure = stochastic_opf(net, Scenarios([1], p_max={"sun": [30]}), flexible=["fast", "sun"])
    >>> sure.schedule, sure.lmp
    (array([70.,  0., 30.]), array([[20.]]))

    The slow unit is ordered before the sun is known. Its price, 20, is the mean of the prices that follow:

    >>> sky = Scenarios([0.5, 0.3, 0.2], p_max={"sun": [60, 30, 0]})
    >>> s = stochastic_opf(net, sky, flexible=["fast", "sun"])
    >>> s.schedule, s.cost, s.lmp[:, 0].round(4), s.expected_lmp.round(9)
    (array([70.,  6., 24.]), 1700.0, array([ 0.    , 33.3333, 50.    ]), array([20.]))

    Who fears the dearest fifth more orders more, and pays 300 $ for it on average:

    >>> safe = stochastic_opf(net, sky, flexible=["fast", "sun"], risk=(0.5, 0.8))
    >>> safe.schedule[0], safe.cost, safe.cvar(), s.cvar(0.8)
    (np.float64(100.0), 2000.0, 2000.0, 2900.0)
    """
    return two_stage(_model(net), scenarios, flexible, up, down, voll, schedule, risk)


def _model(net):
    """The factored network; a quadratic cost is refused by name."""
    check_network(net)
    refuse_squares(net)
    return DispatchModel(net)


def two_stage(model, scenarios, flexible, up, down, voll, schedule=None, risk=None):
    """As `stochastic_opf`, on a model that is there."""
    net = model.net
    instance(scenarios, Scenarios, "scenarios", advice="Scenarios(probability, load=..., p_max=...) makes them")
    recourse = _recourse(model, scenarios, flexible, up, down, voll, schedule, risk)
    try:
        found = solved(recourse)
    except NoPoint:
        raise _why(recourse, scenarios) from None
    blocks, given, drawn = model._blocks, found.given, recourse.load + net.buses.g_shunt
    output = blocks.generation(given)
    planned = blocks.generation(found.x)
    chosen = np.where(recourse.decided, planned, scenarios.probability @ output)
    return TwoStage(net, scenarios, drawn, recourse.decided, chosen, output, blocks.demand(given), blocks.dc_flow(given),
                    found.shed + 0.0, found.flow, found.lmp, found.multiplier, found.costs, found.priced.copy(),
                    _unit_costs(recourse, given, output, chosen), recourse.risk, recourse.voll, found.rows)  # fmt: skip


def _unit_costs(recourse, given, output, chosen):
    """(S, g) float array: cost of what units make, and of moves away from the schedule ($/h)."""
    blocks = recourse.model._blocks
    made = blocks.generation(given * blocks.cost)
    moved = np.where(recourse.decided & recourse.flexible, output - chosen, 0.0)
    return made + recourse.up * np.maximum(moved, 0) + recourse.down * np.maximum(-moved, 0)


def _recourse(model, scenarios, flexible, up, down, voll, schedule, risk):
    net, units = model.net, model.net.generators
    index = {name: row for row, name in enumerate(units.name.tolist())}
    load, p_max, limits = scenarios._arrays(net)
    may_answer = _flexible(flexible, units, index)
    for unit in np.flatnonzero((np.ptp(p_max, axis=0) > 0) & ~may_answer)[:1]:
        words = "its p_max hangs on the scenario, so it must be among the flexible units"
        raise InvalidInput(f"generator {units.name[unit]}: {words}")
    curved = np.array([curve is not None for curve in units.curve], dtype=bool)
    for unit in np.flatnonzero((p_max != units.p_max).any(axis=0) & curved)[:1]:
        raise InvalidInput(f"generator {units.name[unit]} has a cost curve: its p_max cannot hang on the scenario")
    premiums = [_premium(given, name, units, index) for given, name in ((up, "up"), (down, "down"))]
    low, high = (np.array(each) for each in zip(*(model.flow_limits(one) for one in limits)))
    tested = None
    if schedule is not None:
        tested = replaced(schedule, np.full(len(units), np.nan), index, "schedule", "generator")
        within = np.clip(tested, units.p_min, units.p_max)  # nan stays nan: that unit is decided
        size = np.abs(tested) + np.where(np.isfinite(units.p_max), units.p_max, 0.0)
        for unit in np.flatnonzero(~is_zero(tested - within, of=size, share=NEAR) & ~np.isnan(tested))[:1]:
            words = f"must be from {say(units.p_min[unit])} to {say(units.p_max[unit])} MW"
            raise InvalidInput(f"schedule of generator {units.name[unit]} {say(tested[unit])} {words}")
        tested = within
    return Recourse(model, scenarios.probability, load, p_max, low, high, may_answer, *premiums,
                    not_negative(voll, "voll", unit="($/MWh)"), _risk(risk), tested)  # fmt: skip


def _flexible(given, units, index):
    """(g,) bool array of the units that are named, or marked."""
    marks = as_array(given) if np.iterable(given) and not isinstance(given, (str, bytes)) else None
    if marks is not None and marks.dtype == bool:
        if marks.shape != (len(units),):
            raise InvalidInput(f"flexible must be names, or {len(units)} marks, one for each generator")
        return marks.copy()
    named = sequence(given, "flexible", of="names of generators", ordered=False)
    for name in named:
        if getattr(name, "__hash__", None) is None or name not in index:
            raise InvalidInput(f"flexible: {shown(name)} is no generator of this network ({listed(index)})")
    return np.isin(np.arange(len(units)), [index[name] for name in named])


def _premium(given, name, units, index):
    """(g,) float array, not negative ($/MWh)."""
    if np.ndim(given) == 0 and not hasattr(given, "keys"):
        return np.full(len(units), not_negative(given, name, unit="($/MWh)"))
    values = replaced(given, np.zeros(len(units)), index, name, "generator")
    for unit in np.flatnonzero(values < 0)[:1]:
        raise InvalidInput(f"{name} of generator {units.name[unit]} {say(values[unit])} must not be negative")
    return values


def _risk(given):
    if given is None:
        return None
    pair = sequence(given, "risk", of="two numbers, (weight, alpha)")
    if len(pair) != 2:
        raise InvalidInput(f"risk must be two numbers, (weight, alpha), not {len(pair)}")
    weight, alpha = (number(one, f"risk: {name}", least=0, below=1) for one, name in zip(pair, ("weight", "alpha")))
    return (weight, alpha)


def _why(recourse, scenarios):
    """The error where nothing fits: the first scenario that fits nothing by itself, or that no schedule fits all."""
    names = recourse.model.net.generators.name
    for row, name in enumerate(scenarios.labels):
        one = slice(row, row + 1)
        alone = replace(recourse, chances=np.ones(1), load=recourse.load[one], p_max=recourse.p_max[one],
                        low=recourse.low[one], high=recourse.high[one], risk=None)  # fmt: skip
        try:
            solved(alone)
        except NoPoint:
            return _one_alone(alone, name)
    words = listed([names[unit] for unit in np.flatnonzero(recourse.decided)])
    return Infeasible(f"each scenario can be served by itself, but no one schedule of {words} fits all of them")


def _one_alone(alone, name):
    blocks, net = alone.model._blocks, alone.model.net
    least, most = blocks.supplies[0].sum(), alone.drawn.sum()
    tested = " with this schedule" if alone.schedule is not None else ""
    if alone.schedule is not None:
        still = alone.decided & ~alone.flexible & ~np.isnan(alone.schedule)
        least += (alone.schedule - net.generators.p_min)[still].sum()
    if least > most:
        words = f"generators must give at least {say(least)} MW{tested}, bids taken, and load takes only {say(most)} MW"
        return Infeasible(f"scenario {name}: {words}")
    return Infeasible(f"scenario {name}: no output{tested} keeps the limits of all lines, even if load is not served")
