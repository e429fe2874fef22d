"""Runs inside cvxpy's own environment: export limits of a street from dense rows A @ x <= b, whenever asked."""

import cvxpy as cp
import numpy as np
from turns_worker import serve, stopwatch


def solve(arrays):
    A, b, wanted, rule = arrays["A"], arrays["b"], arrays["wanted"], str(arrays["rule"])
    elapsed = stopwatch()
    x = by_levels(A, b, wanted) if rule == "equal" else best(A, b, wanted, rule)
    return {"seconds": {"": elapsed()}, "value": [x.sum()]}


def best(A, b, wanted, rule):
    x = cp.Variable(len(wanted))
    goal, solver = (cp.sum(x), cp.HIGHS) if rule == "most" else (cp.sum(cp.log(x)), cp.CLARABEL)
    cp.Problem(cp.Maximize(goal), [A @ x <= b, x <= wanted, x >= 0]).solve(solver=solver)
    return x.value


def by_levels(A, b, wanted):
    """Max-min of homes that want the same: the highest common level, then once more without those whom a full row stops."""
    x, free = np.zeros(len(wanted)), np.ones(len(wanted), dtype=bool)
    while free.any():
        level = cp.Variable()
        rows = A[:, free].sum(axis=1) * level <= b - A @ np.where(free, 0, x)
        cp.Problem(cp.Maximize(level), [rows, level <= wanted[free][0]]).solve(solver=cp.HIGHS)
        x[free] = level.value
        full = A @ x >= b - 1e-8 * np.abs(b)
        free &= ~((A[full] > 0).any(axis=0) | (x >= wanted - 1e-9))
    return x


if __name__ == "__main__":
    serve(lambda arrays: arrays, solve)
