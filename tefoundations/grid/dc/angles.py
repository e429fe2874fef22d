"""The market with all lines at once and an angle for every bus: sparse, so that the number of full lines hardly matters.

    min sum cost q + cost2 q^2    with    what is given - what flows away = load at every bus,    low <= b (difference of
                                          angles) + shifted <= high on every line,    q within its block

An interior point method finds which limits are active; the optimality conditions with these are linear equations, sparse
too, and their solution is the exact optimum if it keeps all other conditions.
"""

import numpy as np
from scipy.sparse import coo_array, csc_array, diags_array
from scipy.sparse.linalg import splu

from tefoundations.grid.dc.programmes import MarketOptimum, interior, within
from tefoundations.grid.dc.quadratic import KeptSolver, layout_of, read, right_of
from tefoundations.grid.dc.regime import LIMIT, SIGN
from tefoundations.programmes import NEAR
from tefoundations.units import far_power

ADDED, REFINED = 1e-8, 5  # what makes the matrix of the active limits regular, and how often it is taken off again
RESIDUAL = 1e-10  # by which the equations of the active limits may be missed, in units of the market


class AngleMarket:
    """A market on a network with all lines watched; the solver is kept while only the load changes.

    Parameters
    ----------
    wires : Wires
    blocks : Blocks
    units : MarketUnits
    """

    def __init__(self, wires, blocks, units):
        self.wires, self.blocks, self.units = wires, blocks, units
        self._kept = KeptSolver()
        n, count, m = wires.size, len(blocks.at), len(wires.b)
        every, own = np.arange(count), count - blocks.dclines
        row, column = [blocks.at], [every]
        value = [np.where(every < own, 1.0, -1.0)]
        if blocks.dclines:
            row, column, value = row + [blocks.to], column + [every[own:]], value + [blocks.arrives]
        self.place = _sparse(value, row, column, (n, count))
        line = np.arange(m)
        steep = wires.base * np.abs(wires.b) / units.energy
        self.angle = 1.0 / float(far_power(np.median(steep) if m else 1.0))  # radians that count as one: flows are near one
        b = wires.base * wires.b / units.energy * self.angle
        self.flows = _sparse([b, -b], [line, line], [wires.start, wires.end], (m, n))[:, wires.others]
        ends = _sparse([np.ones(m), -np.ones(m)], [line, line], [wires.start, wires.end], (m, n))
        self.away = csc_array(ends.T @ self.flows)

    def solve(self, load, low, high):
        """The optimum for a load by bus and limits of all lines (MW).

        Returns
        -------
        MarketOptimum
            Multipliers of all lines, and prices at all buses.

        Raises
        ------
        NoSolution, InvalidNetwork, TEError
        """
        blocks, unit = self.blocks, self.units.energy
        least, most = within(blocks, load.sum(), unit)
        shifted = self.wires.shift_flow
        low, high, drawn = low - shifted, high - shifted, load - self.wires.shift_injection
        layout = layout_of(blocks, low, high, least, most)
        right = np.concatenate([drawn, right_of(layout, blocks, low, high, least, most)]) / unit
        solution = self._kept.solve(self._set_up, layout, right)
        injection, lmp, multiplier, active = read(solution, layout, blocks, self.units, len(low))
        rough = (
            injection / unit,
            np.array(solution.x)[len(injection) :],
            lmp / self.units.money,
            multiplier / self.units.money,
        )
        exact = self._exact(active, drawn / unit, low / unit, high / unit, rough)
        injection, lmp, multiplier = exact or (injection, lmp, multiplier)
        lmp = np.where(np.abs(lmp) <= NEAR * self.units.money, 0.0, lmp)
        return MarketOptimum(injection, float(lmp[self.wires.reference]), multiplier, lmp)

    def _set_up(self, layout, right):
        from scipy.sparse import block_array

        blocks, units = self.blocks, self.units
        one = diags_array(np.ones(len(blocks.at)), format="csr")
        rows = [[self.place, -self.away], [one[layout["fixed"]], None], [None, self.flows.tocsr()[layout["up"]]],
                [None, -self.flows.tocsr()[layout["down"]]], [one[layout["below"]], None],
                [-one[layout["above"]], None]]  # fmt: skip
        kept = [each for each in rows if next(part for part in each if part is not None).shape[0]]
        matrix = csc_array(block_array(kept, format="csc"))
        angles = np.zeros(self.flows.shape[1])
        squares = diags_array(np.concatenate([2 * blocks.cost2 * units.energy / units.money, angles]), format="csc")
        equal = self.wires.size + len(layout["fixed"])
        cost = np.concatenate([blocks.cost / units.money, angles])
        return interior(csc_array(squares), cost, matrix, right, equal)

    def _exact(self, active, drawn, low, high, rough):
        """Injection (MW), prices and multipliers ($/MWh) of the optimum with these active limits; None if it is not one.

        Unknown are the marginal blocks and the angles, the prices and the multipliers of the full lines. Everything is in
        units of the market. Where several dispatches or prices are optimal, the one nearest to the rough one is taken: a
        little is added to the matrix, so that it can be factored, and taken off again by refinement.
        """
        from scipy.sparse import block_array

        (at_low, at_high, full), blocks, units = active, self.blocks, self.units
        marginal, binding = np.flatnonzero(~(at_low | at_high)), np.flatnonzero(full)
        given, angles, prices, multiplier = rough
        fixed = np.where(at_low, blocks.low, np.where(at_high, blocks.high, 0.0)) / units.energy
        steep = np.concatenate([2 * blocks.cost2[marginal] * units.energy / units.money, np.zeros(len(angles))])
        laws = block_array([[self.place.tocsc()[:, marginal], -self.away], [None, self.flows.tocsr()[binding]]])
        laws = laws if len(binding) else laws.tocsr()[: self.wires.size]
        matrix = csc_array(block_array([[diags_array(steep), -laws.T], [laws, None]]))
        limit = np.where(full[binding] < 0, low[binding], high[binding])
        cost = np.concatenate([-blocks.cost[marginal] / units.money, np.zeros(len(angles))])
        right = np.concatenate([cost, drawn - self.place @ fixed, limit])
        factors = splu(matrix + diags_array(np.full(len(right), ADDED), format="csc"))
        found = np.concatenate([given[marginal], angles, prices, multiplier[binding]])
        for _ in range(REFINED):
            found = found + factors.solve(right - matrix @ found)
        left = np.abs(matrix @ found - right).max()
        if not left <= RESIDUAL * (1 + np.abs(right).max()):
            return None
        moved, angles, prices, pushes = np.split(found, np.cumsum([len(marginal), len(angles), len(prices)]))
        given, multiplier = fixed, np.zeros(len(full))
        given[marginal], multiplier[binding] = moved, pushes
        if not self._holds(active, given, self.flows @ angles, prices, multiplier, low, high):
            return None
        return given * units.energy, prices * units.money, multiplier * units.money

    def _holds(self, active, given, flow, prices, multiplier, low, high):
        """Whether the conditions that are not among the equations are kept: limits, and signs of what they are worth."""
        (at_low, at_high, full), blocks, units = active, self.blocks, self.units
        inside = (given >= blocks.low / units.energy - LIMIT) & (given <= blocks.high / units.energy + LIMIT)
        excess = blocks.cost / units.money + 2 * blocks.cost2 * units.energy / units.money * given - blocks.seen(prices)
        free = blocks.low < blocks.high
        signs = (multiplier * full <= SIGN) | (low == high)
        return (
            inside.all() and ((flow >= low - LIMIT) & (flow <= high + LIMIT)).all() and signs.all()
            and (excess[at_low & free] >= -SIGN).all() and (excess[at_high & free] <= SIGN).all()
        )  # fmt: skip


def _sparse(values, rows, columns, shape):
    return coo_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape).tocsc()
