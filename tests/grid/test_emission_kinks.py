"""What one more and one less megawatt emit where a limit is only just reached: against two dispatches, and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tefoundations.errors import Infeasible, InvalidInput, TEError
from tefoundations.grid import DispatchModel, Network, dc_opf, marginal_emissions, response
from tests.grid.networks import networks, three_bus
from tests.grid.test_emissions import TIGHT, moved, smoky


def balanced(after, before, more):
    """Whether supply follows the load: a solve that ends near a kink may be off by a millionth of what is used."""
    made, taken = (after[at].sum() - before[at].sum() for at in (0, 1))
    return abs(made - taken - more) < 1e-5 * abs(more)


def squeezed(net, d, data):
    """The network in which a generator between its limits, or a line, has just as much room as the dispatch needs."""
    inside = np.flatnonzero((d.generation > net.generators.p_min + 1) & (d.generation < net.generators.p_max - 1))
    loose = np.flatnonzero((d.multiplier == 0) & (np.abs(d.flow) > 1))
    kind, rows = ("unit", inside) if len(inside) and (data.draw(st.booleans()) or not len(loose)) else ("line", loose)
    assume(len(rows))
    row = data.draw(st.sampled_from(rows.tolist()))
    if kind == "unit":
        p_max = net.generators.p_max.copy()
        p_max[row] = d.generation[row]
        return replace(net, generators=replace(net.generators, p_max=p_max))
    limit = net.lines.limit.copy()
    limit[row] = abs(d.flow[row])
    return replace(net, lines=replace(net.lines, limit=limit))


@settings(max_examples=120, deadline=None)
@given(networks(), st.data())
def test_both_sides_of_a_kink_are_those_of_two_dispatches(net, data):
    """A limit is only just reached: what the next megawatt emits and what the last one did are told apart."""
    net, step, compared = smoky(net), 1e-2, 0
    try:
        net = squeezed(net, DispatchModel(net).solve(), data)
    except Infeasible:
        assume(False)
    model = DispatchModel(net)
    here = moved(model, 0, 0.0)
    found = marginal_emissions(model.solve())
    for bus in range(len(net.buses)):
        for sign, told in ((1, found.more[bus]), (-1, found.less[bus])):
            try:
                once, half = moved(model, bus, sign * step), moved(model, bus, sign * step / 2)
            except TEError:
                continue  # the solver cannot tell a hundredth of a megawatt too much from none
            if once is None:
                continue
            if not balanced(once, here, sign * step) or half is None:
                continue
            rates = (once[3] - here[3]) / (sign * step), (half[3] - here[3]) / (sign * step / 2)
            if abs(rates[0] - rates[1]) < 1e-6:  # else another limit within a hundredth of a megawatt
                assert told == pytest.approx([rates[0]] * 2, abs=1e-5)  # and nobody ties
                compared += 1
    assume(compared)


def test_both_sides_at_hand():
    lines = {"from_bus": [1], "to_bus": [2], "x": [0.1], "limit": [60]}
    units = {"bus": [1, 2, 2], "p_max": [200, 40, 50], "cost": [10, 30, 45], "co2": [0, 0.4, 0.8], "name": ["w", "g", "p"]}
    d = dc_opf(Network.from_frames({"bus": [1, 2], "load": [0, 100]}, lines, units))
    found = marginal_emissions(d)
    assert np.allclose(found.less, [[0, 0], [0.4, 0.4]]) and np.allclose(found.more, [[0, 0], [0.8, 0.8]])
    assert np.allclose(found.interval, [[0, 0], [0.4, 0.8]]) and np.isnan(found.rate[1]) and "(g)" in found.kink
    assert np.allclose(response(d, side="more").generation[:, 1], [0, 0, 1])
    assert np.allclose(response(d, side="less").generation[:, 1], [0, 1, 0])
    with pytest.raises(InvalidInput, match=r"side: a limit is only just reached \(g\)"):
        response(d)


def test_the_moment_a_peaker_starts():
    """The ladder with oil at bus 2: after 51/6.3 MW of a trade from 1 to 2 the price there is its cost."""
    frames = three_bus().to_frames()
    oil = {"name": "oil", "bus": 2, "p_max": 50, "cost": 20, "cost2": 0}
    frames["generators"] = frames["generators"][["name", "bus", "p_max", "cost", "cost2"]]
    frames["generators"].loc[2] = oil
    model, rates = DispatchModel(Network.from_frames(**frames)), [1.0, 0.4, 0.8]
    start = 51 / 6.3
    assert start == pytest.approx(8.10, abs=5e-3)
    at = marginal_emissions(model.solve({1: -start, 2: start}, limits=TIGHT), rates=rates)
    assert np.allclose(at.more[:, 0], [50 / 51, 0.8, 0.820290], atol=1e-6)
    assert np.allclose(at.less[:, 0], [0.850725, -2 / 17, 16.4 / 51], atol=1e-6)
    after = marginal_emissions(model.solve({1: -9, 2: 9}, limits=TIGHT), rates=rates)
    assert np.allclose(after.rate, [0.851, 0.8, 0.820], atol=5e-4)


def test_equal_costs_leave_a_range():
    units = {"bus": [1, 1], "p_max": [80, 80], "cost": [30, 30], "co2": [0.9, 0.35], "name": ["old", "new"]}
    none = {"from_bus": [], "to_bus": [], "x": []}
    d = dc_opf(Network.from_frames({"bus": [1], "load": [100]}, none, units))
    found = marginal_emissions(d)
    assert np.allclose(found.interval, [[0.35, 0.9]]) and np.isnan(found.rate[0])
    with pytest.raises(InvalidInput, match="old, new cost the same|new, old cost the same"):
        response(d, side="more" if d.generation.max() < 80 else "less")


def test_nobody_can_serve_more():
    none = {"from_bus": [], "to_bus": [], "x": []}
    net = Network.from_frames({"bus": [1], "load": [80]}, none, {"bus": [1], "p_max": [80], "cost": [30], "co2": [0.5]})
    found = marginal_emissions(dc_opf(net))
    assert np.allclose(found.less, 0.5) and np.isnan(found.more).all() and np.isnan(found.rate[0])
    assert "cannot be moved" in found.explain() and np.isnan(response(dc_opf(net), side="more").generation).all()
