"""Ratings of generators, s_max: second formulations, derivatives of cost, the chapter's numbers, and what is refused."""

import cvxpy as cp
import numpy as np
import pandas as pd
import pytest

from tefoundations.data import grid
from tefoundations.errors import Infeasible, InvalidNetwork
from tefoundations.grid import Network, ac_opf, ac_power_flow, branch_flow_opf, dc_opf, dc_opf_series, lindistflow_opf
from tests.grid.feeders import random_feeder
from tests.grid.oracles import rectangular_opf
from tests.grid.test_ac_opf import three_ways
from tests.grid.test_ac_random import SOLVED, meshed

SOLVERS = [ac_opf, branch_flow_opf, lindistflow_opf]


def rated(net, part=0.7, units=None):
    """The network with ratings that bind: a part of what units give, apparent, without any."""
    d, frames = ac_opf(net), net.to_frames()
    rating = np.maximum(part * np.hypot(d.generation, d.q_generation), 0.05 * np.abs(d.generation).max())
    room = np.maximum(rating, 1.2 * np.abs(net.generators.p_min))
    chosen = np.arange(len(rating)) > 0 if units is None else np.isin(np.arange(len(rating)), units)
    frames["generators"] = frames["generators"].assign(s_max=np.where(chosen, room, np.inf))
    return Network.from_frames(**frames, base=net.base, slack=net.slack)


def with_rating(net, unit, rating):
    frames = net.to_frames()
    frames["generators"].loc[unit, "s_max"] = rating
    return Network.from_frames(**frames, base=net.base, slack=net.slack)


def feeder5(size=None, sun=0.0, **columns):
    frames = grid("feeder5")
    if size is not None:
        frames["generators"] = frames["generators"].assign(s_max=np.inf)
        own = {"name": "Inverter", "bus": 3, "p_min": 0, "p_max": sun, "cost": 0, "q_min": -np.inf, "q_max": np.inf,
               "v_set": np.nan, "s_max": size}  # fmt: skip
        frames["generators"] = frames["generators"].assign(**{"q_per_p": np.nan} if "q_per_p" in columns else {})
        frames["generators"].loc[3] = own | columns
    return Network.from_frames(**frames)


def triangle(q=35.0, limit=45.0, size=None, sun=0.0):
    frames = grid("three_bus")
    lines = frames["lines"].assign(r=frames["lines"]["x"] / 10, limit=[limit, np.inf, np.inf])
    units = frames["generators"].assign(s_max=np.inf)
    if size is not None:
        units.loc[2] = ["Inverter", 2, sun, 0, 0, size]
    buses = {"bus": [1, 2, 3], "load": [0, 105, 15], "q_load": [0, q, 5], "v_min": [0.95] * 3, "v_max": [1.05] * 3}
    return Network.from_frames(buses, lines, units)


def net_cost(net, solver=ac_opf, **arguments):
    d = solver(net, **arguments)
    return d.cost - d.value


# The AC optimum


@pytest.mark.parametrize("size, sun, limit", [(None, 0, 45), (3, 0, 45), (3, 30, 45), (20, 5, np.inf), (50, 100, 45)])
def test_rectangular_coordinates_agree_on_the_triangle(size, sun, limit):
    net = triangle(limit=limit, size=size, sun=sun)
    d, (cost, lmp, q_price, of_ratings) = ac_opf(net, tolerance=1e-10), rectangular_opf(net)
    assert d.cost == pytest.approx(cost, rel=1e-8)
    assert d.lmp == pytest.approx(lmp, abs=1e-5) and d.q_price == pytest.approx(q_price, abs=1e-5)
    assert d.rating_multiplier == pytest.approx(of_ratings, abs=1e-5)


@pytest.mark.parametrize("seed", SOLVED)
def test_rectangular_coordinates_agree_on_meshed_networks(seed):
    frames = meshed(seed).to_frames()
    frames["lines"]["angle_max"] = np.inf
    net = rated(Network.from_frames(**frames, slack=meshed(seed).slack), 0.9, units=(1, 2))
    d, (cost, lmp, q_price, of_ratings) = ac_opf(net, tolerance=1e-10), rectangular_opf(net)
    assert d.cost == pytest.approx(cost, rel=1e-6)
    assert d.lmp == pytest.approx(lmp, abs=1e-3) and d.q_price == pytest.approx(q_price, abs=1e-3)
    assert d.rating_multiplier == pytest.approx(of_ratings, abs=1e-3)


def test_some_rating_binds_on_meshed_networks():
    assert sum(ac_opf(rated(meshed(seed), 0.9, units=(1, 2))).rating_multiplier.max() > 0.1 for seed in SOLVED) >= 7


@pytest.mark.parametrize("arguments", [(), (60, 6.5, 1.01, 40, 190)])
def test_parts_add_up_and_multipliers_are_derivatives(arguments):
    """Units 2 and 3 at their rating beside full lines, voltages and angles at limits."""
    net = rated(three_ways(*arguments), 0.9, units=(1, 2))
    d, step = ac_opf(net, tolerance=1e-10), 1e-3
    assert d.rating_multiplier.max() > 0.1
    for of, price in (("active", d.lmp), ("reactive", d.q_price)):
        for slack in (1, 2, 3):
            assert d.price_components(slack=slack, of=of).sum(axis=1).to_numpy() == pytest.approx(price, abs=1e-9)
    for unit in (1, 2):
        own = net.generators.s_max[unit]
        ends = [net_cost(with_rating(net, unit, own + s), tolerance=1e-10) for s in (step, -step)]
        assert (ends[1] - ends[0]) / (2 * step) == pytest.approx(d.rating_multiplier[unit], abs=2e-3)
    for row, bus in enumerate(net.buses.bus.tolist()):
        for argument, base, price in (("load", net.buses.load, d.lmp), ("q_load", net.buses.q_load, d.q_price)):
            ends = [net_cost(net, **{argument: {bus: base[row] + s}}, tolerance=1e-10) for s in (step, -step)]
            assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(price[row], abs=2e-3)


def test_a_rated_unit_earns_its_marginal_cost_and_its_share_of_the_rating():
    net = triangle(size=3, sun=30)
    d = ac_opf(net, tolerance=1e-10)
    P, Q, rho = d.generation[2], d.q_generation[2], d.rating_multiplier[2]
    assert np.hypot(P, Q) == pytest.approx(3, abs=1e-6) and min(P, Q) > 0.1
    assert [d.lmp[1], d.q_price[1]] == pytest.approx([rho * P / 3, rho * Q / 3], abs=1e-5)


def test_a_curve_of_costs_and_a_power_factor_under_a_rating():
    """A unit of two pieces, and one whose reactive output is tied: its rating is a limit of its active output."""
    frames = triangle().to_frames()
    units = frames["generators"].assign(curve=None, q_per_p=np.nan).astype({"curve": object})
    units.loc[0, ["cost", "cost2", "s_max"]] = [0, 0, 70]
    units.at[0, "curve"] = [(0, 0), (40, 240), (400, 3840)]
    units.loc[1, ["cost", "cost2"]] = [14, 0.01]
    units.loc[2] = units.loc[1].to_dict() | {"name": "tied", "bus": 2, "p_max": 50, "cost": 1, "q_per_p": 0.75, "s_max": 10}
    net = Network.from_frames(**frames | {"generators": units})
    d = ac_opf(net, tolerance=1e-10)
    assert np.hypot(d.generation[0], d.q_generation[0]) == pytest.approx(70, abs=1e-5) and d.generation[0] > 45
    assert [d.generation[2], d.q_generation[2]] == pytest.approx([8, 6], abs=1e-5)
    for unit in (0, 2):
        own = net.generators.s_max[unit]
        ends = [net_cost(with_rating(net, unit, own + s), tolerance=1e-10) for s in (1e-3, -1e-3)]
        assert (ends[1] - ends[0]) / 2e-3 == pytest.approx(d.rating_multiplier[unit], abs=2e-3)
    assert dc_opf(net).generation[2] == pytest.approx(8)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_street_has_the_prices_of_a_region(solver):
    """A tenth of a thousandth of every power on impedances as much larger changes no price."""
    frames = feeder5(0.7, 0.5).to_frames()
    for table, columns in (
        ("buses", ["load", "q_load"]),
        ("generators", ["p_min", "p_max", "q_min", "q_max", "s_max"]),
        ("lines", ["limit"]),
    ):
        frames[table][columns] /= 1e4
    frames["lines"][["r", "x"]] *= 1e4
    street, region = solver(Network.from_frames(**frames)), solver(feeder5(0.7, 0.5))
    assert street.lmp == pytest.approx(region.lmp, abs=1e-3) and street.q_price == pytest.approx(region.q_price, abs=1e-3)
    assert street.rating_multiplier == pytest.approx(region.rating_multiplier, abs=1e-3)


# Feeders


def by_cvxpy(net, losses):
    """The feeder of five buses with its ratings as norms: (cost, prices, reactive prices, multipliers of the ratings)."""
    lines, units, n = net.lines, net.generators, len(net.buses)
    r, x, near, far = lines.r / net.base, lines.x / net.base, lines.start, lines.end
    flow, q_flow, current, w = cp.Variable(4), cp.Variable(4), cp.Variable(4, nonneg=True), cp.Variable(n)
    p, q = cp.Variable(len(units)), cp.Variable(len(units))
    at, out, into = np.eye(n)[:, units.at], np.eye(n)[:, near], np.eye(n)[:, far]
    active = at @ p + into @ (flow - cp.multiply(r, current)) - out @ flow == net.buses.load
    reactive = at @ q + into @ (q_flow - cp.multiply(x, current)) - out @ q_flow == net.buses.q_load
    drop = 2 * (cp.multiply(r, flow) + cp.multiply(x, q_flow)) - cp.multiply(r**2 + x**2, current)
    rules = [active, reactive, w[far] == w[near] - drop, w >= net.buses.v_min**2, w <= net.buses.v_max**2,
             p >= units.p_min, p <= units.p_max, cp.norm(cp.hstack([flow[0], q_flow[0]])) <= lines.limit[0]]  # fmt: skip
    rules += [q[unit] >= units.q_min[unit] for unit in range(3)] + [q[unit] <= units.q_max[unit] for unit in range(3)]
    ratings = [cp.norm(cp.hstack([p[unit], q[unit]])) <= units.s_max[unit] for unit in np.flatnonzero(units.s_max < np.inf)]
    cones = [cp.quad_over_lin(cp.hstack([flow[k], q_flow[k]]), w[near[k]]) <= current[k] for k in range(4)]
    problem = cp.Problem(cp.Minimize(units.cost @ p), rules + ratings + (cones if losses else [current == 0]))
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
    return problem.value, -active.dual_value, -reactive.dual_value, [float(rating.dual_value) for rating in ratings]


@pytest.mark.parametrize("solver", [branch_flow_opf, lindistflow_opf])
@pytest.mark.parametrize("size, sun", [(0.5, 0), (1, 0.3), (1, 0.9), (1, 2)])
def test_the_second_formulation_agrees(solver, size, sun):
    net = feeder5(size, sun)
    d, (cost, lmp, q_price, of_ratings) = solver(net), by_cvxpy(net, solver is branch_flow_opf)
    assert d.cost == pytest.approx(cost, rel=1e-7) and d.rating_multiplier[3] == pytest.approx(of_ratings[0], abs=1e-3)
    assert d.lmp == pytest.approx(lmp, abs=1e-3) and d.q_price == pytest.approx(q_price, abs=1e-3)


@pytest.mark.parametrize("seed", [1, 2, 3, 6, 10])
@pytest.mark.parametrize("solver", [branch_flow_opf, lindistflow_opf])
def test_ratings_on_random_feeders(solver, seed):
    """Kept, a derivative of cost where they bind, and for the branch flow model those of the AC optimum."""
    net = rated(random_feeder(seed, limited=False), 0.8)
    d = solver(net)
    assert (np.hypot(d.generation, d.q_generation) <= net.generators.s_max * (1 + 1e-6)).all()
    for of, price in (("active", d.lmp), ("reactive", d.q_price)):
        assert d.price_components(of=of).sum(axis=1).to_numpy() == pytest.approx(price, abs=1e-9)
    for unit in (1, 2):
        own = net.generators.s_max[unit]
        ends = [net_cost(with_rating(net, unit, own + s), solver) for s in (1e-3, -1e-3)]
        assert (ends[1] - ends[0]) / 2e-3 == pytest.approx(d.rating_multiplier[unit], abs=0.02)
    if solver is branch_flow_opf and d.tight:
        exact = ac_opf(net)
        assert exact.rating_multiplier == pytest.approx(d.rating_multiplier, abs=5e-3)
        assert exact.q_price == pytest.approx(d.q_price, abs=5e-3)


# What the chapter says


@pytest.mark.parametrize(
    "size, price, cost",
    [(0.25, 25.86, 406.61), (0.5, 23.74, 400.41), (0.75, 6.17, 396.41), (1, 4.70, 395.06), (1.5, 2.12, 393.37),
     (2, 0, 392.88)],
)  # fmt: skip
def test_an_inverter_at_night(size, price, cost):
    limits = feeder5(np.inf, q_min=-size, q_max=size)  # at night a rating is a limit of reactive power
    for d in (ac_opf(feeder5(size)), branch_flow_opf(feeder5(size)), branch_flow_opf(limits)):
        assert [d.q_price[3], d.cost] == pytest.approx([price, cost], abs=0.006)
    assert ac_opf(feeder5(size)).rating_multiplier[3] == pytest.approx(price, abs=0.006)


def test_the_triangle():
    d = ac_opf(triangle())
    assert d.cost == pytest.approx(1084.6125, abs=5e-4) and d.lmp == pytest.approx([9.15, 20.05, 14.98], abs=0.005)
    parts = d.price_components(of="reactive").loc[2, ["loss", "congestion", "voltage"]].to_numpy()
    assert parts == pytest.approx([0.113, 2.005, 1.736], abs=6e-4)


# Where there is no reactive power, and where a flow is only told


def test_the_dc_model_reads_a_rating_as_a_limit_of_active_power():
    net, without = feeder5(0.7, 2.0), feeder5(np.inf, 0.7)
    d, plain = dc_opf(net), dc_opf(without)
    assert (
        d.generation[3] == pytest.approx(0.7) and d.cost == pytest.approx(plain.cost) and d.mu_p_max[3] == pytest.approx(60)
    )
    assert "Inverter gives its most: 0.7 MW; one more would save 60 $/h." in d.explain()
    offered = dc_opf(net).net.generators.s_max
    assert offered[3] == 0.7
    series = dc_opf_series(net, pd.DataFrame([net.buses.load, 0.9 * net.buses.load], columns=net.buses.bus))
    assert series.generation[:, 3] == pytest.approx([0.7, 0.7])


def test_a_power_flow_tells_a_rating_that_is_not_kept():
    frames = feeder5(1.0, 2.0).to_frames()
    frames["generators"].loc[3, ["p_set", "q_set"]] = 0.9, 0.9
    told = ac_power_flow(Network.from_frames(**frames)).explain()
    assert "The output of Inverter is 1.27279 MVA, its rating is 1." in told


def test_what_is_told():
    d = branch_flow_opf(feeder5(1, 2))
    assert "Inverter is at its rating, 1 MVA; one more would save 65.617 $/h." in d.explain()
    table = d.to_frame("generators")
    assert table.loc["Inverter", ["s_max", "rating_multiplier"]].tolist() == pytest.approx([1, 65.617], abs=1e-3)
    assert "s_max" not in branch_flow_opf(feeder5()).to_frame("generators")
    assert "s_max" in repr(feeder5(1).generators) and "s_max" not in repr(feeder5().generators).split("as by default")[0]


# Refusals


@pytest.mark.parametrize(
    "columns, words",
    [
        ({"size": 0}, "generators, row 3: s_max 0.0 must be positive"),
        ({"size": -1}, "generators, row 3: s_max -1.0 must be positive"),
        ({"size": np.nan}, "generators, row 3: s_max"),
        ({"size": 1, "sun": 3, "p_min": 2}, "generators, row 3: s_max 1.0 is less than the output can be brought to"),
        ({"size": 1, "sun": 3, "p_min": 0.9, "q_per_p": 0.75}, "generators, row 3: s_max 1.0 is less than the output"),
    ],
)
def test_a_rating_without_meaning_is_refused(columns, words):
    with pytest.raises(InvalidNetwork, match=words):
        feeder5(**({"sun": 0.0} | columns))


@pytest.mark.parametrize("solver", SOLVERS)
def test_load_that_ratings_do_not_let_through_is_named(solver):
    """The only source is rated: its active power would do, but not with what the load needs of reactive power."""
    net = Network.from_frames(
        {"bus": [1, 2], "load": [0, 9], "q_load": [0, 6]},
        {"from_bus": [1], "to_bus": [2], "r": [0.01], "x": [0.02]},
        {"bus": [1], "p_max": [10], "cost": [20], "s_max": [10], "name": ["plant"]},
    )
    with pytest.raises(Infeasible, match="load 9 MW exceeds the .* MW that can be delivered: .*plant is at its rating"):
        solver(net)
    with pytest.raises(Infeasible, match="plant is at its rating|all generators together"):
        solver(net, [0, 11])
