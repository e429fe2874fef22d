"""How likely a payment is reversed: two laws, and a race that decides between them.

A seller waits until `z` blocks confirm the payment. Meanwhile an attacker with a share `q` of the hash power works in secret
on a branch without it, and goes on until that branch is as long. Each next block is the attacker's with probability q.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import generator, number, whole
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["original", "exact", "race", "Race"]
NEGLIGIBLE = 1e-12  # chance of catching up below which a race is given up


def original(q: float, z: int) -> float:
    """Probability that a double spend succeeds, by the law of the paper that proposed Bitcoin.

    It takes the attacker's blocks during the wait to be Poisson with their mean, z q / (1 - q), as if the wait were always
    as long as on average.

    Parameters
    ----------
    q : float
        The attacker's share of the hash power, from 0 to 1.
    z : int
        Confirmations the seller waits for.

    Returns
    -------
    float

    Raises
    ------
    InvalidInput
        If `q` is not a share or `z` not a whole number.

    References
    ----------
    S. Nakamoto, "Bitcoin: a peer-to-peer electronic cash system", 2008, section 11.

    Examples
    --------
    >>> [f"{100 * original(q, 6):.4g} %" for q in (0.1, 0.3)]
    ['0.02428 %', '13.21 %']
    """
    q, z = number(q, "q", least=0, most=1.0), whole(z, "z", least=0)
    if q >= 0.5:
        return 1.0
    mean = z * q / (1 - q)
    total, chance, k = 0.0, math.exp(-mean), 0
    while k < z or chance > total * 1e-18:  # sums of what is positive only: small probabilities stay exact
        total += chance * (q / (1 - q)) ** max(z - k, 0)
        k += 1
        chance *= mean / k
    return min(total, 1.0)


def exact(q: float, z: int) -> float:
    """Probability that a double spend succeeds.

    The attacker's blocks during the wait are negative binomial: how many of its own come before the z-th of the others. From
    a deficit of d it ever draws level with probability (q / (1 - q))^d. Added up, this is twice the probability that the
    attacker is the first to find z blocks.

    Parameters
    ----------
    q : float
        The attacker's share of the hash power, from 0 to 1.
    z : int
        Confirmations the seller waits for.

    Returns
    -------
    float

    Raises
    ------
    InvalidInput
        If `q` is not a share or `z` not a whole number.

    References
    ----------
    M. Rosenfeld, "Analysis of hashrate-based double spending", 2014, section 4; C. Grunspan and R. Pérez-Marco, "Double
    spend races", International Journal of Theoretical and Applied Finance 21, 2018.

    Examples
    --------
    >>> [f"{100 * exact(q, 6):.4g} %" for q in (0.1, 0.3)]
    ['0.05914 %', '15.64 %']
    """
    q, z = number(q, "q", least=0, most=1.0), whole(z, "z", least=0)
    if q >= 0.5:
        return 1.0
    if z == 0:
        return 1.0
    p = 1 - q
    return min(2 * math.fsum(math.comb(z + k - 1, k) * q**z * p**k for k in range(z)), 1.0)


@dataclass(frozen=True)
class Race(Explained):
    """How often the attacker won. Made by `race`.

    Parameters
    ----------
    won, trials : int
        Races won, of so many.

    Examples
    --------
    >>> low, high = Race(156, 1000).interval()
    >>> round(low, 3), round(high, 3)
    (0.125, 0.193)
    """

    won: int
    trials: int

    @property
    def rate(self) -> float:
        """Share of races won."""
        return self.won / self.trials

    def interval(self, deviations: float = 3.0) -> tuple[float, float]:
        """Ends of the interval that holds the true probability but for a chance in 370 (Wilson 1927; three deviations).

        Parameters
        ----------
        deviations : float
            How many standard deviations wide, to each side.
        """
        n, share, square = self.trials, self.rate, deviations**2
        middle = (share + square / (2 * n)) / (1 + square / n)
        half = deviations * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
        return max(middle - half, 0.0), min(middle + half, 1.0)

    def explain(self) -> str:
        """The count in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(Race(156, 1000).explain())
        The attacker won 156 of 1000 races, 156 / 1000 = 15.6 %.
        But for a chance in 370 the true share is from 12.47 to 19.35 %.
        """
        low, high = (say(round(100 * end, 2)) for end in self.interval())
        return (
            f"The attacker won {self.won} of {self.trials} races, "
            f"{self.won} / {self.trials} = {say(round(100 * self.rate, 2))} %.\n"
            f"But for a chance in 370 the true share is from {low} to {high} %."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Returns
        -------
        pandas.DataFrame
            Columns won, trials, rate, low, high (shares).
        """
        import pandas as pd

        low, high = self.interval()
        return pd.DataFrame([{"won": self.won, "trials": self.trials, "rate": self.rate, "low": low, "high": high}])

    def _at_a_glance(self):
        low, high = (say(round(100 * end, 2)) for end in self.interval())
        return [
            ("races won", f"{self.won} of {self.trials}"),
            ("share, %", 100 * self.rate),
            ("interval, %", f"{low} to {high}"),
        ]


def race(q: float, z: int, *, trials: int, rng: np.random.Generator | int) -> Race:
    """Run the race many times, block by block, and count.

    Parameters
    ----------
    q : float
        The attacker's share of the hash power, from 0 to below 0.5.
    z : int
        Confirmations the seller waits for.
    trials : int
        Races.
    rng : numpy.random.Generator or int
        Source of all randomness.

    Returns
    -------
    Race

    Raises
    ------
    InvalidInput
        If an argument has no meaning.

    Examples
    --------
    >>> low, high = race(0.3, 6, trials=20_000, rng=1).interval()
    >>> low < exact(0.3, 6) < high, low < original(0.3, 6) < high
    (True, False)
    """
    q, z, trials = number(q, "q", least=0, most=0.49), whole(z, "z", least=0), whole(trials, "trials", least=1)
    rng, won = generator(rng), 0
    if q == 0:
        return Race(trials if z == 0 else 0, trials)
    hopeless = math.ceil(math.log(NEGLIGIBLE) / math.log(q / (1 - q))) + z
    honest, deficit = np.zeros(trials, int), np.zeros(trials, int)  # deficit: blocks the attacker's branch is short of
    while honest.size:
        over = (honest >= z) & (deficit <= 0)
        won += int(over.sum())
        going = ~over & (deficit < hopeless)
        honest, deficit = honest[going], deficit[going]
        attackers = rng.random(honest.size) < q
        honest += ~attackers
        deficit += np.where(attackers, -1, 1)
    return Race(won, trials)
