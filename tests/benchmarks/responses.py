"""How fast is it known who serves one more megawatt? One linear system against two dispatches a bus.

`make bench` runs this and writes data/measurements/responses.csv, which a chapter draws. The networks are MATPOWER's cases
as pandapower brings them, with their quadratic costs; few of them have limits, so the lines that carry most are given limits
below that, until three are full (one is left out if it makes a kink, as lines in a row to one plant do). Both routes start
from the same solved dispatch and give the moves of every generator for one more megawatt at every bus. The differences use a
model that keeps its solver and its price regime between solves, the fastest that we have. DynamicMarginalEmissions.jl, which
solves the same system, needs Julia and is not compared. Each figure is the median of several turns, one after the other in
every round, one thread a solver.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from clearing import write
from turns_worker import in_turns, timed

from tefoundations.errors import Infeasible
from tefoundations.grid import DispatchModel, Network, marginal_emissions, response

CASES = (14, 30, 57, 118, 300)
FULL, SQUEEZED = 3, 0.9  # so many lines get a limit of this share of what they carry without one
STEP = 1e-3  # MW
AGREE = 1e-4  # of the largest move: differences of two solves


def squeezed(net):
    """A model and limits (MW) under which a few lines are full, and the optimum is smooth."""
    model, limits, rates = DispatchModel(net), np.full(len(net.lines), np.inf), np.zeros(len(net.generators))
    flow = np.abs(model.solve(limits=limits).flow)
    for line in np.argsort(-flow):
        tried = limits.copy()
        tried[line] = SQUEEZED * flow[line]
        try:
            d = model.solve(limits=tried)
        except Infeasible:
            continue
        if not marginal_emissions(d, rates=rates).kink:
            limits = tried
        if np.count_nonzero(d.multiplier) == FULL and limits is tried:
            break
    return DispatchModel(net), limits


def by_differences(model, limits):
    """(g, n) moves of the generators, from two dispatches a bus."""
    load, moves = model.net.buses.load, []
    for bus in range(len(load)):
        ends = []
        for sign in (1, -1):
            changed = load.copy()
            changed[bus] += sign * STEP
            ends.append(model.solve(changed, limits=limits).generation)
        moves.append((ends[0] - ends[1]) / (2 * STEP))
    return np.array(moves).T


def main():
    import pandapower.networks as networks

    found = []
    for size in CASES:
        net = Network.from_pandapower(getattr(networks, f"case{size}")())
        model, limits = squeezed(net)
        d = model.solve(limits=limits)
        rates = np.linspace(0, 1, len(net.generators))
        kink = marginal_emissions(d, rates=rates).kink or "none"
        print(f"case{size}: {net}, {np.count_nonzero(d.multiplier)} full lines, kink: {kink}")
        found.append(("moves of all generators", len(net.buses), in_turns({
            "one linear system": timed(lambda d=d: response(d).generation),
            "two dispatches a bus": timed(lambda model=model, limits=limits: by_differences(model, limits)),
        }, AGREE)))  # fmt: skip
    write("responses", "buses", found)


if __name__ == "__main__":
    main()
