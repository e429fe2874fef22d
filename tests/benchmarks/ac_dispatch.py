"""How fast is the AC-OPF? Our interior point method against pandapower's `runopp` and against casadi with IPOPT.

`make bench` runs this and writes data/measurements/ac_dispatch.csv. The networks come with pandapower; where the
environment variable PGLIB_OPF names the folder of PGLib-OPF (https://github.com/power-grid-lib/pglib-opf), some of its
cases are added. The objects that hold a network are made beforehand. IPOPT is timed with the building of its derivatives
and alone. All start flat; each figure is the median of several turns, all routes one after the other in every round, one
thread a solver. Routes that do not converge, or find another cost, are left out: pandapower limits currents where the
others limit apparent power.
"""

import logging
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import pandapower
import pandapower.networks
from clearing import environment, write
from turns_worker import Peer, in_turns, timed

from tefoundations.grid import Network, ac_opf

CASES = ("case9", "case14", "case30", "case39", "case118")  # of pandapower's case300 no route finds an optimum
PGLIB = ("118_ieee", "300_ieee", "1354_pegase")
CASADI = ["casadi==3.8.2", "numpy", "scipy"]
AGREE = 1e-5  # of the cost


def arrays(net):
    """A network in per unit and radians, and costs by per unit of output."""
    lines, units, buses, base = net.lines, net.generators, net.buses, net.base
    assert not any(curve is not None for curve in units.curve), "the peer knows polynomial costs only"
    found = {name: getattr(lines, name) for name in ("start", "end", "r", "x", "g", "b", "tap")}
    found |= {name: np.deg2rad(getattr(lines, name)) for name in ("shift", "angle_min", "angle_max")}
    found |= {name: getattr(units, name) / base for name in ("p_min", "p_max", "q_min", "q_max")}
    found |= {name: getattr(buses, name) / base for name in ("load", "q_load", "g_shunt", "b_shunt")}
    found |= {"cost": units.cost * base, "cost2": units.cost2 * base**2, "limit": lines.limit / base}
    return found | {"v_min": buses.v_min, "v_max": buses.v_max, "at": units.at, "slack": net.slack_at}


def ours(net):
    """The cost that depends on the dispatch."""
    return [ac_opf(net).cost - net.generators.cost0.sum()]


def by_pandapower(net, constant):
    """The same from pandapower, its slack free to choose a voltage."""
    pandapower.runopp(net, calculate_voltage_angles=True)
    return [net.res_cost - constant]


def compared(net, casadi, from_pandapower=None):
    """Seconds by route on one network."""
    with Peer(casadi, "casadi_worker.py", arrays(net)) as peer:
        routes = {"interior point": timed(lambda: ours(net)), "casadi and IPOPT": peer}
        if from_pandapower is not None:
            from_pandapower.ext_grid["controllable"] = True
            constant = net.generators.cost0.sum()
            routes["pandapower"] = timed(lambda: by_pandapower(from_pandapower, constant))
        return in_turns(routes, AGREE)


def main():
    logging.disable(logging.WARNING)  # pandapower misses numba, and says so each time
    casadi, found = environment("casadi", CASADI), []
    for case in CASES:
        given = getattr(pandapower.networks, case)()
        net = Network.from_pandapower(given)
        print(f"{case}: {net}")
        found.append(("AC-OPF", len(net.buses), compared(net, casadi, given)))
    folder = os.environ.get("PGLIB_OPF")
    if not folder:
        print("PGLib's cases are left out: set PGLIB_OPF to the folder of its files to have them measured, too.")
    for case in PGLIB if folder else ():
        net = Network.from_matpower(Path(folder) / f"pglib_opf_case{case}.m")
        print(f"{case}: {net}")
        found.append(("AC-OPF, PGLib", len(net.buses), compared(net, casadi)))
    write("ac_dispatch", "buses", found)


if __name__ == "__main__":
    main()
