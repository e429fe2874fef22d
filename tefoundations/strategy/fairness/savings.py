"""What neighbours save by netting among themselves before they buy and sell outside, in every step and every coalition.

One step is a market with one good. A member in need saves its tariff less the price for each kWh, one with a surplus gets
the price less its feed-in payment. The best matching saves the least, over all prices p, of
sum (tariff - p)+ need + (p - feed_in)+ surplus: the dual of a transport problem. That sum is convex in p and bends only at
given tariffs and feed-in payments, so it is least at one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import numbers
from tefoundations.programmes import is_zero
from tefoundations.strategy.fairness.subsets import by_member, few, read_members, sums

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

AT_ONCE = 2**20  # numbers in memory at a time


@dataclass(frozen=True, eq=False)
class Netting:
    """A community's steps, read: who needs and who has how much, and what it costs and earns outside.

    Parameters
    ----------
    members : (n,) tuple of str
    need, surplus : (T, n) float arrays
        kWh, not negative.
    tariff, feed_in : (n,) float arrays
        ct/kWh.
    """

    members: tuple[str, ...]
    need: np.ndarray
    surplus: np.ndarray
    tariff: np.ndarray
    feed_in: np.ndarray

    @classmethod
    def read(cls, net_load, tariff, feed_in):
        """The same from net load, positive where it takes; a table of pandas has a column for each member."""
        labels = [str(name) for name in net_load.columns] if hasattr(net_load, "columns") else None
        net = numbers(net_load, "net_load", ndim=2, place="entry")
        if labels is not None and len(set(labels)) < len(labels):
            raise InvalidInput("net_load: two columns have one name")
        if not net.size:
            raise InvalidInput(f"net_load must have a row for each step and a column for each member, not shape {net.shape}")
        members = read_members(labels, net.shape[1])
        tariff, feed_in = by_member(tariff, "tariff", members), by_member(feed_in, "feed_in", members)
        with np.errstate(over="ignore"):
            largest = np.abs(net).sum() * (np.abs(tariff).max() + np.abs(feed_in).max())
        if not np.isfinite(largest):
            raise InvalidInput("net_load, tariff and feed_in: what they are worth is more than a number can hold")
        return cls(members, np.maximum(net, 0.0), np.maximum(-net, 0.0), tariff, feed_in)

    def steps(self):
        """Each step's gains: (prices, gain of each member at each price), where anybody could trade."""
        for need, surplus in zip(self.need, self.surplus):
            prices = np.unique(np.r_[self.tariff[need > 0], self.feed_in[surplus > 0]])
            if (need > 0).any() and (surplus > 0).any():
                yield prices, self._gains(prices, need, surplus)

    def _gains(self, prices, need, surplus):
        """(prices, n) float array: what each member saves at each price if it can trade as much as it likes (ct)."""
        across = prices[:, None]
        return np.maximum(self.tariff - across, 0.0) * need + np.maximum(across - self.feed_in, 0.0) * surplus

    def worth(self):
        """(2^n,) float array: what each coalition saves over all steps (ct)."""
        found = np.zeros(2 ** len(few(self.members)))
        at_once = max(AT_ONCE // len(found), 1)
        for _, gains in self.steps():
            parts = (gains[k : k + at_once] for k in range(0, len(gains), at_once))
            found += reduce(np.minimum, (sums(part).min(axis=0) for part in parts))
        return found

    def best(self):
        """What all save together (ct)."""
        return float(sum(gains.sum(axis=1).min() for _, gains in self.steps()))

    def at_market_price(self):
        """(n,) float array: what each saves where a step trades at the middle of the prices that balance it (ct)."""
        found = np.zeros(len(self.members))
        for prices, gains in self.steps():
            total = gains.sum(axis=1)
            best = prices[is_zero(total - total.min(), total)]
            # Between two prices that balance, each gain is linear, so the middle has the mean of the two ends.
            ends = gains[np.searchsorted(prices, [best[0], best[-1]])]
            found += ends.mean(axis=0)
        return found

    def pro_rata(self):
        """(n,) float array: what each saves by the mid-market rate (ct).

        In each step all trade at the middle between the mean tariff of what is needed and the mean feed-in payment of what
        is over. The longer side trades the same part of each member's energy, whatever it is worth to it.
        """
        found = np.zeros(len(self.members))
        for need, surplus in zip(self.need, self.surplus):
            wanted, over = need.sum(), surplus.sum()
            traded = min(wanted, over)
            if traded > 0:
                price = (need @ self.tariff / wanted + surplus @ self.feed_in / over) / 2
                found += (self.tariff - price) * need * (traded / wanted)
                found += (price - self.feed_in) * surplus * (traded / over)
        return found


def community_saving(net_load: ArrayLike, tariff: ArrayLike, feed_in: ArrayLike) -> float:
    """What a community saves if it nets among itself before it buys and sells outside.

    In each step what is over goes to the needs with the highest tariffs, from the members with the lowest feed-in payments,
    as long as that saves. Nothing is stored or moved from one step to another.

    Parameters
    ----------
    net_load : (T, n) array or pandas.DataFrame
        kWh; **positive takes from the feeder, negative gives to it**. A table has a column for each member.
    tariff : (n,) array
        What each pays outside (ct/kWh). A series of pandas is read by its index.
    feed_in : (n,) array
        What each earns outside (ct/kWh).

    Returns
    -------
    float
        ct, over all steps.

    Raises
    ------
    InvalidInput
        What is no number, or not one for each member.

    References
    ----------
    Shapley, L. S. and Shubik, M. (1971), "The assignment game I: the core", International Journal of Game Theory 1: the
    dual of the matching.

    Examples
    --------
    Nobody has anything over, so there is nothing to trade; then a roof with 4 kWh and two homes that need 2 and 4:

    >>> community_saving([[1, 2]], tariff=[30, 30], feed_in=[8, 8])
    0.0
    >>> community_saving([[-4, 2, 4]], tariff=[30, 30, 30], feed_in=[10, 10, 10])
    80.0
    """
    return Netting.read(net_load, tariff, feed_in).best()
