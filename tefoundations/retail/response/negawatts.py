"""Negawatts: which kWh a customer gives up when it is paid for not using them, and who gains by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.indices import series
from tefoundations.inputs import not_negative, number
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

KEPT, SAVED, WASTED, UNUSED = "used", "given up, rightly", "given up, wrongly", "not used"


@dataclass(frozen=True, eq=False, repr=False)
class Curtailment(Explained):
    """What a customer uses, and what it gives up for a payment; `curtailment` makes it.

    Attributes
    ----------
    values : (n,) float array
        What each kWh is worth to the customer (ct).
    retail, lmp, payment : float
        What a kWh costs the customer, what it costs to make, and what is paid for one not used (ct/kWh).
    used : (n,) bool array
        What the customer uses when nothing is paid.
    given_up : (n,) bool array
        What of it the customer does not use when it is paid.
    """

    values: np.ndarray
    retail: float
    lmp: float
    payment: float
    used: np.ndarray
    given_up: np.ndarray

    @property
    def energy(self) -> float:
        """kWh given up."""
        return float(self.given_up.sum())

    @property
    def welfare_before(self) -> float:
        """Value less cost of all that is used when nothing is paid (ct)."""
        return float((self.values - self.lmp)[self.used].sum())

    @property
    def welfare(self) -> float:
        """Value less cost of what is still used (ct). A payment moves money, and is no part of it."""
        return float((self.values - self.lmp)[self.used & ~self.given_up].sum())

    @property
    def best_welfare(self) -> float:
        """Welfare if of all that is used just that were given up which is worth less than it costs (ct)."""
        return float(np.maximum(self.values - self.lmp, 0.0)[self.used].sum())

    @property
    def customer_gain(self) -> float:
        """The payment and the bill saved, less the value given up (ct)."""
        return float((self.payment + self.retail - self.values)[self.given_up].sum())

    @property
    def others_gain(self) -> float:
        """What all others gain: the cost saved, less the bill that is not paid any more and the payment (ct)."""
        return float(self.energy * (self.lmp - self.retail - self.payment))

    @property
    def fate(self) -> list[str]:
        """What became of each kWh: used, given up rightly (worth its cost at most) or wrongly, or not used at all."""
        kind = np.where(self.values <= self.lmp, SAVED, WASTED)
        return np.where(~self.used, UNUSED, np.where(self.given_up, kind, KEPT)).tolist()

    @property
    def _size(self):
        return max(float(np.abs(self.values).sum()), len(self.values) * max(abs(self.lmp), self.retail))

    def explain(self) -> str:
        """The sum in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(curtailment([80, 60, 50, 35, 20], retail=30, lmp=45, payment=45).explain())
        Used: 4 kWh; at 45 ct for each not used, 3 kWh are given up.
        1 of them is worth at most the 45 ct it costs, 2 are worth more.
        The customer gains 80 ct, all others -90 ct. Welfare: 45 ct before, 35 ct after, 55 ct at best.
        """
        saved, wasted = (self.fate.count(kind) for kind in (SAVED, WASTED))
        gains = [say(gain, self._size) for gain in (self.customer_gain, self.others_gain)]
        before, after, best = (say(ct, self._size) for ct in (self.welfare_before, self.welfare, self.best_welfare))
        verb = {True: "is", False: "are"}
        return (
            f"Used: {int(self.used.sum())} kWh; at {say(self.payment)} ct for each not used, "
            f"{int(self.energy)} kWh {verb[self.energy == 1]} given up.\n"
            f"{saved} of them {verb[saved == 1]} worth at most the {say(self.lmp)} ct it costs, "
            f"{wasted} {verb[wasted == 1]} worth more.\n"
            f"The customer gains {gains[0]} ct, all others {gains[1]} ct. "
            f"Welfare: {before} ct before, {after} ct after, {best} ct at best."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each kWh.

        Returns
        -------
        pandas.DataFrame
            Columns value (ct), fate (text), customer, others: what each gains by its not being used (ct).
        """
        import pandas as pd

        customer = np.where(self.given_up, self.payment + self.retail - self.values, 0.0)
        others = np.where(self.given_up, self.lmp - self.retail - self.payment, 0.0)
        return pd.DataFrame({"value": self.values, "fate": self.fate, "customer": customer, "others": others})

    def _at_a_glance(self):
        return [
            ("given up, kWh", self.energy), ("customer gains, ct", self.customer_gain),
            ("others gain, ct", self.others_gain), ("welfare before, ct", self.welfare_before),
            ("welfare, ct", self.welfare), ("best welfare, ct", self.best_welfare),
        ]  # fmt: skip

    def __repr__(self):
        return f"Curtailment({count(int(self.energy), 'kWh')} given up, welfare {say(self.welfare, self._size)} ct)"


def curtailment(values: ArrayLike, retail: float, lmp: float, payment: float) -> Curtailment:
    """Which kWh a customer gives up if each one not used is paid for.

    It uses a kWh that is worth its price at least, and gives one up if the payment is more than it then loses: the value
    less the price that it saves. So payment and price act together, like a price of `retail` + `payment`.

    Parameters
    ----------
    values : (n,) array
        What each kWh is worth to the customer (ct).
    retail : float
        What a kWh costs the customer (ct/kWh), not negative.
    lmp : float
        What a kWh costs to make at this place and hour, the locational marginal price (ct/kWh).
    payment : float
        For each kWh not used (ct/kWh), not negative.

    Returns
    -------
    Curtailment

    Raises
    ------
    InvalidInput
        No value, or one that is no number; a price or a payment below 0.

    References
    ----------
    Federal Energy Regulatory Commission, "Demand Response Compensation in Organized Wholesale Energy Markets", Order
    No. 745, 134 FERC 61,187 (2011): payment of the full `lmp`; the dissent there: of `lmp` less `retail`.

    Examples
    --------
    >>> curtailment([20], retail=30, lmp=45, payment=45).energy               # what was never used cannot be given up
    0.0
    >>> five = [80, 60, 50, 35, 20]
    >>> [curtailment(five, 30, 45, payment).welfare for payment in (0, 45 - 30, 45)]
    [45.0, 55.0, 35.0]
    """
    worth = series(values, "values", place="kWh")
    price, paid = not_negative(retail, "retail", unit="(ct/kWh)"), not_negative(payment, "payment", unit="(ct/kWh)")
    used, kept = ((worth >= bar) | is_zero(worth - bar, of=bar) for bar in (price, price + paid))
    return Curtailment(worth, price, number(lmp, "lmp", unit="(ct/kWh)"), paid, used, used & ~kept)
