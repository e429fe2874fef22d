"""A few firms that sell part of their output before they choose how much to make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number, numbers, positive
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

TOLD = 6  # firms that explain() names


@dataclass(frozen=True, eq=False, repr=False)
class ContractedFirms(Explained):
    """What firms sell forward and make in equilibrium; `cournot_with_forwards` makes it.

    Parameters
    ----------
    forward : (firms,) float array
        Sold in advance (kWh).
    quantity : (firms,) float array
        Made (kWh).
    price : float
        Of the hour and of the forward (ct/kWh).
    price_without : float
        If nothing could be sold in advance (ct/kWh).
    cost : (firms,) float array
        Of each kWh (ct/kWh).
    """

    forward: np.ndarray
    quantity: np.ndarray
    price: float
    price_without: float
    cost: np.ndarray

    @property
    def profit(self) -> np.ndarray:
        """(price - cost) * quantity of each firm (ct): forwards are sold at the price that all foresee."""
        return (self.price - self.cost) * self.quantity

    def explain(self) -> str:
        """Each firm's forward and output, and the price beside that without forwards.

        Returns
        -------
        str

        Examples
        --------
        >>> print(cournot_with_forwards(100, 1, [20, 20]).explain())
        Price: 36 instead of 46.6667 without forwards.
        firm 0: sells 16 kWh in advance and makes 32, profit 512.
        firm 1: sells 16 kWh in advance and makes 32, profit 512.
        """
        told = [
            f"firm {firm}: sells {say(self.forward[firm])} kWh in advance and makes {say(self.quantity[firm])}, "
            f"profit {say(self.profit[firm])}."
            for firm in range(min(len(self.cost), TOLD))
        ]
        left = len(self.cost) - TOLD
        more = [f"... and {count(left, 'firm')} more."] if left > 0 else []
        return "\n".join([f"Price: {say(self.price)} instead of {say(self.price_without)} without forwards.", *told, *more])

    def to_frame(self) -> pd.DataFrame:
        """One row for each firm.

        Returns
        -------
        pandas.DataFrame
            Columns firm, cost (ct/kWh), forward and quantity (kWh), profit (ct).
        """
        import pandas as pd

        columns = {"firm": range(len(self.cost)), "cost": self.cost, "forward": self.forward, "quantity": self.quantity}
        return pd.DataFrame(columns | {"profit": self.profit})

    def _at_a_glance(self):
        return [("firms", len(self.cost)), ("price, ct/kWh", self.price), ("without forwards, ct/kWh", self.price_without),
                ("sold in advance, kWh", float(self.forward.sum()))]  # fmt: skip

    def __repr__(self):
        firms = count(len(self.cost), "firm")
        return f"ContractedFirms({firms}: {say(self.price)} ct/kWh instead of {say(self.price_without)})"


def cournot_with_forwards(intercept: float, slope: float, costs: ArrayLike) -> ContractedFirms:
    """The equilibrium of firms that sell forward, see each other's forwards, and then choose quantities at once.

    The price is intercept - slope * (all that is made). On the day a forward of f makes a firm act as if it had f kWh less
    to lose by a lower price. Beforehand each chooses its forward knowing that, and buyers pay for it what they foresee.

    Parameters
    ----------
    intercept : float
        Price at which nobody buys (ct/kWh).
    slope : float
        How far the price falls for each kWh (ct/kWh per kWh), above 0.
    costs : (firms,) array
        Cost of each kWh of each firm (ct/kWh).

    Returns
    -------
    ContractedFirms

    Raises
    ------
    InvalidInput
        No firm, a slope that is not positive, or a firm whose cost is not below the price: it is named, to be left out.

    References
    ----------
    Allaz, B. and Vila, J.-L. (1993), "Cournot competition, forward markets and efficiency", Journal of Economic Theory
    59(1), 1-16.

    Examples
    --------
    >>> cournot_with_forwards(100, 1, [20]).forward           # a firm alone has no rival that could make room
    array([0.])
    >>> cournot_with_forwards(100, 1, [20, 20])
    ContractedFirms(2 firms: 36 ct/kWh instead of 46.6667)
    """
    top, falls = number(intercept, "intercept"), positive(slope, "slope")
    cost = numbers(costs, "cost", place="firm")
    n = len(cost)
    if not n:
        raise InvalidInput("costs must be those of one firm at least, and there is none")
    price = (top + n * float(cost.sum())) / (1 + n**2)
    for firm in np.flatnonzero(cost >= price)[:1]:
        said = f"cost {say(cost[firm])} is not below the price of {say(price)}: it would make nothing, leave it out"
        raise InvalidInput(f"firm {firm}: {said}")
    margin = (price - cost) / falls
    return ContractedFirms((n - 1) * margin, n * margin, price, (top + float(cost.sum())) / (n + 1), cost)
