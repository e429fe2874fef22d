"""Options on the price of an hour: the right, and not the duty, to buy or to sell at a strike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.chances import chances_of
from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import number, numbers
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class OptionWorth(Explained):
    """What an option pays in each case, and on average; `call` and `put` make it.

    Parameters
    ----------
    kind : {"call", "put"}
    price : (cases,) float array
        Of the hour (ct/kWh).
    strike : float
        At which its owner may buy, or sell (ct/kWh).
    chances : (cases,) float array
    """

    kind: str
    price: np.ndarray
    strike: float
    chances: np.ndarray

    @property
    def payoff(self) -> np.ndarray:
        """What it pays in each case (ct for each kWh)."""
        above = self.price - self.strike
        return np.maximum(above if self.kind == "call" else -above, 0.0)

    @property
    def worth(self) -> float:
        """What it pays on average (ct for each kWh): its price where nobody minds risk, and money today is as good."""
        return float(self.chances @ self.payoff)

    def explain(self) -> str:
        """Who may do what, when it is done, and what it is worth.

        Returns
        -------
        str

        Examples
        --------
        >>> print(call([10, 50], strike=30).explain())
        A call at 30: its owner may buy at 30 ct/kWh, and does where the price is above.
        It is used with a chance of 0.5, and worth 10 ct/kWh on average.
        """
        verb, side = ("buy", "above") if self.kind == "call" else ("sell", "below")
        used = float(self.chances[self.payoff > 0].sum())
        size = float(np.abs(np.append(self.price, self.strike)).max())
        return (
            f"A {self.kind} at {say(self.strike, size)}: its owner may {verb} at {say(self.strike, size)} ct/kWh, "
            f"and does where the price is {side}.\n"
            f"It is used with a chance of {say(used)}, and worth {say(self.worth, size)} ct/kWh on average."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each case.

        Returns
        -------
        pandas.DataFrame
            Columns price (ct/kWh), chance, payoff (ct for each kWh).
        """
        import pandas as pd

        return pd.DataFrame({"price": self.price, "chance": self.chances, "payoff": self.payoff})

    def _at_a_glance(self):
        return [("kind", self.kind), ("strike, ct/kWh", self.strike), ("worth, ct/kWh", self.worth)]

    def __repr__(self):
        size = float(np.abs(np.append(self.price, self.strike)).max())
        cases = count(len(self.price), "case")
        return f"OptionWorth({self.kind} at {say(self.strike, size)}, {cases}: {say(self.worth, size)} ct/kWh)"


def call(price: ArrayLike, strike: float, chances: ArrayLike | None = None) -> OptionWorth:
    """The right to buy at a strike: a cap on what a kWh costs its owner.

    Parameters
    ----------
    price : (cases,) array
        Of the hour (ct/kWh).
    strike : float
        At which the owner may buy (ct/kWh).
    chances : (cases,) array, optional
        Of each case; None: all are as likely.

    Returns
    -------
    OptionWorth

    Raises
    ------
    InvalidInput
        No case, chances that do not add up to 1, what is no number.

    References
    ----------
    Stoll, H. R. (1969), "The relationship between put and call option prices", Journal of Finance 24.

    Examples
    --------
    >>> call([10, 20], strike=30)                            # never used
    OptionWorth(call at 30, 2 cases: 0 ct/kWh)
    >>> call([10, 50], strike=30).payoff
    array([ 0., 20.])
    """
    return _option("call", price, strike, chances)


def put(price: ArrayLike, strike: float, chances: ArrayLike | None = None) -> OptionWorth:
    """The right to sell at a strike: a floor under what a kWh brings its owner.

    A call less a put at the same strike is a forward at it: worth the mean price less the strike.

    Parameters
    ----------
    price : (cases,) array
        Of the hour (ct/kWh).
    strike : float
        At which the owner may sell (ct/kWh).
    chances : (cases,) array, optional
        Of each case; None: all are as likely.

    Returns
    -------
    OptionWorth

    Raises
    ------
    InvalidInput
        No case, chances that do not add up to 1, what is no number.

    References
    ----------
    Stoll, H. R. (1969), "The relationship between put and call option prices", Journal of Finance 24.

    Examples
    --------
    >>> put([40, 50], strike=30)                             # never used
    OptionWorth(put at 30, 2 cases: 0 ct/kWh)
    >>> call([10, 50], strike=30).worth - put([10, 50], strike=30).worth        # the mean price is 30 too
    0.0
    """
    return _option("put", price, strike, chances)


def _option(kind, price, strike, chances):
    prices = numbers(price, "price", place="case")
    if not len(prices):
        raise InvalidInput("price must be one case at least, and there is none")
    check_labels(chances, "chances", price, "price")
    return OptionWorth(kind, prices, number(strike, "strike"), chances_of(chances, "chance", len(prices), "case"))
