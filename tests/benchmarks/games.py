"""How fast are all equilibria of two players found, and is none missed? Against Nashpy, which does it in two ways.

`make bench` runs this and writes data/measurements/games.csv. Games are of 3, 5 and 7 actions each, with payoffs drawn
evenly (no ties) and with whole payoffs from 0 to 3 (many ties). Nashpy (MIT) lives in an environment of its own. Its vertex
enumeration looks for the same corners; its support enumeration is made for games without ties. Where one finds fewer
equilibria than ours is counted; that ours misses none is tested against Gambit. Each figure is the median over the games.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from clearing import environment, write

from tefoundations.strategy import NormalFormGame

HERE = Path(__file__).resolve().parent
PEER = ["nashpy==0.0.43", "numpy>=2", "scipy>=1.14"]
SIZES, GAMES = (3, 5, 7), 20


def drawn(size, ties):
    rng = np.random.default_rng(size)
    shape = (GAMES, 2, size, size)
    return rng.integers(0, 4, shape).astype(float) if ties else rng.uniform(size=shape)


def ours(games):
    seconds, counts = [], []
    for mine, theirs in games:
        game = NormalFormGame(np.stack([mine, theirs], axis=-1))
        start = time.perf_counter()
        counts.append(len(game.mixed_equilibria()))
        seconds.append(time.perf_counter() - start)
    return {"seconds": seconds, "counts": counts}


def nashpys(games):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "games.npy"
        np.save(file, games)
        worker = [environment("nashpy", PEER), HERE / "nashpy_worker.py", file]
        return json.loads(subprocess.run(worker, check=True, capture_output=True, text=True).stdout)


def main():
    ours(drawn(3, ties=True))  # the first call imports
    found = []
    for ties in (False, True):
        task = "with ties" if ties else "without ties"
        for size in SIZES:
            games = drawn(size, ties)
            routes = {"ours": ours(games)} | {f"nashpy {name}": one for name, one in nashpys(games).items()}
            found.append((task, size, {name: statistics.median(one["seconds"]) for name, one in routes.items()}))
            for name, one in routes.items():
                short = sum(count < most for count, most in zip(one["counts"], routes["ours"]["counts"]))
                print(f"{task}, {size} actions: {name} finds fewer in {short} of {GAMES} games")
    write("games", "actions", found)


if __name__ == "__main__":
    main()
