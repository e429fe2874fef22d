"""How fast are all coalitions of the community? The dual at once against a matching for each, cuts against all rows.

`make bench` runs this and writes data/measurements/coalitions.csv. The worth of all 8,192 coalitions over the 48 half hours
of a summer's day: by the price that saves least, all coalitions at once, and by matching needs and surpluses in the order of
their prices, one coalition and half hour after the other. Then the nucleolus: with the coalitions that its programmes turn
out to need, and with a row for every coalition. Each figure is the median of some runs, routes in turns; all must agree.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np
from scipy.optimize import linprog

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tefoundations.strategy import CoalitionGame
from tests.benchmarks.clearing import write
from tests.strategy.coalitions import by_matching, lane, rows_of

RUNS = 3
SAME = 1e-6  # ct


def nucleolus_by_all_rows(game):
    """A row for each open coalition in every programme of the sequence."""
    n, values = len(game.members), game.values[1:-1]
    rows, fixed, levels = rows_of(n), np.ones((1, n)), [game.values[-1]]
    while len(fixed) < n:
        free = np.abs(rows - rows @ np.linalg.pinv(fixed) @ fixed).max(axis=1) > 1e-9
        found = linprog(
            np.r_[np.zeros(n), 1.0], A_ub=np.column_stack([-rows[free], -np.ones(free.sum())]), b_ub=-values[free],
            A_eq=np.column_stack([fixed, np.zeros(len(fixed))]), b_eq=levels, bounds=(None, None),
        )  # fmt: skip
        for k in np.flatnonzero(free)[-found.ineqlin.marginals > 1e-7]:
            more = np.vstack([fixed, rows[k]])
            if np.linalg.matrix_rank(more) == len(more):
                fixed, levels = more, [*levels, values[k] - found.fun]
    return np.linalg.solve(fixed, levels)


def medians(routes):
    """Median seconds of each route, one after the other in every round; all must find the same."""
    seconds = {name: [] for name in routes}
    for _ in range(RUNS):
        found = []
        for name, route in routes.items():
            start = time.perf_counter()
            found.append(route())
            seconds[name].append(time.perf_counter() - start)
        assert all(np.allclose(one, found[0], atol=SAME) for one in found)
    return {name: statistics.median(times) for name, times in seconds.items()}


def main():
    day = lane("summer")
    game = CoalitionGame.of_community(*day)
    game.nucleolus()  # the first call imports
    worth = {
        "all at once": lambda: CoalitionGame.of_community(*day).values,
        "a matching each": lambda: by_matching(*day),
    }
    nucleolus = {"rows as needed": game.nucleolus, "all rows": lambda: nucleolus_by_all_rows(game)}
    write("coalitions", "coalitions", [
        ("worth", len(game.values), medians(worth)), ("nucleolus", len(game.values), medians(nucleolus)),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
