"""How fast is one schedule for many scenarios? Lines as they are needed, against cvxpy with all of them, and Benders' cuts.

`make bench` runs this and writes data/measurements/stochastic.csv. The network is PGLib's 118 buses with ten wind parks;
loads and wind differ between scenarios. Every second unit may move for 5 $/MWh. cvxpy (with HiGHS) lives in an environment
of its own and writes the model as one does, with an angle for every bus in each scenario and every limit of every line.
Benders' decomposition stands on the package: a schedule is tried on all scenarios, and costs and prices are cuts for the
next one. All read prices, and must find the same cost. Each figure is the median of several turns, one thread a solver.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from clearing import ROOT, environment, write
from dispatch import arrays
from scipy.optimize import linprog
from turns_worker import Peer, in_turns, timed

from tefoundations.grid import Network, Scenarios, stochastic_opf

COUNTS, OF_PEERS = (20, 100, 300, 1000), 300  # the others take minutes for a thousand
PEER = ["cvxpy-base==1.9.3", "highspy==1.15.1", "scipy>=1.14", "numpy>=2"]
PARKS, PREMIUM, VOLL = 10, 5.0, 5000.0
AGREE, GAP, ROUNDS = 1e-6, 1e-6, 60


def network():
    """PGLib's 118 buses and ten wind parks of 150 MW at buses drawn once."""
    frames = Network.from_matpower(ROOT / "data" / "cases" / "pglib_opf_case118_ieee.m").to_frames()
    rng, units = np.random.default_rng(0), frames["generators"]
    parks = units.iloc[:PARKS].assign(
        bus=rng.choice(frames["buses"]["bus"], PARKS, replace=False), p_min=0.0, p_max=150.0, cost=0.0, cost2=0.0, cost0=0.0,
        name=[f"wind {i}" for i in range(PARKS)],
    )  # fmt: skip
    frames["generators"] = units._append(parks, ignore_index=True)
    return Network.from_frames(**frames)


def weather(net, count):
    """Scenarios as likely as each other: loads by bus with a tenth of noise, wind from nothing to all."""
    rng = np.random.default_rng(count)
    wind = 150 * rng.beta(1.2, 1.8, (count, 1)) * rng.uniform(0.6, 1, (count, PARKS))
    p_max = np.tile(net.generators.p_max, (count, 1))
    p_max[:, -PARKS:] = wind
    return Scenarios(
        np.full(count, 1 / count), load=net.buses.load * rng.normal(1, 0.1, (count, len(net.buses))), p_max=p_max
    )


def options(net):
    count = len(net.generators)
    wind = np.arange(count) >= count - PARKS
    premium = np.where(wind, 0.0, PREMIUM)
    return {"flexible": wind | (np.arange(count) % 2 == 0), "up": premium, "down": premium, "voll": VOLL}


def benders(net, scenarios, given):
    """Multi-cut: each scenario's cost is at least every tangent that a tried schedule has shown."""
    units, count = net.generators, len(scenarios)
    cut = np.flatnonzero(~given["flexible"] | (given["up"] > 0))
    movable = given["flexible"][cut]
    x, best, rows, right = stochastic_opf(net, scenarios._mean, **given).schedule[cut], np.inf, [], []
    for _ in range(ROUNDS):
        s = stochastic_opf(net, scenarios, **given, schedule=dict(zip(units.name[cut], x)))
        best = min(best, s.cost)
        price = s.lmp[:, units.at[cut]]
        low, high = units.cost[cut] - PREMIUM, units.cost[cut] + PREMIUM
        # What one more scheduled MW saves: all of the price if the unit stands still, else no more than its moves cost.
        slope = units.cost[cut] - np.where(movable, np.clip(price, low, high), price)
        for row in range(count):
            rows.append(np.r_[-slope[row], np.eye(count)[row]])
            right.append(s.costs[row] - slope[row] @ x)
        found = linprog(
            np.r_[np.zeros(len(cut)), scenarios.probability], A_ub=-np.array(rows), b_ub=-np.array(right),
            bounds=[*zip(units.p_min[cut], units.p_max[cut]), *[(0, None)] * count],
        )  # fmt: skip
        if best - found.fun < GAP * best:
            return best
        x = np.clip(found.x[: len(cut)], units.p_min[cut], units.p_max[cut])
    raise RuntimeError(f"Benders: a gap of {best - found.fun:g} $ is left after {ROUNDS} rounds")


def compared(net, count, python):
    scenarios, given = weather(net, count), options(net)
    load, most, _ = scenarios._arrays(net)
    data = arrays(net, load) | given | {"chances": scenarios.probability, "most": most}

    def ours():
        s = stochastic_opf(net, scenarios, **given)
        return [s.cost, float(np.isfinite(s.lmp).all())]

    routes = {"lines as needed": timed(ours)}
    if count > OF_PEERS:
        return in_turns(routes, AGREE)
    with Peer(python, "scenarios_worker.py", data) as peer:
        routes["cvxpy, all lines"] = peer
        if count <= 100:
            routes["Benders' cuts"] = timed(lambda: [benders(net, scenarios, given), 1.0])
        return in_turns(routes, AGREE)


def main():
    net, python = network(), environment("cvxpy", PEER)
    found = []
    for count in COUNTS:
        print(f"{count} scenarios")
        found.append(("118 buses", count, compared(net, count, python)))
    write("stochastic", "scenarios", found)


if __name__ == "__main__":
    main()
