"""Learners' code for the exercises of consensus, and the answers against the package and against plain definitions."""

from itertools import combinations
from types import SimpleNamespace

import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.ledger.consensus import pbft
from tefoundations.ledger.consensus.pbft_view_change import ViewChange

LIARS, NEEDED, TIMER = (f"consensus/{name}" for name in ("equivocators", "votes_needed", "timer"))
SEEDS = ["public", 0, 1, 2]


def reason(name, solution, state):
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


def on_example(name, answer, solutions):
    """The solution, wrong on the worked example only."""
    example = EXERCISES[name].example[0]
    return lambda *case: answer if case == example else solutions[name](*case)


# Who lied?


@pytest.mark.parametrize("seed", SEEDS)
def test_liars_by_looking_at_every_pair_of_votes(seed, solutions):
    seen = set()
    for (votes,) in EXERCISES[LIARS].cases(seed):
        pairs = [(a, b) for a, b in combinations(votes, 2) if a[:3] == b[:3] and a[3] != b[3] and a[4] and b[4]]
        liars = sorted({a[0] for a, _ in pairs})
        assert solutions[LIARS](votes) == liars
        seen.add(len(liars))
    assert {0, 1, 2} <= seen


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "a list of names"), ("shop", "a list of names"), ([1], "a list of names"), (["shop", "home1"], "alphabetical"),
        (["shop", "shop"], "twice"), (["home1", "shop"], "in the worked example"),
    ],
)  # fmt: skip
def test_what_is_told_of_wrong_names(answer, words, solutions):
    told = check(LIARS, on_example(LIARS, answer, solutions))
    assert told.state in ("wrong", "almost") and words in told.reason


def test_liars_in_corners(solutions):
    def one(votes):
        return solutions[LIARS](votes)[:1]

    assert "except when several are convicted" in reason(LIARS, one, "almost")


# How many votes?


def test_needed_by_trying_all_sets(solutions):
    for n in range(1, 8):
        for f in range(n):
            right = None
            for size in range(1, n - f + 1):
                sets = [set(some) for some in combinations(range(n), size)]
                if all(len(a & b) > f for a in sets for b in sets):
                    right = size
                    break
            assert solutions[NEEDED](n, f) == right
            assert (right is not None) == (n >= 3 * f + 1)
            if right is not None:
                assert right == pbft.quorum(n, f)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (3, "may share only 0"), (6, "never come if 1 of 6 are silent"), (3.5, "a whole number"), ("4", "a whole number"),
        (0, "a whole number"), (5, "it returns 5, not 4"), (None, "in the worked example"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_number(answer, words, solutions):
    told = check(NEEDED, on_example(NEEDED, answer, solutions))
    assert told.state in ("wrong", "almost") and words in told.reason


def test_the_answer_of_the_package_is_no_answer():
    assert "quorum" in reason(NEEDED, lambda n, f: pbft.quorum(n, f) if n > 3 * f else None, "wrong")


# When may the timer start?


@pytest.mark.parametrize("seed", SEEDS)
def test_the_timer_is_that_of_the_replicas(seed, solutions):
    seen = set()
    for view, heard, n, f in EXERCISES[TIMER].cases(seed):
        latest = {}
        for who, asked in heard:
            latest[who] = max(asked, latest.get(who, 0))
        replica = SimpleNamespace(view=view, quorum=pbft.quorum(n, f), statements={who: (v, ()) for who, v in latest.items()})
        answer = solutions[TIMER](view, heard, n, f)
        assert answer == ViewChange.may_start_timer(replica) and (0, view) in heard
        seen.add(answer)
    assert seen == {True, False}


@pytest.mark.parametrize(("answer", "words"), [(None, "True or False"), (3, "True or False"), (False, "in the worked example")])
def test_what_is_told_of_a_wrong_answer(answer, words, solutions):
    told = check(TIMER, on_example(TIMER, answer, solutions))
    assert told.state in ("wrong", "almost") and words in told.reason


def test_the_timer_in_corners(solutions):
    def fresh(view, heard, n, f):
        return solutions[TIMER](view, list(dict.fromkeys(heard)) if len(heard) < n else heard, n, f)

    assert check(TIMER, fresh)  # each replica asks for one view here, so that repeats are equal
    assert "it counts messages" in reason(TIMER, lambda v, heard, n, f: sum(a >= v for _, a in heard) > (n + f) // 2, "wrong")
