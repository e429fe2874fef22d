"""Energy that no money makes good: shares of a supply, and of lines, from the most in all to the most for the least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import not_negative, number, numbers
from tefoundations.programmes import is_zero, linear
from tefoundations.strategy.fairness.fair_optimum import ACCURACY, fairest
from tefoundations.words import Explained, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

GENTLEST = 0.05  # below that, what a gain is worth hardly falls, and which users get nothing is a matter of rounding
STEEPEST = 20.0  # above that, powers leave the range of floats where gains differ much; without end it is max-min


@dataclass(frozen=True, eq=False, repr=False)
class FairAllocation(Explained):
    """Who gets how much where lines are shared.

    Attributes
    ----------
    alpha : float
        0: the most in all; 1: proportional; infinite: the most for whoever has least.
    amounts : (n,) float array
        What each user gets (kWh, MW, or what the lines carry).
    outside : (n,) float array
        What each has without an agreement.
    full : tuple of int
        Lines that carry all they can.
    """

    alpha: float
    amounts: np.ndarray
    outside: np.ndarray
    full: tuple[int, ...]

    @property
    def gains(self) -> np.ndarray:
        """(n,) float array: what each gets above its outside option."""
        return self.amounts - self.outside

    @property
    def total(self) -> float:
        """What all get together."""
        return float(self.amounts.sum())

    @property
    def least(self) -> float:
        """What the one who gains least gains."""
        return float(self.gains.min())

    def explain(self) -> str:
        """The amounts in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(proportional_fair([[1, 1, 0], [1, 0, 1]], [1, 1]).explain())
        With alpha 1 users get 0.333333, 0.666667, 0.666667: 1.66667 in all, and nobody gains less than 0.333333.
        Lines 0, 1 are full.
        """
        users = listed([say(x) for x in self.amounts])
        lines = f"Lines {listed(self.full)} are full." if len(self.full) > 1 else f"Line {listed(self.full)} is full."
        return (
            f"With alpha {say(self.alpha)} users get {users}: {say(self.total)} in all, and nobody gains less than "
            f"{say(self.least)}.\n{lines}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a user.

        Returns
        -------
        pandas.DataFrame
            Columns amount, outside and gain.
        """
        import pandas as pd

        return pd.DataFrame({"amount": self.amounts, "outside": self.outside, "gain": self.gains})

    def __repr__(self):
        return f"FairAllocation(alpha {self.alpha:g}, total {self.total:.6g}, least gain {self.least:.6g})"

    def _at_a_glance(self):
        return [("alpha", self.alpha), ("in all", self.total), ("least gain", self.least), ("full lines", listed(self.full))]


def max_min(supply: float, needs: ArrayLike) -> np.ndarray:
    """Share a supply so that whoever gets least gets as much as can be, then the next, and so on.

    All are filled to one level; who needs less than that gets what it needs, and what it leaves raises the level.

    Parameters
    ----------
    supply : float
        kWh to share, at least 0.
    needs : (n,) array
        The most that each can use (kWh), at least 0.

    Returns
    -------
    (n,) float array
        kWh; what nobody needs is left.

    Raises
    ------
    InvalidInput
        A supply or a need below 0 or without end.

    Examples
    --------
    >>> max_min(0, [2, 4]), max_min(10, [2, 4, 10])
    (array([0., 0.]), array([2., 4., 4.]))
    """
    left, wanted = not_negative(supply, "supply", unit="(kWh)"), numbers(needs, "needs", least=0, place="home")
    found = np.zeros(len(wanted))
    order = np.argsort(wanted, kind="stable")
    for k, i in enumerate(order):
        found[i] = min(wanted[i], left / (len(order) - k))
        left -= found[i]
    return found


def proportional_fair(uses: ArrayLike, capacity: ArrayLike, outside: ArrayLike | None = None) -> FairAllocation:
    """Share lines so that the product of what each gains is largest.

    From there, whatever somebody gains in percent, the others lose as much or more in percent, added up. It is Nash's
    bargaining solution, and `alpha_fair` with alpha 1.

    Parameters
    ----------
    uses : (m, n) array
        How much of line l one unit of user i takes, at least 0; each user takes a line.
    capacity : (m,) array
        What each line can carry (kWh, MW, or what the caller counts).
    outside : (n,) array, optional
        What each user has without an agreement, in the same unit; default 0. Gains are counted from there.

    Returns
    -------
    FairAllocation

    Raises
    ------
    InvalidInput
        As for `alpha_fair`.
    NoConvergence
        As for `alpha_fair`.

    References
    ----------
    Kelly, F. P., Maulloo, A. K. and Tan, D. K. H. (1998), "Rate control for communication networks: shadow prices,
    proportional fairness and stability", Journal of the Operational Research Society 49, 237-252.

    Examples
    --------
    One long trade over two lines, and a short one on each:

    >>> proportional_fair([[1, 1, 0], [1, 0, 1]], [1, 1]).amounts.round(4)
    array([0.3333, 0.6667, 0.6667])
    """
    return alpha_fair(uses, capacity, 1.0, outside)


def alpha_fair(uses: ArrayLike, capacity: ArrayLike, alpha: float, outside: ArrayLike | None = None) -> FairAllocation:
    """Share lines so that the sum of gain^(1 - alpha) / (1 - alpha) is largest; with alpha 1, of log gain.

    Parameters
    ----------
    uses : (m, n) array
        How much of line l one unit of user i takes, at least 0; each user takes a line.
    capacity : (m,) array
        What each line can carry (kWh, MW, or what the caller counts).
    alpha : float
        0, from 0.05 to 20, or infinite. 0 is the most in all (one such division, where there are several), 1 is
        proportional fairness, infinite is max-min.
    outside : (n,) array, optional
        What each user has without an agreement, in the same unit; default 0. Gains are counted from there.

    Returns
    -------
    FairAllocation
        Gains are right to a billionth of each.

    Raises
    ------
    InvalidInput
        A user without a line, lines that cannot carry the outside options and a little more, an alpha between 0 and 0.05
        or between 20 and infinity; what is no number.
    NoConvergence
        The solver's answer is less exact than that. With an alpha below 1 or lines of very different sizes it happens.

    References
    ----------
    Mo, J. and Walrand, J. (2000), "Fair end-to-end window-based congestion control", IEEE/ACM Transactions on Networking
    8(5), 556-567; Bertsimas, D., Farias, V. F. and Trichakis, N. (2011), "The price of fairness", Operations Research
    59(1), 17-31.

    Examples
    --------
    One long trade over two lines, and a short one on each: it gets 1 / (1 + 2^(1/alpha)).

    >>> two_lines = [[1, 1, 0], [1, 0, 1]], [1, 1]
    >>> [round(float(alpha_fair(*two_lines, alpha).amounts[0]), 4) for alpha in (0.5, 1, 2, np.inf)]
    [0.2, 0.3333, 0.4142, 0.5]
    """
    alpha = number(alpha, "alpha", least=0, infinite=True)
    if 0 < alpha < GENTLEST or STEEPEST < alpha < np.inf:
        ends = f"0, which is the most in all, from {GENTLEST:g} to {STEEPEST:g}, or infinite, which is max-min"
        raise InvalidInput(f"alpha {alpha:g} must be {ends}")
    takes = numbers(uses, "uses", least=0, ndim=2, place="entry")
    carries = numbers(capacity, "capacity", least=0, count=len(takes), place="line")
    users = takes.shape[1]
    has = np.zeros(users) if outside is None else numbers(outside, "outside", least=0, count=users, place="user")
    check_labels(capacity, "capacity", uses, "uses")
    check_labels(outside, "outside", getattr(uses, "columns", None), "the columns of uses")
    room = _room(takes, carries, has)
    if alpha == 0:
        free = np.full(users, np.inf)
        gains = linear(-np.ones(users), takes, np.full(len(room), -np.inf), room, np.zeros(users), free).x
    else:
        gains = _filled(takes, room)
        gains = gains if alpha == np.inf else fairest(takes, room, alpha, gains)
    left = room - takes @ gains
    return FairAllocation(alpha, has + gains, has, tuple(np.flatnonzero(is_zero(left, carries, ACCURACY)).tolist()))


def _room(takes, carries, has):
    """What each line can carry above the outside options; refused where a user has no line or no room."""
    if not takes.size:
        raise InvalidInput(f"uses must have a row for each line and a column for each user, not shape {takes.shape}")
    for user in np.flatnonzero(~takes.any(axis=0))[:1]:
        raise InvalidInput(f"user {user} takes no line: nothing limits what it gets")
    taken = takes @ has
    room = carries - taken
    for line in np.flatnonzero((room <= 0) | is_zero(room, carries))[:1]:
        if takes[line].any():
            raise InvalidInput(
                f"line {line}: capacity {carries[line]:g} must be above {taken[line]:g}, what users have outside"
            )
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        most = np.where(takes > 0, room[:, None] / takes, np.inf).min(axis=0)
    if not np.isfinite(most.sum()):
        raise InvalidInput(f"user {int(most.argmax())}: what its lines can carry for it is more than a number can hold")
    return room


def _filled(takes, room):
    """All gains rise together; users of a line that is full stay where they are."""
    gains, rise = np.zeros(takes.shape[1]), np.ones(takes.shape[1], dtype=bool)
    while rise.any():
        rate = takes @ rise
        left = room - takes @ gains
        steps = np.divide(left, rate, out=np.full(len(room), np.inf), where=rate > 0)
        gains[rise] += steps.min()
        full = (rate > 0) & (is_zero(steps - steps.min(), room / np.where(rate > 0, rate, 1)))
        rise &= ~takes[full].any(axis=0)
    return gains
