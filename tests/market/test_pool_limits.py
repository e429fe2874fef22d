"""What a pool does not do: give locked shares back, take something for nothing, ask less than is enough."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.market import (
    ConstantProduct,
    ConstantSum,
    ScoringRule,
    StableSwap,
    impermanent_loss,
    loss_versus_rebalancing,
)


def test_locked_shares_are_nobodys():
    pool = ConstantProduct(100_000, 10_000_000)
    for asked, told in ((pool.shares, "1,000,000"), (pool.shares - 999, "999001")):
        with pytest.raises(InvalidInput, match=f"shares {told} must be 999000 at most: 1000 more are locked"):
            pool.remove(asked)
    assert pool.reserves == (100_000, 10_000_000)
    assert pool.remove(pool.shares - 1000) == (99_900, 9_990_000) and pool.reserves == (100, 10_000) and pool.shares == 1000
    with pytest.raises(InvalidInput, match="shares 1 must be 0 at most"):
        pool.remove(1)
    more = pool.add(100, 10_000)
    assert pool.remove(more) == (100, 10_000) and pool.price == 100


def test_nobody_gives_something_for_nothing():
    pool = ConstantProduct(100, 10**7)
    with pytest.raises(InvalidInput, match="amount 90000 of asset 1 is too little: none of asset 0 would come out"):
        pool.swap(90_000)
    assert pool.quote(90_000) == 0 and pool.reserves == (100, 10**7)
    for pool, amount in ((ConstantSum(100, 10_000, rate=100), 99), (StableSwap(10**4, 10**12, amplification=1), 1)):
        with pytest.raises(InvalidInput, match="is too little: none of asset 0 would come out"):
            pool.swap(amount)


def test_one_unit_more_where_nothing_had_to_be_rounded():
    pool = ConstantProduct(100, 100, locked=0)
    assert (pool.quote(100), pool.needed(50)) == (50, 101)
    assert (pool.quote(42), pool.quote(43), pool.needed(30)) == (29, 30, 43)  # 300 / 7 = 42.9: just what is needed


def test_a_scoring_rule_needs_its_eighty_digits_only_near_a_whole_number():
    rng = np.random.default_rng(3)
    for _ in range(600):
        n, b = int(rng.integers(2, 30)), int(10 ** rng.uniform(0, 14))
        rule = ScoringRule(b, n)
        for _ in range(4):
            sold = [int(b * rng.uniform(0, 10) ** int(rng.integers(1, 4))) for _ in range(n)]
            assert rule._brought(sold) == rule._digits(sold), (b, n, sold)
    for b in (1, 7, 10**8, 10**14):  # far from the others one outcome brings q - b ln n: a sum that hugs a whole number
        for far in (40, 60, 100, 1000):
            for sold in ([0, far * b], [far * b, far * b, 0], [far * b + 1] * 3):
                rule = ScoringRule(b, len(sold))
                assert rule._brought(sold) == rule._digits(sold), (b, sold)


@pytest.mark.parametrize("fee", [0, 400, 3000, 500_000])
def test_stable_swap_asks_for_no_unit_too_many(fee):
    """The fee is rounded down: of 28159 units half is 14079, so that 14080 come out, and 28160 would be one too many."""
    rng = np.random.default_rng(6)
    for _ in range(200):
        pool = StableSwap(*(int(one) for one in 10 ** rng.uniform(5, 12, 2)), amplification=10, fee=fee)
        wanted = int(rng.integers(1, pool.reserves[0] // 4))
        paid = pool.needed(wanted)
        assert pool.quote(paid) >= wanted and (paid == 1 or pool.quote(paid - 1) < wanted)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"give": 1.0}, "give 1.0 must be a whole number"),
        ({"take": 0.0}, "take 0.0 must be a whole number"),
        ({"give": np.True_}, "give True must be a whole number"),
        ({"give": [1]}, "give \\[1\\] must be a whole number"),
        ({"take": np.array([])}, "take array"),
        ({"at_least": ""}, "at_least '' must be a whole number"),
        ({"at_least": []}, "at_least \\[\\] must be a whole number"),
        ({"at_least": None}, "at_least None must be a whole number"),
        ({"at_least": -1}, "at_least -1 must be a whole number"),
        ({"amount": 10**400}, "amount 1e\\+400 must leave the reserve at"),
    ],
)
def test_what_is_no_asset_and_no_limit_is_refused(given, words):
    pool = ConstantProduct(10**6, 10**6)
    with pytest.raises(InvalidInput, match=words):
        pool.swap(**{"amount": 1000} | given)
    assert pool.reserves == (10**6, 10**6)
    assert pool.swap(1000, give=np.int64(1), take=np.int64(0), at_least=np.int64(999)) == 999


def test_arbitrage_gives_a_pool_nothing_not_even_by_rounding():
    rng = np.random.default_rng(7)
    for _ in range(500):
        first, second = (int(one) for one in 10 ** rng.uniform(2, 12, 2))
        for pool in (ConstantProduct(first, second, locked=0), StableSwap(first, second, amplification=50),
                     ConstantSum(first, second)):  # fmt: skip
            path = pool.price * np.exp(rng.normal(0, 1e-7, 9).cumsum())
            assert all(impermanent_loss(pool, price) <= 0 for price in (pool.price, *path))
            assert (loss_versus_rebalancing(pool, path).steps >= 0).all()
