"""Programmes for every room: linear, mixed-integer, quadratic and cone programmes, and what counts as zero.

Arrays go in (to HiGHS, and for squares and cones to Clarabel); a `Solution` comes out, or an error: `NoPoint`, `NoEnd`,
`Unsolved`. The caller, who knows what the rows mean, turns it into words of its own.

**What counts as zero.** One policy for all who compute with floats. A number is zero when it is no more than rounding of
what made it: its order, line or device, or the sums it is left over from; never of the largest thing in the problem.
`is_zero` and `ROUNDING` say so for what is computed; `NEAR` is for what a solver found, who stops near the optimum.

**What a solver sees.** Its tolerances are fixed numbers, so they mean something only if the numbers it sees are near one.
Before it sees a programme, each column, each row and the objective are divided by a unit of their own, a power of two (so
that nothing is rounded), and multiplied again after. A bound that no row lets a variable come near ("the grid" sells a
billion kWh to a street that takes ten) is drawn in to twice what the rows allow: it does not bind, so no dual changes, and
it no longer drowns the rest. Parts of a programme that share no row have units of their own. A coefficient that is rounding
of what made it is 0 before all that: else its row would be scaled until the rounding is a law. A row that nothing can bring
near its bounds has none. An answer is held against the rows in their own units: one that breaks them is an error.

**Signs.** A dual is the derivative of the minimum by the bound of its row, a reduced cost that by the bound of its variable.
"""

from dataclasses import dataclass

import numpy as np

from tefoundations.errors import TEError
from tefoundations.units import Units, drawn_in, far_power, most_broken, on_bounds, row_units, without_dust, without_idle

__all__ = []  # for the rooms: no page of the documentation shows these

ROUNDING = 64 * np.finfo(float).eps  # share of what made a number below which it is rounding
NEAR = 1e-9  # the same for what an iteration found
TOLERANCE = 1e-10  # of HiGHS, in its units: the least it takes
BROKEN = 1e-7  # share of what a row could add up to by which no answer breaks it, whatever its units were
SIMPLEX = {"output_flag": False, "threads": 1, "parallel": "off", "presolve": "off",
           "primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE,
           "mip_feasibility_tolerance": TOLERANCE, "small_matrix_value": 1e-12}  # fmt: skip
BY_ROW, MINIMISE = 2, 1
ACCURACY = 1e-10  # of Clarabel, relative


class NoPoint(TEError):
    """No point keeps all rows and bounds."""


class NoEnd(TEError):
    """The objective can fall without end."""


class Unsolved(TEError):
    """The solver stopped without an answer; the message is the solver's."""


@dataclass(frozen=True, eq=False)
class Solution:
    """An optimum.

    Parameters
    ----------
    x : (n,) float array
        The variables. A linear programme's are on their bounds exactly, or off them by more than rounding.
    dual : (m,) float array
        Derivative of the minimum by the bound of each row; of a mixed-integer programme 0.
    reduced : (n,) float array
        Derivative of the minimum by the bound of each variable; empty from `cone`.
    objective : float
        The minimum.
    slack : (m,) float array
        From `cone`: what is left of each row; else empty.
    iterations : int
        Steps of the solver.
    """

    x: np.ndarray
    dual: np.ndarray
    reduced: np.ndarray
    objective: float
    slack: np.ndarray
    iterations: int


def is_zero(value, of, share=ROUNDING):
    """Whether a number is no more than rounding of what it belongs to.

    Parameters
    ----------
    value : float or (n,) float array
        What is left.
    of : float or (n,) float array
        What made it: the order, line or device, or the sum it is the rest of; same unit as `value`.
    share : float
        `ROUNDING` for sums, `NEAR` for what a solver found.

    Returns
    -------
    bool or bool array

    Examples
    --------
    >>> is_zero(0.1 + 0.2 - 0.3, of=0.3), is_zero(1e-12, of=1e-12)
    (np.True_, np.False_)
    """
    return np.abs(value) <= share * np.abs(of)


def linear(cost, matrix, low, high, lower, upper, *, whole=None, gap=0.0):
    """The least cost @ x with low <= matrix @ x <= high and lower <= x <= upper.

    Parameters
    ----------
    cost : (n,) float array
        Of a unit of each variable (money; ct/kWh, $/MWh, or what the caller has).
    matrix : (m, n) float array or sparse array
    low, high : (m,) float arrays
        Bounds of the rows; equal for an equation, infinite for none.
    lower, upper : (n,) float arrays
        Bounds of the variables.
    whole : (n,) bool array, optional
        Which variables must be whole numbers.
    gap : float
        Share of the objective by which a mixed-integer programme may miss the optimum.

    Returns
    -------
    Solution

    Raises
    ------
    NoPoint, NoEnd, Unsolved

    References
    ----------
    Huangfu, Q. and Hall, J. A. J. (2018), "Parallelizing the dual revised simplex method", Mathematical Programming
    Computation 10, 119-142 (HiGHS); Curtis, A. R. and Reid, J. K. (1972), "On the automatic scaling of matrices for Gaussian
    elimination", IMA Journal of Applied Mathematics 10(1), 118-124 (rows and columns near one).

    Examples
    --------
    Sellers at 3 and at 5 ct/kWh serve 4 kWh; one more would cost 5 ct:

    >>> found = linear([3, 5], [[1, 1]], [4], [4], [0, 0], [3, 1e12])
    >>> found.x, found.dual, found.reduced, found.objective
    (array([3., 1.]), array([5.]), array([-2.,  0.]), 14.0)
    >>> linear([3], [[1]], [4], [4], [0], [3])
    Traceback (most recent call last):
        ...
    tefoundations.programmes.NoPoint: no point keeps all limits
    """
    return LinearProgramme(matrix, low, high, lower, upper, whole=whole, gap=gap).minimise(cost)


class LinearProgramme:
    """Rows and bounds that are kept, for one cost after the other: each starts where the last one ended.

    Parameters
    ----------
    matrix, low, high, lower, upper, whole, gap
        As in `linear`.
    """

    def __init__(self, matrix, low, high, lower, upper, *, whole=None, gap=0.0):
        self.matrix = without_dust(matrix, ROUNDING)
        self.low, self.high, self.lower, self.upper = (np.asarray(x, float) for x in (low, high, lower, upper))
        self.whole = np.zeros(len(self.lower), dtype=bool) if whole is None else np.asarray(whole, bool)
        self.gap, self._highs, self._loose = gap, None, False

    def minimise(self, cost):
        """The optimum for a cost.

        Parameters
        ----------
        cost : (n,) float array
            Of a unit of each variable (money; ct/kWh, $/MWh, or what the caller has).

        Returns
        -------
        Solution

        Raises
        ------
        NoPoint, NoEnd, Unsolved
        """
        cost = np.asarray(cost, float)
        if not len(cost):  # HiGHS takes no programme without a variable
            if ((self.low > 0) | (self.high < 0)).any():
                raise NoPoint("no point keeps all limits")
            return Solution(cost, np.zeros(len(self.low)), cost, 0.0, np.zeros(0), 0)
        for loose in sorted({self._loose, True}):
            self._loose = loose
            if self._highs is None:
                self._pass()
            try:
                return self._run(cost)
            except (NoPoint, Unsolved) as error:
                # In the finest units a solver may take rounding for a contradiction: it is one if it stays in coarser.
                self._highs, failed = None, error
        self._loose = False
        raise failed

    def _pass(self):
        """Hand the programme to the solver, in its units."""
        import highspy

        self._highs, self._status = highspy.Highs(), highspy.HighsModelStatus
        for option, value in SIMPLEX.items():
            self._highs.setOptionValue(option, value)
        if self.whole.any():
            for option, value in (("presolve", "on"), ("mip_rel_gap", self.gap), ("mip_abs_gap", self.gap)):
                self._highs.setOptionValue(option, value)
        drawn = drawn_in(self.matrix, self.low, self.high, self.lower, self.upper, ROUNDING)
        # HiGHS 1.15 calls a whole variable with a bound between whole numbers a contradiction.
        whole = np.ceil(self.lower), np.floor(self.upper)
        lower, upper = (np.where(self.whole, own, new) for own, new in zip(whole, drawn))
        low, high = without_idle(self.matrix, self.low, self.high, lower, upper)
        self._units = units = Units.of(self.matrix, (low, high), (lower, upper), self.whole, self._loose)
        most = np.maximum(np.abs(lower), np.abs(upper))
        self._reach = np.where(np.isfinite(most), most, units.column)
        rows = np.repeat(units.row, np.diff(self.matrix.indptr))
        self._highs.passModel(
            len(lower), len(self.low), self.matrix.nnz, BY_ROW, MINIMISE, 0.0, np.zeros(len(lower)), lower / units.column,
            upper / units.column, low * units.row, high * units.row, self.matrix.indptr.astype(np.int32),
            self.matrix.indices.astype(np.int32), self.matrix.data * rows * units.column[self.matrix.indices],
            self.whole.astype(np.int32),
        )  # fmt: skip

    def _run(self, cost):
        highs, units, status = self._highs, self._units, self._status
        money = units.money(cost)
        highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost * units.column / money[units.part])
        highs.run()
        said = highs.getModelStatus()
        if said == status.kInfeasible:
            raise NoPoint("no point keeps all limits")
        if said == status.kUnbounded:
            raise NoEnd("the objective can fall without end")
        if said != status.kOptimal:
            raise Unsolved(f"HiGHS finds no optimum: {highs.modelStatusToString(said)}")
        found, steps = highs.getSolution(), highs.getInfo()
        x = np.array(found.col_value) * units.column
        x = on_bounds(np.where(self.whole, np.round(x), x), self.matrix, self.lower, self.upper, ROUNDING)
        broken = most_broken(x, self.matrix, self.low, self.high, self._reach, BROKEN)
        if broken:
            raise Unsolved("HiGHS breaks row {} by {:g} and calls it optimal".format(*broken))
        dual, reduced = np.array(found.row_dual), np.array(found.col_dual)
        if self.whole.any():
            dual, reduced = np.zeros(len(self.low)), np.zeros(len(x))
        dual = dual * units.row * money[units.part_of_row]
        return Solution(x, dual, reduced * money[units.part] / units.column, float(cost @ x), np.zeros(0),
                        int(steps.simplex_iteration_count))  # fmt: skip


def cone(cost, matrix, right, cones, *, squares=None, unit=1.0, iterations=200):
    """The least cost @ x + x @ squares @ x / 2 with right - matrix @ x in a product of cones.

    Parameters
    ----------
    cost : (n,) float array
        Of a unit of each variable (money; ct/kWh, $/MWh, or what the caller has).
    matrix : (m, n) sparse array
    right : (m,) float array
    cones : sequence of (str, int)
        In the order of the rows: "zero" (equations), "positive" (rows that may have slack) or "second order" (the first row
        is at least the length of the others), and how many rows each takes.
    squares : (n, n) sparse array, optional
        Its upper triangle; positive semidefinite.
    unit : float
        A size of x that is neither large nor small: the load, the capacity of the device.
    iterations : int
        Most steps of the solver.

    Returns
    -------
    Solution
        To about 1e-10 of `unit` and of the largest cost.

    Raises
    ------
    NoPoint, NoEnd, Unsolved

    References
    ----------
    Goulart, P. J. and Chen, Y. (2024), "Clarabel: an interior-point solver for conic programs with quadratic objectives",
    arXiv:2405.12762.

    Examples
    --------
    The point of the line x + y = 2 that is nearest to 0, and what one more on the right would add to half its square:

    >>> from scipy.sparse import csc_array
    >>> found = cone([0.0, 0.0], csc_array([[1.0, 1.0]]), [2.0], [("zero", 1)], squares=csc_array(np.eye(2)))
    >>> found.x.round(6), found.dual.round(6)
    (array([1., 1.]), array([1.]))
    """
    import clarabel
    from scipy.sparse import csc_array, diags_array

    cost, right, matrix = np.asarray(cost, float), np.asarray(right, float), csc_array(matrix)
    squares = csc_array((len(cost), len(cost))) if squares is None else csc_array(squares)
    unit = float(far_power(unit))
    worth = max(np.abs(cost).max(initial=0.0), np.abs(squares.data).max(initial=0.0) * unit)
    worth = float(far_power(worth))
    row = row_units(abs(matrix), np.abs(right) / unit, cones)
    kinds = {"zero": clarabel.ZeroConeT, "positive": clarabel.NonnegativeConeT, "second order": clarabel.SecondOrderConeT}
    settings = clarabel.DefaultSettings()
    settings.verbose, settings.max_threads, settings.presolve_enable, settings.max_iter = False, 1, False, iterations
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = ACCURACY
    settings.tol_ktratio = 1e-8  # it must not call a programme hopeless that is only hard
    found = clarabel.DefaultSolver(
        csc_array(squares * (unit / worth)), cost / worth, csc_array(diags_array(row) @ matrix), right * row / unit,
        [kinds[kind](count) for kind, count in cones], settings,
    ).solve()  # fmt: skip
    said = str(found.status)
    if "PrimalInfeasible" in said:
        raise NoPoint("no point keeps all limits")
    if "DualInfeasible" in said:
        raise NoEnd("the objective can fall without end")
    if said not in ("Solved", "AlmostSolved"):
        raise Unsolved(f"Clarabel finds no optimum: {said}")
    x, dual, slack = np.array(found.x) * unit, -np.array(found.z) * row * worth, np.array(found.s) * unit / row
    return Solution(x, dual, np.zeros(0), float(found.obj_val) * unit * worth, slack, int(found.iterations))
