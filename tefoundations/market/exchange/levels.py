"""One side of a continuous exchange: price levels in a sorted list, a queue of order numbers at each.

What is left of each order stands in one list for all. A cancelled order has nothing left, and stays in its queue until its
turn would come: so a cancellation costs the same however long the queue is.
"""

from bisect import insort
from collections import deque
from math import fsum

from tefoundations.programmes import NEAR, ROUNDING


class Levels:
    """The orders of one side that wait: `queues` of numbers by key, and `keys` in order, the best last.

    A bid's key is its price, an ask's the negative of it: so the largest key is the best on both sides.

    Parameters
    ----------
    left : list
        What is left of each order, by number; shared with the exchange.
    """

    def __init__(self, left):
        self.keys, self.queues, self.left = [], {}, left

    def wait(self, key, number):
        """Put an order behind those of its price."""
        queue = self.queues.get(key)
        if queue is None:
            self.queues[key] = deque((number,))
            insort(self.keys, key)
        else:
            queue.append(number)

    def first(self):
        """The order whose turn is next, or None; what was cancelled before it is dropped."""
        while self.keys:
            queue = self.queues[self.keys[-1]]
            while queue and not self.left[queue[0]]:
                queue.popleft()
            if queue:
                return queue[0]
            del self.queues[self.keys.pop()]
        return None

    def waiting(self, limit=float("-inf")):
        """The numbers of what waits at each key from `limit` up, the best level first."""
        for key in reversed(self.keys):
            if key < limit:
                return
            there = [number for number in self.queues[key] if self.left[number]]
            if there:
                yield there

    def fills(self, quantity, numbers, size, whole):
        """Whether what is left of these orders fills a quantity.

        What the quantity lacks by rounding is not missed: who gives it may have added up thousands of floats, and what is
        left of an order is known to the rounding of what it was at first.

        Parameters
        ----------
        quantity : int or float
        numbers : list of int
        size : list
            What each order was at first, by number.
        whole : bool
            Whether all are whole numbers, and nothing is rounded.
        """
        left = [self.left[number] for number in numbers]
        if whole:
            return sum(left) >= quantity
        dust = max(NEAR * quantity, ROUNDING * max((size[number] for number in numbers), default=0.0))
        return quantity - fsum(left) <= dust
