"""Build data/harbour: one hour and one day of a harbour's market, for the quiz on markets. Same seed, same bytes.

    python data/harbour/build.py

Nobody was measured: names are by hand, numbers are drawn. The people of the book's community do not appear.
"""

import csv
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # data/ travels in the wheel: no __pycache__ in it
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import checksums
import numpy as np

SEED = 2068
HERE = Path(__file__).resolve().parent
BUYERS = ["crane", "ice_works", "cafe", "shipyard", "pilot_station", "fish_market"]
SELLERS = ["tide_mill", "roof_hall", "wind_mole", "gas_engine", "tug_battery"]
BERTHS = [f"boat_{letter}" for letter in "abcdefg"]
HOURS = 4


def write(name, columns, rows):
    with open(HERE / f"{name}.csv", "w", encoding="ascii", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)


def pier(rng):
    """Orders of whole kWh, each agent with two: no price stands twice."""
    prices = {side: iter(rng.permutation(range(*span)).tolist()) for side, span in (("buy", (13, 41)), ("sell", (6, 31)))}
    for side, agents in (("buy", BUYERS), ("sell", SELLERS)):
        for agent in [*agents, *agents]:
            yield agent, side, next(prices[side]), int(rng.integers(2, 7))


def berths(rng):
    """One kWh each: what boats would pay for shore power, and what five roofs ask."""
    for side, agents, span in (("buy", BERTHS, (10, 36)), ("sell", SELLERS, (5, 28))):
        for agent, price in zip(agents, rng.permutation(range(*span))):
            yield agent, side, int(price), 1


def cold_stores(rng):
    """Energy that can wait: orders (price, energy, first, last)."""
    for store, price in zip(
        ["ice_works", "fish_market", "brewery", "dairy", "bakery_barge", "net_loft"], rng.permutation(range(9, 30))
    ):
        first = int(rng.integers(HOURS - 1))
        yield store, int(price), int(rng.integers(3, 8)), first, min(int(rng.integers(first, HOURS)), HOURS - 1)


def build(seed=SEED):
    rng = np.random.default_rng(seed)
    orders = ["agent", "side", "price", "quantity"]
    write("pier", orders, pier(rng))
    write("berths", orders, berths(rng))
    write("cold_stores", ["agent", "price", "energy", "first", "last"], cold_stores(rng))
    write("spare", ["hour", "kwh"], [(hour, int(rng.integers(4, 9))) for hour in range(HOURS)])


if __name__ == "__main__":
    build()
    checksums.write()
