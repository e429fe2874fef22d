"""DC-OPF: golden numbers, and properties on random networks against an independent formulation."""

import pickle
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork
from tefoundations.grid import DispatchModel, Network, dc_opf, dc_power_flow, ptdf
from tests.grid.networks import PECULIAR, kirschen_strbac, networks, pjm_five_bus, three_bus
from tests.grid.oracles import supports, theta_opf

FLAVOURS = ["x_tap", "x", "r_x"]
TWO_BUSES = {"bus": [1, 2], "load": [0, 100]}


def dispatched(net, *arguments, **options):
    """The dispatch, None where there is none."""
    with suppress(Infeasible):
        return dc_opf(net, *arguments, **options)


# ---- Golden numbers -------------------------------------------------------------------------------------------------


def test_the_three_bus_network_without_limits():
    d = dc_opf(three_bus())
    assert d.lmp == pytest.approx([235 / 19] * 3, abs=1e-9) and round(d.lmp[0], 4) == 12.3684
    assert d.flow == pytest.approx([71.842105, 75.526316, -66.315789], abs=1e-5)
    assert d.congestion_rent == pytest.approx(0, abs=1e-9) and not d.multiplier.any()


def test_the_three_bus_network_with_a_limit():
    d = dc_opf(three_bus(limit=[45, np.inf, np.inf]))
    assert d.lmp == pytest.approx([9, 19, 15], abs=1e-9)
    assert d.generation == pytest.approx([80, 40]) and d.demand == pytest.approx([105, 15])
    assert d.flow == pytest.approx([45, 35, -60]) and d.multiplier == pytest.approx([20, 0, 0])
    assert d.congestion_rent == pytest.approx(900)
    turned = Network.from_frames(**{**three_bus(limit=[45, np.inf, np.inf]).to_frames(), "lines": pd.DataFrame(
        {"from_bus": [2, 1, 2], "to_bus": [1, 3, 3], "x": [0.5, 0.3, 0.2], "limit": [45, np.inf, np.inf]})})  # fmt: skip
    assert dc_opf(turned).multiplier == pytest.approx([-20, 0, 0]) and dc_opf(turned).lmp == pytest.approx([9, 19, 15])


def test_the_radial_three_bus_network():
    from tefoundations.data import grid

    model = DispatchModel(Network.from_frames(**grid("three_bus_radial")))
    free, limited = model.solve(), model.solve(limits={"1-2": 100})
    assert free.lmp == pytest.approx([235 / 19] * 3) and free.flow == pytest.approx([2800 / 19, 175 / 19])
    assert limited.lmp == pytest.approx([10, 15, 15]) and limited.congestion_rent == pytest.approx(500)


def test_pjm_five_bus():
    d = dc_opf(pjm_five_bus())
    assert round(d.cost, 2) == 17479.90
    assert d.lmp == pytest.approx([16.9774, 26.3845, 30, 39.9427, 10], abs=1e-4)
    assert d.generation == pytest.approx([40, 170, 323.4948, 0, 466.5052], abs=1e-4)
    assert d.multiplier == pytest.approx([0, 0, 0, 0, 0, -62.3220], abs=1e-4)  # 240 MW run from E to D
    assert d.lmp == pytest.approx(39.9427 + 62.3220 * ptdf(pjm_five_bus(), slack="D")[5], abs=1e-3)


def test_the_bundled_networks_are_those_of_the_tests():
    from tefoundations.data import grid

    for name, net in (("three_bus", three_bus()), ("pjm_five_bus", pjm_five_bus())):
        d = dc_opf(Network.from_frames(**grid(name)))
        assert d.lmp == pytest.approx(dc_opf(net).lmp, abs=1e-9) and d.cost == pytest.approx(dc_opf(net).cost)
    with pytest.raises(InvalidInput, match="grid 'nowhere' is not one of feeder33, feeder5, pjm_five_bus"):
        grid("nowhere")


def test_kirschen_and_strbac():
    d = dc_opf(kirschen_strbac())
    assert d.lmp == pytest.approx([7.5, 11.25, 10]) and d.cost == pytest.approx(2835)
    assert d.explain(2) == "bus 2: 7.5 + 3.75 congestion on line 1-2 = 11.25"
    assert "Line 1-2 is full: 126 MW; one more would save 6.25 $/h." in d.explain()


# ---- Properties -----------------------------------------------------------------------------------------------------


@given(networks(), st.sampled_from(FLAVOURS))
def test_the_optimum_is_that_of_the_independent_formulation(net, susceptance):
    theirs, d = theta_opf(net, susceptance=susceptance), dispatched(net, susceptance=susceptance)
    assert (theirs is None) == (d is None)
    if d is not None:
        assert d.cost - d.value == pytest.approx(theirs[0], rel=1e-6, abs=1e-4)


@given(networks(), st.sampled_from(FLAVOURS))
def test_the_dispatch_is_feasible_and_its_prices_support_it(net, susceptance):
    d = dispatched(net, susceptance=susceptance)
    assume(d is not None)
    units, bids = net.generators, net.bids
    assert (d.generation >= units.p_min - 1e-6).all() and (d.generation <= units.p_max + 1e-6).all()
    assert (d.demand >= -1e-6).all() and (d.demand <= bids.p_max + 1e-6).all()
    assert (np.abs(d.flow) <= net.lines.limit + 2e-6).all()
    injection = np.bincount(units.at, d.generation, len(net.buses)) - np.bincount(bids.at, d.demand, len(net.buses)) - d.load
    assert injection.sum() == pytest.approx(0, abs=1e-6)
    assert d.flow == pytest.approx(dc_power_flow(net, injection=injection, susceptance=susceptance).flow, abs=1e-5)
    assert not supports(d)
    driven = dc_power_flow(net, injection={}, susceptance=susceptance).flow  # by the phase shifters alone
    assert d.congestion_rent == pytest.approx(d.multiplier @ (d.flow - driven), abs=1e-4)


@given(networks(), st.data())
def test_parts_add_up_and_totals_do_not_move_with_the_slack(net, data):
    d = dispatched(net)
    assume(d is not None)
    bus = data.draw(st.sampled_from(net.buses.bus.tolist()))
    weights = {b: i + 1 for i, b in enumerate(net.buses.bus.tolist())}
    for slack in (None, bus, weights):
        parts, by_line = d.price_components(slack=slack), d.line_components(slack=slack)
        assert parts.sum(axis=1).to_numpy() == pytest.approx(d.lmp, abs=1e-9)
        assert by_line.sum(axis=1).to_numpy() == pytest.approx(parts["congestion"].to_numpy(), abs=1e-5)
        assert parts["energy"].nunique() == 1
    assert d.price_components(slack=bus).loc[bus, "congestion"] == 0
    assert dc_opf(net, slack=weights).lmp == pytest.approx(d.lmp)


def objective(net, load):
    d = dispatched(net, load)
    return np.inf if d is None else d.cost - d.value


@given(networks(quadratic=False), st.data())
def test_the_price_interval_is_what_a_megawatt_less_saves_and_one_more_costs(net, data):
    d = dispatched(net)
    assume(d is not None)
    bus, step, here = data.draw(st.integers(0, len(net.buses) - 1)), 1e-3, objective(net, net.buses.load)
    moved = np.zeros(len(net.buses))
    moved[bus] = step
    more, less = objective(net, net.buses.load + moved), objective(net, net.buses.load - moved)
    low, high = d.price_interval[bus]
    assert (more - here) / step == pytest.approx(high, abs=2e-3)
    assert (here - less) / step == pytest.approx(low, abs=2e-3)
    assert low - 1e-6 <= d.lmp[bus] <= high + 1e-6


@given(networks(quadratic=True), st.data())
def test_the_price_is_the_derivative_of_the_cost(net, data):
    d = dispatched(net)
    assume(d is not None)
    bus, step, here = data.draw(st.integers(0, len(net.buses) - 1)), 1e-4, objective(net, net.buses.load)
    moved = np.zeros(len(net.buses))
    moved[bus] = step
    low, high = d.price_interval[bus]
    more, less = objective(net, net.buses.load + moved), objective(net, net.buses.load - moved)
    assert (more - here) / step == pytest.approx(high, abs=5e-3)
    assert (here - less) / step == pytest.approx(low, abs=5e-3)


@given(networks(), st.lists(st.floats(0.2, 1.1), min_size=1, max_size=5))
def test_a_warm_model_gives_what_a_cold_one_gives(net, scales):
    model = DispatchModel(net)
    for scale in scales:
        load = np.round(net.buses.load * scale, 1)
        cold = dispatched(net, load)
        try:
            warm = model.solve(load)
        except Infeasible:
            warm = None
        assert (warm is None) == (cold is None)
        if cold is not None:
            assert warm.cost - warm.value == pytest.approx(cold.cost - cold.value, rel=1e-7, abs=1e-5)
            single = np.ptp(cold.price_interval, axis=1) < 1e-6
            assert warm.lmp[single] == pytest.approx(cold.lmp[single], abs=1e-5)


# ---- Degenerate prices ----------------------------------------------------------------------------------------------


def test_a_price_with_a_range_says_so():
    """The cheap unit is exactly used up: one megawatt less saves 10, one more costs 15."""
    units = {"bus": [1, 1], "p_max": [100, 50], "cost": [10, 15]}
    net = Network.from_frames(TWO_BUSES, {"from_bus": [1], "to_bus": [2], "x": [0.1]}, units)
    d = dc_opf(net)
    assert d.price_interval == pytest.approx(np.array([[10, 15], [10, 15]])) and d.lmp[0] in (10, 15)
    assert d.explain(1).endswith("(any price from 10 to 15 supports this dispatch)")
    assert dc_opf(net, {2: 99}).price_interval.tolist() == [[10, 10], [10, 10]]
    assert dc_opf(net, {2: 150}).price_interval.tolist() == [[15, np.inf], [15, np.inf]]


def test_an_exactly_full_line_gives_a_range_behind_it():
    line = {"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [100]}
    net = Network.from_frames(TWO_BUSES, line, {"bus": [1, 2], "p_max": [300, 50], "cost": [10, 25]})
    assert dc_opf(net).price_interval == pytest.approx(np.array([[10, 10], [10, 25]]))


# ---- Costs, limits, flavours ----------------------------------------------------------------------------------------


def test_piecewise_costs_fill_the_cheap_pieces_first():
    curve = [(10, 50), (40, 350), (70, 1250), (90, 2250)]  # slopes 10, 30, 50
    net = Network.from_frames({"bus": [1], "load": [60]}, {"from_bus": [], "to_bus": [], "x": []},
                              {"bus": [1, 1], "p_min": [20, 0], "p_max": [80, 100], "cost": [0, 35],
                               "curve": [curve, None]})  # fmt: skip
    expected = ((30, 10, 30, 250), (60, 30, 60, 950), (75, 35, 70, 1250 + 175), (175, 50, 75, 1500 + 3500))
    for load, price, first, cost in expected:
        d = dc_opf(net, {1: load})
        assert (d.lmp[0], d.generation[0]) == (pytest.approx(price), pytest.approx(first)) and d.cost == pytest.approx(cost)


def test_every_form_of_cost_together():
    net = Network.from_matpower(PECULIAR)
    for scale in (0.3, 0.7, 1.0, 1.3):
        load = scale * net.buses.load
        d, theirs = dc_opf(net, load), theta_opf(net, load)
        assert d.cost == pytest.approx(theirs[0], rel=1e-7) and not supports(d)


def test_angle_limits_hold_and_can_be_left_out():
    net = three_bus(angle_min=[-30, -30, -30], angle_max=[10, 30, 30])
    d = dc_opf(net)
    assert d.flow[0] == pytest.approx(100 / 0.5 * np.deg2rad(10)) and theta_opf(net)[0] == pytest.approx(d.cost - d.value)
    assert dc_opf(net, angle_limits=False).lmp == pytest.approx([235 / 19] * 3)
    turned = three_bus(x=[-0.5, 0.3, 0.4], angle_min=[-2, -30, -30], angle_max=[1, 30, 30])  # a negative reactance
    assert dc_opf(turned).cost - dc_opf(turned).value == pytest.approx(theta_opf(turned)[0], rel=1e-6)


def test_phase_shifters_relieve_a_line():
    held = dc_opf(three_bus(limit=[45, np.inf, np.inf]))
    eased = three_bus(limit=[45, np.inf, np.inf], shift=[0, -6, 0])
    d = dc_opf(eased)
    assert d.cost - d.value < held.cost - held.value and d.cost - d.value == pytest.approx(theta_opf(eased)[0])
    assert dc_opf(eased, susceptance="r_x").lmp == pytest.approx([9, 19, 15])


def test_parallel_lines_share_and_their_prices_are_right():
    lines = {"from_bus": [1, 1], "to_bus": [2, 2], "x": [0.1, 0.3], "limit": [60, 20]}
    net = Network.from_frames(TWO_BUSES, lines, {"bus": [1, 2], "p_max": [300, 100], "cost": [10, 25]})
    d = dc_opf(net)
    assert d.flow == pytest.approx([60, 20]) and d.generation == pytest.approx([80, 20]) and d.lmp == pytest.approx([10, 25])


def test_a_line_limit_of_nothing_is_a_limit():
    d = dc_opf(three_bus(), limits={"1-2": 0})
    theirs = theta_opf(three_bus(), limits=np.array([0, np.inf, np.inf]))
    assert d.flow[0] == pytest.approx(0, abs=1e-9) and d.cost - d.value == pytest.approx(theirs[0])


def test_free_power_and_negative_prices():
    net = three_bus(limit=[45, np.inf, np.inf])
    frames = net.to_frames()
    frames["generators"]["cost"] = [-60.0, 10.0]
    d = dc_opf(Network.from_frames(**frames))
    assert d.lmp[0] < 0 and d.congestion_rent > 0 and not supports(d)


def test_no_load_no_price_trouble():
    net = Network.from_frames({"bus": [1]}, {"from_bus": [], "to_bus": [], "x": []}, {"bus": [1], "p_max": [9], "cost": [7]})
    d = dc_opf(net)
    assert d.cost == 0 and d.price_interval.tolist() == [[-np.inf, 7]]


def test_results_show_themselves():
    d = dc_opf(three_bus(limit=[45, np.inf, np.inf]))
    assert repr(d) == "Dispatch(120 MW, cost 1060, prices 9 to 19)" and "one price 12.3684" in repr(dc_opf(three_bus()))
    assert '<th scope="row">full lines</th><td>1-2</td>' in d._repr_html_()
    assert d.to_frame().loc[2, ["demand", "lmp"]].tolist() == pytest.approx([105, 19])
    assert d.to_frame("generators")["revenue"].tolist() == pytest.approx([720, 600])
    assert d.to_frame("bids")["payment"].sum() - 1320 == pytest.approx(d.congestion_rent)
    with pytest.raises(InvalidInput, match="table 'prices' is not one of"):
        d.to_frame("prices")
    with pytest.raises(ValueError):
        d.lmp[0] = 1


def test_models_and_results_travel_to_other_processes():
    model = DispatchModel(three_bus(limit=[45, np.inf, np.inf]), slack="distributed")
    d = pickle.loads(pickle.dumps(model)).solve({2: 10})
    again = pickle.loads(pickle.dumps(d))
    assert again.lmp == pytest.approx(model.solve({2: 10}).lmp) and again.explain() == d.explain()


# ---- Bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"load": {9: 1}}, InvalidInput, "bus 9 is no bus"),
        ({"load": {2: np.nan}}, InvalidNetwork, "load"),
        ({"limits": {"1-9": 1}}, InvalidInput, "line '1-9' is no line of this network (1-2, 1-3, 2-3)"),
        ({"limits": {"1-2": -1}}, InvalidNetwork, "limit of line 1-2 must not be negative"),
        ({"limits": {"1-2": np.nan}}, InvalidNetwork, "limit nan"),
        ({"limits": [1, 2]}, InvalidInput, "limits must be"),
        ({"susceptance": "b"}, InvalidInput, "susceptance 'b'"),
        ({"slack": 7}, InvalidInput, "bus 7 is no bus"),
    ],
)
def test_bad_arguments_are_named(arguments, error, words):
    with pytest.raises(error) as caught:
        dc_opf(three_bus(), **arguments)
    assert words in str(caught.value)


def one_unit(**columns):
    unit = {"bus": [1], "p_max": [100], "cost": [0]} | columns
    return Network.from_frames({"bus": [1], "load": [60]}, {"from_bus": [], "to_bus": [], "x": []}, unit)


def test_costs_that_are_not_convex_are_named():
    with pytest.raises(InvalidNetwork, match="generators, row 0: cost2 -1.0 makes the cost concave"):
        dc_opf(one_unit(cost2=[-1]))
    words = "curve of 'generator 1' is not convex: the slope falls from 20 to 15 .* at 40 MW"
    with pytest.raises(InvalidNetwork, match=words):
        dc_opf(one_unit(curve=[[(0, 0), (40, 800), (100, 1700)]]))


def test_a_cost_that_falls_without_end_is_named():
    for more in ({}, {"cost2": [0, 0, 0.1]}):
        units = {"bus": [1, 1, 1], "p_min": [-np.inf, 0, 0], "p_max": [0, np.inf, 5], "cost": [20, 10, 1]}
        with pytest.raises(InvalidNetwork, match="can fall without end"):
            dc_opf(Network.from_frames({"bus": [1], "load": [1]}, {"from_bus": [], "to_bus": [], "x": []}, units | more))
