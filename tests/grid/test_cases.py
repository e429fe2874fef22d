"""Published cases: MATPOWER's DC costs, pandapower's own optimum, PGLib's DC column."""

import os
from pathlib import Path

import numpy as np
import pytest

from tefoundations.data import data_path
from tefoundations.grid import Network, dc_opf, dc_opf_series
from tests.grid.oracles import supports, theta_opf

# MATPOWER's rundcopf: cost and the one price. The nets of pandapower hold fewer digits.
MATPOWER = {
    "case9": (5216.0266, 24.0442), "case14": (7642.5918, 39.0162), "case_ieee30": (8343.4017, 38.8807),
    "case30": (565.2060, 3.7892), "case39": (41263.9408, 13.5169), "case57": (41006.7369, 41.6386),
    "case118": (125947.8814, 39.3814), "case300": (706292.3242, 40.0262),
}  # fmt: skip
# PGLib-OPF v23.07, BASELINE.md, column DC.
PGLIB = {
    "case5_pjm": 1.7480e04, "case14_ieee": 2.0515e03, "case118_ieee": 9.3101e04, "case300_ieee": 5.1785e05,
    "case1354_pegase": 1.2182e06, "case2869_pegase": 2.3864e06,
}  # fmt: skip


@pytest.mark.parametrize("name", MATPOWER)
def test_matpowers_costs(name):
    networks = pytest.importorskip("pandapower.networks")
    d = dc_opf(Network.from_pandapower(getattr(networks, name)()))
    cost, price = MATPOWER[name]
    assert d.cost == pytest.approx(cost, rel=4e-7) and d.lmp == pytest.approx([price] * len(d.lmp), abs=1e-4)
    assert not supports(d)


@pytest.mark.parametrize("name", ["case5", "case9", "case30", "case118"])
def test_pandapower_agrees(name):
    networks, pandapower = pytest.importorskip("pandapower.networks"), pytest.importorskip("pandapower")
    theirs = getattr(networks, name)()
    net = Network.from_pandapower(theirs)
    pandapower.rundcopp(theirs)
    d = dc_opf(net)
    assert d.cost == pytest.approx(theirs.res_cost, rel=1e-6)
    assert d.lmp == pytest.approx(theirs.res_bus.lam_p[net.buses.bus].to_numpy(), abs=1e-3)


@pytest.mark.parametrize("scale", [0.8, 1.0])
def test_pandapower_agrees_on_shifters_shunts_and_taps(pp_net, scale):
    pandapower = pytest.importorskip("pandapower")
    pp_net.load["scaling"] = scale
    net = Network.from_pandapower(pp_net)
    pandapower.rundcopp(pp_net)
    d = dc_opf(net)
    assert d.cost == pytest.approx(pp_net.res_cost, rel=1e-5)
    assert d.lmp == pytest.approx(pp_net.res_bus.lam_p[net.buses.bus].to_numpy(), abs=1e-3)


def pglib(name):
    """A case of PGLib: one of the four of the project, or from the folder that PGLIB_OPF names."""
    folders = [
        Path(__file__).with_name("cases"),
        data_path("cases"),
        *map(Path, filter(None, [os.environ.get("PGLIB_OPF")])),
    ]
    found = [file for folder in folders for file in folder.rglob(f"pglib_opf_{name}.m")]
    if not found:
        pytest.skip(f"pglib_opf_{name}.m is not among the four of the project, and PGLIB_OPF names no folder that holds it")
    return Network.from_matpower(found[0])


@pytest.mark.parametrize("name", PGLIB)
def test_pglibs_dc_column(name):
    d = dc_opf(pglib(name), susceptance="r_x")
    assert d.cost == pytest.approx(PGLIB[name], rel=3e-5)  # five digits are printed


@pytest.mark.parametrize("name", ["case14_ieee", "case118_ieee", "case300_ieee"])
@pytest.mark.parametrize("susceptance", ["x_tap", "x", "r_x"])
def test_the_independent_formulation_agrees_on_pglib(name, susceptance):
    net = pglib(name)
    d, theirs = dc_opf(net, susceptance=susceptance), theta_opf(net, susceptance=susceptance)
    assert d.cost == pytest.approx(theirs[0], rel=1e-8)
    single = np.ptp(d.price_interval, axis=1) < 1e-6
    assert single.mean() > 0.5 and d.lmp[single] == pytest.approx(theirs[1][single], abs=1e-3)
    assert not supports(d)


def test_a_month_at_118_buses_is_its_hours():
    net = pglib("case118_ieee")
    hours = 0.7 + 0.2 * np.sin(np.arange(720) * np.pi / 12)
    loads = net.buses.load * hours[:, None] * np.random.default_rng(0).normal(1, 0.03, (720, 118))
    series = dc_opf_series(net, loads)
    for hour in range(0, 720, 24):
        d = dc_opf(net, loads[hour])
        assert series.lmp[hour] == pytest.approx(d.lmp, abs=1e-9) and series.cost[hour] == pytest.approx(d.cost, rel=1e-9)
