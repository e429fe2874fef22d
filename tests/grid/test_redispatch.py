"""Redispatch: numbers of the chapter, and the cheapest change by a formulation of its own on random networks."""

from contextlib import suppress

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork
from tefoundations.grid import DispatchModel, Network, countertrade, dc_opf, redispatch
from tests.grid.networks import networks, three_bus

TIGHT = {"1-2": 45}


def two_towns(park=80):
    return Network.from_frames(
        {"bus": ["North", "South"], "load": [0, 100]},
        {"from_bus": ["North"], "to_bus": ["South"], "x": [0.1], "limit": [60]},
        {"bus": ["North", "South", "North"], "p_max": [park, 200, 10], "cost": [10, 30, 50], "name": ["wind", "gas", "old"]},
    )


def money(d):
    """Cost less value ($/h) of a dispatch."""
    return d.cost - d.value


def test_two_towns_by_hand():
    net = two_towns()
    sold = dc_opf(net, limits=[np.inf])
    assert sold.lmp == pytest.approx([30, 30]) and sold.generation == pytest.approx([80, 20, 0])
    r = redispatch(net)
    assert r.change == pytest.approx([-20, 20, 0]) and r.cost == pytest.approx(400) and r.payment == pytest.approx(400)
    assert r.settlement()["gain"].to_dict() == pytest.approx(
        {"wind": 1600, "gas": 0, "old": 0, "fixed load": -3000, "grid": -400}
    )
    nodal = redispatch(net, schedule=dc_opf(net)).settlement()["gain"]
    assert nodal["grid"] == pytest.approx(1200) and nodal["fixed load"] == pytest.approx(-3000)


def test_the_plant_that_never_runs():
    net = two_towns()
    lie = DispatchModel(net).solve(limits=[np.inf], offers={"generators": {"cost": {"old": 0}}})
    r = redispatch(net, schedule=lie)
    assert r.settlement("price")["gain"]["old"] == pytest.approx(200) and r.payment == pytest.approx(600)
    assert r.settlement("cost")["gain"]["old"] == pytest.approx(-200)
    more = redispatch(two_towns(90)).settlement()["gain"]
    assert more["wind"] == pytest.approx(1800) and more["grid"] == pytest.approx(-600)


def test_the_triangle_under_three_rules():
    net = three_bus()
    r = redispatch(net, limits=TIGHT)
    assert r.cost == pytest.approx(5100 / 19) and r.payment == pytest.approx(2 * 5100 / 19)
    assert r.change == pytest.approx([-67.37, 21.05], abs=0.005)
    assert r.demand_change == pytest.approx([-33.16, -13.16], abs=0.005)
    told = {
        "cost": [542.94, 22.44, 1908.76, 79.29, -268.42], "price": [656.40, 50.14, 2018.70, 96.60, -536.84],
    }  # fmt: skip
    for pay, gains in told.items():
        assert r.settlement(pay)["gain"].to_numpy() == pytest.approx(gains, abs=0.006)
        assert r.settlement(pay)["gain"].sum() == pytest.approx(2285)
    nodal = redispatch(net, schedule=dc_opf(net, limits=TIGHT), limits=TIGHT)
    assert nodal.settlement()["gain"].to_numpy() == pytest.approx([160, 100, 1102.5, 22.5, 900]) and nodal.cost == 0


def test_without_demand_it_costs_more():
    r = redispatch(three_bus(), limits=TIGHT, who="generators")
    assert r.cost == pytest.approx(700.48, abs=0.005) and not r.demand_change.any()
    assert r.after.generation == pytest.approx([57.89, 108.42], abs=0.005)
    some = redispatch(three_bus(), limits=TIGHT, who=["S1", "D2"])
    assert some.change[1] == 0 and some.demand_change[1] == 0 and some.after.flow[0] == pytest.approx(45)
    assert r.cost > some.cost > redispatch(three_bus(), limits=TIGHT).cost


@pytest.mark.parametrize(
    ("phantom", "price", "gains"),
    [
        (52, 11, {"S1": 400, "S3": 68, "phantom": 104, "D2": 2262.5, "D3": 162.5, "grid": -712}),
        (64, 406 / 38, {"phantom": 64 * (406 / 38 - 9)}),
        (120, 9, {"phantom": 0, "grid": -920}),
    ],
)
def test_phantom_megawatts(phantom, price, gains):
    frames = three_bus().to_frames()
    units = frames["generators"][["bus", "p_max", "cost", "cost2", "name"]].copy()
    units.loc[2] = [1, 120, 50, 0, "phantom"]
    net = Network.from_frames(frames["buses"], frames["lines"], units, frames["bids"])
    offers = {"generators": {"p_max": {"phantom": phantom}, "cost": {"phantom": 0}}}
    sold = DispatchModel(net).solve(limits=np.full(3, np.inf), offers=offers)
    found = redispatch(net, schedule=sold, limits=TIGHT).settlement("price")["gain"]
    assert sold.lmp == pytest.approx([price] * 3) and found.sum() == pytest.approx(2285)
    assert found[list(gains)].to_dict() == pytest.approx(gains, abs=1e-6)


def by_cvxpy(net, made, taken, may_make, may_take):
    """Cost less value of the cheapest change, with flows by angles; None where there is none."""
    lines, units, bids, n, m = net.lines, net.generators, net.bids, len(net.buses), len(net.lines)
    p, q, angle = cp.Variable(len(units)), cp.Variable(max(len(bids), 1)), cp.Variable(n)
    ends = np.zeros((m, n))
    ends[np.arange(m), lines.start] += 1
    ends[np.arange(m), lines.end] -= 1
    flow = cp.multiply(net.base / (lines.x * lines.tap), ends @ angle - np.deg2rad(lines.shift))
    place, sink = np.zeros((n, len(units))), np.zeros((n, q.size))
    place[units.at, np.arange(len(units))] = 1
    sink[bids.at, np.arange(len(bids))] = 1
    rules = [place @ p - sink @ q - net.buses.load - net.buses.g_shunt == ends.T @ flow, angle[net.slack_at] == 0]
    rules += [p >= np.where(may_make, units.p_min, made), p <= np.where(may_make, units.p_max, made)]
    objective = units.cost @ p + units.cost2 @ cp.square(p) + units.cost0.sum()
    if len(bids):
        rules += [q >= np.where(may_take, 0, taken), q <= np.where(may_take, bids.p_max, taken)]
        objective += -bids.value @ q + bids.value2 @ cp.square(q)
    else:
        rules += [q == 0]
    finite = np.isfinite(lines.limit)
    if finite.any():
        rules.append(cp.abs(flow[finite]) <= lines.limit[finite])
    problem = cp.Problem(cp.Minimize(objective), rules)
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-9, tol_gap_rel=1e-9, tol_feas=1e-9)
    return problem.value if problem.status.startswith("optimal") else None


@given(networks(), st.data())
def test_redispatch_is_the_cheapest_change(net, data):
    sold = dc_opf(net, limits=np.full(len(net.lines), np.inf))
    flags = st.booleans()
    may_make = np.array([data.draw(flags) for _ in net.generators.name], dtype=bool)
    may_take = np.array([data.draw(flags) for _ in net.bids.name], dtype=bool)
    names = [*net.generators.name[may_make], *net.bids.name[may_take]]
    best = by_cvxpy(net, sold.generation, sold.demand, may_make, may_take)
    found = None
    with suppress(Infeasible):
        found = redispatch(net, schedule=sold, who=names)
    assume((found is None) == (best is None) or best is None)  # a solver may call a point of no width infeasible
    if found is None:
        assert best is None
        return
    assert np.all(np.abs(found.after.flow) <= net.lines.limit * (1 + 1e-7) + 1e-7)
    assert not found.change[~may_make].any() and not found.demand_change[~may_take].any()
    assert found.change.sum() == pytest.approx(found.demand_change.sum(), abs=1e-6)
    if best is not None:
        assert found.cost == pytest.approx(best - money(sold), abs=1e-4 * (1 + abs(best)))


@given(networks())
def test_all_together_end_in_the_optimum_and_gains_are_welfare(net):
    r = None
    with suppress(Infeasible):
        r = redispatch(net)
    assume(r is not None)
    best, sold = dc_opf(net), dc_opf(net, limits=np.full(len(net.lines), np.inf))
    scale = 1 + abs(best.cost) + abs(best.value)
    assert money(r.after) == pytest.approx(money(best), abs=1e-7 * scale) and r.cost >= -1e-7 * scale
    assert r.cost == pytest.approx(money(best) - money(sold), abs=1e-7 * scale)
    assert r.payment == pytest.approx(best.multiplier @ (sold.flow - best.flow), abs=1e-5 * scale)
    assert r.payment >= r.cost - 1e-5 * scale  # prices are at least what each change costs
    for pay in ("cost", "price"):
        table = r.settlement(pay)
        assert table["gain"].sum() == pytest.approx(-money(best), abs=1e-6 * scale)
        assert table["sale"].sum() == pytest.approx(0, abs=1e-6 * scale)


def test_a_piecewise_linear_cost_is_paid_along_its_pieces():
    net = Network.from_frames(
        {"bus": [1, 2], "load": [0, 60]}, {"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [25]},
        {"bus": [1, 2], "p_max": [100, 100], "cost": [0, 30],
         "curve": [[(0, 5), (20, 105), (100, 905)], None], "name": ["bent", "gas"]},
    )  # fmt: skip
    r = redispatch(net)
    assert r.change == pytest.approx([-35, 35]) and r.cost == pytest.approx(35 * (30 - 10))
    table = r.settlement()
    assert table["redispatch"].to_dict() == pytest.approx({"bent": -350, "gas": 1050, "fixed load": 0, "grid": -700})
    assert table["use"]["bent"] == pytest.approx(-155) and redispatch(net, who=["bent", "gas"]).cost == pytest.approx(700)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"schedule": {"generators": {"S1": 450}}}, "schedule of generator S1: 450 MW are above the 400 MW"),
        ({"schedule": {"generators": {"S1": 150}, "bids": {"D2": 120}}}, "generators give 150 MW, bids take 120 and load 0"),
        ({"schedule": {"plants": {}}}, "schedule: table 'plants' is not one of generators, bids"),
        ({"schedule": {"generators": {"S9": 1}}}, "'S9' is no generator"),
        ({"schedule": 3}, "schedule must be a dict, not an int"),
        ({"schedule": "other"}, "schedule: its generators are not those of this network"),
        ({"who": "plants"}, "who 'plants' is not one of all, generators, nor a sequence of names"),
        ({"who": ["S9"]}, "who: 'S9' is no generator and no bid"),
        ({"limits": {"9-9": 1}}, "line '9-9' is no line"),
    ],
)
def test_what_is_no_redispatch(given, words):
    if given.get("schedule") == "other":
        given = {"schedule": dc_opf(two_towns())}
    with pytest.raises(InvalidInput, match=words.replace("(", r"\(")):
        redispatch(three_bus(), **given)


def test_who_cannot_mend_it_is_named_with_the_line():
    with pytest.raises(
        Infeasible, match=r"line 1-2 would carry 71.8421 MW of the schedule, 45 MW at most: .*\(S1\)"
    ) as told:
        redispatch(three_bus(), limits=TIGHT, who=["S1"])
    assert told.value.lines == ("1-2",)
    with pytest.raises(Infeasible, match="nobody may change"):
        redispatch(three_bus(), limits=TIGHT, who=[])
    r = redispatch(three_bus(), schedule={"generators": {"S1": 100}, "bids": {"D2": 100}}, limits=TIGHT)
    with pytest.raises(InvalidInput, match="the schedule has no prices"):
        r.settlement()
    dc = Network.from_frames(**two_towns().to_frames(), dclines={"from_bus": ["North"], "to_bus": ["South"], "p_max": [5]})
    for call in (redispatch, lambda net: countertrade(net, zones=(["North"], ["South"]))):
        with pytest.raises(InvalidNetwork, match="knows no DC lines"):
            call(dc)
