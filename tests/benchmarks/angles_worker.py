"""The DC-OPF as it is usually written, with an angle for every bus, by the solvers of this environment.

dispatch.py times these three. Each takes the arrays of a network (see `arrays` there) and then solves for loads, (n,) MW,
returning the prices. All limits of all lines are constraints. Power is in per unit within.
"""

import numpy as np
from scipy.sparse import csr_array


class HighsAngles:
    """HiGHS without a modelling language: one matrix, put together from arrays."""

    def __init__(self, data):
        import highspy

        n, g, limited = len(data["bus"]), len(data["at"]), np.flatnonzero(np.isfinite(data["limit"]))
        start, end, b, base, units, balance = data["start"], data["end"], data["b"], data["base"], np.arange(g), np.arange(n)
        capped = n + np.arange(len(limited))  # the rows after the n balances; columns are outputs, then angles
        rows = np.concatenate([data["at"], start, start, end, end, capped, capped])
        columns = np.concatenate([units, g + start, g + end, g + start, g + end, g + start[limited], g + end[limited]])
        values = np.concatenate([np.ones(g), -b, b, b, -b, b[limited], -b[limited]])
        matrix = csr_array((values, (rows, columns)), shape=(n + len(limited), g + n))
        constant = b * data["shift"]  # a phase shifter takes this off its flow
        self.base, self.shifted, self.balance = (
            base,
            np.bincount(end, constant, n) - np.bincount(start, constant, n),
            balance,
        )
        limit, free = data["limit"][limited] / base, np.full(n, np.inf)
        free[data["slack"]] = 0.0
        low = np.concatenate([np.zeros(n), constant[limited] - limit])
        high = np.concatenate([np.zeros(n), constant[limited] + limit])
        column_low, column_high = np.concatenate([data["p_min"] / base, -free]), np.concatenate([data["p_max"] / base, free])
        self.highs, by_row, minimise = highspy.Highs(), 2, 1
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 1)
        self.highs.passModel(g + n, n + len(limited), matrix.nnz, by_row, minimise, 0.0,
                             np.concatenate([data["cost"] * base, np.zeros(n)]), column_low, column_high, low, high,
                             matrix.indptr, matrix.indices, matrix.data, np.zeros(g + n, dtype=np.int32))  # fmt: skip
        if data["cost2"].any():
            lower, starts = 1, np.minimum(np.arange(g + n + 1), g)
            self.highs.passHessian(g + n, g, lower, starts, units, 2 * data["cost2"] * base**2)

    def solve(self, load):
        import highspy

        right = load / self.base + self.shifted
        self.highs.changeRowsBounds(len(right), self.balance, right, right)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS: {self.highs.getModelStatus()}")
        return np.array(self.highs.getSolution().row_dual)[: len(right)] / self.base


class CvxpyAngles:
    """The model as one writes it in cvxpy, for Clarabel. Without a load it is a parameter: compiled once, solved often."""

    def __init__(self, data, load=None):
        import cvxpy as cp

        n, m, g, base = len(data["bus"]), len(data["b"]), len(data["at"]), data["base"]
        every, ends = np.arange(m), np.repeat([1.0, -1.0], m)
        incidence = csr_array((ends, (np.tile(every, 2), np.concatenate([data["start"], data["end"]]))), shape=(m, n))
        place = csr_array((np.ones(g), (data["at"], np.arange(g))), shape=(n, g))
        self.base, self.load = base, cp.Parameter(n)
        p, angle = cp.Variable(g), cp.Variable(n)
        flow = cp.multiply(data["b"], incidence @ angle - data["shift"])
        self.balance = place @ p - (self.load if load is None else load / base) == incidence.T @ flow
        limited = np.flatnonzero(np.isfinite(data["limit"]))
        rules = [self.balance, p >= data["p_min"] / base, p <= data["p_max"] / base, angle[data["slack"]] == 0]
        if len(limited):
            rules += [flow[limited] <= data["limit"][limited] / base, flow[limited] >= -data["limit"][limited] / base]
        cost = base * data["cost"] @ p
        if data["cost2"].any():
            cost = cost + base**2 * data["cost2"] @ cp.square(p)
        self.problem, self.solver = cp.Problem(cp.Minimize(cost), rules), cp.CLARABEL

    def solve(self, load=None):
        if load is not None:
            self.load.value = load / self.base
        self.problem.solve(solver=self.solver, max_threads=1)
        if self.problem.status != "optimal":
            raise RuntimeError(f"cvxpy: {self.problem.status}")
        return -self.balance.dual_value / self.base


class Pandapower:
    """pandapower's `rundcopp` on a net converted from the arrays: r = 0 and x = 1/b, with phase shifts."""

    def __init__(self, data):
        import logging
        import warnings

        import pandapower
        from pandapower.converter.pypower.from_ppc import from_ppc

        logging.disable(logging.WARNING)  # numba is not there, and it says so each time
        self.run = pandapower.rundcopp
        n, m, g, zero, one = len(data["bus"]), len(data["b"]), len(data["at"]), np.zeros, np.ones
        kind, limit = np.where(np.arange(n) == data["slack"], 3, 1), np.where(np.isfinite(data["limit"]), data["limit"], 0)
        kind[data["at"]] = np.maximum(kind[data["at"]], 2)
        bus = [np.arange(n), kind, zero(n), zero(n), zero(n), zero(n), one(n), one(n), zero(n), 100 * one(n), one(n),
               1.1 * one(n), 0.9 * one(n)]  # fmt: skip
        branch = [data["start"], data["end"], zero(m), 1 / data["b"], zero(m), limit, limit, limit, zero(m),
                  np.rad2deg(data["shift"]), one(m), -360 * one(m), 360 * one(m)]  # fmt: skip
        unit = [data["at"], zero(g), zero(g), one(g), -one(g), one(g), data["base"] * one(g), one(g), data["p_max"],
                data["p_min"], *[zero(g)] * 11]  # fmt: skip
        cost = [2 * one(g), zero(g), zero(g), 3 * one(g), data["cost2"], data["cost"], zero(g)]
        tables = {"bus": bus, "branch": branch, "gen": unit, "gencost": cost}
        case = {"version": "2", "baseMVA": float(data["base"])}
        case |= {table: np.column_stack(columns) for table, columns in tables.items()}
        with warnings.catch_warnings(action="ignore", category=FutureWarning):
            self.net = from_ppc(case)
        pandapower.create_loads(self.net, np.arange(n), p_mw=0.0)

    def solve(self, load):
        self.net.load["p_mw"] = load
        self.run(self.net)
        return self.net.res_bus.lam_p.to_numpy()
