"""Linked and exclusive blocks against every selection tried in turn, with family surpluses where the package has duals."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tefoundations.errors import InvalidOrder
from tefoundations.market import BlockOrder, Exclusive, OrderBook, WindowOrder, day_ahead
from tests.market.books import order_books
from tests.market.test_day_ahead import EXAMPLE, best_of, orders_of, rents


@st.composite
def blocks(draw, hours, name, with_=None, minimum=1.0):
    first = draw(st.integers(0, hours - 1))
    length = draw(st.integers(1, hours - first))
    quantity = draw(st.lists(st.integers(1, 12), min_size=length, max_size=length))
    side, price = draw(st.sampled_from(["buy", "sell"])), draw(st.integers(0, 30))
    return BlockOrder(name, side, price, quantity, first, minimum, with_)


@st.composite
def auctions(draw, hours=2):
    """Two hours; a group of two or three, a block linked to one of them, and a chain of two links."""
    books = [draw(order_books(3)) for _ in range(hours)]
    orders = []
    if draw(st.booleans()):
        group = [draw(blocks(hours, f"g{i}")) for i in range(draw(st.integers(2, 3)))]
        orders += [Exclusive(*group), draw(blocks(hours, "on g1", "g1"))]
    chain = [draw(blocks(hours, "a")), draw(blocks(hours, "b", "a")), draw(blocks(hours, "c", draw(st.sampled_from("ab"))))]
    return books, orders + chain[: draw(st.integers(0 if orders else 2, 3))]


def flat(orders):
    return [block for order in orders for block in (order.blocks if isinstance(order, Exclusive) else (order,))]


def allowed(orders, taken):
    """Whether a selection, a set of names, keeps links and groups."""
    linked = all(block.with_ is None or block.with_ in taken for block in flat(orders) if block.name in taken)
    groups = [[block.name for block in order.blocks] for order in orders if isinstance(order, Exclusive)]
    return linked and all(len(taken.intersection(group)) <= 1 for group in groups)


def selections(orders):
    every = flat(orders)
    for some in itertools.product((0, 1), repeat=len(every)):
        taken = {block.name for block, t in zip(every, some) if t}
        if allowed(orders, taken):
            yield taken


def welfare_of(books, orders, taken):
    every = flat(orders)
    return best_of(books, every, [(block.name in taken,) * 2 for block in every])


def gain_of(block, price):
    at = np.dot(block.quantity, price[block.first : block.last + 1])
    return (block.price * block.energy - at) * (1 if block.side == "buy" else -1)


def below(orders, taken, name):
    """An accepted block and all accepted ones that need it."""
    mine = [block for block in flat(orders) if block.name in taken]
    found = [block for block in mine if block.name == name]
    for block in mine:
        if block.with_ == name:
            found += below(orders, taken, block.name)
    return found


def supported(books, orders, taken, welfare):
    """Whether some prices content every hourly order and let no block lose, the gains of those that need it counted."""
    hours, lines = len(books), [(h, *order) for h in range(len(books)) for order in orders_of(books, h)]
    accepted = [block for block in flat(orders) if block.name in taken]
    n = hours + len(lines)
    rows, bound, cost, constant = [], [], np.zeros(n), 0.0
    for i, (hour, sign, price, quantity) in enumerate(lines):
        row = np.zeros(n)
        row[hour], row[hours + i] = -sign, -1
        rows.append(row)
        bound.append(-sign * price)
        cost[hours + i] = quantity

    def linear_gain(some):
        row, value = np.zeros(n), 0.0
        for block in some:
            sign = 1 if block.side == "buy" else -1
            row[block.first : block.last + 1] -= sign * np.array(block.quantity)
            value += sign * block.price * block.energy
        return row, value

    for block in accepted:
        row, value = linear_gain(below(orders, taken, block.name))
        rows.append(-row)
        bound.append(value)
    row, constant = linear_gain(accepted)
    least = linprog(cost + row, A_ub=np.array(rows) if rows else None, b_ub=bound or None,
                    bounds=[(None, None)] * hours + [(0, None)] * len(lines))  # fmt: skip
    return least.status == 0 and least.fun + constant <= welfare + 1e-6


def best_choice(orders, price):
    """What owners of tied blocks could gain at the prices: every allowed selection tried."""
    gains = {block.name: gain_of(block, price) for block in flat(orders)}
    return max(sum(gains[name] for name in taken) for taken in selections(orders))


@settings(max_examples=60)
@given(auctions())
def test_the_best_selection_of_all_is_found(auction):
    books, orders = auction
    tried = [welfare_of(books, orders, taken) for taken in selections(orders)]
    found = day_ahead(books, orders)
    taken = {block.name for block, share in zip(found.blocks, found.acceptance) if share}
    assert [block.name for block in found.blocks] == [block.name for block in flat(orders)]
    assert allowed(orders, taken) and set(found.acceptance.tolist()) <= {0, 1}
    assert found.welfare == pytest.approx(max(w for w in tried if w is not None), abs=1e-6)
    assert found.program.balance @ found.trades == pytest.approx(0, abs=1e-6)
    assert found.uplift_of_divisible == pytest.approx(0, abs=1e-5)
    greedy = day_ahead(books, orders, selection="greedy")
    taken = {block.name for block, share in zip(greedy.blocks, greedy.acceptance) if share}
    assert allowed(orders, taken) and greedy.welfare <= found.welfare + 1e-6


@settings(max_examples=60)
@given(auctions())
def test_convex_hull_prices_leave_families_the_least_to_wish(auction):
    books, orders = auction
    found = day_ahead(books, orders, "convex_hull")
    assert found.uplift == pytest.approx(found.relaxed_welfare - found.welfare, abs=1e-5)
    own = rents(books, [], found.price) + best_choice(orders, found.price) - found.welfare
    assert found.uplift == pytest.approx(own, abs=1e-5) and found.lost_opportunity.min(initial=0) >= 0
    table = found.to_frame()
    assert table["gain"].sum() == pytest.approx(found.welfare, abs=1e-4)
    assert table["lost"].sum() == pytest.approx(found.uplift, abs=1e-4)


@settings(max_examples=60)
@given(auctions())
def test_under_the_european_rule_no_family_loses(auction):
    books, orders = auction
    found = day_ahead(books, orders, "european")
    best = -np.inf
    for taken in selections(orders):
        welfare = welfare_of(books, orders, taken)
        if welfare is not None and welfare > best and supported(books, orders, taken, welfare):
            best = welfare
    assert found.welfare == pytest.approx(best, abs=1e-5)
    taken = {block.name for block, share in zip(found.blocks, found.acceptance) if share}
    for name in taken:
        assert sum(gain_of(block, found.price) for block in below(orders, taken, name)) >= -1e-5
    assert found.make_whole.sum() == 0 and found.uplift_of_divisible == pytest.approx(0, abs=1e-5)


@settings(max_examples=60)
@given(auctions(), st.lists(st.floats(-5, 35), min_size=2, max_size=2))
def test_make_whole_money_is_what_families_lack(auction, other):
    """By hand, from the leaves up; and no prices that suit the hourly orders need less."""
    found = day_ahead(*auction)
    gain = dict(zip((block.name for block in found.blocks), found.block_gain))
    taken = {block.name for block, share in zip(found.blocks, found.acceptance) if share}

    def lacks(name):
        below_it = [lacks(block.name) for block in found.blocks if block.with_ == name and block.name in taken]
        net = gain[name] + sum(max(rest, 0) for _, rest in below_it)
        return max(-net, 0), net

    for block, whole in zip(found.blocks, found.make_whole):
        assert whole == pytest.approx(lacks(block.name)[0] if block.name in taken else 0, abs=1e-6)
    table = found.statement()
    assert (table["pays"] - table["receives"] - table["make_whole"]).sum() == pytest.approx(found.budget, abs=1e-6)


def test_a_block_that_loses_is_carried_by_the_one_that_needs_it():
    """A plant starts at a loss in hour 0, and earns in hour 1 what it cannot without."""
    books = [OrderBook.of([(30, 10)], [(12, 20)]), OrderBook.of([(60, 4)])]
    start, run = BlockOrder("start", "sell", 20, 4), BlockOrder("run", "sell", 25, 4, first=1, with_="start")
    for rule in ("marginal", "convex_hull", "european"):
        found = day_ahead(books, [run, start], rule)
        assert found.acceptance.tolist() == [1, 1] and found.make_whole.sum() == 0
        assert found.price[0] == 12 and found.block_gain[1] == -32 and found.block_gain[0] >= 32
        assert "start: accepted, loses 32 ct, which what is linked to it carries." in found.explain()
    alone = [BlockOrder("start", "sell", 20, 4), BlockOrder("run", "sell", 25, 4, first=1)]
    assert day_ahead(books, alone).acceptance.tolist() == [0, 1]
    no_gain = [OrderBook.of([(30, 10)], [(12, 20)]), OrderBook.of([(30, 4)])]  # 20 ct earned, 32 ct lost
    assert day_ahead(no_gain, [run, start]).acceptance.tolist() == [0, 0]


def test_a_linked_blocks_share_is_at_most_that_of_the_one_it_needs():
    books = [OrderBook.of([(30, 6)]), OrderBook.of([(30, 20)])]
    first = BlockOrder("first", "sell", 10, 10, minimum=0.5)
    second = BlockOrder("second", "sell", 10, 10, first=1, minimum=0.1, with_="first")
    found = day_ahead(books, [first, second])
    assert found.acceptance == pytest.approx([0.6, 0.6]) and found.welfare == pytest.approx(240)
    whole = BlockOrder("second", "sell", 10, 10, first=1, with_="first")  # all or nothing, and all is too much
    assert day_ahead(books, [first, whole]).acceptance == pytest.approx([0.6, 0])


def test_an_exclusive_group_runs_once_and_its_owner_tells_what_was_missed():
    books = [OrderBook.of([(40, 5)]), OrderBook.of([(50, 5)])]
    early, late = BlockOrder("early", "sell", 20, 5), BlockOrder("late", "sell", 20, 5, first=1)
    found = day_ahead(books, [Exclusive(early, late)])
    assert found.acceptance.tolist() == [0, 1] and found.welfare == 150
    assert day_ahead(books, [early, late]).welfare == 250
    parts = Exclusive(BlockOrder("e", "sell", 20, 10, 0, 0.4), BlockOrder("l", "sell", 20, 10, 1, 0.4))
    shared = day_ahead(books, [parts])  # half of each: shares sum to one
    assert shared.acceptance == pytest.approx([0.5, 0.5]) and shared.uplift == pytest.approx(
        max(10 * (shared.price - 20).max(), 0) - 10 * (shared.price - 20) @ [0.5, 0.5], abs=1e-6)  # fmt: skip
    told = day_ahead([OrderBook.of([(40, 10)], [(10, 5)])], [Exclusive(BlockOrder("p", "sell", 20, 8),
                     BlockOrder("q", "sell", 20, 9))], "european")  # fmt: skip
    assert "p, q: together gain 0 ct, and could gain 180 ct." in told.explain()


@pytest.mark.parametrize(
    ("orders", "words"),
    [
        (lambda: [BlockOrder("a", "buy", 1, 1, with_="b")], "row 0: block 'a' is linked to 'b', and there is no block"),
        (lambda: [WindowOrder("w", "buy", 1, 1, 0, 0), BlockOrder("a", "buy", 1, 1, with_="w")], "row 1: block 'a'"),
        (lambda: [BlockOrder("a", "buy", 1, 1, with_="a")], "row 0: block 'a' is linked to itself"),
        (lambda: [BlockOrder(n, "buy", 1, 1, with_=m) for n, m in ("ab", "bc", "ca")], "row 0: block 'a' is linked"),
        (lambda: [Exclusive(PAIR[0], PAIR[1]), Exclusive(PAIR[0], PAIR[2])], "'a' stands in two exclusive groups"),
        (lambda: [Exclusive(PAIR[0], PAIR[0])], "row 0: block 'a' stands twice in one exclusive group"),
        (lambda: [Exclusive(PAIR[0], PAIR[1]), PAIR[1]], "row 1: the name 'b' is taken by row 0"),
        (lambda: [Exclusive(PAIR[0])], "an exclusive group needs two blocks or more, and has 1"),
        (lambda: [Exclusive(PAIR[0], "b")], "made of BlockOrder, and 'b' is none"),
        (lambda: [Exclusive(PAIR[0], BlockOrder("d", "buy", 1, 1, with_="a"))], "block 'd' of an exclusive group cannot"),
        (lambda: [BlockOrder("a", "buy", 1, 1, with_=["b"])], "with_ .* must be the name of a block"),
    ],
)  # fmt: skip
def test_ties_without_meaning_are_refused_by_name(orders, words):
    with pytest.raises(InvalidOrder, match=words):
        day_ahead([EXAMPLE], orders())


PAIR = [BlockOrder(name, "buy", 1, 1) for name in "abc"]
