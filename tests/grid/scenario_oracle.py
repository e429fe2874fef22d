"""The two-stage dispatch once more, by an independent route: an angle for every bus, every line a constraint, in cvxpy."""

from types import SimpleNamespace

import cvxpy as cp
import numpy as np

from tefoundations.grid import Network, Scenarios


def extensive(net, scenarios, flexible, up=0.0, down=0.0, voll=1000.0, risk=None, schedule=None):
    """Aim, mean cost, cost of each scenario, duals; None where nothing fits. Only arrays: flexible (g,) bool, up (g,)."""
    lines, units, n, m = net.lines, net.generators, len(net.buses), len(net.lines)
    load, p_max, limits = scenarios._arrays(net)
    chances, count = scenarios.probability, len(scenarios)
    up, down = (np.broadcast_to(each, len(units)) for each in (up, down))
    ends, place = np.zeros((m, n)), np.zeros((n, len(units)))
    ends[np.arange(m), lines.start] += 1
    ends[np.arange(m), lines.end] -= 1
    place[units.at, np.arange(len(units))] = 1
    x = cp.Variable(len(units))
    rules, costs, balances = [x >= units.p_min, x <= units.p_max], [], []
    if schedule is not None:
        rules.append(x == schedule)
    for s in range(count):
        more, less, shed, angle = cp.Variable(len(units)), cp.Variable(len(units)), cp.Variable(n), cp.Variable(n)
        flow = cp.multiply(net.base / (lines.x * lines.tap), ends @ angle - np.deg2rad(lines.shift))
        p = x + more - less
        balances.append(place @ p + shed - load[s] - net.buses.g_shunt == ends.T @ flow)
        rules += [balances[-1], p >= units.p_min, p <= p_max[s], more >= 0, less >= 0, shed >= 0,
                  shed <= np.maximum(load[s], 0), angle[net.slack_at] == 0]  # fmt: skip
        if (~flexible).any():
            rules += [more[~flexible] == 0, less[~flexible] == 0]
        finite = np.isfinite(limits[s])
        if finite.any():
            rules += [flow[finite] <= limits[s][finite], flow[finite] >= -limits[s][finite]]
        costs.append(units.cost @ p + up @ more + down @ less + voll * cp.sum(shed))
    aim = mean = chances @ cp.hstack(costs)
    if risk:
        weight, alpha = risk
        threshold = cp.Variable()
        tail = threshold + chances @ cp.pos(cp.hstack(costs) - threshold) / (1 - alpha)
        aim = (1 - weight) * mean + weight * tail
    problem = cp.Problem(cp.Minimize(aim), rules)
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
    if problem.status in ("infeasible", "infeasible_inaccurate"):
        return None
    return SimpleNamespace(aim=float(problem.value), cost=float(mean.value), costs=np.array([c.value for c in costs]),
                           duals=-np.array([b.dual_value for b in balances]), schedule=x.value)  # fmt: skip


def sorted_tail(costs, chances, alpha):
    """Mean of the dearest costs that hold a chance of 1 - alpha, by sorting and taking from the top."""
    left = taken = 1 - alpha
    total = 0.0
    for cost, chance in sorted(zip(costs, chances), reverse=True):
        part = min(left, chance)
        total, left = total + part * cost, left - part
    return total / taken


def drawn(seed):
    """(net, scenarios, options) of a random network: a ring with a diagonal, slow and fast units, wind, tight lines."""
    rng = np.random.default_rng(seed)
    n, count = int(rng.integers(3, 6)), int(rng.integers(1, 5))
    pairs = [(bus, bus + 1) for bus in range(n - 1)] + [(0, n - 1), (0, n - 2)][: n - 2]
    lines = {"from_bus": [i for i, _ in pairs], "to_bus": [j for _, j in pairs], "x": rng.uniform(0.05, 0.5, len(pairs)),
             "limit": rng.uniform(15, 70, len(pairs)), "shift": rng.choice([0, 0, 0, 2.0], len(pairs))}  # fmt: skip
    g = n + 2
    units = {"bus": [*range(n), *rng.integers(0, n, 2).tolist()], "p_max": rng.uniform(30, 120, g),
             "cost": [*rng.uniform(5, 60, n), 0.0, 1.0], "name": [f"u{i}" for i in range(n)] + ["wind", "sun"]}  # fmt: skip
    net = Network.from_frames({"bus": list(range(n)), "load": rng.uniform(5, 50, n)}, lines, units)
    chances = rng.dirichlet(np.ones(count) * 3)
    scenarios = Scenarios(
        chances, load=net.buses.load * rng.uniform(0.6, 1.3, (count, n)),
        p_max={"wind": rng.uniform(0, 90, count), "sun": rng.uniform(0, 60, count)},
        limits={net.lines.name[0]: rng.uniform(10, 60, count)},
    )  # fmt: skip
    flexible = np.array([*(rng.random(n) < 0.5), True, True])
    premium = np.where(rng.random(g) < 0.5, 0.0, rng.uniform(0, 8, g)) * ([1] * n + [0, 0])
    return net, scenarios, {"flexible": flexible, "up": premium, "down": premium / 2, "voll": 300.0}
