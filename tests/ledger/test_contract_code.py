"""Contracts: what is refused before it runs, because it could give two results on two machines."""

import random
import time

import pytest

from tefoundations.errors import InvalidContract
from tefoundations.ledger import Blockchain, Contract
from tefoundations.ledger.contracts.contract import deploy
from tefoundations.ledger.contracts.source import REASONS
from tests.ledger.ledgers import ANNA

CHANGING, FIXED = [], 7


class Clock(Contract):
    def go(self, call):
        call.store("now", time.time())


class Chance(Contract):
    def go(self, call):
        call.store("coin", random.random() < 0.5)


class Importing(Contract):
    def go(self, call):
        import os

        call.store("user", os.getcwd())


class Reading(Contract):
    def go(self, call):
        call.store("text", open("file").read())


class Fraction(Contract):
    def go(self, call, energy):
        call.store("share", energy / 3)


class Half(Contract):
    def go(self, call, energy):
        call.store("share", energy * 0.5)


class Unordered(Contract):
    def go(self, call):
        for name in {"anna", "ben"}:
            call.store(name, 1)


class MadeUnordered(Contract):
    def go(self, call):
        for name in set(["anna", "ben"]):
            call.store(name, 1)


class Remembering(Contract):
    def go(self, call):
        CHANGING.append(1)
        call.store("times", len(CHANGING))


class Outside(Contract):
    def go(self, call):
        global FIXED
        FIXED = 8


class Keeping(Contract):
    def go(self, call):
        self.times = 1


class Surviving(Contract):
    def go(self, call):
        try:
            call.store("a", 1)
        except Exception:
            call.store("a", 2)


class Recursing(Contract):
    def go(self, call):
        self._deeper(call)

    def _deeper(self, call):
        self.go(call)


class Hashing(Contract):
    def go(self, call):
        call.store("h", hash("anna"))


class Address(Contract):
    def go(self, call):
        call.store("where", f"{call}")


class BoundAddress(Contract):
    def go(self, call):
        call.store("where", f"{call.load}")


class Identity(Contract):
    def go(self, call, a, b):
        call.store("same", a is b)


class Escaping(Contract):
    def go(self, call):
        call.store("x", call.__class__.__name__)


class Underneath(Contract):
    def go(self, call):
        call._state.set("balance/" + call.sender, 10**9)


class Unmetered(Contract):
    def go(self, call, n):
        call.store("x", len([i for i in range(n)]))


class Generating(Contract):
    def go(self, call, n):
        call.store("x", max(i for i in range(n)))


class Growing(Contract):
    def go(self, call, n):
        call.store("x", 2**n)


class Repeating(Contract):
    def go(self, call, n):
        call.store("x", "a" * n)


class Asserting(Contract):
    def go(self, call, n):
        assert n


class Evaluating(Contract):
    def go(self, call, text):
        call.store("x", eval(text))


class Default(Contract):
    def go(self, call, found=[]):  # noqa: B006
        found.append(1)


class Undecorated(Contract):
    @staticmethod
    def go(call):
        pass


class MutableClass(Contract):
    seen = {}


class Rest(Contract):
    def go(self, call, *rest):
        pass


REFUSED = [Clock, Chance, Importing, Reading, Fraction, Half, Unordered, MadeUnordered, Remembering, Outside, Keeping,
Surviving, Recursing, Hashing,
           Address, BoundAddress, Identity, Escaping, Underneath, Unmetered, Generating, Growing, Repeating, Asserting,
           Evaluating, Default, Undecorated,
           MutableClass, Rest]  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED, ids=lambda kind: kind.__name__)
def test_what_could_differ_between_machines_is_refused_by_name(kind):
    with pytest.raises(InvalidContract) as caught:
        Blockchain("lane", producers=[ANNA], contracts=[kind("it")])
    assert caught.value.contract == "it" and str(caught.value).startswith("it") and len(caught.value.args[0]) < 160


def test_the_place_in_the_method_is_named():
    with pytest.raises(InvalidContract, match=r"^it\.go, line 2: time is neither a constant") as caught:
        deploy(Clock("it"))
    assert (caught.value.method, caught.value.line) == ("go", 2)
    with pytest.raises(InvalidContract, match=r"use //$"):
        deploy(Fraction("it"))
    assert all(words for words in REASONS.values())


@pytest.mark.parametrize(
    "contract", ["money", None, Contract, Contract(5), Contract("two words"), Contract("ü"), Contract("")]
)
def test_what_is_no_contract_or_has_no_name_is_refused(contract):
    with pytest.raises(InvalidContract):
        deploy(contract)


def test_parameters_are_plain_and_names_unique():
    odd = Contract("odd")
    odd.rate = 0.01
    with pytest.raises(InvalidContract, match="parameter rate"):
        deploy(odd)
    with pytest.raises(InvalidContract, match="used twice"):
        Blockchain("lane", producers=[ANNA], contracts=[Contract("money")])


def test_source_that_cannot_be_read_is_refused():
    space = {"Contract": Contract}
    exec("class Hidden(Contract):\n    def go(self, call):\n        call.store('a', 1)\n", space)
    with pytest.raises(InvalidContract, match="source cannot be read"):
        deploy(space["Hidden"]("it"))
