"""A market maker for claims of which one will pay: Hanson's logarithmic market scoring rule."""

from __future__ import annotations

from decimal import ROUND_CEILING, Context, Decimal, localcontext
from math import ceil, exp, log
from sys import float_info
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import whole
from tefoundations.market.amm.reserves import MOST
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

DIGITS = Context(prec=80)
FINEST = Decimal("1e-30")  # what 80 digits cannot tell from a whole number


class ScoringRule(Explained):
    """Sells claims on outcomes of which one will come true; a claim on that one pays a unit of money, the others nothing.

    With `q` the claims sold, all sales together have brought in `C(q) - C(0)`, where `C(q) = b ln sum e^(q / b)`. A price is
    between 0 and 1: the market's chance of the outcome. The patron who stands behind it can lose `b ln n` at most. There is
    nothing to add or remove: b is what the patron gives, once.

    Money and claims are whole numbers. What has been brought in is rounded up as a whole, so it hangs on what is sold alone:
    splitting a purchase changes nothing, and who sells back what it bought has lost nothing.

    Parameters
    ----------
    depth : int
        b, in units of money (micro-tokens): the larger, the less a purchase moves the price.
    outcomes : int
        How many, 2 at least.

    Raises
    ------
    InvalidInput
        A depth or a number of outcomes that is no whole number within its bounds.

    References
    ----------
    Hanson, R. (2003), "Combinatorial information market design", Information Systems Frontiers 5(1), 107-119.

    Examples
    --------
    >>> rule = ScoringRule(depth=100_000_000)            # b = 100 tokens, in micro-tokens
    >>> rule.swap(109_861_229, outcome=0)                # 100 ln 3 claims for 100 ln 2 tokens
    69314719
    >>> [round(float(price), 6) for price in rule.prices], rule.result(0), round(rule.worst)
    ([0.75, 0.25], -40546510, 69314718)
    """

    def __init__(self, depth: int, outcomes: int = 2):
        self.depth = whole(depth, "depth", least=1, most=MOST)
        self._sold = [0] * whole(outcomes, "outcomes", least=2, most=1000)
        self._held = 0

    @property
    def sold(self) -> tuple[int, ...]:
        """Claims sold of each outcome, less those sold back."""
        return tuple(self._sold)

    @property
    def held(self) -> int:
        """Money brought in so far, less what was paid out (micro-tokens)."""
        return self._held

    @property
    def worst(self) -> float:
        """What the patron can lose at most, b ln n (micro-tokens)."""
        return float(self.depth * np.log(len(self._sold)))

    @property
    def prices(self) -> np.ndarray:
        """(n,) float array: units of money for a very little of each claim (micro-tokens for one); they add up to 1."""
        top = max(self._sold)
        weights = np.exp([(one - top) / self.depth for one in self._sold])
        return weights / weights.sum()

    def price(self, outcome: int) -> float:
        """The price of one claim.

        Parameters
        ----------
        outcome : int
            From 0.

        Returns
        -------
        float
            From 0 to 1 (micro-tokens for a claim on one).

        Raises
        ------
        InvalidInput
            An outcome that is none.
        """
        return float(self.prices[self._outcome(outcome)])

    def quote(self, amount: int, outcome: int) -> int:
        """What claims would cost; nothing changes.

        Parameters
        ----------
        amount : int
            Claims to buy; below 0: to sell back.
        outcome : int
            From 0.

        Returns
        -------
        int
            Money (micro-tokens); below 0: paid to who sells back.

        Raises
        ------
        InvalidInput
            An amount or an outcome that is none; more sold back than was ever sold.
        """
        place = self._outcome(outcome)
        has, given = self._sold[place], whole(amount, "amount", least=-MOST, most=MOST)
        if given < -has:
            raise InvalidInput(f"amount {-given} of outcome {place} cannot be sold back: {has} were sold")
        if has + given > MOST:
            raise InvalidInput(f"amount {given} must leave the claims sold at {say(MOST)} at most")
        return self._brought([one + given * (k == place) for k, one in enumerate(self._sold)]) - self._held

    def swap(self, amount: int, outcome: int) -> int:
        """Buy claims, or sell them back.

        Parameters
        ----------
        amount : int
            Claims to buy; below 0: to sell back.
        outcome : int
            From 0.

        Returns
        -------
        int
            Money paid (micro-tokens); below 0: got.

        Raises
        ------
        InvalidInput
            As `quote`.
        """
        paid = self.quote(amount, outcome)
        self._held += paid
        self._sold[outcome] += int(amount)
        return paid

    def result(self, outcome: int) -> int:
        """What the patron would have if an outcome came true: the money brought in, less the claims to be paid.

        Parameters
        ----------
        outcome : int
            From 0.

        Returns
        -------
        int
            Micro-tokens, never less than minus `worst`.

        Raises
        ------
        InvalidInput
            An outcome that is none.
        """
        return self._held - self._sold[self._outcome(outcome)]

    def explain(self) -> str:
        """Prices, money held and the patron's risk, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(ScoringRule(100).explain())
        Nothing is sold yet: each of 2 outcomes is priced at 0.5.
        The patron holds 0, and loses 69.3147 at most: 100 ln 2.
        """
        n, sold, best = len(self._sold), say(max(self._sold)), int(np.argmax(self._sold))
        first = f"Nothing is sold yet: each of {n} outcomes is priced at {say(1 / n)}."
        if any(self._sold):
            first = f"Priced highest is outcome {best}, at {say(self.prices.max())}, of which {sold} are sold."
        most = f"{say(self.worst, self.worst)} at most: {say(self.depth)} ln {n}"
        return f"{first}\nThe patron holds {say(self._held)}, and loses {most}."

    def to_frame(self) -> pd.DataFrame:
        """One row for each outcome.

        Returns
        -------
        pandas.DataFrame
            Columns outcome, sold (claims), price (0 to 1) and result (of the patron if it comes true, micro-tokens).
        """
        import pandas as pd

        result = [float(self._held - one) for one in self._sold]
        columns = {"outcome": range(len(result)), "sold": [float(one) for one in self._sold]}
        return pd.DataFrame(columns | {"price": self.prices, "result": result})

    def _at_a_glance(self):
        return [
            ("outcomes", len(self._sold)), ("depth b, units", float(self.depth)), ("money held, units", float(self._held)),
            ("highest price", float(self.prices.max())), ("worst loss, units", self.worst),
        ]  # fmt: skip

    def __repr__(self):
        return f"ScoringRule(depth={self.depth}, sold={self._sold[:8]})"

    def _outcome(self, outcome):
        return whole(outcome, "outcome", least=0, most=len(self._sold) - 1)

    def _brought(self, sold):
        """C(q) - C(0), rounded up: by the largest, so that no power is too large for a number."""
        top, b, n = max(sold), self.depth, len(sold)
        if top == min(sold):
            return top
        near = top + b * log(sum(exp((one - top) / b) for one in sold) / n)
        error = 4 * float_info.epsilon * ((n + 8) * b * (1 + log(n)) + abs(top))
        # Eighty digits are needed only where sixteen cannot tell on which side of a whole number the sum lies.
        return ceil(near) if error < abs(near - round(near)) else self._digits(sold)

    def _digits(self, sold):
        """The same by 80 digits."""
        with localcontext(DIGITS):
            top, b = max(sold), Decimal(self.depth)
            total = sum(((one - top) / b).exp() for one in map(Decimal, sold))
            brought = top + b * (total.ln() - Decimal(len(sold)).ln())
            return int((brought - FINEST).to_integral_value(ROUND_CEILING))
