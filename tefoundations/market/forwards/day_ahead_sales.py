"""Two settlements: what was sold the day before at that price, and what differs from it at the price of the hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.market.forwards.intervals import stretched
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

TOLD = 4  # intervals that explain() tells


@dataclass(frozen=True, eq=False, repr=False)
class TwoSettlement(Explained):
    """What a seller gets in two settlements; `two_settlement` makes it.

    Parameters
    ----------
    day_ahead : (intervals,) float array
        Price of the day before (ct/kWh).
    sold : (intervals,) float array
        Sold the day before (kWh).
    real_time : (intervals,) float array
        Price when the power flows (ct/kWh).
    delivered : (intervals,) float array
        What the meter reads (kWh).
    """

    day_ahead: np.ndarray
    sold: np.ndarray
    real_time: np.ndarray
    delivered: np.ndarray

    @property
    def sale(self) -> np.ndarray:
        """Got for what was sold the day before (ct), by interval."""
        return self.day_ahead * self.sold

    @property
    def difference(self) -> np.ndarray:
        """Got for what was delivered beyond the sale (ct), by interval; below 0 it is paid for what was missing."""
        return self.real_time * (self.delivered - self.sold)

    @property
    def income(self) -> float:
        """All of it (ct)."""
        return float((self.sale + self.difference).sum())

    @property
    def bet(self) -> float:
        """What the sale of the day before added to selling all in real time (ct)."""
        return float(((self.day_ahead - self.real_time) * self.sold).sum())

    def explain(self) -> str:
        """The arithmetic in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(two_settlement(20, 10, 30, 8).explain())
        Interval 0: 20 * 10 sold the day before = 200, 30 * (8 - 10) for the difference = -60: 140 ct.
        All in real time: 240 ct; the sale of the day before added -100 ct.
        """
        told = [
            f"Interval {row}: {say(self.day_ahead[row])} * {say(self.sold[row])} sold the day before = "
            f"{say(self.sale[row])}, "
            f"{say(self.real_time[row])} * ({say(self.delivered[row])} - {say(self.sold[row])}) for the difference = "
            f"{say(self.difference[row])}: {say(self.sale[row] + self.difference[row])} ct."
            for row in range(min(len(self.sold), TOLD))
        ]
        if len(self.sold) > TOLD:
            told.append(f"... and {count(len(self.sold) - TOLD, 'interval')} more; in all {say(self.income)} ct.")
        alone = float((self.real_time * self.delivered).sum())
        return "\n".join([*told, f"All in real time: {say(alone)} ct; the sale of the day before added {say(self.bet)} ct."])

    def to_frame(self) -> pd.DataFrame:
        """One row for each interval.

        Returns
        -------
        pandas.DataFrame
            Columns day_ahead, sold, real_time, delivered, sale, difference, income.
        """
        import pandas as pd

        given = {name: getattr(self, name) for name in ("day_ahead", "sold", "real_time", "delivered", "sale", "difference")}
        return pd.DataFrame(given | {"income": self.sale + self.difference})

    def _at_a_glance(self):
        return [("intervals", len(self.sold)), ("income, ct", self.income), ("sale, ct", float(self.sale.sum())),
                ("difference, ct", float(self.difference.sum()))]  # fmt: skip

    def __repr__(self):
        return f"TwoSettlement({count(len(self.sold), 'interval')}: {say(self.income)} ct)"


def two_settlement(day_ahead: ArrayLike, sold: ArrayLike, real_time: ArrayLike, delivered: ArrayLike) -> TwoSettlement:
    """What a seller gets who sold the day before and delivers something else.

    The sale is paid in full at its own price, and the difference to the meter at the price of the hour.

    Parameters
    ----------
    day_ahead : float or (intervals,) array
        Price of the day before (ct/kWh).
    sold : float or (intervals,) array
        Sold the day before (kWh), not negative.
    real_time : float or (intervals,) array
        Price when the power flows (ct/kWh).
    delivered : float or (intervals,) array
        What the meter reads (kWh), not negative.

    Returns
    -------
    TwoSettlement

    Raises
    ------
    InvalidInput
        What is no number, a quantity below 0, or arrays of different lengths, which it names.

    References
    ----------
    Kirschen, D. and Strbac, G. (2018), Fundamentals of Power System Economics, second edition, Wiley, chapter 3.

    Examples
    --------
    >>> two_settlement(20, 0, 30, 0)
    TwoSettlement(1 interval: 0 ct)
    >>> two_settlement(20, 10, 30, 8).income
    140.0
    >>> two_settlement([20, 20], 10, [30, 12], [8, 11]).income
    352.0
    """
    columns = stretched(
        day_ahead=(day_ahead, {}), sold=(sold, {"least": 0}), real_time=(real_time, {}), delivered=(delivered, {"least": 0})
    )
    return TwoSettlement(*columns)
