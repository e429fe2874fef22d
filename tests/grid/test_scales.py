"""Networks in any unit of power, and beside generators that could feed a continent, are dispatched alike."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.data import grid
from tefoundations.errors import Infeasible, InvalidInput
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
from tefoundations.words import say
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


@pytest.mark.parametrize("scale", [1e-15, *SCALES])
def test_a_distributed_slack_goes_by_shares(scale):
    net = three_bus(limit=[45, np.inf, np.inf])
    parts = [dc_opf(each, slack="distributed").price_components() for each in (net, scaled(net, scale))]
    assert parts[1].to_numpy() == pytest.approx(parts[0].to_numpy(), rel=1e-6)
    with pytest.raises(InvalidInput, match="add up to"):
        dc_opf(net, slack={1: 0.1 * scale, 2: 0.2 * scale, 3: -0.3 * scale})


def offers_of(net):
    tables = {"generators": ("p_min", "p_max", "cost", "cost2"), "bids": ("p_max", "value", "value2")}
    return {table: {name: getattr(getattr(net, table), name) for name in names} for table, names in tables.items()}


def repriced(net, money):
    units, bids = net.generators, net.bids
    units = replace(units, **{name: getattr(units, name) * money for name in ("cost", "cost2", "cost0")})
    return replace(net, generators=units, bids=replace(bids, value=bids.value * money, value2=bids.value2 * money))


@settings(max_examples=120)
@given(networks(), st.lists(st.tuples(st.sampled_from(SCALES), st.sampled_from([1e-9, 0.1, 1.0, 1e3, 1e10])), max_size=4))
def test_a_model_takes_offers_of_any_size_and_price_as_a_new_one_does(net, steps):
    """One after the other, from the first to the last; each is the first again, in other units."""
    for table, column in (("generators", "cost0"), ("buses", "g_shunt"), ("lines", "shift")):  # no offers: they would stay
        old = getattr(net, table)
        net = replace(net, **{table: replace(old, **{column: np.zeros(len(old))})})
    model, expected = DispatchModel(net), dispatched(dc_opf, net)
    for scale, money in [(1.0, 1.0), *steps, (1.0, 1.0)]:
        other = scaled(repriced(net, money), scale)
        try:
            found = model.solve(other.buses.load, limits=other.lines.limit, offers=offers_of(other))
        except Infeasible:
            assert expected is None
            continue
        worth = (found.cost - found.value) / scale / money
        assert worth == pytest.approx(expected.cost - expected.value, rel=1e-6, abs=1e-5)
        single = np.ptp(expected.price_interval, axis=1) < 1e-6
        assert found.lmp[single] / money == pytest.approx(expected.lmp[single], rel=1e-5, abs=1e-5)


def test_new_offers_are_served_in_the_order_of_their_prices():
    lines, units = {"from_bus": [1], "to_bus": [2], "x": [0.1]}, {"bus": [1, 2], "p_max": [200, 80]}
    for cost2 in (0, 0.01):
        model = DispatchModel(
            Network.from_frames({"bus": [1, 2], "load": [0, 100]}, lines, units | {"cost": [10, 20], "cost2": cost2})
        )
        model.solve()
        for money in (1e-10, 1e10):
            cheap = {"cost": np.array([30, 10]) * money, "cost2": np.array([cost2, cost2]) * money}
            assert model.solve(offers={"generators": cheap}).generation == pytest.approx([20, 80], rel=1e-9)


@pytest.mark.parametrize("huge", [1e3, 1e7, 1e12])
@pytest.mark.parametrize("p_min", [0.0, -1.0])
@pytest.mark.parametrize("load", [1.0, 0.0])
def test_a_quadratic_cost_of_a_unit_of_far_more(huge, p_min, load):
    lines = {"from_bus": [], "to_bus": [], "x": []}
    units = {"bus": [1], "p_max": [huge], "p_min": [p_min * huge], "cost": [6], "cost2": [0.175]}
    d = dc_opf(Network.from_frames({"bus": [1], "load": [load]}, lines, units))
    assert d.generation == pytest.approx([load], rel=1e-9)
    assert d.price_interval[0] == pytest.approx([6.35] * 2 if load else [-np.inf if not p_min else 6, 6], rel=1e-9)


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


@pytest.mark.parametrize("solve", [dc_opf, ac_opf, branch_flow_opf, lindistflow_opf])
@pytest.mark.parametrize("wanted", [1e3, 1e5, 1e6, 1e9])
def test_a_bid_too_low_to_be_served_changes_nothing_however_large(solve, wanted):
    cheap, tables = {"bus": [3], "p_max": [wanted], "value": [1]}, grid("feeder5")
    units = tables["generators"].assign(p_max=[wanted, 4, 4], p_min=[-wanted, 0, 0])
    a, b = (solve(Network.from_frames(tables["buses"], tables["lines"], units, bids)) for bids in (None, cheap))
    assert b.lmp == pytest.approx(a.lmp, rel=2e-6) and b.generation == pytest.approx(a.generation, rel=1e-4, abs=1e-5)
    assert b.demand == pytest.approx(0, abs=1e-5) and a.lmp.max() == pytest.approx(60 if solve is dc_opf else 80, 1e-6)


@pytest.mark.parametrize("solve", [dc_opf, ac_opf, branch_flow_opf, lindistflow_opf])
@pytest.mark.parametrize("load", [1e-3, 1e-5, 1e-8, 1e-9])
@pytest.mark.parametrize("elastic", [False, True])
def test_a_load_far_below_the_base_pays_the_price_of_the_unit_that_serves_it(solve, load, elastic):
    wanted = {"bus": [2], "p_max": [load], "value": [9]} if elastic else None
    net = Network.from_frames(
        {"bus": [1, 2], "load": [0, 0 if elastic else load]}, {"from_bus": [1], "to_bus": [2], "r": [0.01], "x": [0.1]},
        {"bus": [1], "p_max": [9], "q_min": [-5], "q_max": [5], "cost": [7]}, wanted,
    )  # fmt: skip
    found = solve(net)
    assert found.lmp == pytest.approx([7, 7], rel=1e-6)
    assert found.generation / load == pytest.approx([1], rel=1e-4) and found.cost / load == pytest.approx(7, rel=1e-4)


@pytest.mark.parametrize("solve", [dc_opf, ac_opf, branch_flow_opf, lindistflow_opf])
@pytest.mark.parametrize("scale", SCALES)
def test_a_network_of_one_bus(solve, scale):
    lines = {"from_bus": [], "to_bus": [], "x": []}
    found = solve(
        Network.from_frames({"bus": [1], "load": [5 * scale]}, lines, {"bus": [1], "p_max": [9 * scale], "cost": [7]})
    )
    assert found.lmp == pytest.approx([7], rel=1e-6) and found.generation / scale == pytest.approx([5], rel=1e-6)
    assert found.explain()


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
    assert f"bus 2: {say(10 * money, money)} + {say(10 * money, money)} congestion" in found.explain()
    assert "one price" not in repr(found) and f" to {say(20 * money, money)}" in repr(found)
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
