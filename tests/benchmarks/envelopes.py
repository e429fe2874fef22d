"""How fast are the export limits of a street? Filling and a sparse programme against the same rules written in cvxpy.

`make bench` runs this and writes data/measurements/envelopes.csv, which a chapter shows. cvxpy with HiGHS and Clarabel
lives in an environment of its own. Streets are random trees; all homes want the same, lines and voltages bind. The
network is made beforehand, and so are the dense rows that the peer is given: its time holds the model and the solution.
Routes that find another sum are left out.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from clearing import environment, write
from turns_worker import Peer, in_turns, timed

from tefoundations.grid import Network, export_limits

CVXPY = ["cvxpy==1.8.1", "highspy", "clarabel", "numpy", "scipy"]
HOMES = (100, 300, 1_000)
AGREE = {"most": 1e-7, "equal": 1e-6, "log": 1e-5}  # of the sum; a product is flat at its top
WORDS = {"most": "largest sum", "equal": "most equal limits", "log": "largest product"}


def street(count, seed=0):
    """(net, buses, MW wanted, dense rows): homes on a tree, thinner towards its ends."""
    rng = np.random.default_rng(seed)
    parent = np.array([0] + [int(rng.integers(max(0, i - 60), i)) for i in range(2, count + 1)])
    wanted, load = np.full(count, 0.008), rng.uniform(0, 0.0015, count)
    way = np.zeros((count + 1, count))
    for bus in range(1, count + 1):
        way[bus] = way[parent[bus - 1]]
        way[bus, bus - 1] = 1
    way = way[1:]
    behind = way.T @ wanted
    limit, r = behind * rng.uniform(0.6, 1.4, count) + 0.002, 0.004 / behind.clip(0.02) * rng.uniform(0.3, 1, count)
    net = Network.from_frames(
        {"bus": range(count + 1), "load": np.r_[0, load], "q_load": np.r_[0, 0.3 * load], "v_max": 1.08},
        {"from_bus": parent, "to_bus": range(1, count + 1), "r": r, "x": 0.3 * r, "limit": limit},
        {"bus": [0], "p_min": [-99], "p_max": [99], "cost": [30]}, base=1.0,
    )  # fmt: skip
    P = way.T @ load
    square = 1 - 2 * way @ (r * P + 0.3 * r * 0.3 * P)
    A, b = np.vstack([way.T, 2 * way @ np.diag(r) @ way.T]), np.r_[np.sqrt(limit**2 - (0.3 * P) ** 2) + P, 1.08**2 - square]
    return net, np.arange(1, count + 1), wanted, {"A": A, "b": b, "wanted": wanted}


def main():
    python, found = environment("cvxpy", CVXPY), []
    for count in HOMES:
        net, members, wanted, rows = street(count)
        for rule, words in WORDS.items():

            def ours(rule=rule, net=net, members=members, wanted=wanted):
                return [export_limits(net, members=members, wanted=wanted, rule=rule).total]

            with Peer(python, "cvxpy_worker.py", rows | {"rule": np.array(rule)}) as peer:
                print(f"{count} homes, {words}")
                found.append((words, count, in_turns({"our own": timed(ours), "cvxpy, dense rows": peer}, AGREE[rule])))
    write("envelopes", "homes", found)


if __name__ == "__main__":
    main()
