"""Supply and demand as curves: the balance against cvxpy and fractions, capacity prices against a programme, scales."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from tefoundations.errors import InvalidInput
from tefoundations.market import (
    Isoelastic,
    LinearDemand,
    LinearSupply,
    OrderBook,
    equilibrium,
    peak_load_prices,
    scarcity_price,
    uniform_price,
)

SELLERS = {"S1": LinearSupply(5, 0.05), "S3": LinearSupply(10, 0.125)}
BUYERS = {"D2": LinearDemand(40, 0.2), "D3": LinearDemand(18, 0.2)}
near = pytest.approx
prices, slopes = st.integers(-20, 60), st.integers(1, 20).map(lambda n: n / 10)
limits = st.one_of(st.just(np.inf), st.integers(1, 80).map(float))
sellers = st.lists(st.builds(LinearSupply, prices, slopes, limits), min_size=1, max_size=5)
buyers = st.lists(st.builds(LinearDemand, prices, slopes), min_size=1, max_size=5)


def by_programme(supply, demand, fee=0.0):
    """Welfare, bought and the dual of the balance, from cvxpy."""
    import cvxpy as cp

    sold, bought = cp.Variable(len(supply)), cp.Variable(len(demand))
    balance = cp.sum(sold) == cp.sum(bought)
    worth = [w.intercept * x - w.slope / 2 * cp.square(x) for w, x in zip(demand, bought)]
    cost = [(s.intercept + fee) * y + s.slope / 2 * cp.square(y) for s, y in zip(supply, sold)]
    most = [y <= s.limit for s, y in zip(supply, sold) if np.isfinite(s.limit)]
    cp.Problem(cp.Maximize(sum(worth) - sum(cost)), [balance, sold >= 0, bought >= 0, *most]).solve(solver="CLARABEL")
    return sum(worth).value - sum(cost).value, bought.value, abs(float(balance.dual_value))


def in_fractions(supply, demand):
    """The price of curves that all trade: a ratio of sums."""
    weights = [(Fraction(a), 1 / Fraction(str(b))) for a, b in [*supply, *demand]]
    return sum(a * w for a, w in weights) / sum(w for _, w in weights)


def test_the_three_buses_in_fractions():
    found = equilibrium(SELLERS, BUYERS)
    exact = in_fractions([(5, 0.05), (10, 0.125)], [(40, 0.2), (18, 0.2)])
    assert exact == Fraction(235, 19) and found.price == near(float(exact), rel=1e-12)
    assert found.sold == near([2800 / 19, 360 / 19], rel=1e-12) and found.bought == near([2625 / 19, 535 / 19], rel=1e-12)
    assert found.welfare == near(48515 / 19, rel=1e-12)
    gains = [0.1 * (2625 / 19) ** 2, 0.1 * (535 / 19) ** 2, 0.025 * (2800 / 19) ** 2, 0.0625 * (360 / 19) ** 2]
    assert [*found.buyer_surplus, *found.seller_surplus] == near(gains, rel=1e-12)
    assert gains == near([1908.76, 79.29, 542.94, 22.44], abs=5e-3)
    assert found.demand_elasticity == near(-235 / 316, rel=1e-12) and found.supply_elasticity == near(2.0823, abs=5e-5)


@settings(max_examples=60, deadline=None)
@given(sellers, buyers)
def test_the_balance_is_the_optimum_of_a_programme(supply, demand):
    found = equilibrium(supply, demand)
    welfare, bought, dual = by_programme(supply, demand)
    assert found.welfare == near(welfare, rel=1e-6, abs=1e-5)
    if found.quantity > 1e-3:
        assert found.bought == near(bought, rel=1e-4, abs=1e-3) and abs(found.price) == near(dual, rel=1e-4, abs=1e-3)


@settings(max_examples=100, deadline=None)
@given(sellers, buyers, st.integers(0, 30), st.integers(0, 5))
def test_what_is_sold_is_bought_and_nobody_would_change_it(supply, demand, extra, fee):
    found = equilibrium(supply, demand, extra=extra, fee=fee)
    assert found.sold.sum() + extra == near(found.bought.sum(), rel=1e-9, abs=1e-9)
    if np.isnan(found.price):
        assert found.price_interval[0] <= found.price_interval[1] and not found.welfare
        return
    value = sum(w.value_between(0, q) for w, q in zip(demand, found.bought))
    cost = sum(s.cost_of(q) for s, q in zip(supply, found.sold))
    assert found.welfare == near(value - cost, rel=1e-9, abs=1e-6)
    for curve, q in zip(demand, found.bought):
        assert curve.price_at(q) == near(found.price, abs=1e-6) if q else curve.intercept <= found.price + 1e-9
    for curve, q in zip(supply, found.sold):
        if 1e-9 < q < curve.limit - 1e-9:
            assert curve.price_at(q) == near(found.received, abs=1e-6)


def test_one_more_and_one_less_are_worth_the_price():
    here, more, less = (equilibrium(SELLERS, BUYERS, extra=x).welfare for x in (0, 1, -1))
    assert (more - here, here - less) == near((12.3553, 12.3816), abs=5e-5)
    assert (more - less) / 2 == near(235 / 19, rel=1e-12)


def test_a_fee_is_borne_by_the_steeper_side():
    free, taxed = equilibrium(SELLERS, BUYERS), equilibrium(SELLERS, BUYERS, fee=2)
    assert (taxed.price, taxed.received) == near((13.8421, 11.8421), abs=5e-5)
    assert (taxed.price - free.price) / 2 == near(28 / 38) and taxed.quantity - free.quantity == near(-14.737, abs=5e-4)
    assert free.welfare - taxed.welfare == near(14.737, abs=5e-4)
    assert taxed.welfare == near(by_programme([*SELLERS.values()], [*BUYERS.values()], 2)[0] + taxed.fee_income, rel=1e-7)


@pytest.mark.parametrize(
    ("level", "price"), [(0.25, 7.6667), (0.5, 9.8), (1, 12.3684), (2, 15.8333), (3, 18.1395), (4, 20.4167)]
)
def test_kinks(level, price):
    wants = {name: LinearDemand(w.intercept, w.slope / level) for name, w in BUYERS.items()}
    found = equilibrium(SELLERS, wants)
    assert found.price == near(price, abs=5e-5)
    assert (found.sold[1] == 0) == (price < 10) and (found.bought[1] == 0) == (price > 18)


def test_a_staircase_with_many_steps_says_the_same():
    """Another route: each curve as orders of 0.05 MW, cleared as a book."""
    steps = np.arange(0.025, 250, 0.05)
    bids = [(w.price_at(q), 0.05) for w in BUYERS.values() for q in steps if w.price_at(q) > 0]
    asks = [(s.price_at(q), 0.05) for s in SELLERS.values() for q in steps]
    cleared = uniform_price(OrderBook.of(bids, asks))
    assert cleared.price == near(235 / 19, abs=0.02) and cleared.quantity == near(3160 / 19, abs=0.2)
    assert cleared.welfare == near(48515 / 19, abs=0.01)


@settings(max_examples=60, deadline=None)
@given(sellers, st.floats(-3, -0.05), st.integers(1, 100), st.integers(1, 50))
def test_a_curve_of_constant_elasticity_meets_supply(supply, elasticity, quantity, price):
    curve = Isoelastic(quantity, price, elasticity)
    assume(any(np.isinf(s.limit) for s in supply))
    found = equilibrium(supply, [curve])
    assert found.sold.sum() == near(found.quantity, rel=1e-9)
    assert curve.price_at(found.quantity) == near(found.price, rel=1e-7)
    assert curve.elasticity_at(found.price) == elasticity == near(found.demand_elasticity)


@given(st.floats(-4, -0.05), st.floats(0.5, 0.99))
def test_scarcity_price_is_where_the_curve_fits(elasticity, share):
    found = scarcity_price(20, 100, 100 * share, elasticity)
    curve = Isoelastic(100, 20, elasticity)
    assert curve.quantity_at(found) == near(100 * share, rel=1e-9) and curve.price_at(100 * share) == near(found)
    full = equilibrium([LinearSupply(0, 1e-9, limit=100 * share)], [curve])
    assert full.price == near(found, rel=1e-9) and found > 20


@pytest.mark.parametrize(
    ("elasticity", "times"), [(-0.05, 2.7895), (-0.1, 1.6702), (-0.3, 1.1865), (-0.5, 1.1080), (-2, 1.0260)]
)
def test_the_price_of_five_per_cent(elasticity, times):
    assert scarcity_price(1, 100, 95, elasticity) == near(times, abs=5e-5)


@given(st.floats(-4, -0.05), st.floats(1, 50), st.floats(51, 120))
def test_areas_are_integrals(elasticity, low, high):
    for curve in (Isoelastic(60, 20, elasticity), Isoelastic(60, 20, -1), LinearDemand(40, 0.2)):
        area = quad(curve.price_at, low, high)[0]
        assert curve.value_between(low, high) == near(area, rel=1e-6)
    steep = Isoelastic(60, 20, -2.5)
    assert steep.surplus_at(30) == near(quad(lambda p: float(steep.quantity_at(p)), 30, np.inf)[0], rel=1e-6)
    assert steep.value_between(0, 60) == near(steep.surplus_at(20) + 60 * 20)
    supply = LinearSupply(5, 0.05, limit=200)
    assert supply.cost_of(low) == near(quad(lambda q: float(supply.price_at(q)), 0, low)[0])


@pytest.mark.parametrize("curve", [LinearDemand(40, 0.2), LinearSupply(5, 0.05), Isoelastic(100, 20, -0.7)])
def test_an_elasticity_is_per_cent_for_per_cent(curve):
    low, high = curve.quantity_at(20 * (1 - 1e-6)), curve.quantity_at(20 * (1 + 1e-6))
    assert curve.elasticity_at(20) == near((high - low) / curve.quantity_at(20) / 2e-6, rel=1e-6)


# Capacity


def test_two_periods_by_hand():
    firm = peak_load_prices([LinearDemand(20, 1), LinearDemand(10, 1)], 2, 6)
    assert firm.price == near([8, 2]) and firm.capacity == near(12)
    assert (firm.income, firm.cost, firm.welfare) == near((112, 112, 104))
    shifting = peak_load_prices([LinearDemand(20, 1), LinearDemand(16, 1)], 2, 10)
    assert shifting.price == near([9, 5]) and shifting.capacity == near(11) and shifting.markup.sum() == near(10)


periods = st.lists(st.builds(LinearDemand, st.integers(0, 30), slopes), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(periods, st.integers(0, 6), st.integers(0, 25))
def test_capacity_is_the_optimum_of_a_programme_and_pays_for_itself(demand, running, building):
    import cvxpy as cp

    found = peak_load_prices(demand, running, building)
    used, most = cp.Variable(len(demand), nonneg=True), cp.Variable(nonneg=True)
    worth = sum((w.intercept - running) * q - w.slope / 2 * cp.square(q) for w, q in zip(demand, used))
    programme = cp.Problem(cp.Maximize(worth - building * most), [used <= most])
    programme.solve(solver="CLARABEL")
    assert found.welfare == near(programme.value, rel=1e-6, abs=1e-5)
    assert found.income == near(found.cost, rel=1e-9, abs=1e-9)
    if found.capacity > 1e-3 and building:
        assert found.markup.sum() == near(building, rel=1e-9) and found.capacity == near(
            float(most.value), rel=1e-3, abs=1e-3
        )
        assert found.markup == near(programme.constraints[0].dual_value, rel=1e-3, abs=1e-3)


@given(st.floats(-3, -0.1), st.floats(-3, -0.1), st.integers(1, 9), st.integers(1, 20))
def test_capacity_under_curves_of_constant_elasticity(one, other, running, building):
    found = peak_load_prices([Isoelastic(10, 5, one), Isoelastic(4, 5, other)], running, building)
    assert found.markup.sum() == near(building, rel=1e-7) and found.income == near(found.cost, rel=1e-7)
    assert (found.quantity <= found.capacity * (1 + 1e-9)).all() and (found.markup >= 0).all()


# Scales, and what is refused


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e6, 1e9])
def test_scales(scale):
    supply = [LinearSupply(s.intercept, s.slope / scale, 150 * scale) for s in SELLERS.values()]
    demand = [LinearDemand(w.intercept, w.slope / scale) for w in BUYERS.values()] + [Isoelastic(30 * scale, 12, -0.3)]
    for wants in (demand, demand[:2]):
        one = equilibrium([LinearSupply(s.intercept, s.slope, 150) for s in SELLERS.values()],
                          [*BUYERS.values(), Isoelastic(30, 12, -0.3)][: len(wants)])  # fmt: skip
        found = equilibrium(supply, wants)
        assert found.price == near(one.price, rel=1e-9) and found.bought == near(one.bought * scale, rel=1e-9)
    dear = equilibrium([LinearSupply(5 * scale, 0.05 * scale)], [LinearDemand(40 * scale, 0.2 * scale)])
    assert dear.price == near(12 * scale, rel=1e-12)
    built = peak_load_prices([LinearDemand(20, 1 / scale), LinearDemand(16, 1 / scale)], 2, 10)
    assert built.capacity == near(11 * scale, rel=1e-12) and built.price == near([9, 5], rel=1e-12)


def test_no_trade_has_an_interval_and_no_price():
    found = equilibrium([LinearSupply(20, 1)], [LinearDemand(10, 1)])
    assert np.isnan(found.price) and found.price_interval == (10, 20) and found.welfare == 0
    assert equilibrium([], [LinearDemand(10, 1)]).explain() == "No trade: there are no sellers."
    assert equilibrium([], []).explain() == "No trade: there are no buyers and no sellers."
    assert equilibrium([LinearSupply(9, 1)], [LinearDemand(10, 1)], fee=1).price_interval == (10, 10)


def test_too_much_for_nothing_has_a_price_below_zero():
    found = equilibrium([LinearSupply(2, 1)], [LinearDemand(10, 1)], extra=15)
    assert found.price == near(-5) and found.welfare == near(10 * 15 - 15**2 / 2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: LinearDemand(40, 0), "slope 0 must be a positive number"),
        (lambda: LinearSupply(5, 0.1, limit=0), "limit 0 must be"),
        (lambda: Isoelastic(100, 20, 0.5), "elasticity 0.5 must be below 0"),
        (lambda: scarcity_price(20, 100, 0, -0.1), "capacity 0 must be"),
        (lambda: scarcity_price(20, 100, 95, 0), "no price moves the quantity"),
        (lambda: equilibrium([LinearDemand(4, 1)], []), "supply: seller 0 must be a LinearSupply, not a LinearDemand"),
        (lambda: equilibrium(SELLERS, {"town": 4}), "demand: town must be a LinearDemand or Isoelastic, not an int"),
        (lambda: equilibrium([LinearSupply(5, 1, 10)], [LinearDemand(9, 1)], extra=-11), "takes away all of the 10"),
        (lambda: equilibrium([LinearSupply(5, 1, 10)], [], extra=3), "nobody|no demand"),
        (lambda: equilibrium([], [], extra=3), "there is no curve"),
        (lambda: equilibrium([LinearSupply(5, 1, 1)], [Isoelastic(1e9, 5, -0.001)]), "at no price that a float holds"),
        (lambda: peak_load_prices([], 2, 6), "one period at least"),
        (lambda: peak_load_prices([LinearDemand(10, 1)], -1, 6), "running_cost -1 must be"),
        (lambda: peak_load_prices([Isoelastic(10, 5, -1)], 0, 6), "it has no end at 0"),
        (lambda: LinearDemand(40, 1).value_between(3, 2), "low 3 must not be above high 2"),
        (lambda: LinearDemand(40, 1).quantity_at([1, np.nan]), "row 1: price nan"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()


def test_what_nobody_can_bring_is_refused_whatever_is_rounded():
    """Beyond its last bend the excess is flat, and rounding made a slope of it: 12.9 kWh were sold where 47 were taken."""
    sellers = [LinearSupply(0.027932456310201026, 0.003045969362823001, 12.90898601389687)]
    buyers = [LinearDemand(-0.835876673498781, 0.016665320120719956), LinearDemand(1.4074028556886198, 4.821614184112597)]
    with pytest.raises(InvalidInput, match="takes away all of the 12.909"):
        equilibrium(sellers, buyers, extra=-47.1431852734866, fee=2)
    given = [LinearSupply(3.2715577509939986, 0.0113870799, 203.47), LinearSupply(5.842767414271263, 1.53668452, 125.8)]
    with pytest.raises(InvalidInput, match="there is no demand"):
        equilibrium(given, [], extra=1.1168996571114862, fee=2)
    rng = np.random.default_rng(4)
    for _ in range(500):
        offers = [LinearSupply(*rng.normal(5, 5, 1), *(10 ** rng.uniform(-2, 2, 2))) for _ in range(rng.integers(1, 4))]
        most = sum(offer.limit for offer in offers)
        with pytest.raises(InvalidInput, match="takes away all"):
            equilibrium(offers, [LinearDemand(float(rng.normal(8, 5)), 0.3)], extra=-most * (1 + 10 ** rng.uniform(-6, 1)))


def test_all_that_can_be_sold_may_be_taken_away():
    found = equilibrium([LinearSupply(0, 1, 0.1), LinearSupply(0, 1, 0.2)], [LinearDemand(3, 1)], extra=-0.3)
    assert found.price == 3 and found.bought.tolist() == [0] and found.sold.tolist() == [0.1, 0.2]  # 0.1 + 0.2 > 0.3


@pytest.mark.filterwarnings("error")
def test_a_price_without_end_is_looked_for_in_silence():
    with pytest.raises(InvalidInput, match="takes away all of the 0"):
        equilibrium([], [LinearDemand(11, 0.004), Isoelastic(1.2, 0.01, -1.4)], extra=-25)
