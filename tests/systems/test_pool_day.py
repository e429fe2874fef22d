"""A day of pools: the books balance, and depth moves loss from one to the other."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import community
from tefoundations.errors import InvalidInput
from tefoundations.market import ConstantProduct, OrderBook, uniform_price
from tefoundations.systems import pool_day
from tefoundations.systems.pools import _visited

PEOPLE = community()


def by_formulas(day, depth, price, rng, long=8, short=32):
    """The same day in fractions of kWh and ct, by x y = k alone: (traders, providers, over, closing) of each half hour."""
    rng, rows = np.random.default_rng(rng), []
    for step in PEOPLE.steps:
        offers = PEOPLE.offers(day, step)
        if offers["side"].nunique() < 2:
            continue
        x, k, gain, paid = depth, depth**2 * price, 0.0, 0.0
        orders = [list(row) for row in offers[["side", "price", "quantity"]].itertuples(index=False)]
        for place in [*rng.permutation(len(orders)), *rng.permutation(len(orders))]:
            side, limit, left = orders[place]
            at, sign = sqrt(k / limit), 1 if side == "buy" else -1
            move = min(left, max(sign * (x - at), 0.0))
            money = k / (x - sign * move) - k / x
            x, paid, gain = x - sign * move, paid + money, gain + sign * move * limit - money
            orders[place][2] -= move
        over = x - depth
        rows.append((gain, paid + over * (long if over > 0 else short), over, k / x**2))
    return np.array(rows).T


@pytest.mark.parametrize("depth", [1, 5, 50])
@pytest.mark.parametrize("day", PEOPLE.days)
def test_whole_numbers_do_what_the_formula_says(day, depth):
    run = pool_day(PEOPLE, day, depth=depth, rng=7)
    gain, own, over, closing = by_formulas(day, depth, 18.0, 7)
    assert np.allclose(run.traders, gain, atol=0.5) and np.allclose(run.providers, own, atol=0.5)
    one_wh = 1 / (1000 * (depth + over))  # of what the pool holds: its price moves by twice that, for each of six that round
    assert np.allclose(run.over, over, atol=0.02) and (np.abs(run.closing / closing - 1) < 12 * one_wh).all()


def test_gains_are_those_of_the_kwh_alone():
    """What is paid cancels: together they gain the worth of the kWh and what outside pays or takes."""
    run = pool_day(PEOPLE, "winter", depth=5, rng=1, long=8, short=32)
    outside = np.where(run.over > 0, 8, 32) * run.over
    paid = run.providers - outside
    worth = run.traders + paid
    assert np.isclose(run.together, (worth + outside).sum())
    assert np.isclose(run.imbalance, np.abs(run.sold - run.bought).sum()) and len(run.to_frame()) == len(run.steps)


def test_deep_pools_are_smooth_and_dear():
    depths = (1, 5, 50)
    runs = [[pool_day(PEOPLE, day, depth=depth, rng=0) for day in PEOPLE.days] for depth in depths]
    loss = [sum(run.providers.sum() for run in days) for days in runs]
    imbalance = [sum(run.imbalance for run in days) for days in runs]
    spread = [np.std(np.concatenate([run.closing for run in days])) for days in runs]
    assert loss == sorted(loss, reverse=True) and imbalance == sorted(imbalance) and spread == sorted(spread, reverse=True)
    best = sum(
        uniform_price(OrderBook.from_frame(PEOPLE.offers(day, step))).welfare for day in PEOPLE.days for step in PEOPLE.steps
    )
    assert all(sum(run.together for run in days) < best for days in runs)


def test_what_is_refused():
    for words, given in {
        "day 'spring' is not one of": {"day": "spring"},
        "depth 0 must be": {"depth": 0},
        "price -3 must be": {"price": -3},
        "long 40 must not be above short 32": {"long": 40},
        "visits 0 must be": {"visits": 0},
        "rng None must be": {"rng": None},
    }.items():
        call = {"people": PEOPLE, "day": "summer", "depth": 5, "rng": 1} | given
        with pytest.raises(InvalidInput) as error:
            pool_day(**call)
        assert words in str(error.value)
    with pytest.raises(InvalidInput, match="people must be a Community"):
        pool_day([1], "summer", depth=5, rng=1)


def test_nobody_gives_energy_to_a_pool_for_nothing():
    """Where the pool holds one micro-token, what it would pay rounds to 0: who would sell at any price keeps the energy."""
    pool = ConstantProduct(1000, 1, locked=0)
    offers = pd.DataFrame({"side": ["sell", "sell"], "price": [-1.0, 0.0], "quantity": [2.0, 0.5]})
    traded, paid = _visited(pool, offers, 2, np.random.default_rng(0))
    assert traded.tolist() == [0, 0] and paid == 0 and pool.reserves == (1000, 1)
    assert len(pool_day(PEOPLE, "winter", depth=1, price=1e-9, rng=0).steps)
