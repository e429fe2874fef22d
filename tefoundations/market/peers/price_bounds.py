"""Between which prices each seller's may lie, so that nobody would rather trade with another."""

import numpy as np

from tefoundations.programmes import NEAR, is_zero


def price_bounds(gain, flows, wanted, offered, cost):
    """Lowest and highest supporting price of each seller, of given best trades.

    Let each seller j keep w[j] a kWh and each buyer i keep u[i]. At prices that support the trades no pair would gain by
    trading otherwise, u[i] + w[j] >= gain[i, j]; a pair that trades shares just its gain; who is left with something keeps
    nothing. So a seller keeps at least what each buyer who trades elsewhere would offer it: w[j] >= w[k] + gain[i, j] -
    gain[i, k] if i buys from k. The least numbers that do so are longest paths, found by going round until none rises.
    The highest are found from the least that buyers may keep.

    Parameters
    ----------
    gain : (bids, asks) float array
        Of a kWh from seller j to buyer i (ct/kWh); may be minus infinity.
    flows : (bids, asks) float array
        Trades that make the gain of all as large as possible (kWh).
    wanted, offered : (bids,) and (asks,) float arrays
        kWh.
    cost : (asks,) float array
        ct/kWh.

    Returns
    -------
    (low, high) : (asks,) float arrays
        ct/kWh; nan where a seller trades nothing.

    Examples
    --------
    A buyer at 12 takes 1 kWh from a seller at 7; another at 10, who gets nothing, would take it for up to 10:

    >>> price_bounds(np.array([[5.0], [3.0]]), np.array([[1.0], [0.0]]), np.ones(2), np.ones(1), np.array([7.0]))
    (array([10.]), array([12.]))
    """
    spare = [is_zero(total - flows.sum(axis), of=total, share=NEAR) == 0 for total, axis in ((wanted, 1), (offered, 0))]
    kept, theirs = _least(gain, flows, spare[0]), _least(gain.T, flows.T, spare[1])
    low, high = np.full(len(cost), np.nan), np.full(len(cost), np.nan)
    buyer, seller = np.nonzero(flows > 0)
    low[seller] = cost[seller] + kept[seller]
    high[seller] = cost[seller] + gain[buyer, seller] - theirs[buyer]
    return low, np.maximum(high, low)


def _least(gain, flows, spare):
    """The least each column may keep, where rows with something to spare keep nothing."""
    least = np.maximum(np.max(gain[spare], axis=0, initial=0.0), 0.0)
    row, column = np.nonzero((flows > 0) & ~spare[:, None])
    if not len(row):
        return least
    more = gain[row] - gain[row, column][:, None]  # what a row that trades with `column` would gain elsewhere
    largest = np.abs(gain[np.isfinite(gain)]).max(initial=0.0)
    kept = least
    for _ in range(gain.shape[1] + 1):
        risen = np.maximum(kept, (kept[column][:, None] + more).max(axis=0))
        if is_zero(risen - kept, of=largest).all():
            return kept
        kept = risen
    return kept
