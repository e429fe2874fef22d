"""Q-learning: the same draws in a plain loop give the same table; it comes to the right one; policies are valued exactly."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.strategy import MarkovDecision, q_learning
from tests.strategy.test_markov_decisions import INF, battery, drawn


def plain(decision, rounds, rng, explore, rate):
    """One learner of an endless walk, one number at a time, on the draws that the package makes."""
    states, actions = decision.reward.shape
    table = [[0.0 if np.isfinite(r) else -INF for r in row] for row in decision.reward]
    met = [[0] * actions for _ in range(states)]

    def draw(chances, lot):
        summed = 0.0
        for place, chance in enumerate(chances):
            summed += chance
            if lot < summed:
                return place

    state = draw([1 / states] * states, rng.random(1)[0])
    for _ in range(rounds):
        lots = rng.random((1, 1, actions + 2))[0, 0]
        if lots[0] < explore:
            tried = [lot if np.isfinite(r) else -1 for lot, r in zip(lots[2:], decision.reward[state])]
            action = tried.index(max(tried))
        else:
            action = table[state].index(max(table[state]))
        after = draw(decision.transition[state, action], lots[1])
        met[state][action] += 1
        target = decision.reward[state, action] + decision.discount * max(table[after])
        table[state][action] += rate(met[state][action]) * (target - table[state][action])
        state = after
    return table


@pytest.mark.parametrize("seed", range(5))
def test_the_table_is_that_of_a_plain_loop(seed):
    decision = drawn(np.random.default_rng(seed))
    learned = q_learning(decision, 2000, rng=seed, explore=0.3, rate=lambda n: n**-0.7)
    assert np.allclose(learned.tables[0, 0], plain(decision, 2000, np.random.default_rng(seed), 0.3, lambda n: n**-0.7))


def test_tables_come_to_the_right_one_and_slower_by_means():
    """Largest error of twenty in 20,000 steps, mean of ten: the ranks hold, and factors of three."""
    store, right = battery(), battery().solve().action_values
    errors = {}
    for name, rate in (("1/n", lambda n: 1 / n), ("n**-0.6", None), ("0.1", 0.1)):
        tables = q_learning(store, 20_000, rng=1, rate=rate, learners=10).tables[0]
        errors[name] = np.abs(tables - right).max(axis=(1, 2)).mean()
    assert errors["n**-0.6"] < errors["0.1"] / 2 and errors["0.1"] < errors["1/n"] / 3
    assert 0.1 < errors["n**-0.6"] < 0.9 and 0.3 < errors["0.1"] < 2.5 and 2 < errors["1/n"] < 20


def walk():
    """Three steps, two states; the last action is barred in the second state."""
    rng = np.random.default_rng(5)
    reward = rng.integers(-3, 6, (3, 2, 3)).astype(float)
    reward[:, 1, 2] = -INF
    return MarkovDecision(reward, rng.dirichlet([1, 1], (2, 3)), 1)


def test_a_walk_with_a_last_step_is_learned_too():
    decision = walk()
    learned = q_learning(decision, 8_000, rng=1, explore=1.0, learners=3, rate=lambda n: 1 / n)
    right = decision.solve()
    open_pairs = np.isfinite(decision.reward)
    assert np.abs(learned.tables[0][:, open_pairs] - right.action_values[open_pairs]).max() < 0.3
    assert np.isneginf(learned.tables[0][:, ~open_pairs]).all()
    # In the last step nothing is ahead, so the mean of what was met is the reward itself.
    assert np.allclose(learned.tables[0][:, -1][:, open_pairs[-1]], decision.reward[-1][open_pairs[-1]])


def test_learned_policies_are_valued_as_many_walks_would():
    decision, rng = walk(), np.random.default_rng(2)
    learned = q_learning(decision, 4, rng=3, explore=1.0)
    policy, begin = learned.policies[0, 0], np.array([0.25, 0.75])
    totals = []
    for _ in range(4000):
        state, total = rng.choice(2, p=begin), 0.0
        for step in range(3):
            action = policy[step, state]
            total += decision.reward[step, state, action]
            state = rng.choice(2, p=decision.transition[state, action])
        totals.append(total)
    exact = learned.values(begin)[0, 0]
    assert abs(np.mean(totals) - exact) < 4 * np.std(totals) / np.sqrt(4000)


def test_looks_are_of_one_run():
    store = battery()
    long, short = (
        q_learning(store, rounds, rng=4, learners=3, looks=looks) for rounds, looks in ((900, [300, 900]), (300, None))
    )
    assert (long.tables[0] == short.tables[0]).all() and long.rounds.tolist() == [300, 900]
    frame = long.to_frame()
    assert len(frame) == 6 and (frame["worth"] <= frame["best"] + 1e-9).all()
    assert long.explain().splitlines()[0].startswith("After 300 rounds the policies of 3 learners are worth")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rounds": 0}, "rounds 0 must be a whole number"),
        ({"explore": 1.2}, "explore 1.2 must be a number from 0 to 1"),
        ({"explore": lambda n: 2 / n}, "round 1: explore 2 must be a number from 0 to 1"),
        ({"rate": 0}, "rate 0 must be a number above 0 and at most 1"),
        ({"rate": lambda n: n - 2}, "round 1: rate -1 must be a number above 0 and at most 1"),
        ({"looks": [5, 3]}, "looks must be rounds in rising order"),
        ({"looks": [50]}, "looks 50 must be a whole number from 1 to 10"),
        ({"begin": [0.5, 0.4, 0, 0]}, "chances of the first state add up to 0.9, not to 1"),
        ({"learners": 10_000, "rounds": 1000, "looks": list(range(1, 900))}, "are too many"),
        ({"rng": None}, "rng None must be"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_named(given, words):
    given = {"rounds": 10, "rng": 1} | given
    with pytest.raises(InvalidInput, match=words):
        q_learning(battery(), given.pop("rounds"), **given)
