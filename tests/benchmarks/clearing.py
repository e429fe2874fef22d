"""How fast does a book clear? Our uniform price against pymarket's mechanisms, on the same books in one run.

`make bench` runs this. pymarket lives in an environment of its own (it needs an older pandas). Its MUDA and Huang
auctions are the closest it has to a call market: like ours they sort both sides and cross them, then they give up some
trades to be truthful. Books are built beforehand on both sides and not timed. Each figure is the median of some runs.
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

from tefoundations.market import OrderBook, uniform_price

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE.parents[1] / "_build" / "bench" / "pymarket"
PEER = ["pymarket==0.7.6", "pandas==2.3.3", "setuptools<81"]
COMPARED = (1_000, 10_000)
GROWTH = (100, 1_000, 10_000, 100_000, 1_000_000)
RUNS = 5


def orders(count, seed=0):
    """Bids and asks as (n, 2) arrays of price (ct/kWh) and quantity (kWh), half each."""
    rng = np.random.default_rng(seed)
    return [np.column_stack([rng.uniform(1, 100, count // 2), rng.integers(1, 50, count // 2) / 10]) for _ in range(2)]


def ours(count):
    """Seconds to clear a fresh book, once for each run; a new book each time, so that nothing is kept from before."""
    seconds = []
    for _ in range(RUNS):
        book = OrderBook.of(*orders(count))
        start = time.perf_counter()
        uniform_price(book)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def peers(count):
    """Seconds to clear the same book with each of pymarket's mechanisms."""
    if not (ENVIRONMENT / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        subprocess.run([ENVIRONMENT / "bin" / "pip", "install", "--quiet", *PEER], check=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "book.npz"
        np.savez(file, **dict(zip(("bids", "asks"), orders(count))))
        worker = [ENVIRONMENT / "bin" / "python", HERE / "pymarket_worker.py", file, str(RUNS)]
        return json.loads(subprocess.run(worker, check=True, capture_output=True, text=True).stdout)


def machine():
    model = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return f"{(model or [platform.processor()])[0]}, {os.cpu_count()} cores, Python {platform.python_version()}"


def main():
    rows = []
    for count in GROWTH:
        seconds = ours(count)
        rows.append({"orders": count, "who": "tefoundations uniform_price", "seconds": seconds, "ratio": 1.0})
        for name, peer in (peers(count) if count in COMPARED else {}).items():
            rows.append({"orders": count, "who": f"pymarket {name}", "seconds": peer, "ratio": peer / seconds})
    with open(HERE / "results" / "clearing.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "orders_per_second", "machine"], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            shown = row | {"seconds": f"{row['seconds']:.3g}", "ratio": f"{row['ratio']:.3g}"}
            writer.writerow(shown | {"orders_per_second": f"{row['orders'] / row['seconds']:.3g}", "machine": machine()})
            rate = row["orders"] / row["seconds"]
            print(f"{row['orders']:>9,} orders  {row['who']:<28} {row['seconds']:10.5f} s {rate:14,.0f} orders/s")


if __name__ == "__main__":
    main()
