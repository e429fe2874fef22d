"""Chances as they are given, what may come with them, and the least of it that is reached with a given chance."""

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import numbers
from tefoundations.programmes import NEAR
from tefoundations.words import say, shown

__all__ = []  # for the rooms: no page of the documentation shows these


def chances_of(values, name, count, place):
    """An array of chances that add up to 1.

    Parameters
    ----------
    values : (count,) array or None
        None: all are as likely.
    name, place : str
        Of the argument, and of what each chance belongs to, for the error.
    count : int

    Returns
    -------
    (count,) float array

    Examples
    --------
    >>> chances_of([0.5, 0.6], "chance", 2, "state")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: chances [0.5, 0.6] add up to 1.1, not to 1
    >>> chances_of(None, "chance", 2, "state")
    array([0.5, 0.5])
    """
    if values is None:
        return np.full(count, 1 / count)
    read = numbers(values, name, least=0, count=count, place=place)
    for row in np.flatnonzero(read > 1 + NEAR)[:1]:
        raise InvalidInput(f"{place} {row}: {name} {say(read[row])} must be a number from 0 to 1")
    if abs(read.sum() - 1) > NEAR:
        raise InvalidInput(f"{name}s {shown(read.tolist())} add up to {say(read.sum())}, not to 1")
    return read


def distribution(values, chances):
    """What may come, each value once and rising, and its chance; what never comes is left out.

    Parameters
    ----------
    values, chances : (n,) float array

    Returns
    -------
    (m,) float array, (m,) float array

    Examples
    --------
    >>> distribution(np.array([10.0, 0.0, 10.0, 5.0]), np.array([0.25, 0.5, 0.25, 0]))
    (array([ 0., 10.]), array([0.5, 0.5]))
    """
    once, places = np.unique(values, return_inverse=True)
    parts = np.bincount(places, weights=chances)
    possible = parts > 0
    return once[possible], parts[possible] / parts.sum()


def least_reaching(values, chances, level):
    """The least value below or at which so much of the chance lies: the quantile.

    Parameters
    ----------
    values, chances : (n,) float array
        As `distribution` gives them.
    level : float
        From 0 to 1.

    Returns
    -------
    float

    Examples
    --------
    >>> least_reaching(np.array([0.0, 2.0, 10.0]), np.full(3, 1 / 3), 0.4)
    2.0
    """
    return float(values[np.argmax(chances.cumsum() >= level - NEAR)])
