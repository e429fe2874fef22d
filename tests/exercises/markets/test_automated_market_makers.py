"""The chapter on automated market makers: its answers against the package, which computes them another way."""

import numpy as np

from tefoundations.exercises.registry import EXERCISES
from tefoundations.market import ConstantProduct, ScoringRule, loss_versus_rebalancing


def cases(name):
    return EXERCISES[f"automated_market_makers/{name}"].cases("public")


def test_a_swap_is_that_of_a_pool(solutions):
    for amount, reserve_in, reserve_out in cases("swap"):
        pool = ConstantProduct(reserve_in, reserve_out, fee=3000, locked=0)
        assert solutions["automated_market_makers/swap"](amount, reserve_in, reserve_out) == pool.quote(amount, 0, 1)


def test_shares_keep_what_a_share_is_worth(solutions):
    for first, second, *reserves, total in cases("shares"):
        minted = solutions["automated_market_makers/shares"](first, second, *reserves, total)
        if not total:
            pool = ConstantProduct(first, second)
            assert pool.shares == minted + 1000
            continue
        for one, has in zip((first, second), reserves):
            assert minted * has <= one * total  # no share takes from the others
        assert any((minted + 1) * has > one * total for one, has in zip((first, second), reserves))


def test_losses_are_those_of_the_package(solutions):
    for (prices,) in cases("losses"):
        scale = 10**12
        pool = ConstantProduct(100 * scale, round(100 * scale * prices[0]))
        found = loss_versus_rebalancing(pool, prices)
        mine = solutions["automated_market_makers/losses"](prices)
        assert np.allclose(mine, np.array([found.holding, found.rebalancing]) / scale, atol=1e-6)


def test_costs_are_those_of_a_scoring_rule(solutions):
    scale = 10**9
    for sold, outcome, amount, b in cases("lmsr_cost"):
        rule = ScoringRule(b * scale, len(sold))
        for place, one in enumerate(sold):
            rule.swap(one * scale, place)
        cost = solutions["automated_market_makers/lmsr_cost"](sold, outcome, amount, b)
        assert np.isclose(cost, rule.quote(amount * scale, outcome) / scale, atol=1e-7)
