"""The community's day with a pool in place of an auction: a constant product opens in each half hour, and closes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import generator, instance, number, one_of, positive, whole
from tefoundations.market import ConstantProduct
from tefoundations.words import Explained, say

if TYPE_CHECKING:
    import pandas as pd

    from tefoundations.data import Community

WH = 1000  # in a kWh
MICRO = 10_000  # micro-tokens in a ct: a token is 100 ct
VISITS = 2  # times that everybody comes to the pool in a half hour, each time in an order that chance draws
MOST_DEPTH = 1e6  # kWh


@dataclass(frozen=True, eq=False, repr=False)
class PoolDay(Explained):
    """A day of pools; `pool_day` makes it.

    Parameters
    ----------
    day : str
    depth : float
        What each pool holds at its start (kWh).
    price : float
        At which each pool starts (ct/kWh).
    steps : (T,) int array
        The half hours in which a pool opened: those with a bid and an ask.
    bought, sold : (T,) float array
        By members, from and to the pool (kWh).
    traders : (T,) float array
        What members gain, each order at its word (ct).
    providers : (T,) float array
        What the pool's providers gain, once what it has over is sold and what it lacks is bought (ct); below 0 a loss.
    closing : (T,) float array
        The pool's price at the end (ct/kWh).
    """

    day: str
    depth: float
    price: float
    steps: np.ndarray
    bought: np.ndarray
    sold: np.ndarray
    traders: np.ndarray
    providers: np.ndarray
    closing: np.ndarray

    @property
    def over(self) -> np.ndarray:
        """(T,) float array: what the pool has over at the end (kWh); below 0 it lacks what it sold."""
        return self.sold - self.bought

    @property
    def imbalance(self) -> float:
        """What somebody else must take or bring, over the day (kWh)."""
        return float(np.abs(self.over).sum())

    @property
    def together(self) -> float:
        """What traders and providers gain together (ct)."""
        return float(self.traders.sum() + self.providers.sum())

    def explain(self) -> str:
        """Who gains, who loses, and what is left over, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.data import community
        >>> print(pool_day(community(), "summer", depth=5, rng=0).explain())
        Pools of 5 kWh open in 31 half hours, at 18 ct/kWh.
        Members buy 70.633 kWh and sell 110.312 kWh, and gain 1227.01 ct.
        What the pools have over or lack at the end is 52.539 kWh; their providers gain -264.33 ct.
        Together: 1227.01 - 264.33 = 962.68 ct.
        """
        gain, own, scale = float(self.traders.sum()), float(self.providers.sum()), float(np.abs(self.traders).sum())
        sign = "-" if own < 0 else "+"
        told = say(round(gain, 2), scale), say(round(own, 2), scale), say(round(abs(own), 2), scale)
        return "\n".join([
            f"Pools of {say(self.depth, self.depth)} kWh open in {len(self.steps)} half hours, at {say(self.price)} ct/kWh.",
            f"Members buy {say(self.bought.sum())} kWh and sell {say(self.sold.sum())} kWh, and gain {told[0]} ct.",
            f"What the pools have over or lack at the end is {say(self.imbalance)} kWh; their providers gain {told[1]} ct.",
            f"Together: {told[0]} {sign} {told[2]} = {say(round(self.together, 2), scale)} ct.",
        ])  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row for each half hour in which a pool opened.

        Returns
        -------
        pandas.DataFrame
            Columns step, bought, sold, over (kWh), traders, providers (ct), closing (ct/kWh).
        """
        import pandas as pd

        names = ("bought", "sold", "over", "traders", "providers", "closing")
        return pd.DataFrame({"step": self.steps} | {name: getattr(self, name) for name in names})

    def _at_a_glance(self):
        return [
            ("half hours with a pool", len(self.steps)), ("members gain, ct", float(self.traders.sum())),
            ("providers gain, ct", float(self.providers.sum())), ("together, ct", self.together),
            ("imbalance, kWh", self.imbalance),
        ]  # fmt: skip

    def __repr__(self):
        return f"PoolDay({self.day}, {say(self.depth, self.depth)} kWh deep, {say(self.together)} ct together)"


def pool_day(
    people: Community, day: str, *, depth: float, price: float = 18.0, rng: np.random.Generator | int,
    long: float = 8.0, short: float = 32.0, visits: int = VISITS,
) -> PoolDay:  # fmt: skip
    """A day of the community in which a pool stands where the auction stood.

    In each half hour with a bid and an ask a pool without fee opens, with `depth` kWh and money for its price, in Wh and
    micro-tokens. Members come in an order that chance draws, and once more in another. Each trades until its order is
    served, or the pool's price has come to its limit. Then the half hour is over: what the pool has over is sold outside,
    what it lacks is bought there, and its providers bear both.

    Parameters
    ----------
    people : Community
    day : str
        One of its days.
    depth : float
        What each pool holds at its start (kWh), 0.1 at least.
    price : float
        At which each pool starts (ct/kWh), above 0.
    rng : numpy.random.Generator or int
        Draws the order of members.
    long, short : float
        What a kWh too many brings outside, and a kWh too few costs (ct/kWh); `long` is not above `short`.
    visits : int
        How often everybody comes, at least once.

    Returns
    -------
    PoolDay

    Raises
    ------
    InvalidInput
        A day that is not there; a depth or a price that is not above 0; `long` above `short`; what is no community.

    Examples
    --------
    >>> from tefoundations.data import community
    >>> summer = pool_day(community(), "summer", depth=5, rng=0)
    >>> round(summer.together), round(float(summer.providers.sum())), round(summer.imbalance)
    (963, -264, 53)
    """
    from tefoundations.data import Community

    instance(people, Community, "people", advice="community() gives one")
    one_of(day, people.days, "day")
    deep = round(number(depth, "depth", least=0.1, most=MOST_DEPTH) * WH)
    start, rng = positive(price, "price"), generator(rng)
    brings, costs = number(long, "long"), number(short, "short")
    if brings > costs:
        raise InvalidInput(f"long {say(brings)} must not be above short {say(costs)}: the providers would buy to sell")
    visits = whole(visits, "visits", least=1, most=1000)
    rows = []
    for step in people.steps:
        offers = people.offers(day, step)
        if offers["side"].nunique() < 2:
            continue
        pool = ConstantProduct(deep, max(round(deep * start * MICRO / WH), 1), locked=0)
        traded, paid = _visited(pool, offers, visits, rng)
        signs = np.where(offers["side"] == "buy", 1.0, -1.0)
        worth = float((signs * offers["price"].to_numpy(float) * traded).sum()) / WH
        over = (pool.reserves[0] - deep) / WH
        own = paid / MICRO + over * (brings if over > 0 else costs)
        bought, sold = (float(traded[signs == side].sum()) / WH for side in (1, -1))
        rows.append((step, bought, sold, worth - paid / MICRO, own, pool.price * WH / MICRO))
    columns = [np.array(column) for column in zip(*rows)] or [np.zeros(0)] * 6
    return PoolDay(day, deep / WH, start, columns[0].astype(int), *columns[1:])


def _visited(pool, offers, visits, rng):
    """What each order traded (Wh), and what members paid the pool in all (micro-tokens)."""
    traded, before = np.zeros(len(offers)), pool.reserves[1]
    orders = [rng.permutation(len(offers)) for _ in range(visits)]
    wh = [round(kwh * WH) for kwh in offers["quantity"].tolist()]
    for place, moved, _ in visits_of(pool, offers["side"].tolist(), offers["price"].tolist(), wh, orders):
        traded[place] += moved
    return traded, pool.reserves[1] - before


def visits_of(pool, sides, limits, wh, orders):
    """Each visit to a pool as (order, Wh, micro-tokens into the pool); each trades until it is served or at its limit."""
    left, found = list(wh), []
    for place in [int(place) for order in orders for place in order]:
        before, moved = pool.reserves[1], 0
        room = pool.until(limits[place] * MICRO / WH) if limits[place] > 0 else None
        if sides[place] == "buy":
            moved = max(min(left[place], room or 0, pool.reserves[0] - 1), 0)
            if moved:
                pool.buy(moved)
        else:
            moved = max(left[place] if room is None else min(left[place], -room), 0)
            if moved and not pool.quote(moved, give=0, take=1):
                moved = 0  # nobody gives energy for nothing: the pool refuses it
            if moved:
                pool.swap(moved, give=0, take=1)
        left[place] -= moved
        found.append((place, moved, pool.reserves[1] - before))
    return found
