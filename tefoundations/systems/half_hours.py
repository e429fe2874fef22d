"""One step of the market: notes are put in order and meet the outside, whose price rises with what the lane takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput, InvalidOrder
from tefoundations.inputs import instance, not_negative, number, positive, sequence, whole
from tefoundations.market import OrderBook
from tefoundations.programmes import is_zero
from tefoundations.systems.lane_checks import MARKET, check_same_lane
from tefoundations.systems.lanes import Lane
from tefoundations.systems.outcomes import MarketDay
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

MOST_STAIRS = 10**5


@dataclass(frozen=True)
class Deal(Explained):
    """What one step comes to.

    Attributes
    ----------
    bought, sold : lists of float
        Energy of each bid and of each ask (kWh).
    price : float
        ct/kWh.
    taken : float
        What the lane takes from outside (kWh); below 0: what it gives.
    """

    bought: list[float]
    sold: list[float]
    price: float
    taken: float

    def explain(self) -> str:
        """The step in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(clear_step(2, bids=[(24, 3)], asks=[], outside=20, slope=1, feed_in=8).explain())
        At 24 ct/kWh 1 of 1 bid gets 2 kWh, and 0 of 0 asks give 0 kWh; the lane takes 4 kWh from outside.
        """
        served, given = (sum(energy > 0 for energy in side) for side in (self.bought, self.sold))
        get, give = ("gets" if len(self.bought) == 1 else "get"), ("gives" if len(self.sold) == 1 else "give")
        gets = f"{served} of {count(len(self.bought), 'bid')} {get} {say(sum(self.bought))} kWh"
        gives = f"{given} of {count(len(self.sold), 'ask')} {give} {say(sum(self.sold))} kWh"
        outside = f"takes {say(self.taken)} kWh from" if self.taken >= 0 else f"gives {say(-self.taken)} kWh to"
        return f"At {say(self.price)} ct/kWh {gets}, and {gives}; the lane {outside} outside."

    def to_frame(self) -> pd.DataFrame:
        """One row an order, bids first.

        Returns
        -------
        pandas.DataFrame
            Columns side ("buy" or "sell"), energy (kWh) and price (ct/kWh).
        """
        import pandas as pd

        sides = ["buy"] * len(self.bought) + ["sell"] * len(self.sold)
        return pd.DataFrame({"side": sides, "energy": [*self.bought, *self.sold], "price": float(self.price)})

    def _at_a_glance(self):
        return [
            ("price, ct/kWh", self.price), ("bought, kWh", float(sum(self.bought))), ("sold, kWh", float(sum(self.sold))),
            ("from outside, kWh", self.taken),
        ]  # fmt: skip


def clear_step(
    fixed: float,
    bids: Sequence[tuple[float, float]],
    asks: Sequence[tuple[float, float]],
    outside: float,
    slope: float,
    feed_in: float,
) -> Deal:
    """Find the price at which one step is in balance.

    An ask is read as a wish to keep: its owner gives everything, and buys back what is worth more to him than the price. So
    all orders stand in one line, dearest first; energy is handed out until the next kWh from outside costs more than the
    next order would pay. Where several prices would do, the midpoint is taken. Of equal prices the earlier comes first.

    Parameters
    ----------
    fixed : float
        Net load that is served at any price (kWh); below 0: energy that is there at any price.
    bids, asks : list of (float, float)
        (price in ct/kWh, quantity in kWh, at least 0). A price may be infinite: what must be taken.
    outside, slope, feed_in : float
        One more kWh costs outside + slope m when m kWh are taken, slope above 0; what is over earns feed_in, which is at
        most outside.

    Returns
    -------
    Deal

    Raises
    ------
    InvalidOrder
        Names the bid or ask that is not of two numbers, or has a quantity below 0.
    InvalidInput
        Another argument has no meaning.

    Examples
    --------
    >>> clear_step(2, bids=[(24, 3)], asks=[], outside=20, slope=1, feed_in=8)
    Deal(bought=[2.0], sold=[], price=24.0, taken=4.0)
    """
    fixed, outside = number(fixed, "fixed", unit="(kWh)"), number(outside, "outside", unit="(ct/kWh)")
    slope, feed_in = positive(slope, "slope", unit="(ct/kWh per kWh)"), number(feed_in, "feed_in", unit="(ct/kWh)")
    if feed_in > outside:
        raise InvalidInput(f"feed_in {feed_in:g} must not be above the price outside, {outside:g}")
    return cleared(fixed, _orders(bids, "bids"), _orders(asks, "asks"), outside, slope, feed_in)


def _orders(orders, table):
    """Orders as tuples of two floats."""
    read = []
    for row, order in enumerate(sequence(orders, table, of="(price, quantity)")):

        def refused(message, row=row):
            return InvalidOrder(message, table=table, row=row)

        pair = sequence(order, "an order", of="a price and a quantity", error=refused)
        if len(pair) != 2:
            raise refused(f"an order must be a price and a quantity, not {len(pair)} entries")
        price = number(pair[0], "price", infinite=True, error=refused)
        read.append((price, not_negative(pair[1], "quantity", unit="of kWh", error=refused)))
    return read


def cleared(fixed, bids, asks, outside, slope, feed_in):
    """The deal of a step: `clear_step` for what was read before, as in each step of a market's day."""
    line = [*bids, *asks]
    taken = fixed - sum(quantity for _, quantity in asks)
    filled, last, left = [0.0] * len(line), np.inf, -np.inf
    for row in sorted(range(len(line)), key=lambda row: -line[row][0]):
        price, quantity = line[row]
        filled[row] = min(quantity, max(_most(price, outside, slope, feed_in) - taken, 0.0))
        taken += filled[row]
        if filled[row] > 0:
            last = price
        if filled[row] < quantity:
            left = price
            break
    if is_zero(taken, of=abs(fixed) + sum(quantity for _, quantity in asks) + sum(filled)):
        low, high = feed_in, outside
    else:
        low = high = outside + slope * taken if taken > 0 else feed_in
    low, high = max(low, left), min(high, last)
    sold = [quantity - kept for (_, quantity), kept in zip(asks, filled[len(bids) :])]
    return Deal(filled[: len(bids)], sold, float(low + high) / 2, float(taken))


def _most(price, outside, slope, feed_in):
    """Most the lane takes from outside so that one more kWh does not cost more than `price`."""
    if price > outside:
        return (price - outside) / slope
    return 0.0 if price >= feed_in else -np.inf


def half_hour_book(lane: Lane, day: MarketDay, step: int, width: float = 1.0) -> OrderBook:
    """One step of the market as an order book, with the outside as a seller whose price rises in small steps.

    What is served at any price has taken the cheapest energy already; the book is about the rest. What must be charged now
    bids a price above all others.

    Parameters
    ----------
    lane : Lane
    day : MarketDay
    step : int
    width : float
        Width of a step of the outside's curve (kWh); the thinner, the nearer to `clear_step`.

    Returns
    -------
    OrderBook
        Agents are the devices, "outside", and "lane" for energy that is there at any price.

    Raises
    ------
    InvalidInput
        A step that is not there, a width that cuts a step into more than 100 000 orders; what is no lane, or no day of its
        market, but one of another lane or day.

    Examples
    --------
    >>> from tefoundations.market import uniform_price
    >>> from tefoundations.systems import lane_day, market_day, transactive_market
    >>> lane = lane_day("winter")
    >>> day = market_day(lane, transactive_market(lane).price)
    >>> round(uniform_price(half_hour_book(lane, day, 24, width=0.01)).price, 1), round(day.price[24].item(), 1)
    (28.5, 28.5)
    """
    check_same_lane(instance(lane, Lane, "lane"), instance(day, MarketDay, "day").lane, "day is", MARKET)
    step = whole(step, "step", least=0, most=len(lane.outside) - 1)
    width = positive(width, "width", unit="(kWh)")
    bids, asks = day.books[step]
    fixed, first = float(lane.fixed[step]), float(lane.outside[step])
    wanted = sum(quantity for _, quantity in bids)
    used, over = max(fixed, 0.0), max(-fixed, 0.0)
    if used + wanted > MOST_STAIRS * width:
        raise InvalidInput(f"width {width:g} kWh cuts {used + wanted:g} kWh into more than {MOST_STAIRS} orders")
    count = int(np.ceil(wanted / width))
    stairs = [("outside", first + lane.slope * (used + (i + 0.5) * width), width) for i in range(count)]
    dearest = max([first + lane.slope * (used + wanted)] + [price for price, _ in bids if np.isfinite(price)]) + 5.0
    buying = [("device", min(price, dearest), quantity) for price, quantity in bids]
    # Net load that is served comes from the devices' asks first where they are cheaper than the outside.
    kept = [("device", price, quantity) for price, quantity in asks]
    if kept and used:
        buying = [
            ("lane", first + lane.slope * (used - (i + 0.5) * width), width) for i in range(int(used / width))
        ] + buying
    selling = [*stairs, *kept] + ([("lane", lane.feed_in, over)] if over else [])
    outlet = over + sum(quantity for _, quantity in asks)
    if outlet:
        buying.append(("outside", lane.feed_in, outlet))
    return OrderBook.of(bids=buying, asks=selling)
