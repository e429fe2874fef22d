"""Arguments that are no network, no array, no table: each is named, and no library's own error comes out."""

import copy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import grid
from tefoundations.errors import InvalidInput, InvalidNetwork, NoConvergence
from tefoundations.grid import (
    DispatchModel,
    Network,
    ac_opf,
    ac_power_flow,
    branch_flow_opf,
    bridges,
    dc_opf,
    dc_opf_series,
    dc_power_flow,
    lindistflow,
    lindistflow_opf,
    lodf,
    ptdf,
    sweep,
)
from tests.grid.networks import three_bus

TAKE_A_NETWORK = [dc_opf, DispatchModel, dc_power_flow, ptdf, lodf, bridges, ac_power_flow, ac_opf, lindistflow,
                  lindistflow_opf, branch_flow_opf, sweep, lambda net: dc_opf_series(net, [[0, 0]])]  # fmt: skip
TWO = {"buses": {"bus": [1, 2], "load": [0, 80]}, "lines": {"from_bus": [1], "to_bus": [2], "x": [0.1]},
       "generators": {"bus": [1], "p_max": [200], "cost": [20]}}  # fmt: skip


@pytest.mark.parametrize("call", TAKE_A_NETWORK)
@pytest.mark.parametrize("net", [None, TWO, "case9"])
def test_what_is_no_network_is_named(call, net):
    with pytest.raises(InvalidInput, match="net must be a Network, not an? .*: make one with Network.from_frames"):
        call(net)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"buses": {"bus": [1, 2], "load": [0]}}, "buses: all columns must have one length, and found are bus 2, load 1"),
        ({"buses": {"bus": [[1], [2]]}}, "buses, row 0: bus [1] must be a name or a number"),
        ({"buses": {"bus": [1, 2], "load": [0, 80 + 1j]}}, "buses: load must be numbers, not complex numbers"),
        ({"base": None}, "base None must be a positive number (MVA)"),
        ({"slack": [1]}, "slack [1] is no bus of this network"),
        ({"notes": 3}, "notes must be a sequence of texts, not an int"),
        ({"joined": 3}, "joined must be a Mapping, not an int"),
        ({"joined": {9: 55}}, "joined: bus 9 goes to 55, which is no bus (1, 2)"),
    ],
)
def test_bad_tables_are_named(arguments, words):
    with pytest.raises(InvalidNetwork) as caught:
        Network.from_frames(**TWO | arguments)
    assert words in str(caught.value)


def test_one_note_is_one():
    assert Network.from_frames(**TWO, notes="as drawn").notes == ("as drawn",)


@pytest.mark.parametrize("load", [{2: 80 + 1j}, np.array([0, 1, 2j]), np.array([0, 1, 2j], dtype=object)])
@pytest.mark.parametrize("call", [dc_opf, dc_power_flow, ac_power_flow, ac_opf])
def test_complex_loads_are_refused(call, load):
    with pytest.raises(InvalidNetwork, match="load"):
        call(three_bus(), load)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: dc_opf(three_bus(), [[1], [2, 3], 4]), "load must be .* not of shape .rows of different lengths"),
        (lambda: dc_opf(three_bus(), limits=[[1], [2, 3], 4]), "limits must be .* not of shape .rows of different lengths"),
        (lambda: dc_opf(three_bus(), slack=[1]), "bus \\[1\\] is no bus"),
        (lambda: DispatchModel(three_bus()).solve(offers="high"), "offers must be a dict, not a str: table -> columns"),
        (lambda: DispatchModel(three_bus()).solve(offers={"generators": ["cost"]}), "generators must be a dict of columns"),
        (
            lambda: DispatchModel(three_bus()).solve(offers={"generators": {"cost": [[1, 2], 3]}}),
            "rows of different lengths",
        ),
    ],
)
def test_bad_arguments_are_named(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()


def test_offers_may_be_a_frame():
    frame = pd.DataFrame({"cost": [6.0, 10.0]})
    dispatched = DispatchModel(three_bus()).solve(offers={"generators": frame})
    assert dispatched.net.generators.cost.tolist() == [6, 10]


def with_parallel(**columns):
    """The five-bus feeder with a second cable beside its first line, of another impedance and run the other way."""
    tables = grid("feeder5")
    lines = pd.DataFrame(tables["lines"]).assign(tap=1.0)
    twin = lines.iloc[[0]].assign(from_bus=lines.to_bus[0], to_bus=lines.from_bus[0], r=0.02, x=0.01).assign(**columns)
    return tables | {"lines": pd.concat([lines, twin], ignore_index=True).assign(limit=3.0)}


@pytest.mark.parametrize("call", [lindistflow, sweep, lindistflow_opf, branch_flow_opf])
def test_parallel_cables_are_told_as_one(call):
    """The one line that the message gives carries what both carry, and is full when the first of them is."""
    tables = with_parallel()
    both = Network.from_frames(**tables)
    with pytest.raises(InvalidNetwork, match="lines 0-1, 1-0 are parallel: .*; give one of r .* in their place") as caught:
        call(both)
    words = str(caught.value).replace(",", "").replace("(p.u.)", "").split()
    r, x, limit = (float(words[words.index(name) + 1]) for name in ("r", "x", "limit"))
    lines = tables["lines"].iloc[:-1].copy()
    lines.loc[0, ["r", "x", "limit"]] = r, x, limit
    one = Network.from_frames(**tables | {"lines": lines})
    apart, joined = ac_power_flow(both), ac_power_flow(one)
    assert joined.voltage == pytest.approx(apart.voltage, abs=1e-7)
    through = np.hypot(apart.p_from, apart.q_from)[[0, -1]]
    assert np.max(through / 3.0) == pytest.approx(np.hypot(joined.p_from, joined.q_from)[0] / limit, rel=1e-2)
    assert call(one)


def test_parallel_transformers_of_other_ratios_are_no_one_line():
    with pytest.raises(InvalidNetwork, match="these have different taps or shifts; leave all but one out"):
        lindistflow(Network.from_frames(**with_parallel(tap=0.95)))


BOOLEANS = {
    "angle_limits": [dc_opf, DispatchModel, lambda net, **given: dc_opf_series(net, [net.buses.load], **given)],
    "q_limits": [ac_power_flow],
}


@pytest.mark.parametrize("name, call", [(name, call) for name, calls in BOOLEANS.items() for call in calls])
def test_a_truth_is_no_word_and_no_number(name, call):
    for wrong in ("no", "False", "", 0, 1, None, [], np.int64(1)):
        with pytest.raises(InvalidInput, match=f"{name} .* is not one of True, False"):
            call(Network.from_frames(**grid("feeder5")), **{name: wrong})
    assert call(Network.from_frames(**grid("feeder5")), **{name: np.bool_(False)})


@pytest.mark.parametrize("call", [ac_power_flow, ac_opf, sweep])
def test_iterations_are_a_whole_number(call):
    for wrong in (1.5, "5", None, True, -1, np.nan):
        with pytest.raises(InvalidInput, match="max_iterations .* must be a whole number, at least 0"):
            call(Network.from_frames(**grid("feeder5")), max_iterations=wrong)
    assert call(Network.from_frames(**grid("feeder5")), max_iterations=np.int64(90))
    with pytest.raises(NoConvergence):
        call(Network.from_frames(**grid("feeder5")), max_iterations=0)


@pytest.mark.parametrize(
    "wrong, told",
    [
        (None, "a NoneType"),
        (5, "an int"),
        ([], "a list"),
        ("x", "a str: pandapower.from_json reads a file"),
        (Path("net.json"), "a PosixPath: pandapower.from_json reads a file"),
        ({}, "a dict: Network.from_frames reads tables"),
        (grid("feeder5"), "a dict: Network.from_frames reads tables"),
        (pd.DataFrame(), "a DataFrame: Network.from_frames reads tables"),
        (
            {"version": "2", "baseMVA": 100, "bus": [], "gen": [], "branch": []},
            "a dict: Network.from_matpower reads the tables of",
        ),
        (Network.from_frames(**grid("feeder5")), "a Network"),
    ],
)
def test_what_is_no_pandapower_net_is_named(wrong, told):
    with pytest.raises(InvalidNetwork, match=f"^net must be a pandapowerNet, not {told}( a case)?$"):
        Network.from_pandapower(wrong)


def test_what_a_pandapower_net_lacks_is_named():
    pp = pytest.importorskip("pandapower")
    net = pp.create_empty_network()
    pp.create_ext_grid(net, pp.create_bus(net, 110.0))
    assert len(Network.from_pandapower(net).buses) == 1
    for slack in ([0], {}, "x", np.nan):
        with pytest.raises(InvalidNetwork, match="slack .* is no bus in service"):
            Network.from_pandapower(net, slack=slack)
    for table in ("bus", "ext_grid", "gen", "line", "trafo", "load", "sgen", "switch"):
        less = copy.deepcopy(net)
        del less[table]
        with pytest.raises(InvalidNetwork, match=f"^net has no table '{table}'; an empty one will do$"):
            Network.from_pandapower(less)
