"""Coalition games: Shapley values, who leaves, the least core and the nucleolus, each by a second way."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.strategy import CoalitionGame, shapley_sampled
from tests.strategy.coalitions import (
    ROOF,
    kohlberg,
    least_core_by_balance,
    least_core_by_vertices,
    random_game,
    rows_of,
    shapley_by_orders,
)

SEEDS = range(25)


def test_the_hand_example():
    assert np.allclose(ROOF.shapley(), [140 / 3, 20 / 3, 80 / 3])
    worst = ROOF.worst_excess(ROOF.shapley())
    assert np.isclose(worst.gain, 20 / 3) and worst.coalition == ("P", "B")
    assert np.isclose(ROOF.worst_excess([80 / 3] * 3).gain, 80 / 3)
    assert np.allclose(ROOF.nucleolus(), [60, 0, 20])
    for p in np.linspace(0, 80, 17):  # the core: A gets nothing, P from 40 to 80
        assert (ROOF.worst_excess([p, 0, 80 - p]).gain <= 1e-9) == (p >= 40)
    assert ROOF.worst_excess([60, 1, 19]).gain == 1 and ROOF.least_core().epsilon == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_shapley_by_coalitions_is_shapley_by_orders(seed):
    rng = np.random.default_rng(seed)
    game = random_game(rng, int(rng.integers(2, 7)), superadditive=bool(seed % 2))
    assert np.allclose(game.shapley(), shapley_by_orders(game))


def test_shapley_is_the_share_of_each_in_the_dividends():
    """Harsanyi: what a coalition is worth beyond its parts is shared equally among its members."""
    game, found = random_game(np.random.default_rng(1), 5), np.zeros(5)
    dividend = game.values.copy()
    for s in range(1, 32):
        part = (s - 1) & s
        while part:
            dividend[s] -= dividend[part]
            part = (part - 1) & s
        here = [i for i in range(5) if s >> i & 1]
        found[here] += dividend[s] / len(here)
    assert np.allclose(game.shapley(), found)


@pytest.mark.parametrize("seed", range(5))
def test_samples_come_near_within_their_errors(seed):
    game = random_game(np.random.default_rng(seed), 6)
    estimate = game.shapley_sampled(2000, rng=seed)
    assert (abs(estimate.shares - game.shapley()) < 4 * estimate.error + 1e-9).all() and estimate.error.max() > 0
    assert np.isclose(estimate.shares.sum(), game.values[-1])
    assert np.array_equal(estimate.shares, game.shapley_sampled(2000, rng=seed).shares)


def test_the_standard_error_is_what_estimates_scatter_by():
    game = random_game(np.random.default_rng(3), 5)
    runs = [game.shapley_sampled(100, rng=seed) for seed in range(400)]
    scatter = np.std([run.shares for run in runs], axis=0)
    assert np.allclose(scatter, np.sqrt(np.mean([run.error**2 for run in runs], axis=0)), rtol=0.15)


def test_a_function_is_sampled_like_a_table():
    game, place = random_game(np.random.default_rng(2), 6), 1 << np.arange(6)
    asked = shapley_sampled(lambda here: game.values[here @ place], 6, orders=400, rng=5)
    assert (abs(asked.shares - game.shapley()) < 4 * asked.error + 1e-9).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_least_core_three_ways(seed):
    rng = np.random.default_rng(seed)
    game = random_game(rng, 2 + seed % 3, superadditive=bool(seed % 2))
    found = game.least_core()
    assert np.isclose(found.epsilon, least_core_by_balance(game)) and np.isclose(found.shares.sum(), game.values[-1])
    assert np.isclose(found.epsilon, least_core_by_vertices(game))
    assert np.isclose(game.worst_excess(found.shares).gain, found.epsilon) and found.empty == (found.epsilon > 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_nucleolus_is_balanced_at_every_level(seed):
    rng = np.random.default_rng(seed)
    game = random_game(rng, 3 + seed % 3)
    found = game.nucleolus()
    assert np.isclose(found.sum(), game.values[-1]) and kohlberg(game, found)
    assert game.worst_excess(found).gain <= game.least_core().epsilon + 1e-7
    moved = found + 0.5 * np.r_[1, -1, np.zeros(len(found) - 2)]
    assert not kohlberg(game, moved)  # the test can fail


def test_the_nucleolus_of_an_estate_is_the_talmuds():
    """Claims of 100, 200 and 300 on an estate (Aumann & Maschler 1985)."""
    claims = {"a": 100, "b": 200, "c": 300}
    for estate, shares in ((100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])):
        game = CoalitionGame.of("abc", lambda who, e=estate: max(e - sum(c for k, c in claims.items() if k not in who), 0))
        assert np.allclose(game.nucleolus(), shares)


def test_the_nucleolus_gives_nobody_less_than_it_has_alone():
    """The largest excess alone would take from C, who has nothing to lose by it but all it has."""
    game = CoalitionGame([0, 0, 0, 10, 6, 0, 0, 10])  # C has 6 alone, the whole is worth 10
    assert np.allclose(game.nucleolus(), [2, 2, 6])
    assert game.least_core().shares[2] < 6


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e6, 1e9])
def test_a_game_is_shared_alike_in_any_unit(scale):
    game = random_game(np.random.default_rng(4), 5)
    other = CoalitionGame(game.values * scale)
    for method in ("shapley", "nucleolus"):
        assert np.allclose(getattr(other, method)() / scale, getattr(game, method)(), rtol=1e-7)
    assert np.isclose(other.least_core().epsilon / scale, game.least_core().epsilon)
    assert other.worst_excess(game.shapley() * scale).coalition == game.worst_excess(game.shapley()).coalition


def test_coalitions_are_found_by_name_in_any_order():
    assert ROOF.worth("BP") == ROOF.worth(["P", "B"]) == 80 and ROOF.worth([]) == 0
    table = ROOF.to_frame().set_index("coalition")["worth"]
    assert table["P, B"] == 80 and len(table) == 8
    assert ROOF.worst_excess(pd.Series({"B": 20, "A": 0, "P": 60})).gain == 0
    rows = rows_of(3)
    assert np.allclose(ROOF.worst_excess([1, 2, 3]).gain, (ROOF.values[1:-1] - rows @ [1, 2, 3]).max())


@pytest.mark.parametrize("call, words", [
    (lambda: CoalitionGame([0, 1, 2]), "values must be 4, 8, 16"),
    (lambda: CoalitionGame([0, 1]), "values must be 4, 8, 16"),
    (lambda: CoalitionGame([1, 2, 3, 4]), "worth of nobody, the first, must be 0, not 1"),
    (lambda: CoalitionGame([0, 2, np.nan, 4]), "coalition 2: values nan"),
    (lambda: CoalitionGame(np.zeros(2**21)), "at most 20 members, not 21"),
    (lambda: CoalitionGame.of([f"home{i}" for i in range(21)], len), "2 to 20 members, not 21; `shapley_sampled`"),
    (lambda: CoalitionGame.of("A", len), "2 to 20 members, not 1"),
    (lambda: CoalitionGame.of("AA", len), "'A' stands there twice"),
    (lambda: CoalitionGame.of("AB", lambda who: None if who == ("B",) else 1), "worth of B None must be a finite number"),
    (lambda: CoalitionGame.of_community(np.zeros((1, 21)), np.ones(21), np.ones(21)), "2 to 20 members, not 21"),
    (lambda: ROOF.worth(["Q"]), "coalition: 'Q' is no member; members are P, A, B"),
    (lambda: ROOF.worth("PP"), "'P' stands there twice"),
    (lambda: ROOF.worst_excess([1, 2]), "shares must be 3 numbers"),
    (lambda: ROOF.worst_excess([1, np.inf, 2]), "A: shares inf must be a finite number"),
    (lambda: ROOF.worst_excess(pd.Series({"P": 1, "A": 2, "C": 3})), "shares: its index has no 'B'"),
    (lambda: ROOF.shapley_sampled(5, rng=1), "orders 5 must be even"),
    (lambda: CoalitionGame([0, 3, 3, 5]).nucleolus(), "worth 5, less than the 6 their members have alone"),
    (lambda: shapley_sampled(lambda here: 1.0, 2, orders=4, rng=1), "worth of nobody 1 must be 0"),
])  # fmt: skip
def test_what_has_no_meaning_is_refused_by_name(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()
