"""Auctions of several hours clear alike in any unit, and what is far larger or smaller moves nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.market import BlockOrder, OrderBook, WindowOrder, day_ahead, serve_by_merit
from tests.market.books import FEW, SCALES, scaled, sides


@st.composite
def auctions(draw):
    """Two hours, up to two blocks and a window, as plain numbers."""
    hours = [draw(sides(most=3)) for _ in range(2)]
    whole = st.tuples(st.sampled_from(["buy", "sell"]), st.integers(1, 9), st.integers(1, 3), st.integers(0, 1))
    return hours, draw(st.lists(whole, max_size=2)), draw(st.lists(whole, max_size=1))


def cleared(auction, scale, pricing, more=()):
    hours, blocks, windows = auction
    books = [OrderBook.of(*(scaled(side, scale) for side in hour)) for hour in hours]
    orders = [BlockOrder(f"block {i}", side, price, (quantity * scale,) * (2 - first), first)
              for i, (side, price, quantity, first) in enumerate(blocks)]  # fmt: skip
    orders += [WindowOrder(f"window {i}", side, price, quantity * scale, 0, 1, power=quantity * scale)
               for i, (side, price, quantity, first) in enumerate(windows)]  # fmt: skip
    return day_ahead(books, orders, pricing)


@settings(max_examples=25)
@given(auctions(), SCALES)
@pytest.mark.parametrize("pricing", ["marginal", "convex_hull", "european"])
def test_a_day_scales(pricing, auction, scale):
    a, b = cleared(auction, 1.0, pricing), cleared(auction, scale, pricing)
    assert b.welfare / scale == pytest.approx(a.welfare, rel=1e-8, abs=1e-8)
    assert b.relaxed_welfare / scale == pytest.approx(a.relaxed_welfare, rel=1e-8, abs=1e-8)
    assert b.program.balance @ b.trades / scale == pytest.approx(0, abs=1e-8)
    if np.array_equal(a.acceptance, b.acceptance):  # two selections may be worth the same
        assert b.price == pytest.approx(a.price, rel=1e-8)
        assert b.uplift / scale == pytest.approx(a.uplift, rel=1e-6, abs=1e-6)
        assert b.make_whole / scale == pytest.approx(a.make_whole, rel=1e-6, abs=1e-6)


@FEW
@given(st.integers(1, 9), st.lists(st.integers(1, 40), min_size=1, max_size=3), st.integers(2, 9), SCALES)
@pytest.mark.parametrize("pricing", ["marginal", "convex_hull", "european"])
def test_a_block_held_exactly_at_its_least_has_prices(pricing, share, tenths, parts, scale):
    """Its sellers have as much as it takes at least, in parts whose sum is rounded; one more kWh would cost its price."""
    sold = [each / 10 * scale for each in tenths]
    books = [OrderBook.of([], [(19, each / parts)] * parts) for each in sold]
    wanted = BlockOrder("b", "buy", 27, tuple(each / (share / 10) for each in sold), 0, share / 10)
    found = day_ahead(books, [wanted], pricing)
    assert found.acceptance == pytest.approx([share / 10], rel=1e-9)
    assert found.quantity == pytest.approx(sold, rel=1e-9)
    assert found.price @ np.array(sold) == pytest.approx(27 * sum(sold), rel=1e-9)


def test_a_day_with_the_grid_is_balanced():
    found = day_ahead([OrderBook.of([(40, 0.9)], [(30, 1e9)])])
    bought, sold = found.hourly[0]
    assert (bought.tolist(), sold.tolist()) == ([0.9], [0.9])
    assert found.welfare == pytest.approx(9) and found.price.tolist() == [30] and found.uplift == 0


def test_hours_of_a_street_and_of_a_country_in_one_day():
    found = day_ahead([OrderBook.of([(40, 0.0005), (1, 1e12)], [(30, 1e12)]), OrderBook.of([(40, 5e8)], [(30, 1e9)])])
    assert [side.tolist() for side in found.hourly[0]] == [[0.0005, 0], [0.0005]]
    assert found.quantity == pytest.approx([0.0005, 5e8], rel=1e-12) and found.price == pytest.approx([30, 30])


@pytest.mark.parametrize("size", [1e-9, 1e9])
@pytest.mark.parametrize("far", [(0.5, "bids"), (99, "asks")])
def test_an_order_far_from_the_margin_of_a_day_moves_nothing(size, far):
    """It once made the programme of prices infeasible, or set the price."""
    price, side = far
    plant, hours = [BlockOrder("plant", "sell", 20, 8)], []
    for more in (False, True):
        bids, asks = [(40, 10), (12, 1)], [(10, 5), (35, 6)]
        (bids if side == "bids" else asks).extend([(price, size)] * more)
        hours.append(day_ahead([OrderBook.of(bids, asks)], plant))
    assert hours[1].price == pytest.approx(hours[0].price) and hours[1].welfare == pytest.approx(hours[0].welfare)
    assert hours[1].acceptance.tolist() == hours[0].acceptance.tolist()


@FEW
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 30)), min_size=1, max_size=4), SCALES)
def test_serving_by_merit_scales(wanted, scale):
    def served(s):
        windows = [WindowOrder(f"n{i}", "buy", price, q / 10 * s, 0, 1) for i, (price, q) in enumerate(wanted)]
        return serve_by_merit([1.7 * s, 0.6 * s], windows)

    assert served(scale).quantity / scale == pytest.approx(served(1.0).quantity, rel=1e-9, abs=1e-9)


@FEW
@given(st.lists(st.tuples(st.integers(-3, 9), st.integers(1, 30), st.integers(0, 1)), min_size=1, max_size=4), SCALES)
def test_serving_by_merit_leaves_no_slivers_and_serves_nobody_at_a_loss(wanted, scale):
    windows = [WindowOrder(f"n{i}", "buy", price, q / 10 * scale, first, 1) for i, (price, q, first) in enumerate(wanted)]
    served = serve_by_merit([0.3 * scale, 0.6 * scale], windows).quantity
    assert not ((served > 0) & (served < 0.09 * scale)).any()
    assert not served[[window.price < 0 for window in windows]].any()


@pytest.mark.parametrize("money", [1e-8, 1e8])
@pytest.mark.parametrize("pricing", ["marginal", "convex_hull", "european"])
def test_a_day_in_another_money(pricing, money):
    """A rejected block was once kept out by one more ct, which at small prices kept accepted ones out too."""
    book = OrderBook.of([(11 * money, 1.3), (5 * money, 0.7)])
    found = day_ahead([book], [BlockOrder("s", "sell", money, 1.8, 0, 0.5)], pricing)
    assert found.welfare / money == pytest.approx(15) and found.price / money == pytest.approx(5)
