"""With very many full lines all are watched at once, by angles: dispatch and prices are those of the watched rows."""

import numpy as np
import pytest
from hypothesis import given

from tefoundations.errors import Infeasible
from tefoundations.grid import DispatchModel, Network, dc_opf, dc_opf_series
from tefoundations.grid.dc import lazy_lines
from tests.grid.networks import networks, three_bus
from tests.grid.oracles import least_shed, supports, theta_opf
from tests.grid.test_cases import pglib
from tests.grid.test_dc_lines import with_dclines

NEVER, ALWAYS = 10**9, -1


@pytest.fixture
def rows(monkeypatch):
    """Sets how many watched lines are too many."""
    return lambda most: monkeypatch.setattr(lazy_lines, "MOST_ROWS", most)


def solved(most, net, load=None, **options):
    """A model's dispatch with so many rows at most, and whether it went by angles; None where there is no dispatch."""
    before, lazy_lines.MOST_ROWS = lazy_lines.MOST_ROWS, most
    try:
        model = DispatchModel(net, **options)
        return model.solve(load), model._lines.by_angles
    except Infeasible:
        return None, None
    finally:
        lazy_lines.MOST_ROWS = before


def same(net):
    """Both forms agree in cost, and where there is one price in prices; the optimality conditions hold for both."""
    (by_rows, never), (by_angles, used) = solved(NEVER, net), solved(ALWAYS, net)
    assert not never and (by_rows is None) == (by_angles is None)
    if by_rows is None:
        return False
    money = 1 + abs(by_rows.cost - by_rows.value)
    assert by_angles.cost - by_angles.value == pytest.approx(by_rows.cost - by_rows.value, abs=1e-7 * money)
    assert not supports(by_angles)
    single = np.ptp(by_rows.price_interval, axis=1) < 1e-6
    assert by_angles.lmp[single] == pytest.approx(by_rows.lmp[single], abs=1e-5 * (1 + np.abs(by_rows.lmp).max()))
    low, high = by_angles.limits
    assert (by_angles.flow <= high + 1e-6).all() and (by_angles.flow >= low - 1e-6).all()
    return used


@given(networks(quadratic=True))
def test_both_forms_agree(net):
    same(net)


@given(with_dclines())
def test_both_forms_agree_on_dc_lines(net):
    same(net)


def crowded():
    """118 buses whose lines are just wide enough for another dispatch than the cheapest, one at higher and equal costs."""
    frames = pglib("case118_ieee").to_frames()
    units, slack = len(frames["generators"]), pglib("case118_ieee").slack
    frames["lines"] = frames["lines"].assign(limit=np.inf, angle_min=-np.inf, angle_max=np.inf)
    even = frames | {"generators": frames["generators"].assign(cost=1.0, cost2=1.0)}
    carried = np.abs(dc_opf(Network.from_frames(**even, slack=slack)).flow)
    frames["lines"]["limit"] = 1.02 * carried + 2
    frames["generators"]["cost2"] = 0.01 + 0.001 * np.arange(units)
    return Network.from_frames(**frames, slack=slack)


def test_a_crowded_network_goes_by_angles_and_its_prices_are_exact():
    net = crowded()
    d, used = solved(lazy_lines.MOST_ROWS, net)
    assert used and (d.multiplier != 0).sum() > 5
    by_rows, never = solved(NEVER, net)
    assert not never and d.cost == pytest.approx(by_rows.cost, rel=1e-10)
    assert d.lmp == pytest.approx(by_rows.lmp, abs=1e-7) and d.multiplier == pytest.approx(by_rows.multiplier, abs=1e-7)
    assert d.generation == pytest.approx(by_rows.generation, abs=1e-6) and not supports(d)
    cost, prices = theta_opf(net)
    assert d.cost == pytest.approx(cost, rel=1e-8) and d.lmp == pytest.approx(prices, abs=1e-3)
    parts = d.line_components().sum(axis=1).to_numpy()
    assert parts == pytest.approx(d.price_components()["congestion"].to_numpy(), abs=1e-7)


def test_a_model_keeps_the_form_for_other_loads_offers_and_limits(rows):
    net = crowded()
    model = DispatchModel(net)
    model.solve()
    for arguments in ({"load": net.buses.load * 0.99}, {"load": net.buses.load * 0.98},
                      {"offers": {"generators": {"cost": net.generators.cost * 1.1 + 1}}},
                      {"limits": net.lines.limit * 1.05}, {}):  # fmt: skip
        again = model.solve(**arguments)
        assert model._lines.by_angles
        rows(NEVER)
        fresh = DispatchModel(net).solve(**arguments)
        rows(30)
        assert again.cost == pytest.approx(fresh.cost, rel=1e-9) and again.lmp == pytest.approx(fresh.lmp, abs=1e-6)
    linear = net.to_frames()["generators"]["cost"].to_numpy()
    offers = {"generators": {"cost": linear, "cost2": np.zeros(len(linear))}}
    assert model.solve(offers=offers).cost == pytest.approx(DispatchModel(net).solve(offers=offers).cost)


def test_hours_by_angles_are_hours_by_rows(rows):
    loads = np.outer([1.0, 0.99, 0.98], crowded().buses.load)
    by_angles = dc_opf_series(crowded(), loads)
    rows(NEVER)
    by_rows = dc_opf_series(crowded(), loads)
    assert by_angles.lmp == pytest.approx(by_rows.lmp, abs=1e-6) and by_angles.cost == pytest.approx(by_rows.cost)
    assert by_angles.multiplier == pytest.approx(by_rows.multiplier, abs=1e-6)


def test_a_shortage_is_told_as_by_rows(rows):
    net = three_bus(limit=[5, 5, 5])
    load = np.array([0.0, 60.0, 60.0])
    rows(ALWAYS)
    with pytest.raises(Infeasible) as caught:
        DispatchModel(net).solve(load)
    assert sum(caught.value.shed.values()) == pytest.approx(least_shed(net, load), abs=1e-5)


def test_a_line_that_is_not_full_has_no_multiplier():
    """Two units of one price at one bus: no dispatch is the only one, no regime is found; the solver's trace is none."""
    units = {"bus": [1, 1, 2], "p_max": [80, 80, 90], "cost": [10, 10, 20], "cost2": [0, 0, 0.1]}
    lines = {"from_bus": [1, 1, 2], "to_bus": [2, 3, 3], "x": [0.1, 0.1, 0.1], "limit": [20, 30, 300]}
    net = Network.from_frames({"bus": [1, 2, 3], "load": [0, 20, 60]}, lines, units)
    for most in (NEVER, ALWAYS):
        d, _ = solved(most, net)
        full = np.isclose(np.abs(d.flow), net.lines.limit)
        assert full.any() and ((d.multiplier != 0) <= full).all()


@pytest.mark.parametrize("name", ["case793_goc", "case3022_goc"])
def test_large_cases_of_pglib_keep_the_conditions(name):
    net = pglib(name)
    d, used = solved(lazy_lines.MOST_ROWS, net, susceptance="r_x")
    assert used and not supports(d)
    assert d.cost == pytest.approx({"case793_goc": 258307.888, "case3022_goc": 599221.116}[name], rel=1e-8)
