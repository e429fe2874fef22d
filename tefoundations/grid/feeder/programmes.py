"""The optimal power flow of a radial feeder as a cone programme: the branch flow model, or LinDistFlow without losses.

Unknown are the injections p of the blocks (generators, pieces of cost curves, bids) and q of the units; for every line of
the tree the flow P + jQ into its impedance and the squared current l; and the squared voltage w of every bus:

    at every bus     injections + what arrives - what leaves = load                     (price of power: its multiplier)
    along a line     w' = w - 2 (r P + x Q) + (r^2 + x^2) l
    in a line        P^2 + Q^2 <= l w        a second-order cone; exact where it holds with equality
    in a rated unit  p^2 + q^2 <= s_max^2

LinDistFlow has no l and no cone. Everything is in per unit of a base near the size of the load, so that the solver's
tolerances mean the same on a street as on a region.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import block_array, coo_array, csr_array, eye_array, vstack

from tefoundations import programmes
from tefoundations.errors import InvalidNetwork
from tefoundations.grid.feeder.linear_flow import shunts_at_one
from tefoundations.grid.feeder.tree import Tree
from tefoundations.programmes import NoEnd, NoPoint, Unsolved

FAR = 32.0  # so many times its unit is more than a solver should see


class NoOperation(Exception):
    """No operation of the feeder keeps all limits; whoever asked says why."""


@dataclass(frozen=True, eq=False)
class FeederRows:
    """Constraints of one kind: right - matrix x is 0 (cone 0), not negative (1), or in second-order cones of size `cone`."""

    name: str
    matrix: csr_array
    right: np.ndarray
    cone: int

    def cones(self):
        """The same for `tefoundations.programmes.cone`."""
        if self.cone > 1:
            return [("second order", self.cone)] * (len(self.right) // self.cone)
        return [("positive" if self.cone else "zero", len(self.right))]


@dataclass(frozen=True, eq=False)
class FeederOptimum:
    """Values by name of the variable; by name of the constraint, multipliers ($/h per unit of `scale`) and matrix."""

    value: dict
    dual: dict
    cone: np.ndarray | None
    iterations: int


@dataclass(eq=False)
class FeederProgram:
    """One feeder with its blocks and loads.

    Parameters
    ----------
    net : Network
        Radial.
    blocks : Blocks
    load, q_load : (n,) float arrays
        MW and MVAr.
    losses : bool
        Whether lines lose power (else LinDistFlow).
    limit_of : {"S", "P"}
        Whether line limits hold apparent or active power.
    reactive : (k,) float array
        Reactive power (MVAr) that comes with each MW of a block.
    free_q : pair of (g,) float arrays
        Lowest and highest reactive output of the generators beside that (MVAr).
    """

    net: object
    blocks: object
    load: np.ndarray
    q_load: np.ndarray
    losses: bool
    limit_of: str
    reactive: np.ndarray
    free_q: tuple
    rows: dict = field(default_factory=dict)

    def __post_init__(self):
        net = self.net
        self.tree = Tree.of(net)
        n, m = len(net.buses), len(self.tree.line)
        self.sizes = {"p": len(self.blocks.at), "q": len(net.generators), "P": m, "Q": m, "l": m * self.losses, "w": n}
        ends = np.cumsum([*self.sizes.values()])
        self.columns = dict(zip(self.sizes, np.split(np.arange(ends[-1]), ends[:-1])))
        load, given = np.abs(self.load).sum(), self.blocks.high[self.blocks.owner < self.blocks.units].sum()
        self.most = float(max(load, np.abs(self.q_load).sum(), min(net.bids.p_max.sum(), load + given)) or net.base)
        self._in_units_of(max(load, np.abs(self.q_load).sum()) or self.most)

    def _in_units_of(self, scale):
        """Everything per unit of so many MVA."""
        self.scale = scale = float(scale)
        net, line = self.net, self.tree.line
        self.r, self.x = (column[line] * scale / net.base for column in (net.lines.r, net.lines.x))
        half = (net.lines.g + 1j * net.lines.b)[line] * net.base / scale / 2
        near, far = self.tree.ratios(net)
        self.near, self.far, self.near_shunt, self.far_shunt = near, far, half * near, half * far
        self.limit = net.lines.limit[line] / scale
        self.laws, self.right = self._laws()

    def _matrix(self, **parts):
        """Sparse rows from {variable: matrix}, all other columns 0."""
        count = next(iter(parts.values())).shape[0]
        return block_array([[parts.get(name, csr_array((count, size))) for name, size in self.sizes.items()]], format="csr")

    def _laws(self):
        """Balance of active and of reactive power at every bus, voltage along every line: matrix and right-hand side."""
        net, tree, n, m = self.net, self.tree, self.sizes["w"], self.sizes["P"]
        leaves, arrives, blocks, units = (
            _place(at, n) for at in (tree.parent, tree.child, self.blocks.at, net.generators.at)
        )
        shunt = shunts_at_one(net, tree) * net.base / self.scale
        load = np.concatenate([self.load, self.q_load]) / self.scale
        p, q = {"p": blocks, "P": arrives - leaves}, {"p": blocks * self.reactive, "q": units, "Q": arrives - leaves}
        drop = {
            "P": _diagonal(-2 * self.r),
            "Q": _diagonal(-2 * self.x),
            "w": _diagonal(self.near) @ leaves.T - _diagonal(self.far) @ arrives.T,
        }
        if self.losses:
            p |= {"l": -arrives * self.r, "w": _diagonal(-shunt.real)}
            q |= {"l": -arrives * self.x, "w": _diagonal(-shunt.imag)}
            drop["l"] = _diagonal(self.r**2 + self.x**2)
        else:
            load = load + np.concatenate([shunt.real, shunt.imag])
        matrices = [self._matrix(**rows) for rows in (p, q, drop)]
        return vstack(matrices, format="csr"), np.concatenate([load, np.zeros(m)])

    def _bounds(self):
        """Lowest and highest value of every variable."""
        blocks, buses, s = self.blocks, self.net.buses, self.scale
        free, current = np.full(2 * self.sizes["P"], np.inf), np.zeros(self.sizes["l"])
        low = [blocks.low / s, self.free_q[0] / s, -free, current, buses.v_min**2]
        high = [blocks.high / s, self.free_q[1] / s, free, current + np.inf, buses.v_max**2]
        return np.concatenate(low), np.concatenate(high)

    def _ends(self):
        """Rows for active and reactive power that enters the limited lines, at the near end and, with losses, the far."""
        limited = np.flatnonzero(np.isfinite(self.limit))
        pick = eye_array(self.sizes["P"], format="csr")[limited]
        if not self.losses:
            return [({"P": pick}, {"Q": pick})]
        parent, child = (_place(at[limited], self.sizes["w"]).T for at in (self.tree.parent, self.tree.child))
        near, far = self.near_shunt[limited], self.far_shunt[limited]
        at_near = {"P": pick, "w": _diagonal(near.real) @ parent}, {"Q": pick, "w": _diagonal(-near.imag) @ parent}
        return [at_near, ({"P": -pick, "l": pick * self.r, "w": _diagonal(far.real) @ child},
                          {"Q": -pick, "l": pick * self.x, "w": _diagonal(-far.imag) @ child})]  # fmt: skip

    def _constraints(self):
        """All constraints."""
        low, high = self._bounds()
        every = eye_array(len(low), format="csr")
        fixed, below, above = low == high, np.isfinite(high) & (low < high), np.isfinite(low) & (low < high)
        self.rows = {"fixed": np.flatnonzero(fixed), "below": np.flatnonzero(below), "above": np.flatnonzero(above)}
        found = [
            FeederRows("laws", self.laws, self.right, 0),
            FeederRows("fixed", every[fixed], low[fixed], 0),
            FeederRows("below", every[below], high[below], 1),
            FeederRows("above", -every[above], -low[above], 1),
        ]
        limit = self.limit[np.isfinite(self.limit)]
        for end, parts in zip(("near", "far"), self._ends()):
            active, reactive = (self._matrix(**part) for part in parts)
            if self.limit_of == "P":
                found += [FeederRows(f"{end} out", active, limit, 1), FeederRows(f"{end} back", -active, limit, 1)]
            else:
                nothing, right = csr_array(active.shape), np.column_stack([limit, 0 * limit, 0 * limit]).ravel()
                found.append(FeederRows(end, _interleaved(nothing, -active, -reactive), right, 3))
        found.append(self._ratings())
        if self.losses:
            found.append(FeederRows("current", self._cone(), np.zeros(4 * self.sizes["P"]), 4))
        return [rows for rows in found if len(rows.right)]

    def _ratings(self):
        """|(p, q)| <= s_max for each rated unit, p the sum of its blocks; load that is shed belongs to none."""
        rating, blocks = self.net.generators.s_max, self.blocks
        units = np.flatnonzero(np.isfinite(rating))
        at, own = np.arange(len(units)), np.flatnonzero(np.isin(blocks.owner, units))
        row = np.searchsorted(units, blocks.owner[own])
        ones = csr_array((np.ones(len(own)), (row, own)), shape=(len(units), self.sizes["p"]))
        free = csr_array((np.ones(len(units)), (at, units)), shape=(len(units), self.sizes["q"]))
        active, reactive = self._matrix(p=ones), self._matrix(p=ones * self.reactive, q=free)
        right = np.column_stack([rating[units] / self.scale, 0 * at, 0 * at]).ravel()
        return FeederRows("rating", _interleaved(csr_array(active.shape), -active, -reactive), right, 3)

    def _cone(self):
        """P^2 + Q^2 <= l w as |(2 P, 2 Q, l - w)| <= l + w, one cone a line; w is seen behind the line's transformer."""
        own, one = (
            _diagonal(self.near) @ _place(self.tree.parent, self.sizes["w"]).T,
            eye_array(self.sizes["P"], format="csr"),
        )
        parts = {"l": -one, "w": -own}, {"P": -2 * one}, {"Q": -2 * one}, {"l": -one, "w": own}
        return _interleaved(*(self._matrix(**part) for part in parts))

    def solve(self):
        """The optimum.

        How much of its bids a feeder can serve is not known before. Where it is far more than the fixed load, the programme
        is solved again in units of what is served, since the accuracy of a solver is a share of the unit.

        Raises
        ------
        NoOperation
            No operation keeps all limits.
        InvalidNetwork
            The cost can fall without end.
        TEError
            The solver stops without an answer.
        """
        while True:
            try:
                found = self._optimum()
                used = -found.value["p"][self.blocks.owner >= self.blocks.units].sum() * self.scale
            except (NoPoint, NoEnd, Unsolved) as error:
                if not self.most > FAR * self.scale:
                    raise self._refused(error) from None
                used = self.most
            if not used > FAR * self.scale:
                return found
            self._in_units_of(used)

    def _refused(self, error):
        """The same error, in words of a feeder."""
        if isinstance(error, NoPoint):
            return NoOperation()
        pays = "some generator without p_max or p_min pays for giving more, or less"
        return InvalidNetwork(f"the cost can fall without end: {pays}") if isinstance(error, NoEnd) else error

    def _optimum(self):
        """The optimum, in the units that there are now."""
        constraints = self._constraints()
        solution, worth = self._by_cones(constraints)
        x, slack = solution.x, solution.slack
        cuts = np.cumsum([len(rows.right) for rows in constraints])[:-1]
        z = np.split(-solution.dual * worth * self.scale, cuts)
        dual = {rows.name: (part, rows.matrix) for rows, part in zip(constraints, z)}
        cone = slack[len(slack) - 4 * self.sizes["P"] :].reshape(-1, 4) if self.losses else None
        return FeederOptimum({name: x[at] for name, at in self.columns.items()}, dual, cone, solution.iterations)

    def _by_cones(self, constraints):
        """The solution, and the marginal cost ($/MWh) that its objective counts as 1."""
        blocks, cost, cost2 = self.blocks, np.zeros(self.laws.shape[1]), np.zeros(self.laws.shape[1])
        worth = max(np.abs(blocks.cost).max(initial=0.0), np.abs(blocks.cost2).max(initial=0.0) * self.scale) or 1.0
        cost[self.columns["p"]], cost2[self.columns["p"]] = blocks.cost / worth, 2 * blocks.cost2 * self.scale / worth
        matrix, right = (
            vstack([rows.matrix for rows in constraints], format="csc"),
            np.concatenate([rows.right for rows in constraints]),
        )
        cones = [cone for rows in constraints for cone in rows.cones()]
        return programmes.cone(cost, matrix, right, cones, squares=_diagonal(cost2), iterations=300), worth


def _place(at, size):
    """Matrix (size, k) that puts value i at position at[i]."""
    return coo_array((np.ones(len(at)), (at, np.arange(len(at)))), shape=(size, len(at))).tocsr()


def _diagonal(values):
    at = np.arange(len(values))
    return csr_array((values, (at, at)), shape=(len(values), len(values)))


def _interleaved(*matrices):
    """Rows 0 of all matrices, then rows 1 of all, ...: one cone after the other."""
    count, rows = len(matrices), matrices[0].shape[0]
    return vstack(matrices, format="csr")[np.arange(count * rows).reshape(count, rows).T.ravel()]
