"""How much to buy in advance so that a cost swings least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.chances import chances_of
from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import number, numbers
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class Hedge(Explained):
    """The forward that leaves a cost the least swing; `hedge_ratio` makes it.

    Parameters
    ----------
    cost : (cases,) float array
        What is paid without a forward (ct).
    price : (cases,) float array
        Of the hour (ct/kWh).
    chances : (cases,) float array
    quantity : float
        To buy in advance (kWh); below 0: to sell.
    """

    cost: np.ndarray
    price: np.ndarray
    chances: np.ndarray
    quantity: float

    @property
    def mean_price(self) -> float:
        """The price on average (ct/kWh)."""
        return float(self.chances @ self.price)

    @property
    def swing(self) -> float:
        """Standard deviation of the cost without a forward (ct)."""
        return self.swing_with(0)

    @property
    def left(self) -> float:
        """Standard deviation of the cost with the best forward (ct): what no quantity takes away."""
        return self.swing_with(self.quantity)

    def cost_with(self, quantity: float, forward: float | None = None) -> np.ndarray:
        """The cost in each case with a forward.

        Parameters
        ----------
        quantity : float
            Bought in advance (kWh).
        forward : float, optional
            Its price (ct/kWh); by default the mean price.

        Returns
        -------
        (cases,) float array
            ct.

        Raises
        ------
        InvalidInput
            What is no number.

        Examples
        --------
        >>> hedge_ratio([10, 150], [10, 50]).cost_with(2)
        array([ 50., 110.])
        """
        bought = number(quantity, "quantity")
        paid = self.mean_price if forward is None else number(forward, "forward")
        return self.cost - bought * (self.price - paid)

    def swing_with(self, quantity: float) -> float:
        """The standard deviation of the cost with a forward.

        Parameters
        ----------
        quantity : float
            Bought in advance (kWh).

        Returns
        -------
        float
            ct.

        Raises
        ------
        InvalidInput
            What is no number.

        Examples
        --------
        >>> hedge_ratio([10, 150], [10, 50]).swing_with(2)
        30.0
        """
        cost = self.cost_with(quantity)
        away = cost - self.chances @ cost
        return float(np.sqrt(self.chances @ away**2))

    def explain(self) -> str:
        """The covariance, the ratio and what is left in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(hedge_ratio([10, 150], [10, 50]).explain())
        Cost and price move together: covariance 1400; the price alone has variance 400.
        So buy 1400 / 400 = 3.5 kWh in advance.
        The standard deviation of the cost falls from 70 to 0 ct.
        """
        variance, together = _moments(self.cost, self.price, self.chances)
        way, how = ("buy", "together") if self.quantity >= 0 else ("sell", "against each other")
        beside = float(np.abs(self.cost).max())
        return "\n".join([
            f"Cost and price move {how}: covariance {say(together, together)}; the price alone has variance "
            f"{say(variance, variance)}.",
            f"So {way} {say(abs(together), together)} / {say(variance, variance)} = "
            f"{say(abs(self.quantity), self.quantity)} kWh in advance.",
            f"The standard deviation of the cost falls from {say(self.swing, beside)} to {say(self.left, beside)} ct.",
        ])  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row for each case.

        Returns
        -------
        pandas.DataFrame
            Columns price (ct/kWh), chance, cost and hedged (ct, the forward at the mean price).
        """
        import pandas as pd

        hedged = self.cost_with(self.quantity)
        return pd.DataFrame({"price": self.price, "chance": self.chances, "cost": self.cost, "hedged": hedged})

    def _at_a_glance(self):
        return [
            ("to buy in advance, kWh", self.quantity),
            ("swing without, ct", self.swing),
            ("swing with it, ct", self.left),
        ]

    def __repr__(self):
        return f"Hedge({count(len(self.cost), 'case')}: {say(self.quantity, self.quantity)} kWh)"


def hedge_ratio(cost: ArrayLike, price: ArrayLike, chances: ArrayLike | None = None) -> Hedge:
    """The forward that leaves the least variance: the covariance of cost and price, over the variance of the price.

    Parameters
    ----------
    cost : (cases,) array
        What is paid in each case without a forward (ct); for a seller, minus what it earns.
    price : (cases,) array
        Of the hour (ct/kWh).
    chances : (cases,) array, optional
        Of each case; None: all are as likely.

    Returns
    -------
    Hedge

    Raises
    ------
    InvalidInput
        No case, arrays of different lengths, series with different labels, chances that do not add up to 1, or a price
        that is the same in all cases.

    References
    ----------
    Ederington, L. H. (1979), "The hedging performance of the new futures markets", Journal of Finance 34(1), 157-170.

    Examples
    --------
    >>> hedge_ratio([0, 0], [10, 50])
    Hedge(2 cases: 0 kWh)
    >>> hedge_ratio([10, 150], [10, 50]).quantity                    # 1 kWh at 10 ct, or 3 kWh at 50 ct
    3.5
    >>> hedge_ratio([10, 150], [30, 30])
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: price is 30 in all cases, so a forward changes nothing
    """
    paid = numbers(cost, "cost", place="case")
    if not len(paid):
        raise InvalidInput("cost must be one case at least, and there is none")
    prices = numbers(price, "price", count=len(paid), place="case")
    weights = chances_of(chances, "chance", len(paid), "case")
    for values, name, other, of in ((price, "price", cost, "cost"), (chances, "chances", cost, "cost"),
                                    (chances, "chances", price, "price")):  # fmt: skip
        check_labels(values, name, other, of)
    variance, together = _moments(paid, prices, weights)
    if is_zero(variance, float(weights @ prices**2)):
        raise InvalidInput(f"price is {say(prices[np.argmax(weights)])} in all cases, so a forward changes nothing")
    return Hedge(paid, prices, weights, together / variance)


def _moments(cost, price, chances):
    """The variance of the price, and its covariance with the cost."""
    away = price - chances @ price
    return float(chances @ away**2), float(chances @ (away * (cost - chances @ cost)))
