"""No bare traceback: whatever is handed to a public function or method, it gives a result or an error of this package.

The calls are those of the docstrings' examples; then each argument in turn is replaced by something that makes no sense.
"""

import importlib
import inspect
import signal
import warnings
from contextlib import contextmanager

import numpy as np
import pytest

from tefoundations.errors import TEError
from tefoundations.market import OrderBook
from tests.house.results import results_of
from tests.house.samples import DOORS, calls, public


def public_names(door):
    return importlib.import_module(f"tefoundations.{door}").__all__


NONSENSE = {
    "nan": float("nan"), "inf": float("inf"), "None": None, "text": "text", "no text": "", "nothing": [], "no dict": {},
    "ragged": [[1], [1, 2]], "object": object(), "-1": -1, "huge": 10**400, "nans": np.array([np.nan, 1.0]), "complex": 1j,
    "numbers": [1, 2, 3], "book": OrderBook.of([(1, 1)], [(0, 1)]),
}  # fmt: skip
LONGEST = 5.0  # seconds: what makes no sense is not computed with
# Made by functions of the package, never by a user, who reads their fields.
RESULTS = {cls for door in DOORS for cls in results_of(f"tefoundations.{door}", public_names(door))}
POOLS = {"ConstantProduct", "ConstantSum", "StableSwap", "ScoringRule"}
MADE_HERE = (RESULTS - {"OrderBook", "PrivacyBudget", "Scenarios"} - POOLS) | {
    "Orders", "Buses", "Lines", "Generators", "Bids", "DCLines", "DeviceSteps", "Links", "BlockTree", "EntryProof",
}  # fmt: skip
# Called by the package alone: by a simulator for each message and block; by a contract, whose faults of any kind are caught
# where it runs and become receipts (`contracts/calls.py`, run).
CALLED_HERE = {"Links.at", "Links.broadcast", "BlockTree.add", "Call"}
# What the examples do not call by itself, and why.
NOT_CALLED = {
    "data.community": "takes nothing", "exercises.take": "writes files",
    "ledger.NonFungibleToken": "its subclasses are made, and the chain calls them",
}  # fmt: skip


@pytest.fixture(scope="module")
def sampled():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return calls(public())


def rooms():
    return sorted({name.rpartition(".")[0] for name in public()})


class Late(BaseException):
    """A call that does not come back."""


@contextmanager
def at_most(seconds):
    """Stop what works longer; counted is the processor's time, as a busy machine is no fault of the call."""

    def late(*_):
        raise Late(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def replaced(bound, parameter, value):
    """The call with one argument replaced."""
    kind = bound.signature.parameters[parameter].kind
    if kind is inspect.Parameter.VAR_POSITIONAL:
        value = (value,)
    elif kind is inspect.Parameter.VAR_KEYWORD:
        value = dict.fromkeys(bound.arguments[parameter], value)
    return inspect.BoundArguments(bound.signature, bound.arguments | {parameter: value})


def faults(name, function, bound):
    """What comes of it where that is neither a result nor an error of this package."""
    for parameter in [one for one in bound.arguments if one not in ("self", "cls")]:
        for kind, value in NONSENSE.items():
            call = replaced(bound, parameter, value)
            try:
                with at_most(LONGEST):
                    function(*call.args, **call.kwargs)
            except TEError:
                continue
            except BaseException as error:
                yield f"{name}({parameter}={kind}): {type(error).__name__}: {str(error)[:80]!r}"


@pytest.mark.parametrize("room", rooms())
def test_no_bare_traceback(room, sampled, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, (function, bound) in sampled.items():
            owner, place = name.removesuffix(".__init__"), name.removeprefix(room + ".")
            if CALLED_HERE & {place, place.partition(".")[0]}:
                continue
            if not name.startswith(room + ".") or (room == "ledger" and name.startswith("ledger.consensus.")):
                continue
            if name.endswith(".__init__") and owner.rpartition(".")[2] in MADE_HERE:
                continue
            found += faults(name, function, bound)
    assert not found, "\n".join(["", *found])


def test_every_public_name_is_called_by_an_example(sampled):
    idle = {name for name in public() if not any(call == name or call.startswith(name + ".") for call in sampled)}
    assert idle == set(NOT_CALLED)
