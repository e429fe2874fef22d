"""Energy and reserve together: against cvxpy, finite differences and the dispatch without reserve; what is refused."""

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.data import grid
from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork
from tefoundations.grid import Network, dc_opf, ptdf, reserve_opf, scarcity_curve


def triangle(s1=100.0, s3=60.0):
    frames = grid("three_bus")
    frames["generators"]["p_max"] = [s1, s3]
    return Network.from_frames(**frames)


def two_plants(load=100.0):
    return Network.from_frames(
        {"bus": [1, 2], "load": [0, load]},
        {"from_bus": [1], "to_bus": [2], "x": [0.1]},
        {"bus": [1, 1], "p_max": [100, 100], "cost": [20, 35], "name": ["A", "B"]},
    )


def drawn(rng, squares):
    """A random triangle with fixed load, four plants of which two at one bus, one limited line, and two zones."""
    x = rng.uniform(0.1, 0.5, 3).round(2)
    costs = {"cost": rng.uniform(5, 60, 4).round(1)} | ({"cost2": rng.uniform(0.01, 0.2, 4).round(3)} if squares else {})
    net = Network.from_frames(
        {"bus": [1, 2, 3], "load": [0, rng.integers(40, 90), rng.integers(20, 60)]},
        {"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "x": x, "limit": [float(rng.integers(15, 60)), np.inf, np.inf]},
        {"bus": [1, 1, 2, 3], "p_max": rng.integers(60, 120, 4)} | costs,
    )
    asked = {"requirement": {"all": float(rng.integers(20, 80)), "south": float(rng.integers(5, 40))},
             "zones": {"south": [2, 3]}, "most": rng.integers(20, 60, 4).astype(float),
             "offer": rng.integers(0, 4, 4).astype(float)}  # fmt: skip
    return net, asked


def by_cvxpy(net, asked):
    """Objective, price of each bus and of each zone, with all lines and all zones as constraints."""
    units, n = net.generators, len(net.buses)
    g, r = cp.Variable(len(units)), cp.Variable(len(units), nonneg=True)
    place = np.eye(n)[:, units.at]
    balance = cp.sum(g) == net.buses.load.sum()
    injection = place @ g - net.buses.load
    factors, limited = ptdf(net), np.isfinite(net.lines.limit)
    up = factors[limited] @ injection <= net.lines.limit[limited]
    down = factors[limited] @ injection >= -net.lines.limit[limited]
    south = np.isin(units.bus, asked["zones"]["south"])
    zones = {"all": cp.sum(r) >= asked["requirement"]["all"], "south": cp.sum(r[south]) >= asked["requirement"]["south"]}
    own = [g >= units.p_min, g + r <= units.p_max, r <= asked["most"]]
    cost = units.cost @ g + units.cost2 @ cp.square(g) + asked["offer"] @ r
    best = cp.Problem(cp.Minimize(cost), [balance, up, down, *zones.values(), *own])
    best.solve(solver="CLARABEL", tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
    if best.status not in ("optimal", "optimal_inaccurate"):
        return None
    pushed = (up.dual_value - down.dual_value) @ factors[limited]
    return best.value, -float(balance.dual_value) - pushed, {zone: float(row.dual_value) for zone, row in zones.items()}


def test_the_two_plants():
    for load, made in ((100, 10), (95, 5)):
        d = reserve_opf(two_plants(load), requirement=30, most={"B": 20})
        assert np.allclose(d.generation, [90, made]) and np.allclose(d.reserve, [10, 20]) and np.allclose(d.lmp, 35)
        assert d.reserve_price == {"all": pytest.approx(15)} and np.allclose(d.lost_opportunity, [15, 0])


@pytest.mark.parametrize(("need", "energy", "price", "made"), [(0, 15, 0, 40), (20, 15, 0, 40), (30, 16, 2.25, 30),
                                                               (40, 17, 4.5, 20), (50, 18, 6.75, 10)])  # fmt: skip
def test_the_triangle(need, energy, price, made):
    d = reserve_opf(triangle(), requirement=need)
    assert np.allclose(d.lmp, energy, rtol=1e-12) and d.reserve_price["all"] == pytest.approx(price, abs=1e-12)
    assert np.allclose(d.generation, [100, made]) and d.reserve.sum() == pytest.approx(need)


def test_at_the_kink_both_sides_are_told():
    d = reserve_opf(triangle(), requirement=20)
    assert d.reserve_price["all"] == 0 and d.reserve_price_interval["all"] == pytest.approx((0, 0), abs=1e-9)
    d = reserve_opf(triangle(), requirement=30, most={"S3": 30})
    assert d.reserve_price_interval["all"] == pytest.approx((2.25, 6)) and 2.25 <= d.reserve_price["all"] <= 6
    assert reserve_opf(triangle(), requirement=40, most={"S3": 30}).reserve_price["all"] == pytest.approx(7.5)


def test_reserve_behind_the_line():
    d = reserve_opf(triangle(), requirement={"south": 30}, zones={"south": [2, 3]}, limits={"1-2": 45})
    assert np.allclose(d.lmp, [64 / 7, 139 / 7, 109 / 7]) and d.reserve_price["south"] == pytest.approx(51 / 28)
    assert d.reserve[0] == 0  # S1 is in no zone
    free = reserve_opf(triangle(), requirement=40, limits={"1-2": 45})
    assert np.allclose(free.lmp, [9, 19, 15]) and free.reserve_price["all"] == 0


def test_a_ramp_product():
    net = Network.from_frames({"bus": [1, 2], "load": [0, 100]}, {"from_bus": [1], "to_bus": [2], "x": [0.1]},
                              {"bus": [1, 1], "p_max": [110, 100], "cost": [20, 50]})  # fmt: skip
    d = reserve_opf(net, requirement=35, most=20)
    assert np.allclose(d.generation, [95, 5]) and np.allclose(d.lmp, 50) and d.reserve_price["all"] == pytest.approx(30)


@pytest.mark.parametrize("squares", [False, True])
def test_as_cvxpy_finds_it(squares):
    met = 0
    for seed in range(25):
        net, asked = drawn(np.random.default_rng(seed), squares)
        other = by_cvxpy(net, asked)
        if other is None:
            with pytest.raises(Infeasible):
                reserve_opf(net, **asked)
            continue
        d, (objective, lmp, zones) = reserve_opf(net, **asked), other
        assert d.objective == pytest.approx(objective, rel=1e-7)
        ends = d.price_interval
        assert (ends[:, 0] - 1e-4 <= lmp).all() and (lmp <= ends[:, 1] + 1e-4).all()
        for zone, price in zones.items():
            low, high = d.reserve_price_interval[zone]
            assert low - 1e-4 <= price <= high + 1e-4 and low - 1e-9 <= d.reserve_price[zone] <= high + 1e-9
        met += any(price > 1e-3 for price in d.reserve_price.values())
    assert met >= 8


@pytest.mark.parametrize("squares", [False, True])
def test_prices_are_derivatives(squares):
    for seed in range(12):
        net, asked = drawn(np.random.default_rng(100 + seed), squares)
        try:
            d = reserve_opf(net, **asked)
        except Infeasible:
            continue
        for bus in (1, 2, 3):
            step, low, high = 1e-4, *d.price_interval[bus - 1]
            for sign, price in ((-1, low), (1, high)):
                if np.isfinite(price):
                    moved = reserve_opf(net, load={bus: net.buses.load[bus - 1] + sign * step}, **asked)
                    assert sign * (moved.objective - d.objective) / step == pytest.approx(price, abs=2e-3)
        for zone in ("all", "south"):
            for sign, price in zip((-1, 1), d.reserve_price_interval[zone]):
                if np.isfinite(price):
                    needs = asked["requirement"] | {zone: asked["requirement"][zone] + sign * 1e-4}
                    moved = reserve_opf(net, **asked | {"requirement": needs})
                    assert sign * (moved.objective - d.objective) / 1e-4 == pytest.approx(price, abs=2e-3)


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=25, deadline=None)
def test_what_must_hold(seed, squares):
    net, asked = drawn(np.random.default_rng(seed), squares)
    try:
        d = reserve_opf(net, **asked)
    except Infeasible:
        return
    units, tiny = net.generators, 1e-6
    assert d.generation.sum() == pytest.approx(net.buses.load.sum())
    assert (d.generation + d.reserve <= units.p_max + tiny).all() and (d.reserve <= asked["most"] + tiny).all()
    assert (d.reserve >= 0).all() and (np.abs(d.flow) <= net.lines.limit + tiny).all()
    assert d.reserve.sum() >= asked["requirement"]["all"] - tiny
    # No plant would rather do something else at these prices.
    price, paid = d.lmp[units.at], d.unit_reserve_price
    earned = price * d.generation + paid * d.reserve - units.cost * d.generation - units.cost2 * d.generation**2
    earned -= asked["offer"] * d.reserve
    for share in np.linspace(0, 1, 11):
        held = share * np.minimum(asked["most"], units.p_max)
        for part in np.linspace(0, 1, 11):
            made = part * (units.p_max - held)
            other = price * made + paid * held - units.cost * made - units.cost2 * made**2 - asked["offer"] * held
            assert (earned >= other - 1e-5 * (1 + np.abs(other))).all()


@pytest.mark.parametrize("scale", [1e-9, 1e-4, 1e4, 1e9])
def test_scaling_all_quantities_scales_all_results(scale):
    frames = grid("three_bus")
    frames["generators"]["p_max"] = [100 * scale, 60 * scale]
    frames["generators"]["cost2"] /= scale
    frames["bids"]["p_max"] = frames["bids"]["p_max"] * scale
    frames["bids"]["value2"] /= scale
    d = reserve_opf(Network.from_frames(**frames), requirement=40 * scale)
    assert np.allclose(d.lmp, 17, rtol=1e-7) and d.reserve_price["all"] == pytest.approx(4.5, rel=1e-7)
    assert np.allclose(d.generation / scale, [100, 20]) and d.objective / scale == pytest.approx(-2390)


def test_without_reserve_it_is_the_dispatch():
    net = triangle()
    plain, d = dc_opf(net, limits={"1-2": 45}), reserve_opf(net, requirement=0, limits={"1-2": 45})
    assert np.allclose(d.lmp, plain.lmp) and np.allclose(d.flow, plain.flow) and np.allclose(d.multiplier, plain.multiplier)
    assert d.congestion_rent == pytest.approx(plain.congestion_rent) and d.reserve.tolist() == [0, 0]


def test_a_plant_with_a_cost_curve_has_room_for_all_of_it():
    curve = np.array([[0, 0], [50, 500], [100, 2000]])
    net = Network.from_frames({"bus": [1, 2], "load": [0, 80]}, {"from_bus": [1], "to_bus": [2], "x": [0.1]},
                              {"bus": [1, 1], "p_max": [100, 100], "cost": [0, 60], "curve": [curve, None]})  # fmt: skip
    d = reserve_opf(net, requirement=30, most=[30, 0])
    assert np.allclose(d.generation, [70, 10]) and np.allclose(d.lmp, 60) and d.reserve_price["all"] == pytest.approx(30)


@pytest.mark.parametrize(
    ("voll", "held", "price", "energy"),
    [(500, 45.49, 5.73, 17.55), (1000, 49.52, 6.64, 17.95), (2000, 53.22, 7.80, 18.64), (5000, 57.99, 9.35, 19.60)],
)
def test_a_demand_curve_meets_the_supply(voll, held, price, energy):
    curve = scarcity_curve(voll=voll, sigma=20, steps=320)
    d = reserve_opf(triangle(), demand=curve)
    assert d.held["all"] == pytest.approx(held, abs=0.13) and d.lmp[0] == pytest.approx(energy, abs=0.03)
    assert d.reserve_price["all"] == pytest.approx(price, abs=0.05)
    # At what it holds its price is the worth of the last step, or lies between that of two.
    assert curve.price(d.held["all"] + 0.25) <= d.reserve_price["all"] <= curve.price(d.held["all"] - 0.25)


def test_the_steps_of_a_curve_hold_all_of_its_worth():
    curve = scarcity_curve(voll=1000, sigma=20, steps=7, mean=5)
    saved = curve.expected_short(0) - curve.expected_short(5 + 80)
    assert sum(mw * worth for mw, worth in curve.steps) == pytest.approx(1000 * saved)
    rng = np.random.default_rng(1).normal(5, 20, 1_000_000)
    assert np.maximum(rng - 30, 0).mean() == pytest.approx(curve.expected_short(30), rel=0.02)
    assert 1000 * (rng > 30).mean() == pytest.approx(curve.price(30), rel=0.02)


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({}, InvalidInput, "needs a requirement"),
        ({"requirement": -1}, InvalidInput, "requirement of zone all"),
        ({"requirement": {"north": 5}}, InvalidInput, "zone 'north' is none of all"),
        ({"requirement": {"n": 5}, "zones": {"n": [7]}}, InvalidInput, "7"),
        ({"requirement": {"n": 5}, "zones": {"n": []}}, InvalidInput, "zone n: has no buses"),
        ({"requirement": 5, "zones": {"all": [1]}}, InvalidInput, "is that of all buses"),
        ({"requirement": 5, "demand": [(1, 2)]}, InvalidInput, "zone all: has a requirement and a demand curve"),
        ({"demand": [(1, 2, 3)]}, InvalidInput, "demand of zone all, step 0"),
        ({"demand": [(1, 2), (-1, 2)]}, InvalidInput, "demand of zone all, step 1"),
        ({"requirement": 5, "most": {"C": 3}}, InvalidInput, "C"),
        ({"requirement": 5, "most": {"B": -3}}, InvalidInput, "generator B: most -3"),
        ({"requirement": 5, "offer": {"B": float("nan")}}, InvalidNetwork, "offer"),
        ({"requirement": 130, "most": {"B": 20}}, Infeasible, "zone all: reserve of 130 MW exceeds the 120 MW that its"),
        ({"requirement": 130}, Infeasible, "zone all: reserve of 130 MW exceeds the 100 MW that can be held while"),
        ({"load": {2: 250}, "requirement": 5}, Infeasible, "load 250 MW exceeds the 200 MW"),
    ],
)
def test_what_is_refused(asked, error, words):
    with pytest.raises(error, match=words):
        reserve_opf(two_plants(), **asked)


def test_words_and_tables():
    d = reserve_opf(triangle(), requirement={"south": 30}, zones={"south": [2, 3]}, limits={"1-2": 45})
    assert "Line 1-2 is full" in d.explain() and "Zone south holds 30 MW" in d.explain()
    for table in ("generators", "buses", "lines", "zones"):
        assert len(d.to_frame(table))
    assert d.to_frame("zones").loc["south", "price"] == d.reserve_price["south"]
    with pytest.raises(InvalidInput, match="table"):
        d.to_frame("reserve")
