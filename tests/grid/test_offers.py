"""Other prices and quantities on a network kept warm: the same as a network built anew, whatever was solved before."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork
from tefoundations.grid import DispatchModel, Network, dc_opf
from tests.grid.networks import networks, pjm_five_bus, three_bus

MOVED = {"B": 600, "C": 100, "D": 200}  # MW


def anew(net, offers):
    """The network with the offers, read from tables once more."""
    frames = net.to_frames()
    for table, columns in offers.items():
        frame = frames[table]
        for column, values in columns.items():
            if isinstance(values, dict):
                values = [values.get(name, old) for name, old in zip(frame["name"], frame[column])]
            frame[column] = values
    return Network.from_frames(**frames, base=net.base, slack=net.slack)


def solved(solve, *given, **named):
    try:
        return solve(*given, **named)
    except Infeasible as reason:
        return reason


def same(warm, cold):
    """The same worth, dispatch where it is the only one, and prices that support the other's dispatch."""
    if isinstance(cold, Infeasible) or isinstance(warm, Infeasible):
        assert str(warm) == str(cold)
        return
    slack = 1e-6 * (1 + abs(cold.cost) + abs(cold.value))
    assert warm.cost - warm.value == pytest.approx(cold.cost - cold.value, abs=slack)
    low, high = cold.price_interval.T
    assert (warm.lmp >= low - 1e-5).all() and (warm.lmp <= high + 1e-5).all()
    for table in ("generators", "bids"):
        for column in ("name", "at", "p_max"):
            assert (getattr(getattr(warm.net, table), column) == getattr(getattr(cold.net, table), column)).all()
    assert (warm.generation <= warm.net.generators.p_max + 1e-6).all() and (warm.demand <= warm.net.bids.p_max + 1e-6).all()
    assert (warm.generation >= warm.net.generators.p_min - 1e-6).all() and (warm.demand >= -1e-6).all()
    assert warm.generation.sum() == pytest.approx(warm.load.sum() + warm.demand.sum(), abs=1e-6)
    assert (np.abs(warm.flow) <= warm.net.lines.limit + 1e-5).all()
    assert warm.congestion_rent == pytest.approx(warm.lmp @ _taken(warm), abs=1e-4)


def _taken(d):
    n = len(d.load)
    return d.load + np.bincount(d.net.bids.at, d.demand, n) - np.bincount(d.net.generators.at, d.generation, n)


RANGES = {
    "p_max": (30, 250, 1.0), "p_min": (0, 3, 1.0), "cost": (-3, 40, 1.0), "cost2": (0, 4, 0.02), "value": (1, 60, 1.0),
    "value2": (0, 4, 0.02),
}  # fmt: skip


@st.composite
def offers(draw, net):
    """New values for some columns, or some rows of a column; costs that rise and costs that do not, units that must run."""
    made = {}
    for table, columns in (("generators", ("p_max", "p_min", "cost", "cost2")), ("bids", ("p_max", "value", "value2"))):
        size, names = len(getattr(net, table)), getattr(net, table).name.tolist()
        for column in draw(st.lists(st.sampled_from(columns), unique=True)) if size else ():
            low, high, scale = RANGES[column]
            values = [scale * value for value in draw(st.lists(st.integers(low, high), min_size=size, max_size=size))]
            if draw(st.booleans()):
                values = dict(draw(st.lists(st.sampled_from(list(zip(names, values))), min_size=1, unique=True)))
            made.setdefault(table, {})[column] = values
    return made


@settings(max_examples=120, deadline=None)
@given(st.data(), networks())
def test_a_warm_network_gives_what_a_new_one_gives(data, net):
    model = DispatchModel(net)
    for _ in range(3):
        other, load = data.draw(offers(net)), data.draw(st.sampled_from([None, {1: 35.0}]))
        same(solved(model.solve, load, offers=other), solved(dc_opf, anew(net, other), load))
    same(solved(model.solve), solved(dc_opf, net))  # nothing of it stays


def test_offers_of_each_kind():
    net = three_bus(limit=[45, np.inf, np.inf])
    model = DispatchModel(net)
    first = model.solve()
    for other in (
        {"bids": {"p_max": [0, 90]}},  # one buyer goes
        {"bids": {"value": {"D2": 60}, "value2": [0.0, 0.2]}},
        {"generators": {"p_max": {"S1": 0}}},
        {"generators": {"p_min": {"S3": 100}}},  # must run
        {"generators": {"cost2": [0.0, 0.0]}, "bids": {"value2": [0.0, 0.0]}},  # from a quadratic programme to a linear one
        {"generators": net.to_frames()["generators"][["cost", "cost2"]] * 2},
    ):
        same(model.solve(offers=other), dc_opf(anew(net, other)))
    again = model.solve()
    assert again.lmp == pytest.approx(first.lmp) and again.generation == pytest.approx(first.generation)
    assert again.net is net and model.net is net


def test_pieces_of_a_curve_come_and_go():
    """A unit with a cost curve is cut into the pieces that its limits leave."""
    units = {"bus": [1, 1], "p_max": [100, 100], "cost": [0, 17], "curve": [[(0, 0), (40, 400), (100, 1600)], None]}
    net = Network.from_frames({"bus": [1], "load": [60]}, {"from_bus": [], "to_bus": [], "x": []}, units)
    model = DispatchModel(net)
    for most in (100, 30, 45, 100):
        other = {"generators": {"p_max": {"generator 1": most}}}
        same(model.solve(offers=other), dc_opf(anew(net, other)))
    with pytest.raises(InvalidNetwork, match="generators, row 0: cost 5.0 must be 0 where a curve gives the cost"):
        model.solve(offers={"generators": {"cost": {"generator 1": 5}}})


@pytest.mark.parametrize(
    ("other", "error", "words"),
    [
        ({"lines": {"limit": [1]}}, InvalidInput, "offers: table 'lines' is not one of generators, bids"),
        ({"bids": {"cost": [1, 2]}}, InvalidInput, "offers: column 'cost' of bids is not one of p_max, value, value2"),
        ({"generators": {"cost": {"S9": 1}}}, InvalidInput, r"offers: 'S9' is none of the generators \(S1, S3\)"),
        ({"generators": {"cost": [1]}}, InvalidInput, "offers: cost of generators must be .* an array of 2 values"),
        ({"generators": {"cost": [1, np.nan]}}, InvalidNetwork, "generators, row 1: cost nan must be a finite number"),
        ({"generators": {"p_max": [1, -1]}}, InvalidNetwork, "generators, row 1: p_max -1.0 is below p_min"),
        ({"generators": {"cost2": [-1, 0]}}, InvalidNetwork, "generators, row 0: cost2 -1.0 makes the cost concave"),
        ({"bids": {"p_max": [-1, 0]}}, InvalidNetwork, "bids, row 0: p_max -1.0 must not be negative"),
        ({"bids": {"value2": [0, -1]}}, InvalidNetwork, "bids, row 1: value2 -1.0 must not be negative"),
    ],
)
def test_bad_offers_are_named(other, error, words):
    model = DispatchModel(three_bus())
    before = model.solve().lmp
    with pytest.raises(error, match=words):
        model.solve(offers=other)
    assert (model.solve().lmp == before).all()


def test_what_cannot_be_served_is_told_of_the_offers():
    model = DispatchModel(pjm_five_bus())
    with pytest.raises(Infeasible, match="load 1000 MW exceeds the 930 MW that all generators together can give"):
        model.solve(offers={"generators": {"p_max": {"generator 5": 0}}})
    assert model.solve().cost == pytest.approx(dc_opf(pjm_five_bus()).cost)


def test_distributed_slack_goes_by_the_load_that_is_solved():
    """Not by the load of the table: 27.195 with the table's 300, 300 and 400 MW, 30.195 with the load solved."""
    net = pjm_five_bus()
    model = DispatchModel(net, slack="distributed")
    d = model.solve(MOVED)
    by_table, by_load = d.price_components(slack={"B": 300, "C": 300, "D": 400}), d.price_components(slack=MOVED)
    assert by_table["energy"].iloc[0] == pytest.approx(27.195, abs=5e-4)
    assert by_load["energy"].iloc[0] == pytest.approx(30.195, abs=5e-4)
    for parts in (
        d.price_components(),
        d.price_components(slack="distributed"),
        dc_opf(net, MOVED).price_components(slack="distributed"),
    ):
        assert parts["energy"].to_numpy() == pytest.approx(by_load["energy"].to_numpy(), abs=1e-9)
    assert model.solve().price_components()["energy"].iloc[0] == pytest.approx(
        dc_opf(net).price_components(slack={"B": 300, "C": 300, "D": 400})["energy"].iloc[0]
    )
    lines = d.line_components()
    assert lines.sum(axis=1).to_numpy() == pytest.approx(d.price_components()["congestion"].to_numpy())


def test_distributed_slack_leaves_shunts_out_and_counts_bids_as_offered():
    net = three_bus(limit=[45, np.inf, np.inf])
    with_shunt = replace(net, buses=replace(net.buses, g_shunt=np.array([5.0, 0.0, 0.0])))
    d = DispatchModel(with_shunt, slack="distributed").solve({1: 30}, offers={"bids": {"p_max": [100, 50]}})
    assert d.weights == pytest.approx(np.array([30, 100, 50]) / 180)
    assert d.price_components()["energy"].iloc[0] == d.price_components(slack="distributed")["energy"].iloc[0]
    with pytest.raises(InvalidInput, match="slack 'distributed': weights add up to 0"):
        dc_opf(pjm_five_bus(), np.zeros(5), slack="distributed")


def test_a_fall_of_a_slope_within_printed_digits_is_rounding():
    """Points printed with few digits: the slope falls from 10 to 9.9995, which no planner meant; a real fall is refused."""

    def cost(*points):
        curve = [list(point) for point in points]
        net = Network.from_frames(
            {"bus": [1], "load": [25]}, {"from_bus": [], "to_bus": [], "x": []},
            {"bus": [1], "p_max": [30], "cost": [0], "curve": [curve]},
        )  # fmt: skip
        return dc_opf(net).cost

    assert cost((0, 0), (10, 100), (20, 199.995), (30, 320)) == pytest.approx(199.995 + 5 * (320 - 199.995) / 10)
    with pytest.raises(InvalidNetwork, match="is not convex: the slope falls from 10 to 9 "):
        cost((0, 0), (10, 100), (20, 190), (30, 320))


def test_a_curve_of_one_piece_stays_with_its_generator():
    """The blocks of curves stand behind the others, so a block each is not a block in order."""
    net = Network.from_frames(
        {"bus": [1], "load": [100]}, {"from_bus": [], "to_bus": [], "x": []},
        {"bus": [1, 1], "p_max": [80, 200], "cost": [0, 30], "curve": [[(0, 0), (80, 800)], None]},
    )  # fmt: skip
    assert dc_opf(net).generation == pytest.approx([80, 20])
