"""A pool with one price, whatever it holds."""

from __future__ import annotations

import numpy as np

from tefoundations.inputs import positive, whole
from tefoundations.market.amm.pools import Pool
from tefoundations.market.amm.reserves import MOST, PARTS
from tefoundations.words import say


class ConstantSum(Pool):
    """A pool of two assets that always trades at one rate, until one of them is gone.

    Parameters
    ----------
    first, second : int
        What the first provider brings: units of asset 0 and of asset 1.
    rate : int
        Units of asset 1 for one of asset 0, 1 at least.
    fee : int
        In millionths of what comes in.

    Raises
    ------
    InvalidInput
        An amount, rate or fee that is no whole number within its bounds; nothing at all to begin with.

    Examples
    --------
    >>> pool = ConstantSum(100_000, 1_000_000, rate=10)
    >>> pool.needed(20_000), pool.swap(990_000), pool.reserves, pool.price
    (200000, 99000, (1000, 1990000), 10.0)
    >>> pool.quote(20_000)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: amount 2000 of asset 0 cannot be taken: the pool holds 1000
    """

    def __init__(self, first: int, second: int, rate: int = 1, fee: int = 0):
        self.rate = whole(rate, "rate", least=1, most=MOST)
        super().__init__((first, second), fee)

    @property
    def price(self) -> float:
        """Units of asset 1 for one of asset 0 (micro-tokens per Wh), before the fee: the rate, always."""
        return float(self.rate)

    def holdings(self, price: float) -> np.ndarray:
        """What the pool would hold once arbitrage is done: all of the asset that is cheaper outside; without fee.

        Parameters
        ----------
        price : float
            Units of asset 1 for one of asset 0 outside (micro-tokens per Wh), above 0.

        Returns
        -------
        (2,) float array

        Raises
        ------
        InvalidInput
            A price not above 0.

        Examples
        --------
        >>> ConstantSum(100, 100).holdings(2)
        array([  0., 200.])
        """
        at, (first, second) = positive(price, "price"), map(float, self._reserves)
        if at > self.rate:
            return np.array([0.0, second + first * self.rate])
        return np.array([first + second / self.rate, 0.0]) if at < self.rate else np.array([first, second])

    def _out(self, amount, give, take):
        kept = amount * self._keep
        out = kept // (PARTS * self.rate) if take == 0 else kept * self.rate // PARTS
        if out > self._reserves[take]:
            raise self._beyond(out, take)
        return out

    def _in(self, amount, give, take):
        if amount > self._reserves[take]:
            raise self._beyond(amount, take)
        over, under = (amount * self.rate * PARTS, self._keep) if take == 0 else (amount * PARTS, self._keep * self.rate)
        return -(-over // under)

    def _minted(self, amounts):
        brought, held = (one[0] * self.rate + one[1] for one in (amounts, self._reserves))
        return (brought * self._shares // held if self._shares else brought), 0

    def _measured(self):
        first, second = self._reserves
        return f"It keeps the sum: {say(first)} x {say(self.rate)} + {say(second)} = {say(first * self.rate + second)}."
