"""AC optimal power flow: known optima, prices as derivatives of cost, parts that add up, and how it refuses."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from tefoundations.data import grid
from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork, NoConvergence
from tefoundations.grid import Network, ac_opf, ac_power_flow, branch_flow_opf, dc_opf, lindistflow_opf
from tests.grid.feeders import random_feeder
from tests.grid.networks import PECULIAR, networks
from tests.grid.test_cases import pglib
from tests.grid.test_feeder_opf import FIVE, SEEDS

# MATPOWER's runopf. pandapower's nets of the others have other taps and limits: those are read from MATPOWER's own files.
MATPOWER = {"case9": 5296.69, "case14": 8081.53, "case30": 576.89, "case39": 41864.18}
FILES = MATPOWER | {
    "case57": 41737.79,
    "case118": 129660.69,
    "case300": 719725.11,
    "case24_ieee_rts": 63352.21,
    "case_ieee30": 8906.14,
}
# PGLib-OPF v23.07, BASELINE.md, column AC.
PGLIB = {
    "case5_pjm": 1.7552e04,
    "case14_ieee": 2.1781e03,
    "case118_ieee": 9.7214e04,
    "case300_ieee": 5.6522e05,
    "case1354_pegase": 1.2588e06,
}


def pjm():
    return Network.from_frames(**grid("pjm_five_bus"), slack="D")


def three_ways(limit=140.0, angle_max=3.5, v_min=0.97, q_max=40.0, load=140.0):
    """Three generators in a triangle: limits of line 1-3, of the angle along 1-2, of voltage and reactive power at 3."""
    return Network.from_frames(
        {"bus": [1, 2, 3], "load": [0, 20, load], "q_load": [0, 5, 70], "b_shunt": [0, 0, 20], "g_shunt": [0, 1, 0],
         "v_min": [0.95, 0.95, v_min], "v_max": [1.05, 1.05, 1.05]},
        {"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "r": [0.02, 0.03, 0.02], "x": [0.1, 0.15, 0.12],
         "b": [0.02, 0.03, 0.02], "tap": [1, 1, 0.98], "shift": [0, 1, 0],
         "limit": [np.inf, limit, np.inf], "angle_max": [angle_max, np.inf, np.inf]},
        {"bus": [1, 2, 3], "p_max": [300, 100, 150], "cost": [10, 25, 40], "cost2": [0.02, 0.05, 0.1],
         "q_min": [-100, -20, -20], "q_max": [100, 30, q_max]},
        {"bus": [3], "p_max": [30], "value": [60], "value2": [0.3]},
    )  # fmt: skip


# Arguments of three_ways -> the parts of prices that must then be there, told from bus 1.
BINDING = {
    (): {"loss", "voltage", "angle"}, (100, 1.0, 0.96, 40, 200): {"loss", "congestion", "angle"},
    (60, 6.5, 1.01, 40, 230): {"loss", "congestion", "voltage"}, (130, 1.0, 0.96, 20, 230): {"loss", "reactive", "angle"},
}  # fmt: skip


def net_cost(net, **arguments):
    d = ac_opf(net, tolerance=1e-10, **arguments)
    return d.cost - d.value


def changed(net, table, column, row, step):
    frames = net.to_frames()
    frames[table][column] = frames[table][column].astype(float)
    frames[table].loc[row, column] += step
    return Network.from_frames(**frames, base=net.base, slack=net.slack)


@pytest.mark.parametrize("name", MATPOWER)
def test_matpowers_optima(name):
    networks_of = pytest.importorskip("pandapower.networks")
    theirs = getattr(networks_of, name)()
    theirs.ext_grid["controllable"] = True  # MATPOWER lets the voltage of the reference bus move, pandapower holds it
    d = ac_opf(Network.from_pandapower(theirs))
    assert d.cost == pytest.approx(MATPOWER[name], abs=0.01)


@pytest.mark.parametrize("name", FILES)
def test_matpowers_optima_from_its_files(name):
    """$MATPOWER_DATA: the folder `data` of MATPOWER."""
    path = Path(os.environ.get("MATPOWER_DATA", "")) / f"{name}.m"
    if not path.is_file():
        pytest.skip("MATPOWER_DATA names no folder with MATPOWER's cases")
    assert ac_opf(Network.from_matpower(path)).cost == pytest.approx(FILES[name], abs=0.02)


# The same table: loads raised until the network is congested (api), and angles along lines held within small limits (sad).
PGLIB_HARD = {
    "case3_lmbd": (1.1242e4, 5.9593e3), "case5_pjm": (7.8950e4, 2.6109e4), "case14_ieee": (5.9994e3, 2.7768e3),
    "case24_ieee_rts": (1.6122e5, 7.6918e4), "case30_as": (4.9962e3, 8.9735e2), "case30_ieee": (1.8037e4, 8.2085e3),
    "case39_epri": (2.5677e5, 1.4834e5), "case57_ieee": (3.6242e4, 3.8663e4), "case60_c": (1.8500e5, 1.1350e5),
    "case73_ieee_rts": (5.0985e5, 2.2760e5), "case89_pegase": (1.2957e5, 1.0729e5), "case118_ieee": (2.4961e5, 1.0516e5),
    "case162_ieee_dtc": (1.2088e5, 1.0869e5), "case179_goc": (1.8834e6, 7.6253e5), "case197_snem": (1.6363e4, 1.5103e0),
    "case200_activ": (4.0700e4, 2.7558e4), "case240_pserc": (4.6922e6, 3.4054e6), "case300_ieee": (6.8604e5, 5.6570e5),
    "case500_goc": (6.8829e5, 4.8740e5), "case588_sdet": (3.9876e5, 3.2936e5), "case793_goc": (3.7980e5, 2.8580e5),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["api", "sad"])
@pytest.mark.parametrize("name", PGLIB_HARD)
def test_pglibs_hard_cases(name, kind):
    assert ac_opf(pglib(f"{name}__{kind}")).cost == pytest.approx(PGLIB_HARD[name][kind == "sad"], rel=6e-5)


@pytest.mark.parametrize("name", PGLIB)
def test_pglibs_ac_column(name):
    d = ac_opf(pglib(name))
    assert d.cost == pytest.approx(PGLIB[name], rel=4e-5)
    for slack in (None, d.net.buses.bus[-1]):
        assert d.price_components(slack=slack).sum(axis=1).to_numpy() == pytest.approx(d.lmp, abs=1e-9)
        assert np.abs(unexplained(d, slack)).max() < 1e-4 * np.abs(d.lmp).max()


def unexplained(d, slack=None):
    """What the loss parts say beyond the loss factors times energy: what the adjoint system leaves over."""
    parts = d.price_components(slack=slack)
    return (parts.loss - parts.energy * d.loss_factors(slack=slack)).to_numpy()


def test_pandapower_agrees_on_prices():
    networks_of, pandapower = pytest.importorskip("pandapower.networks"), pytest.importorskip("pandapower")
    for name in ("case9", "case39"):
        theirs = getattr(networks_of, name)()
        theirs.ext_grid["controllable"] = True
        net = Network.from_pandapower(theirs)
        pandapower.runopp(theirs, numba=False)
        d, seen = ac_opf(net), theirs.res_bus.loc[net.buses.bus]
        assert d.cost == pytest.approx(theirs.res_cost, rel=1e-5)
        assert d.lmp == pytest.approx(seen.lam_p.to_numpy(), abs=5e-3) and d.q_price == pytest.approx(
            seen.lam_q.to_numpy(), abs=5e-3
        )


def test_pjm_five_buses():
    d = ac_opf(pjm())
    assert d.cost == pytest.approx(17551.89, abs=0.005)
    assert d.lmp == pytest.approx([16.9351, 26.5499, 30, 39.7121, 10], abs=1e-3)


def test_the_worked_five_buses():
    net = Network.from_frames(**grid("feeder5"))
    d, expected = ac_opf(net), np.array(list(FIVE.values()))
    parts = d.price_components()
    assert parts[["energy", "loss", "congestion", "voltage"]].to_numpy() == pytest.approx(expected[:, :4], abs=6e-5)
    assert d.cost == pytest.approx(413.3493, abs=5e-5) and d.explain(3).startswith("bus 3: 50 + 4.79")
    told = d.explain()
    assert "Line 0-1 is full: 4 MVA" in told and "bus 3 is at its lowest, 0.93 p.u." in told and "bus 2 is at" not in told


@pytest.mark.parametrize("seed", SEEDS)
def test_the_branch_flow_model_agrees_on_feeders(seed):
    net = random_feeder(seed)
    d, cone = ac_opf(net), branch_flow_opf(net)
    assert d.cost - d.value == pytest.approx(cone.cost - cone.value, rel=1e-7)
    for name in ("lmp", "q_price", "voltage", "angle", "p_from", "q_to", "loss", "demand"):
        assert getattr(d, name) == pytest.approx(getattr(cone, name), abs=1e-3)
    for of in ("active", "reactive"):
        assert d.price_components(of=of).drop(columns="angle").to_numpy() == pytest.approx(
            cone.price_components(of=of).to_numpy(), abs=2e-3
        )
    assert d.multiplier == pytest.approx(cone.multiplier, abs=1e-3) and d.loss_factors() == pytest.approx(
        cone.loss_factors(), abs=1e-6
    )
    assert d.voltage_multiplier == pytest.approx(cone.voltage_multiplier, abs=0.1)


@pytest.mark.parametrize(
    "make", [pjm, *(lambda a=a: three_ways(*a) for a in BINDING), lambda: Network.from_matpower(PECULIAR)]
)
def test_prices_are_derivatives_of_cost(make):
    net, step = make(), 1e-3
    d = ac_opf(net)
    for row, bus in enumerate(net.buses.bus.tolist()):
        for argument, base, price in (("load", net.buses.load, d.lmp), ("q_load", net.buses.q_load, d.q_price)):
            ends = [net_cost(net, **{argument: {bus: base[row] + sign * step}}) for sign in (1, -1)]
            assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(price[row], abs=2e-3)


@pytest.mark.parametrize("arguments", BINDING)
def test_every_kind_of_limit_has_its_part(arguments):
    d = ac_opf(three_ways(*arguments))
    for slack in (1, 2, 3):
        for of, price in (("active", d.lmp), ("reactive", d.q_price)):
            assert d.price_components(slack=slack, of=of).sum(axis=1).to_numpy() == pytest.approx(price, abs=1e-12)
        assert (
            d.price_components(slack=slack).loc[slack, ["loss", "reactive", "congestion", "voltage", "angle"]].abs().max()
            < 1e-9
        )
        assert np.abs(unexplained(d, slack)).max() < 1e-5
    largest = d.price_components(slack=1).drop(columns="energy").abs().max()
    assert set(largest.index[largest > 0.05]) == BINDING[arguments]
    assert ("The angle along line 1-2 is at its limit." in d.explain()) == ("angle" in BINDING[arguments])


@pytest.mark.parametrize("arguments", BINDING)
def test_multipliers_are_derivatives_of_cost(arguments):
    net = three_ways(*arguments)
    d = ac_opf(net)

    def slope(table, column, row, step=1e-3):
        return (net_cost(changed(net, table, column, row, -step)) - net_cost(changed(net, table, column, row, step))) / (
            2 * step
        )

    assert slope("lines", "limit", 1) == pytest.approx(d.multiplier[1], rel=1e-3, abs=1e-4)
    assert slope("lines", "angle_max", 0) == pytest.approx(d.angle_multiplier[0], rel=1e-3, abs=1e-4)
    for bus in range(3):
        column = "v_max" if d.voltage_multiplier[bus] > 0 else "v_min"
        assert slope("buses", column, bus, 1e-5) == pytest.approx(d.voltage_multiplier[bus], rel=1e-2, abs=0.1)


def test_the_power_flow_confirms_the_dispatch():
    net = three_ways()
    d = ac_opf(net)
    units = replace(net.generators, p_set=d.generation, q_set=d.q_generation, v_set=np.array([d.voltage[0], np.nan, np.nan]))
    flow = ac_power_flow(replace(net, generators=units), net.buses.load + np.bincount(net.bids.at, d.demand, 3))
    for name in ("voltage", "angle", "p_from", "q_from", "p_to", "q_to", "generation", "q_generation"):
        assert getattr(d, name) == pytest.approx(getattr(flow, name), abs=1e-4)


@given(networks())
@settings(max_examples=40)
def test_without_losses_and_reactive_power_it_is_the_dc_optimum(net):
    """Small angles, no resistance: both models agree to the square of the angles."""
    frames = net.to_frames()
    frames["lines"][["r", "shift"]], frames["lines"]["tap"] = 0.0, 1.0
    frames["lines"]["x"] *= 1e-4
    frames["buses"]["g_shunt"] = 0.0
    frames["lines"]["limit"] = np.inf
    small = Network.from_frames(**frames, base=net.base, slack=net.slack)
    d, linear = ac_opf(small), dc_opf(small)
    assert d.cost - d.value == pytest.approx(linear.cost - linear.value, abs=1e-3, rel=1e-5)


def test_piecewise_linear_costs_and_bids():
    net = Network.from_matpower(PECULIAR)
    d, kink = ac_opf(net), ac_opf(net, 1.4 * net.buses.load)
    assert d.generation[1] < 40 and d.lmp[net.generators.at[1]] == pytest.approx(
        15, abs=0.01
    )  # 15 $/MWh before 40 MW, 30 after
    assert kink.generation[1] == pytest.approx(40, abs=1e-3) and 15.01 < kink.lmp[net.generators.at[1]] < 30
    three = ac_opf(three_ways(60, 6.5, 1.01, 40, 230))
    assert 0 < three.demand[0] < 30 and 60 - 2 * 0.3 * three.demand[0] == pytest.approx(three.lmp[2], abs=1e-3)


@pytest.mark.parametrize("solver", [ac_opf, branch_flow_opf, lindistflow_opf])
def test_a_street_has_the_prices_of_a_region(solver):
    """A tenth of a thousandth of every power on impedances as much larger changes no price."""
    frames = grid("feeder5")
    for table, columns in (
        ("buses", ["load", "q_load"]),
        ("generators", ["p_min", "p_max", "q_min", "q_max"]),
        ("lines", ["limit"]),
    ):
        frames[table][columns] /= 1e4
    frames["lines"][["r", "x"]] *= 1e4
    street, region = solver(Network.from_frames(**frames)), solver(Network.from_frames(**grid("feeder5")))
    assert street.lmp == pytest.approx(region.lmp, abs=1e-3) and street.voltage == pytest.approx(region.voltage, abs=1e-7)
    assert street.cost == pytest.approx(region.cost / 1e4, rel=1e-6)


def test_what_cannot_be_served_is_named():
    with pytest.raises(Infeasible, match="load 5000 MW exceeds the 1530 MW that all generators together can give"):
        ac_opf(pjm(), [0, 0, 0, 5000, 0])
    with pytest.raises(
        Infeasible, match=r"can be delivered: the voltage of bus 3 is at its lowest \(0.93 p.u.\); one way: bus 3 gets"
    ) as caught:
        ac_opf(Network.from_frames(**grid("feeder5")), {3: 12})
    assert caught.value.bus == 3
    frames = grid("feeder5")
    frames["generators"].loc[[1, 2], "p_max"] = 0.0
    with pytest.raises(Infeasible, match=r"line 0-1 is full \(4 MVA\)") as caught:
        ac_opf(Network.from_frames(**frames))
    assert caught.value.lines == ("0-1",)


def test_a_search_that_does_not_settle_says_where():
    with pytest.raises(NoConvergence, match="MVA are left unbalanced at bus .*; the strongest limits: ") as caught:
        ac_opf(pjm(), max_iterations=3)
    assert caught.value.bus in "ABCDE" and caught.value.in_conflict and caught.value.mismatch > 0
    frames = grid("feeder5")
    frames["generators"].loc[[1, 2], ["p_min", "p_max"]] = 50.0  # far more than line and voltages allow, and nothing to shed
    with pytest.raises(NoConvergence, match="MVA are left unbalanced at bus 4"):
        ac_opf(Network.from_frames(**frames))


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: ac_opf(pjm(), {"Z": 1}), InvalidInput, "bus 'Z'"),
        (lambda: ac_opf(pjm(), q_load=[1, 2]), InvalidInput, "q_load must be a dict or an array of 5 values"),
        (lambda: ac_opf(pjm(), {"B": np.nan}), InvalidNetwork, "load nan"),
        (lambda: ac_opf(pjm(), tolerance=0), InvalidInput, "tolerance 0 must be a positive number"),
        (lambda: ac_opf(pjm()).price_components(slack="Z"), InvalidInput, "bus 'Z'"),
        (lambda: ac_opf(changed(pjm(), "generators", "cost2", 0, -1.0)), InvalidNetwork, "concave"),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_a_single_bus():
    net = Network.from_frames(
        {"bus": [1], "load": [5], "q_load": [1]},
        {"from_bus": [], "to_bus": [], "x": []},
        {"bus": [1], "p_max": [9], "cost": [3]},
    )
    d = ac_opf(net)
    assert (
        d.lmp == pytest.approx([3], abs=1e-6)
        and d.generation == pytest.approx([5], abs=1e-6)
        and d.price_components().loc[1, "energy"] == d.lmp[0]
    )
