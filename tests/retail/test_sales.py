"""Suppliers with sleepers: means against drawn prices and against integrals, and that no supplier gains by another price."""

import numpy as np
import pytest
from scipy.integrate import quad

from tefoundations.errors import InvalidInput
from tefoundations.retail import sales_equilibrium

FIRMS, SHOPPERS = (2, 3, 5, 10, 50), (0.01, 0.4, 0.99)


def town(firms, shoppers=0.4, reservation=40, cost=20):
    return sales_equilibrium(firms, shoppers=shoppers, reservation=reservation, cost=cost)


def test_the_numbers_of_the_chapter():
    found = [town(n) for n in FIRMS]
    assert [round(e.lowest, 3) for e in found] == [28.571, 26.667, 24.615, 22.609, 20.583]
    assert [round(e.sleepers_pay, 3) for e in found] == [32.709, 33.51, 34.657, 36.182, 38.619]
    assert [round(e.shoppers_pay, 3) for e in found] == [30.936, 29.735, 28.014, 25.727, 22.071]


@pytest.mark.parametrize("shoppers", SHOPPERS)
@pytest.mark.parametrize("firms", [*FIRMS, 100_000])
def test_the_mean_margin_does_not_know_how_many_they_are(firms, shoppers):
    e = town(firms, shoppers)
    assert np.isclose(e.mean_margin, (1 - shoppers) * 20) and np.isclose(firms * e.profit, e.mean_margin)
    paid = (1 - shoppers) * e.sleepers_pay + shoppers * e.shoppers_pay
    assert np.isclose(paid - 20, e.mean_margin, rtol=1e-9)
    assert 20 < e.lowest < e.shoppers_pay < e.sleepers_pay < 40


@pytest.mark.parametrize("shoppers", SHOPPERS)
@pytest.mark.parametrize("firms", FIRMS)
def test_means_are_integrals_of_the_drawn_prices(firms, shoppers):
    """By parts: a mean is the lowest price and the area above the law of the price."""
    e = town(firms, shoppers)

    def area(power):
        def dearer(t):  # the axis in a logarithm of the margin: most of it may lie near the lowest price
            price = 20 + (e.lowest - 20) * np.exp(t)
            return (1 - e.share_below(price)) ** power * (price - 20)

        return e.lowest + quad(dearer, 0, np.log(20 / (e.lowest - 20)), epsrel=1e-10, limit=200)[0]

    assert np.allclose([area(1), area(firms)], [e.sleepers_pay, e.shoppers_pay], rtol=1e-7)


@pytest.mark.parametrize("firms", (2, 7))
def test_means_are_those_of_drawn_prices(firms):
    e = town(firms)
    drawn = e.price_at(np.random.default_rng(5).random((200_000, firms)))
    assert np.allclose([drawn.mean(), drawn.min(axis=1).mean()], [e.sleepers_pay, e.shoppers_pay], atol=0.05)
    assert drawn.min() >= e.lowest and drawn.max() <= 40


@pytest.mark.parametrize("shoppers", SHOPPERS)
@pytest.mark.parametrize("firms", FIRMS)
def test_no_supplier_gains_by_another_price(firms, shoppers):
    e = town(firms, shoppers)
    prices = np.linspace(15, 45, 601)
    inside = (prices >= e.lowest) & (prices <= 40)
    assert np.allclose(e.profit_at(prices[inside]), e.profit, rtol=1e-9)
    assert (e.profit_at(prices[~inside]) < e.profit).all()
    assert np.allclose(e.price_at(e.share_below(prices[inside])), prices[inside], rtol=1e-9)


def test_the_ends():
    alone, asleep, awake = town(1), town(5, 0), town(5, 1)
    assert (alone.lowest, alone.mean_margin, alone.profit) == (40, 20, 20)
    assert (asleep.lowest, asleep.mean_margin, asleep.profit) == (40, 20, 4)
    assert (awake.lowest, awake.mean_margin, awake.profit) == (20, 0, 0)
    nothing = town(3, 0.4, 20, 20)
    assert nothing.lowest == nothing.sleepers_pay == 20 and nothing.profit == 0
    assert alone.price_at(0.5) == asleep.price_at(0.5) == 40 and awake.price_at(0.5) == nothing.price_at(0.5) == 20
    assert alone.profit_at(40) == 20 and alone.profit_at(41) == 0 and asleep.profit_at(40) == 4 and asleep.profit_at(30) == 2
    assert awake.profit_at(25) == 0 and awake.share_below([19, 20, 21]).tolist() == [0, 0, 1]


def test_near_the_ends_it_comes_near_the_ends():
    assert np.allclose([town(5, 1e-9).sleepers_pay, town(5, 1e-9).shoppers_pay], 40, atol=1e-5)
    assert np.isclose(town(5, 1 - 1e-9).shoppers_pay, 20, atol=1e-5)


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_another_unit_of_money_changes_nothing_else(scale):
    e, scaled = town(4), town(4, 0.4, 40 * scale, 20 * scale)
    for name in ("lowest", "profit", "mean_margin", "sleepers_pay", "shoppers_pay"):
        assert np.isclose(getattr(scaled, name), scale * getattr(e, name), rtol=1e-12)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((0, 0.4, 40, 20), "firms 0"),
        ((2.5, 0.4, 40, 20), "firms 2.5"),
        ((2, 1.2, 40, 20), "shoppers 1.2"),
        ((2, 0.4, 10, 20), "reservation 10 must be at least cost 20"),
        ((2, 0.4, float("nan"), 20), "reservation nan"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(given, words):
    with pytest.raises(InvalidInput, match=words):
        sales_equilibrium(*given)
    with pytest.raises(InvalidInput, match="share 1.5 must not be above 1"):
        town(2).price_at(1.5)


def test_no_drawn_price_is_above_what_anybody_pays():
    """At the end of the span rounding must not put a price where nobody buys, and its profit at 0."""
    for firms, reservation, cost in ((2, 20, -10), (1000, 20, -10), (10**6, 1e9, 20), (3, 0.7, 0.1)):
        e = town(firms, 0.3, reservation, cost)
        drawn = e.price_at(np.linspace(0, 1, 11))
        assert drawn.min() >= e.lowest and drawn.max() <= reservation
        assert np.allclose(e.profit_at(drawn), e.profit, rtol=1e-6)


@pytest.mark.filterwarnings("error")
def test_nearly_all_compare():
    """The lowest price is then rounded to cost, and the odds of a price at cost have no end."""
    e = town(10**6, 1 - 1e-12)
    assert e.share_below([19, 20, 41]).tolist() == [0, 0, 1] and e.profit_at(20) == 0
