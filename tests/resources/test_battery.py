"""What a battery may be, and what is said of one that may not."""

import math

import numpy as np
import pytest

from tefoundations.errors import InvalidBattery, InvalidInput, InvalidPrices
from tefoundations.resources import Battery, arbitrage, rolling

GOOD = {"energy": 10, "power": 2.5, "charge_efficiency": 0.95, "discharge_efficiency": 0.95}


def test_breakeven():
    battery = Battery(**GOOD)
    assert round(battery.breakeven_ratio, 5) == 1.10803 == round(1 / (0.95 * 0.95), 5)
    assert battery.breakeven_price(50) == pytest.approx(50 * battery.breakeven_ratio)
    assert battery.discharge_power == 2.5 and Battery(10, 2.5, power_out=5).duration == 2


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("charge_efficiency", 0, "charge_efficiency 0 must be above 0 and at most 1"),
        ("charge_efficiency", 1.0001, "charge_efficiency 1.0001 must be above 0"),
        ("discharge_efficiency", -0.5, "discharge_efficiency -0.5 must be above 0"),
        ("discharge_efficiency", math.nan, "discharge_efficiency nan must be above 0"),
        ("discharge_efficiency", "high", "discharge_efficiency 'high' must be above 0"),
        ("initial_energy", 10.5, "initial_energy 10.5 must be from 0 to the 10 kWh it can hold"),
        ("final_energy", 11, "final_energy 11 must be from 0 to the 10 kWh it can hold"),
        ("final_energy", -1, "final_energy -1 must be from 0"),
        ("energy", 0, "energy 0 must be a positive number"),
        ("energy", math.inf, "energy inf must be a positive number"),
        ("power", None, "power None must be a positive number"),
        ("power", True, "power True must be a positive number"),
        ("power_out", 0, "power_out 0 must be a positive number"),
        ("self_discharge", 1, "self_discharge 1 must be at least 0 and below 1"),
        ("cycle_cost", -1, "cycle_cost -1 must be a number, not negative"),
        ("cycles_per_day", 0, "cycles_per_day 0 must be positive"),
        ("energy", 10**400, "energy 1000"),
    ],
)
def test_a_battery_that_cannot_be(field, value, words):
    with pytest.raises(InvalidBattery, match="^" + words.replace("(", r"\(")) as caught:
        Battery(**GOOD | {field: value})
    assert caught.value.field == field and isinstance(caught.value, InvalidInput) and isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("prices", "step", "words"),
    [
        ([1, 2, math.nan], 2, "step 2: price nan must be a finite number"),
        ([math.inf, 2], 0, "step 0: price inf must be a finite number"),
        ([], None, "prices must be one number for each step"),
        ([[1, 2]], None, "prices must be one number for each step, not of shape"),
        (["cheap"], 0, "step 0: price 'cheap' must be a number"),
        (None, 0, "price|prices"),
    ],
)
@pytest.mark.parametrize("method", ["auto", "stack", "lp", "milp", "grid"])
def test_prices_that_cannot_be_read(prices, step, words, method):
    with pytest.raises(InvalidPrices, match=words) as caught:
        arbitrage(prices, Battery(**GOOD), method)
    assert prices is None or caught.value.step == step


@pytest.mark.parametrize("method", ["auto", "stack", "lp", "milp", "grid"])
def test_a_final_energy_out_of_reach(method):
    for battery in (
        Battery(10, 2.5, final_energy=8),
        Battery(10, 2.5, initial_energy=9, final_energy=9.9, self_discharge=0.5),
    ):
        with pytest.raises(InvalidBattery, match="^final_energy .* kWh cannot be reached in 3 steps from"):
            arbitrage([1, 2, 3], battery, method)
    assert arbitrage([1, 2, 3], Battery(10, 2.5, final_energy=7.5), method).charge.tolist() == [2.5] * 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"method": "simplex"}, "method 'simplex' is not one of auto, stack, lp, milp, grid"),
        ({"hours": 0}, "hours 0 must be a positive number of hours"),
        ({"hours": math.nan}, "hours nan must be a positive number of hours"),
        ({"levels": 1, "method": "grid"}, "levels 1 must be a whole number, at least 2"),
        ({"price_impact": -1}, "price_impact -1 must be a number or one for each step, at least 0"),
        ({"price_impact": [0, math.nan]}, "step 1: price_impact nan must be a finite number"),
        ({"price_impact": [1, 2, 3]}, "price_impact must be one number, or one for each of 2 steps"),
        ({"price_impact": [[1], [1, 2]]}, r"step 0: price_impact \[1\] must be a number"),
        ({"price_impact": 1, "method": "stack"}, "method 'stack' takes prices as given; with price_impact use"),
    ],
)
def test_arguments_without_meaning(arguments, words):
    with pytest.raises(InvalidInput, match=words):
        arbitrage([10, 30], Battery(**GOOD), **arguments)


def test_methods_that_do_not_fit():
    with pytest.raises(InvalidInput, match="'stack' fails where losing energy is paid for: step 1 has the price -5"):
        arbitrage([10, -5], Battery(**GOOD), "stack")
    for method in ("stack", "grid"):
        with pytest.raises(InvalidInput, match=f"method '{method}' knows no limit on cycles per day"):
            arbitrage([10, 30], Battery(**GOOD, cycles_per_day=1), method)


def test_rolling_refuses_what_it_cannot_use():
    battery = Battery(**GOOD)
    with pytest.raises(InvalidInput, match="horizon 0 must be a whole number of steps, at least 1"):
        rolling([1, 2], [1, 2], battery, 0)
    with pytest.raises(InvalidInput, match=r"forecasts of shape \(3,\) must be \(2,\) or \(2, at least 2\)"):
        rolling([1, 2], [1, 2, 3], battery, 2)
    with pytest.raises(InvalidInput, match="no limit on cycles per day"):
        rolling([1, 2], [1, 2], Battery(**GOOD, cycles_per_day=1), 2)
    with pytest.raises(InvalidPrices, match="step 1: price nan"):
        rolling([1, 2], [1, math.nan], battery, 2)


def test_numpy_numbers_are_numbers():
    battery = Battery(energy=np.float64(10), power=np.int64(2))
    assert arbitrage(np.array([10, 30]), battery).profit == 40


def test_results_cannot_be_changed():
    plan = arbitrage([10, 30], Battery(**GOOD))
    for name in ("prices", "charge", "discharge", "energy"):
        with pytest.raises(ValueError):
            getattr(plan, name)[0] = 1
    prices = np.array([10.0, 30.0])
    arbitrage(prices, Battery(**GOOD))
    prices[0] = 0  # what a caller gives stays the caller's
