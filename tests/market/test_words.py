"""What clearings say is true at any scale."""

import numpy as np
import pytest

from tefoundations.market import BlockOrder, OrderBook, WindowOrder, day_ahead, muda, serve_by_merit, uniform_price


@pytest.mark.parametrize("scale, told", [(4e-10, "4e-10"), (4.0, "4"), (4e9, "4,000,000,000")])
def test_a_clearing_tells_its_quantity(scale, told):
    c = uniform_price(OrderBook.of([(9, scale)], [(5, scale)]))
    assert f"Quantity: {told}." in c.explain() and f"<td>{told}</td>" in c._repr_html_()
    assert f"{told} of {told} kWh" in serve_by_merit([scale], [WindowOrder("car", "buy", 30, scale, 0, 0)]).explain()


def test_rounding_of_a_gain_is_still_nothing():
    c = uniform_price(OrderBook.of([(0.3, 0.1)] * 3, [(0.3, 0.3)]))
    assert "Gains: buyers 0 + sellers 0 + operator 0 = 0." in c.explain()


@pytest.mark.parametrize("money", [1e-8, 1.0, 1e8])
def test_a_day_shows_the_gains_of_small_orders(money):
    table = day_ahead([OrderBook.of([(19 * money, 3)], [(18 * money, 2.8)])]).to_frame()
    assert table["gain"].to_numpy() / money == pytest.approx([0, 2.8])


@pytest.mark.parametrize("wanted, told", [(9996.0, "99.96%"), (20.0, "0.2%"), (5000.0, "50%")])
def test_a_share_is_neither_all_nor_nothing(wanted, told):
    plant = BlockOrder("plant", "sell", 20, 10000, minimum=0.001)
    assert f"plant: accepted to {told}" in day_ahead([OrderBook.of([(40, wanted)], [])], [plant]).explain()


def test_a_half_without_a_price_is_said_in_words():
    book = OrderBook.of([(9, 1), (8, 1)], [(1, 1), (2, 1)])
    said = [muda(book, rng=seed).explain() for seed in range(20)]
    assert not any("nan" in words for words in said) and any("one half trades at" in words for words in said)
    assert np.isfinite(muda(book, rng=0).welfare)
