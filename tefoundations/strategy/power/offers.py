"""The offer that earns a plant most against what the others ask and bid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number, numbers
from tefoundations.programmes import NEAR, is_zero
from tefoundations.strategy.power.staircase import ResidualDemand
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, repr=False)
class BestOffer(Explained):
    """One price for all that a plant has: the most it can earn, and what it earned by asking its cost.

    Parameters
    ----------
    quantity : float
        What it sells (kWh or MW); 0 where no price is above its cost.
    price : float
        What it is paid, and just above what it asks (ct/kWh or $/MWh); nan where it sells nothing.
    profit : float
        ct or $: a supremum, which it comes as near to as it likes.
    cost : float
        What a unit of energy costs it (ct/kWh or $/MWh).
    honest_quantity : float
        What it sells where it asks its cost.
    honest_profit : float
        What that earns (ct or $).
    """

    quantity: float
    price: float
    profit: float
    cost: float
    honest_quantity: float
    honest_profit: float

    @property
    def gain(self) -> float:
        """What the offer earns more than one at cost (ct or $)."""
        return self.profit - self.honest_profit

    def explain(self) -> str:
        """The arithmetic of the best offer, and of an offer at cost.

        Returns
        -------
        str

        Examples
        --------
        >>> print(best_offer([(0, 1, 50), (1, 4, 20)], cost=15).explain())
        It asks just below 50 and sells 1: (50 - 15) x 1 = 35.
        At its cost, 15, it would sell 4 and earn 20.
        """
        if not self.quantity:
            return f"No price is above its cost, {say(self.cost)}: it sells nothing."
        sum_ = f"({say(self.price)} - {say(self.cost)}) x {say(self.quantity)} = {say(self.profit)}"
        return (f"It asks just below {say(self.price)} and sells {say(self.quantity)}: {sum_}.\n"
                f"At its cost, {say(self.cost)}, it would sell {say(self.honest_quantity)} and earn "
                f"{say(self.honest_profit)}.")  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """Two rows: the best offer, and the one at cost.

        Returns
        -------
        pandas.DataFrame
            Columns offer, quantity (kWh or MW), profit (ct or $).
        """
        import pandas as pd

        rows = [("best", self.quantity, self.profit), ("at cost", self.honest_quantity, self.honest_profit)]
        return pd.DataFrame(rows, columns=["offer", "quantity", "profit"])

    def _at_a_glance(self):
        return [("asks just below", self.price), ("sells", self.quantity), ("profit", self.profit), ("cost", self.cost),
                ("sells at cost", self.honest_quantity), ("profit at cost", self.honest_profit)]  # fmt: skip

    def __repr__(self):
        return f"BestOffer({say(self.quantity)} at {say(self.price)}, profit {say(self.profit)})"


def best_offer(steps: ResidualDemand | Sequence[tuple] | ArrayLike, cost: float) -> BestOffer:
    """The best single price for all that a plant has, while everybody else stays as they are.

    Along a step of its residual demand the price stands still, so more is better down to the right end: the best offer
    is one of these ends. It asks just below the step's price, sells to its end, and no more. The answer is what it comes
    near to. It is optimistic where others ask that same price: at a tie somebody has to be served first.

    Parameters
    ----------
    steps : ResidualDemand or sequence of (from, to, price)
        From 0 on, each step from where the last one ended, at a lower price (kWh or MW; ct/kWh or $/MWh).
    cost : float
        What each unit of energy costs the plant (ct/kWh or $/MWh).

    Returns
    -------
    BestOffer
        Of offers that earn the same the one that sells more.

    Raises
    ------
    InvalidInput
        Names the step that does not follow the last, or whose price does not fall; a cost that is no number.

    References
    ----------
    Wolak, F. A. (2003), "Measuring unilateral market power in wholesale electricity markets: the California market,
    1998-2000", American Economic Review.

    Examples
    --------
    Everything costs more than it brings:

    >>> best_offer([(0, 5, 20)], cost=30)
    BestOffer(0 at nan, profit 0)

    A little for much, or much for little:

    >>> best_offer([(0, 1, 50), (1, 4, 20)], cost=12)
    BestOffer(1 at 50, profit 38)
    >>> best_offer([(0, 1, 50), (1, 4, 20)], cost=5)
    BestOffer(4 at 20, profit 60)
    """
    own = number(cost, "cost")
    stop, price = _read(steps)
    gains = (price - own) * stop
    sold = float(stop[price > own].max(initial=0.0))
    all_sold = sold == stop[-1]  # else its own offer, its cost, is the price
    honest = float(max(gains[-1], 0.0)) if all_sold else 0.0
    if not sold or gains.max() <= 0:
        return BestOffer(0.0, np.nan, 0.0, own, sold, honest)
    best = int(np.flatnonzero(is_zero(gains.max() - gains, gains.max()))[-1])
    return BestOffer(float(stop[best]), float(price[best]), float(gains[best]), own, sold, honest)


def _read(steps):
    """Right ends and prices of steps that are a staircase down from 0."""
    if isinstance(steps, ResidualDemand):
        return steps.stop, steps.price
    read = numbers(steps, "steps", ndim=2, place="step and entry")
    if not read.size or read.shape[1] != 3:
        raise InvalidInput(f"steps must be rows of (from, to, price), at least one, not of shape {read.shape}")
    end, last = 0.0, np.inf
    for row, (start, stop, price) in enumerate(read.tolist()):
        if not is_zero(start - end, max(abs(end), stop), NEAR):
            raise InvalidInput(f"step {row}: begins at {say(start)}, and must begin at {say(end)}")
        if stop <= start or price >= last:
            what = f"ends at {say(stop)}" if stop <= start else f"its price {say(price)} is not below {say(last)}"
            raise InvalidInput(f"step {row}: {what}; each must lead on to the right, at a lower price")
        end, last = stop, price
    return read[:, 1], read[:, 2]
