"""Nash's bargain: of all that can be agreed, what makes the product of the gains over no agreement largest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput, NoConvergence
from tefoundations.indices import check_labels
from tefoundations.inputs import numbers
from tefoundations.programmes import NEAR, linear
from tefoundations.words import Explained, listed, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

STEPS, HALVINGS = 100, 50


@dataclass(frozen=True, eq=False, repr=False)
class Bargain(Explained):
    """What is agreed.

    Attributes
    ----------
    utilities : (n,) float array
        What each player has by the agreement.
    outside : (n,) float array
        What each has without.
    weights : (k,) float array
        How much of each outcome is agreed; they add up to 1.
    """

    utilities: np.ndarray
    outside: np.ndarray
    weights: np.ndarray

    @property
    def gains(self) -> np.ndarray:
        """(n,) float array: what each gains over its outside option."""
        return self.utilities - self.outside

    def explain(self) -> str:
        """The agreement in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(nash_bargaining([[8, 22], [30, 0]], outside=[8, 0]).explain())
        Player 0 has 19, 11 above its outside option of 8. Player 1 has 11, 11 above its outside option of 0.
        """
        each = zip(self.utilities, self.gains, self.outside)
        told = [
            f"Player {i} has {say(u)}, {say(g)} above its outside option of {say(o)}." for i, (u, g, o) in enumerate(each)
        ]
        return " ".join(told)

    def to_frame(self) -> pd.DataFrame:
        """One row a player.

        Returns
        -------
        pandas.DataFrame
            Columns utility, outside and gain.
        """
        import pandas as pd

        return pd.DataFrame({"utility": self.utilities, "outside": self.outside, "gain": self.gains})

    def __repr__(self):
        return f"Bargain(gains {listed([say(g) for g in self.gains])})"

    def _at_a_glance(self):
        return [(f"player {i} gains", float(gain)) for i, gain in enumerate(self.gains)]


def nash_bargaining(outcomes: ArrayLike, outside: ArrayLike) -> Bargain:
    """What two or more agree on by Nash's solution: the product of their gains over their outside options is largest.

    Any mix of outcomes can be agreed: a price between two prices, or a lottery. The unit in which a player counts does not
    matter, nor what it owns beside; what it has without an agreement does.

    Parameters
    ----------
    outcomes : (k, n) array
        What each of n players has by each of k outcomes, in a unit of its own.
    outside : (n,) array
        What each has without an agreement, in the same unit.

    Returns
    -------
    Bargain

    Raises
    ------
    InvalidInput
        No mix of outcomes at which all gain; what is no number.
    NoConvergence
        The solver finds no answer.

    References
    ----------
    Nash, J. F. (1950), "The bargaining problem", Econometrica 18(2), 155-162. The method: Wang, Y. (2007), "On fast
    computation of the non-parametric maximum likelihood estimate of a mixing distribution", JRSS B 69, 185-198.

    Examples
    --------
    A kWh earns its seller 8 ct outside, and saves its buyer a tariff of 30. At a price of 8 the buyer gains all, at 30 the
    seller; they meet at 19:

    >>> nash_bargaining([[8, 22], [30, 0]], outside=[8, 0]).utilities.round(4)
    array([19., 11.])
    """
    have = numbers(outcomes, "outcomes", ndim=2, place="entry")
    if not have.size:
        raise InvalidInput(f"outcomes must have a row for each outcome and a column for each player, not shape {have.shape}")
    fallback = numbers(outside, "outside", count=have.shape[1], place="player")
    check_labels(outside, "outside", getattr(outcomes, "columns", None), "the columns of outcomes")
    with np.errstate(over="ignore"):
        gains = have - fallback
    for row, player in np.argwhere(~np.isfinite(gains))[:1].tolist():
        raise InvalidInput(f"outcome {row}: what player {player} gains is more than a number can hold")
    for player in np.flatnonzero(gains.max(axis=0) <= 0)[:1]:
        raise InvalidInput(f"player {player} has {fallback[player]:g} outside and no more in any outcome: it agrees to none")
    scaled = gains / gains.max(axis=0)  # each player's gain as a share of the best it could have
    least, start = _common(scaled)
    if least <= NEAR:
        raise InvalidInput("outcomes: there is no mix of them at which all players gain over their outside options")
    weights = _largest_product(scaled, start)
    return Bargain(weights @ have, fallback, weights)


def _common(scaled):
    """The most that all can gain at the same time, as a share of the best of each, and weights that give it."""
    count, players = scaled.shape
    matrix = np.vstack([np.column_stack([scaled.T, -np.ones(players)]), np.r_[np.ones(count), 0.0]])
    low, high = np.r_[np.zeros(players), 1.0], np.r_[np.full(players, np.inf), 1.0]
    found = linear(
        np.r_[np.zeros(count), -1.0], matrix, low, high, np.r_[np.zeros(count), -np.inf], np.full(count + 1, np.inf)
    )
    return -found.objective, found.x[:-1] / found.x[:-1].sum()


def _largest_product(scaled, weights):
    """The weights at which the sum of the logarithms of the gains is largest, by Newton's method on the weights.

    At the optimum no outcome adds more to that sum than there are players. Each step is a least-squares problem with
    weights that are not negative; it is shortened where it goes too far (Wang 2007, who mixes distributions).
    """
    from scipy.optimize import nnls

    players = scaled.shape[1]
    for _ in range(STEPS):
        gains = weights @ scaled
        adds = scaled / gains
        if adds.sum(axis=1).max() < players * (1 + NEAR):
            return weights
        # The weights add up to 1, so 2 is twice their sum: what is left to make small has no constant.
        aim = nnls(np.vstack([adds.T - 2, np.ones(len(scaled))]), np.r_[np.zeros(players), 1.0])[0]
        weights = _further(scaled, weights, aim / aim.sum())
    raise NoConvergence("no exact bargain is found; fewer outcomes, without those that nobody would agree to, may help")


def _further(scaled, weights, aim):
    """The weights on the way to an aim where the sum of the logarithms rises still, or falls half as steeply as it rose."""
    change = aim - weights  # adds up to 0, so that a constant in what outcomes add does not matter

    def slope(gains):
        return change @ ((scaled / gains).sum(axis=1) - len(gains))

    before = slope(weights @ scaled)
    for halvings in range(HALVINGS):
        mixed = weights + change / 2**halvings
        gains = mixed @ scaled
        if (gains > 0).all() and slope(gains) >= -before / 2:
            return mixed
    return weights
