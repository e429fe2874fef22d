"""Costs in a pandapower net are functions of the element's own power: by hand, and against pandapower where it is right."""

import numpy as np
import pytest

from tefoundations.errors import InvalidNetwork
from tefoundations.grid import Network, ac_opf, dc_opf

pandapower = pytest.importorskip("pandapower")
CONSUMES = ("load", "storage")
FORMS = {"linear": (0, 1, 0), "quadratic": (0, 1, 1), "constant": (1, 1, 0), "all": (1, 1, 1)}


def network(table=None, least=0.0, most=50.0, price=20.0):
    """A grid that sells and buys at `price`, 5 MW of load at the end of a line, and there one element to dispatch."""
    net = pandapower.create_empty_network()
    a, b = (pandapower.create_bus(net, 110.0, max_vm_pu=1.1, min_vm_pu=0.9) for _ in range(2))
    pandapower.create_line_from_parameters(net, a, b, 10.0, 0.06, 0.4, 0.0, 1.0, max_loading_percent=100)
    pandapower.create_ext_grid(net, a, min_p_mw=-500.0, max_p_mw=500.0, min_q_mvar=-500.0, max_q_mvar=500.0)
    limits = {"min_p_mw": least, "max_p_mw": most, "min_q_mvar": 0.0, "max_q_mvar": 0.0}
    if table == "load":
        pandapower.create_load(net, b, 1.0, **limits, controllable=True)
    elif table == "storage":
        pandapower.create_storage(net, b, 1.0, max_e_mwh=100.0, **limits, controllable=True)
    elif table == "sgen":
        pandapower.create_sgen(net, b, 1.0, **limits, controllable=True)
    elif table == "gen":
        pandapower.create_gen(net, b, 1.0, **limits | {"min_q_mvar": -50.0, "max_q_mvar": 50.0})
    pandapower.create_load(net, b, 5.0)
    if price is not None:
        pandapower.create_poly_cost(net, 0, "ext_grid", price)
    return net


def own_power(net, dispatch, table):
    """What the element of the table gives, or for a load or a store takes (MW)."""
    at = dispatch.net.generators.name.tolist().index(f"{table} 0")
    return dispatch.generation[at] * (-1 if table in CONSUMES else 1)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", ["load", "storage", "gen", "sgen"])
def test_a_polynomial_by_hand(table, form):
    """At 20 the first unit is worth it, and c1 + 2 c2 p meets the price at 10 MW where c2 is not 0."""
    with_constant, _, with_square = FORMS[form]
    c0, c1, c2 = 7.0 * with_constant, -30.0 if table in CONSUMES else 10.0, 0.5 * with_square
    net = network(table)
    pandapower.create_poly_cost(net, 0, table, c1, cp0_eur=c0, cp2_eur_per_mw2=c2)
    d = dc_opf(Network.from_pandapower(net))
    p = 10.0 if with_square else 50.0
    assert own_power(net, d, table) == pytest.approx(p, abs=1e-6)
    bought = 5.0 + (p if table in CONSUMES else -p)
    assert d.cost == pytest.approx(c0 + c1 * p + c2 * p**2 + 20.0 * bought, abs=1e-6)
    ac = ac_opf(Network.from_pandapower(net))
    p, bought = own_power(net, ac, table), ac.generation[ac.net.generators.name.tolist().index("ext_grid 0")]
    assert ac.cost == pytest.approx(c0 + c1 * p + c2 * p**2 + 20.0 * bought, abs=1e-6)


def test_the_external_grid_by_hand():
    net = network(price=None)
    pandapower.create_poly_cost(net, 0, "ext_grid", 10.0, cp0_eur=7.0, cp2_eur_per_mw2=0.5)
    d = dc_opf(Network.from_pandapower(net))
    assert d.cost == pytest.approx(7 + 50 + 12.5) and d.lmp == pytest.approx([15.0, 15.0])


def test_a_store_that_gives_is_paid_by_the_same_formula():
    """p = -40 MW: 7 + 30 (-40) + 0.5 * 1600 = -393 for the store, and 35 MW are sold at 20."""
    net = network("storage", least=-40.0)
    pandapower.create_poly_cost(net, 0, "storage", 30.0, cp0_eur=7.0, cp2_eur_per_mw2=0.5)
    d = dc_opf(Network.from_pandapower(net))
    assert own_power(net, d, "storage") == pytest.approx(-40) and d.cost == pytest.approx(-393 - 700)


@pytest.mark.parametrize("table", ["load", "storage", "gen", "sgen"])
def test_areas_by_hand(table):
    """Two areas are worth it at 20, the third is not: 10 MW, of which 4 at the first price and 6 at the second."""
    slopes = (-30.0, -25.0, -15.0) if table in CONSUMES else (10.0, 15.0, 25.0)
    net = network(table)
    pandapower.create_pwl_cost(net, 0, table, [[0, 4, slopes[0]], [4, 10, slopes[1]], [10, 50, slopes[2]]])
    d = dc_opf(Network.from_pandapower(net))
    assert own_power(net, d, table) == pytest.approx(10, abs=1e-6)
    bought = 15.0 if table in CONSUMES else -5.0
    assert d.cost == pytest.approx(4 * slopes[0] + 6 * slopes[1] + 20 * bought, abs=1e-6)


@pytest.mark.parametrize("table", ["load", "sgen"])
def test_the_first_area_prolonged_costs_nothing_at_0(table):
    """From 2 MW on: 2 * slope there, as in pandapower."""
    slope = -30.0 if table in CONSUMES else 10.0
    net = network(table, least=2.0, most=6.0)
    pandapower.create_pwl_cost(net, 0, table, [[2, 4, slope], [4, 6, slope + 5]])
    d = dc_opf(Network.from_pandapower(net))
    bought = 11.0 if table in CONSUMES else -1.0
    assert d.cost == pytest.approx(4 * slope + 2 * (slope + 5) + 20 * bought)


@pytest.mark.parametrize("table", ["load", "storage", "gen", "sgen"])
def test_pandapower_agrees_on_linear_costs(table):
    net = network(table)
    pandapower.create_poly_cost(net, 0, table, -30.0 if table in CONSUMES else 10.0)
    read = Network.from_pandapower(net)
    pandapower.rundcopp(net)
    assert dc_opf(read).cost == pytest.approx(net.res_cost, rel=1e-6)
    pandapower.runopp(net, numba=False)
    assert ac_opf(read).cost == pytest.approx(net.res_cost, rel=1e-5)
    assert own_power(net, ac_opf(read), table) == pytest.approx(net[f"res_{table}"].p_mw[0], abs=1e-4)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", ["gen", "sgen", "ext_grid"])
def test_pandapower_agrees_on_what_gives_power(table, form):
    with_constant, _, with_square = FORMS[form]
    net = network(table, price=None if table == "ext_grid" else 20.0)
    pandapower.create_poly_cost(net, 0, table, 10.0, cp0_eur=7.0 * with_constant, cp2_eur_per_mw2=0.5 * with_square)
    read = Network.from_pandapower(net)
    pandapower.runopp(net, numba=False)
    assert ac_opf(read).cost == pytest.approx(net.res_cost, rel=1e-5)


@pytest.mark.parametrize("table", ["gen", "sgen", "ext_grid"])
def test_pandapower_agrees_on_areas(table):
    net = network(table, price=None if table == "ext_grid" else 20.0)
    pandapower.create_pwl_cost(net, 0, table, [[0, 4, 10], [4, 10, 15], [10, 50, 25]])
    read = Network.from_pandapower(net)
    pandapower.rundcopp(net)
    assert dc_opf(read).cost == pytest.approx(net.res_cost, rel=1e-5)


def test_a_mix_that_pandapower_refuses():
    """Areas beside squares: the gen gives 4 MW at 10, the load takes what c1 + 2 c2 p says at 20."""
    net = network("load")
    pandapower.create_gen(net, 1, 1.0, min_p_mw=0, max_p_mw=9, min_q_mvar=-9, max_q_mvar=9)
    pandapower.create_pwl_cost(net, 0, "gen", [[0, 4, 10], [4, 9, 25]])
    pandapower.create_poly_cost(net, 0, "load", -30.0, cp2_eur_per_mw2=0.5)
    d = dc_opf(Network.from_pandapower(net))
    assert d.cost == pytest.approx(40 - 300 + 50 + 20 * (5 + 10 - 4))


def test_a_net_without_costs_counts_what_is_generated():
    net = network("gen", price=None)
    read = Network.from_pandapower(net)
    assert "The net has no costs: as in pandapower, a megawatt hour of every generator costs 1." in read.notes
    pandapower.runopp(net, numba=False)
    assert ac_opf(read).cost == pytest.approx(net.res_cost, rel=1e-3) and ac_opf(read).cost <= net.res_cost


def test_costs_that_are_left_out_are_told():
    net = network("load")
    pandapower.create_poly_cost(net, 1, "load", -3.0)  # is not controllable
    pandapower.create_poly_cost(net, 0, "load", -30.0, cq1_eur_per_mvar=2.0)
    pandapower.create_pwl_cost(net, 0, "ext_grid", [[0, 4, 10], [4, 9, 25]], power_type="q", check=False)
    notes = Network.from_pandapower(net).notes
    assert (
        "Left out: the costs of what is not dispatched, 1 element (load 1)." in notes
        and "Left out: the costs of reactive power." in notes
    )


@pytest.mark.parametrize(
    "areas, words",
    [
        ([[0, 4, 10], [4, 9, 5]], "pwl_cost 0 of gen 0 is not convex.* its slope falls from 10 to 5 per MWh at 4 MW"),
        ([[0, 4, 10], [5, 9, 15]], "pwl_cost 0 of gen 0: area 1 starts at 5 MW, the one before ends at 4"),
        ([[0, 4, 10], [4, 4, 15]], "pwl_cost 0 of gen 0: area 1 goes from 4 to 4 MW"),
        ([[0, 4]], "pwl_cost 0 of gen 0: points must be areas"),
        ([], "pwl_cost 0 of gen 0: points must be areas"),
        ([[0, 4, np.nan]], "pwl_cost 0 of gen 0: points must be areas"),
    ],
)
def test_areas_that_mean_nothing_are_refused_by_name(areas, words):
    net = network("gen")
    pandapower.create_pwl_cost(net, 0, "gen", areas)
    with pytest.raises(InvalidNetwork, match=words):
        Network.from_pandapower(net)


def test_a_bad_polynomial_is_refused_by_name():
    net = network("gen")
    pandapower.create_poly_cost(net, 0, "gen", np.nan)
    with pytest.raises(InvalidNetwork, match="poly_cost 1 of gen 0: cp1_eur_per_mw nan must be a finite number"):
        Network.from_pandapower(net)
    net.poly_cost.loc[1, "cp1_eur_per_mw"] = 3.0
    pandapower.create_poly_cost(net, 0, "gen", 4.0, check=False)
    with pytest.raises(InvalidNetwork, match="poly_cost 2 of gen 0: it has a cost already, poly_cost 1 of gen 0"):
        Network.from_pandapower(net)
