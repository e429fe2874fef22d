"""Straight curves: a demand whose value falls by the unit, a supply whose cost rises by the unit, up to a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number, numbers, positive
from tefoundations.words import say

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def plain(array):
    """A float of what is one number, else the array."""
    return float(array) if np.ndim(array) == 0 else array


def span(low, high):
    """Two quantities, the first not above the second."""
    low, high = number(low, "low", least=0), number(high, "high", least=0)
    if low > high:
        raise InvalidInput(f"low {say(low, low)} must not be above high {say(high, high)}")
    return low, high


@dataclass(frozen=True)
class LinearDemand:
    """A buyer for whom each unit is worth a little less than the one before: value = intercept - slope * quantity.

    At a price p it buys (intercept - p) / slope, and nothing at a price above the intercept. Below 0 the price pays the
    buyer, and it buys more still.

    Parameters
    ----------
    intercept : float
        What the first unit is worth (ct/kWh, or $/MWh).
    slope : float
        How much less each further unit is worth (ct/kWh per kWh, or $/MWh per MW), above 0.

    Raises
    ------
    InvalidInput
        Names the parameter that is no number, or the slope that is not above 0.

    Examples
    --------
    >>> town = LinearDemand(intercept=40, slope=0.2)
    >>> town.quantity_at(50), town.quantity_at(30)
    (0.0, 50.0)
    """

    intercept: float
    slope: float

    def __post_init__(self):
        object.__setattr__(self, "intercept", number(self.intercept, "intercept"))
        object.__setattr__(self, "slope", positive(self.slope, "slope"))

    def quantity_at(self, price: ArrayLike) -> float | np.ndarray:
        """What is bought.

        Parameters
        ----------
        price : float or (n,) array
            ct/kWh, or $/MWh.

        Returns
        -------
        float or (n,) array
            kWh, or MW.

        Examples
        --------
        >>> LinearDemand(40, 0.2).quantity_at([20, 40])
        array([100.,   0.])
        """
        return plain(np.maximum((self.intercept - numbers(price, "price", ndim=None)) / self.slope, 0.0))

    def price_at(self, quantity: ArrayLike) -> float | np.ndarray:
        """What the last unit of a quantity is worth.

        Parameters
        ----------
        quantity : float or (n,) array
            kWh, or MW, not negative.

        Returns
        -------
        float or (n,) array
            ct/kWh, or $/MWh.

        Examples
        --------
        >>> LinearDemand(40, 0.2).price_at(100)
        20.0
        """
        return plain(self.intercept - self.slope * numbers(quantity, "quantity", least=0, ndim=None))

    def value_between(self, low: float, high: float) -> float:
        """What the units from one quantity to another are worth together: the area under the curve.

        Parameters
        ----------
        low, high : float
            kWh, or MW; 0 <= low <= high.

        Returns
        -------
        float
            ct, or $ an hour.

        Examples
        --------
        >>> LinearDemand(40, 0.2).value_between(0, 100)
        3000.0
        """
        low, high = span(low, high)
        return (high - low) * (self.intercept - self.slope * (low + high) / 2)

    def surplus_at(self, price: float) -> float:
        """What the buyer gains: the value of what it buys less what it pays.

        Parameters
        ----------
        price : float
            ct/kWh, or $/MWh.

        Returns
        -------
        float
            ct, or $ an hour.

        Examples
        --------
        >>> LinearDemand(40, 0.2).surplus_at(20)
        1000.0
        """
        return self.slope * float(self.quantity_at(number(price, "price"))) ** 2 / 2

    def elasticity_at(self, price: float) -> float:
        """By how many per cent the quantity changes if the price rises by one.

        Parameters
        ----------
        price : float
            ct/kWh, or $/MWh.

        Returns
        -------
        float
            -1 or less where the price is high, near 0 where it is low; nan where nothing is bought.

        Examples
        --------
        >>> LinearDemand(40, 0.2).elasticity_at(20)
        -1.0
        """
        price = number(price, "price")
        return -price / (self.intercept - price) if price < self.intercept else np.nan


@dataclass(frozen=True)
class LinearSupply:
    """A seller for whom each unit costs a little more than the last: cost = intercept + slope * quantity, up to a limit.

    At a price p it sells (p - intercept) / slope, nothing at a price below the intercept, and never more than the limit.

    Parameters
    ----------
    intercept : float
        What the first unit costs (ct/kWh, or $/MWh).
    slope : float
        How much more each further unit costs (ct/kWh per kWh, or $/MWh per MW), above 0.
    limit : float
        The most it can sell (kWh, or MW), above 0; by default there is no limit.

    Raises
    ------
    InvalidInput
        Names the parameter that is no number, or the slope or limit that is not above 0.

    Examples
    --------
    >>> station = LinearSupply(intercept=5, slope=0.05, limit=200)
    >>> station.quantity_at(4), station.quantity_at(10), station.quantity_at(30)
    (0.0, 100.0, 200.0)
    """

    intercept: float
    slope: float
    limit: float = np.inf

    def __post_init__(self):
        object.__setattr__(self, "intercept", number(self.intercept, "intercept"))
        object.__setattr__(self, "slope", positive(self.slope, "slope"))
        object.__setattr__(self, "limit", number(self.limit, "limit", above=0, infinite=True))

    def quantity_at(self, price: ArrayLike) -> float | np.ndarray:
        """What is sold.

        Parameters
        ----------
        price : float or (n,) array
            ct/kWh, or $/MWh.

        Returns
        -------
        float or (n,) array
            kWh, or MW.

        Examples
        --------
        >>> LinearSupply(5, 0.05).quantity_at([4, 10])
        array([  0., 100.])
        """
        return plain(np.clip((numbers(price, "price", ndim=None) - self.intercept) / self.slope, 0.0, self.limit))

    def price_at(self, quantity: ArrayLike) -> float | np.ndarray:
        """What the last unit of a quantity costs.

        Parameters
        ----------
        quantity : float or (n,) array
            kWh, or MW, not negative; infinitely dear above the limit.

        Returns
        -------
        float or (n,) array
            ct/kWh, or $/MWh.

        Examples
        --------
        >>> LinearSupply(5, 0.05, limit=200).price_at([100, 201])
        array([10., inf])
        """
        made = numbers(quantity, "quantity", least=0, ndim=None)
        return plain(np.where(made <= self.limit, self.intercept + self.slope * made, np.inf))

    def cost_of(self, quantity: float) -> float:
        """What a quantity costs in all: the area under the curve.

        Parameters
        ----------
        quantity : float
            kWh, or MW, from 0 to the limit.

        Returns
        -------
        float
            ct, or $ an hour.

        Examples
        --------
        >>> LinearSupply(5, 0.05).cost_of(100)
        750.0
        """
        made = number(quantity, "quantity", least=0, most=self.limit if np.isfinite(self.limit) else None)
        return made * (self.intercept + self.slope * made / 2)

    def surplus_at(self, price: float) -> float:
        """What the seller gains: what it is paid less what its units cost.

        Parameters
        ----------
        price : float
            ct/kWh, or $/MWh.

        Returns
        -------
        float
            ct, or $ an hour.

        Examples
        --------
        >>> LinearSupply(5, 0.05).surplus_at(10)
        250.0
        """
        price = number(price, "price")
        sold = float(self.quantity_at(price))
        return sold * (price - self.intercept - self.slope * sold / 2) if sold else 0.0

    def elasticity_at(self, price: float) -> float:
        """By how many per cent the quantity changes if the price rises by one.

        Parameters
        ----------
        price : float
            ct/kWh, or $/MWh.

        Returns
        -------
        float
            0 from the limit on; nan where nothing is sold.

        Examples
        --------
        >>> LinearSupply(5, 0.05, limit=200).elasticity_at(10), LinearSupply(5, 0.05, limit=200).elasticity_at(15)
        (2.0, 0.0)
        """
        price = number(price, "price")
        if price <= self.intercept:
            return np.nan
        free = (price - self.intercept) / self.slope < self.limit
        return price / (price - self.intercept) if free else 0.0
