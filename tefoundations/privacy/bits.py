"""Exact chances from random bits: whole numbers only, so that no rounding can favour one outcome."""

import random

from tefoundations.inputs import generator

POOL = 256  # bytes drawn at once: a call of the generator costs more than the bytes


class Bits:
    """A source of exact chances.

    Parameters
    ----------
    rng : numpy.random.Generator, int or random.Random
        Where the bits come from. `random.SystemRandom()` takes them from the operating system.
    """

    def __init__(self, rng):
        if isinstance(rng, random.Random):
            self._bytes = lambda count: rng.getrandbits(8 * count).to_bytes(count, "little")
        else:
            self._bytes = generator(rng).bytes
        self._pool, self._left = 0, 0

    def _take(self, count):
        while self._left < count:
            self._pool |= int.from_bytes(self._bytes(POOL), "little") << self._left
            self._left += 8 * POOL
        taken = self._pool & ((1 << count) - 1)
        self._pool >>= count
        self._left -= count
        return taken

    def below(self, n):
        """A whole number from 0 to n - 1, all equally likely: numbers that are too large are drawn again."""
        count = (n - 1).bit_length()
        while True:
            drawn = self._take(count)
            if drawn < n:
                return drawn

    def chance(self, numerator, denominator):
        """True with probability numerator/denominator exactly."""
        return self.below(denominator) < numerator


def exp_minus(numerator, denominator, source):
    """True with probability exp(-numerator/denominator) exactly (Canonne, Kamath and Steinke 2020, algorithm 1).

    Parameters
    ----------
    numerator, denominator : int
        Not negative, and positive.
    source : Bits

    Returns
    -------
    bool
    """
    while numerator > denominator:  # exp(-a) = exp(-1) exp(-(a - 1)), one factor at a time
        if not exp_minus(1, 1, source):
            return False
        numerator -= denominator
    # The chance to get past step k is a^k / k!, so that the first failure comes at an odd step with chance
    # 1 - a + a^2/2 - a^3/6 ... = exp(-a).
    k = 1
    while source.chance(numerator, denominator * k):
        k += 1
    return k % 2 == 1
