"""What is left at the end may be worth something: against a programme with one more step, and against arithmetic."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tefoundations.errors import InvalidInput
from tefoundations.resources import Battery, arbitrage, rolling
from tests.resources.oracles import batteries, best_of_directions, by_cvxpy, obeys, price_lists
from tests.resources.test_worth_of_energy import dense

VALUES = st.sampled_from([0.0, 3.0, 25.5, 70.0])


@settings(max_examples=60)
@given(st.data(), price_lists(0), VALUES)
def test_all_methods_are_the_programme_with_a_sale_behind_the_last_step(data, prices, value):
    battery = data.draw(batteries(len(prices)))
    exact = by_cvxpy(prices, battery, end_value=value)
    for method in ("auto", "stack", "lp", "milp"):
        plan = arbitrage(prices, battery, method, end_value=value)
        obeys(plan, battery)
        assert plan.profit == pytest.approx(exact, rel=1e-8, abs=1e-6) and not plan.relaxed
        assert plan.profit == pytest.approx(plan.cash.sum() - plan.wear + value * plan.energy[-1], rel=1e-12, abs=1e-9)
    assert arbitrage(prices, battery, "grid", end_value=value, levels=41).profit <= exact + 1e-6


@settings(max_examples=25)
@given(st.data(), price_lists(-60, longest=4), VALUES)
def test_right_at_prices_of_any_sign(data, prices, value):
    battery = data.draw(batteries(len(prices)))
    best = best_of_directions(prices, battery, end_value=value)
    plan = arbitrage(prices, battery, end_value=value)
    obeys(plan, battery)
    assert plan.profit == pytest.approx(best, rel=1e-7, abs=1e-5) and not plan.relaxed


@settings(max_examples=25)
@given(st.data(), price_lists(0, longest=5), VALUES, st.sampled_from([0.05, 2.0]))
def test_a_price_maker_leaves_as_much(data, prices, value, impact):
    battery = data.draw(batteries(len(prices)))
    plan = arbitrage(prices, battery, price_impact=impact, end_value=value)
    obeys(plan, battery)
    exact = by_cvxpy(prices, battery, impact=np.full(len(prices), impact), end_value=value)
    assert plan.profit == pytest.approx(exact, rel=2e-6, abs=2e-5)


@given(price_lists(0), VALUES)
def test_it_is_a_step_at_that_price_for_a_store_that_can_empty_in_one(prices, value):
    battery = Battery(2, 2, charge_efficiency=0.8)
    longer, plan = arbitrage([*prices, value], battery), arbitrage(prices, battery, end_value=value)
    assert plan.profit == pytest.approx(longer.profit, abs=1e-9)


@pytest.mark.parametrize("method", ["auto", "stack", "lp", "milp", "grid"])
@pytest.mark.parametrize(("value", "left", "profit"), [
    (0, 0.25, -20 * 0.25 / 0.8),  # only what must be left
    (24.9, 0.25, 24.9 * 0.25 - 5 / 0.8),  # a kWh in store costs 20 / 0.8 = 25
    (25.1, 1, 25.1 - 20 / 0.8),
])  # fmt: skip
def test_one_hour_by_hand(method, value, left, profit):
    """The final energy is the least that is left, whatever the value."""
    battery = Battery(1, 2, charge_efficiency=0.8, discharge_efficiency=0.9, final_energy=0.25)
    plan = arbitrage([20], battery, method, end_value=value, levels=5)
    assert plan.energy[-1] == pytest.approx(left) and plan.profit == pytest.approx(profit)
    assert plan.value_left == pytest.approx(value * left)


def test_what_one_more_stored_kwh_is_worth_at_the_end():
    battery = Battery(4, 1, charge_efficiency=0.9, discharge_efficiency=0.9, initial_energy=2)
    plan = arbitrage([30, 50, 40], battery, end_value=35)
    assert plan.charge == pytest.approx([1, 0, 0]) and plan.discharge == pytest.approx([0, 1, 1])
    plan = arbitrage([30, 50, 38], battery, end_value=35)  # 38 ct bring no more than 34.2 for a kWh in store
    assert plan.discharge == pytest.approx([0, 1, 0]) and plan.shadow_price == pytest.approx([35, 35, 35])
    assert "left in store" in plan.explain()
    assert arbitrage([60], Battery(1, 1), end_value=5).explain() == "No trade: no purchase or sale would add to the profit."


@settings(max_examples=60)
@given(st.data(), price_lists(0, longest=6), VALUES)
def test_the_shadow_price_is_a_finite_difference(data, prices, value):
    battery, gift = data.draw(batteries(len(prices))), 1e-4
    plan = arbitrage(prices, battery, end_value=value)
    low, high = plan.shadow_price_interval
    cost, matrix, right, bounds = dense(prices, battery)
    cost[-1] -= value
    for t in range(len(prices)):
        for sign, end, none in ((1, low, -np.inf), (-1, high, np.inf)):
            changed = right.copy()
            changed[t] += sign * gift
            found = linprog(cost, A_eq=matrix, b_eq=changed, bounds=bounds, method="highs-ds")
            if found.status:
                assert end[t] == none
            else:
                assert sign * (-found.fun - plan.profit) / gift == pytest.approx(end[t], abs=1e-3)


@settings(max_examples=40)
@given(st.data(), price_lists(-20), st.integers(1, 9), VALUES)
def test_a_rolling_plan_with_a_value_is_a_plan(data, prices, horizon, value):
    battery = data.draw(batteries(len(prices)))
    run = rolling(prices, prices, battery, horizon, end_value=value)
    obeys(run.schedule, battery)
    assert run.foresight.profit == pytest.approx(arbitrage(prices, battery, end_value=value).profit)
    assert run.profit <= run.foresight.profit + 1e-6
    if horizon >= len(prices):
        assert run.profit == pytest.approx(run.foresight.profit, abs=1e-6)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.sampled_from([10.5, 30.5]))
def test_looking_one_step_ahead_it_is_a_rule_of_two_prices(prices, value):
    """Buy below value times efficiency in, sell above value over efficiency out: no plan at all."""
    battery = Battery(3, 1, charge_efficiency=0.9, discharge_efficiency=0.8, initial_energy=1.5)
    energy = [1.5]
    for price in prices:
        now = energy[-1]
        if price < value * 0.9:
            now = min(3, now + 0.9)
        elif price > value / 0.8:
            now = max(0, now - 1 / 0.8)
        energy.append(now)
    run = rolling(prices, prices, battery, 1, end_value=value)
    assert run.schedule.energy == pytest.approx(energy, abs=1e-9)


@pytest.mark.parametrize("wrong", [-1, float("nan"), "dear", float("inf")])
def test_a_value_without_meaning_is_refused(wrong):
    with pytest.raises(InvalidInput, match="end_value .* must be a number"):
        arbitrage([1], Battery(1, 1), end_value=wrong)
    with pytest.raises(InvalidInput, match="end_value .* must be a number"):
        rolling([1], [1], Battery(1, 1), 1, end_value=wrong)
