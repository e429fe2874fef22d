"""The market maker's spread: two prices of one who must trade with people who may know more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.inputs import number, one_of, share
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

SIDES = ("buy", "sell")


@dataclass(frozen=True, repr=False)
class Spread(Explained):
    """The prices at which a market maker neither gains nor loses; `spread` makes it. Prices are in one unit, ct/kWh.

    Parameters
    ----------
    low, high : float
        What the thing may turn out to be worth.
    chance : float
        That it is worth `high`.
    informed : float
        Share of the traders who know which.
    """

    low: float
    high: float
    chance: float
    informed: float

    @property
    def value(self) -> float:
        """What it is worth on average."""
        return self.low + self.chance * (self.high - self.low)

    @property
    def ask(self) -> float:
        """Price at which the market maker sells: the worth on average if somebody buys."""
        return self.low + self._high_after("buy") * (self.high - self.low)

    @property
    def bid(self) -> float:
        """Price at which the market maker buys: the worth on average if somebody sells."""
        return self.low + self._high_after("sell") * (self.high - self.low)

    @property
    def width(self) -> float:
        """Ask less bid."""
        return self.ask - self.bid

    @property
    def uninformed_pay(self) -> float:
        """What a trader who knows nothing loses on average: half of the width."""
        return self.width / 2

    @property
    def informed_gain(self) -> float:
        """What a trader who knows gains on average: it buys what is worth `high`, and sells what is worth `low`."""
        return self.chance * (self.high - self.ask) + (1 - self.chance) * (self.bid - self.low)

    def after(self, side: str) -> Spread:
        """The prices after one trade, which tells something to all.

        Parameters
        ----------
        side : {"buy", "sell"}
            What the trader did.

        Returns
        -------
        Spread
            With the chance that follows by Bayes' rule.

        Raises
        ------
        InvalidInput
            Another side; a trade after which nothing is unknown, or so little that it is lost in rounding.

        Examples
        --------
        >>> first = spread(0, 10, 0.5, 0.2)
        >>> first.after("buy"), first.after("buy").after("sell")
        (Spread(5 to 6.92308), Spread(4 to 6))
        """
        chance = self._high_after(one_of(side, SIDES, "side"))
        if not 0 < chance < 1:
            known = say(self.high if chance else self.low)
            if self.informed == 1:
                raise InvalidInput(f"after the trade the worth is known for certain: {known}")
            raise InvalidInput(f"after the trade the worth is {known} with a chance that no number tells from 1")
        return replace(self, chance=chance)

    def _high_after(self, side):
        """Chance of the high worth once somebody buys or sells: those who know nothing do both as often."""
        blind = (1 - self.informed) / 2
        if_high, if_low = (self.informed + blind, blind) if side == "buy" else (blind, self.informed + blind)
        return self.chance * if_high / (self.chance * if_high + (1 - self.chance) * if_low)

    def explain(self) -> str:
        """Both prices, and who pays whom.

        Returns
        -------
        str

        Examples
        --------
        >>> print(spread(0, 10, 0.5, 0.2).explain())
        Worth 5 on average: 10 with chance 0.5, else 0.
        After a purchase it is worth 10 with chance 0.6: the ask is 6.
        After a sale it is worth 10 with chance 0.4: the bid is 4.
        Who knows gains 4 on average, who does not pays 1: 0.2 x 4 = 0.8 x 1.
        """
        unit = abs(self.low), abs(self.high)
        low, high, value, ask, bid = (say(n, *unit, 0.0) for n in (self.low, self.high, self.value, self.ask, self.bid))
        gain, paid = (say(n, *unit, 0.0) for n in (self.informed_gain, self.uninformed_pay))
        up, down = say(self._high_after("buy")), say(self._high_after("sell"))
        return "\n".join([
            f"Worth {value} on average: {high} with chance {say(self.chance)}, else {low}.",
            f"After a purchase it is worth {high} with chance {up}: the ask is {ask}.",
            f"After a sale it is worth {high} with chance {down}: the bid is {bid}.",
            f"Who knows gains {gain} on average, who does not pays {paid}: "
            f"{say(self.informed)} x {gain} = {say(1 - self.informed)} x {paid}.",
        ])  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row for each side.

        Returns
        -------
        pandas.DataFrame
            Columns trader (buys or sells), price and chance (of the high worth after such a trade).
        """
        import pandas as pd

        chances = [self._high_after(side) for side in SIDES]
        return pd.DataFrame({"trader": ["buys", "sells"], "price": [self.ask, self.bid], "chance": chances})

    def _at_a_glance(self):
        return [
            ("bid", self.bid), ("ask", self.ask), ("worth on average", self.value),
            ("who knows gains", self.informed_gain), ("who does not pays", self.uninformed_pay),
        ]  # fmt: skip

    def __repr__(self):
        unit = abs(self.low), abs(self.high)
        return f"Spread({say(self.bid, *unit)} to {say(self.ask, *unit)})"


def spread(low: float, high: float, chance: float, informed: float) -> Spread:
    """Bid and ask of a market maker who gains nothing on average, where some traders know what the thing is worth.

    Those who know buy if it is worth `high` and sell if it is worth `low`. All others buy or sell, as often the one as the
    other, whatever the prices. Market makers compete, so that a buyer pays just what the thing is worth on average given
    that somebody wants to buy it, and a seller gets what it is worth given that somebody wants to sell.

    Parameters
    ----------
    low, high : float
        What the thing may turn out to be worth (ct/kWh), `low` below `high`.
    chance : float
        That it is worth `high`, above 0 and below 1.
    informed : float
        Share of the traders who know, from 0 to 1.

    Returns
    -------
    Spread

    Raises
    ------
    InvalidInput
        `low` not below `high`; a chance or a share outside its bounds.

    References
    ----------
    Glosten, L. R. and Milgrom, P. R. (1985), "Bid, ask and transaction prices in a specialist market with heterogeneously
    informed traders", Journal of Financial Economics 14(1), 71-100.

    Examples
    --------
    >>> spread(0, 10, 0.5, 0)
    Spread(5 to 5)
    >>> spread(0, 10, 0.5, 0.2)
    Spread(4 to 6)
    >>> spread(0, 10, 0.5, 1.2)
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: informed 1.2 must be a number from 0 to 1
    """
    least, most = number(low, "low"), number(high, "high")
    if not least < most:
        raise InvalidInput(f"low {say(least)} must be below high {say(most)}")
    return Spread(least, most, share(chance, "chance"), number(informed, "informed", least=0, most=1))
