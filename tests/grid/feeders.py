"""Random radial networks with generators, and the branch flow model once more in cvxpy."""

import cvxpy as cp
import numpy as np

from tefoundations.grid import Network


def random_feeder(seed, n=9, shunts=True, bids=True, limited=True):
    """A feeder, its lines pointing either way, with taps, shunts, two generators, a bid, and limits that often bind."""
    rng = np.random.default_rng(seed)
    parent, child, turned = np.array([rng.integers(0, i) for i in range(1, n)]), np.arange(1, n), rng.random(n - 1) < 0.3
    low = np.r_[1.0, np.full(n - 1, 0.95)]
    lines = {
        "from_bus": np.where(turned, child, parent), "to_bus": np.where(turned, parent, child),
        "r": rng.uniform(0.1, 0.6, n - 1),
        "x": rng.uniform(0.1, 0.6, n - 1), "limit": np.where((parent == 0) & limited, rng.uniform(4, 8, n - 1), np.inf),
    }  # fmt: skip
    if shunts:
        lines |= {"b": rng.uniform(0, 0.01, n - 1), "g": rng.uniform(0, 0.01, n - 1),
                  "tap": 1 + rng.uniform(-0.01, 0.01, n - 1),
                  "shift": rng.uniform(-30, 30, n - 1)}  # fmt: skip
    size = shunts * rng.uniform(0, 0.2, (2, n))
    return Network.from_frames(
        {"bus": range(n), "load": rng.uniform(0, 2, n), "q_load": rng.uniform(0, 0.8, n), "v_min": low,
         "v_max": np.r_[1.0, np.full(n - 1, 1.05)], "g_shunt": size[0], "b_shunt": size[1]},
        lines,
        {"bus": [0, n - 1, n // 2], "p_min": [-50, 0, 0], "p_max": [50, 8, 8], "cost": [50, 60, 70], "cost2": [0.2, 0, 1.0],
         "q_min": [-50, -1, 0], "q_max": [50, 1, 0.5]},
        {"bus": [n - 2], "p_max": [1], "value": [65], "value2": [3]} if bids else None,
        slack=0,
    )  # fmt: skip


def branch_flow(net, losses=True, limits=True):
    """(objective, prices, reactive prices) of a feeder without taps and shunts whose lines all point away from the slack."""
    lines, units, n, m, base = net.lines, net.generators, len(net.buses), len(net.lines), net.base
    parent, child = lines.start, lines.end
    flow, q_flow, current, square = cp.Variable(m), cp.Variable(m), cp.Variable(m, nonneg=True), cp.Variable(n)
    p, q, bid = cp.Variable(len(units)), cp.Variable(len(units)), cp.Variable(max(len(net.bids), 1))
    place = lambda at, size: np.eye(n)[:, at] if size else np.zeros((n, 1))  # noqa: E731
    out, into, at_units, at_bids = place(parent, m), place(child, m), place(units.at, 1), place(net.bids.at, len(net.bids))
    r, x = lines.r, lines.x
    active = at_units @ p - at_bids @ bid + base * (into @ (flow - cp.multiply(r, current)) - out @ flow) == net.buses.load
    reactive = at_units @ q + base * (into @ (q_flow - cp.multiply(x, current)) - out @ q_flow) == net.buses.q_load
    lossless = 2 * (cp.multiply(r, flow) + cp.multiply(x, q_flow))
    drop = square[parent] - square[child] == lossless - cp.multiply(r**2 + x**2, current)
    rules = [active, reactive, drop, square >= net.buses.v_min**2, square <= net.buses.v_max**2, p >= units.p_min,
             p <= units.p_max, q >= units.q_min, q <= units.q_max, bid >= 0,
             bid <= (net.bids.p_max if len(net.bids) else 0)]  # fmt: skip
    if losses:
        rules.append(cp.SOC(current + square[parent], cp.vstack([2 * flow, 2 * q_flow, current - square[parent]]), axis=0))
    else:
        rules.append(current == 0)
    ends = [(flow, q_flow), (flow - cp.multiply(r, current), q_flow - cp.multiply(x, current))]
    for limited in np.flatnonzero(np.isfinite(lines.limit)) if limits else []:
        rules += [cp.norm(cp.hstack([a[limited], b[limited]])) <= lines.limit[limited] / base for a, b in ends]
    cost = units.cost @ p + units.cost2 @ cp.square(p) + units.cost0.sum()
    if len(net.bids):
        cost += -net.bids.value @ bid + net.bids.value2 @ cp.square(bid)
    problem = cp.Problem(cp.Minimize(cost), rules)
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-9, tol_gap_rel=1e-9, tol_feas=1e-9)
    return problem.value, -active.dual_value, -reactive.dual_value
