"""Three phases and a neutral: against one phase, against admittances, against pandapower, and by hand."""

import numpy as np
import pytest

from tefoundations.data import lane_grid
from tefoundations.errors import InvalidInput, InvalidNetwork, NoConvergence
from tefoundations.grid import Network, four_wire_flow, hosting_capacity, sweep
from tests.grid.lanes import random_street

SEEDS = range(6)
NOBODY = np.zeros((11, 3))
STAR = {"0-1": 0.0}  # of the lane: the transformer, whose star point is earth


def loads(net, seed, size=0.006):
    rng = np.random.default_rng(seed + 100)
    load, q_load = rng.uniform(-size, size, (2, len(net.buses), 3))
    load[0] = q_load[0] = 0
    return load, q_load


def one_cable(rho=0.05):
    return Network.from_frames(
        {"bus": [0, 1]}, {"from_bus": [0], "to_bus": [1], "r": [rho], "x": [1e-9]}, {"bus": [0], "p_max": [1], "cost": [1]},
        base=3.0,
    )  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("neutral", [0.0, 1.0, 2.5])
def test_balanced_load_is_the_flow_of_one_phase(seed, neutral):
    net, _, _ = random_street(seed)
    four, one = four_wire_flow(net, neutral=neutral, tolerance=1e-12), sweep(net, tolerance=1e-12)
    assert four.voltage == pytest.approx(np.repeat(one.voltage[:, None], 3, axis=1), abs=1e-10)
    assert (
        four.neutral.max() < 1e-12
        and four.unbalance.max() < 1e-12
        and four.total_loss == pytest.approx(one.total_loss, abs=1e-11)
    )
    assert four.flow.sum(axis=1) == pytest.approx(np.where(np.abs(one.p_from) > 0, entering(net, one), 0), abs=1e-10)


def entering(net, flow):
    """Active flow at the end of each line that is nearer to the slack, positive from `from_bus` to `to_bus`."""
    from tefoundations.grid.feeder.tree import Tree

    tree, found = Tree.of(net), np.zeros(len(net.lines))
    found[tree.line] = np.where(tree.forward, flow.p_from[tree.line], -flow.p_to[tree.line])
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_currents_agree_with_the_admittances_of_all_wires(seed):
    """Lines with coupled wires, as 4 by 4 matrices: Y V = I over all wires of all buses, by a dense solve."""
    net, _, _ = random_street(seed)
    rng, n, lines = np.random.default_rng(seed), len(net.buses), net.lines
    load, q_load = loads(net, seed)
    matrices = {}
    for name, r, x in zip(lines.name, lines.r, lines.x):
        mutual = 0.3 * (0.2 * r + 1j * x) * rng.uniform(0.5, 1, (4, 4))
        matrices[name] = np.diag((r + 1j * x) * rng.uniform(0.8, 1.3, 4)) + (mutual + mutual.T) / 2
    flow = four_wire_flow(net, load, q_load=q_load, impedance=matrices, tolerance=1e-12)
    Y = np.zeros((4 * n, 4 * n), dtype=complex)
    for start, end, name in zip(lines.start, lines.end, lines.name):
        own, a, b = np.linalg.inv(matrices[name]), slice(4 * start, 4 * start + 4), slice(4 * end, 4 * end + 4)
        Y[a, a] += own
        Y[b, b] += own
        Y[a, b] -= own
        Y[b, a] -= own
    source = np.append(np.exp(-2j * np.pi / 3 * np.arange(3)), 0)
    voltage, drawn = np.tile(source, n), (load + 1j * q_load) * 3 / net.base
    for _ in range(200):
        own = voltage.reshape(n, 4)
        taken = (drawn / (own[:, :3] - own[:, 3:])).conj()
        injected = -np.column_stack([taken, -taken.sum(axis=1)]).ravel()
        voltage[4:] = np.linalg.solve(Y[4:, 4:], injected[4:] - Y[4:, :4] @ source)
    own = voltage.reshape(n, 4)
    assert flow.voltage == pytest.approx(np.abs(own[:, :3] - own[:, 3:]), abs=1e-10)
    assert flow.neutral == pytest.approx(np.abs(own[:, 3]), abs=1e-10)
    given = (own[0] * (Y[:4] @ voltage).conj()).real.sum() * net.base / 3
    assert flow.total_loss == pytest.approx(given - load.sum(), abs=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_pandapower_finds_the_same_voltages(pp, seed):
    """pandapower knows sequences and no neutral wire. Where all current comes back through it, it is z0 = z + 3 z_n."""
    net, _, _ = random_street(seed)
    load, q_load = loads(net, seed)
    peer, lines, ohm = pp.create_empty_network(sn_mva=0.1), net.lines, 0.4**2 / net.base
    for _ in net.buses.bus:
        pp.create_bus(peer, 0.4)
    pp.create_ext_grid(peer, 0, s_sc_max_mva=1e12, rx_max=0.1, r0x0_max=0.1, x0x_max=1.0)
    for start, end, r, x in zip(lines.start, lines.end, lines.r * ohm, lines.x * ohm):
        pp.create_line_from_parameters(
            peer, start, end, 1.0, r_ohm_per_km=r, x_ohm_per_km=x, c_nf_per_km=0.0, max_i_ka=1.0, r0_ohm_per_km=4 * r,
            x0_ohm_per_km=4 * x, c0_nf_per_km=0.0,
        )  # fmt: skip
    for bus, (p, q) in enumerate(zip(load, q_load)):
        names = dict(zip(("p_a_mw", "p_b_mw", "p_c_mw", "q_a_mvar", "q_b_mvar", "q_c_mvar"), (*p, *q)))
        pp.create_asymmetric_load(peer, bus, **names, type="wye")
    pp.add_zero_impedance_parameters(peer)
    pp.runpp_3ph(peer, tolerance_mva=1e-10, numba=False)
    found = peer.res_bus_3ph[["vm_a_pu", "vm_b_pu", "vm_c_pu"]].to_numpy()
    assert four_wire_flow(net, load, q_load=q_load, tolerance=1e-12).voltage == pytest.approx(found, abs=1e-7)


def test_by_hand_two_phases_and_a_neutral_of_equal_resistance():
    """A small current I lifts its own phase by 2 rho I, and each other phase by -rho I / 2."""
    rho, small = 0.05, 1e-5
    for sending, lifted in {
        (1, 0, 0): (2, -0.5, -0.5),
        (1, 1, 0): (1.5, 1.5, -1),
        (1, 1, 1): (1, 1, 1),
        (1, 0, -1): (2.5, 0, -2.5),
    }.items():
        flow = four_wire_flow(one_cable(rho), {1: -small * np.array(sending)}, tolerance=1e-14)
        assert (flow.voltage[1] - 1) / (rho * small) == pytest.approx(lifted, abs=2e-3)


def test_phases_that_change_places_change_places():
    net, _, _ = random_street(2)
    load, q_load = loads(net, 2)
    flow = four_wire_flow(net, load, q_load=q_load, tolerance=1e-12)
    turned = four_wire_flow(net, np.roll(load, 1, axis=1), q_load=np.roll(q_load, 1, axis=1), tolerance=1e-12)
    assert turned.voltage == pytest.approx(np.roll(flow.voltage, 1, axis=1), abs=1e-10) and turned.loss == pytest.approx(
        flow.loss, abs=1e-12
    )


def test_power_is_what_arrives_and_what_is_lost():
    for seed in SEEDS:
        net, _, _ = random_street(seed)
        load, q_load = loads(net, seed)
        flow = four_wire_flow(net, load, q_load=q_load, tolerance=1e-12)
        first = np.flatnonzero((net.lines.start == 0) | (net.lines.end == 0))
        out = np.where(net.lines.start[first] == 0, 1, -1) @ flow.flow[first]
        assert out.sum() == pytest.approx(load.sum() + flow.total_loss, abs=1e-10)
        assert (flow.loss >= 0).all() and flow.loading.shape == (len(net.lines), 4)


def at_the_end(*sent):
    net = Network.from_frames(**lane_grid())
    return four_wire_flow(net, dict.fromkeys(range(10), (0, 0, 0)) | {10: -np.array(sent)}, q_load=NOBODY, neutral=STAR)


def test_the_lane_a_limit_found_with_all_sending_breaks_when_neighbours_stop():
    net, none = Network.from_frames(**lane_grid()), np.zeros(11)
    each = hosting_capacity(net, none, q_load=none, at=[10, 10, 10], v_max=1.03).limit[0]
    assert 1000 * each == pytest.approx(22.88 / 3, abs=0.002)
    assert at_the_end(each, each, each).voltage.max() < 1.03 < 1.05 < at_the_end(each, 0, 0).voltage.max()
    assert at_the_end(each, 0, 0).voltage[10, 0] < at_the_end(each, -0.0037, -0.0037).voltage[10, 0]
    safe = 1000 * 0.00408204
    assert max(at_the_end(*(np.array(c) * safe / 1000)).voltage.max() for c in np.ndindex(2, 2, 2)) < 1.03


def test_a_winding_carries_a_third():
    net = Network.from_frames(**lane_grid())
    all_zero = dict.fromkeys(range(11), (0, 0, 0))
    one = four_wire_flow(net, all_zero | {1: (-0.1 / 3, 0, 0)}, q_load=NOBODY, neutral=STAR)
    three = four_wire_flow(net, all_zero | {1: [-0.1 / 3] * 3}, q_load=NOBODY, neutral=STAR)
    assert one.loading[0] == pytest.approx(three.loading[0] * [1, 0, 0, 0] + [0, 0, 0, one.loading[0, 3]], abs=1e-6)
    assert one.loading[0, 0] == pytest.approx(1, abs=0.03)


def test_generators_give_a_third_on_each_phase():
    net, _, _ = random_street(4)
    frames = net.to_frames()
    frames["generators"].loc[1] = frames["generators"].loc[0]
    frames["generators"] = frames["generators"].assign(
        name=["grid", "sun"], bus=[0, 8], p_set=[0, 0.03], v_set=[1.0, np.nan]
    )
    own = Network.from_frames(**frames, base=net.base)
    assert four_wire_flow(own).voltage[:, 1] == pytest.approx(sweep(own).voltage, abs=1e-6)


def test_bad_input_is_named():
    net, _, _ = random_street(0)
    line, frames = net.lines.name[0], net.to_frames()
    for words, given in {
        "bus 77 is no bus": {"load": {77: (1, 1, 1)}},
        "load of bus 1 must be 3 numbers, one for each phase, not 2": {"load": {1: (1, 2)}},
        r"load must be {bus: \(a, b, c\)} or an array of 9 rows and 3 columns, not of shape \(9,\)": {"load": np.zeros(9)},
        "q_load of bus 2 must be one number for each phase": {"q_load": {2: 0.1}},
        "neutral -1 must be": {"neutral": -1},
        "line '7-7' is no line": {"neutral": {"7-7": 1}},
        f"impedance of line {line} must be 4 times 4 finite complex numbers": {"impedance": {line: np.eye(3)}},
        "impedance must be a dict": {"impedance": np.eye(4)},
        "tolerance 0 must be a positive number": {"tolerance": 0},
    }.items():
        with pytest.raises(InvalidInput, match=words.replace("{bus", r"\{bus").replace("c\\)}", r"c\)\}")):
            four_wire_flow(net, **given)
    for table, column, value in (("lines", "tap", 1.02), ("lines", "b", 0.01), ("buses", "b_shunt", 0.1)):
        changed = {name: frame.copy() for name, frame in frames.items()}
        changed[table].loc[1, column] = value
        with pytest.raises(InvalidNetwork, match=f"{table}, row 1: {column} {value} must be"):
            four_wire_flow(Network.from_frames(**changed, base=net.base))
    with pytest.raises(NoConvergence, match=r"do not settle in \d+ steps: at bus \d") as told:
        four_wire_flow(net, {8: (3.0, 0, 0)})
    assert told.value.bus is not None and told.value.mismatch > 0
