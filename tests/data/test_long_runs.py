"""Kept runs of learners: the policies of the duopoly say again what is kept of it, and a cheat of one round is played."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from tefoundations.data import learning_runs
from tefoundations.strategy import LearnedPlay

DISCOUNT = 0.95


def comes(own, other):
    """Share of buyers of Calvano et al. (2020): logit, quality 2, softness 1/4, and a third choice."""
    here, there = np.exp(4 * (2 - own)), np.exp(4 * (2 - other))
    return here / (here + there + 1)


NASH = brentq(lambda p: 1 - 4 * (p - 1) * (1 - comes(p, p)), 1.1, 2)  # the own price's first-order condition
CARTEL = minimize_scalar(lambda p: -(p - 1) * comes(p, p), bounds=(1.1, 3), method="bounded", options={"xatol": 1e-9}).x
PRICES = np.linspace(NASH - (CARTEL - NASH) / 10, CARTEL + (CARTEL - NASH) / 10, 15)
PAY = (PRICES[:, None] - 1) * comes(PRICES[:, None], PRICES)


def play(rounds):
    run = learning_runs("duopoly_policies").query("rounds == @rounds")
    policies = np.array([[["abcdefghijklmno".index(c) for c in row[name]] for name in ("first", "second")]
                         for _, row in run.iterrows()])  # fmt: skip
    return LearnedPlay(PAY, DISCOUNT, policies, run[["last_first", "last_second"]].to_numpy())


def gains(mine, other, own, others):
    """What each price gains a round if it is asked once, after this past; by playing on for 600 rounds."""
    worth = []
    for price in [None, *range(15)]:
        a, b, total = own, others, 0.0
        for step in range(600):
            a, b = mine[15 * a + b], other[15 * b + a]
            a = price if step == 0 and price is not None else a
            total += DISCOUNT**step * PAY[a, b]
        worth.append((1 - DISCOUNT) * total)
    return np.array(worth[1:]) - worth[0], int(PAY[:, other[15 * others + own]].argmax())


def test_every_policy_answers_every_past():
    runs = learning_runs("duopoly_policies")
    assert runs.groupby("rounds")["pair"].apply(list).to_dict() == {n: list(range(40)) for n in (1_400_000, 2_500_000)}
    for text in runs[["first", "second"]].to_numpy().ravel():
        assert len(text) == 225 and set(text) <= set("abcdefghijklmno")


def test_the_policies_say_what_is_kept_of_the_run():
    kept, again = learning_runs("duopoly"), play(1_400_000)
    low, high = ((p - 1) * comes(p, p) for p in (NASH, CARTEL))
    assert np.allclose(kept["gain"], (again.outcome.mean(axis=1) - low) / (high - low), atol=1.5e-4)
    assert kept["cycle"].tolist() == [len(cycle) for cycle in again.cycles]
    assert np.allclose(kept["price"], [PRICES[np.array(cycle)].mean() for cycle in again.cycles], atol=1.5e-4)
    assert np.allclose(kept[["leaving_first", "leaving_second"]], again.worth_leaving, atol=3e-5)


@pytest.mark.parametrize("rounds, greedy, any_price", [(1_400_000, 32, 18), (2_500_000, 32, 17)])
def test_a_cheat_of_one_round_played_out(rounds, greedy, any_price):
    """The chapter on learning agents says these counts, by equations; here each cheat is played, price by price."""
    deterred = np.zeros(2, int)
    again = play(rounds)
    for both, cycle in zip(again.policies.tolist(), again.cycles):
        best = []
        for who in (0, 1):
            for spot in cycle:
                gain, today = gains(both[who], both[1 - who], spot[who], spot[1 - who])
                best.append((gain[today], gain.max()))
        deterred += np.max(best, axis=0) < 1e-9
    assert deterred.tolist() == [greedy, any_price]
