"""Prices on a radial feeder, taken apart by cause through one linear system.

At an optimum, prices and voltage multipliers along the tree follow from four causes: the price of power at the root, the
price of reactive power there, the multipliers of full lines, and those of voltages at a limit. The optimality conditions
for flows, currents and voltages are linear in all of them, so each cause has its own right-hand side and the parts add up.
"""

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack
from scipy.sparse.linalg import splu

from tefoundations.grid.ac.price_parts import PriceParts


def parts_of(program, optimum, loose):
    """The parts of all prices.

    Parameters
    ----------
    program : FeederProgram
    optimum : FeederOptimum
    loose : (n-1,) bool array
        Lines whose cone does not hold with equality.

    Returns
    -------
    PriceParts
    """
    n, m, root = program.sizes["w"], program.sizes["P"], program.tree.root
    others = np.delete(np.arange(n), root)
    states = np.concatenate([program.columns[name] for name in ("P", "Q", "l")] + [program.columns["w"][others]])
    known, unknown = np.array([root, n + root]), np.concatenate([others, n + others, 2 * n + np.arange(m)])
    slopes = program.laws.tocsc()[:, states].T.tocsc()  # one row a state, one column a law
    system = slopes[:, unknown]
    if program.losses and len(states):
        system = hstack([system, _cone_columns(program, optimum, loose, states)], format="csc")
    factors = splu(csc_array(system)) if len(states) else None
    at_root = optimum.dual["laws"][0][known]
    bound, cause = _limits(program, optimum), {}
    rights = {"root": slopes[:, known[:1]] @ np.ones(1), "reactive": slopes[:, known[1:]] @ at_root[1:]}
    rights |= {name: bound[name][states] for name in ("congestion", "voltage")}
    for name, right in rights.items():
        answer = factors.solve(-right) if factors else np.zeros(0)
        own = 1.0 if name == "root" else 0.0
        cause[name] = (
            _filled(answer[: n - 1], others, n, own),
            _filled(answer[n - 1 : 2 * (n - 1)], others, n, at_root[1] if name == "reactive" else 0.0),
        )
    per = -1 / program.scale  # the multiplier of a law is minus the price, per unit of `scale`
    energy = at_root[0] * per
    p = {"energy": np.full(n, energy), "loss": energy * (cause["root"][0] - 1)}
    q = {"energy": np.zeros(n), "loss": energy * cause["root"][1]}
    for name in ("reactive", "congestion", "voltage"):
        p[name], q[name] = per * cause[name][0] + 0.0, per * cause[name][1] + 0.0
    return PriceParts(p, q, cause["root"][0] - 1)


def _cone_columns(program, optimum, loose, states):
    """For each line, how its cone's one multiplier enters the conditions of the states.

    Where the cone is tight the four multipliers are in a fixed ratio. Where it is not they are 0; the current is then free,
    its condition says nothing about prices, and a column of its own takes it out.
    """
    rows = optimum.dual["current"][1].tocsc()[:, states].T.tocsr()
    direction = optimum.cone * np.array([1.0, -1.0, -1.0, -1.0])
    direction = direction / np.linalg.norm(direction, axis=1, keepdims=True)
    direction[loose] = 0.0
    m = program.sizes["P"]
    at = np.arange(4 * m)
    columns = rows @ csr_array((direction.ravel(), (at, at // 4)), shape=(4 * m, m))
    current = 2 * m + np.flatnonzero(loose)
    return columns + csr_array((np.ones(len(current)), (current, np.flatnonzero(loose))), shape=columns.shape)


def _limits(program, optimum):
    """What multipliers of line limits, and of voltage limits, add to the condition of every variable."""
    size = program.laws.shape[1]
    found = {"congestion": np.zeros(size), "voltage": np.zeros(size)}
    squared = np.zeros(size, dtype=bool)
    squared[program.columns["w"]] = True
    for name, (dual, rows) in optimum.dual.items():
        if name.startswith(("near", "far")):
            found["congestion"] += rows.T @ dual
        elif name in ("fixed", "below", "above"):
            found["voltage"] += (rows.T @ dual) * squared
    return found


def _filled(values, at, size, rest):
    whole = np.full(size, float(rest))
    whole[at] = values
    return whole
