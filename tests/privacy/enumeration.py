"""A sampler's decisions followed one by one: exact probabilities instead of samples."""

import math
from collections import defaultdict
from fractions import Fraction


class Undecided(Exception):
    """The sampler asks for one decision more than this path holds."""

    def __init__(self, chances):
        self.chances = chances


class Path:
    """A source of decisions that repeats given ones, and stops at the first it does not know."""

    def __init__(self, decisions):
        self.decisions = list(decisions)

    def _next(self, chances):
        if not self.decisions:
            raise Undecided(chances)
        return self.decisions.pop(0)

    def below(self, n):
        return self._next([(k, Fraction(1, n)) for k in range(n)])

    def chance(self, numerator, denominator):
        p = Fraction(numerator, denominator)
        return self._next([(True, p), (False, 1 - p)])

    def exp_minus(self, numerator, denominator):
        """The chance exp(-numerator/denominator) as one decision: that it is exact is proved on its own."""
        p = math.exp(-numerator / denominator)
        return self._next([(True, p), (False, 1 - p)])


def outcomes(sampler, least=1e-6):
    """Exact probability of each outcome over all paths likelier than `least`, and what is left undecided.

    Parameters
    ----------
    sampler : callable
        Takes a source of decisions, gives an outcome.
    least : Fraction
        Paths below this probability are not followed.

    Returns
    -------
    dict of outcome to Fraction, or float where chances are floats
        The true probability of each lies between this and this plus what is left.
    Fraction or float
    """
    found, left, open_paths = defaultdict(Fraction), Fraction(0), [((), Fraction(1))]
    while open_paths:
        path, weight = open_paths.pop()
        try:
            found[sampler(Path(path))] += weight
        except Undecided as at:
            for decision, chance in at.chances:
                if weight * chance > least:
                    open_paths.append(((*path, decision), weight * chance))
                else:
                    left += weight * chance
    return found, left
