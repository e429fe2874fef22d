"""The fairest division of lines, for an alpha between the most in all and max-min: cones first, then Newton's method."""

import numpy as np

from tefoundations.errors import NoConvergence
from tefoundations.programmes import NoEnd, NoPoint, Unsolved, cone

START = 2.0  # the alpha that begins
NEARLY_FULL, POLISH = 1e-4, 6  # a line is taken for full within this of it; steps from near the optimum to it
STRIDE = 0.1  # of log alpha
ACCURACY = 1e-9  # of the gains, as a share of each


def fairest(takes, room, alpha, level):
    """The gains for an alpha, step by step from those for alpha 2.

    Parameters
    ----------
    takes : (m, n) float array
        What of a line one unit of a user takes.
    room : (m,) float array
        What is left of each line for gains.
    alpha : float
        Above 0, not infinite.
    level : (n,) float array
        The gains of max-min, in units of which is computed.

    Returns
    -------
    (n,) float array
    """
    rows = takes.any(axis=1)
    scaled = takes[rows] * level / room[rows, None]
    share, missing = _start(scaled, level.min() / level), np.inf
    way = np.log(alpha / START)
    for now in START * np.exp(np.linspace(0, way, 1 + int(np.ceil(abs(way) / STRIDE)))):
        for _ in range(POLISH):
            share, missing = _nearer(scaled, (level / level.min()) ** (1 - now), now, share)
    if not max(missing, (scaled @ share).max() - 1) < ACCURACY:
        raise NoConvergence(
            f"alpha {alpha:g}: no exact division is found; an alpha nearer to 1, or an infinite one, may help"
        )
    return share * level


def _start(scaled, weight):
    """Shares near the optimum for alpha 2, where the sum of weight / share is least: a programme with cones."""
    from scipy import sparse

    lines, users = scaled.shape
    one, none = sparse.eye_array(users, format="csr"), sparse.csr_array((users, users))
    # A bound t on weight / share: (t + share, 2 sqrt(weight), t - share) is in a cone of second order.
    three = sparse.vstack(
        [sparse.hstack([-one, -one]), sparse.hstack([none, none]), sparse.hstack([one, -one])], format="csr"
    )
    in_turn = np.arange(3 * users).reshape(3, users).T.ravel()
    roots = np.column_stack([np.zeros(users), 2 * np.sqrt(weight), np.zeros(users)]).ravel()
    matrix = sparse.vstack([sparse.hstack([sparse.csr_array(scaled), sparse.csr_array((lines, users))]), three[in_turn]])
    cones = [("positive", lines), *[("second order", 3)] * users]
    try:
        found = cone(np.r_[np.zeros(users), np.ones(users)], matrix, np.r_[np.ones(lines), roots], cones)
    except (NoPoint, NoEnd, Unsolved) as error:
        raise NoConvergence(f"the solver finds no division ({error})") from None
    return np.maximum(found.x[:users], ACCURACY)


def _nearer(scaled, weight, alpha, share):
    """One step of Newton's method towards shares that the prices of full lines explain, and by how much they fail to.

    A little more is worth weight * share^-alpha to a user, and costs the prices of its lines. In logarithms both are nearly
    straight, so the step is a good one also where shares differ much.
    """
    from scipy.optimize import nnls

    with np.errstate(all="ignore"):
        worth = weight * share**-alpha
        full = scaled[scaled @ share > 1 - NEARLY_FULL]
        part = full.T / worth[:, None]
    if not (np.isfinite(part).all() and np.isfinite(worth).all() and part.any()):  # nnls ends the process at no numbers
        return share, np.inf
    price, missing = nnls(part, np.ones(len(share)))
    full, price = full[price > 0], price[price > 0]
    cost = full.T @ price
    if not (cost > 0).all():  # somebody's lines are all taken for empty
        return share, np.inf
    with np.errstate(all="ignore"):
        into_cost, into_load = full.T * price / cost[:, None], full * share / (full @ share)[:, None]
        system = np.block([
            [alpha * np.eye(len(share)), into_cost], [into_load, np.zeros((len(full), len(full)))],
        ])  # fmt: skip
        off = np.r_[np.log(worth / cost), -np.log(full @ share)]
    if not (np.isfinite(system).all() and np.isfinite(off).all()):
        return share, np.inf
    step = np.linalg.lstsq(system, off, rcond=None)[0][: len(share)]
    return share * np.exp(np.clip(step, -1, 1)), missing
