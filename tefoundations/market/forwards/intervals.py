"""Prices and quantities of several intervals: a single number holds for all of them."""

from itertools import combinations

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import numbers


def stretched(**given):
    """Arrays of one length, by name; a number, or an array of one, is repeated. Series must be of the same steps.

    Parameters
    ----------
    **given : (array, dict)
        Values by name, and what `numbers` is to ask of them.

    Returns
    -------
    list of (n,) float array

    Examples
    --------
    >>> stretched(price=([20, 30], {}), sold=(10, {"least": 0}))
    [array([20., 30.]), array([10., 10.])]
    """
    read = {
        name: numbers(values if _several(values) else [values], name, place="interval", **asked)
        for name, (values, asked) in given.items()
    }
    for (one, (first, _)), (other, (second, _)) in combinations(given.items(), 2):
        check_labels(second, other, first, one)
    length = max(map(len, read.values()), default=0) if all(map(len, read.values())) else 0
    for name, values in read.items():
        if len(values) not in (1, length):
            raise InvalidInput(f"{name} must be one number, or {length}, one for each interval, not {len(values)}")
    return [np.broadcast_to(values, length).copy() if len(values) != length else values for values in read.values()]


def _several(values):
    return np.iterable(values) and not isinstance(values, (str, bytes))
