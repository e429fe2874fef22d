"""What is said when there is no dispatch: which load, which limit; and never a number."""

import numpy as np
import pytest
from hypothesis import given

from tefoundations.errors import Infeasible
from tefoundations.grid import DispatchModel, Network, dc_opf
from tests.grid.networks import kirschen_strbac, networks, three_bus
from tests.grid.oracles import least_shed, theta_opf


def star(**lines):
    """Power at buses 1 and 2, load at bus 3."""
    return Network.from_frames(
        {"bus": [1, 2, 3], "load": [0, 0, 240]},
        {"from_bus": [1, 2], "to_bus": [3, 3], "x": [0.1, 0.1], "limit": [130, 80]} | lines,
        {"bus": [1, 2], "p_max": [200, 200], "cost": [10, 20]},
    )


@pytest.mark.parametrize("cost2", [[0, 0], [0.1, 0.1]])
def test_the_load_and_the_lines_are_named(cost2):
    frames = star().to_frames()
    frames["generators"]["cost2"] = cost2
    with pytest.raises(Infeasible) as caught:
        dc_opf(Network.from_frames(**frames))
    told = "load 240 MW exceeds the 210 MW that can be delivered: lines 1-3 (130 MW), 2-3 (80 MW) are full"
    assert str(caught.value) == told + "; one way: bus 3 gets 210 of 240 MW"
    assert (caught.value.bus, caught.value.load, caught.value.deliverable) == (3, 240, pytest.approx(210))
    assert caught.value.shed == {3: pytest.approx(30)}
    assert caught.value.lines == ("1-3", "2-3")
    assert dc_opf(Network.from_frames(**frames), {3: 210}).generation.tolist() == pytest.approx([130, 80])


@pytest.mark.parametrize("scale", [1e-6, 1.0])
def test_of_many_ways_to_share_a_shortage_one_is_told_as_one(scale):
    """Two loads of 80 MW behind 100 MW: bus 2 may have all of its own, so that it cannot have more than 20 is no fact."""
    net = Network.from_frames(
        {"bus": [1, 2, 3], "load": [0, 80 * scale, 80 * scale]},
        {"from_bus": [1, 2], "to_bus": [2, 3], "x": [0.1, 0.1], "limit": [100 * scale, np.inf]},
        {"bus": [1], "p_max": [200 * scale], "cost": [20]},
        base=100 * scale,
    )
    with pytest.raises(Infeasible) as caught:
        dc_opf(net)
    load, most, line = (f"{mw * scale:g} MW" for mw in (160, 100, 100))
    assert str(caught.value).startswith(
        f"load {load} exceeds the {most} that can be delivered: line 1-2 ({line}) is full; one way: bus "
    )
    assert sum(caught.value.shed.values()) / scale == pytest.approx(60)
    for share in ({2: 80, 3: 20}, {2: 20, 3: 80}):
        assert dc_opf(net, {bus: mw * scale for bus, mw in share.items()}).flow[0] / scale == pytest.approx(100)


def test_many_buses_that_are_short_are_counted():
    n = 6
    net = Network.from_frames(
        {"bus": list(range(n)), "load": [0, 10, 20, 30, 40, 50]},
        {"from_bus": [0] * (n - 1), "to_bus": list(range(1, n)), "x": [0.1] * (n - 1), "limit": [5] * (n - 1)},
        {"bus": [0], "p_max": [999], "cost": [1]},
    )
    with pytest.raises(Infeasible) as caught:
        dc_opf(net)
    ways = "bus 5 gets 5 of 50 MW, bus 4 gets 5 of 40 MW, bus 3 gets 5 of 30 MW, and so on at 2 other buses"
    assert str(caught.value).endswith(f"0-1 (5 MW), 0-2 (5 MW), 0-3 (5 MW) and 2 more are full; one way: {ways}")
    assert caught.value.shed == {bus: pytest.approx(10 * bus - 5) for bus in range(1, n)}


def test_a_shortage_of_generators_is_named():
    with pytest.raises(Infeasible, match="load 500 MW exceeds the 400 MW that all generators together can give") as caught:
        dc_opf(star(), {3: 500})
    assert "and only 210 MW can be delivered: lines 1-3 (130 MW), 2-3 (80 MW) are full" in str(caught.value)
    assert caught.value.deliverable == pytest.approx(210)
    small = star().to_frames() | {"generators": {"bus": [1], "p_max": [90], "cost": [1]}}
    with pytest.raises(Infeasible, match="can give; one way: bus 3 gets 90 of 500 MW"):
        dc_opf(Network.from_frames(**small), {3: 500})


def test_a_network_without_a_seller():
    none = {"bus": [], "p_max": [], "cost": []}
    lines = {"from_bus": [1], "to_bus": [2], "x": [0.1]}
    with pytest.raises(Infeasible, match="load 5 MW exceeds the 0 MW"):
        dc_opf(Network.from_frames({"bus": [1, 2], "load": [0, 5]}, lines, none))
    idle = dc_opf(Network.from_frames({"bus": [1, 2]}, lines, none))
    assert idle.cost == 0 and idle.flow.tolist() == [0] and idle.price_interval.tolist() == [[-np.inf, np.inf]] * 2


def test_a_shortage_in_a_mesh_is_named():
    with pytest.raises(Infeasible) as caught:
        dc_opf(kirschen_strbac(), {2: 0, 3: 500})
    assert str(caught.value).startswith("load 550 MW exceeds the 456 MW") and "; one way: bus 3 gets" in str(caught.value)
    assert caught.value.bus == 3 and set(caught.value.lines) <= {"1-2", "2-3", "1-3"} and caught.value.lines
    assert dc_opf(kirschen_strbac(), {2: 0, 3: 500 - caught.value.shed[3] - 1e-3})


def test_too_much_generation_is_named():
    units = {"bus": [1, 2], "p_min": [50, 60], "p_max": [100, 100], "cost": [1, 1]}
    lines = {"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [30]}
    with pytest.raises(Infeasible, match="generators must give at least 110 MW .* load takes only 90 MW"):
        dc_opf(Network.from_frames({"bus": [1, 2], "load": [0, 90]}, lines, units))
    with pytest.raises(Infeasible, match=r"give 20 MW more than .*: line 1-2 \(30 MW\) is full; one way: 20 MW .* bus 1"):
        dc_opf(Network.from_frames({"bus": [1, 2], "load": [0, 110]}, lines, units))


def test_of_two_faults_both_are_named():
    """Bus 3 must give 20 and takes 1, and 5 may leave it; bus 2 wants 500 and 45 reach it: the larger fault went untold."""
    net = Network.from_frames(
        {"bus": [1, 2, 3], "load": [0, 500, 1]},
        {"from_bus": [1, 2], "to_bus": [2, 3], "x": [0.1, 0.1], "limit": [40, 5]},
        {"bus": [1, 3], "p_min": [0, 20], "p_max": [600, 50], "cost": [10, 1]},
    )
    with pytest.raises(Infeasible) as caught:
        dc_opf(net)
    much = "generators must give 14 MW more than can be taken away: lines 1-2 (40 MW), 2-3 (5 MW) are full; one way: 14 MW"
    short = "load 501 MW exceeds the 46 MW that can be delivered; one way: bus 2 gets 45 of 500 MW"
    assert str(caught.value) == f"{much} too much at bus 3; and {short}"
    assert (caught.value.load, caught.value.deliverable, caught.value.bus) == (501, pytest.approx(46), 2)
    assert not caught.value.shed and least_shed(net, net.buses.load) is None
    assert dc_opf(net, {2: 45, 3: 15}).flow == pytest.approx([40, -5])  # with the one and the other mended


def test_generators_that_must_give_much_where_little_can_go():
    units = {"bus": [1], "p_min": [120], "p_max": [200], "cost": [10]}
    lines = {"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [10]}
    with pytest.raises(Infeasible) as caught:
        dc_opf(Network.from_frames({"bus": [1, 2], "load": [50, 50]}, lines, units))
    short = "load 100 MW exceeds the 60 MW that can be delivered: line 1-2 (10 MW) is full; one way: bus 2 gets 10 of 50 MW"
    assert str(caught.value) == f"generators must give at least 120 MW (bids taken), load takes only 100 MW; and {short}"


def test_a_replaced_limit_is_no_angle_limit():
    with pytest.raises(Infeasible, match=r"lines 1-3 \(5 MW\), 2-3 \(80 MW\) are full"):
        dc_opf(star(), limits={"1-3": 5})


def test_phase_shifts_and_angles_that_ask_too_much_are_named():
    with pytest.raises(Infeasible, match="line 1-2: phase shifts drive .* beyond its limits"):
        dc_opf(three_bus(limit=[1, 1, 1], shift=[0, 30, 0]))
    with pytest.raises(Infeasible, match="line 1-2: its angle limits ask for a flow that its limit, 10 MW, forbids"):
        dc_opf(three_bus(limit=[10, 10, 10], angle_min=[20, -30, -30]))
    with pytest.raises(Infeasible, match=r"lines 1-3 \(.* MW, by its angle\), 2-3 \(80 MW\) are full"):
        dc_opf(star(angle_max=[1, 90]), {3: 150})


def test_a_model_that_failed_once_still_works():
    for net in (star(), three_bus()):
        model = DispatchModel(net)
        before = model.solve({3: 100}).lmp
        with pytest.raises(Infeasible):
            model.solve({3: 5000})
        assert model.solve({3: 100}).lmp == pytest.approx(before)


@given(networks(most=4))
def test_what_is_called_deliverable_is_the_most_and_can_be_delivered(net):
    """The sum is that of another programme, with angles; the one way that is told works."""
    load = 3 * net.buses.load
    try:
        dc_opf(net, load)
    except Infeasible as error:
        assert theta_opf(net, load) is None
        least = least_shed(net, load)
        assert bool(error.shed) == (least is not None)
        if error.shed:
            assert sum(error.shed.values()) == pytest.approx(least, abs=1e-5)
            assert error.load - error.deliverable == pytest.approx(least, abs=1e-5)
            for bus, missing in error.shed.items():
                load[net.position(bus)] -= missing + 1e-4
            assert np.isfinite(dc_opf(net, load).cost)
    else:
        assert theta_opf(net, load) is not None
