"""What each member adds, on average over all orders in which they may come: exact, and from a sample of orders."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import function, generator, number, whole
from tefoundations.strategy.fairness.subsets import read_members, rows
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

MOST_ORDERS = 10**6
MOST_PEOPLE = 10**4
MOST_MEANS = 2 * 10**7  # of a member in a pair of orders


def exact(values):
    """Shapley values of a table of coalitions, by the weight that each coalition without a member has.

    Parameters
    ----------
    values : (2^n,) float array

    Returns
    -------
    (n,) float array
    """
    n = len(values).bit_length() - 1
    size = rows(np.arange(len(values)), n).sum(axis=1)
    weight = np.array([1 / (n * comb(n - 1, s)) for s in range(n)] + [0.0])[size]
    found = np.empty(n)
    for i in range(n):
        pairs, weights = values.reshape(-1, 2, 2**i), weight.reshape(-1, 2, 2**i)[:, 0]  # without and with member i
        found[i] = (weights * (pairs[:, 1] - pairs[:, 0])).sum()
    return found


@dataclass(frozen=True, eq=False, repr=False)
class ShapleyEstimate(Explained):
    """Shapley values from a sample of orders.

    Attributes
    ----------
    members : (n,) tuple of str
    shares : (n,) float array
        Mean of what each member added. They add up to the worth of all, whatever the sample.
    error : (n,) float array
        Standard error of each.
    orders : int
        How many orders were drawn.
    """

    members: tuple[str, ...]
    shares: np.ndarray
    error: np.ndarray
    orders: int

    def explain(self) -> str:
        """The shares with their errors.

        Returns
        -------
        str

        Examples
        --------
        >>> estimate = shapley_sampled(lambda here: 10.0 * here.sum() ** 2, "AB", orders=4, rng=1)
        >>> print(estimate.explain())
        From 4 orders: A 20 (standard error 0), B 20 (standard error 0).
        """
        told = (f"{name} {say(x)} (standard error {say(e)})" for name, x, e in zip(self.members, self.shares, self.error))
        return f"From {count(self.orders, 'order')}: {', '.join(told)}."

    def to_frame(self) -> pd.DataFrame:
        """One row a member.

        Returns
        -------
        pandas.DataFrame
            Index member; columns share and error, in the unit of the worth.
        """
        import pandas as pd

        index = pd.Index(self.members, name="member")
        return pd.DataFrame({"share": self.shares, "error": self.error}, index=index)

    def __repr__(self):
        return f"ShapleyEstimate({len(self.members)} members, {self.orders} orders, error up to {self.error.max():.3g})"

    def _at_a_glance(self):
        return [("orders", self.orders), *zip(self.members[:20], map(float, self.shares))]


def shapley_sampled(
    worth: Callable, members: int | Sequence[str], *, orders: int, rng: np.random.Generator | int
) -> ShapleyEstimate:
    """Shapley values of a game that is too large for a table of its coalitions.

    Orders are drawn in pairs, each with its reverse: who comes late in the one comes early in the other, and the errors
    partly cancel. The standard error is that of the means of the pairs.

    Parameters
    ----------
    worth : callable
        ``worth(here)`` takes an (n,) bool array, true for who takes part, and returns a number.
    members : int or sequence of str
        How many there are, or their names.
    orders : int
        An even number, at least 4. Each takes n calls of `worth`.
    rng : numpy.random.Generator or int
        Source of all randomness.

    Returns
    -------
    ShapleyEstimate

    Raises
    ------
    InvalidInput
        What is no function; a worth that is no number; members that are not there or not names; an odd number of orders.

    References
    ----------
    Castro, J., Gómez, D. and Tejada, J. (2009), "Polynomial calculation of the Shapley value based on sampling",
    Computers & Operations Research.

    Examples
    --------
    One roof and twenty-nine homes without one: each home that joins is worth 10 ct if the roof is there.

    >>> def worth(here):
    ...     return 10.0 * here[0] * here[1:].sum()
    >>> estimate = shapley_sampled(worth, 30, orders=2000, rng=1)
    >>> round(float(estimate.shares[0])), round(float(estimate.error[0]), 6), round(float(estimate.shares[1]), 1)
    (145, 0.0, 5.0)
    """
    function(worth, "worth", of="a bool array")
    if isinstance(members, (int, np.integer)) and not isinstance(members, bool):
        names = read_members(None, whole(members, "members", least=1, most=MOST_PEOPLE))
    else:
        names = read_members(members)
    n = len(names)
    drawn = checked(orders, n)
    if not n:
        raise InvalidInput("members must not be empty")
    rng, means = generator(rng), np.empty((drawn // 2, n))
    empty = number(worth(np.zeros(n, dtype=bool)), "worth of nobody")
    if empty != 0:
        raise InvalidInput(f"worth of nobody {empty:g} must be 0")
    for mean in means:
        order = rng.permutation(n)
        mean[:] = (_added(worth, order) + _added(worth, order[::-1])) / 2
    return estimate(names, means, drawn)


def _added(worth, order):
    """What each member adds to those before it."""
    here, last, found = np.zeros(len(order), dtype=bool), 0.0, np.empty(len(order))
    for i in order:
        here[i] = True
        now = number(worth(here.copy()), "worth")
        found[i], last = now - last, now
    return found


def sampled(values, members, orders, rng):
    """The same from a table of coalitions, all orders at once."""
    n = len(members)
    drawn = checked(orders, n)
    order = generator(rng).permuted(np.tile(np.arange(n), (drawn // 2, 1)), axis=1)
    means = np.zeros(order.shape)
    for way in (order, order[:, ::-1]):
        reached = values[np.cumsum(1 << way, axis=1)]
        added = np.diff(reached, axis=1, prepend=0.0)
        means[np.arange(len(way))[:, None], way] += added / 2
    return estimate(members, means, drawn)


def checked(orders, n):
    """An even number of orders, at least 4, and not so many that what n members add in them does not fit."""
    drawn = whole(orders, "orders", least=4, most=MOST_ORDERS)
    if drawn % 2:
        raise InvalidInput(f"orders {drawn} must be even: each order is drawn with its reverse")
    if drawn // 2 * n > MOST_MEANS:
        raise InvalidInput(f"orders {drawn} are too many for {n} members: at most {2 * (MOST_MEANS // n):,}")
    return drawn


def estimate(members, means, orders):
    """An estimate from the means of pairs of orders."""
    return ShapleyEstimate(members, means.mean(axis=0), means.std(axis=0, ddof=1) / np.sqrt(len(means)), orders)
