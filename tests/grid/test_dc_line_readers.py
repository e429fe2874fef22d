"""DC lines of MATPOWER cases and pandapower nets: what is read of them, and what their own optima are."""

import os
from pathlib import Path

import numpy as np
import pytest

from tefoundations.errors import InvalidNetwork
from tefoundations.grid import Network, dc_opf, dc_power_flow
from tests.grid.oracles import supports, theta_opf

CASE = """
function mpc = with_dc_lines
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
    1 3   0 0 0 0 1 1 0 230 1 1.1 0.9;
    2 1 100 0 0 0 1 1 0 230 1 1.1 0.9;
    3 4   0 0 0 0 1 1 0 230 1 1.1 0.9;
];
mpc.gen = [
    1 0 0 10 -10 1 100 1 300 0;
    2 0 0 10 -10 1 100 1 300 0;
];
mpc.branch = [
    1 2 0.01 0.1 0 40 0 0 0 0 1 -360 360;
];
mpc.gencost = [
    2 0 0 2 10 0;
    2 0 0 2 30 0;
];
mpc.dcline = [
    1 2 1 12 0 0 0 1 1   0  30 -9 9 -9 9 1 0.1;
    1 2 1  0 0 0 0 1 1 -20  25 -9 9 -9 9 2 0;
    2 1 0  0 0 0 0 1 1   0  99 -9 9 -9 9 0 0;
    1 3 1  0 0 0 0 1 1   0  99 -9 9 -9 9 0 0;
];
mpc.dclinecost = [
    2 0 0 3 0.25 1.5 4;
    2 0 0 2 0 0 0;
    2 0 0 2 0 0 0;
    2 0 0 2 0 0 0;
];
"""


def test_matpowers_table_is_read():
    """A flow the other way has its limit where it leaves, at the `to` bus: 20 MW from there are 18 that arrive."""
    net = Network.from_matpower(CASE)
    dc = net.dclines
    assert dc.from_bus.tolist() == [1, 1] and dc.to_bus.tolist() == [2, 2] and dc.p_set.tolist() == [12, 0]
    assert dc.p_min.tolist() == [0, -18] and dc.p_max.tolist() == [30, 25]
    assert dc.loss0.tolist() == [1, 2] and dc.loss1.tolist() == [0.1, 0]
    assert (dc.cost[0], dc.cost2[0], dc.cost0[0]) == (1.5, 0.25, 4) and not dc.cost[1:].any()
    assert "Left out: 2 DC lines out of service or at isolated buses." in net.notes
    d, theirs = dc_opf(net), theta_opf(net)
    assert d.cost == pytest.approx(theirs[0]) and d.lmp == pytest.approx(theirs[1], abs=1e-4)
    without = CASE[: CASE.index("mpc.dclinecost")]
    assert not Network.from_matpower(without).dclines.cost.any()


def tables(**changes):
    """The same case as a dict of tables, each change {name: {(row, column): value}} made; a whole table may be replaced."""
    case = {"version": "2", "baseMVA": 100.0}
    for name in ("bus", "gen", "branch", "gencost", "dcline", "dclinecost"):
        body = CASE[CASE.index(f"mpc.{name} = [") :].split("[", 1)[1].split("]")[0]
        rows = [[float(word) for word in row.split()] for row in body.split(";") if row.strip()]
        case[name] = np.array([row + [0.0] * (max(map(len, rows)) - len(row)) for row in rows])
    for name, entries in changes.items():
        if not isinstance(entries, dict):
            case[name] = entries
            continue
        for place, value in entries.items():
            case[name][place] = value
    return case


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"dclinecost": {(0, 3): 9}}, "dclinecost, row 0: model 2.0 is no cost model"),
        (
            {"dclinecost": [[1, 0, 0, 2, 0, 0, 30, 40]] + [[2, 0, 0, 2, 0, 0, 0, 0]] * 3},
            "row 0: a piecewise linear cost of a DC",
        ),
        ({"dclinecost": [[2, 0, 0, 2, 0, 0]]}, "dclinecost: 1 rows for 4 DC lines"),
        ({"dcline": [[1, 2, 1, 0, 0]]}, "dcline: 5 columns, at least 17"),
        ({"dcline": {(1, 16): 0.2}}, "dclines, row 1: p_min .* makes the loss negative"),
        ({"dcline": {(0, 2): np.nan}}, "dcline, row 0: BR_STATUS nan must be a number"),
        ({"dcline": {(0, 0): 9}}, "dcline, row 0: F_BUS 9.0 is no bus of this case"),
    ],
)
def test_what_is_no_dc_line_of_matpower_is_named(changes, words):
    assert len(Network.from_matpower(tables()).dclines) == 2
    with pytest.raises(InvalidNetwork, match=words):
        Network.from_matpower(tables(**changes))


def pandapower_net(pp, **columns):
    net = pp.create_empty_network()
    a, b = (pp.create_bus(net, 110.0) for _ in range(2))
    pp.create_line_from_parameters(net, a, b, 50.0, 0.05, 0.3, 0.0, 0.4, max_loading_percent=50.0)
    pp.create_load(net, b, 100.0)
    grid = pp.create_ext_grid(net, a, min_p_mw=0, max_p_mw=300)
    unit = pp.create_gen(net, b, 10.0, min_p_mw=0, max_p_mw=300)
    pp.create_poly_cost(net, grid, "ext_grid", cp1_eur_per_mw=10)
    pp.create_poly_cost(net, unit, "gen", cp1_eur_per_mw=30)
    given = {"p_mw": 10, "loss_percent": 0, "loss_mw": 1, "vm_from_pu": 1, "vm_to_pu": 1, "max_p_mw": 30} | columns
    line = pp.create_dcline(net, a, b, min_q_from_mvar=-9, max_q_from_mvar=9, min_q_to_mvar=-9, max_q_to_mvar=9, **given)
    return net, line


@pytest.mark.parametrize("loss, cost", [(0.0, 0.0), (5.0, 0.0), (5.0, 2.0)])
def test_pandapowers_optimum_agrees(pp, loss, cost):
    """rundcopp takes `loss_percent` as a share of what arrives, its power flow and we of what is sent: p = q / (1 - q)."""
    theirs, line = pandapower_net(pp, loss_percent=100 * loss / (100 - loss), loss_mw=1 / (1 - loss / 100))
    ours, _ = pandapower_net(pp, loss_percent=loss)
    for net in (theirs, ours):
        if cost:
            pp.create_poly_cost(net, line, "dcline", cp1_eur_per_mw=cost)
    pp.rundcopp(theirs)
    net = Network.from_pandapower(ours)
    d = dc_opf(net)
    assert d.dc_flow == pytest.approx(theirs.res_dcline.p_from_mw, abs=1e-3)
    assert d.dc_loss == pytest.approx(theirs.res_dcline.pl_mw, abs=1e-3)
    assert d.cost == pytest.approx(theirs.res_cost, rel=1e-6)
    assert d.lmp == pytest.approx(theirs.res_bus.lam_p.to_numpy(), abs=1e-3)


@pytest.mark.parametrize("cost", [25.0, -25.0])
def test_a_cost_is_of_the_lines_own_power_whichever_way_it_flows(pp, cost):
    """Sent backwards, its power is negative: a cost of 25 then pays for each megawatt, one of -25 charges for it."""
    net, line = pandapower_net(pp, p_mw=-20, loss_mw=0)
    pp.create_poly_cost(net, line, "dcline", cp1_eur_per_mw=cost)
    d = dc_opf(Network.from_pandapower(net))
    pp.rundcopp(net)
    assert d.dc_flow == pytest.approx(np.abs(net.res_dcline.p_from_mw), abs=1e-3) and bool(d.dc_flow > 1) == (cost > 0)
    assert d.cost == pytest.approx(net.res_cost, rel=1e-6)


def test_two_costs_of_one_dc_line_are_refused(pp):
    net, line = pandapower_net(pp)
    for cost in (1, 3):
        pp.create_poly_cost(net, line, "dcline", cp1_eur_per_mw=cost, check=False)
    with pytest.raises(InvalidNetwork, match="of dcline 0: it has a cost already"):
        Network.from_pandapower(net)


def test_pandapowers_power_flow_agrees(pp):
    theirs, _ = pandapower_net(pp, p_mw=20, loss_percent=5)
    flow = dc_power_flow(Network.from_pandapower(theirs)).flow
    pp.rundcpp(theirs)
    assert flow == pytest.approx(theirs.res_line.p_from_mw.to_numpy(), abs=1e-6)


def test_pandapowers_dc_lines_are_accounted_for(pp):
    net, _ = pandapower_net(pp, p_mw=-10, max_p_mw=np.nan, loss_percent=2)
    pp.create_dcline(net, 0, 1, 5, 0, 0, 1, 1, in_service=False)
    read = Network.from_pandapower(net)
    dc = read.dclines
    assert (dc.from_bus.tolist(), dc.to_bus.tolist(), dc.p_max.tolist(), dc.p_set.tolist()) == ([1], [0], [np.inf], [10])
    assert dc.loss1.tolist() == [0.02] and dc.name.tolist() == ["DC line 0"]
    for note in ("DC lines read: 1, without limits of their reactive power.", "Left out: 1 DC line out of service.",
                 "Without a limit: 1 DC line."):  # fmt: skip
        assert note in read.notes
    assert len(net.dcline) == 2  # not changed
    far = pp.create_bus(net, 110.0)
    pp.create_dcline(net, 0, far, 5, 0, 0, 1, 1)
    with pytest.raises(InvalidNetwork, match="DC line 2 leads to bus 2, which no line in service joins to the slack"):
        Network.from_pandapower(net)
    net, line = pandapower_net(pp)
    pp.create_pwl_cost(net, line, "dcline", [[0, 10, 1], [10, 30, 2]])
    with pytest.raises(InvalidNetwork, match="pwl_cost 0: only linear and quadratic costs of the power of a DC line"):
        Network.from_pandapower(net)


def test_a_network_of_73_buses_with_a_dc_line():
    folder = os.environ.get("MATPOWER_DATA")
    if not folder:
        pytest.skip("MATPOWER_DATA names no folder with MATPOWER's cases")
    net = Network.from_matpower(Path(folder) / "case_RTS_GMLC.m")
    assert net.dclines.name.tolist() == ["DC 113-316"] and net.dclines.p_min.tolist() == [-100]
    tight = net.lines.limit * 0.7
    d, theirs = dc_opf(net, limits=tight), theta_opf(net, limits=tight)
    assert d.cost == pytest.approx(theirs[0], rel=1e-7) and (d.multiplier != 0).any() and not supports(d)
