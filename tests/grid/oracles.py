"""The DC-OPF once more, by an independent route: angles as variables, every line a constraint, modelled in cvxpy."""

import cvxpy as cp
import numpy as np
import pandas as pd

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
