"""The range of prices at a bus: what one megawatt less would save, and what one more would cost.

Any prices that support the dispatch form a polyhedron: the price of a marginal block is its marginal cost, a block at its
lower limit costs at least its price, one at its upper limit at most, and a line adds to prices only if it is full. The
one-sided derivatives of the cost by the load at a bus are the least and the greatest price of that bus in it.
"""

from dataclasses import dataclass

import numpy as np

from tefoundations.grid.dc.wires import Wires
from tefoundations.grid.offers import Blocks
from tefoundations.programmes import NEAR, LinearProgramme, NoEnd, is_zero

AT_LIMIT = 1e-6  # share of its size within which a block or a flow counts as being at its limit


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a result needs to find its price ranges: the blocks' injection is (k,) MW, energy the price at the reference."""

    wires: Wires
    blocks: Blocks
    injection: np.ndarray
    energy: float


def price_ranges(dispatch):
    """Lowest and highest price of each bus that supports a dispatch.

    Parameters
    ----------
    dispatch : Dispatch

    Returns
    -------
    (n, 2) float array
        $/MWh; inf or -inf where the load cannot rise or fall at all.
    """
    evidence, lmp = dispatch._evidence, dispatch.lmp
    lines, factors, signs = _full_lines(dispatch)
    blocks = evidence.blocks
    prices = np.vstack([np.ones(len(lmp)), factors])  # how energy and multipliers make the price of each bus
    injection = evidence.injection
    wide = np.where(np.isfinite(blocks.high - blocks.low), blocks.high - blocks.low, np.abs(injection))
    used = np.abs(dispatch.load).sum() + np.abs(dispatch.demand).sum()
    size = np.minimum(wide, used) if used else wide  # "the grid" is no larger than what is used of it
    at_low, at_high = (_near(injection, limit, size) for limit in (blocks.low, blocks.high))
    marginal = ~(at_low | at_high)
    earned = blocks.seen(prices)
    # Where no block is marginal, numpy 2.0 refuses to rank what they earn.
    if marginal.any() and np.linalg.matrix_rank(earned[:, marginal]) == np.linalg.matrix_rank(prices):
        return np.column_stack([lmp, lmp])  # the marginal units fix every price
    current, own = blocks.seen(lmp), blocks.cost + 2 * blocks.cost2 * evidence.injection
    # How far each block's price may move from the one found. That is rounding where a limit is only just reached; the
    # prices found then keep every condition, so that there is a range, and they are in it.
    room = own - current
    room[is_zero(room, of=np.abs(own) + blocks.sizes(lmp), share=NEAR)] = 0.0
    low = np.where(at_high, np.minimum(room, 0.0), np.where(marginal, 0.0, -np.inf))
    high = np.where(at_low, np.maximum(room, 0.0), np.where(marginal, 0.0, np.inf))
    both = at_low & at_high
    low[both], high[both] = -np.inf, np.inf
    return lmp[:, None] + _extremes(prices, earned, (low, high), signs)


def _near(value, limit, size):
    """Whether a value is at a limit, but for a share of the limit or, where that is near 0, of `size`."""
    with np.errstate(invalid="ignore"):
        return np.isfinite(limit) & (np.abs(value - limit) <= AT_LIMIT * np.maximum(np.abs(limit), size))


def _full_lines(dispatch):
    """Lines at a limit: positions, PTDF rows, how far each multiplier may move (at the lower limit >= 0, at the upper <= 0).

    Here a multiplier adds to prices: it is minus that of the dispatch.
    """
    low, high = dispatch.limits
    at_low, at_high = (_near(dispatch.flow, limit, np.abs(dispatch.flow)) for limit in (low, high))
    lines = np.flatnonzero(at_low | at_high | (dispatch.multiplier != 0))
    up = at_high[lines] | (dispatch.multiplier[lines] > 0)
    down = at_low[lines] | (dispatch.multiplier[lines] < 0)
    now = -dispatch.multiplier[lines]
    signs = np.where(up, -np.inf, np.minimum(-now, 0.0)), np.where(down, np.inf, np.maximum(-now, 0.0))
    return lines, dispatch._evidence.wires.factors(lines), signs


def _extremes(prices, of_blocks, limits, signs):
    """Least and greatest that each column of `prices` adds, as energy price and multipliers move: two small LPs a bus."""
    below, above = np.r_[-np.inf, signs[0]], np.r_[np.inf, signs[1]]
    supporting = LinearProgramme(of_blocks.T, *limits, below, above)
    ranges, known = np.empty((prices.shape[1], 2)), {}
    for bus, column in enumerate(prices.T):
        key = column.tobytes()  # buses behind the same lines have the same price
        if key not in known:
            known[key] = []
            for sign in (1.0, -1.0):
                try:
                    least = min(0.0, supporting.minimise(sign * column).objective)
                except NoEnd:
                    least = -np.inf
                known[key].append(sign * least)
        ranges[bus] = known[key]
    return ranges
