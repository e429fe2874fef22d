"""Every public function has hints for all it takes and for what it returns; mypy checks that the bodies keep them."""

import importlib
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property

from tefoundations.ledger import Contract
from tests.house.hints import hint_faults
from tests.house.sources import PACKAGE, ROOT, no
from tests.house.test_documented import NAMES


def faults_of(full):
    """Faults of one public name."""
    module, name = full.rsplit(".", 1)
    return hint_faults(full.removeprefix("tefoundations."), getattr(importlib.import_module(module), name))


def test_every_public_name_has_hints():
    no([fault for full in NAMES for fault in faults_of(full)])


def test_what_has_no_hint_is_reported():
    def cleared(book, k: float = 0.5) -> float: ...

    def paid(book: object): ...

    @dataclass(frozen=True)
    class Result:
        quantity: float

        @property
        def price(self): ...

        @cached_property
        def welfare(self): ...

        @classmethod
        def of(cls, book) -> "Result": ...

        def explain(self) -> str: ...

        def _private(self, other): ...

    class Pool:
        def __init__(self, reserve): ...

    class Token(Contract):
        def __init__(self, minter): ...

        def mint(self, call, amount): ...

    assert hint_faults("cleared", cleared) == ["cleared: parameter book has no hint"]
    assert hint_faults("paid", paid) == ["paid: what it returns has no hint"]
    assert hint_faults("Result", Result) == [
        "Result.price: what it returns has no hint",
        "Result.welfare: what it returns has no hint",
        "Result.of: parameter book has no hint",
    ]
    assert hint_faults("Pool", Pool) == ["Pool.__init__: parameter reserve has no hint"]
    assert hint_faults("Token", Token) == ["Token.__init__: parameter minter has no hint"]


def mypy(*arguments, cwd=ROOT):
    command = [sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", "--no-error-summary", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True).stdout


def test_the_bodies_keep_the_hints():
    no(mypy(PACKAGE).splitlines())


def test_mypy_reports_a_hint_that_is_wrong_or_half_given(tmp_path):
    (tmp_path / "planted.py").write_text(
        "def price(bid: float, ask) -> str:\n    return bid / 2\n\n\ndef _own(x):\n    return x\n"
    )
    printed = mypy("--cache-dir", tmp_path / "cache", "planted.py", cwd=tmp_path)
    assert "missing a type annotation" in printed and 'got "float", expected "str"' in printed
    assert printed.count("error:") == 2
