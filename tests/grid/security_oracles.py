"""Security once more, by independent routes: a network of its own for every loss, all in one programme of cvxpy."""

import cvxpy as cp
import numpy as np


def state_flow(net, angle, without=None):
    """Flows (cvxpy) and what leaves each bus, in the network without one line."""
    lines, m, n = net.lines, len(net.lines), len(net.buses)
    ends = np.zeros((m, n))
    ends[np.arange(m), lines.start] += 1
    ends[np.arange(m), lines.end] -= 1
    b = net.base / (lines.x * lines.tap)
    if without is not None:
        b[without] = 0.0
    flow = cp.multiply(b, ends @ angle - np.deg2rad(lines.shift))
    return flow, ends.T @ flow


def secure_oracle(net, *, lines=(), units=(), emergency=1.0, weights=None, moves=None, short_time=None, penalty=None):
    """(cost less value, prices) of the dispatch that is secure, or None; `lines` and `units` are positions that may be lost.

    Angles of every state are variables; nothing of sensitivities is used.
    """
    n, g, bids, limit = len(net.buses), len(net.generators), net.bids, net.lines.limit
    p, q = cp.Variable(g), cp.Variable(max(len(bids), 1))
    place, sink = np.zeros((n, g)), np.zeros((n, q.size))
    place[net.generators.at, np.arange(g)] = 1
    sink[bids.at, np.arange(len(bids))] = 1
    most = bids.p_max if len(bids) else np.zeros(1)
    drawn = cp.Parameter(n, value=net.buses.load + net.buses.g_shunt)
    cost = net.generators.cost @ p + net.generators.cost2 @ cp.square(p) + net.generators.cost0.sum()
    if len(bids):
        cost += -bids.value @ q + bids.value2 @ cp.square(q)
    rules = [p >= net.generators.p_min, p <= net.generators.p_max, q >= 0, q <= most]
    finite = np.isfinite(limit)

    def within(flow, share, eased=0.0):
        return [cp.abs(flow[finite]) <= share * limit[finite] + eased] if finite.any() else []

    angle = cp.Variable(n)
    flow, leaves = state_flow(net, angle)
    balance = place @ p - sink @ q - drawn == leaves
    rules += [balance, *within(flow, 1.0)]
    weights = net.generators.p_max if weights is None else weights
    for kind, k in [("line", k) for k in lines] + [("unit", k) for k in units]:
        given = p
        if kind == "unit":
            others = np.where(np.arange(g) == k, 0.0, weights)
            turned = np.eye(g)
            turned[:, k] = others / others.sum()
            given = turned @ p
        angle = cp.Variable(n)
        flow, leaves = state_flow(net, angle, k if kind == "line" else None)
        if moves is None:
            eased = 0.0
            if penalty is not None:
                eased = cp.Variable(finite.sum(), nonneg=True)
                cost += penalty * cp.sum(eased)
            rules += [place @ given - sink @ q - drawn == leaves, *within(flow, emergency, eased)]
            continue
        if short_time is not None:
            rules += [place @ given - sink @ q - drawn == leaves, *within(flow, short_time)]
        change, settled = cp.Variable(g), cp.Variable(n)
        flow, leaves = state_flow(net, settled, k if kind == "line" else None)
        rules += [cp.abs(change) <= moves, cp.sum(change) == 0, *within(flow, emergency)]
        rules += [place @ (given + change) - sink @ q - drawn == leaves]
        stays = np.arange(g) != (k if kind == "unit" else -1)
        rules += [(p + change)[stays] <= net.generators.p_max[stays], (p + change)[stays] >= net.generators.p_min[stays]]
        if kind == "unit":
            rules += [change[k] == 0]
    problem = cp.Problem(cp.Minimize(cost), rules)

    def solved():
        problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
        return None if "infeasible" in problem.status else problem.value

    best = solved()
    if best is None:
        return None
    return best, solved, drawn


def least_overload(net, lines, emergency=1.0):
    """The least overload in all after the losses of these lines (MW), each pair counted, the dispatch being free."""
    from dataclasses import replace

    units, bids, zero = net.generators, net.bids, np.zeros
    free = replace(
        net, generators=replace(units, cost=zero(len(units)), cost2=zero(len(units)), cost0=zero(len(units))),
        bids=replace(bids, value=zero(len(bids)), value2=zero(len(bids))),
    )  # fmt: skip
    return secure_oracle(free, lines=lines, emergency=emergency, penalty=1.0)[0]
