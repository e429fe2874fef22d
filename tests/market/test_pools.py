"""Pools: what never falls, what a round trip costs, whole numbers in and out, and what is refused."""

from decimal import Decimal, getcontext
from fractions import Fraction
from math import isqrt, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.market import (
    ConstantProduct,
    ConstantSum,
    ScoringRule,
    StableSwap,
    impermanent_loss,
    loss_versus_rebalancing,
)
from tefoundations.market.amm.stable_swap import invariant

AMOUNTS = st.integers(2_000, 10**15)
FEES = st.sampled_from([0, 400, 3000, 30_000, 999_999])
TRADES = st.lists(st.tuples(st.integers(1, 10**15), st.booleans()), min_size=1, max_size=12)


def pools(first, second, fee):
    return ConstantProduct(first, second, fee), ConstantSum(first, second, 7, fee), StableSwap(first, second, fee=fee)


def kept(pool):
    """What the formula of a pool keeps."""
    first, second = pool.reserves
    if isinstance(pool, ConstantProduct):
        return first * second
    if isinstance(pool, ConstantSum):
        return first * pool.rate + second
    return invariant([first << 40, second << 40], 2 * pool.amplification)  # D in small parts of a unit


@given(AMOUNTS, AMOUNTS, FEES, TRADES)
@settings(max_examples=150, deadline=None)
def test_what_a_formula_keeps_never_falls_and_nothing_is_lost(first, second, fee, trades):
    for pool in pools(first, second, fee):
        for amount, forth in trades:
            give, take = (1, 0) if forth else (0, 1)
            before, has = kept(pool), pool.reserves
            try:
                quoted = pool.quote(amount, give, take)
            except InvalidInput:
                assert pool.reserves == has
                continue
            if not quoted:
                with pytest.raises(InvalidInput, match=f"is too little: none of asset {take} would come out"):
                    pool.swap(amount, give, take)
                assert pool.reserves == has
                continue
            assert pool.reserves == has and pool.swap(amount, give, take) == quoted > 0
            assert pool.reserves[give] == has[give] + amount and pool.reserves[take] == has[take] - quoted >= 0
            assert kept(pool) >= before


@given(AMOUNTS, AMOUNTS, FEES, st.integers(1, 10**15), st.booleans())
@settings(max_examples=200, deadline=None)
def test_what_is_needed_is_enough_and_hardly_more(first, second, fee, wanted, forth):
    give, take = (1, 0) if forth else (0, 1)
    for pool in pools(first, second, fee):
        try:
            paid = pool.needed(wanted, give, take)
        except InvalidInput:
            continue
        if pool.reserves[give] + paid < 2**100 and not isinstance(pool, ConstantSum):
            assert pool.quote(paid, give, take) >= wanted
        if isinstance(pool, ConstantProduct) and paid > 2:
            assert pool.quote(paid - 2, give, take) < wanted  # one unit more than needed at most
        if isinstance(pool, StableSwap) and not fee and paid > 1:
            assert pool.quote(paid - 1, give, take) < wanted
        has = pool.reserves
        assert pool.buy(wanted, give, take) == paid and pool.reserves[take] == has[take] - wanted


@given(AMOUNTS, AMOUNTS, FEES, st.integers(1, 10**12), st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_round_trip_earns_nothing(first, second, fee, amount, forth):
    give, take = (1, 0) if forth else (0, 1)
    for pool in pools(first, second, fee):
        try:
            out = pool.swap(amount, give, take)
            back = pool.swap(out, take, give)
        except InvalidInput:
            continue
        assert back <= amount


@given(AMOUNTS, AMOUNTS, FEES, AMOUNTS, AMOUNTS, st.integers(1, 10**6))
@settings(max_examples=150, deadline=None)
def test_to_add_and_remove_earns_nothing(first, second, fee, more_first, more_second, part):
    for pool in pools(first, second, fee):
        measure, all_shares = kept(pool), pool.shares
        try:
            minted = pool.add(more_first, more_second)
        except InvalidInput:
            assert pool.shares == all_shares
            continue
        out = pool.remove(max(minted * part // 10**6, 1))
        if not isinstance(pool, ConstantProduct):
            assert kept(pool) * all_shares >= measure * pool.shares  # a share is worth no less than before
        else:
            assert kept(pool) * all_shares**2 >= measure * pool.shares**2
            assert out[0] <= more_first and out[1] <= more_second


def test_the_hand_example():
    def pool():
        return ConstantProduct(100_000_000, 1_000_000_000)

    one = pool()
    assert one.price == 10 and [round(one.needed(kwh * 10**6), -3) for kwh in (20, 50, 90)] == [
        250_000_000,
        10**9,
        9 * 10**9,
    ]
    one.buy(20 * 10**6)
    assert round(one.price, 6) == 15.625 and np.isclose(12.5, np.sqrt(10 * 15.625))
    split = pool()
    parts = [split.buy(10**7), split.buy(10**7)]
    assert abs(sum(parts) - 250_000_000) <= 2
    attacked = pool()
    before = attacked.buy(10**7)
    victim = attacked.buy(2 * 10**7)
    after = attacked.swap(10**7, give=0, take=1)
    assert [round(x / 10**6, 2) for x in (before, victim, after)] == [111.11, 317.46, 178.57]
    assert round((after - before) / 10**6, 2) == round(victim / 10**6 - 250, 2) == 67.46
    assert np.allclose(attacked.reserves, (8e7, 1.25e9), rtol=1e-8)
    guarded = pool()
    guarded.buy(10**7)
    with pytest.raises(InvalidInput, match="at_most 250000001 must be at least 317460318"):
        guarded.buy(2 * 10**7, at_most=250_000_001)


def test_the_rules_of_uniswap_v2():
    rng = np.random.default_rng(1)
    for _ in range(2000):
        give, first, second = (int(x) for x in (rng.integers(1, 5000), *rng.integers(2000, 90_000, 2)))
        pool = ConstantProduct(first, second, fee=3000)
        assert pool.shares == isqrt(first * second)
        assert pool.quote(give, 0, 1) == give * 997 * second // (first * 1000 + give * 997)
        wanted = give % (second - 1) + 1
        if wanted < second:
            assert pool.needed(wanted, 0, 1) == first * wanted * 1000 // ((second - wanted) * 997) + 1
        brought = int(rng.integers(1, 5000)), int(rng.integers(1, 5000))
        total = pool.shares
        due = min(brought[0] * total // first, brought[1] * total // second)
        if due:
            assert pool.add(*brought) == due
    pool = ConstantProduct(100_000, 1_000_000)
    assert pool.shares - 316_227 == 0 and pool.remove(pool.shares - 1000) == (99_683, 996_837)


def test_until_is_the_last_unit_on_this_side_of_the_price():
    rng = np.random.default_rng(2)
    for _ in range(500):
        pool = ConstantProduct(*map(int, rng.integers(2000, 10**9, 2)))
        price = round(float(pool.price * rng.uniform(0.2, 5)), 6)
        room, (first, second) = pool.until(price), pool.reserves
        at = [
            Fraction(first * second, (first - room - shift) ** 2) - Fraction(str(price))
            for shift in (0, (room > 0) - (room < 0))
        ]
        assert at[0] == 0 or room == 0 or (at[0] < 0) == (room > 0)
        assert room == 0 or at[0] == 0 or (at[1] > 0) == (room > 0)


def test_losses_as_in_closed_form():
    pool = ConstantProduct(10**6, 10**6)
    for r in (0.25, 0.5, 1, 1.1, 2, 4, 9):
        assert np.isclose(impermanent_loss(pool, r), 2 * np.sqrt(r) / (1 + r) - 1, atol=1e-12)
        assert np.isclose(impermanent_loss(ConstantSum(10**6, 10**6), r), -abs(r - 1) / (r + 1), atol=1e-12)
        steep = StableSwap(10**12, 10**12, amplification=10**6)
        assert abs(impermanent_loss(steep, r) + abs(r - 1) / (r + 1)) < 2e-3
    told = {1: (-0.23, -10.5), 10: (-1.07, -21.5), 100: (-2.99, -28.9)}
    for amplification, (near, far) in told.items():
        stable = StableSwap(10**12, 10**12, amplification=amplification)
        assert (
            abs(100 * impermanent_loss(stable, 1.1) - near) < 0.006 and abs(100 * impermanent_loss(stable, 2) - far) < 0.06
        )
    losses = loss_versus_rebalancing(pool, [1, 4, 1])
    assert np.allclose(losses.steps, [10**6, 5 * 10**5]) and abs(losses.impermanent) < 1e-12


def test_a_stable_pool_loses_what_trades_to_the_new_price_take():
    """A second route: how much must be bought, in whole numbers, until the pool's own price is that outside?"""
    for amplification in (1, 10, 100):
        for r in (1.1, 2, 4):
            low, high = 1, 10**12 - 1
            while high - low > 1:
                middle = (low + high) // 2
                pool = StableSwap(10**12, 10**12, amplification=amplification)
                pool.buy(middle)
                low, high = (middle, high) if pool.price < r else (low, middle)
            traded = pool.value(r) / StableSwap(10**12, 10**12).value(r) - 1
            assert abs(traded - impermanent_loss(StableSwap(10**12, 10**12, amplification=amplification), r)) < 1e-9


def test_the_loss_is_what_arbitrage_earns_by_trading_with_the_pool():
    """A second route: an arbitrageur who trades in whole numbers until the pool's price is that outside."""
    rng = np.random.default_rng(3)
    prices = np.exp(0.2 * rng.standard_normal(60).cumsum())
    pool, earned = ConstantProduct(10**12, 10**12), []
    losses = loss_versus_rebalancing(pool, [1, *prices])
    for price in prices:
        room = pool.until(round(float(price), 12))
        cash = -pool.buy(room) if room > 0 else pool.swap(-room, give=0, take=1)
        earned.append(cash + room * price)
    assert np.allclose(earned, losses.steps, atol=10)
    assert np.isclose(sum(earned), losses.rebalancing, rtol=1e-9)


def test_the_two_losses_have_one_mean_and_two_spreads():
    """A price without drift: their mean is 1 - exp(-s^2 / 8) of the worth; against rebalancing it varies much less."""
    sigma, steps, runs = 0.05, 250, 4000
    rng = np.random.default_rng(4)
    z = rng.standard_normal((runs, steps)) * sigma / np.sqrt(steps)
    path = np.exp(np.cumsum(np.c_[np.zeros(runs), z - sigma**2 / steps / 2], axis=1))
    roots = np.sqrt(path)  # a pool of (1, 1): it holds 1 / root and root
    each = (1 / roots[:, :-1] - 1 / roots[:, 1:]) * path[:, 1:] + roots[:, :-1] - roots[:, 1:]
    rebalancing, holding = each.sum(axis=1) / 2, (1 + path[:, -1]) / 2 - roots[:, -1]
    mean = 1 - np.exp(-(sigma**2) / 8)
    one = loss_versus_rebalancing(ConstantProduct(10**9, 10**9), path[0])
    assert np.isclose(one.rebalancing / 2e9, rebalancing[0]) and np.isclose(one.holding / 2e9, holding[0])
    for loss in (rebalancing, holding):
        assert abs(loss.mean() - mean) < 4 * loss.std() / np.sqrt(runs)
    assert abs(1e3 * rebalancing.std() - 0.028) < 0.002 and abs(1e3 * holding.std() - 0.44) < 0.04


def test_a_scoring_rule_against_its_formula():
    getcontext().prec = 60

    def cost(q, b):
        return Decimal(b) * sum((Decimal(x) / b).exp() for x in q).ln()

    rng = np.random.default_rng(5)
    for _ in range(200):
        n, b = int(rng.integers(2, 6)), int(rng.integers(10, 10**6))
        rule, sold = ScoringRule(b, n), [0] * n
        for _ in range(6):
            place = int(rng.integers(n))
            amount = int(rng.integers(-sold[place], 3 * b))
            sold[place] += amount
            rule.swap(amount, place)
            exact = cost(sold, b) - cost([0] * n, b)
            assert 0 <= rule.held - exact < 1 and rule.sold == tuple(sold)
            assert min(rule.result(k) for k in range(n)) >= -rule.worst
        assert np.isclose(rule.prices.sum(), 1)
        place = int(rng.integers(n))
        assert rule.swap(b, place) + rule.swap(-b, place) == 0  # back again costs nothing
        whole, parts = ScoringRule(b, n), ScoringRule(b, n)
        assert whole.swap(2 * b, 0) == parts.swap(b, 0) + parts.swap(b, 0)
    rule = ScoringRule(100 * 10**6)
    assert rule.swap(round(100e6 * log(3)), 0) == 69_314_719 and np.allclose(rule.prices, [0.75, 0.25])
    assert round(rule.result(0) / 1e6, 2) == -40.55 and round(rule.worst / 1e6, 2) == 69.31
    far = ScoringRule(1, 3)
    far.swap(10**30, 2)
    assert far.held == 10**30 - 1 and np.allclose(far.prices, [0, 0, 1])  # C(q) - C(0) = 10^30 - ln 3, rounded up


def test_what_is_refused_and_says_why():
    pool = ConstantProduct(100_000, 1_000_000, locked=0)
    refused = {
        lambda: pool.needed(100_000): "amount 100000 of asset 0 cannot be taken: the pool holds 100000",
        lambda: pool.needed(200_000): "amount 200000 of asset 0 cannot be taken",
        lambda: ConstantSum(5, 5).quote(6): "amount 6 of asset 0 cannot be taken: the pool holds 5",
        lambda: ConstantSum(5, 5).needed(6): "amount 6 of asset 0 cannot be taken: the pool holds 5",
        lambda: StableSwap(50, 50).needed(50): "amount 50 of asset 0 cannot be taken: the pool holds 50",
        lambda: pool.until(-3): "price -3 must be above 0: at a constant product it is the ratio of two reserves",
        lambda: pool.until(0): "price 0 must be above 0",
        lambda: impermanent_loss(pool, -1): "price -1 must be a positive number",
        lambda: loss_versus_rebalancing(pool, [1, -2]): "step 1: price -2.0 must be positive",
        lambda: loss_versus_rebalancing(pool, []): "there is none",
        lambda: pool.quote(0): "amount 0 must be a whole number, at least 1",
        lambda: pool.quote(1.5): "amount 1.5 must be a whole number",
        lambda: pool.quote(True): "amount True must be a whole number",
        lambda: pool.quote(5, 1, 1): "must be two assets, not 1 both",
        lambda: pool.quote(5, 2, 0): "give 2 must be a whole number from 0 to 1",
        lambda: pool.quote(2**112): "must leave the reserve at",
        lambda: pool.swap(10, at_least=100): "at_least 100 must be at most 0",
        lambda: pool.remove(10**9): "shares 1,000,000,000 must be 316227 at most: there are no more",
        lambda: pool.remove(0): "shares 0 must be a whole number, at least 1",
        lambda: pool.add(5, 0): "bring no share",
        lambda: pool.add(5): "must be 2, one for each asset, not 1",
        lambda: ConstantProduct(10, 10): "bring no share",
        lambda: ConstantProduct(10**4, 10**4, fee=10**6): "fee 1000000 must be",
        lambda: StableSwap(10): "amounts must be of 2 to 8 assets, not 1",
        lambda: StableSwap(10, 0): "asset 1: amount 0 must be at least 1",
        lambda: impermanent_loss(StableSwap(10, 10, 10), 2): "two assets for one price, and holds 3",
        lambda: ScoringRule(100).quote(-1, 0): "amount 1 of outcome 0 cannot be sold back: 0 were sold",
        lambda: ScoringRule(100).quote(1, 2): "outcome 2 must be a whole number from 0 to 1",
    }
    for call, words in refused.items():
        with pytest.raises(InvalidInput) as error:
            call()
        assert words in str(error.value)
    pool.remove(pool.shares)
    assert pool.reserves == (0, 0) and pool.explain() == "The pool is empty." and len(pool.to_frame()) == 2
    empty = lambda: pool.quote(5), lambda: pool.needed(5), lambda: pool.price, lambda: impermanent_loss(pool, 2)
    for call in (*empty, lambda: pool.remove(1)):
        with pytest.raises(InvalidInput, match="the pool is empty"):
            call()
    assert pool.add(50_000, 20_000) == isqrt(10**9) and pool.price == 0.4
