"""Networks in any unit of power, and beside generators that could feed a continent, are dispatched alike."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.data import grid
from tefoundations.errors import Infeasible
from tefoundations.grid import (
    DispatchModel,
    Network,
    ac_opf,
    branch_flow_opf,
    dc_opf,
    dc_opf_series,
    dc_power_flow,
    lindistflow_opf,
)
from tests.grid.feeders import random_feeder
from tests.grid.networks import kirschen_strbac, networks, pjm_five_bus, three_bus

SCALES = [1e-9, 1e-6, 1e-3, 1e3, 1e6, 1e9]
POWER = {"buses": ["load", "q_load", "g_shunt", "b_shunt"], "lines": ["limit"],
         "generators": ["p_min", "p_max", "q_min", "q_max", "p_set", "q_set", "cost0"], "bids": ["p_max"]}  # fmt: skip


def scaled(net, scale, base=True):
    """A network with all power times `scale`; with its base, all impedances then mean what they meant."""
    for table, columns in POWER.items():
        old = getattr(net, table)
        new = {name: getattr(old, name) * scale for name in columns}
        squares = {"generators": "cost2", "bids": "value2"}.get(table)
        if squares:
            new[squares] = getattr(old, squares) / scale
        net = replace(net, **{table: replace(old, **new)})
    return replace(net, base=net.base * scale) if base else net


def dispatched(solve, net):
    try:
        return solve(net)
    except Infeasible:
        return None


def same(found, expected, scale, near=1e-6):
    size = np.abs(expected.load).sum() + np.abs(expected.generation).sum()
    price = np.abs(expected.lmp).max()
    assert found.generation / scale == pytest.approx(expected.generation, rel=near, abs=near * size)
    assert found.demand / scale == pytest.approx(expected.demand, rel=near, abs=near * size)
    assert found.lmp == pytest.approx(expected.lmp, rel=near, abs=near * price)
    assert found.cost / scale == pytest.approx(expected.cost, rel=near, abs=near)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("net", [three_bus(), three_bus(limit=[45, np.inf, np.inf]), kirschen_strbac(), pjm_five_bus()])
def test_a_dispatch_scales(net, scale):
    for base in (True, False):  # without its base the impedances change together: flows do not
        same(dc_opf(scaled(net, scale, base)), dc_opf(net), scale)
    found, expected = dc_opf(scaled(net, scale)), dc_opf(net)
    assert found.price_interval == pytest.approx(expected.price_interval, rel=1e-6)
    assert found.congestion_rent / scale == pytest.approx(expected.congestion_rent, rel=1e-6, abs=1e-6)


@settings(max_examples=60)
@given(networks(), st.sampled_from(SCALES))
def test_a_random_dispatch_scales(net, scale):
    found, expected = (dispatched(dc_opf, each) for each in (scaled(net, scale), net))
    assert (found is None) == (expected is None)
    if expected is not None:
        assert (found.cost - found.value) / scale == pytest.approx(expected.cost - expected.value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("money", [1e-9, 1e-3, 1e3, 1e9])
def test_costs_in_another_currency(money):
    net = pjm_five_bus()
    other = replace(net, generators=replace(net.generators, cost=net.generators.cost * money))
    assert dc_opf(other).lmp / money == pytest.approx(dc_opf(net).lmp, rel=1e-9)


@pytest.mark.parametrize("scale", SCALES)
def test_a_series_scales_and_one_model_takes_hours_of_any_size(scale):
    net = pjm_five_bus()
    loads = np.outer([0.5, 0.7, 0.9, 0.901], net.buses.load)
    expected, found = dc_opf_series(net, loads), dc_opf_series(scaled(net, scale), loads * scale)
    assert found.lmp == pytest.approx(expected.lmp, rel=1e-6) and found.regime.tolist() == expected.regime.tolist()
    model = DispatchModel(net)
    for share in (1e-9, 1.0, 1e-6, 0.9):
        load = net.buses.load * share
        d = model.solve(load)
        assert d.generation.sum() == pytest.approx(load.sum(), rel=1e-9)
        assert d.lmp == pytest.approx(dc_opf(net, load).lmp)


@pytest.mark.parametrize("solve", [dc_opf, ac_opf, branch_flow_opf, lindistflow_opf])
@pytest.mark.parametrize("huge", [1e3, 1e6, 1e9])
def test_the_grid_is_as_good_as_a_generator_of_far_more(solve, huge):
    """A street of 12 kW behind a grid that could give everything: more of it changes nothing."""

    def street(p_max):
        return Network.from_frames(
            {"bus": [1, 2, 3], "load": [0, 0.008, 0.004], "q_load": [0, 0.002, 0.001], "v_min": 0.9, "v_max": 1.1},
            {"from_bus": [1, 2], "to_bus": [2, 3], "r": [0.3, 0.4], "x": [0.2, 0.2], "limit": [0.011, np.inf]},
            {"bus": [1, 3], "p_max": [p_max, 0.01], "cost": [50, 80], "q_min": [-p_max, -0.01], "q_max": [p_max, 0.01]},
            base=0.1,
        )

    a, b = solve(street(1.0)), solve(street(huge))
    assert a.lmp[2] > 79.9 and b.lmp == pytest.approx(a.lmp, rel=1e-5)
    assert b.generation == pytest.approx(a.generation, rel=1e-5)


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e3, 1e9])
@pytest.mark.parametrize("solve", [branch_flow_opf, lindistflow_opf, ac_opf])
@pytest.mark.parametrize("seed", [1, 4])
def test_a_feeder_scales_with_its_base(seed, solve, scale):
    net = random_feeder(seed)
    found, expected = dispatched(solve, scaled(net, scale)), dispatched(solve, net)
    assert (found is None) == (expected is None)
    if expected is not None:
        same(found, expected, scale, near=1e-5)
        assert found.voltage == pytest.approx(expected.voltage, abs=1e-6)


@pytest.mark.parametrize("solve", [branch_flow_opf, lindistflow_opf, ac_opf])
@pytest.mark.parametrize("money", [1e-6, 1e6])
def test_a_feeder_in_another_currency(solve, money):
    net = random_feeder(1)
    units, bids = net.generators, net.bids
    units = replace(units, cost=units.cost * money, cost2=units.cost2 * money)
    other = replace(net, generators=units, bids=replace(bids, value=bids.value * money, value2=bids.value2 * money))
    assert solve(other).lmp / money == pytest.approx(solve(net).lmp, rel=1e-5)


@pytest.mark.parametrize("scale", SCALES)
def test_a_shortage_is_found_in_any_unit(scale):
    net, limits = kirschen_strbac(), {"1-3": 100, "2-3": 60}
    with pytest.raises(Infeasible) as error:
        dc_opf(scaled(net, scale), limits={name: limit * scale for name, limit in limits.items()})
    with pytest.raises(Infeasible) as plain:
        dc_opf(net, limits=limits)
    assert plain.value.bus == 3 and plain.value.lines
    assert error.value.bus == plain.value.bus and error.value.lines == plain.value.lines
    assert error.value.load / scale == pytest.approx(plain.value.load)
    assert error.value.deliverable / scale == pytest.approx(plain.value.deliverable)


@pytest.mark.parametrize("scale", SCALES)
def test_an_overload_is_seen_in_any_unit(scale):
    net = scaled(three_bus(limit=[45, np.inf, np.inf]), scale, base=False)
    assert dc_power_flow(net, np.array([100.0, -100, 0]) * scale).overloaded == ("1-2",)
    assert dc_power_flow(net, np.array([40.0, -40, 0]) * scale).overloaded == ()


@pytest.mark.parametrize("money", [1e-6, 1e6])
@pytest.mark.parametrize("solve", [dc_opf, ac_opf])
def test_prices_are_told_at_any_scale(solve, money):
    buses = {"bus": [1, 2], "load": [0, 100]}
    lines = {"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [60]}
    net = Network.from_frames(buses, lines, {"bus": [1, 2], "p_max": [200, 80], "cost": [10 * money, 20 * money],
                                             "q_min": [-99, -99], "q_max": [99, 99]})  # fmt: skip
    found = solve(net)
    assert f"bus 2: {10 * money:.6g} + {10 * money:.6g} congestion" in found.explain()
    assert "one price" not in repr(found) and f" to {20 * money:.6g}" in repr(found)
    assert "= 0" not in found.explain() and ": 0 " not in found.explain()


def test_a_full_line_of_a_small_feeder_is_told():
    """It once was full at 0 MVA."""
    tables, power = grid("feeder5"), 1e-6
    for table, columns in POWER.items():
        if table in tables:
            frame = tables[table]
            tables[table] = frame.assign(**{name: frame[name] * power for name in columns if name in frame})
    words = branch_flow_opf(Network.from_frames(**tables, base=100 * power)).explain()
    assert "is full: " in words and "full: 0 MVA" not in words and "losses 0 MW" not in words
