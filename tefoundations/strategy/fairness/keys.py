"""Keys by which energy communities share what they save: five rules, and what each gives to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import one_of
from tefoundations.strategy.fairness.savings import Netting
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class SharingKeys(Explained):
    """What each member gets of the community's saving by each key.

    Attributes
    ----------
    members : (n,) tuple of str
    saving : float
        The most that all can save together (ct).
    shares : dict of str to (n,) float array
        What each gets, by the name of the key (ct). All but "mid-market" share out the whole saving; that one matches
        needs and surpluses by a rule of its own and may save less.
    """

    members: tuple[str, ...]
    saving: float
    shares: dict[str, np.ndarray]

    def by(self, key: str) -> np.ndarray:
        """What each member gets by one key.

        Parameters
        ----------
        key : str
            One of the names in `shares`.

        Returns
        -------
        (n,) float array
            ct.

        Raises
        ------
        InvalidInput
            A key that is not there.

        Examples
        --------
        >>> sharing_keys([[-4, 2, 4]], [30, 30, 30], [10, 10, 10]).by("market price")
        array([80.,  0.,  0.])
        """
        return self.shares[one_of(key, self.shares, "key")].copy()

    def explain(self) -> str:
        """The shares in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(sharing_keys([[-3, 1, 2]], [30, 30, 30], [10, 10, 10]).explain())
        Together 3 members save 60 ct.
        equal: the most gets 20, the least 20 ct.
        by need: the most gets 40, the least 0 ct.
        by surplus: the most gets 60, the least 0 ct.
        mid-market: the most gets 30, the least 10 ct.
        market price: the most gets 30, the least 10 ct.
        """
        lines = [f"Together {len(self.members)} members save {say(self.saving)} ct."]
        for name, shares in self.shares.items():
            less = "" if np.isclose(shares.sum(), self.saving) else f"; in all {say(shares.sum())} ct"
            most, least = (say(end, self.saving) for end in (shares.max(), shares.min()))
            lines.append(f"{name}: the most gets {most}, the least {least} ct{less}.")
        return "\n".join(lines)

    def to_frame(self) -> pd.DataFrame:
        """One row a member, one column a key.

        Returns
        -------
        pandas.DataFrame
            Index member; ct.
        """
        import pandas as pd

        return pd.DataFrame(self.shares, index=pd.Index(self.members, name="member"))

    def __repr__(self):
        return f"SharingKeys({len(self.members)} members, saving {self.saving:.6g} ct, {len(self.shares)} keys)"

    def _at_a_glance(self):
        most = [(f"{name}: most, ct", float(shares.max())) for name, shares in self.shares.items()]
        return [("saving, ct", self.saving), *most]


def sharing_keys(net_load: ArrayLike, tariff: ArrayLike, feed_in: ArrayLike) -> SharingKeys:
    """What each member gets of what a community saves, by five keys.

    - *equal*: the same to each.
    - *by need*, *by surplus*: in proportion to the kWh a member takes, or gives, over all steps.
    - *mid-market*: in each step all trade at the middle between the mean tariff of the energy needed and the mean feed-in
      payment of the energy over; the longer side is served pro rata, and buys or sells the rest outside.
    - *market price*: in each step the best matching trades at the middle of the prices that balance it. It is in the core.

    Parameters
    ----------
    net_load : (T, n) array or pandas.DataFrame
        kWh; **positive takes from the feeder, negative gives to it**. A table has a column for each member.
    tariff : (n,) array
        What each pays outside (ct/kWh). A series of pandas is read by its index.
    feed_in : (n,) array
        What each earns outside (ct/kWh).

    Returns
    -------
    SharingKeys

    Raises
    ------
    InvalidInput
        What is no number, or not one for each member.

    References
    ----------
    Owen, G. (1975), "On the core of linear production games", Mathematical Programming 9, 358-370 (the market price);
    Abada, I., Ehrenmann, A. and Lambin, X. (2020), "On the viability of energy communities", The Energy Journal 41(1)
    (keys that break a community).

    Examples
    --------
    A roof with 4 kWh over, and two homes that need 2 and 4; a kWh from next door saves 20 ct:

    >>> keys = sharing_keys([[-4, 2, 4]], tariff=[30, 30, 30], feed_in=[10, 10, 10])
    >>> keys.to_frame().round(2).loc["member 1"].to_dict()
    {'equal': 26.67, 'by need': 26.67, 'by surplus': 0.0, 'mid-market': 13.33, 'market price': 0.0}
    """
    netting = Netting.read(net_load, tariff, feed_in)
    saving, count = netting.best(), len(netting.members)
    needs, surplus = netting.need.sum(axis=0), netting.surplus.sum(axis=0)
    shares = {
        "equal": np.full(count, saving / count),
        "by need": saving * needs / (needs.sum() or 1.0),  # where nobody needs, nothing is saved
        "by surplus": saving * surplus / (surplus.sum() or 1.0),
        "mid-market": netting.pro_rata(),
        "market price": netting.at_market_price(),
    }
    return SharingKeys(netting.members, saving, shares)
