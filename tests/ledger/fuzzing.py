"""Contracts and calls by chance: ``python -m tests.ledger.fuzzing SEED COUNT DEPTH`` runs them and prints every root.

Two such runs with other hash seeds and other depths of the stack must print the same. What is written is taken from
everything that a contract may hold, and often has no meaning: then a call reverts, on every node alike.
"""

import importlib.util
import random
import re
import sys
import tempfile
from pathlib import Path

from tefoundations.errors import InvalidContract, InvalidTransaction
from tefoundations.ledger import Blockchain, KeyPair

SMALL = (0, 1, 2, 3, 7, -1, -5, 100, 9_007_199_254_740_991)
TEXTS = ("", "a", "anna", "x" * 70, "0" * 64)
PER_BLOCK = 8
SLIP = 0.01  # how often something of another kind stands where one kind is wanted
# Kinds: number, text, sequence, dict, truth value. {n} is any number, and so on; a name alone is a variable of that kind.
FORMS = {
    "n": ["a", "x", "y", "FIXED", "self.rate", "call.slot", "call.nonce", "({n} + {n})", "({n} - {n})", "({n} * {n})",
          "({n} // {n})", "({n} % {n})", "(-{n})", "abs({n})", "len({s})", "len({t})", "len({d})", "max({n}, {n})",
          "min({s})",
          "max({s})", "{s}[{n}]", "row[{n} % 2]", "book.get({t}, {n})", "call.load('n', {n})", "self._help(call, {n}, {t})",
          "({n} if {b} else {n})", "call.ask('c1', 'go', a={n}, b={t}, c={s})", "({n} or {n})", "len({s} + {s})"],
    "t": ["b", "words", "call.sender", "call.own", "({t} + {t})", "f'{{x}}/{{words}}'", "f'{{b}}{{a}}'", "{t}[{n}:{n}]",
          "call.digest('d', {n}, {t})", "call.hash({t})", "call.load('t', {t})",
          "({t} if {b} else {t})", "{t}[0:3]", "f'{{y}}'"],
    "s": ["c", "row", "row", "self.rates", "[{n}, {n}]", "({n}, {n})", "({t}, {n}, {s2})", "list({s})", "tuple({s})",
          "list(range({n}))",
          "{s}[{n}:{n}]", "(row + [{n}])", "(c + ({n},))", "list(zip({s}, {s}))", "list(enumerate({s}))",
          "list({d}.items())"],
    "s2": ["()", "({n},)", "({t}, {b})", "c", "(({n},), {t})"],
    "d": ["book", "{{{t}: {n}}}", "{{}}", "dict(enumerate({s}))", "{{{n}: {t}}}"],
    "b": ["True", "({n} < {n})", "({n} == {n})", "({t} != {t})", "({n} in {s})", "({t} in book)", "({t} in {t})",
          "({s} == {s})",
          "(not {b})", "({b} and {b})", "({n} >= {n})", "(0 <= a < x)", "call.whole({n})", "call.is_account({t})",
          "bool({s})",
          "({t} is None)", "call.verify({t}, {t}, 'v', {n})", "({t} <= {t})"],
}  # fmt: skip
VARIABLES = {"n": ("a", "x", "y"), "t": ("b", "words"), "s": ("c", "row"), "d": ("book",)}
STATEMENTS = [
    "x = {n}", "y = {n}", "words = {t}", "row = list({s})", "c = tuple({s})", "book = {d}", "x += {n}", "y *= {n}",
    "x -= {n}",
    "y //= {n}", "row += {s}", "words += {t}", "x, y = {n}, {n}", "row, book = {s}, {d}", "row.append({n})",
    "row.append({s2})",
    "row[{n} % 2] = {n}", "row[0] += {n}", "book[{t}] = {n}", "book[{n}] = {s2}", "call.store('n', {n})",
    "call.store('t', {t})",
    "call.store('s', tuple({s}))", "call.store({t}, {n})", "call.emit('e', fact={n}, words={t})", "call.emit('s', row={s2})",
    "call.require({b} or {b} or {b}, f'{{x}} and {{words}}')", "call.pay(call.own, {n} % 100)",
    "call.pay_out(call.sender, {n} % 9)",
]  # fmt: skip
HEADS = ["for y in {s}:", "for x in range({n} % 50):", "if {b}:", "while x < {n}:", "for x, y in enumerate({s}):",
         "for words in {t}:", "for words in book:", "for y in range(3):"]  # fmt: skip


class Writer:
    """Python text of contracts, from a seed."""

    def __init__(self, seed):
        self._by = random.Random(seed)

    def value(self, kind, depth=0):
        by = self._by
        if by.random() < SLIP:
            kind = by.choice(list(FORMS))
        if depth > 2 or by.random() < 0.3:
            if kind == "n" and by.random() < 0.5:
                return repr(by.choice(SMALL))
            if kind == "t" and by.random() < 0.5:
                return repr(by.choice(TEXTS))
            if kind in VARIABLES:
                return by.choice(VARIABLES[kind])
        return self.filled(by.choice(FORMS[kind][: 3 if depth > 4 else None]), depth)

    def filled(self, form, depth):
        parts = re.split(r"(\{\w+\})", form.replace("{{", "\1").replace("}}", "\2"))
        made = [self.value(part[1:-1], depth + 1) if part[:1] == "{" else part for part in parts]
        return "".join(made).replace("\1", "{").replace("\2", "}")

    def statement(self, depth=0):
        by, pad = self._by, "    " * (depth + 2)
        if depth < 2 and by.random() < 0.25:
            body = "".join(self.statement(depth + 1) for _ in range(by.randrange(1, 3)))
            step = f"{pad}    x += 1\n"  # most loops end by themselves, some by their gas
            return f"{pad}{self.filled(by.choice(HEADS), 1)}\n{body}" + (step if by.random() < 0.9 else "")
        return pad + self.filled(by.choice(STATEMENTS), 1) + "\n"

    def contract(self, number):
        def body():
            return "".join(self.statement() for _ in range(self._by.randrange(1, 7)))

        start = "        x, y, row, book, words = 1, 2, [1, 2], {}, 'ab'\n"
        help_ = f"{body()}        return {self.value('n')}\n\n".replace("self._help(call,", "max(1,").replace(
            "call.ask(", "("
        )
        help_ = re.sub(r"\('c1', 'go', a=(.*?), b=", r"max(1, \1, ", help_) if "('c1'" in help_ else help_
        return (
            f"class C{number}(Contract):\n    rates = (1, 2)\n\n"
            "    def __init__(self, name):\n        super().__init__(name)\n"
            f"        self.rate = {self._by.randrange(9)}\n\n    def go(self, call, a, b, c=5):\n{start}{body()}"
            f"        return {self.value('n')}\n\n    def _help(self, call, a, b):\n        c = (1, 2)\n{start}{help_}"
        )

    def arguments(self):
        by = self._by
        if by.random() < 0.1:
            return {"a": by.choice(TEXTS), "b": by.choice(SMALL), "c": None}
        return {"a": by.choice(SMALL), "b": by.choice(TEXTS), "c": [by.choice(SMALL) for _ in range(by.randrange(4))]}


def deployed(writer, count):
    """Contracts that are not refused, and how many were."""
    head = "from tefoundations.ledger import Contract\n\nFIXED = 7\n\n\n"
    texts = []
    while len(texts) < count:
        text = writer.contract(len(texts))
        try:
            compile(text, "text", "exec")
        except (SyntaxError, ValueError):
            continue
        texts.append(text)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "by_chance.py"
        file.write_text(head + "\n".join(texts))
        spec = importlib.util.spec_from_file_location("by_chance", file)
        module = importlib.util.module_from_spec(spec)
        sys.modules["by_chance"] = module
        spec.loader.exec_module(module)
        key, kept, refused = KeyPair.named("anna"), [], 0
        for number in range(count):
            made = getattr(module, f"C{number}")
            try:
                Blockchain("trial", producers=[key], contracts=[made("c0")])
            except InvalidContract:
                refused += 1
                continue
            kept.append(made)
            if len(kept) == 3:
                yield kept, refused
                kept, refused = [], 0


def run(seed, count):
    """Print the root after each block, and what became of each call."""
    writer, key = Writer(seed), KeyPair.named("anna")
    for kinds, refused in deployed(writer, count):
        contracts = [kind(f"c{n}") for n, kind in enumerate(kinds)]
        chain = Blockchain("fuzz", producers=[key], balances={key: 10**6}, contracts=contracts)
        for number in range(PER_BLOCK):
            given = writer.arguments()
            try:
                chain.call(key, f"c{number % 3}", "go", gas_limit=20_000, **given)
            except InvalidTransaction as error:
                print("invalid", error)
        block = chain.propose(key)
        again = Blockchain("fuzz", producers=[key], balances={key: 10**6}, contracts=contracts)
        assert again.receive(block.to_bytes())
        used = [(receipt.succeeded, receipt.gas_used) for receipt in chain.receipts()]
        assert len(used) == PER_BLOCK
        print(chain.id[:16], block.hash, chain.state.root.hex(), refused, *used)


def deeper(left, *given):
    return run(*given) if left <= 0 else deeper(left - 1, *given)


if __name__ == "__main__":
    seed, count, depth = map(int, sys.argv[1:])
    deeper(depth, seed, count)
