"""Games in normal form: the numbers of the chapter, exact equilibria of small games, Gambit's of larger ones, refusals."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.strategy import NormalFormGame
from tests.strategy import exact

CARS = NormalFormGame([[(-20, -20), (-15, -17)], [(-17, -15), (-22, -22)]], [(1, 2), (1, 2)], ["you", "neighbour"])
BATTERIES = NormalFormGame([[(18, 18), (15, 20)], [(20, 15), (16, 16)]], actions=[(3, 4), (3, 4)])
TIED = Path(__file__).with_name("gambit.json")


def pair(rows, columns, highest):
    """Two tables of whole numbers; with a low `highest` they tie often."""
    table = st.lists(st.lists(st.integers(0, highest), min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    return st.tuples(table, table)


SIZES = st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from([1, 2, 5, 50]))


def drawn(game):
    return {tuple(np.round(np.concatenate(one.strategies), 7) + 0.0) for one in game.mixed_equilibria()}


def test_two_cars():
    assert CARS.pure_equilibria() == [(1, 2), (2, 1)]
    *pure, mixed = CARS.mixed_equilibria()
    assert [one.support for one in pure] == [((1,), (2,)), ((2,), (1,))] and all(one.is_pure for one in pure)
    assert np.allclose(mixed.strategies, [[0.7, 0.3]] * 2) and np.allclose(mixed.payoffs, -18.5)
    assert CARS.payoff((1, 2)).sum() == -32 and CARS.regret((1, 1)).tolist() == [3, 3]


def test_two_batteries():
    assert BATTERIES.pure_equilibria() == [(4, 4)] and len(BATTERIES.mixed_equilibria()) == 1
    assert BATTERIES.best_replies(0, [3]) == BATTERIES.best_replies(1, [4]) == [4]


@settings(max_examples=60, deadline=None)
@given(st.data(), SIZES)
def test_small_games_exactly(data, sizes):
    mine, theirs = data.draw(pair(*sizes))
    game = NormalFormGame(np.stack([mine, theirs], axis=-1))
    expected = {tuple(round(float(p), 7) for p in (*x, *y)) for x, y in exact.extreme_equilibria(mine, theirs)}
    assert drawn(game) == expected
    assert game.pure_equilibria() == exact.pure_equilibria(game.payoffs.tolist())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=36, max_size=36))
def test_three_players_exactly(values):
    game = NormalFormGame(np.reshape(values, (2, 3, 2, 3)))
    assert game.pure_equilibria() == exact.pure_equilibria(game.payoffs.tolist())
    for profile in itertools.product(range(2), range(3), range(2)):
        assert (game.regret(profile).max() == 0) == (profile in game.pure_equilibria())


def test_no_equilibrium_of_gambits_is_missed():
    """200 games with ties, solved by Gambit in exact arithmetic (tests/benchmarks/gambit_worker.py)."""
    kept = json.loads(TIED.read_text())
    assert len(kept["games"]) == 200 and sum(len(one["equilibria"]) for one in kept["games"]) == 984
    missed = 0
    for one in kept["games"]:
        game = NormalFormGame(np.stack([one["mine"], one["theirs"]], axis=-1))
        expected = {tuple(np.round(eval_fractions(found), 7) + 0.0) for found in one["equilibria"]}
        missed += drawn(game) != expected
    assert missed == 0


def eval_fractions(texts):
    return [float(exact.Fraction(text)) for text in texts]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(2, 6))
def test_every_equilibrium_found_is_one_and_generic_games_have_an_odd_number(seed, m, n):
    game = NormalFormGame(np.random.default_rng(seed).normal(size=(m, n, 2)))
    found = game.mixed_equilibria()
    assert len(found) % 2 == 1
    assert max(game.regret(one.strategies).max() for one in found) < 1e-9
    assert [one for one in found if one.is_pure] == found[: len(game.pure_equilibria())]


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e6, 1e9])
@pytest.mark.parametrize("shift", [0, 7])
def test_the_unit_of_money_does_not_matter(scale, shift):
    payoffs = np.random.default_rng(5).integers(0, 4, (4, 5, 2)).astype(float)
    one, other = NormalFormGame(payoffs), NormalFormGame(scale * (payoffs + shift))
    assert one.pure_equilibria() == other.pure_equilibria() and drawn(one) == drawn(other)


def test_actions_named_by_tuples_and_texts():
    game = NormalFormGame.from_payoffs(
        [[(1, 2), (2, 1)], ["a", "b"]], lambda profile: [profile[0][0], profile == ((1, 2), "b")]
    )
    assert game.pure_equilibria() == [((2, 1), "a"), ((2, 1), "b")]
    assert game.payoff(([0.5, 0.5], "b")).tolist() == [1.5, 0.5]


def test_a_table_for_readers_marks_equilibria():
    assert "16, 16 *" in BATTERIES._repr_html_() and "18, 18<" in BATTERIES._repr_html_()
    frame = CARS.to_frame()
    assert frame.loc[frame["equilibrium"], ["you", "neighbour"]].to_numpy().tolist() == [[1, 2], [2, 1]]
    assert frame["payoff of neighbour"].tolist() == [-20, -17, -15, -22]


def test_payoffs_are_kept_as_they_were():
    payoffs = np.zeros((2, 2, 2))
    game = NormalFormGame(payoffs)
    payoffs[:] = 1
    assert not game.payoffs.any()
    with pytest.raises(ValueError, match="read-only"):
        game.payoffs[0] = 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: NormalFormGame([[1, 2], [3, 4]]), r"shape \(2, 2\) have 1 axes of actions and 2 payoffs"),
        (lambda: NormalFormGame([[(1, 2), (3, float("nan"))]]), r"profile and player \(0, 1, 1\): payoff nan"),
        (lambda: NormalFormGame(np.zeros((0, 2, 2))), "needs players with actions each, not 0 x 2"),
        (lambda: NormalFormGame.from_payoffs([range(2000)] * 2 + [range(2)], None), "are 24,000,000 payoffs, and at most"),
        (lambda: NormalFormGame.from_payoffs([range(2)] * 2, sum), r"profile \(0, 0\): payoff must be one number for each"),
        (lambda: NormalFormGame([[(1, 2)]], actions=[(1,)]), "actions must name those of 2 players, not of 1"),
        (lambda: NormalFormGame([[(1, 2)]], actions=[(1,), (1, 2)]), "actions of player 1 must be 1, not 2"),
        (lambda: NormalFormGame([[(1, 2)]], players=["a", "a"]), "players: 'a' stands there twice"),
        (lambda: CARS.payoff((1, 3)), r"neighbour: 3 is none of its actions \[1, 2\]"),
        (lambda: CARS.payoff((1, [0.7, 0.4])), r"neighbour: chances \[0.7, 0.4\] add up to 1.1, not to 1"),
        (lambda: CARS.payoff(([1.5, -0.5], 1)), "you: chance -0.5 must not be negative"),
        (lambda: CARS.regret((1,)), "what each of 2 players does, not 1"),
        (lambda: CARS.best_replies(2, [1]), "player 2 must be a whole number from 0 to 1"),
        (lambda: CARS.best_replies(0, [1, 1]), "others must say what 1 others do, not 2"),
        (lambda: NormalFormGame(np.zeros((2, 2, 2, 3))).mixed_equilibria(), "for two players, and this game has 3"),
        (lambda: NormalFormGame(np.zeros((12, 12, 2))).mixed_equilibria(), "12 and 12 actions are too many"),
        (lambda: NormalFormGame(np.zeros((1, 70, 2))).mixed_equilibria(), "1 and 70 actions are too many"),
    ],
)  # fmt: skip
def test_what_is_refused(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()


def forbidden(worst):
    """A game of two equilibria and a draw between them, and an action that brings the worst whatever the other does."""
    mine = np.array([[2, 0, worst], [0, 1, worst], [worst] * 3], float)
    return NormalFormGame(np.stack([mine, mine.T], axis=-1))


@pytest.mark.parametrize("worst", [-10, -1e6, -1e8, -1e9, -1e10, -1e15, -1e300])
def test_a_forbidden_profile_drowns_no_difference(worst):
    draws = [one.strategies[0].round(9).tolist() for one in forbidden(worst).mixed_equilibria()]
    assert draws == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [round(1 / 3, 9), round(2 / 3, 9), 0]]


@settings(max_examples=60, deadline=None)
@given(st.data(), SIZES, st.sampled_from([-1e8, -1e9, -1e10, -1e13]))
def test_games_with_a_forbidden_profile_exactly(data, sizes, worst):
    mine, theirs = data.draw(pair(*sizes))
    i, j = (data.draw(st.integers(0, size - 1)) for size in sizes[:2])
    mine[i][j] = theirs[i][j] = int(worst)
    expected = {tuple(round(float(p), 7) for p in (*x, *y)) for x, y in exact.extreme_equilibria(mine, theirs)}
    assert drawn(NormalFormGame(np.stack([mine, theirs], axis=-1))) == expected


def test_cents_beside_thousands_are_told_apart():
    """A column that is counted in billions hides nothing of one that is counted in cents, whoever chooses it."""
    mine = np.array([[0.02, 0.0], [0.0, 3e10]])
    *_, mixed = NormalFormGame(np.stack([mine, mine.T], axis=-1)).mixed_equilibria()
    assert len(_) == 2 and mixed.strategies[0][1] == pytest.approx(0.02 / 3e10, rel=1e-9)
