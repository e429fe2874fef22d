"""Two learners: the same draws in a plain loop, shares within their errors; and leaving, by all policies there are."""

from itertools import product

import numpy as np
import pytest

from tefoundations.data import learning_runs
from tefoundations.errors import InvalidInput
from tefoundations.strategy import LearnedPlay, MarkovDecision, repeated_learners, worth_leaving

PAY = [[18, 15], [20, 16]]
ALL = list(product((0, 1), repeat=4))
GRIM, WIN_STAY, TIT_FOR_TAT = (0, 1, 1, 1), (0, 1, 1, 0), (0, 1, 0, 1)


def discounted(pay, mine, other, discount, start, rounds=400):
    """What a player gets a round, by playing it out."""
    a, b = start
    total = 0.0
    for power in range(rounds):
        a, b = mine[2 * a + b], other[2 * b + a]
        total += discount**power * pay[a][b]
    return (1 - discount) * total


@pytest.mark.parametrize("discount", [0, 0.4, 0.8, 0.95])
def test_leaving_gains_what_the_best_of_all_policies_gains(discount):
    """Against a policy that looks one day back, one that does the same is as good as any: there are sixteen."""
    rng = np.random.default_rng(1)
    for other in ALL:
        mine = ALL[rng.integers(16)]
        start = tuple(int(x) for x in rng.integers(2, size=2))
        best = max(discounted(PAY, each, other, discount, start) for each in ALL)
        kept = discounted(PAY, mine, other, discount, start)
        assert np.isclose(worth_leaving(PAY, mine, other, discount, start=start), best - kept, atol=1e-7)


def test_three_actions_by_value_iteration():
    rng = np.random.default_rng(2)
    for _ in range(5):
        pay, discount = rng.integers(0, 20, (3, 3)), 0.7
        mine, other = rng.integers(3, size=(2, 9)).tolist()
        best, kept = np.zeros((3, 3)), np.zeros((3, 3))
        for _ in range(200):
            for value, moves in ((best, (0, 1, 2)), (kept, None)):
                new = np.empty((3, 3))
                for a, b in np.ndindex(3, 3):
                    reply = other[3 * b + a]
                    tried = moves or (mine[3 * a + b],)
                    new[a, b] = max(pay[x][reply] + discount * value[x, reply] for x in tried)
                value[:] = new
        gain = worth_leaving(pay, mine, other, discount, start=(2, 1))
        assert np.isclose(gain, (1 - discount) * (best - kept)[2, 1])


@pytest.mark.parametrize("seed", range(20))
def test_leaving_is_a_markov_decision_with_a_state_for_each_past(seed):
    """Written out with a chance for each next past, m^5 of them, which is why only few actions are tried."""
    rng = np.random.default_rng(seed)
    m, discount = int(rng.integers(2, 6)), float(rng.choice([0, 0.4, 0.9, 0.999]))
    pay, (mine, other) = rng.integers(0, 30, (m, m)).astype(float), rng.integers(0, m, (2, m * m))
    after, reward = np.zeros((m * m, m, m * m)), np.zeros((m * m, m))
    for own, others, action in np.ndindex(m, m, m):
        answer = other[others * m + own]
        after[own * m + others, action, action * m + answer] = 1
        reward[own * m + others, action] = pay[action, answer]
    decision = MarkovDecision(reward, after, discount)
    expected = (1 - discount) * (decision.solve().value - decision.value(mine))
    found = [worth_leaving(pay, mine, other, discount, start=divmod(past, m)) for past in range(m * m)]
    assert np.allclose(found, expected, atol=1e-8)


def test_sixty_actions_by_value_iteration():
    rng, m, discount = np.random.default_rng(1), 60, 0.8
    pay, (mine, other) = rng.uniform(0, 30, (m, m)), rng.integers(0, m, (2, m * m))
    own, others = np.divmod(np.arange(m * m), m)
    answer = other[others * m + own]
    after, reward = np.arange(m) * m + answer[:, None], pay[:, answer].T
    best, kept = np.zeros(m * m), np.zeros(m * m)
    for _ in range(200):
        best = (reward + discount * best[after]).max(axis=1)
        kept = reward[np.arange(m * m), mine] + discount * kept[after[np.arange(m * m), mine]]
    for past in (0, 7, 3599):
        gain = worth_leaving(pay, mine, other, discount, start=divmod(past, m))
        assert gain == pytest.approx((1 - discount) * (best - kept)[past], abs=1e-9)


def test_learners_with_thirty_actions_are_looked_at():
    play = repeated_learners(np.random.default_rng(1).uniform(0, 30, (30, 30)), 0.9, rng=1, rounds=30, pairs=2)
    assert play.worth_leaving.shape == (2, 2) and not play.is_equilibrium.any() and "2 pairs" in play.explain()


def test_a_win_stay_rival_is_worth_leaving_at_any_patience():
    for discount in (0.5, 0.99, 0.999999):
        gain = worth_leaving(PAY, WIN_STAY, WIN_STAY, discount)
        assert gain == pytest.approx(2 * (1 - discount) / (1 + discount), rel=1e-6)


def test_which_policies_hold_a_cartel_and_which_heal():
    """At 3 and 3 after each other: four of 256 pairs hold, nineteen come back after a blind move, and none does both."""

    def heals(mine, other):
        for a, b in ((1, 0), (0, 1)):
            for _ in range(8):
                a, b = mine[2 * a + b], other[2 * b + a]
            if (a, b) != (0, 0):
                return False
        return True

    stay = [(a, b) for a, b in product(ALL, ALL) if a[0] == b[0] == 0]
    for discount, number in ((0.4, 0), (0.5, 1), (0.9, 4), (0.99, 4)):
        hold = {(a, b) for a, b in stay if worth_leaving(PAY, a, b, discount) == worth_leaving(PAY, b, a, discount) == 0}
        assert len(hold) == number and hold <= set(product((GRIM, TIT_FOR_TAT), repeat=2))
        assert not any(heals(*both) for both in hold)
    assert sum(heals(*both) for both in stay) == 19 and heals(WIN_STAY, WIN_STAY)


def test_patience_that_each_policy_needs():
    assert worth_leaving(PAY, GRIM, GRIM, 0.5) == 0 < worth_leaving(PAY, GRIM, GRIM, 0.499)
    # Leave for a round, be punished for one: 20, 16, 20, 16, ... against 18 for ever.
    for discount in (0.5, 0.9, 0.99):
        assert np.isclose(worth_leaving(PAY, WIN_STAY, WIN_STAY, discount), (20 + 16 * discount) / (1 + discount) - 18)
    assert worth_leaving(PAY, [0], [0], 0.99) == pytest.approx(2)


def plain(pay, discount, rng, memory, all_actions, rounds):
    """One pair, one number at a time, on the draws that the package makes."""
    m, states = 2, 4 if memory else 1
    noise = rng.random((2, 1, states, m))
    table = [[[sum(pay[a]) / m / (1 - discount) + 1e-7 * 20 * noise[i, 0, s, a] for a in range(m)] for s in range(states)]
             for i in (0, 1)]  # fmt: skip
    last = [int(x) for x in rng.integers(m, size=(2, 1))[:, 0]]
    for n in range(1, rounds + 1):
        lots = rng.random((2, 2, 1))
        state = [last[i] * m + last[1 - i] if memory else 0 for i in (0, 1)]
        act = []
        for i in (0, 1):
            row = table[i][state[i]]
            act.append(int(lots[1, i, 0] * m) if lots[0, i, 0] < np.exp(-n / 1000) else row.index(max(row)))
        for i in (0, 1):
            other, old = act[1 - i], [list(row) for row in table[i]]
            for a in range(m) if all_actions else [act[i]]:
                after = a * m + other if memory else 0
                target = pay[a][other] + discount * max(old[after])
                table[i][state[i]][a] += 0.1 * (target - table[i][state[i]][a])
        last = act
    return [[row.index(max(row)) for row in rows] * (4 // states) for rows in table], last


@pytest.mark.parametrize("memory", [True, False])
@pytest.mark.parametrize("learns", ["own action", "all actions"])
def test_a_pair_learns_as_a_plain_loop_does(memory, learns):
    play = repeated_learners(PAY, 0.9, rng=3, memory=memory, learns=learns, rounds=3000, pairs=1)
    policies, last = plain(PAY, 0.9, np.random.default_rng(3), memory, learns == "all actions", 3000)
    assert play.policies[0].tolist() == policies and play.last[0].tolist() == last


@pytest.mark.parametrize(("discount", "memory", "learns"), [
    (0.5, True, "own action"), (0.9, True, "own action"), (0.95, False, "own action"), (0.99, False, "own action"),
    (0.9, True, "all actions"), (0.99, False, "all actions"),
])  # fmt: skip
def test_shares_are_those_of_the_kept_runs_within_their_errors(discount, memory, learns):
    """Another seed, 150 pairs: four standard errors of the difference, and nobody who holds the cartel."""
    play = repeated_learners(PAY, discount, rng=77, memory=memory, learns=learns, pairs=150)
    kept = learning_runs("two_learners").query(
        "pace == 'quick' and begins == 'where learning stopped' and discount == @discount and learns == @learns"
    )
    kept = kept[kept["memory"] == ("memory" if memory else "none")].iloc[0]
    before, now = (kept["cartel_stays"] + kept["cartel_leaves"]) / kept["pairs"], play.ends_at((0, 0)).mean()
    both = (before * kept["pairs"] + now * 150) / (kept["pairs"] + 150)
    assert abs(before - now) <= 4 * np.sqrt(both * (1 - both) * (1 / kept["pairs"] + 1 / 150))
    assert kept["cartel_stays"] == (play.ends_at((0, 0)) & play.is_equilibrium).sum() == 0


def test_ends_are_played_out():
    """What is said of a pair is what happens if it plays on."""
    play = repeated_learners(PAY, 0.8, rng=5, pairs=60)
    for k, ((mine, other), cycle) in enumerate(zip(play.policies.tolist(), play.cycles)):
        a, b = play.last[k].tolist()
        seen = []
        for _ in range(120):
            a, b = mine[2 * a + b], other[2 * b + a]
            seen.append((a, b))
        assert set(seen[60:]) == set(cycle)
        assert np.isclose(play.outcome[k, 0], np.mean([PAY[a][b] for a, b in seen[60:]]))  # 60 rounds: cycles of 1 to 4
        gains = [worth_leaving(PAY, mine, other, 0.8, start=spot) for spot in cycle]
        assert np.isclose(play.worth_leaving[k, 0], max(gains))
    table = play.to_frame()
    assert (
        table["pairs"].sum() == 60
        and np.isclose(table["share"].sum(), 1)
        and table["equilibria"].sum() == play.is_equilibrium.sum()
    )


def test_scaled_payoffs_change_nothing():
    plays = [repeated_learners(np.array(PAY) * scale, 0.9, rng=2, pairs=20, rounds=2000) for scale in (1, 2.0**30, 2.0**-30)]
    assert all((plays[0].policies == play.policies).all() for play in plays)
    assert all((plays[0].is_equilibrium == play.is_equilibrium).all() for play in plays)


def test_a_pair_that_goes_round_is_told_once():
    """Tit for tat against itself after a slip: each sells 4 every other day, and who begins has no meaning."""
    both = np.array([[TIT_FOR_TAT, TIT_FOR_TAT]] * 2)
    play = LearnedPlay(np.array(PAY, float), 0.9, both, np.array([[0, 1], [1, 0]]))
    assert play.to_frame()["ends"].tolist() == ["(0, 1) (1, 0)"] and play.outcome.tolist() == [[17.5, 17.5]] * 2
    assert play.explain().splitlines()[1].startswith("2 go round (0, 1) (1, 0); in 0 of them")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"pay": [[1, 2, 3], [1, 2, 3]]}, "pay must be a square table of 2 to 60 actions"),
        ({"discount": 1}, "discount 1 must be a number at least 0 and below 1"),
        ({"mine": [0, 1]}, "mine must be 1 action, or 4, one for each pair of last actions, not 2"),
        ({"other": [2]}, "other 2 must be a whole number from 0 to 1"),
        ({"start": (0, 2)}, "start 2 must be a whole number from 0 to 1"),
        ({"start": (0,)}, "start must be two actions"),
    ],
)  # fmt: skip
def test_leaving_what_makes_no_sense_is_named(given, words):
    given = {"pay": PAY, "mine": GRIM, "other": GRIM, "discount": 0.9} | given
    with pytest.raises(InvalidInput, match=words):
        worth_leaving(**given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"learns": "both"}, "learns 'both' is not one of own action, all actions"),
        ({"memory": 1}, "memory must be a bool, not an int"),
        ({"pairs": 0}, "pairs 0 must be a whole number"),
        ({"discount": 1}, "discount 1 must be"),
        ({"rate": lambda n: n * 0}, "round 1: rate 0 must be a number above 0"),
        ({"pay": np.ones((60, 60)), "pairs": 100}, "are too many"),
    ],
)  # fmt: skip
def test_learners_that_make_no_sense_are_named(given, words):
    given = {"pay": PAY, "discount": 0.9, "rng": 1, "rounds": 10} | given
    with pytest.raises(InvalidInput, match=words):
        repeated_learners(**given)


def test_the_duopoly_of_calvano_and_others():
    """Kept runs: prices far above those of a single round, and somebody who would gain by leaving in each pair."""
    runs = learning_runs("duopoly")
    assert len(runs) == 40 and 0.75 < runs["gain"].mean() < 0.95 and runs["gain"].min() > 0.3
    assert (runs[["leaving_first", "leaving_second"]].max(axis=1) > 0).all()
