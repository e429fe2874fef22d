"""How fast are prices by place? The DC-OPF against HiGHS on the full angle model, cvxpy, pandapower and PyPSA.

`make bench` runs this and writes data/measurements/dispatch.csv. It needs PGLib-OPF, in the folder that the environment
variable PGLIB_OPF names (https://github.com/power-grid-lib/pglib-opf). All routes get the same arrays: b = 1/(x tap), phase
shifts, line limits, costs, and no angle limits. The objects that hold a network (ours, pandapower's, PyPSA's) are made
beforehand; modelling, solving and reading prices are timed. Each figure is the median of several turns, all routes one
after the other in every round, one thread a solver. Routes whose prices differ are left out.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from angles_worker import CvxpyAngles, HighsAngles, Pandapower
from clearing import environment, write
from turns_worker import Peer, in_turns, timed

from tefoundations.grid import DispatchModel, Network, dc_opf, dc_opf_series

CASES = ("5_pjm", "14_ieee", "118_ieee", "300_ieee", "1354_pegase", "2869_pegase")
CROWDED = ("793_goc", "3022_goc")  # quadratic costs, and so many overloaded lines that all are watched at once
MIDDLE = "118_ieee"  # for sliders and the year
PYPSA = ["pypsa==1.4.0", "highspy==1.15.1"]
AGREE = 1e-5  # of the highest price; interior point methods do not get closer by themselves
STEPS = 40  # of a slider
HOURS, OF_CVXPY, OF_PANDAPOWER, OF_PYPSA = 8760, 200, 10, 168  # of a year: ours solve all, the others so many
EXACT = 1e-9  # $/MWh


def arrays(net, loads=None):
    """What all routes know of a network, and the loads (T, n) in MW, shunts included."""
    lines, units = net.lines, net.generators
    return {
        "base": net.base, "bus": np.arange(len(net.buses)), "slack": net.slack_at, "start": lines.start, "end": lines.end,
        "b": 1 / (lines.x * lines.tap), "shift": np.deg2rad(lines.shift), "limit": lines.limit, "at": units.at,
        "p_min": units.p_min, "p_max": units.p_max, "cost": units.cost, "cost2": units.cost2,
        "loads": np.atleast_2d(net.buses.load if loads is None else loads) + net.buses.g_shunt,
    }  # fmt: skip


def one_by_one(model, loads):
    """Prices for each of the loads, (T, n)."""
    return np.array([model.solve(load) for load in loads])


class Ours:
    """Our model that keeps what it knows, with the others' interface: loads that include shunts."""

    def __init__(self, net):
        self.model = DispatchModel(net, angle_limits=False)

    def solve(self, load):
        return self.model.solve(load - self.model.net.buses.g_shunt).lmp


def cold(net, pypsa):
    """From the arrays to the prices of one load, nothing known before."""
    data = arrays(net)
    load, ready = data["loads"][0], Pandapower(data)
    with Peer(pypsa, "pypsa_worker.py", data) as peer:
        return in_turns({
            "market first, then lines": timed(lambda: dc_opf(net, angle_limits=False).lmp[None]),
            "angles, HiGHS": timed(lambda: HighsAngles(data).solve(load)[None]),
            "angles, cvxpy and Clarabel": timed(lambda: CvxpyAngles(data, load).solve()[None]),
            "pandapower": timed(lambda: ready.solve(load)[None]),
            "PyPSA": peer,
        }, AGREE)  # fmt: skip


def slider(net):
    """The largest load moves from four fifths to six fifths: seconds a step, everything kept between steps.

    MATPOWER's case118 has no line limits and stays in one price regime, which ours notices and does not call a solver: with
    full lines, where every step is another regime, a step with quadratic costs takes about ten times as long.
    """
    loads = np.tile(net.buses.load, (STEPS, 1))
    loads[:, np.argmax(net.buses.load)] *= np.linspace(0.8, 1.2, STEPS)
    data = arrays(net, loads)
    models = {
        "market first, then lines": Ours(net),
        "angles, HiGHS": HighsAngles(data),
        "angles, cvxpy and Clarabel": CvxpyAngles(data),
        "pandapower": Pandapower(data),
    }
    routes = {name: timed(lambda m=model: one_by_one(m, data["loads"]), STEPS) for name, model in models.items()}
    return in_turns(routes, AGREE)


def year_of(net, seed=0):
    """(8760, n) loads in MW: lower at night and in summer, and three per cent of noise at every bus."""
    hour = np.arange(HOURS)
    shape = 0.75 + 0.18 * np.sin(2 * np.pi * (hour - 8) / 24) + 0.05 * np.cos(2 * np.pi * hour / HOURS)
    return (
        net.buses.load * shape[:, None] * (1 + 0.03 * np.random.default_rng(seed).standard_normal((HOURS, len(net.buses))))
    )


def year(net, pypsa):
    """A year of hours. Peers solve the first hours only and are scaled up, in proportion."""
    loads = year_of(net)
    data = arrays(net, loads)
    highs, compiled, ready = HighsAngles(data), CvxpyAngles(data), Pandapower(data)

    def by_regimes():
        return dc_opf_series(net, loads, angle_limits=False).lmp

    def first(model, hours=HOURS):
        return timed(lambda: one_by_one(model, data["loads"][:hours]), hours / HOURS)

    apart = np.abs(by_regimes() - one_by_one(Ours(net), data["loads"])).max()
    print(f"    by regimes and hour by hour: prices differ by {apart:.1e} $/MWh at most")
    assert apart <= EXACT, f"the year by price regimes differs by {apart} $/MWh from the hour-by-hour loop"
    with Peer(pypsa, "pypsa_worker.py", data | {"loads": data["loads"][:OF_PYPSA]}) as peer:
        return in_turns({
            "price regimes": timed(by_regimes),
            "market first, hour by hour": timed(lambda: one_by_one(Ours(net), data["loads"])),
            "angles, HiGHS, hour by hour": first(highs),
            f"cvxpy and Clarabel, from {OF_CVXPY} hours": first(compiled, OF_CVXPY),
            f"pandapower, from {OF_PANDAPOWER} hours": first(ready, OF_PANDAPOWER),
            f"PyPSA, from {OF_PYPSA} hours in one programme": scaled(peer, HOURS / OF_PYPSA),
        }, AGREE)  # fmt: skip


def scaled(route, factor):
    """The route with its seconds multiplied."""

    def slower():
        answer = route()
        return answer | {"seconds": {name: seconds * factor for name, seconds in answer["seconds"].items()}}

    return slower


def main():
    folder = os.environ.get("PGLIB_OPF")
    if not folder:
        print("dispatch.py needs PGLib-OPF: git clone https://github.com/power-grid-lib/pglib-opf, then set")
        print("PGLIB_OPF to that folder (export PGLIB_OPF=.../pglib-opf) and run this again. Nothing was measured.")
        return
    import pandapower.networks

    pypsa = environment("pypsa", PYPSA)
    nets = {case: Network.from_matpower(Path(folder) / f"pglib_opf_case{case}.m") for case in CASES}
    quadratic = Network.from_pandapower(pandapower.networks.case118())  # MATPOWER's, with its quadratic costs
    found = []
    for case, net in nets.items():
        print(f"{case}: {net}")
        found.append(("cold, linear costs", len(net.buses), cold(net, pypsa)))
    for case in CROWDED:
        net = Network.from_matpower(Path(folder) / f"pglib_opf_case{case}.m")
        print(f"{case}: {net}")
        found.append(("cold, quadratic costs, many full lines", len(net.buses), cold(net, pypsa)))
    print(f"sliders and a year: {MIDDLE}, and MATPOWER's case118 with quadratic costs")
    size = len(quadratic.buses)
    found.append(("cold, quadratic costs", size, cold(quadratic, pypsa)))
    found.append(("moved load, linear costs", size, slider(nets[MIDDLE])))
    found.append(("moved load, quadratic costs", size, slider(quadratic)))
    found.append(("year, linear costs", size, year(nets[MIDDLE], pypsa)))
    write("dispatch", "buses", found)


if __name__ == "__main__":
    main()
