"""What a forecast is worth: Bayes' rule against the best of all decision rules, tried one by one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.strategy import value_of_information

SELL_OR_WAIT = [[8, 8], [16, 4]]


def right_with(q):
    return [[q, 1 - q], [1 - q, q]]


def best_rule(gains, chances, likely):
    """The best of all tables signal -> action, less the best of those that do not listen."""
    joint = np.asarray(likely) * chances  # of signal and state
    found = {rule: sum(joint[k] @ gains[action] for k, action in enumerate(rule)) for rule in
             product(range(len(gains)), repeat=len(likely))}  # fmt: skip
    return max(found.values()) - max(gain for rule, gain in found.items() if len(set(rule)) == 1)


@st.composite
def decisions(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    actions, states, signals = rng.integers([1, 1, 1], [4, 4, 5])
    gains = rng.integers(-6, 20, (actions, states)).astype(float)
    return gains, rng.dirichlet(np.ones(states)), rng.dirichlet(np.ones(signals), states).T


@given(decisions())
def test_it_is_what_the_best_rule_adds(case):
    assert value_of_information(*case).worth == pytest.approx(best_rule(*case), abs=1e-9)


@given(decisions(), st.integers(0, 2**32 - 1))
def test_a_forecast_told_on_by_a_bad_listener_is_worth_no_more(case, seed):
    """Blackwell: whoever garbles a signal, without looking at the state, cannot add to it."""
    gains, chances, likely = case
    garbled = np.random.default_rng(seed).dirichlet(np.ones(3), len(likely)).T @ likely
    whole = value_of_information(gains, chances, likely)
    assert value_of_information(gains, chances, garbled).worth <= whole.worth + 1e-9
    assert -1e-12 <= whole.worth <= whole.most + 1e-9


def test_the_kilowatt_hour_of_the_chapter():
    for q in np.linspace(0.5, 1, 101):
        found = value_of_information(SELL_OR_WAIT, [0.5, 0.5], right_with(q))
        assert found.worth == pytest.approx(max(6 * q - 4, 0), abs=1e-12)
        assert found.changes == (q > 2 / 3) and (found.changes or found.worth == 0) and found.most == 2


def test_drawn_by_chance():
    rng, n = np.random.default_rng(1), 200_000
    high = rng.random(n) < 0.5
    told_high = np.where(rng.random(n) < 0.8, high, ~high)
    sold = np.where(told_high, np.where(high, 16, 4), 8)
    error = sold.std() / np.sqrt(n)
    assert abs(sold.mean() - 10 - value_of_information(SELL_OR_WAIT, [0.5, 0.5], right_with(0.8)).worth) < 4 * error


def test_a_signal_that_never_comes_says_nothing():
    found = value_of_information(SELL_OR_WAIT, [0.5, 0.5], [[1, 0], [0, 1], [0, 0]])
    assert found.worth == 2 and found.replies == (1, 0, 1) and np.isnan(found.posteriors[2]).all()
    assert np.array_equal(found.posteriors[:2], np.eye(2)) and "signal 2 (chance 0)" in found.explain()


def test_ties_do_not_change_what_is_done():
    found = value_of_information([[0.1 + 0.2, 1], [0.3, 1]], [0.5, 0.5], np.eye(2))
    assert not found.changes and found.worth == 0


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_in_any_unit(scale):
    plain, scaled = (value_of_information(np.multiply(SELL_OR_WAIT, s), [0.5, 0.5], right_with(0.8)) for s in (1, scale))
    assert scaled.worth == pytest.approx(scale * plain.worth, rel=1e-12) and scaled.replies == plain.replies


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ((SELL_OR_WAIT, [0.5, 0.6], right_with(1)), r"chances \[0.5, 0.6\] add up to 1.1, not to 1"),
        ((SELL_OR_WAIT, [1.5, -0.5], right_with(1)), "state 1: chance -0.5 must not be negative"),
        ((SELL_OR_WAIT, [1.5, 0], right_with(1)), "state 0: chance 1.5 must be a number from 0 to 1"),
        ((SELL_OR_WAIT, [1], right_with(1)), "chance must be 2 numbers, one for each state, not 1"),
        ((SELL_OR_WAIT, [0.5, 0.5], [[0.8, 0.2], [0.2, 0.7]]), r"likely, state 1: chances \[0.2, 0.7\] add up to 0.9"),
        ((SELL_OR_WAIT, [0.5, 0.5], [[0.8], [0.2]]), "likely must have a column for each of 2 states, not 1"),
        (([[8, np.nan], [1, 2]], [0.5, 0.5], right_with(1)), "gain nan must be a finite number"),
        (([[]], [], [[]]), "gains must hold an action and a state at least"),
    ],
)
def test_what_has_no_meaning_is_refused_by_name(case, words):
    with pytest.raises(InvalidInput, match=words):
        value_of_information(*case)


def test_names_are_as_many_as_they_name():
    with pytest.raises(InvalidInput, match="must be 2 different names"):
        value_of_information(SELL_OR_WAIT, [0.5, 0.5], right_with(1), actions=["sell", "sell"])
