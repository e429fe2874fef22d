"""Security-constrained dispatch against programmes that hold a network of its own for every loss."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tefoundations.data import data_path
from tefoundations.errors import Infeasible, InvalidInput
from tefoundations.grid import Network, bridges, corrective_opf, dc_opf, dc_power_flow, lodf, outage_flows, scopf
from tests.grid.networks import kirschen_strbac, networks, pjm_five_bus, three_bus
from tests.grid.security_oracles import least_overload, secure_oracle
from tests.grid.test_scales import SCALES, same, scaled

LADDER = {"limit": [140, 100, 140]}


def losable(net):
    """Positions of lines whose loss does not split the network."""
    return [row for row, name in enumerate(net.lines.name) if name not in bridges(net)]


def attempt(solve, *args, **options):
    try:
        return solve(*args, **options)
    except Infeasible:
        return None


# The ladder


def test_the_triangle_that_may_lose_any_line():
    """The line that sets the price is less than half full."""
    free, secure = dc_opf(three_bus(**LADDER)), scopf(three_bus(**LADDER))
    assert free.lmp == pytest.approx([235 / 19] * 3) and not free.multiplier.any()
    assert secure.lmp == pytest.approx([10, 15, 15]) and secure.flow == pytest.approx([55, 45, -70])
    assert secure.generation == pytest.approx([100, 40]) and secure.demand == pytest.approx([125, 15])
    assert secure.value - secure.cost == pytest.approx(2435)
    assert free.value - free.cost - 2435 == pytest.approx(2250 / 19)  # 118.42
    assert secure.outage_multiplier == pytest.approx({("1-3", "1-2"): 5})
    after = outage_flows(three_bus(), secure.flow)
    assert after.loc["1-3", "1-2"] == pytest.approx(100) and after.loc["1-2", "1-3"] == pytest.approx(100)
    assert after.loc["1-2", "2-3"] == pytest.approx(125) == -secure.outage_flow("1-2")["2-3"]


def test_all_limits_alike():
    """Two rows do the same there: their multipliers share in any way, prices do not."""
    d = scopf(three_bus(limit=[100] * 3))
    assert d.lmp == pytest.approx([10, 20, 170 / 13]) and len(d.outage_multiplier) >= 2


@pytest.mark.parametrize(("much", "cost"), [(0, 118.42), (9, 77.70), (18, 45.52), (27, 21.90), (36, 6.82), (45, 0.30)])
def test_what_moving_after_the_loss_saves(much, cost):
    free, d = dc_opf(three_bus(**LADDER)), corrective_opf(three_bus(**LADDER), moves=much)
    assert d.generation[0] == pytest.approx(100 + much)
    assert d.lmp == pytest.approx([10 + much / 20] + [15 - much / 18] * 2)
    assert free.value - free.cost - (d.value - d.cost) == pytest.approx(cost, abs=0.005)
    assert d.outage_flow("1-2")["1-3"] == pytest.approx(100 + much)  # the short-time rating that it needs
    assert d.settled_flow("1-2")["1-3"] == pytest.approx(100)
    assert d.moved("1-2").to_numpy() == pytest.approx([-much, much], abs=1e-5)
    assert d.price_interval == pytest.approx(np.column_stack([d.lmp, d.lmp]), abs=1e-6)
    bounded = corrective_opf(three_bus(**LADDER), moves=much, short_time=1.09)
    assert bounded.generation[0] == pytest.approx(100 + min(much, 9))


# Against a network of its own for every loss


def agrees(d, found, quick=False):
    best, solved, drawn = found
    size = abs(d.cost) + abs(d.value) + 1
    assert d.cost - d.value + (d.penalty or 0) * sum(d.overload.values()) == pytest.approx(best, abs=1e-7 * size)
    low, high = d.price_interval.T
    assert (low <= d.lmp + 1e-6).all() and (d.lmp <= high + 1e-6).all()
    kept, step = drawn.value, 1e-2
    for bus in range(1 if quick else len(d.lmp)):
        ends = []
        for sign in (-1, 1):
            drawn.value = kept + sign * step * (np.arange(len(kept)) == bus)
            value = solved()
            ends.append(sign * np.inf if value is None else sign * (value - best) / step)
        drawn.value = kept
        for told, slope in zip((low[bus], high[bus]), ends):
            assert told == pytest.approx(slope, abs=0.02), (bus, ends, told)


@settings(max_examples=60, deadline=None)
@given(networks(most=5), st.sampled_from([0.9, 1.0, 1.3]))
def test_as_with_a_network_for_every_loss(net, emergency):
    d, found = attempt(scopf, net, emergency=emergency), secure_oracle(net, lines=losable(net), emergency=emergency)
    assert (d is None) == (found is None)
    if d is not None:
        agrees(d, found)
        assert set(d.unprotected) == set(bridges(net)) and len(d.outages) + len(d.unprotected) == len(net.lines)


@settings(max_examples=40, deadline=None)
@given(networks(most=5), st.integers(0, 9))
def test_lost_units_too(net, seed):
    g = len(net.generators)
    assume(g > 1)
    weights = np.random.default_rng(seed).integers(1, 5, g).astype(float)
    d = attempt(scopf, net, unit_outages="units", pickup=weights, emergency=1.2)
    found = secure_oracle(net, lines=losable(net), units=range(g), weights=weights, emergency=1.2)
    assert (d is None) == (found is None)
    if d is not None:
        agrees(d, found)
        paid = d.load @ d.lmp + d.demand @ d.lmp[net.bids.at] - d.generation @ d.generator_price
        assert d.congestion_rent == pytest.approx(paid)
        marginal = (d.generation > net.generators.p_min + 1e-4) & (d.generation < net.generators.p_max - 1e-4)
        own = net.generators.cost + 2 * net.generators.cost2 * d.generation
        assert d.generator_price[marginal] == pytest.approx(own[marginal], abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(networks(most=4), st.sampled_from([5.0, 30.0]), st.sampled_from([None, 1.3]), st.booleans())
def test_corrective_as_with_moves_in_every_state(net, moves, short_time, lose_units):
    g = len(net.generators)
    units = range(g) if lose_units and g > 1 else ()
    asked = {"moves": moves, "short_time": short_time, "unit_outages": "units" if len(units) else ()}
    d = attempt(corrective_opf, net, **asked)
    found = secure_oracle(net, lines=losable(net), units=units, moves=moves, short_time=short_time)
    assert (d is None) == (found is None)
    if d is None:
        return
    best, size = found[0], abs(d.cost) + abs(d.value) + 1
    assert d.cost - d.value == pytest.approx(best, abs=2e-6 * size)
    for lost in d.outages:
        change = d.moved(lost).to_numpy()
        assert np.abs(change).max() <= moves + 1e-6 and abs(change.sum()) < 1e-6
        assert (np.abs(d.settled_flow(lost)) <= net.lines.limit + 1e-4).all()


@settings(max_examples=40, deadline=None)
@given(networks(most=5), st.sampled_from([3.0, 200.0]))
def test_soft_limits_after_a_loss(net, penalty):
    d, found = attempt(scopf, net, penalty=penalty), secure_oracle(net, lines=losable(net), penalty=penalty)
    assert (d is None) == (found is None)
    if d is not None:
        agrees(d, found, quick=True)


@settings(max_examples=60, deadline=None)
@given(networks(most=5), st.sampled_from([0.6, 1.0]))
def test_what_cannot_be_secured_is_told(net, emergency):
    try:
        scopf(net, emergency=emergency)
    except Infeasible as error:
        said = str(error)
        if "survives" not in said:
            assert attempt(dc_opf, net) is None
            return
        least = float(said.split("at least ")[1].split(" MW")[0].replace(",", ""))
        assert least == pytest.approx(least_overload(net, losable(net), emergency), rel=1e-4, abs=1e-4)
        line, lost = error.lines
        assert f"line {line} after the loss of {lost} by" in said


# Flows after a loss


@settings(max_examples=60, deadline=None)
@given(networks(most=6), st.integers(0, 99))
def test_flows_after_a_loss_are_those_of_the_network_without_the_line(net, seed):
    injection = np.random.default_rng(seed).uniform(-50, 50, len(net.buses))
    injection -= injection.mean()
    flow = dc_power_flow(net, injection=injection).flow
    table, frames = outage_flows(net, flow), net.to_frames()
    assert table.columns.tolist() == [name for name in net.lines.name if name not in bridges(net)]
    for lost in table.columns:
        fewer = frames["lines"][frames["lines"]["name"] != lost]
        left = Network.from_frames(**frames | {"lines": fewer}, base=net.base, slack=net.slack)
        after = dc_power_flow(left, injection=injection).flow
        assert table.loc[left.lines.name.tolist(), lost].to_numpy() == pytest.approx(after, abs=1e-6)
        assert table.loc[lost, lost] == 0
    known = lodf(net)
    for column, lost in enumerate(net.lines.name):
        if lost in table.columns:
            rest = flow + known[:, column] * flow[column]
            assert np.delete(table[lost].to_numpy() - rest, column) == pytest.approx(0, abs=1e-6)


# Larger networks, scales


def test_a_hundred_and_eighteen_buses():
    """Eight rows of 65,844 hold all pairs of line and loss."""
    net = Network.from_matpower(data_path("cases/pglib_opf_case118_ieee.m"))
    d = scopf(net, emergency=1.5, angle_limits=False)
    assert d.cost == pytest.approx(96160.5254, abs=5e-4) and len(d.outages) == 177 and len(d.unprotected) == 9
    assert len(d._rows.pairs) == 8 and 2 * len(d.outages) * (len(net.lines) - 0) == 65844
    wider = scopf(net, limits=1.5 * net.lines.limit, angle_limits=False)
    assert wider.cost == pytest.approx(96078.2806, abs=5e-4)
    after = outage_flows(net, d.flow)
    assert (np.abs(after.to_numpy()) <= 1.5 * net.lines.limit[:, None] + 1e-4).all()
    parts = d.price_components()
    assert parts.sum(axis=1).to_numpy() == pytest.approx(d.lmp)
    more = parts["congestion"] + parts["security"]
    assert d.line_components().sum(axis=1).to_numpy() == pytest.approx(more.to_numpy(), abs=1e-9)
    bus, step = 59, 0.01
    near = [scopf(net, {bus: net.load_vector()[net.position(bus)] + s * step}, emergency=1.5, angle_limits=False).cost
            for s in (-1, 1)]  # fmt: skip
    assert (near[1] - near[0]) / (2 * step) == pytest.approx(d.lmp[net.position(bus)], abs=1e-4)
    with pytest.raises(Infeasible, match="line 15-17 after the loss of 8-5"):
        scopf(net)


def test_thirteen_hundred_buses_by_soft_rows():
    net = Network.from_matpower(data_path("cases/case1354pegase.m"))
    with pytest.raises(Infeasible, match="at least 981.24 MW") as told:
        scopf(net, emergency=1.5)
    assert told.value.lines == ("6532-5317", "3145-2918")
    d = scopf(net, emergency=1.5, penalty=1000.0)
    assert len(d.outages) == 1430 and len(d.unprotected) == 561
    assert sum(d.overload.values()) == pytest.approx(981.24, abs=1e-4)
    assert len(set(d.overload)) == 7


@pytest.mark.parametrize("scale", SCALES)
def test_in_any_unit_of_power(scale):
    for net, asked in ((three_bus(**LADDER), {}), (pjm_five_bus(), {"emergency": 1.4, "penalty": 100})):
        same(scopf(scaled(net, scale), **asked), scopf(net, **asked), scale)
    found = corrective_opf(scaled(three_bus(**LADDER), scale), moves=18 * scale)
    same(found, corrective_opf(three_bus(**LADDER), moves=18), scale)


# Bad input


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"outages": ["9-9"]}, "line '9-9' is no line of this network"),
        ({"outages": ["1-2", "1-2"]}, "outages: line 1-2 is named twice"),
        ({"outages": "all"}, "outages 'all' must be \"lines\" or a sequence of names"),
        ({"outages": "1-2"}, 'must be "lines" or a sequence of names'),
        ({"unit_outages": ["S9"]}, "generator 'S9' is no generator of this network"),
        ({"unit_outages": "units", "pickup": {"S1": -1}}, "pickup: S1 has a negative weight, -1"),
        ({"pickup": {"S9": 1}}, "generator 'S9' is no generator of this network"),
        ({"pickup": "S1"}, "pickup must be a dict or an array of 2 values"),
        ({"unit_outages": "units", "pickup": {"S1": 1}}, "pickup: nobody can make the power of 'S1'"),
        ({"emergency": 0}, "emergency 0 must be a positive number"),
        ({"emergency": {"1-2": -1}}, "emergency: share -1 of line 1-2 must be positive"),
        ({"penalty": 0}, r"penalty 0 must be a positive number \(\$/MWh\)"),
        ({"load": {9: 1}}, "bus 9 is no bus"),
    ],
)
def test_what_has_no_meaning_is_refused(asked, words):
    with pytest.raises(InvalidInput, match=words):
        scopf(three_bus(**LADDER), **asked)


def test_bridges_and_moves_are_refused_by_name():
    net = Network.from_frames({"bus": [1, 2, 3], "load": [0, 0, 10]},
                              {"from_bus": [1, 1, 2], "to_bus": [2, 2, 3], "x": [0.1] * 3, "limit": [20.0] * 3},
                              {"bus": [1], "p_max": [50], "cost": [5], "name": ["S"]})  # fmt: skip
    assert scopf(net).unprotected == ("2-3",)
    with pytest.raises(InvalidInput, match="outages: the loss of line 2-3 splits the network"):
        scopf(net, outages=["2-3"])
    with pytest.raises(InvalidInput, match="outages: the loss of line 2-3"):
        outage_flows(net, [5, 5, 10], outages=["2-3"])
    with pytest.raises(InvalidInput, match="flow must be 3 numbers"):
        outage_flows(net, [5, 5])
    with pytest.raises(InvalidInput, match="moves: S cannot move -1 MW"):
        corrective_opf(net, moves={"S": -1})
    with pytest.raises(InvalidInput, match=r"moves -1 must be a number \(MW\), at least 0"):
        corrective_opf(net, moves=-1)
    with pytest.raises(InvalidInput, match="'2-3' is no loss of this dispatch"):
        scopf(net).outage_flow("2-3")
    with pytest.raises(InvalidInput, match="net must be a Network"):
        scopf("no network")
    with pytest.raises(Infeasible, match="load 80 MW exceeds"):
        corrective_opf(net, {3: 80}, moves=5)
    narrow = kirschen_strbac()
    with pytest.raises(Infeasible, match="no dispatch can be mended after the loss of 1-3; line 1-2 stays overloaded"):
        corrective_opf(narrow, moves=1)


def test_a_line_without_another_way_by_its_reactance_is_not_protected():
    """x and -x in series are no way at all: the loss of the third line would leave nothing."""
    net = Network.from_frames({"bus": [1, 2, 3], "load": [0, 0, 10]},
                              {"from_bus": [1, 1, 2, 1], "to_bus": [3, 2, 3, 3], "x": [0.1, 0.2, 1e8, -1e9]},
                              {"bus": [1], "p_max": [50], "cost": [5]})  # fmt: skip
    assert "1-3" in scopf(net).unprotected


def test_words_and_tables():
    d = scopf(three_bus(**LADDER))
    assert "After the loss of 1-2 line 1-3 is full: 100 MW; one more would save 5 $/h." in d.explain()
    assert d.explain(2) == "bus 2: 10 + 5 security of line 1-3 after 1-2 = 15"
    table = d.to_frame("outages")
    assert table[["line", "lost", "limit"]].values.tolist() == [["1-3", "1-2", 100.0]]
    assert d.to_frame()["security"].to_numpy() == pytest.approx([0, 5, 5])
    soft = scopf(kirschen_strbac(), penalty=20)
    assert "MW over" in soft.explain() and "overload after losses, MW" in soft._repr_html_()
    units = scopf(three_bus(**LADDER), unit_outages=["S1"], pickup={"S3": 1})
    assert units.outages == ("1-2", "1-3", "2-3", "S1")
    assert repr(d).startswith("SecureDispatch(140 MW")


def test_a_price_of_nothing_is_told_as_nothing():
    """Wind behind full lines sets a price of 0: what rounding leaves of it is no price, and no worth of more wind."""
    net = Network.from_frames(
        {"bus": [1, 2, 3], "load": [0, 10, 50]},
        {"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "x": [0.1] * 3, "limit": [25, 40, 60]},
        {"bus": [1, 3, 2], "p_max": [120, 120, 60], "cost": [10, 30, 0], "name": ["S1", "S3", "W"]},
        bids={"bus": [3], "p_max": [20], "value": [25], "name": ["D"]},
    )
    for found in (
        corrective_opf(net, moves={"S1": 20, "S3": 20}),
        corrective_opf(net, moves=5, emergency=0.5, short_time=0.5),
    ):
        assert found.lmp.min() == pytest.approx(0, abs=1e-9) and found.lmp.max() > 20
        assert "e-1" not in found.explain() + repr(found)
    for limit in range(20, 50):
        lines = net.to_frames()["lines"].assign(limit=[25, limit, 60])
        other = Network.from_frames(**net.to_frames() | {"lines": lines})
        for found in (dc_opf(other), scopf(other, penalty=300)):
            assert "e-1" not in found.explain() + repr(found)
