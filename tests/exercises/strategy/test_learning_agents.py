"""Learning agents: the exercises' answers against the package's policy iteration and another way to write an update."""

import numpy as np
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.strategy import LearnedPlay, MarkovDecision, worth_leaving
from tests.exercises.learners import reason, text_of, told_on_example

WORTH, UPDATES, LEAVING = (f"learning_agents/{name}" for name in ("stored_worth", "q_updates", "worth_leaving"))


@pytest.mark.parametrize("seed", ["public", 0, 1])
def test_worth_is_that_of_policy_iteration(seed, solutions):
    for prices, chances, eta, gamma in EXERCISES[WORTH].cases(seed):
        n = len(prices)
        empty, full = [*chances, *[0] * n], [*[0] * n, *chances]
        reward = [[0, -p] for p in prices] + [[0, eta * p] for p in prices]
        best = MarkovDecision(reward, [[empty, full]] * n + [[full, empty]] * n, gamma).solve().value
        assert np.allclose(solutions[WORTH](prices, chances, eta, gamma), [best[:n] @ chances, best[n:] @ chances])


@pytest.mark.parametrize("seed", ["public", 0, 1])
def test_updates_are_means_of_entry_and_target(seed, solutions):
    for Q, steps, alpha, gamma in EXERCISES[UPDATES].cases(seed):
        table = np.array(Q, float)
        for state, action, reward, after in steps:
            target = reward if after is None else reward + gamma * table[after].max()
            table[state, action] = np.average([table[state, action], target], weights=[1 - alpha, alpha])
        assert np.allclose(solutions[UPDATES](Q, steps, alpha, gamma), table)


@pytest.mark.parametrize("seed", ["public", 0, 1])
def test_gains_are_those_of_the_package(seed, solutions):
    for case in EXERCISES[LEAVING].cases(seed):
        assert np.isclose(solutions[LEAVING](*case), worth_leaving(*case), atol=1e-9)


def test_the_package_is_refused():
    assert reason(LEAVING, worth_leaving, "wrong") == "it calls worth_leaving, which is what you are asked to write."


def test_what_is_told_of_wrong_answers(solutions):
    assert "the worth of the empty battery, and of the full one" in told_on_example(WORTH, 11.5, solutions)
    assert "it is worth at least 0" in told_on_example(WORTH, (-1, 5), solutions)
    assert "2 rows, one for each state, of 2 numbers" in told_on_example(UPDATES, [[0, 1.6]], solutions)
    assert "one can always stay with one's policy" in told_on_example(LEAVING, -1, solutions)


def test_numbers_told_in_the_texts(sources):
    said = text_of(sources, "If it buys at 4 and sells at 10")
    for words in ("So F is E + 7, and E is 11.5", "0.9 · 7 = 6.3 ct"):
        assert words in said
    assert EXERCISES[WORTH].example[1] == [11.5, 18.5] and np.isclose(0.9 * 7, 6.3)
    said = text_of(sources, "The first step bought for 4 ct")
    assert "-4 + 0.9 · 8 = 3.2" in said and np.isclose(-4 + 0.9 * 8, 3.2) and "half of the way from 8 is 9" in said


def test_a_table_is_copied_row_by_row(solutions):
    name = UPDATES

    def shared(table, steps, alpha, gamma):
        mine = list(table)  # the rows are the same
        for row, new in zip(mine, solutions[name](table, steps, alpha, gamma)):
            row[:] = new
        return mine

    told = check(name, shared)
    assert told.state == "almost" and "row by row: [list(row) for row in table] makes one" in told.reason


def test_what_leaving_gains_is_not_read_off_the_package():
    def asked(pay, mine, other, delta):
        policies, last = np.array([[mine, other]]), np.array([[0, 0]])
        return float(LearnedPlay(np.array(pay, float), delta, policies, last).worth_leaving[0, 0])

    assert check(LEAVING, asked).reason == "it calls worth_leaving, which is what you are asked to write."
