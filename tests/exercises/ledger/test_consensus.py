"""Consensus: the answers against the package and against plain definitions, and what is told."""

from itertools import combinations
from types import SimpleNamespace

import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.ledger.consensus import pbft
from tefoundations.ledger.consensus.pbft.view_change import ViewChange
from tests.exercises.learners import told_on_example

LIARS, NEEDED, TIMER = (f"consensus/{name}" for name in ("equivocators", "votes_needed", "timer"))
SEEDS = ["public", 0, 1, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_liars_by_looking_at_every_pair_of_votes(seed, solutions):
    seen = set()
    for (votes,) in EXERCISES[LIARS].cases(seed):
        pairs = [(a, b) for a, b in combinations(votes, 2) if a[:3] == b[:3] and a[3] != b[3] and a[4] and b[4]]
        liars = sorted({a[0] for a, _ in pairs})
        assert solutions[LIARS](votes) == liars
        seen.add(len(liars))
    assert {0, 1, 2} <= seen


def test_needed_by_trying_all_sets(solutions):
    for n in range(1, 8):
        for f in range(n):
            right = None
            for size in range(1, n - f + 1):
                sets = [set(some) for some in combinations(range(n), size)]
                if all(len(a & b) > f for a in sets for b in sets):
                    right = size
                    break
            assert solutions[NEEDED](n, f) == right == EXERCISES[NEEDED].reference(n, f)
            assert (right is not None) == (n >= 3 * f + 1)
            assert right is None or right == pbft.quorum(n, f)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_timer_is_that_of_the_replicas(seed, solutions):
    """Each replica asks for one view here, so that it does not matter which of its messages counts."""
    seen = set()
    for view, heard, n, f in EXERCISES[TIMER].cases(seed):
        latest = {who: (asked, ()) for who, asked in heard}
        replica = SimpleNamespace(view=view, quorum=pbft.quorum(n, f), statements=latest)
        answer = solutions[TIMER](view, heard, n, f)
        assert answer == ViewChange.may_start_timer(replica) and (0, view) in heard and len(set(heard)) == len(latest)
        seen.add(answer)
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        (LIARS, None, "a list of names"), (LIARS, "shop", "a list of names"), (LIARS, [1], "a list of names"),
        (LIARS, ["shop", "home1"], "alphabetical"), (LIARS, ["shop", "shop"], "twice"),
        (NEEDED, 3, "may share only 0"), (NEEDED, 6, "never come if 1 of 6 are silent"), (NEEDED, 3.5, "a whole number"),
        (NEEDED, "4", "a whole number"), (NEEDED, 0, "may share only 0"), (NEEDED, 5, "it returns 5, not 4"),
        (NEEDED, None, "it returns None, not 4"), (TIMER, None, "True or False"), (TIMER, 3, "True or False"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_answer(name, answer, words, solutions):
    assert words in told_on_example(name, answer, solutions)


def gone(view, heard):
    return len({who for who, asked in heard if asked >= view})


@pytest.mark.parametrize(
    ("name", "learner", "words"),
    [
        (NEEDED, lambda n, f: 2 * f + 1, "it is the 2 f + 1 of the textbooks, whatever n is. There n is 3 f + 1."),
        (NEEDED, lambda n, f: n // 2 + 1, "it is the simple majority, whatever f is."),
        (NEEDED, lambda n, f: 2 * n // 3 + 1, "it is more than two thirds of n, whatever f is."),
        (NEEDED, lambda n, f: n - f, "it is n - f: that many votes do come."),
        (NEEDED, lambda n, f: (n + f) // 2 + 1, "right on what two sets must share, but where n is below 3 f + 1"),
        (TIMER, lambda view, heard, n, f: gone(view, heard) >= n - f, "where n is above 3 f + 2"),
        (TIMER, lambda view, heard, n, f: gone(view, heard) > n / 2, "it is the simple majority"),
        (TIMER, lambda view, heard, n, f: gone(view, heard) == n, "it waits for all n"),
    ],
)  # fmt: skip
def test_numbers_of_the_textbooks_get_their_reason(name, learner, words):
    for seed in SEEDS:
        assert words in check(name, learner, seed=seed).reason
