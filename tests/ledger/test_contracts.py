"""Contracts at work: what gas is charged for, and that a fault in one never stops a node."""

import pytest

from tefoundations.errors import InvalidBlock, InvalidTransaction, Reverted
from tefoundations.ledger import Blockchain, Contract, KeyPair, contract_account
from tests.ledger.ledgers import ANNA, BEN, OPERATOR, PURSE, money, new_chain

FIXED = 7


class Allowed(Contract):
    """Everything a contract may use."""

    rates = (1, 2, 3)

    def __init__(self, name, start):
        super().__init__(name)
        self.start = start

    def sums(self, call, n, twice=False):
        total, seen = self.start, {}
        for i in range(n):
            if i % 2 == 0 and not twice:
                continue
            total += -i * self.rates[1] // FIXED
            seen[f"{i}"] = total
        while total < 0:
            total = self._next(call, total)
        for place, value in enumerate(self.rates):
            total = total + max(value, place) if value is not None else total
        call.require(len(seen.items()) <= n, f"{len(seen)} of {n}")
        call.store("total", total)
        return total, seen.get("1", 0)

    def _next(self, call, total):
        return total + 10


class Loops(Contract):
    def spin(self, call):
        while True:
            pass

    def count(self, call, n):
        total = 0
        for i in range(n):
            total = total + i * 2
        call.store("total", total)

    def divide(self, call, a, b):
        call.store("quotient", a // b)

    def square(self, call, a):
        call.store("square", a * a)

    def keep(self, call, value):
        call.store("value", value)

    def key(self, call, name):
        call.store(name, 1)

    def index(self, call, row):
        call.store("value", row[5])

    def take(self, call, amount):
        call.pay(call.own, amount)
        call.pay_out(BENEFICIARY, amount // 2)

    def again(self, call):
        call.ask("loops", "again")

    def nobody(self, call):
        call.ask("nobody", "x")

    def wrong(self, call):
        call.ask("money", "transfer", to=call.own)


BENEFICIARY = BEN.account


class Plain:
    """What stands in for the call when the same code runs as plain Python."""

    def require(self, condition, words):
        assert condition

    def store(self, name, value):
        self.kept = value


@pytest.mark.parametrize("n, twice", [(0, False), (7, False), (7, True)])
def test_metered_code_computes_what_was_written(n, twice):
    plain = Plain()
    expected = Allowed("it", 5).sums(plain, n, twice)
    chain = new_chain(contracts=[Allowed("it", 5)])
    assert chain.view("it", "sums", n=n, twice=twice) == expected
    chain.call(ANNA, "it", "sums", n=n, twice=twice)
    chain.propose(OPERATOR)
    assert chain.read("it", "total") == plain.kept


def run(chain, method, gas_limit=100_000, gas_price=0, **arguments):
    sent = chain.call(ANNA, "loops", method, gas_limit=gas_limit, gas_price=gas_price, **arguments)
    chain.propose(OPERATOR)
    return chain.receipt(sent)


@pytest.mark.parametrize("n, charged", [(0, 0), (1, 3 + 6), (200, 200 * 9)])
def test_a_turn_of_a_loop_costs_3_and_each_operation_3(n, charged):
    chain = new_chain(contracts=[Loops("loops")])
    assert run(chain, "count", n=n).gas_used == max(1_000, 400 + charged)
    assert chain.read("loops", "total") == sum(2 * i for i in range(n))


def test_a_loop_without_end_ends():
    chain = new_chain(contracts=[Loops("loops")])
    receipt = run(chain, "spin", gas_limit=50_000, gas_price=2)
    assert not receipt.succeeded and receipt.gas_used == 50_000 and chain.balance(ANNA) == PURSE - 100_000


@pytest.mark.parametrize("method, arguments, words", [
    ("divide", {"a": 1, "b": 0}, "ZeroDivisionError"), ("divide", {"a": "x", "b": 1}, "TypeError"),
    ("index", {"row": [1]}, "IndexError"),
    ("square", {"a": 2**40}, "beyond 2^53"), ("key", {"name": 5}, "TypeError"), ("count", {"n": 2**50}, "out of gas"),
    ("take", {"amount": 2**40}, "is less than the payment"), ("take", {"amount": -5}, "whole number"),
    ("take", {"amount": "5"}, "whole number"),
    ("again", {}, "entered a second time"), ("nobody", {}, "no contract nobody"), ("wrong", {}, "lacks amount"),
])  # fmt: skip
def test_a_fault_in_a_contract_reverts_and_the_node_goes_on(method, arguments, words):
    chain = new_chain(contracts=[Loops("loops")])
    before = chain.state.to_dict()
    receipt = run(chain, method, **arguments)
    assert not receipt.succeeded and words in receipt.reason and receipt.gas_used >= 1_000
    assert chain.state.to_dict() == before | {f"nonce/{ANNA.account}": 1} and chain.find_fault() is None


def test_a_contract_moves_its_senders_money_and_its_own_and_no_other():
    chain = new_chain(contracts=[Loops("loops")])
    total = money(chain)
    assert run(chain, "take", amount=101).succeeded
    held = {who: chain.balance(who) for who in (ANNA, BEN, contract_account("loops"))}
    assert held == {ANNA: PURSE - 101, BEN: PURSE + 50, contract_account("loops"): 51} and money(chain) == total


def test_what_is_deployed_no_longer_changes():
    """A constant of the module and a parameter are taken as they were: changing them later changes nothing."""
    global BENEFICIARY
    contract = Loops("loops")
    chain = new_chain(contracts=[contract])
    try:
        BENEFICIARY = OPERATOR.account
        contract.name = "other"
        assert run(chain, "take", amount=100).succeeded and chain.balance(BEN) == PURSE + 50
    finally:
        BENEFICIARY = BEN.account


def test_a_view_changes_nothing_and_says_why_it_failed():
    chain = new_chain(contracts=[Loops("loops")])
    root = chain.state.root
    chain.view("loops", "keep", value=5)
    with pytest.raises(Reverted, match="ZeroDivisionError"):
        chain.view("loops", "divide", a=1, b=0)
    with pytest.raises(InvalidTransaction, match="no method"):
        chain.view("loops", "_hidden")
    with pytest.raises(InvalidTransaction, match="does not know more"):
        chain.view("loops", "keep", value=1, more=2)
    assert chain.state.root == root


def test_two_runs_under_different_conditions_agree():
    """The same on nodes whose objects lie elsewhere, whose accounts were named in another order, and deeper in the stack."""

    def history(people):
        chain = Blockchain("twice", producers=[OPERATOR], balances=dict.fromkeys(people, 10000), contracts=[Loops("loops")])
        for n in range(5):
            chain.call(ANNA, "loops", "count", n=n)
            chain.call(BEN, "loops", "take", amount=10 * n)
        return chain.propose(OPERATOR), chain

    def deeper(n):
        return history([OPERATOR, BEN, ANNA]) if n == 0 else deeper(n - 1)

    block, chain = history([ANNA, BEN, OPERATOR])
    rubbish = [KeyPair.named(str(n)) for n in range(20)]
    other, _ = deeper(200)
    assert other.to_bytes() == block.to_bytes() and chain.find_fault() is None and rubbish


def test_a_contract_that_slips_through_is_caught_when_the_block_is_run_again():
    """If code could differ from machine to machine after all, the roots differ and the block is refused."""
    first, second = new_chain(contracts=[Loops("loops")]), new_chain(contracts=[Loops("loops")])
    honest, needed, known = second.contracts["loops"].methods["keep"]
    second.contracts["loops"].methods["keep"] = (lambda call, value: honest(call, value=value + 1), needed, known)
    first.call(ANNA, "loops", "keep", value=5)
    block = first.propose(OPERATOR)
    with pytest.raises(InvalidBlock, match="block 1: state_root is not that"):
        second.receive(block)


class Silent(Contract):
    def stop(self, call, words):
        call.store("touched", 1)
        call.require(False, words)


@pytest.mark.parametrize("words", ["", "because"])
def test_a_failed_check_reverts_whatever_its_words(words):
    """Words are for people: an empty reason once passed for none, and the receipt for a success."""
    anna = KeyPair.named("anna")
    chain = Blockchain("lane", producers=[anna], contracts=[Silent("silent")])
    sent = chain.call(anna, "silent", "stop", words=words)
    chain.propose(anna)
    assert not chain.receipt(sent).succeeded and chain.receipt(sent).reason
    assert chain.read("silent", "touched") is None
