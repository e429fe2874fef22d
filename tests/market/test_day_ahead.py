"""Blocks and windows against routes that share no code with the package: every selection of blocks tried in turn, each
with a small linear programme over trades and another over prices."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tefoundations.errors import InvalidInput, InvalidOrder
from tefoundations.market import BlockOrder, OrderBook, WindowOrder, day_ahead, serve_by_merit, uniform_price
from tests.market.books import order_books

EXAMPLE = OrderBook.of(bids=[(40, 10)], asks=[(10, 5)])
PLANT = BlockOrder("plant", "sell", 20, 8)


@st.composite
def blocks(draw, hours, name):
    first = draw(st.integers(0, hours - 1))
    length = draw(st.integers(1, hours - first))
    quantity = draw(st.lists(st.integers(1, 12), min_size=length, max_size=length))
    side, price = draw(st.sampled_from(["buy", "sell"])), draw(st.integers(0, 30))
    return BlockOrder(name, side, price, quantity, first, draw(st.sampled_from([1.0, 0.5])))


@st.composite
def auctions(draw, hours=2, most=3):
    books = [draw(order_books(3)) for _ in range(hours)]
    return books, [draw(blocks(hours, f"block {i}")) for i in range(draw(st.integers(0, most)))]


def orders_of(books, hour):
    """(sign, price, quantity) of the hourly orders of one hour."""
    for side, sign in ((books[hour].bids, 1), (books[hour].asks, -1)):
        yield from ((sign, price, quantity) for price, quantity in zip(side.price, side.quantity))


def best_of(books, blocks, shares):
    """Welfare with the shares of the blocks between bounds, or None: dense, one row an hour, no package code."""
    worth, columns, bounds = [], [], []
    for hour in range(len(books)):
        for sign, price, quantity in orders_of(books, hour):
            worth.append(sign * price)
            columns.append(np.eye(len(books))[hour] * sign)
            bounds.append((0, quantity))
    for block, share in zip(blocks, shares):
        sign = 1 if block.side == "buy" else -1
        profile = np.zeros(len(books))
        profile[block.first : block.last + 1] = block.quantity
        worth.append(sign * block.price * block.energy)
        columns.append(sign * profile)
        bounds.append(share)
    if not worth:
        return 0.0
    found = linprog(-np.array(worth), A_eq=np.array(columns).T, b_eq=np.zeros(len(books)), bounds=bounds)
    return None if found.status == 2 else -found.fun


def rents(books, blocks, price):
    """What everybody could gain at the prices, each choosing for itself (ct)."""
    total = sum(max(s * (p - price[h]), 0) * q for h in range(len(books)) for s, p, q in orders_of(books, h))
    for block in blocks:
        at = np.dot(block.quantity, price[block.first : block.last + 1])
        total += max(0, (block.price * block.energy - at) * (1 if block.side == "buy" else -1))
    return total


def european(books, blocks):
    """Best welfare over selections that some prices support, no accepted block losing: every selection in turn."""
    hours, best = len(books), -np.inf
    lines = [line for hour in range(hours) for line in ((hour, *order) for order in orders_of(books, hour))]
    for taken in itertools.product((0, 1), repeat=len(blocks)):
        welfare = best_of(books, blocks, [(block.minimum * t, t) for block, t in zip(blocks, taken)])
        if welfare is None or welfare <= best:
            continue
        accepted = [block for block, t in zip(blocks, taken) if t]
        # Variables: prices, a rent for each hourly order and each accepted block. Rents of all = welfare, blocks' rents
        # are their gains if taken whole, and none is negative: then no accepted block loses.
        n = hours + len(lines) + len(accepted)
        rows, bound, equal = [], [], np.zeros(n)
        for i, (hour, sign, price, quantity) in enumerate(lines):
            row = np.zeros(n)
            row[hour], row[hours + i] = -sign, -1
            rows.append(row)
            bound.append(-sign * price)
            equal[hours + i] = quantity
        for i, block in enumerate(accepted):
            row, sign = np.zeros(n), 1 if block.side == "buy" else -1
            row[block.first : block.last + 1] = -sign * np.array(block.quantity)
            row[hours + len(lines) + i] = -1
            rows.append(row)
            bound.append(-sign * block.price * block.energy)
            equal[hours + len(lines) + i] = 1
        limits = [(None, None)] * hours + [(0, None)] * (n - hours)
        least = linprog(equal, A_ub=np.array(rows) if rows else None, b_ub=bound or None, bounds=limits)
        if least.fun <= welfare + 1e-6:
            best = welfare
    return best


@settings(max_examples=60, deadline=None)
@given(auctions())
def test_the_best_selection_of_all_is_found(auction):
    books, some = auction
    tried = [[(b.minimum * t, t) for b, t in zip(some, taken)] for taken in itertools.product((0, 1), repeat=len(some))]
    best = max(w for w in (best_of(books, some, shares) for shares in tried) if w is not None)
    found = day_ahead(books, some)
    assert found.welfare == pytest.approx(best, abs=1e-6)
    assert found.relaxed_welfare == pytest.approx(best_of(books, some, [(0, 1)] * len(some)), abs=1e-6)
    assert found.program.balance @ found.trades == pytest.approx(0, abs=1e-6)
    for block, share in zip(some, found.acceptance):
        assert share == 0 or block.minimum - 1e-9 <= share <= 1


@settings(max_examples=60, deadline=None)
@given(auctions())
def test_prices_leave_only_blocks_discontent(auction):
    found = day_ahead(*auction)
    assert found.uplift_of_divisible == pytest.approx(0, abs=1e-5)
    assert found.uplift == pytest.approx(rents(*auction, found.price) - found.welfare, abs=1e-5)
    table = found.to_frame()  # every order has its row: gains add up to the welfare, and what is lost to the uplift
    assert table["gain"].sum() == pytest.approx(found.welfare, abs=1e-4)
    assert table["lost"].sum() == pytest.approx(found.uplift, abs=1e-4)
    assert found.budget == -found.make_whole.sum() <= 0


@settings(max_examples=60, deadline=None)
@given(auctions(), st.lists(st.floats(-20, 40), min_size=2, max_size=2))
def test_convex_hull_prices_have_the_least_uplift_of_all(auction, other):
    found = day_ahead(*auction, pricing="convex_hull")
    gap = found.relaxed_welfare - found.welfare
    assert found.uplift == pytest.approx(gap, abs=1e-5)
    assert rents(*auction, other) - found.welfare >= gap - 1e-6


@settings(max_examples=60, deadline=None)
@given(auctions())
def test_the_european_rule_is_the_best_without_a_loss(auction):
    found = day_ahead(*auction, pricing="european")
    assert found.welfare == pytest.approx(european(*auction), abs=1e-5)
    assert found.make_whole.sum() == 0 and found.uplift_of_divisible == pytest.approx(0, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(auctions())
def test_greedy_never_beats_the_optimum_and_keeps_the_balance(auction):
    found, best = day_ahead(*auction, selection="greedy"), day_ahead(*auction)
    assert found.welfare <= best.welfare + 1e-6
    assert found.welfare >= best_of(*auction, [(0, 0)] * len(auction[1])) - 1e-6
    assert found.program.balance @ found.trades == pytest.approx(0, abs=1e-6)


@given(order_books(5))
def test_one_hour_without_blocks_is_the_uniform_price(book):
    found, c = day_ahead([book]), uniform_price(book)
    assert found.welfare == pytest.approx(c.welfare, abs=1e-6) and found.uplift == pytest.approx(0, abs=1e-5)
    if found.quantity[0] > 1e-9 and c.quantity:
        low, high = c.price_interval
        assert low - 1e-6 <= found.price[0] <= high + 1e-6


def test_three_rules_on_the_example():
    marginal, hull, europe = (day_ahead([EXAMPLE], [PLANT], rule) for rule in ("marginal", "convex_hull", "european"))
    assert (marginal.welfare, marginal.price[0], marginal.make_whole[0]) == pytest.approx((220, 10, 80))
    assert (hull.welfare, hull.price[0], hull.make_whole[0], hull.uplift) == pytest.approx((220, 20, 0, 30))
    assert (europe.welfare, europe.price[0], europe.lost_opportunity[0]) == pytest.approx((150, 40, 160))
    assert hull.relaxed_welfare == 250 and "loses 80 ct" in marginal.explain()
    assert "rejected, gains nothing, and could gain 160 ct" in europe.explain()


windows = st.builds(
    lambda price, energy, first, length, power: WindowOrder("", "buy", price, energy, first, min(first + length, 3), power),
    st.integers(1, 40), st.integers(1, 9), st.integers(0, 3), st.integers(0, 3), st.sampled_from([1, 2, 5, np.inf]),
)  # fmt: skip


def named(given):
    return [WindowOrder(f"w{i}", w.side, w.price, w.energy, w.first, w.last, w.power) for i, w in enumerate(given)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=4, max_size=4), st.lists(windows, max_size=6))
def test_merit_order_with_windows_is_the_linear_programme(capacity, given_windows):
    orders = named(given_windows)
    served = serve_by_merit(capacity, orders)
    assert (served.quantity.sum(axis=0) <= np.array(capacity) + 1e-9).all() and (served.quantity >= 0).all()
    for window, quantity in zip(orders, served.quantity):
        inside = slice(window.first, window.last + 1)
        assert quantity[inside].sum() == quantity.sum() <= window.energy + 1e-9 and quantity.max() <= window.power
    books = [OrderBook.of(asks=[(0, kwh)] if kwh else []) for kwh in capacity]
    assert served.welfare == pytest.approx(day_ahead(books, orders).welfare, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.lists(order_books(3), min_size=4, max_size=4), st.lists(windows, max_size=3))
def test_a_windows_price_is_supported_and_no_hour_is_overfilled(books, given_windows):
    orders = named(given_windows)
    found = day_ahead(books, orders)
    assert found.uplift == pytest.approx(0, abs=1e-5)
    for window, quantity in zip(orders, found.window_quantity):
        assert quantity.sum() <= window.energy + 1e-7 and quantity.max() <= window.power + 1e-7


def test_price_of_an_hour_is_what_one_more_kwh_in_it_is_worth():
    """Perturbation: the optimum rises and falls by the hour's price for a kWh given or taken."""
    books = [OrderBook.of([(12, 3), (9, 3)], [(4, 4)]), OrderBook.of([(30, 2)], [(20, 5)])]
    car = WindowOrder("car", "buy", 25, 6, 0, 1, power=4)
    found = day_ahead(books, [car])
    for hour in (0, 1):
        step, changed = 1e-3, []
        for side in ("asks", "bids"):  # an ask at 0 gives energy; a bid far above all prices takes it
            extra = [(0, step)] if side == "asks" else [(1000, step)]
            more = list(books)
            frame = books[hour]
            rows = {
                "bids": list(zip(frame.bids.price, frame.bids.quantity)),
                "asks": list(zip(frame.asks.price, frame.asks.quantity)),
            }
            rows[side] += extra
            more[hour] = OrderBook.of(**rows)
            changed.append((day_ahead(more, [car]).welfare - found.welfare - (1000 * step if side == "bids" else 0)) / step)
        assert changed[0] - 1e-6 <= found.price[hour] <= -changed[1] + 1e-6


def test_bad_orders_are_named():
    with pytest.raises(InvalidOrder, match="row 1: the name 'plant' is taken by row 0"):
        day_ahead([EXAMPLE], [PLANT, PLANT])
    with pytest.raises(InvalidOrder, match="row 0: block 'b' runs from hour 1 to hour 2, and the auction from 0 to 1"):
        day_ahead([EXAMPLE] * 2, [BlockOrder("b", "sell", 1, (1, 1), first=1)])
    with pytest.raises(InvalidOrder, match="row 0: 'car' must be a BlockOrder, a WindowOrder, a BatteryOrder or"):
        day_ahead([EXAMPLE], ["car"])
    for wrong, words in (
        ({"side": "up"}, "side 'up' is not one of buy, sell"), ({"price": float("nan")}, "price nan must be"),
        ({"quantity": (1, 0)}, "quantity"), ({"quantity": "1"}, "quantity"),
        ({"first": -1}, "first hour -1"), ({"first": 0.5}, "first hour 0.5"),
        ({"minimum": 0}, "minimum 0 must be"), ({"minimum": 1.5}, "minimum 1.5"),
    ):  # fmt: skip
        with pytest.raises(InvalidOrder, match=words):
            BlockOrder(**({"name": "b", "side": "buy", "price": 1, "quantity": 1} | wrong))
    for wrong, words in (
        ({"last": 1}, "last hour 1 is before first hour 2"),
        ({"last": 2.5}, "last hour 2.5"),
        ({"energy": 0}, "energy 0"),
        ({"energy": "x"}, "energy 'x'"),
        ({"power": -1}, "power -1"),
    ):
        with pytest.raises(InvalidOrder, match=words):
            WindowOrder(**({"name": "w", "side": "buy", "price": 1, "energy": 1, "first": 2, "last": 3} | wrong))
    with pytest.raises(InvalidInput, match="at least one hour"):
        day_ahead([])
    with pytest.raises(InvalidInput, match="pricing 'uplift' is not one of marginal, convex_hull, european"):
        day_ahead([EXAMPLE], pricing="uplift")
    with pytest.raises(InvalidInput, match="selection '.*' is not one of optimal, greedy"):
        day_ahead([EXAMPLE], selection="best")
    with pytest.raises(InvalidInput, match="European rule needs the optimal selection"):
        day_ahead([EXAMPLE], pricing="european", selection="greedy")
    with pytest.raises(InvalidInput, match="hour 1: capacity -1.0 must not be negative"):
        serve_by_merit([1, -1], [])
    with pytest.raises(InvalidOrder, match="row 0: 'plant' must be a WindowOrder that buys"):
        serve_by_merit([1], [PLANT])


@pytest.mark.parametrize("pricing", ["marginal", "convex_hull", "european"])
def test_markets_without_trade_are_well_formed(pricing):
    for books in ([OrderBook.of()], [OrderBook.of([(5, 1)])] * 2, [OrderBook.of([(4, 1)], [(6, 1)])]):
        found = day_ahead(books, pricing=pricing)
        assert (found.welfare, found.uplift, found.quantity.sum()) == (0, 0, 0) and np.isfinite(found.price).all()
        assert "Welfare 0" in found.explain() and not found.to_frame()["accepted"].any()
        assert len(found.to_frame()) == sum(len(book.bids) + len(book.asks) for book in books)
