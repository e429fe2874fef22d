"""What a customer owes for some days, and of what it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Bill(Explained):
    """What is owed under a tariff; `Tariff.bill` makes it. Money is in ct.

    Attributes
    ----------
    energy : float
        For the kWh that count as bought.
    export : float
        What the kWh that count as sold have earned. **It is positive, and is taken off.**
    fixed : float
        What is owed whatever the meter says.
    demand : float
        For the highest power.
    bought, sold : float
        The kWh that count as bought and as sold.
    peak : float
        The highest power taken in any step (kW).
    months : tuple of (str, Bill)
        The bills of single months that it is the sum of, by their names; empty where there is only one.
    """

    energy: float
    export: float
    fixed: float
    demand: float
    bought: float
    sold: float
    peak: float
    months: tuple[tuple[str, Bill], ...] = ()

    @property
    def total(self) -> float:
        """What is owed: energy - export + fixed + demand (ct); below 0: what is paid out."""
        return self.energy - self.export + self.fixed + self.demand

    @property
    def _size(self):
        return max(abs(part) for part in (self.energy, self.export, self.fixed, self.demand, self.total))

    def explain(self) -> str:
        """The sum in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.retail import Tariff
        >>> print(Tariff(energy=30, export=8).bill([4, -5, 3], hours=1).explain())
        Bought: 7 kWh for 210 ct. Sold: 5 kWh for 40 ct. Highest power: 4 kW.
        210 - 40 = 170 ct.
        """
        parts = [self.energy, -self.export, self.fixed, self.demand]
        told = [value for value in parts if value] or [0.0]
        sums = say(told[0], self._size) + "".join(f" {'+' if v > 0 else '-'} {say(abs(v), self._size)}" for v in told[1:])
        more = "" if not self.months else f" In {len(self.months)} months."
        total = f"{sums} = {say(self.total, self._size)} ct." if len(told) > 1 else f"To pay: {sums} ct."
        return (
            f"Bought: {say(self.bought, self.bought)} kWh for {say(self.energy, self._size)} ct. "
            f"Sold: {say(self.sold, self.sold)} kWh for {say(self.export, self._size)} ct. "
            f"Highest power: {say(self.peak, self.peak)} kW.{more}\n{total}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a month, or one row.

        Returns
        -------
        pandas.DataFrame
            Index month; columns energy, export, fixed, demand, total (ct), bought, sold (kWh), peak (kW).
        """
        import pandas as pd

        rows = dict(self.months) or {"all": self}
        names = ("energy", "export", "fixed", "demand", "total", "bought", "sold", "peak")
        index = pd.Index(list(rows), name="month")
        return pd.DataFrame({name: [getattr(bill, name) for bill in rows.values()] for name in names}, index=index)

    def _at_a_glance(self):
        return [
            ("energy, ct", self.energy), ("export, ct", -self.export), ("fixed, ct", self.fixed),
            ("demand, ct", self.demand), ("total, ct", self.total),
        ]  # fmt: skip

    def __repr__(self):
        return f"Bill({say(self.total, self._size)} ct for {say(self.bought, self.bought)} kWh)"
