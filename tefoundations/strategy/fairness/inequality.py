"""How unequal incomes are: the Lorenz curve, and Gini's coefficient, twice the area between it and equality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import numbers

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def gini(incomes: ArrayLike) -> float:
    """Gini's coefficient: the mean difference of two incomes, as a share of twice the mean income.

    0 if all have the same, (n - 1)/n if one of n has everything. It says nothing of how much there is: the same sum added
    to each income lowers it.

    Parameters
    ----------
    incomes : (n,) array
        What each has (ct, or what the caller counts), not below 0 and not all 0.

    Returns
    -------
    float
        From 0 to below 1.

    Raises
    ------
    InvalidInput
        Incomes below 0, with which the coefficient has no meaning and no upper bound; all of them 0; none.

    References
    ----------
    Lorenz, M. O. (1905), "Methods of measuring the concentration of wealth", Publications of the American Statistical
    Association 9, 209-219: the curve that it is the area of.

    Examples
    --------
    >>> gini([20, 20]), gini([0, 40]), round(gini([3.5, 1.5, 0, 3.5, 1.5, 0]), 4)
    (0.0, 0.5, 0.4667)
    >>> gini([-2, 0, 3])
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: person 0: incomes -2.0 must not be negative
    """
    sorted_shares = _shares(incomes)
    n = len(sorted_shares)
    return max(float((2 * np.arange(1, n + 1) - n - 1) @ sorted_shares) / n, 0.0)


def lorenz(incomes: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """The Lorenz curve: which part of all income the poorest have.

    Parameters
    ----------
    incomes : (n,) array
        What each has (ct, or what the caller counts), not below 0 and not all 0.

    Returns
    -------
    people, income : (n + 1,) float arrays
        The poorest 0, 1, ..., n as a share of all, and their share of all income.

    Raises
    ------
    InvalidInput
        Incomes below 0, all of them 0, or none.

    References
    ----------
    Lorenz, M. O. (1905), "Methods of measuring the concentration of wealth", Publications of the American Statistical
    Association 9, 209-219.

    Examples
    --------
    >>> people, income = lorenz([3, 0, 1])
    >>> people.round(2), income
    (array([0.  , 0.33, 0.67, 1.  ]), array([0.  , 0.  , 0.25, 1.  ]))
    """
    shares = _shares(incomes)
    return np.linspace(0, 1, len(shares) + 1), np.r_[0.0, np.cumsum(shares[:-1]), 1.0]


def _shares(incomes):
    """The shares of all income, from the smallest."""
    array = numbers(incomes, "incomes", least=0, place="person")
    if not array.any():
        raise InvalidInput("incomes must not all be 0: there are no shares" if len(array) else "incomes must not be empty")
    scaled = array / array.max()
    return np.sort(scaled) / scaled.sum()
