"""Suppliers whose customers partly never compare: prices that are drawn, and who pays which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number, numbers, whole
from tefoundations.words import Explained, count, percent, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

MOST_FIRMS = 1_000_000


@dataclass(frozen=True, eq=False, repr=False)
class SalesEquilibrium(Explained):
    """The prices of suppliers some of whose customers never compare; `sales_equilibrium` makes it.

    Each supplier draws its price anew, by the same law. Profits are in ct for one kWh of all customers together.

    Attributes
    ----------
    firms : int
        Suppliers.
    shoppers : float
        Share of the kWh whose buyers compare and take the cheapest, 0 to 1. The others are sleepers, spread evenly.
    reservation : float
        Most that anybody pays (ct/kWh).
    cost : float
        What a kWh costs each supplier (ct/kWh).
    lowest : float
        No supplier ever asks less (ct/kWh): with all shoppers it would earn no more than with its sleepers at `reservation`.
    profit : float
        Of each supplier, at every price that it may draw (ct).
    mean_margin : float
        Price less cost, the mean over all kWh sold (ct/kWh).
    sleepers_pay : float
        Mean price of those who stay where they are: of one supplier (ct/kWh).
    shoppers_pay : float
        Mean price of those who compare: the lowest of all (ct/kWh).
    """

    firms: int
    shoppers: float
    reservation: float
    cost: float
    lowest: float
    profit: float
    mean_margin: float
    sleepers_pay: float
    shoppers_pay: float

    def price_at(self, share: ArrayLike) -> float | np.ndarray:
        """The price below which a supplier asks with this probability. Of evenly drawn shares it makes drawn prices.

        Parameters
        ----------
        share : float or (n,) array
            0 to 1.

        Returns
        -------
        float or (n,) array
            ct/kWh.

        Raises
        ------
        InvalidInput
            A share below 0 or above 1.

        Examples
        --------
        >>> sales_equilibrium(2, shoppers=0.4, reservation=40, cost=20).price_at([0, 1]).round(3)
        array([28.571, 40.   ])
        """
        u = numbers(share, "share", least=0, ndim=None)
        if (u > 1).any():
            raise InvalidInput(f"share {u.max():g} must not be above 1")
        if self._one_price:
            found = np.full_like(u, self.lowest)
        else:
            own = (1 - self.shoppers) / self.firms
            found = self.cost + self._gap * own / (own + self.shoppers * (1 - u) ** (self.firms - 1))
            found = np.clip(found, self.lowest, self.reservation)  # a price that rounding puts above it would sell nothing
        return found if found.ndim else float(found)

    def share_below(self, price: ArrayLike) -> float | np.ndarray:
        """The probability with which a supplier asks less than a price.

        Parameters
        ----------
        price : float or (n,) array
            ct/kWh.

        Returns
        -------
        float or (n,) array
            0 up to `lowest`, 1 above `reservation`.

        Raises
        ------
        InvalidInput
            A price that is no number.

        Examples
        --------
        >>> sales_equilibrium(2, shoppers=0.4, reservation=40, cost=20).share_below(35)
        0.75
        """
        asked = numbers(price, "price", ndim=None)
        if self._one_price:
            found = (asked > self.lowest).astype(float)
        else:
            inside = np.clip(asked, self.lowest, self.reservation)
            odds = (1 - self.shoppers) / (self.firms * self.shoppers)  # a supplier's own sleepers for one shopper
            margin = inside - self.cost  # so small, with nearly all shoppers, that it may be rounded to 0
            others = np.divide(
                odds * (self.reservation - inside), margin, out=np.full_like(margin, np.inf), where=margin > 0
            )
            found = np.clip(1 - others ** (1 / (self.firms - 1)), 0.0, 1.0)
        return found if found.ndim else float(found)

    def profit_at(self, price: ArrayLike) -> float | np.ndarray:
        """What a supplier earns at a price while all others draw theirs. It is `profit` at every price they may draw.

        Parameters
        ----------
        price : float or (n,) array
            ct/kWh.

        Returns
        -------
        float or (n,) array
            ct for one kWh of all customers together; 0 above `reservation`, where nobody buys.

        Raises
        ------
        InvalidInput
            A price that is no number.

        Examples
        --------
        >>> sales_equilibrium(2, shoppers=0.4, reservation=40, cost=20).profit_at([25, 30, 40, 41]).round(3)
        array([3.5, 6. , 6. , 0. ])
        """
        asked = numbers(price, "price", ndim=None)
        wins = (1 - self.share_below(asked)) ** (self.firms - 1)
        sold = (1 - self.shoppers) / self.firms + self.shoppers * wins
        found = np.where(asked <= self.reservation, (asked - self.cost) * sold, 0.0)
        return found if found.ndim else float(found)

    @property
    def _gap(self):
        return self.reservation - self.cost

    @property
    def _one_price(self):
        return self.firms == 1 or self.shoppers in (0, 1) or self._gap == 0

    def explain(self) -> str:
        """Prices, margins and who pays which, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(sales_equilibrium(2, shoppers=0.4, reservation=40, cost=20).explain())
        2 suppliers: prices are drawn from 28.5714 to 40 ct/kWh; each earns 6 ct for a kWh of all customers.
        60% never compare and pay 32.7095 ct on average; 40% take the cheapest and pay 30.9358 ct.
        The mean margin is 12 ct/kWh: 60% of 40 - 20.
        """
        if self._one_price:
            first = f"{count(self.firms, 'supplier')}: {say(self.lowest)} ct/kWh and nothing else"
        else:
            span = f"{say(self.lowest)} to {say(self.reservation)}"
            first = f"{count(self.firms, 'supplier')}: prices are drawn from {span} ct/kWh"
        sleep, shop = percent(1 - self.shoppers), percent(self.shoppers)
        of = "all" if self.firms == 1 else sleep
        return (
            f"{first}; each earns {say(self.profit, self.reservation)} ct for a kWh of all customers.\n"
            f"{sleep} never compare and pay {say(self.sleepers_pay)} ct on average; {shop} take the cheapest and pay "
            f"{say(self.shoppers_pay)} ct.\n"
            f"The mean margin is {say(self.mean_margin, self.reservation)} ct/kWh: {of} of {say(self.reservation)} - "
            f"{say(self.cost)}."
        )

    def to_frame(self) -> pd.DataFrame:
        """Who pays what.

        Returns
        -------
        pandas.DataFrame
            Index customers; columns share (0 to 1), price and margin (ct/kWh).
        """
        import pandas as pd

        prices = [self.sleepers_pay, self.shoppers_pay, self.cost + self.mean_margin]
        return pd.DataFrame(
            {"share": [1 - self.shoppers, self.shoppers, 1.0], "price": prices, "margin": np.subtract(prices, self.cost)},
            index=pd.Index(["sleepers", "shoppers", "all"], name="customers"),
        )

    def _at_a_glance(self):
        return [
            ("suppliers", self.firms), ("lowest price, ct/kWh", self.lowest), ("sleepers pay, ct/kWh", self.sleepers_pay),
            ("shoppers pay, ct/kWh", self.shoppers_pay), ("mean margin, ct/kWh", self.mean_margin),
        ]  # fmt: skip

    def __repr__(self):
        return f"SalesEquilibrium({count(self.firms, 'supplier')}: mean margin {say(self.mean_margin)} ct/kWh)"


def sales_equilibrium(firms: int, shoppers: float, reservation: float, cost: float) -> SalesEquilibrium:
    """What suppliers ask where some customers compare prices and the others stay where they are.

    All suppliers have the same cost and as many sleepers each. Shoppers take the cheapest. No single price can rest: above
    cost a little less wins all shoppers, and near cost it is better to ask most and live on one's sleepers. So every
    supplier draws its price. With one supplier, or without shoppers, all ask `reservation`; with shoppers alone, `cost`.

    Parameters
    ----------
    firms : int
        Suppliers, at least 1.
    shoppers : float
        Share of the kWh whose buyers compare, 0 to 1.
    reservation : float
        Most that anybody pays (ct/kWh), at least `cost`.
    cost : float
        What a kWh costs a supplier (ct/kWh).

    Returns
    -------
    SalesEquilibrium
        The one in which all suppliers draw alike.

    Raises
    ------
    InvalidInput
        No supplier, a share below 0 or above 1, or a cost above `reservation`.

    References
    ----------
    H. R. Varian, "A model of sales", American Economic Review 70(4) (1980), 651-659.

    Examples
    --------
    >>> sales_equilibrium(1, shoppers=0.4, reservation=40, cost=20).mean_margin     # nobody to compare with
    20.0
    >>> [sales_equilibrium(n, shoppers=0.4, reservation=40, cost=20).mean_margin for n in (2, 10, 50)]
    [12.0, 12.0, 12.0]
    """
    firms = whole(firms, "firms", least=1, most=MOST_FIRMS)
    shoppers = number(shoppers, "shoppers", least=0, most=1)
    cost = number(cost, "cost", unit="(ct/kWh)")
    reservation = number(reservation, "reservation", unit="(ct/kWh)")
    if reservation < cost:
        raise InvalidInput(f"reservation {reservation:g} must be at least cost {cost:g}, else nobody sells")
    low, sleepers, compared = _parts(firms, shoppers)
    gap = reservation - cost
    share = 1.0 if firms == 1 else 1 - shoppers
    return SalesEquilibrium(
        firms, shoppers, reservation, cost, cost + gap * low, share * gap / firms, share * gap,
        cost + gap * sleepers, cost + gap * compared,
    )  # fmt: skip


def _parts(firms, shoppers):
    """Lowest margin, the sleepers' mean and the shoppers', as parts of the highest margin.

    With v, the probability that one rival asks more, a price has the margin 1 / (1 + a v^m), m rivals and a = shoppers over
    a supplier's own sleepers. A sleeper's price is met with v spread evenly, the lowest of all with v's n-th root so.
    """
    if firms == 1 or shoppers == 0:
        return 1.0, 1.0, 1.0
    if shoppers == 1:
        return 0.0, 0.0, 0.0
    from scipy.special import hyp2f1

    rivals, a = firms - 1, firms * shoppers / (1 - shoppers)
    means = [float(hyp2f1(1.0, power / rivals, power / rivals + 1, -a)) for power in (1, firms)]
    return 1 / (1 + a), *means
