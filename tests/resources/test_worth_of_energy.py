"""The shadow price of stored energy against finite differences of the profit, and against a solver's dual."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tefoundations.resources import Battery, arbitrage
from tefoundations.resources.storage.programmes import bounds_of, cost_of, rows_of
from tests.resources.oracles import batteries, price_lists


def dense(prices, battery):
    """The programme as scipy takes it: cost, equality matrix, right-hand side, bounds."""
    count, rows = len(prices), rows_of(len(prices), battery, 1.0)
    matrix = np.zeros((count, 3 * count))
    for row in range(count):
        place = slice(rows.starts[row], rows.starts[row + 1])
        matrix[row, rows.columns[place]] = rows.entries[place]
    return (
        cost_of(np.array(prices, float), battery),
        matrix,
        rows.low.copy(),
        np.column_stack(bounds_of(count, battery, 1.0)),
    )


def with_gift(prices, battery, t, kwh):
    """Profit if so many kWh appear in the store during step t, or None if no plan can bear it."""
    cost, matrix, right, bounds = dense(prices, battery)
    right[t] += kwh
    found = linprog(cost, A_eq=matrix, b_eq=right, bounds=bounds, method="highs-ds")
    return -found.fun if found.status == 0 else None


@settings(max_examples=80)
@given(st.data(), price_lists(0, longest=6))
def test_the_ends_of_the_interval_are_finite_differences(data, prices):
    battery = data.draw(batteries(len(prices)))
    plan, gift = arbitrage(prices, battery), 1e-4
    low, high = plan.shadow_price_interval
    for t in range(len(prices)):
        more, less = with_gift(prices, battery, t, gift), with_gift(prices, battery, t, -gift)
        if more is None:
            assert low[t] == -np.inf
        else:
            assert (more - plan.profit) / gift == pytest.approx(low[t], abs=1e-3)
        if less is None:
            assert high[t] == np.inf
        else:
            assert (plan.profit - less) / gift == pytest.approx(high[t], abs=1e-3)


@settings(max_examples=60)
@given(st.data(), price_lists(0))
def test_a_solvers_dual_lies_in_the_interval_and_every_method_gives_the_same(data, prices):
    battery = data.draw(batteries(len(prices)))
    plan = arbitrage(prices, battery)
    low, high = plan.shadow_price_interval
    cost, matrix, right, bounds = dense(prices, battery)
    dual = -linprog(cost, A_eq=matrix, b_eq=right, bounds=bounds, method="highs-ds").eqlin.marginals
    assert (low - 1e-6 <= dual).all() and (dual <= high + 1e-6).all()
    for method in ("lp", "milp"):
        other = arbitrage(prices, battery, method).shadow_price_interval
        assert other[0] == pytest.approx(low, abs=1e-6) and other[1] == pytest.approx(high, abs=1e-6)


@settings(max_examples=60)
@given(st.data(), price_lists(0), st.floats(0.1, 0.9))
def test_the_first_is_the_value_of_what_is_in_store(data, prices, share):
    battery = replace(data.draw(batteries(len(prices), final=False)), self_discharge=0.0)
    battery = replace(battery, initial_energy=battery.energy * share)
    plan, gift = arbitrage(prices, battery), 1e-5 * battery.energy
    low, high = plan.shadow_price_interval
    more, less = (
        arbitrage(prices, replace(battery, initial_energy=battery.initial_energy + e)).profit for e in (gift, -gift)
    )
    assert (more - plan.profit) / gift == pytest.approx(low[0], abs=1e-3)
    assert (plan.profit - less) / gift == pytest.approx(high[0], abs=1e-3)
    assert plan.shadow_price[0] == low[0]


def test_by_hand():
    """Bought at 10 and sold at 30: one more kWh in store is sold too, and less is bought where the store is full."""
    roomy = arbitrage([10, 30], Battery(energy=4, power=2, power_out=4))
    assert [each.tolist() for each in roomy.shadow_price_interval] == [[30, 30], [30, 30]]
    full = arbitrage([10, 30], Battery(energy=1, power=1))
    assert [each.tolist() for each in full.shadow_price_interval] == [[10, 10], [30, 30]]
    idle = arbitrage([40, 45], Battery(1, 1, charge_efficiency=0.9, discharge_efficiency=0.9))
    low, high = idle.shadow_price_interval
    assert low == pytest.approx([40.5, 40.5]) and high == pytest.approx([40 / 0.9, 40 / 0.9])


def test_with_directions_held_below_zero():
    lossy = Battery(energy=1, power=1, charge_efficiency=0.9, discharge_efficiency=0.9, initial_energy=0.3)
    prices = [-50, -50, -50, 60]
    plan = arbitrage(prices, lossy)
    low, high = plan.shadow_price_interval
    gift = 1e-4
    more = arbitrage(prices, replace(lossy, initial_energy=0.3 + gift)).profit
    less = arbitrage(prices, replace(lossy, initial_energy=0.3 - gift)).profit
    assert (more - plan.profit) / gift == pytest.approx(low[0], abs=1e-3)
    assert (plan.profit - less) / gift == pytest.approx(high[0], abs=1e-3)


def test_with_a_limit_on_cycles():
    battery = Battery(4, 2, charge_efficiency=0.9, discharge_efficiency=0.9, cycles_per_day=0.8, initial_energy=1.3)
    prices, gift = [20, 30, 60, 10, 25, 70.0], 1e-5
    plan = arbitrage(prices, battery, hours=4.0)
    more = arbitrage(prices, replace(battery, initial_energy=1.3 + gift), hours=4.0).profit
    looser = arbitrage(prices, replace(battery, cycles_per_day=0.8 + gift / 4), hours=4.0).profit
    low, high = plan.shadow_price_interval
    assert low[0] - 1e-3 <= (more - plan.profit) / gift <= high[0] + 1e-3
    assert (looser - plan.profit) / gift == pytest.approx(plan.cycle_price[0], abs=1e-3) and plan.cycle_price[0] > 1
