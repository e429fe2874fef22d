"""What a forward costs where makers and retailers of power dislike risk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.chances import chances_of
from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import number, numbers, positive, whole
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

MOST = 1_000_000  # producers, and retailers


@dataclass(frozen=True, eq=False, repr=False)
class ForwardMarket(Explained):
    """The price at which all forwards are bought that are sold; `forward_price` makes it.

    Parameters
    ----------
    price : float
        Of the forward (ct/kWh).
    demand : (cases,) float array
        Of all customers (kWh).
    spot : (cases,) float array
        Price of the hour (ct/kWh).
    chances : (cases,) float array
    sold : float
        By each producer in advance (kWh); below 0 it buys.
    bought : float
        By each retailer in advance (kWh); below 0 it sells.
    producers, retailers : int
    """

    price: float
    demand: np.ndarray
    spot: np.ndarray
    chances: np.ndarray
    sold: float
    bought: float
    producers: int
    retailers: int

    @property
    def mean_spot(self) -> float:
        """The price of the hour on average (ct/kWh)."""
        return float(self.chances @ self.spot)

    @property
    def premium(self) -> float:
        """What the forward costs above that (ct/kWh); below 0 it is cheaper."""
        return self.price - self.mean_spot

    def explain(self) -> str:
        """Who sells to whom, at what price, beside the mean of the hour.

        Returns
        -------
        str

        Examples
        --------
        >>> print(forward_price(2, 1, 12, 0.1, 1, 1, demand=[8, 12]).explain())
        The price of the hour is 10 ct/kWh on average, from 8 to 12.
        In advance 1 producer sells 9 kWh, 1 retailer buys 9 kWh.
        The forward costs 9.6 ct/kWh: a premium of -0.4.
        """
        beside = float(np.abs(self.spot).max())
        selling = f"{count(self.producers, 'producer')} {'sells' if self.producers == 1 else 'sell'} {say(self.sold)} kWh"
        buying = f"{count(self.retailers, 'retailer')} {'buys' if self.retailers == 1 else 'buy'} {say(self.bought)} kWh"
        selling, buying = (
            words if many == 1 else f"{words} each" for words, many in ((selling, self.producers), (buying, self.retailers))
        )
        return "\n".join([
            f"The price of the hour is {say(self.mean_spot, beside)} ct/kWh on average, "
            f"from {say(self.spot.min(), beside)} to {say(self.spot.max(), beside)}.",
            f"In advance {selling}, {buying}.",
            f"The forward costs {say(self.price, beside)} ct/kWh: a premium of {say(self.premium, beside)}.",
        ])  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row for each case.

        Returns
        -------
        pandas.DataFrame
            Columns demand (kWh), chance, spot (ct/kWh).
        """
        import pandas as pd

        return pd.DataFrame({"demand": self.demand, "chance": self.chances, "spot": self.spot})

    def _at_a_glance(self):
        return [("forward, ct/kWh", self.price), ("mean price of the hour, ct/kWh", self.mean_spot),
                ("premium, ct/kWh", self.premium), ("sold by each producer, kWh", self.sold)]  # fmt: skip

    def __repr__(self):
        beside = float(np.abs(self.spot).max())
        return f"ForwardMarket({say(self.price, beside)} ct/kWh, a premium of {say(self.premium, beside)})"


def forward_price(
    exponent: float, scale: float, retail: float, aversion: float, producers: int, retailers: int, demand: ArrayLike,
    chances: ArrayLike | None = None,
) -> ForwardMarket:  # fmt: skip
    """The forward price at which the positions of producers and retailers add up to nothing.

    Producers are alike, and q kWh cost one of them scale / exponent * q ** exponent; they share the demand, so the price of
    the hour is scale * (demand / producers) ** (exponent - 1). Retailers share it too, and sell at a fixed price. All of
    them want much on average and little variance: mean - aversion / 2 * variance.

    Parameters
    ----------
    exponent : float
        Of the cost, above 1.
    scale : float
        Of the cost, above 0 (ct, for kWh to the exponent).
    retail : float
        What customers pay (ct/kWh).
    aversion : float
        To variance (1/ct), above 0.
    producers, retailers : int
        How many.
    demand : (cases,) array
        Of all customers (kWh), not negative.
    chances : (cases,) array, optional
        Of each case; None: all are as likely.

    Returns
    -------
    ForwardMarket

    Raises
    ------
    InvalidInput
        An exponent of 1 or less, nobody on a side or more than a million, a negative demand, or one that is the same in all
        cases.

    References
    ----------
    Bessembinder, H. and Lemmon, M. L. (2002), "Equilibrium pricing and optimal hedging in electricity forward markets",
    Journal of Finance 57(3), 1347-1382.

    Examples
    --------
    >>> forward_price(2, 1, 12, 0.1, 1, 1, demand=[8, 12])
    ForwardMarket(9.6 ct/kWh, a premium of -0.4)
    >>> forward_price(2, 1, 12, 0.1, 1, 1, demand=[10, 10])
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: demand is 10 in all cases, so there is no risk to trade
    """
    power, size = number(exponent, "exponent", above=1), positive(scale, "scale")
    fixed, dislike = number(retail, "retail"), positive(aversion, "aversion")
    makers, sellers = (
        whole(many, name, least=1, most=MOST) for many, name in ((producers, "producers"), (retailers, "retailers"))
    )
    wanted = numbers(demand, "demand", least=0, place="case")
    if not len(wanted):
        raise InvalidInput("demand must be one case at least, and there is none")
    weights = chances_of(chances, "chance", len(wanted), "case")
    check_labels(chances, "chances", demand, "demand")
    made = wanted / makers
    spot = size * made ** (power - 1)
    making, selling = spot * made - size / power * made**power, (fixed - spot) * wanted / sellers
    away = spot - weights @ spot
    variance = float(weights @ away**2)
    if is_zero(variance, float(weights @ spot**2)):
        raise InvalidInput(f"demand is {say(wanted[np.argmax(weights)])} in all cases, so there is no risk to trade")
    risk_of_making, risk_of_selling = float(weights @ (away * making)), float(weights @ (away * selling))
    premium = -dislike * (makers * risk_of_making + sellers * risk_of_selling) / (makers + sellers)
    bet = premium / (dislike * variance)  # sold in advance because the forward is dearer than the hour, by anybody
    sold, bought = bet + risk_of_making / variance, -bet - risk_of_selling / variance
    return ForwardMarket(float(weights @ spot) + premium, wanted, spot, weights, sold, bought, makers, sellers)
