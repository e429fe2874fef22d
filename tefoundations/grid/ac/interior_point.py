"""A primal-dual interior point method for the AC optimal power flow.

Every limit h(x) <= 0 gets a slack z > 0 with h(x) + z = 0 and a multiplier mu > 0. The method follows the curve on which all
products z mu are equal to gamma, and lets gamma fall to 0: each step solves the linearised optimality conditions once, then
goes as far as slacks and multipliers stay positive.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse.linalg import splu

TO_THE_BOUNDARY = 0.99995  # part of the way to the first slack or multiplier that would become 0
CENTRING = 0.1  # what gamma falls to in a step
FLOOR = 0.2  # part of the tolerance that complementarity is kept above
GOOD_ENOUGH = 1e-5  # accepted where rounding errors keep the method from getting to its tolerance
PATIENCE = 8  # steps without a better point, once one is good


@dataclass(frozen=True, eq=False)
class InteriorOptimum:
    """The best point found: x, complex prices of the balances (n,), multipliers of the limits, error, and steps made."""

    x: np.ndarray
    price: np.ndarray
    mu: np.ndarray
    error: float
    steps: int

    @property
    def converged(self):
        """Whether the optimality conditions hold."""
        return self.error < GOOD_ENOUGH


def minimise(problem, tolerance=1e-8, most=150):
    """Solve an `ACProblem` from a flat start.

    Parameters
    ----------
    problem : ACProblem
    tolerance : float
        Largest relative error of feasibility, gradient and complementarity.
    most : int
        Steps before giving up.

    Returns
    -------
    InteriorOptimum
    """
    x = problem.start()
    point = problem.at(x)
    z, price, gamma = np.maximum(1.0, -point.limits), np.zeros(problem.n, dtype=complex), 1.0
    mu = gamma / z
    best = InteriorOptimum(x, price, mu, np.inf, 0)
    for step in range(most + 1):
        slope = problem.gradient(x, point, price, mu)
        size = (1 + np.abs(x).max()) * problem.stake  # complementarity is money: it is measured by what is at stake
        error = _error(x, point, z, price, mu, slope, size)
        if error < best.error:
            best = InteriorOptimum(x, price, mu, error, step)
        if error < tolerance or not np.isfinite(error) or (best.error < GOOD_ENOUGH and step - best.steps > PATIENCE):
            break
        direction = _direction(problem, x, point, z, price, mu, gamma, first=step == 0)
        if direction is None:
            break
        dx, d_price = direction
        dz = -point.limits - z - problem.limit_changes(x, point, dx)
        d_mu = -mu + (gamma - mu * dz) / z
        length, dual_length = _length(z, dz), _length(mu, d_mu)
        x, z = x + length * dx, z + length * dz
        price, mu = price + dual_length * d_price, mu + dual_length * d_mu
        # Below this floor complementarity is good enough, and the matrix would only lose digits.
        gamma = max(CENTRING * (z @ mu), FLOOR * tolerance * size) / max(len(z), 1)
        point = problem.at(x)
    return best


def _error(x, point, z, price, mu, slope, money):
    """Largest of three relative errors, measured as MATPOWER's solver does; complementarity as a share of `money`."""
    size, dual_size = 1 + max(np.abs(x).max(), z.max(initial=0.0)), 1 + max(np.abs(price).max(), mu.max(initial=0.0))
    infeasible = (
        max(np.abs(point.balance.real).max(), np.abs(point.balance.imag).max(), point.limits.max(initial=0.0)) / size
    )
    return max(infeasible, np.abs(slope).max() / dual_size, (z @ mu) / money)


def _direction(problem, x, point, z, price, mu, gamma, first):
    """Newton's step for x and the prices; None where the matrix is singular."""
    with np.errstate(over="ignore", invalid="ignore"):  # a search that runs away is stopped below
        matrix = problem.matrix(x, point, price, mu, mu / z)
    if not np.isfinite(matrix.data).all():
        return None
    pushed = problem.gradient(x, point, price, mu + (gamma + mu * point.limits) / z)
    right = -np.concatenate([pushed, point.balance.real, point.balance.imag])
    try:
        factors = splu(matrix, permc_spec="COLAMD" if first else "NATURAL", diag_pivot_thresh=0.1)
    except RuntimeError:
        return None
    answer = np.empty(problem.order)
    answer[problem.column_order] = factors.solve(right)
    if not np.isfinite(answer).all():
        return None
    if first:
        problem.ordered(np.argsort(factors.perm_c))  # an order that keeps the factors sparse; it serves all later steps
    n, size = problem.n, problem.size
    return answer[:size], answer[size : size + n] + 1j * answer[size + n :]


def _length(values, change):
    """How far to go, at most 1, so that all values stay positive."""
    falls = change < 0
    return min(1.0, TO_THE_BOUNDARY * (values[falls] / -change[falls]).min(initial=np.inf))
