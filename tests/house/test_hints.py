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

# Names still without hints, each with all that stands below it. An entry that is no longer needed fails.
PENDING = (
    "exercises.check", "exercises.grade_folder", "exercises.take",
    "grid.DispatchModel", "grid.dc_opf",
    "market.deliverable", "market.nodal", "market.nodal_vcg",
    "systems.Lane", "systems.Way",
    "systems.all_ways", "systems.as_usual", "systems.busiest", "systems.central_dispatch", "systems.clear_step",
    "systems.comparison", "systems.correspondence", "systems.demand_response", "systems.half_hour_book",
    "systems.lane_day", "systems.market_day", "systems.price_bound", "systems.settled", "systems.time_of_use",
    "systems.transactive_market",
)  # fmt: skip


def found():
    """Faults of every public name by its name below the package."""
    for full in NAMES:
        module, name = full.rsplit(".", 1)
        short = full.removeprefix("tefoundations.")
        yield short, hint_faults(short, getattr(importlib.import_module(module), name))


def pending_faults(faults, pending):
    """Faults that are not waited for, and what is waited for in vain; `faults` are pairs (name, faults)."""
    faults = dict(faults)
    missing = [fault for name in faults if name not in pending for fault in faults[name]]
    return missing + [f"{name} is PENDING and lacks no hint" for name in pending if not faults.get(name)]


def test_every_public_name_has_hints():
    no(pending_faults(found(), PENDING))


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
    faults = {"paid": hint_faults("paid", paid), "held": []}
    assert pending_faults(faults, ("paid",)) == []
    assert pending_faults(faults, ("held", "gone")) == [
        "paid: what it returns has no hint",
        "held is PENDING and lacks no hint",
        "gone is PENDING and lacks no hint",
    ]


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
