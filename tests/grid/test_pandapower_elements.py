"""Every element of a pandapower net is modelled, refused by name, or told of: nothing vanishes without a word."""

import numpy as np
import pytest

from tefoundations.errors import InvalidNetwork
from tefoundations.grid import Network, ac_opf, ac_power_flow

networks = pytest.importorskip("pandapower.networks")
pandapower = pytest.importorskip("pandapower")


def street():
    """A grid, a cable, a load of 3 MW and 1 MVAr, and costs."""
    net = pandapower.create_empty_network()
    a, b = (pandapower.create_bus(net, 20.0, max_vm_pu=1.05, min_vm_pu=0.95) for _ in range(2))
    pandapower.create_line_from_parameters(net, a, b, 1.0, 0.6, 0.4, 0.0, 1.0, max_loading_percent=100)
    pandapower.create_ext_grid(net, a, vm_pu=1.01)
    pandapower.create_load(net, b, 3.0, 1.0)
    pandapower.create_poly_cost(net, 0, "ext_grid", 20)
    return net


def voltages(net, slack=None):
    """Ours, and those of pandapower's power flow at the same buses."""
    read = Network.from_pandapower(net, slack=slack)
    pandapower.runpp(net, numba=False, calculate_voltage_angles=True)
    own = np.isin(read.buses.bus, net.bus.index)  # not the open ends of lines
    return ac_power_flow(read).voltage[own], net.res_bus.vm_pu.loc[read.buses.bus[own]].to_numpy()


@pytest.mark.parametrize("share", ["const_z_percent", "const_z_p_percent"])
def test_a_load_of_constant_impedance_is_a_shunt(share):
    net = street()
    if share not in net.load and share == "const_z_p_percent":
        pytest.skip("this pandapower has one share for active and reactive power")
    for column in [share] if share == "const_z_percent" else [share, "const_z_q_percent"]:
        net.load[column] = 40.0
    read = Network.from_pandapower(net)
    assert read.buses.load.tolist() == pytest.approx([0, 1.8]) and read.buses.g_shunt.tolist() == pytest.approx([0, 1.2])
    assert "Taken as shunts: the part of 1 loads that has constant impedance." in read.notes
    if share in pandapower.create_empty_network().load:
        ours, theirs = voltages(net)
        assert ours == pytest.approx(theirs, abs=1e-8)


def test_an_unbalanced_load_counts_by_the_sum_of_its_phases():
    net = street()
    pandapower.create_asymmetric_load(net, 1, p_a_mw=0.5, p_b_mw=0.2, p_c_mw=0.3, q_a_mvar=0.1, q_b_mvar=0.1, q_c_mvar=0.0)
    pandapower.create_asymmetric_sgen(net, 1, p_a_mw=0.1, p_b_mw=0.0, p_c_mw=0.0)
    read = Network.from_pandapower(net)
    assert read.buses.load.tolist() == pytest.approx([0, 3.9]) and read.buses.q_load.tolist() == pytest.approx([0, 1.2])
    assert "Taken as balanced, by the sum of the phases: 1 unbalanced load." in read.notes
    plain = street()
    pandapower.create_load(plain, 1, 0.9, 0.2)
    assert ac_power_flow(read).voltage == pytest.approx(ac_power_flow(Network.from_pandapower(plain)).voltage, abs=1e-12)


def test_the_european_feeder_has_its_load():
    net = networks.ieee_european_lv_asymmetric()
    wanted = net.asymmetric_load.filter(like="p_").sum().sum()
    assert Network.from_pandapower(net).buses.load.sum() == pytest.approx(wanted) and wanted > 0


def test_what_would_change_the_answer_is_refused_by_name():
    net = street()
    net.load["const_i_percent"] = 10.0
    with pytest.raises(InvalidNetwork, match="load 0: const_i_percent 10: loads of constant current"):
        Network.from_pandapower(net)
    net = street()
    pandapower.create_svc(net, 0, 1.0, -5.0, 1.0, 90.0)
    with pytest.raises(InvalidNetwork, match="svc 0 is a static var compensator, which is not modelled; take it out"):
        Network.from_pandapower(net)
    net.svc["in_service"] = False
    assert len(Network.from_pandapower(net).lines) == 1
    net["windmill"] = net.load.copy()
    with pytest.raises(InvalidNetwork, match="windmill 0 is an element of a kind that is not known here"):
        Network.from_pandapower(net)


def test_a_loading_limit_that_is_no_number_is_none():
    net = street()
    pandapower.create_line_from_parameters(net, 0, 1, 1.0, 0.6, 0.4, 0.0, 0.5)
    net.line["max_loading_percent"] = [100.0, np.nan]
    read = Network.from_pandapower(net)
    assert read.lines.limit.tolist() == [pytest.approx(20 * 3**0.5), np.inf]
    assert "Without a limit, for max_loading_percent is no number: 1 line (1)." in read.notes


def test_an_external_grid_holds_its_voltage_as_in_pandapower():
    net = street()
    read = Network.from_pandapower(net)
    pandapower.runopp(net, numba=False)
    assert ac_opf(read).cost == pytest.approx(net.res_cost, rel=1e-6)
    assert ac_opf(read).voltage[0] == pytest.approx(1.01, abs=1e-7)
    net.ext_grid["controllable"] = True
    pandapower.runopp(net, numba=False)
    free = ac_opf(Network.from_pandapower(net))
    assert free.cost == pytest.approx(net.res_cost, rel=1e-6) and free.voltage[0] > 1.04


def test_one_island_at_a_time():
    net = networks.mv_oberrhein()
    with pytest.raises(InvalidNetwork, match="external grids stand at buses 58, 318; name one with slack=, and its island"):
        Network.from_pandapower(net)
    for slack, size in ((58, 71), (318, 114)):
        ours, theirs = voltages(net, slack)
        assert len(ours) <= size and ours == pytest.approx(theirs, abs=1e-7)
    assert any(
        "109 buses that no line or switch joins to bus 58" in note for note in Network.from_pandapower(net, slack=58).notes
    )


def test_a_joined_bus_keeps_its_label():
    net = networks.example_multivoltage()
    read = Network.from_pandapower(net)
    assert len(read.joined) == 30 and len(read.buses) + len(read.joined) == len(net.bus) + 4  # star points among them
    for label, goes in read.joined.items():
        assert read.position(label) == read.position(goes)
    joined = next(iter(read.joined))
    assert read.load_vector({joined: 7.0})[read.position(joined)] == 7


def test_the_notes_account_for_every_element():
    net = street()
    pandapower.create_load(net, 1, 2.0, in_service=False)
    far = pandapower.create_bus(net, 20.0)
    pandapower.create_sgen(net, far, 0.5)
    read = Network.from_pandapower(net)
    assert read.notes[0] == "Read: 1 load (3 MW), 1 external grid, 1 line."
    assert read.notes[1] == "Left out, being out of service or cut off: 1 load (2 MW), 1 static generator (0.5 MW)."
    assert read.explain().count("Read: ") == 1


BUILT_IN = ["case4gs", "case5", "case6ww", "case9", "case14", "case24_ieee_rts", "case30", "case33bw", "case39", "case57",
            "case118", "create_cigre_network_hv", "create_cigre_network_mv", "create_cigre_network_lv", "example_simple",
            "simple_four_bus_system", "simple_mv_open_ring_net", "panda_four_load_branch", "example_multivoltage",
            "four_loads_with_branches_out", "iceland"]  # fmt: skip


@pytest.mark.parametrize("name", BUILT_IN)
def test_power_flow_on_pandapowers_own_networks(name):
    ours, theirs = voltages(getattr(networks, name)())
    assert ours == pytest.approx(theirs, abs=1e-6)
