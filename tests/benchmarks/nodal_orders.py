"""How fast is VCG on a network? One network kept warm, on which each agent in turn wants nothing, against one for each.

`make bench` runs this and writes data/measurements/nodal_orders.csv. The network is a ring of 30 buses with chords, a third
of its lines limited; half of the orders buy and half sell, each for an agent of its own. Both routes dispatch again without
each order that trades, and must agree on what is paid. Each figure is the median of some runs; the routes are taken in
turns, in one process.
"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import pandas as pd
from clearing import write

from tefoundations.grid import Network, dc_opf
from tefoundations.market import OrderBook, nodal_vcg

BUSES, ORDERS, RUNS = 30, (50, 200, 500), 7


def wires(rng):
    """The ring and its chords, without load and generators."""
    start = np.r_[np.arange(BUSES), np.arange(0, BUSES, 3)]
    end = np.r_[np.arange(BUSES) + 1, np.arange(0, BUSES, 3) + 7] % BUSES
    limit = np.where(rng.random(len(start)) < 1 / 3, 60.0, np.inf)  # MW
    lines = {"from_bus": start, "to_bus": end, "x": rng.uniform(0.05, 0.2, len(start)), "limit": limit}
    return Network.from_frames({"bus": np.arange(BUSES)}, lines, {"bus": [], "p_max": [], "cost": []})


def orders(rng, count):
    """Prices in $/MWh, quantities in MW."""
    columns = {
        "bus": rng.integers(0, BUSES, count),
        "price": rng.uniform(5, 60, count),
        "quantity": rng.uniform(1, 20, count),
    }
    return OrderBook.from_frame(pd.DataFrame({"side": ["buy", "sell"] * (count // 2)} | columns))


def anew(book, net):
    """What VCG pays (money by order), a network read from tables for each order that trades."""
    lines, frame = net.to_frames()["lines"], book.to_frame()

    def dispatch(left):
        asks, bids = left[left["side"] == "sell"], left[left["side"] == "buy"]
        market = Network.from_frames(
            {"bus": net.buses.bus}, lines, {"bus": asks["bus"], "p_max": asks["quantity"], "cost": asks["price"]},
            {"bus": bids["bus"], "p_max": bids["quantity"], "value": bids["price"]}, slack=net.slack,
        )  # fmt: skip
        return dc_opf(market)

    whole = dispatch(frame)
    traded, money = np.zeros(len(frame)), np.zeros(len(frame))
    buys = (frame["side"] == "buy").to_numpy()
    traded[buys], traded[~buys] = whole.demand, whole.generation
    for row in np.flatnonzero(traded > 1e-9):
        without = dispatch(frame.drop(index=frame.index[row]))
        sign = 1 if buys[row] else -1
        others = whole.value - whole.cost - sign * frame["price"].iloc[row] * traded[row]
        money[row] = sign * (without.value - without.cost - others)
    return money[buys].sum() - money[~buys].sum()


def warm(book, net):
    return nodal_vcg(book, net).budget


def seconds_of(count):
    """Median seconds of both routes on the same books."""
    rng = np.random.default_rng(count)
    net, routes = wires(rng), {"one network kept warm": warm, "a network each": anew}
    taken = {name: [] for name in routes}
    for _ in range(RUNS):
        book, budgets = orders(rng, count), []
        for name, route in routes.items():
            start = time.perf_counter()
            budgets.append(route(book, net))
            taken[name].append(time.perf_counter() - start)
        assert np.isclose(*budgets, rtol=1e-7), budgets
    return {name: statistics.median(times) for name, times in taken.items()}


def main():
    seconds_of(ORDERS[0])  # the first call imports
    write("nodal_orders", "orders", [("nodal VCG", count, seconds_of(count)) for count in ORDERS])


if __name__ == "__main__":
    main()
