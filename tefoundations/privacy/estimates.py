"""Does a mechanism keep its promise? A test from samples: it can catch a wrong scale, and never prove a right one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import function, generator, numbers, positive, share, whole
from tefoundations.privacy.attacks import MOST, proportion_interval
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

CUTS = 100  # thresholds tried on the first half of the samples
OFTEN = 20  # a single value must come up so often there to be tried as an event


@dataclass(frozen=True)
class EpsilonEstimate(Explained):
    """What samples say of a mechanism's epsilon.

    Parameters
    ----------
    low : float
        Epsilon is at least this, at the confidence given; 0 if nothing can be said.
    estimate : float
        The same by the plain frequencies of the event, chance not allowed for; infinite if it never came up in one world.
    event : str
        The event that tells the two worlds apart best.
    trials : int
        Samples taken from each world.
    confidence : float
        Chance at least that `low` is right.
    """

    low: float
    estimate: float
    event: str
    trials: int
    confidence: float

    def refutes(self, epsilon: float) -> bool:
        """Whether a promise is broken.

        Parameters
        ----------
        epsilon : float
            What the mechanism promises.

        Returns
        -------
        bool
            True: it loses more privacy than that. False: not caught, which proves nothing.

        Raises
        ------
        InvalidInput
            An epsilon that is not positive.
        """
        return self.low > positive(epsilon, "epsilon")

    def explain(self) -> str:
        """What the samples say, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(EpsilonEstimate(low=0.9, estimate=1.02, event="output >= 1", trials=10_000, confidence=0.95).explain())
        The event "output >= 1" tells the two worlds apart best, in 10000 samples of each.
        By its frequencies epsilon is 1.02; with 95 % confidence it is at least 0.9.
        """
        sure = (
            f"with {100 * self.confidence:g} % confidence it is at least {say(self.low)}" if self.low else "nothing is sure"
        )
        return (
            f'The event "{self.event}" tells the two worlds apart best, in {self.trials} samples of each.\n'
            f"By its frequencies epsilon is {say(self.estimate)}; {sure}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Returns
        -------
        pandas.DataFrame
            Columns as the fields: low, estimate (epsilon), event, trials, confidence (share).
        """
        import pandas as pd

        return pd.DataFrame([vars(self)])

    def _at_a_glance(self):
        return [
            (f"epsilon at least ({100 * self.confidence:g} % sure)", self.low), ("by frequencies", self.estimate),
            ("event", self.event), ("samples of each world", self.trials),
        ]  # fmt: skip


def estimate_epsilon(
    mechanism: Callable,
    a: object,
    b: object,
    *,
    rng: np.random.Generator | int,
    trials: int = 20_000,
    delta: float = 0.0,
    confidence: float = 0.95,
) -> EpsilonEstimate:
    """Estimate from below how much privacy a mechanism loses between two neighbours.

    Half of the samples choose an event that tells the worlds apart (at least, at most, or exactly some number), the
    other half measures how often it comes up in each. By definition P[event | a] <= e^epsilon P[event | b] + delta, so that
    the two frequencies bound epsilon from below. Chosen and measured on the same samples the bound would be too high.

    Parameters
    ----------
    mechanism : callable
        ``mechanism(value, rng)`` gives one number.
    a, b : object
        Two neighbours; a broken promise shows best where they differ most.
    rng : numpy.random.Generator or int
        Source of all randomness, handed to the mechanism.
    trials : int
        Samples from each world, from 100 to ten million.
    delta : float
        The delta promised, from 0 to below 1.
    confidence : float
        Chance at least that the lower bound holds, between 0 and 1.

    Returns
    -------
    EpsilonEstimate

    Raises
    ------
    InvalidInput
        What is no function; too few trials or too many; a mechanism that gives something else than finite numbers.

    References
    ----------
    Jagielski, M., Ullman, J. and Oprea, A. (2020), "Auditing differentially private machine learning", NeurIPS 33;
    Ding, Z. et al. (2018), "Detecting violations of differential privacy", CCS.

    Examples
    --------
    Noise of half the scale that epsilon 1 asks for is caught:

    >>> from tefoundations.privacy import laplace
    >>> right = estimate_epsilon(lambda x, rng: laplace(x, 1, 1, rng), 0, 1, rng=1, trials=4000)
    >>> wrong = estimate_epsilon(lambda x, rng: laplace(x, 0.5, 1, rng), 0, 1, rng=1, trials=4000)
    >>> right.refutes(1), wrong.refutes(1)
    (False, True)
    """
    function(mechanism, "mechanism", of="a value and a numpy Generator")
    delta, confidence = share(delta, "delta", zero=True), share(confidence, "confidence")
    trials, rng = whole(trials, "trials", least=100, most=MOST), generator(rng)
    # One world after the other in turn: a mechanism that wears out would wear out in both.
    samples = np.array([[_sample(mechanism, value, rng) for value in (a, b)] for _ in range(trials)])
    choose, measure = samples[: trials // 2].T, samples[trials // 2 :].T
    event = max(_events(choose), key=lambda event: _bounds(event, choose, delta, confidence)[0])
    low, estimate = _bounds(event, measure, delta, confidence)
    return EpsilonEstimate(max(low, 0.0), estimate, _words(event), trials, confidence)


def _sample(mechanism, value, rng):
    output = numbers(mechanism(value, rng), "the output of mechanism", ndim=None)
    if output.ndim:
        raise InvalidInput(f"mechanism must give one number, not an array of shape {output.shape}")
    return float(output)


def _events(samples):
    """(kind, number, world): the event, and the world in which it is the likelier one."""
    cuts = np.unique(np.quantile(samples, np.linspace(0.005, 0.995, CUTS), method="nearest"))
    values, counts = np.unique(samples, return_counts=True)
    often = values[np.argsort(-counts, kind="stable")][: np.count_nonzero(counts >= OFTEN)][:CUTS]
    kinds = [(kind, float(cut)) for kind in (">=", "<=") for cut in cuts] + [("==", float(value)) for value in often]
    return [(*event, world) for event in kinds for world in (0, 1)]


def _bounds(event, samples, delta, confidence):
    """Lower bound of epsilon by an event, and its plain estimate."""
    kind, number, world = event
    happens = samples >= number if kind == ">=" else samples <= number if kind == "<=" else samples == number
    n, often, seldom = happens.shape[1], int(happens[world].sum()), int(happens[1 - world].sum())
    # Each bound is one end of an interval, and fails in one of its tails: together they fail as often as one interval.
    low = proportion_interval(often, n, confidence)[0]
    high = proportion_interval(seldom, n, confidence)[1]
    bound = math.log((low - delta) / high) if low > delta else -math.inf
    if often <= delta * n:
        return bound, 0.0
    return bound, max(0.0, math.log((often / n - delta) * n / seldom)) if seldom else math.inf


def _words(event):
    kind, number, world = event
    return f"output {kind} {number:g}, likelier from {'ab'[world]}"
