"""A market maker's prices: Bayes' rule against an account of every kind of trade, and against a day of traders."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.strategy import spread
from tefoundations.words import say

cases = st.tuples(
    st.integers(-10, 20), st.integers(1, 30), st.floats(0.01, 0.99), st.floats(0, 1)
).map(lambda drawn: (drawn[0], drawn[0] + drawn[1], *drawn[2:]))  # fmt: skip


def trades(low, high, chance, informed):
    """Every kind of trade: (its chance, whether somebody buys, whether one who knows does, what the thing is worth)."""
    for is_high, knows, wants in product((True, False), (True, False), (True, False)):
        buys = is_high if knows else wants
        often = (chance if is_high else 1 - chance) * (informed if knows else 1 - informed) / 2
        yield often, buys, knows, high if is_high else low


@given(cases)
def test_nothing_is_gained_on_either_side(case):
    quoted, kept = spread(*case), {True: 0.0, False: 0.0}
    for often, buys, _, worth in trades(*case):
        kept[buys] += often * (quoted.ask - worth if buys else worth - quoted.bid)
    assert kept[True] == pytest.approx(0, abs=1e-9) and kept[False] == pytest.approx(0, abs=1e-9)


@given(cases)
def test_who_knows_gains_what_the_others_pay(case):
    quoted = spread(*case)
    low, high, _, informed = case
    gained = {True: 0.0, False: 0.0}
    for often, buys, knows, worth in trades(*case):
        gained[knows] += often * (worth - quoted.ask if buys else quoted.bid - worth)
    assert gained[True] == pytest.approx(informed * quoted.informed_gain, abs=1e-9)
    assert gained[False] == pytest.approx(-(1 - informed) * quoted.uninformed_pay, abs=1e-9)
    assert low - 1e-9 <= quoted.bid <= quoted.value + 1e-9 and quoted.value - 1e-9 <= quoted.ask <= high + 1e-9


def test_even_odds_move_the_prices_by_the_share():
    for informed in np.linspace(0, 1, 21):
        quoted = spread(0, 10, 0.5, informed)
        assert quoted.bid == pytest.approx(5 - 5 * informed) and quoted.ask == pytest.approx(5 + 5 * informed)
    assert spread(0, 10, 0.2, 0.5).ask != pytest.approx(2 + 0.5 * 8)  # and other odds by something else


def test_a_crowd_of_traders():
    rng, n, quoted = np.random.default_rng(2), 300_000, spread(0, 10, 0.3, 0.2)
    worth, knows = np.where(rng.random(n) < 0.3, 10, 0), rng.random(n) < 0.2
    buys = np.where(knows, worth == 10, rng.random(n) < 0.5)
    for side, price in ((buys, quoted.ask), (~buys, quoted.bid)):
        assert abs(worth[side].mean() - price) < 4 * worth[side].std() / np.sqrt(side.sum())


def test_prices_learn():
    """After many trades the market maker knows, and a price is a fair bet all the way: its mean stays."""
    rng, ends, widths = np.random.default_rng(5), [], []
    for _ in range(400):
        is_high, quoted = rng.random() < 0.5, spread(0, 10, 0.5, 0.3)
        for _ in range(40):
            buys = is_high if rng.random() < 0.3 else rng.random() < 0.5
            quoted = quoted.after("buy" if buys else "sell")
        ends.append(quoted.value - 10 * is_high)
        widths.append(quoted.width)
    assert abs(np.mean(ends)) < 4 * np.std(ends) / 20 and np.median(widths) < 1


def test_nobody_and_everybody_knows():
    assert spread(0, 10, 0.3, 0).width == pytest.approx(0)
    known = spread(0, 10, 0.3, 1)
    assert (known.bid, known.ask, known.informed_gain) == (0, 10, 0)
    with pytest.raises(InvalidInput, match="known for certain: 10"):
        known.after("buy")


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_in_any_unit(scale):
    assert spread(0, 10 * scale, 0.5, 0.2).ask == pytest.approx(6 * scale)
    assert f"bid is {say(4 * scale, scale)}" in spread(0, 10 * scale, 0.5, 0.2).explain()


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ((10, 0, 0.5, 0.2), "low 10 must be below high 0"),
        ((0, 10, 1, 0.2), "chance 1 must be a number above 0 and below 1"),
        ((0, 10, -0.1, 0.2), "chance -0.1"),
        ((0, 10, 0.5, 1.2), "informed 1.2 must be a number from 0 to 1"),
    ],
)
def test_what_has_no_meaning_is_refused_by_name(case, words):
    with pytest.raises(InvalidInput, match=words):
        spread(*case)


def test_a_side_is_one_of_two():
    with pytest.raises(InvalidInput, match="side 'bought' is not one of buy, sell"):
        spread(0, 10, 0.5, 0.2).after("bought")
