"""AC power flow: against pandapower, against the balance of every bus, and what is said when there is none."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.data import grid
from tefoundations.errors import InvalidInput, InvalidNetwork, NoConvergence
from tefoundations.grid import Network, ac_power_flow, lindistflow, sweep
from tests.grid.networks import PECULIAR

CASES = ["case4gs", "case5", "case9", "case14", "case24_ieee_rts", "case_ieee30", "case30", "case39", "case57", "case118",
         "case300", "case33bw"]  # fmt: skip


def feeder33():
    return Network.from_frames(**grid("feeder33"))


def two_buses(load=50.0, q_load=0.0, slack=1, **generators):
    """A line of x = 0.1 p.u. from a source to a load."""
    lines = {"from_bus": [1], "to_bus": [2], "x": [0.1]}
    units = {"bus": [1], "p_max": [1e4], "cost": [1]} | generators
    return Network.from_frames({"bus": [1, 2], "load": [0, load], "q_load": [0, q_load]}, lines, units, slack=slack)


@st.composite
def feeders(draw, most=8):
    """Radial networks with every peculiarity of the pi model, lines pointing either way."""
    n = draw(st.integers(2, most))

    def between(low, high, size):
        return np.array(draw(st.lists(st.integers(0, 10), min_size=size, max_size=size))) / 10 * (high - low) + low

    parent, child = np.array([draw(st.integers(0, i - 1)) for i in range(1, n)]), np.arange(1, n)
    turned = np.array([draw(st.booleans()) for _ in child])
    return Network.from_frames(
        {"bus": range(n), "load": between(-1, 3, n), "q_load": between(-0.5, 1, n), "g_shunt": between(0, 0.3, n),
         "b_shunt": between(-0.3, 0.5, n)},
        {
            "from_bus": np.where(turned, child, parent), "to_bus": np.where(turned, parent, child),
            "r": between(0.05, 0.5, n - 1),
            "x": between(0, 0.5, n - 1), "g": between(0, 0.01, n - 1), "b": between(0, 0.02, n - 1),
            "tap": between(0.95, 1.05, n - 1),
            "shift": between(-30, 30, n - 1),
        },
        {
            "bus": [0, n - 1], "p_max": [99, 99], "cost": [1, 1],
            "p_set": [0, 1.5], "q_set": [0, 0.25], "v_set": [1.02, np.nan],
        },
        base=draw(st.sampled_from([70.0, 100.0])),
    )  # fmt: skip


def left_over(flow):
    """Largest power that is unbalanced at a bus away from the slack (MVA), from the tables of the result alone."""
    net = flow.net
    n, units, volts = len(net.buses), net.generators, flow.voltage**2
    p = np.bincount(units.at, flow.generation, n) - flow.load - net.buses.g_shunt * volts - flow.injection
    q = np.bincount(units.at, flow.q_generation, n) - flow.q_load + net.buses.b_shunt * volts - flow.q_injection
    return np.abs(np.hypot(p, q)).max()


@pytest.mark.parametrize("name", CASES)
def test_pandapower_agrees(name):
    networks, pandapower = pytest.importorskip("pandapower.networks"), pytest.importorskip("pandapower")
    theirs = getattr(networks, name)()
    net = Network.from_pandapower(theirs)
    pandapower.runpp(theirs, calculate_voltage_angles=True, init="dc", tolerance_mva=1e-9, numba=False)
    flow = ac_power_flow(net)
    seen = theirs.res_bus.loc[net.buses.bus]
    assert flow.voltage == pytest.approx(seen.vm_pu.to_numpy(), abs=1e-8)
    assert flow.angle == pytest.approx((seen.va_degree - seen.va_degree[net.slack]).to_numpy(), abs=1e-6)
    assert flow.total_loss == pytest.approx(theirs.res_line.pl_mw.sum() + theirs.res_trafo.pl_mw.sum(), abs=1e-6)
    assert left_over(flow) < 1e-7 and flow.mismatch < 1e-8


def test_pandapower_agrees_on_shifters_shunts_and_taps(pp, pp_net):
    net = Network.from_pandapower(pp_net)
    pp.runpp(pp_net, calculate_voltage_angles=True, init="dc", tolerance_mva=1e-9, numba=False, trafo_model="t")
    flow, seen = ac_power_flow(net, generation={}), pp_net.res_bus.loc[net.buses.bus]
    assert flow.voltage == pytest.approx(seen.vm_pu.to_numpy(), abs=1e-8)
    assert flow.angle == pytest.approx((seen.va_degree - seen.va_degree[net.slack]).to_numpy(), abs=1e-6)


def test_the_33_bus_feeder():
    flow, swept = ac_power_flow(feeder33()), sweep(feeder33())
    assert 1000 * flow.total_loss == pytest.approx(202.677, abs=5e-4)
    assert (flow.voltage.min(), flow.net.buses.bus[flow.voltage.argmin()]) == (pytest.approx(0.91309, abs=5e-6), 18)
    assert lindistflow(feeder33()).voltage.min() == pytest.approx(0.91593, abs=5e-6)
    assert swept.voltage == pytest.approx(flow.voltage, abs=1e-8) and swept.angle == pytest.approx(flow.angle, abs=1e-7)


@given(feeders())
def test_newton_and_sweep_agree(net):
    flow, swept = ac_power_flow(net), sweep(net)
    for name in ("voltage", "angle", "p_from", "q_from", "p_to", "q_to", "generation", "q_generation"):
        assert getattr(swept, name) == pytest.approx(getattr(flow, name), abs=1e-6)
    assert left_over(flow) < 1e-7 and left_over(swept) < 1e-7
    assert flow.imbalance == pytest.approx(
        flow.load.sum() + flow.total_loss + net.buses.g_shunt @ flow.voltage**2 - 1.5, abs=1e-6
    )


@given(feeders())
def test_the_linear_model_is_the_limit_of_small_loads(net):
    frames = net.to_frames()
    for table, columns in (("buses", ["load", "q_load", "g_shunt", "b_shunt"]), ("generators", ["p_set", "q_set"])):
        frames[table][columns] *= 1e-4
    frames["lines"][["g", "b"]] = 0.0
    frames["lines"]["tap"] = 1.0
    frames["generators"]["v_set"] = [1.0, np.nan]
    small = Network.from_frames(**frames, base=net.base, slack=net.slack)
    assert lindistflow(small).voltage == pytest.approx(ac_power_flow(small).voltage, abs=1e-6)


def test_a_line_by_hand():
    """x = 0.1, 50 MW: with both voltages at 1, sin(angle) = 0.05; each end gives half of the reactive power lost."""
    flow = ac_power_flow(two_buses(bus=[1, 2], p_max=[99, 0], cost=[1, 1]))
    assert flow.angle == pytest.approx([0, -np.rad2deg(np.arcsin(0.05))])
    lost = 100 * 2 * (1 - np.cos(np.arcsin(0.05))) / 0.1
    assert flow.q_generation == pytest.approx([lost / 2, lost / 2]) and flow.total_loss == pytest.approx(0, abs=1e-9)


def test_reactive_limits_are_kept_and_given_back():
    held = two_buses(50, 30, bus=[1, 2], p_max=[99, 0], cost=[1, 1], q_min=[-99, -10], q_max=[99, 10])
    free, kept = ac_power_flow(held), ac_power_flow(held, q_limits=True)
    assert free.q_generation[1] > 10 and free.voltage[1] == 1 and free.q_limited == ()
    assert kept.q_generation[1] == 10 and kept.voltage[1] < 1 and kept.q_limited == (2,)
    assert "The output of generator 2 is" in free.explain() and "voltage given up: bus 2." in kept.explain()
    assert ac_power_flow(held, q_load={2: -30}, q_limits=True).voltage[1] > 1
    assert ac_power_flow(held, q_load={2: 5}, q_limits=True).q_limited == ()


def test_reactive_limits_agree_with_pandapower():
    networks, pandapower = pytest.importorskip("pandapower.networks"), pytest.importorskip("pandapower")
    for name in ("case30", "case57", "case118"):
        theirs = getattr(networks, name)()
        theirs.load["scaling"] = 1.15
        net = Network.from_pandapower(theirs)
        pandapower.runpp(
            theirs, calculate_voltage_angles=True, init="dc", tolerance_mva=1e-9, numba=False, enforce_q_lims=True
        )
        flow = ac_power_flow(net, q_limits=True)
        assert flow.q_limited or name == "case30"
        assert flow.voltage == pytest.approx(theirs.res_bus.vm_pu[net.buses.bus].to_numpy(), abs=1e-6)


def test_units_at_one_bus_share():
    net = two_buses(50, 30, bus=[1, 2, 2], p_max=[99, 0, 0], cost=[1, 1, 1], q_min=[-99, 0, 0], q_max=[99, 10, 30])
    q = ac_power_flow(net).q_generation
    assert q[2] == pytest.approx(3 * q[1])
    unlimited = ac_power_flow(two_buses(50, 30, bus=[1, 2, 2], p_max=[99, 0, 0], cost=[1, 1, 1])).q_generation
    assert unlimited[1] == pytest.approx(unlimited[2])


def two_solutions(**start):
    """400 MW over x = 0.1: v^2 = (1 + 0.6) / 2 or (1 - 0.6) / 2 at the far end, and sin(angle) = 0.4 / v."""
    net = two_buses(400).to_frames()
    net["buses"] = net["buses"].assign(**start)
    return Network.from_frames(**net)


def test_a_start_decides_which_power_flow_is_found():
    low = two_solutions(v_start=[1, 0.44], angle_start=[7, 7 - 63])  # angles count from the slack's
    for start, voltage in (("flat", 0.8**0.5), ("file", 0.2**0.5), ("auto", 0.8**0.5)):
        flow = ac_power_flow(low, start=start)
        assert flow.voltage[1] == pytest.approx(voltage, abs=1e-9)
        assert np.sin(np.deg2rad(-flow.angle[1])) == pytest.approx(0.4 / voltage, abs=1e-8)
    again = ac_power_flow(two_solutions(), start=ac_power_flow(low, start="file"))
    assert again.voltage[1] == pytest.approx(0.2**0.5) and again.iterations == 0


def test_where_a_flat_start_leads_nowhere_that_of_the_file_is_tried():
    net = two_solutions(v_start=[1, 0.8**0.5], angle_start=[0, -np.rad2deg(np.arcsin(0.4 / 0.8**0.5))])
    with pytest.raises(NoConvergence):
        ac_power_flow(net, start="flat", max_iterations=1)
    assert ac_power_flow(net, max_iterations=1).voltage[1] == pytest.approx(0.8**0.5)
    with pytest.raises(NoConvergence, match="at bus 2"):
        ac_power_flow(two_solutions(v_start=[1, 0.02], angle_start=[0, 170]), max_iterations=1)


@pytest.mark.parametrize("name, steps", [("case1951rte", 3), ("case3012wp", 3), ("case3375wp", 2), ("case6468rte", 3)])
def test_a_solved_case_is_a_few_steps_from_its_own_voltages(name, steps):
    path = Path(os.environ.get("MATPOWER_DATA", "")) / f"{name}.m"
    if not path.is_file():
        pytest.skip("MATPOWER_DATA names no folder that holds it")
    net = Network.from_matpower(path)
    with pytest.raises(NoConvergence):
        ac_power_flow(net, start="flat")
    flow = ac_power_flow(net, start="file")
    assert flow.iterations <= steps and left_over(flow) < 1e-6
    assert ac_power_flow(net).voltage == pytest.approx(flow.voltage, abs=1e-9)


def test_readers_keep_the_voltages_of_a_solved_case():
    assert np.isnan(Network.from_matpower(PECULIAR).buses.v_start).all()  # all angles are 0: nothing was solved
    solved = PECULIAR.replace("10 1 120 20  5 -3 1 1 0", "10 1 120 20  5 -3 1 0.97 -3.5")
    net = Network.from_matpower(solved)
    assert net.buses.v_start.tolist() == [0.97, 1, 1] and net.buses.angle_start.tolist() == [-3.5, 0, 0]
    again = Network.from_frames(**net.to_frames(), base=net.base, slack=net.slack)
    assert again.buses.v_start.tolist() == net.buses.v_start.tolist()
    networks, pandapower = pytest.importorskip("pandapower.networks"), pytest.importorskip("pandapower")
    theirs = networks.case14()
    pandapower.runpp(theirs, calculate_voltage_angles=True, init="dc", tolerance_mva=1e-9, numba=False)
    net = Network.from_pandapower(theirs)
    assert net.buses.v_start.tolist() == theirs.res_bus.vm_pu.tolist() and ac_power_flow(net, start="file").iterations <= 1
    assert ac_power_flow(net, start="flat").voltage == pytest.approx(net.buses.v_start, abs=1e-8)


def test_a_slack_without_a_unit():
    net = two_buses(50, slack=2)
    flow = ac_power_flow(net, generation={"generator 1": 20})
    assert flow.imbalance == pytest.approx(30) and flow.generation.tolist() == [20] and flow.angle[1] == 0


def test_load_and_generation_can_be_replaced():
    flow = ac_power_flow(feeder33(), load=np.zeros(33), q_load=np.zeros(33))
    assert flow.voltage == pytest.approx(np.ones(33)) and flow.total_loss == pytest.approx(0, abs=1e-12)
    assert ac_power_flow(feeder33(), {18: 0.5}).voltage[17] < 0.9131
    assert lindistflow(feeder33(), {18: 0.5}, q_load={18: 0.3}).voltage[17] < 0.9
    assert sweep(feeder33(), {18: 0.5}).voltage == pytest.approx(ac_power_flow(feeder33(), {18: 0.5}).voltage, abs=1e-8)


def test_more_than_a_line_can_carry():
    """Without reactive support, x = 0.1 carries at most 1 / (2 x) = 500 MW."""
    assert ac_power_flow(two_buses(499)).voltage[1] == pytest.approx(np.sqrt(0.5), abs=0.05)
    for method in (ac_power_flow, sweep):
        with pytest.raises(NoConvergence, match="MVA are left unbalanced at bus 2; the network may not") as caught:
            method(two_buses(501))
        assert caught.value.bus == 2 and caught.value.mismatch > 0
    with pytest.raises(NoConvergence):
        ac_power_flow(feeder33(), 10 * feeder33().buses.load)


def meshed33():
    net = feeder33()
    frames, tie = net.to_frames(), {"from_bus": 18, "to_bus": 33, "x": 0.5, "tap": 1.0, "name": "tie"}
    lines = [*frames["lines"].to_dict("records"), frames["lines"].iloc[0].to_dict() | tie]
    return Network.from_frames(**frames | {"lines": lines})


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: sweep(meshed33()), InvalidNetwork, "line .* closes a loop: this method needs a radial network"),
        (lambda: lindistflow(meshed33()), InvalidNetwork, "line .* closes a loop"),
        (lambda: sweep(two_buses(bus=[1, 2], p_max=[1, 1], cost=[1, 1])), InvalidNetwork,
         "row 1: v_set 1.0 is held at bus 2"),
        (lambda: ac_power_flow(two_buses(bus=[2, 2], p_max=[1, 1], cost=[1, 1], v_set=[1, 1.1])), InvalidNetwork,
         "row 1: v_set 1.1 differs from 1, which another generator holds at bus 2"),
        (lambda: ac_power_flow(feeder33(), {99: 1}), InvalidInput, "bus 99"),
        (lambda: ac_power_flow(feeder33(), {2: np.nan}), InvalidNetwork, "load nan"),
        (lambda: ac_power_flow(feeder33(), q_load={99: 1}), InvalidInput, "bus 99 is no bus"),
        (lambda: ac_power_flow(feeder33(), q_load=[1.0]), InvalidInput, "q_load must be a dict or an array of 33 values"),
        (lambda: ac_power_flow(feeder33(), generation={"x": 1}), InvalidInput, "generator 'x' is no generator"),
        (lambda: ac_power_flow(feeder33(), tolerance=0), InvalidInput, "tolerance 0 must be a positive number"),
        (lambda: ac_power_flow(feeder33(), start="warm"), InvalidInput, "start 'warm' is not one of"),
        (lambda: ac_power_flow(feeder33(), start="file"), InvalidInput, "'file': bus 1 has no v_start and angle_start"),
        (lambda: ac_power_flow(feeder33(), start=ac_power_flow(two_buses())), InvalidInput, "one of other buses"),
        (lambda: two_solutions(v_start=[1, 0]), InvalidNetwork, "buses, row 1: v_start 0.0 must be positive"),
        (lambda: sweep(feeder33(), tolerance=-1), InvalidInput, "tolerance -1 must be a positive number"),
        (lambda: lindistflow(feeder33(), {18: 100}), InvalidInput, "at bus .* the squared voltage would be"),
        (lambda: ac_power_flow(feeder33()).to_frame("x"), InvalidInput, "table 'x' is not one of"),
        (lambda: lindistflow(feeder33()).to_frame("x"), InvalidInput, "table 'x' is not one of"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_results_show_themselves():
    flow, linear = ac_power_flow(feeder33()), lindistflow(feeder33())
    assert flow.to_frame().shape == (33, 6) and flow.to_frame("generators").loc["Grid", "output"] == pytest.approx(3.917677)
    assert flow.to_frame("lines").loss.sum() == pytest.approx(flow.total_loss) and linear.to_frame("lines").flow.iloc[
        0
    ] == pytest.approx(3.715)
    assert "te-acflow" in flow._repr_html_() and "te-linearflow" in linear._repr_html_()
    with pytest.raises(ValueError, match="read-only"):
        flow.voltage[0] = 2
    tight = grid("feeder33")
    tight["lines"].loc[0, "limit"] = 3.0
    tight["buses"].loc[17, "v_min"] = 0.95
    net = Network.from_frames(**tight)
    assert ac_power_flow(net).overloaded == lindistflow(net).overloaded == ("1-2",)
    assert "Line 1-2 carries" in ac_power_flow(net).explain() and "Bus 18 is at 0.91309 p.u." in ac_power_flow(net).explain()


def test_a_single_bus_is_a_feeder():
    net = Network.from_frames(
        {"bus": [1], "load": [5]}, {"from_bus": [], "to_bus": [], "x": []}, {"bus": [1], "p_max": [9], "cost": [1]}
    )
    for flow in (ac_power_flow(net), sweep(net)):
        assert flow.generation.tolist() == [5] and flow.total_loss == 0
    assert lindistflow(net).voltage.tolist() == [1]
