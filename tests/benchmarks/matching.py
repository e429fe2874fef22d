"""How many events a second does the continuous exchange match, and how long does a bilateral market of peers take?

`make bench` runs this and writes data/measurements/matching.csv. Each engine runs in a process of its own, the peers in
environments of their own: lightmatchingengine and order-matching. All get the same stream, a third of it cancellations of
orders that wait, and must trade the same energy; the peer that takes long gets a shorter one, which ours runs again. Times
are of the processor. Of the bilateral market, a hundred buyers and a hundred sellers with a fee for each pair.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tefoundations.errors import InvalidOrder
from tefoundations.market import Exchange, OrderBook, bilateral
from tests.benchmarks.clearing import environment, write

HERE = Path(__file__).resolve().parent
PEERS = {
    "lightmatchingengine": ["lightmatchingengine==2019.1.4"],
    "order-matching": ["order-matching==0.12.0", "pandera[polars]", "polars"],
}
GROWTH = {10_000: ("lightmatchingengine", "order-matching"), 100_000: ("lightmatchingengine",), 1_000_000: ()}
AGENTS = (25, 50, 100)
RUNS = 3


def stream(count, seed=0):
    """Columns of a stream of events: position, buys, price (tenths of a cent), quantity (Wh), cancels (-1: an order).

    Prices scatter about 20 ct, bids a little lower than asks. A third of the events take back an order that waits: which
    ones do, our exchange tells. Were it wrong, the engines would not trade the same.
    """
    rng = np.random.default_rng(seed)
    buys, wishes, shares = rng.integers(0, 2, count), rng.random(count) < 1 / 3, rng.random(count)
    price = np.rint(200 + np.where(buys, -15, 15) + 25 * rng.standard_normal(count)).astype(int)
    quantity, cancels = rng.integers(100, 2000, count), np.full(count, -1)
    exchange, waits, position = Exchange(), [], []
    for event, row in enumerate(zip(buys.tolist(), price.tolist(), quantity.tolist())):
        while wishes[event] and waits and cancels[event] < 0:
            picked = int(shares[event] * len(waits))
            waits[picked], waits[-1] = waits[-1], waits[picked]
            number = waits.pop()
            with suppress(InvalidOrder):  # it was filled
                exchange.cancel(number)
                cancels[event] = position[number]
        if cancels[event] < 0:
            exchange.submit(None, "buy" if row[0] else "sell", *row[1:])
            waits.append(exchange.newest)
            position.append(event)
    return [np.arange(count), buys, price, quantity, cancels]


def run(engine, file):
    """Processor seconds of one engine on the stream in a file, and what it trades."""
    peer = engine in PEERS
    python = environment(engine, PEERS[engine]) if peer else sys.executable
    paths = {} if peer else {"PYTHONPATH": str(HERE.parents[1])}
    told = subprocess.run([python, HERE / "event_worker.py", file, engine, str(RUNS)], check=True, capture_output=True,
                          text=True, env=os.environ | paths)  # fmt: skip
    return json.loads(told.stdout)


def engines(count, peers):
    """{engine: seconds} on one stream; all must trade the same."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.json"
        file.write_text(json.dumps([column.tolist() for column in stream(count)]))
        found = {engine: run(engine, file) for engine in ("class", "loop", *peers)}
    traded = {engine: told["traded"] for engine, told in found.items()}
    if len(set(map(int, traded.values()))) > 1:
        raise SystemExit(f"the engines do not trade the same: {traded}")
    return {engine: told["seconds"] for engine, told in found.items()}


def peers_market(count, seed=0):
    """A book of so many buyers and sellers, and a fee for each pair."""
    rng = np.random.default_rng(seed)
    sides = [np.column_stack([rng.uniform(8, 33, count), rng.uniform(0.1, 3, count)]) for _ in range(2)]
    return OrderBook.of(*sides), rng.uniform(0, 6, (count, count))


def bilateral_seconds(count):
    """Median seconds of the bilateral market, and of scipy's solver for the trades alone."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, eye_array, kron, vstack

    one = np.ones((1, count))
    rows = csr_array(vstack([kron(eye_array(count), one), kron(one, eye_array(count))]))
    seconds = {"bilateral": [], "linprog, trades alone": []}
    for seed in range(RUNS):
        book, fee = peers_market(count, seed)
        start = time.perf_counter()
        found = bilateral(book, fee)
        seconds["bilateral"].append(time.perf_counter() - start)
        gain = book.bids.price[:, None] - book.asks.price - fee
        start = time.perf_counter()
        other = linprog(-gain.ravel(), A_ub=rows, b_ub=np.concatenate([book.bids.quantity, book.asks.quantity]))
        seconds["linprog, trades alone"].append(time.perf_counter() - start)
        if not np.isclose(-other.fun, found.net):
            raise SystemExit(f"bilateral {found.net}, linprog {-other.fun}")
    return {route: statistics.median(times) for route, times in seconds.items()}


def main():
    found = [("events", count, engines(count, peers)) for count, peers in GROWTH.items()]
    bilateral(*peers_market(5))  # the first call imports
    found += [("peers", count, bilateral_seconds(count)) for count in AGENTS]
    write("matching", "size", found)


if __name__ == "__main__":
    main()
