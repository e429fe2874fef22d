"""A price regime: all loads for which the same units are marginal and the same lines are full.

Within it the optimality conditions are linear equations with a constant matrix, so dispatch and prices are affine in
the loads (parametric programming). One solve by the solver gives the regime; the equations then give the optimum of any
other load, and the conditions that are left (limits kept, multipliers of the right sign) say whether the regime holds there.
"""

import numpy as np

LIMIT = 1e-7  # by which a limit may be missed, in the market's unit of energy
SIGN = 2e-9  # by which a multiplier may have the wrong sign, in its unit of money


class Regime:
    """The affine map from loads to dispatch and prices in one regime.

    Parameters
    ----------
    blocks : Blocks
    rows : (w, k) float array
        What one more megawatt of each block adds to the flow of each watched line.
    at_low, at_high : (k,) bool arrays
        Blocks that stand at a limit; all others are marginal.
    full : (w,) int array
        -1 for a line at its lower, 1 for one at its upper limit, 0 for the others.
    units : MarketUnits

    Raises
    ------
    numpy.linalg.LinAlgError
        The conditions do not determine dispatch and prices.
    """

    def __init__(self, blocks, rows, at_low, at_high, full, units):
        self.limit, self.sign, self.units = LIMIT * units.energy, SIGN * units.money, units
        self.blocks, self.rows, self.at_low, self.at_high, self.full = blocks, rows, at_low, at_high, full
        self.marginal = np.flatnonzero(~(at_low | at_high))
        self.binding = np.flatnonzero(full)
        self.fixed = np.where(at_low, blocks.low, np.where(at_high, blocks.high, 0.0))
        self.fixed[np.isinf(self.fixed)] = 0.0  # a unit without limits rests at 0
        self.prices = np.vstack([blocks.share, rows[self.binding]])  # of each block, by energy and multipliers
        self._inverse = self._inverted()

    def _inverted(self):
        """Inverse of the matrix of the conditions: marginal cost = price, supply = load, flow = limit."""
        count, prices = len(self.marginal), self.prices[:, self.marginal]
        size = count + len(prices)
        matrix = np.zeros((size, size))
        steep = self.units.money / self.units.energy  # in these units it shows whether the conditions determine anything
        matrix[:count, :count] = np.diag(2 * self.blocks.cost2[self.marginal] / steep)
        matrix[:count, count:] = -prices.T
        matrix[count:, :count] = prices
        inverse = np.linalg.inv(matrix)
        if not np.isfinite(inverse).all() or np.abs(inverse).max() * np.abs(matrix).max() > 1e12:
            raise np.linalg.LinAlgError("the conditions do not determine dispatch and prices")
        inverse[:count, :count] /= steep
        inverse[count:, count:] *= steep
        return inverse

    def solve(self, total, low, high):
        """Dispatch and prices for T loads.

        Parameters
        ----------
        total : (T,) float array
            Load (MW).
        low, high : (T, w) float arrays
            What the blocks may add to the flows of the watched lines (MW).

        Returns
        -------
        injection, energy, multiplier, holds
            (T, k) MW, (T,) $/MWh, (T, w) $/MWh (negative at an upper limit), (T,) bool: is this the optimum?
        """
        count, binding = len(self.marginal), self.binding
        known = np.empty((len(total), count + 1 + len(binding)))
        known[:, :count] = -self.blocks.cost[self.marginal]
        limit = np.where(self.full[binding] < 0, low[:, binding], high[:, binding])
        known[:, count] = total - self.blocks.share @ self.fixed
        known[:, count + 1 :] = limit - self.rows[binding] @ self.fixed
        solved = known @ self._inverse.T
        injection = np.tile(self.fixed, (len(total), 1))
        injection[:, self.marginal] = solved[:, :count]
        multiplier = np.zeros(low.shape)
        multiplier[:, binding] = solved[:, count + 1 :]
        holds = self._holds(injection, solved[:, count:], multiplier, low, high)
        return injection, solved[:, count], multiplier, holds

    def moved(self, right):
        """How dispatch and prices move when the load, and the room on the full lines, do.

        Parameters
        ----------
        right : (1 + f, T) float array
            What is added to the load, and to the room on each of the f full lines (MW), in T cases.

        Returns
        -------
        (k, T) float array, (1 + f, T) float array
            Injection of the blocks (MW), price of energy and multipliers of the full lines ($/MWh).
        """
        count = len(self.marginal)
        solved = self._inverse[:, count:] @ right
        injection = np.zeros((len(self.fixed), right.shape[1]))
        injection[self.marginal] = solved[:count]
        return injection, solved[count:]

    def corrected(self, total, low, high):
        """The limits that the conditions of this regime point at, for a load at which it does not hold.

        A marginal block beyond a limit is put on it, one whose price says that it should leave its limit becomes marginal;
        and so for lines.

        Returns
        -------
        (k,) bool array, (k,) bool array, (w,) int array
            at_low, at_high, full, as `Regime` takes them.
        """
        blocks, free = self.blocks, self.blocks.low < self.blocks.high
        injection, energy, multiplier, _ = self.solve(np.array([total]), low[None], high[None])
        injection, multiplier, flow = injection[0], multiplier[0], self.rows @ injection[0]
        excess = blocks.cost + 2 * blocks.cost2 * injection - energy[0] * blocks.share - multiplier @ self.rows
        inside = ~(self.at_low | self.at_high)
        at_low = np.where(inside, injection < blocks.low - self.limit, self.at_low & (~free | (excess >= -self.sign)))
        at_high = np.where(inside, injection > blocks.high + self.limit, self.at_high & (~free | (excess <= self.sign)))
        kept = (multiplier * self.full <= self.sign) | (high == low)
        full = np.where(kept, self.full, 0)
        news = np.where(flow > high + self.limit, 1, np.where(flow < low - self.limit, -1, 0))
        return at_low, at_high, np.where(self.full == 0, news, full)

    def _holds(self, injection, duals, multiplier, low, high):
        blocks, moved = self.blocks, injection[:, self.marginal]
        kept = (moved >= blocks.low[self.marginal] - self.limit) & (moved <= blocks.high[self.marginal] + self.limit)
        flow = injection @ self.rows.T
        holds = kept.all(axis=1) & ((flow >= low - self.limit) & (flow <= high + self.limit)).all(axis=1)
        # A line at its upper limit has a negative multiplier; a block at its lower limit costs more than its price.
        holds &= ((multiplier * self.full <= self.sign) | (high == low)).all(axis=1)
        excess = blocks.cost + 2 * blocks.cost2 * injection - duals @ self.prices
        free = blocks.low == blocks.high
        holds &= (excess[:, self.at_low & ~free] >= -self.sign).all(axis=1) & (
            excess[:, self.at_high & ~free] <= self.sign
        ).all(axis=1)
        return holds
