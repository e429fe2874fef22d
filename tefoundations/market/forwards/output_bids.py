"""What to sell the day before of an output that is only forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.chances import chances_of, distribution, least_reaching
from tefoundations.errors import InvalidInput
from tefoundations.indices import check_labels
from tefoundations.inputs import number, numbers
from tefoundations.programmes import NEAR
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False, repr=False)
class OutputBid(Explained):
    """The bid that earns most on average, and what others earn; `best_bid` makes it.

    Parameters
    ----------
    day_ahead, short, long : float
        Price of the day before, of what is missing, of what is over (ct/kWh).
    outputs : (n,) float array
        What may come (kWh), rising.
    levels : (n,) float array
        The chance that no more comes than each.
    smooth : bool
        Whether the output may lie anywhere between two of them, or only on them.
    bid : float
        The least output of the forecast that is a best bid (kWh). Bids below it earn less, but for one case: where
        `day_ahead` is `long`, all bids from 0 to the least output earn the same. Where `day_ahead` is `short`, it is the
        largest output, and all bids above it earn the same.
    """

    day_ahead: float
    short: float
    long: float
    outputs: np.ndarray
    levels: np.ndarray
    smooth: bool
    bid: float

    @property
    def level(self) -> float:
        """The quantile to bid: (day_ahead - long) / (short - long)."""
        return (self.day_ahead - self.long) / (self.short - self.long)

    @property
    def mean(self) -> float:
        """The output on average (kWh)."""
        ends = np.diff(self.levels, prepend=0.0)
        if not self.smooth:
            return float(ends @ self.outputs)
        return float(ends[1:] @ (self.outputs[1:] + self.outputs[:-1]) / 2)

    @property
    def income(self) -> float:
        """What the best bid earns on average (ct)."""
        return self.income_of(self.bid)

    def income_of(self, bid: float) -> float:
        """What a bid earns on average.

        Parameters
        ----------
        bid : float
            Sold the day before (kWh).

        Returns
        -------
        float
            ct.

        Raises
        ------
        InvalidInput
            A bid that is no number.

        Examples
        --------
        >>> round(best_bid(50, 70, 40, [0, 100], levels=[0, 1]).income_of(50), 6)
        2125.0
        """
        sold = number(bid, "bid")
        missing = self._mean_above(sold)
        over = missing + self.mean - sold
        return self.day_ahead * sold + self.long * over - self.short * missing

    def _mean_above(self, sold):
        """What is missing on average: the mean of max(sold - output, 0)."""
        ends = np.diff(self.levels, prepend=0.0)
        if not self.smooth:
            return float(ends @ np.maximum(sold - self.outputs, 0.0))
        low, high, ends = self.outputs[:-1], self.outputs[1:], ends[1:]
        wide = high > low
        reached = np.clip(sold, low, high) - low  # of each stretch, where the output is as likely everywhere
        inside = np.divide(reached**2 / 2, high - low, out=np.zeros_like(low), where=wide)
        return float(ends @ (inside + np.maximum(sold - high, 0.0)))

    def explain(self) -> str:
        """The quantile, and what it earns beside the mean, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(best_bid(50, 70, 40, [0, 100], levels=[0, 1]).explain())
        A kWh that is missing loses 70 - 50 = 20 ct; one that is over loses 50 - 40 = 10 ct.
        So bid the output that is not reached with a chance of 10 / (10 + 20) = 0.333333: 33.3333 kWh.
        It earns 2166.67 ct on average; the mean output, 50 kWh, would earn 2125 ct.
        """
        less, more = self.short - self.day_ahead, self.day_ahead - self.long
        size = float(np.abs(self.outputs).max())
        money = size * max(abs(self.short), abs(self.long), abs(self.day_ahead))
        return "\n".join([
            f"A kWh that is missing loses {say(self.short)} - {say(self.day_ahead)} = {say(less)} ct; "
            f"one that is over loses {say(self.day_ahead)} - {say(self.long)} = {say(more)} ct.",
            f"So bid the output that is not reached with a chance of {say(more)} / ({say(more)} + {say(less)}) = "
            f"{say(self.level)}: {say(self.bid, size, 0.0)} kWh.",
            f"It earns {say(self.income, money, 0.0)} ct on average; the mean output, {say(self.mean, size, 0.0)} kWh, "
            f"would earn {say(self.income_of(self.mean), money, 0.0)} ct.",
        ])  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row for each output of the forecast, as if it were the bid.

        Returns
        -------
        pandas.DataFrame
            Columns output (kWh), level (chance of no more than it), income (ct on average if so much is bid).
        """
        import pandas as pd

        incomes = [self.income_of(output) for output in self.outputs]
        return pd.DataFrame({"output": self.outputs, "level": self.levels, "income": incomes})

    def _at_a_glance(self):
        return [("bid, kWh", self.bid), ("quantile", self.level), ("income, ct", self.income),
                ("mean output, kWh", self.mean), ("income at the mean, ct", self.income_of(self.mean))]  # fmt: skip

    def __repr__(self):
        return f"OutputBid({say(self.bid, self.bid)} kWh, earns {say(self.income, self.income)} ct on average)"


def best_bid(
    day_ahead: float, short: float, long: float, outputs: ArrayLike, *, levels: ArrayLike | None = None
) -> OutputBid:
    """The bid of the day before that earns most on average, where a miss is settled at two prices.

    The forecast is a sample of outputs, or, with `levels`, quantiles as forecasters publish them; between two of these the
    output is as likely everywhere.
    For a sample the bid is the quantity of `tefoundations.strategy.newsvendor`, which tells what not knowing costs; both
    rooms take the quantile from one place, and here it is the income that is told.

    Parameters
    ----------
    day_ahead : float
        Price of the day before (ct/kWh), from `long` to `short`.
    short, long : float
        Paid for what is missing, got for what is over (ct/kWh); `long` is below `short`.
    outputs : (n,) array
        What may come (kWh), not negative: in any order, or with `levels` in rising order.
    levels : (n,) array, optional
        The chance that no more comes than each of `outputs`, rising from 0 to 1.

    Returns
    -------
    OutputBid

    Raises
    ------
    InvalidInput
        No output, one below 0, prices in another order, levels that do not rise from 0 to 1, or outputs that fall.

    References
    ----------
    Pinson, P., Chevallier, C. and Kariniotakis, G. (2007), "Trading wind generation from short-term probabilistic
    forecasts of wind power", IEEE Transactions on Power Systems 22(3), 1148-1156.

    Examples
    --------
    >>> best_bid(50, 70, 40, [0])
    OutputBid(0 kWh, earns 0 ct on average)
    >>> best_bid(50, 70, 40, [0, 100], levels=[0, 1])
    OutputBid(33.3333 kWh, earns 2166.67 ct on average)
    >>> best_bid(50, 70, 40, [30, 60, 90]).bid
    30.0

    Best too: at the price of what is over, any bid up to the least output; at that of what is missing, any from the largest:

    >>> low, high = best_bid(40, 70, 40, [30, 60, 90]), best_bid(70, 70, 40, [30, 60, 90])
    >>> low.bid, [low.income_of(bid) for bid in (0, 30, 40)]
    (30.0, [2400.0, 2400.0, 2300.0])
    >>> high.bid, [high.income_of(bid) for bid in (80, 90, 200)]
    (90.0, [4100.0, 4200.0, 4200.0])
    """
    given = numbers(outputs, "output", least=0, place="case")
    if not len(given):
        raise InvalidInput("outputs must be one at least, and there is none")
    now, missing, over = number(day_ahead, "day_ahead"), number(short, "short"), number(long, "long")
    if not (over <= now <= missing and over < missing):
        raise InvalidInput(
            f"prices must rise from long over day_ahead to short, not {say(over)}, {say(now)}, {say(missing)}"
        )
    level = (now - over) / (missing - over)
    if levels is None:
        values, parts = distribution(given, chances_of(None, "chance", len(given), "case"))
        return OutputBid(now, missing, over, values, parts.cumsum(), False, least_reaching(values, parts, level))
    reached = _levels(levels, given)
    check_labels(levels, "levels", outputs, "outputs")
    return OutputBid(now, missing, over, given, reached, True, _quantile(given, reached, level))


def _levels(levels, outputs):
    read = numbers(levels, "level", least=0, count=len(outputs), place="case")
    if len(read) < 2 or read[0] > NEAR or abs(read[-1] - 1) > NEAR:
        raise InvalidInput(f"levels must rise from 0 to 1, not from {say(read[0])} to {say(read[-1])}")
    for row in range(1, len(read)):
        if read[row] < read[row - 1] or outputs[row] < outputs[row - 1]:
            falls = "level" if read[row] < read[row - 1] else "output"
            raise InvalidInput(f"case {row}: the {falls} is below that of case {row - 1}, and both must rise")
    return np.concatenate([[0.0], read[1:-1], [1.0]])


def _quantile(outputs, levels, level):
    """The least output whose level is reached: on the first stretch that comes up to it."""
    row = max(int(np.argmax(levels >= level - NEAR)), 1)
    rise = levels[row] - levels[row - 1]
    part = 0.0 if rise == 0 else min(max((level - levels[row - 1]) / rise, 0.0), 1.0)
    return float(outputs[row - 1] + part * (outputs[row] - outputs[row - 1]))
