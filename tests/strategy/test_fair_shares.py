"""Inequality, fair shares, bargains and envy, each against a second formulation."""

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog, minimize_scalar, nnls

from tefoundations.errors import InvalidInput
from tefoundations.strategy import (
    alpha_fair,
    envy,
    gini,
    lorenz,
    max_min,
    nash_bargaining,
    proportional_fair,
)

TWO_LINES = [[1, 1, 0], [1, 0, 1]], [1, 1]


def test_gini_is_the_mean_difference_and_twice_the_area():
    assert np.isclose(gini([3.5, 1.5, 0, 3.5, 1.5, 0]), 7 / 15)
    assert np.isclose(gini([10, 20, 30]), 2 / 9) and np.isclose(gini([110, 120, 130]), 0.037, atol=5e-4)
    rng = np.random.default_rng(1)
    for _ in range(50):
        x = rng.integers(0, 30, rng.integers(1, 9)) + (rng.random() < 0.5)
        if not x.any():
            continue
        pairs = abs(x[:, None] - x[None, :]).sum() / (2 * len(x) * x.sum())
        assert np.isclose(gini(x), pairs) and np.isclose(gini(x * 1e9), pairs) and np.isclose(gini(x * 1e-9), pairs)
        people, income = lorenz(x)
        assert np.isclose(gini(x), 1 - 2 * np.trapezoid(income, people))
        assert (np.diff(income, 2) > -1e-12).all() and (income[0], income[-1]) == (0, 1)


def filled_one_by_one(supply, needs):
    """Max-min by small drops: each goes to whoever has least and still needs."""
    found, drop = np.zeros(len(needs)), supply / 20_000
    for _ in range(20_000):
        wants = np.flatnonzero(found < np.asarray(needs) - 1e-12)
        if len(wants):
            found[wants[found[wants].argmin()]] += drop
    return found


def test_max_min_two_ways():
    assert max_min(10, [2, 4, 10]).tolist() == [2, 4, 4]
    rng = np.random.default_rng(2)
    for _ in range(8):
        needs = rng.integers(0, 12, 5)
        supply = float(rng.integers(1, needs.sum() + 3))
        found = max_min(supply, needs)
        assert np.allclose(found, filled_one_by_one(supply, needs), atol=5 * supply / 20_000)
        # as a network: one line all share, and one of its own each; whoever needs nothing takes no part
        wants = needs > 0
        own = np.vstack([np.ones(wants.sum()), np.eye(wants.sum())])
        assert np.allclose(alpha_fair(own, np.r_[supply, needs[wants]], np.inf).amounts, found[wants])


@pytest.mark.parametrize("alpha", [0.05, 0.5, 1, 2, 5, 20])
def test_the_long_trade_over_two_lines(alpha):
    found = alpha_fair(*TWO_LINES, alpha)
    assert np.isclose(found.amounts[0], 1 / (1 + 2 ** (1 / alpha)), rtol=1e-9)
    assert np.allclose(found.amounts[1:], 1 - found.amounts[0]) and found.full == (0, 1)


def test_what_fairness_costs():
    assert np.isclose(alpha_fair(*TWO_LINES, 0).total, 2) and np.isclose(alpha_fair(*TWO_LINES, np.inf).total, 1.5)
    assert np.isclose(1 - proportional_fair(*TWO_LINES).total / 2, 1 / 6)
    long_trade = [alpha_fair(*TWO_LINES, alpha).amounts[0] for alpha in (0.5, 1, 2, 5)]
    assert np.allclose(long_trade, [0.2, 1 / 3, 0.414, 0.465], atol=5e-4)


@pytest.mark.parametrize("n, proportional, most_to_least", [(3, 0.179, 0.25), (10, 0.468, 0.669)])
def test_the_bounds_of_the_price_of_fairness(n, proportional, most_to_least):
    """Bertsimas, Farias & Trichakis: 1 - (2 sqrt(n) - 1)/n and 1 - 4n/(n + 1)^2, for users with equal maxima."""
    bounds = 1 - (2 * np.sqrt(n) - 1) / n, 1 - 4 * n / (n + 1) ** 2
    assert np.allclose(bounds, [proportional, most_to_least], atol=5e-4)
    rng = np.random.default_rng(n)
    for _ in range(20):  # each could have 1 if it were alone
        takes = np.vstack([np.eye(n), (rng.random((3, n)) < 0.6) * 1.0])
        best = alpha_fair(takes, np.ones(len(takes)), 0).total
        for alpha, bound in zip((1, np.inf), bounds):
            assert 1 - alpha_fair(takes, np.ones(len(takes)), alpha).total / best <= bound + 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_prices_of_full_lines_explain_what_each_gets(seed):
    """Kuhn and Tucker: gain^-alpha is what a user pays for its lines, and only full lines have a price."""
    rng = np.random.default_rng(seed)
    takes = (rng.random((4, 7)) < 0.5) * rng.choice([1.0, 2.0], (4, 7))
    takes[0] = 1
    room, has, alpha = rng.uniform(1, 10, 4), rng.uniform(0, 0.05, 7), [0.3, 1, 2, 4, 10, 20][seed % 6]
    found = alpha_fair(takes, room, alpha, has)
    load = takes @ found.amounts
    assert (load <= room * (1 + 1e-9)).all() and (found.gains > 0).all() and np.allclose(found.outside, has)
    full = takes[list(found.full)]
    worth = (found.gains / found.gains.min()) ** -alpha
    assert nnls(full.T / worth[:, None], np.ones(7))[1] < 1e-6 * max(alpha, 1)
    scaled = alpha_fair(takes, room * 1e6, alpha, has * 1e6)
    assert np.allclose(scaled.amounts / 1e6, found.amounts, rtol=1e-7)


@pytest.mark.parametrize("seed", range(6))
def test_max_min_over_lines_is_a_row_of_programmes(seed):
    rng = np.random.default_rng(seed)
    takes, room = (rng.random((4, 6)) < 0.5) * 1.0, rng.integers(1, 9, 4)
    takes[0] = 1
    found, held = alpha_fair(takes, room, np.inf).gains, np.zeros(0, dtype=int)
    levels = np.full(6, -np.inf)
    while len(held) < 6:  # the most for the least; who could not have more keeps it
        rest = np.setdiff1d(np.arange(6), held)
        rows = np.vstack([np.column_stack([takes, np.zeros(4)]), np.column_stack([-np.eye(6)[rest], np.ones(len(rest))])])
        bounds = [(levels[i], levels[i]) if i in held else (0, None) for i in range(6)] + [(None, None)]
        level = -linprog(np.r_[np.zeros(6), -1.0], A_ub=rows, b_ub=np.r_[room, np.zeros(len(rest))], bounds=bounds).fun
        for i in rest:
            more = [(levels[j], levels[j]) if j in held else (level - 1e-9, None) for j in range(6)]
            if -linprog(-np.eye(6)[i], A_ub=takes, b_ub=room, bounds=more).fun < level + 1e-6:
                held, levels[i] = np.append(held, i), level
    assert np.allclose(found, levels, atol=1e-6)


def test_the_bargain_about_a_kilowatt_hour():
    assert np.allclose(nash_bargaining([[8, 22], [30, 0]], [8, 0]).utilities, [19, 11])
    assert np.allclose(nash_bargaining([[0, 30], [30, 0]], [0, 0]).utilities, [15, 15])  # the outside option forgotten
    assert np.allclose(nash_bargaining([[0, 130], [130, 0]], [0, 0]).utilities, [65, 65])  # and a wealth of 100 counted
    assert np.allclose(nash_bargaining([[8, 122], [30, 100]], [8, 100]).utilities, [19, 111])  # wealth counted rightly


@pytest.mark.parametrize("seed", range(30))
def test_a_bargain_is_best_on_the_lines_between_outcomes(seed):
    """Two players: the best mix lies between two outcomes, so all pairs are searched."""
    rng = np.random.default_rng(seed)
    outcomes, outside = rng.integers(0, 20, (6, 2)).astype(float), rng.integers(0, 4, 2)
    outcomes[0] = outside + 1  # something both like
    found = nash_bargaining(outcomes, outside)
    assert np.isclose(found.weights.sum(), 1) and np.allclose(found.weights @ outcomes, found.utilities)

    def lost(part, one, other):
        gains = part * one + (1 - part) * other - outside
        return -np.prod(gains) if (gains > 0).all() else 0.0

    pairs = [minimize_scalar(lost, bounds=(0, 1), args=pair, method="bounded", options={"xatol": 1e-12})
             for pair in combinations(outcomes, 2)]  # fmt: skip
    best = max([-pair.fun for pair in pairs] + [np.prod(np.maximum(one - outside, 0)) for one in outcomes])
    assert np.isclose(np.prod(found.gains), best, rtol=1e-6)
    other = nash_bargaining(outcomes * [1000, 0.001] + [5, 7], outside * [1000, 0.001] + [5, 7])
    assert np.allclose(other.gains / [1000, 0.001], found.gains, rtol=1e-6)  # units and wealth do not matter


def test_a_bargain_of_three_is_proportional_fairness():
    """Outcomes are the corners of what two lines can carry."""
    corners = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1]]
    assert np.allclose(nash_bargaining(corners, [0, 0, 0]).gains, proportional_fair(*TWO_LINES).amounts)


def test_envy_is_a_difference_in_a_row():
    found = envy([[0, 2, -np.inf], [-2, 0, 1], [3, -1, 4]], members=["a", "b", "c"])
    assert found.most == 2 and found.pair == ("a", "b") and found.envy.tolist() == [[0, 2, 0], [0, 0, 1], [0, 0, 0]]
    assert envy(np.zeros((2, 2))).pair is None


@pytest.mark.parametrize("call, words", [
    (lambda: gini([-2, 0, 3]), "person 0: incomes -2.0 must not be negative"),
    (lambda: gini([0, 0]), "must not all be 0"),
    (lambda: lorenz([]), "must not be empty"),
    (lambda: max_min(-1, [2]), "supply -1 must be"),
    (lambda: max_min(5, [2, np.inf]), "home 1: needs inf"),
    (lambda: alpha_fair([[1, 0]], [1], 1), "user 1 takes no line"),
    (lambda: alpha_fair([[1, 1]], [1], 1, [0.5, 0.5]), "line 0: capacity 1 must be above 1"),
    (lambda: alpha_fair([[1, 1]], [1], 50), "alpha 50 must be 0, which is .* from 0.05 to 20, or infinite"),
    (lambda: alpha_fair([[1, -1]], [1], 1), r"entry \(0, 1\): uses -1.0"),
    (lambda: nash_bargaining([[1, 0], [0, 1]], [2, 0]), "player 0 has 2 outside and no more in any outcome"),
    (lambda: nash_bargaining([[3, -3], [-3, 3]], [1, 1]), "no mix of them at which all players gain"),
    (lambda: envy([[0, 1]]), "row and a column for each member"),
    (lambda: envy([[-np.inf, 1], [0, 0]], ["a", "b"]), "a: worth of what it has itself must be finite"),
])  # fmt: skip
def test_what_has_no_meaning_is_refused_by_name(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()
