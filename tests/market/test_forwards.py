"""Two settlements, imbalances and bids by a second way each, and what bad input to all forwards is told."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from tefoundations.errors import InvalidInput
from tefoundations.market import (
    ContractForDifference,
    best_bid,
    call,
    cournot_with_forwards,
    forward_price,
    hedge_ratio,
    imbalance_charges,
    two_settlement,
)
from tefoundations.strategy import newsvendor

SEEDS = range(30)
SCALES = [1e-9, 1e-3, 1.0, 1e3, 1e9]
PRICES, KWH = st.integers(-50, 90), st.integers(0, 40)


# Two settlements


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(PRICES, KWH, PRICES, KWH), min_size=1, max_size=6))
def test_two_settlements_are_the_meter_at_the_hours_price_and_a_bet(rows):
    day_ahead, sold, real_time, delivered = map(np.array, zip(*rows))
    found = two_settlement(day_ahead, sold, real_time, delivered)
    assert found.income == pytest.approx(real_time @ delivered + found.bet)
    assert found.to_frame()["income"].sum() == pytest.approx(found.income)
    more = two_settlement(day_ahead, sold, real_time, delivered + 1)
    assert more.income - found.income == pytest.approx(real_time.sum())  # whatever was sold


def test_the_example_and_its_plan():
    assert two_settlement(20, 10, 30, 8).income == 140 == 30 * 8 + (20 - 30) * 10
    for sold, gain in ((0, 156.25), (10, 56.25), (25, -93.75)):
        best = minimize_scalar(lambda q, sold=sold: 5 * q + q * q - two_settlement(20, sold, 30, q).income, bounds=(0, 50))
        assert best.x == pytest.approx(12.5, abs=1e-5) and -best.fun == pytest.approx(gain)


def test_more_intervals_than_are_told():
    words = two_settlement(20, [1] * 6, 30, 1).explain()
    assert "... and 2 intervals more; in all 120 ct." in words and words.count("Interval") == 4


# Imbalances


@pytest.mark.parametrize("seed", SEEDS)
def test_the_single_price_leaves_nothing_and_the_dual_one_what_merging_would_save(seed):
    rng = np.random.default_rng(seed)
    deviation = rng.normal(0, 3, rng.integers(1, 9))
    day_ahead = rng.uniform(5, 40)
    short, long = day_ahead + rng.uniform(0, 30), day_ahead - rng.uniform(0, 30)
    single, dual = (imbalance_charges(deviation, day_ahead, short, long, rule) for rule in ("single", "dual"))
    merged = imbalance_charges([deviation.sum()], day_ahead, short, long, "dual")
    assert single.kept == 0 <= dual.kept
    assert dual.kept == pytest.approx(merged.money.sum() - dual.money.sum(), abs=1e-9)
    worst = imbalance_charges(np.full(4, deviation[0]), day_ahead, short, long, "dual")
    assert worst.kept == 0  # all on one side: the rules are one


@pytest.mark.parametrize("scale", SCALES)
def test_scales_of_imbalances(scale):
    deviation = scale * np.array([0.1, 0.2, -0.3])  # rounding leaves 5.6e-17
    balanced = imbalance_charges(deviation, 20, 35, 12, "dual")
    assert balanced.system == 0 and np.allclose(balanced.price, 20) and "cancel" in balanced.explain()
    short = imbalance_charges(scale * np.array([2, -3, -4]), 20, 35, 12, "dual")
    assert np.allclose(short.money / scale, [40, -105, -140]) and short.kept / scale == pytest.approx(30)


def test_the_sides_of_the_example():
    for deviation, rule, money, kept in (
        ([2, -3, -4], "single", [70, -105, -140], 0),
        ([2, -3, -4], "dual", [40, -105, -140], 30),
        ([-2, 3, 4], "single", [-24, 36, 48], 0),
        ([-2, 3, 4], "dual", [-40, 36, 48], 16),
    ):
        found = imbalance_charges(deviation, 20, 35, 12, rule, agents=["Ada", "Ben", "Cem"])
        assert found.money.tolist() == money and found.kept == kept
        assert found.to_frame()["agent"].tolist() == ["Ada", "Ben", "Cem"]


# Bids


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bid_from_a_sample_is_the_newsvendors(seed):
    rng = np.random.default_rng(seed)
    outputs = rng.integers(0, 12, rng.integers(1, 9))
    long = rng.integers(-10, 20)
    short = long + rng.integers(1, 30)
    day_ahead = rng.integers(long, short + 1)
    found, plan = best_bid(day_ahead, short, long, outputs), newsvendor(outputs, day_ahead, short, long)
    assert found.bid == plan.quantity and found.mean == pytest.approx(plan.mean)
    for bid in (0, found.bid, found.mean, 15):
        by_case = np.mean([two_settlement(day_ahead, bid, short if y < bid else long, y).income for y in outputs])
        assert found.income_of(bid) == pytest.approx(by_case)
        assert found.income_of(bid) == pytest.approx(day_ahead * plan.mean - plan.cost_of(bid))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bid_from_quantiles_is_that_from_many_draws(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(2, 7)
    levels = np.array([0, *sorted(rng.uniform(0, 1, n - 2)), 1])
    outputs = np.cumsum(rng.choice([0, 1, 4, 10], n)).astype(float)
    long, day_ahead, short = sorted(rng.uniform(0, 90, 3))
    found = best_bid(day_ahead, short, long, outputs, levels=levels)
    draws = np.interp((np.arange(20_000) + 0.5) / 20_000, levels, outputs)
    size = 1 + outputs[-1]
    assert found.mean == pytest.approx(draws.mean(), abs=1e-3 * size)
    for bid in (found.bid, found.mean, outputs[-1] / 2):
        income = day_ahead * bid + np.mean(long * np.maximum(draws - bid, 0) - short * np.maximum(bid - draws, 0))
        assert found.income_of(bid) == pytest.approx(income, abs=0.1 * size)
        assert found.income_of(bid) <= found.income + 1e-9 * size * short
    if np.diff(outputs).min() > 0:
        assert best_bid(day_ahead, short, long, draws).bid == pytest.approx(found.bid, abs=2e-3 * size)


@pytest.mark.parametrize("scale", SCALES)
def test_scales_of_bids(scale):
    found = best_bid(50 * scale, 70 * scale, 40 * scale, [0, 100], levels=[0, 1])
    assert found.bid == pytest.approx(100 / 3) and found.income / scale == pytest.approx(6500 / 3)
    large = best_bid(50, 70, 40, [0, 100 * scale], levels=[0, 1])
    assert large.bid / scale == pytest.approx(100 / 3) and large.income / scale == pytest.approx(6500 / 3)


# Bad input


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (lambda: two_settlement(20, -1, 30, 8), "interval 0: sold -1.0 must not be negative"),
        (lambda: two_settlement([20, 21], [1, 2, 3], 30, 8), "day_ahead must be one number, or 3, one for each"),
        (lambda: two_settlement(20, "much", 30, 8), "sold"),
        (lambda: imbalance_charges([1], 20, 15, 12), "prices must rise from long over day_ahead to short, not 12, 20, 15"),
        (lambda: imbalance_charges([1], 20, 35, 12, "both"), "rule 'both' is not one of single, dual"),
        (lambda: imbalance_charges([1, float("nan")], 20, 35, 12), "agent 1: deviation nan must be a finite number"),
        (lambda: imbalance_charges([1, 2], 20, 35, 12, agents=["Ada"]), "agents must be 2 names, one for each deviation,"),
        (lambda: best_bid(50, 70, 40, []), "outputs must be one at least, and there is none"),
        (lambda: best_bid(50, 40, 70, [1]), "prices must rise from long over day_ahead to short, not 70, 50, 40"),
        (lambda: best_bid(50, 70, 40, [1, -2]), "case 1: output -2.0 must not be negative"),
        (lambda: best_bid(50, 70, 40, [1, 2], levels=[0, 0.9]), "levels must rise from 0 to 1, not from 0 to 0.9"),
        (lambda: best_bid(50, 70, 40, [1, 3, 2], levels=[0, 0.5, 1]), "case 2: the output is below that of case 1"),
        (lambda: best_bid(50, 70, 40, [1, 2, 3, 4], levels=[0, 0.5, 0.4, 1]), "case 2: the level is below that of case 1"),
        (lambda: hedge_ratio([], []), "cost must be one case at least, and there is none"),
        (lambda: hedge_ratio([1, 2], [30, 30]), "price is 30 in all cases, so a forward changes nothing"),
        (lambda: hedge_ratio([1, 2], [30]), "price must be 2 numbers, one for each case, not 1"),
        (lambda: hedge_ratio([1, 2], [3, 4], [0.5, 0.6]), "chances [0.5, 0.6] add up to 1.1, not to 1"),
        (lambda: call([], 30), "price must be one case at least, and there is none"),
        (lambda: forward_price(1, 1, 36, 0.1, 1, 1, [1, 2]), "exponent 1 must be a number above 1"),
        (lambda: forward_price(2, 1, 36, 0.1, 0, 1, [1, 2]), "producers 0 must be a whole number from 1 to 1000000"),
        (lambda: forward_price(2, 1, 36, 0.1, 1, 1, [2, 2]), "demand is 2 in all cases, so there is no risk to trade"),
        (lambda: forward_price(2, 1, 36, 0.1, 1, 1, []), "demand must be one case at least, and there is none"),
        (lambda: forward_price(2, 1, 36, 0.1, 1, 1, [1, -2]), "case 1: demand -2.0 must not be negative"),
        (lambda: ContractForDifference("40"), "strike '40' must be a"),
        (lambda: ContractForDifference(40, -1), "quantity -1 must be a"),
        (lambda: ContractForDifference(40).run([1, 2], 8, [1, 2, 3]), "price must be one number, or 3, one for each"),
        (lambda: cournot_with_forwards(100, 1, []), "costs must be those of one firm at least, and there is none"),
        (lambda: cournot_with_forwards(100, 1, [0, 0, 50]), "firm 2: cost 50 is not below the price of 25: it would make"),
    ],
)  # fmt: skip
def test_bad_input_is_named(bad, words):
    with pytest.raises(InvalidInput) as told:
        bad()
    assert words in str(told.value)


LABELLED, TURNED = pd.Series({"a": 10.0, "b": 50.0}), pd.Series({"b": 0.5, "a": 0.5})


@pytest.mark.parametrize(
    "bad",
    [
        lambda: two_settlement(LABELLED, 1, TURNED, 1),
        lambda: imbalance_charges(TURNED, 20, 35, 12, agents=["a", "b"]),
        lambda: best_bid(50, 70, 40, LABELLED, levels=pd.Series({"b": 0.0, "a": 1.0})),
        lambda: hedge_ratio([1, 2], LABELLED, TURNED),
        lambda: hedge_ratio(TURNED, LABELLED),
        lambda: call(LABELLED, 30, TURNED),
        lambda: forward_price(2, 1, 12, 0.1, 1, 1, LABELLED, TURNED),
        lambda: ContractForDifference(40).run(LABELLED, 8, TURNED),
    ],
)
def test_series_with_other_labels_are_not_mixed_up(bad):
    with pytest.raises(InvalidInput, match="row 0"):
        bad()
