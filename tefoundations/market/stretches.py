"""Demand and supply laid side by side, and cut wherever an order of either side ends.

Between two cuts, in a *stretch*, one buyer meets one seller. Nothing else is needed to clear a book.

Quantities are floats: 0.1 + 0.2 is not 0.3, and the stretch between the two is no trade but rounding, a *sliver*, which must
neither trade nor set a price. What is rounding? Not what is small beside the whole book: beside "the grid", which offers a
billion kWh, a street is small. Three things tell them apart.

* The sums themselves do not round: each is kept as two floats, whose sum is exact to 32 digits. So an order of 0.0005 kWh
  behind one of a trillion is still there.
* A stretch that is one whole order, from its beginning to its end, is that order, however small.
* What is left is a stretch from the end of an order of one side to the end of one of the other: a difference of two sums,
  and as such known only to the rounding of what it is the difference of, the two orders that end there, and the sums since
  both sides last ended together.
"""

from dataclasses import dataclass

import numpy as np

from tefoundations.programmes import ROUNDING

ULP = np.finfo(float).eps  # what a quantity, written as a float, may be off


@dataclass(frozen=True, eq=False)
class Filled:
    """Traded part of each order by rank (kWh), and whether it is the whole of it."""

    quantity: np.ndarray
    whole: np.ndarray


class Stretches:
    """The stretches of two sides.

    Parameters
    ----------
    demand, supply : (n,) and (m,) float arrays
        Quantities of bids and asks, best first (kWh).

    Attributes
    ----------
    bid, ask : (n + m,) int arrays
        Ranks of the orders that meet in each stretch; n and m beyond the end of a side.
    sliver : (n + m,) bool array
        Whether a stretch is rounding.

    Examples
    --------
    The rest of the seller of 0.3 kWh after 0.1 and 0.2 is rounding, the whole order of a trillionth is not:

    >>> Stretches(np.array([0.1, 0.2]), np.array([0.3, 1])).sliver
    array([False, False,  True, False])
    >>> Stretches(np.array([1.0, 1e-12]), np.array([1.0, 1.0])).sliver
    array([False,  True, False, False])
    """

    def __init__(self, demand, supply):
        self.demand, self.supply = demand, supply
        sides = _sums(demand), _sums(supply)
        high, low = (np.concatenate(parts) for parts in zip(*sides))
        order = np.argsort(high, kind="stable")  # two sorted runs: they are merged, not sorted
        again = high[order]
        if ((again[1:] == again[:-1]) & (low[order][1:] < low[order][:-1])).any():
            order = np.lexsort((low, high))
        self.high, self.low = high[order], low[order]
        of_bid = order < len(demand)
        ended = np.cumsum(of_bid)
        self.bid, self.ask = ended - of_bid, np.arange(len(order)) - (ended - of_bid)
        self._place = np.empty(len(order), dtype=np.intp)
        self._place[order] = np.arange(len(order))
        self.sliver = self._slivers(of_bid, np.concatenate([demand, supply])[order])

    def _slivers(self, of_bid, quantity):
        count = len(of_bid)
        before_high, before_low = np.concatenate([[0.0], self.high[:-1]]), np.concatenate([[0.0], self.low[:-1]])
        length = (self.high - before_high) + (self.low - before_low)
        # Cuts at the same place: a stretch begins with a bid, an ask or both, and so it ends.
        place = np.cumsum(length > 0)
        ends = np.array([np.bincount(place[mine], minlength=count + 1) > 0 for mine in (of_bid, ~of_bid)])
        begins = np.concatenate([np.ones((2, 2), dtype=bool), ends[:, 1:]], axis=1)[:, : count + 1]  # both begin at 0
        whole = (begins & ends).any(axis=0)[place]
        ended = np.zeros(place[-1] + 1 if count else 1)  # the largest order that ends at each cut
        np.maximum.at(ended, place, quantity)
        made = np.maximum(ended[place], ended[place - 1])
        together = np.where(ends.all(axis=0)[place], self.high, 0.0)
        since = self.high - np.maximum.accumulate(np.concatenate([[0.0], together[:-1]]))
        return (length <= 0) | ~whole & (length <= ROUNDING * made + ULP * since)

    def end(self, stretch):
        """Quantity up to the end of a stretch (kWh)."""
        return float(self.high[stretch])

    def filled(self, stretch):
        """What trades of each side up to the end of a stretch that is no sliver: (Filled, Filled)."""
        after = np.flatnonzero(~self.sliver[stretch + 1 :])
        reached = stretch + (
            int(after[0]) if len(after) else len(self.sliver) - stretch - 1
        )  # slivers behind it are rounding
        found, first = [], 0
        for quantity, at in ((self.demand, self.bid[stretch]), (self.supply, self.ask[stretch])):
            place = self._place[first : first + len(quantity)]
            whole = np.arange(len(quantity)) <= at
            whole[at] = place[at] <= reached
            traded = np.where(whole, quantity, 0.0)
            if not whole[at]:
                begin = place[at - 1] if at else None
                began = (self.high[begin], self.low[begin]) if at else (0.0, 0.0)
                traded[at] = (self.high[stretch] - began[0]) + (self.low[stretch] - began[1])
            found.append(Filled(traded, whole))
            first += len(quantity)
        return tuple(found)


def _sums(quantity):
    """Running sums as two floats each: the sum as rounded, and what rounding took from it.

    Knuth's two-sum gives the error of every addition exactly (Knuth, D. E. (1997), "The Art of Computer Programming",
    vol. 2, 3rd ed., section 4.2.2, theorem B).
    """
    rounded = np.cumsum(quantity)
    before = np.concatenate([[0.0], rounded[:-1]])[: len(rounded)]
    added = rounded - before
    lost = np.cumsum((before - (rounded - added)) + (quantity - added))
    high = rounded + lost
    return high, lost - (high - rounded)
