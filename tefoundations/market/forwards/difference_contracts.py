"""A contract for difference, and what a plant does that has one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import not_negative, number
from tefoundations.market.forwards.intervals import stretched
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class ContractRun(Explained):
    """What a plant makes and earns under a contract; `ContractForDifference.run` makes it.

    Parameters
    ----------
    price : (intervals,) float array
        Of the hour (ct/kWh).
    output : (intervals,) float array
        What the plant makes (kWh).
    difference : (intervals,) float array
        What the contract pays it (ct); below 0 it pays.
    cost : (intervals,) float array
        Of each kWh (ct/kWh).
    """

    price: np.ndarray
    output: np.ndarray
    difference: np.ndarray
    cost: np.ndarray

    @property
    def income(self) -> np.ndarray:
        """From market and contract (ct), by interval."""
        return self.price * self.output + self.difference

    @property
    def profit(self) -> np.ndarray:
        """Income less the cost of what is made (ct), by interval."""
        return self.income - self.cost * self.output

    @property
    def welfare(self) -> np.ndarray:
        """What the output is worth less what it costs (ct), by interval: the contract only carries money."""
        return (self.price - self.cost) * self.output + 0.0  # no -0

    def explain(self) -> str:
        """What the plant makes, where it runs at a loss to all, and what it earns.

        Returns
        -------
        str

        Examples
        --------
        >>> print(ContractForDifference(40).run([-20, 30], cost=8, capacity=1).explain())
        It makes 2 kWh in 2 intervals, and earns 64 ct: 10 from the market, 70 from the contract, less 16 of cost.
        In 1 interval it makes power worth less than its cost: a loss of 28 ct to all.
        """
        lost = np.minimum(self.welfare, 0.0)
        market, cost = float((self.price * self.output).sum()), float((self.cost * self.output).sum())
        told = (
            f"It makes {say(self.output.sum())} kWh in {count(len(self.price), 'interval')}, "
            f"and earns {say(self.profit.sum())} ct: "
            f"{say(market)} from the market, {say(self.difference.sum())} from the contract, less {say(cost)} of cost."
        )
        many = int((lost < 0).sum())
        worse = (
            f"In {count(many, 'interval')} it makes power worth less than its cost: a loss of {say(-lost.sum())} ct to all."
        )
        return f"{told}\n{worse if many else 'Wherever it runs, its power is worth what it costs.'}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each interval.

        Returns
        -------
        pandas.DataFrame
            Columns price (ct/kWh), output (kWh), market, difference, profit and welfare (ct).
        """
        import pandas as pd

        given = {"price": self.price, "output": self.output, "market": self.price * self.output + 0.0}
        return pd.DataFrame(given | {"difference": self.difference, "profit": self.profit, "welfare": self.welfare})

    def _at_a_glance(self):
        return [("made, kWh", float(self.output.sum())), ("from the contract, ct", float(self.difference.sum())),
                ("profit, ct", float(self.profit.sum())), ("welfare, ct", float(self.welfare.sum()))]  # fmt: skip

    def __repr__(self):
        return (
            f"ContractRun({count(len(self.price), 'interval')}: {say(self.output.sum())} kWh, {say(self.profit.sum())} ct)"
        )


@dataclass(frozen=True)
class ContractForDifference:
    """A plant is paid the strike less the price of the hour, on what it makes or on a fixed quantity.

    Where the price is above the strike, the plant pays.

    Parameters
    ----------
    strike : float
        ct/kWh.
    quantity : float, optional
        On which it is paid in each interval (kWh), whatever the plant makes; None: on what it makes.

    Raises
    ------
    InvalidInput
        A strike that is no number, a quantity below 0.

    References
    ----------
    Schlecht, I., Maurer, C. and Hirth, L. (2024), "Financial contracts for differences", Energy Policy 186, 113981.

    Examples
    --------
    >>> ContractForDifference(40).payment([60, 10], 0)               # nothing made, nothing paid
    array([0., 0.])
    >>> ContractForDifference(40).payment([60, 10], 5)
    array([-100.,  150.])
    """

    strike: float
    quantity: float | None = None

    def __post_init__(self):
        object.__setattr__(self, "strike", number(self.strike, "strike"))
        if self.quantity is not None:
            object.__setattr__(self, "quantity", not_negative(self.quantity, "quantity"))

    def payment(self, price: ArrayLike, output: ArrayLike) -> np.ndarray:
        """What the contract pays the plant.

        Parameters
        ----------
        price : float or (intervals,) array
            Of the hour (ct/kWh).
        output : float or (intervals,) array
            What the plant makes (kWh).

        Returns
        -------
        (intervals,) float array
            ct; below 0 the plant pays.

        Raises
        ------
        InvalidInput
            An output below 0, or arrays of different lengths.

        Examples
        --------
        >>> ContractForDifference(40, quantity=5).payment(-20, 0)
        array([300.])
        """
        prices, made = stretched(price=(price, {}), output=(output, {"least": 0}))
        return (self.strike - prices) * (made if self.quantity is None else self.quantity) + 0.0  # no -0

    def run(self, price: ArrayLike, cost: ArrayLike, capacity: ArrayLike) -> ContractRun:
        """What a plant makes that earns as much as it can under the contract.

        Parameters
        ----------
        price : float or (intervals,) array
            Of the hour (ct/kWh).
        cost : float or (intervals,) array
            Of each kWh (ct/kWh).
        capacity : float or (intervals,) array
            The most it can make (kWh).

        Returns
        -------
        ContractRun
            It makes all it can where a kWh earns more than it costs, and else nothing.

        Raises
        ------
        InvalidInput
            A capacity below 0, or arrays of different lengths.

        Examples
        --------
        >>> ContractForDifference(40).run([-20, 60], cost=8, capacity=5).output            # 40 for each kWh, at any price
        array([5., 5.])
        >>> ContractForDifference(40, quantity=5).run([-20, 60], cost=8, capacity=5).output
        array([0., 5.])
        """
        prices, costs, most = stretched(price=(price, {}), cost=(cost, {}), capacity=(capacity, {"least": 0}))
        earned = np.full(len(prices), self.strike) if self.quantity is None else prices
        output = np.where(earned > costs, most, 0.0)
        return ContractRun(prices, output, self.payment(prices, output), costs)
