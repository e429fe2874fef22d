"""Every method against every other, against all paths tried in turn, and against cvxpy."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tefoundations.resources import Battery, arbitrage
from tefoundations.resources.storage.programmes import burning
from tests.resources.oracles import EFFICIENCIES, batteries, best_of_directions, by_cvxpy, obeys, price_lists, tried_out

LOSSY = Battery(energy=1, power=1, charge_efficiency=0.9, discharge_efficiency=0.9)
BETTER = ("charge_efficiency", "discharge_efficiency", "power", "power_out", "energy")
TOY = [-50, -50, -50, 60]


def close(value):
    return pytest.approx(value, rel=1e-9, abs=1e-7)


def test_a_spread_below_breakeven_is_left_alone():
    for method in ("auto", "stack", "lp", "milp", "grid"):
        plan = arbitrage([40, 45], LOSSY, method)
        assert plan.profit == 0 and not plan.charge.any() and not plan.discharge.any() and plan.cycles == 0
    assert "no later price is 1.235 times" in plan.explain()


@pytest.mark.parametrize(("ratio", "profit"), [(1.1070, 0.0), (1.1090, 0.043625), (1.2, 4.15), (2.0, 40.25)])
def test_profit_on_both_sides_of_breakeven(ratio, profit):
    """Buy for 50 a kWh of which 0.95 arrives and 0.9025 comes out."""
    battery = Battery(energy=4, power=1, charge_efficiency=0.95, discharge_efficiency=0.95)
    for method in ("stack", "lp", "grid"):
        found = arbitrage([50, 50 * ratio], battery, method, levels=1001).profit
        assert found == pytest.approx(profit, abs=0.1 if method == "grid" else 1e-9)
    assert profit == pytest.approx(max(0, 50 * ratio * 0.9025 - 50), abs=2e-2)


def test_the_linear_programme_is_wrong_below_zero():
    relaxed, right = arbitrage(TOY, LOSSY, "lp"), arbitrage(TOY, LOSSY)
    assert relaxed.relaxed and relaxed.profit == close(127.5) and len(relaxed.both_ways)
    assert not right.relaxed and right.method == "milp" and right.profit == close(118.0) and not len(right.both_ways)
    assert arbitrage(TOY, LOSSY, "grid", levels=1001).profit == pytest.approx(118.0, abs=0.2)
    assert best_of_directions(TOY, LOSSY) == close(118.0) and by_cvxpy(TOY, LOSSY) == close(127.5)
    assert "No battery earns this" in relaxed.explain() and "Relaxed" not in right.explain()


@settings(max_examples=40)
@given(st.data(), st.lists(st.sampled_from([-5, -5, -5, 0, 20, 40]), min_size=3, max_size=12), st.sampled_from([0.5, 1, 2]))
def test_relaxed_means_that_no_battery_earns_it(data, prices, limit):
    """Where cycles are limited, equal prices below zero let a plan lose as much energy in two hours as the other in one."""
    battery = replace(data.draw(batteries(len(prices), final=False)), cycles_per_day=limit)
    found, right = arbitrage(prices, battery, "lp"), arbitrage(prices, battery, "milp")
    turnover = np.abs(prices) @ (found.charge + found.discharge)
    assert found.profit >= right.profit - 1e-7
    assert found.relaxed == bool(found.profit > right.profit + 1e-8 * turnover) and found.relaxed == bool(
        len(found.both_ways)
    )


def test_a_day_that_was_called_relaxed_and_is_not():
    prices = [20, 0, 0, -5, -5, -5, 0, -5, -5, -5, -5, 20, 0, 40, -5, 0, 40, -5, -5, 40, 20, -5, -5, 20]
    battery = Battery(10, 2.5, None, 0.9, 0.95, initial_energy=1.0, cycles_per_day=2.0)
    found, right = arbitrage(prices, battery, "lp"), arbitrage(prices, battery, "milp")
    assert found.profit == close(right.profit) == close(602.1418128654971)
    assert not found.relaxed and not len(found.both_ways) and "No battery" not in found.explain()


def test_a_price_below_zero_that_burning_does_not_pay():
    """The wear of a cycle costs more than the loss brings."""
    worn = replace(LOSSY, cycle_cost=20)
    assert not burning(np.array([-50.0]), worn).any() and burning(np.array([-90.0]), worn).all()
    assert arbitrage(TOY, worn).method == "stack"
    assert arbitrage(TOY, worn).profit == close(arbitrage(TOY, worn, "lp").profit) == close(by_cvxpy(TOY, worn))
    lossless = Battery(1, 1)
    assert arbitrage(TOY, lossless).method == "stack" and arbitrage(TOY, lossless).profit == close(110)


def test_a_linear_programme_that_happens_to_be_right_is_kept():
    plan = arbitrage([-5, 30], LOSSY)
    assert plan.method == "lp" and not plan.relaxed and plan.profit == close(best_of_directions([-5, 30], LOSSY))


@settings(max_examples=150)
@given(st.data(), price_lists(0))
def test_all_methods_agree_at_prices_from_zero(data, prices):
    battery = data.draw(batteries(len(prices)))
    exact = by_cvxpy(prices, battery)
    for method in ("auto", "stack", "lp", "milp"):
        plan = arbitrage(prices, battery, method)
        obeys(plan, battery)
        assert plan.profit == pytest.approx(exact, rel=1e-8, abs=1e-6) and not plan.relaxed


@settings(max_examples=60)
@given(st.data(), price_lists(-60, longest=5))
def test_auto_is_right_at_prices_of_any_sign(data, prices):
    battery = data.draw(batteries(len(prices)))
    right, relaxed = arbitrage(prices, battery), arbitrage(prices, battery, "lp")
    best = best_of_directions(prices, battery)
    obeys(right, battery)
    obeys(relaxed, battery)
    assert right.profit == pytest.approx(best, rel=1e-7, abs=1e-5) == arbitrage(prices, battery, "milp").profit
    assert not right.relaxed and relaxed.profit == pytest.approx(by_cvxpy(prices, battery), rel=1e-8, abs=1e-6)
    assert relaxed.relaxed == (relaxed.profit > best + 1e-6)


@settings(max_examples=60)
@given(price_lists(-40, longest=5), st.integers(1, 3), st.sampled_from([1, 2]), st.sampled_from([0, 5.0]))
def test_every_path_tried_in_turn(prices, energy, rate, wear):
    """At whole units and no losses the best path runs through whole units."""
    battery = Battery(energy, rate, initial_energy=energy // 2, final_energy=energy // 2, cycle_cost=wear)
    best = tried_out(prices, energy, battery)
    assert arbitrage(prices, battery).profit == close(best)
    assert arbitrage(prices, battery, "grid", levels=energy + 1).profit == close(best)


@settings(max_examples=40)
@given(st.data(), price_lists(-40))
def test_the_grid_is_never_above_and_near(data, prices):
    battery = data.draw(batteries(len(prices), final=False))
    exact, coarse, fine = (arbitrage(prices, battery, m, levels=n) for m, n in (("auto", 2), ("grid", 21), ("grid", 301)))
    for plan in (coarse, fine):
        obeys(plan, battery)
        assert plan.profit <= exact.profit + 1e-6
    # Rounding each level down loses at most a level of energy on either side of each step.
    level = battery.energy / 300 / min(battery.charge_efficiency, battery.discharge_efficiency)
    assert exact.profit - fine.profit <= 2 * level * len(prices) * (np.abs(prices).max() + battery.cycle_cost) + 1e-9


@settings(max_examples=80)
@given(st.data(), price_lists(0), st.sampled_from(BETTER))
def test_profit_never_falls_with_a_better_battery(data, prices, field):
    battery = replace(data.draw(batteries(len(prices), final=False)), initial_energy=0.0)
    assume(field != "power" or battery.power_out is not None)
    value = battery.power if getattr(battery, field) is None else getattr(battery, field)
    better = data.draw(st.sampled_from([e for e in EFFICIENCIES if e >= value])) if "efficiency" in field else value * 1.7
    assert arbitrage(prices, replace(battery, **{field: better})).profit >= arbitrage(prices, battery).profit - 1e-9


@settings(max_examples=40)
@given(st.data(), price_lists(-30, longest=6), st.sampled_from(["power", "energy"]))
def test_nor_with_a_larger_one_at_prices_below_zero(data, prices, field):
    battery = replace(data.draw(batteries(len(prices), final=False)), initial_energy=0.0)
    larger = replace(battery, **{field: getattr(battery, field) * 1.5})
    assert arbitrage(prices, larger).profit >= arbitrage(prices, battery).profit - 1e-6


def test_better_efficiency_may_earn_less_below_zero():
    """Losing energy is paid for there, so the rule above needs prices from zero."""
    lossless = replace(LOSSY, charge_efficiency=1.0, discharge_efficiency=1.0)
    assert arbitrage([-50] * 4, LOSSY).profit > arbitrage([-50] * 4, lossless).profit


@settings(max_examples=40)
@given(st.data(), price_lists(0), st.sampled_from([0.25, 0.5, 2.0]))
def test_the_length_of_a_step_only_sets_what_fits_into_it(data, prices, step):
    battery = data.draw(batteries(len(prices), final=False))
    wide = replace(battery, power=battery.power * step, power_out=battery.discharge_power * step,
                   self_discharge=1 - (1 - battery.self_discharge) ** step)  # fmt: skip
    assert arbitrage(prices, battery, hours=step).profit == close(arbitrage(prices, wide).profit)
    assert arbitrage(prices, battery, "lp", hours=step).profit == close(by_cvxpy(prices, battery, step))


@pytest.mark.parametrize(("step", "count"), [(48.0, 2), (5.0, 24), (36.0, 3), (16.0, 7), (0.5, 96)])
def test_a_limit_on_cycles_means_the_same_at_any_length_of_a_step(step, count):
    """Half a cycle a day: a step over midnight, or of two days, uses up its share of each day."""
    prices = np.random.default_rng(count).uniform(0, 60, count)
    battery = Battery(4, 3, 3, 0.9, 0.8, initial_energy=4, cycles_per_day=0.5)
    plan = arbitrage(prices, battery, hours=step)
    hour = np.floor(np.arange(0, count * step, 0.25) / step + 1e-9).astype(int)  # the step of each quarter hour
    left = (plan.discharge / 0.8 / step * 0.25)[hour]
    by_day = np.add.reduceat(left, np.arange(0, len(left), 96))
    assert by_day.max() == pytest.approx(2.0, abs=1e-9) and plan.discharge.any()
    assert plan.profit >= arbitrage(prices, replace(battery, cycles_per_day=0.4), hours=step).profit


@settings(max_examples=25)
@given(st.data(), st.lists(st.integers(0, 60), min_size=5, max_size=9), st.sampled_from([0.4, 1.0, 1.5]))
def test_cycles_are_limited_day_by_day(data, prices, limit):
    """Days of three steps of eight hours."""
    battery = replace(data.draw(batteries(len(prices), final=False)), cycles_per_day=limit)
    plan = arbitrage(prices, battery, hours=8.0)
    obeys(plan, battery)
    left = plan.discharge / battery.discharge_efficiency
    assert all(left[t : t + 3].sum() <= limit * battery.energy + 1e-7 for t in range(0, len(prices), 3))
    assert plan.method == "lp" and plan.profit == pytest.approx(by_cvxpy(prices, battery, 8.0), rel=1e-8, abs=1e-6)
    assert (plan.cycle_price >= -1e-9).all()


def year(seed=0, shift=0.0):
    """Prices of a year with a daily and a yearly swing and persistent noise."""
    rng, t = np.random.default_rng(seed), np.arange(8760)
    noise = np.zeros(8760)
    for k in range(1, 8760):
        noise[k] = 0.85 * noise[k - 1] + rng.normal(0, 6)
    swing = 18 * np.cos(2 * np.pi * (t - 19) / 24) + 9 * np.cos(4 * np.pi * (t - 8) / 24)
    return 55 + swing + 8 * np.cos(2 * np.pi * t / 8760) + noise - shift


def test_a_year():
    battery = Battery(energy=4, power=1, charge_efficiency=0.95, discharge_efficiency=0.95)
    prices = np.maximum(year(), 0)
    stack, lp = arbitrage(prices, battery), arbitrage(prices, battery, "lp")
    assert stack.method == "stack" and stack.profit == pytest.approx(lp.profit, rel=1e-9)
    assert arbitrage(year(), battery).profit == pytest.approx(61230.84456935, rel=1e-11)  # a few steps below zero
    obeys(stack, battery)
    coarse = arbitrage(prices, battery, "grid", levels=101).profit
    assert 0.99 * stack.profit < coarse < stack.profit
    for wide in (Battery(100, 1, charge_efficiency=0.9, self_discharge=0.001), Battery(0.5, 1, cycle_cost=3.0)):
        assert arbitrage(prices, wide, "stack").profit == pytest.approx(arbitrage(prices, wide, "lp").profit, rel=1e-9)


@pytest.mark.parametrize("loss", [0.01, 0.2, 0.5])
def test_rounding_does_not_grow_where_much_is_lost(loss):
    battery = Battery(7.3, 1.9, 0.7, 0.83, 0.91, initial_energy=3.1, self_discharge=loss)
    prices = np.maximum(year(seed=3)[:600], 0)
    stack, lp = arbitrage(prices, battery, "stack"), arbitrage(prices, battery, "lp")
    assert stack.profit == pytest.approx(lp.profit, rel=1e-9)
    obeys(stack, battery)


def test_a_month_with_many_prices_below_zero():
    battery, prices = Battery(4, 1, charge_efficiency=0.95, discharge_efficiency=0.95), year(shift=38)[:720]
    assert (prices < 0).sum() > 40
    relaxed, right = arbitrage(prices, battery, "lp"), arbitrage(prices, battery)
    grid = arbitrage(prices, battery, "grid", levels=401)
    assert relaxed.relaxed and grid.profit <= right.profit < relaxed.profit and grid.profit > 0.995 * right.profit
    obeys(right, battery)


def test_words_and_table():
    battery = Battery(2, 1, charge_efficiency=0.9, discharge_efficiency=0.9, cycle_cost=2)
    plan = arbitrage([10, 12, 40, 38], battery)
    assert plan.explain() == "\n".join(
        [
            "Buys 2 kWh at 11 ct/kWh on average.",
            "Sells 1.62 kWh at 39.23 ct/kWh on average.",
            "Cash 41.56 ct, wear 3.24 ct: profit 38.32 ct.",
            "0.9 cycles; 0.38 kWh lost; 0 kWh left.",
        ]
    )
    table = plan.to_frame()
    assert table["cash"].sum() - plan.wear == close(plan.profit) and table["energy"].tolist() == plan.energy[:-1].tolist()
    assert plan.losses == close(plan.charge.sum() - plan.discharge.sum())
    assert "no purchase or sale" in arbitrage([5, 5], Battery(2, 1, initial_energy=1, final_energy=1)).explain()
    assert "plus 2 ct" in arbitrage([10, 12], battery).explain()


def test_no_trade_is_explained_by_what_is_true():
    """45 is more than 40, and yet a store that leaks does not pay; 30 is once 30."""
    leaky = arbitrage([40, 45], Battery(1, 1, self_discharge=0.2)).explain()
    assert leaky == "No trade: no purchase or sale would add to the profit."
    assert arbitrage([30, 30], Battery(1, 1)).explain() == "No trade: no later price is above an earlier one."
