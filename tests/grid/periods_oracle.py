"""Networks for coupled hours, and these once more by an independent route: angles, and every line a constraint, in cvxpy."""

from types import SimpleNamespace

import cvxpy as cp
import numpy as np

from tefoundations.grid import Network, Store

NOTHING = {"from_bus": [], "to_bus": [], "x": []}


def island(p_max=(50, 100), cost=(20, 60)):
    units = {"bus": [1, 1], "p_max": p_max, "cost": cost, "name": ["base", "peak"]}
    return Network.from_frames({"bus": [1]}, NOTHING, units)


def two_towns(limit=40):
    """Cheap power at a, 60 MW of load at b, and a line between them that carries too little."""
    return Network.from_frames(
        {"bus": ["a", "b"], "load": [0, 0]}, {"from_bus": ["a"], "to_bus": ["b"], "x": [0.1], "limit": [limit]},
        {"bus": ["a", "b"], "p_max": [200, 100], "cost": [20, 80], "name": ["wind", "gas"]},
    )  # fmt: skip


def by_cvxpy(net, load, stores=(), p_max=None, ramps=None, hours=1.0, gift=None):
    """Cost ($), prices and worth of stored energy; None where nothing fits. Only arrays; `gift` is MWh put into stores."""
    lines, units, (steps, n), m = net.lines, net.generators, load.shape, len(net.lines)
    p_max = np.tile(units.p_max, (steps, 1)) if p_max is None else p_max
    ends, place, stands = np.zeros((m, n)), np.zeros((len(units), n)), np.zeros((len(stores), n))
    ends[np.arange(m), lines.start] += 1
    ends[np.arange(m), lines.end] -= 1
    place[np.arange(len(units)), units.at] = 1
    for row, store in enumerate(stores):
        stands[row, net.position(store.bus)] = 1

    def of(name):
        return np.array([getattr(store, name) for store in stores], dtype=float)

    p, angle = cp.Variable((steps, len(units))), cp.Variable((steps, n))
    flow = cp.multiply(np.tile(net.base / (lines.x * lines.tap), (steps, 1)), angle @ ends.T - np.deg2rad(lines.shift))
    inside = p @ place - load - net.buses.g_shunt
    rules, cost = [p >= units.p_min, p <= p_max, angle[:, net.slack_at] == 0], hours * cp.sum(p @ units.cost)
    held = None
    if stores:
        c, d, e = (cp.Variable((steps, len(stores))) for _ in range(3))
        inside = inside + (d - c) @ stands
        before = cp.vstack([of("initial_energy")[None], e[:-1]]) if steps > 1 else of("initial_energy")[None]
        kept = np.tile((1 - of("self_discharge")) ** hours, (steps, 1))
        gift = np.zeros((steps, len(stores))) if gift is None else gift
        inflow = hours * (c @ np.diag(of("charge_efficiency")) - d @ np.diag(1 / of("discharge_efficiency")))
        held = e == cp.multiply(kept, before) + gift + inflow
        most = [np.tile(of(name), (steps, 1)) for name in ("power", "power_out", "energy")]
        rules += [
            held,
            e[-1] >= of("final_energy"),
            *(x >= 0 for x in (c, d, e)),
            *(x <= y for x, y in zip((c, d, e), most)),
        ]
        cost = cost + hours * cp.sum(d @ of("cycle_cost")) - e[-1] @ of("end_value")
    balance = inside == flow @ ends
    finite = np.isfinite(lines.limit)
    if finite.any():
        most = np.tile(lines.limit[finite], (steps, 1))
        # Two rows and no abs: cvxpy 1.9.3 bounds the abs of such a flow wrongly, and finds another optimum or none.
        rules += [flow[:, finite] <= most, flow[:, finite] >= -most]
    if ramps is not None and steps > 1:
        has = np.isfinite(ramps)
        most = np.tile(hours * ramps[has], (steps - 1, 1))
        rules += [p[1:, has] - p[:-1, has] <= most, p[1:, has] - p[:-1, has] >= -most]
    programme = cp.Problem(cp.Minimize(cost), [balance, *rules])
    programme.solve(solver="HIGHS")
    if programme.status not in ("optimal", "optimal_inaccurate"):
        return None
    worth = None if held is None else held.dual_value
    return SimpleNamespace(cost=float(programme.value), lmp=-balance.dual_value / hours, worth=worth)


def drawn(seed, ramped=True):
    """A random network with loads, stores, weather and ramps: (net, load, keywords, ramps as array)."""
    rng = np.random.default_rng(seed)
    n, steps, hours = int(rng.integers(1, 6)), int(rng.integers(1, 9)), float(rng.choice([0.5, 1, 2]))
    tree = [(int(rng.integers(i)), i) for i in range(1, n)]
    more = [tuple(sorted(rng.choice(n, 2, replace=False).tolist())) for _ in range(int(rng.integers(0, 4)))] if n > 1 else []
    lines, size = tree + more, 60 * n
    limit = np.where(rng.random(len(lines)) < 0.6, rng.uniform(20, 80, len(lines)), np.inf)
    table = {"from_bus": [a for a, _ in lines], "to_bus": [b for _, b in lines], "x": rng.uniform(0.05, 0.4, len(lines)),
             "limit": limit}  # fmt: skip
    g = int(rng.integers(2, 5))
    units = {"bus": rng.integers(n, size=g + 1), "p_max": np.r_[rng.uniform(0.2, 1, g) * size, 3 * size],
             "cost": np.r_[rng.uniform(5, 60, g), 90], "name": [f"u{i}" for i in range(g + 1)]}  # fmt: skip
    net = Network.from_frames({"bus": list(range(n)), "load": np.zeros(n)}, table, units)
    load = rng.uniform(0, 60, (steps, n)) * rng.uniform(0.3, 1.2, (steps, 1))
    stores = []
    for row in range(int(rng.integers(1, 4))):
        energy, power = rng.uniform(10, 80), rng.uniform(5, 40)
        first = rng.uniform(0, energy)
        stores.append(Store(
            int(rng.integers(n)), energy, power, rng.uniform(5, 40), charge_efficiency=rng.uniform(0.8, 1),
            discharge_efficiency=rng.uniform(0.8, 1), initial_energy=first, final_energy=rng.choice([0, 0.7]) * first,
            end_value=rng.choice([0, 30]), self_discharge=rng.choice([0, 0.02]), cycle_cost=rng.choice([0, 2.0]),
            name=f"s{row}"))  # fmt: skip
    p_max = np.tile(net.generators.p_max, (steps, 1))
    p_max[:, 0] *= rng.uniform(0, 1, steps)
    ramps = np.where(rng.random(g + 1) < 0.4, rng.uniform(10, 80, g + 1), np.inf)
    ramps[-1] = np.inf
    given = {"stores": stores, "p_max": p_max, "hours": hours} | ({"ramps": ramps} if ramped else {})
    return net, load, given
