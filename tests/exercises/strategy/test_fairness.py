"""The chapter on fairness: its answers against the package, which computes them another way."""

import numpy as np

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES
from tefoundations.strategy import CoalitionGame, alpha_fair


def game_of(game):
    """The package's game of a list of coalitions."""
    worth = {"".join(sorted(who)): value for who, value in game}
    members = sorted({member for who in worth for member in who})
    return CoalitionGame.of(members, lambda who: worth["".join(who)])


def test_shapley_by_orders_is_shapley_by_coalitions(solutions):
    for (game,) in EXERCISES["fairness/shapley"].cases("public"):
        assert np.allclose(solutions["fairness/shapley"](game), game_of(game).shapley())


def test_who_gains_most_is_the_worst_excess(solutions):
    for game, shares in EXERCISES["fairness/gain_of_leaving"].cases("public"):
        worst = max(game_of(game).worst_excess(shares).gain, 0)
        assert np.isclose(solutions["fairness/gain_of_leaving"](game, shares), worst)


def test_max_min_is_fairness_without_end(solutions):
    """As a network: one line that all share, and one of its own for each that needs anything."""
    for supply, needs in EXERCISES["fairness/max_min"].cases("public"):
        wants = np.flatnonzero(needs)
        found = np.zeros(len(needs))
        if len(wants):
            takes = np.vstack([np.ones(len(wants)), np.eye(len(wants))])
            capacity = np.r_[supply, np.array(needs)[wants]]
            found[wants] = alpha_fair(takes, capacity, np.inf).amounts
        assert np.allclose(solutions["fairness/max_min"](supply, needs), found)


def test_coalitions_and_their_letters_come_in_no_particular_order(solutions):
    for name in ("fairness/shapley", "fairness/gain_of_leaving"):
        games = [case[0] for case in EXERCISES[name].cases("public")]
        assert sum(len(game[-1][0]) < max(len(who) for who, _ in game) for game in games) > 20  # the last is not the whole
        assert sum(any(who != "".join(sorted(who)) for who, _ in game) for game in games) > 20
        told = check(name, lambda game, *rest, name=name: solutions[name](sorted_only(game), *rest))
        assert not told and "KeyError" in told.reason


def sorted_only(game):
    """Who looks a coalition up by its letters as they are written."""
    found = dict(game)
    return [(who, found["".join(sorted(who))]) for who in found]


def test_who_cuts_at_an_equal_part_is_told(solutions):
    told = check("fairness/max_min", lambda supply, needs: [min(need, supply / len(needs)) for need in needs])
    assert told.reason.startswith("it gives each an equal part or what it needs")
