"""A limit of cycles a day is one of the calendar's day where prices bear times."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.resources import Battery, arbitrage
from tests.resources.oracles import obeys

LIMITED = Battery(4, 3, 3, 0.9, 0.8, initial_energy=4, cycles_per_day=0.5)


def by_date(plan, index, hours, battery):
    """kWh that leave the store on each date, minute by minute: what each step gives, spread over it."""
    minutes = pd.date_range(index[0], periods=round(len(index) * hours * 60), freq="min")
    each = np.repeat(plan.discharge / battery.discharge_efficiency / (hours * 60), round(hours * 60))
    return pd.Series(each, minutes).groupby(minutes.date).sum()


@pytest.mark.parametrize("zone", [None, "Europe/Berlin", "America/Sao_Paulo"])
@pytest.mark.parametrize(("start", "step", "count"), [
    ("2018-03-24 18:00", 1.0, 60), ("2018-10-27 07:30", 0.5, 110), ("2018-11-03 18:00", 1.0, 60),
    ("2018-03-24 05:00", 5.0, 13),
])  # fmt: skip
@pytest.mark.parametrize("method", ["auto", "milp"])
def test_no_date_sees_more_and_each_can_see_all(zone, start, step, count, method):
    """Clocks change in Berlin on 25 March and 28 October, in Sao Paulo at midnight before 4 November 2018."""
    index = pd.date_range(pd.Timestamp(start, tz=zone), periods=count, freq=pd.Timedelta(hours=step))
    prices = pd.Series(np.random.default_rng(count).uniform(0, 60, count), index)
    plan = arbitrage(prices, LIMITED, method, hours=step)
    obeys(plan, LIMITED)
    used = by_date(plan, index, step, LIMITED)
    assert used.max() == pytest.approx(2.0, abs=1e-7)
    # Once more with a solver's rows written by hand, a row a date, from the minutes.
    from scipy.optimize import linprog

    minutes = pd.date_range(index[0], periods=round(count * step * 60), freq="min")
    dates, of_step = pd.factorize(minutes.date)[0], np.repeat(np.arange(count), round(step * 60))
    share = np.zeros((dates.max() + 1, count))
    np.add.at(share, (dates, of_step), 1 / (step * 60))
    sums = np.hstack([np.tril(np.full((count, count), 0.9)), -np.tril(np.full((count, count), 1 / 0.8))])
    days = np.hstack([np.zeros((len(share), count)), share / 0.8])
    found = linprog(np.concatenate([prices, -prices]), np.vstack([sums, -sums, days]),
                    np.concatenate([np.zeros(count), np.full(count, 4.0), np.full(len(share), 2.0)]),
                    bounds=[(0, 3 * step)] * (2 * count))  # fmt: skip
    assert plan.profit == pytest.approx(-found.fun, rel=1e-8)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 60), min_size=48, max_size=48), st.sampled_from([0, 6, 17]))
def test_the_length_of_a_step_does_not_change_what_a_day_is(prices, hour):
    """The same prices and trades in whole hours and in halves of them: what an hour may do, its halves may."""
    index = pd.date_range(f"2024-05-01 {hour:02d}:00", periods=48, freq="h")
    halves = pd.date_range(index[0], periods=96, freq="30min")
    whole = arbitrage(pd.Series(prices, index, dtype=float), LIMITED)
    half = arbitrage(pd.Series(np.repeat(prices, 2), halves, dtype=float), LIMITED, hours=0.5)
    assert half.profit == pytest.approx(whole.profit, rel=1e-8, abs=1e-7)


def test_a_day_begins_at_midnight_and_without_times_with_the_first_step():
    """From noon on: dear at 18:00 and at 9:00 of the next day. The calendar has two days there, 24 hours have one."""
    index = pd.date_range("2024-05-01 12:00", periods=24, freq="h")
    prices = np.where(np.isin(index.hour, [18, 9]), 100.0, 10.0)
    battery = Battery(1, 1, initial_energy=1, cycles_per_day=1)
    assert arbitrage(prices, battery).profit == pytest.approx(100)
    assert arbitrage(pd.Series(prices, index), battery).profit == pytest.approx(190)
    assert arbitrage(pd.Series(prices, index.to_period("h")), battery).profit == pytest.approx(190)
    assert arbitrage(pd.Series(prices), battery).profit == pytest.approx(100)
    moved = arbitrage(pd.Series(prices, index), battery, price_impact=1e-3)
    assert moved.method == "quadratic" and moved.profit == pytest.approx(190, abs=0.01)


def test_the_price_of_a_cycle_is_that_of_its_date():
    index = pd.date_range("2024-05-01 12:00", periods=24, freq="h")
    prices = pd.Series(np.where(np.isin(index.hour, [18]), 100.0, 10.0), index)
    plan = arbitrage(prices, Battery(4, 4, initial_energy=4, cycles_per_day=0.5))
    assert (
        plan.cycle_price[:12] == pytest.approx(np.full(12, plan.cycle_price[0]))
        and plan.cycle_price[0] > plan.cycle_price[12]
    )
