"""What one more unit of each limit of a feeder would save, read off the duals of its programme."""

import numpy as np


def line_multipliers(program, optimum):
    """What one more MVA of each limit would save."""
    limited, found = np.flatnonzero(np.isfinite(program.limit)), np.zeros(program.sizes["P"])
    for name, (dual, _) in optimum.dual.items():
        if name.startswith(("near", "far")):
            found[limited] += dual.reshape(len(limited), -1)[:, 0] / program.scale
    by_line = np.zeros(program.sizes["P"])
    by_line[program.tree.line] = np.maximum(found, 0.0)
    return by_line


def rating_multipliers(program, optimum):
    """What one more MVA of each generator's rating would save, (g,)."""
    found = np.zeros(program.sizes["q"])
    if "rating" in optimum.dual:
        rated = np.flatnonzero(np.isfinite(program.net.generators.s_max))
        found[rated] = np.maximum(optimum.dual["rating"][0].reshape(-1, 3)[:, 0] / program.scale, 0.0)
    return found


def voltage_multipliers(program, optimum):
    """What one more p.u. of room for each voltage would save, signed."""
    signed = np.zeros(program.laws.shape[1])
    for name, sign in (("fixed", 1), ("below", 1), ("above", -1)):
        if name in optimum.dual:
            signed[program.rows[name]] += sign * optimum.dual[name][0]
    return 2 * np.sqrt(optimum.value["w"]) * signed[program.columns["w"]]
