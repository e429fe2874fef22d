"""The nucleolus: the largest excess as small as can be, then the next largest, and so on, until one division is left."""

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.programmes import NEAR, is_zero
from tefoundations.strategy.fairness.core import ExcessProgramme
from tefoundations.strategy.fairness.subsets import sums


def nucleolus(values):
    """Shares of the nucleolus, by a sequence of linear programmes.

    Each minimises the largest excess of the coalitions whose excess is still open. Those with a positive dual have that
    excess at every optimum: it is fixed. A coalition is no longer open once its sum of shares follows from the fixed ones.

    Parameters
    ----------
    values : (2^n,) float array

    Returns
    -------
    (n,) float array
    """
    n = len(values).bit_length() - 1
    alone, whole = values[1 << np.arange(n)], float(values[-1])
    short = alone.sum() - whole
    if short > 0 and not is_zero(short, np.abs(alone).sum()):
        raise InvalidInput(
            f"all together are worth {whole:g}, less than the {alone.sum():g} their members have alone: whatever is shared, "
            "somebody leaves, and there is no nucleolus"
        )
    lower = alone + min(-short / n, 0.0) if short > 0 else alone  # rounding of their sum
    fixed, levels = np.ones((1, n)), values[-1:]
    programme = ExcessProgramme(values, lower)
    while np.linalg.matrix_rank(fixed) < n:
        excess, _, tight = programme.minimise(fixed, levels, open_to(fixed))
        for coalition in tight:
            more = np.vstack([fixed, coalition >> np.arange(n) & 1])
            if np.linalg.matrix_rank(more) == len(more):
                fixed, levels = more, np.r_[levels, values[coalition] - excess]
    shares = np.linalg.solve(fixed, levels)
    return np.where(is_zero(shares, np.abs(levels).max(), NEAR), 0.0, shares)


def open_to(fixed):
    """(2^n,) bool array: coalitions whose sum of shares does not follow from those of the fixed ones."""
    n = fixed.shape[1]
    rest = np.eye(n) - np.linalg.pinv(fixed) @ fixed  # what of a coalition the fixed ones do not span
    found = np.zeros(2**n, dtype=bool)
    for column in rest.T:
        found |= ~is_zero(sums(column), 1.0, NEAR)
    return found
