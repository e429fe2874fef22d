"""A demand that answers each per cent of price by the same per cent of quantity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number, numbers, positive
from tefoundations.market.curves.straight import plain, span
from tefoundations.words import shown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def elasticity_of(value):
    """An elasticity of demand, below 0."""
    read = number(value, "elasticity")
    if read >= 0:
        why = "nothing is bought less of because it is dearer" if read else "no price moves the quantity"
        raise InvalidInput(f"elasticity {shown(value)} must be below 0: at {read:g} {why}")
    return read


@dataclass(frozen=True)
class Isoelastic:
    """A buyer of constant elasticity: bought = quantity * (p / price) ** elasticity, at every price p above 0.

    It is drawn through one point that is known, `quantity` at `price`. Far from that point it is a guess: however dear, a
    little is bought.

    Parameters
    ----------
    quantity : float
        Bought at `price` (kWh, or MW), above 0.
    price : float
        ct/kWh, or $/MWh, above 0.
    elasticity : float
        By how many per cent the quantity changes if the price rises by one: below 0.

    Raises
    ------
    InvalidInput
        Names the parameter that is not above 0, or the elasticity that is not below 0.

    Examples
    --------
    >>> round(Isoelastic(quantity=100, price=20, elasticity=-0.5).quantity_at(80), 9)
    50.0
    >>> Isoelastic(100, 20, 0.1)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: elasticity 0.1 must be below 0: at 0.1 nothing is bought less of because it is dearer
    """

    quantity: float
    price: float
    elasticity: float

    def __post_init__(self):
        object.__setattr__(self, "quantity", positive(self.quantity, "quantity"))
        object.__setattr__(self, "price", positive(self.price, "price"))
        object.__setattr__(self, "elasticity", elasticity_of(self.elasticity))

    def quantity_at(self, price: ArrayLike) -> float | np.ndarray:
        """What is bought.

        Parameters
        ----------
        price : float or (n,) array
            ct/kWh, or $/MWh; at 0 and below there is no end to what is bought, inf.

        Returns
        -------
        float or (n,) array
            kWh, or MW.

        Examples
        --------
        >>> Isoelastic(100, 20, -1).quantity_at([0, 20, 40])
        array([ inf, 100.,  50.])
        """
        ratio = np.maximum(numbers(price, "price", ndim=None) / self.price, 0.0)
        with np.errstate(divide="ignore", over="ignore"):
            return plain(self.quantity * ratio**self.elasticity)

    def price_at(self, quantity: ArrayLike) -> float | np.ndarray:
        """What the last unit of a quantity is worth.

        Parameters
        ----------
        quantity : float or (n,) array
            kWh, or MW, not negative; of nothing the next unit is worth infinitely much.

        Returns
        -------
        float or (n,) array
            ct/kWh, or $/MWh.

        Examples
        --------
        >>> Isoelastic(100, 20, -1).price_at(50)
        40.0
        """
        ratio = numbers(quantity, "quantity", least=0, ndim=None) / self.quantity
        with np.errstate(divide="ignore", over="ignore"):
            return plain(self.price * ratio ** (1 / self.elasticity))

    def value_between(self, low: float, high: float) -> float:
        """What the units from one quantity to another are worth together: the area under the curve.

        Parameters
        ----------
        low, high : float
            kWh, or MW; 0 <= low <= high.

        Returns
        -------
        float
            ct, or $ an hour; inf from 0 on where the elasticity is -1 or nearer to 0.

        Examples
        --------
        >>> round(Isoelastic(100, 20, -0.5).value_between(90, 100), 4)
        222.2222
        """
        low, high = span(low, high)
        if low == high:
            return 0.0
        if self.elasticity == -1:
            return self.price * self.quantity * float(np.log(high) - np.log(low)) if low else np.inf
        power = 1 + 1 / self.elasticity
        with np.errstate(divide="ignore", over="ignore"):
            ends = np.array([low, high]) / self.quantity
            area = self.price * self.quantity * (ends[1] ** power - ends[0] ** power) / power
        return float(area)

    def surplus_at(self, price: float) -> float:
        """What the buyer gains: the value of what it buys less what it pays.

        Parameters
        ----------
        price : float
            ct/kWh, or $/MWh, above 0.

        Returns
        -------
        float
            ct, or $ an hour; inf where the elasticity is -1 or nearer to 0, since the first units have no end of worth.

        Examples
        --------
        >>> Isoelastic(100, 20, -2).surplus_at(20), Isoelastic(100, 20, -0.5).surplus_at(20)
        (2000.0, inf)
        """
        price = positive(price, "price")
        return np.inf if self.elasticity >= -1 else price * float(self.quantity_at(price)) / (-1 - self.elasticity)

    def elasticity_at(self, price: float) -> float:
        """The elasticity, the same at every price.

        Parameters
        ----------
        price : float
            ct/kWh, or $/MWh, above 0.

        Returns
        -------
        float

        Examples
        --------
        >>> Isoelastic(100, 20, -0.5).elasticity_at(35)
        -0.5
        """
        positive(price, "price")
        return self.elasticity
