"""Runs inside PyPSA's own environment: its security-constrained dispatch of one network, whenever asked."""

import logging
import warnings

import pandas as pd
from pypsa_worker import network
from turns_worker import serve, stopwatch


def ready(arrays):
    """The network, and the lines and transformers that may be lost, one at a time."""
    net, bus = network(arrays)
    lost = arrays["lost"].astype(str)
    kinds = [("Line" if name in net.lines.index else "Transformer", name) for name in lost]
    return net, bus, pd.MultiIndex.from_tuples(kinds)


def solve(built):
    net, bus, lost = built
    elapsed = stopwatch()
    options = {"threads": 1, "output_flag": False}
    said = net.optimize.optimize_security_constrained(
        branch_outages=lost, solver_name="highs", io_api="direct", solver_options=options
    )
    prices = net.buses_t.marginal_price[bus].to_numpy()
    seconds = elapsed()
    if said[1] != "optimal":
        raise RuntimeError(f"PyPSA: {said}")
    return {"seconds": {"": seconds}, "value": prices}


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    serve(ready, solve)
