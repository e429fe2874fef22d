"""What is given in another order, twice, as a set, or beyond the range of numbers: refused by name, or read right."""

import sys

import numpy as np
import pandas as pd
import pytest

from tefoundations.errors import InvalidInput, NoConvergence
from tefoundations.strategy import (
    CoalitionGame,
    MarkovDecision,
    NormalFormGame,
    alpha_fair,
    best_reply_path,
    community_saving,
    cournot,
    critical_discount,
    envy,
    lerner,
    linear_supply_function,
    nash_bargaining,
    newsvendor,
    proportional_fair,
    q_learning,
    repeated_learners,
    residual_supply_index,
    shapley_sampled,
    sharing_keys,
    spread,
    stackelberg,
    value_of_information,
    worth_leaving,
)
from tefoundations.strategy.fairness.fair_optimum import fairest

PAY = [[18, 15], [20, 16]]
STATES = pd.DataFrame({"s": [8, 4], "t": [8, 16]})
BATTERIES = NormalFormGame([[(18, 18), (15, 20)], [(20, 15), (16, 16)]], actions=[("low", "high")] * 2)
COIN = MarkovDecision([[1, 2], [0, 1]], [[[0.5, 0.5]] * 2] * 2, 0.5, states=["dry", "wet"])


def named(**values):
    return pd.Series(values)


@pytest.mark.parametrize("call, words", [
    (lambda: newsvendor(named(a=0, b=10), 10, 16, 6, chances=named(b=0.9, a=0.1)), "chances: row 0 is 'b' by its index"),
    (lambda: lerner(named(a=5, b=6), named(b=1, a=2)), "marginal_cost: row 0 is 'b'"),
    (lambda: cournot(12, 1, named(a=0, b=3), named(b=3, a=10)), "capacities: row 0 is 'b'"),
    (lambda: stackelberg(12, 1, named(a=0, b=3), named(b=3, a=10)), "capacities: row 0 is 'b'"),
    (lambda: residual_supply_index(named(a=60, b=50), 100, contracted=named(b=30, a=0)), "contracted: row 0 is 'b'"),
    (lambda: residual_supply_index(named(a=60, b=50), 100, owner=named(b="x", a="y")), "owner: row 0 is 'b'"),
    (lambda: nash_bargaining(pd.DataFrame({"s": [8, 30], "b": [22, 0]}), named(b=0, s=8)), "outside: row 0 is 'b'"),
    (lambda: alpha_fair(pd.DataFrame({"u": [1, 1]}, ["l", "m"]), named(m=1, l=2), 1), "capacity: row 0 is 'm'"),
    (lambda: proportional_fair(pd.DataFrame({"u": [1], "v": [1]}), [3], named(v=1, u=0)), "outside: row 0 is 'v'"),
    (lambda: BATTERIES.payoff(("low", named(high=0.9, low=0.1))), "chances of player 1: row 0 is 'high'"),
    (lambda: value_of_information(STATES, named(t=0.5, s=0.5), np.eye(2)), "chances: row 0"),
    (lambda: value_of_information(PAY, named(t=0.5, s=0.5), pd.DataFrame({"s": [1, 0], "t": [0, 1]})), "of likely: row 0"),
    (lambda: envy(pd.DataFrame([[0, 1], [1, 0]], ["a", "b"], ["b", "a"])), "columns of worth: row 0 is 'b'"),
    (lambda: worth_leaving(pd.DataFrame(PAY, [3, 4], [4, 3]), [0], [0], 0.9), "columns of pay: row 0 is 4"),
    (lambda: q_learning(COIN, 10, rng=1, begin=named(wet=1.0, dry=0.0)), "begin: row 0 is 'wet' by its index, and 'dry'"),
])  # fmt: skip
def test_two_series_in_different_orders_are_refused(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()


def test_series_in_one_order_or_that_only_count_are_read():
    chances = named(a=0.1, b=0.9)
    assert newsvendor(named(a=0, b=10), 10, 16, 6, chances=chances).quantity == 10
    assert newsvendor(pd.Series([0, 10]), 10, 16, 6, chances=chances).quantity == 10
    assert newsvendor([0, 10], 10, 16, 6, chances=chances).quantity == 10
    assert BATTERIES.payoff(("low", named(low=1.0, high=0.0))).tolist() == [18, 18]


def test_members_that_bear_numbers_are_read_by_their_numbers():
    net = pd.DataFrame([[-4, 2.0]], columns=[1, 0])
    tariff, feed_in = pd.Series({0: 30, 1: 99}), pd.Series({0: 1, 1: 10})
    assert community_saving(net, tariff, feed_in) == 40  # 2 kWh, which save 30 and earned 10
    assert CoalitionGame.of_community(net, tariff, feed_in).values[-1] == 40
    assert sharing_keys(net, tariff, feed_in).saving == 40
    assert community_saving([[-4, 2.0]], pd.Series([99, 30]), pd.Series([10, 1])) == 40
    with pytest.raises(InvalidInput, match="tariff: its index has no '2'"):
        community_saving(pd.DataFrame([[-4, 2.0]], columns=[1, 2]), pd.Series([30, 30]), [1, 1])


@pytest.mark.parametrize("call", [
    lambda: CoalitionGame([0, 1, 1, 3], members={"a", "b"}),
    lambda: residual_supply_index([1, 2], 3, owner={"a", "b"}),
    lambda: best_reply_path(BATTERIES, {"low", "high"}),
])  # fmt: skip
def test_a_set_has_no_order(call):
    with pytest.raises(InvalidInput, match="which has no order"):
        call()


@pytest.mark.parametrize("call", [
    lambda: envy(np.zeros((21, 21)), members=["A"] * 21),
    lambda: shapley_sampled(lambda here: float(here.sum()), ["A"] * 21, orders=4, rng=1),
    lambda: shapley_sampled(lambda here: float(here.sum()), [*map(str, range(5000)), "7"], orders=4, rng=1),
])  # fmt: skip
def test_a_name_stands_once_in_a_long_list_too(call):
    with pytest.raises(InvalidInput, match="stands there twice"):
        call()


@pytest.mark.parametrize("call, words", [
    (lambda: alpha_fair([[1, 1, 0], [1, 0, 1]], [1, 1], 1e-7), "alpha 1e-07 must be 0, .* from 0.05 to 20"),
    (lambda: alpha_fair([[1, 1, 0], [1, 0, 1]], [1, 1], 5e-324), "from 0.05 to 20"),
    (lambda: alpha_fair([[0.5]], [1.7e308], 2), "user 0: what its lines can carry for it is more than a number can hold"),
    (lambda: proportional_fair(np.full((2, 3), 1e-310), [1, 1]), "user 0: what its lines can carry"),
    (lambda: nash_bargaining([[1e308, 1], [0, 2]], [-1e308, 0]), "outcome 0: what player 0 gains"),
    (lambda: CoalitionGame.of_community(np.ones((1, 40)), np.ones(40), np.ones(40)), "2 to 20 members, not 40"),
    (lambda: community_saving([[-4.0, 4]], [1e308, 1e308], [0, 0]), "more than a number can hold"),
    (lambda: critical_discount(10, 9, 20), "punished 20 must not be above together 10 where cheat 9 is not"),
    (lambda: BATTERIES.payoff((np.array([1.0]), "low")), "player 0: chance"),
    (lambda: NormalFormGame(np.zeros((2, 2, 2))).payoff((np.array([1.0]), 0)), "player 0: chance must be 2 numbers"),
    (lambda: NormalFormGame(np.zeros((2, 2, 2))).payoff((True, 0)), "player 0: True is none of its actions"),
    (lambda: NormalFormGame.from_payoffs([(0,)] * 70, lambda profile: np.zeros(70)), "at most 31 players, not 70"),
    (lambda: best_reply_path(BATTERIES, [np.array([1, 0]), "low"]), "a walk starts at one of its actions"),
    (lambda: best_reply_path(lambda who, others: None, [1, 2]), r"the reply of player 0 to \(2\) must be .* not a NoneType"),
    (lambda: best_reply_path(lambda who, others: np.ones(2), [1, 2]), "must be a number or a name, not an ndarray"),
    (lambda: best_reply_path(lambda who, others: 1, [1, ([1],)]), "the start of player 1 must be a number or a name"),
    (lambda: lerner([5], [1, 2]), "there are 1 prices and 2 marginal costs"),
    (lambda: lerner([5, 5e-324], [1, 2]), "seller 1: the price is so small"),
    (lambda: residual_supply_index([], 100), "capacity must be that of one plant at least"),
    (lambda: residual_supply_index([1], 100, owner=[([1],)]), r"owner \(\[1\],\) must be a name or a number"),
    (lambda: linear_supply_function(24, 5e-324, [1, 1]), "no number holds what firms offer"),
    (lambda: shapley_sampled(lambda here: 0.0, 10**4, orders=10**6, rng=1), "orders 1000000 are too many for 10000 members"),
    (lambda: MarkovDecision([[1e308]], [[[1]]], 0.9), "adds up to more than a number can hold"),
    (lambda: MarkovDecision(np.full((2, 1, 1), 1e308), [[[1]]], 1), "adds up to more than a number can hold"),
    (lambda: worth_leaving(np.full((2, 2), 1e308), [0], [0], 0.9), "adds up to more than a number can hold"),
    (lambda: repeated_learners(np.full((2, 2), 1e308), 0.9, rng=1), "adds up to more than a number can hold"),
])  # fmt: skip
def test_what_has_no_meaning_or_no_room_is_refused(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()


@pytest.mark.parametrize("alpha", [1e-7, 1e-6, 3e-7, 0.01, 300.0, 1e4])
def test_no_alpha_ends_the_process(alpha):
    """Beyond what `alpha_fair` takes, weights leave the range of numbers, at which the solver of shares would crash."""
    takes = np.array([[1.0, 1, 0], [1, 0, 1]])
    with pytest.raises(NoConvergence), np.errstate(all="ignore"):
        fairest(takes, np.ones(2), alpha, np.array([0.5, 0.5, 1e-3]))


def test_numpys_true_is_true():
    play = repeated_learners(PAY, 0.5, rng=1, memory=np.bool_(True), rounds=10, pairs=2)
    assert play.policies.shape == (2, 2, 4) and (play.policies == repeated_learners(
        PAY, 0.5, rng=1, rounds=10, pairs=2).policies).all()  # fmt: skip


def test_a_start_may_be_gone_through_once():
    assert best_reply_path(BATTERIES, iter(["low", "low"])).path[0] == ("low", "low")
    assert best_reply_path(lambda who, others: 1, iter([3, 3])).path[0] == (3, 3)


def test_a_long_walk_compares_each_pair_of_rounds_once():
    """Four times the rounds are sixteen times the pairs; where each comparison looks at the whole walk it is 64 times."""
    calls = []
    for rounds in (40, 160):
        count = 0

        def counted(frame, event, argument):
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(counted)
        try:
            walk = best_reply_path(lambda who, others: others[0] + 1, [0, 0], rounds=rounds)
        finally:
            sys.setprofile(None)
        assert walk.end == "rounds over"
        calls.append(count)
    assert calls[1] < 24 * calls[0]


def test_columns_of_one_name_are_not_lost():
    walk = best_reply_path(NormalFormGame(np.zeros((2, 2, 2)), players=["round", "you"]), (0, 1))
    frame = walk.to_frame()
    assert list(frame) == ["round", "action of round", "you"] and frame["action of round"].tolist() == [0, 0]
    game = NormalFormGame(PAY_TABLE, players=["equilibrium", "payoff of equilibrium"])
    frame = game.to_frame()
    assert len(set(frame)) == frame.shape[1] == 5 and frame["payoff of equilibrium"].tolist() == [18, 15, 20, 16]
    decision = MarkovDecision([[1, 2, 3, 4, 5.0]], [[[1]] * 5], 0.5, actions=["state", "best", 1, "1", "go"])
    worth = decision.solve().to_frame()
    assert list(worth) == ["state", "action 'state'", "action 'best'", "action 1", "action '1'", "go", "best"]
    two = MarkovDecision([[0], [0]], [[[0, 1]], [[1, 0]]], 0.5, states=[1, "1"]).to_frame()
    assert two["to 1"].tolist() == [0, 1] and two["to '1'"].tolist() == [1, 0]


PAY_TABLE = [[(18, 18), (15, 20)], [(20, 15), (16, 16)]]


def test_what_a_game_is_worth_cannot_be_written_over():
    with pytest.raises(ValueError, match="read-only"):
        CoalitionGame([0, 1, 1, 3]).values[0] = 7


@pytest.mark.parametrize("seed", range(30))
def test_shares_in_the_core_leave_no_gain_of_rounding(seed):
    rng = np.random.default_rng(seed)
    shares = rng.uniform(0, 1, 6)  # worths of coalitions are what their members get, added up in another order
    values = [sum(reversed([x for i, x in enumerate(shares) if s >> i & 1])) for s in range(64)]
    assert CoalitionGame(values).worst_excess(shares).gain == 0
    assert CoalitionGame(values).worst_excess(shares - np.eye(6)[0] * 1e-6).gain > 0.9e-6


def test_a_core_of_one_point_is_told_without_a_sign():
    for members in (2, 3, 5):
        core = CoalitionGame([3.3 * s.bit_count() for s in range(2**members)]).least_core()
        assert core.epsilon == 0 and "-0" not in repr(core) and not core.empty
        assert core.explain().endswith("no coalition gains by leaving, and one at least loses nothing.")


def test_nearly_certain_is_not_certain():
    now = spread(0, 10, 0.5, 0.9)
    with pytest.raises(InvalidInput, match="10 with a chance that no number tells from 1"):
        for _ in range(30):
            now = now.after("buy")
    with pytest.raises(InvalidInput, match="known for certain: 10"):
        spread(0, 10, 0.5, 1).after("buy")


def test_promises_of_any_size():
    assert critical_discount(-1e308, 1e308, -1e308) == 1 and critical_discount(*(n * 2.0**1000 for n in (18, 20, 16))) == 0.5
    assert critical_discount(18, 20, 19) == 1 and critical_discount(18, 17, 16) == 0


@pytest.mark.parametrize("fall, own", [(1e50, [1e-3, 1]), (1e30, [1, 1, 5]), (1e-3, [1, 2])])
def test_lines_of_very_different_slopes_are_best_replies(fall, own):
    found = linear_supply_function(24, fall, own)
    others = 1 / fall + np.array([sum(s for j, s in enumerate(found.slopes) if j != i) for i in range(len(own))])
    assert np.allclose(found.slopes, (1 - np.array(own) * found.slopes) * others, rtol=1e-9, atol=0)
    assert found.competitive_price <= found.price <= 24


def test_where_demand_is_flat_all_offer_their_cost():
    found = linear_supply_function(24, 6.8e-12, [1e7, 1e7])
    assert np.allclose(found.slopes * 1e7, 1) and found.price == pytest.approx(found.competitive_price)
