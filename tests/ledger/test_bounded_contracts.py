"""A contract's world is closed, bounded and paid for: what once stopped a node, or differed between two, now reverts."""

# ruff: noqa: B007

import sys

import pytest

from tefoundations.errors import InvalidContract
from tefoundations.ledger import Blockchain, Contract
from tests.ledger.ledgers import ANNA, BEN


class Greedy(Contract):
    """Work that was nearly free."""

    def largest(self, call, n):
        return max(range(n))

    def listed(self, call, n):
        return len(list(range(n)))

    def doubled(self, call, n):
        words = "x"
        for turn in range(n):
            words = f"{words}{words}"

    def squared(self, call, n):
        number = 3
        for turn in range(n):
            number = number * number

    def joined(self, call, n):
        row = [1]
        for turn in range(n):
            row = row + row

    def grown(self, call, n):
        row = [1]
        for turn in range(n):
            row += row

    def repeated(self, call, row, n):
        return row * n

    def deep(self, call, n):
        row = ()
        for turn in range(n):
            row = (row,)
        return row

    def wide(self, call, n):
        row = ()
        for turn in range(n):
            row = (row, row)
        return row

    def noisy(self, call, n):
        for turn in range(n):
            call.emit("noise", turn=turn)

    def searched(self, call, words, n):
        for turn in range(n):
            if f"{turn}" in words:
                call.require(False, "found")

    def paying(self, call, n):
        wide, row = tuple(range(n)), []
        for turn in range(n):
            row.append(wide)
        call.pay(call.own, row)

    def named(self, call, n):
        words = f"{'x'}"
        for turn in range(16):
            words = f"{words}{words}"
        for turn in range(n):
            call.load(words)

    def zipped(self, call, n):
        return len(list(zip(range(n), range(n))))

    def counted(self, call, n):
        return len(dict(enumerate(range(n))))


@pytest.fixture(scope="module")
def chain():
    return Blockchain("greedy", producers=[ANNA], contracts=[Greedy("greedy")])


def told(chain, method, gas_limit=100_000, **arguments):
    sent = chain.call(ANNA, "greedy", method, gas_limit=gas_limit, **arguments)
    chain.propose(ANNA)
    return chain.receipt(sent)


@pytest.mark.parametrize("method, more, words", [
    ("largest", {"n": 2 * 10**7}, "more than 10000 values"), ("largest", {"n": 9_000, "gas_limit": 20_000}, "out of gas"),
    ("listed", {"n": 2 * 10**7}, "more than 10000 values"), ("listed", {"n": 9_000, "gas_limit": 20_000}, "out of gas"),
    ("doubled", {"n": 60}, "more than 10000 words"), ("squared", {"n": 60}, "beyond 2^256"),
    ("joined", {"n": 60}, "more than 10000 words"), ("grown", {"n": 60}, "more than 10000 values"),
    ("repeated", {"row": [1], "n": 10**9}, "TypeError"), ("repeated", {"row": "x", "n": 10**9}, "TypeError"),
    ("deep", {"n": 2_000}, "more than 8 levels deep"), ("wide", {"n": 60}, "levels deep"),
    ("noisy", {"n": 10**6}, "out of gas"), ("searched", {"words": "x" * 9_000, "n": 10**5}, "out of gas"),
    ("paying", {"n": 5_000, "gas_limit": 20_000_000}, "amount of kind list"), ("named", {"n": 10**5}, "out of gas"),
    ("zipped", {"n": 10**6}, "more than 10000 values"), ("counted", {"n": 10**6}, "more than 10000 values"),
])  # fmt: skip
def test_work_that_was_nearly_free_is_paid_for_or_refused(chain, method, more, words):
    receipt = told(chain, method, **more)
    assert not receipt.succeeded and words in receipt.reason and chain.find_fault() is None


def test_a_long_name_is_paid_for_each_time(chain):
    """65,536 signs are 1,025 words: 3 gas for every 16 of them, beside the 100 of a load."""
    once, twice = (told(chain, "named", n=n).gas_used for n in (10, 20))
    assert (twice - once) / 10 == 3 + 100 + 3 * (1025 // 16)


@pytest.mark.parametrize("method, turns, each", [("largest", 1_600, 6), ("listed", 1_600, 6), ("zipped", 1_600, 15),
                                                 ("counted", 1_600, 9)])  # fmt: skip
def test_a_turn_of_a_hidden_loop_costs_3(chain, method, turns, each):
    """One loop each for max, list, range, zip, enumerate and dict: as many turns as values.

    Beside them what is made is paid for: each list by 3 gas for 16 values, each pair by 3 for looking at it.
    """
    less, more = (told(chain, method, n=n).gas_used for n in (turns, turns + 160))
    made = {"largest": 1, "listed": 2, "zipped": 4, "counted": 2}[method] * 160 // 16
    pairs = {"zipped": 160, "counted": 0}.get(method, 0)
    assert more - less == each * 160 + 3 * made + 3 * pairs


class Odd(Contract):
    """Values that are no data, where they might enter."""

    def address(self, call):
        call.store("x", f"{enumerate((1, 2))}")

    def kept(self, call):
        call.store("x", zip((1,), (2,)))

    def noted(self, call):
        call.emit("x", value=range(3))

    def reason(self, call):
        call.require(False, (1, 2))

    def nested(self, call):
        row = []
        row.append(row)

    def nested_in_a_dict(self, call):
        book = {}
        book["book"] = book

    def unnamed(self, call):
        call.ask([1], ("a", "b"))

    def shared(self, call):
        row = [1]
        given = call.ask("other", "changes", row=row)
        call.require(row == [1], "the other changed what was lent")
        return given

    def changes(self, call, row):
        row.append(2)


class Other(Contract):
    def changes(self, call, row):
        row.append(2)
        return row


@pytest.mark.parametrize("method, words", [
    ("address", "TypeError"), ("kept", "a list cannot be kept"), ("noted", "a list cannot be kept"),
    ("reason", "no reason given"), ("nested", "TypeError"), ("nested_in_a_dict", "TypeError"), ("shared", "TypeError"),
    ("unnamed", "are named by text"),
])  # fmt: skip
def test_what_is_no_data_reverts(method, words):
    chain = Blockchain("odd", producers=[ANNA], contracts=[Odd("odd"), Other("other")])
    before = chain.state.to_dict()
    sent = chain.call(ANNA, "odd", method)
    chain.propose(ANNA)
    receipt = chain.receipt(sent)
    assert not receipt.succeeded and words in receipt.reason, receipt
    assert chain.state.to_dict() == before | {f"nonce/{ANNA.account}": 1}


class Width(Contract):
    def go(self, call, n):
        call.store("x", f"{n:>99999999}")


class Shown(Contract):
    def go(self, call, n):
        call.store("x", f"{n!r}")


class Aliased(Contract):
    def go(self, call, n):
        longest = max
        call.store("x", longest(range(n)))


class Shadowed(Contract):
    def go(self, call, n):
        max = n
        call.store("x", max)


class Spread(Contract):
    def go(self, call, n):
        call.emit("x", **{"a": n})


class Keyed(Contract):
    def go(self, call, rows):
        call.store("x", max(rows, default=1))


class Underscored(Contract):
    def go(self, call, _add):
        call.store("x", _add)


class Unusual(Contract):
    def go(self, call):
        call.store("x", "ü")


class Huge(Contract):
    def go(self, call):
        call.store("x", 2000000000000000000000)


class Ranged(Contract):
    def go(self, call, rows):
        rows[0:2] = (1, 2)


class Unpacked(Contract):
    def go(self, call, rows):
        found = [0, 0]
        found[0], found[1] = rows


class Chained(Contract):
    def go(self, call, n):
        call.store("x", 0 < call.load("a", 1) < n)


CHAIN_OF_METHODS = "class Long(Contract):\n    def go(self, call):\n        self._m0(call)\n" + "".join(
    f"    def _m{n}(self, call):\n        self._m{n + 1}(call)\n" for n in range(40)
)


OPENING = [Width, Shown, Aliased, Shadowed, Spread, Keyed, Underscored, Unusual, Huge, Ranged, Unpacked, Chained]


@pytest.mark.parametrize("kind", OPENING, ids=lambda kind: kind.__name__)
def test_forms_that_open_the_world_are_refused(kind):
    with pytest.raises(InvalidContract) as caught:
        Blockchain("lane", producers=[ANNA], contracts=[kind("it")])
    assert caught.value.contract == "it" and caught.value.method == "go"


def test_methods_that_wait_for_each_other_are_bounded(tmp_path, monkeypatch):
    (tmp_path / "long_contract.py").write_text(
        f"from tefoundations.ledger import Contract\n\n{CHAIN_OF_METHODS}    def _m40(self, call):\n        pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import long_contract

    with pytest.raises(InvalidContract, match="more than 16 methods wait"):
        Blockchain("lane", producers=[ANNA], contracts=[long_contract.Long("long")])


def test_a_node_deep_in_its_stack_agrees(chain):
    """How much stack is left when a block is run depends on the node, and must decide nothing."""
    fresh = Blockchain("greedy", producers=[ANNA], contracts=[Greedy("greedy")])
    for n in (7, 8, 9):
        fresh.call(BEN, "greedy", "deep", n=n)
        fresh.call(BEN, "greedy", "wide", n=n)
    block = fresh.propose(ANNA)
    other = Blockchain("greedy", producers=[ANNA], contracts=[Greedy("greedy")])

    def deeper(left):
        return other.receive(block) if left == 0 else deeper(left - 1)

    frames, frame = 0, sys._getframe()
    while frame:
        frames, frame = frames + 1, frame.f_back
    assert deeper(sys.getrecursionlimit() - frames - 12) and other.state.root == fresh.state.root
