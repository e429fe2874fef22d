"""Envy: who would rather have what another has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import numbers
from tefoundations.programmes import NEAR, is_zero
from tefoundations.strategy.fairness.subsets import read_members
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class EnvyTable(Explained):
    """Who envies whom, and how much.

    Attributes
    ----------
    members : (n,) tuple of str
    envy : (n, n) float array
        Row i, column j: what i would gain by having what j has, 0 if nothing.
    """

    members: tuple[str, ...]
    envy: np.ndarray

    @property
    def most(self) -> float:
        """The largest envy; 0 if nobody envies anybody."""
        return float(self.envy.max())

    @property
    def pair(self) -> tuple[str, str] | None:
        """Who envies whom the most; None if nobody does."""
        if not self.most:
            return None
        who, whom = np.unravel_index(self.envy.argmax(), self.envy.shape)
        return self.members[who], self.members[whom]

    def explain(self) -> str:
        """The largest envy in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(envy([[0, 2], [-2, 0]], members=["Ada", "Ben"]).explain())
        Ada would gain 2 by having what Ben has.
        Of 2 members 1 envies somebody.
        """
        if self.pair is None:
            return f"Nobody of {len(self.members)} would rather have what another has."
        many = int((self.envy > 0).any(axis=1).sum())
        return (
            f"{self.pair[0]} would gain {say(self.most)} by having what {self.pair[1]} has.\n"
            f"Of {len(self.members)} members {many} {'envies' if many == 1 else 'envy'} somebody."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row and one column a member.

        Returns
        -------
        pandas.DataFrame
            Who envies in the index, who is envied in the columns.
        """
        import pandas as pd

        return pd.DataFrame(self.envy, index=pd.Index(self.members, name="envies"), columns=list(self.members))

    def __repr__(self):
        return f"EnvyTable({len(self.members)} members, most {self.most:.6g})"

    def _at_a_glance(self):
        pair = "nobody" if self.pair is None else f"{self.pair[0]} envies {self.pair[1]}"
        return [("members", len(self.members)), ("largest envy", self.most), ("who", pair)]


def envy(worth: ArrayLike, members: Sequence[str] | None = None) -> EnvyTable:
    """Who would rather have what another has, energy and payment together.

    Parameters
    ----------
    worth : (n, n) array
        Row i, column j: what i would gain if it had what j has, payment included (ct, or what the caller counts). Minus
        infinity where it could not: a seller cannot sell what it does not make.
    members : (n,) sequence of str, optional
        Their names.

    Returns
    -------
    EnvyTable

    Raises
    ------
    InvalidInput
        What is no square table of numbers, or a member's own part that it cannot have.

    References
    ----------
    Varian, H. R. (1975), "Two problems in the theory of fairness", MIT working paper 163, section 1.

    Examples
    --------
    Two homes have a kWh each that is worth 12 and 10 ct to them. At one price nobody envies; where each pays what it bid,
    the one who pays 12 would rather have paid 10:

    >>> value, same, own = np.array([12, 10]), np.array([8, 8]), np.array([12, 10])
    >>> envy(value[:, None] - same).most, envy(value[:, None] - own).most
    (0.0, 2.0)
    """
    table = numbers(worth, "worth", ndim=2, infinite=True, place="entry")
    if table.shape[0] != table.shape[1] or not table.size:
        raise InvalidInput(f"worth must have a row and a column for each member, not shape {table.shape}")
    if (table == np.inf).any():
        raise InvalidInput("worth must not be infinite; minus infinity says that somebody could not have it")
    check_labels(getattr(worth, "columns", None), "columns of worth", worth, "its rows")
    names = read_members(members, len(table))
    own = table.diagonal()
    for member in np.flatnonzero(np.isinf(own))[:1]:
        raise InvalidInput(f"{names[member]}: worth of what it has itself must be finite")
    more = table - own[:, None]
    made_of = np.maximum(np.abs(np.where(np.isfinite(table), table, 0.0)), np.abs(own)[:, None])
    return EnvyTable(names, np.where((more > 0) & ~is_zero(more, made_of, NEAR), more, 0.0))
