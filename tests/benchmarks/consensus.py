"""How many events a second does PBFT handle, next to the queue alone?

`make bench` runs this and writes data/measurements/consensus.csv. An event is one message, request or timer delivered and
answered. The queue alone is heapq in a bare loop: take the next event, put one back a random time later, do nothing else. No
simulation on a queue of this kind can be faster. Each figure is the median of some runs, routes in turns, in one process.
"""

import statistics
import sys
import time
from functools import partial
from heapq import heappop, heappush
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from clearing import write

from tefoundations.ledger.consensus import pbft

SIZES, RUNS, EVENTS = (4, 7, 10, 13), 5, 100_000
GOAL = 150_000


def bare(count, waiting):
    """So many events through a heap that holds so many."""
    delays = np.random.default_rng(1).random(count).tolist()
    heap = [(delays[k], k, 0, 0, None) for k in range(waiting)]
    for number in range(count):
        now, _, receiver, sender, message = heappop(heap)
        heappush(heap, (now + delays[number], number, receiver, sender, message))


def route_of(n):
    requests = list(range(max(1, EVENTS // (pbft.messages_per_request(n) + n))))
    return lambda: pbft.simulate(requests, n, rng=1, spacing=0.5)


def main():
    found = []
    for n in SIZES:
        simulate = route_of(n)
        run = simulate()
        assert run.complete and not run.violations() and run.sent == run.requests * pbft.messages_per_request(n)
        waiting = round(pbft.messages_per_request(n) * 5)
        seconds = {"PBFT": [], "queue alone": []}
        for _ in range(RUNS):
            for name, route in (("PBFT", simulate), ("queue alone", partial(bare, run.events, waiting))):
                start = time.perf_counter()
                route()
                seconds[name].append(time.perf_counter() - start)
        middle = {name: statistics.median(times) for name, times in seconds.items()}
        found.append((f"PBFT, n = {n}", run.events, middle))
        rate = run.events / middle["PBFT"]
        print(f"n = {n}: {rate / 1000:.0f} thousand events a second; the goal is {GOAL / 1000:.0f} thousand")
    write("consensus", "events", found)


if __name__ == "__main__":
    main()
