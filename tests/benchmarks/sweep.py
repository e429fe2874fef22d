"""From where does a cluster pay? Days of streets, one by one, by Python's process pool and by Dask, on one machine.

`make bench` runs this and writes data/measurements/sweep.csv, which a page draws. Seconds are of the clock; beside them
stands the processor time that the tasks themselves took, and how many programs wanted the processor when the run began: a
machine that has other things to do too makes a run longer, whoever computes. What starting a pool or a cluster takes is a
row of its own. Short runs are the middle of three; the long ones are one run. The routes take turns, and all must give the
same numbers. All rows are of one run of this script. It ends within `LIMIT`: of the long runs those are left out that would
not be done by then, as the shorter ones tell.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from clearing import ROOT, machine
from sweep_worker import nothing, timed, timed_or_killed

from tefoundations.systems import Lane, Street, day_sweep, lane_day, market_day

WORKERS = 2
SIZES = ((1, 200), (3, 100), (10, 40), (30, 20))  # days of a task, tasks
GROWTH, ROUNDS = (10, 100, 1000), 3  # streets of 30 days; runs of which the one in the middle counts
LIMIT = 24 * 60  # seconds for all
COPIES = (1, 10, 77, 385)  # of the community on one lane
COLUMNS = ["task", "days", "tasks", "route", "chunk", "seconds", "processor", "load", "machine"]


@contextmanager
def pool():
    """Python's processes, warm: each has imported the package and run a day."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as executor:
        list(executor.map(timed, [Street(0, days=1)] * 4 * WORKERS))
        yield executor


@contextmanager
def dask():
    """Dask's worker processes on this machine, warm."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        client.run(timed, Street(0, days=1))
        yield client.get_executor(pure=False)


@contextmanager
def alone():
    """No executor: this process."""
    timed(Street(0, days=1))
    yield None


ROUTES = {"one by one": alone, "process pool": pool, "Dask": dask}


class Log:
    """The rows, written as soon as they are measured; equal tasks must give equal numbers."""

    def __init__(self, file):
        self.file, self.rows, self.known, self.start = file, [], {}, time.perf_counter()

    def measure(self, task, days, tasks, routes, rounds=1, chunk=1, run=timed):
        """A row a route: the run in the middle of some, with the routes in turns, so that all meet the same company."""
        runs = {route: [] for route in routes}
        for _ in range(rounds):
            for route, executor in routes.items():
                load, start = os.getloadavg()[0], time.perf_counter()
                found = day_sweep(tasks, executor, chunk, run=run, progress=sys.stderr.isatty())
                runs[route].append((time.perf_counter() - start, sum(row[0] for row in found), load))
                numbers = [row[1:] for row in found]
                assert numbers == self.known.setdefault((days, len(tasks)), numbers), (task, route)
        for route, measured in runs.items():
            self.add(task, days, len(tasks), route, chunk, *sorted(measured)[rounds // 2])

    def in_time(self, task, count, before):
        """The routes that will have run so many tasks before the limit, if a task takes as long as in the row before."""
        left, routes = LIMIT - (time.perf_counter() - self.start), []
        expected = {row[3]: float(row[5]) * count / before for row in self.rows if row[0] == task and row[2] == before}
        for route in sorted(expected, key=expected.get):
            if expected[route] < left:
                left, routes = left - expected[route], [*routes, route]
        return routes

    def add(self, task, days, tasks, route, chunk, seconds, processor, load):
        """Keep a row, and write all."""
        row = [task, days, tasks, route, chunk, f"{seconds:.4g}", f"{processor:.4g}", f"{load:.1f}", machine()]
        self.rows.append(row)
        print(*row[:-1], sep="\t", flush=True)
        with open(self.file, "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *self.rows])


def started(log):
    """What it takes until the first tasks are done."""
    for route, opened in list(ROUTES.items())[1:]:
        load, start = os.getloadavg()[0], time.perf_counter()
        with opened():
            seconds = time.perf_counter() - start
        log.add("start", 0, 0, route, 1, seconds, 0.0, load)


def sweeps(log):
    """Tasks of different length on each route; more and more streets of 30 days; one sweep with a worker killed."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        routes = {route: stack.enter_context(opened()) for route, opened in ROUTES.items()}
        for chunk in (1, 50):
            log.measure("nothing", 0, range(1000), routes, ROUNDS, chunk, run=nothing)
        for days, count in SIZES:
            log.measure("size", days, [Street(number, days=days) for number in range(count)], routes, ROUNDS)
        log.measure("size", 1, [Street(number, days=1) for number in range(200)], routes, ROUNDS, chunk=10)
        for before, count in zip((None, *GROWTH), GROWTH):
            if count == GROWTH[-1]:  # the last, for the worker that comes after the killed one need not be warm
                doomed = [(Street(number), str(Path(folder) / "killed") if number == 50 else "") for number in range(before)]
                log.measure("killed", 30, doomed, {"Dask": routes["Dask"]}, run=timed_or_killed)
            names = log.in_time("growth", count, before) if before else routes
            log.measure("growth", 30, [Street(number) for number in range(count)], {name: routes[name] for name in names})


def long_lanes(log):
    """A market day of more and more members on one lane, in processor time."""
    lane = lane_day("winter")
    for copies in COPIES:
        many, load = _copied(lane, copies), os.getloadavg()[0]
        start, clock = time.process_time(), time.perf_counter()
        market_day(many, many.outside)
        log.add("lane", 1, copies * len(lane.members), "one by one", 1, time.perf_counter() - clock,
                time.process_time() - start, load)  # fmt: skip


def _copied(lane, copies):
    names = [f" of {copy}" for copy in range(copies)]
    stores = [replace(one, name=one.name + to, owner=one.owner + to) for to in names for one in lane.stores]
    return Lane(
        tuple(member + to for to in names for member in lane.members), np.tile(lane.base, copies), tuple(stores),
        np.tile(lane.habits, copies), lane.outside, lane.slope / copies, lane.feed_in, lane.flat, lane.tariff,
        tuple(dict.fromkeys(store.owner for store in stores)), hours=lane.hours,
    )  # fmt: skip


def main():
    log = Log(ROOT / "data" / "measurements" / "sweep.csv")
    for part in (long_lanes, started, sweeps):
        part(log)
    subprocess.run([sys.executable, ROOT / "data" / "checksums.py"], check=True)


if __name__ == "__main__":
    main()
