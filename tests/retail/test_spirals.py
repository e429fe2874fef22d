"""The spiral of roofs and rates: against one home at a time in any order, against sorted costs, and its money."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.retail import adoption_spiral

APART = [28, 29.5, 31, 33, 35, 36, 37, 38, 39, 40]
CLOSE = [29, 29.5, 30.6, 31.2, 32, 32.8, 33.8, 34.8, 36, 37.5]


def spiral(costs, fixed=0.0):
    return adoption_spiral(costs, use=4000, own=2000, wires=400_000, energy=20, fixed=fixed)


def test_the_numbers_of_the_chapter():
    short, long = spiral(APART), spiral(CLOSE)
    assert short.adopters.tolist() == [0, 2, 3] and round(short.rates[-1], 3) == 11.765
    assert long.adopters.tolist() == [0, *range(2, 11)] and long.rates[-1] == 20
    assert np.isclose(long.bills.min(), 138_000) and np.isclose(long.bills.max(), 155_000)
    assert np.allclose(long.bills_before, 120_000) and np.isclose(long.wasted, 254_400)
    assert not spiral(APART, 0.5).solar.any() and not spiral(CLOSE, 0.5).solar.any()


def draws(count=150):
    rng = np.random.default_rng(11)
    for _ in range(count):
        n = int(rng.integers(1, 9))
        yield rng, rng.uniform(24, 40, n), rng.uniform(1000, 6000, n), rng.uniform(0, 0.9, n), float(rng.choice([0, 0.3, 1]))


def test_it_ends_where_one_home_after_the_other_ends_in_any_order():
    for rng, costs, use, part, fixed in draws():
        own, wires = part * use, 12 * use.sum()
        found = adoption_spiral(costs, use, own, wires, 18, fixed)
        order, has = rng.permutation(len(costs)), np.zeros(len(costs), bool)
        while True:
            price = 18 + wires * (1 - fixed) / (use - own * has).sum()
            ready = [i for i in order if not has[i] and costs[i] < price]
            if not ready:
                break
            has[ready[0]] = True
        assert (has == found.solar).all()


def test_homes_alike_but_for_the_cost_adopt_from_the_cheapest():
    """Sorted, it stops at the first count at which the next roof is no cheaper than the grid."""
    rng = np.random.default_rng(12)
    for _ in range(100):
        costs = rng.uniform(26, 40, int(rng.integers(1, 12)))
        n, ordered = len(costs), np.sort(costs)
        grid = [20 + 10 * 4000 * n / (4000 * n - 2000 * k) for k in range(n + 1)]
        stop = next((k for k in range(n) if ordered[k] >= grid[k]), n)
        found = adoption_spiral(costs, 4000, 2000, 10 * 4000 * n, 20)
        assert found.adopters[-1] == stop and np.isclose(20 + found.rates[-1], grid[stop])


def test_the_wires_are_paid_in_full_in_every_round_and_solar_is_all_that_costs_more():
    for _, costs, use, part, fixed in draws():
        own, wires = part * use, 12 * use.sum()
        found = adoption_spiral(costs, use, own, wires, 18, fixed)
        bought = use - own * found.solar
        assert np.isclose(found.bills.sum(), wires + 18 * bought.sum() + (own * found.solar) @ costs)
        assert np.isclose(found.bills_before.sum(), wires + 18 * use.sum())
        assert np.isclose(found.wasted, ((costs - 18) * own * found.solar).sum(), atol=1e-6 * wires)
        assert (np.diff(found.rates) >= 0).all() and (np.diff(found.adopters) > 0).all() and found.adopters[0] == 0


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_another_unit_of_energy_or_money_changes_nobody(scale):
    kwh = adoption_spiral(CLOSE, 4000 * scale, 2000 * scale, 400_000 * scale, 20)
    ct = adoption_spiral(np.multiply(CLOSE, scale), 4000, 2000, 400_000 * scale, 20 * scale)
    assert (kwh.solar == spiral(CLOSE).solar).all() and (ct.solar == spiral(CLOSE).solar).all()


def test_a_roof_as_dear_as_the_grid_is_not_put_up():
    assert not adoption_spiral([30], 4000, 2000, 40_000, 20).solar.any()
    assert not adoption_spiral([30.1], 4000, 2000, 0.1 * 3 * 4000 + 40_000 - 0.2 * 4000, 20).solar.any()  # 10.1 by floats
    assert adoption_spiral([29.9], 4000, 2000, 40_000, 20).solar.all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (([], 4000, 2000, 1, 20), "solar_costs must be one number for each home, 1 to"),
        (([28], 0, 0, 1, 20), "use"),
        (([28], 4000, 4000, 1, 20), "home 0: own 4000 must be below its use 4000"),
        (([28, 29], [4000], 2000, 1, 20), "use must be one number, or one for each of the 2 homes, not 1"),
        (([28, 29], 4000, [1, -1], 1, 20), "home 1: own -1.0 must not be negative"),
        (([28], 4000, 2000, -1, 20), "wires -1"),
        (([28], 4000, 2000, 1, 20, 1.5), "fixed 1.5"),
        (([28, float("nan")], 4000, 2000, 1, 20), "home 1: solar_costs nan"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(given, words):
    with pytest.raises(InvalidInput, match=words):
        adoption_spiral(*given)
