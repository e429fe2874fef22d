"""Networks: what is read, what is left out, what is refused."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid import Network
from tests.grid.networks import PECULIAR, networks, pjm_five_bus, three_bus

BUSES = {"bus": ["a", "b"], "load": [0, 80]}
LINES = {"from_bus": ["a"], "to_bus": ["b"], "x": [0.1], "limit": [100]}
UNITS = {"bus": ["a"], "p_max": [200], "cost": [20]}


def two(**changed):
    tables = {"buses": BUSES, "lines": LINES, "generators": UNITS}
    return Network.from_frames(**{name: table | changed.pop(name, {}) for name, table in tables.items()}, **changed)


def test_columns_hold_what_was_given_and_defaults():
    net = two()
    assert net.lines.name.tolist() == ["a-b"] and net.lines.start.tolist() == [0] and net.lines.end.tolist() == [1]
    assert net.lines.tap.tolist() == [1] and net.buses.v_max.tolist() == [1.1, 1.1] and net.generators.p_min.tolist() == [0]
    assert net.slack == "a" and net.slack_at == 0 and net.base == 100 and len(net.bids) == 0
    assert two(slack="b").slack_at == 1
    assert net.position("b") == 1


def test_nothing_can_be_changed():
    frame = pd.DataFrame(LINES)
    net = Network.from_frames(BUSES, frame, UNITS)
    with pytest.raises(ValueError):
        net.lines.limit[0] = 1
    with pytest.raises(AttributeError):
        net.base = 1
    frame["limit"] = 1.0
    assert net.lines.limit.tolist() == [100]


def test_parallel_lines_have_names_of_their_own():
    net = two(lines={"from_bus": ["a", "a", "b"], "to_bus": ["b", "b", "a"], "x": [1, 1, 1], "limit": [1, 2, 3]})
    assert net.lines.name.tolist() == ["a-b", "a-b #2", "b-a"]


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"buses": {"load": [0, np.nan]}}, "buses, row 1: load nan must be a finite number"),
        ({"buses": {"load": [0, "much"]}}, "buses, row 1: load 'much' must be a number"),
        ({"buses": {"bus": ["a", "a"]}}, "buses, row 1: bus 'a' is there twice"),
        ({"buses": {"bus": ["a", None]}}, "buses, row 1: bus is missing"),
        ({"buses": {"bus": ["a", np.nan]}}, "buses, row 1: bus is missing"),
        ({"buses": {"load": ["0", None]}}, "buses, row 1: load is missing"),
        ({"buses": {"v_min": [1, 1.2]}}, "buses, row 1: v_max 1.1 is below v_min"),
        ({"lines": {"x": [np.nan]}}, "lines, row 0: x nan must be a finite number"),
        ({"lines": {"x": [0]}}, "lines, row 0: x 0.0 and r 0 are no impedance"),
        ({"lines": {"limit": [-1]}}, "lines, row 0: limit -1.0 must not be negative"),
        ({"lines": {"limit": [np.nan]}}, "lines, row 0: limit nan must be a number"),
        ({"lines": {"tap": [0]}}, "lines, row 0: tap 0.0 must be positive"),
        ({"lines": {"to_bus": ["c"]}}, "lines, row 0: to_bus 'c' is no bus of this network"),
        ({"lines": {"to_bus": ["a"]}}, "lines, row 0: to_bus 'a' is also the from_bus"),
        ({"lines": {"angle_min": [5], "angle_max": [-5]}}, "lines, row 0: angle_max -5.0 is below angle_min"),
        ({"generators": {"bus": ["z"]}}, "generators, row 0: bus 'z' is no bus of this network"),
        ({"generators": {"p_min": [300]}}, "generators, row 0: p_max 200.0 is below p_min"),
        ({"generators": {"cost": [np.inf]}}, "generators, row 0: cost inf must be a finite number"),
        ({"generators": {"q_min": [1], "q_max": [0]}}, "generators, row 0: q_max 0.0 is below q_min"),
        ({"generators": {"curve": [[(0, 0), (9, 9)]]}}, "generators, row 0: cost 20.0 must be 0 where a curve"),
        ({"generators": {"cost": [0], "curve": [[(5, 0), (5, 9)]]}}, "with rising MW"),
        ({"generators": {"cost": [0], "curve": ["steep"]}}, "at least two points"),
        ({"bids": {"bus": ["b"], "p_max": [-1], "value": [3]}}, "bids, row 0: p_max -1.0 must not be negative"),
        ({"bids": {"bus": ["b"], "p_max": [np.inf], "value": [3]}}, "bids, row 0: p_max inf must be a finite number"),
        (
            {"bids": {"bus": ["b"], "p_max": [1], "value": [3], "value2": [-1]}},
            "bids, row 0: value2 -1.0 must not be negative",
        ),
        ({"lines": {"pmax": [1]}}, "lines: column 'pmax' is not known; known are from_bus"),
        ({"slack": "z"}, "slack 'z' is no bus of this network"),
        ({"base": 0}, "base 0 must be a positive number (MVA)"),
        ({"base": np.nan}, "base nan must be a positive number"),
        ({"buses": {"bus": ["a", "b", "c"], "load": [0, 1, 1]}}, "no line joins bus c to the slack, bus a"),
    ],
)
def test_a_fault_is_named(changed, words):
    with pytest.raises(InvalidNetwork) as caught:
        two(**changed)
    assert words in str(caught.value)


def test_missing_columns_and_empty_tables_are_named():
    with pytest.raises(InvalidNetwork, match="lines: column 'x' is missing; found"):
        Network.from_frames(BUSES, {"from_bus": ["a"], "to_bus": ["b"]}, UNITS)
    with pytest.raises(InvalidNetwork, match="generators: column 'bus' is missing"):
        Network.from_frames(BUSES, LINES, {"p_max": [1], "cost": [1]})
    with pytest.raises(InvalidNetwork, match="buses: there is none"):
        Network.from_frames({"bus": []}, {"from_bus": [], "to_bus": [], "x": []}, {"bus": [], "p_max": [], "cost": []})
    with pytest.raises(InvalidNetwork, match="lines, row 1: name 'l' is given twice"):
        two(lines={"from_bus": ["a", "a"], "to_bus": ["b", "b"], "x": [1, 1], "limit": [1, 2], "name": ["l", "l"]})


def test_islands_name_their_buses():
    buses = {"bus": list(range(9)), "load": [1] * 9}
    with pytest.raises(InvalidNetwork, match="no line joins buses 1, 3, 4, 5, 6, 7 and 1 more to the slack, bus 0"):
        Network.from_frames(buses, {"from_bus": [0], "to_bus": [2], "x": [1]}, {"bus": [0], "p_max": [1], "cost": [1]})


def test_loads_can_be_replaced():
    net = two()
    assert net.load_vector().tolist() == [0, 80]
    assert net.load_vector({"b": 5}).tolist() == [0, 5]
    assert net.load_vector([1, 2]).tolist() == [1, 2]
    for bad, error, words in (({"z": 1}, InvalidInput, "bus 'z' is no bus"), ([1], InvalidInput, "array of 2 values"),
                              ({"b": np.nan}, InvalidNetwork, "load"), ([1, np.inf], InvalidNetwork, "row 1: load inf"),
                              ([1, "x"], InvalidNetwork, "row 1: load 'x'")):  # fmt: skip
        with pytest.raises(error, match=words):
            net.load_vector(bad)


@given(networks())
def test_frames_go_there_and_back(net):
    again = Network.from_frames(**net.to_frames(), base=net.base, slack=net.slack)
    for table in ("buses", "lines", "generators", "bids"):
        for column in getattr(net, table).__dataclass_fields__:
            a, b = (getattr(getattr(which, table), column) for which in (net, again))
            assert a.tolist() == b.tolist() or np.array_equal(a.astype(float), b.astype(float), equal_nan=True), column


def test_curves_go_there_and_back():
    net = Network.from_matpower(PECULIAR)
    again = Network.from_frames(**net.to_frames(), base=net.base, slack=net.slack)
    assert again.generators.curve[1].tolist() == [[0, 0], [40, 600], [80, 1800]] and again.generators.curve[0] is None


def test_a_network_explains_itself():
    assert three_bus(limit=[45, np.inf, np.inf]).explain() == (
        "3 buses, slack 1; 3 lines, 1 with a limit; 1 loop.\n"
        "Fixed load 0 MW; 2 generators of 600 MW together, at least 0 MW.\n"
        "2 bids for up to 290 MW, worth up to 40 $/MWh."
    )
    assert "Left out: 1 isolated bus with 70 MW of load." in Network.from_matpower(PECULIAR).explain()
    assert '<th scope="row">buses</th><td>5</td>' in pjm_five_bus()._repr_html_()
    assert repr(pjm_five_bus()) == "Network(5 buses, 6 lines, 5 generators, 0 bids)"
    assert pickle.loads(pickle.dumps(pjm_five_bus())).lines.limit[5] == 240
