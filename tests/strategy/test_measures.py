"""Indices of market power: their definitions by hand, the identities of Cournot, and bad input named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.strategy import herfindahl_hirschman, lerner, residual_supply_index

sizes = st.lists(st.integers(1, 90), min_size=1, max_size=8)


@given(sizes)
def test_the_index_is_ten_thousand_over_how_many_equal_sellers_it_is_like(quantities):
    shares = np.array(quantities) / sum(quantities)
    index = herfindahl_hirschman(shares)
    assert 1e4 / len(shares) - 1e-9 <= index <= 1e4
    # as the chance that two kWh drawn at random come from one seller
    pairs = sum(q * q for q in quantities) / sum(quantities) ** 2
    assert index == pytest.approx(1e4 * pairs)


@given(sizes, st.integers(1, 300), st.data())
def test_the_supply_left_by_counting(capacity, demand, data):
    owner = data.draw(st.lists(st.sampled_from("abc"), min_size=len(capacity), max_size=len(capacity)))
    sold = data.draw(st.lists(st.integers(0, 90), min_size=len(capacity), max_size=len(capacity)))
    found = residual_supply_index(capacity, demand, owner, sold)
    assert list(found) == list(dict.fromkeys(owner))
    for who, index in found.items():
        others = sum(c for c, o in zip(capacity, owner) if o != who)
        mine = sum(c for c, o in zip(capacity, owner) if o == who)
        bound = min(sum(s for s, o in zip(sold, owner) if o == who), mine)  # what it must deliver
        assert index == pytest.approx((others + bound) / demand)


def free_firms(intercept, costs):
    """Cournot quantities by the closed form, all firms free."""
    price = (intercept + sum(costs)) / (len(costs) + 1)
    return price, np.array([price - c for c in costs])


@given(st.integers(30, 60), st.lists(st.integers(0, 4), min_size=1, max_size=5))
def test_margins_are_shares_over_elasticity_and_their_mean_is_the_index(intercept, costs):
    price, sold = free_firms(intercept, costs)
    shares, elasticity = sold / sold.sum(), price / sold.sum()  # demand falls by one for each ct
    margins = lerner(price, costs)
    assert np.allclose(margins, shares / elasticity)
    assert shares @ margins == pytest.approx(herfindahl_hirschman(shares) / 1e4 / elasticity)


def test_the_numbers_of_the_chapter():
    price, sold = free_firms(12, [0, 3])
    assert (price, *sold) == (5, 5, 2)
    assert lerner(5, [0, 3]) == pytest.approx([1, 0.4])
    assert herfindahl_hirschman(sold / 7) / 1e4 / (5 / 7) == pytest.approx(0.8286, abs=1e-4)
    assert [round(herfindahl_hirschman([1 / n] * n)) for n in (3, 2)] == [3333, 5000]
    assert residual_supply_index([60, 50, 20], 100, ["east", "west", "east"], [30, 0, 0]) == {"east": 0.8, "west": 0.8}
    # sold more than it has: it cannot add to what the others have
    assert residual_supply_index([60, 50], 100, contracted=[80, 0]) == {0: 1.1, 1: 0.6}


@pytest.mark.parametrize(("call", "words"), [
    (lambda: herfindahl_hirschman([0.5, 0.4]), "shares must add up to 1, not to 0.9"),
    (lambda: herfindahl_hirschman([]), "shares must add up to 1"),
    (lambda: herfindahl_hirschman([1.5, -0.5]), "seller 1: share -0.5 must not be negative"),
    (lambda: lerner([5, 0], 3), "seller 1: price 0.0 must be positive"),
    (lambda: lerner(np.nan, 3), "price nan must be a finite number"),
    (lambda: lerner([5, 6], [1, 2, 3]), "2 prices and 3 marginal costs"),
    (lambda: residual_supply_index([10, -1], 5), "plant 1: capacity -1.0 must not be negative"),
    (lambda: residual_supply_index([10], 0), "demand 0 must be a positive number"),
    (lambda: residual_supply_index([10, 20], 5, ["a"]), "owner must name one for each of 2 plants, not 1"),
    (lambda: residual_supply_index([10, 20], 5, [["a"], "b"]), r"owner \['a'\] must be a name or a number"),
    (lambda: residual_supply_index([10, 20], 5, contracted=[1]), "contracted must be 2 numbers"),
])  # fmt: skip
def test_what_has_no_meaning_is_named(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()
