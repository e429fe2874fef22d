"""Runs inside cvxpy's own environment: one schedule for all scenarios, an angle for every bus in each."""

import cvxpy as cp
import numpy as np
from scipy.sparse import csr_array
from turns_worker import serve, stopwatch


def solve(data):
    elapsed = stopwatch()
    n, m, g, base = len(data["bus"]), len(data["b"]), len(data["at"]), data["base"]
    chances, load, p_max = data["chances"], data["loads"] / base, data["most"] / base
    count, every = len(chances), np.arange(m)
    ends = (np.tile(every, 2), np.concatenate([data["start"], data["end"]]))
    incidence = csr_array((np.repeat([1.0, -1.0], m), ends), shape=(m, n))
    place = csr_array((np.ones(g), (data["at"], np.arange(g))), shape=(n, g))
    x, up, down = cp.Variable(g), cp.Variable((g, count), nonneg=True), cp.Variable((g, count), nonneg=True)
    shed, angle = cp.Variable((n, count), nonneg=True), cp.Variable((n, count))
    output = x[:, None] @ np.ones((1, count)) + up - down
    flow = cp.multiply(data["b"][:, None], incidence @ angle - data["shift"][:, None])
    balance = place @ output + shed - load.T == incidence.T @ flow
    still = np.flatnonzero(~data["flexible"])
    rules = [balance, output >= data["p_min"][:, None] / base, output <= p_max.T, up[still] == 0, down[still] == 0,
             x >= data["p_min"] / base, x <= data["p_max"] / base, shed <= np.maximum(load.T, 0),
             angle[data["slack"]] == 0]  # fmt: skip
    limited = np.flatnonzero(np.isfinite(data["limit"]))
    limit = data["limit"][limited, None] / base
    rules += [flow[limited] <= limit, flow[limited] >= -limit]
    each = data["cost"] @ output + data["up"] @ up + data["down"] @ down + data["voll"] * cp.sum(shed, axis=0)
    problem = cp.Problem(cp.Minimize(base * (each @ chances)), rules)
    problem.solve(solver=cp.HIGHS)
    if problem.status != "optimal":
        raise RuntimeError(f"cvxpy: {problem.status}")
    prices = -balance.dual_value / base / chances
    seconds = elapsed()
    return {"seconds": {"": seconds}, "value": [problem.value, float(np.isfinite(prices).all())]}


if __name__ == "__main__":
    serve(lambda data: data, solve)
