"""Honesty on average: what a report gains when only the spread of the others' values is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import function, generator, instance, numbers, one_of, whole
from tefoundations.market.audits.mechanisms import cleared
from tefoundations.market.audits.misreports import Player
from tefoundations.market.clearing import Clearing
from tefoundations.market.crossing import check_k
from tefoundations.market.orders import OrderBook, derived
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

MOST = 1_000_000  # profiles: each clears the market once for every report


@dataclass(frozen=True, eq=False, repr=False)
class Interim(Explained):
    """The findings of `interim_audit` for one agent.

    Parameters
    ----------
    types : (n,) float array
        True values, or costs, of the agent (ct/kWh).
    reports : (m,) float array
        What it might say (ct/kWh).
    gain : (n, m) float array
        Mean gain (ct) of each report for each type over all profiles.
    said : (n,) float array
        What its own strategy says at each type (ct/kWh).
    said_gain : (n,) float array
        Mean gain (ct) of that.
    best : (n,) float array
        The best of `reports` at each type, chosen on the first half of the profiles (ct/kWh).
    regret : (n,) float array
        Mean gain of `best` less that of `said` on the second half (ct); may fall below 0 by chance.
    error : (n,) float array
        Standard error of `regret` (ct).
    """

    types: np.ndarray
    reports: np.ndarray
    gain: np.ndarray
    said: np.ndarray
    said_gain: np.ndarray
    best: np.ndarray
    regret: np.ndarray
    error: np.ndarray

    def to_frame(self) -> pd.DataFrame:
        """One row per type.

        Returns
        -------
        pandas.DataFrame
            Columns type, said, best (ct/kWh), regret and error (ct).

        Examples
        --------
        >>> one = np.ones(1)
        >>> Interim(one, one, np.zeros((1, 1)), one, one, one, 0 * one, 0 * one).to_frame()
           type  said  best  regret  error
        0   1.0   1.0   1.0     0.0    0.0
        """
        import pandas as pd

        columns = {"type": self.types, "said": self.said, "best": self.best, "regret": self.regret, "error": self.error}
        return pd.DataFrame(columns)

    def explain(self) -> str:
        """What pays best at each type, against what its strategy says.

        Returns
        -------
        str

        Examples
        --------
        >>> one = np.ones(1)
        >>> print(Interim(one, one, np.zeros((1, 1)), one, one, one, 0.1 * one, 0.02 * one).explain())
        Type 1 says 1 ct/kWh and gains 1 ct on average; best is 1, which gains 0.1 ct more (standard error 0.02).
        """
        lines = []
        for at, kind in enumerate(self.types):
            gain = f"{say(abs(self.regret[at]))} ct {'less' if self.regret[at] < 0 else 'more'}"
            does = f"says {say(self.said[at])} ct/kWh and gains {say(self.said_gain[at])} ct on average"
            best = f"best is {say(self.best[at])}, which gains {gain} (standard error {say(self.error[at])})"
            lines.append(f"Type {say(kind)} {does}; {best}.")
        return "\n".join(lines)

    def _at_a_glance(self):
        most = f"{say(self.regret.max())} ± {say(self.error[self.regret.argmax()])}" if len(self.types) else "none"
        return [
            ("types", len(self.types)),
            ("reports tried", len(self.reports)),
            ("largest gain by another report, ct", most),
        ]

    def __repr__(self):
        most = f"largest regret {self.regret.max():.4g} ct" if len(self.types) else "none"
        return f"Interim({count(len(self.types), 'type')}, {count(len(self.reports), 'report')}, {most})"


def interim_audit(
    mechanism: Callable[[OrderBook], Clearing],
    draw: Callable[[np.random.Generator], OrderBook],
    types: ArrayLike,
    reports: ArrayLike,
    *,
    side: str = "bids",
    bid: Callable | None = None,
    ask: Callable | None = None,
    profiles: int = 1000,
    rng: np.random.Generator | int,
) -> Interim:
    """Test Bayesian incentive compatibility, or an equilibrium, by sampling.

    In each profile the others' true orders are drawn anew and reported by their strategies. The first order of `side`
    belongs to the agent under test; its price is replaced by each report in turn, and its gain counted at each type.
    The best report of each type is chosen on half of the profiles and judged on the other half, so that luck is not
    mistaken for a gain. Honest strategies that nobody leaves: the mechanism is Bayesian incentive compatible as far as
    this can tell. Other strategies that nobody leaves: they are an equilibrium under this prior.

    Parameters
    ----------
    mechanism : callable
        Takes an OrderBook, returns a Clearing.
    draw : callable
        Takes a numpy Generator, returns an OrderBook of true values and costs: the stated prior. The agents' values
        must be independent, and the agent under test must have one order.
    types : (n,) float array
        True values, or costs, of the agent (ct/kWh).
    reports : (m,) float array
        What it might say (ct/kWh).
    side : {"bids", "asks"}
        On which side the agent stands.
    bid, ask : callable, optional
        Strategies: each takes an array of true prices (ct/kWh) and returns what is said. None is honesty.
    profiles : int
        How many profiles are drawn; from 4 to a million.
    rng : numpy.random.Generator or int
        Source of chance, or its seed.

    Returns
    -------
    Interim

    Raises
    ------
    InvalidInput
        What is no mechanism or gives no clearing of its book, or draws no book; a strategy that does not say one finite
        price for each true one; a side that does not exist; no reports; too few profiles or more than a million; a profile
        without an order of the agent.

    Examples
    --------
    A market in which nobody ever trades tempts nobody:

    >>> from tefoundations.market import OrderBook, linear_equilibrium, uniform_price
    >>> never = interim_audit(uniform_price, lambda rng: OrderBook.of([(1, 1)], [(2, 1)]), [0.5], [0.2, 0.5],
    ...                       profiles=4, rng=0)
    >>> never.regret
    array([0.])

    Two people with values spread over 0 to 1: at the midpoint a buyer who values the kWh at 1 should not be honest ...

    >>> draw = lambda rng: OrderBook.of([(rng.uniform(), 1)], [(rng.uniform(), 1)])
    >>> found = interim_audit(uniform_price, draw, [1.0], np.linspace(0, 1, 21), profiles=400, rng=0)
    >>> bool(abs(found.best[0] - 2 / 3) < 0.1), bool(found.regret[0] > 5 * found.error[0])
    (True, True)

    ... and if both shade as in the linear equilibrium, shading more or less does not help.

    >>> bid, ask = linear_equilibrium(0.5)
    >>> found = interim_audit(uniform_price, draw, [0.9], np.linspace(0, 1, 21), bid=bid, ask=ask, profiles=400, rng=0)
    >>> bool(found.regret[0] < 3 * found.error[0])
    True
    """
    one_of(side, ("bids", "asks"), "side")
    profiles, rng = whole(profiles, "profiles", least=4, most=MOST), generator(rng)
    function(mechanism, "mechanism", of="an OrderBook")
    function(draw, "draw", of="a numpy Generator")
    for strategy, name in ((bid, "bid"), (ask, "ask")):
        function(np.asarray if strategy is None else strategy, name, of="an array of prices")
    types, reports = numbers(types, "types"), numbers(reports, "reports")
    if not len(reports):
        raise InvalidInput("reports must not be empty: there is nothing to try")
    said = _said(types, *((bid, "bid") if side == "bids" else (ask, "ask")), place="type")
    tried = np.concatenate([reports, said])
    traded, money = np.zeros((profiles, len(tried))), np.zeros((profiles, len(tried)))
    for number in range(profiles):
        told = _reported(instance(draw(rng), OrderBook, "what draw gives"), bid, ask)
        for column, price in enumerate(tried):
            traded[number, column], money[number, column] = _outcome(mechanism, told, side, price)
    sign = 1 if side == "bids" else -1
    gains = sign * (types[None, :, None] * traded[:, None, :] - money[:, None, :])  # (profiles, types, tried)
    chosen = gains[: profiles // 2, :, : len(reports)].mean(axis=0).argmax(axis=1)
    which, judged = np.arange(len(types)), gains[profiles // 2 :]
    lead = judged[:, which, chosen] - judged[:, which, len(reports) + which]
    mean = gains.mean(axis=0)
    return Interim(
        types, reports, mean[:, : len(reports)], said, mean[which, len(reports) + which], reports[chosen],
        lead.mean(axis=0), lead.std(axis=0, ddof=1) / np.sqrt(len(lead)),
    )  # fmt: skip


def linear_equilibrium(k: float = 0.5) -> tuple[Callable, Callable]:
    """The linear equilibrium of the k-double auction between two people with values spread evenly over 0 to 1.

    Parameters
    ----------
    k : float
        Weight of the bid in the price `k * bid + (1 - k) * ask`, from 0 to 1.

    Returns
    -------
    bid, ask : callables
        Each takes an array of true prices (ct/kWh), or one price, and returns what is said, never past the truth;
        InvalidInput for what is no number.

    Raises
    ------
    InvalidInput
        k is not a number from 0 to 1.

    References
    ----------
    Chatterjee, K. and Samuelson, W. (1983), "Bargaining under incomplete information", Operations Research 31(5),
    835-851, section 2.

    Examples
    --------
    >>> bid, ask = linear_equilibrium(0.5)
    >>> float(bid(0.7)) == 2 / 3 * 0.7 + 1 / 12, float(ask(0.7)) == 2 / 3 * 0.7 + 1 / 4
    (True, True)
    """
    k = check_k(k)

    def bid(values):
        values = numbers(values, "values", ndim=None)
        return np.minimum(values, np.divide(values, 1 + k) + k * (1 - k) / (2 * (1 + k)))

    def ask(costs):
        costs = numbers(costs, "costs", ndim=None)
        return np.maximum(costs, np.divide(costs, 2 - k) + (1 - k) / 2)

    return bid, ask


def _reported(book, bid, ask):
    """The book as its agents tell it."""
    sides = []
    for orders, strategy, name in ((book.bids, bid, "bid"), (book.asks, ask, "ask")):
        price = _said(orders.price, strategy, name)
        sides.append(derived(orders.side, price, orders.quantity, orders.agents, orders.bus, orders.time))
    return OrderBook(*sides)


def _said(prices, strategy, name, place="order"):
    """What a strategy says at true prices."""
    if strategy is None:
        return prices
    return numbers(strategy(prices), f"what {name} gives", count=len(prices), place=place)


def _outcome(mechanism, book, side, price):
    """Energy and money of the first order of a side if its price is as given."""
    orders, none = getattr(book, side), np.zeros(0, dtype=int)
    if not len(orders) or np.count_nonzero(orders.agent == orders.agent[0]) > 1:
        raise InvalidInput(
            f"the agent under test must have one order on the side of the {side}; a profile has none or several"
        )
    first = np.zeros(1, dtype=int)
    player = Player(book, orders.agent[0], *((first, none) if side == "bids" else (none, first)))
    told = player.telling(*((price, None) if side == "bids" else (None, price)), 1.0)
    clearing = cleared(mechanism, told)
    if side == "bids":
        return clearing.bid_quantity[0], clearing.bid_payment[0]
    return clearing.ask_quantity[0], clearing.ask_receipt[0]
