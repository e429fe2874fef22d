"""Supply function equilibrium: no line or quantity earns a firm more, and a fixed point found another way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.strategy import linear_supply_function

firms = st.lists(st.floats(0.2, 5), min_size=1, max_size=5)


def by_turns(slope, costs, rounds=20000):
    """s = (1 - cost s)(1/slope + others), applied again and again from nothing: it rises to the least solution."""
    s, costs = np.zeros(len(costs)), np.array(costs)
    for _ in range(rounds):
        others = 1 / slope + s.sum() - s
        s, before = others / (1 + costs * others), s
        if np.abs(s - before).max() < 1e-15:
            break
    return s


@settings(deadline=None)
@given(st.floats(1, 50), st.floats(0.1, 5), firms)
def test_the_same_by_turns(intercept, slope, costs):
    found = linear_supply_function(intercept, slope, costs)
    assert np.allclose(found.slopes, by_turns(slope, costs), rtol=1e-9)
    assert found.quantity.sum() == pytest.approx((intercept - found.price) / slope)  # it clears


@settings(deadline=None, max_examples=40)
@given(st.floats(5, 50), st.floats(0.2, 3), st.lists(st.floats(0.2, 5), min_size=2, max_size=4))
def test_no_point_of_its_residual_demand_earns_a_firm_more(intercept, slope, costs):
    """Whatever a firm offers, it ends at a point of the demand that the others' lines leave; no other earns it more."""
    found = linear_supply_function(intercept, slope, costs)
    for demand in (intercept, intercept / 3, 2 * intercept):  # the same lines, whatever demand turns out to be
        price = demand / slope / (1 / slope + found.slopes.sum())
        for firm, cost in enumerate(costs):
            others = found.slopes.sum() - found.slopes[firm]
            prices = np.linspace(0, demand, 2001)
            sold = (demand - prices) / slope - others * prices
            tried = prices * sold - cost * sold**2 / 2
            own = found.slopes[firm] * price
            assert price * own - cost * own**2 / 2 >= tried.max() - 1e-9 * demand**2


def test_between_competition_and_cournot():
    two = linear_supply_function(24, 2, [1, 1])
    assert (two.slopes, two.price, two.competitive_price) == (
        pytest.approx([0.5, 0.5]),
        pytest.approx(8),
        pytest.approx(4.8),
    )
    cournot = 24 - 2 * 2 * (24 / 7)  # 24 - 2 (q + other) - 2 q = q, both alike
    assert cournot == pytest.approx(10.285714) and two.competitive_price < two.price < cournot
    assert two.profit == pytest.approx([24, 24])


def test_many_firms_come_near_their_costs():
    prices = [linear_supply_function(24, 2, [n] * n).price for n in (1, 2, 5, 50, 500)]  # together they cost the same
    assert prices == sorted(prices, reverse=True) and prices[-1] == pytest.approx(8, rel=0.01)  # (24 - p) / 2 = p


@pytest.mark.parametrize("money", [1e-9, 1e9])
@pytest.mark.parametrize("energy", [1e-9, 1e9])
def test_scales(money, energy):
    found = linear_supply_function(24 * money, 2 * money / energy, np.array([1, 2]) * money / energy)
    plain = linear_supply_function(24, 2, [1, 2])
    assert found.price / money == pytest.approx(plain.price) and found.quantity / energy == pytest.approx(plain.quantity)


def test_little_demand_that_gives_way_leaves_two_firms_with_little_to_fear():
    """With demand nearly fixed, two firms drive the price up without end; three do not."""
    for slope in (1e2, 1e4, 1e6):
        two, three = (linear_supply_function(slope, slope, [1] * n) for n in (2, 3))
        assert two.slopes[0] == pytest.approx(slope**-0.5, rel=0.1) and three.slopes[0] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("arguments", "words"), [
    ((0, 1, [1]), "intercept 0 must be a positive number"), ((1, -1, [1]), "slope -1 must be a positive number"),
    ((1, 1, [1, 0]), "firm 1: cost 0.0 must be positive"), ((1, 1, []), "at least one firm"),
])  # fmt: skip
def test_what_has_no_meaning_is_named(arguments, words):
    with pytest.raises(InvalidInput, match=words):
        linear_supply_function(*arguments)
