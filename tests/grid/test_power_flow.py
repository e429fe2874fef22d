"""DC power flow, PTDF and LODF: against a dense solve, against each other, and against taking the line out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid import Network, bridges, dc_power_flow, lodf, ptdf
from tests.grid.networks import PECULIAR, networks, pjm_five_bus, three_bus

UNIT = {"bus": [1], "p_max": [9], "cost": [1]}
FLAVOURS = ["x_tap", "x", "r_x"]


def dense_flows(net, injection, susceptance):
    """Flows from Kirchhoff's two laws written out: one equation a bus, one a line, the slack's angle 0."""
    lines, n, m = net.lines, len(net.buses), len(net.lines)
    b = {"x_tap": 1 / (lines.x * lines.tap), "x": 1 / lines.x, "r_x": lines.x / (lines.r**2 + lines.x**2)}[susceptance]
    shift = np.deg2rad(lines.shift) * (susceptance != "r_x")
    ends = np.zeros((m, n))
    ends[np.arange(m), lines.start] += 1
    ends[np.arange(m), lines.end] -= 1
    pin = np.zeros((1, n + m))
    pin[0, net.slack_at] = 1
    laws = np.block([[np.zeros((n, n)), ends.T], [-net.base * b[:, None] * ends, np.eye(m)]])
    right = np.r_[injection, -net.base * b * shift, 0]
    return np.linalg.lstsq(np.vstack([laws, pin]), right, rcond=None)[0][n:]


@given(networks(), st.data())
@pytest.mark.parametrize("susceptance", FLAVOURS)
def test_flows_obey_both_of_kirchhoffs_laws(susceptance, net, data):
    n = len(net.buses)
    injection = np.array(data.draw(st.lists(st.integers(-50, 50), min_size=n, max_size=n)), dtype=float)
    result = dc_power_flow(net, injection=injection, susceptance=susceptance)
    assert result.flow == pytest.approx(dense_flows(net, result.injection, susceptance), abs=1e-8)
    assert result.injection.sum() == pytest.approx(0, abs=1e-9) and result.imbalance == -injection.sum()
    out = np.bincount(net.lines.start, result.flow, len(net.buses)) - np.bincount(net.lines.end, result.flow, len(net.buses))
    assert out == pytest.approx(result.injection, abs=1e-8)


@given(networks(), st.data())
@pytest.mark.parametrize("susceptance", FLAVOURS)
def test_factors_are_differences_of_flows(susceptance, net, data):
    at = data.draw(st.integers(0, len(net.buses) - 1))
    slack = data.draw(st.sampled_from(net.buses.bus.tolist()))
    still, more = np.zeros(len(net.buses)), np.zeros(len(net.buses))
    more[at] = 1
    moved = [
        dc_power_flow(net, injection=injection, slack=slack, susceptance=susceptance).flow for injection in (still, more)
    ]
    assert ptdf(net, slack=slack, susceptance=susceptance)[:, at] == pytest.approx(moved[1] - moved[0], abs=1e-9)


@given(networks())
def test_the_slack_moves_no_difference_of_columns(net):
    weights = {bus: i + 1 for i, bus in enumerate(net.buses.bus.tolist())}
    a, b = ptdf(net), ptdf(net, slack=weights)
    assert a - a[:, :1] == pytest.approx(b - b[:, :1], abs=1e-9)
    assert b @ (np.arange(len(net.buses)) + 1) == pytest.approx(0, abs=1e-8)  # a transfer from the slack to itself


def without(net, line):
    frames = net.to_frames()
    frames["lines"] = frames["lines"].drop(index=line)
    return Network.from_frames(**frames, base=net.base, slack=net.slack)


@given(networks())
def test_outage_factors_are_what_solving_without_the_line_gives(net):
    factors, injection = lodf(net), np.arange(len(net.buses)) * 7.0
    before = dc_power_flow(net, injection=injection).flow
    for line, name in enumerate(net.lines.name):
        others = np.delete(np.arange(len(net.lines)), line)
        if name in bridges(net):
            assert np.isnan(factors[:, line]).all()
            with pytest.raises(InvalidNetwork, match="no line joins"):
                without(net, line)
        else:
            after = dc_power_flow(without(net, line), injection=injection).flow
            assert (before + factors[:, line] * before[line])[others] == pytest.approx(after, abs=1e-7)
            assert factors[line, line] == -1


def test_distributed_slack_is_by_load():
    net = pjm_five_bus()
    assert ptdf(net, slack="distributed") == pytest.approx(ptdf(net, slack={"B": 3, "C": 3, "D": 4}), abs=1e-12)
    result = dc_power_flow(net, injection={"A": 100}, slack="distributed")
    assert result.injection.tolist() == [100, -30, -30, -40, 0]
    assert ptdf(three_bus(), slack="distributed") == pytest.approx(ptdf(three_bus(), slack={2: 200, 3: 90}), abs=1e-12)


def test_known_factors_of_pjm():
    """Li and Bo print them for line E-D with the slack at D; ours runs from D to E."""
    expected = [-0.36850, -0.21755, -0.15954, 0, -0.48045]
    assert ptdf(pjm_five_bus(), slack="D")[5] == pytest.approx(expected, abs=2e-4)


def test_parallel_lines_share_by_susceptance():
    net = Network.from_frames({"bus": [1, 2]}, {"from_bus": [1, 2], "to_bus": [2, 1], "x": [0.1, 0.3]}, UNIT)
    assert dc_power_flow(net, injection={1: 40, 2: -40}).flow == pytest.approx([30, -10])
    assert bridges(net) == () and lodf(net) == pytest.approx(np.array([[-1, -1], [-1, -1]]))


def test_bridges_of_a_longer_network():
    ends = [(1, 2), (2, 3), (3, 1), (3, 4), (4, 5), (4, 5), (5, 6)]
    lines = {"from_bus": [a for a, _ in ends], "to_bus": [b for _, b in ends], "x": [1] * 7}
    net = Network.from_frames({"bus": range(1, 7)}, lines, UNIT)
    assert bridges(net) == ("3-4", "5-6")


def test_a_long_feeder_has_a_bridge_a_line():
    size = 3000
    lines = {"from_bus": range(size - 1), "to_bus": range(1, size), "x": [1] * (size - 1)}
    net = Network.from_frames({"bus": range(size)}, lines, UNIT)
    assert len(bridges(net)) == size - 1


def test_generation_and_load():
    net = pjm_five_bus()
    by_units = dc_power_flow(net, generation={"generator 5": 500}, load={"B": 0})
    assert by_units.injection.tolist() == [0, 0, -300, -200, 500]
    assert by_units.imbalance == 200
    assert dc_power_flow(net, generation=[40, 170, 323.5, 0, 466.5]).imbalance == 0
    assert dc_power_flow(net, generation=[40, 170, 300, 0, 490]).overloaded == ("D-E",)
    assert dc_power_flow(net, injection={"A": 1}, slack="E").angle[4] == 0


def test_a_phase_shifter_drives_power_round():
    net = three_bus(shift=[0, 3, 0])
    flow = dc_power_flow(net, injection={}).flow
    round_trip = 100 * np.deg2rad(3) / 1.0  # the sum of reactances round the loop is 1
    assert flow == pytest.approx([round_trip, -round_trip, round_trip])
    assert dc_power_flow(net, injection={}, susceptance="r_x").flow.tolist() == [0, 0, 0]


def test_taps_count_only_in_their_flavour():
    net = three_bus(tap=[1.1, 1, 1], r=[0.1, 0, 0])
    assert dc_power_flow(net, injection={1: 90, 2: -90}, susceptance="x").flow == pytest.approx([45, 45, -45])
    assert dc_power_flow(net, injection={1: 90, 2: -90}).flow[0] == pytest.approx(90 * 0.5 / (0.5 + 0.55))
    b = 0.5 / (0.1**2 + 0.5**2)
    assert dc_power_flow(net, injection={1: 90, 2: -90}, susceptance="r_x").flow[0] == pytest.approx(90 * b / (b + 2))


def test_a_single_bus_is_a_network():
    net = Network.from_frames({"bus": [1], "load": [5]}, {"from_bus": [], "to_bus": [], "x": []}, UNIT)
    assert dc_power_flow(net).imbalance == 5 and ptdf(net).shape == (0, 1) and bridges(net) == ()


def test_the_frame_shows_loadings():
    frame = dc_power_flow(three_bus(limit=[45, np.inf, 90]), injection={1: 90, 2: -90}).to_frame()
    assert frame.loc["1-2", "loading"] == pytest.approx(1) and frame.loc["1-3", "loading"] == 0
    assert "none overloaded" in repr(dc_power_flow(three_bus(), injection={}))


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"injection": {9: 1}}, InvalidInput, "bus 9 is no bus"),
        ({"injection": [1, 2]}, InvalidInput, "injection must be a dict or an array of 3 values"),
        ({"injection": {1: np.nan}}, InvalidNetwork, "injection nan must be a finite number"),
        ({"injection": {}, "load": {}}, InvalidInput, "either injection, or generation and load"),
        ({"generation": {"S9": 1}}, InvalidInput, "generator 'S9' is no generator of this network (S1, S3)"),
        ({"generation": [1, np.inf]}, InvalidNetwork, "row 1: generation inf"),
        ({"slack": 9}, InvalidInput, "bus 9 is no bus"),
        ({"slack": {1: 1, 2: -1}}, InvalidInput, "weights add up to 0"),
        ({"slack": {1: np.nan}}, InvalidInput, "weights add up to nan"),
        ({"susceptance": "tap"}, InvalidInput, "susceptance 'tap' is not one of x_tap, x, r_x"),
    ],
)
def test_bad_arguments_are_named(arguments, error, words):
    with pytest.raises(error) as caught:
        dc_power_flow(three_bus(), **arguments)
    assert words in str(caught.value)


def test_a_line_without_reactance_is_named():
    with pytest.raises(InvalidNetwork, match=r"lines, row 1: x 0.0 has no meaning in a DC model \(line 1-3\)"):
        ptdf(three_bus(x=[0.5, 0, 0.2], r=[0, 0.1, 0]))
    for susceptance, carried in (("x_tap", "everything"), ("r_x", "nothing")):
        words = f"would carry {carried}; give it a small x, such as 1e-4 p.u., join its two buses, or leave it out"
        with pytest.raises(InvalidNetwork, match=words):
            ptdf(three_bus(x=[0.5, 0, 0.2], r=[0, 0.1, 0]), susceptance=susceptance)


def test_reactances_that_cancel_are_named():
    net = Network.from_frames({"bus": [1, 2]}, {"from_bus": [1, 1], "to_bus": [2, 2], "x": [0.1, -0.1]}, UNIT)
    with pytest.raises(InvalidNetwork, match="cancel"):
        dc_power_flow(net, injection={})


def test_pandapower_agrees(pp_net):
    pandapower = pytest.importorskip("pandapower")
    net = Network.from_pandapower(pp_net)
    pandapower.rundcpp(pp_net, calculate_voltage_angles=True)
    flow = dc_power_flow(net).flow
    theirs = [*pp_net.res_line.p_from_mw[:3], *pp_net.res_trafo.p_hv_mw]
    assert flow == pytest.approx(theirs, abs=1e-6)


def test_matpower_text_with_every_peculiarity():
    """The injections and flows of the case by hand: shunt as load, shift as a source and a sink."""
    net = Network.from_matpower(PECULIAR)
    result = dc_power_flow(net)
    assert result.imbalance == pytest.approx(120 + 5 - 15 - 60 - 40 - 5)
    assert result.flow == pytest.approx(dense_flows(net, result.injection, "x_tap"), abs=1e-9)


def test_a_flow_that_balances_leaves_the_slack_nothing():
    for powers in ({"injection": {1: 90, 2: -90}}, {"load": [0, 0, 0]}):
        imbalance = dc_power_flow(three_bus(), **powers).imbalance
        assert imbalance == 0 and not np.signbit(imbalance)
