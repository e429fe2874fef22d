"""Deciding step by step with forecasts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.resources import Battery, arbitrage, rolling
from tests.resources.oracles import batteries, obeys, price_lists


@settings(max_examples=60)
@given(st.data(), price_lists(-20), st.integers(1, 9))
def test_a_plan_with_forecasts_is_a_plan_and_never_better_than_foresight(data, prices, horizon):
    battery = data.draw(batteries(len(prices)))
    forecast = data.draw(st.lists(st.integers(-20, 60), min_size=len(prices), max_size=len(prices)))
    run = rolling(prices, forecast, battery, horizon)
    obeys(run.schedule, battery)
    assert run.profit <= run.foresight.profit + 1e-6 and run.regret >= 0
    assert run.foresight.profit == pytest.approx(arbitrage(prices, battery).profit)


@settings(max_examples=60)
@given(st.data(), price_lists(0))
def test_a_right_forecast_over_the_whole_time_is_foresight(data, prices):
    battery = data.draw(batteries(len(prices)))
    run = rolling(prices, prices, battery, len(prices))
    assert run.profit == pytest.approx(run.foresight.profit, abs=1e-6)
    count = len(prices)
    rows = np.array([[prices[min(t + k, count - 1)] for k in range(count)] for t in range(count)], float)
    assert rolling(prices, rows, battery, count).profit == pytest.approx(run.profit, abs=1e-6)


def test_the_first_column_is_not_used_and_nothing_behind_the_end():
    rows = np.array([[np.nan, 40, 30], [np.nan, 30, np.nan], [np.nan, np.nan, np.nan]])
    run = rolling([10, 35, 50], rows, Battery(1, 1), horizon=3)
    assert run.profit == 25 and run.foresight.profit == 40 and run.share == 25 / 40
    assert repr(run) == "Rolling(3 steps, profit 25 of 40)"


def test_a_longer_horizon_sees_the_dear_hour():
    prices, battery = [10, 20, 15, 60], Battery(1, 1)
    earned = [rolling(prices, prices, battery, horizon).profit for horizon in (1, 2, 3, 4)]
    assert earned[0] == 0 and earned[-1] == arbitrage(prices, battery).profit == 55
    assert np.isnan(rolling([10, 5], [10, 5], battery, 2).share)


def test_the_final_energy_is_kept_whatever_the_horizon():
    battery = Battery(energy=4, power=1, final_energy=3)
    for horizon in (1, 2, 5):
        run = rolling([50, 40, 30, 20, 10], [1] * 5, battery, horizon)
        assert run.schedule.energy[-1] >= 3 - 1e-9
