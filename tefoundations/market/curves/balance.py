"""Where supply and demand curves meet: one price, what each buys and sells, and who gains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number, sequence
from tefoundations.market.curves.constant_elasticity import Isoelastic
from tefoundations.market.curves.roots import rising_root
from tefoundations.market.curves.straight import LinearDemand, LinearSupply
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, an, listed, say

if TYPE_CHECKING:
    import pandas as pd

Demand = LinearDemand | Isoelastic


@dataclass(frozen=True, eq=False, repr=False)
class MarketEquilibrium(Explained):
    """The price at which as much is wanted as there is; `equilibrium` makes it.

    Parameters
    ----------
    sellers, buyers : tuple of str
        Names.
    supply, demand : tuple
        Their curves.
    sold, bought : (sellers,), (buyers,) float arrays
        kWh, or MW.
    price : float
        What buyers pay (ct/kWh, or $/MWh); nan where nothing is bought.
    price_interval : (float, float)
        Every price that would do: the same number twice, or, without trade, from what the first unit is worth to what it
        would cost (ct/kWh, or $/MWh).
    extra : float
        What comes from elsewhere for nothing, or, below 0, goes there (kWh, or MW).
    fee : float
        What each unit bought pays besides (ct/kWh, or $/MWh).
    """

    sellers: tuple[str, ...]
    buyers: tuple[str, ...]
    supply: tuple
    demand: tuple
    sold: np.ndarray
    bought: np.ndarray
    price: float
    price_interval: tuple[float, float]
    extra: float
    fee: float

    @property
    def received(self) -> float:
        """What sellers get for each unit (ct/kWh, or $/MWh): the price less the fee."""
        return self.price - self.fee

    @property
    def quantity(self) -> float:
        """All that is bought (kWh, or MW)."""
        return float(self.bought.sum())

    @property
    def buyer_surplus(self) -> np.ndarray:
        """What each buyer gains (ct, or $ an hour), (buyers,) float array: value less payment."""
        if np.isnan(self.price):
            return np.zeros(len(self.demand))
        return np.array([curve.surplus_at(self.price) for curve in self.demand])

    @property
    def seller_surplus(self) -> np.ndarray:
        """What each seller gains (ct, or $ an hour), (sellers,) float array: receipts less cost."""
        if np.isnan(self.price):
            return np.zeros(len(self.supply))
        return np.array([curve.surplus_at(self.received) for curve in self.supply])

    @property
    def fee_income(self) -> float:
        """What the fee brings (ct, or $ an hour)."""
        return self.fee * float(self.sold.sum())

    @property
    def welfare(self) -> float:
        """Value less cost (ct, or $ an hour): the gains of both sides, the fee, and what `extra` is worth at the price."""
        if np.isnan(self.price):
            return 0.0
        gains = float(self.buyer_surplus.sum() + self.seller_surplus.sum())
        return gains + self.fee_income + self.price * self.extra

    @property
    def demand_elasticity(self) -> float:
        """By how many per cent all buyers together change if the price rises by one; nan without trade."""
        return _mean_elasticity(self.demand, self.bought, self.price)

    @property
    def supply_elasticity(self) -> float:
        """By how many per cent all sellers together change if what they get rises by one; nan where nothing is sold."""
        return _mean_elasticity(self.supply, self.sold, self.received)

    def explain(self) -> str:
        """The balance, and who gains.

        Returns
        -------
        str

        Examples
        --------
        >>> print(equilibrium([LinearSupply(0, 1)], [LinearDemand(12, 1)], fee=2).explain())
        Price: buyers pay 7 and sellers get 5, a fee of 2 less.
        Sold: seller 0 5; in all 5.
        Bought: buyer 0 5; in all 5.
        Gains: buyers 12.5 + sellers 12.5 + fee 10 = welfare 35.
        """
        low, high = self.price_interval
        if np.isnan(self.price):
            empty = [name for name, side in (("buyers", self.demand), ("sellers", self.supply)) if not side]
            if empty:
                return f"No trade: there are no {' and no '.join(empty)}."
            return f"No trade: the first unit is worth {say(low, low)} and would cost {say(high, high)}."
        paid = f"Price: {say(self.price, self.price)}."
        if self.fee:
            gets = say(self.received, self.price)
            paid = f"Price: buyers pay {say(self.price, self.price)} and sellers get {gets}, a fee of {say(self.fee)} less."
        gains = {"buyers": self.buyer_surplus.sum(), "sellers": self.seller_surplus.sum()}
        gains |= {"fee": self.fee_income} if self.fee else {}
        gains |= {"extra at the price": self.price * self.extra} if self.extra else {}
        told = " + ".join(f"{name} {say(gain, *gains.values())}" for name, gain in gains.items())
        extra = f"; from elsewhere {say(self.extra, self.extra)}" if self.extra else ""
        return "\n".join([
            paid,
            f"Sold: {_told(self.sellers, self.sold)}{extra}; in all {say(self.quantity, self.quantity)}.",
            f"Bought: {_told(self.buyers, self.bought)}; in all {say(self.quantity, self.quantity)}.",
            f"Gains: {told} = welfare {say(self.welfare, *gains.values())}.",
        ])  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row for each buyer and seller.

        Returns
        -------
        pandas.DataFrame
            Columns name, side ("buy" or "sell"), quantity (kWh, or MW), price (paid or got for a unit), gain (ct, or $ an
            hour) and elasticity.
        """
        import pandas as pd

        prices = [self.price] * len(self.demand) + [self.received] * len(self.supply)
        curves = (*self.demand, *self.supply)
        moves = [np.nan if np.isnan(price) else curve.elasticity_at(price) for curve, price in zip(curves, prices)]
        return pd.DataFrame(
            {
                "name": [*self.buyers, *self.sellers],
                "side": ["buy"] * len(self.buyers) + ["sell"] * len(self.sellers),
                "quantity": [*self.bought, *self.sold],
                "price": prices,
                "gain": [*self.buyer_surplus, *self.seller_surplus],
                "elasticity": moves,
            }
        )

    def _at_a_glance(self):
        return [
            ("price paid", self.price), ("quantity", self.quantity), ("buyers gain", float(self.buyer_surplus.sum())),
            ("sellers gain", float(self.seller_surplus.sum())), ("welfare", self.welfare),
        ]  # fmt: skip

    def __repr__(self):
        if np.isnan(self.price):
            return "MarketEquilibrium(no trade)"
        return f"MarketEquilibrium({say(self.quantity, self.quantity)} at {say(self.price, self.price)})"


def equilibrium(
    supply: Mapping[str, LinearSupply] | Sequence[LinearSupply],
    demand: Mapping[str, LinearDemand | Isoelastic] | Sequence[LinearDemand | Isoelastic],
    extra: float = 0.0,
    fee: float = 0.0,
) -> MarketEquilibrium:
    """The price at which what all buyers want is what all sellers offer.

    What is sold rises with the price and what is bought falls, so that there is one such price where anything is bought.
    Between the prices at which somebody begins to buy or sell, or is at a limit, straight curves add up to straight lines:
    there the price is exact. With a curve of constant elasticity it is found by Brent's method.

    Parameters
    ----------
    supply : dict of str to LinearSupply, or sequence of them
        Sellers by name, or in order.
    demand : dict of str to LinearDemand or Isoelastic, or sequence of them
        Buyers by name, or in order.
    extra : float
        What comes from elsewhere for nothing (kWh, or MW); below 0 it is taken away whatever the price.
    fee : float
        What each unit sold pays on its way to the buyer (ct/kWh, or $/MWh): sellers get so much less than buyers pay.

    Returns
    -------
    MarketEquilibrium

    Raises
    ------
    InvalidInput
        What is no curve, which it names; more taken away than all can sell; something extra that nobody buys; a price
        that no float can hold.

    References
    ----------
    Marshall, A. (1890), Principles of Economics, book V.

    Examples
    --------
    >>> equilibrium([LinearSupply(20, 1)], [LinearDemand(10, 1)])
    MarketEquilibrium(no trade)
    >>> market = equilibrium({"S1": LinearSupply(5, 0.05), "S3": LinearSupply(10, 0.125)},
    ...                      {"D2": LinearDemand(40, 0.2), "D3": LinearDemand(18, 0.2)})
    >>> market
    MarketEquilibrium(166.316 at 12.3684)
    >>> round(market.welfare, 4), round(market.demand_elasticity, 4)
    (2553.4211, -0.7437)
    """
    sellers, offers = curves_of(supply, "supply", (LinearSupply,), "seller")
    buyers, wants = curves_of(demand, "demand", (LinearDemand, Isoelastic), "buyer")
    extra, fee = number(extra, "extra"), number(fee, "fee")
    best = max((np.inf if isinstance(w, Isoelastic) else w.intercept for w in wants), default=-np.inf)
    first = min((s.intercept for s in offers), default=np.inf) + fee
    if not extra and best <= first:
        none = np.zeros(len(offers)), np.zeros(len(wants))
        return MarketEquilibrium(sellers, buyers, offers, wants, *none, np.nan, (best, first), extra, fee)
    price = _price(offers, wants, extra, fee)
    sold = np.array([s.quantity_at(price - fee) for s in offers])
    bought = np.array([w.quantity_at(price) for w in wants])
    return MarketEquilibrium(sellers, buyers, offers, wants, sold, bought, price, (price, price), extra, fee)


def _price(offers, wants, extra, fee):
    """The lowest price at which sold + extra is no less than bought."""
    starts, slopes, limits = (np.array([getattr(s, key) for s in offers]) for key in ("intercept", "slope", "limit"))
    lines, curved = [w for w in wants if isinstance(w, LinearDemand)], [w for w in wants if isinstance(w, Isoelastic)]
    ends, falls = (np.array([getattr(w, key) for w in lines]) for key in ("intercept", "slope"))

    def excess(price):
        with np.errstate(over="ignore"):  # a price is looked for up to the largest number
            sold = np.clip((price - fee - starts) / slopes, 0, limits).sum()
            bought = np.maximum((ends - price) / falls, 0).sum() + sum(w.quantity_at(price) for w in curved)
        return float(sold + extra - bought)

    full = starts + slopes * limits
    bends = [*(starts + fee), *(full[np.isfinite(full)] + fee), *ends, *(w.price for w in curved)]
    if not bends:
        raise InvalidInput(f"extra {say(extra, extra)} has nobody to buy it, and nobody to make it: there is no curve")
    # Asked before a price is looked for: rounding of a flat end looks like a slope, and would lead to a price far out.
    if extra > 0 and not wants:
        raise InvalidInput(f"extra {say(extra, extra)} is more than anybody buys: there is no demand")
    most = float(limits.sum())
    just = bool(is_zero(extra + most, of=extra))  # all that can be sold goes elsewhere, and nothing is bought
    if extra + most <= 0 and (curved or not just):
        raise InvalidInput(f"extra {say(extra, extra)} takes away all of the {say(most, most)} that all sellers can sell")
    if just and not curved:
        return float(max(bends))
    price = rising_root(excess, bends, straight=not curved)
    if price is not None:
        return price
    raise InvalidInput(
        f"demand of so small an elasticity fits into {say(extra + most, most)} at no price that a float holds"
    )


def curves_of(given, name, kinds, each):
    """Names and curves of a side."""
    words = " or ".join(kind.__name__ for kind in kinds)
    if isinstance(given, Mapping):
        names, curves = tuple(str(key) for key in given), tuple(given.values())
    else:
        curves = sequence(given, name, of=f"{words} curves")
        names = tuple(f"{each} {place}" for place in range(len(curves)))
    for label, curve in zip(names, curves):
        if not isinstance(curve, kinds):
            raise InvalidInput(f"{name}: {label} must be {an(words)}, not {an(type(curve).__name__)}")
    return names, curves


def _mean_elasticity(curves, quantities, price):
    """The elasticity of a sum: the mean of the elasticities, weighted by quantity."""
    total = float(quantities.sum())
    if not total:
        return np.nan
    moved = [quantity * curve.elasticity_at(price) for curve, quantity in zip(curves, quantities) if quantity]
    return float(sum(moved) / total)


def _told(names, quantities):
    return listed([f"{name} {say(quantity, quantities.sum())}" for name, quantity in zip(names, quantities)]) or "nothing"
