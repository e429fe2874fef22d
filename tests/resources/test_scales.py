"""Batteries of any size earn alike for each kWh, and what cannot be reached never wins."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import TEError
from tefoundations.resources import Battery, arbitrage, rolling
from tests.resources.devices import cases
from tests.resources.devices import scaled as scaled_device
from tests.resources.oracles import batteries, price_lists

SCALES = st.sampled_from([1e-9, 1e-6, 1e-3, 1e3, 1e6, 1e9])
ENERGIES = ("energy", "power", "power_out", "initial_energy", "final_energy")


def scaled(battery, scale):
    return replace(battery, **{name: getattr(battery, name) * scale for name in ENERGIES if getattr(battery, name)})


@settings(max_examples=40)
@given(st.data(), price_lists(-40), SCALES)
@pytest.mark.parametrize("method", ["auto", "lp", "milp", "grid"])
def test_arbitrage_scales(method, data, prices, scale):
    battery = data.draw(batteries(len(prices)))
    a, b = (arbitrage(prices, each, method, levels=41) for each in (battery, scaled(battery, scale)))
    turnover = np.abs(prices) @ (a.charge + a.discharge)
    assert b.profit / scale == pytest.approx(a.profit, rel=1e-7, abs=1e-9 * (1 + turnover))
    assert b.relaxed == a.relaxed
    assert b.energy.min() >= 0 and b.energy.max() <= scaled(battery, scale).energy


@settings(max_examples=25)
@given(price_lists(-40), SCALES, st.sampled_from([1e-6, 1e6]))
def test_prices_and_energy_in_other_units(prices, scale, money):
    battery = Battery(
        10, 2.5, charge_efficiency=0.9, discharge_efficiency=0.9, cycle_cost=1, initial_energy=3, final_energy=2
    )
    a = arbitrage(prices, battery, "milp")
    b = arbitrage(np.array(prices) * money, replace(scaled(battery, scale), cycle_cost=money), "milp")
    assert b.profit / scale / money == pytest.approx(a.profit, rel=1e-7, abs=1e-6)


@settings(max_examples=25)
@given(price_lists(-40), SCALES)
def test_a_price_maker_scales(prices, scale):
    battery = Battery(4, 1, charge_efficiency=0.9, discharge_efficiency=0.9)
    a, b = (arbitrage(prices, scaled(battery, s), price_impact=2.0 / s) for s in (1.0, scale))
    assert b.profit / scale == pytest.approx(a.profit, rel=1e-5, abs=1e-4)


@settings(max_examples=25)
@given(price_lists(-40), SCALES)
def test_rolling_scales(prices, scale):
    battery = Battery(5, 1, charge_efficiency=0.95, discharge_efficiency=0.95)
    a, b = (rolling(prices, prices, scaled(battery, s), 4) for s in (1.0, scale))
    assert b.profit / scale == pytest.approx(a.profit, rel=1e-7, abs=1e-6)


def test_what_cannot_be_reached_never_wins():
    """No level of the grid is within reach of the next in a minute, and yet 0.3 kWh must be bought, for 3 ct."""
    battery = Battery(10, 2.5, initial_energy=5, final_energy=5.3)
    plan = arbitrage([10] * 20, battery, "grid", hours=1 / 60)
    assert plan.profit == pytest.approx(-3) and plan.energy[-1] == pytest.approx(5.3) and not plan.discharge.any()


@settings(max_examples=60)
@given(price_lists(-40), st.floats(0, 10), st.floats(0, 10), st.sampled_from([1 / 60, 0.25, 1.0]))
def test_a_plan_on_levels_keeps_every_limit(prices, start, end, step):
    battery = Battery(10, 2.5, initial_energy=start, final_energy=end, self_discharge=0.001)
    try:
        exact = arbitrage(prices, battery, "milp", hours=step)
    except ValueError:
        return  # out of reach, and said so
    plan = arbitrage(prices, battery, "grid", hours=step, levels=11)
    assert plan.energy[-1] >= end - 1e-8 and plan.profit <= exact.profit + 1e-6 * (1 + np.abs(prices).sum())
    assert plan.charge.max() <= 2.5 * step + 1e-8 and plan.discharge.max() <= 2.5 * step + 1e-8


def test_rolling_takes_its_own_rounding():
    """A plan that ended a rounding above full was refused as the start of the next."""
    prices = [-5, -5, -20, -10, -10, -10, -20, 20]
    battery = Battery(5, 1, charge_efficiency=0.95, discharge_efficiency=0.95)
    found = rolling(prices, prices, battery, 8)
    assert found.profit == pytest.approx(found.foresight.profit) and found.schedule.energy.max() <= 5


@settings(max_examples=60)
@given(cases(), st.sampled_from([1e6, 1e9, 1e12]), st.sampled_from([1e-9, 1.0, 1e9]))
def test_a_store_that_never_fills_is_as_good_as_one_far_larger(case, more, scale):
    """What is tiny once was a share of its size: it then neither took nor gave."""
    (device, prices, hours), plans = case, []
    device = scaled_device(device, scale)
    for size in (1e3, more):
        large = replace(device, energy=device.energy * size)
        plan = large.answer(prices, hours)
        curves = [plan.bid_curve(step, stored) for step in range(len(prices)) for stored in (None, device.energy)]
        plans.append((plan.cost / scale, [curve.at(price) / scale for curve in curves for price in (-0.01, 7.25, 1e3)]))
    assert plans[1][0] == pytest.approx(plans[0][0], rel=1e-9, abs=1e-9)
    assert plans[1][1] == pytest.approx(plans[0][1], rel=1e-9, abs=1e-9)


def test_a_nearly_full_store_of_far_more_than_it_trades():
    battery = Battery(1e9, 1, initial_energy=1e9 - 0.5)
    assert battery.bid_curve([5, 30], 0).asks == ((0.0, 1.0),) and battery.answer([5, 30]).energy.tolist() == [-1, -1]
    assert Battery(1e9, 1).answer([5, 30]).bid_curve(0, stored=1e9).at(-1) == 0


@pytest.mark.parametrize("size", [3, 1e9])
@pytest.mark.parametrize("small", [1e-9, 1.0])
def test_a_final_energy_out_of_reach_is_refused_whatever_the_size(size, small):
    for prices in ([10, 30], [10, 30, 20]):
        battery = Battery(size, small, final_energy=2.5 * small)
        if len(prices) == 3:
            assert arbitrage(prices, battery).energy[-1] == pytest.approx(2.5 * small)
            continue
        for call in (arbitrage, lambda prices, battery: battery.answer(prices)):
            with pytest.raises(TEError, match="cannot be reached"):
                call(prices, battery)
