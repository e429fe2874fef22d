"""Carbon in a DC-OPF: the column, a tax, and a cap, against a second formulation."""

from dataclasses import replace

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import assume, given, settings

from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork
from tefoundations.grid import DispatchModel, Network, dc_opf, marginal_emissions
from tests.grid.networks import networks, three_bus
from tests.grid.test_emissions import TIGHT, moved, smoky


def ladder():
    net = three_bus()
    return replace(net, generators=replace(net.generators, co2=np.array([1.0, 0.4])))


def capped_opf(net, cap):
    """Cost less value ($/h) and the worth of a tonne by an independent route, angles in cvxpy; None if infeasible."""
    lines, units, bids, n, m = net.lines, net.generators, net.bids, len(net.buses), len(net.lines)
    ends = np.zeros((m, n))
    ends[np.arange(m), lines.start] += 1
    ends[np.arange(m), lines.end] -= 1
    p, q, angle = cp.Variable(len(units)), cp.Variable(max(len(bids), 1), nonneg=True), cp.Variable(n)
    flow = cp.multiply(net.base / (lines.x * lines.tap), ends @ angle - np.deg2rad(lines.shift))
    place, sink = np.zeros((n, len(units))), np.zeros((n, q.size))
    place[units.at, np.arange(len(units))] = 1
    sink[bids.at, np.arange(len(bids))] = 1
    balance = place @ p - sink @ q - net.buses.load - net.buses.g_shunt == ends.T @ flow
    within = units.co2 @ p <= cap
    finite = np.isfinite(lines.limit)
    rules = [balance, within, p >= units.p_min, p <= units.p_max, q <= (bids.p_max if len(bids) else 0), angle[0] == 0]
    if finite.any():
        rules += [cp.abs(flow[finite]) <= lines.limit[finite]]
    cost = units.cost @ p + units.cost2 @ cp.square(p) + units.cost0.sum()
    if len(bids):
        cost += -bids.value @ q + bids.value2 @ cp.square(q)
    problem = cp.Problem(cp.Minimize(cost), rules)
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
    return None if "infeasible" in problem.status else (problem.value, float(within.dual_value))


def test_the_numbers_of_a_tax():
    model = DispatchModel(ladder())
    for tax in (0, 3, 5, 9):
        d = model.solve(limits=TIGHT, carbon_price=tax)
        assert np.allclose(d.lmp, [9 + 50 / 51 * tax, 19 - 6 / 51 * tax, 15 + 16.4 / 51 * tax]) and d.carbon_price == tax
    meeting = model.solve(limits=TIGHT, carbon_price=255 / 28)
    assert np.allclose(meeting.lmp, 17.93, atol=5e-3) and meeting.flow[0] == pytest.approx(45)
    assert model.solve(limits=TIGHT, carbon_price=10).flow[0] < 44


def test_cost_is_without_the_tax():
    d = dc_opf(ladder(), limits=TIGHT, carbon_price=5)
    p = d.generation
    assert d.cost == pytest.approx(5 * p[0] + 0.025 * p[0] ** 2 + 10 * p[1] + 0.0625 * p[1] ** 2)
    assert d.carbon == pytest.approx(p @ [1, 0.4]) == pytest.approx(92.7843, abs=1e-4)
    assert "a tonne costs 5 $" in d.explain() and "tonne" not in dc_opf(ladder()).explain()


def test_the_numbers_of_a_cap():
    model = DispatchModel(ladder())
    taxed = model.solve(limits=TIGHT, carbon_price=5)
    d = model.solve(limits=TIGHT, carbon_cap=taxed.carbon)
    assert d.carbon_price == pytest.approx(5) and np.allclose(d.lmp, [13.90, 18.41, 16.61], atol=5e-3)
    assert np.allclose(marginal_emissions(d).rate, 0, atol=1e-9) and np.allclose(d.price_interval, d.lmp[:, None])
    for bus, worth in ((1, 6.52), (2, 4.82), (3, 5.50)):
        more = model.solve({bus: 1}, limits=TIGHT, carbon_cap=taxed.carbon)
        assert more.carbon_price == pytest.approx(worth, abs=5e-3) and more.carbon == pytest.approx(taxed.carbon)
    both = model.solve(limits=TIGHT, carbon_price=2, carbon_cap=taxed.carbon)
    assert both.carbon_price == pytest.approx(5) and np.allclose(both.lmp, d.lmp)  # the cap makes up what the tax leaves
    wide = model.solve(limits=TIGHT, carbon_cap=96.5)
    assert wide.carbon_price == 0 and np.allclose(wide.lmp, [9, 19, 15])


@settings(max_examples=80, deadline=None)
@given(networks())
def test_a_cap_against_the_programme_with_angles(net):
    net = smoky(net)
    model = DispatchModel(net)
    try:
        free = model.solve()
    except Infeasible:
        assume(False)
    assume(free.carbon > 1)
    for share in (0.95, 0.6):
        expected = capped_opf(net, share * free.carbon)
        try:
            d = model.solve(carbon_cap=share * free.carbon)
        except Infeasible as error:
            assert expected is None and "carbon_cap" in str(error)
            continue
        assert expected is not None
        size = max(abs(d.cost) + abs(d.value), 1.0)
        assert d.cost - d.value == pytest.approx(expected[0], abs=1e-6 * size)
        assert d.carbon <= share * free.carbon * (1 + 1e-9)
        # The same dispatch under the tax that the cap has found, and what one more tonne saves.
        taxed = model.solve(carbon_price=d.carbon_price)
        total = taxed.cost - taxed.value + d.carbon_price * taxed.carbon
        assert total == pytest.approx(d.cost - d.value + d.carbon_price * d.carbon, abs=1e-6 * size)


@settings(max_examples=60, deadline=None)
@given(networks(quadratic=True))
def test_one_more_megawatt_under_a_cap_emits_nothing_and_costs_its_price(net):
    model = DispatchModel(smoky(net))
    try:
        cap = 0.9 * model.solve().carbon
        d = model.solve(carbon_cap=cap)
    except Infeasible:
        assume(False)
    assume(d.carbon_price > 1e-3)
    found = marginal_emissions(d)
    assume(not found.kink)
    assert found.rate == pytest.approx(np.zeros(len(net.buses)), abs=1e-9)
    step = 1e-4
    for bus in range(len(net.buses)):
        more, less = (moved(model, bus, sign * step, carbon_cap=cap) for sign in (1, -1))
        if more and less:
            label, load = net.buses.bus[bus], net.buses.load[bus]
            costs = [model.solve({label: load + sign * step}, carbon_cap=cap) for sign in (1, -1)]
            slope = ((costs[0].cost - costs[0].value) - (costs[1].cost - costs[1].value)) / (2 * step)
            assert slope == pytest.approx(d.lmp[bus], abs=1e-3 * (1 + abs(d.lmp[bus])))
            assert more[3] == pytest.approx(cap) == pytest.approx(less[3])


def test_the_interval_of_a_price_under_a_cap():
    """Two plants, the cap full: one more megawatt is made by gas, and coal gives way to it too."""
    units = {"bus": [1, 1], "p_max": [100, 100], "cost": [20, 40], "co2": [1.0, 0.5]}
    none = {"from_bus": [], "to_bus": [], "x": []}
    net = Network.from_frames({"bus": [1], "load": [100]}, none, units)
    d = dc_opf(net, carbon_cap=80)
    assert np.allclose(d.generation, [60, 40]) and d.carbon_price == pytest.approx(40) and np.allclose(d.lmp, 60)
    assert np.allclose(d.price_interval, 60)  # 2 MW more of gas, 1 less of coal
    assert marginal_emissions(d).rate == pytest.approx([0.0], abs=1e-12)
    just = dc_opf(net, carbon_cap=100)  # coal alone, and the cap is only just reached
    assert np.allclose(just.generation, [100, 0])
    assert just.price_interval[0] == pytest.approx([20, 60])
    sides = marginal_emissions(just)
    assert np.allclose(sides.less, 1.0) and np.allclose(sides.more, 0.0, atol=1e-9) and "the carbon cap" in sides.kink


def test_a_cap_that_cannot_be_kept_says_what_it_takes():
    with pytest.raises(Infeasible, match=r"carbon_cap 1 t/h: this load cannot be served with less than 4 t/h"):
        dc_opf(ladder(), load={2: 10}, carbon_cap=1)
    with pytest.raises(Infeasible, match="generators together"):
        dc_opf(ladder(), load={2: 900}, carbon_cap=1)


def test_what_is_refused():
    for options in ({"carbon_price": 5}, {"carbon_cap": 50}):
        with pytest.raises(InvalidNetwork, match="generators, row 0: co2 is missing.*'S1'"):
            dc_opf(three_bus(), **options)
    with pytest.raises(InvalidInput, match=r"carbon_price -1 \(\$/t\)|carbon_price -1"):
        dc_opf(ladder(), carbon_price=-1)
    with pytest.raises(InvalidInput, match="carbon_cap"):
        dc_opf(ladder(), carbon_cap=float("nan"))
    with pytest.raises(InvalidNetwork, match="co2"):
        three_bus_with("dirty")
    with pytest.raises(InvalidNetwork, match="co2 is missing"):
        _ = dc_opf(three_bus()).carbon


def three_bus_with(rate):
    frames = three_bus().to_frames()
    return Network.from_frames(frames["buses"], frames["lines"], frames["generators"].assign(co2=rate), frames["bids"])


def test_the_column_goes_through_the_tables():
    net = three_bus_with([1.0, 0.4])
    again = Network.from_frames(**net.to_frames(), base=net.base, slack=net.slack)
    assert again.generators.co2.tolist() == [1.0, 0.4] and "co2" in repr(net.generators)
    assert "co2" not in three_bus().to_frames()["generators"] and np.isnan(three_bus().generators.co2).all()


def test_a_column_of_pandapower_is_read(pp_net):
    pp_net.gen["co2"], pp_net.ext_grid["co2"] = 0.4, 0.9
    net = Network.from_pandapower(pp_net)
    rates = dict(zip(net.generators.name, net.generators.co2))
    assert rates["ext_grid 0"] == 0.9 and rates["gen 0"] == rates["gen 1"] == 0.4
