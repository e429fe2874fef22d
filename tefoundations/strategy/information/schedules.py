"""How much to sell in advance of what is not yet known: the newsvendor's quantile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.chances import chances_of, distribution, least_reaching
from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import number, numbers
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class AdvanceSale(Explained):
    """What to sell in advance, and what not knowing costs; `newsvendor` makes it.

    Parameters
    ----------
    outputs : (n,) float array
        What may come, each value once, rising (kWh).
    chances : (n,) float array
    price : float
        In advance (ct/kWh).
    short : float
        What a missing kWh costs later (ct/kWh).
    long : float
        What a kWh too many brings later (ct/kWh).
    quantity : float
        The least of the best quantities to sell in advance (kWh).
    """

    outputs: np.ndarray
    chances: np.ndarray
    price: float
    short: float
    long: float
    quantity: float

    @property
    def fractile(self) -> float:
        """The share of the outputs below which to sell: (price - long) / (short - long)."""
        return (self.price - self.long) / (self.short - self.long)

    @property
    def mean(self) -> float:
        """The output on average (kWh)."""
        return float(self.outputs @ self.chances)

    @property
    def cost(self) -> float:
        """What not knowing costs on average at the best quantity (ct): what a forecast that never errs is worth."""
        return self.cost_of(self.quantity)

    def cost_of(self, quantity: float) -> float:
        """What a quantity sold in advance costs on average, against selling just what will come.

        Parameters
        ----------
        quantity : float
            Sold in advance (kWh).

        Returns
        -------
        float
            ct.

        Raises
        ------
        InvalidInput
            A quantity that is no number.

        Examples
        --------
        >>> round(newsvendor([0, 2, 10], price=10, short=16, long=6).cost_of(4), 9)
        20.0
        """
        gap = number(quantity, "quantity") - self.outputs
        each = np.where(gap > 0, gap * (self.short - self.price), -gap * (self.price - self.long))
        return float(each @ self.chances)

    def explain(self) -> str:
        """The quantile in words, and what the mean would cost.

        Returns
        -------
        str

        Examples
        --------
        >>> print(newsvendor([0, 2, 10], price=10, short=16, long=6).explain())
        A kWh sold and missing costs 16 - 10 = 6 ct; one left over costs 10 - 6 = 4 ct.
        So sell up to the share 4 / (4 + 6) = 0.4 of what may come: 2 kWh.
        Not knowing costs 14.6667 ct on average; at the mean, 4 kWh, it would cost 20 ct.
        """
        less, more = self.short - self.price, self.price - self.long
        largest = float(np.abs(self.outputs).max())
        costs = self.cost, self.cost_of(self.mean)
        scale = largest * (less + more)
        return "\n".join([
            f"A kWh sold and missing costs {say(self.short)} - {say(self.price)} = {say(less)} ct; "
            f"one left over costs {say(self.price)} - {say(self.long)} = {say(more)} ct.",
            f"So sell up to the share {say(more)} / ({say(more)} + {say(less)}) = {say(self.fractile)} of what may come: "
            f"{say(self.quantity, largest, 0.0)} kWh.",
            f"Not knowing costs {say(costs[0], scale, 0.0)} ct on average; at the mean, {say(self.mean, largest, 0.0)} kWh, "
            f"it would cost {say(costs[1], scale, 0.0)} ct.",
        ])  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row for each output, as if it were sold in advance.

        Returns
        -------
        pandas.DataFrame
            Columns output (kWh), chance, at_most (chance of no more than it), cost (ct on average if so much is sold) and
            best.
        """
        import pandas as pd

        costs = [self.cost_of(output) for output in self.outputs]
        columns = {"output": self.outputs, "chance": self.chances, "at_most": self.chances.cumsum(), "cost": costs}
        return pd.DataFrame(columns | {"best": self.outputs == self.quantity})

    def _at_a_glance(self):
        return [
            ("sell in advance, kWh", self.quantity), ("mean output, kWh", self.mean), ("share", self.fractile),
            ("cost of not knowing, ct", self.cost), ("cost at the mean, ct", self.cost_of(self.mean)),
        ]  # fmt: skip

    def __repr__(self):
        return f"AdvanceSale({say(self.quantity, self.quantity)} kWh, costs {say(self.cost, self.cost)} ct on average)"


def newsvendor(
    outputs: ArrayLike, price: float, short: float, long: float, *, chances: ArrayLike | None = None
) -> AdvanceSale:
    """How much of an unknown output to sell in advance, where a miss is settled at two prices: a quantile, not the mean.

    What is missing is bought at `short`, what is over is sold at `long`.

    Parameters
    ----------
    outputs : (n,) array
        What may come (kWh), not negative; a value may stand there several times.
    price : float
        In advance (ct/kWh), from `long` to `short`.
    short, long : float
        Later (ct/kWh): paid for what is missing, got for what is over; `long` is below `short`.
    chances : (n,) array, optional
        Of each output; None: all are as likely.

    Returns
    -------
    AdvanceSale
        Its quantity is the least output that is exceeded with a chance of 1 - fractile at most.

    Raises
    ------
    InvalidInput
        Prices in another order, which names them; chances outside 0 to 1 or that do not add up to 1; no output, or one
        below 0.

    References
    ----------
    Arrow, K. J., Harris, T. and Marschak, J. (1951), "Optimal inventory policy", Econometrica 19(3), 250-272.

    Examples
    --------
    >>> newsvendor([0], price=10, short=16, long=6)
    AdvanceSale(0 kWh, costs 0 ct on average)
    >>> newsvendor([0, 2, 10], price=10, short=16, long=6).quantity
    2.0
    >>> newsvendor([0, 2, 10], price=10, short=6, long=16)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: prices must rise from long over price to short, not 16, 10, 6
    """
    given = numbers(outputs, "output", least=0, place="case")
    if not len(given):
        raise InvalidInput("outputs must be one case at least, and there is none")
    weights = chances_of(chances, "chance", len(given), "case")
    check_labels(chances, "chances", outputs, "outputs")
    now, missing, over = number(price, "price"), number(short, "short"), number(long, "long")
    if not (over <= now <= missing and over < missing):
        raise InvalidInput(f"prices must rise from long over price to short, not {say(over)}, {say(now)}, {say(missing)}")
    values, parts = distribution(given, weights)
    quantity = least_reaching(values, parts, (now - over) / (missing - over))
    return AdvanceSale(values, parts, now, missing, over, quantity)
