"""A pool that keeps the product of its reserves."""

from __future__ import annotations

from math import isqrt, sqrt

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import exact, number, whole
from tefoundations.market.amm.pools import Pool
from tefoundations.market.amm.reserves import MOST, PARTS
from tefoundations.words import say

LOCKED = 1000  # shares that the first provider never gets: a share cannot be made so dear that nobody can join


class ConstantProduct(Pool):
    """A pool of two assets whose product never falls: the rules of Uniswap v2, in whole numbers.

    For `g` in, of which `k = (1 - fee) g` is left after the fee, `k R_take / (R_give + k)` comes out, rounded down. The fee
    is taken from what comes in, and stays. The first provider gets the root of the product in shares, less those that are
    locked; later ones the smaller of their two parts.

    For `t` out, `R_give t / ((R_take - t) (1 - fee))` must go in, rounded down, and 1 on top, as the contracts have it: one
    unit too many where it is a whole number.

    Parameters
    ----------
    first, second : int
        What the first provider brings: units of asset 0 and of asset 1, such as Wh and micro-tokens.
    fee : int
        In millionths of what comes in: 3000 are 0.3 %.
    locked : int
        Shares that nobody ever gets.

    Raises
    ------
    InvalidInput
        An amount, fee or number of shares that is no whole number within its bounds; so little that it brings no share.

    References
    ----------
    Adams, H., Zinsmeister, N. and Robinson, D. (2020), *Uniswap v2 Core*.

    Examples
    --------
    >>> pool = ConstantProduct(100_000, 1_000_000)       # 100 kWh and 1000 ct, in Wh and thousandths of a ct
    >>> pool.price
    10.0
    >>> pool.needed(20_000), pool.quote(250_000)
    (250001, 20000)
    >>> pool.swap(250_000), pool.reserves, pool.price
    (20000, (80000, 1250000), 15.625)
    >>> pool.needed(80_000)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: amount 80000 of asset 0 cannot be taken: the pool holds 80000
    """

    def __init__(self, first: int, second: int, fee: int = 0, locked: int = LOCKED):
        self._locked = whole(locked, "locked", least=0, most=MOST)
        super().__init__((first, second), fee)

    @property
    def price(self) -> float:
        """Units of asset 1 for a very little of asset 0 (micro-tokens per Wh), before the fee: the ratio of the reserves.

        Raises
        ------
        InvalidInput
            An empty pool.
        """
        first, second = self._reserves
        if not first:
            raise InvalidInput("the pool is empty, and has no price")
        return second / first

    def until(self, price: float) -> int:
        """How much of asset 0 can be taken before the price is reached; below 0: how much can be given.

        Parameters
        ----------
        price : float
            Units of asset 1 for one of asset 0 (micro-tokens per Wh), above 0; the fee is not counted.

        Returns
        -------
        int
            Units of asset 0, rounded toward 0.

        Raises
        ------
        InvalidInput
            A price that is not above 0: this pool has none.

        Examples
        --------
        >>> pool = ConstantProduct(100_000, 1_000_000)
        >>> pool.until(15.625), pool.until(2.5)
        (20000, -100000)
        >>> pool.until(-3)
        Traceback (most recent call last):
            ...
        tefoundations.errors.InvalidInput: price -3 must be above 0: at a constant product it is the ratio of two reserves, and neither can be below 0
        """  # noqa: E501
        at = exact(self._above_zero(price), "price")
        has, product = self._reserves[0], self._reserves[0] * self._reserves[1]
        least = isqrt(product * at.denominator // at.numerator)  # the reserve of asset 0 at that price, rounded down
        if least >= has:
            return has - least
        return has - least - (least * least * at.numerator < product * at.denominator)

    def holdings(self, price: float) -> np.ndarray:
        """What the pool would hold once arbitrage has brought it to a price; without fee, and not rounded.

        Parameters
        ----------
        price : float
            Units of asset 1 for one of asset 0 (micro-tokens per Wh), above 0.

        Returns
        -------
        (2,) float array

        Raises
        ------
        InvalidInput
            A price that is not above 0: this pool has none.

        Examples
        --------
        >>> ConstantProduct(100_000, 100_000).holdings(4)
        array([ 50000., 200000.])
        """
        at = self._above_zero(price)
        first, second = map(sqrt, map(float, self._reserves))
        return np.array([first * second / sqrt(at), first * second * sqrt(at)])

    def _above_zero(self, price):
        at = number(price, "price")
        if at <= 0:
            reason = "at a constant product it is the ratio of two reserves, and neither can be below 0"
            raise InvalidInput(f"price {say(at)} must be above 0: {reason}")
        return at

    def _out(self, amount, give, take):
        kept = amount * self._keep
        return kept * self._reserves[take] // (self._reserves[give] * PARTS + kept)

    def _in(self, amount, give, take):
        left = self._reserves[take] - amount
        if left <= 0:
            raise self._beyond(amount, take)
        return self._reserves[give] * amount * PARTS // (left * self._keep) + 1

    def _minted(self, amounts):
        if not self._shares:
            return isqrt(amounts[0] * amounts[1]) - self._locked, self._locked
        return min(one * self._shares // has for one, has in zip(amounts, self._reserves)), 0

    def _measured(self):
        first, second = self._reserves
        return f"It keeps the product: {say(first)} x {say(second)} = {say(first * second)}."
