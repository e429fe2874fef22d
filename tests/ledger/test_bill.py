"""From floats to whole numbers: the rounding rule, conservation, and the same sums on a chain."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput, InvalidTrade, TEError
from tefoundations.ledger import Blockchain, KeyPair, SettlementContract, settle
from tefoundations.market import OrderBook, mcafee, pay_as_bid, trades, uniform_price, vcg

THREE = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
KWH = {"energy_unit": 1000, "money_unit": 10_000}
agents = st.sampled_from("abcdef")
amounts = st.floats(1e-4, 1e4)
some_trades = st.lists(st.tuples(agents, agents, amounts, st.floats(0, 500), st.floats(0, 500)), max_size=8)


@given(some_trades, st.integers(0, 10**6))
def test_money_and_energy_are_conserved_to_the_unit(given_trades, fee):
    bill = settle(given_trades, **KWH, fee=fee)
    energy = sum(row.energy for row in bill.rows)
    assert sum(bill.balances.values()) == 0
    assert sum(bill.bought.values()) == sum(bill.sold.values()) == energy
    for row in bill.rows:
        assert (
            row.payment == row.energy * row.buyer_price // 1000
            and row.receipt + row.fee == row.energy * row.seller_price // 1000
        )
        assert row.fee == (row.receipt + row.fee) * fee // 1_000_000


@given(some_trades)
def test_nothing_is_off_by_more_than_its_rounding(given_trades):
    rows = iter(settle(given_trades, **KWH).rows)
    for _, _, quantity, price, _ in given_trades:
        exact = Fraction(quantity) * 1000
        if round(exact):
            row = next(rows)
            assert abs(row.energy - exact) <= Fraction(1, 2) and abs(row.buyer_price - Fraction(price) * 10_000) <= Fraction(
                1, 2
            )
    assert next(rows, None) is None


@pytest.mark.parametrize("quantity, unit, energy", [
    (0.29, 1000, 290), (0.57, 1000, 570), (0.3 - 0.1, 1000, 200), (2, 1000, 2000), (0.5, 1, 0), (1.5, 1, 2), (2.5, 1, 2),
    (0.4, 1, 0),
])  # fmt: skip
def test_energy_goes_to_the_nearest_wh(quantity, unit, energy):
    """0.57 kWh lies below 570 Wh as a float: a floor would lose a Wh."""
    bill = settle([("a", "b", quantity, 1.0)], energy_unit=unit, money_unit=10_000)
    assert sum(row.energy for row in bill.rows) == energy


def test_prices_per_mwh():
    (row,) = settle([("a", "b", 2.5, 50.0)], energy_unit=1_000_000, money_unit=1_000_000).rows
    assert (row.energy, row.buyer_price, row.payment) == (2_500_000, 50_000, 125_000_000)


@pytest.mark.parametrize("mechanism, operator", [(uniform_price, 0), (pay_as_bid, 100_000), (mcafee, 0), (vcg, -20_000)])
def test_each_mechanism_through_the_operator(mechanism, operator):
    clearing = mechanism(THREE)
    bill = settle(trades(clearing), **KWH)
    assert bill.balances["operator"] == operator == round(clearing.budget * 10_000)
    assert sum(bill.bought.values()) == 1000 * clearing.quantity


def chain_for(bill, purse=10**12):
    keys = {name: KeyPair.named(name) for name in bill.agents}
    producer = keys["operator"]
    chain = Blockchain(
        "bill",
        producers=[producer],
        balances=dict.fromkeys(keys.values(), purse),
        contracts=[SettlementContract(producer, bill.fee)],
    )
    return chain, keys


@given(some_trades, st.sampled_from([0, 10_000, 333_333]))
@settings(max_examples=25)
def test_the_chain_comes_to_the_same_balances(given_trades, fee):
    """Two prices go through the operator: the signed legs move what the bill says, to the micro-token."""
    bill = settle([(b, s, quantity / 100, *prices) for b, s, quantity, *prices in given_trades], **KWH, fee=fee)
    chain, keys = chain_for(bill)
    sent = bill.submit(chain, keys, step=3)
    chain.propose(keys["operator"])
    assert all(chain.receipt(t).succeeded for t in sent)
    assert {name: chain.balance(key) - 10**12 for name, key in keys.items()} == bill.balances


def test_the_clearing_of_three_and_three_on_a_chain():
    bill = settle(trades(uniform_price(THREE)), **KWH, fee=10_000)
    chain, keys = chain_for(bill)
    sent = bill.submit(chain, keys)
    chain.propose(keys["operator"])
    assert [chain.receipt(t).gas_used for t in sent] == [4_524, 4_524]
    assert bill.balances == {
        "buyer 1": -85_000,
        "seller 1": 84_150,
        "buyer 2": -85_000,
        "seller 2": 84_150,
        "operator": 1_700,
    }
    assert "1000 x 85000 // 1000 = 85000" in bill.explain() and "85000 x 10000 // 1000000 = 850" in bill.explain()
    assert bill.explain().endswith("all balances add up to 0.")
    assert bill.to_frame()["payment"].tolist() == [85_000, 85_000]


def test_a_chain_with_another_fee_is_refused():
    bill = settle([("a", "b", 1, 1)], **KWH)
    chain, keys = chain_for(settle([("a", "b", 1, 1)], **KWH, fee=5))
    with pytest.raises(InvalidInput, match="another fee or operator"):
        bill.submit(chain, keys)
    chain, keys = chain_for(bill)
    with pytest.raises(InvalidInput, match="no KeyPair for 'b'"):
        bill.submit(chain, {name: key for name, key in keys.items() if name != "b"})
    with pytest.raises(InvalidInput, match="no contract"):
        bill.submit(chain, keys, contract="elsewhere")


@pytest.mark.parametrize("trade, words", [
    (("a", "b", float("nan"), 1), "quantity nan"), (("a", "b", 0, 1), "must be above 0"),
    (("a", "b", -1, 1), "must be above 0"),
    (("a", "b", 1, -1), "must not be negative"), (("a", "b", 1, float("inf")), "buyer_price inf"),
    (("a", "b", "1", 1), "quantity '1'"),
    (("a", "b", True, 1), "quantity True"), (("a", "b", 1), "has no buyer"), (None, "has no buyer"),
    ((["a"], "b", 1, 1), "has no buyer"),
    (("a", "b", 1e300, 1), "larger than"), (("a", "b", 1, 1, None), "seller_price None"),
])  # fmt: skip
def test_the_trade_at_fault_is_named(trade, words):
    with pytest.raises(InvalidTrade, match=words) as caught:
        settle([("a", "b", 1, 1), trade], **KWH)
    assert caught.value.trade == 1 and str(caught.value).startswith("trade 1: ")


@given(st.lists(st.tuples(*[st.none() | st.floats() | st.text(max_size=2) | st.integers()] * 4) | st.integers(), max_size=3))
def test_whatever_trades_come_the_error_has_a_name(given_trades):
    with suppress(TEError):
        assert sum(settle(given_trades, **KWH).balances.values()) == 0


@pytest.mark.parametrize(
    "change", [{"energy_unit": 0}, {"energy_unit": 1000.0}, {"money_unit": -1}, {"fee": 0.01}, {"fee": 10**7}]
)
def test_units_without_meaning_are_named(change):
    with pytest.raises(InvalidInput, match=next(iter(change))):
        settle([], **KWH | change)


def test_the_trades_must_be_a_sequence():
    with pytest.raises(InvalidTrade, match="must be a sequence"):
        settle(5, **KWH)
