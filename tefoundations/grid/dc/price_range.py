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
    """What a result needs to find its price ranges.

    Parameters
    ----------
    wires : Wires
    blocks : Blocks
        Costs are those that the market saw, with what a tonne of carbon costs on top.
    injection : (k,) float array
        MW.
    energy : float
        Price at the reference ($/MWh).
    capped : (k,) float array, optional
        Carbon of each block (t/MWh), where a cap on it is reached.
    tonne : float
        Of the price of a tonne, what the cap makes ($/t).
    """

    wires: Wires
    blocks: Blocks
    injection: np.ndarray
    energy: float
    capped: np.ndarray | None = None
    tonne: float = 0.0


@dataclass(frozen=True, eq=False)
class Standing:
    """Where an optimum stands: which limits it has reached, and what each block and full line would let prices do.

    Parameters
    ----------
    lines : (f,) int array
        Positions of the lines at a limit.
    prices : (1 + f, n) float array
        How the price of energy and what each full line adds make the price of each bus; one more row, of zeros, for a cap.
    earned : (1 + f, k) float array
        The same for what a megawatt of each block earns; less its carbon, where a cap is reached.
    at_low, at_high : (k,) bool arrays
        Blocks at a limit.
    room : (k,) float array
        By how much the cost of the next megawatt of each block is above what it earns ($/MWh); what is rounding is 0.
    signs : (f,) float array, (f,) float array
        By how much what each line adds may fall and rise ($/MWh, $/t).
    """

    lines: np.ndarray
    prices: np.ndarray
    earned: np.ndarray
    at_low: np.ndarray
    at_high: np.ndarray
    room: np.ndarray
    signs: tuple

    @property
    def marginal(self):
        """(k,) bool array: blocks between their limits."""
        return ~(self.at_low | self.at_high)


def price_ranges(dispatch, rows=None):
    """Lowest and highest price of each bus that supports a dispatch.

    Parameters
    ----------
    dispatch : Dispatch
    rows : ((r, n), (r, generators), ((r,), (r,))) float arrays, optional
        What a unit of each multiplier adds to each price, what it adds to that of each unit besides, and by how much it may
        fall and rise. If left out, the full lines.

    Returns
    -------
    (n, 2) float array
        $/MWh; inf or -inf where the load cannot rise or fall at all.
    """
    lmp, at = dispatch.lmp, standing(dispatch, rows)
    # Where no block is marginal, numpy 2.0 refuses to rank what they earn.
    if at.marginal.any() and np.linalg.matrix_rank(at.earned[:, at.marginal]) == np.linalg.matrix_rank(at.prices):
        return np.column_stack([lmp, lmp])  # the marginal units fix every price
    # How far each block's price may move from the one found. That is rounding where a limit is only just reached; the
    # prices found then keep every condition, so that there is a range, and they are in it.
    low = np.where(at.at_high, np.minimum(at.room, 0.0), np.where(at.marginal, 0.0, -np.inf))
    high = np.where(at.at_low, np.maximum(at.room, 0.0), np.where(at.marginal, 0.0, np.inf))
    both = at.at_low & at.at_high
    low[both], high[both] = -np.inf, np.inf
    return lmp[:, None] + _extremes(at.prices, at.earned, (low, high), at.signs)


def standing(dispatch, rows=None):
    """Where an optimum stands.

    Parameters
    ----------
    dispatch : Dispatch
    rows : tuple, optional
        As in `price_ranges`; then `lines` is empty.

    Returns
    -------
    Standing
    """
    evidence, lmp = dispatch._evidence, dispatch.lmp
    blocks, injection = evidence.blocks, evidence.injection
    if rows is None:
        lines, factors, signs = full_lines(dispatch)
        besides = np.zeros((len(factors), blocks.units))
    else:
        lines, (factors, besides, signs) = np.zeros(0, dtype=int), rows
    prices = np.vstack([np.ones(len(lmp)), factors])  # how energy and multipliers make the price of each bus
    earned, worth = blocks.seen(prices), blocks.seen(lmp)
    if besides.any():  # a unit may be worth less than the price at its bus
        others = np.zeros((len(besides), blocks.bids + blocks.dclines))
        earned[1:] += np.hstack([besides, others])[:, blocks.owner]
        less = dispatch.lmp[dispatch.net.generators.at] - dispatch._price_of_units()
        worth = worth - np.concatenate([less, np.zeros(blocks.bids + blocks.dclines)])[blocks.owner]
    if evidence.capped is not None:
        prices, earned = np.vstack([prices, np.zeros(len(lmp))]), np.vstack([earned, -evidence.capped])
        signs = np.r_[signs[0], -evidence.tonne], np.r_[signs[1], np.inf]
    wide = np.where(np.isfinite(blocks.high - blocks.low), blocks.high - blocks.low, np.abs(injection))
    used = np.abs(dispatch.load).sum() + np.abs(dispatch.demand).sum()
    size = np.minimum(wide, used) if used else wide  # "the grid" is no larger than what is used of it
    at_low, at_high = (_near(injection, limit, size) for limit in (blocks.low, blocks.high))
    own = blocks.cost + 2 * blocks.cost2 * injection
    room = own - worth
    room[is_zero(room, of=np.abs(own) + blocks.sizes(lmp), share=NEAR)] = 0.0
    return Standing(lines, prices, earned, at_low, at_high, room, signs)


def _near(value, limit, size):
    """Whether a value is at a limit, but for a share of the limit or, where that is near 0, of `size`."""
    with np.errstate(invalid="ignore"):
        return np.isfinite(limit) & (np.abs(value - limit) <= AT_LIMIT * np.maximum(np.abs(limit), size))


def full_lines(dispatch):
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


def beyond_end(evidence, price, outermost, sign):
    """How far prices are above the marginal cost of a unit's last piece, or below that of its first.

    Parameters
    ----------
    evidence : Evidence
    price : (g,) float array
        What a megawatt of each generator is worth ($/MWh).
    outermost : numpy.maximum or numpy.minimum
        Which piece: the last or the first.
    sign : float
        1 for above, -1 for below.

    Returns
    -------
    (g,) float array
        $/MWh, 0 at least.
    """
    blocks, count = evidence.blocks, len(price)
    own = blocks.cost + 2 * blocks.cost2 * evidence.injection
    ends = np.full(count, -sign * np.inf)
    of_units = blocks.owner < count
    outermost.at(ends, blocks.owner[of_units], own[of_units])
    beyond = sign * (price - ends)
    beyond[is_zero(beyond, of=np.abs(price) + np.abs(ends), share=NEAR)] = 0.0
    return np.maximum(beyond, 0.0)


def of_last(evidence, lmp, count):
    """What the next megawatt of the last blocks, the DC lines, earns less its cost: (count,) float array, $/MWh."""
    blocks = evidence.blocks
    first = len(blocks.at) - count
    own = (blocks.cost + 2 * blocks.cost2 * evidence.injection)[first:]
    earned = blocks.seen(lmp)[first:] - own
    earned[is_zero(earned, of=blocks.sizes(lmp)[first:] + np.abs(own), share=NEAR)] = 0.0
    return earned
