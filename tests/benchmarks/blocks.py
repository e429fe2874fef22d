"""How long does it take to choose among blocks? The mixed-integer programme against greedy choice and against trying all.

`make bench` runs this and writes data/measurements/blocks.csv, which a chapter draws. One auction of 24 hours, 40 hourly
orders each, and ever more blocks over two to seven hours. Each figure is the median of some runs, routes in turns.
"""

import csv
import itertools
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from clearing import ROOT, machine

from tefoundations.market import BlockOrder, OrderBook, day_ahead
from tefoundations.market.hours.assembly import assemble
from tefoundations.market.hours.programmes import best_trades

HOURS, BLOCKS, ALL, RUNS = 24, (2, 5, 10, 20, 50, 100, 200), 10, 5


def auction(count, seed=0):
    """Books of 24 hours and some blocks."""
    rng = np.random.default_rng(seed)
    books = []
    for _ in range(HOURS):
        bids, asks = rng.uniform(5, 40, 20), rng.uniform(1, 36, 20)
        books.append(OrderBook.of(*(np.column_stack([price, rng.uniform(1, 10, 20)]) for price in (bids, asks))))
    blocks = []
    for number in range(count):
        length = int(rng.integers(2, 8))
        side = "sell" if rng.random() < 0.6 else "buy"
        price, quantity = float(rng.uniform(12, 26)), rng.uniform(2, 15, length)
        blocks.append(BlockOrder(f"block {number}", side, price, quantity, int(rng.integers(0, HOURS - length + 1))))
    return books, blocks


def try_all(books, blocks):
    """The best welfare of all selections, each with a linear programme."""
    program = assemble(books, blocks)
    chosen = (np.array(some, bool) for some in itertools.product((0, 1), repeat=len(blocks)))
    tried = (best_trades(program, *program.bounds(some)) for some in chosen)
    return max(program.worth @ trades for trades in tried if trades is not None)


def main():
    routes = {
        "mixed-integer programme": lambda *auction: day_ahead(*auction).welfare,
        "greedy": lambda *auction: day_ahead(*auction, selection="greedy").welfare,
        "all selections": try_all,
    }
    rows = []
    for count in BLOCKS:
        some = {name: route for name, route in routes.items() if count <= ALL or name != "all selections"}
        seconds, welfare = {name: [] for name in some}, {name: [] for name in some}
        for seed in range(RUNS):
            given = auction(count, seed)
            for name, route in some.items():
                start = time.perf_counter()
                welfare[name].append(route(*given))
                seconds[name].append(time.perf_counter() - start)
        first = statistics.median(seconds["mixed-integer programme"])
        for name, times in seconds.items():
            share = sum(welfare[name]) / sum(welfare["mixed-integer programme"])
            value = statistics.median(times)
            rows.append(["blocks", count, name, f"{value:.3g}", f"{value / first:.3g}", f"{share:.6f}", machine()])
            print(f"{count:>4} blocks  {name:<24} {value:9.4f} s {value / first:8.1f} times, {share:.4%} of the welfare")
    with open(ROOT / "data" / "measurements" / "blocks.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["task", "orders", "route", "seconds", "ratio", "welfare", "machine"])
        writer.writerows(rows)
    subprocess.run([sys.executable, ROOT / "data" / "checksums.py"], check=True)


if __name__ == "__main__":
    main()
