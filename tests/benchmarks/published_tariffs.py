"""How fast is a year's bill under a published tariff? Arrays against PySAM's Utilityrate5 and against a loop over hours.

`make bench` runs this and writes data/measurements/published_tariffs.csv. Five records made by hand and one year of hourly
net loads, which begins on a Monday, as the peer's years do. PySAM lives in an environment of its own; where it cannot be
installed, the benchmark says so and goes on without it. It finds the bill with and without the roof in one call, so half of
its time is the fair comparison; both are far from what a reader waits for. Models are filled beforehand and not timed. All
three must agree to a hundredth of a cent.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tefoundations.retail import Tariff
from tests.benchmarks.clearing import HERE, environment, write
from tests.retail.records import METERING, RECORDS
from tests.retail.test_published import slowly

PEER = ["NREL-PySAM==7.1.1.post1"]
RUNS = 5
SAME = 0.01  # ct in a year


def year(seed=0):
    """Hourly net loads of a year that begins on a Monday (kWh)."""
    times = pd.date_range("2018-01-01", "2018-12-31 23:00", freq="h")
    return pd.Series(np.random.default_rng(seed).normal(0.8, 1.5, len(times)), times)


def timed(route):
    """Median seconds of some runs, and the last result."""
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        found = route()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), found


def peers(net):
    """Seconds and $ of the peer for each record; None where it cannot be installed."""
    try:
        python = environment("pysam", PEER)
    except subprocess.CalledProcessError as error:
        print(f"without PySAM: {error}")
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "year.json"
        given = {"records": RECORDS, "load": net.clip(lower=0).tolist(), "gen": (-net).clip(lower=0).tolist()}
        file.write_text(json.dumps(given))
        worker = [python, HERE / "sam_worker.py", file, str(RUNS)]
        return json.loads(subprocess.run(worker, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main():
    net = year()
    Tariff.from_urdb(RECORDS[0]).bill(net, hours=1)  # the first call imports
    peer = peers(net)
    found = []
    for place, record in enumerate(RECORDS):
        tariff = Tariff.from_urdb(record)
        ours, bill = timed(lambda tariff=tariff: tariff.bill(net, hours=1))
        routes = {"arrays": ours}
        if record is not METERING:
            routes["a loop"], total = timed(lambda record=record: slowly(record, net))
            assert abs(total - bill.total) < SAME
        if peer:
            routes["PySAM"] = peer[place]["seconds"]
            assert abs(100 * peer[place]["energy"] - (bill.energy - bill.export)) < SAME, (record["name"], peer[place], bill)
            assert abs(100 * peer[place]["demand"] - bill.demand) < SAME, (record["name"], peer[place], bill)
        found.append((record["name"], len(net), routes))
    write("published_tariffs", "hours", found)


if __name__ == "__main__":
    main()
