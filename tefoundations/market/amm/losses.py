"""What arbitrage takes from who provides a pool: against holding, and against trading along at the price outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance, numbers, positive
from tefoundations.market.amm.pools import Pool
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from tefoundations.market.amm.constant_product import ConstantProduct
    from tefoundations.market.amm.constant_sum import ConstantSum
    from tefoundations.market.amm.stable_swap import StableSwap


def impermanent_loss(pool: ConstantProduct | ConstantSum | StableSwap, price: float) -> float:
    """What a pool's reserves are worth after arbitrage, against having kept what it holds now; without fee.

    For a constant product and a price `r` times its own this is `2 sqrt(r) / (1 + r) - 1`: never above 0, and 0 again when
    the price is back.

    Parameters
    ----------
    pool : ConstantProduct, ConstantSum or StableSwap
        Of two assets.
    price : float
        Outside, of asset 0 in units of asset 1 (micro-tokens per Wh), above 0.

    Returns
    -------
    float
        A share, 0 or below.

    Raises
    ------
    InvalidInput
        A price not above 0; what is no pool, an empty one, or one of more than two assets.

    Examples
    --------
    >>> from tefoundations.market import ConstantProduct, ConstantSum
    >>> pool = ConstantProduct(100_000, 100_000)
    >>> [round(100 * impermanent_loss(pool, price), 2) for price in (1, 2, 4)]
    [0.0, -5.72, -20.0]
    >>> round(impermanent_loss(ConstantSum(100, 100), 2), 4)
    -0.3333
    """
    _checked(pool)
    kept, at = pool.value(price), positive(price, "price")
    return min(float(pool.holdings(at) @ [at, 1.0]) / kept - 1, 0.0)  # above 0 is rounding: arbitrage gives a pool nothing


@dataclass(frozen=True, eq=False, repr=False)
class ProviderLosses(Explained):
    """What a pool's provider loses along a path of prices; `loss_versus_rebalancing` makes it.

    Parameters
    ----------
    prices : (T,) float array
        Outside, of asset 0 in units of asset 1 (micro-tokens per Wh).
    holdings : (T, 2) float array
        What the pool holds once arbitrage has brought it to each price (units of the assets).
    """

    prices: np.ndarray
    holdings: np.ndarray

    @property
    def steps(self) -> np.ndarray:
        """(T - 1,) float array: what each step costs, in units of asset 1: what was held less what is, at the new price."""
        before, after = self.holdings[:-1], self.holdings[1:]
        lost = (before[:, 0] - after[:, 0]) * self.prices[1:] + before[:, 1] - after[:, 1]
        return np.maximum(lost, 0.0)  # below 0 is rounding: arbitrage gives a pool nothing

    @property
    def rebalancing(self) -> float:
        """The loss against rebalancing, in units of asset 1: all steps together. It never falls as the path goes on."""
        return float(self.steps.sum())

    @property
    def holding(self) -> float:
        """The loss against holding what there was at the start, in units of asset 1: it sees only the two ends."""
        kept, has = self.holdings[0], self.holdings[-1]
        return float((kept - has) @ [self.prices[-1], 1.0])

    @property
    def impermanent(self) -> float:
        """The loss against holding, as a share of what holding would have been worth: 0 or below."""
        return -self.holding / float(self.holdings[0] @ [self.prices[-1], 1.0])

    def explain(self) -> str:
        """Both losses in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.market import ConstantProduct
        >>> print(loss_versus_rebalancing(ConstantProduct(100_000, 100_000), [1, 4, 1]).explain())
        The price goes from 1 to 1 in 2 steps, between 1 and 4.
        Arbitrage takes 150000 of asset 1 in all: the loss against rebalancing. The dearest step costs 100000.
        Against holding what there was, the pool has lost 0 at the end.
        """
        first, last, low, high = self.prices[0], self.prices[-1], self.prices.min(), self.prices.max()
        scale, dearest = float(np.abs(self.holdings).max()), float(self.steps.max(initial=0.0))
        ends = f"from {say(first, first)} to {say(last, last)}"
        return "\n".join([
            f"The price goes {ends} in {len(self.steps)} steps, between {say(low, low)} and {say(high, high)}.",
            f"Arbitrage takes {say(self.rebalancing, scale)} of asset 1 in all: the loss against rebalancing. "
            f"The dearest step costs {say(dearest, scale)}.",
            f"Against holding what there was, the pool has lost {say(self.holding, scale)} at the end.",
        ])  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row for each price.

        Returns
        -------
        pandas.DataFrame
            Columns price, first and second (reserves), step_loss and loss so far (units of asset 1; micro-tokens).
        """
        import pandas as pd

        steps = np.concatenate([[0.0], self.steps])
        columns = {"price": self.prices, "first": self.holdings[:, 0], "second": self.holdings[:, 1]}
        return pd.DataFrame(columns | {"step_loss": steps, "loss": steps.cumsum()})

    def _at_a_glance(self):
        return [
            ("steps", len(self.steps)), ("loss against rebalancing, in asset 1", self.rebalancing),
            ("loss against holding, in asset 1", self.holding), ("impermanent loss, %", 100 * self.impermanent),
        ]  # fmt: skip

    def __repr__(self):
        return f"ProviderLosses({say(self.rebalancing)} against rebalancing in {len(self.steps)} steps)"


def loss_versus_rebalancing(pool: ConstantProduct | ConstantSum | StableSwap, prices: ArrayLike) -> ProviderLosses:
    """What arbitrage takes from a pool along a path of prices: the loss against who makes its trades at the price outside.

    Before each step both hold the same. In the step the pool trades at prices on its curve, the other at the new price.
    For a constant product and a price that wanders with volatility s this is `s^2 / 8` of the pool's worth in unit time.

    Parameters
    ----------
    pool : ConstantProduct, ConstantSum or StableSwap
        Of two assets; it is only read. At the first price it has been brought to that price, at no loss.
    prices : (T,) array
        Outside, of asset 0 in units of asset 1 (micro-tokens per Wh), above 0; one at least.

    Returns
    -------
    ProviderLosses

    Raises
    ------
    InvalidInput
        A price not above 0, which it names; what is no pool, an empty one, or one of more than two assets.

    References
    ----------
    Milionis, J., Moallemi, C. C., Roughgarden, T. and Zhang, A. L. (2022), "Automated market making and
    loss-versus-rebalancing", arXiv:2208.06046.

    Examples
    --------
    >>> from tefoundations.market import ConstantProduct
    >>> loss_versus_rebalancing(ConstantProduct(100_000, 100_000), [1, 4, 1]).steps
    array([100000.,  50000.])
    """
    _checked(pool)
    path = numbers(prices, "price", above=0, place="step")
    if not len(path):
        raise InvalidInput("prices must be one at least, and there is none")
    return ProviderLosses(path, np.array([pool.holdings(float(price)) for price in path]))


def _checked(pool):
    instance(pool, Pool, "pool", advice="a ConstantProduct, ConstantSum or StableSwap")
    if not pool.shares:
        raise InvalidInput("the pool is empty, and nobody can lose by it")
    return pool
