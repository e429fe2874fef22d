"""The test of net benefits: do those who go on using energy save more by a lower price than they pay for the response?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import not_negative, number, numbers, positive
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, say, shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class NetBenefit(Explained):
    """What a response does to the bills of those who go on using energy; `net_benefit` makes it.

    Attributes
    ----------
    before, after : float
        The market's price without and with the response (ct/kWh).
    load, reduction : float
        What is used without it, and how much less (kWh).
    """

    before: float
    after: float
    load: float
    reduction: float

    @property
    def saved(self) -> float:
        """What the kWh that are still used cost less (ct)."""
        return (self.before - self.after) * (self.load - self.reduction)

    @property
    def payment(self) -> float:
        """What is paid for the response, at the new price (ct)."""
        return self.after * self.reduction

    @property
    def benefit(self) -> float:
        """What those who go on using energy gain: saved - payment (ct)."""
        return self.saved - self.payment

    @property
    def passes(self) -> bool:
        """Whether they gain."""
        return self.benefit > 0

    @property
    def rate(self) -> float:
        """What a kWh that is still used costs, with its share of the payment (ct/kWh): after * load / (load - reduction)."""
        return self.after * self.load / (self.load - self.reduction)

    @property
    def _size(self):
        return max(abs(self.before), abs(self.after)) * self.load

    def explain(self) -> str:
        """The sum in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(net_benefit(before=40, after=36, load=100, reduction=4).explain())
        96 kWh cost 40 - 36 = 4 ct less: 384 ct saved.
        Paid for 4 kWh not used, at 36 ct: 144 ct.
        384 - 144 = 240 ct: it passes.
        A kWh still used costs 37.5 ct with its share, and cost 40 ct before.
        """
        prices = [say(price, self.before, self.after) for price in (self.before, self.after)]
        drop = say(self.before - self.after, self.before, self.after)
        saved, paid, left = (say(ct, self._size) for ct in (self.saved, self.payment, self.benefit))
        kwh = [say(energy, self.load) for energy in (self.load - self.reduction, self.reduction)]
        verdict = "it passes" if self.passes else "it fails"
        return (
            f"{kwh[0]} kWh cost {prices[0]} - {prices[1]} = {drop} ct less: {saved} ct saved.\n"
            f"Paid for {kwh[1]} kWh not used, at {prices[1]} ct: {paid} ct.\n"
            f"{saved} - {paid} = {left} ct: {verdict}.\n"
            f"A kWh still used costs {say(self.rate, self.rate)} ct with its share, and cost {prices[0]} ct before."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Returns
        -------
        pandas.DataFrame
            Columns before, after, rate (ct/kWh), load, reduction (kWh), saved, payment, benefit (ct), passes (bool).
        """
        import pandas as pd

        names = ("before", "after", "rate", "load", "reduction", "saved", "payment", "benefit", "passes")
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def _at_a_glance(self):
        names = {"saved": "saved, ct", "payment": "paid for the response, ct", "benefit": "benefit, ct"}
        return [*((words, float(getattr(self, name))) for name, words in names.items()), ("passes", str(self.passes))]

    def __repr__(self):
        return f"NetBenefit({say(self.benefit, self._size)} ct, {'passes' if self.passes else 'fails'})"


def net_benefit(before: float, after: float, load: float, reduction: float) -> NetBenefit:
    """Do those who go on using energy gain by a response that is paid the market's price?

    They gain just when a kWh still used costs less, with its share of the payment, than a kWh cost before. It is a test of
    bills: what they save is taken from generators, and the value of what is not used does not enter.

    Parameters
    ----------
    before, after : float
        The market's price without and with the response (ct/kWh); it does not rise.
    load : float
        What is used without it (kWh).
    reduction : float
        How much less is used (kWh), less than `load`.

    Returns
    -------
    NetBenefit

    Raises
    ------
    InvalidInput
        A price that rises, or a reduction of the whole load.

    References
    ----------
    Federal Energy Regulatory Commission, Order No. 745, 134 FERC 61,187 (2011).

    Examples
    --------
    >>> net_benefit(30, 30, 100, 0).benefit                       # no response
    0.0
    >>> net_benefit(40, 39.5, 100, 1).benefit, net_benefit(40, 39.8, 100, 1).benefit > 0
    (10.0, False)
    """
    high, low = number(before, "before", unit="(ct/kWh)"), number(after, "after", unit="(ct/kWh)")
    used, less = positive(load, "load", unit="of kWh"), not_negative(reduction, "reduction", unit="of kWh")
    if low > high:
        raise InvalidInput(f"after {shown(after)} must be at most before, {shown(before)}: a lower load costs no more")
    if less >= used:
        raise InvalidInput(f"reduction {shown(reduction)} must be below load {shown(load)}: else nobody is left to gain")
    return NetBenefit(high, low, used, less)


def threshold_price(load: ArrayLike, prices: ArrayLike) -> float:
    """The price from which on every response passes the test of net benefits, on a supply curve.

    A step from one load to the next lower one passes if the price falls by a larger share than the load: where the
    elasticity of supply is below 1. So the price over the load, the slope of a line from the origin, must rise from there
    on.

    Parameters
    ----------
    load : (n,) array
        Loads of the curve, rising, above 0 (kWh).
    prices : (n,) array
        The price at each (ct/kWh); it does not fall.

    Returns
    -------
    float
        ct/kWh; infinite if not even the last step passes.

    Raises
    ------
    InvalidInput
        Fewer than two points, or points out of order, which the message names; two series that are labelled otherwise.

    References
    ----------
    Federal Energy Regulatory Commission, Order No. 745, 134 FERC 61,187 (2011).

    Examples
    --------
    >>> threshold_price([60, 80, 100, 120], [22, 25, 30, 37])
    30.0
    >>> threshold_price([60, 80], [30, 31])
    inf
    """
    each = numbers(load, "load", above=0, place="point")
    heights = numbers(prices, "prices", count=len(each), place="point")
    check_labels(prices, "prices", load, "load")
    if len(each) < 2:
        raise InvalidInput(f"load must be two points of a curve at least, not {len(each)}")
    for point in np.flatnonzero(np.diff(each) <= 0)[:1]:
        raise InvalidInput(f"point {point + 1}: load {each[point + 1]:g} must be above that before it, {each[point]:g}")
    for point in np.flatnonzero(np.diff(heights) < 0)[:1]:
        raise InvalidInput(f"point {point + 1}: price {heights[point + 1]:g} must not be below {heights[point]:g} before it")
    steeper = heights[1:] * each[:-1] - heights[:-1] * each[1:]
    failing = np.flatnonzero((steeper <= 0) | is_zero(steeper, of=heights[1:] * each[:-1]))
    start = int(failing[-1]) + 1 if len(failing) else 0
    return float(heights[start]) if start < len(each) - 1 else math.inf
