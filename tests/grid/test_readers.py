"""MATPOWER cases and pandapower nets: read as their owners mean them."""

import numpy as np
import pytest

from tefoundations.errors import InvalidNetwork
from tefoundations.grid import Network
from tests.grid.networks import PECULIAR


def test_every_peculiarity_of_a_matpower_case():
    net = Network.from_matpower(PECULIAR)
    assert (net.base, net.slack) == (50, 20)
    assert net.buses.bus.tolist() == [10, 20, 30] and net.buses.load.tolist() == [120, 0, -15]
    assert net.buses.g_shunt.tolist() == [5, 0, 0] and net.buses.b_shunt.tolist() == [-3, 0, 10]
    assert net.lines.name.tolist() == ["20-10", "20-10 #2", "20-30", "30-10"]
    assert net.lines.limit.tolist() == [90, 80, np.inf, 70]
    assert net.lines.tap.tolist() == [1, 0.98, 1, 1] and net.lines.shift.tolist() == [0, 0, -4, 0]
    assert net.lines.angle_min.tolist() == [-np.inf, -np.inf, -30, -np.inf]
    assert net.lines.angle_max.tolist() == [np.inf, np.inf, 30, 25]
    units = net.generators
    assert units.name.tolist() == ["generator 1", "generator 2", "generator 3"] and units.bus.tolist() == [20, 30, 10]
    assert units.cost.tolist() == [11, 0, 25] and units.cost2.tolist() == [0.02, 0, 0] and units.cost0.tolist() == [40, 0, 7]
    assert units.curve[1].tolist() == [[0, 0], [40, 600], [80, 1800]]
    assert units.p_set.tolist() == [60, 40, 5] and units.v_set[:2].tolist() == [1.02, 0.99]
    assert np.isnan(units.v_set[2])  # at a bus of type 1 it holds its reactive power
    assert units.q_set.tolist() == [1, 2, 3] and units.q_max.tolist() == [30, 20, 10]
    assert net.notes == (
        "Left out: 1 isolated bus with 70 MW of load.",
        "Left out: 2 lines out of service or at isolated buses.",
        "Left out: 2 generators out of service or at isolated buses.",
    )


def test_a_case_is_a_path_a_text_or_frames(tmp_path):
    from matpowercaseframes import CaseFrames

    path = tmp_path / "peculiar.m"
    path.write_text(PECULIAR)
    with pytest.warns(UserWarning, match="Mixed cost models"):
        frames = CaseFrames(str(path))
    for given in (path, str(path), frames, PECULIAR, PECULIAR.replace("    ", ", ")[1:]):
        assert Network.from_matpower(given).lines.limit.tolist() == [90, 80, np.inf, 70]


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("20 3   0", "20 1   0", "no single slack: no bus is of type 3"),
        ("30 2 -15", "30 3 -15", "no single slack: buses 20, 30 are all of type 3"),
        ("2 0 0 3 0.02 11 40 0 0 0", "2 0 0 4 5 0.02 11 40 0 0", "gencost, row 0: n 4 is a cubic"),
        ("2 0 0 3 0.02 11 40", "3 0 0 3 0.02 11 40", "is no cost model"),
        ("40 4  70", "40 4  7O", "bus, row 3: PD '7O' must be a number"),
        ("mpc.gencost = [", "mpc.branch(1, 3) = 10;\nmpc.gencost = [", "computes 'mpc.branch(1, 3)"),
        ("90 0 0 0    0  1", "90 0 0 0    0  NaN", "branch, row 0: BR_STATUS nan must be a number"),
        ("20 3   0", "20 NaN 0", "bus, row 1: BUS_TYPE nan must be a number"),
        ("mpc.baseMVA = 50;", "mpc.baseMVA = Sbase;", "the case computes 'mpc.baseMVA = Sbase"),
        ("mpc.bus =", "mpc.nodes =", "the case"),
        (
            "30 10 0.02 0.20 0.04  70 0 0 0    0  1 -360 25",
            "30 11 0.02 0.2 0.04 70 0 0 0 0 1 -360 25",
            "to_bus 11 is no bus",
        ),
    ],
)
def test_a_bad_case_is_named(old, new, words):
    assert old in PECULIAR
    with pytest.raises(InvalidNetwork) as caught:
        Network.from_matpower(PECULIAR.replace(old, new))
    assert words in str(caught.value)


def test_a_slack_can_be_named():
    case = PECULIAR.replace("20 3   0", "20 1   0")
    assert Network.from_matpower(case, slack=30).slack == 30
    with pytest.raises(InvalidNetwork, match="slack 40 is no bus"):
        Network.from_matpower(case, slack=40)


def test_no_file_is_named(tmp_path):
    with pytest.raises(InvalidNetwork, match="neither a file nor the text"):
        Network.from_matpower(tmp_path / "nowhere.m")


def test_reactive_costs_and_missing_costs_are_noted():
    cut = PECULIAR[: PECULIAR.index("mpc.gencost")]
    assert "The case has no costs; all are 0." in Network.from_matpower(cut).notes
    doubled = PECULIAR.rstrip().removesuffix("];") + "2 0 0 2 3 0 0 0 0 0;\n" * 5 + "];\n"
    assert "Left out: the costs of reactive power." in Network.from_matpower(doubled).notes
    with pytest.raises(InvalidNetwork, match="gencost: 6 rows for 5 generators"):
        Network.from_matpower(PECULIAR.rstrip().removesuffix("];") + "2 0 0 2 3 0 0 0 0 0;\n];\n")


def test_a_pandapower_net_keeps_its_buses(pp_net):
    before = pp_net.bus.copy()
    net = Network.from_pandapower(pp_net)
    assert net.buses.bus.tolist() == [0, 1, 2, 3] and net.slack == 0  # 3 and 4 are joined, 5 is out of service
    assert net.buses.load.tolist() == [0, 0, -5, 70] and net.buses.g_shunt.tolist() == [0, 0, 0, 0.5]
    assert net.buses.b_shunt.tolist() == [0, 0, 0, 8]
    assert len(net.lines) == 5 and net.lines.shift[3:].tolist() == [30, 30]
    assert net.lines.tap[3:] == pytest.approx([0.97, 1]) and net.lines.x[3] == pytest.approx(0.12 / 60, rel=0.01)
    assert net.lines.limit[0] == pytest.approx(0.4 * 110 * 3**0.5 * 0.8) and net.lines.limit[3] == pytest.approx(60)
    assert net.buses.v_max[:3].tolist() == [1.0, 1.05, 1.05]  # the external grid holds its voltage
    units = net.generators
    assert units.p_min.tolist() == [-50, 5, 0] and units.p_max.tolist() == [200, 40, 30]
    assert units.cost.tolist() == [30, 20, 15] and units.cost2.tolist() == [0, 0.3, 0] and units.cost0.tolist() == [12, 0, 0]
    assert pp_net.bus.equals(before) and ("_ppc" not in pp_net or pp_net._ppc is None)


def test_piecewise_costs_of_pandapower(pp, pp_net):
    pp_net.poly_cost = pp_net.poly_cost.iloc[:1]  # pandapower takes linear costs beside piecewise ones, not quadratic ones
    pp.create_pwl_cost(pp_net, 1, "gen", [[0.0, 10.0, 15.0], [10.0, 30.0, 32.0]])
    net = Network.from_pandapower(pp_net)
    steps = [np.diff(curve[:, 1]) / np.diff(curve[:, 0]) for curve in net.generators.curve if curve is not None]
    assert [15, 32] in [step.tolist() for step in steps]


def test_a_pandapower_net_that_has_no_meaning_here_is_named(pp, pp_net):
    pp.create_ext_grid(pp_net, 2)
    with pytest.raises(InvalidNetwork, match="external grids stand at buses 0, 2"):
        Network.from_pandapower(pp_net)
    assert Network.from_pandapower(pp_net, slack=2).slack == 2
    with pytest.raises(InvalidNetwork, match="slack 5 is no bus in service"):
        Network.from_pandapower(pp_net, slack=5)
    pp_net.ext_grid["in_service"] = False
    with pytest.raises(InvalidNetwork, match="no external grid is in service"):
        Network.from_pandapower(pp_net)


def test_a_generator_without_limits_stays_where_it_is(pp):
    net = pp.create_empty_network()
    a, b = pp.create_bus(net, 20.0), pp.create_bus(net, 20.0)
    pp.create_line_from_parameters(net, a, b, 1.0, 0.1, 0.1, 0.0, 1.0)
    pp.create_ext_grid(net, a)
    pp.create_gen(net, b, 3.0)
    read = Network.from_pandapower(net)
    assert read.generators.p_min.tolist() == [-np.inf, 3] and read.generators.p_max.tolist() == [np.inf, 3]
