"""How much privacy is spent: composition of several queries about the same people."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import BudgetSpent, InvalidInput
from tefoundations.inputs import exact, positive, share
from tefoundations.words import Explained, shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

ROUNDING = 1e-12  # what the square root of advanced composition may be off: counted against the one who spends


def advanced_epsilon(epsilons: ArrayLike, slack: float) -> float:
    """The epsilon of several queries together, but for a chance of `slack`.

    sqrt(2 ln(1/slack) sum epsilon_i^2) + sum epsilon_i^2 / 2: it grows as the root of the number of queries, as long as each
    is small. It also holds where each epsilon is chosen after seeing the answers before, which older forms do not.

    Parameters
    ----------
    epsilons : (n,) float array
        Privacy lost by each query.
    slack : float
        The delta paid for it, between 0 and 1.

    Returns
    -------
    float
        Larger than the plain sum where queries are few or large.

    Raises
    ------
    InvalidInput
        An epsilon that is not positive, a slack outside (0, 1).

    References
    ----------
    Dwork, C., Rothblum, G. and Vadhan, S. (2010), "Boosting and differential privacy", FOCS; in this form Whitehouse, J.,
    Ramdas, A., Rogers, R. and Wu, Z. S. (2023), "Fully-adaptive composition in differential privacy", ICML.

    Examples
    --------
    A year of days at 0.01 each, by the sum and together:

    >>> round(365 * 0.01, 2), round(advanced_epsilon([0.01] * 365, slack=1e-6), 2)
    (3.65, 1.02)
    """
    slack = share(slack, "slack")
    squares = sum(positive(epsilon, "epsilon") ** 2 for epsilon in np.asarray(epsilons, dtype=object).ravel())
    return math.sqrt(2 * math.log(1 / slack) * squares) + squares / 2


class PrivacyBudget(Explained):
    """What may be told about a unit of privacy in all, and what has been told.

    A query is entered *before* its answer is published. One that does not fit is refused by name, and costs nothing. What
    is counted are queries that touch the same unit. Queries about disjoint sets of meters need a budget each.

    Parameters
    ----------
    epsilon : float, int or Fraction
        The most privacy that may be lost. Sums are exact: ten times 0.1 is 1.
    delta : float
        The most delta, from 0 to below 1.
    slack : float
        The part of `delta` kept for advanced composition, see `advanced_epsilon`; 0: epsilons add up.

    Raises
    ------
    InvalidInput
        A number without meaning; a slack above delta.

    References
    ----------
    Dwork, C. and Roth, A. (2014), "The algorithmic foundations of differential privacy", section 3.5; and see
    `advanced_epsilon`.

    Examples
    --------
    >>> purse = PrivacyBudget(1)
    >>> purse.spend("total of the feeder", 0.5)
    >>> purse.spend("peak of the feeder", 0.3)
    >>> purse.left
    0.2
    >>> purse.spend("histogram", 0.3)
    Traceback (most recent call last):
        ...
    tefoundations.errors.BudgetSpent: query 'histogram' asks for epsilon 0.3, and 0.2 is left of 1
    """

    def __init__(self, epsilon: float | Fraction, delta: float = 0.0, slack: float = 0.0):
        self._epsilon = exact(epsilon, "epsilon")
        self._delta, self._slack = _part(delta, "delta"), _part(slack, "slack")
        if self._slack > self._delta:
            raise InvalidInput(f"slack {shown(slack)} must not be above delta {shown(delta)}: it is a part of it")
        self._queries = []

    @property
    def queries(self) -> tuple[tuple[str, float, float], ...]:
        """All that was allowed so far: a tuple of (query, epsilon, delta)."""
        return tuple((query, float(epsilon), float(delta)) for query, epsilon, delta in self._queries)

    @property
    def spent(self) -> tuple[float, float]:
        """(epsilon, delta) of all queries together, by the rule that gives the smaller epsilon."""
        return self._together([(epsilon, delta) for _, epsilon, delta in self._queries])

    @property
    def left(self) -> float:
        """The largest epsilon of one more query without delta; 0 if none fits."""
        plain = max(Fraction(0), self._epsilon - sum(epsilon for _, epsilon, _ in self._queries))
        below = float(plain)
        if below and Fraction(repr(below)) > plain:  # what is said to be left must fit
            below = math.nextafter(below, 0)
        if not self._slack:
            return below
        # The sum of squares at which advanced composition has used up epsilon, and what is left of it.
        log = math.log(1 / self._slack)
        most = (math.sqrt(2 * log + 2 * float(self._epsilon)) - math.sqrt(2 * log)) ** 2
        room = most * (1 - 4 * ROUNDING) - sum(float(epsilon) ** 2 for _, epsilon, _ in self._queries)
        return max(below, math.sqrt(max(0.0, room)))

    def spend(self, query: str, epsilon: float | Fraction, delta: float = 0.0) -> None:
        """Enter a query that is about to be answered.

        Parameters
        ----------
        query : str
            Its name, for the record and for the refusal.
        epsilon : float, int or Fraction
            Privacy it costs.
        delta : float
            Its delta, from 0 to below 1.

        Raises
        ------
        BudgetSpent
            It does not fit; names the query. Nothing is entered then.
        InvalidInput
            A number without meaning.
        """
        asked = exact(epsilon, "epsilon")
        chance = _part(delta, "delta")
        left = self._delta - self._slack - sum(spent for *_, spent in self._queries)
        if chance > left:
            raise BudgetSpent(
                f"query {query!r} asks for delta {float(chance):g}, and {float(left):g} is left",
                query=query, asked=float(chance), left=float(left),
            )  # fmt: skip
        if not self._fits([spent for _, spent, _ in self._queries] + [asked]):
            words = f"{self.left:.6g} is left of {float(self._epsilon):g}"
            raise BudgetSpent(
                f"query {query!r} asks for epsilon {float(asked):g}, and {words}",
                query=query, asked=float(asked), left=self.left,
            )  # fmt: skip
        self._queries.append((query, asked, chance))

    def _fits(self, epsilons):
        if sum(epsilons) <= self._epsilon:
            return True
        return self._slack > 0 and advanced_epsilon(epsilons, float(self._slack)) * (1 + ROUNDING) <= self._epsilon

    def _together(self, spent):
        epsilons, deltas = [epsilon for epsilon, _ in spent], sum(delta for _, delta in spent)
        plain = float(sum(epsilons))
        if self._slack and epsilons and (advanced := advanced_epsilon(epsilons, float(self._slack))) < plain:
            return advanced, float(deltas + self._slack)
        return plain, float(deltas)

    def to_frame(self) -> pd.DataFrame:
        """One row a query.

        Returns
        -------
        pandas.DataFrame
            Columns query, epsilon, delta, and epsilon_so_far of all queries up to it.
        """
        import pandas as pd

        rows = [(epsilon, delta) for _, epsilon, delta in self._queries]
        table = pd.DataFrame(self.queries, columns=["query", "epsilon", "delta"])
        return table.assign(epsilon_so_far=[self._together(rows[: i + 1])[0] for i in range(len(rows))])

    def explain(self) -> str:
        """What was spent on what, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> purse = PrivacyBudget(1)
        >>> purse.spend("total of the feeder", 0.5)
        >>> print(purse.explain())
        total of the feeder: epsilon 0.5
        together epsilon 0.5 of 1
        """
        parts = [f"{query}: {_cost(*cost)}" for query, *cost in self.queries]
        return "\n".join([*parts, f"together {_cost(*self.spent)} of {float(self._epsilon):g}"])

    def _at_a_glance(self):
        epsilon, delta = self.spent
        return [
            ("queries", len(self._queries)), ("epsilon spent", epsilon), ("of", float(self._epsilon)),
            ("delta spent", f"{delta:g}"), ("epsilon left", self.left),
        ]  # fmt: skip

    def __repr__(self):
        return f"PrivacyBudget({len(self._queries)} queries, epsilon {self.spent[0]:g} of {float(self._epsilon):g} spent)"


def _part(value, name):
    """A number from 0 to below 1 as a Fraction."""
    return Fraction(0) if share(value, name, zero=True) == 0 else exact(value, name)


def _cost(epsilon, delta):
    return f"epsilon {epsilon:g}" + (f", delta {delta:g}" if delta else "")
