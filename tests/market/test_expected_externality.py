"""AGV: efficient, balanced, honest on average by going through all profiles; neither dominant nor voluntary."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, Prior, audit, expected_externality, interim_audit, trades, uniform_price, vcg
from tests.market.books import FEW, lp_optimum

WHOLE = list(range(1, 10))
TWO = Prior.of(bids=[(WHOLE, 1)], asks=[(WHOLE, 1)])
values = st.lists(st.integers(-3, 9), min_size=1, max_size=3, unique=True)
quantities = st.sampled_from([0.5, 1, 2])


@st.composite
def priors(draw, most=2):
    return Prior.of(*(draw(st.lists(st.tuples(values, quantities), min_size=1, max_size=most)) for _ in range(2)))


def profiles(prior):
    """(bid prices, ask prices, chance) of all traders."""
    traders = [list(zip(values, chances)) for _, values, chances in (*prior.bids, *prior.asks)]
    for profile in product(*traders):
        prices, chances = zip(*profile)
        yield prices[: len(prior.bids)], prices[len(prior.bids) :], float(np.prod(chances))


def book_of(prior, bids, asks):
    return OrderBook.of(*([(p, q) for p, (q, *_) in zip(prices, known)]
                          for prices, known in ((bids, prior.bids), (asks, prior.asks))))  # fmt: skip


def mean_gain(prior, side, place, truth, report, rule):
    """Gain of one trader who is `truth` and says `report`, on average over the others' profiles."""
    gain = weight = 0.0
    for bids, asks, chance in profiles(prior):
        mine = bids if side == "bids" else asks
        if mine[place] != truth:
            continue
        told = [*mine[:place], report, *mine[place + 1 :]]
        c = rule(book_of(prior, told if side == "bids" else bids, asks if side == "bids" else told))
        if side == "bids":
            gain += chance * (truth * c.bid_quantity[place] - c.bid_payment[place])
        else:
            gain += chance * (c.ask_receipt[place] - truth * c.ask_quantity[place])
        weight += chance
    return gain / weight


def agv(prior):
    return lambda book: expected_externality(book, prior)


@FEW
@given(priors())
def test_efficient_and_balanced_in_every_profile(prior):
    for bids, asks, _ in profiles(prior):
        book = book_of(prior, bids, asks)
        c = expected_externality(book, prior)
        assert c.welfare == pytest.approx(lp_optimum(book), abs=1e-9)
        assert c.budget == pytest.approx(0, abs=1e-12 * max(1, abs(c.bid_payment).max()))
        assert c.buyer_surplus + c.seller_surplus == pytest.approx(c.welfare, abs=1e-9)


@FEW
@given(priors())
def test_honest_on_average(prior):
    """Every trader, every type; every report of its own range, and some beyond."""
    for side, known in (("bids", prior.bids), ("asks", prior.asks)):
        for place, (_, own, _) in enumerate(known):
            for truth in own:
                honest = mean_gain(prior, side, place, truth, truth, agv(prior))
                for report in {*own, truth - 0.5, truth + 0.5, -9, 99}:
                    assert mean_gain(prior, side, place, truth, report, agv(prior)) <= honest + 1e-9


@FEW
@given(priors())
def test_pays_on_average_what_vcg_pays_but_for_a_constant(prior):
    """Another route to the same payments, and why: two efficient rules, both honest on average, differ by a constant."""
    for side, known in (("bids", prior.bids), ("asks", prior.asks)):
        for place, (_, own, _) in enumerate(known):
            of_each = [[mean_gain(prior, side, place, truth, truth, rule) for truth in own] for rule in (vcg, agv(prior))]
            apart = np.subtract(*of_each)
            assert np.ptp(apart) <= 1e-9


def test_two_people_by_hand():
    """Written again for one buyer and one seller: each is paid what the other gains on average."""
    for v, c in product(WHOLE, WHOLE):
        seller_gains = -sum(cost for cost in WHOLE if v >= cost) / 9
        buyer_gains = sum(value for value in WHOLE if value >= c) / 9
        found = expected_externality(OrderBook.of([(v, 1)], [(c, 1)]), TWO)
        assert found.bid_payment[0] == pytest.approx(buyer_gains - seller_gains, abs=1e-12)
        assert found.budget == 0 and found.quantity == (v >= c)


def test_not_a_dominant_strategy():
    found = audit(agv(TWO), OrderBook.of([(9, 1)], [(1, 1)]))
    assert found.budget == 0 and found.efficiency == 1 and found.regret > 1


def test_not_voluntary():
    """A buyer at 1 and a seller at 9 do not trade: 10/9 ct change hands all the same; and on average the buyer loses too."""
    c = expected_externality(OrderBook.of([(1, 1)], [(9, 1)]), TWO)
    assert c.quantity == 0 and c.bid_payment[0] == pytest.approx(1 / 9 + 1) and c.buyer_surplus == pytest.approx(-10 / 9)
    assert mean_gain(TWO, "bids", 0, 1, 1, agv(TWO)) < -3
    assert audit(agv(TWO), c.book).min_utility == pytest.approx(-10 / 9)
    assert mean_gain(TWO, "bids", 0, 1, 1, uniform_price) == 0


def test_the_sampled_audit_finds_it_honest_too():
    def draw(rng):
        return OrderBook.of([(rng.integers(1, 10), 1)], [(rng.integers(1, 10), 1)])

    found = interim_audit(agv(TWO), draw, [2, 5, 9], range(11), profiles=400, rng=0)
    assert (found.regret <= 3 * found.error + 1e-12).all()


def test_a_wrong_prior_tempts():
    """The others are what they are, the rule believes something else: a lie pays on average."""
    wrong = Prior.of(bids=[(WHOLE, 1)], asks=[([8, 9], 1)])
    truth = mean_gain(TWO, "bids", 0, 5, 5, agv(wrong))
    assert max(mean_gain(TWO, "bids", 0, 5, report, agv(wrong)) for report in range(11)) > truth + 0.5


@pytest.mark.parametrize("sides", [([], []), ([(5, 1)], []), ([], [(5, 1)])])
def test_nobody_to_trade_with(sides):
    prior = Prior.of(*([([5, 6], 1)] * len(side) for side in sides))
    c = expected_externality(OrderBook.of(*sides), prior)
    assert c.quantity == 0 and c.budget == 0 and not c.bid_payment.any() and not c.ask_receipt.any()


def test_quantities_scale():
    for scale in (1e-9, 1e9):
        small, large = (
            expected_externality(OrderBook.of([(8, q), (6, q)], [(3, 2 * q)]),
                                 Prior.of([([8, 5], q), ([6, 7], q)], [([3, 6], 2 * q)])) for q in (1, scale)
        )  # fmt: skip
        assert large.bid_payment / scale == pytest.approx(small.bid_payment, rel=1e-9)
        assert large.ask_receipt / scale == pytest.approx(small.ask_receipt, rel=1e-9)


def test_times_break_ties_in_the_average_too():
    """The later of two equal bids does not trade: what it adds to the others is the trade of the other."""
    import pandas as pd

    frame = pd.DataFrame({"side": ["buy", "buy", "sell"], "price": [8, 8, 3], "quantity": 1, "time": [2, 1, 0]})
    prior = Prior.of([([8], 1), ([8], 1)], [([3], 1)])
    c = expected_externality(OrderBook.from_frame(frame), prior)
    assert c.bid_quantity.tolist() == [0, 1] and c.bid_externality.tolist() == [5, -3] and c.ask_externality.tolist() == [8]


@pytest.mark.parametrize(
    ("book", "prior", "words"),
    [
        (OrderBook.of([(9, 1), (8, 1)], [(3, 1)]), TWO, "prior knows 1 bids, and the book has 2"),
        (OrderBook.of([(9, 2)], [(3, 1)]), TWO, "bids, row 0: quantity 2, and the prior says 1"),
        (OrderBook.of([("a", 9, 1), ("a", 8, 1)], [(3, 1)]), TWO, "'a' has 2 bids"),
        (OrderBook.of([("a", 9, 1)], [("a", 3, 1)]), TWO, "'a' has bids and asks"),
        (OrderBook.of([(9, 1)], [(3, 1)]), {"bids": []}, "prior must be a Prior, not a dict: Prior.of makes one"),
        ([(9, 1)], TWO, "book must be an OrderBook"),
        (OrderBook.of([(9, 1)] * 5, [(3, 1)]), Prior.of([(WHOLE, 1)] * 5, [(WHOLE, 1)]), "profiles to go through, at most"),
    ],
)
def test_books_and_priors_that_do_not_fit(book, prior, words):
    with pytest.raises(InvalidInput, match=words):
        expected_externality(book, prior)


@pytest.mark.parametrize(
    ("bids", "words"),
    [
        ([([], 1)], "bids, row 0: there are no values"),
        ([([1], 1), (5, 1)], "bids, row 1: values must be a sequence"),
        ([([1, float("nan")], 1)], "value 1: bids, row 0: values nan must be a finite number"),
        ([({1: 0.5, 2: 0.4}, 1)], "chances add up to 0.9, not 1"),
        ([({1: 1.5, 2: -0.5}, 1)], "chances -0.5 must not be negative"),
        ([([1], 0)], "bids, row 0: quantity 0 must be a positive number of kWh"),
        ([5], r"bids, row 0: 5 must be \(values, quantity\)"),
        (5, "bids must be a sequence"),
    ],
)
def test_priors_that_are_none(bids, words):
    with pytest.raises(InvalidInput, match=words):
        Prior.of(bids)


def test_words_and_tables():
    prior = Prior.of([([8, 5], 1)] * 4, [([3, 6], 1)] * 4)
    c = expected_externality(OrderBook.of([(8, 1)] * 4, [(3, 1)] * 4), prior)
    assert c.explain().splitlines()[-1] == "... and 2 more." and "seller 2 adds" in c.explain()
    assert c.to_frame()["gain"].sum() == pytest.approx(c.welfare)
    assert repr(c).startswith("Clearing(expected externality: 4")


def test_its_money_is_no_price_of_trades():
    """bob trades nothing and receives 1 ct: pairs of a buyer and a seller cannot tell that."""
    prior = Prior.of(bids=[([4, 8], 1), ([4, 8], 1)], asks=[([2, 6], 1)])
    clearing = expected_externality(OrderBook.of(bids=[("ann", 8, 1), ("bob", 4, 1)], asks=[("cem", 2, 1)]), prior)
    assert clearing.statement().query("agent == 'bob'")["pays"].tolist() == [-1]
    with pytest.raises(InvalidInput, match="people who do not trade"):
        trades(clearing)
