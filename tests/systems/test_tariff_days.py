"""The lane's day under a tariff: against the printed list, against cvxpy, and what each list does to a winter's day."""

import cvxpy as cp
import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.resources import Device
from tefoundations.retail import Tariff, critical_peak
from tefoundations.systems import Lane, as_usual, central_dispatch, lane_day, tariff_day, time_of_use, transactive_market


@pytest.fixture(scope="module")
def winter():
    return lane_day("winter")


def test_the_printed_list_is_one_tariff_among_others(winter):
    found, listed = tariff_day(winter, Tariff(winter.tariff, winter.feed_in)), time_of_use(winter)
    assert np.allclose(found.plan, listed.plan, atol=1e-9) and np.allclose(found.payments, listed.payments)
    assert (found.traffic.down, found.traffic.numbers_down) == (listed.traffic.down, listed.traffic.numbers_down)


@pytest.mark.parametrize("rule", ["net billing", "net metering"])
def test_a_home_finds_the_least_bill(rule):
    """One home with a car and a battery, as a convex programme in cvxpy, with a charge for power."""
    rng = np.random.default_rng(5)
    for demand in (0.0, 30.0):
        base = rng.integers(-2, 4, 5).astype(float)
        stores = (Device("car", "Ada", energy=4, power=3, start=1, end=5, final_energy=4),
                  Device("cellar", "Ada", energy=3, power=2, power_out=2, end=5, charge_efficiency=0.9))  # fmt: skip
        energy, export = rng.choice([20.0, 30, 45], 5), np.full(5, 8.0)
        tariff = Tariff(energy, export, rule, demand=demand)
        habits = np.array([[0, 3, 1, 0, 0], [0] * 5], float).T
        lane = Lane(("Ada",), base[:, None], stores, habits, energy, 1.0, 8.0, 28.0, energy, ("Ada",))
        day = tariff_day(lane, tariff)
        car, into, out = cp.Variable(5, nonneg=True), cp.Variable(5, nonneg=True), cp.Variable(5, nonneg=True)
        net = base + car + into - out
        stored = cp.cumsum(0.9 * into - out)
        limits = [car[0] == 0, car <= 3, cp.sum(car) == 4, into <= 2, out <= 2, stored >= 0, stored <= 3]
        if rule == "net metering":
            sums = [(price, sum(net[t] for t in range(5) if energy[t] == price)) for price in np.unique(energy)]
            money = sum((price - 8) * cp.pos(left) + 8 * left for price, left in sums)
        else:
            money = (energy - 8) @ cp.pos(net) + 8 * cp.sum(net)
        best = cp.Problem(cp.Minimize(money + demand * cp.max(cp.pos(net))), limits).solve(solver="CLARABEL")
        assert np.isclose(day.payments[0], best, atol=1e-4)


def test_what_each_list_does_on_a_winters_day(winter):
    usual, best = as_usual(winter), central_dispatch(winter)
    market = transactive_market(winter).price
    events = ["17:30" <= time < "19:30" for time in winter.times]
    ways = {
        "outside": (Tariff(winter.outside, winter.feed_in), 100.3, "00:00", 7.07),
        "list": (Tariff(winter.tariff, winter.feed_in), 100.3, "00:00", 6.69),
        "critical": (critical_peak(26, 90, events, export=winter.feed_in), 64.3, "20:00", -0.05),
        "announced": (Tariff(market, market), 44.2, "02:30", 12.92),
    }
    for tariff, peak, when, gain in ways.values():
        day = tariff_day(winter, tariff)
        assert (round(day.peak, 1), winter.times[int(day.power.argmax())]) == (peak, when)
        assert round(day.gain_over(usual) / 100, 2) == gain
    assert round(best.gain_over(usual) / 100, 2) == 15.60


@pytest.mark.parametrize(
    ("tariff", "words"),
    [
        (Tariff([20, 20, 20]), "prices for 3 steps, and there are 2"),
        (Tariff(20, netting="buy all, sell all"), "needs loads and roofs apart"),
        (Tariff([20, -1]), "step 1: a price of the tariff is -1, and must not be negative"),
        (Tariff([20, 30], [8, 31]), "step 1: the tariff pays 31 for a kWh and takes 30"),
        (28, "tariff must be a Tariff, not an int"),
    ],
)
def test_a_tariff_that_no_meter_can_follow_is_refused(tariff, words):
    lane = Lane.of([2, 0], [Device("car", "Ada", 1, 1, end=2, final_energy=1)], [20, 20], 2)
    with pytest.raises(InvalidInput, match=words):
        tariff_day(lane, tariff)
