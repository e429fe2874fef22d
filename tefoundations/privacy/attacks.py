"""Attacks, and how often they succeed: two worlds, one published output, one guess."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import function, generator, number, numbers, positive, sequence, share, whole
from tefoundations.words import Explained, say, shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

MOST = 10_000_000  # tosses: more tell nothing new


def best_attack(epsilon: float, delta: float = 0.0) -> float:
    """How often the best attack can be right at even odds, whatever the mechanism and whatever the attacker knows.

    Parameters
    ----------
    epsilon : float
        Privacy lost.
    delta : float
        From 0 to below 1.

    Returns
    -------
    float
        (e^epsilon + delta) / (1 + e^epsilon).

    Raises
    ------
    InvalidInput
        An epsilon that is not positive.

    References
    ----------
    Wasserman, L. and Zhou, S. (2010), "A statistical framework for differential privacy", JASA 105, 375-389, theorem 2.4;
    Kairouz, P., Oh, S. and Viswanath, P. (2015), "The composition theorem for differential privacy", ICML.

    Examples
    --------
    >>> [round(best_attack(epsilon), 3) for epsilon in (0.1, 1, 2)]
    [0.525, 0.731, 0.881]
    """
    small = math.exp(-positive(epsilon, "epsilon"))
    return (1 + share(delta, "delta", zero=True) * small) / (1 + small)


@dataclass(frozen=True)
class Success(Explained):
    """How often an attack was right.

    Parameters
    ----------
    right, trials : int
        Times it was right, of so many.
    confidence : float
        Of the interval, between 0 and 1.

    Examples
    --------
    >>> Success(right=731, trials=1000)
    right in 73.1 % of 1000 trials (95 % interval 70.2 to 75.8 %)
    """

    right: int
    trials: int
    confidence: float = 0.95

    @property
    def rate(self) -> float:
        """Share of trials in which it was right."""
        return self.right / self.trials

    @property
    def interval(self) -> tuple[float, float]:
        """(low, high) of the rate, exact (Clopper and Pearson 1934): holds the truth at least as often as `confidence`."""
        return proportion_interval(self.right, self.trials, self.confidence)

    def explain(self) -> str:
        """The arithmetic in words, and how it compares with tossing a coin.

        Returns
        -------
        str

        Examples
        --------
        >>> print(Success(right=731, trials=1000).explain())
        Right in 731 of 1000 trials, 731 / 1000 = 73.1 %.
        With 95 % confidence the true rate is from 70.24 to 75.83 %: better than a coin.
        """
        low, high = (say(round(100 * end, 2)) for end in self.interval)
        coin = "better than a coin" if self.interval[0] > 0.5 else "worse than a coin" if self.interval[1] < 0.5 else ""
        return (
            f"Right in {self.right} of {self.trials} trials, "
            f"{self.right} / {self.trials} = {say(round(100 * self.rate, 2))} %.\n"
            f"With {100 * self.confidence:g} % confidence the true rate is from {low} to {high} %: "
            f"{coin or 'a coin may do as well'}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Returns
        -------
        pandas.DataFrame
            Columns right, trials, rate, low, high (shares) and confidence.
        """
        import pandas as pd

        low, high = self.interval
        row = {"right": self.right, "trials": self.trials, "rate": self.rate, "low": low, "high": high}
        return pd.DataFrame([row | {"confidence": self.confidence}])

    def _at_a_glance(self):
        low, high = (say(round(100 * end, 2)) for end in self.interval)
        return [
            ("right", self.right), ("trials", self.trials), ("rate, %", 100 * self.rate),
            (f"{100 * self.confidence:g} % interval, %", f"{low} to {high}"),
        ]  # fmt: skip

    def __repr__(self):
        low, high = self.interval
        return (
            f"right in {100 * self.rate:.1f} % of {self.trials} trials"
            f" ({100 * self.confidence:g} % interval {100 * low:.1f} to {100 * high:.1f} %)"
        )


def proportion_interval(right, trials, confidence):
    """Ends of the exact interval of a proportion, both tails alike.

    Parameters
    ----------
    right, trials : int
    confidence : float

    Returns
    -------
    (float, float)
    """
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = 0.0 if right == 0 else float(betaincinv(right, trials - right + 1, tail))
    high = 1.0 if right == trials else float(betaincinv(right + 1, trials - right, 1 - tail))
    return low, high


def guessing_game(
    publish: Callable,
    a: ArrayLike,
    b: ArrayLike,
    *,
    trials: int,
    rng: np.random.Generator | int,
    guess: Callable | None = None,
) -> Success:
    """Toss a coin, publish `a` or `b` with noise, let the attacker guess which it was; again and again.

    The attacker knows both worlds. With `a` a feeder's totals without a home and `b` those with it, this is differencing;
    with `a` and `b` two days of one home that differ by when its kettle ran, it is the search for an event.

    Parameters
    ----------
    publish : callable
        ``publish(value, rng)`` gives what is published.
    a, b : number or (...) array
        The two worlds, of equal shape.
    trials : int
        Tosses, up to ten million.
    rng : numpy.random.Generator or int
        Source of all randomness, handed to `publish`.
    guess : callable, optional
        ``guess(output)`` is true for world `b`. By default the nearer world by the sum of absolute distances, at a tie `b`:
        with Laplace noise that is the likelier one, and no guess is better.

    Returns
    -------
    Success

    Raises
    ------
    InvalidInput
        What is no function; worlds of different shapes, or not finite; no trials, or too many.

    Examples
    --------
    One number, two worlds that differ by the sensitivity:

    >>> from tefoundations.privacy import laplace
    >>> guessing_game(lambda x, rng: laplace(x, 1, 1, rng), 0, 1, trials=2000, rng=1)
    right in 68.8 % of 2000 trials (95 % interval 66.7 to 70.8 %)
    """
    worlds = numbers(a, "a", ndim=None), numbers(b, "b", ndim=None)
    if worlds[0].shape != worlds[1].shape:
        raise InvalidInput(f"a and b must have one shape, not {worlds[0].shape} and {worlds[1].shape}")
    function(publish, "publish", of="a value and a numpy Generator")

    def nearer(output):
        return np.abs(output - worlds[1]).sum() <= np.abs(output - worlds[0]).sum()

    guess = nearer if guess is None else function(guess, "guess", of="what is published")
    rng, right = generator(rng), 0
    for _ in range(whole(trials, "trials", least=1, most=MOST)):
        truth = int(rng.integers(2))
        right += bool(guess(publish((a, b)[truth], rng))) == bool(truth)
    return Success(right, trials)


def find_events(watts: ArrayLike, low: float, high: float, *, shortest: int = 1, longest: int = 60) -> list[tuple[int, int]]:
    """Uses of an appliance in a load curve: where power jumps up by its size, and soon down again by about as much.

    Parameters
    ----------
    watts : (n,) array
        Mean power of each minute (W).
    low, high : float
        The appliance draws between so much and so much (W).
    shortest, longest : int
        It runs for so many minutes.

    Returns
    -------
    list of (int, int)
        First minute of each use, and the first minute after it.

    Raises
    ------
    InvalidInput
        Power that is no list of numbers; a range without width.

    References
    ----------
    Hart, G. W. (1992), "Nonintrusive appliance load monitoring", Proceedings of the IEEE 80(12), 1870-1891: on-off edges.

    Examples
    --------
    A kettle over a fridge:

    >>> find_events([100, 100, 2200, 2190, 2200, 100, 190], low=1800, high=2400, longest=5)
    [(2, 5)]
    """
    watts = numbers(watts, "watts", place="minute")
    number(low, "low", above=0, below=positive(high, "high"))
    whole(shortest, "shortest", least=1, most=whole(longest, "longest", least=1))
    step, found, free = np.diff(watts), [], 0
    for up in np.flatnonzero((step >= low) & (step <= high)).tolist():
        fall = -step[up + shortest : up + longest + 1]
        down = np.flatnonzero((fall >= low) & (fall <= high))
        if up >= free and len(down):
            free = up + shortest + int(down[0])
            found.append((up + 1, free + 1))
    return found


def events_found(found: Sequence[tuple[int, int]], starts: Sequence[int], *, within: int = 1) -> Success:
    """How many of the true uses an attack has found.

    Parameters
    ----------
    found : list of (int, int)
        As `find_events` gives them.
    starts : sequence of int
        First minutes of the true uses.
    within : int
        A use is found if its start is told to so many minutes. Each find counts for one use.

    Returns
    -------
    Success

    Raises
    ------
    InvalidInput
        Uses that are no pairs of whole numbers, starts that are none; no true uses.

    Examples
    --------
    >>> events_found([(2, 5), (40, 43)], [2, 90]).rate
    0.5
    """
    uses = [sequence(use, "a use found", of="two minutes") for use in sequence(found, "found", of="uses")]
    for use in uses:
        if len(use) != 2:
            raise InvalidInput(f"a use found must be its first minute and the first minute after it, not {shown(use)}")
    left, right = [whole(first, "the first minute of a use found") for first, _ in uses], 0
    starts = [whole(start, "a start") for start in sequence(starts, "starts", of="first minutes")]
    number(within, "within", least=0)
    if not len(starts):
        raise InvalidInput("starts must not be empty: there is nothing to find")
    for start in starts:
        near = min(left, key=lambda told: abs(told - start), default=None)
        if near is not None and abs(near - start) <= within:
            left.remove(near)
            right += 1
    return Success(right, len(starts))
