"""Who serves one more megawatt and what it emits: against differences of two dispatches, taxes, and the book's numbers."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tefoundations.data import grid
from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork
from tefoundations.grid import (
    Dispatch,
    DispatchModel,
    Network,
    dc_opf,
    marginal_emissions,
    response,
    traced_emissions,
)
from tests.grid.networks import networks, pjm_five_bus, three_bus

RATES = [1.0, 0.4]
TIGHT = {"1-2": 45}


def ladder(**limits):
    return dc_opf(three_bus(), limits=limits or TIGHT)


def smoky(net, spread=0.137):
    """The network with costs that differ, so that nobody ties, and a rate for each generator."""
    units, bids = net.generators, net.bids
    cost, value = units.cost + spread * np.arange(len(units)), bids.value + 0.0731 * spread * (1 + np.arange(len(bids)))
    rates = (np.arange(len(units)) * 0.618) % 1.1
    return replace(net, generators=replace(units, cost=cost, co2=rates), bids=replace(bids, value=value))


def moved(model, bus, step, **options):
    """Output, demand, prices and carbon with so much more load at a bus (position); None where it cannot be served."""
    load = model.net.buses.load.copy()
    load[bus] += step
    try:
        d = model.solve(load, **options)
    except Infeasible:
        return None
    return d.generation, d.demand, d.lmp, d.carbon


# The ladder


def test_the_numbers_of_the_ladder():
    d = ladder()
    r = response(d)
    assert np.allclose(51 * r.generation, [[48.4, -15.6, 10], [4, 24, 16]])
    assert np.allclose(51 * r.demand, [[3.9, -27.6, -15], [-2.5, -15, -10]])
    assert np.allclose(51 * r.lmp, [[2.42, -0.78, 0.5], [-0.78, 5.52, 3], [0.5, 3, 2]])
    assert np.allclose(marginal_emissions(d, rates=RATES).rate, [50 / 51, -2 / 17, 16.4 / 51])
    assert np.allclose(traced_emissions(d, rates=RATES).rate, [1, 0.817143, 0.68], atol=1e-6)
    free = dc_opf(three_bus())
    assert np.allclose(marginal_emissions(free, rates=RATES).rate, 0.6105, atol=1e-4)
    assert free.generation @ RATES == pytest.approx(154.95, abs=5e-3)


def test_of_two_solves_of_the_ladder():
    """One more MW of line adds 2.196 t/h, a trade from 2 to 1 1.098 t/MWh, each by two dispatches."""
    model, step = DispatchModel(three_bus()), 1e-3

    def carbon(load=None, limit=45.0):
        return model.solve(load, limits={"1-2": limit}).generation @ RATES

    assert (carbon(limit=45 + step) - carbon(limit=45 - step)) / (2 * step) == pytest.approx(2.196, abs=5e-4)
    assert (carbon({2: -step, 1: step}) - carbon({2: step, 1: -step})) / (2 * step) == pytest.approx(56 / 51)


def test_a_rate_above_every_plant():
    """Li and Bo's five buses: D is served by more of Solitude than is used, and wind is spilled."""
    found = marginal_emissions(dc_opf(pjm_five_bus()), rates=[0.4, 0.4, 0.9, 0.5, 0])
    assert found.rate[3] == pytest.approx(1.3474, abs=1e-4)


# Against two dispatches


@settings(max_examples=120, deadline=None)
@given(networks(quadratic=True), st.data())
def test_moves_are_those_of_two_dispatches(net, data):
    """Where the optimum is smooth, differences of two solves; both sides must be alike, else a step left the regime."""
    model, step = DispatchModel(smoky(net)), 1e-4
    bus = data.draw(st.integers(0, len(net.buses) - 1))
    here = moved(model, bus, 0.0)
    assume(here is not None)
    try:
        found = response(model.solve())
    except InvalidInput:
        assume(False)
    more, less = moved(model, bus, step), moved(model, bus, -step)
    assume(more is not None and less is not None)
    one_sided = [(np.concatenate(each[:3]) - np.concatenate(here[:3])) / by for each, by in ((more, step), (less, -step))]
    assume(np.allclose(*one_sided, atol=1e-4))
    told = np.concatenate([found.generation[:, bus], found.demand[:, bus], found.lmp[:, bus]])
    assert told == pytest.approx(one_sided[0], abs=2e-4)
    assert found.lmp == pytest.approx(found.lmp.T, abs=1e-9)
    rate = marginal_emissions(model.solve()).rate[bus]
    assert rate == pytest.approx((more[3] - less[3]) / (2 * step), abs=2e-4)


# A tax tells the same


@settings(max_examples=60, deadline=None)
@given(networks(quadratic=True))
def test_prices_move_with_a_tax_as_emissions_with_load(net):
    model, step = DispatchModel(smoky(net)), 1e-5
    try:
        here, tax = model.solve(), model.solve(carbon_price=step)
    except Infeasible:
        assume(False)
    found = marginal_emissions(here)
    again = marginal_emissions(tax)
    assume(not found.kink and not again.kink and np.allclose(found.rate, again.rate))
    assert (tax.lmp - here.lmp) / step == pytest.approx(found.rate, abs=1e-4)


def test_units_do_not_matter():
    """Other units of power and of money: moves and rates are the same numbers."""
    own = marginal_emissions(ladder(), rates=RATES)
    for size, money in ((1e-6, 1.0), (1e6, 1.0), (1.0, 1e-9), (1.0, 1e9)):
        net = three_bus()
        units, bids = net.generators, net.bids
        units = replace(units, p_max=units.p_max * size, cost=units.cost * money, cost2=units.cost2 * money / size)
        bids = replace(bids, p_max=bids.p_max * size, value=bids.value * money, value2=bids.value2 * money / size)
        d = dc_opf(replace(net, generators=units, bids=bids, base=net.base * size), limits={"1-2": 45 * size})
        assert np.allclose(marginal_emissions(d, rates=RATES).rate, own.rate, rtol=1e-9)


# Traced averages


def mixed_by_hand(d, rates):
    """Rates of the buses by mixing over and over, from the sources on."""
    net, n = d.net, len(d.lmp)
    made, carbon = np.bincount(net.generators.at, d.generation, n), np.bincount(net.generators.at, d.generation * rates, n)
    start, end = np.where(d.flow > 0, (net.lines.start, net.lines.end), (net.lines.end, net.lines.start))
    size, rate = np.abs(d.flow), np.zeros(n)
    total = made + np.bincount(end, size, n)
    for _ in range(2000):
        rate = np.divide(carbon + np.bincount(end, size * rate[start], n), total, out=np.zeros(n), where=total > 1e-9)
    return np.where(total > 1e-9, rate, np.nan)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_traced_emissions_are_a_mixture_and_add_up(net):
    net = replace(smoky(net), lines=replace(net.lines, shift=np.zeros(len(net.lines))))
    try:
        d = dc_opf(net)
    except Infeasible:
        assume(False)
    found = traced_emissions(d)
    assert found.carbon.sum() == pytest.approx(d.carbon, rel=1e-6, abs=1e-6)
    assert found.rate == pytest.approx(mixed_by_hand(d, net.generators.co2), abs=1e-6, nan_ok=True)
    known = found.rate[~np.isnan(found.rate)]
    running = net.generators.co2[d.generation > 1e-6]
    assert not len(known) or (known.min() >= running.min() - 1e-9 and known.max() <= running.max() + 1e-9)


def test_what_a_dc_line_loses_keeps_its_carbon():
    net = Network.from_frames(
        {"bus": [1, 2], "load": [0, 50]}, {"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [40]},
        {"bus": [1], "p_max": [300], "cost": [10], "co2": [0.9]},
        dclines={"from_bus": [1], "to_bus": [2], "p_max": [30], "loss0": [1], "loss1": [0.1]},
    )  # fmt: skip
    d = dc_opf(net)
    found = traced_emissions(d)
    assert found.carbon.sum() == pytest.approx(d.carbon) and found.rate[1] > 0.9 == found.rate[0]
    assert np.allclose(marginal_emissions(d).rate, [0.9, 0.9 / 0.9])  # one more at bus 2 takes 1/0.9 at bus 1


# What is refused


def test_a_rate_that_is_needed_and_missing_is_named():
    d = ladder()
    with pytest.raises(InvalidNetwork, match="generators, row 0: co2 is missing.*'S1'"):
        marginal_emissions(d)
    with pytest.raises(InvalidNetwork, match="generators, row 1: co2 is missing.*'S3'"):
        traced_emissions(d, rates={"S1": 1.0})
    with pytest.raises(InvalidInput, match="generator 'coal' is no generator of this network"):
        marginal_emissions(d, rates={"coal": 1.0})
    with pytest.raises(InvalidInput, match="rates must be a dict or an array of 2 values"):
        marginal_emissions(d, rates=[1.0])
    with pytest.raises(InvalidNetwork, match="row 1: co2 is missing"):
        marginal_emissions(d, rates=[1.0, np.nan])


def test_a_rate_that_does_not_matter_need_not_be_known():
    d = dc_opf(pjm_five_bus())
    found = marginal_emissions(d, rates={"generator 3": 0.9, "generator 5": 0.0})  # the others are at a limit
    assert found.rate[3] == pytest.approx(1.3474, abs=1e-4)


@pytest.mark.parametrize("function", [response, marginal_emissions, traced_emissions])
def test_what_is_no_dispatch_is_refused(function):
    with pytest.raises(InvalidInput, match="dispatch must be a Dispatch, not a Network: make one with dc_opf"):
        function(three_bus())
    with pytest.raises(InvalidInput, match="dispatch must be a Dispatch"):
        function(None)


def test_a_dispatch_with_other_conditions_is_refused():
    class Secure(Dispatch):
        pass

    d = ladder()
    secure = Secure(**{each.name: getattr(d, each.name) for each in fields(d)})
    for function in (response, marginal_emissions):
        with pytest.raises(InvalidInput, match="a Secure has other conditions beside full lines"):
            function(secure)
    assert traced_emissions(secure, rates=RATES).carbon.sum() == pytest.approx(96)


def test_a_source_without_a_rate_is_refused():
    d = dc_opf(three_bus(), load={3: -5})
    with pytest.raises(InvalidInput, match="bus 3 has a load of -5 MW, a source whose carbon is not known"):
        traced_emissions(d, rates=RATES)


def test_sides_and_tables_by_name():
    with pytest.raises(InvalidInput, match="side 'up' is not one of more, less"):
        response(ladder(), side="up")
    with pytest.raises(InvalidInput, match="table 'lines' is not one of"):
        response(ladder()).to_frame("lines")
    assert response(ladder()).to_frame("buses").shape == (3, 3)
    assert grid("three_bus")  # the same network, as a chapter loads it
