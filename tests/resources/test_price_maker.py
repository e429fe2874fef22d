"""A store that moves the price, against cvxpy, against the grid, and against arithmetic."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.resources import Battery, arbitrage
from tests.resources.oracles import batteries, best_of_directions, by_cvxpy, obeys, price_lists


def test_by_hand():
    """Buy at 10 + q, sell at 30 - q: the profit (20 - 2 q) q is largest at q = 5; the spread left is 10."""
    plan = arbitrage([10, 30], Battery(energy=100, power=100), price_impact=1)
    assert plan.method == "quadratic" and plan.charge == pytest.approx([5, 0], abs=1e-5)
    assert plan.profit == pytest.approx(50) and plan.price == pytest.approx([15, 25], abs=1e-5)
    assert plan.shadow_price == pytest.approx([20, 20], abs=1e-4)
    # Many small batteries together go on until nothing is left: the same programme with half the slope.
    crowd = arbitrage([10, 30], Battery(energy=100, power=100), price_impact=0.5)
    assert np.array([10, 30]) - 1 * crowd.sold == pytest.approx([20, 20], abs=1e-5)


@settings(max_examples=30)
@given(st.data(), price_lists(0), st.sampled_from([0.01, 0.5, 4.0]))
def test_the_same_as_cvxpy(data, prices, impact):
    battery = data.draw(batteries(len(prices)))
    plan = arbitrage(prices, battery, price_impact=impact)
    obeys(plan, battery)
    assert plan.profit == pytest.approx(by_cvxpy(prices, battery, impact=np.full(len(prices), impact)), rel=2e-6, abs=2e-5)
    assert plan.profit <= arbitrage(prices, battery).profit + 1e-6


@settings(max_examples=15)
@given(st.data(), price_lists(-60, longest=3), st.sampled_from([0.5, 4.0]))
def test_right_at_prices_below_zero(data, prices, impact):
    battery = data.draw(batteries(len(prices)))
    plan = arbitrage(prices, battery, price_impact=impact)
    obeys(plan, battery)
    best = best_of_directions(prices, battery, impact=np.full(len(prices), impact))
    assert plan.profit == pytest.approx(best, rel=5e-6, abs=5e-5)


def test_many_prices_below_zero():
    rng = np.random.default_rng(4)
    prices, battery = rng.normal(-10, 30, 48), Battery(4, 1, charge_efficiency=0.9, discharge_efficiency=0.9)
    plan = arbitrage(prices, battery, price_impact=2.0)
    grid = arbitrage(prices, battery, "grid", price_impact=2.0, levels=401)
    assert 0.99 * plan.profit < grid.profit <= plan.profit * (1 + 1e-6)
    obeys(plan, battery)


def test_the_worth_of_energy_is_a_finite_difference():
    battery = Battery(4, 1, charge_efficiency=0.9, discharge_efficiency=0.9, initial_energy=1.0)
    prices, gift = [20, 30, 60, 10, 25, 70], 1e-3
    plan = arbitrage(prices, battery, price_impact=3.0)
    more, less = (arbitrage(prices, replace(battery, initial_energy=1 + e), price_impact=3.0).profit for e in (gift, -gift))
    assert (more - less) / (2 * gift) == pytest.approx(plan.shadow_price[0], abs=2e-2)


def test_a_larger_store_leaves_less_spread():
    prices, sizes = [10, 12, 40, 45], (1, 2, 4, 8, 16)
    plans = [arbitrage(prices, Battery(size, size), price_impact=1.0) for size in sizes]
    spreads = [np.ptp(plan.price) for plan in plans]
    assert all(later <= earlier + 1e-6 for earlier, later in zip(spreads, spreads[1:])) and spreads[-1] < 0.7 * spreads[0]
    per_kwh = [plan.profit / size for plan, size in zip(plans, sizes)]
    assert all(later < earlier for earlier, later in zip(per_kwh, per_kwh[1:]))


@settings(max_examples=40)
@given(st.data(), price_lists(0), st.sampled_from([100.0, 1000.0]), st.sampled_from([0.5, 4.0]))
def test_a_store_far_larger_than_its_trades(data, prices, size, impact):
    """Its size once was the unit of the solver, who then gave up; energy that is left over is not burnt either."""
    battery = data.draw(batteries(len(prices)))
    battery = replace(battery, energy=battery.energy * size, initial_energy=battery.initial_energy * size)
    plan = arbitrage(prices, battery, price_impact=impact)
    obeys(plan, battery)
    expected = by_cvxpy(prices, battery, impact=np.full(len(prices), impact))
    assert plan.profit == pytest.approx(expected, rel=2e-6, abs=2e-5)


@settings(max_examples=40)
@given(st.integers(1, 24), st.sampled_from([1.0, 30.0, 100.0]), st.sampled_from([1e-9, 1.0, 1e9]), st.data())
def test_prices_without_a_spread_move_nothing(count, price, scale, data):
    """It once failed, or bought a few parts in a million of what the store holds."""
    kwh, impact = data.draw(st.sampled_from([1.0, 100.0, 1000.0])), data.draw(st.sampled_from([0.01, 1.5, 4.0]))
    initial = data.draw(st.sampled_from([0.0, 0.5])) * kwh * scale
    loss = data.draw(st.sampled_from([0.0, 0.0 if initial else 0.01]))
    battery = Battery(kwh * scale, kwh * scale, initial_energy=initial, final_energy=initial, self_discharge=loss)
    plan = arbitrage([price] * count, battery, price_impact=impact / scale)
    assert plan.profit == 0 and not plan.charge.any() and not plan.discharge.any() and "No trade" in plan.explain()


def test_a_wear_as_high_as_the_price_of_a_leaky_store():
    battery = Battery(1, 0.1, initial_energy=0.5, final_energy=0.25, self_discharge=0.01, cycle_cost=2)
    assert arbitrage([2, 2, 2], battery, price_impact=0.01).profit == 0
