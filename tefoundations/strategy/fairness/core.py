"""Who gains by leaving: the excess of coalitions, and the least core, the shares at which the largest excess is smallest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.programmes import NEAR, is_zero, linear
from tefoundations.strategy.fairness.subsets import names_of, rows, sums, together
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

CUTS = 60  # coalitions that join a programme at a time


@dataclass(frozen=True, repr=False)
class WorstExcess(Explained):
    """The coalition that gains most by leaving, or loses least.

    Attributes
    ----------
    gain : float
        What it is worth alone less what its members get; above 0 it gains by leaving, below 0 nobody does.
    coalition : tuple of str
        Its members. Of several alike the first in the order of the table.
    worth, gets : float
        What it is worth alone, and what its members get.
    """

    gain: float
    coalition: tuple[str, ...]
    worth: float
    gets: float

    def explain(self) -> str:
        """The arithmetic in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.strategy import CoalitionGame
        >>> saving = {"PA": 40, "PB": 80, "PAB": 80}
        >>> game = CoalitionGame.of("PAB", lambda who: saving.get("".join(who), 0))
        >>> print(game.worst_excess([140 / 3, 20 / 3, 80 / 3]).explain())
        P and B get 73.3333 and are worth 80 by themselves.
        They gain 6.66667 by leaving.
        """
        one = len(self.coalition) == 1
        what = f"{'gains' if one else 'gain'} {say(self.gain, self.worth, self.gets)} by leaving"
        if say(self.gain, self.worth, self.gets) == "0":
            what = f"neither {'gains nor loses' if one else 'gain nor lose'} by leaving"
        elif self.gain < 0:
            what = f"{'loses' if one else 'lose'} {say(-self.gain)} by leaving, and all others at least as much"
        itself = f"{'is' if one else 'are'} worth {say(self.worth)} {'alone' if one else 'by themselves'}"
        pronoun = "It" if one else "They"
        gets = "gets" if one else "get"
        return f"{together(self.coalition)} {gets} {say(self.gets, self.worth)} and {itself}.\n{pronoun} {what}."

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Returns
        -------
        pandas.DataFrame
            Columns coalition (names), worth, gets and gain, in the unit of the worth.
        """
        import pandas as pd

        row = {"coalition": ", ".join(self.coalition), "worth": self.worth, "gets": self.gets, "gain": self.gain}
        return pd.DataFrame([row])

    def __repr__(self):
        return f"WorstExcess({self.gain:.6g}, {len(self.coalition)} leave)"

    def _at_a_glance(self):
        return [
            ("leave", together(self.coalition)), ("worth by themselves", self.worth), ("get", self.gets),
            ("gain by leaving", self.gain),
        ]  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class LeastCore(Explained):
    """The smallest largest excess, and shares that reach it.

    Attributes
    ----------
    epsilon : float
        The core is empty if it is above 0. Below 0, every coalition loses at least so much by leaving. At 0 none gains, and
        some lose nothing.
    members : (n,) tuple of str
    shares : (n,) float array
        One point of the least core; there may be others. `nucleolus` names one of them by a rule.
    """

    epsilon: float
    members: tuple[str, ...]
    shares: np.ndarray

    @property
    def empty(self) -> bool:
        """Whether the core is empty: however the worth is shared, some coalition gains by leaving."""
        return self.epsilon > 0

    def explain(self) -> str:
        """What it means, in words.

        Returns
        -------
        str

        Examples
        --------
        Any two of three share 60, and all three have no more:

        >>> from tefoundations.strategy import CoalitionGame
        >>> print(CoalitionGame.of("ABC", lambda who: 60 * (len(who) > 1)).least_core().explain())
        The core is empty: at A 20, B 20, C 20
        a coalition gains 20 by leaving, and at no shares less.
        """
        shares = ", ".join(f"{name} {say(x)}" for name, x in zip(self.members, self.shares))
        size = say(abs(self.epsilon), np.abs(self.shares).sum())
        if self.empty:
            return f"The core is empty: at {shares}\na coalition gains {size} by leaving, and at no shares less."
        if self.epsilon == 0:
            return f"The core is not empty: at {shares}\nno coalition gains by leaving, and one at least loses nothing."
        return f"The core is not empty: at {shares}\nevery coalition loses at least {size} by leaving."

    def to_frame(self) -> pd.DataFrame:
        """One row a member.

        Returns
        -------
        pandas.DataFrame
            Index member; column share, in the unit of the worth.
        """
        import pandas as pd

        return pd.DataFrame({"share": self.shares}, index=pd.Index(self.members, name="member"))

    def __repr__(self):
        return f"LeastCore(epsilon {self.epsilon:.6g}, {len(self.members)} members)"

    def _at_a_glance(self):
        return [("core", "empty" if self.empty else "not empty"), ("least largest excess", self.epsilon),
                *zip(self.members, map(float, self.shares))]  # fmt: skip


def worst_excess(values, members, shares):
    """The `WorstExcess` of shares; all together are no coalition that leaves."""
    excess = (values - sums(shares))[1:-1]
    worst = int(excess.argmax()) + 1
    made_of = abs(values[worst]) + np.abs(shares[rows([worst], len(members))[0]]).sum()
    gain = 0.0 if is_zero(excess[worst - 1], made_of, NEAR) else float(excess[worst - 1])
    return WorstExcess(gain, names_of(worst, members), float(values[worst]), float(values[worst]) - gain)


class ExcessProgramme:
    """The smallest largest excess of some coalitions, while that of others is fixed.

    A linear programme with a row a coalition. Few rows matter: it starts with some and takes in those that its answer
    violates, until none is. A coalition comes with all others together: what the one gains by a share the rest loses, so
    no excess can fall without end.

    Parameters
    ----------
    values : (2^n,) float array
    lower : (n,) float array
        The least that each member must get.
    """

    def __init__(self, values, lower):
        self.values, self.lower, self.n = values, lower, len(lower)
        self.known = np.zeros(0, dtype=int)  # rows of the programme
        self._know(1 << np.arange(self.n))

    def _know(self, coalitions):
        self.known = np.unique(np.r_[self.known, coalitions, len(self.values) - 1 - coalitions])

    def minimise(self, fixed, levels, free):
        """The smallest largest excess of the free coalitions.

        Parameters
        ----------
        fixed : (m, n) float array
            Coalitions whose sum of shares is given, the whole one among them.
        levels : (m,) float array
            That sum.
        free : (2^n,) bool array
            Coalitions that count.

        Returns
        -------
        (float, (n,) float array, (k,) int array)
            The smallest largest excess, shares that reach it, and coalitions that have it at all such shares.
        """
        if not free[self.known].any():
            self._know(np.flatnonzero(free)[:1])
        while True:
            used = self.known[free[self.known]]
            found = self._solved(used, fixed, levels)
            shares, least = found.x[:-1], found.x[-1]
            excess = np.where(free, self.values - sums(shares), -np.inf)
            over = excess - least
            over[used] = 0.0
            # A row is violated by more than the solver's rounding of what made it.
            size = np.abs(self.values) + sums(np.abs(shares)) + abs(least)
            worst = np.flatnonzero((over > 0) & ~is_zero(over, size, NEAR))
            if not len(worst):
                return float(least), shares, used[found.dual[: len(used)] > NEAR]
            self._know(worst[np.argsort(-over[worst], kind="stable")[:CUTS]])

    def _solved(self, used, fixed, levels):
        """min e with x(S) + e >= v(S) for the rows used, and sums that are fixed."""
        n, m = self.n, len(fixed)
        matrix = np.vstack([
            np.column_stack([rows(used, n), np.ones(len(used))]), np.column_stack([fixed, np.zeros(m)]),
        ])  # fmt: skip
        low, high = np.r_[self.values[used], levels], np.r_[np.full(len(used), np.inf), levels]
        lower, upper = np.r_[self.lower, -np.inf], np.full(n + 1, np.inf)
        return linear(np.r_[np.zeros(n), 1.0], matrix, low, high, lower, upper)


def least_core(values, members):
    """The `LeastCore` of a table of coalitions."""
    n, free = len(members), np.ones(len(values), dtype=bool)
    free[[0, -1]] = False
    programme = ExcessProgramme(values, np.full(n, -np.inf))
    epsilon, shares, _ = programme.minimise(np.ones((1, n)), values[-1:], free)
    epsilon = 0.0 if is_zero(epsilon, max(np.abs(shares).sum(), np.abs(values).max()), NEAR) else epsilon
    return LeastCore(epsilon, members, shares)
