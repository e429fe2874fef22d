"""False names: what the search tries, what it counts, and which rules they bend."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from tefoundations.market import (
    OrderBook,
    Prior,
    audit,
    audit_table,
    expected_externality,
    mcafee,
    pay_as_bid,
    posted_price,
    threshold_price,
    uniform_price,
    vcg,
)
from tefoundations.market.audits.false_names import Guise, gain, guises, under
from tefoundations.market.audits.misreports import players
from tests.market.books import FEW, curves, prices

SIX = OrderBook.of([(12, 1), (10, 1), (8, 1)], [(5, 1), (7, 1), (9, 1)])
REDUCED = OrderBook.of([(9, 1), (8, 1), (1, 1)], [(3, 1), (4, 1), (5, 1)])


def rows(orders):
    return list(zip(orders.price.tolist(), orders.quantity.tolist()))


@settings(max_examples=15)
@given(curves(3), prices)
def test_what_is_set_beforehand_is_not_bent(book, price):
    for rule in (threshold_price, posted_price):
        found = audit(lambda told, rule=rule: rule(told, price), book)
        assert found.false_names == 0 and found.alias == ""


def test_mcafee_is_bent_by_a_name_that_does_not_trade():
    """Buyers pay 8, for the third bid names too low a price; a false one of x >= 3 names (x + 5) / 2: 4 at least."""
    found = audit(mcafee, REDUCED)
    assert found.regret == 0 and found.false_names == pytest.approx(4, abs=1e-4) and found.false_names < 4
    assert found.alias == "buyer 1 adds a bid for 1 kWh at 3.00001 ct/kWh under a second name"
    best = 0.0
    for extra in np.arange(0, 12, 0.125):  # written again, over all second orders of a grid of its own
        for bids, asks in (([(extra, 1)], []), ([], [(extra, 1)])):
            c = mcafee(OrderBook.of([*rows(REDUCED.bids), *bids], [*rows(REDUCED.asks), *asks]))
            if not c.bid_quantity[3:].any() and not c.ask_quantity[3:].any() and c.bid_quantity[0]:
                best = max(best, 8 - c.bid_payment[0])
    assert best == 4


def test_vcg_is_robbed_by_two_names_as_in_the_chapter():
    """Shadows that bid and ask beyond all others pay and receive by VCG, and keep the difference."""
    low, high = 5 - 7e-6, 12 + 7e-6
    c = vcg(OrderBook.of([*rows(SIX.bids), (high, 1)], [*rows(SIX.asks), (low, 1)]))
    honest, shadows = vcg(SIX), c.ask_receipt[3] - c.bid_payment[3]
    by_hand = max(
        shadows + p * c.bid_quantity[i] - c.bid_payment[i] - (p * honest.bid_quantity[i] - honest.bid_payment[i])
        for i, p in enumerate(SIX.bids.price)
    )
    found = audit(vcg, SIX)
    assert (
        found.regret == 0 and found.false_names == pytest.approx(by_hand, abs=1e-9) and found.false_names == pytest.approx(1)
    )
    assert found.alias.endswith("under two more names") and found.alias.startswith("buyer 1 adds a bid for 1 kWh at 12")


def test_splitting_a_demand_saves_under_pay_as_bid_what_the_part_shades():
    found = audit(pay_as_bid, SIX)
    assert found.false_names == pytest.approx(3, abs=1e-4) and "gives 75% of its orders" in found.alias
    assert found.regret == pytest.approx(4, abs=1e-4)  # a lie for the whole gains more


@FEW
@given(curves(3))
def test_the_truth_under_two_names_is_the_truth_under_a_uniform_price(book):
    for player in players(book):
        for share in (0.25, 0.5, 0.75):
            found = gain(player, Guise(moved=share), uniform_price)
            assert found == pytest.approx(player.gain(uniform_price(book)), abs=1e-9)


@settings(max_examples=10)
@given(curves(3))
def test_the_best_on_the_grid_is_found_and_nothing_better(book):
    for rule in (uniform_price, vcg):
        honest = rule(book)
        most = max(
            (gain(player, guise, rule) - player.gain(honest) for player in players(book) for guise in guises(player)),
            default=0.0,
        )
        assert audit(rule, book).false_names == pytest.approx(max(most, 0.0), abs=1e-6)


def test_what_energy_is_worth_whoever_bought_it():
    [buyer, seller, both] = players(OrderBook.of([("b", 9, 2), ("d", 8, 1)], [("s", 3, 2), ("d", 4, 3)]))[:1] + [
        player for player in players(OrderBook.of([("b", 9, 2), ("d", 8, 1)], [("s", 3, 2), ("d", 4, 3)]))
        if player.name in "sd"
    ][::-1]  # fmt: skip
    assert (buyer.worth(2, 0), buyer.worth(3, 1), buyer.worth(3, 0)) == (18, 18, 18)  # resold, or of no use
    assert buyer.worth(1, 1) == 0 and buyer.worth(0, 1) == -np.inf and buyer.worth(1, 2) == -np.inf
    assert (seller.worth(0, 2), seller.worth(1, 2), seller.worth(1, 3), seller.worth(2, 0)) == (-6, -3, -6, 0)
    assert seller.worth(0, 3) == -np.inf
    assert (both.worth(1, 3), both.worth(2, 3), both.worth(2, 4)) == (8 - 12, 8 - 8, 8 - 12)


def test_a_name_cannot_sell_what_nobody_has():
    """At the midpoint a false ask would be sold short at a profit, were it never delivered."""
    book = OrderBook.of([("a", 9, 1), ("b", 3, 1)], [("x", 7, 1)])
    player = next(player for player in players(book) if player.name == "b")
    assert gain(player, Guise(ask=(1, 1)), uniform_price) == -np.inf


def test_times_places_and_names_of_the_false_orders():
    frame = pd.DataFrame(
        {"side": ["buy", "buy", "sell"], "price": [9, 9, 3], "quantity": [2, 2, 2], "agent": ["a", "b", "a"],
         "bus": ["n", "m", "n"], "time": [5, 1, 2]}
    )  # fmt: skip
    [a, _] = players(OrderBook.from_frame(frame))
    book, (bids, asks) = under(a, Guise(moved=0.5, price=6, ask=(1, 3)))
    assert book.bids.price.tolist() == [9, 9, 6] and book.bids.quantity.tolist() == [1, 2, 1]
    assert book.bids.time.tolist() == [5, 1, 5] and book.bids.bus.tolist() == ["n", "m", "n"]
    assert book.asks.price.tolist() == [3, 6, 1] and book.asks.time.tolist() == [2, 2, 2]
    assert book.asks.bus.tolist() == ["n"] * 3 and bids.tolist() == [True, False, True] and asks.all()
    assert book.bids.agents[0] == book.asks.agents[0] and len({*book.bids.agents, *book.asks.agents}) == 4


def test_made_up_names_stay_apart():
    """A seller who is called "buyer 1" is not the nameless first buyer."""
    book = OrderBook.of([(9, 1)], [("buyer 1", 3, 1)])
    [buyer, _] = players(book)
    told, _ = under(buyer, Guise(bid=(5, 1)))
    assert vcg(told).quantity == 1 and audit(vcg, book).false_names > 0


def test_who_is_known_by_name_has_one():
    prior = Prior.of([([8, 10, 12], 1)], [([5, 7], 1)])
    found = audit(lambda book: expected_externality(book, prior), OrderBook.of([(12, 1)], [(5, 1)]))
    assert found.false_names == 0 and found.regret > 0


def test_not_searched_is_said():
    found = audit(vcg, SIX, names=False)
    assert np.isnan(found.false_names) and "alse names" not in found.explain() and "not searched" in found._repr_html_()
    assert audit_table([vcg], SIX, names=False)["false_names"].isna().all()
    assert "False names gain 1" in audit(vcg, SIX).explain()
    none = audit(lambda book: threshold_price(book, 8.5), SIX)
    assert none.explain().endswith("No false names that were tried gain.")


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_any_unit_of_energy(scale):
    for rule, gained in ((vcg, 1), (mcafee, 0.5)):
        book = OrderBook.of(*([(p, q * scale) for p, q in rows(side)] for side in (SIX.bids, SIX.asks)))
        assert audit(rule, book).false_names / scale == pytest.approx(gained, abs=1e-4)
    price = audit(lambda book: threshold_price(book, 8.5), book)
    assert price.false_names == 0


@pytest.mark.parametrize("rule", [lambda b: posted_price(b, -5), lambda b: threshold_price(b, -5)])
def test_nobody_is_paid_for_taking_what_it_did_not_ask_for(rule):
    """Below zero all would take energy if it vanished: who asks for one kWh at -4 has no use for a second at -5."""
    for book in (
        OrderBook.of(bids=[("x", -4, 1)], asks=[("s", -9, 3)]),
        OrderBook.of(bids=[("x", -1, 1), ("y", -4, 2)], asks=[("a", -9, 1), ("b", -6, 1), ("c", -2, 1)]),
    ):
        found = audit(rule, book)
        assert (found.regret, found.false_names) == (0, 0), found.alias
