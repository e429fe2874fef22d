"""Trade between peers: against enumeration, the call auction, the dual programme and messages alone."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, kron, vstack

from tefoundations.errors import InvalidInput, NoConvergence
from tefoundations.market import OrderBook, bilateral, by_messages, trades, uniform_price
from tefoundations.market.peers.negotiation import within
from tests.market.books import order_books

STREET = OrderBook.of(bids=[("A", 12, 1), ("B", 10, 1), ("C", 8, 1)], asks=[("five", 5, 1), ("seven", 7, 1), ("nine", 9, 1)])
CROSSING = [[3, 0, 3], [0, 3, 0], [3, 0, 3]]  # A and C live with seven, B with five and nine


def transport(book, fee, liking):
    """The same trades and prices by scipy's solver: the primal, and two programmes over the face of optimal duals."""
    n, m = len(book.bids), len(book.asks)
    gain = book.bids.price[:, None] + liking - book.asks.price - fee
    rows = csr_array(vstack([kron(eye_array(n), np.ones((1, m))), kron(np.ones((1, n)), eye_array(m))]))
    limits = np.concatenate([book.bids.quantity, book.asks.quantity])
    best = -linprog(-gain.ravel(), A_ub=rows, b_ub=limits).fun
    ends = []
    for sign in (1, -1):
        found = linprog(
            np.concatenate([np.zeros(n), sign * np.ones(m)]), A_ub=vstack([-csr_array(rows.T), limits[None, :]]),
            b_ub=np.append(-gain.ravel(), best),
        )  # fmt: skip
        ends.append(book.asks.price + found.x[n:])
    return best, *ends


def test_the_street_by_hand():
    by_price = uniform_price(STREET)
    paired = [(0, 0), (1, 1)]  # the best with the best: A and five, B and seven
    assert by_price.welfare == 10 and by_price.welfare - sum(CROSSING[i][j] for i, j in paired) == 4
    c = bilateral(STREET, CROSSING)
    assert c.net == pytest.approx(10, abs=1e-9) and c.budget == 0
    assert [(t.buyer, t.seller) for t in trades(c)] == [("A", "seven"), ("B", "five")]
    assert c.seller_low[:2] == pytest.approx([5, 8], abs=1e-9) and c.seller_high[:2] == pytest.approx([9, 12], abs=1e-9)
    assert c.ask_price[:2] == pytest.approx([7, 10], abs=1e-9) and np.isnan(c.seller_low[2])
    assert c.seller_frame()["sold"].tolist() == [1, 1, 0] and "Net of fees and likings: 10." in c.explain()


def test_a_liking_is_worth_its_price():
    liking = np.zeros((3, 3))
    liking[1, 0] = 4
    c = bilateral(STREET, preference=liking)
    assert c.net == pytest.approx(14, abs=1e-9) and c.welfare == pytest.approx(10, abs=1e-9)
    assert (c.seller_low[0], c.seller_high[0]) == pytest.approx((8, 13), abs=1e-9)


@given(order_books(5), st.integers(0, 1000))
@settings(max_examples=100)
def test_trades_and_prices_are_those_of_three_programmes(book, seed):
    if not (len(book.bids) and len(book.asks)):
        return
    rng, shape = np.random.default_rng(seed), (len(book.bids), len(book.asks))
    fee, liking = rng.integers(0, 8, shape) / 2, rng.integers(-3, 4, shape).astype(float)
    c = bilateral(book, fee, liking)
    best, low, high = transport(book, fee, liking)
    assert c.net == pytest.approx(best, abs=1e-7)
    sells = c.ask_quantity > 0
    # The solver may be off by 1e-7 ct on the face; on the smallest order, 0.1 kWh, that is 1e-6 ct/kWh.
    assert c.seller_low[sells] == pytest.approx(low[sells], abs=1e-5)
    assert c.seller_high[sells] == pytest.approx(high[sells], abs=1e-5)
    assert c.budget == pytest.approx((c.flows * fee).sum(), abs=1e-7)


@pytest.mark.parametrize("k", [0, 0.3, 1])
@pytest.mark.parametrize("seed", range(10))
def test_at_these_prices_nobody_would_rather_trade_otherwise(seed, k):
    rng = np.random.default_rng(seed)
    book = OrderBook.of(*(np.column_stack([rng.integers(0, 20, 6), rng.integers(1, 5, 6)]) for _ in range(2)))
    fee = rng.integers(0, 6, (6, 6))
    c = bilateral(book, fee, k=k)
    sells = c.ask_quantity > 0
    keeps = book.bids.price[:, None] - fee - c.ask_price  # of a kWh from each seller, to a buyer
    best = np.max(keeps[:, sells], axis=1, initial=-np.inf)
    for i, j, quantity, paid, received in zip(c.trade_bid, c.trade_ask, c.trade_quantity, c.trade_paid, c.trade_received):
        assert quantity > 0 and paid - received == pytest.approx(fee[i, j])
        assert keeps[i, j] == pytest.approx(best[i]) and keeps[i, j] >= -1e-9
        assert received >= book.asks.price[j] - 1e-9
    for i in np.flatnonzero(c.bid_quantity < book.bids.quantity - 1e-9):
        assert best[i] <= 1e-9  # who is left with something would not gain by it
    for j in np.flatnonzero(sells & (c.ask_quantity < book.asks.quantity - 1e-9)):
        assert c.ask_price[j] == pytest.approx(book.asks.price[j])


def test_one_kwh_each_is_the_best_of_all_pairings():
    for seed in range(30):
        rng = np.random.default_rng(seed)
        values, costs, fee = rng.integers(5, 20, 4), rng.integers(1, 15, 4), rng.integers(0, 8, (4, 4))
        gain = np.maximum(values[:, None] - costs - fee, 0)
        best = max(sum(gain[i, j] for i, j in enumerate(order)) for order in itertools.permutations(range(4)))
        book = OrderBook.of([(v, 1) for v in values], [(c, 1) for c in costs])
        assert bilateral(book, fee).net == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_without_fees_it_is_the_call_auction(start):
    for seed in range(start, start + 50):
        rng = np.random.default_rng(seed)
        book = OrderBook.of(
            *(np.column_stack([rng.uniform(5, 30, n), rng.uniform(0.1, 4, n)]) for n in rng.integers(1, 9, 2))
        )
        # The first by the programme, since a fee that a liking makes up for is still a fee.
        c, call, free = bilateral(book, fee=1, preference=1), uniform_price(book), bilateral(book)
        assert free.net == pytest.approx(c.net, abs=1e-7) and free.bid_quantity == pytest.approx(c.bid_quantity, abs=1e-7)
        assert free.seller_low == pytest.approx(c.seller_low, nan_ok=True)
        assert free.seller_high == pytest.approx(c.seller_high, nan_ok=True)
        assert free.welfare == pytest.approx(call.welfare, abs=1e-7) and free.budget == pytest.approx(0, abs=1e-9)
        if call.quantity:
            (low, high), sells = call.price_interval, c.ask_quantity > 0
            assert c.seller_low[sells] == pytest.approx(low) and c.seller_high[sells] == pytest.approx(high)
            assert free.price_interval == pytest.approx((low, high)) and free.price == pytest.approx(call.price)


@given(order_books(5))
@settings(max_examples=60)
def test_what_gains_nothing_trades_as_in_the_call(book):
    call, free, zero, made_up = (
        uniform_price(book), bilateral(book), bilateral(book, fee=0, preference=0), bilateral(book, fee=1, preference=1)
    )  # fmt: skip
    assert free.quantity == zero.quantity == pytest.approx(call.quantity) and free.flows.tolist() == zero.flows.tolist()
    assert made_up.quantity == pytest.approx(call.quantity, abs=1e-7)
    assert (made_up.bid_quantity <= book.bids.quantity * (1 + 1e-9)).all()
    assert (made_up.ask_quantity <= book.asks.quantity * (1 + 1e-9)).all()


def test_a_kwh_that_gains_nothing():
    even = OrderBook.of([(5, 1)], [(5, 1)])
    for c in (bilateral(even), bilateral(even, fee=0), bilateral(even, fee=1, preference=1), uniform_price(even)):
        assert (c.quantity, c.price if c.budget == 0 else 5) == (1, 5)
    way = bilateral(OrderBook.of([(6, 2)], [(5, 3)]), fee=1)  # and one whose gain the way takes
    assert (way.quantity, way.net, way.budget, way.ask_price[0]) == (2, 0, 2, 5)


@given(order_books(4), st.sampled_from([1e-9, 1e-6, 1e3, 1e9]), st.integers(0, 50))
@settings(max_examples=40)
def test_scaling_quantities_scales_trades_and_no_price(book, scale, seed):
    fee = np.random.default_rng(seed).integers(0, 6, (len(book.bids), len(book.asks)))
    bids, asks = (np.column_stack([side.price, side.quantity * scale]) for side in (book.bids, book.asks))
    one, other = bilateral(book, fee), bilateral(OrderBook.of(bids, asks), fee)
    assert other.net / scale == pytest.approx(one.net, abs=1e-7)
    if len(one.trade_bid):
        assert other.quantity > 0 or one.net == pytest.approx(0, abs=1e-9)


def test_a_fee_without_end_keeps_a_pair_apart():
    book = OrderBook.of(bids=[("home1", 12, 2), ("home2", 11, 1)], asks=[("home1", 5, 2)])
    c = bilateral(book, [[np.inf], [1]])
    assert c.flows.tolist() == [[0], [1]] and c.net == 5
    assert bilateral(book, np.inf).quantity == 0


def agreed(seed, n, m, rho):
    rng = np.random.default_rng(seed)
    book = OrderBook.of(*(np.column_stack([rng.uniform(5, 30, count), rng.uniform(0.5, 3, count)]) for count in (n, m)))
    fee = rng.uniform(0, 4, (n, m))
    return book, fee, by_messages(book, fee, rho=rho)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rho", [1.0, 10.0])
def test_messages_alone_find_the_same(seed, rho):
    book, fee, talks = agreed(seed, 5, 4, rho)
    best = bilateral(book, fee)
    assert talks.net == pytest.approx(best.net, rel=1e-4, abs=1e-4)
    assert talks.messages == 2 * 20 * talks.rounds and talks.imbalance < 1e-4
    # Prices of pairs that trade lie between the ends that the programme gives.
    for i, j in np.argwhere(talks.flows > 1e-3):
        assert best.seller_low[j] - 0.01 <= talks.price[i, j] <= best.seller_high[j] + 0.01


def test_talks_about_nothing_end():
    for bids, asks in (([(0, 1)], [(0, 1)]), ([(0, 2), (0, 1)], [(0, 1e-9)])):
        talks = by_messages(OrderBook.of(bids, asks))
        assert (talks.rounds, talks.net, talks.imbalance) == (1, 0, 0)
    assert by_messages(OrderBook.of([(0, 1)], [(0, 1)]), fee=2, preference=2).net == 0


def test_talks_that_are_cut_short_give_nothing():
    book, fee, _ = agreed(1, 5, 4, 1.0)
    with pytest.raises(NoConvergence, match="after 3 rounds a buyer and a seller still differ by"):
        by_messages(book, fee, rounds=3)


@given(st.lists(st.lists(st.floats(-5, 5), min_size=3, max_size=3), min_size=1, max_size=4), st.integers(1, 5))
def test_a_proposal_is_the_nearest_that_keeps_the_limit(points, limit):
    points, limit = np.array(points), np.full(len(points), float(limit))
    near = within(points, limit)
    assert (near >= 0).all() and (near.sum(axis=1) <= limit + 1e-9).all()
    rng = np.random.default_rng(0)
    for _ in range(50):  # no other point that keeps the limit is nearer
        other = rng.dirichlet(np.ones(4), len(points))[:, :3] * limit[:, None]
        assert (np.linalg.norm(points - near, axis=1) <= np.linalg.norm(points - other, axis=1) + 1e-9).all()


@pytest.mark.parametrize(
    "fee, told",
    [
        ([[1, 2]], "fee must be one number, or one for each of 3 bids and 3 asks"),
        ("dear", "fee 'dear' must be a number"),
        (np.full((3, 3), np.nan), r"pair \(0, 0\): fee nan must be a number"),
        (np.full((3, 3), -np.inf), r"pair \(0, 0\): fee -inf must not be minus infinity"),
        ([1, 2, 3], "fee must be one number for each pair"),
    ],
)
def test_fees_without_meaning_are_refused(fee, told):
    with pytest.raises(InvalidInput, match=told):
        bilateral(STREET, fee)


@pytest.mark.parametrize(
    "given, told",
    [
        ({"rho": 0}, "rho 0 must be a positive"),
        ({"rounds": 0}, "rounds 0 must be"),
        ({"tolerance": 0}, "tolerance 0 must be"),
        ({"fee": np.inf}, "fee inf must be"),
    ],
)
def test_talks_without_meaning_are_refused(given, told):
    with pytest.raises(InvalidInput, match=told):
        by_messages(STREET, **given)


def test_a_table_of_fees_stands_as_the_book():
    book = OrderBook.of(bids=[("Ada", 12, 1), ("Ben", 10, 1)], asks=[("Cem", 7, 1), ("Dia", 5, 1)])
    fee = pd.DataFrame([[0, 3], [3, 0]], ["Ada", "Ben"], ["Cem", "Dia"])
    for same in (fee, fee.to_numpy(), fee.set_axis([0, 1]), fee.set_axis(["east", "west"])):
        assert bilateral(book, same).net == bilateral(book, fee).net == 10
    for other, words in ((fee.loc[["Ben", "Ada"]], "fee: row 0 is 'Ben', and in the book stands 'Ada' there"),
                         (fee[["Dia", "Cem"]], "fee: column 0 is 'Dia', and in the book stands 'Cem' there")):  # fmt: skip
        for rule in (bilateral, by_messages):
            with pytest.raises(InvalidInput, match=words):
                rule(book, other)
