"""What learners' code may do beside answering: it spoils no judgement, costs no time, says nothing, and ends no check."""

import builtins
import subprocess
import sys
from time import process_time

import numpy as np
import pandas as pd
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.kit import recipe
from tefoundations.exercises.kit.forms import number
from tefoundations.exercises.kit.trials import ask
from tefoundations.exercises.kit.values import MOST, plain
from tefoundations.exercises.registry import EXERCISES
from tests.exercises.learners import reason

NAMES = list(EXERCISES)
DRAWN = [name for name in NAMES if EXERCISES[name].parameters]
CLEARING = "double_auction/clearing"
LONG = f"<more than {MOST:,} values>"


def late(answer, right):
    """A function that is right until the sixth case, and then does what `answer` does."""
    calls = []

    def solution(*case):
        calls.append(case)
        return right(*case) if len(calls) < 6 else answer()

    return solution


def give_up():
    raise NotImplementedError("no such market")


@pytest.mark.parametrize("name", DRAWN)
def test_what_has_answered_is_no_stub(name, solutions):
    told = check(name, late(give_up, solutions[name]))
    assert told.state in ("wrong", "almost") and "it raises NotImplementedError: no such market" in told.reason
    told = check(name, late(lambda: ..., solutions[name]))
    assert told.state in ("wrong", "almost") and "<ellipsis>" in told.reason


# What the check itself uses


@pytest.mark.parametrize("name", NAMES)
def test_a_change_of_what_is_built_in_spoils_no_judgement(name, solutions):
    before = {key: getattr(builtins, key) for key in ("sum", "sorted", "max", "all")}

    def solution(*case):
        answer = solutions[name](*case) if callable(solutions[name]) else solutions[name]
        for key in before:
            setattr(builtins, key, lambda *args, **kwargs: 0)
        return answer

    told = check(name, solution)
    assert told.state == "correct", told
    assert all(getattr(builtins, key) is function for key, function in before.items())


def test_right_answers_are_computed_before_a_learners_function_runs(monkeypatch):
    used = {"factor": 2}

    def doubled(x):
        return used["factor"] * x

    made = recipe.exercise(
        "numbers/doubled", doubled, example=((3,), 6.0), draw=lambda rng: (int(rng.integers(1, 99)),),
        form=number("one number is asked for"), mistakes=(recipe.wrong("it squares.", lambda x: x * x),),
    )  # fmt: skip
    monkeypatch.setitem(EXERCISES.loaded, made.name, made)

    def solution(x):
        used["factor"] = 7
        return x + x

    assert check(made.name, solution)


# Long answers


def folded(depth):
    """A list of 2 ** depth numbers that takes hardly any room."""
    return [folded_once := folded(depth - 1), folded_once] if depth else 1.0


TOO_LONG = [
    np.zeros(10**6), np.broadcast_to(0.0, (10**6, 10**6)), [0] * 10**6, [[0] * 100] * 10**4, folded(60), "x" * 10**7,
    pd.Series(np.zeros(10**6)), [[] for _ in range(10**5)], [""] * 10**6, [np.zeros(0)] * 10**6,
    np.array([[0] * 10**6, None], dtype=object),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(TOO_LONG)))
def test_a_long_answer_is_told_of_in_words_and_at_once(number):
    began = process_time()
    told = reason("double_auction/curves", lambda *case: TOO_LONG[number], "wrong")
    assert LONG in told and len(told) < 500
    assert process_time() - began < 5  # copied and compared, they took a quarter of a minute


def test_arguments_made_long_are_only_changed_ones(solutions):
    told = check(CLEARING, lambda bids, asks: (solutions[CLEARING](bids, asks), bids.extend([(0, 0)] * 10**6))[0])
    assert told.state == "almost" and "it changes bids" in told.reason


def test_the_longest_answer_that_is_read():
    assert plain([0.0] * (MOST - 1)) == [0.0] * (MOST - 1) and plain([0.0] * MOST) == LONG


# Silence

SCRIPT = """
import os, sys
from tefoundations.exercises import check

def wanted_and_offered(bids, asks, price):
    os.write(1, b"one"), os.write(2, b"two"), os.system("echo three"), sys.__stdout__.write("four")
    return sum(q for p, q in bids if p >= price), sum(q for p, q in asks if p <= price)

print("before")
print(check("double_auction/curves").state, flush=True)
os.write(1, b"after")
"""


def test_a_script_shows_nothing_of_what_an_answer_writes():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("before\ncorrect\nafter", "")


def test_where_streams_are_taken_already_their_descriptors_are_left(capfd, solutions):
    """As in a kernel; what is written there, the kernel has to drop or to show."""

    def solution(*case):
        import os

        os.write(1, b".")
        return solutions[CLEARING](*case)

    assert ask(EXERCISES[CLEARING], solution, EXERCISES[CLEARING].example[0]).kind == "answer"
    assert capfd.readouterr().out == "."


# Exceptions, and classes that answer for themselves


def riddles():
    """Classes that do not even tell their names, by name; not in the module, where pytest would ask them."""

    class Riddle(type):
        @property
        def __name__(cls):
            raise RuntimeError("no name")

        def __getattribute__(cls, name):
            raise RuntimeError(f"no {name}")

    class Words(str):
        def strip(self, *args):
            raise RuntimeError("no words")

        split = __format__ = __len__ = __str__ = strip

    class Odd(Exception, metaclass=Riddle):
        def __str__(self):
            return Words(" some\nwords ")

    class Mute(BaseException, metaclass=Riddle):
        def __getattribute__(self, name):
            raise RuntimeError(f"no {name}")

        def __str__(self):
            raise SystemExit

    class Endless(Exception):
        def __str__(self):
            return str(self)

    class Thing(metaclass=Riddle):
        pass

    return {"Odd: some": Odd, "Mute": Mute, "Endless": Endless, "Thing": Thing}


@pytest.mark.parametrize("words", ["Odd: some", "Mute", "Endless"])
@pytest.mark.parametrize("name", NAMES)
def test_any_exception_is_told_by_its_name(name, words):
    def solution(*case):
        raise riddles()[words]()

    assert f"it raises {words}" in reason(name, solution, "wrong")


def test_a_class_that_does_not_tell_its_name_is_named():
    thing = riddles()["Thing"]()
    assert "it returns <Thing>, but two numbers" in reason("double_auction/curves", lambda *case: thing, "wrong")
    assert "is of type Thing, not a function" in reason(CLEARING, thing, "wrong")
