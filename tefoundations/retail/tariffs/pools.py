"""Customers behind one price: the price at which a supplier breaks even, and who leaves it for the price of each hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_same, index_of, series
from tefoundations.inputs import as_array, instance, numbers
from tefoundations.programmes import is_zero
from tefoundations.words import Explained, count, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


def break_even(use: ArrayLike, cost: ArrayLike, shape: ArrayLike | None = None) -> float:
    """The flat price at which a supplier earns what the energy costs, or the factor that does so for a list of prices.

    Parameters
    ----------
    use : (T,) or (n, T) array
        What its customers use in each step (kWh), not negative: all together, or one row a customer.
    cost : (T,) array
        What a kWh costs the supplier in each step (ct/kWh).
    shape : (T,) array, optional
        The prices of a list, up to a factor; None: the same in all steps.

    Returns
    -------
    float
        ct/kWh: the mean of `cost`, weighted by use. With a `shape`: by what its prices are to be multiplied.

    Raises
    ------
    InvalidInput
        Nobody uses anything, or only where the price is 0; lists of another length, or of other steps.

    Examples
    --------
    >>> break_even([[2, 4, 4], [4, 4, 2], [3, 4, 3]], [20, 20, 40])
    26.0
    >>> break_even([9, 12, 9], [20, 20, 40], shape=[1, 1, 2])
    20.0
    """
    prices = series(cost, "cost")
    every = numbers(use, "use", least=0, ndim=2 if as_array(use).ndim == 2 else 1)
    if every.shape[-1] != len(prices):
        raise InvalidInput(f"use must be {len(prices)} numbers, one for each step of cost, not {every.shape[-1]}")
    load = every if every.ndim == 1 else every.sum(axis=0)
    steps = index_of(cost, "cost")
    check_same(None if every.ndim == 2 else index_of(use, "use"), "use", steps, "cost")
    check_same(index_of(shape, "shape"), "shape", steps, "cost")
    each = np.ones(len(prices)) if shape is None else series(shape, "shape", count=len(prices))
    income = float(each @ load)
    if is_zero(income, of=float(np.abs(each) @ load)):
        raise InvalidInput(
            "use brings no income at any price: nobody uses anything" + (" where shape is not 0" * bool(load.any()))
        )
    return float(prices @ load) / income


@dataclass(frozen=True, eq=False, repr=False)
class Unravelling(Explained):
    """Who left a pool with one price, and what the price became; `unravel` makes it.

    Attributes
    ----------
    left : tuple of str
        Those who left, in order.
    stayed : tuple of str
        Those who gain nothing by leaving, in the order given.
    prices : (k + 1,) float array
        The flat price (ct/kWh) at the start and after each one who left. It ends when the last is alone.
    gains : (k,) float array
        What each who left gained at that moment (ct).
    """

    left: tuple[str, ...]
    stayed: tuple[str, ...]
    prices: np.ndarray
    gains: np.ndarray

    def explain(self) -> str:
        """One line for each who leaves.

        Returns
        -------
        str

        Examples
        --------
        >>> print(unravel({"Ada": [2, 4, 4], "Ben": [4, 4, 2], "Cem": [3, 4, 3]}, [20, 20, 40]).explain())
        One price for 3 customers: 26 ct/kWh.
        Ben leaves and gains 20 ct; the price for the rest is 27 ct/kWh.
        Cem leaves and gains 10 ct; the price for the rest is 28 ct/kWh.
        It stays: Ada.
        """
        first = f"One price for {count(len(self.left) + len(self.stayed), 'customer')}: {say(self.prices[0])} ct/kWh."
        lines = [
            f"{who} leaves and gains {say(gain)} ct; the price for the rest is {say(price)} ct/kWh."
            for who, gain, price in zip(self.left, self.gains, self.prices[1:])
        ]
        last = f"{'It stays' if len(self.stayed) == 1 else 'They stay'}: {listed(self.stayed)}."
        return "\n".join([first, *lines, last])

    def to_frame(self) -> pd.DataFrame:
        """One row for each who left.

        Returns
        -------
        pandas.DataFrame
            Index customer; columns gain (ct), price_before, price_after (ct/kWh).
        """
        import pandas as pd

        columns = {"gain": self.gains, "price_before": self.prices[:-1], "price_after": self.prices[1:]}
        return pd.DataFrame(columns, index=pd.Index(self.left, name="customer"))

    def _at_a_glance(self):
        return [
            ("left", listed(self.left) or "nobody"), ("stayed", listed(self.stayed)),
            ("first price, ct/kWh", float(self.prices[0])), ("last price, ct/kWh", float(self.prices[-1])),
        ]  # fmt: skip

    def __repr__(self):
        return f"Unravelling({len(self.left)} left, {len(self.stayed)} stayed, at {say(self.prices[-1])} ct/kWh)"


def unravel(use: Mapping[str, ArrayLike], cost: ArrayLike) -> Unravelling:
    """Who leaves a pool with one break-even price for the cost of each step, one after the other.

    In each round the one who gains most leaves (of equals the first in the order given), and the price is set anew for
    those who stay. What they use does not change. The last one pays what it costs and gains nothing.

    Parameters
    ----------
    use : dict of str to (T,) array
        What each customer uses in each step (kWh), not negative, above 0 in sum.
    cost : (T,) array
        What a kWh costs in each step (ct/kWh): what those who leave pay.

    Returns
    -------
    Unravelling

    Raises
    ------
    InvalidInput
        No customer, or one who uses nothing, which the message names; two of one name; lists of another length, or of
        other steps.

    References
    ----------
    S. Borenstein, "Wealth transfers from implementing real-time retail electricity pricing", NBER Working Paper 11594
    (2005).

    Examples
    --------
    >>> unravel({"Ada": [1, 1]}, [20, 20]).left           # nobody to share with, nobody to leave
    ()
    >>> unravel({"Ada": [2, 4, 4], "Ben": [4, 4, 2], "Cem": [3, 4, 3]}, [20, 20, 40]).prices.tolist()
    [26.0, 27.0, 28.0]
    """
    given = instance(use, Mapping, "use", advice="customer -> kWh in each step")
    prices = series(cost, "cost")
    loads, steps = {}, index_of(cost, "cost")
    for who, load in given.items():
        if str(who) in loads:
            raise InvalidInput(f"use: two customers are called {str(who)!r}")
        loads[str(who)] = series(load, f"use of {who}", least=0, count=len(prices))
        check_same(index_of(load, f"use of {who}"), f"use of {who}", steps, "cost")
    if not loads:
        raise InvalidInput("use must name one customer at least")
    for who, load in loads.items():
        if not load.any():
            raise InvalidInput(f"use of {who} is 0 in every step, and a price needs something that it is paid for")
    inside, left, path, gained = list(loads), [], [], []
    while True:
        price = break_even([loads[who] for who in inside], prices)
        path.append(price)
        gains = {who: float((price - prices) @ loads[who]) for who in inside}
        best = max(gains, key=gains.__getitem__)
        if gains[best] <= 0 or is_zero(gains[best], of=(abs(price) + np.abs(prices)) @ loads[best]):
            return Unravelling(tuple(left), tuple(inside), np.array(path), np.array(gained))
        inside.remove(best)
        left.append(best)
        gained.append(gains[best])
