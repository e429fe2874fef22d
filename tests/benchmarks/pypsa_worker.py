"""Runs inside PyPSA's own environment: models and solves the DC-OPF of one network for some loads, whenever asked."""

import logging
import warnings

import numpy as np
import pypsa
from turns_worker import serve, stopwatch

ENDLESS = 1e5  # MW, where there is no limit


def network(arrays):
    """The PyPSA network of the arrays, with one snapshot a load. On 1 kV and 1 MVA, ohm and per unit are the same."""
    net, bus = pypsa.Network(), arrays["bus"].astype(str)
    net.set_snapshots(range(len(arrays["loads"])))
    net.add("Bus", bus, v_nom=1.0)
    reactance, limit = 1 / (arrays["b"] * arrays["base"]), np.minimum(arrays["limit"], ENDLESS)
    ends = {"bus0": bus[arrays["start"]], "bus1": bus[arrays["end"]], "s_nom": limit}
    name, shifts = np.arange(len(limit)).astype(str), arrays["shift"] != 0
    given = {key: column[~shifts] for key, column in ends.items()}
    net.add("Line", name[~shifts], x=reactance[~shifts], **given)
    if shifts.any():
        given = {key: column[shifts] for key, column in ends.items()}
        net.add("Transformer", name[shifts], x=(reactance * limit)[shifts], phase_shift=np.rad2deg(arrays["shift"][shifts]),
                **given)  # fmt: skip
    units = np.arange(len(arrays["at"])).astype(str)
    costs = {"marginal_cost": arrays["cost"], "marginal_cost_quadratic": arrays["cost2"]}
    power = {"p_nom": 1.0, "p_min_pu": arrays["p_min"], "p_max_pu": arrays["p_max"]}
    net.add("Generator", units, bus=bus[arrays["at"]], **power, **costs)
    net.add("Load", bus, bus=bus, p_set=arrays["loads"])
    return net, bus


def solve(built):
    net, bus = built
    elapsed = stopwatch()
    net.optimize.create_model()
    options = {"threads": 1, "output_flag": False}
    said = net.optimize.solve_model(solver_name="highs", io_api="direct", solver_options=options)
    prices = net.buses_t.marginal_price[bus].to_numpy()
    seconds = elapsed()
    if said[1] != "optimal":
        raise RuntimeError(f"PyPSA: {said}")
    return {"seconds": {"": seconds}, "value": prices}


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    serve(network, solve)
