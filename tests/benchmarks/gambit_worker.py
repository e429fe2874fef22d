"""Runs inside an environment with pygambit, once: writes tests/strategy/gambit.json, 200 games with ties, solved.

    python tests/benchmarks/gambit_worker.py tests/strategy/gambit.json

pygambit is built from source where there is no wheel, which takes half an hour; so its answers are kept and not asked for in
each test. It enumerates the extreme equilibria in fractions. Payoffs are whole numbers from so small a range that they tie.
"""

import json
import random
import sys
from fractions import Fraction

GAMES, SIZES, HIGHEST = 200, (2, 3, 4, 5), (1, 2, 3)


def games(seed=1):
    """(mine, theirs): nested lists of whole numbers, by Python's own generator, which no version changes."""
    rng = random.Random(seed)
    for _ in range(GAMES):
        rows, columns, highest = rng.choice(SIZES), rng.choice(SIZES), rng.choice(HIGHEST)
        yield [[[rng.randint(0, highest) for _ in range(columns)] for _ in range(rows)] for _ in range(2)]


def equilibria(gambit, mine, theirs):
    """Chances of all actions, rows and then columns, as texts of fractions; sorted, each once."""
    game = gambit.Game.from_arrays(*(gambit_array(gambit, table) for table in (mine, theirs)))
    found = gambit.nash.enummixed_solve(game, rational=True).equilibria
    profiles = {tuple(Fraction(str(one[s])) for player in game.players for s in player.strategies) for one in found}
    return [[str(chance) for chance in profile] for profile in sorted(profiles)]


def gambit_array(gambit, table):
    import numpy as np

    return np.array([[gambit.Rational(value) for value in row] for row in table], dtype=object)


def main(path):
    import pygambit

    kept = [{"mine": mine, "theirs": theirs, "equilibria": equilibria(pygambit, mine, theirs)} for mine, theirs in games()]
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in kept)
    with open(path, "w") as file:
        file.write(f'{{"solver": "pygambit {pygambit.__version__}, enummixed_solve, rational", "games": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main(sys.argv[1])
