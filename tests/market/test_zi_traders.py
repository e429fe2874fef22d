import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, uniform_price, zero_intelligence
from tests.market.books import order_books

SLOPES = np.linspace(40, 140, 24)
MARKET = OrderBook.of(
    [(f"b{i % 6}", v, 1) for i, v in enumerate(SLOPES[::-1])], [(f"s{i % 6}", c, 1) for i, c in enumerate(SLOPES)]
)


@given(order_books(6), st.booleans(), st.integers(0, 99))
def test_a_session_respects_the_book(book, constrained, seed):
    session = zero_intelligence(book, constrained, rng=seed, quotes=300)
    for side, positions in ((book.bids, session.bid), (book.asks, session.ask)):
        traded = np.bincount(positions, weights=session.quantity, minlength=len(side))
        assert (traded <= side.quantity + 1e-9).all()
    if constrained:
        assert (book.bids.price[session.bid] >= session.price - 1e-9).all()
        assert (book.asks.price[session.ask] <= session.price + 1e-9).all()
    assert session.welfare <= uniform_price(book).welfare + 1e-7
    assert len(session.to_frame()) == len(session.price)


def test_the_same_seed_gives_the_same_session():
    one, two, other = (zero_intelligence(MARKET, rng=seed) for seed in (7, 7, 8))
    assert one.price.tolist() == two.price.tolist() != other.price.tolist()
    generator = np.random.default_rng(7)
    assert zero_intelligence(MARKET, rng=generator).price.tolist() == one.price.tolist()


def test_the_budget_constraint_makes_the_efficiency():
    """Gode and Sunder's finding, on a market like theirs: twelve traders with several units each."""
    runs = {
        constrained: [
            zero_intelligence(MARKET, constrained, rng=seed, price_range=(0, 200)).efficiency for seed in range(60)
        ]
        for constrained in (True, False)
    }
    assert np.mean(runs[True]) > 0.97
    assert np.mean(runs[False]) < 0.5


def session_by_the_rules(values, costs, low, high, seed):
    """The rules of Gode and Sunder, written again for one unit each: prices of all trades."""
    rng, prices, bid, ask = np.random.default_rng(seed), [], None, None
    values, costs = dict(enumerate(values)), dict(enumerate(costs))
    while values and costs and max(values.values()) > min(costs.values()):
        draw = int(rng.integers(len(values) + len(costs)))
        if draw < len(values):
            who = list(values)[draw]
            price = rng.uniform(low, values[who])
            if bid is None or price > bid[0]:
                bid = (price, who)
                trade = ask is not None and price >= ask[0] and ask[0]  # the ask was there first
        else:
            who = list(costs)[draw - len(values)]
            price = rng.uniform(costs[who], high)
            if ask is None or price < ask[0]:
                ask = (price, who)
                trade = bid is not None and price <= bid[0] and bid[0]
        if bid and ask and bid[0] >= ask[0]:
            prices.append(trade)
            del values[bid[1]], costs[ask[1]]
            bid = ask = None
    return prices


@pytest.mark.parametrize("seed", range(20))
def test_trades_happen_at_the_price_called_first(seed):
    values, costs = [120, 100, 90, 70, 60], [40, 55, 80, 95, 110]
    book = OrderBook.of([(v, 1) for v in values], [(c, 1) for c in costs])
    session = zero_intelligence(book, rng=seed, price_range=(0, 200))
    assert session.price.tolist() == session_by_the_rules(values, costs, 0, 200, seed)


def test_agents_work_through_their_orders_best_first():
    session = zero_intelligence(MARKET, rng=3, price_range=(0, 200))
    for agent in set(MARKET.bids.agent):
        values = [MARKET.bids.price[i] for i in session.bid if MARKET.bids.agent[i] == agent]
        assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("price_range", [(10, 5), (50, 200), (0, 100)])
def test_a_price_range_must_hold_the_book(price_range):
    with pytest.raises(InvalidInput, match="price_range"):
        zero_intelligence(MARKET, rng=0, price_range=price_range)


def test_a_session_can_be_cut_short():
    assert zero_intelligence(MARKET, rng=0, quotes=0).quotes == 0
    assert zero_intelligence(MARKET, rng=0, quotes=5).quotes == 5
    with pytest.raises(InvalidInput, match="quotes"):
        zero_intelligence(MARKET, rng=0, quotes=-1)


def test_an_efficiency_without_gains():
    book = OrderBook.of([(4, 1)], [(6, 1)])
    assert zero_intelligence(book, rng=0).efficiency == 1
    assert zero_intelligence(book, constrained=False, rng=0).efficiency == float("-inf")


@pytest.mark.parametrize("constrained", ["no", "False", "", 0, 1, None, []])
def test_whether_traders_are_constrained_is_true_or_false(constrained):
    with pytest.raises(InvalidInput, match="constrained .* is not one of True, False"):
        zero_intelligence(MARKET, constrained, rng=1)
    free = [zero_intelligence(MARKET, kind(False), rng=1).to_frame() for kind in (bool, np.bool_)]
    assert free[0].equals(free[1])
