"""The mechanics of `check`: it finds, copies, silences, refuses, restores, and never raises."""

import sys
import types
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tefoundations.market as rooms
from tefoundations.exercises import Feedback, check
from tefoundations.exercises.kit.refusal import refused
from tefoundations.exercises.kit.trials import Trial
from tefoundations.exercises.kit.values import plain
from tefoundations.exercises.kit.verdicts import judge
from tefoundations.exercises.registry import EXERCISES
from tefoundations.market import OrderBook, crossing, pay_as_bid, uniform_price

CLEARING = "double_auction/clearing"
FORBIDDEN = {id(function): function for e in EXERCISES.values() for function in (*e.forbidden, e.reference)}


@pytest.fixture(autouse=True)
def nothing_stays_refused():
    """After every test each function has the code it had before."""
    before = [function.__code__ for function in FORBIDDEN.values()]
    yield
    assert [function.__code__ for function in FORBIDDEN.values()] == before
    assert uniform_price(OrderBook.of([(12, 1)], [(6, 1)])).price == 9


@pytest.mark.parametrize("name", list(EXERCISES))
def test_not_defined(name):
    told = check(name)
    assert told.state == "not defined" and EXERCISES[name].function in told.reason and not told


def test_unknown_names_say_which_exist():
    for name in ("double_auction/nothing", "", 7, None, []):
        told = check(name)
        assert told.state == "not defined" and all(known in told.reason for known in EXERCISES)


def test_finds_the_function_where_it_is_called(solutions):
    assert not check(CLEARING)
    clear = solutions[CLEARING]  # a local name of this function
    assert check(CLEARING)
    del clear
    space = {"check": check, "clear": solutions[CLEARING]}
    exec("def inside():\n    return check('double_auction/clearing')\ntold = inside()", space)
    assert space["told"]


def test_something_that_is_no_function():
    clear = [1, 2]
    told = check(CLEARING)
    assert told.state == "wrong" and "of type list, not a function" in told.reason
    del clear


def with_numbers(answer, number):
    """The answer with another number in place of each."""
    if isinstance(answer, list):
        return [with_numbers(each, number) for each in answer]
    return number if isinstance(answer, float) else answer


@pytest.mark.parametrize("name", list(EXERCISES))
@pytest.mark.filterwarnings("error")
def test_absurd_numbers_are_judged_like_others(name):
    """Rules of a check compute with the answer: exp of -1000, or the square of 1e200, must not end it."""
    exercise = EXERCISES[name]
    cases = exercise.cases("x")[:6]
    for number in (-1000.0, 1e6, 1e200, -1e308, 5e-324, float("inf"), float("nan")):
        outcomes = [Trial("answer", with_numbers(exercise.reference(*case), number)) for case in cases]
        if any(outcome.value != exercise.reference(*case) for outcome, case in zip(outcomes, cases)):
            assert judge(exercise, cases, outcomes).state in ("wrong", "almost")


def test_an_answer_its_own_rules_cannot_bear_gets_words(solutions):
    told = check("privacy/promise", lambda p, q: (0.5, -1000.0))
    assert told.state == "wrong" and "a value with which its check cannot even compute" in told.reason
    far = [1e200] * len(EXERCISES["power_flow/down_the_feeder"].example[0][0])
    told = check("power_flow/down_the_feeder", lambda loads, lines: far)
    assert told.state == "wrong"


def test_wrong_parameters():
    told = check(CLEARING, lambda bids: None)
    assert told.state == "wrong" and "cannot be called as clear(bids, asks)" in told.reason


def test_seed_from_environment(monkeypatch, solutions):
    seen = []

    def clear(bids, asks):
        seen.append((tuple(bids), tuple(asks)))
        return solutions[CLEARING](bids, asks)

    draws = []
    for seed in (None, "other", None):
        if seed:
            monkeypatch.setenv("TE_SEED", seed)
        else:
            monkeypatch.delenv("TE_SEED", raising=False)
        seen.clear()
        assert check(CLEARING, clear)
        draws.append(list(seen))
    assert draws[0] == draws[2] != draws[1]
    seen.clear()
    assert check(CLEARING, clear, seed="other") and seen == draws[1]


def test_prints_are_silenced(capsys, solutions):
    def clear(bids, asks):
        print("look")
        print("here", file=sys.stderr)
        return solutions[CLEARING](bids, asks)

    assert check(CLEARING, clear)
    assert capsys.readouterr() == ("", "")


def test_changing_the_orders_does_not_spoil_the_check(solutions):
    def clear(bids, asks):
        answer = solutions[CLEARING](bids, asks)
        bids.clear()
        return answer

    told = check(CLEARING, clear)
    assert told.state == "almost" and "changes bids" in told.reason


# Refusals


def _as_answer(clearing):
    return clearing.quantity, clearing.bid_quantity, clearing.ask_quantity


alias = uniform_price


@pytest.mark.parametrize(
    ("name", "clear"),
    [
        ("uniform_price", lambda bids, asks: _as_answer(uniform_price(OrderBook.of(bids, asks)))),
        ("uniform_price", lambda bids, asks: _as_answer(alias(OrderBook.of(bids, asks), k=1))),
        ("uniform_price", lambda bids, asks: _as_answer(rooms.uniform_price(OrderBook.of(bids, asks)))),
        ("pay_as_bid", lambda bids, asks: _as_answer(pay_as_bid(OrderBook.of(bids, asks)))),
        ("cross", lambda bids, asks: _as_answer(crossing.cross(OrderBook.of(bids, asks)))),
        ("uniform_price", lambda bids, asks: uniform_price(bids)),
        ("clear", lambda bids, asks: EXERCISES[CLEARING].reference(bids, asks)),
    ],
)
def test_package_answers_refuse(name, clear):
    told = check(CLEARING, clear)
    assert told.state == "wrong" and told.reason == f"it calls {name}, which is what you are asked to write."


def test_imported_inside_the_function():
    def clear(bids, asks):
        from tefoundations.market import uniform_price as mine

        return _as_answer(mine(OrderBook.of(bids, asks)))

    assert "it calls uniform_price" in check(CLEARING, clear).reason


def test_the_function_itself_handed_in():
    assert "it calls clear," in check(CLEARING, EXERCISES[CLEARING].reference).reason
    told = check(CLEARING, lambda bids, asks, price=uniform_price: price(OrderBook.of(bids, asks)))
    assert "it calls uniform_price" in told.reason


def test_catching_the_refusal_does_not_help(solutions):
    def clear(bids, asks):
        with suppress(BaseException):
            uniform_price(OrderBook.of(bids, asks))
        return solutions[CLEARING](bids, asks)

    assert "it calls uniform_price" in check(CLEARING, clear).reason


def test_refusal_of_methods_and_closures_and_nesting():
    kept = OrderBook.of

    def outer():
        inside = 3

        def inner():
            return inside

        return inner

    closed = outer()
    with refused([OrderBook.of, closed]) as attempts:
        for call in (kept, closed):
            with pytest.raises(Exception, match="is what you are asked to write"):
                call()
        with refused([closed]) as others, pytest.raises(Exception, match="inner"):
            closed()
        assert (attempts, others) == (["of", "inner"], ["inner"])
    assert closed() == 3 and len(kept([(1, 1)], []).bids) == 1


def test_restored_after_an_interrupt():
    def clear(bids, asks):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(CLEARING, clear)


# Nothing is raised


class Hostile:
    """Raises at whatever is asked of it."""

    def __getattribute__(self, name):
        raise RuntimeError(f"no {name}")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None

    def __len__(self):
        raise RuntimeError("no length")


class BadMessage(Exception):
    def __str__(self):
        raise RuntimeError("no words")


endless = []
endless.append(endless)
GARBAGE = [
    Hostile(), endless, object(), {1: 2}, {1}, b"x", 1j, 10**400, float("nan"), float("inf"), "text", "<x>", True,
    range(3), iter([1]), lambda: 0, uniform_price, [Hostile(), [], []], (1, 2), [[], [], []], ["a", [], []], types,
]  # fmt: skip


@pytest.mark.parametrize("name", list(EXERCISES))
@pytest.mark.parametrize("number", range(len(GARBAGE)))
def test_garbage_is_wrong(name, number):
    told = check(name, lambda *case: GARBAGE[number])
    assert isinstance(told, Feedback) and told.state in ("wrong", "almost") and told.reason
    assert repr(told) and told._repr_html_()


ERRORS = [SystemExit, GeneratorExit, StopIteration, RecursionError, MemoryError, BadMessage, ExceptionGroup, Warning]


@pytest.mark.parametrize("name", list(EXERCISES))
@pytest.mark.parametrize("error", ERRORS)
def test_anything_raised_is_wrong(name, error):
    def solution(*case):
        raise error("told", [ValueError()]) if error is ExceptionGroup else error("told")

    told = check(name, solution)
    assert told.state == "wrong" and f"it raises {error.__name__}" in told.reason


def test_garbage_callables():
    for solution in (Hostile, print, int, len, type, OrderBook, Feedback, check, sys.exit, iter, "".join, dict.get):
        assert not check(CLEARING, solution)


answers = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.complex_numbers(),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner, inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=60, deadline=None)
@given(answer=answers, name=st.sampled_from([name for name, exercise in EXERCISES.items() if exercise.parameters]))
def test_any_answer_gives_feedback(answer, name):
    told = check(name, lambda *case: answer)
    assert told.state != "correct" and not told


def test_reasons_are_the_same_every_time():
    def clear(bids, asks):
        raise ValueError(f"{object()}\nsecond line")

    first, second = check(CLEARING, clear), check(CLEARING, clear)
    assert first == second and repr(first) == repr(second) and "second line" not in first.reason


# Feedback


def test_feedback_is_frozen_and_says_its_state():
    told = Feedback("a/b", "wrong", "it returns <b>.")
    with pytest.raises(AttributeError):
        told.state = "correct"
    html = told._repr_html_()
    assert "te-feedback-wrong" in html and "wrong" in html and "&lt;b&gt;" in html and "<script" not in html
    assert "te-feedback-still-missing" in Feedback("a/b", "still missing", "")._repr_html_()
    assert [bool(Feedback("a/b", state, "")) for state in ("correct", "almost")] == [True, False]


def test_plain_reads_arrays_and_series():
    import numpy as np
    import pandas as pd

    assert plain((np.float32(0.5), np.arange(2), pd.Series([1, 2]), np.bool_(True), 2)) == [
        0.5, [0.0, 1.0], [1.0, 2.0], True, 2.0,
    ]  # fmt: skip
