"""Random meshed networks: AC prices are derivatives of cost wherever there is an optimum, and refusals are right."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from tefoundations.errors import Infeasible, NoConvergence
from tefoundations.grid import Network, ac_opf, ac_power_flow
from tefoundations.grid.ac.problem import ACProblem
from tefoundations.grid.offers import blocks_of, reactive_of

SOLVED = [2, 4, 5, 6, 7, 8, 9, 10, 13, 14]
REFUSED = [0, 1, 3, 11, 59]


def meshed(seed, n=8):
    """Eight buses, four loops; taps, shifts, shunts and limits of every kind."""
    rng = np.random.default_rng(seed)
    tree = [(int(rng.integers(0, i)), i) for i in range(1, n)]
    ends = np.array(tree + [tuple(int(v) for v in rng.choice(n, 2, replace=False)) for _ in range(4)])
    m = len(ends)
    buses = {
        "bus": range(n), "load": rng.uniform(0, 40, n), "q_load": rng.uniform(-5, 15, n), "g_shunt": rng.uniform(0, 1, n),
        "b_shunt": rng.uniform(-5, 10, n), "v_min": [0.95] * n, "v_max": [1.05] * n,
    }  # fmt: skip
    lines = {
        "from_bus": ends[:, 0], "to_bus": ends[:, 1], "r": rng.uniform(0.005, 0.03, m), "x": rng.uniform(0.03, 0.15, m),
        "b": rng.uniform(0, 0.05, m), "tap": 1 + rng.uniform(-0.04, 0.04, m),
        "shift": np.where(rng.random(m) < 0.3, rng.uniform(-5, 5, m), 0),
        "limit": np.where(rng.random(m) < 0.5, rng.uniform(20, 80, m), np.inf),
        "angle_max": np.where(rng.random(m) < 0.2, rng.uniform(2, 6, m), np.inf),
    }  # fmt: skip
    units = {
        "bus": rng.choice(n, 4), "p_max": rng.uniform(60, 200, 4), "cost": rng.uniform(5, 40, 4),
        "cost2": rng.uniform(0, 0.1, 4), "q_min": rng.uniform(-60, -5, 4),
        "q_max": rng.uniform(10, 80, 4), "v_set": [np.nan] * 4,
    }  # fmt: skip
    return Network.from_frames(buses, lines, units)


@pytest.mark.parametrize("seed", SOLVED)
def test_prices_are_derivatives_of_cost(seed):
    net, step = meshed(seed), 1e-3
    d = ac_opf(net)
    for bus in (0, 3, 7):
        for argument, base, price in (("load", net.buses.load, d.lmp), ("q_load", net.buses.q_load, d.q_price)):
            ends = [ac_opf(net, **{argument: {bus: base[bus] + sign * step}}, tolerance=1e-10).cost for sign in (1, -1)]
            assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(price[bus], abs=5e-3)
        parts = d.price_components(slack=bus)
        assert parts.sum(axis=1).to_numpy() == pytest.approx(d.lmp, abs=1e-10)
        assert parts.loss.to_numpy() == pytest.approx((parts.energy * d.loss_factors(slack=bus)).to_numpy(), abs=1e-4)


@pytest.mark.parametrize("seed", SOLVED)
def test_limits_and_balances_hold(seed):
    net = meshed(seed)
    d = ac_opf(net)
    lines, n = net.lines, len(net.buses)
    assert (d.apparent <= lines.limit + 1e-5).all() and (np.diff([d.voltage, net.buses.v_max], axis=0) > -1e-7).all()
    assert (d.voltage > net.buses.v_min - 1e-7).all() and (
        d.angle[lines.start] - d.angle[lines.end] < lines.angle_max + 1e-5
    ).all()
    given = np.bincount(net.generators.at, d.generation, n) - net.buses.load - net.buses.g_shunt * d.voltage**2
    assert given == pytest.approx(np.bincount(lines.start, d.p_from, n) + np.bincount(lines.end, d.p_to, n), abs=1e-5)


@pytest.mark.parametrize("seed", SOLVED[:5])
def test_a_power_flow_of_the_optimal_outputs_has_its_voltages(seed):
    net = meshed(seed)
    d = ac_opf(net)
    frames = net.to_frames()
    frames["generators"] = frames["generators"].assign(p_set=d.generation, q_set=d.q_generation)
    at_slack = net.generators.at == net.slack_at
    frames["generators"]["v_set"] = np.where(at_slack, d.voltage[net.slack_at], np.nan)
    flow = ac_power_flow(Network.from_frames(**frames, base=net.base, slack=net.slack))
    assert flow.voltage == pytest.approx(d.voltage, abs=1e-6) and flow.p_from == pytest.approx(d.p_from, abs=1e-4)


@pytest.mark.parametrize("seed", REFUSED)
def test_what_is_refused_has_no_solution(seed):
    """Least squares on balances and limits, from several starts, never comes near 0."""
    net = meshed(seed)
    with pytest.raises((Infeasible, NoConvergence)):
        ac_opf(net)
    blocks = blocks_of(net)
    reactive, *free_q = reactive_of(net, blocks)
    problem = ACProblem(net, blocks, net.buses.load, net.buses.q_load, reactive, free_q)
    free, rng = ~problem.fixed, np.random.default_rng(0)
    low, high = np.maximum(problem.low[free], -1.5), np.minimum(problem.high[free], 5)

    def faults(y):
        x = problem.low.copy()
        x[free] = y
        point = problem.at(x)
        return np.concatenate([point.balance.real, point.balance.imag, np.maximum(point.limits, 0)])

    starts = [problem.start()[free], *(low + (high - low) * rng.random((3, free.sum())))]
    left = [np.abs(least_squares(faults, np.clip(y, low, high), bounds=(low - 1e-9, high + 1e-9)).fun).max() for y in starts]
    assert min(left) > 1e-3
