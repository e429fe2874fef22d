"""One step of the market under the limits of the lines: a small quadratic programme, and its price at every bus."""

from dataclasses import dataclass

import numpy as np

from tefoundations.programmes import NEAR, cone, is_zero

MUST = 400.0  # ct/kWh: what is bid at infinity counts as so much
OVERLOAD = 400.0  # ct/kWh that a line carries over its limit: what cannot be kept is told and not hidden


@dataclass(frozen=True, eq=False)
class StepOptimum:
    """Energy of each order, price by bus, import, export, what is turned down by bus, rent of each line and its overload."""

    energy: np.ndarray
    price: np.ndarray
    imported: float
    exported: float
    turned_down: np.ndarray
    rent: np.ndarray
    over: np.ndarray


def step_optimum(below, room, fixed, roof, orders, outside, slope, feed_in):
    """The orders that are worth most, on a radial network.

    Columns: energy of each order; what is turned down at each bus; import and export; overload of each line, one way and the
    other. Rows: the balance, and each line's flow in both directions. A flow is what the buses below a line take.

    Parameters
    ----------
    below : (m, n) float array
        1 where a line feeds a bus.
    room : (m,) float array
        What each line may carry in the step (kWh); inf: as much as it likes.
    fixed, roof : (n,) float arrays
        Net load at any price, and what of the roofs may be turned down (kWh).
    orders : list of (sign, bus, price, energy)
        sign 1: it takes, -1: it gives; bus is a position.
    outside, slope, feed_in : float
        One more kWh from outside costs outside + slope m; what is over earns feed_in (ct/kWh).

    Returns
    -------
    StepOptimum
    """
    from scipy.sparse import csc_array

    every, limited = below, np.flatnonzero(np.isfinite(room))
    below, room = below[limited], room[limited]
    (m, n), k = below.shape, len(orders)
    sign, at = np.array([order[0] for order in orders], float), np.array([order[1] for order in orders], int)
    price, most = np.array([order[2] for order in orders], float), np.array([order[3] for order in orders], float)
    cost = np.concatenate([-sign * np.minimum(price, MUST), np.zeros(n), [outside, -feed_in], np.full(2 * m, OVERLOAD)])
    balance = np.concatenate([sign, np.ones(n), [-1.0, 1.0], np.zeros(2 * m)])
    flow = np.hstack([below[:, at] * sign, below, np.zeros((m, 2))])
    one, none, unit = np.eye(m), np.zeros((m, m)), np.eye(len(cost))
    limits = np.block([[flow, -one, none], [-flow, none, -one]])
    matrix = csc_array(np.vstack([balance, limits, unit[: k + n], -unit]))  # so small that it is made dense sooner
    through = below @ fixed
    right = np.concatenate([[-fixed.sum()], room - through, room + through, most, roof, np.zeros(len(cost))])
    size = max(np.abs(fixed).sum() + most.sum(), 1e-300)
    squares = csc_array(([slope], ([k + n], [k + n])), shape=unit.shape)
    found = cone(cost, matrix, right, [("zero", 1), ("positive", len(right) - 1)], squares=squares, unit=size)
    x, dual = _clean(found.x, size), _clean(found.dual, MUST)
    rent, over = np.zeros((2, len(every)))
    rent[limited] = dual[1 + m : 1 + 2 * m] - dual[1 : 1 + m]
    imported, exported = x[k + n : k + n + 2].tolist()
    over[limited] = x[k + n + 2 : k + n + 2 + m] + x[k + n + 2 + m :]
    price = _clean(rent @ every - dual[0], MUST)
    return StepOptimum(x[:k], price, imported, exported, x[k : k + n], rent, over)


def _clean(values, size):
    """What an iteration found, with 0 for what is none."""
    return np.where(is_zero(values, of=size, share=NEAR), 0.0, values)
