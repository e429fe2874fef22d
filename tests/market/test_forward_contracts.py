"""Hedges, forward prices, options, contracts and contracted firms: each by a second way, on random cases."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar

from tefoundations.market import ContractForDifference, call, cournot_with_forwards, forward_price, hedge_ratio, put
from tefoundations.strategy import best_reply_path, cournot

SEEDS = range(30)
SCALES = [1e-9, 1e-3, 1.0, 1e3, 1e9]
PRICES, KWH = st.integers(-50, 90), st.integers(0, 40)


# Hedges


@pytest.mark.parametrize("seed", SEEDS)
def test_the_hedge_is_the_slope_of_a_regression(seed):
    rng = np.random.default_rng(seed)
    price, load = rng.uniform(-10, 60, 12), rng.uniform(0, 5, 12)
    chances = rng.dirichlet(np.ones(12))
    found = hedge_ratio(price * load, price, chances)
    slope, _ = np.polyfit(price, price * load, 1, w=np.sqrt(chances))
    assert found.quantity == pytest.approx(slope)
    searched = minimize_scalar(lambda kwh: found.swing_with(kwh) ** 2)
    assert searched.x == pytest.approx(found.quantity, abs=1e-4) and found.left <= found.swing
    assert chances @ found.cost_with(3) == pytest.approx(chances @ (price * load))
    assert np.allclose(found.cost_with(3, 20), price * load - 3 * (price - 20))


@pytest.mark.parametrize("scale", SCALES)
def test_scales_of_hedges(scale):
    assert hedge_ratio(scale * np.array([10, 150]), np.array([10, 50])).quantity / scale == pytest.approx(3.5)
    assert hedge_ratio(scale * np.array([10, 150]), scale * np.array([10, 50])).quantity == pytest.approx(3.5)


# Forward prices


@pytest.mark.parametrize("seed", range(12))
def test_the_forward_price_is_where_positions_found_by_search_cancel(seed):
    rng = np.random.default_rng(seed)
    makers, sellers = (int(n) for n in rng.integers(1, 9, 2))
    exponent, aversion = rng.uniform(1.5, 4.5), rng.uniform(0.01, 0.2)
    demand = rng.uniform(20, 60, 8)
    chances = rng.dirichlet(np.ones(8))
    scale = 30 / (40 / makers) ** (exponent - 1)
    found = forward_price(exponent, scale, 36, aversion, makers, sellers, demand, chances)
    made = demand / makers
    spot = scale * made ** (exponent - 1)
    profits = spot * made - scale / exponent * made**exponent, (36 - spot) * demand / sellers

    def position(profit, forward):
        def dislike(x):
            after = profit + x * (forward - spot)
            mean = chances @ after
            return aversion / 2 * (chances @ (after - mean) ** 2) - mean

        return minimize_scalar(dislike, bracket=(-10, 10), tol=1e-12).x

    clears = brentq(lambda f: makers * position(profits[0], f) + sellers * position(profits[1], f), -500, 500, xtol=1e-9)
    assert found.price == pytest.approx(clears, abs=1e-4)
    assert found.sold == pytest.approx(position(profits[0], found.price), abs=1e-3)
    assert makers * found.sold == pytest.approx(sellers * found.bought)
    assert found.premium == pytest.approx(found.price - chances @ spot)


def test_the_premium_changes_its_sign():
    nodes, weights = np.polynomial.hermite_e.hermegauss(5)
    premium = [
        forward_price(4, 30 / 125, 36, 0.05, 20, 20, 100 + sd * nodes, weights / weights.sum()).premium
        for sd in (5, 10, 20, 30)
    ]
    assert np.allclose(premium, [-0.1565, -0.4765, 0.6048, 11.7490], atol=5e-5)
    drawn = 100 + 20 * np.random.default_rng(1).standard_normal(400_000)
    assert forward_price(4, 30 / 125, 36, 0.05, 20, 20, np.maximum(drawn, 0)).premium == pytest.approx(premium[2], abs=0.1)


# Options and contracts


@settings(max_examples=60, deadline=None)
@given(st.lists(PRICES, min_size=1, max_size=6), PRICES)
def test_a_call_less_a_put_is_a_forward(price, strike):
    bought, sold = call(price, strike), put(price, strike)
    assert bought.worth - sold.worth == pytest.approx(np.mean(price) - strike)
    assert np.allclose(np.minimum(price, strike), price - bought.payoff)
    assert (bought.payoff * sold.payoff == 0).all() and min(bought.worth, sold.worth) >= 0


@settings(max_examples=60, deadline=None)
@given(st.lists(PRICES, min_size=1, max_size=6), st.integers(0, 50), st.one_of(st.none(), KWH), st.integers(0, 9))
def test_a_plant_does_its_best_under_a_contract(price, strike, quantity, capacity):
    contract = ContractForDifference(strike, quantity)
    run = contract.run(price, cost=8, capacity=capacity)
    for tried in (0, capacity / 3, capacity):
        other = np.array(price) * tried + contract.payment(price, tried) - 8 * tried
        assert (other <= run.profit + 1e-9).all()
    assert np.allclose(run.profit, run.welfare + run.difference)
    if quantity is not None:
        assert (run.welfare >= 0).all() and "worth what it costs" in run.explain()


# Firms


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=4), st.sampled_from([0.5, 1, 2]))
def test_forwards_are_best_replies_to_each_other(costs, slope):
    costs = np.array(costs, float)
    n = len(costs)
    assume(costs.max() < (100 + n * costs.sum()) / (1 + n**2))
    found = cournot_with_forwards(100, slope, costs)

    def earned(firm, forward):
        """On the day replies settle; a forward of f shifts its owner's reply by f / 2."""
        forwards = found.forward.copy()
        forwards[firm] = forward
        price = (100 + costs.sum() - slope * forwards.sum()) / (n + 1)
        return (price - costs[firm]) * ((price - costs[firm]) / slope + forwards[firm])

    for firm in range(n):
        best = earned(firm, found.forward[firm])
        assert best == pytest.approx(found.profit[firm])
        for step in (-1, -0.1, 0.1, 1):
            assert earned(firm, found.forward[firm] + step) <= best + 1e-9
    walk = best_reply_path(
        lambda who, others: max((100 - costs[who] - slope * (sum(others) - found.forward[who])) / (2 * slope), 0),
        [0.0] * n,
        rounds=1000,
    )
    assert walk.end == "settled" and np.allclose(walk.path[-1], found.quantity, atol=1e-6)
    assert found.price_without == pytest.approx(cournot(100, slope, costs).price)
    assert found.price <= found.price_without + 1e-9


def test_the_pair_of_the_chapter():
    found = cournot_with_forwards(100, 1, [20, 20])
    assert found.price == 36 and found.forward.tolist() == [16, 16] and found.quantity.tolist() == [32, 32]
    assert found.price_without == pytest.approx(cournot(100, 1, [20, 20]).price) == pytest.approx(140 / 3)
    many = cournot_with_forwards(100, 1, [20] * 8)
    assert "... and 2 firms more." in many.explain() and many.price == pytest.approx(20 + 80 / 65)


def test_a_strike_is_read_as_a_number():
    for strike, quantity in ((Decimal(40), Decimal(5)), (Fraction(40), np.int64(5)), (np.array(40.0), 5)):
        contract = ContractForDifference(strike, quantity)
        assert contract == ContractForDifference(40, 5) and contract.payment([60, 10], 0).tolist() == [-100, 150]
        assert contract.run([-20, 60], cost=8, capacity=5).profit.tolist() == [300, 160]
