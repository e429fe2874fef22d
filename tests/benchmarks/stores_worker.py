"""Runs inside PyPSA's own environment: the dispatch of one network over hours that stores couple, whenever asked."""

import logging
import warnings

import numpy as np
from pypsa_worker import network
from turns_worker import serve, stopwatch


def ready(arrays):
    """The network with its stores, and what must be left in each."""
    net, bus = network(arrays)
    power = arrays["store_power"]
    net.add(
        "StorageUnit", np.arange(len(power)).astype(str), bus=bus[arrays["store_at"]], p_nom=power,
        max_hours=arrays["store_energy"] / power, efficiency_store=arrays["store_in"],
        efficiency_dispatch=arrays["store_out"], state_of_charge_initial=arrays["store_first"], cyclic_state_of_charge=False,
    )  # fmt: skip
    return net, bus, arrays["store_last"]


def solve(built):
    net, bus, last = built
    elapsed = stopwatch()
    model = net.optimize.create_model()
    stored = model.variables["StorageUnit-state_of_charge"].isel(snapshot=-1)
    model.add_constraints(stored, ">=", last, name="left in store")
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
    serve(ready, solve)
