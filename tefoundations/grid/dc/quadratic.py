"""The market on one bus with quadratic costs, some lines watched: an interior point method, and what it shares."""

import numpy as np

from tefoundations.errors import TEError
from tefoundations.grid.dc.programmes import MarketOptimum, NoSolution, answer, interior, within
from tefoundations.grid.dc.regime import Regime
from tefoundations.programmes import NEAR, ROUNDING

RATIOS = 1.0, 1e3, 1e-3, 1e6, 1e-6  # of slack to multiplier that a limit is active at; beside a kink none is far from 1
CORRECTED = 12  # how often what the conditions of a regime say of its limits is followed


class QuadraticMarket:
    """Clarabel, an interior point method, then the exact optimum of the regime that it points at."""

    def __init__(self, blocks, units):
        self.blocks, self.units, self.rows = blocks, units, np.zeros((0, len(blocks.at)))
        self._kept, self._last = KeptSolver(), None

    def offer(self, blocks):
        """Other costs and limits of the same blocks: the last regime may hold for them too."""
        last, self.blocks = self._last, blocks
        self._kept.forget()
        if last is not None:
            self._remember(last.at_low, last.at_high, last.full)

    def watch(self, rows):
        """Add watched lines: (w, k) float array, what each block adds to their flows."""
        self.rows, self._last = np.vstack([self.rows, rows]), None
        self._kept.forget()

    def solve(self, total, low, high):
        """The optimum for a load (MW) and room on the watched lines (MW)."""
        found = self._in_regime(self._last, total, low, high)
        if found is not None:
            return found  # the load has not left the regime of the last solve
        rough, guesses = self._by_clarabel(total, low, high)
        for active in guesses:
            found = self._settled(active, total, low, high)
            if found is not None:
                return found
        return self._stepped(rough, total, low, high) or rough

    def _settled(self, active, total, low, high):
        """The exact optimum near a guess of the active limits, corrected by its own conditions; None if there is none."""
        for _ in range(CORRECTED):
            self._remember(*active)
            found = self._in_regime(self._last, total, low, high)
            if found is not None or self._last is None:
                return found
            before, active = active, self._last.corrected(total, low, high)
            if all(np.array_equal(*pair) for pair in zip(before, active)):
                return None
        return None

    def _stepped(self, rough, total, low, high):
        """The exact optimum beside a step, where nearly all stands at a limit and nobody is marginal who should be."""
        blocks, given = self.blocks, rough.injection
        if abs(blocks.share @ given - total) <= ROUNDING * (abs(total) + np.abs(given).sum()):
            return None
        price = rough.energy * blocks.share + rough.multiplier @ self.rows
        excess = np.where(blocks.low < blocks.high, blocks.cost + 2 * blocks.cost2 * given - price, np.inf)
        full = np.sign(-rough.multiplier).astype(int)
        for block in np.argsort(np.abs(excess), kind="stable")[:CORRECTED]:
            others = np.arange(len(given)) != block
            found = self._settled((others & (given <= blocks.low), others & (given >= blocks.high), full), total, low, high)
            if found is not None:
                return found
        return None

    def _remember(self, at_low, at_high, full):
        try:
            self._last = Regime(self.blocks, self.rows, at_low, at_high, full, self.units)
        except np.linalg.LinAlgError:
            self._last = None  # several dispatches cost the same

    def regime(self):
        """The regime of the last optimum."""
        if self._last is None:
            raise np.linalg.LinAlgError("the last optimum is not unique")
        return self._last

    def _in_regime(self, regime, total, low, high):
        if regime is None:
            return None
        injection, energy, multiplier, holds = regime.solve(np.array([total]), low[None], high[None])
        return MarketOptimum(injection[0], float(energy[0]), multiplier[0]) if holds[0] else None

    def _by_clarabel(self, total, low, high):
        """Optimum to about 1e-9, and guesses of which limits are active."""
        least, most = within(self.blocks, total, self.units.energy)
        layout = layout_of(self.blocks, low, high, least, most)
        right = right_of(layout, self.blocks, low, high, least, most)
        right = np.concatenate([[total], right]) / self.units.energy
        solution = self._kept.solve(self._set_up, layout, right)
        injection, price, multiplier, _ = read(solution, layout, self.blocks, self.units, len(low))
        guesses = (active_at(solution, layout, len(injection), len(low), ratio) for ratio in RATIOS)
        return MarketOptimum(injection, float(price[0]), multiplier, blur=NEAR * self.units.money), guesses

    def _set_up(self, layout, right):
        from scipy.sparse import csc_array

        blocks, units, count, m = self.blocks, self.units, len(self.blocks.at), len(right)
        every, equal = np.arange(count), 1 + len(layout["fixed"])
        # By row: total, fixed blocks, lines up and down, blocks below and above. One sort by column is all that is needed.
        lines = np.concatenate([blocks.share[None], self.rows[layout["up"]], -self.rows[layout["down"]]])
        single = np.concatenate([layout["fixed"], layout["below"], layout["above"]])
        sign = np.concatenate([np.ones(len(single) - len(layout["above"])), -np.ones(len(layout["above"]))])
        at = np.concatenate([np.arange(1, equal), np.arange(equal + len(lines) - 1, m)])
        of_lines = np.concatenate([[0], np.arange(equal, equal + len(lines) - 1)])
        row = np.concatenate([np.repeat(of_lines, count), at])
        column, value = np.concatenate([np.tile(every, len(lines)), single]), np.concatenate([lines.ravel(), sign])
        order = np.lexsort((row, column))
        starts = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=count))])
        matrix = csc_array((value[order], row[order], starts), shape=(m, count))
        squares = csc_array(
            (2 * blocks.cost2 * units.energy / units.money, every, np.arange(count + 1)), shape=(count, count)
        )
        return interior(squares, blocks.cost / units.money, matrix, right, equal)


class KeptSolver:
    """An interior point solver that is kept while only right-hand sides change."""

    def __init__(self):
        self._solver, self._layout = None, None

    def forget(self):
        """Set up anew at the next solve: more than right-hand sides has changed."""
        self._solver = None

    def solve(self, set_up, layout, right):
        """The solution for these right-hand sides; after a failure the solver is set up anew.

        Parameters
        ----------
        set_up : callable
            Takes a layout and the right-hand sides, returns a solver.
        layout : dict
            Which limits there are (see `layout_of`).
        right : (m,) float array

        Returns
        -------
        clarabel.DefaultSolution

        Raises
        ------
        NoSolution, TEError
        """
        if self._solver is None or any(not np.array_equal(layout[key], self._layout[key]) for key in layout):
            self._solver, self._layout = set_up(layout, right), layout
        else:
            self._solver.update(b=right)
        try:
            return answer(self._solver)
        except (NoSolution, TEError):
            self._solver = None
            raise


def layout_of(blocks, low, high, least, most):
    """Which limits there are: positions of fixed blocks, of lines and of blocks limited above and below."""
    free = blocks.low < blocks.high
    return {
        "fixed": np.flatnonzero(~free),
        "up": np.flatnonzero(np.isfinite(high)),
        "down": np.flatnonzero(np.isfinite(low)),
        "below": np.flatnonzero(free & np.isfinite(most)),
        "above": np.flatnonzero(free & np.isfinite(least)),
    }


def right_of(layout, blocks, low, high, least, most):
    """The right-hand sides of these limits, in the order of the layout (MW)."""
    return np.concatenate([blocks.low[layout["fixed"]], high[layout["up"]], -low[layout["down"]], most[layout["below"]],
                           -least[layout["above"]]])  # fmt: skip


def read(solution, layout, blocks, units, lines):
    """What a solution means: injection of the blocks, prices of the balances, multipliers of the lines, active limits.

    Parameters
    ----------
    solution : clarabel.DefaultSolution
        Its first variables are the blocks; its rows are balances, then the limits of the layout.
    layout : dict
    blocks : Blocks
    units : MarketUnits
    lines : int
        How many lines may have limits.

    Returns
    -------
    (k,) float array, (b,) float array, (lines,) float array, tuple
        MW, $/MWh, $/MWh (negative at an upper limit), and as `Regime` takes them: at_low, at_high, full.
    """
    injection, dual = np.array(solution.x)[: len(blocks.at)], np.array(solution.z)
    balances = len(dual) - sum(map(len, layout.values()))
    cuts = np.cumsum([balances, *(len(layout[key]) for key in layout)])
    value = {key: dual[a:b] for key, a, b in zip(layout, cuts, cuts[1:])}
    at_low, at_high, full = active = active_at(solution, layout, len(injection), lines)
    multiplier = np.zeros(lines)
    np.add.at(multiplier, layout["up"], -value["up"])
    np.add.at(multiplier, layout["down"], value["down"])
    # What is active is at its limit, and not a rounding of the largest bid from it.
    injection = np.where(at_high, blocks.high, np.where(at_low, blocks.low, injection * units.energy))
    multiplier = np.where(full, multiplier, 0.0) * units.money  # of the others it leaves a trace
    return injection, -dual[:balances] * units.money, multiplier, active


def active_at(solution, layout, count, lines, ratio=1.0):
    """Which limits of so many blocks and lines are active: those whose multiplier, so many times, exceeds their slack."""
    dual, slack = np.array(solution.z), np.array(solution.s)
    cuts = len(dual) - sum(map(len, layout.values())) + np.cumsum([0, *map(len, layout.values())])
    active = {key: layout[key][ratio * dual[a:b] > slack[a:b]] for key, a, b in zip(layout, cuts, cuts[1:])}
    (at_low, at_high), full = np.zeros((2, count), dtype=bool), np.zeros(lines, dtype=int)
    at_low[layout["fixed"]] = at_high[layout["fixed"]] = True
    at_low[active["above"]], at_high[active["below"]] = True, True
    full[active["down"]], full[active["up"]] = -1, 1
    return at_low, at_high, full
