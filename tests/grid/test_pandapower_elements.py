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


def test_missing_costs_are_told():
    net = street()
    assert not [note for note in Network.from_pandapower(net).notes if "cost" in note.lower()]
    pandapower.create_sgen(net, 1, 0.5, controllable=True, min_p_mw=0, max_p_mw=0.5, min_q_mvar=0, max_q_mvar=0)
    read = Network.from_pandapower(net)
    assert read.generators.cost.tolist() == [20, 0] and read.notes[-1] == "At no cost: 1 of 2 units."
    net.poly_cost = net.poly_cost.iloc[:0]
    read = Network.from_pandapower(net)
    assert read.generators.cost.tolist() == [1, 1]
    assert read.notes[-1] == "The net has no costs: as in pandapower, a megawatt hour of every generator costs 1."


@pytest.mark.parametrize("share", ["const_z_percent", "const_z_p_percent"])
def test_a_load_of_constant_impedance_is_a_shunt(share):
    net = street()
    if share not in net.load and share == "const_z_p_percent":
        pytest.skip("this pandapower has one share for active and reactive power")
    for column in [share] if share == "const_z_percent" else [share, "const_z_q_percent"]:
        net.load[column] = 40.0
    read = Network.from_pandapower(net)
    assert read.buses.load.tolist() == pytest.approx([0, 1.8]) and read.buses.g_shunt.tolist() == pytest.approx([0, 1.2])
    assert "Taken as shunts: the part of 1 load that has constant impedance." in read.notes
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


def test_amperes_without_a_loading_limit_are_told_to_be_none():
    net = street()
    del net.line["max_loading_percent"]
    read = Network.from_pandapower(net)
    assert np.isinf(read.lines.limit).all()
    assert "Without a limit, for max_loading_percent is not given: 1 line." in read.notes
    net.line["max_loading_percent"] = 100.0
    read = Network.from_pandapower(net)
    assert read.lines.limit == pytest.approx(3**0.5 * 20) and not [note for note in read.notes if "limit" in note]


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


def test_a_second_external_grid_is_told_of():
    net = street()
    pandapower.create_ext_grid(net, 1, vm_pu=1.0, va_degree=2.0)
    read = Network.from_pandapower(net, slack=0)
    words = "Only the slack's external grid holds its angle; those at bus 1 give in a power flow their p_mw, if any."
    assert words in read.notes and ac_power_flow(read).generation[1] == 0
    assert not any("external grid holds" in note for note in Network.from_pandapower(street()).notes)


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
    assert read.notes[1] == "Left out, being out of service or cut off: 1 bus, 1 load (2 MW), 1 static generator (0.5 MW)."
    assert read.explain().count("Read: ") == 1


def test_a_branch_that_is_open_at_one_end_is_read():
    """It charges the network: pandapower models it, and so the notes must not say that it was left out."""
    net = street()
    cable = pandapower.create_line_from_parameters(net, 0, 1, 30.0, 0.6, 0.4, 300.0, 1.0)
    low, dead = pandapower.create_bus(net, 0.4), pandapower.create_bus(net, 20.0, in_service=False)
    pandapower.create_line_from_parameters(net, 1, dead, 10.0, 0.6, 0.4, 300.0, 1.0)
    trafo = pandapower.create_transformer(net, 1, low, "0.4 MVA 20/0.4 kV")
    pandapower.create_switch(net, 1, cable, "l", closed=False)
    pandapower.create_switch(net, low, trafo, "t", closed=False)
    read = Network.from_pandapower(net)
    assert len(read.lines) == 4
    lines, trafos = "3 lines (2 of them open at one end)", "1 transformer (1 of them open at one end)"
    assert read.notes[0] == f"Read: 1 load (3 MW), 1 external grid, {lines}, {trafos}."
    assert read.notes[1:2] == ("Left out, being out of service or cut off: 2 buses.",)
    ours, theirs = voltages(net)
    assert ours == pytest.approx(theirs, abs=1e-8)
    pandapower.create_switch(net, 0, cable, "l", closed=False)
    read = Network.from_pandapower(net)
    assert len(read.lines) == 3 and "cut off: 2 buses, 1 line." in read.notes[1]


def test_every_element_is_told_with_its_megawatts():
    net = street()
    pandapower.create_shunt(net, 1, q_mvar=0.0, p_mw=0.2, step=3, max_step=4)
    pandapower.create_ward(net, 1, ps_mw=0.3, qs_mvar=0, pz_mw=0.4, qz_mvar=0)
    pandapower.create_motor(net, 1, pn_mech_mw=0.9, cos_phi=0.9, efficiency_percent=90, loading_percent=50)
    pandapower.create_asymmetric_load(net, 1, p_a_mw=0.1, p_b_mw=0.2, p_c_mw=0.3, scaling=2.0)
    read = Network.from_pandapower(net)
    assert read.buses.load.sum() == pytest.approx(3 + 0.3 + 0.5 + 1.2) and read.buses.g_shunt.sum() == pytest.approx(1.0)
    for words in ("1 shunt (0.6 MW)", "1 ward (0.7 MW)", "1 motor (0.5 MW)", "1 unbalanced load (1.2 MW)"):
        assert words in read.notes[0]


def test_a_shunt_counts_by_the_table_of_its_steps():
    net = street()
    table = {"id_characteristic": [7, 7], "step": [1, 2], "p_mw": [0.1, 0.35], "q_mvar": [0.0, 0.0]}
    pandapower.create_shunt(net, 1, q_mvar=0.0, p_mw=9.0, step=2, max_step=2, step_dependency_table=True,
                            id_characteristic_table=7)  # fmt: skip
    net["shunt_characteristic_table"] = type(net.bus)(table)
    read = Network.from_pandapower(net)
    assert "1 shunt (0.35 MW)" in read.notes[0] and read.buses.g_shunt.sum() == pytest.approx(0.35)


def test_loads_at_a_dead_bus_have_no_part_in_it():
    """Neither is a load of constant current refused there, nor one of constant impedance counted among the shunts."""
    net = street()
    dead = pandapower.create_bus(net, 20.0)
    pandapower.create_load(net, dead, 2.0)
    pandapower.create_load(net, dead, 4.0)
    for column in [name for name in net.load if name.startswith(("const_i", "const_z"))]:
        net.load.loc[1 if column.startswith("const_i") else 2, column] = 10.0
    read = Network.from_pandapower(net)
    assert read.notes == ("Read: 1 load (3 MW), 1 external grid, 1 line.",
                          "Left out, being out of service or cut off: 1 bus, 2 loads (6 MW).")  # fmt: skip
    assert not read.buses.g_shunt.any()


def test_an_external_grid_at_a_dead_bus_is_none():
    net = street()
    pandapower.create_ext_grid(net, pandapower.create_bus(net, 20.0, in_service=False))
    assert Network.from_pandapower(net).slack == 0


def test_a_dispatched_load_of_constant_impedance_is_refused():
    net = street()
    net.load["controllable"], net.load["min_p_mw"], net.load["max_p_mw"] = True, 0.0, 3.0
    net.load["min_q_mvar"], net.load["max_q_mvar"] = 0.0, 0.0
    share = next(name for name in net.load if name.startswith("const_z"))
    net.load[share] = 40.0
    with pytest.raises(InvalidNetwork, match=f"load 0: {share} 40: a load of constant impedance cannot be dispatched"):
        Network.from_pandapower(net)
    net.load["controllable"] = False
    assert Network.from_pandapower(net).buses.g_shunt.sum() > 0


def test_what_is_out_of_service_is_told_of_whatever_it_is():
    net = street()
    pandapower.create_dcline(net, 0, 1, p_mw=1, loss_percent=1, loss_mw=0.1, vm_from_pu=1, vm_to_pu=1, in_service=False)
    pandapower.create_line_from_parameters(net, 0, 1, 1.0, 0.6, 0.4, 0.0, 0.5, in_service=False)
    net.line["max_loading_percent"] = [100.0, np.nan]
    read = Network.from_pandapower(net)
    assert "cut off: 1 line." in read.notes[1] and "Left out: 1 DC line out of service." in read.notes
    assert not any("Without a limit" in note for note in read.notes)


def test_the_temperature_of_a_line_is_not_read_and_that_is_said():
    net = street()
    net.line["temperature_degree_celsius"], net.line["alpha"] = 20.0, 0.004
    assert not any("resistance" in note for note in Network.from_pandapower(net).notes)
    net.line["temperature_degree_celsius"] = 80.0
    words = "Taken at 20 degrees, whatever temperature_degree_celsius and alpha say: the resistance of 1 line (0)."
    assert words in Network.from_pandapower(net).notes


def test_a_static_unit_is_held_to_its_reactive_limits_and_that_is_said():
    net = street()
    pandapower.create_sgen(net, 1, 1.0, 0.8, max_q_mvar=0.5, min_q_mvar=-0.5)
    read = Network.from_pandapower(net)
    assert read.buses.q_load.sum() == pytest.approx(1.0 - 0.5)
    assert "Held to min_q_mvar and max_q_mvar: the reactive power of 1 static generator (0)." in read.notes
    net.sgen["q_mvar"] = 0.5
    assert not any("Held to min_q" in note for note in Network.from_pandapower(net).notes)


def test_a_limit_bounds_apparent_power_here_and_the_current_in_pandapower():
    """At a voltage of 1.01 p.u. a line may carry 1 % more in pandapower than here."""
    net = street()
    net.line["max_i_ka"] = 2.5 / (20 * 3**0.5)
    pandapower.create_sgen(net, 1, 3.0, 0.0, min_p_mw=0.0, max_p_mw=3.0, min_q_mvar=-9, max_q_mvar=9, controllable=True)
    pandapower.create_poly_cost(net, 0, "sgen", 50)
    d = ac_opf(Network.from_pandapower(net))
    pandapower.runopp(net, numba=False, delta=1e-10)
    assert d.apparent[0] == pytest.approx(2.5, abs=1e-5)
    sent = np.hypot(net.res_line.p_from_mw[0], net.res_line.q_from_mvar[0]) / 1.01
    received = np.hypot(net.res_line.p_to_mw[0], net.res_line.q_to_mvar[0]) / net.res_bus.vm_pu[1]
    assert max(sent, received) == pytest.approx(2.5, abs=1e-3)


BUILT_IN = ["case4gs", "case5", "case6ww", "case9", "case14", "case24_ieee_rts", "case30", "case33bw", "case39", "case57",
            "case118", "create_cigre_network_hv", "create_cigre_network_mv", "create_cigre_network_lv", "example_simple",
            "simple_four_bus_system", "simple_mv_open_ring_net", "panda_four_load_branch", "example_multivoltage",
            "four_loads_with_branches_out", "iceland", "GBreducednetwork", "case_illinois200", "create_kerber_dorfnetz",
            "create_dickert_lv_network", "create_synthetic_voltage_control_lv_network",
            "kb_extrem_landnetz_freileitung_trafo"]  # fmt: skip


@pytest.mark.parametrize("name", BUILT_IN)
def test_power_flow_on_pandapowers_own_networks(name):
    ours, theirs = voltages(getattr(networks, name)())
    assert ours == pytest.approx(theirs, abs=1e-6)
