"""The corners of a convex, piecewise linear cost, from its value and slope at a few points."""

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import function, numbers
from tefoundations.programmes import NEAR
from tefoundations.words import say

MOST_CALLS = 1000  # of `rest`: who has more corners, or a curve, sweeps


class Asked:
    """What the rest answered so far, and how much money is rounding there."""

    def __init__(self, rest):
        self.rest, self.points, self.scale = function(rest, "rest", of="the quantity put in"), {}, 0.0

    def at(self, quantity):
        """(cost, price) at a quantity, asked once."""
        if quantity not in self.points:
            if len(self.points) == MOST_CALLS:
                raise InvalidInput(
                    f"rest: after {MOST_CALLS} calls there are still more steps. Its cost may be curved and not piecewise "
                    "linear: try single quantities instead"
                )
            told = numbers(self.rest(quantity), f"rest({say(quantity)})", count=2, place="cost and price, entry")
            self.points[quantity] = tuple(told.tolist())
            self.scale = max(self.scale, abs(told[0]), abs(told[1] * quantity))
        return self.points[quantity]

    @property
    def dust(self):
        """Differences in cost below this are rounding of what a solver found."""
        return NEAR * self.scale


def convex_steps(rest, most):
    """Pieces (from, to, price) of the cost of the rest, by quantity; neighbours of one price are one.

    Two points whose tangents meet in a third: if the cost there lies on the tangents, they are the only corner between; else
    each half is looked at in its turn. Where the tangents meet at an end, that end is a corner, whose price is one of many,
    and the chord is the piece.
    """
    asked, todo, found = Asked(rest), [(0.0, most)], []
    while todo:
        a, b = todo.pop()
        (cost_a, price_a), (cost_b, price_b) = asked.at(a), asked.at(b)
        _convex(asked, a, b)
        if (price_a - price_b) * (b - a) <= asked.dust:
            found.append((a, b, price_a))
            continue
        meet = (cost_a - cost_b + price_a * a - price_b * b) / (price_a - price_b)
        if min(meet - a, b - meet) * (price_a - price_b) <= asked.dust:
            found.append((a, b, (cost_a - cost_b) / (b - a)))
        elif asked.at(meet)[0] > cost_a - price_a * (meet - a) + asked.dust:
            todo += [(a, meet), (meet, b)]
        else:
            _convex(asked, a, meet), _convex(asked, meet, b)
            found += [(a, meet, price_a), (meet, b, price_b)]
    return _merged(sorted(found), asked.dust), len(asked.points)


def _convex(asked, a, b):
    """Refuse a cost that somewhere falls below its tangents: it would have no such steps."""
    (cost_a, price_a), (cost_b, price_b) = asked.at(a), asked.at(b)
    below = max(cost_a - price_a * (b - a) - cost_b, cost_b + price_b * (b - a) - cost_a)
    if below > asked.dust:
        raise InvalidInput(
            f"rest: between {say(a)} and {say(b)} cost goes from {say(cost_a)} to {say(cost_b)} at prices {say(price_a)} "
            f"and {say(price_b)}. It must be convex and fall by the price with what is put in"
        )


def _merged(pieces, dust):
    steps = [pieces[0]]
    for a, b, price in pieces[1:]:
        start, stop, last = steps[-1]
        if (last - price) * min(b - a, stop - start) <= dust:
            wide = (last * (stop - start) + price * (b - a)) / (b - start)
            steps[-1] = start, b, last if stop - start > 1e3 * (b - a) else wide
        else:
            steps.append((a, b, price))
    return np.array(steps).T
