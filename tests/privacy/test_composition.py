"""What queries cost together, and what a spent budget refuses."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import BudgetSpent, InvalidInput, TEError
from tefoundations.privacy import PrivacyBudget, advanced_epsilon

COSTS = st.lists(st.integers(1, 200), max_size=30)


def test_ten_times_a_tenth_is_one():
    purse = PrivacyBudget(1)
    for day in range(10):
        purse.spend(f"day {day}", 0.1)
    assert purse.spent == (1.0, 0.0) and purse.left == 0 and len(purse.queries) == 10


def test_a_spent_budget_names_the_query_and_stays_as_it_is():
    purse = PrivacyBudget(0.3)
    purse.spend("total", 0.1)
    purse.spend("peak", 0.2)
    with pytest.raises(BudgetSpent, match="query 'histogram' asks for epsilon 0.01, and 0 is left of 0.3") as refusal:
        purse.spend("histogram", 0.01)
    assert isinstance(refusal.value, TEError)
    assert (refusal.value.query, refusal.value.asked, refusal.value.left) == ("histogram", 0.01, 0)
    assert [query for query, *_ in purse.queries] == ["total", "peak"] and purse.spent[0] == 0.3


@given(COSTS, st.integers(1, 1000))
def test_basic_composition_is_a_sum_and_never_exceeded(costs, most):
    purse, spent = PrivacyBudget(Fraction(most, 100)), 0
    for number, cost in enumerate(costs):
        try:
            purse.spend(number, Fraction(cost, 100))
            spent += cost
        except BudgetSpent:
            assert spent + cost > most
    assert (
        spent <= most and purse.spent[0] == pytest.approx(spent / 100) and purse.left == pytest.approx((most - spent) / 100)
    )


@given(COSTS, st.floats(0.1, 5), st.sampled_from([0.0, 1e-6]))
def test_what_is_said_to_be_left_fits_and_no_more(costs, most, slack):
    purse = PrivacyBudget(most, delta=slack, slack=slack)
    for number, cost in enumerate(costs):
        if cost / 1000 <= purse.left:
            purse.spend(number, cost / 1000)
    left = purse.left
    if left > 1e-6:
        with pytest.raises(BudgetSpent):
            purse.spend("a little more", left * (1 + 1e-6))
        purse.spend("all of it", left * (1 - 1e-9))
    assert purse.spent[0] <= most * (1 + 1e-9) and purse.spent[1] in (0.0, slack)


def test_deltas_add_up_and_slack_is_kept_apart():
    purse = PrivacyBudget(10, delta=3e-6, slack=1e-6)
    purse.spend("a", 0.1, 1e-6)
    purse.spend("b", 0.1, 1e-6)
    with pytest.raises(BudgetSpent, match="query 'c' asks for delta 1e-06, and 0 is left"):
        purse.spend("c", 0.1, 1e-6)
    purse.spend("c", 0.1)
    assert purse.spent[1] == pytest.approx(2e-6)  # three queries: the plain sum is less than advanced composition


def test_advanced_composition_wins_for_many_small_queries_only():
    assert advanced_epsilon([0.01] * 365, 1e-6) == pytest.approx(math.sqrt(2 * math.log(1e6) * 365) * 0.01 + 365 * 5e-5)
    assert advanced_epsilon([0.01] * 365, 1e-6) < 3.65
    assert advanced_epsilon([1] * 5, 1e-6) > 5
    plain, advanced = PrivacyBudget(1), PrivacyBudget(1, delta=1e-6, slack=1e-6)
    days = []
    for purse in (plain, advanced):
        day = 0
        while purse.left >= 0.01:
            purse.spend(day, 0.01)
            day += 1
        days.append(day)
    assert days[0] == 100 and days[1] > 300
    assert advanced.spent[1] == 1e-6 and plain.spent[1] == 0


def test_advanced_composition_bounds_the_privacy_loss_by_count():
    """Randomised response n times: the exact chance that the loss exceeds the bound is below slack, and not by far more."""
    epsilon, n, slack = 0.1, 400, 1e-3
    p = 1 / (1 + math.exp(-epsilon))
    k = np.arange(n + 1)
    logs = np.array([math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) for i in k])
    mine = np.exp(logs + k * math.log(p) + (n - k) * math.log(1 - p))
    other = np.exp(logs + k * math.log(1 - p) + (n - k) * math.log(p))
    bound = advanced_epsilon([epsilon] * n, slack)
    delta = np.maximum(mine - math.exp(bound) * other, 0).sum()
    assert delta <= slack and bound < n * epsilon
    assert np.maximum(mine - math.exp(0.5 * bound) * other, 0).sum() > slack


def test_explaining_and_table():
    purse = PrivacyBudget(1, delta=1e-5)
    purse.spend("total", 0.25)
    purse.spend("peak", 0.5, 1e-6)
    said = ["total: epsilon 0.25", "peak: epsilon 0.5, delta 1e-06", "together epsilon 0.75, delta 1e-06 of 1"]
    assert purse.explain().split("\n") == said
    assert purse.to_frame()["epsilon_so_far"].tolist() == [0.25, 0.75]
    assert PrivacyBudget(1).to_frame().empty and "0 queries" in repr(PrivacyBudget(1))


@pytest.mark.parametrize("given", [(0,), (-1,), (math.inf,), (1, -0.1), (1, 1), (1, 1e-6, 1e-5), ("1",), (True,)])
def test_a_budget_without_meaning(given):
    with pytest.raises(InvalidInput):
        PrivacyBudget(*given)


def test_a_query_without_meaning():
    for epsilon, delta in ((0, 0), (-1, 0), (math.nan, 0), (1, 1), (1, -1)):
        with pytest.raises(InvalidInput, match="epsilon|delta"):
            PrivacyBudget(5, delta=0.5).spend("total", epsilon, delta)
    with pytest.raises(InvalidInput, match="slack"):
        advanced_epsilon([1], 0)
