"""Runs inside casadi's own environment: builds the AC-OPF in polar coordinates and solves it by IPOPT, whenever asked."""

import casadi
import numpy as np
from scipy.sparse import csc_array
from turns_worker import serve, stopwatch

FAR = 1e3  # per unit; a limit beyond this says nothing about where to start


def programme(data):
    """The programme for `nlpsol`, its flat start and bounds, all per unit: angles, voltages, active and reactive outputs."""
    n, g, both = len(data["load"]), len(data["at"]), lambda from_end, to_end: np.concatenate([from_end, to_end])
    start, end = data["start"], data["end"]
    own, far = both(start, end), both(end, start)
    series = 1 / (data["r"] + 1j * data["x"])
    straight, ratio = series + (data["g"] + 1j * data["b"]) / 2, data["tap"] * np.exp(1j * data["shift"])
    near, across = both(straight / data["tap"] ** 2, straight).conj(), both(-series / ratio.conj(), -series / ratio).conj()

    angle, v, p, q = (casadi.SX.sym(name, size) for name, size in (("angle", n), ("v", n), ("p", g), ("q", g)))
    apart, product = angle[own] - angle[far], v[own] * v[far]
    cos, sin = product * casadi.cos(apart), product * casadi.sin(apart)
    p_end = near.real * v[own] ** 2 + across.real * cos - across.imag * sin
    q_end = near.imag * v[own] ** 2 + across.real * sin + across.imag * cos
    sums = casadi.DM(csc_array((np.ones(len(own)), (own, np.arange(len(own)))), shape=(n, len(own))))
    place = casadi.DM(csc_array((np.ones(g), (data["at"], np.arange(g))), shape=(n, g)))
    p_balance = sums @ p_end + data["g_shunt"] * v**2 + data["load"] - place @ p
    q_balance = sums @ q_end - data["b_shunt"] * v**2 + data["q_load"] - place @ q

    limit = both(data["limit"], data["limit"])
    limited = np.flatnonzero(np.isfinite(limit))
    wide = np.flatnonzero(np.isfinite(data["angle_min"]) | np.isfinite(data["angle_max"]))
    laws = [p_balance, q_balance, p_end[limited] ** 2 + q_end[limited] ** 2, angle[start[wide]] - angle[end[wide]]]
    cost = casadi.dot(data["cost2"], p**2) + casadi.dot(data["cost"], p)
    balanced, endless = np.zeros(2 * n), np.full(n, np.inf)
    endless[data["slack"]] = 0.0
    low = np.concatenate([-endless, data["v_min"], data["p_min"], data["q_min"]])
    high = np.concatenate([endless, data["v_max"], data["p_max"], data["q_max"]])
    middle = (np.maximum(low, -FAR) + np.minimum(high, FAR))[2 * n :] / 2
    flat = np.concatenate([np.zeros(n), np.ones(n), middle])
    return {"x": casadi.vertcat(angle, v, p, q), "f": cost, "g": casadi.vertcat(*laws)}, {
        "x0": flat, "lbx": low, "ubx": high,
        "lbg": np.concatenate([balanced, np.full(len(limited), -np.inf), data["angle_min"][wide]]),
        "ubg": np.concatenate([balanced, limit[limited] ** 2, data["angle_max"][wide]]),
    }  # fmt: skip


def solve(data):
    """Build and solve; the objective without what is paid whatever is dispatched."""
    elapsed = stopwatch()
    problem, given = programme(data)
    solver = casadi.nlpsol("opf", "ipopt", problem, {"print_time": False, "ipopt.print_level": 0, "ipopt.sb": "yes"})
    built = elapsed()
    answer = solver(**given)
    done = elapsed()
    if not solver.stats()["success"]:
        raise RuntimeError(f"IPOPT: {solver.stats()['return_status']}")
    return {"seconds": {"": done, ", the solver alone": done - built}, "value": [float(answer["f"])]}


if __name__ == "__main__":
    serve(dict, solve)
