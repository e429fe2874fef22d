"""Runs inside Nashpy's own environment: seconds to find the equilibria of games in a file, and how many, as JSON."""

import json
import sys
import time
import warnings

import nashpy
import numpy as np


def main(file):
    warnings.simplefilter("ignore")  # it warns of every degenerate game
    found = {}
    for name in ("vertex_enumeration", "support_enumeration"):
        seconds, counts = [], []
        for mine, theirs in np.load(file):
            start = time.perf_counter()
            counts.append(len(list(getattr(nashpy.Game(mine, theirs), name)())))
            seconds.append(time.perf_counter() - start)
        found[name] = {"seconds": seconds, "counts": counts}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
