"""What belongs to one lane and one day: series by their index, tables by their columns, results by their lane."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.resources import Device
from tefoundations.systems import (
    Lane,
    as_usual,
    central_dispatch,
    comparison,
    half_hour_book,
    lane_day,
    market_day,
    price_bound,
    settled,
    time_of_use,
)
from tests.systems.lanes import toy

HOURS = pd.date_range("2024-01-01", periods=3, freq="h")
HALVES = pd.date_range("2024-01-01", periods=3, freq="30min")
NEXT = HOURS + pd.Timedelta(days=1)
CARS = ("car of Ada", "car of Ben", "car of Cem")
READERS = {
    "net, cost": lambda lane, values: lane.cost(values),
    "net, price": lambda lane, values: lane.price(values),
    "plan": lambda lane, values: lane.net_of(pd.concat([values] * 3, axis=1, keys=CARS)),
    "expected": market_day,
    "prices": price_bound,
    "outside": lambda lane, values: replace(lane, outside=values),
    "tariff": lambda lane, values: replace(lane, tariff=values),
    "base": lambda lane, values: replace(lane, base=pd.concat([values] * 4, axis=1, keys=lane.members)),
    "habits": lambda lane, values: replace(lane, habits=pd.concat([values] * 3, axis=1, keys=CARS)),
    "outside, of": lambda lane, values: Lane.of([2, 1, 0], lane.stores, values, 2),
    "base, of": lambda lane, values: Lane.of(values, lane.stores, [20, 20, 20], 2),
    "tariff, of": lambda lane, values: Lane.of([2, 1, 0], lane.stores, [20, 20, 20], 2, tariff=values),
}


def refused(call, words):
    with pytest.raises(InvalidInput) as told:
        call()
    assert str(told.value).startswith(words), str(told.value)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("index", "words"),
    [
        (HALVES, "by its index a step is 0.5 hours, and 1 is given"),
        (HOURS[::-1], "its index must rise, and 2024-01-01 01:00:00 comes after 2024-01-01 02:00:00"),
        (pd.Index(HALVES.to_pydatetime(), dtype=object), "by its index a step is 0.5 hours, and 1 is given"),
        (["12:00", "13:00", "14:00"], "its index must be times or numbers, not text"),
    ],
)
def test_an_index_of_other_steps_is_refused_by_every_reader(reader, index, words):
    lane, name = toy(), reader.split(",")[0]
    refused(lambda: READERS[reader](lane, pd.Series(20.0, index)), f"{name}: {words}")
    READERS[reader](lane, pd.Series(20.0, HOURS))


def test_hourly_prices_are_not_those_of_half_hours():
    lane = lane_day("winter")
    hourly = pd.Series(30.0, pd.date_range("2024-01-01 12:00", periods=48, freq="h"))
    refused(lambda: market_day(lane, hourly), "expected: by its index a step is 1 hours, and 0.5 is given")
    refused(lambda: price_bound(lane, hourly), "prices: by its index a step is 1 hours, and 0.5 is given")
    halves = hourly.set_axis(pd.date_range("2024-01-01 12:00", periods=48, freq="30min"))
    assert market_day(lane, halves).price.tolist() == market_day(lane, np.full(48, 30.0)).price.tolist()
    assert price_bound(lane, halves) == price_bound(lane, np.full(48, 30.0))


def test_the_series_of_a_lane_are_of_one_day():
    today, tomorrow = pd.Series([20.0, 21, 22], HOURS), pd.Series([20.0, 21, 22], NEXT)
    words = "step 0 is 2024-01-02 00:00:00 by its index, and 2024-01-01 00:00:00 by that of"
    refused(lambda: replace(toy(), outside=today, tariff=tomorrow), f"tariff: {words} outside")
    refused(lambda: Lane.of(tomorrow, toy().stores, today, 2), f"base: {words} outside")
    refused(lambda: Lane.of(today, toy().stores, [20, 20, 20], 2, tariff=tomorrow), f"tariff: {words} base")
    house = Device("house", "Ada", energy=3, power=4, initial_energy=1, need=pd.Series(0.5, NEXT))
    for make in (
        lambda: Lane.of([2, 1, 0], [house], today, 2),
        lambda: replace(Lane.of([2, 1, 0], [house], [20, 20, 20], 2), outside=today),
    ):
        refused(make, f"device 'house': need: {words} outside")
    plain, dated = Lane.of([2, 1, 0], [house], [20, 21, 22], 2), Lane.of(tomorrow * 0 + [2, 1, 0], [house], tomorrow, 2)
    assert dated.cost([1, 1, 1]) == plain.cost([1, 1, 1]) and dated.habits.tolist() == plain.habits.tolist()


def test_the_columns_of_a_table_are_the_members_and_the_devices_in_their_order():
    lane = toy()
    base = pd.DataFrame(lane.base, columns=lane.members)
    for table in (base, base.set_axis(range(4), axis=1)):
        assert replace(lane, base=table).base.tolist() == lane.base.tolist()
    refused(
        lambda: replace(lane, base=base[list(lane.members[::-1])]), "base: column 0 must be that of 'Ada', not of 'others'"
    )
    turned = pd.DataFrame(lane.habits, columns=CARS)[[CARS[0], CARS[2], CARS[1]]]
    refused(lambda: replace(lane, habits=turned), "habits: column 1 must be that of 'car of Ben', not of 'car of Cem'")
    refused(lambda: lane.net_of(turned), "plan: column 1 must be that of 'car of Ben', not of 'car of Cem'")
    weights = pd.Series([1.0, 2, 3, 4], lane.members)
    assert replace(lane, weights=weights).weights.tolist() == [1, 2, 3, 4]
    refused(lambda: replace(lane, weights=weights.iloc[::-1]), "weights: entry 0 must be that of 'Ada', not of 'others'")


CHANGES = {
    "base in step 1": {"base": np.array([[0, 0, 0, 2], [0, 0, 0, 4], [0, 0, 0, 0]])},
    "outside in step 2": {"outside": [20, 20, 30]},
    "slope": {"slope": 3},
    "feed_in": {"feed_in": 5},
    "stores": {"stores": tuple(replace(car, waiting=1) for car in toy().stores)},
}


@pytest.mark.parametrize("change", CHANGES)
def test_results_of_other_days_do_not_mix(change):
    lane, other = toy(), replace(toy(), **CHANGES[change])
    words = f"of another lane or day: not the same {change}"
    refused(lambda: as_usual(lane).gain_over(as_usual(other)), f"other is {words}")
    refused(lambda: comparison({"here": as_usual(lane), "there": as_usual(other)}), f"ways: 'there' is {words}")
    day = market_day(other, [20, 20, 20])
    refused(lambda: settled(lane, day), f"day is {words}")
    refused(lambda: half_hour_book(lane, day, 0), f"day is {words}")


def test_a_day_of_the_market_is_one_of_the_same_listeners_and_habits():
    lane, still = toy(), toy().with_flexible(2)
    day = market_day(still, [20, 20, 20])
    for call in (lambda: settled(lane, day), lambda: half_hour_book(lane, day, 0)):
        refused(call, "day is of another lane or day: not the same flexible")
    other = replace(lane, habits=lane.habits[::-1])
    refused(
        lambda: settled(other, market_day(lane, [20, 20, 20])),
        "day is of another lane or day: not the same habits in step 0",
    )


def test_winter_is_not_compared_with_summer():
    winter, summer = as_usual(lane_day("winter")), as_usual(lane_day("summer"))
    for call in (lambda: winter.gain_over(summer), lambda: comparison({"winter": winter, "summer": summer})):
        with pytest.raises(InvalidInput, match="is of another lane or day: not the same base in step 0"):
            call()


def test_listeners_tariffs_and_lanes_built_anew_are_of_one_day():
    usual = as_usual(toy())
    dear = time_of_use(replace(toy(), tariff=[30, 10, 10], flat=25, weights=[1, 2, 3, 4], times=("a", "b", "c")))
    best = central_dispatch(toy().with_flexible(2))
    table = comparison({"usual": usual, "dear": dear, "best": best})
    assert table.loc["welfare gained (EUR)"].tolist() == [0, dear.gain_over(usual) / 100, best.gain_over(usual) / 100]
    assert settled(toy(), market_day(toy(), [20, 20, 20])).burden > 0
