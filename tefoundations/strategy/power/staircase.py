"""What is left of a market for one seller: the price it would be paid for each quantity, all others as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.inputs import positive
from tefoundations.strategy.power.tangents import convex_steps
from tefoundations.words import Explained, columns_table, count, say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class ResidualDemand(Explained):
    """The price at one seller's place by the quantity it puts in: steps that fall.

    Parameters
    ----------
    start, stop : (n,) float arrays
        From where to where each step goes (kWh or MW).
    price : (n,) float array
        What is paid there (ct/kWh or $/MWh), falling from step to step. At a corner it may be anything between two steps.
    dispatches : int
        How often the rest of the market was cleared to find them.
    """

    start: np.ndarray
    stop: np.ndarray
    price: np.ndarray
    dispatches: int

    def explain(self) -> str:
        """The steps, one a line.

        Returns
        -------
        str

        Examples
        --------
        >>> print(residual_demand(lambda q: (-12 * q if q < 3 else -36 - 5 * (q - 3), 12 if q < 3 else 5), 4).explain())
        It is paid 12 up to 3.
        Then 5 up to 4.
        """
        told = [f"{say(price)} up to {say(stop)}." for price, stop in zip(self.price, self.stop)]
        return "\n".join([f"It is paid {told[0]}", *(f"Then {one}" for one in told[1:])])

    def to_frame(self) -> pd.DataFrame:
        """One row for each step.

        Returns
        -------
        pandas.DataFrame
            Columns start, stop (kWh or MW), price (ct/kWh or $/MWh).
        """
        import pandas as pd

        return pd.DataFrame({"start": self.start, "stop": self.stop, "price": self.price})

    def _at_a_glance(self):
        return [("steps", str(len(self.price))), ("highest price", float(self.price[0])),
                ("lowest price", float(self.price[-1])), ("most put in", float(self.stop[-1]))]  # fmt: skip

    def _repr_html_(self):
        columns = {"from": self.start, "to": self.stop, "price": self.price}
        return columns_table({name: values.tolist() for name, values in columns.items()}, "te-residualdemand")

    def __repr__(self):
        return f"ResidualDemand({count(len(self.price), 'step')}, {say(self.price[0])} to {say(self.price[-1])})"


def residual_demand(rest: Callable[[float], tuple[float, float]], most: float) -> ResidualDemand:
    """What one seller would be paid for each quantity, found exactly by clearing the rest of the market a few times.

    With linear offers and bids the cost of serving everybody else falls with what the seller puts in, by the price at its
    place; it is convex, and linear in pieces. Tangents at two quantities meet where there may be a corner: the market is
    cleared there, and so on until all corners are known. Nothing is bounded by a guess, as in programmes with a big M.

    Parameters
    ----------
    rest : callable
        ``rest(quantity)``: (cost, price). The seller's plant is taken away, and the quantity is put in at its place.
        The cost is what all others produce at (ct or $) less what served bids are worth; the price (ct/kWh or $/MWh) is that
        at its place. Where load must be served at any cost, let it bid the cap: without the seller it may be impossible.
    most : float
        All that the plant can put in (kWh or MW).

    Returns
    -------
    ResidualDemand

    Raises
    ------
    InvalidInput
        What is no function, or answers something else than two finite numbers; a cost that is not convex or does not fall by
        the price; more than a thousand calls, as where costs are curved (then sweep the quantity).

    Notes
    -----
    One plant. An owner of several can look at each while the others stay; all at once are a mixed-integer programme.

    Examples
    --------
    No buyer is left, so nothing is paid:

    >>> residual_demand(lambda quantity: (0, 0), 5).price
    array([0.])

    A rival sells up to 3 MW at 20; 4 MW are wanted at up to 50.

    >>> def rest(quantity):
    ...     rival = min(3, max(4 - quantity, 0))
    ...     served = min(4, rival + quantity)
    ...     return 20 * rival - 50 * served, 50 if quantity < 1 else 20 if quantity < 4 else 0
    >>> print(residual_demand(rest, 5).explain())
    It is paid 50 up to 1.
    Then 20 up to 4.
    Then 0 up to 5.
    """
    (start, stop, price), dispatches = convex_steps(rest, positive(most, "most"))
    return ResidualDemand(start, stop, price, dispatches)
