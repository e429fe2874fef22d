"""How fast does a book clear? The sort against a solver and against pymarket, and VCG against solving again.

`make bench` runs this and writes data/measurements/clearing.csv, which a chapter draws. pymarket lives in an environment
of its own (it needs an older pandas). Its MUDA and Huang auctions are the closest it has to a call market: like ours
they sort both sides and cross them, then they give up some trades to be truthful. Books are built beforehand on all
sides and not timed. Each figure is the median of some runs; routes are taken in turns, in one run, so that a busy
moment of the machine meets all of them.
"""

import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tefoundations.market import OrderBook, lp_clearing, uniform_price, vcg

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PEER = ["pymarket==0.7.6", "pandas==2.3.3", "setuptools<81"]
COMPARED = (1_000, 10_000)
GROWTH = (100, 1_000, 10_000, 100_000, 1_000_000)
SOLVED = 100_000  # the solver takes seconds for these, and minutes for ten times as many
AGENTS = (20, 50, 100, 200)
RUNS = 5


def orders(count, seed=0):
    """Bids and asks as (n, 2) arrays of price (ct/kWh) and quantity (kWh), half each."""
    rng = np.random.default_rng(seed)
    return [np.column_stack([rng.uniform(1, 100, count // 2), rng.integers(1, 50, count // 2) / 10]) for _ in range(2)]


def medians(routes, count):
    """Median seconds of each route on the same fresh books, one route after the other in every round."""
    seconds = {name: [] for name in routes}
    for seed in range(RUNS):
        for name, route in routes.items():
            book = OrderBook.of(*orders(count, seed))  # a new book each time: nothing is kept from before
            start = time.perf_counter()
            route(book)
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def vcg_by_solving_again(book):
    """Payments as the definition has them: one linear programme for each agent, its order taken out."""
    frame = book.to_frame()
    best = lp_clearing(book).welfare
    return [best - lp_clearing(OrderBook.from_frame(frame.drop(index=row))).welfare for row in range(len(frame))]


def vcg_by_sorting_again(book):
    """The same with one sort for each agent."""
    bids, asks = (np.column_stack([side.price, side.quantity]) for side in (book.bids, book.asks))
    for row in range(len(bids)):
        uniform_price(OrderBook.of(np.delete(bids, row, 0), asks))
    for row in range(len(asks)):
        uniform_price(OrderBook.of(bids, np.delete(asks, row, 0)))


def environment(name, packages):
    """The interpreter of an environment under _build/bench, made with these packages if it is missing."""
    folder = ROOT / "_build" / "bench" / name
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *packages], check=True)
    return folder / "bin" / "python"


def peers(count):
    """Seconds to clear the same book with each of pymarket's mechanisms."""
    python = environment("pymarket", PEER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "book.npz"
        np.savez(file, **dict(zip(("bids", "asks"), orders(count))))
        worker = [python, HERE / "pymarket_worker.py", file, str(RUNS)]
        found = json.loads(subprocess.run(worker, check=True, capture_output=True, text=True).stdout)
        return {f"pymarket {name}": seconds for name, seconds in found.items()}


def machine():
    processors = Path("/proc/cpuinfo").read_text().splitlines()
    model = [line.split(":")[1].strip() for line in processors if line.startswith("model name")]
    return f"{(model or [platform.processor()])[0]}, {os.cpu_count()} cores, Python {platform.python_version()}"


def write(name, size, found):
    """Write data/measurements/<name>.csv, print it, and list its checksum.

    `found` holds (task, how many, {route: seconds}); the first route of each is ours. `size` says what is counted.
    """
    with open(ROOT / "data" / "measurements" / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["task", size, "route", "seconds", "ratio", "machine"])
        for task, count, seconds in found:
            ours = next(iter(seconds.values()))
            for route, value in seconds.items():
                writer.writerow([task, count, route, f"{value:.3g}", f"{value / ours:.3g}", machine()])
                print(f"{task:<14} {count:>9,} {size}  {route:<18} {value:10.3g} s {value / ours:10.1f} times ours")
    subprocess.run([sys.executable, ROOT / "data" / "checksums.py"], check=True)


def main():
    uniform_price(OrderBook.of(*orders(100)))  # the first call imports
    lp_clearing(OrderBook.of(*orders(100)))
    found = []  # each (task, size, seconds by route)
    for count in GROWTH:
        routes = {"sort": uniform_price} | ({"linear programme": lp_clearing} if count <= SOLVED else {})
        seconds = medians(routes, count)
        found.append(("uniform price", count, seconds | (peers(count) if count in COMPARED else {})))
    for count in AGENTS:
        routes = {"one pass": vcg, "a sort each": vcg_by_sorting_again, "a programme each": vcg_by_solving_again}
        found.append(("vcg", count, medians(routes, count)))
    write("clearing", "orders", found)


if __name__ == "__main__":
    main()
