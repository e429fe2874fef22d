"""One kWh that neighbours trade, and who had been paid for it before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance, number
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, listed, say, shown

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("energy", "wires", "taxes", "margin")
PARTIES = ("buyer", "seller", "supplier", "wires", "state")


@dataclass(frozen=True, eq=False, repr=False)
class KwhLedger(Explained):
    """What one kWh traded between neighbours changes for each party; `kwh_ledger` makes it. All is in ct.

    Attributes
    ----------
    changes : dict of str to float
        By party: buyer, seller, supplier, wires, state. Above 0: it has more than without the trade.
    retail : float
        What a kWh costs at the supplier, the sum of its parts (ct/kWh).
    price : float
        What the buyer pays the seller (ct/kWh).
    """

    changes: dict[str, float]
    retail: float
    price: float

    @property
    def neighbours(self) -> float:
        """What buyer and seller gain together."""
        return self.changes["buyer"] + self.changes["seller"]

    @property
    def total(self) -> float:
        """What all parties gain together: 0 where money only changes hands."""
        total = sum(self.changes.values())
        return 0.0 if is_zero(total, of=self._size) else total

    @property
    def _size(self):
        return max(abs(self.retail), abs(self.price), *map(abs, self.changes.values()))

    def explain(self) -> str:
        """Who gains and who loses, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> parts = {"energy": 10, "wires": 12, "taxes": 5, "margin": 3}
        >>> print(kwh_ledger(parts, price=19, feed_in=8).explain())
        Instead of 30 ct at the supplier: 19 ct next door.
        buyer +11, seller +11, supplier -5, wires -12, state -5 ct.
        In all 0 ct.
        """
        told = [f"{party} {'+' if change > 0 else ''}{say(change, self._size)}" for party, change in self.changes.items()]
        return (
            f"Instead of {say(self.retail, self._size)} ct at the supplier: {say(self.price, self._size)} ct next door.\n"
            f"{', '.join(told)} ct.\nIn all {say(self.total, self._size)} ct."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a party.

        Returns
        -------
        pandas.DataFrame
            Index party; column change (ct).
        """
        import pandas as pd

        return pd.DataFrame({"change": self.changes}).rename_axis("party")

    def _at_a_glance(self):
        return [(f"{party}, ct", change) for party, change in self.changes.items()] + [("all, ct", self.total)]

    def __repr__(self):
        return f"KwhLedger(neighbours {say(self.neighbours, self._size)} ct, all {say(self.total, self._size)} ct)"


def kwh_ledger(
    parts: Mapping[str, float],
    price: float,
    feed_in: float,
    *,
    local: Mapping[str, float] | None = None,
    worth: float | None = None,
    wear: float | None = None,
) -> KwhLedger:
    """Who gains and who loses when a kWh is bought next door and not from the supplier.

    Without the trade the buyer takes the kWh from the supplier, and the seller feeds its own in. Then no kWh flows otherwise
    than before, and money only changes hands. A buyer who would have gone without has a `worth`: a kWh more must come from
    outside, and the supplier pays `energy` for it. A seller who would have kept the kWh in a battery has a `wear`: a kWh
    less comes from outside.

    Parameters
    ----------
    parts : dict of str to float
        Of what a kWh at the supplier is made (ct): energy, wires, taxes, margin; what is left out is 0.
    price : float
        What the buyer pays the seller (ct/kWh).
    feed_in : float
        What the supplier pays for a kWh that is fed in (ct/kWh).
    local : dict of str to float, optional
        What the buyer owes for a local kWh on top: wires and taxes (ct). By default nothing.
    worth : float, optional
        What the kWh is worth to the buyer (ct), if it would not have bought it from the supplier.
    wear : float, optional
        What giving the kWh costs the seller (ct), if it would not have fed it in.

    Returns
    -------
    KwhLedger

    Raises
    ------
    InvalidInput
        A part by another name, or one that is no number.

    Examples
    --------
    >>> parts = {"energy": 10, "wires": 12, "taxes": 5, "margin": 3}
    >>> kwh_ledger(parts, price=19, feed_in=8)
    KwhLedger(neighbours 22 ct, all 0 ct)
    >>> kwh_ledger(parts, price=19, feed_in=8, local={"wires": 12, "taxes": 5}).changes["buyer"]
    -6.0
    >>> kwh_ledger(parts, price=19, feed_in=8, worth=24).total       # a use worth 24 that costs one kWh more from outside
    14.0
    """
    paid, owed = _read(parts, PARTS, "parts"), _read({} if local is None else local, ("wires", "taxes"), "local")
    price, feed_in = number(price, "price", unit="(ct)"), number(feed_in, "feed_in", unit="(ct)")
    retail = sum(paid.values())
    instead = 1 if worth is None else 0  # kWh that the supplier sells less
    fed = 1 if wear is None else 0  # kWh that it is given less
    spared = retail if worth is None else number(worth, "worth", unit="(ct)")
    missed = feed_in if wear is None else number(wear, "wear", unit="(ct)")
    changes = {
        "buyer": spared - price - owed["wires"] - owed["taxes"],
        "seller": price - missed,
        "supplier": fed * feed_in - instead * (paid["energy"] + paid["margin"]) + (instead - fed) * paid["energy"],
        "wires": owed["wires"] - instead * paid["wires"],
        "state": owed["taxes"] - instead * paid["taxes"],
    }
    return KwhLedger(changes, retail, price)


def _read(given, names, what):
    instance(given, Mapping, what, advice=f"name -> ct, of {', '.join(names)}")
    for name in given:
        if name not in names:
            raise InvalidInput(f"{what}: {shown(name)} is none of {listed(names)}")
    return {name: number(given.get(name, 0.0), f"{what}: {name}", unit="(ct)") for name in names}
