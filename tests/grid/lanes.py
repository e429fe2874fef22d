"""Random feeders with homes that want to send, and their limits as dense rows, built from the ways to the slack."""

import numpy as np

from tefoundations.grid import Network


def random_street(seed, n=9, taps=False):
    """(net, buses of the members, what they want in MW): limits of lines and voltages both bind now and then."""
    rng = np.random.default_rng(seed)
    parent, child = np.array([rng.integers(max(0, i - 4), i) for i in range(1, n)]), np.arange(1, n)
    turned = rng.random(n - 1) < 0.3
    load = np.r_[0, rng.uniform(0, 0.01, n - 1) * (rng.random(n - 1) < 0.5)]
    lines = {
        "from_bus": np.where(turned, child, parent), "to_bus": np.where(turned, parent, child),
        "r": rng.uniform(0.01, 0.06, n - 1), "x": rng.uniform(0.005, 0.06, n - 1),
        "limit": np.where(rng.random(n - 1) < 0.3, np.inf, rng.uniform(0.04, 0.12, n - 1)),
        "tap": 1 + taps * rng.uniform(-0.01, 0.01, n - 1),
    }  # fmt: skip
    net = Network.from_frames(
        {"bus": range(n), "load": load, "q_load": 0.3 * load, "v_max": rng.uniform(1.02, 1.06)},
        lines, {"bus": [0], "p_min": [-9], "p_max": [9], "cost": [30]}, base=0.1,
    )  # fmt: skip
    members = rng.integers(1, n, int(rng.integers(1, 8)))
    return net, members, rng.choice([0.0, 0.004, 0.01, 0.03, 0.05], len(members))


def rows(net, members, tan_phi=0.0):
    """(A, b) with A @ exports <= b for lines without taps: reverse flow of each line, squared voltage of each bus."""
    n, m, lines = len(net.buses), len(net.lines), net.lines
    way = np.zeros((n, m))
    reached, found = {net.slack_at}, True
    while found:
        found = False
        for line, (a, b) in enumerate(zip(lines.start.tolist(), lines.end.tolist())):
            for near, far in ((a, b), (b, a)):
                if near in reached and far not in reached:
                    way[far] = way[near]
                    way[far, line], found = 1, True
                    reached.add(far)
    P, Q = way.T @ net.buses.load, way.T @ net.buses.q_load
    weight = 2 * way @ np.diag(lines.r - tan_phi * lines.x) @ way.T / net.base
    square = 1 - 2 * way @ (lines.r * P + lines.x * Q) / net.base
    limited, others = np.isfinite(lines.limit), np.delete(np.arange(n), net.slack_at)
    # the larger root of (E - P)^2 + (Q + t E)^2 = limit^2
    a, h, c = 1 + tan_phi**2, P - tan_phi * Q, P**2 + Q**2 - np.where(limited, lines.limit, 1) ** 2
    most = (h + np.sqrt(np.maximum(h**2 - a * c, 0))) / a
    A = np.vstack([way.T[limited][:, members], np.maximum(weight, 0)[others][:, members]])
    b = np.r_[most[limited], (net.buses.v_max**2 - square)[others]]
    low = np.maximum(-weight, 0)[others][:, members]
    return np.vstack([A, low]), np.r_[b, (square - net.buses.v_min**2)[others]]
