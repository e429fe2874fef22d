"""Prices on radial feeders: the worked five buses, a second formulation, the closed form, and the derivative of cost."""

import numpy as np
import pytest

from tefoundations.data import grid
from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork
from tefoundations.grid import Network, ac_power_flow, branch_flow_opf, lindistflow_opf
from tests.grid.feeders import branch_flow, random_feeder

# bus: energy, loss, congestion, voltage, price, price without losses
FIVE = {
    0: (50, 0, 0, 0, 50, 50),
    1: (50, 0.6909, 4.0430, 2.2526, 56.9865, 55),
    2: (50, 1.4401, 4.1596, 5.7151, 61.3149, 60),
    3: (50, 4.7987, 4.6236, 20.5777, 80, 80),
    4: (50, 0.4986, 4.0296, 5.4719, 60, 60),
}
SEEDS = [0, 1, 3, 4, 6, 7, 8, 9, 10, 11]
SOLVERS = [branch_flow_opf, lindistflow_opf]
PLAIN = {"shunts": False}


def five():
    return Network.from_frames(**grid("feeder5"))


def pointing_away(net):
    """The same feeder with every line written from the slack outwards."""
    from tefoundations.grid.feeder.tree import Tree

    tree, frames = Tree.of(net), net.to_frames()
    frames["lines"] = (
        frames["lines"]
        .iloc[tree.line]
        .assign(from_bus=net.buses.bus[tree.parent], to_bus=net.buses.bus[tree.child])
        .reset_index(drop=True)
    )
    return Network.from_frames(**frames, base=net.base, slack=net.slack)


def test_the_worked_five_buses():
    d, linear = branch_flow_opf(five()), lindistflow_opf(five())
    expected = np.array(list(FIVE.values()))
    parts = d.price_components()
    assert parts[["energy", "loss", "congestion", "voltage"]].to_numpy() == pytest.approx(expected[:, :4], abs=6e-5)
    assert d.lmp == pytest.approx(expected[:, 4], abs=6e-5) and linear.lmp == pytest.approx(expected[:, 5], abs=1e-6)
    assert (d.cost, d.total_loss) == (pytest.approx(413.3493, abs=5e-5), pytest.approx(0.1609, abs=5e-5))
    assert d.tight and d.cone_gap.max() < 1e-8 and parts.reactive.to_numpy() == pytest.approx(np.zeros(5), abs=1e-6)
    assert d.multiplier[0] > 0 and d.voltage_multiplier[3] < 0 and linear.total_loss == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("solver", SOLVERS)
def test_the_second_formulation_agrees(solver, seed):
    net = pointing_away(random_feeder(seed, shunts=False))
    d = solver(net)
    value, lmp, q_price = branch_flow(net, losses=solver is branch_flow_opf)
    assert d.cost - d.value == pytest.approx(value, rel=1e-7)
    assert d.lmp == pytest.approx(lmp, abs=2e-4) and d.q_price == pytest.approx(q_price, abs=2e-4)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("solver", SOLVERS)
def test_parts_add_up_and_the_price_is_the_derivative_of_cost(solver, seed):
    net = random_feeder(seed)
    d = solver(net)
    for of, price in (("active", d.lmp), ("reactive", d.q_price)):
        assert d.price_components(of=of).sum(axis=1).to_numpy() == pytest.approx(price, abs=1e-9)
    step, buses = 1e-3, net.buses
    for bus in (1, 4, 8):
        ends = [solver(net, {bus: buses.load[bus] + sign * step}) for sign in (1, -1)]
        assert (ends[0].cost - ends[0].value - ends[1].cost + ends[1].value) / (2 * step) == pytest.approx(
            d.lmp[bus], abs=0.02
        )
        ends = [solver(net, q_load={bus: buses.q_load[bus] + sign * step}) for sign in (1, -1)]
        assert (ends[0].cost - ends[0].value - ends[1].cost + ends[1].value) / (2 * step) == pytest.approx(
            d.q_price[bus], abs=0.02
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_multipliers_are_derivatives_of_cost(seed):
    net = random_feeder(seed)
    d, frames, step = branch_flow_opf(net), net.to_frames(), 1e-4

    def welfare(tables):
        found = branch_flow_opf(Network.from_frames(**tables, base=net.base, slack=net.slack))
        return found.cost - found.value

    def slope(table, column, row):
        costs = []
        for sign in (1, -1):
            changed = {name: frame.copy() for name, frame in frames.items()}
            changed[table].loc[row, column] += sign * step
            costs.append(welfare(changed))
        return (costs[1] - costs[0]) / (2 * step)

    for line in np.flatnonzero(np.isfinite(net.lines.limit))[:2]:
        assert slope("lines", "limit", line) == pytest.approx(d.multiplier[line], abs=0.05)
    for bus in np.flatnonzero(np.abs(d.voltage_multiplier) > 1)[:3]:
        if bus != 0:  # the slack's is held at both ends
            column = "v_max" if d.voltage_multiplier[bus] > 0 else "v_min"
            assert slope("buses", column, bus) == pytest.approx(d.voltage_multiplier[bus], rel=0.01, abs=0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_closed_form_without_losses(seed):
    """price = price at the slack + multipliers of full lines on the way + 2 R (voltage multipliers), R shared resistance."""
    net = pointing_away(random_feeder(seed, **PLAIN))
    d = lindistflow_opf(net, limit_of="P")
    n, parent = len(net.buses), dict(zip(net.lines.end.tolist(), zip(net.lines.start.tolist(), range(len(net.lines)))))
    way = np.zeros((n, len(net.lines)))
    for bus in range(n):
        at = bus
        while at in parent:
            at, line = parent[at]
            way[bus, line] = 1
    shared = way @ np.diag(net.lines.r) @ way.T / net.base
    of_square = -d.voltage_multiplier / (2 * d.voltage)  # what a larger squared voltage would save
    of_square[0] = 0
    along = d.multiplier * np.sign(d.p_from)
    assert d.lmp == pytest.approx(d.lmp[0] + way @ along + 2 * shared @ of_square, abs=1e-6)
    parts = d.price_components()
    assert (
        parts.congestion.to_numpy() == pytest.approx(way @ along, abs=1e-6)
        and np.abs(parts[["loss", "reactive"]].to_numpy()).max() < 1e-9
    )
    assert parts.voltage.to_numpy() == pytest.approx(2 * shared @ of_square, abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_power_flow_confirms_the_dispatch(seed):
    net = random_feeder(seed)
    d = branch_flow_opf(net)
    assert d.tight
    frames = net.to_frames()
    frames["generators"] = frames["generators"].assign(p_set=d.generation, q_set=d.q_generation, v_set=[1.0, np.nan, np.nan])
    load = net.buses.load + np.bincount(net.bids.at, d.demand, len(net.buses))
    flow = ac_power_flow(Network.from_frames(**frames, base=net.base, slack=net.slack), load)
    for name in ("voltage", "angle", "p_from", "q_from", "p_to", "q_to", "loss"):
        assert getattr(d, name) == pytest.approx(getattr(flow, name), abs=1e-5)
    assert d.generation == pytest.approx(flow.generation, abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_loss_factors_are_derivatives_of_losses(seed):
    """One more megawatt of load, served by the slack with everything else as it is."""
    net = random_feeder(seed)
    d, n = branch_flow_opf(net), len(net.buses)
    frames = net.to_frames()
    frames["generators"] = frames["generators"].assign(p_set=d.generation, q_set=d.q_generation, v_set=[1.0, np.nan, np.nan])
    fixed, load = (
        Network.from_frames(**frames, base=net.base, slack=net.slack),
        net.buses.load + np.bincount(net.bids.at, d.demand, n),
    )
    for bus in (1, 5, 8):
        moved = [ac_power_flow(fixed, load + sign * 1e-3 * (np.arange(n) == bus)).imbalance for sign in (1, -1)]
        assert (moved[0] - moved[1]) / 2e-3 - 1 == pytest.approx(d.loss_factors()[bus], abs=1e-5)


def test_the_33_bus_feeder_without_choices_is_its_power_flow():
    net = Network.from_frames(**grid("feeder33"))
    d = branch_flow_opf(net)
    assert 1000 * d.total_loss == pytest.approx(202.677, abs=1e-3) and d.voltage.min() == pytest.approx(0.91309, abs=5e-6)
    assert lindistflow_opf(net).voltage.min() == pytest.approx(0.91593, abs=5e-6)
    assert d.lmp == pytest.approx(50 * (1 + d.loss_factors()), abs=1e-6)


def test_reverse_flow_makes_the_loss_part_negative():
    frames = grid("feeder5")
    frames["generators"].loc[2, ["p_min", "p_max"]] = [6.0, 6.0]
    frames["buses"]["v_max"] = [1.0, 1.2, 1.2, 1.2, 1.2]
    assert branch_flow_opf(Network.from_frames(**frames)).price_components().loss[3] < -1


def test_power_that_must_be_wasted_is_reported():
    """At a negative price the cone gains by losing power that no flow explains."""
    frames = grid("feeder5")
    frames["generators"].loc[0, "cost"] = -50.0
    frames["generators"].loc[[1, 2], "p_max"] = 0.0
    frames["buses"]["v_min"] = [1.0, 0.5, 0.5, 0.5, 0.5]
    frames["lines"]["limit"] = np.inf
    with pytest.warns(UserWarning, match="is not tight: .* MVA are lost that no flow explains; this dispatch cannot be run"):
        d = branch_flow_opf(Network.from_frames(**frames))
    assert not d.tight and d.cone_gap.max() > 0.01 and "cone not tight" in repr(d) and "The cone is not tight" in d.explain()
    assert d.price_components().sum(axis=1).to_numpy() == pytest.approx(d.lmp) and "not tight" in d._repr_html_()


@pytest.mark.parametrize("solver", SOLVERS)
def test_what_cannot_be_served_is_named(solver):
    with pytest.raises(
        Infeasible, match="exceeds the .* can be delivered: .*the voltage of bus 3 is at its lowest.*; one way: bus 3 gets"
    ) as caught:
        solver(five(), {3: 12})
    assert caught.value.bus == 3
    most = 12 - caught.value.shed[3] - 1e-3
    assert solver(five(), {3: most}, q_load={3: most / 12}).generation.sum() > 0  # reactive load is shed in proportion
    frames = grid("feeder5")
    frames["generators"].loc[[1, 2], "p_max"] = 0.0
    with pytest.raises(Infeasible, match=r"line 0-1 is full \(4 MVA\)") as caught:
        solver(Network.from_frames(**frames))
    assert caught.value.lines == ("0-1",)
    frames["generators"].loc[[1, 2], ["p_min", "p_max"]] = 50.0
    with pytest.raises(Infeasible, match="cannot be kept together even without any load"):
        solver(Network.from_frames(**frames))


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda solver: solver(five(), limit_of="I"), InvalidInput, "limit_of 'I' is not one of S, P"),
        (lambda solver: solver(five(), {9: 1}), InvalidInput, "bus 9"),
        (lambda solver: solver(five(), q_load={9: 1}), InvalidInput, "bus 9 is no bus"),
        (lambda solver: solver(five()).price_components(slack=3), InvalidInput, "told from the network's slack, 0"),
        (lambda solver: solver(five()).price_components(of="x"), InvalidInput, "of 'x' is not one of"),
        (lambda solver: solver(five()).to_frame("x"), InvalidInput, "table 'x' is not one of"),
        (lambda solver: solver(five()).explain(9), InvalidInput, "bus 9 is no bus"),
        (lambda solver: solver(Network.from_frames(**grid("pjm_five_bus"))), InvalidNetwork, "closes 2 loops"),
    ],
)
@pytest.mark.parametrize("solver", SOLVERS)
def test_bad_input_is_named(solver, call, error, words):
    with pytest.raises(error, match=words):
        call(solver)


def test_results_show_themselves():
    d = branch_flow_opf(random_feeder(0))
    shapes = {table: d.to_frame(table).shape for table in ("buses", "lines", "generators", "bids")}
    assert shapes == {"buses": (9, 7), "lines": (8, 8), "generators": (3, 6), "bids": (1, 4)}
    assert d.explain().count("\n") >= 9 and "te-acdispatch" in d._repr_html_() and "worth of served bids" in d.explain()
    assert d.price_components(slack=0).equals(d.price_components())


def test_a_cost_that_falls_without_end_is_named():
    frames = grid("feeder5")
    frames["generators"]["p_min"], frames["generators"]["p_max"] = [-np.inf, 0, 0], [100.0, np.inf, 4.0]
    frames["generators"]["cost"] = [50.0, 10.0, 80.0]
    frames["buses"]["v_max"], frames["lines"]["limit"] = np.inf, np.inf
    frames["buses"].loc[0, "v_min"] = 0.5
    with pytest.raises(InvalidNetwork, match="the cost can fall without end"):
        lindistflow_opf(Network.from_frames(**frames))


@pytest.mark.parametrize("solve", SOLVERS)
def test_reactive_power_of_a_plant_is_free_until_it_is_held(solve):
    """As the docstrings say: a plant without q_min and q_max serves the reactive load of its bus for nothing."""
    frames = {
        "buses": {"bus": [0, 1], "load": [0, 1], "q_load": [0, 0.5]},
        "lines": {"from_bus": [0], "to_bus": [1], "r": [0.1], "x": [0.1], "limit": [2.0]},
    }
    units = {"bus": [0, 1], "p_max": [5, 1], "cost": [10, 50]}
    free = solve(Network.from_frames(**frames, generators=units))
    held = solve(Network.from_frames(**frames, generators=units | {"q_min": [-5, 0], "q_max": [5, 0]}))
    assert held.q_generation[1] == pytest.approx(0, abs=1e-6) and free.cost <= held.cost + 1e-6
    assert free.q_price == pytest.approx([0, 0], abs=1e-3)
