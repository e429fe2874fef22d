"""What a mechanism is worth on one book: efficiency, budget, who loses, and who would gain by lying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import function, number, one_of, sequence
from tefoundations.market.agents import check_book
from tefoundations.market.audits.false_names import gain, guises, told
from tefoundations.market.audits.mechanisms import NoClearing, cleared
from tefoundations.market.audits.misreports import SHARES, STEP, players
from tefoundations.market.clearing import Clearing
from tefoundations.market.crossing import best_welfare
from tefoundations.programmes import NEAR
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

    from tefoundations.market.orders import OrderBook


@dataclass(frozen=True, repr=False)
class Audit(Explained):
    """The findings of `audit`, orders taken as the truth.

    Parameters
    ----------
    mechanism : str
        Name of the rule.
    efficiency : float
        Welfare as a share of the largest possible; 1 where there is nothing to gain.
    budget : float
        What the operator keeps (ct); negative is a deficit.
    min_utility : float
        Gain of the agent that gains least (ct); negative means that somebody would rather stay away.
    regret : float
        The best gain (ct) any agent finds by misreporting while the others are honest; 0 if none.
    supremum : float
        What that gain tends to as the report comes ever nearer to the jump it stops short of (ct).
    false_names : float
        The best gain (ct) any agent finds by taking part under more than one name; 0 if none, nan if not searched.
    misreport, alias : str
        Who reports what, and who takes which names, to gain it; empty if nobody does.
    """

    mechanism: str
    efficiency: float
    budget: float
    min_utility: float
    regret: float
    supremum: float
    false_names: float = float("nan")
    misreport: str = ""
    alias: str = ""

    def explain(self) -> str:
        """The findings in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.market import OrderBook, uniform_price
        >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
        >>> print(audit(uniform_price, book).explain())
        uniform price: efficiency 100 %, the operator keeps 0 ct.
        The agent that gains least gains 0 ct.
        A lie gains 0.499997 ct, and tends to 0.5: buyer 1 bids 8.00001 ct/kWh for 100% of its quantity.
        False names gain 0.499997 ct: buyer 1 gives 75% of its orders under a second name, at 8.00001 ct/kWh.
        """
        least, lie = say(abs(self.min_utility)), "No lie that was tried gains."
        if self.regret:
            limit = f", and tends to {say(self.supremum)}" if say(self.supremum) != say(self.regret) else ""
            lie = f"A lie gains {say(self.regret)} ct{limit}: {self.misreport}."
        names = "No false names that were tried gain."
        if self.false_names:
            names = f"False names gain {say(self.false_names)} ct: {self.alias}."
        efficiency = say(round(100 * self.efficiency, 4))
        return "\n".join([
            f"{self.mechanism}: efficiency {efficiency} %, the operator keeps {say(self.budget)} ct.",
            f"The agent that gains least {'loses' if self.min_utility < 0 else 'gains'} {least} ct.", lie,
            *([] if np.isnan(self.false_names) else [names]),
        ])  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Returns
        -------
        pandas.DataFrame
            Columns as the fields: mechanism, efficiency (share), budget, min_utility, regret, supremum, false_names (ct),
            misreport, alias.
        """
        import pandas as pd

        return pd.DataFrame([vars(self)])

    def __repr__(self):
        names = "" if np.isnan(self.false_names) else f", false names {self.false_names:.4g} ct"
        return f"Audit({self.mechanism}: efficiency {self.efficiency:.4g}, regret {self.regret:.4g} ct{names})"

    def _at_a_glance(self):
        return [
            ("mechanism", self.mechanism), ("efficiency, %", 100 * self.efficiency), ("operator keeps, ct", self.budget),
            ("least gain of an agent, ct", self.min_utility), ("best gain by a lie, ct", self.regret),
            ("the lie", self.misreport or "none"),
            ("best gain by false names, ct", "not searched" if np.isnan(self.false_names) else self.false_names),
            ("the names", self.alias or "none"),
        ]  # fmt: skip


def audit(
    mechanism: Callable[[OrderBook], Clearing], book: OrderBook, shares: Sequence[float] = SHARES, *, names: bool = True
) -> Audit:
    """Measure a mechanism on one book.

    Each agent in turn misreports, all its orders together, while everybody else stays honest. The grid: one price for
    its whole curve, just above or just below each price of the others, or its true prices; an agent on both sides lies
    on one of them or names the same price on both; each for the whole, three quarters, half or a quarter of its
    quantity. Its gain is counted by its true orders. `regret` is the best gain found on this grid. Where the gain grows
    up to a jump, it falls short by the distance tried, a millionth of the range of prices; `supremum` is the limit,
    exact for rules whose payments are linear in the report. A regret above 0 refutes that honesty is a dominant
    strategy; a regret of 0 at one book proves nothing of other books, and neither says anything of honesty on average
    (see `interim_audit`).

    `false_names` is the best gain of one agent that takes part under two or three names, the others honest. The grid:
    three quarters, half or a quarter of its orders under a second name, at one price or its true prices, the rest honest;
    or all its orders honest, and one more order under a second name, on either side; or a bid above and an ask below all
    prices, under two more. Prices are just above or just below those in the book, quantities the same shares of its own.
    What a name sells, the agent must have or have bought; what it buys beyond its need is worth nothing. More names, or
    larger or more extreme orders, may gain more: under `vcg` they do without end.

    Parameters
    ----------
    mechanism : callable
        Takes an OrderBook, returns a Clearing: `uniform_price`, `mcafee`, `vcg`, or a function of your own.
    book : OrderBook
        True values and costs (ct/kWh) and quantities (kWh).
    shares : sequence of floats
        Shares of the true quantity that are tried, above 0 and up to 1. `(1.0,)` tries prices alone, and is faster.
    names : bool
        Whether false names are searched; without, it is faster.

    Returns
    -------
    Audit

    Raises
    ------
    InvalidInput
        What is no mechanism or gives no clearing of its book, no book or no share; a mechanism that is not defined for the
        book; `names` neither True nor False. A misreport, or a name, that it refuses counts as none.

    Examples
    --------
    No trade, and nobody could force one to advantage:

    >>> from tefoundations.market import OrderBook, uniform_price, vcg
    >>> audit(uniform_price, OrderBook.of(bids=[(4, 1)], asks=[(6, 1)])).regret
    0.0

    At the midpoint the first buyer can pull the price down by almost half a cent; under VCG nobody can gain.

    >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
    >>> found = audit(uniform_price, book)
    >>> found.regret < 0.5, round(found.supremum, 9), audit(vcg, book).regret
    (True, 0.5, 0.0)
    """
    check_book(book)
    one_of(names, (True, False), "names")
    shares = [number(share, "shares", above=0, most=1) for share in sequence(shares, "shares", of="numbers")]
    clearing = cleared(function(mechanism, "mechanism", of="an OrderBook"), book)
    most = best_welfare(book)
    everybody = players(book)
    honest = [player.gain(clearing) for player in everybody]
    regret, best = 0.0, None
    for player, truth in zip(everybody, honest):
        for lie in player.lies(shares):
            gained = _gain(mechanism, player, lie) - truth
            if gained > regret:
                regret, best = gained, (player, truth, lie)
    noise = NEAR * (most or _money(book))  # sums of floats: a billionth of the welfare is no gain
    found = best if regret > noise else None
    bent, alias = _false_names(mechanism, everybody, honest, shares, noise) if names else (float("nan"), "")
    seen = (figure if abs(figure) > noise else 0.0 for figure in (clearing.budget, min(honest, default=0.0), regret))
    budget, least, gained = seen
    return Audit(
        clearing.mechanism,
        clearing.welfare / most if most > noise else 1.0,
        budget,
        least,
        gained,
        _limit(mechanism, *found, shares, noise) if found else 0.0,
        bent,
        found[0].tells(*found[2]) if found else "",
        alias,
    )


def _false_names(mechanism, everybody, honest, shares, noise):
    """The best gain by false names, and the names in words."""
    most, best = noise, None
    for player, truth in zip(everybody, honest):
        for guise in guises(player, shares):
            try:
                gained = gain(player, guise, mechanism) - truth
            except NoClearing:
                raise
            except InvalidInput:  # a rule that knows everybody, or takes orders of one size
                continue
            if gained > most:
                most, best = gained, (player, guise)
    return (most, told(*best)) if best else (0.0, "")


def _money(book):
    """What the energy that could change hands might cost at most (ct)."""
    sides = book.bids, book.asks
    return max(np.abs(side.price).max(initial=0.0) for side in sides) * min(side.quantity.sum() for side in sides)


def _gain(mechanism, player, lie):
    """What a lie gains; less than anything where the mechanism refuses the book."""
    try:
        return player.gain(cleared(mechanism, player.telling(*lie)))
    except NoClearing:
        raise
    except InvalidInput:
        return float("-inf")


def _limit(mechanism, player, truth, lie, shares, noise):
    """The gain as the lie comes ever nearer to the price of the other: exact where gains are linear in the report."""
    place = player.lies(shares).index(lie)
    near, next_, last = (_gain(mechanism, player, player.lies(shares, times * STEP)[place]) - truth for times in (1, 2, 3))
    linear = abs(near - 2 * next_ + last) <= noise
    return max(2 * near - next_, near) if linear else near


def audit_table(
    mechanisms: Sequence[Callable[[OrderBook], Clearing]],
    book: OrderBook,
    shares: Sequence[float] = SHARES,
    *,
    names: bool = True,
) -> pd.DataFrame:
    """Audit several mechanisms on the same book.

    Parameters
    ----------
    mechanisms : sequence of callables
        Each takes an OrderBook and returns a Clearing.
    book : OrderBook
        True values and costs (ct/kWh) and quantities (kWh).
    shares : sequence of floats
        Shares of the true quantity that are tried (see `audit`).
    names : bool
        Whether false names are searched (see `audit`).

    Returns
    -------
    pandas.DataFrame
        One row a mechanism; columns as the fields of `Audit`.

    Raises
    ------
    InvalidInput
        As `audit`, or what is no sequence.

    Examples
    --------
    >>> from tefoundations.market import OrderBook, mcafee, pay_as_bid, uniform_price, vcg
    >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
    >>> table = audit_table([uniform_price, pay_as_bid, mcafee, vcg], book)
    >>> table[["mechanism", "efficiency", "budget", "regret", "false_names"]].round(3)
           mechanism  efficiency  budget  regret  false_names
    0  uniform price         1.0     0.0     0.5          0.5
    1     pay-as-bid         1.0    10.0     4.0          3.0
    2         McAfee         1.0     0.0     0.0          0.5
    3            VCG         1.0    -2.0     0.0          1.0
    """
    import pandas as pd

    mechanisms = sequence(mechanisms, "mechanisms", of="functions of an OrderBook")
    return pd.DataFrame([vars(audit(mechanism, book, shares, names=names)) for mechanism in mechanisms])
