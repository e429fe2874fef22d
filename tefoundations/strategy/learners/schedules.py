"""How fast a learner learns, and how often it tries something else: numbers that may change with time."""

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number, numbers, whole
from tefoundations.words import say

MOST = 10_000_000  # rounds


def read_rounds(rounds):
    """How many rounds, a whole number of at least 1."""
    return whole(rounds, "rounds", least=1, most=MOST)


def schedule(given, name, rounds, *, zero):
    """A number for each round, up to 1 and above 0, or from 0 where it may be `zero`.

    Parameters
    ----------
    given : float or callable
        One number for all rounds, or a function of the array 1, 2, ..., rounds.
    name : str
    rounds : int
    zero : bool

    Returns
    -------
    (rounds,) float array
    """
    if not callable(given):
        return np.full(rounds, number(given, name, least=0 if zero else None, above=None if zero else 0, most=1))
    counted = np.arange(1, rounds + 1, dtype=float)
    found = numbers(given(counted), name, count=rounds, place="round")
    bad = (found < 0) | (found > 1) | ((found == 0) & (not zero))
    for place in np.flatnonzero(bad)[:1].tolist():
        allowed = "from 0 to 1" if zero else "above 0 and at most 1"
        raise InvalidInput(f"round {place + 1}: {name} {say(found[place], found[place])} must be a number {allowed}")
    return found
