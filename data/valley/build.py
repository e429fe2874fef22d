"""Build data/valley: pumps, turbines, a reservoir and a cable in a valley, for the quiz on strategy. Same seed, same bytes.

    python data/valley/build.py

Nobody was measured: names are by hand, numbers are drawn. The people of the book's community do not appear.
"""

import csv
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # data/ travels in the wheel: no __pycache__ in it
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import checksums
import numpy as np

SEED = 2026
HERE = Path(__file__).resolve().parent
RIVALS = ["weir", "sawmill", "tunnel", "old_dam", "gas_engine", "roofs"]
HUTS = ["chapel", "inn", "dairy", "refuge"]


def write(name, columns, rows):
    with open(HERE / f"{name}.csv", "w", encoding="ascii", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)


def pumps(rng):
    """What two pumps pay: both at one time is dear, and noon suits one more than the other."""
    alone = {"upper": {"dawn": 24, "noon": 18}, "lower": {"dawn": 20, "noon": 17}}
    met = {
        pump: dict(zip(("dawn", "noon"), rng.integers(low, low + 6, 2).tolist()))
        for pump, low in (("upper", 8), ("lower", 5))
    }
    for upper in ("dawn", "noon"):
        for lower in ("dawn", "noon"):
            times = {"upper": upper, "lower": lower}
            yield upper, lower, *(alone[pump][time] + (upper == lower) * met[pump][time] for pump, time in times.items())


def offers(rng):
    """What the lake's rivals ask, for which quantity; no price stands twice."""
    for step, rival in enumerate(RIVALS):
        yield rival, 14 + 11 * step + int(rng.integers(9)), int(rng.integers(12, 31))


def prices(rng):
    """Prices of a day and their chances, in twentieths."""
    for price, twentieths in zip((9, 16, 25, 40), (7, 6, 5, 2)):
        yield price, twentieths / 20


def brook(rng):
    """kWh that may come down tomorrow, and chances."""
    parts = rng.multinomial(40, np.array([2, 3, 4, 5, 3, 2, 1]) / 20)
    for kwh, part in zip(sorted(rng.permutation(range(6, 60))[:7].tolist()), parts):
        yield kwh, part / 40


def cable(rng):
    """Length of a cable from the valley's foot up to each hut."""
    metres = 0
    for k, hut in enumerate(HUTS):  # a share of each stretch is whole, and the higher up, the longer
        metres += 100 * (len(HUTS) - k) * int(rng.integers(2**k, 2 ** (k + 1)))
        yield hut, metres


def build(seed=SEED):
    rng = np.random.default_rng(seed)
    write("pumps", ["upper", "lower", "upper_pays", "lower_pays"], pumps(rng))
    write("offers", ["agent", "price", "quantity"], offers(rng))
    write("prices", ["price", "chance"], prices(rng))
    write("brook", ["kwh", "chance"], brook(rng))
    write("cable", ["hut", "metres"], cable(rng))


if __name__ == "__main__":
    build()
    checksums.write()
