"""Work that was free, or nearly so: what it costs now, and where it ends."""

# ruff: noqa: B007

import importlib.util
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidContract
from tefoundations.ledger import Blockchain, Contract
from tefoundations.ledger.contracts.contract import deploy
from tefoundations.ledger.contracts.data import ContractDict
from tests.ledger.ledgers import ANNA

LOAD, STORE, TURN = 100, 400, 3


class Cheap(Contract):
    """Each method does much for what is written in few words."""

    def branching(self, call):
        return self._first(call, 0)

    def _first(self, call, n):
        return self._second(call, self._second(call, self._second(call, self._second(call, n))))

    def _second(self, call, n):
        return self._third(call, self._third(call, self._third(call, self._third(call, n))))

    def _third(self, call, n):
        return self._fourth(call, self._fourth(call, self._fourth(call, self._fourth(call, n))))

    def _fourth(self, call, n):
        return self._fifth(call, self._fifth(call, self._fifth(call, self._fifth(call, n))))

    def _fifth(self, call, n):
        return self._last(call, self._last(call, self._last(call, self._last(call, n))))

    def _last(self, call, n):
        return n

    def helped(self, call, n):
        for turn in range(n):
            self._last(call, 1)

    def compared(self, call, row, n):
        for turn in range(n):
            if row == row:
                pass

    def busy(self, call, a, n):
        for turn in range(n):
            one = a < a or a < a or a < a or a < a or a < a or a < a or a < a or a < a or a < a or a < a or a < a
            two = a < a or a < a or a < a or a < a or a < a or a < a or a < a or a < a or a < a or a < a or a < a
            call.require(not one and not two, "smaller than itself")

    def filled(self, call, n):
        words, row = "xx", []
        for turn in range(18):
            words = f"{words}{words}"
        for turn in range(n):
            row.append(f"{words}{turn}")
        return len(row)

    def rows(self, call, n):
        row, kept = list(range(9_000)), ()
        for turn in range(n):
            kept = tuple(row[0:9_000])
        return len(kept)

    def kept(self, call, words, n):
        for turn in range(n):
            call.store(f"{turn}", words)

    def doubted(self, call, n):
        book = {}
        for turn in range(2_000):
            book[turn] = turn
        for turn in range(n):
            call.require(bool(book), "empty")

    def looked_up(self, call, n):
        words = "x"
        for turn in range(16):
            words = f"{words}{words}"
        other, book = words[0:1] + words[1:], {}
        book[words] = 1
        for turn in range(n):
            call.require(book[other] == 1, "lost")

    def asked(self, call, n):
        for turn in range(n):
            call.ask("other", "nothing")


class Other(Contract):
    def nothing(self, call):
        return 0


@pytest.fixture(scope="module")
def chain():
    return Blockchain("cheap", producers=[ANNA], contracts=[Cheap("cheap"), Other("other")])


def told(chain, method, gas_limit=100_000, **arguments):
    sent = chain.call(ANNA, "cheap", method, gas_limit=gas_limit, **arguments)
    chain.propose(ANNA)
    return chain.receipt(sent)


@pytest.mark.parametrize("method, more, words", [
    ("branching", {}, None), ("branching", {"gas_limit": 4_000}, "out of gas"),
    ("filled", {"n": 9_000, "gas_limit": 30_000_000}, "of data made by one transaction"),
    ("filled", {"n": 9_000}, "out of gas"),
    ("rows", {"n": 9_000, "gas_limit": 30_000_000}, "of data made by one transaction"),
])  # fmt: skip
def test_a_call_ends_by_its_gas_or_by_what_it_makes(chain, method, more, words):
    receipt = told(chain, method, **more)
    assert receipt.succeeded == (words is None) and (words or "") in receipt.reason


def test_calls_of_own_methods_are_paid_for(chain):
    """Of five methods each asks the next four times: 1 + 4 + ... + 4^5 calls, 3 gas each."""
    assert told(chain, "branching").gas_used == 3 * sum(4**level for level in range(6))
    used = [told(chain, "helped", n=n).gas_used for n in (1_000, 2_000)]
    assert used[1] - used[0] == 1_000 * (TURN + 3)


@pytest.mark.parametrize("method, more, each", [
    ("compared", {"row": [1, 2]}, TURN + 2 * 3),  # both sides are looked at, a portion each
    ("compared", {"row": list(range(20))}, TURN + 2 * 6),
    ("busy", {"a": 1}, TURN + 3),  # 22 comparisons of 3 expressions each, and some around them
    ("kept", {"words": "x" * 3_000}, TURN + 3 * STORE),  # 47 words: three portions
    ("kept", {"words": "x"}, TURN + STORE),
    ("asked", {}, TURN + LOAD),
    ("doubted", {}, TURN),  # whether a dict is empty can be seen at once
    ("looked_up", {}, TURN + 3 * (1025 // 16)),  # the key is a text of 1,025 words
])  # fmt: skip
def test_aturn_costs_what_it_works(chain, method, more, each):
    used = [told(chain, method, 1_000_000, n=n, **more).gas_used for n in (50, 150)]
    used = used if used[0] > 1_000 else [told(chain, method, 1_000_000, n=n, **more).gas_used for n in (500, 600)]
    assert used[1] - used[0] == 100 * each


KEYS = st.recursive(st.one_of(st.integers(-3, 3), st.booleans(), st.none(), st.sampled_from(["", "1", "True", "(1,)"])),
                    lambda inner: st.lists(inner, max_size=2).map(tuple), max_leaves=4)  # fmt: skip


@given(st.lists(st.tuples(KEYS, st.integers())))
def test_a_table_holds_what_a_dict_holds(pairs):
    table, known = ContractDict(), {}
    for key, value in pairs:
        table[key] = known[key] = value
    assert list(table) == list(known) and table.items() == list(known.items()) and len(table) == len(known)
    assert all(type(one) is type(other) for one, other in zip(table, known))  # 1 and True are one key: the first
    for key, _ in pairs:
        assert key in table and table[key] == known[key] == table.get(key, None)
    assert table.get("none of them", 5) == 5 and "none of them" not in table


def test_no_key_decides_where_it_lies():
    """Python puts all multiples of one prime (2^61 - 1 where words have 64 bits) on one place, and tuples of them too."""
    prime, table = sys.hash_info.modulus, ContractDict()
    assert len({hash(k * prime) for k in range(1, 50)}) == 1
    for k in range(1, 200):
        table[k * prime] = table[(k * prime, 0)] = k
    places = list(table._rows)
    assert len(set(map(hash, places))) == len(places) == 398
    with pytest.raises(TypeError):
        hash(table)


def module(folder, text):
    file = folder / "deep.py"
    file.write_text("from tefoundations.ledger import Contract\n\n\nclass Deep(Contract):\n" + text)
    spec = importlib.util.spec_from_file_location("deep", file)
    made = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["deep"] = made
    spec.loader.exec_module(made)
    return made


@pytest.mark.parametrize("value", ["(" * 60 + "-a" + ")" * 60, "-" * 60 + "a", " + ".join(["a"] * 800), "a[0]" + "[0]" * 60])
def test_deep_source_is_refused_alike_on_every_machine(tmp_path, value):
    deep = module(tmp_path, f"    def go(self, call, a):\n        return {value}\n").Deep("deep")

    def down(steps):
        return down(steps - 1) if steps else Blockchain("deep", producers=[ANNA], contracts=[deep])

    if value.startswith("(("):  # brackets alone are no level of the tree
        assert down(0) and down(700)
        return
    words = set()
    for steps in (0, 400, 700):
        with pytest.raises(InvalidContract) as caught:
            down(steps)
        words.add(str(caught.value))
    assert len(words) == 1 and "levels deep" in words.pop()


def test_a_method_of_many_parts_is_refused(tmp_path):
    lines = "".join(f"        a = max(a, {n})\n" for n in range(1_300))
    with pytest.raises(InvalidContract, match="more than 5000 names"):
        deploy(module(tmp_path, "    def go(self, call, a):\n" + lines).Deep("deep"))
