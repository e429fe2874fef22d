"""Bidding for what is worth the same to all, where nobody knows how much: the winner's curse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tefoundations.inputs import number, one_of, positive, whole
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

RULES = ("first price", "second price")
MOST = 1_000_000  # bidders


@dataclass(frozen=True, repr=False)
class WinnersCurse(Explained):
    """What the winner of a common value gains, on average; `winners_curse` makes it. All in one unit, ct.

    Parameters
    ----------
    bidders : int
    error : float
        The most by which an estimate may be off, either way.
    rule : {"first price", "second price"}
    """

    bidders: int
    error: float
    rule: str

    @property
    def highest(self) -> float:
        """How far the highest estimate lies above the worth, on average."""
        return self.error * (self.bidders - 1) / (self.bidders + 1)

    @property
    def shade(self) -> float:
        """How far below its estimate everybody bids in equilibrium."""
        n = self.bidders
        return self.error if self.rule == "first price" else self.error * (n - 2) / n

    @property
    def naive(self) -> float:
        """What the winner gains where all bid their estimate; below 0 it is cursed."""
        return self.gain_of(0)

    @property
    def gain(self) -> float:
        """What the winner gains in equilibrium."""
        return self.gain_of(self.shade)

    def gain_of(self, shade: float) -> float:
        """What the winner gains where everybody bids so much less than its estimate.

        Parameters
        ----------
        shade : float
            ct.

        Returns
        -------
        float
            ct.

        Raises
        ------
        InvalidInput
            A shade that is no number.

        Examples
        --------
        >>> winners_curse(5, 3).gain_of(2)
        0.0
        """
        second = self.error * (self.bidders - 3) / (self.bidders + 1)  # the second highest error, on average
        return number(shade, "shade") - (self.highest if self.rule == "first price" else second)

    def explain(self) -> str:
        """Where the curse comes from, and what avoids it.

        Returns
        -------
        str

        Examples
        --------
        >>> print(winners_curse(5, 3).explain())
        5 bidders, estimates within 3 of the worth: the highest lies 2 above it on average.
        First price, all bid their estimate: the winner gains -2 on average.
        In equilibrium all bid 3 less than their estimate: the winner gains 1.
        """
        w = self.error
        gain, naive, shade, highest = (say(n, w, 0.0) for n in (self.gain, self.naive, self.shade, self.highest))
        bids = f"{shade} less than their estimate" if self.shade else "their estimate"
        return (
            f"{self.bidders} bidders, estimates within {say(w, w)} of the worth: "
            f"the highest lies {highest} above it on average.\n"
            f"{self.rule.capitalize()}, all bid their estimate: the winner gains {naive} on average.\n"
            f"In equilibrium all bid {bids}: the winner gains {gain}."
        )

    def to_frame(self) -> pd.DataFrame:
        """Two rows: all bid their estimate, and all shade as in equilibrium.

        Returns
        -------
        pandas.DataFrame
            Columns bids, shade and gain (of the winner on average).
        """
        import pandas as pd

        rows = {"bids": ["estimate", "equilibrium"], "shade": [0.0, self.shade], "gain": [self.naive, self.gain]}
        return pd.DataFrame(rows)

    def _at_a_glance(self):
        return [
            ("rule", self.rule), ("bidders", self.bidders), ("highest error", self.highest),
            ("winner gains, all bid their estimate", self.naive), ("shade in equilibrium", self.shade),
            ("winner gains in equilibrium", self.gain),
        ]  # fmt: skip

    def __repr__(self):
        w = self.error
        return f"WinnersCurse({self.bidders} bidders, {self.rule}: naive {say(self.naive, w)}, shade {say(self.shade, w)})"


def winners_curse(bidders: int, error: float, rule: str = "first price") -> WinnersCurse:
    """What the winner gains where a thing is worth the same to all bidders, and each has an estimate of its own.

    Errors of the estimates are independent and spread evenly from -error to error, and before its estimate nobody knows
    anything about the worth: an estimate of 5 tells as much about 5 as one of 50 about 50 (a diffuse prior). Then the
    equilibrium in which all shade by the same amount is

    - first price: ``error``, however many bid;
    - second price: ``error * (n - 2) / n``, more the more there are. For two bidders the estimate itself.

    Parameters
    ----------
    bidders : int
        At least 2.
    error : float
        The most by which an estimate is off (ct), above 0.
    rule : {"first price", "second price"}
        Whether the winner pays its own bid or the next highest.

    Returns
    -------
    WinnersCurse

    Raises
    ------
    InvalidInput
        Fewer than two bidders, an error that is not positive, another rule.

    References
    ----------
    Kagel, J. H. and Levin, D. (1986), "The winner's curse and public information in common value auctions", American
    Economic Review 76(5), 894-920.

    Examples
    --------
    >>> for n in (2, 5, 9):
    ...     print(winners_curse(n, 3))
    WinnersCurse(2 bidders, first price: naive -1, shade 3)
    WinnersCurse(5 bidders, first price: naive -2, shade 3)
    WinnersCurse(9 bidders, first price: naive -2.4, shade 3)
    """
    n = whole(bidders, "bidders", least=2, most=MOST)
    return WinnersCurse(n, positive(error, "error"), one_of(rule, RULES, "rule"))
