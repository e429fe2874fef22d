"""The DC-OPF once more, by an independent route: angles as variables, every line a constraint, modelled in cvxpy."""

import cvxpy as cp
import numpy as np
import pandas as pd
from scipy.optimize import minimize

from tefoundations.grid import Network


def theta_opf(net, load=None, susceptance="x_tap", limits=None):
    """(cost less value in $/h, prices, line multipliers), or None where the problem is infeasible."""
    lines, units, bids, n, m = net.lines, net.generators, net.bids, len(net.buses), len(net.lines)
    load = net.buses.load if load is None else load
    limit = lines.limit if limits is None else limits
    b = {"x_tap": 1 / (lines.x * lines.tap), "x": 1 / lines.x, "r_x": lines.x / (lines.r**2 + lines.x**2)}[susceptance]
    shift = np.deg2rad(lines.shift) * (susceptance != "r_x")
    ends = np.zeros((m, n))
    ends[np.arange(m), lines.start] += 1
    ends[np.arange(m), lines.end] -= 1

    p, q, angle = cp.Variable(len(units)), cp.Variable(max(len(bids), 1)), cp.Variable(n)
    dc = net.dclines
    sent, taken, brought = cp.Variable(max(len(dc), 1)), np.zeros((n, max(len(dc), 1))), np.zeros((n, max(len(dc), 1)))
    taken[dc.start, np.arange(len(dc))] = 1
    brought[dc.end, np.arange(len(dc))] = 1
    lost = brought[:, : len(dc)] @ dc.loss0
    brought[:, : len(dc)] *= 1 - dc.loss1
    flow = cp.multiply(net.base * b, ends @ angle - shift)
    place = np.zeros((n, len(units)))
    place[units.at, np.arange(len(units))] = 1
    sink = np.zeros((n, q.size))
    sink[bids.at, np.arange(len(bids))] = 1
    most = bids.p_max if len(bids) else np.zeros(1)
    objective = units.cost @ p + units.cost2 @ cp.square(p) + units.cost0.sum()
    given = place @ p - sink @ q + (brought - taken) @ sent - load - lost - net.buses.g_shunt
    balance = given == ends.T @ flow
    rules = [balance, p >= units.p_min, p <= units.p_max, q >= 0, q <= most, angle[net.slack_at] == 0]
    for row, curve in enumerate(units.curve):
        if curve is not None:  # the cost lies above each of the lines that its pieces lie on
            cost = cp.Variable()
            slopes = np.diff(curve[:, 1]) / np.diff(curve[:, 0])
            rules += [cost >= y + slope * (p[row] - x) for (x, y), slope in zip(curve, slopes)]
            objective += cost
    if len(bids):
        objective += -bids.value @ q + bids.value2 @ cp.square(q)
    if len(dc):
        rules += [sent >= dc.p_min, sent <= dc.p_max]
        objective += dc.cost @ sent + dc.cost2 @ cp.square(sent) + dc.cost0.sum()
    finite = np.isfinite(limit)
    if finite.any():
        rules += [flow[finite] <= limit[finite], flow[finite] >= -limit[finite]]
    apart = ends @ angle
    for bound, sign in ((lines.angle_max, 1), (lines.angle_min, -1)):
        known = np.isfinite(bound)
        if known.any():
            rules.append(sign * apart[known] <= sign * np.deg2rad(bound[known]))
    problem = cp.Problem(cp.Minimize(objective), rules)
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
    if problem.status in ("infeasible", "infeasible_inaccurate"):
        return None
    return problem.value, -rules[0].dual_value


def least_shed(net, load):
    """The least load that must be left in all (MW): a generator at 1 $/MWh for each load; all else is free."""
    frames, drawn = net.to_frames(), load + net.buses.g_shunt  # what DC lines lose is no load
    at = np.flatnonzero(drawn > 0)
    free = frames["generators"][["bus", "p_min", "p_max"]].assign(cost=0.0)
    shed = pd.DataFrame({"bus": net.buses.bus[at], "p_min": 0.0, "p_max": drawn[at], "cost": 1.0})
    units, bids = pd.concat([free, shed], ignore_index=True), frames["bids"].assign(value=0.0, value2=0.0)
    dc = frames.get("dclines")
    dc = None if dc is None else dc.assign(cost=0.0, cost2=0.0, cost0=0.0)
    relaxed = Network.from_frames(frames["buses"], frames["lines"], units, bids, dc, base=net.base, slack=net.slack)
    found = theta_opf(relaxed, load)
    return None if found is None else found[0]


def supports(d):
    """Does every unit and every bid get what it wants at its price, and does every line earn only if it is full?"""
    net, faults = d.net, []
    for unit, (p, price) in enumerate(zip(d.generation, d.lmp[net.generators.at])):
        low, high = marginal_cost(net, unit, p)
        if p < net.generators.p_max[unit] - 1e-5 and price > high + 1e-4:
            faults.append(f"{net.generators.name[unit]} wants to give more")
        if p > net.generators.p_min[unit] + 1e-5 and price < low - 1e-4:
            faults.append(f"{net.generators.name[unit]} wants to give less")
    for bid, (q, price) in enumerate(zip(d.demand, d.lmp[net.bids.at])):
        worth = net.bids.value[bid] - 2 * net.bids.value2[bid] * q
        if q < net.bids.p_max[bid] - 1e-5 and price < worth - 1e-4 or q > 1e-5 and price > worth + 1e-4:
            faults.append(f"{net.bids.name[bid]} wants another amount")
    dc = net.dclines
    for line, (sent, earned) in enumerate(zip(d.dc_flow, d.lmp[dc.end] * (1 - dc.loss1) - d.lmp[dc.start])):
        own = dc.cost[line] + 2 * dc.cost2[line] * sent
        if sent < dc.p_max[line] - 1e-5 and earned > own + 1e-4 or sent > dc.p_min[line] + 1e-5 and earned < own - 1e-4:
            faults.append(f"{dc.name[line]} wants another flow")
    low, high = d.limits
    earns = np.abs(d.multiplier) > 1e-6
    at_end = np.where(d.multiplier > 0, np.abs(d.flow - high) < 1e-4, np.abs(d.flow - low) < 1e-4)
    return faults + [f"{name} earns and is not full" for name in net.lines.name[earns & ~at_end]]


def marginal_cost(net, unit, p):
    """Marginal cost of a megawatt less and of a megawatt more."""
    curve = net.generators.curve[unit]
    if curve is None:
        return (net.generators.cost[unit] + 2 * net.generators.cost2[unit] * p,) * 2
    slopes = np.diff(curve[:, 1]) / np.diff(curve[:, 0])
    corners = curve[1:-1, 0]
    return slopes[np.searchsorted(corners, p - 1e-5)], slopes[np.searchsorted(corners, p + 1e-5)]


def rectangular_opf(net):
    """The AC-OPF by an independent route: real and imaginary voltages, quadratic forms of the admittance matrix, SLSQP.

    (cost in $/h, prices, reactive prices, multipliers of the ratings by generator); units of constant power factor, curves
    of cost and bids are not in it.
    """
    n, g, base, units, lines = len(net.buses), len(net.generators), net.base, net.generators, net.lines
    at_ends = _end_admittances(net)
    bus_rows = np.diag((net.buses.g_shunt + 1j * net.buses.b_shunt) / base).astype(complex)
    for at, row in at_ends:
        bus_rows[at] += row
    forms = np.array([_forms(at, row) for at, row in zip(range(n), bus_rows)])
    rated, full = np.flatnonzero(np.isfinite(units.s_max)), np.flatnonzero(np.isfinite(np.r_[lines.limit, lines.limit]))
    line_forms = np.array([_forms(*at_ends[end]) for end in full]).reshape(-1, 2, 2 * n, 2 * n)
    line_limit, rating = np.r_[lines.limit, lines.limit][full] / base, units.s_max[rated] / base
    place = np.eye(n)[:, units.at]
    load = np.stack([net.buses.load, net.buses.q_load]) / base

    def split(y):
        return y[: 2 * n], y[2 * n : 2 * n + g], y[2 * n + g :]

    def balances(y):
        x, p, q = split(y)
        return (np.einsum("i,nkij,j->kn", x, forms, x) + load - np.stack([place @ p, place @ q])).ravel()

    def balance_slopes(y):
        by_x = 2 * np.einsum("nkij,j->kni", forms, split(y)[0]).reshape(2 * n, 2 * n)
        none = np.zeros_like(place)
        return np.hstack([by_x, np.vstack([-place, none]), np.vstack([none, -place])])

    def room(y):
        x, p, q = split(y)
        flows, squares = np.einsum("i,lkij,j->lk", x, line_forms, x), x[:n] ** 2 + x[n:] ** 2
        return np.r_[line_limit**2 - (flows**2).sum(axis=1), squares - net.buses.v_min**2, net.buses.v_max**2 - squares,
                     rating**2 - p[rated] ** 2 - q[rated] ** 2]  # fmt: skip

    def room_slopes(y):
        x, p, q = split(y)
        flows, slopes = np.einsum("i,lkij,j->lk", x, line_forms, x), 2 * np.einsum("lkij,j->lki", line_forms, x)
        squares = 2 * np.hstack([np.diag(x[:n]), np.diag(x[n:])])
        by_x = np.vstack([-2 * np.einsum("lk,lki->li", flows, slopes), squares, -squares, np.zeros((len(rated), 2 * n))])
        pick, above = np.eye(g)[rated], np.zeros((len(by_x) - len(rated), 2 * g))
        return np.hstack([by_x, np.vstack([above, np.hstack([-2 * pick * p, -2 * pick * q])])])

    def cost(y):
        p = base * split(y)[1]
        return float(units.cost @ p + units.cost2 @ p**2) / worth

    def cost_slopes(y):
        return np.r_[np.zeros(2 * n), base * (units.cost + 2 * units.cost2 * base * split(y)[1]) / worth, np.zeros(g)]

    worth = max(np.abs(units.cost).max(), 1.0) * base
    ends = [
        *[(-2, 2)] * n,
        *[(-2, 2)] * n,
        *zip(units.p_min / base, units.p_max / base),
        *zip(units.q_min / base, units.q_max / base),
    ]
    ends[n + net.slack_at] = (0, 0)
    start = np.r_[np.ones(n), np.zeros(n), np.full(g, load[0].sum() / g), np.full(g, load[1].sum() / g)]
    rules = [{"type": "eq", "fun": balances, "jac": balance_slopes}, {"type": "ineq", "fun": room, "jac": room_slopes}]
    options = {"maxiter": 500, "ftol": 1e-12}
    found = minimize(cost, start, jac=cost_slopes, bounds=ends, constraints=rules, method="SLSQP", options=options)
    assert np.abs(balances(found.x)).max() < 1e-9 and room(found.x).min() > -1e-9, found.message
    price = -found.multipliers[: 2 * n] * worth / base
    of_ratings = np.zeros(g)
    of_ratings[rated] = 2 * rating * found.multipliers[len(found.multipliers) - len(rated) :] * worth / base
    return found.fun * worth + units.cost0.sum(), price[:n], price[n:], of_ratings


def _end_admittances(net):
    """(bus, row of admittances) of each line end, all near ends and then all far ends: MATPOWER's pi circuit."""
    lines, rows = net.lines, []
    for far in (False, True):
        for line in range(len(lines)):
            series, half = 1 / (lines.r[line] + 1j * lines.x[line]), (lines.g[line] + 1j * lines.b[line]) / 2
            ratio = lines.tap[line] * np.exp(1j * np.deg2rad(lines.shift[line]))
            row, (a, b) = np.zeros(len(net.buses), dtype=complex), (lines.start[line], lines.end[line])
            row[a] += -series / ratio if far else (series + half) / lines.tap[line] ** 2
            row[b] += series + half if far else -series / ratio.conj()
            rows.append((b if far else a, row))
    return rows


def _forms(at, row):
    """P and Q of V[at] conj(row V) as matrices of quadratic forms of [real V, imaginary V]."""
    product = np.zeros((len(row), len(row)), dtype=complex)
    product[at] = row
    found = []
    for form in ((product + product.conj().T) / 2, (product.conj().T - product) / 2j):
        found.append(np.block([[form.real, -form.imag], [form.imag, form.real]]))
    return np.array(found)
