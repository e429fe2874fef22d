"""How fast are hours that stores couple? Lines as they are needed, against PyPSA and the full angle model in HiGHS.

`make bench` runs this and writes data/measurements/periods.csv. The network is PGLib's 118 buses; the hours are those of the
year in `dispatch.py`; ten stores of 200 MWh and 50 MW stand at buses drawn once, and must leave what they had. PyPSA lives
in an environment of its own. The objects that hold a network are made beforehand; modelling, solving and reading prices are
timed. Each figure is the median of several turns, one thread a solver. Routes whose prices differ are left out.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from clearing import ROOT, environment, write
from dispatch import PYPSA, arrays, year_of
from turns_worker import Peer, in_turns, timed

from tefoundations.grid import Network, Store, dc_opf_series, multi_period_opf
from tefoundations.programmes import linear

COUNTS, WEEK, STORES = (24, 168, 672), 168, 10
ENERGY, POWER, EFFICIENCY, HELD = 200.0, 50.0, 0.95, 100.0
AGREE = 1e-6


def fleet(net):
    """Ten stores at buses drawn once."""
    buses = np.random.default_rng(0).choice(net.buses.bus, STORES, replace=False)
    same = {"charge_efficiency": EFFICIENCY, "discharge_efficiency": EFFICIENCY}
    return [Store(bus, ENERGY, POWER, initial_energy=HELD, final_energy=HELD, **same) for bus in buses.tolist()]


def with_angles(data):
    """Prices from one programme in HiGHS that has an angle for every bus and every limit of every line in each hour."""
    from scipy.sparse import csr_array, eye_array, hstack, kron, vstack

    hours, buses = data["loads"].shape
    lines, units, stores = len(data["b"]), len(data["at"]), len(data["store_at"])
    here, every = np.arange(lines), eye_array(hours)
    slope = data["base"] * data["b"]
    carried = csr_array((np.r_[slope, -slope], (np.r_[here, here], np.r_[data["start"], data["end"]])), shape=(lines, buses))
    ends = csr_array((np.r_[np.ones(lines), -np.ones(lines)], (np.r_[data["start"], data["end"]], np.r_[here, here])),
                     shape=(buses, lines))  # fmt: skip
    gives = csr_array((np.ones(units), (data["at"], np.arange(units))), shape=(buses, units))
    stands = csr_array((np.ones(stores), (data["store_at"], np.arange(stores))), shape=(buses, stores))
    shifted, own = -slope * data["shift"], eye_array(stores)
    before = kron(eye_array(hours, k=-1), own)
    balance = hstack([kron(every, each) for each in (gives, -stands, stands, 0 * stands, -(ends @ carried))])
    held = hstack([csr_array((hours * stores, hours * units)), kron(every, -EFFICIENCY * own),
                   kron(every, own / EFFICIENCY), kron(every, own) - before,
                   csr_array((hours * stores, hours * buses))])  # fmt: skip
    flows = hstack([csr_array((hours * lines, hours * (units + 3 * stores))), kron(every, carried)])
    drawn, first = (data["loads"] + ends @ shifted).ravel(), np.r_[data["store_first"], np.zeros((hours - 1) * stores)]
    low = np.r_[drawn, first, np.tile(-data["limit"] - shifted, hours)]
    high = np.r_[drawn, first, np.tile(data["limit"] - shifted, hours)]
    turn = np.where(np.arange(buses) == data["slack"], 0.0, np.inf)
    power, energy = np.tile(data["store_power"], hours), np.tile(data["store_energy"], hours)
    least = np.zeros((hours, stores))
    least[-1] = data["store_last"]
    lower = np.r_[np.tile(data["p_min"], hours), 0 * power, 0 * power, least.ravel(), np.tile(-turn, hours)]
    upper = np.r_[np.tile(data["p_max"], hours), power, power, energy, np.tile(turn, hours)]
    cost = np.r_[np.tile(data["cost"], hours), np.zeros(hours * (3 * stores + buses))]
    found = linear(cost, vstack([balance, held, flows]), low, high, lower, upper)
    return found.dual[: hours * buses].reshape(hours, buses)


def compared(net, hours, python):
    loads, stores = year_of(net)[:hours], fleet(net)
    data = arrays(net, loads) | {
        "store_at": np.array([net.position(store.bus) for store in stores]), "store_power": np.full(STORES, POWER),
        "store_energy": np.full(STORES, ENERGY), "store_in": np.full(STORES, EFFICIENCY),
        "store_out": np.full(STORES, EFFICIENCY), "store_first": np.full(STORES, HELD), "store_last": np.full(STORES, HELD),
    }  # fmt: skip
    routes = {"lines as needed": timed(lambda: multi_period_opf(net, loads, stores=stores).lmp)}
    if hours > WEEK:
        return in_turns(routes, AGREE)
    with Peer(python, "stores_worker.py", data) as peer:
        return in_turns(routes | {"angles, HiGHS": timed(lambda: with_angles(data)), "PyPSA": peer}, AGREE)


def uncoupled(net):
    """What the coupling costs: a week without stores, as one programme and hour by hour."""
    loads = year_of(net)[:WEEK]
    return in_turns({
        "lines as needed": timed(lambda: multi_period_opf(net, loads).lmp),
        "price regimes": timed(lambda: dc_opf_series(net, loads).lmp),
    }, AGREE)  # fmt: skip


def main():
    net, python = Network.from_matpower(ROOT / "data" / "cases" / "pglib_opf_case118_ieee.m"), environment("pypsa", PYPSA)
    found = []
    for hours in COUNTS:
        print(f"{hours} hours")
        found.append(("118 buses, ten stores", hours, compared(net, hours, python)))
    found.append(("118 buses, no store", WEEK, uncoupled(net)))
    write("periods", "hours", found)


if __name__ == "__main__":
    main()
