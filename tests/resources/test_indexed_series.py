"""Prices, rates, plans and forecasts with an index: what they are of is looked at, wherever they are given."""

import copy
import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tefoundations.errors import InvalidInput, InvalidPrices
from tefoundations.resources import Battery, Device, arbitrage, rolling

HALVES = pd.date_range("2024-01-01", periods=4, freq="30min")
HOURS = pd.date_range("2024-01-01", periods=4, freq="h")
PRICES = [30.0, 10, 20, 40]
CAR = Device("car", "Ada", energy=2, power=1, end=4, final_energy=2)
STORE = Battery(energy=1, power=1)
READERS = {
    "Device.answer": CAR.answer,
    "Device.bid_curve": lambda prices, hours=1.0: CAR.bid_curve(prices, 0, hours),
    "Battery.answer": STORE.answer,
    "Battery.bid_curve": lambda prices, hours=1.0: STORE.bid_curve(prices, 0, hours),
    "Device.discomfort": CAR.discomfort,
    "arbitrage": lambda prices, hours=1.0: arbitrage(prices, STORE, hours=hours),
    "rolling": lambda prices, hours=1.0: rolling(prices, PRICES, STORE, 2, hours=hours),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("index", "words"),
    [
        (HALVES, "by its index a step is 0.5 hours, and 1 is given"),
        (HOURS[::-1], "its index must rise, and 2024-01-01 02:00:00 comes after 2024-01-01 03:00:00"),
        (HOURS.delete(1).append(HOURS[-1:] + pd.Timedelta(hours=1)), "its index must have steps of 1 hours, and from"),
        (HOURS.strftime("%H:%M"), "its index must be times or numbers, not text"),
        (pd.Index(HALVES.to_pydatetime(), dtype=object), "by its index a step is 0.5 hours, and 1 is given"),
    ],
)
def test_an_index_of_other_steps_is_refused_by_every_reader(reader, index, words):
    with pytest.raises(InvalidInput if reader == "Device.discomfort" else InvalidPrices) as told:
        READERS[reader](pd.Series(PRICES, index))
    assert ("plan: " if reader == "Device.discomfort" else "prices: ") + words in str(told.value)


def test_prices_with_the_right_index_are_those_of_a_list():
    for index in (HOURS, HOURS.tz_localize("UTC"), pd.Index(HOURS.to_pydatetime(), dtype=object)):
        prices = pd.Series(PRICES, index)
        assert CAR.answer(prices).energy.tolist() == CAR.answer(PRICES).energy.tolist() == [0, 1, 1, 0]
        assert arbitrage(prices, STORE).profit == arbitrage(PRICES, STORE).profit == 30
    assert CAR.answer(pd.Series(PRICES, HALVES), 0.5).energy.tolist() == [0.5] * 4


def test_days_of_the_calendar_are_seen_in_an_index_of_objects():
    """One cycle a day: it sells at 5 before midnight and at 6 after it what it bought at 1; in 24 hours only one of them."""
    index = pd.date_range("2024-01-01 20:00", periods=8, freq="h")
    prices = [1.0, 5, 1, 5, 2, 6, 2, 6]
    once = Battery(energy=1, power=1, cycles_per_day=1)
    profits = [arbitrage(pd.Series(prices, i), once).profit for i in (index, pd.Index(index.to_pydatetime(), dtype=object))]
    assert profits == pytest.approx([4 + 5] * 2) and arbitrage(prices, once).profit == pytest.approx(5)


@pytest.mark.parametrize("rate", ["need", "gain"])
def test_a_rate_with_an_index_is_of_the_steps_of_the_prices(rate):
    values = [1.0, 0.5, 0.5, 0.25]
    house = {"energy": 3, "power": 4, "initial_energy": 1}
    plain = Device("house", "Ada", **house, **{rate: values})
    timed = Device("house", "Ada", **house, **{rate: pd.Series(values, HOURS)})
    assert timed == plain and hash(timed) == hash(plain) and repr(timed) == repr(plain)
    for device in (timed, replace(timed, name="house"), copy.deepcopy(timed), pickle.loads(pickle.dumps(timed))):
        for prices in (PRICES, pd.Series(PRICES), pd.Series(PRICES, HOURS)):
            assert device.answer(prices).energy.tolist() == plain.answer(PRICES).energy.tolist()
        plain.answer(PRICES, 0.5)
        for call in (lambda d: d.answer(PRICES, 0.5), lambda d: d.over(4, 0.5), lambda d: d.bid_curve(PRICES, 0, 0.5)):
            with pytest.raises(InvalidInput, match=f"'house': {rate}: by its index a step is 1 hours, and 0.5 is given"):
                call(device)
        for call in (device.answer, lambda prices, device=device: device.bid_curve(prices, 0)):
            with pytest.raises(
                InvalidInput, match=f"'house': {rate}: step 0 is 2024-01-01 00:00:00 by its index, and 2024-01-02"
            ):
                call(pd.Series(PRICES, HOURS + pd.Timedelta(days=1)))


def test_a_rate_out_of_order_is_refused_when_the_device_is_made():
    for index, words in ((HOURS[::-1], "need: its index must rise"), (list("abcd"), "need: its index must be times")):
        with pytest.raises(InvalidInput, match=f"device 'house': {words}"):
            Device("house", "Ada", energy=3, power=4, need=pd.Series(1.0, index))


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (HOURS[::-1], "its index must rise"),
        (HALVES, "by its index a step is 0.5 hours, and 1 is given"),
        (
            HOURS + pd.Timedelta(days=1),
            "step 0 is 2024-01-02 00:00:00 by its index, and 2024-01-01 00:00:00 by that of prices",
        ),
        (HOURS.tz_localize("UTC"), "its index is of times with a zone, and that of prices is of times without a zone"),
        (HOURS.strftime("%H:%M"), "its index must be times or numbers, not text"),
    ],
)
def test_impacts_and_forecasts_are_of_the_steps_of_the_prices(index, words):
    prices, other = pd.Series(PRICES, HOURS), pd.Series([0.0, 0, 5, 9], index)
    table = pd.DataFrame(np.tile(PRICES, (4, 1)), index)
    for name, call in (
        ("price_impact", lambda: arbitrage(prices, STORE, price_impact=other)),
        ("forecasts", lambda: rolling(prices, other, STORE, 2)),
        ("forecasts", lambda: rolling(prices, table, STORE, 2)),
    ):
        with pytest.raises(InvalidInput) as told:
            call()
        assert str(told.value).startswith(f"{name}: {words}")


def test_impacts_and_forecasts_of_the_same_steps_are_those_of_a_list():
    prices, impact, forecast = (pd.Series(values, HOURS) for values in (PRICES, [1.0, 2, 0, 3], [0.0, 50, 10, 60]))
    best = arbitrage(PRICES, STORE, price_impact=[1.0, 2, 0, 3]).profit
    assert (
        arbitrage(prices, STORE, price_impact=impact).profit == arbitrage(PRICES, STORE, price_impact=impact).profit == best
    )
    planned = rolling(PRICES, [0.0, 50, 10, 60], STORE, 3).profit
    assert rolling(prices, forecast, STORE, 3).profit == rolling(PRICES, forecast, STORE, 3).profit == planned


def test_the_columns_of_forecasts_count_the_steps_ahead():
    rows = np.array([[np.nan, 10, 20], [np.nan, 20, 40], [np.nan, 40, 0], [np.nan, 0, 0]])
    best = rolling(PRICES, rows, STORE, 3).profit
    for columns in (range(3), ["0", "1", "2"]):
        assert rolling(PRICES, pd.DataFrame(rows, HOURS, columns), STORE, 3).profit == best
    for columns, lead in (([1, 2, 3], 0), ([0, 2, 1], 1), (HOURS[:3], 0)):
        with pytest.raises(
            InvalidInput, match=f"forecasts: column {lead} must be named {lead}, for the price expected {lead} steps"
        ):
            rolling(PRICES, pd.DataFrame(rows, HOURS, columns), STORE, 3)
