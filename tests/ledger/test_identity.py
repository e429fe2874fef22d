"""What a chain's id binds: whatever may change what a block does, so that a payment serves on one chain only."""

import sys

import pytest

from tefoundations.errors import InvalidInput, InvalidTransaction
from tefoundations.ledger import Blockchain, Contract, FungibleToken, KeyPair, SealedBids, SettlementContract
from tefoundations.ledger.chain import genesis
from tests.ledger.ledgers import ANNA, BEN, OPERATOR, PURSE, transfer

RATE = 7


class Rated(Contract):
    factors = (1, 2)

    def rate(self, call):
        return RATE * self.factors[1] + self._more(call)

    def _more(self, call):
        return 0


class Heir(Rated):
    pass


def made(contract=None, **more):
    given = {"name": "lane", "producers": [OPERATOR, ANNA], "balances": {ANNA: PURSE, BEN: PURSE}} | more
    return Blockchain(given.pop("name"), contracts=[contract or Rated("rated")], **given)


def test_a_constant_of_the_module_is_part_of_the_code(monkeypatch):
    before = made()
    monkeypatch.setattr(sys.modules[__name__], "RATE", 8)
    after = made()
    assert after.view("rated", "rate") == 16 and before.view("rated", "rate") == 14 and after.id != before.id


def test_a_class_attribute_an_inherited_method_and_a_parameter_are_part_of_it(monkeypatch):
    ids = {made().id, made(Heir("rated")).id}
    assert len(ids) == 1  # the same methods and constants are the same code, wherever they were written
    monkeypatch.setattr(Rated, "factors", (1, 3))
    ids |= {made().id, made(Heir("rated")).id}
    richer = Rated("rated")
    richer.bonus = 5
    assert len(ids | {made(richer).id}) == 3


@pytest.mark.parametrize(
    "more", [{"name": "street"}, {"salt": "2"}, {"producers": [ANNA, OPERATOR]}, {"balances": {ANNA: 1}}]
)
def test_name_salt_producers_and_money_are_bound(more):
    assert made(**more).id != made().id == made().id


def test_the_price_list_of_gas_is_bound(monkeypatch):
    before = made().id
    monkeypatch.setattr(genesis, "RULES", "0" * 64)
    assert made().id != before
    assert {value for name, value in genesis.SCHEDULE.items() if name in ("verify", "load", "store")} == {3000, 100, 400}


def test_a_payment_serves_on_one_chain_only():
    first, second = made(), made(salt="another")
    payment = transfer(first, ANNA, BEN, 5, 0)
    first.submit(payment)
    with pytest.raises(InvalidTransaction, match="chain: is for another chain"):
        second.submit(payment)
    twin = made()  # equal in all parts: the same chain on another node, as nodes agree
    assert twin.submit(payment) and twin.id == first.id


@pytest.mark.parametrize("salt", [None, 5, "ü", "x" * 81])
def test_a_salt_is_text(salt):
    with pytest.raises(InvalidInput, match="salt"):
        made(salt=salt)


def test_of_two_branches_as_long_the_earlier_slot_counts():
    """A later producer cannot replace the head by trying hashes."""
    for words in range(20):
        first = Blockchain("lane", producers=[OPERATOR, ANNA, BEN], salt=str(words))
        second = Blockchain("lane", producers=[OPERATOR, ANNA, BEN], salt=str(words))
        early, late = first.propose(ANNA), second.propose(BEN)
        assert early.slot < late.slot
        assert not first.receive(late) and second.receive(early) and first.head == second.head == early


def test_one_producer_alone_can_replace_a_longer_time_of_others():
    """What the docstring says the chain does not prevent: nodes without a clock, turns left empty."""
    people = [KeyPair.named(name) for name in ("p0", "p1", "p2", "p3")]
    honest, alone = (Blockchain("lane", producers=people) for _ in range(2))
    for slot in range(1, 7):
        honest.propose(people[slot % 4])
    for _ in range(7):
        block = alone.propose(people[2])
        honest.receive(block)
    assert honest.head == block and {b.producer for b in honest.blocks[1:]} == {people[2].account}


NOBODY = "0" * 64


@pytest.mark.parametrize("contract, method, arguments", [
    ("money", "transfer", {"to": NOBODY, "amount": 5}),
    ("points", "transfer", {"to": NOBODY, "amount": 0}),
    ("points", "mint", {"to": NOBODY, "amount": 5}),
    ("points", "approve", {"spender": NOBODY, "amount": 5}),
])  # fmt: skip
def test_nothing_goes_to_the_account_of_nobody(contract, method, arguments):
    chain = made(FungibleToken("points", minter=ANNA))
    sent = chain.call(ANNA, contract, method, **arguments)
    chain.propose(OPERATOR)
    assert not chain.receipt(sent).succeeded and chain.find_fault() is None


def test_no_contract_is_made_for_nobody():
    for make in (
        lambda: FungibleToken("points", minter=NOBODY),
        lambda: SettlementContract(NOBODY),
        lambda: SealedBids(1, 2, 5, NOBODY),
    ):
        with pytest.raises(InvalidInput, match="must be an account"):
            make()
