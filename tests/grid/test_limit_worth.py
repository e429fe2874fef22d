"""What limits are worth: multipliers of generators are derivatives of the cost; those of lines make the congestion rent."""

import numpy as np
import pytest
from hypothesis import given

from tefoundations.errors import Infeasible
from tefoundations.grid import DispatchModel, Network, dc_opf
from tefoundations.grid.dc.wires import Wires
from tests.grid.networks import kirschen_strbac, networks, three_bus

STEP = 0.5  # MW


def surplus_lost(net, column, unit, step):
    """Cost less value with one limit moved, or infinity where nothing is feasible then."""
    limits = getattr(net.generators, column).copy()
    limits[unit] += step
    if net.generators.p_min[unit] > net.generators.p_max[unit] + step and column == "p_max":
        return np.inf
    try:
        d = DispatchModel(net).solve(offers={"generators": {column: limits}})
    except Infeasible:
        return np.inf
    return d.cost - d.value


@given(networks())
def test_multipliers_of_generators_are_what_a_limit_saves(net):
    """The cost is convex in a limit: both finite differences bound the multiplier, and where they agree, they are it."""
    try:
        d = dc_opf(net)
    except Infeasible:
        return
    now = d.cost - d.value
    scale = 1 + abs(now)
    for unit, curve in enumerate(net.generators.curve):
        if curve is not None:
            continue  # by hand below: beyond a corner of its curve a unit has another cost
        for column, saved in (("p_max", d.mu_p_max[unit]), ("p_min", -d.mu_p_min[unit])):
            more, less = (surplus_lost(net, column, unit, sign * STEP) for sign in (1, -1))
            if column == "p_min" and net.generators.p_min[unit] + STEP > net.generators.p_max[unit]:
                more = np.inf
            assert now - more <= STEP * saved + 1e-7 * scale
            assert less - now >= STEP * saved - 1e-7 * scale
        assert d.mu_p_max[unit] >= 0 and d.mu_p_min[unit] >= 0


def test_multipliers_by_hand():
    d = dc_opf(kirschen_strbac())
    assert d.mu_p_max == pytest.approx([0, 1.5, 0, 0]) and d.mu_p_min == pytest.approx([0, 0, 2.75, 0])
    saved = d.cost - DispatchModel(kirschen_strbac()).solve(offers={"generators": {"p_max": {"B": 286}}}).cost
    assert saved == pytest.approx(d.mu_p_max[1])
    assert d.to_frame("generators").loc["B", ["mu_p_min", "mu_p_max"]].tolist() == pytest.approx([0, 1.5])
    assert "B gives its most: 285 MW; one more would save 1.5 $/h." in d.explain() and "C gives" not in d.explain()


def test_multipliers_of_a_must_run_unit_and_of_a_cost_curve():
    """90 MW at 20 $/MWh; the curve gives 40 MW at 5 and 20 more at 10; the must-run unit gives 10 MW at 50."""
    units = {"bus": [1, 1, 1], "p_min": [0, 0, 10], "p_max": [200, 60, 30], "cost": [20, 0, 50],
             "curve": [None, [(0, 0), (40, 200), (60, 400)], None], "name": ["base", "steps", "must"]}  # fmt: skip
    net = Network.from_frames({"bus": [1], "load": [90]}, {"from_bus": [], "to_bus": [], "x": []}, units)
    d = dc_opf(net)
    assert d.mu_p_max == pytest.approx([0, 10, 0]) and d.mu_p_min == pytest.approx([0, 0, 30])
    assert "must gives its least: 10 MW; one less would save 30 $/h." in d.explain()
    for column, name, step, saved in (("p_max", "steps", 1, 10), ("p_max", "steps", -1, -10), ("p_min", "must", -1, 30)):
        limit = getattr(net.generators, column)[list(net.generators.name).index(name)] + step
        other = DispatchModel(net).solve(offers={"generators": {column: {name: limit}}})
        assert d.cost - other.cost == pytest.approx(saved)


def test_many_limits_are_counted():
    count = 12
    units = {"bus": [1] * (count + 1), "p_max": [1] * count + [99], "cost": [*range(count), 50]}
    words = dc_opf(Network.from_frames({"bus": [1], "load": [20]}, {"from_bus": [], "to_bus": [], "x": []}, units)).explain()
    assert words.count("gives its most") == 6 and "So do 6 other generators." in words
    assert "generator 1 gives its most: 1 MW; one more would save 50 $/h." in words


@given(networks())
def test_the_rent_is_what_full_lines_are_worth(net):
    try:
        d = dc_opf(net)
    except Infeasible:
        return
    driven = Wires(net).flows(np.zeros(len(net.buses)))  # what phase shifters drive without any injection
    assert d.congestion_rent == pytest.approx(d.multiplier @ (d.flow - driven), abs=1e-5 * (1 + abs(d.cost)))


def test_a_shifter_takes_its_part_of_the_rent():
    d = dc_opf(three_bus(limit=[45, np.inf, np.inf], shift=[0, -6, 0]))
    driven = Wires(d.net).flows(np.zeros(3))[0]
    assert abs(driven) > 5 and d.congestion_rent == pytest.approx(d.multiplier[0] * (45 - driven))
