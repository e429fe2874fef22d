"""Prices of an AC optimal power flow taken apart by cause, through one factorisation.

At an optimum no change of the angles and voltages would save anything. These conditions, one for the angle and one for the
voltage of each bus but the slack, are linear in the prices of active and reactive power at all buses but the slack. What
remains on the other side is the price of active power at the slack, that of reactive power there, and the multipliers of
line limits, voltages and angles: one right-hand side each, with the same matrix, and the answers add up to the prices.
"""

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

from tefoundations.grid.ac.price_parts import PriceParts


class ACPricing:
    """The optimum of an ACProblem, ready to be taken apart."""

    def __init__(self, problem, optimum):
        self.net, self.n = problem.net, problem.n
        point, per = problem.at(optimum.x), problem.worth / problem.base  # $/MWh of a price of 1
        self.price = optimum.price * per
        rows, columns, values = _jacobian(problem, optimum.x, point)
        self.slopes = csc_array((values, (rows, columns)), shape=(2 * self.n, 2 * self.n))
        states = slice(0, 2 * self.n)
        flows, angles = problem.of_flows(point, optimum.mu), problem.of_angles(optimum.mu)
        bounds = problem.of_bounds(optimum.mu)
        held = problem.fixed & (np.arange(problem.size) >= self.n) & (np.arange(problem.size) < 2 * self.n)
        # A voltage that is held has no multiplier of its own; it is what the condition of that voltage leaves over.
        bounds[held] = -(problem.of_balance(optimum.x, point, optimum.price) + flows + angles)[held]
        self.causes = {"congestion": flows[states] * per, "voltage": bounds[states] * per, "angle": angles[states] * per}
        self._known = {}

    def parts(self, slack=None):
        """`PriceParts` told from a slack bus (default: the network's)."""
        at = self.net.slack_at if slack is None else self.net.position(slack)
        if at not in self._known:
            self._known[at] = self._told_from(at)
        return self._known[at]

    def _told_from(self, at):
        n, energy = self.n, self.price[at].real
        others = np.delete(np.arange(n), at)
        both = np.concatenate([others, n + others])
        conditions = self.slopes.T.tocsr()[both].tocsc()  # one row an angle or voltage, one column a balance
        factors = splu(conditions[:, both], permc_spec="COLAMD") if len(both) else None
        solved = lambda right: factors.solve(-right) if factors else np.zeros(0)  # noqa: E731
        share = solved(conditions[:, [at]].toarray().ravel())
        found = {"reactive": solved(conditions[:, [n + at]].toarray().ravel() * self.price[at].imag)}
        found |= {cause: solved(right[both]) for cause, right in self.causes.items()}
        whole = lambda values, own: np.insert(values, at, own)  # noqa: E731
        p = {cause: whole(part[: n - 1], 0.0) for cause, part in found.items()}
        q = {
            cause: whole(part[n - 1 :], self.price[at].imag if cause == "reactive" else 0.0) for cause, part in found.items()
        }
        p, q = ({cause: part + 0.0 for cause, part in parts.items()} for parts in (p, q))
        p = {"energy": np.full(n, energy), "loss": self.price.real - energy - sum(p.values())} | p
        q = {"energy": np.zeros(n), "loss": self.price.imag - sum(q.values())} | q
        p["loss"][at] = q["loss"][at] = 0.0
        return PriceParts(p, q, whole(share[: n - 1], 1.0) - 1.0)


def _jacobian(problem, x, point):
    """Derivatives of the balances (n active, n reactive) by the states (n angles, n voltages): rows, columns, values."""
    own, n = problem.ends.own, problem.n
    every = np.arange(n)
    bus = np.concatenate([own, own, own, own, every])
    column = np.concatenate([*problem.local, n + every])
    value = np.concatenate([point.slope.ravel(), 2 * problem.shunt * x[problem.volt]])
    return np.concatenate([bus, n + bus]), np.concatenate([column, column]), np.concatenate([value.real, value.imag])
