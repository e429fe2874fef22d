"""Cournot, Stackelberg and the patience a promise needs, each against a second way to the same number."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.strategy import best_reply_path, cournot, critical_discount, stackelberg

FIRMS = st.lists(st.tuples(st.integers(0, 14), st.sampled_from([0, 0.5, 1, 2, 5, np.inf])), min_size=1, max_size=5)


def reply(intercept, slope, cost, capacity, others):
    return float(np.clip((intercept - cost - slope * others) / (2 * slope), 0, capacity))


@pytest.mark.parametrize(("n", "price", "profit"), [(1, 6, 36), (2, 4, 16), (3, 3, 9)])
def test_one_two_and_three_sellers(n, price, profit):
    found = cournot(12, 1, [0] * n)
    assert found.price == pytest.approx(price) and np.allclose(found.profit, profit)


def test_the_first_mover():
    found = stackelberg(12, 1, [0, 0])
    assert found.price == 3 and found.quantity.tolist() == [6, 3] and found.profit.tolist() == [18, 9]
    assert stackelberg(12, 1, [0]).quantity.tolist() == cournot(12, 1, [0]).quantity.tolist() == [6]


@settings(max_examples=80, deadline=None)
@given(FIRMS, st.sampled_from([0.5, 1, 2]))
def test_cournot_is_where_replies_in_turn_settle(firms, slope):
    costs, capacities = map(list, zip(*firms))
    found = cournot(12, slope, costs, capacities)
    walk = best_reply_path(
        lambda who, others: reply(12, slope, costs[who], capacities[who], sum(others)), [0.0] * len(firms), rounds=1000
    )
    assert walk.end == "settled" and np.allclose(walk.path[-1], found.quantity, atol=1e-6)
    assert found.price == pytest.approx(12 - slope * found.total)


@settings(max_examples=60, deadline=None)
@given(FIRMS, st.sampled_from([0.5, 1, 2]))
def test_no_quantity_is_better_for_the_leader(firms, slope):
    costs, capacities = map(list, zip(*firms))
    found = stackelberg(12, slope, costs, capacities)

    def profit(led):
        after = cournot(12 - slope * led, slope, costs[1:], capacities[1:]).total if costs[1:] else 0
        return (12 - slope * (led + after) - costs[0]) * led

    tried = np.linspace(0, min(capacities[0], 24 / slope), 301)
    best = max(map(profit, tried))
    assert found.profit[0] >= best - 1e-9
    assert found.profit[0] == pytest.approx(profit(found.quantity[0]), abs=1e-9)
    if costs[1:]:
        led = found.quantity[0]
        assert np.allclose(found.quantity[1:], cournot(12 - slope * led, slope, costs[1:], capacities[1:]).quantity)
    assert (found.quantity >= 0).all() and (found.quantity <= capacities).all()


def test_a_leader_may_keep_a_follower_out():
    found = stackelberg(12, 1, [0, 5])
    assert found.quantity.tolist() == [7, 0] and found.price == 5  # just what keeps it out; 8.5 against Cournot would not


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_scales(scale):
    base = [cournot(12, 1, [0, 3, 20], [3, 10, 5]), stackelberg(12, 1, [1, 3, 5], [9, 2, np.inf])]
    wider = [cournot(12, 1 / scale, [0, 3, 20], np.multiply(scale, [3, 10, 5])),
             stackelberg(12, 1 / scale, [1, 3, 5], np.multiply(scale, [9, 2, np.inf]))]  # fmt: skip
    dearer = [cournot(12 * scale, scale, [0, 3 * scale, 20 * scale], [3, 10, 5]),
              stackelberg(12 * scale, scale, np.multiply(scale, [1, 3, 5]), [9, 2, np.inf])]  # fmt: skip
    for one, two, three in zip(base, wider, dearer):
        assert np.allclose(two.quantity, one.quantity * scale, rtol=1e-12, atol=0) and two.price == pytest.approx(one.price)
        assert np.allclose(three.quantity, one.quantity) and three.price == pytest.approx(one.price * scale, rel=1e-12)


def test_nobody_sells_above_the_demand():
    found = cournot(5, 1, [6, 7])
    assert found.price == 5 and found.total == 0 and "sells nothing: its cost is 6" in found.explain()


@pytest.mark.parametrize(("n", "least"), [(2, 9 / 17), (3, 4 / 7), (4, 25 / 41)])
def test_the_patience_of_a_cartel(n, least):
    together, each = 36 / n, 6 / n
    cheat = (12 - (n - 1) * each) ** 2 / 4
    found = critical_discount(together, cheat, cournot(12, 1, [0] * n).profit[0])
    assert found == pytest.approx(least) == pytest.approx((n + 1) ** 2 / ((n + 1) ** 2 + 4 * n))


@given(st.integers(1, 9), st.integers(1, 9), st.floats(0.05, 1))
def test_at_the_critical_discount_a_breach_just_does_not_pay(gain, loss, seen):
    d = critical_discount(20, 20 + gain, 20 - loss, seen)
    assume(d < 0.999)
    for weight, pays in ((d - 1e-6, True), (d + 1e-6, False)):  # a day's breach, and then honest until it is seen
        kept, ended = 20 / (1 - weight), (20 - loss) / (1 - weight)
        assert (20 + gain + weight * (seen * ended + (1 - seen) * kept) > kept) == pays


def test_chances_to_be_seen():
    assert [critical_discount(18, 20, 16, m) for m in (1, 0.25, 0)] == pytest.approx([1 / 2, 1 / 1.25, 1])
    assert critical_discount(18, 20, 18) == 1 and critical_discount(18, 18, 16) == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cournot(12, 0, [0]), "slope 0 must be a positive number"),
        (lambda: cournot(12, 1, []), "costs must be those of 1 to 10,000 firms, not of 0"),
        (lambda: cournot(12, 1, [0, float("nan")]), "firm 1: cost nan"),
        (lambda: stackelberg(12, 1, [0, 1], [1]), "capacity must be 2 numbers, one for each firm, not 1"),
        (lambda: stackelberg(12, 1, [0], [-1]), "firm 0: capacity -1.0 must not be negative"),
        (lambda: critical_discount(1, 2, 3, seen=1.5), "seen 1.5 must be a number from 0 to 1"),
    ],
)
def test_what_is_refused(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()
