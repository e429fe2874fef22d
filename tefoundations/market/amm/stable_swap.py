"""A pool between a constant sum and a constant product, for assets that should be worth the same."""

from __future__ import annotations

from math import isqrt, prod, sqrt

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import positive, whole
from tefoundations.market.amm.pools import Pool
from tefoundations.market.amm.reserves import PARTS
from tefoundations.words import say

STEEPEST = 10**6  # the largest amplification that Curve's contracts take
HALVINGS = 200
FINE = 64  # D is found to 2^-64 of a unit, and then rounded against whom the pool deals with


class StableSwap(Pool):
    """A pool whose price stays near 1 as long as it holds about as much of each asset: Curve's invariant, exactly.

    With `S` the sum of the reserves and `P` their product, `D` solves `Ann S + D = Ann D + D^(n+1) / (n^n P)`: what the pool
    would hold in all if it were in balance. Here `Ann = A n`, as in Curve's contracts; the white paper's own A has n^n in
    the place of n. A swap gives as much as it can without lowering D, and takes the fee from what comes out.

    The contracts find D and reserves by steps that round, stop when a step is 1 at most, and give one unit less to be safe.
    In lopsided pools such steps may run in circles. Here nothing is rounded on the way: each step of Newton's goes down,
    until D is found, and a reserve is the root of a quadratic, so that no unit need be held back.

    Parameters
    ----------
    *amounts : int
        What the first provider brings: two assets at least, in units that are worth about the same.
    amplification : int
        A: 0 would be a constant product, and the larger it is, the nearer to a constant sum.
    fee : int
        In millionths of what comes out: 400 are 0.04 %.

    Raises
    ------
    InvalidInput
        An amount, amplification or fee that is no whole number within its bounds; fewer than two assets, or more than eight.

    References
    ----------
    Egorov, M. (2019), *StableSwap: efficient mechanism for stablecoin liquidity*.

    Examples
    --------
    >>> pool = StableSwap(10**9, 10**9, amplification=100)
    >>> pool.quote(10**8), pool.price
    (99900110, 1.0)
    >>> StableSwap(5 * 10**8, 15 * 10**8, amplification=100).quote(10**8, give=0, take=1)
    101409605
    """

    def __init__(self, *amounts: int, amplification: int = 100, fee: int = 0):
        if not 2 <= len(amounts) <= 8:
            raise InvalidInput(f"amounts must be of 2 to 8 assets, not {len(amounts)}")
        self.amplification = whole(amplification, "amplification", least=1, most=STEEPEST)
        self._ann = self.amplification * len(amounts)
        super().__init__(amounts, fee)

    @property
    def invariant(self) -> int:
        """D, rounded down: what the pool would hold in all if it were in balance."""
        return invariant(self._reserves, self._ann)

    @property
    def price(self) -> float:
        """Units of asset 1 for a very little of asset 0, before the fee (micro-tokens per Wh, say).

        Raises
        ------
        InvalidInput
            An empty pool.
        """
        if not self._shares:
            raise InvalidInput("the pool is empty, and has no price")
        return self._slope(float(self._reserves[0]), float(self._reserves[1]), self._curvature())

    def holdings(self, price: float) -> np.ndarray:
        """What a pool of two assets would hold once arbitrage has brought it to a price; without fee, and not rounded.

        Parameters
        ----------
        price : float
            Units of asset 1 for one of asset 0 (micro-tokens per Wh, say), above 0.

        Returns
        -------
        (2,) float array

        Raises
        ------
        InvalidInput
            A price not above 0; more than two assets.

        Examples
        --------
        >>> StableSwap(10**9, 10**9, amplification=10).holdings(1)
        array([1.e+09, 1.e+09])
        """
        at, _ = positive(price, "price"), self._pair()
        low, high = -1.0, 1.0  # the reserve of asset 0 is D e^t: its price falls as t grows
        while self._on_curve(low)[2] < at:
            low *= 2
        while self._on_curve(high)[2] > at:
            high *= 2
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if middle in (low, high):
                break
            low, high = (middle, high) if self._on_curve(middle)[2] > at else (low, middle)
        return self.invariant * np.array(self._on_curve((low + high) / 2)[:2])

    def _on_curve(self, t):
        """A point of the curve of a pool with D = 1: its two reserves and its price there."""
        first, ann = float(np.exp(t)), self._ann
        half = (first + 1 / ann - 1) / 2
        rest = 1 / (4 * ann * first)  # second^2 + 2 half second = rest, without the difference of two large numbers
        root = sqrt(half * half + rest)
        second = root - half if half < 0 else rest / (root + half)
        return first, second, self._slope(first, second, 1 / (4 * first * second))

    def _slope(self, first, second, curvature):
        return (self._ann + curvature / first) / (self._ann + curvature / second)

    def _curvature(self):
        """D^(n+1) / (n^n P)."""
        n, d = len(self._reserves), self.invariant
        return float(d) * prod(d / (n * has) for has in self._reserves)

    def _out(self, amount, give, take):
        out = self._reserves[take] - self._balance(take, {give: self._reserves[give] + amount})
        return out - out * self.fee // PARTS

    def _in(self, amount, give, take):
        # The least before the fee of which so much is left: the fee is rounded down, so a part of a unit is enough.
        left = self._reserves[take] - (amount - 1) * PARTS // self._keep - 1
        if left < 1:
            raise self._beyond(amount, take)
        return self._balance(give, {take: left}) - self._reserves[give]

    def _minted(self, amounts):
        """By how much D grows; what is out of proportion pays half of the fee, as it is half of a swap."""
        after = [has + one for has, one in zip(self._reserves, amounts)]
        if not all(after):
            raise InvalidInput(f"asset {after.index(0)}: amount 0 must be at least 1 in a pool that holds none of it")
        now, n = invariant(after, self._ann), len(after)
        if not self._shares:
            return now, 0
        before, part = self.invariant, self.fee * n
        paid = [
            new - part * abs(now * old - new * before) // (before * 4 * (n - 1) * PARTS)
            for old, new in zip(self._reserves, after)
        ]
        if min(paid) < 1:  # so far out of proportion that the fee would take more than there is
            return 0, 0
        grown, at_most = invariant([one << FINE for one in paid], self._ann), self._fine_invariant()
        return self._shares * (grown - at_most) // at_most, 0

    def _fine_invariant(self):
        """D in parts of 2^-64, rounded up."""
        fine = [has << FINE for has in self._reserves]
        d = invariant(fine, self._ann)
        p = len(fine) ** len(fine) * prod(fine)
        return d + ((self._ann - 1) * d * p + d ** (len(fine) + 1) < self._ann * sum(fine) * p)

    def _balance(self, place, changed):
        """Smallest reserve at a place with which D does not fall: the root of a quadratic, rounded up."""
        others = [changed.get(k, has) << FINE for k, has in enumerate(self._reserves) if k != place]
        n, d, ann = len(self._reserves), self._fine_invariant(), self._ann
        q = n**n * prod(others)
        b, c = (ann * (sum(others) - d) + d) * q, d ** (n + 1)
        y = ((isqrt(b * b + 4 * ann * q * c) - b) // (2 * ann * q)) >> FINE
        while ann * q * (y << FINE) ** 2 + b * (y << FINE) < c:  # twice at most: what was rounded
            y += 1
        return y

    def _measured(self):
        d = say(self.invariant)
        return f"It keeps D = {d}, what it would hold in all if it were in balance; A = {self.amplification}."


def invariant(reserves, ann):
    """The largest whole D with `(Ann - 1) D p + D^(n+1) <= Ann S p`, p being n^n times the product of the reserves.

    The left side bends upward in D. So a step of Newton's from above never passes the root, and goes down by 1 at least as
    long as D is above it: the loop ends, and at the right number.

    >>> invariant([500, 1500], 200), invariant([1, 10**30], 2)
    (1996, 199999999993333333333)
    """
    n, total = len(reserves), sum(reserves)
    p = n**n * prod(reserves)
    d = total
    while True:
        power = d**n
        lower = (ann * total * p + n * power * d) // ((ann - 1) * p + (n + 1) * power)
        if lower >= d:
            return d
        d = lower
