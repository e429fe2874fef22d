"""How fast is a dispatch that survives any one loss? Against all pairs of line and loss at once, and against PyPSA.

`make bench` runs this and writes data/measurements/security.csv. All routes get the same arrays, no angle limits, one thread
a solver, and lose the same lines; PyPSA knows no rating for after a loss, so all limits are one and a half times as large as
in the file. What is timed begins with a network that is in memory and ends with prices. Networks that no dispatch makes
secure are solved by ours alone, with a penalty: the others have none.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import pandapower.networks
from clearing import environment, write
from dispatch import PYPSA, arrays
from turns_worker import Peer, in_turns, timed

from tefoundations.data import data_path, grid
from tefoundations.grid import Network, bridges, corrective_opf, lodf, ptdf, scopf
from tefoundations.programmes import linear

DUST = 1e-9  # MW per MW
AGREE = 1e-6  # of the highest price
WIDER = 1.5  # times its limit that a line carries, so that the networks can be secured
LADDER = {"1-2": 140, "1-3": 100, "2-3": 140}
OURS = "market, network, losses"


def wider(net, share=WIDER):
    """The same network with wider lines and costs without squares: the peers are compared on linear programmes."""
    frames = net.to_frames()
    frames["lines"]["limit"] = np.minimum(frames["lines"]["limit"] * share, 1e5)
    frames["generators"]["cost2"] = 0.0
    return Network.from_frames(**frames, base=net.base, slack=net.slack)


def every_pair(net):
    """Prices with all pairs as rows of one programme: dense PTDF and LODF, HiGHS."""
    lines, units, load = net.lines, net.generators, net.buses.load + net.buses.g_shunt
    factors, part = ptdf(net), lodf(net)
    lost = [row for row, name in enumerate(lines.name) if name not in set(bridges(net))]
    rows, limit = [factors], [lines.limit]
    for k in lost:
        kept = np.arange(len(lines)) != k
        rows.append(factors[kept] + part[kept, k][:, None] * factors[k])
        limit.append(lines.limit[kept])
    rows, limit = np.vstack(rows), np.concatenate(limit)
    rows[np.abs(rows) < DUST] = 0.0  # what cancels leaves rounding
    drawn = rows @ load
    matrix = np.vstack([np.ones(len(units)), rows[:, units.at]])
    low, high = np.concatenate([[load.sum()], drawn - limit]), np.concatenate([[load.sum()], drawn + limit])
    dual = linear(units.cost, matrix, low, high, units.p_min, units.p_max).dual
    return dual[0] + dual[1:] @ rows


def cold(net, pypsa):
    """Any line that is no bridge may be lost."""
    data = arrays(net) | {"lost": np.flatnonzero(~np.isin(net.lines.name, bridges(net)))}
    with Peer(pypsa, "sclopf_worker.py", data) as peer:
        return in_turns({
            OURS: timed(lambda: scopf(net, angle_limits=False).lmp[None]),
            "all pairs, HiGHS": timed(lambda: every_pair(net)[None]),
            "PyPSA": peer,
        }, AGREE)  # fmt: skip


def alone(solve, parts=1):
    return in_turns({OURS: timed(solve, parts)}, AGREE)


def slider():
    """Seconds a step: the limit of line 1-3 moves on the triangle, nobody moves after a loss, or everybody a little."""
    net, limits = Network.from_frames(**grid("three_bus")), range(60, 165, 5)
    steps = {
        "slider, preventive": lambda limit: scopf(net, limits=LADDER | {"1-3": limit}),
        "slider, corrective": lambda limit: corrective_opf(net, moves=18, limits=LADDER | {"1-3": limit}),
    }
    for name, step in steps.items():
        yield name, 3, alone(lambda step=step: [step(limit).lmp for limit in limits], len(limits))


def main():
    pypsa = environment("pypsa", PYPSA)
    thirty = Network.from_pandapower(pandapower.networks.case30())
    middle = Network.from_matpower(data_path("cases/pglib_opf_case118_ieee.m"))
    found = list(slider())
    for net in (Network.from_frames(**grid("pjm_five_bus")), thirty, middle):
        net = wider(net)
        print(net)
        found.append(("any line lost", len(net.buses), cold(net, pypsa)))
    for case in ("pglib_opf_case118_ieee", "case1354pegase"):
        net = Network.from_matpower(data_path(f"cases/{case}.m"))
        print(net)
        found.append(
            ("any line lost, soft limits", len(net.buses), alone(lambda net=net: scopf(net, penalty=1000.0).lmp[None]))
        )
    write("security", "buses", found)


if __name__ == "__main__":
    main()
