"""What a device writes on its note: how much it would take or give at each price, given the prices it expects later.

Its worth of stored energy is a concave curve V_t(e), kept as its left end and the slopes (ct per stored kWh) of its pieces,
steepest first. One step earlier the curve is

    V_t(e) = max over e' of V_{t+1}(e') + g(e - e'),

where g is what the step brings: taking costs (price + waiting) / charge_efficiency for each stored kWh, giving earns
(price - wear) * discharge_efficiency. Both are concave, so their pieces are merged in the order of their slopes.
"""

from bisect import insort
from typing import NamedTuple

import numpy as np

TINY = 1e-9  # kWh


class Worth(NamedTuple):
    """Worth of stored energy from `low` (kWh) on: `at_low` (ct), then pieces (-slope, length in kWh), steepest first."""

    low: float
    at_low: float
    pieces: tuple

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


def worth_curves(store, prices):
    """Worth of stored energy at the beginning of each step of a device, and at its end.

    Parameters
    ----------
    store : Store
    prices : (T,) float array
        Expected prices of the day, ct/kWh, at least 0.

    Returns
    -------
    dict of int to Worth
        For each step from `start` to `end`.
    """
    taken, given = store.charge * store.charge_efficiency, store.discharge / store.discharge_efficiency
    spare = store.energy - store.final
    curve = Worth(float(store.final), 0.0, ((0.0, spare),) if spare > TINY else ())
    curves, waited, prices = {store.end: curve}, store.waited(len(prices)).tolist(), np.asarray(prices, float).tolist()
    for t in range(store.end - 1, store.start - 1, -1):
        pieces, cost = list(curve.pieces), (prices[t] + waited[t]) / store.charge_efficiency
        insort(pieces, (-cost, taken))
        if given:
            insort(pieces, (-(prices[t] - store.wear) * store.discharge_efficiency, given))
        curve = _between_limits(curve.low - taken, curve.at_low - cost * taken, pieces, store.energy)
        curves[t] = curve
    return curves


def _between_limits(low, at_low, pieces, energy):
    """The part of a curve that lies between 0 and `energy`."""
    kept, at = [], low
    for minus, length in pieces:
        left, right = max(at, 0.0), min(at + length, energy)
        at_low -= minus * (min(at + length, 0.0) - min(at, 0.0))
        if right - left > TINY:
            kept.append((minus, right - left))
        at += length
    return Worth(max(low, 0.0), at_low, tuple(kept))


def notes(store, curve, stored, waited):
    """The bids and asks of a device in one step.

    Parameters
    ----------
    store : Store
    curve : Worth
        Of what is stored when the step ends, an entry of `worth_curves`.
    stored : float
        Energy stored when the step begins (kWh).
    waited : float
        Inconvenience of a kWh taken in this step (ct/kWh).

    Returns
    -------
    bids, asks : list of (float, float)
        (price in ct/kWh, quantity in kWh at the plug), best first. What must be taken now is bid at infinity.
    """
    bids, below = [], []
    must = min(max(curve.low - stored, 0.0) / store.charge_efficiency, store.charge)
    if must > TINY:
        bids.append((np.inf, must))
    room, at = store.charge - must, curve.low
    for minus, length in curve.pieces:
        above = at + length - max(at, stored)
        if above > TINY and room > TINY:
            quantity = min(above / store.charge_efficiency, room)
            bids.append((-minus * store.charge_efficiency - waited, quantity))
            room -= quantity
        if stored - at > TINY:
            below.append((minus, min(length, stored - at)))
        at += length
    room, asks = store.discharge, []
    for minus, length in reversed(below):
        if room > TINY:
            quantity = min(length * store.discharge_efficiency, room)
            asks.append((-minus / store.discharge_efficiency + store.wear, quantity))
            room -= quantity
    return bids, asks
