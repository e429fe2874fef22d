"""How much to sell in advance: the quantile against a linear programme, a search, and the formula of the normal law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.stats import norm

from tefoundations.errors import InvalidInput
from tefoundations.strategy import newsvendor


def least_cost(outputs, price, short, long, chances):
    """The same as a linear programme: what is missing and what is over in each case, for one quantity."""
    n = len(outputs)
    cost = [0, *np.multiply(chances, short - price), *np.multiply(chances, price - long)]
    balance = np.hstack([np.ones((n, 1)), -np.eye(n), np.eye(n)])  # quantity - missing + over = output
    return linprog(cost, A_eq=balance, b_eq=outputs, bounds=[(0, None)] * (2 * n + 1)).fun


@st.composite
def sales(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, price = rng.integers(1, 9), int(rng.integers(-5, 20))
    outputs, chances = rng.integers(0, 12, n), rng.dirichlet(np.ones(n))
    return outputs.astype(float), price, price + int(rng.integers(0, 15)), price - int(rng.integers(1, 15)), chances


@given(sales())
def test_no_quantity_costs_less(case):
    *given_prices, chances = case
    plan = newsvendor(*given_prices, chances=chances)
    assert plan.cost == pytest.approx(least_cost(*case), abs=1e-7)
    assert plan.cost <= plan.cost_of(plan.mean) + 1e-9
    less = plan.quantity - 1e-3
    assert plan.cost_of(less) > plan.cost - 1e-12  # the least of the best: below it something is lost
    assert less < plan.outputs.min() or plan.cost_of(less) > plan.cost


def test_the_roof_of_the_chapter():
    plan = newsvendor([0, 2, 10], price=10, short=16, long=6)
    assert (plan.quantity, plan.fractile) == (2, 0.4) and plan.mean == pytest.approx(4, rel=1e-15)
    assert plan.cost == pytest.approx(44 / 3) and plan.cost_of(4) == pytest.approx(20)
    searched = min(np.linspace(0, 12, 1201), key=plan.cost_of)
    assert searched == pytest.approx(2)


def test_of_normal_errors_the_cost_grows_with_the_error():
    """(short - long) times sigma times the density at the quantile: 3.863 sigma."""
    middle, n = 50, 20_000
    z = norm.ppf(0.4)
    for sigma in (1, 2, 5):
        outputs = middle + sigma * norm.ppf((np.arange(n) + 0.5) / n)
        plan = newsvendor(outputs, price=10, short=16, long=6)
        assert plan.cost == pytest.approx(10 * sigma * norm.pdf(z), rel=2e-4)
        assert plan.quantity == pytest.approx(middle + sigma * z, abs=1e-3 * sigma)
    assert 10 * norm.pdf(z) == pytest.approx(3.863, abs=5e-4)


def test_perfect_forecasts_are_worth_what_not_knowing_costs():
    rng, outputs = np.random.default_rng(3), np.array([0.0, 2.0, 10.0])
    plan = newsvendor(outputs, price=10, short=16, long=6)
    came = rng.choice(outputs, 100_000)
    kept = 10 * plan.quantity - 16 * np.maximum(plan.quantity - came, 0) + 6 * np.maximum(came - plan.quantity, 0)
    lost = 10 * came - kept
    assert abs(lost.mean() - plan.cost) < 4 * lost.std() / np.sqrt(len(came))


def test_where_the_share_is_met_exactly_the_least_is_sold():
    plan = newsvendor([0, 1, 2, 3, 4], price=10, short=16, long=6)
    assert plan.quantity == 1 and plan.cost == pytest.approx(plan.cost_of(2))


def test_dear_and_free_misses():
    assert newsvendor([1, 2, 3], price=6, short=16, long=6).quantity == 1  # what is over loses nothing
    assert newsvendor([1, 2, 3], price=16, short=16, long=6).quantity == 3  # what is missing costs nothing more


def test_equal_outputs_and_impossible_ones():
    assert newsvendor([5, 0, 5, 9], 10, 16, 6, chances=[0.25, 0, 0.25, 0.5]).outputs.tolist() == [5, 9]
    assert newsvendor([3, 3], 10, 16, 6).to_frame()["chance"].tolist() == [1]


@pytest.mark.parametrize(("scale", "told"), [(1e-9, ": 2e-09 kWh"), (1e9, ": 2,000,000,000 kWh")])
def test_in_any_unit(scale, told):
    energy, money = (
        newsvendor(scale * np.array([0, 2, 10]), 10, 16, 6),
        newsvendor([0, 2, 10], 10 * scale, 16 * scale, 6 * scale),
    )
    assert energy.quantity == 2 * scale and money.quantity == 2
    assert energy.cost == pytest.approx(scale * 44 / 3) and money.cost == pytest.approx(scale * 44 / 3)
    assert told in energy.explain()


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (([1], 10, 6, 16), "prices must rise from long over price to short, not 16, 10, 6"),
        (([1], 10, 10, 10), "prices must rise"),
        (([], 10, 16, 6), "outputs must be one case at least"),
        (([1, -2], 10, 16, 6), "case 1: output -2.0 must not be negative"),
        (([1], "ten", 16, 6), "price 'ten' must be a finite number"),
    ],
)
def test_what_has_no_meaning_is_refused_by_name(case, words):
    with pytest.raises(InvalidInput, match=words):
        newsvendor(*case)


def test_chances_are_chances():
    with pytest.raises(InvalidInput, match="add up to 0.9, not to 1"):
        newsvendor([1, 2], 10, 16, 6, chances=[0.5, 0.4])
    with pytest.raises(InvalidInput, match="chance must be 2 numbers, one for each case, not 1"):
        newsvendor([1, 2], 10, 16, 6, chances=[1])
