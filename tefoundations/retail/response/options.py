"""The option of not consuming: what a right is worth that is used only when it pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels, series
from tefoundations.inputs import number, numbers
from tefoundations.programmes import NEAR, is_zero

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def option_value(prices: ArrayLike, value: float, probabilities: ArrayLike | None = None) -> float:
    """What it is worth to hold a kWh that may be used or sold back, beyond using it in any case.

    Who owns a kWh and knows its price before deciding sells it where the price is above what it is worth to the owner. A
    promise to sell in any case brings the mean price less the value, which may be below 0. The right brings the mean of
    what is gained where it is used, which is never below 0 nor below the promise.

    Parameters
    ----------
    prices : (n,) array
        The prices that there may be (ct/kWh).
    value : float
        What the kWh is worth to its owner (ct/kWh).
    probabilities : (n,) array, optional
        Of each price, 1 in sum; None: all alike.

    Returns
    -------
    float
        ct/kWh.

    Raises
    ------
    InvalidInput
        No price; probabilities below 0 or not 1 in sum, or labelled otherwise than the prices.

    Examples
    --------
    >>> option_value([20, 25], value=30)                                    # never worth selling
    0.0
    >>> option_value([10, 50], value=30)                                    # a promise to sell would bring 0
    10.0
    """
    each = series(prices, "prices", place="price")
    if probabilities is None:
        weights = np.full(len(each), 1 / len(each))
    else:
        weights = numbers(probabilities, "probabilities", least=0, count=len(each), place="price")
        check_labels(probabilities, "probabilities", prices, "prices")
        if not is_zero(weights.sum() - 1, of=1, share=NEAR):
            raise InvalidInput(f"probabilities must be 1 in sum, not {weights.sum():g}")
    return float(weights @ np.maximum(each - number(value, "value", unit="(ct/kWh)"), 0.0))
