"""Markov decisions: policy iteration and backward induction against value iteration, a linear programme and all policies."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from tefoundations.errors import InvalidInput
from tefoundations.strategy import MarkovDecision

INF = float("inf")


def drawn(rng, states=4, actions=3, discount=0.9, barred=0.2):
    """A random process; now and then an action is barred, never the first."""
    reward = rng.normal(size=(states, actions)).round(3)
    reward[:, 1:][rng.random((states, actions - 1)) < barred] = -INF
    return MarkovDecision(reward, rng.dirichlet(np.ones(states), (states, actions)), discount)


def battery(efficiency=1.0, discount=0.9):
    """1 kWh, prices of 4 and 10 with even odds; empty or full, before the price is known to act on."""
    empty, full = [0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]
    reward = [[0, -4], [0, -10], [0, 4 * efficiency], [0, 10 * efficiency]]
    return MarkovDecision(reward, [[empty, full], [empty, full], [full, empty], [full, empty]], discount)


def test_numbers_worked_by_hand():
    best = battery().solve()
    before = best.value.reshape(2, 2).mean(axis=1)
    assert np.allclose(before, [11.5, 18.5]) and np.isclose(0.9 * (before[1] - before[0]), 6.3)
    assert np.allclose(best.action_values, [[10.35, 12.65], [10.35, 6.65], [16.65, 14.35], [16.65, 20.35]])
    assert best.policy.tolist() == [1, 0, 0, 1]
    lossy = battery(0.9).solve().value.reshape(2, 2).mean(axis=1)
    assert np.allclose(lossy, [9.25, 15.75]) and np.isclose(0.9 * (lossy[1] - lossy[0]), 5.85)


@pytest.mark.parametrize("seed", range(12))
def test_policy_iteration_is_value_iteration_and_the_linear_programme(seed):
    decision = drawn(np.random.default_rng(seed), states=2 + seed % 5, discount=[0, 0.5, 0.9, 0.99][seed % 4])
    best, value = decision.solve(), np.zeros(len(decision.states))
    for _ in range(3000):
        value = (decision.reward + decision.discount * decision.transition @ value).max(axis=1)
    assert np.allclose(best.value, value, atol=1e-9) and np.allclose(best.action_values.max(axis=1), value, atol=1e-9)
    assert np.allclose(decision.value(best.policy), best.value)
    # The least values that no action beats: minimise their sum.
    open_pairs = np.argwhere(np.isfinite(decision.reward))
    rows = [decision.discount * decision.transition[s, a] - np.eye(len(value))[s] for s, a in open_pairs]
    right = [-decision.reward[s, a] for s, a in open_pairs]
    found = linprog(np.ones(len(value)), rows, right, bounds=(None, None))
    assert np.allclose(found.x, best.value, atol=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_no_policy_is_better_in_any_state(seed):
    decision = drawn(np.random.default_rng(seed), states=3)
    best = decision.solve().value
    allowed = [np.flatnonzero(np.isfinite(row)) for row in decision.reward]
    values = np.array([decision.value(policy) for policy in product(*allowed)])
    assert np.allclose(values.max(axis=0), best)


@pytest.mark.parametrize("seed", range(6))
def test_a_policy_that_draws_is_valued_as_the_sum_of_its_rewards(seed):
    rng = np.random.default_rng(seed)
    decision = drawn(rng, barred=0, discount=0.8)
    chances = rng.dirichlet(np.ones(3), 4)
    step = np.einsum("sa,san->sn", chances, decision.transition)
    reward, summed, ahead = (chances * decision.reward).sum(axis=1), np.zeros(4), np.eye(4)
    for power in range(200):
        summed += 0.8**power * ahead @ reward
        ahead = ahead @ step
    assert np.allclose(decision.value(chances), summed)


@pytest.mark.parametrize("seed", range(6))
def test_a_last_step_is_an_endless_walk_into_nothing(seed):
    """The same walk with a state for each step and state, and one after the end that pays nothing for ever."""
    rng = np.random.default_rng(seed)
    steps, states, actions = 4, 3, 2
    reward = rng.normal(size=(steps, states, actions)).round(3)
    chances = rng.dirichlet(np.ones(states), (states, actions))
    walk = MarkovDecision(reward, chances, 0.95)
    size = steps * states + 1
    wide, onward = np.zeros((size, actions)), np.zeros((size, actions, size))
    onward[-1, :, -1] = 1
    for t, s in np.ndindex(steps, states):
        wide[t * states + s] = reward[t, s]
        if t + 1 < steps:
            onward[t * states + s, :, (t + 1) * states : (t + 2) * states] = chances[s]
        else:
            onward[t * states + s, :, -1] = 1
    endless, best = MarkovDecision(wide, onward, 0.95).solve(), walk.solve()
    assert np.allclose(endless.value[:-1].reshape(steps, states), best.value)
    assert (endless.policy[:-1].reshape(steps, states) == best.policy).all()
    assert np.allclose(walk.value(best.policy), best.value)
    policy = rng.integers(actions, size=states)
    repeated = np.tile(policy, (steps, 1))
    assert np.allclose(walk.value(policy), walk.value(repeated))
    assert np.allclose(walk.value(np.eye(actions)[policy]), walk.value(repeated))


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_scaled_rewards_scale_the_values_alone(scale):
    decision = drawn(np.random.default_rng(3))
    larger = MarkovDecision(decision.reward * scale, decision.transition, decision.discount).solve()
    assert np.allclose(larger.value, scale * decision.solve().value, rtol=1e-9, atol=0)
    assert (larger.policy == decision.solve().policy).all()


def test_a_discount_near_one_still_tells_actions_apart():
    """Every half hour 1e-7 is lost: all values are ten million times a reward and nearly alike."""
    near, far = battery(discount=1 - 1e-7).solve(), battery(discount=0.99).solve()
    assert (near.policy == far.policy).all() and np.isclose(np.ptp(near.value), np.ptp(far.value), rtol=0.1)
    small = MarkovDecision([[1.0, 1.0 + 1e-5], [0.0, 0.0]], [[[0.5, 0.5]] * 2] * 2, 1 - 1e-7).solve()
    assert small.policy.tolist() == [1, 0]


def test_of_equals_the_first_is_taken():
    assert MarkovDecision([[1, 1, 0]], [[[1]] * 3], 0.9).solve().policy.tolist() == [0]
    assert MarkovDecision([[[0.1 + 0.2, 0.3]]], [[[1]] * 2], 1).solve().policy.tolist() == [[0]]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (([[1, 2]], [[[1], [1]]], 1), "discount 1 must be below 1: without a last step a sum of rewards has no end"),
        (([[1, 2]], [[[1], [1]]], -0.1), "discount -0.1 must be a number at least 0 and below 1"),
        (([[[1, 2]]], [[[1], [1]]], 1.5), "discount 1.5 must be a number from 0 to 1"),
        (([[1, 2], [0, 0]], [[[1, 0], [0.5, 0.4]], [[1, 0], [1, 0]]], 0.9),
         "state 'empty', action 'buy': chances of the next state add up to 0.9, not to 1"),
        (([[1, 2], [0, 0]], [[[1, 0], [1, 0]], [[1.5, -0.5], [1, 0]]], 0.9),
         "state 'full', action 'wait': chance 1.5 of state 'empty' must be from 0 to 1"),
        (([[1, 2], [0, 0]], [[[1, 0], [1, 0]], [[0.5, 0.5], [1, float("nan")]]], 0.9), "chance nan must be a finite number"),
        (([[1, 2], [-INF, -INF]], [[[1, 0], [1, 0]]] * 2, 0.9), "state 1: every action is barred"),
        (([[1, INF], [0, 0]], [[[1, 0], [1, 0]]] * 2, 0.9), "must be finite, or -inf where the action is barred"),
        (([[1, 2], [0, 0]], [[[1, 0]], [[1, 0]]], 0.9), r"transition must be of shape \(2, 2, 2\)"),
        (([1, 2], [[[1]]], 0.9), r"reward must be of shape \(states, actions\)"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_named(given, words):
    names = {"states": ["empty", "full"], "actions": ["wait", "buy"]} if np.shape(given[0]) == (2, 2) else {}
    with pytest.raises(InvalidInput, match=words):
        MarkovDecision(*given, **names)


def test_a_barred_action_needs_no_chances_and_is_refused_in_a_policy():
    decision = MarkovDecision([[1, -INF]], [[[1], [7]]], 0.5, states=["here"], actions=["stay", "go"])
    assert decision.solve().policy.tolist() == [0] and decision.value([0]) == 2
    with pytest.raises(InvalidInput, match="state 'here': action 'go' is barred there"):
        decision.value([1])
    with pytest.raises(InvalidInput, match="state 'here': action 2 is none of 0 to 1"):
        decision.value([2])
    with pytest.raises(InvalidInput, match="state 'here': chances of the actions add up to 0.5, not to 1"):
        decision.value([[0.5, 0]])
    with pytest.raises(InvalidInput, match=r"must be of shape \(1,\), not \(2,\)"):
        decision.value([0, 0])


def test_names_are_as_many_and_different():
    with pytest.raises(InvalidInput, match="states must be 1, not 2"):
        MarkovDecision([[1]], [[[1]]], 0.5, states=["a", "b"])
    with pytest.raises(InvalidInput, match="actions: 'a' stands there twice"):
        MarkovDecision([[1, 2]], [[[1], [1]]], 0.5, actions=["a", "a"])
    with pytest.raises(InvalidInput, match="states must be names, numbers or tuples"):
        MarkovDecision([[1]], [[[1]]], 0.5, states=[[1]])


def test_words_and_tables():
    decision, best = battery(), battery().solve()
    assert (
        "action 0, worth" not in best.explain()
        and best.explain().splitlines()[0] == "0: 1, worth 12.65 in all. 0 would be worth 10.35."
    )
    frame = decision.to_frame()
    assert len(frame) == 8 and np.allclose(frame.filter(like="to ").sum(axis=1), 1)
    assert best.to_frame()["best"].tolist() == best.policy.tolist()
    assert "4 states, 2 actions, discount 0.9" in repr(decision)
