"""A day of the community's call auction, kWh by kWh: which only change hands, and which are new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import instance, not_negative, one_of
from tefoundations.market import OrderBook, uniform_price
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

    from tefoundations.data import Community

SUPPLIER, NEW, FED, STORED = "instead of the supplier", "new use", "instead of feeding in", "from a battery"
KINDS = (SUPPLIER, NEW, FED, STORED)


@dataclass(frozen=True, eq=False, repr=False)
class LocalTrades(Explained):
    """What was traded in a day, and what each kWh would have been otherwise; `local_trades` makes it.

    Parameters
    ----------
    day : str
    steps : (n,) int array
        The half hour of each order that trades.
    agent : (n,) object array
        Whose it is.
    kind : (n,) object array
        What its kWh take the place of: "instead of the supplier" and "new use" are bought, "instead of feeding in" and "from
        a battery" are sold.
    traded : (n,) float array
        kWh.
    otherwise : (n,) float array
        ct/kWh: the tariff or feed-in price that holds without the trade; of new use what it is worth, of a stored kWh what
        it costs its owner.
    price : (n,) float array
        At which it trades (ct/kWh).
    """

    day: str
    steps: np.ndarray
    agent: np.ndarray
    kind: np.ndarray
    traded: np.ndarray
    otherwise: np.ndarray
    price: np.ndarray

    def kwh(self, kind: str) -> float:
        """How many kWh of a kind were traded.

        Parameters
        ----------
        kind : {"instead of the supplier", "new use", "instead of feeding in", "from a battery"}

        Returns
        -------
        float
            kWh.

        Raises
        ------
        InvalidInput
            Another kind.

        Examples
        --------
        >>> from tefoundations.data import community
        >>> round(local_trades(community(), "summer").kwh("new use"), 3)
        22.371
        """
        return float(self.traded[self.kind == one_of(kind, KINDS, "kind")].sum())

    def _money(self, kind):
        own = self.kind == kind
        return float(self.traded[own] @ self.otherwise[own])

    @property
    def quantity(self) -> float:
        """All that is bought, and as much is sold (kWh)."""
        return self.kwh(SUPPLIER) + self.kwh(NEW)

    @property
    def moved(self) -> float:
        """What members no longer pay to supplier, wires and state, less the feed-in that these no longer pay (ct)."""
        return self._money(SUPPLIER) - self._money(FED)

    @property
    def made(self) -> float:
        """What new use is worth, less what the kWh of the batteries cost their owners (ct)."""
        return self._money(NEW) - self._money(STORED)

    @property
    def gain(self) -> float:
        """What members gain in all (ct): what is moved to them, and what is made."""
        return self.moved + self.made

    def wires_lose(self, rate: float) -> float:
        """What the wires no longer get, where nothing is owed for a local kWh.

        Parameters
        ----------
        rate : float
            Their part of each tariff (ct/kWh).

        Returns
        -------
        float
            ct.

        Raises
        ------
        InvalidInput
            A rate below 0.

        Examples
        --------
        >>> from tefoundations.data import community
        >>> days = [local_trades(community(), day) for day in community().days]
        >>> round(sum(day.wires_lose(9) for day in days) / 100, 2)                # EUR
        17.54
        """
        return not_negative(rate, "rate", unit="(ct/kWh)") * self.kwh(SUPPLIER)

    def explain(self) -> str:
        """What is traded, what of it is new, and where the gain comes from.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.data import community
        >>> print(local_trades(community(), "winter").explain())
        Bought: 100.687 kWh instead of the supplier, 4.535 kWh of new use.
        Sold: 100.694 kWh instead of feeding in, 4.528 kWh from a battery.
        Moved to members: 2204.3 ct. Made: 36.51 ct. They gain 2240.8 ct.
        """
        told = {kind: say(round(self.kwh(kind), 3), self.quantity) for kind in KINDS}
        size = sum(abs(self._money(kind)) for kind in KINDS)
        moved, made, gain = (say(round(ct, 2), size) for ct in (self.moved, self.made, self.gain))
        return (
            f"Bought: {told[SUPPLIER]} kWh {SUPPLIER}, {told[NEW]} kWh of {NEW}.\n"
            f"Sold: {told[FED]} kWh {FED}, {told[STORED]} kWh {STORED}.\n"
            f"Moved to members: {moved} ct. Made: {made} ct. They gain {gain} ct."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each order that trades.

        Returns
        -------
        pandas.DataFrame
            Columns step, agent, kind, traded (kWh), otherwise, price (ct/kWh).
        """
        import pandas as pd

        names = ("agent", "kind", "traded", "otherwise", "price")
        return pd.DataFrame({"step": self.steps} | {name: getattr(self, name) for name in names})

    def _at_a_glance(self):
        return [
            *((f"{kind}, kWh", self.kwh(kind)) for kind in KINDS),
            ("moved to members, ct", self.moved), ("made, ct", self.made), ("members gain, ct", self.gain),
        ]  # fmt: skip

    def __repr__(self):
        return (
            f"LocalTrades({self.day}: {say(self.quantity, self.quantity)} kWh, members gain {say(self.gain, self.gain)} ct)"
        )


def local_trades(people: Community, day: str) -> LocalTrades:
    """What neighbours trade in a day, and which of it only takes money from others.

    Each half hour is cleared at one price. Who bids its tariff would else have bought from the supplier; a lower bid is use
    that else would not be. A home with a battery that asks more than for a kWh of its roof gives a kWh that it had stored;
    all else would have been fed in.

    Parameters
    ----------
    people : Community
    day : str
        One of its days.

    Returns
    -------
    LocalTrades

    Raises
    ------
    InvalidInput
        A day that is not there; what is no community.

    Examples
    --------
    >>> from tefoundations.data import community
    >>> local_trades(community(), "summer")
    LocalTrades(summer: 65.752 kWh, members gain 1191.07 ct)
    """
    from tefoundations.data import Community

    instance(people, Community, "people", advice="community() gives one")
    one_of(day, people.days, "day")
    rows = []
    for step in people.steps:
        book = OrderBook.from_frame(people.offers(day, step))
        found = uniform_price(book)
        for orders, traded in ((book.bids, found.bid_quantity), (book.asks, found.ask_quantity)):
            for place in np.flatnonzero(traded > 0):
                home, limit = people.members.loc[orders.agent[place]], float(orders.price[place])
                kind, otherwise = _kind(home, orders.side, limit)
                rows.append((step, orders.agent[place], kind, float(traded[place]), otherwise, found.price))
    kinds = (int, object, object, float, float, float)
    return LocalTrades(day, *(np.array([row[place] for row in rows], kind) for place, kind in enumerate(kinds)))


def _kind(home, side, limit):
    """What a kWh of an order takes the place of, and what it would cost or earn then."""
    tariff, feed_in = float(home["tariff_ct_per_kwh"]), float(home["feed_in_ct_per_kwh"])
    if side == "buy":
        return (SUPPLIER, tariff) if limit >= tariff else (NEW, limit)
    from_roof = feed_in + float(home["solar_cost_ct_per_kwh"])  # a sum of tenths, a little off the tenth that is asked
    more = limit > from_roof and not is_zero(limit - from_roof, of=limit)
    return (STORED, limit) if home["battery_kwh"] > 0 and more else (FED, feed_in)
