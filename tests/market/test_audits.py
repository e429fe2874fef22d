import numpy as np
import pytest
from hypothesis import given, settings

from tefoundations.errors import InvalidInput
from tefoundations.market import OrderBook, audit, audit_table, mcafee, pay_as_bid, second_price, uniform_price, vcg
from tefoundations.market.audits.misreports import players
from tests.market.books import single_units

EXAMPLE = OrderBook.of([(12, 1), (10, 1), (8, 1)], [(5, 1), (7, 1), (9, 1)])
ALL = [uniform_price, pay_as_bid, mcafee, vcg]


def test_four_mechanisms_on_the_example():
    table = audit_table(ALL, EXAMPLE).set_index("mechanism")
    assert table["efficiency"].tolist() == pytest.approx([1, 1, 1, 1])
    assert table["budget"].tolist() == pytest.approx([0, 10, 0, -2])
    assert table["min_utility"].tolist() == pytest.approx([0, 0, 0, 0], abs=1e-9)
    # The suprema are 0.5 and 4; a bid just above the bid at 8 comes near them.
    assert table["regret"].tolist() == pytest.approx([0.5, 4, 0, 0], abs=1e-4)
    assert table.loc["uniform price", "regret"] <= 0.5 and "8.0" in table.loc["uniform price", "misreport"]


@settings(max_examples=40)
@given(single_units(4))
def test_a_liar_moves_the_midpoint_by_half_the_interval_at_most(book):
    c = uniform_price(book)
    low, high = c.price_interval
    assert audit(uniform_price, book, names=False).regret <= ((high - low) / 2 if c.quantity else 0) + 1e-9
    assert audit(vcg, book, names=False).regret == 0


def test_a_quantity_held_back_is_found():
    """A seller of two units who sells one raises the price for it."""
    book = OrderBook.of([("a", 10, 1), ("b", 4, 1)], [("x", 1, 2)])
    found = audit(lambda b: uniform_price(b, k=1), book)
    assert found.regret > 0 and found.misreport.startswith("x asks")
    assert audit(vcg, book).regret == pytest.approx(0, abs=1e-9)


def test_the_supremum_is_the_closed_form_on_single_units():
    """A buyer who wins at k pays down to the low end without itself; under pay-as-bid it saves all above that."""
    for seed in range(30):
        rng = np.random.default_rng(seed)
        values, costs = np.sort(rng.choice(60, 6, replace=False))[::-1], np.sort(rng.choice(60, 6, replace=False))
        if len(set(values) | set(costs)) < 12 or not 1 <= (values > costs).sum() <= 5:
            continue
        count = int((values > costs).sum())  # K efficient pairs
        low, high = max(costs[count - 1], values[count]), min(values[count - 1], costs[count])
        book = OrderBook.of([(v, 1) for v in values], [(c, 1) for c in costs])
        # At the midpoint a winner moves its own end of the interval as far as the other end; the other stays.
        assert audit(uniform_price, book, names=False).supremum == pytest.approx((high - low) / 2, abs=1e-9)
        best = max(values[0] - low, high - costs[0])
        assert audit(pay_as_bid, book, names=False).supremum == pytest.approx(best, abs=1e-9)


def test_both_sides_of_an_agent_lie_together():
    """The owner of a roof and a car: with little load of its own and much to sell, its bid can lift the price it gets."""
    book = OrderBook.of([("a", 10, 1), ("b", 9, 3)], [("a", 1, 3), ("c", 9.5, 5)])
    [player] = [player for player in players(book) if player.name == "a"]
    assert len(player.bids) == len(player.asks) == 1
    lies = player.lies()
    assert any(bid is not None and bid == ask for bid, ask, _ in lies) and any(ask is None and bid for bid, ask, _ in lies)
    told = player.telling(9.2, 9.2, 0.5)
    assert told.bids.price.tolist() == [9.2, 9] and told.asks.quantity.tolist() == [1.5, 5]
    assert player.gain(uniform_price(book)) == pytest.approx(audit_gain(book))
    found = audit(uniform_price, book)
    assert found.regret >= max(
        0, *(player.gain(uniform_price(player.telling(*lie))) - player.gain(uniform_price(book)) for lie in lies)
    )
    assert " and asks " in player.tells(9.2, None, 0.5)


def audit_gain(book):
    """What agent a gains by the table of the clearing."""
    table = uniform_price(book).to_frame()
    return table.loc[table["agent"] == "a", "gain"].sum()


def test_honesty_is_the_bidders_alone_in_second_price():
    found = audit(second_price, OrderBook.of([(10, 1), (7, 1)], [(2, 1)]))
    assert found.misreport.startswith("seller 1") and found.regret == pytest.approx(3, abs=1e-3)


@pytest.mark.parametrize("mechanism", ALL)
@pytest.mark.parametrize("sides", [([], []), ([(5, 1)], []), ([], [(5, 1)]), ([(4, 1)], [(5, 1)])])
def test_no_trade_is_audited(mechanism, sides):
    found = audit(mechanism, OrderBook.of(*sides))
    assert (found.efficiency, found.budget, found.min_utility, found.regret) == (1, 0, 0, 0)


@pytest.mark.parametrize("mechanism", ALL)
def test_all_orders_equal(mechanism):
    found = audit(mechanism, OrderBook.of([(5, 1)] * 3, [(5, 1)] * 3))
    assert found.efficiency == 1 and found.budget == pytest.approx(0) and found.regret == 0


@pytest.mark.parametrize("names", ["no", "False", "", 0, 1, None, []])
def test_whether_names_are_searched_is_true_or_false(names):
    for call in (lambda **given: audit(uniform_price, EXAMPLE, **given), lambda **given: audit_table(ALL, EXAMPLE, **given)):
        with pytest.raises(InvalidInput, match="names .* is not one of True, False"):
            call(names=names)
    assert np.isnan(audit(uniform_price, EXAMPLE, names=np.bool_(False)).false_names)
