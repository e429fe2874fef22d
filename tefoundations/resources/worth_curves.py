"""What stored energy is worth, step by step: the exact dynamic programme of a leaky store, on slopes.

In a step a device keeps a share of what it has stored and loses what is needed, then takes or gives:

    e' = kept e - need + gain c - d / out - vented

The worth V(e) of stored energy is concave and piecewise linear. It is kept as its left end and the slopes of its pieces (ct
per stored kWh), steepest first. One step earlier, before taking and giving, the worth of x = kept e - need is

    W(x) = max over c, d, vented of  V(x + gain c - d / out - vented) - (price + waiting) c + (price - wear) d

Taking, giving and venting are linear, so W has the pieces of V and three more, merged in the order of their slopes. Where
giving back what was just taken would earn money, W is not the worth of any real device: `Device` refuses such prices.
"""

from bisect import insort
from typing import NamedTuple

TINY = 1e-9  # of what the device can hold or move in a step: less is rounding and no energy
TAKE, KEEP, GIVE, VENT = range(4)  # where slopes are equal: rather not take, rather not give


class Worth(NamedTuple):
    """Worth of stored energy from `low` kWh on: `at_low` ct there, then pieces (-slope, length in kWh), steepest first."""

    low: float
    at_low: float
    pieces: tuple

    @property
    def top(self):
        """The most energy (kWh) for which there is a worth."""
        return self.low + sum(length for _, length in self.pieces)

    def at(self, energy):
        """Worth (ct) of so much stored energy (kWh)."""
        total, left = self.at_low, energy - self.low
        for minus, length in self.pieces:
            part = min(length, left)
            if part <= 0:
                break
            total -= minus * part
            left -= part
        return total


def slopes_of(steps, t, price):
    """Cost of another stored kWh, and what one earns that leaves (ct): `DeviceSteps.slopes`, where each step asks for it."""
    return (price + steps.waited[t]) / steps.gain[t], (price - steps.wear) * steps.out


def least_stored(steps):
    """Least stored energy from which needs and final energy can be met, at the beginning of each step and at the end.

    Parameters
    ----------
    steps : DeviceSteps

    Returns
    -------
    list of float, kWh
    """
    least = [steps.final]
    for taken, need in zip(reversed(steps.most_in), reversed(steps.need)):
        least.append(max((least[-1] - taken + need) / steps.kept, 0.0))
    return least[::-1]


def worth_curves(steps, prices):
    """Worth of stored energy at the beginning of each step of a window, and at its end.

    Parameters
    ----------
    steps : DeviceSteps
    prices : list of float
        One for each step of the window (ct/kWh).

    Returns
    -------
    list of Worth
    """
    spare = steps.energy - steps.final
    curve = Worth(float(steps.final), 0.0, ((0.0, spare),) if spare > steps.tiny else ())
    curves = [curve]
    for t in range(len(prices) - 1, -1, -1):
        pieces, (cost, earned) = list(curve.pieces), slopes_of(steps, t, prices[t])
        taken, given, vent = steps.most_in[t], steps.most_out, steps.vent[t]
        insort(pieces, (-cost, taken))
        if given:
            insort(pieces, (-earned, given))
        if vent:
            insort(pieces, (0.0, vent))
        low, at_low, kept = curve.low - taken, curve.at_low - cost * taken, steps.kept
        if kept < 1 or steps.need[t]:
            low, pieces = (low + steps.need[t]) / kept, [(minus * kept, length / kept) for minus, length in pieces]
        curve = _between_limits(low, at_low, pieces, steps)
        curves.append(curve)
    return curves[::-1]


def reached_curves(steps, prices):
    """The most that can have been earned by those who begin the next step with so much stored energy.

    Parameters
    ----------
    steps : DeviceSteps
    prices : list of float
        Of the first steps of the window (ct/kWh).

    Returns
    -------
    Worth
    """
    curve = Worth(float(steps.initial), 0.0, ())
    for t, price in enumerate(prices):
        cost, earned = slopes_of(steps, t, price)
        taken, given, vent = steps.most_in[t], steps.most_out, steps.vent[t]
        low, pieces = drained(curve, steps, t)
        low, at_low = low - given - vent, curve.at_low + earned * given
        for minus, length in ((earned, given), (0.0, vent), (cost, taken)):
            insort(pieces, (minus, length))
        curve = _between_limits(low, at_low, pieces, steps)
    return curve


def drained(curve, steps, t):
    """A curve over stored energy when step t begins, over what is left of it: its low end, and a list of its pieces."""
    if steps.kept == 1 and not steps.need[t]:
        return curve.low, list(curve.pieces)
    kept = steps.kept
    return kept * curve.low - steps.need[t], [(minus / kept, length * kept) for minus, length in curve.pieces]


def followed(steps, prices, curves):
    """The best plan along worth curves: where it makes no difference the device waits.

    Parameters
    ----------
    steps : DeviceSteps
    prices : list of float
        One for each step of the window (ct/kWh).
    curves : list of Worth
        Of `worth_curves`.

    Returns
    -------
    energy, stored : lists of float
        Taken less given in each step, and what is stored when each step begins, and at the end (kWh).
    """
    energy, stored = [], [float(steps.initial)]
    for t, price in enumerate(prices):
        x, curve, (cost, earned) = steps.kept * stored[-1] - steps.need[t], curves[t + 1], slopes_of(steps, t, price)
        line = [(minus, KEEP, length) for minus, length in curve.pieces]
        line += [(-cost, TAKE, steps.most_in[t]), (-earned, GIVE, steps.most_out), (0.0, VENT, steps.vent[t])]
        used, left = [0.0] * 4, max(x - (curve.low - steps.most_in[t]), 0.0)
        for _, kind, length in sorted(line):
            part = min(length, left)
            used[kind] += part
            left -= part
        taken = max(steps.most_in[t] - used[TAKE], 0.0)
        taken = 0.0 if taken <= steps.dust else taken  # what is left of subtracting
        energy.append(taken / steps.gain[t] - used[GIVE] * steps.out)
        stored.append(min(max(x + taken - used[GIVE] - used[VENT], 0.0), steps.energy))
    return energy, stored


def orders_of(curve, steps, t):
    """The bids and asks that follow from what another kWh in or out of the store is worth.

    Parameters
    ----------
    curve : Worth
        Of what goes into the store in the step, over what goes out (kWh; below 0: out).
    steps : DeviceSteps
    t : int
        Step of the window.

    Returns
    -------
    bids, asks : lists of (float, float)
        (price in ct/kWh, quantity in kWh at the plug), best first. What must be taken is bid at infinity.
    """
    tiny, gain, out = steps.tiny, steps.gain[t], steps.out
    bids, below, most = [], [], steps.most_in[t] / gain
    must = min(max(curve.low, 0.0) / gain, most)
    if must > tiny:
        bids.append((float("inf"), must))
    room, at = most - must, curve.low
    for minus, length in curve.pieces:
        above = at + length - max(at, 0.0)
        if above > tiny and room > tiny:
            quantity = min(above / gain, room)
            bids.append((-minus * gain - steps.waited[t], quantity))
            room -= quantity
        if -at > tiny:
            below.append((minus, min(length, -at)))
        at += length
    room, asks = steps.most_out * out, []
    for minus, length in reversed(below):
        if room > tiny:
            quantity = min(length * out, room)
            asks.append((-minus / out + steps.wear, quantity))
            room -= quantity
    return bids, asks


def flow_curve(reached, after, steps, t):
    """Worth of what goes into the store in step t, from what was reached before and what is worth something after.

    Parameters
    ----------
    reached : Worth
        Of stored energy when the step begins; one without pieces where that is known.
    after : Worth
        Of stored energy when the step ends.
    steps : DeviceSteps
    t : int

    Returns
    -------
    Worth
    """
    low, pieces = drained(reached, steps, t)
    top = low + sum([length for _, length in pieces])
    if not pieces and not steps.vent[t]:
        return Worth(after.low - top, 0.0, after.pieces)
    # A kWh less at the beginning lets one more go in: the pieces of what was reached, from its top down.
    pieces = [(-minus, length) for minus, length in pieces] + list(after.pieces)
    if steps.vent[t]:
        pieces.append((0.0, steps.vent[t]))
    return Worth(after.low - top, 0.0, tuple(sorted(pieces)))


def _between_limits(low, at_low, pieces, steps):
    """The part of a curve that lies between 0 and what the store can hold; `pieces` is a list that may be used up."""
    tiny, first = steps.tiny, 0
    while low < 0 and first < len(pieces):
        minus, length = pieces[first]
        part = min(length, -low)
        at_low -= minus * part
        low += part
        pieces[first] = (minus, length - part)
        first += length - part <= tiny
    excess = low + sum([length for _, length in pieces[first:]]) - steps.energy
    while excess > 0 and len(pieces) > first:
        minus, length = pieces.pop()
        if length - excess > tiny:
            pieces.append((minus, length - excess))
        excess -= length
    return Worth(max(low, 0.0), at_low, tuple([piece for piece in pieces[first:] if piece[1] > tiny]))
