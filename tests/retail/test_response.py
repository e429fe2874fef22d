"""Negawatts, baselines, the test of net benefits and the option of not consuming, each against a second formulation."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, uniform_price
from tefoundations.retail import baseline, curtailment, net_benefit, option_value, threshold_price

FIVE = [80, 60, 50, 35, 20]


def supply(load):
    """A curve of supply whose elasticity falls as the load grows: ct/kWh."""
    return 20 + 10 * (load / 100) ** 3


def cost(load):
    """What a load costs to make on that curve (ct)."""
    return quad(supply, 0, load)[0]


# Negawatts


@pytest.mark.parametrize(("payment", "given_up", "welfare"), [(0, 0, 45), (15, 1, 55), (45, 3, 35)])
def test_the_full_price_is_worse_than_nothing_and_the_difference_is_best(payment, given_up, welfare):
    found = curtailment(FIVE, 30, 45, payment)
    assert (found.energy, found.welfare, found.welfare_before, found.best_welfare) == (given_up, welfare, 45, 55)


def test_the_kwh_worth_60_gains_its_owner_15_and_loses_15_in_all():
    one = curtailment([60], 30, 45, 45)
    assert (one.customer_gain, one.others_gain, one.welfare - one.welfare_before) == (15, -30, -15)


@pytest.mark.parametrize("scale", [1e-9, 1, 1e9])
def test_a_customer_gives_up_what_gains_it_most_of_all_choices(scale):
    rng = np.random.default_rng(1)
    for _ in range(60):
        values = rng.integers(0, 100, rng.integers(1, 7)) * scale
        retail, lmp, payment = rng.integers(0, 70, 3) * scale
        found = curtailment(values, retail, lmp, payment)
        used = np.flatnonzero(values >= retail)
        gains = [payment + retail - values[i] for i in used]
        best = max(sum(chosen) for n in range(len(used) + 1) for chosen in itertools.combinations(gains, n))
        assert math.isclose(found.customer_gain, best, abs_tol=1e-9 * scale)
        change = found.welfare - found.welfare_before
        assert math.isclose(change, found.customer_gain + found.others_gain, abs_tol=1e-9 * scale)
        right = curtailment(values, retail, lmp, max(lmp - retail, 0))
        assert math.isclose(right.welfare, right.best_welfare, abs_tol=1e-9 * scale)
        assert right.welfare >= max(found.welfare, found.welfare_before) - 1e-9 * scale
        assert set(found.to_frame()["fate"]) <= {"used", "not used", "given up, rightly", "given up, wrongly"}


def test_a_loss_in_the_full_price_is_half_the_square_of_the_retail_price_for_each_kwh_a_cent():
    values = (np.arange(100_000) + 0.5) / 1000  # one kWh for each cent, in parts of a thousandth
    full, right = (curtailment(values, 30, 45, payment) for payment in (45, 15))
    assert math.isclose((right.welfare - full.welfare) / 1000, 30**2 / 2, rel_tol=1e-4)


def test_rounding_decides_no_tie():
    assert not curtailment([0.3], 0.1, 0, 0.2).given_up.any()
    assert curtailment([0.1 + 0.2 - 1e-17], 0.3, 0, 0).used.all()


def test_negawatts_beside_generators_are_the_same_market():
    rng = np.random.default_rng(2)
    for _ in range(500):
        values, costs = rng.choice(100, 8, replace=False).reshape(2, 4)
        plain = uniform_price(OrderBook.of([(v, 1) for v in values], [(c, 1) for c in costs]))
        as_supply = uniform_price(OrderBook.of([(1000, len(values))], [(c, 1) for c in [*costs, *values]]))
        assert as_supply.price_interval == plain.price_interval
        assert math.isclose(as_supply.welfare - 1000 * len(values) + sum(values), plain.welfare, abs_tol=1e-6)


# Baselines


def by_hand(days, events, window, top, of, adjust, today, cap):
    free = [list(day) for i, day in enumerate(days) if i not in events][-of:]
    chosen = sorted(free, key=lambda day: -sum(day[slice(*window)]))[:top]
    mean = [Fraction(sum(int(day[t]) for day in chosen), top) for t in range(len(chosen[0]))]
    factor = sum(map(int, today[slice(*adjust)])) / sum(mean[slice(*adjust)]) if adjust else Fraction(1)
    return [float(kwh * min(max(factor, 1 - cap), 1 + cap)) for kwh in mean[slice(*window)]]


def test_baselines_are_those_of_a_loop_in_fractions():
    rng = np.random.default_rng(3)
    for _ in range(200):
        n, of = rng.integers(8, 13), rng.integers(1, 6)
        days = rng.integers(1, 12, (n, 6))
        events = rng.choice(n, rng.integers(0, 3), replace=False).tolist()
        top, adjust = int(rng.integers(1, of + 1)), (0, 2) if rng.random() < 0.5 else None
        today = rng.integers(0, 20, 6)
        found = baseline(days, events, (3, 5), top, int(of), adjust, today=today)
        assert np.allclose(found.load, by_hand(days, events, (3, 5), top, of, adjust, today, Fraction(1, 5)))
        metered = rng.integers(0, 12, 2)
        assert math.isclose(found.paid_energy(metered), sum(max(b - m, 0) for b, m in zip(found.load, metered)))


def test_of_equals_the_earlier_day_is_taken():
    assert baseline([[1, 3], [3, 1], [2, 2]], [], (0, 2), 1, 3).days == (0,)


def noise_alone(top, of, rng, trials=400_000):
    """Bias of the baseline of one who does nothing, and what is paid, in days of noise of size one: by simulation."""
    days = np.sort(rng.normal(size=(trials, of)), axis=1)[:, of - top :].mean(axis=1)
    return days.mean(), np.maximum(days - rng.normal(size=trials), 0).mean(), days


@pytest.mark.parametrize(("top", "of", "bias", "paid"), [(10, 10, 0, 0.4184), (5, 10, 0.7389, 0.893), (4, 5, 0.2907, 0.601)])
def test_who_does_nothing_is_paid(top, of, bias, paid):
    def of_rank(x, rank):
        """The expected highest but so many, as an integral."""
        return x * of * math.comb(of - 1, rank) * norm.cdf(x) ** (of - 1 - rank) * norm.sf(x) ** rank * norm.pdf(x)

    exact = sum(quad(of_rank, -9, 9, args=(rank,))[0] for rank in range(top)) / top
    drawn, simulated, days = noise_alone(top, of, np.random.default_rng(4))
    # What the event's day brings is integrated: E max(b - x, 0) = b cdf(b) + pdf(b).
    integrated = (days * norm.cdf(days) + norm.pdf(days)).mean()
    assert round(exact, 4) == pytest.approx(bias, abs=1e-9) and drawn == pytest.approx(exact, abs=0.003)
    assert integrated == pytest.approx(paid, abs=0.0015) and simulated == pytest.approx(integrated, abs=0.004)
    if top == of:
        assert integrated == pytest.approx(math.sqrt((1 + 1 / of) / (2 * math.pi)), abs=0.0015)


def test_one_hour_of_the_simulation_is_the_baseline_of_the_package():
    days = np.random.default_rng(5).uniform(1, 3, (12, 1))
    for top, of in ((10, 10), (5, 10), (4, 5)):
        mean = np.sort(days[-of:, 0])[of - top :].mean()
        assert math.isclose(baseline(days, [], (0, 1), top, of).energy, mean)


# The test of net benefits


@pytest.mark.parametrize(("load", "passes"), [(80, False), (120, True)])
def test_one_kwh_less_of_80_fails_and_of_120_passes(load, passes):
    found = net_benefit(supply(load), supply(load - 1), load, 1)
    parts = {80: (14.98, 24.93, -9.95), 120: (50.98, 36.85, 14.13)}[load]
    assert [round(x, 2) for x in (found.saved, found.payment, found.benefit)] == list(parts) and found.passes == passes


def test_what_others_gain_generators_lose_and_the_value_of_the_kwh_is_not_asked_for():
    before, after = supply(120), supply(119)
    found = net_benefit(before, after, 120, 1)
    profit = [supply(load) * load - cost(load) for load in (119, 120)]
    assert round(profit[1] - profit[0], 2) == 51.20
    worth = before + 10
    welfare = cost(120) - cost(119) - worth
    assert round(welfare, 2) == -10.21
    # All gains together: others, generators, and the one who gave the kWh up, who was to pay the old price for it.
    assert math.isclose(found.benefit + profit[0] - profit[1] + (found.payment + before - worth), welfare)


def test_it_passes_just_when_the_rest_pays_less_for_a_kwh():
    rng = np.random.default_rng(6)
    for _ in range(200):
        after = rng.uniform(5, 50)
        found = net_benefit(after + rng.uniform(0, 3), after, load := rng.uniform(10, 100), rng.uniform(0.01, 0.2) * load)
        assert found.passes == (found.rate < found.before)
        bills = found.before * (load - found.reduction) - found.rate * (load - found.reduction)
        assert math.isclose(bills, found.benefit, abs_tol=1e-9)


@pytest.mark.parametrize("scale", [1e-9, 1, 1e9])
@pytest.mark.parametrize("power", [2, 3, 5])
def test_the_threshold_is_where_the_elasticity_of_supply_is_one(power, scale):
    loads = np.linspace(1, 300, 29_901) * scale
    prices = 20 + 10 * (loads / scale / 100) ** power
    assert math.isclose(threshold_price(loads, prices), 20 * power / (power - 1), rel_tol=1e-4)


def test_the_threshold_is_that_of_the_last_step_that_fails():
    rng = np.random.default_rng(7)
    for _ in range(200):
        loads, prices = np.cumsum(rng.integers(1, 5, 6)), np.cumsum(rng.integers(1, 9, 6))
        steps = [net_benefit(prices[i + 1], prices[i], loads[i + 1], loads[i + 1] - loads[i]).passes for i in range(5)]
        last = max((i for i, passes in enumerate(steps) if not passes), default=-1)
        assert threshold_price(loads, prices) == (prices[last + 1] if last < 4 else math.inf)
    assert threshold_price([0.1, 0.2, 0.3], [1, 2, 3]) == math.inf  # straight from the origin: no step passes


# The option


def test_a_right_is_worth_10_and_a_promise_nothing():
    assert option_value([10, 50], 30) == 10 and np.mean([10, 50]) - 30 == 0


def test_the_option_is_what_the_best_decision_brings_beyond_using_it():
    rng = np.random.default_rng(8)
    for _ in range(100):
        prices, value = rng.uniform(-20, 80, 5), rng.uniform(0, 60)
        weights = rng.dirichlet(np.ones(5))
        best = sum(w * max(p, value) for w, p in zip(weights, prices)) - value
        assert math.isclose(option_value(prices, value, weights), best, abs_tol=1e-9)
        assert option_value(prices, value, weights) >= max(weights @ prices - value, 0) - 1e-12
    assert math.isclose(option_value([10, 50, 50], 30), option_value([10, 50], 30, [1 / 3, 2 / 3]))


# What is refused

WEEK = [[1, 2, 3]] * 6
REFUSED = {
    "5 days without an event are asked for, and 4 of 6 have none": lambda: baseline(WEEK, [0, 3], (1, 2)),
    "event 6 must be": lambda: baseline(WEEK, [6], (1, 2)),
    "top 6 must be at most of, 5": lambda: baseline(WEEK, [], (1, 2), 6, 5),
    "window .* must be its first step": lambda: baseline(WEEK, [], (2, 2)),
    "step of window 4 must be": lambda: baseline(WEEK, [], (1, 4)),
    "give today": lambda: baseline(WEEK, [], (1, 2), adjust=(0, 1)),
    "today must be 3 numbers": lambda: baseline(WEEK, [], (1, 2), adjust=(0, 1), today=[1]),
    "the chosen days use 0 kWh there": lambda: baseline([[0, 2]] * 5, [], (1, 2), adjust=(0, 1), today=[1, 1]),
    "cap 2 must be": lambda: baseline(WEEK, [], (1, 2), cap=2),
    "days nan": lambda: baseline([[1, np.nan]] * 5, [], (0, 1)),
    "days must be": lambda: baseline([1, 2, 3], [], (0, 1)),
    "metered must be 1 numbers": lambda: baseline(WEEK, [], (1, 2)).paid_energy([1, 2]),
    "and there is none": lambda: curtailment([], 30, 45, 45),
    "kWh 1: values nan": lambda: curtailment([20, np.nan], 30, 45, 45),
    "payment .* -1 must be": lambda: curtailment([20], 30, 45, -1),
    "retail .* -1 must be": lambda: curtailment([20], -1, 45, 45),
    "after 31 must be at most before, 30": lambda: net_benefit(30, 31, 10, 1),
    "reduction 10 must be below load 10": lambda: net_benefit(30, 29, 10, 10),
    "two points of a curve": lambda: threshold_price([1], [1]),
    "point 1: load 1 must be above": lambda: threshold_price([1, 1], [1, 2]),
    "point 1: price 1 must not be below 2": lambda: threshold_price([1, 2], [2, 1]),
    "probabilities must be 1 in sum, not 1.5": lambda: option_value([1, 2], 1, [1, 0.5]),
    "probabilities must be 2 numbers": lambda: option_value([1, 2], 1, [1]),
}


@pytest.mark.parametrize("words", REFUSED)
def test_nonsense_is_refused_by_name(words):
    with pytest.raises(InvalidInput, match=words.replace(" .* -1", " -1")):
        REFUSED[words]()
