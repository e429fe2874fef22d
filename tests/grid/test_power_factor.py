"""Dispatchable loads with a constant power factor: by hand, against the power flow, and against MATPOWER's constraint."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from tefoundations.errors import InvalidNetwork
from tefoundations.grid import Network, ac_opf, ac_power_flow, branch_flow_opf, dc_opf, lindistflow_opf

CASE = """
function mpc = one_load_to_dispatch
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
    1 3  0  0 0 0 1 1 0 110 1 1.0 1.0;
    2 1 10  2 0 0 1 1 0 110 1 1.1 0.8;
];
mpc.gen = [
    1   0   0 300 -300 1 100 1  70    0;
    2 -40 -20   0  -50 1 100 1   0 -100;
];
mpc.branch = [
    1 2 %s 0.1 0 0 0 0 0 0 1 -360 360;
];
mpc.gencost = [
    2 0 0 3 0    20 0;
    2 0 0 3 %s   60 0;
];
"""


def case(r=0.0, square=0.0):
    """A load of up to 100 MW with half as many MVAr, worth 60 $/MWh at first; 10 MW and 2 MVAr must be served."""
    return Network.from_matpower(CASE % (r, square))


def test_a_dispatched_load_keeps_its_power_factor_by_hand():
    """No losses, so 60 of the 70 MW are left for it, and 30 MVAr come with them; 70 * 20 - 60 * 60 = -2200."""
    net = case()
    assert net.generators.q_per_p[1] == 0.5 and "Read with a constant power factor: 1 dispatchable load." in net.notes
    d = ac_opf(net)
    assert d.generation == pytest.approx([70, -60], abs=1e-5) and d.q_generation[1] == pytest.approx(-30, abs=1e-5)
    assert d.cost == pytest.approx(70 * 20 - 60 * 60, abs=1e-3)
    assert dc_opf(net).cost == pytest.approx(d.cost, abs=1e-3)


def test_the_optimum_is_that_of_power_flows():
    """Of all power flows in which the load draws p and p / 2, the one worth most: losses grow with what it draws."""
    net, base = case(r=0.05, square=0.4), 10.0
    d = ac_opf(net)

    def cost(p):
        flow = ac_power_flow(net, {2: base + p}, q_load={2: 2 + p / 2}, generation={"generator 2": 0})
        return 20 * flow.imbalance - 60 * p + 0.4 * p**2

    best = minimize_scalar(cost, bounds=(1, 90), method="bounded", options={"xatol": 1e-7})
    assert -d.generation[1] == pytest.approx(best.x, abs=1e-3) and d.cost == pytest.approx(best.fun, abs=1e-6)
    assert 20 < best.x < 60  # inside its limits: the power factor decides
    price, q_price = d.lmp[1], d.q_price[1]
    assert price + q_price / 2 == pytest.approx(60 - 2 * 0.4 * best.x, abs=1e-3)  # what a megawatt costs, with its megavar
    assert q_price > 0.1


def test_the_cone_programme_agrees():
    net = case(r=0.05, square=0.4)
    d, cone = ac_opf(net), branch_flow_opf(net)
    assert cone.tight and cone.cost == pytest.approx(d.cost, abs=1e-4)
    assert cone.q_generation[1] == pytest.approx(cone.generation[1] / 2) == pytest.approx(d.q_generation[1], abs=1e-3)
    linear = lindistflow_opf(net)
    assert linear.q_generation[1] == pytest.approx(linear.generation[1] / 2)


def test_a_power_flow_moves_its_megavars_with_its_megawatts():
    net = case()
    flow = ac_power_flow(net)
    assert flow.generation[1] == -40 and flow.q_generation[1] == -20
    assert ac_power_flow(net, generation={"generator 2": -10}).q_generation[1] == -5


def test_pandapowers_form_of_matpowers_constraint_agrees():
    """Without its usual widening of limits pandapower's optimum takes the load for a dispatchable one, as MATPOWER does."""
    pandapower = pytest.importorskip("pandapower")
    net = pandapower.create_empty_network()
    a, b = pandapower.create_bus(net, 110.0), pandapower.create_bus(net, 110.0, min_vm_pu=0.9, max_vm_pu=1.1)
    pandapower.create_line_from_parameters(net, a, b, 10.0, 0.6, 0.9, 0.0, 2.0, max_loading_percent=100)
    pandapower.create_ext_grid(net, a, min_p_mw=0.0, max_p_mw=70.0, min_q_mvar=-300.0, max_q_mvar=300.0)
    limits = {"min_p_mw": 0.0, "max_p_mw": 100.0, "min_q_mvar": 0.0, "max_q_mvar": 50.0}
    pandapower.create_load(net, b, 40.0, 20.0, **limits, controllable=True)
    pandapower.create_poly_cost(net, 0, "ext_grid", 20)
    pandapower.create_poly_cost(net, 0, "load", -60)
    free = Network.from_pandapower(net)
    frames = free.to_frames()
    frames["generators"]["q_per_p"] = [np.nan, 0.5]
    d = ac_opf(Network.from_frames(**frames, base=free.base, slack=free.slack))
    pandapower.runopp(net, delta=0.0, numba=False)
    assert d.cost == pytest.approx(net.res_cost, rel=1e-5)
    assert -d.q_generation[1] == pytest.approx(net.res_load.q_mvar[0], abs=1e-3)
    assert ac_opf(free).cost < d.cost - 1  # it would rather draw no reactive power


@pytest.mark.parametrize(
    "columns, words",
    [
        ({"q_per_p": [np.nan, 0.6]}, "row 1: q_per_p 0.6 leads beyond q_min or q_max"),
        ({"q_per_p": [np.nan, -0.1]}, "row 1: q_per_p -0.1 leads beyond q_min or q_max"),
        ({"q_per_p": [np.nan, np.inf]}, "row 1: q_per_p inf must not be infinite"),
        ({"q_per_p": [np.nan, 0.5], "p_min": [0.0, -np.inf]}, "row 1: q_per_p 0.5 needs finite p_min and p_max"),
    ],
)
def test_a_power_factor_that_cannot_be_kept_is_named(columns, words):
    frames = case().to_frames()
    frames["generators"] = frames["generators"].assign(**columns)
    with pytest.raises(InvalidNetwork, match=words):
        Network.from_frames(**frames)
