"""The transactive market: in every half hour each device writes a note, and one price balances the lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.indices import series
from tefoundations.inputs import instance, share, whole
from tefoundations.systems.half_hours import cleared
from tefoundations.systems.lane_checks import MARKET, check_same_lane
from tefoundations.systems.lanes import Lane
from tefoundations.systems.outcomes import MarketDay, Traffic, Way

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

DAYS, MEMORY = 14, 0.5
MOST_DAYS = 10_000  # the chapter's lane lives through them in about a minute


def transactive_market(lane: Lane, days: int = DAYS, memory: float = MEMORY) -> Way:
    """A two-sided market in each step, among devices that know only their own needs and the prices of earlier days.

    A device expects the prices it remembers; from them it computes what stored energy is worth to it, and bids or asks for
    what it would take or give now at each price. The market finds the price that balances the lane. In the evening each
    device corrects what it expects: new expectation = (1 - memory) price + memory old expectation. On the first day it
    expects the prices of the habits. The same day is repeated; the last one is returned.

    This is a market and no solver. With many devices its price comes to rest where `central_dispatch` has its own; among a
    handful of large ones it may not. On sixty random lanes with up to five devices it lost nothing in half of them, 2 % of
    what can be gained on average, and 33 % in the worst.

    Parameters
    ----------
    lane : Lane
    days : int
        Like days lived through, from 1 to 10 000.
    memory : float
        Weight of the old expectation, from 0 to below 1.

    Returns
    -------
    Way
        `price` is that of the market. Members pay it for each kWh they take, and get it for each kWh they give.

    Raises
    ------
    InvalidInput
        Days or memory without meaning; what is no lane.

    References
    ----------
    D. J. Hammerstrom et al., *Pacific Northwest GridWise Testbed Demonstration Projects, Part I: Olympic Peninsula Project*,
    PNNL-17167 (2007): devices that bid from the prices of the last day, in a market cleared every five minutes.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> from tefoundations.systems import Lane
    >>> cars = [Device(f"car {who}", who, energy=1, power=1, end=3, final_energy=1) for who in ("Ada", "Ben", "Cem")]
    >>> market = transactive_market(Lane.of(base=[2, 1, 0], stores=cars, outside=[20, 20, 20], slope=2))
    >>> market.net.round(2).tolist(), market.price.round(2).tolist()
    ([2.0, 2.0, 2.0], [24.0, 24.0, 24.0])
    """
    instance(lane, Lane, "lane")
    days, memory = whole(days, "days", least=1, most=MOST_DAYS), share(memory, "memory", zero=True)
    expected = lane.price(lane.net_of(lane.habits).sum(axis=1))
    for _ in range(days):
        day = market_day(lane, expected)
        expected = (1 - memory) * day.price + memory * expected
    return settled(lane, day)


def settled(lane: Lane, day: MarketDay) -> Way:
    """A day of the market as a way: everybody pays, or gets, the price of each step.

    Parameters
    ----------
    lane : Lane
    day : MarketDay

    Returns
    -------
    Way

    Raises
    ------
    InvalidInput
        What is no lane or no day of its market, but one of another lane or day.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> from tefoundations.systems import Lane
    >>> lane = Lane.of([2, 0], [Device("car", "Ada", 1, 1, end=2, final_energy=1)], outside=[20, 20], slope=2)
    >>> settled(lane, market_day(lane, [24, 21])).payments.tolist()       # Ada, and the others
    [22.0, 48.0]
    """
    check_same_lane(instance(lane, Lane, "lane"), instance(day, MarketDay, "day").lane, "day is", MARKET)
    net = lane.net_of(day.plan)
    return Way("Transactive market", lane, day.plan, day.price @ net, day.traffic, day.price)


def market_day(lane: Lane, expected: ArrayLike) -> MarketDay:
    """One day of the market.

    Parameters
    ----------
    lane : Lane
    expected : (T,) float array
        Prices every device expects (ct/kWh).

    Returns
    -------
    MarketDay

    Raises
    ------
    InvalidInput
        Prices that are not one finite number, at least 0, for each step, or have an index of other steps; what is no lane.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> from tefoundations.systems import Lane
    >>> lane = Lane.of([2, 0], [Device("car", "Ada", 1, 1, end=2, final_energy=1)], outside=[20, 20], slope=2)
    >>> day = market_day(lane, [24, 21])                  # it waits for the second step, which looks cheaper
    >>> day.plan[:, 0].tolist(), day.price.tolist(), day.books[0]
    ([0.0, 1.0], [24.0, 22.0], ([(21.0, 1.0)], []))
    """
    count, hours = len(instance(lane, Lane, "lane").outside), lane.hours
    expected = series(expected, "expected", least=0, count=count, hours=hours)
    plan, price, fixed, moving = lane.habits.copy(), np.zeros(len(lane.outside)), lane.fixed, lane.moving
    plan[:, moving] = 0.0
    devices = [_Trader(lane, i, expected) for i in moving]
    up = down = written = 0
    books = []
    for t in range(len(price)):
        plugged = [device for device in devices if t in device.plan.steps.at]
        bids, asks, parts = [], [], []
        for device in plugged:
            own_bids, own_asks = device.write(t)
            parts.append((device, slice(len(bids), len(bids) + len(own_bids)), slice(len(asks), len(asks) + len(own_asks))))
            bids += own_bids
            asks += own_asks
        books.append((bids, asks))
        deal = cleared(fixed[t], bids, asks, lane.outside[t], lane.slope, lane.feed_in)
        price[t] = deal.price
        for device, own_bids, own_asks in parts:
            plan[t, device.place] = device.move(t, sum(deal.bought[own_bids]) - sum(deal.sold[own_asks]))
        up, down, written = up + len(plugged), down + len(plugged), written + 2 * (len(bids) + len(asks))
    knows = "the notes, and what flows into the lane"
    return MarketDay(plan, price, Traffic(up, down, written, 2 * down, knows), books, lane)


class _Trader:
    """A device during a market day: what stored energy is worth to it at the prices it expects, and what it has stored."""

    def __init__(self, lane, place, expected):
        self.place, self.plan = place, lane.stores[place].answer(expected, lane.hours)
        self.stored = self.plan.steps.initial

    def write(self, t):
        curve = self.plan.bid_curve(t, self.stored)
        return curve.bids, curve.asks

    def move(self, t, energy):
        steps = self.plan.steps
        self.stored = steps.after(t - steps.at.start, self.stored, energy)
        return energy


def price_bound(lane: Lane, prices: ArrayLike) -> float:
    """The least burden that any plan could have, seen from prices alone: the dual function of `central_dispatch`.

    Every device answers the prices for itself, and so does the outside. No plan has a lower burden than the sum of these
    answers, whatever the prices; at the right prices the two are equal.

    Parameters
    ----------
    lane : Lane
    prices : (T,) float array
        ct/kWh, at least the feed-in price.

    Returns
    -------
    float, ct

    Raises
    ------
    InvalidInput
        A price below feed-in: then the bound is minus infinity; an index of other steps; what is no lane.

    Examples
    --------
    >>> from tefoundations.resources import Device
    >>> from tefoundations.systems import Lane, central_dispatch
    >>> lane = Lane.of(base=[2, 0], stores=[Device("car", "Ada", 1, 1, end=2, final_energy=1)], outside=[20, 20], slope=2)
    >>> round(central_dispatch(lane).burden, 4), price_bound(lane, [24, 22]), price_bound(lane, [23, 23])
    (65.0, 65.0, 64.5)
    """
    prices = series(prices, "prices", count=len(instance(lane, Lane, "lane").outside), hours=lane.hours)
    for step in np.flatnonzero(prices < lane.feed_in)[:1]:
        raise InvalidInput(f"step {step}: price {prices[step]:g} must not be below feed-in {lane.feed_in:g}")
    outside = -float((np.maximum(prices - lane.outside, 0.0) ** 2).sum()) / (2 * lane.slope)
    moving = [lane.stores[i] for i in lane.moving]
    listening = sum(store.answer(prices, lane.hours).cost for store in moving)
    felt = sum(lane.stores[i].discomfort(lane.habits[:, i], lane.hours) for i in lane.still)
    return float(outside + prices @ lane.fixed + listening + felt)
