"""The settlement of a trade on the chain: the numbers of the text, two signatures, once, and what fails leaves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidContract, InvalidTransaction
from tefoundations.ledger import SettlementContract, Transaction, sign_statement
from tests.ledger.ledgers import ANNA, BEN, CEM, OPERATOR, PEOPLE, PURSE, junk, money, new_chain, sale, template, terms


def settled(chain, sent):
    block = chain.propose(OPERATOR)
    assert chain.find_fault() is None and sent in block.transactions
    return chain.receipt(sent)


def test_five_kwh_at_a_fifth_of_a_token():
    chain = new_chain()
    receipt = settled(chain, sale(chain, gas_limit=6_000))
    assert receipt.succeeded and receipt.gas_used == 4_524
    assert [chain.balance(who) - PURSE for who in (BEN, ANNA, OPERATOR)] == [-1_000_000, 990_000, 10_000]
    ((contract, event, facts),) = receipt.events
    assert (contract, event, facts["energy"], facts["payment"], facts["fee"]) == (
        "settlement",
        "settled",
        5_000,
        1_000_000,
        10_000,
    )


@pytest.mark.parametrize("limit, succeeds", [(4_524, True), (4_523, False), (3_000, False), (1_000, False)])
def test_at_one_less_the_call_reverts_and_only_nonce_and_fee_stay(limit, succeeds):
    chain, price = new_chain(), 3
    before = chain.state.to_dict()
    receipt = settled(chain, sale(chain, gas_limit=limit, gas_price=price))
    after = chain.state.to_dict()
    assert receipt.succeeded == succeeds and receipt.gas_used == limit and receipt.fee == limit * price
    if not succeeds:
        purses = {f"balance/{BEN.account}": PURSE - limit * price, f"balance/{OPERATOR.account}": PURSE + limit * price}
        assert after == before | purses | {f"nonce/{BEN.account}": 1}
        assert "out of gas" in receipt.reason and receipt.events == ()


@given(st.integers(1, 10**7), st.integers(0, 10**7))
@settings(max_examples=25)
def test_money_is_conserved_to_the_unit_and_the_rest_stays_with_the_payer(energy, price):
    chain = new_chain()
    receipt = settled(chain, sale(chain, energy=energy, price=price))
    payment = energy * price // 1000
    assert receipt.succeeded == (payment <= PURSE)
    if receipt.succeeded:
        fee = payment * 10_000 // 1_000_000
        change = [chain.balance(who) - PURSE for who in (BEN, ANNA, OPERATOR)]
        assert change == [-payment, payment - fee, fee]
        assert 0 <= energy * price - 1000 * payment < 1000
    assert money(chain) == len(PEOPLE) * PURSE


def test_the_buyer_alone_cannot_name_quantity_and_price():
    chain = new_chain()
    for name, value in {"energy": 50_000, "price": 1, "step": 8, "seller": CEM.account, "signature": "0" * 128}.items():
        receipt = settled(chain, chain.call(BEN, "settlement", "settle", **terms(chain) | {name: value}))
        assert not receipt.succeeded and "has not signed" in receipt.reason, name
    own = sign_statement(
        BEN, chain.id, "settlement", "trade", BEN.account, chain.nonce(BEN), ANNA.account, 5_000, 200_000, 7
    )
    assert not settled(chain, chain.call(BEN, "settlement", "settle", **terms(chain) | {"signature": own})).succeeded
    assert [chain.balance(who) for who in PEOPLE] == [PURSE] * 4


def test_the_seller_alone_cannot_either():
    """It can send its signed trade only as a buyer, and then it pays itself; in the buyer's name it is not signed."""
    chain = new_chain()
    said = terms(chain)
    receipt = settled(chain, chain.call(ANNA, "settlement", "settle", **said))
    assert not receipt.succeeded and chain.balance(BEN) == PURSE
    forged = Transaction(chain.id, BEN.account, 0, "settlement", "settle", said, signature="0" * 128)
    with pytest.raises(InvalidTransaction, match="signature"):
        chain.submit(forged)


def test_a_trade_is_settled_once():
    chain = new_chain()
    said = terms(chain)
    first = chain.call(BEN, "settlement", "settle", **said)
    again = chain.call(BEN, "settlement", "settle", **said)
    chain.propose(OPERATOR)
    assert chain.receipt(first).succeeded and "for this transaction of the buyer" in chain.receipt(again).reason
    assert chain.balance(BEN) == PURSE - 1_000_000
    with pytest.raises(InvalidTransaction, match="0 was used before; the sender's next is 2"):
        chain.submit(first)


def test_a_trade_for_one_chain_or_contract_is_none_for_another():
    from tefoundations.ledger import SettlementContract as Second

    chain = new_chain(contracts=[Second(OPERATOR, name="second")])
    said = terms(template())  # the same people, another first block
    assert chain.id != template().id
    assert not settled(chain, chain.call(BEN, "settlement", "settle", **said)).succeeded
    assert not settled(chain, chain.call(BEN, "second", "settle", **terms(chain))).succeeded


@pytest.mark.parametrize(
    "change", [{"energy": 0}, {"energy": -5_000}, {"price": -1}, {"energy": True}, {"step": -1}, {"price": "1"}]
)
def test_amounts_that_are_no_amounts_revert_even_if_both_sign(change):
    """Negative amounts would turn the payment round. (NaN is no number here: `test_transactions`.)"""
    chain = new_chain()
    receipt = settled(chain, sale(chain, **change))
    assert not receipt.succeeded and "must be" in receipt.reason and receipt.gas_used == 1_000
    assert [chain.balance(who) for who in PEOPLE] == [PURSE] * 4


@given(st.dictionaries(st.sampled_from(["seller", "energy", "price", "step", "signature"]), junk, min_size=1))
@settings(max_examples=40)
def test_whatever_arguments_come_the_chain_goes_on(change):
    """Wrong arguments are an invalid transaction or a reverted one, and change no balance."""
    chain = new_chain()
    before = chain.state.to_dict()
    try:
        sent = chain.call(BEN, "settlement", "settle", **terms(chain) | change)
    except InvalidTransaction:
        assert chain.state.to_dict() == before
        return
    receipt = settled(chain, sent)
    same = dict(sent.arguments) == terms(template(), nonce=0)
    assert receipt.succeeded == same
    if not same:
        assert chain.state.to_dict() == before | {f"nonce/{BEN.account}": 1}


@pytest.mark.parametrize(
    "arguments", [{"operator": "anna"}, {"operator": None}, {"fee": -1}, {"fee": 0.01}, {"fee": 1_000_001}]
)
def test_parameters_without_meaning_are_named(arguments):
    with pytest.raises(InvalidContract):
        SettlementContract(**{"operator": OPERATOR} | arguments)
