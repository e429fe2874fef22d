"""DC lines: two ends with losses between, in dispatch and power flow; prices against differences and another programme."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import Infeasible, InvalidNetwork
from tefoundations.grid import (
    DispatchModel,
    Network,
    ac_opf,
    ac_power_flow,
    branch_flow_opf,
    dc_opf,
    dc_opf_series,
    dc_power_flow,
    lindistflow,
)
from tefoundations.grid.dc.wires import Wires
from tests.grid.networks import networks
from tests.grid.oracles import least_shed, supports, theta_opf

STEP = 0.5  # MW


def two(load=100.0, scale=1.0, **columns):
    """Cheap power at bus 1, dear power at bus 2, a line of 40 MW, and a DC line of 30 MW that loses 1 MW and a tenth."""
    dc = {"from_bus": [1], "to_bus": [2], "p_max": [30 * scale], "loss0": [scale], "loss1": [0.1]} | columns
    return Network.from_frames(
        {"bus": [1, 2], "load": [0, load * scale]},
        {"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [40 * scale]},
        {"bus": [1, 2], "p_max": [300 * scale, 300 * scale], "cost": [10, 30]},
        dclines=dc,
        base=100 * scale,
    )


@st.composite
def with_dclines(draw):
    """Random networks with one to three DC lines of round numbers, some for both directions."""
    net = draw(networks(most=5))
    n, count = len(net.buses), draw(st.integers(1, 3))
    ends = [draw(st.lists(st.integers(1, n), min_size=2, max_size=2, unique=True)) for _ in range(count)]
    number = lambda low, high: float(draw(st.integers(low, high)))  # noqa: E731
    rows = []
    for start, end in ends:
        both = draw(st.booleans())
        rows.append({
            "from_bus": start, "to_bus": end, "p_max": 10 * number(1, 6),
            "p_min": -10 * number(1, 6) if both else number(0, 3),
            "loss0": number(0, 2), "loss1": 0.0 if both else number(0, 10) / 100, "cost": number(0, 3),
            "cost2": number(0, 2) / 40, "cost0": number(0, 2),
        })  # fmt: skip
    dc = {name: [row[name] for row in rows] for name in rows[0]}
    return Network.from_frames(**net.to_frames(), dclines=dc, base=net.base, slack=net.slack)


def solved(net, load=None):
    try:
        return DispatchModel(net).solve(load)
    except Infeasible:
        return None


# ---- By hand --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_two_buses_by_hand(scale):
    """Both ways are full: 40 arrive on the line, 0.9 * 30 - 1 = 26 on the DC line; the last 34 MW cost 30 $/MWh.

    One more megawatt of the DC line takes 1 at 10 $/MWh and brings 0.9 at 30: it would save 17 $/h.
    """
    d = dc_opf(two(scale=scale))
    assert d.generation / scale == pytest.approx([70, 34]) and d.lmp == pytest.approx([10, 30])
    assert d.dc_flow / scale == pytest.approx([30]) and d.dc_loss / scale == pytest.approx([4])
    assert d.dc_multiplier == pytest.approx([17]) and d.multiplier == pytest.approx([20])
    assert d.congestion_rent / scale == pytest.approx(20 * 40 + 30 * 26 - 10 * 30)
    more = dc_opf(two(scale=scale, p_max=[31 * scale]))
    assert (d.cost - more.cost) / scale == pytest.approx(17)


def test_a_marginal_dc_line_sets_the_price_by_its_loss():
    """10 MW lack behind the full line: the DC line sends (10 + 1) / 0.9, and one more at bus 2 takes 1 / 0.9 at bus 1."""
    d = dc_opf(two(50.0))
    assert d.dc_flow == pytest.approx([11 / 0.9]) and d.lmp == pytest.approx([10, 10 / 0.9])
    assert d.price_interval == pytest.approx(np.column_stack([d.lmp, d.lmp]))
    assert dc_opf(two(51.0)).cost - d.cost == pytest.approx(d.lmp[1]) and d.dc_multiplier.tolist() == [0]


def test_a_dc_line_that_does_not_pay_rests_at_its_least():
    d = dc_opf(two(30.0, p_min=[5]))
    assert d.dc_flow == pytest.approx([5]) and d.lmp == pytest.approx([10, 10]) and d.dc_multiplier == pytest.approx([-1])
    assert d.generation[0] == pytest.approx(30 + 1 + 0.5) and d.flow == pytest.approx([26.5])


def test_it_is_told_in_words_and_tables():
    d = dc_opf(two())
    assert "DC 1-2 carries 30 MW from bus 1 to bus 2, of which 4 MW are lost; one more would save 17 $/h." in d.explain()
    row = d.to_frame("dclines").loc["DC 1-2"]
    assert row.tolist() == pytest.approx([30, 4, 10, 30, 17, 480])
    assert "1 dclines" in repr(two()) and "1 DC line of 30 MW together." in two().explain()
    assert pickle.loads(pickle.dumps(d)).dc_multiplier == pytest.approx([17])
    plain = Network.from_frames(**{k: v for k, v in two().to_frames().items() if k != "dclines"})
    assert "dclines" not in repr(plain) and "dclines" not in plain.to_frames() and dc_opf(plain).dc_flow.shape == (0,)


# ---- Against another programme and differences ----------------------------------------------------------------------


@given(with_dclines())
def test_the_formulation_with_angles_agrees(net):
    d, theirs = solved(net), theta_opf(net)
    if d is None:
        assert theirs is None
        return
    assert d.cost - d.value == pytest.approx(theirs[0], abs=1e-4 * (1 + abs(theirs[0])))
    assert not supports(d)
    supply = d.generation.sum() - d.demand.sum() - d.dc_loss.sum()
    assert supply == pytest.approx(d.load.sum(), abs=1e-6)


@given(with_dclines())
def test_prices_are_what_one_more_megawatt_costs(net):
    """The cost is convex in the load: both differences bound the price; multipliers of the DC lines likewise."""
    d = solved(net)
    if d is None:
        return
    now = d.cost - d.value
    room = 1e-7 * (1 + abs(now))
    for bus in range(len(net.buses)):
        low, high = d.price_interval[bus]
        assert low - 1e-6 <= d.lmp[bus] <= high + 1e-6
        for sign in (1, -1):
            load = net.buses.load.copy()
            load[bus] += sign * STEP
            other = solved(net, load)
            if other is not None:
                assert other.cost - other.value >= now + sign * STEP * d.lmp[bus] - room
    frame = net.to_frames()["dclines"]
    for line in range(len(frame)):
        more = frame.copy()
        more.loc[line, "p_max"] += STEP
        other = solved(Network.from_frames(**net.to_frames() | {"dclines": more}, base=net.base, slack=net.slack))
        assert now - (other.cost - other.value) <= STEP * max(d.dc_multiplier[line], 0.0) + room


@given(with_dclines())
def test_parts_add_up_and_the_rent_is_that_of_lines_and_dc_lines(net):
    d = solved(net)
    if d is None:
        return
    parts = d.price_components(slack="distributed" if net.buses.load.sum() + net.bids.p_max.sum() > 0 else None)
    assert parts.sum(axis=1).to_numpy() == pytest.approx(d.lmp)
    assert d.line_components().sum(axis=1).to_numpy() == pytest.approx(
        d.price_components()["congestion"].to_numpy(), abs=1e-7
    )
    of_lines = d.multiplier @ (d.flow - Wires(net).flows(np.zeros(len(net.buses))))
    of_dc = d.to_frame("dclines")["rent"].sum()
    assert d.congestion_rent == pytest.approx(of_lines + of_dc, abs=1e-5 * (1 + abs(d.cost)))


@given(with_dclines())
def test_hours_are_single_solves(net):
    loads = np.outer([0.5, 0.8, 1.0, 0.81], net.buses.load)
    singles = [solved(net, load) for load in loads]
    if any(single is None for single in singles):
        return
    series = dc_opf_series(net, loads)
    for hour, single in enumerate(singles):
        assert series.cost[hour] - series.value[hour] == pytest.approx(
            single.cost - single.value, abs=1e-6 * (1 + single.cost)
        )
        balance = series.generation[hour].sum() - series.demand[hour].sum() - series.load[hour].sum()
        assert balance == pytest.approx((net.dclines.loss0 + net.dclines.loss1 * series.dc_flow[hour]).sum(), abs=1e-6)


@given(with_dclines())
def test_a_shortage_counts_what_dc_lines_bring(net):
    load = 3 * net.buses.load
    try:
        dc_opf(net, load)
    except Infeasible as error:
        least = least_shed(net, load)
        assert bool(error.shed) == (least is not None)
        if error.shed:
            assert sum(error.shed.values()) == pytest.approx(least, abs=1e-4)
    else:
        assert theta_opf(net, load) is not None


def losing(load, limit, p_max, more=()):
    """Load behind a line, and behind a DC line that loses 3 of 30 MW."""
    return Network.from_frames(
        {"bus": [1, 2], "load": [0, load]},
        {"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [limit]},
        {"bus": [1], "p_max": [p_max], "cost": [10]},
        dclines={"from_bus": [1], "to_bus": [2], "p_max": [30], "loss0": [3]} | dict(more),
    )


@pytest.mark.parametrize(
    "net, told, left",
    [
        (losing(70, 20, 100), "load 70 MW exceeds the 47 MW that can be delivered: line 1-2 (20 MW) is full", 23),
        (
            losing(50, 99, 51),
            "load 50 MW, with 3 MW that DC lines lose at any flow, exceeds the 51 MW that all generators",
            2,
        ),
        (losing(60, 20, 55), "exceeds the 55 MW that all generators together can give, and only 47 MW can be delivered", 13),
    ],
)
def test_what_a_dc_line_loses_is_no_load(net, told, left):
    load = net.buses.load[1]
    with pytest.raises(Infeasible) as caught:
        dc_opf(net)
    assert told in str(caught.value) and str(caught.value).endswith(f"bus 2 gets {load - left:g} of {load:g} MW")
    assert caught.value.shed == {2: pytest.approx(left)} and left == pytest.approx(least_shed(net, net.buses.load))
    assert (caught.value.load, caught.value.deliverable) == pytest.approx((load, load - left))
    assert dc_opf(net, {2: load - left}).dc_loss == pytest.approx([3])


def test_losses_that_nobody_can_give_are_named():
    told = "DC lines lose 3 MW at any flow, and even without load 3 MW of them cannot be given; one way: bus 2 lacks 3 MW"
    for load in (0, 50):
        with pytest.raises(Infeasible) as caught:
            dc_opf(losing(load, 99, 0))
        assert str(caught.value) == told and caught.value.bus == 2 and not caught.value.shed
    assert least_shed(losing(50, 99, 0), np.array([0.0, 50])) is None


# ---- Power flow, and models without DC lines ------------------------------------------------------------------------


def test_a_power_flow_carries_the_schedule():
    result = dc_power_flow(two(p_set=[20]), generation={"generator 2": 50})
    assert result.injection == pytest.approx([50 - 17 + 20 - 20, -50 + 17]) and result.flow == pytest.approx([33])
    assert result.imbalance == pytest.approx(100 - 50 + 3)


@pytest.mark.parametrize("call", [ac_opf, ac_power_flow, branch_flow_opf, lindistflow])
def test_models_with_voltages_refuse_them_by_name(call):
    with pytest.raises(InvalidNetwork, match="DC line DC 1-2 has no model in .*: dc_opf and dc_power_flow model it"):
        call(two())


@pytest.mark.parametrize(
    "columns, words",
    [
        ({"to_bus": [1]}, "dclines, row 0: to_bus 1 is also the from_bus"),
        ({"to_bus": [7]}, "dclines, row 0: to_bus 7 is no bus of this network"),
        ({"p_max": [-1]}, "dclines, row 0: p_max -1.0 is below p_min"),
        ({"loss1": [1.0]}, "dclines, row 0: loss1 1.0 must be below 1"),
        ({"p_min": [-20]}, "dclines, row 0: p_min -20.0 makes the loss negative; give two lines, one each way"),
        ({"p_max": [np.nan]}, "dclines, row 0: p_max nan must be a number"),
        ({"limit": [3]}, "dclines: column 'limit' is not known"),
    ],
)
def test_what_is_no_dc_line_is_named(columns, words):
    with pytest.raises(InvalidNetwork) as caught:
        two(**columns)
    assert words in str(caught.value)


def test_a_concave_cost_is_named():
    with pytest.raises(InvalidNetwork, match="dclines, row 0: cost2 -1.0 makes the cost concave"):
        dc_opf(two(cost2=[-1]))


def test_a_dc_line_joins_no_island():
    with pytest.raises(InvalidNetwork, match="no line joins bus 2 to the slack, bus 1 .a DC line does not"):
        none, dc = {"from_bus": [], "to_bus": [], "x": []}, {"from_bus": [1], "to_bus": [2], "p_max": [5]}
        Network.from_frames({"bus": [1, 2]}, none, {"bus": [1], "p_max": [9], "cost": [1]}, dclines=dc)
