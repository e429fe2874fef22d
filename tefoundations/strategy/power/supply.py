"""Sellers who offer a line, price by quantity, instead of a quantity: supply function equilibrium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import numbers, positive
from tefoundations.words import Explained, columns_table, count, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

STEPS = 2_000  # halvings of what floats can tell apart, and some more


@dataclass(frozen=True, eq=False, repr=False)
class SupplyEquilibrium(Explained):
    """Lines that are best replies to each other, and the market they make.

    Parameters
    ----------
    slopes : (n,) float array
        What each firm offers more for each ct/kWh (or $/MWh) of price: kWh per ct/kWh, or MW per $/MWh.
    price : float
        Where the lines meet demand (ct/kWh or $/MWh).
    quantity : (n,) float array
        What each firm sells (kWh or MW).
    cost : (n,) float array
        By how much each firm's marginal cost rises with a unit (ct/kWh per kWh).
    competitive_price : float
        Where all offer their marginal cost (ct/kWh or $/MWh).
    """

    slopes: np.ndarray
    price: float
    quantity: np.ndarray
    cost: np.ndarray
    competitive_price: float

    @property
    def profit(self) -> np.ndarray:
        """What each firm earns (ct or $), (n,) float array: receipts less half the cost's slope times quantity squared."""
        return self.price * self.quantity - self.cost * self.quantity**2 / 2

    def explain(self) -> str:
        """Price, and what each firm offers.

        Returns
        -------
        str

        Examples
        --------
        >>> print(linear_supply_function(24, 2, [1, 1]).explain())
        The price is 8, and 4.8 if all offered their marginal cost.
        For each ct more of price the firms offer 0.5, 0.5 more; they sell 4, 4.
        """
        return (f"The price is {say(self.price)}, and {say(self.competitive_price)} if all offered their marginal cost.\n"
                f"For each ct more of price the firms offer {listed(map(say, self.slopes))} more; they sell "
                f"{listed(map(say, self.quantity))}.")  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row for each firm.

        Returns
        -------
        pandas.DataFrame
            Columns slope (kWh per ct/kWh), quantity (kWh), marginal_cost (ct/kWh), profit (ct).
        """
        import pandas as pd

        return pd.DataFrame({"slope": self.slopes, "quantity": self.quantity,
                             "marginal_cost": self.cost * self.quantity, "profit": self.profit})  # fmt: skip

    def _at_a_glance(self):
        return [("firms", str(len(self.slopes))), ("price", self.price), ("competitive price", self.competitive_price)]

    def _repr_html_(self):
        return columns_table({name: values.tolist() for name, values in self.to_frame().items()}, "te-supplyequilibrium")

    def __repr__(self):
        return f"SupplyEquilibrium({count(len(self.slopes), 'firm')}, price {say(self.price)})"


def linear_supply_function(intercept: float, slope: float, costs: ArrayLike) -> SupplyEquilibrium:
    """The linear equilibrium of firms that each offer a quantity for every price, as in most electricity markets.

    Demand is P = intercept - slope Q, a firm's marginal cost is its own slope times its quantity. A firm that offers
    S(p) = s p faces demand that falls by 1/slope + the slopes of the others for each ct of price, and s is best if
    s = (1 - cost s) (1/slope + slopes of the others). It does not depend on the intercept: the lines are best replies
    whatever demand turns out to be, and that is what makes them an equilibrium before it is known.

    Parameters
    ----------
    intercept : float
        Price at which nobody buys (ct/kWh or $/MWh), above 0.
    slope : float
        By how much the price falls with each unit bought (ct/kWh per kWh), above 0.
    costs : (n,) float array
        By how much each firm's marginal cost rises with each unit (ct/kWh per kWh), above 0. All begin at 0:
        where they begin at another common price, count prices from there.

    Returns
    -------
    SupplyEquilibrium

    Raises
    ------
    InvalidInput
        No firm; an intercept, slope or cost that is not above 0; slopes so far apart that the answer is no number.

    Notes
    -----
    There are other equilibria, with curved lines, where demand cannot be as high as one likes. No firm has a limit.

    References
    ----------
    Klemperer, P. D. and Meyer, M. A. (1989), "Supply function equilibria in oligopoly under uncertainty", Econometrica
    57(6), 1243-1277.

    Examples
    --------
    One firm is a monopoly. Two offer half of what they would at cost:

    >>> linear_supply_function(24, 2, [1])
    SupplyEquilibrium(1 firm, price 14.4)
    >>> two = linear_supply_function(24, 2, [1, 1])
    >>> two.slopes.round(9), round(two.price, 9)
    (array([0.5, 0.5]), 8.0)
    """
    top, fall = positive(intercept, "intercept"), positive(slope, "slope")
    own = numbers(costs, "cost", above=0, place="firm")
    if not own.size:
        raise InvalidInput("costs must name at least one firm")
    with np.errstate(over="ignore"):
        market, most = float(np.reciprocal(fall)), float((1 / own).sum())  # no firm offers more than at cost
        if not np.isfinite(max(own) * (market + most)):
            raise InvalidInput("slope and costs are so far apart, or so small, that no number holds what firms offer")

    from scipy.optimize import brentq

    def slopes(total):
        """s = (1 - cost s) (total - s), solved for s: the smaller root, written so that nothing cancels."""
        steep = own * total
        return 2 * total / (2 + steep + np.sqrt(4 + steep**2))

    # total = 1/slope + all slopes: their sum is concave in total, so there is one solution, between none and all at cost
    def over(part):
        return part * most - slopes(market + part * most).sum()

    # At cost, but for rounding, where demand is so flat that nobody has a say.
    part = brentq(over, 0, 1, xtol=1e-300, rtol=1e-15, maxiter=STEPS) if over(1) > 0 else 1.0
    found = slopes(market + part * most)
    price = top * market / (market + found.sum())
    return SupplyEquilibrium(found, float(price), found * price, own, float(top * market / (market + most)))
