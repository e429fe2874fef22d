"""What neighbours save and how it is shared: the dual against matchings and a transport problem; the lane's table."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from tefoundations.errors import InvalidInput
from tefoundations.strategy import CoalitionGame, community_saving, gini, sharing_keys
from tests.strategy.coalitions import by_matching, lane, matched, random_lane

KEYS = ("equal", "by need", "by surplus", "mid-market", "market price")
# ct: the saving, what mid-market saves, and what some gain by leaving under each key, Shapley and the nucleolus
TABLE = {
    "summer": (1268.49, 1153.7, (285.4, 451.7, 504.4, 210.5, 0, 27.3, -3.77)),
    "winter": (2301.58, 2073.7, (1031.2, 679.6, 348.9, 368.1, -0.56, 50.0, -1.25)),
    "holiday": (1455.86, 1346.7, (388.4, 392.1, 687.5, 232.3, -1.47, 20.4, -2.80)),
}


@pytest.fixture(scope="module", params=TABLE)
def day(request):
    return request.param, CoalitionGame.of_community(*lane(request.param)), sharing_keys(*lane(request.param))


@pytest.mark.parametrize("seed", range(30))
def test_a_coalition_saves_what_its_best_matching_saves(seed):
    rng = np.random.default_rng(seed)
    net, tariff, feed_in = random_lane(rng, n=int(rng.integers(2, 7)))
    game = CoalitionGame.of_community(net, tariff, feed_in)
    assert np.allclose(game.values, by_matching(net, tariff, feed_in), atol=1e-8)
    assert np.isclose(community_saving(net, tariff, feed_in), game.values[-1])


@pytest.mark.parametrize("seed", range(10))
def test_and_what_a_transport_problem_saves(seed):
    net, tariff, feed_in = random_lane(np.random.default_rng(seed), steps=1, n=6)
    need, over = np.maximum(net[0], 0), np.maximum(-net[0], 0)
    gain = (tariff[:, None] - feed_in[None, :]).ravel()
    rows = np.vstack([np.kron(np.eye(6), np.ones(6)), np.kron(np.ones(6), np.eye(6))])
    found = linprog(-gain, A_ub=rows, b_ub=np.r_[need, over])
    assert np.isclose(community_saving(net, tariff, feed_in), -found.fun)


def test_the_lanes_8192_coalitions_save_what_matchings_save(day):
    name, game, _ = day
    net, tariff, feed_in = (np.asarray(x, float) for x in lane(name))
    assert len(game.values) == 8192
    for s in np.random.default_rng(1).choice(8192, 40, replace=False):
        here = (s >> np.arange(13)) & 1 == 1
        assert np.isclose(game.values[s], matched(net[:, here], tariff[here], feed_in[here]), atol=1e-8)


def test_the_table_of_the_chapter(day):
    name, game, keys = day
    saving, mid, gains = TABLE[name]
    assert np.isclose(game.values[-1], saving, atol=0.005) and np.isclose(keys.saving, game.values[-1])
    assert np.isclose(keys.by("mid-market").sum(), mid, atol=0.05)
    shared = [*(keys.by(key) for key in KEYS), game.shapley(), game.nucleolus()]
    for shares, gain in zip(shared, gains):
        assert np.isclose(game.worst_excess(shares).gain, gain, atol=0.05)
    assert all(np.isclose(keys.by(key).sum(), keys.saving) for key in KEYS if key != "mid-market")


def test_how_unequal_the_summers_savings_are():
    game, keys = CoalitionGame.of_community(*lane("summer")), sharing_keys(*lane("summer"))
    shared = [keys.by("equal"), game.shapley(), keys.by("market price"), game.nucleolus(), keys.by("by need")]
    assert np.allclose([gini(shares) for shares in shared], [0, 0.321, 0.372, 0.386, 0.657], atol=5e-4)
    table = pd.DataFrame({"market": keys.by("market price"), "shapley": game.shapley()}, index=game.members)
    assert np.allclose(table.loc[["clinic", "home1"]], [[209.4, 203.6], [15.9, 24.9]], atol=0.05)


@pytest.mark.parametrize("seed", range(20))
def test_the_market_price_is_in_the_core(seed):
    net, tariff, feed_in = random_lane(np.random.default_rng(seed), steps=4, n=6)
    game, keys = CoalitionGame.of_community(net, tariff, feed_in), sharing_keys(net, tariff, feed_in)
    shares = keys.by("market price")
    assert np.isclose(shares.sum(), game.values[-1]) and game.worst_excess(shares).gain < 1e-9
    assert not game.least_core().empty and (shares >= 0).all()


def test_shapley_is_often_outside_the_core_of_such_a_game():
    games = [CoalitionGame.of_community(*random_lane(np.random.default_rng(seed), steps=1, n=6)) for seed in range(40)]
    leave = [game.worst_excess(game.shapley()).gain > 1e-9 for game in games]
    assert sum(leave) > 10


def test_nobody_trades_with_itself_or_where_it_loses():
    assert community_saving([[-2, 0], [0, 2]], [30, 30], [8, 8]) == 0  # not at the same time
    assert community_saving([[-2, 2]], [30, 9], [10, 8]) == 0  # outside pays more than the neighbour
    keys = sharing_keys([[-2, 0], [0, 2]], [30, 30], [8, 8])
    assert all(not keys.by(key).any() for key in KEYS)


def test_tables_are_read_by_their_names():
    net = pd.DataFrame({"roof": [-4.0], "home": [4.0]})
    tariff, feed_in = pd.Series({"home": 30, "roof": 26}), pd.Series({"home": 0, "roof": 10})
    game = CoalitionGame.of_community(net, tariff, feed_in)
    assert game.members == ("roof", "home") and game.worth(["roof", "home"]) == 80


@pytest.mark.parametrize("call, words", [
    (lambda: sharing_keys([[-1, np.nan]], [30, 30], [8, 8]), "net_load nan must be a finite number"),
    (lambda: sharing_keys([[-1, 1]], [30], [8, 8]), "tariff must be 2 numbers"),
    (lambda: sharing_keys(pd.DataFrame({"a": [1.0], "b": [-1.0]}), pd.Series({"a": 30, "c": 30}), [8, 8]), "has no 'b'"),
    (lambda: sharing_keys([[-1, 1]], [30, 30], [8, 8]).by("fair"), "key 'fair' is not one of equal"),
    (lambda: community_saving([], [], []), "net_load"),
])  # fmt: skip
def test_what_has_no_meaning_is_refused_by_name(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_a_day_is_shared_alike_in_any_unit(scale):
    net, tariff, feed_in = (np.asarray(x, float) for x in lane("holiday"))
    one, other = sharing_keys(net, tariff, feed_in), sharing_keys(net * scale, tariff, feed_in)
    assert all(np.allclose(other.by(key) / scale, one.by(key)) for key in KEYS)
