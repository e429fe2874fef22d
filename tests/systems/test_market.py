"""The market of half hours: one step against the double auction, notes against brute force, learning, refusals."""

from itertools import product

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.market import uniform_price
from tefoundations.resources import Device
from tefoundations.systems import (
    clear_step,
    half_hour_book,
    lane_day,
    market_day,
    price_bound,
    settled,
    transactive_market,
)  # fmt: skip
from tests.systems.lanes import random_lane, toy


@pytest.mark.parametrize("day", ["winter", "summer", "holiday"])
@pytest.mark.parametrize("learned", [False, True])
def test_each_half_hour_is_a_double_auction(day, learned):
    """The same notes as an order book, the outside in thin steps: the price lies in the auction's interval."""
    lane = lane_day(day)
    ran = market_day(lane, transactive_market(lane).price if learned else lane.outside)
    for step in range(48):
        clearing = uniform_price(half_hour_book(lane, ran, step, width=0.01))
        low, high = clearing.price_interval
        assert low - 0.01 <= ran.price[step] <= high + 0.01, step


@pytest.mark.parametrize("seed", range(40))
def test_a_step_supports_its_price(seed):
    """At the price everybody gets what he wants at it, and the outside's next kWh costs it."""
    rng = np.random.default_rng(seed)
    bids = [(float(p), float(q)) for p, q in zip(rng.integers(1, 50, 6), rng.integers(1, 6, 6))]
    asks = [(float(p), float(q)) for p, q in zip(rng.integers(1, 50, 4), rng.integers(1, 6, 4))]
    fixed = float(rng.integers(-12, 12))
    deal = clear_step(fixed, bids, asks, outside=20.0, slope=1.0, feed_in=8.0)
    for orders, filled, sign in ((bids, deal.bought, 1), (asks, deal.sold, -1)):
        for (price, quantity), got in zip(orders, filled):
            assert -1e-12 <= got <= quantity
            assert got == quantity or sign * (price - deal.price) <= 1e-9
            assert got == 0 or sign * (price - deal.price) >= -1e-9
    assert deal.taken == pytest.approx(fixed + sum(deal.bought) - sum(deal.sold))
    if deal.taken > 1e-9:
        assert deal.price == pytest.approx(20 + deal.taken)
    elif deal.taken < -1e-9:
        assert deal.price == pytest.approx(8)
    else:
        assert 8 <= deal.price <= 20


def test_a_step_without_orders_has_the_price_of_the_outside():
    assert clear_step(3, [], [], 20, 2, 8).price == 26
    assert clear_step(-3, [], [], 20, 2, 8).price == 8
    assert clear_step(0, [], [], 20, 2, 8).price == 14


def test_a_step_of_very_little_energy_has_its_own_price():
    assert clear_step(5e-10, [], [], 20, 1e9, 8).price == 20.5
    assert clear_step(0.3, [], [(7, 0.1), (7, 0.2)], 20, 1, 8).price == 14  # what is left of the sum is nothing


def test_among_equal_bids_the_earlier_comes_first():
    assert clear_step(0, [(24, 3), (24, 3)], [], outside=20, slope=1, feed_in=8).bought == [3, 1]


@pytest.mark.parametrize("seed", range(10))
def test_the_worth_of_stored_energy_by_brute_force(seed):
    """Whole kWh, no losses: the best of all plans that can be followed."""
    rng = np.random.default_rng(seed)
    prices = rng.integers(1, 40, size=4).astype(float)
    wear, waiting = float(rng.integers(0, 5)), float(rng.integers(0, 3))
    store = Device("battery", "Ada", 3, 1, 1, 0, 4, 1, 1, wear=wear, waiting=waiting)
    worth = store.answer(prices).worth
    for initial in range(4):
        best = -np.inf
        for plan in product((-1, 0, 1), repeat=4):
            stored = initial + np.cumsum(plan)
            if stored.min() >= 0 and stored.max() <= 3 and stored[-1] >= 1:
                best = max(best, -(prices @ plan) - store.discomfort(plan))
        assert worth[0].at(initial) == pytest.approx(best)


def test_notes_of_a_car_that_must_hurry():
    car = Device("car", "Ada", energy=4, power=2, end=3, final_energy=4)
    plan = car.answer([10.0, 20.0, 30.0])
    bids, asks = plan.bid_curve(0, 0.0).bids, plan.bid_curve(0, 0.0).asks
    assert bids == ((30.0, 2.0),) and not asks  # what it does not take now it takes in the dearest hour
    bids, asks = plan.bid_curve(1, 0.0).bids, plan.bid_curve(1, 0.0).asks
    assert bids[0] == (np.inf, 2.0) and not asks


def test_the_market_learns():
    lane = lane_day("winter")
    burdens = [transactive_market(lane, days=days).burden for days in (1, 3, 7, 14)]
    assert burdens == sorted(burdens, reverse=True) and burdens[0] - burdens[-1] > 500


def test_the_same_every_time():
    lane = random_lane(3)
    first, second = transactive_market(lane), transactive_market(lane)
    assert (first.plan == second.plan).all() and (first.price == second.price).all()


def test_notes_are_counted_as_written():
    lane = lane_day("winter")
    day = market_day(lane, lane.outside)
    assert day.traffic.numbers_up == sum(2 * (len(bids) + len(asks)) for bids, asks in day.books)
    assert day.traffic.up == sum(len(lane.steps_of(lane.stores[i])) for i in lane.moving)


@pytest.mark.parametrize(
    ("days", "memory", "words"),
    [(0, 0.5, "days 0"), (10**400, 0.5, "days 1000"), (1.5, 0.5, "days 1.5"), (True, 0.5, "days True"), (3, 1, "memory 1")],
)
def test_a_market_without_meaning(days, memory, words):
    with pytest.raises(InvalidInput, match=words):
        transactive_market(toy(), days=days, memory=memory)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bids": [(24, 3), (20, -1)]}, "bids, row 1: quantity -1 must be a number of kWh, at least 0"),
        ({"bids": [(np.nan, 3)]}, "bids, row 0: price nan must be a number"),
        ({"asks": [(24, 3, 1)]}, "asks, row 0: an order must be a price and a quantity, not 3 entries"),
        ({"asks": [24]}, "asks, row 0: an order must be a sequence of a price and a quantity, not an int"),
        ({"asks": 24}, "asks must be a sequence of (price, quantity), not an int"),
        ({"fixed": np.nan}, "fixed nan must be a finite number (kWh)"),
        ({"slope": 0}, "slope 0 must be a positive number"),
        ({"feed_in": 21}, "feed_in 21 must not be above the price outside, 20"),
    ],
)
def test_a_step_without_meaning(change, words):
    step = {"fixed": 2, "bids": [(24, 3)], "asks": [], "outside": 20, "slope": 1, "feed_in": 8}
    with pytest.raises(InvalidInput) as told:
        clear_step(**step | change)
    assert str(told.value).startswith(words)


def test_a_day_of_another_lane_is_refused():
    lane, other = toy(), lane_day("winter")
    day = market_day(lane, [20, 20, 20])
    for call in (lambda: half_hour_book(other, day, 1), lambda: settled(other, day)):
        with pytest.raises(InvalidInput, match="day is of another lane or day: not the same members"):
            call()
    with pytest.raises(InvalidInput, match="width 1e-09 kWh cuts 5 kWh into more than 100000 orders"):
        half_hour_book(lane, day, 0, width=1e-9)
    for call in (lambda: settled(lane, lane), lambda: half_hour_book(lane, lane, 0)):
        with pytest.raises(InvalidInput, match="day must be a MarketDay, not a Lane"):
            call()


def test_prices_without_meaning():
    with pytest.raises(InvalidInput, match="expected"):
        market_day(toy(), [1, 2])
    with pytest.raises(InvalidInput, match="expected"):
        market_day(toy(), [1, 2, np.nan])
    with pytest.raises(InvalidInput, match="feed-in"):
        price_bound(lane_day("winter"), np.full(48, 7.9))
    with pytest.raises(InvalidInput, match="step 48"):
        half_hour_book(lane_day("winter"), market_day(lane_day("winter"), np.full(48, 20.0)), 48)
