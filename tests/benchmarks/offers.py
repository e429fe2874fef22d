"""How fast is a plant's best offer on a network? Tangents against a mixed-integer programme and against a sweep.

`make bench` runs this and writes data/measurements/offers.csv. One peer is the programme of the market's conditions, with a
big M of 100,000; the other a sweep of offers, each cleared by itself, which finds less, by what lies between two offers. All
routes begin from the tables of the network: PJM's five buses, and PGLib-OPF's 118. Each figure is the median of some runs,
routes in turns in one process; the programme on 118 buses takes a minute or more and runs once. The goals: under 60 ms on
five buses, under 1 s on 118.
"""

import statistics
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from clearing import write

from tefoundations.data import grid
from tefoundations.data.files import data_path
from tefoundations.grid import DispatchModel, Network, ptdf
from tefoundations.strategy import best_offer, residual_demand
from tests.strategy.bilevel import strategic_offer
from tests.strategy.markets import biddable, without

RUNS, OFFERS, BIG, SAME = 5, 100, 1e5, 1e-6
FIVE = ("Brighton", 100), ("Solitude", 1000)
MANY = "generator 30", 1000  # at bus 69, the largest that is not sold out


def by_tangents(tables, name, cap):
    rest, own = without(name, cap, tables)
    return best_offer(residual_demand(rest, own["p_max"]), own["cost"]).profit


def by_programme(tables, name, cap):
    net, plants = Network.from_frames(**tables), tables["generators"]
    at = {bus: row for row, bus in enumerate(tables["buses"]["bus"])}
    others = [(at[r.bus], r.p_max, r.cost) for r in plants.itertuples() if r.name != name]
    own = plants[plants["name"] == name].iloc[0]
    plant = at[own["bus"]], own["p_max"], own["cost"]
    return strategic_offer(ptdf(net), net.lines.limit, net.buses.load, others, plant, cap, BIG)[0]


def by_sweep(tables, name, cap):
    """The most of some offers from cost to cap, cleared on one model that keeps what it knows."""
    plants = tables["generators"]
    row = list(plants["name"]).index(name)
    cost, model = plants["cost"].iloc[row], DispatchModel(biddable(tables, cap))
    at, best = model.net.generators.at[row], 0.0
    for offer in np.linspace(cost, cap, OFFERS, endpoint=False):
        d = model.solve(offers={"generators": {"cost": {name: offer}}})
        best = max(best, (d.lmp[at] - cost) * d.generation[row])
    return best


def medians(routes, once):
    """Median seconds of each route, one after the other in every round, and what each found; some run in the first alone."""
    seconds, found = {name: [] for name in routes}, {}
    for turn in range(RUNS):
        for name, route in routes.items():
            if turn and name in once:
                continue
            start = time.perf_counter()
            found[name] = route()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}, found


def tasks():
    five = grid("pjm_five_bus")
    large = Network.from_matpower(data_path("cases/pglib_opf_case118_ieee.m")).to_frames()
    routes = {"tangents": by_tangents, "mixed-integer programme": by_programme, "sweep": by_sweep}
    for tables, (name, cap), once in (*((five, plant, ()) for plant in FIVE), (large, MANY, ("mixed-integer programme",))):
        asked = {route: partial(find, tables, name, cap) for route, find in routes.items()}
        timed, found = medians(asked, once)
        best = found["tangents"]
        assert abs(found["mixed-integer programme"] - best) <= SAME * best, found
        assert found["sweep"] <= best * (1 + SAME), found
        print(f"{name}: {best:,.1f} $; the sweep finds {found['sweep'] / best:.1%} of it")
        yield f"best offer of {name}", len(tables["buses"]), timed


def main():
    write("offers", "buses", list(tasks()))


if __name__ == "__main__":
    main()
