"""The continuous exchange against a book that looks at every order each time, and against its own written rules."""

import itertools
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput, InvalidOrder
from tefoundations.market import Exchange, OrderBook, batched, continuous, match_events, trades, uniform_price
from tefoundations.market.crossing import best_welfare
from tests.market.books import order_books

SIX = OrderBook.of(bids=[(12, 1), (8, 1), (10, 1)], asks=[(9, 1), (5, 1), (7, 1)])
BY_HAND = [3, 0, 4, 1, 2, 5]  # ask 9, bid 12, ask 5, bid 8, bid 10, ask 7
ARRIVALS = [list(order) for order in itertools.permutations(range(6))]


class PlainBook:
    """Brute force: of all orders that wait, the best is looked for anew for each trade."""

    def __init__(self, own="cancel"):
        self.waits, self.count, self.own = [], 0, own  # [number, agent, side, price, left]

    def submit(self, agent, side, price, quantity, keep=True, all_or_none=False):
        number, self.count = self.count, self.count + 1
        meets = (lambda other: other <= price) if side == "buy" else (lambda other: other >= price)
        if price is None:
            meets = lambda other: True  # noqa: E731
        others = [order for order in self.waits if order[2] != side and meets(order[3])]
        others.sort(key=lambda order: (order[3] if side == "buy" else -order[3], order[0]))
        own = [order for order in others if agent is not None and order[1] == agent and self.own == "cancel"]
        if all_or_none and sum(order[4] for order in others if order not in own) < quantity:
            return []
        fills = []
        for order in others:
            if not quantity:
                break
            if order in own:
                order[4] = 0
                continue
            amount = min(quantity, order[4])
            fills.append((order[0], number, order[3], amount))
            order[4] -= amount
            quantity -= amount
        self.waits = [order for order in self.waits if order[4]]
        if quantity and keep:
            self.waits.append([number, agent, side, price, quantity])
        return fills

    def cancel(self, number):
        found = [order for order in self.waits if order[0] == number]
        if not found:
            raise KeyError(number)
        self.waits.remove(found[0])
        return found[0][4]


def stream(rng, length):
    """Random events: an order, or the number of an order to cancel, be it known or not."""
    for _ in range(length):
        if rng.random() < 0.3:
            yield int(rng.integers(0, length))
        else:
            agent = [None, "a", "b", "c"][rng.integers(4)]
            price, keep, whole = int(rng.integers(-3, 8)), bool(rng.random() < 0.8), bool(rng.random() < 0.3)
            side = "buy" if rng.random() < 0.5 else "sell"
            if not keep and rng.random() < 0.3:
                price = None
            yield (agent, side, price, int(rng.integers(1, 9)), keep), {"all_or_none": whole and not keep}


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_a_thousand_random_streams_are_matched_as_by_brute_force(start):
    for seed in range(start, start + 100):
        rng = np.random.default_rng(seed)
        own = ("cancel", "allow")[seed % 2]
        exchange, plain = Exchange(self_trade=own), PlainBook(own)
        for event in stream(rng, 60):
            if isinstance(event, int):
                try:
                    expected = plain.cancel(event)
                except KeyError:
                    with pytest.raises(InvalidOrder, match=f"order {event} (is not known|waits no longer)"):
                        exchange.cancel(event)
                else:
                    assert exchange.cancel(event) == expected
            else:
                args, more = event
                assert list(exchange.submit(*args, **more)) == plain.submit(*args, **more)
            for side, best in (("buy", max), ("sell", min)):
                prices = [order[3] for order in plain.waits if order[2] == side]
                assert exchange.best(side) == (best(prices) if prices else None)
        depth = Counter()
        for _, _, side, price, left in plain.waits:
            depth[side, price] += left
        shown = {(row.side, row.price): row.quantity for row in exchange.depth().itertuples()}
        assert shown == dict(depth)


@pytest.mark.parametrize("start", range(0, 1000, 250))
def test_a_thousand_random_streams_in_one_loop_are_those_of_the_class_and_of_brute_force(start):
    for seed in range(start, start + 250):
        rng = np.random.default_rng(seed)
        length = 50
        buys, price, quantity = rng.integers(0, 2, length), rng.integers(-3, 8, length), rng.integers(1, 9, length)
        cancels = np.full(length, -1)
        for event in range(1, length):
            named = int(rng.integers(event))
            if rng.random() < 0.35 and cancels[named] < 0:
                cancels[event] = named
        fills, left = match_events(buys, price, quantity, cancels)
        exchange, plain, position, number = Exchange(), PlainBook(), [], {}
        for event in range(length):
            if cancels[event] >= 0:
                try:
                    plain.cancel(number[int(cancels[event])])
                except KeyError:
                    continue
                exchange.cancel(number[int(cancels[event])])
                continue
            side = "buy" if buys[event] else "sell"
            plain.submit(None, side, int(price[event]), int(quantity[event]))
            exchange.submit(None, side, int(price[event]), int(quantity[event]))
            number[event] = exchange.newest
            position.append(event)
        found = [(position[a], position[b], p, q) for a, b, p, q in exchange.fills]
        assert found == fills
        waits = {position[order[0]]: order[4] for order in plain.waits}
        assert left == [waits.get(event, 0) for event in range(length)]


def test_six_orders_by_hand():
    c = continuous(SIX, BY_HAND)
    assert (c.quantity, c.welfare) == (3, 9) and c.trade_paid.tolist() == [9, 5, 10]
    assert c.bid_price.tolist() == [9, 5, 10] and c.ask_price.tolist() == [9, 5, 10] and np.isnan(c.price)
    assert c.budget == 0 and np.isnan(c.price_interval).all() and "buyer 1 takes 1 from seller 1, at 9." in c.explain()
    assert [(t.buyer, t.seller, t.buyer_price) for t in trades(c)] == list(
        zip(c.trade_frame()["buyer"], c.trade_frame()["seller"], [9, 5, 10])
    )


def test_all_arrival_orders_of_the_six():
    found = [continuous(SIX, order) for order in ARRIVALS]
    assert Counter((c.quantity, c.welfare) for c in found) == {(3, 9): 592, (2, 10): 128}
    assert Fraction(sum(int(c.welfare) for c in found), 720) == Fraction(413, 45)
    prices = np.concatenate([c.trade_paid for c in found])
    assert prices.mean() == pytest.approx(8.5, abs=1e-9) and prices.std() == pytest.approx(2.197, abs=5e-4)
    assert np.mean((prices < 8) | (prices > 9)) == pytest.approx(0.65, abs=0.005)


@pytest.mark.parametrize("size, mean", [(1, 9.178), (2, 9.467), (3, 9.7), (4, 9.6), (5, 9.333), (6, 10)])
def test_larger_batches_are_not_always_better(size, mean):
    assert np.mean([batched(SIX, size, order).welfare for order in ARRIVALS]) == pytest.approx(mean, abs=5e-4)


@given(order_books(), st.integers(0, 99))
def test_batches_lie_between_continuous_trade_and_the_call(book, seed):
    order = np.random.default_rng(seed).permutation(len(book.bids) + len(book.asks))
    call, own = uniform_price(book), continuous(book, order)
    whole, single = batched(book, max(len(order), 1), order), batched(book, 1, order)
    assert whole.welfare == pytest.approx(call.welfare, abs=1e-9)
    assert whole.price == pytest.approx(call.price, nan_ok=True)
    assert single.bid_quantity == pytest.approx(own.bid_quantity, abs=1e-9)
    assert single.ask_quantity == pytest.approx(own.ask_quantity, abs=1e-9)
    for c in (own, whole, single, batched(book, 3, order)):
        assert c.welfare <= best_welfare(book) + 1e-7 and c.budget == pytest.approx(0, abs=1e-7)
        assert (c.to_frame()["gain"] >= -1e-9).all()
        for traded, side in ((c.bid_quantity, book.bids), (c.ask_quantity, book.asks)):
            assert (traded <= side.quantity).all()
        assert c.flows.sum(axis=1) == pytest.approx(c.bid_quantity, abs=1e-9)
        assert sum(t.quantity for t in trades(c)) == pytest.approx(c.quantity, abs=1e-9)


@given(order_books(), st.integers(0, 99))
def test_a_book_is_traded_as_its_own_exchange_trades_it(book, seed):
    """Tenths of a kWh as whole numbers, and prices in half cents, are exact: floats must come to the same."""
    split, order = len(book.bids), np.random.default_rng(seed).permutation(len(book.bids) + len(book.asks))
    exchange, plain, bought = Exchange(), PlainBook(), np.zeros(split)
    for position in order.tolist():
        side, row = (book.bids, position) if position < split else (book.asks, position - split)
        args = None, side.side, round(2 * side.price[row]), round(10 * side.quantity[row])
        fills = exchange.submit(*args)
        assert list(fills) == plain.submit(*args)
        for fill in fills:
            buyer = position if position < split else order[fill.resting]
            bought[buyer] += fill.quantity / 10
    assert continuous(book, order).bid_quantity == pytest.approx(bought, abs=1e-9)


def test_the_usual_order_of_arrival():
    assert continuous(SIX).trade_frame()["buyer"].tolist()[0] == "buyer 1"
    timed = SIX.to_frame()
    timed["time"] = [1, 3, 4, 0, 2, 5]
    early = OrderBook.from_frame(timed)
    assert continuous(early).trade_paid.tolist() == [9, 5, 10]
    assert batched(early, 3).welfare == batched(SIX, 3, BY_HAND).welfare == 10


def test_nobody_trades_with_himself_unless_it_is_allowed():
    for rule, fills in (("cancel", ()), ("allow", ((0, 1, 5, 2),))):
        exchange = Exchange(self_trade=rule)
        exchange.submit("home1", "sell", 5, 2)
        assert exchange.submit("home1", "buy", 6, 2) == fills
        assert exchange.best("sell") is None and exchange.best("buy") == (6 if rule == "cancel" else None)


def test_an_order_without_limit_and_all_or_none():
    exchange = Exchange()
    for price in (0, -4, 3):
        exchange.submit("roof", "sell", price, 2)
    assert exchange.submit("home1", "buy", 0, 5, keep=False, all_or_none=True) == ()
    assert [fill.price for fill in exchange.submit("home1", "buy", 0, 4, keep=False, all_or_none=True)] == [-4, 0]
    assert [fill.quantity for fill in exchange.submit("home1", "buy", None, 9, keep=False)] == [2]
    assert exchange.best("buy") is None and exchange.newest == 5


@pytest.mark.parametrize(
    "order, told",
    [
        (("a", "hold", 5, 1), "row 0: side 'hold' is not one of buy, sell"),
        (("a", "buy", 5.5, 1), "row 0: price 5.5 must be a whole number"),
        (("a", "buy", 5, 0), "row 0: quantity 0 must be a whole number, at least 1"),
        (("a", "buy", 5, True), "row 0: quantity True must be a whole number, at least 1"),
        (("a", "buy", None, 1), "an order without a limit cannot wait"),
        (("a", "buy", 5, 1, "yes"), "keep 'yes' is not one of True, False"),
    ],
)
def test_orders_without_meaning_are_refused_and_change_nothing(order, told):
    exchange = Exchange()
    with pytest.raises(InvalidOrder, match=told):
        exchange.submit(*order)
    assert exchange.newest == -1 and not len(exchange.depth())


def test_what_cannot_be_cancelled():
    exchange = Exchange()
    exchange.submit("a", "buy", 5, 1)
    assert exchange.cancel(0) == 1
    with pytest.raises(InvalidOrder, match="order 0 waits no longer"):
        exchange.cancel(0)
    for order in (1, -1, "0", 0.0):
        with pytest.raises(InvalidOrder, match="is not known: the last that came is 0"):
            exchange.cancel(order)


@pytest.mark.parametrize("order", [[0, 1], [0, 1, 2, 3, 4, 4], [1, 2, 3, 4, 5, 6], [0.0] * 6])
def test_an_order_of_arrival_names_each_order_once(order):
    with pytest.raises(InvalidInput, match="order must"):
        continuous(SIX, order)
    with pytest.raises(InvalidInput, match="order must"):
        batched(SIX, 2, order)


@pytest.mark.parametrize("size", [0, 2.5, "2", True])
def test_a_batch_has_a_size(size):
    with pytest.raises(InvalidInput, match="size .* must be a whole number of orders, at least 1"):
        batched(SIX, size)


@pytest.mark.parametrize(
    "columns, told",
    [
        (([2], [5], [1]), "row 0: buys 2 must be 0 or 1"),
        (([1, 0], [5, 5], [1, 0]), "row 1: quantity 0 must be positive"),
        (([1], [5], [1, 2]), "quantity must be one for each of 1 event"),
        (([1, 1], [5, 5], [1, 1], [-1, 1]), "row 1: cancels 1 must be the position of an earlier event"),
        (([1, 1, 1], [5] * 3, [1] * 3, [-1, 0, 1]), "row 2: cancels 1 is the position of no order"),
        (([1], [5.5], [1]), "price must be whole numbers"),
    ],
)
def test_a_stream_without_meaning_is_refused(columns, told):
    with pytest.raises(InvalidInput, match=told):
        match_events(*columns)
