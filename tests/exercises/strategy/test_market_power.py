"""Market power: the answers against the package, and against a sweep of prices."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.strategy import best_offer, residual_demand, residual_supply_index

OFFER, SUPPLY, FRINGE = (f"market_power/{name}" for name in ("best_offer", "residual_supply", "fringe_price"))
SEEDS = ["public", 0, 1, 2]


def market_of(rivals, demand, cap):
    """`rest`: rivals from the cheapest fill what the plant leaves; what nobody has goes unserved at the cap."""

    def rest(quantity):
        wanted, spent, price = demand - quantity, 0.0, 0.0
        for ask, size in sorted(rivals):
            used = min(size, max(wanted, 0.0))
            wanted, spent = wanted - used, spent + ask * used
            price = ask if used > 0 else price
        return spent + cap * max(wanted, 0.0), cap if wanted > 1e-9 else price

    return rest


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_offer_is_that_of_the_residual_demand(seed, solutions):
    for rivals, demand, cap, room, cost in EXERCISES[OFFER].cases(seed):
        steps = residual_demand(market_of(rivals, demand, cap), room)
        assert solutions[OFFER](rivals, demand, cap, room, cost) == pytest.approx(best_offer(steps, cost).profit, abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_indices_are_those_of_the_package(seed, solutions):
    for plants, contracts, demand in EXERCISES[SUPPLY].cases(seed):
        names = sorted({name for name, _ in plants})
        first = {name: next(i for i, (who, _) in enumerate(plants) if who == name) for name in names}
        sold = [contracts[names.index(who)] if first[who] == i else 0 for i, (who, _) in enumerate(plants)]
        index = residual_supply_index([mw for _, mw in plants], demand, [who for who, _ in plants], sold)
        assert solutions[SUPPLY](plants, contracts, demand) == pytest.approx([index[name] for name in names])


def profit_beside(price, a, b, cost, k, start):
    return (price - cost) * np.maximum(a - b * price - k * np.maximum(price - start, 0), 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_price_beside_a_fringe_earns_more(seed, solutions):
    for case in EXERCISES[FRINGE].cases(seed):
        a, b, cost, _, _ = case
        earned = profit_beside(solutions[FRINGE](*case), *case)
        assert earned > 0 and profit_beside(np.linspace(cost, a / b, 5001), *case).max() <= earned * (1 + 1e-9)
        near = minimize_scalar(lambda p, case=case: -profit_beside(p, *case), bounds=(cost, a / b), method="bounded")
        assert earned >= -near.fun * (1 - 1e-9)


def test_who_forgets_that_one_may_stay_out_is_told(solutions):
    """A plant whose cost is above the cap loses by every price."""

    def always_in(rivals, demand, cap, room, cost):
        left = [(p, max(demand - sum(q for ask, q in rivals if ask < p), 0)) for p in [*(p for p, _ in rivals), cap]]
        return max((p - cost) * min(mw, room) for p, mw in left)

    for seed in SEEDS:
        told = check(OFFER, always_in, seed=seed)
        assert not told and "who stays out loses nothing" in told.reason
    assert solutions[OFFER]([(20, 30)], 70, 40, 50, 60) == 0
