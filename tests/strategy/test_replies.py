"""Walks of best replies: who settles, who goes in a circle, and what is refused."""

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.strategy import NormalFormGame, best_reply_path, cournot

MATCHING = NormalFormGame([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]])


def reply(player, others):
    return max(0, (12 - sum(others)) / 2)


def totals(walk):
    return [sum(profile) for profile in walk.path]


@pytest.mark.parametrize("n", range(3, 9))
def test_three_and_more_sellers_at_once_never_settle(n):
    walk = best_reply_path(reply, [1] * n, order="at once")
    assert walk.end == "cycle"
    assert [sum(profile) for profile in walk.circle] == ([3, 15] if n == 3 else [0, 6 * n])


@pytest.mark.parametrize("n", range(2, 9))
def test_in_turn_they_settle_at_the_equilibrium(n):
    walk = best_reply_path(reply, [1] * n)
    assert walk.end == "settled" and np.allclose(walk.path[-1], cournot(12, 1, [0] * n).quantity, atol=1e-7)
    assert walk.circle == (walk.path[-1],)


def test_two_sellers_settle_either_way():
    walk = best_reply_path(reply, [1, 1], order="at once")
    assert walk.end == "settled" and totals(walk)[-1] == pytest.approx(8)


def test_sellers_undercut_each_other_and_begin_again():
    def paid(asks):
        sold = [2, 1] if asks[0] < asks[1] else [1, 2] if asks[0] > asks[1] else [1.5, 1.5]
        return [ask * q for ask, q in zip(asks, sold)]

    game = NormalFormGame.from_payoffs([range(6, 13)] * 2, paid)
    walk = best_reply_path(game, (12, 12), order="at once")
    assert walk.end == "cycle" and [a for a, _ in walk.path] == [12, 11, 10, 9, 8, 7, 6, 12]
    assert game.pure_equilibria() == [] and best_reply_path(game, (12, 12)).end == "cycle"
    (mixed,) = game.mixed_equilibria()
    assert mixed.support == ((7, 9, 10, 11, 12),) * 2 and np.allclose(mixed.payoffs, 12.0802, atol=5e-5)
    assert mixed.strategies[0] @ np.arange(6, 13) == pytest.approx(8.332, abs=5e-4)


def test_who_does_as_well_as_it_can_stays():
    indifferent = NormalFormGame(np.zeros((3, 3, 2)))
    assert best_reply_path(indifferent, (2, 1)).path == ((2, 1), (2, 1))


def test_a_game_of_opposites_goes_round_and_a_short_walk_is_still_on_the_move():
    walk = best_reply_path(MATCHING, (0, 0), order="at once")
    assert walk.end == "cycle" and walk.circle == ((0, 0), (0, 1), (1, 1), (1, 0))
    short = best_reply_path(MATCHING, (0, 0), order="at once", rounds=2)
    assert short.end == "rounds over" and short.circle == () and "Still on the move after 2 rounds" in short.explain()


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_walks_scale(scale):
    def other_unit(player, others):
        return max(0, (12 * scale - sum(others)) / 2)

    for order, start in (("in turn", [1, 1, 1]), ("at once", [1, 1, 1])):
        one, other = best_reply_path(reply, start, order), best_reply_path(other_unit, [scale * s for s in start], order)
        assert (one.end, one.rounds) == (other.end, other.rounds)
        assert np.allclose(np.array(other.path) / scale, one.path)


def test_actions_may_be_words():
    walk = best_reply_path(lambda who, others: "late" if others[0] == "early" else "early", ["early", "early"])
    assert walk.end == "settled" and walk.path[-1] == ("late", "early")
    assert walk.to_frame()["player 0"].tolist() == ["early", "late", "late"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: best_reply_path(MATCHING, (0, 0), order="backwards"), "order 'backwards' is not one of in turn, at once"),
        (lambda: best_reply_path(MATCHING, (0, 2)), r"player 1: 2 is none of its actions \[0, 1\]"),
        (lambda: best_reply_path(MATCHING, (0, [0.5, 0.5])), "player 1: a walk starts at one of its actions"),
        (lambda: best_reply_path(MATCHING, (0, 0), rounds=0), "rounds 0 must be a whole number from 1 to 1000"),
        (lambda: best_reply_path(reply, [1, [2]]), "the start of player 1 must be a number or a name, not a list"),
        (lambda: best_reply_path(reply, [float("nan"), 1]), "the start of player 0 nan must be a finite number"),
        (lambda: best_reply_path(reply, []), "start must say what each player does"),
        (lambda: best_reply_path(lambda *_: float("nan"), [1, 2]), r"the reply of player 0 to \(2\) nan must be a finite"),
        (lambda: best_reply_path(3, [1]), "must be a NormalFormGame or a function"),
    ],
)
def test_what_is_refused(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()
