"""pandapower nets of the tests; skipped where pandapower is not installed."""

import pytest


@pytest.fixture(scope="module")
def pp():
    return pytest.importorskip("pandapower")


@pytest.fixture
def pp_net(pp):
    """Four buses, a fifth behind a switch, two transformers (tap and shift), a shunt, linear and quadratic costs."""
    net = pp.create_empty_network()
    high = [pp.create_bus(net, 110.0, max_vm_pu=1.05, min_vm_pu=0.97) for _ in range(3)]
    low = pp.create_bus(net, 20.0)
    behind = pp.create_bus(net, 20.0)
    pp.create_bus(net, 20.0, in_service=False)
    pp.create_switch(net, low, behind, "b")
    for a, b in ((0, 1), (1, 2), (0, 2)):
        pp.create_line_from_parameters(net, high[a], high[b], 40.0, 0.05, 0.3, 9.0, 0.4, max_loading_percent=80.0)
    pp.create_line_from_parameters(net, high[0], high[1], 40.0, 0.05, 0.3, 9.0, 0.4, in_service=False)
    rated = {"sn_mva": 60.0, "vn_hv_kv": 110.0, "vn_lv_kv": 20.0}
    data = rated | {"vkr_percent": 0.4, "vk_percent": 12.0, "pfe_kw": 0.0, "i0_percent": 0.0}
    tap = {"tap_side": "hv", "tap_neutral": 0, "tap_pos": -2, "tap_step_percent": 1.5, "tap_changer_type": "Ratio"}
    pp.create_transformer_from_parameters(net, high[1], low, **data, shift_degree=30.0, max_loading_percent=100.0, **tap)
    pp.create_transformer_from_parameters(net, high[2], low, **data, shift_degree=30.0, max_loading_percent=100.0)
    pp.create_load(net, behind, 70.0, 10.0)
    pp.create_load(net, low, 50.0, in_service=False)
    pp.create_sgen(net, high[2], 5.0, 0.0)
    pp.create_shunt(net, low, q_mvar=-8.0, p_mw=0.5)
    grid = pp.create_ext_grid(net, high[0], min_p_mw=-50.0, max_p_mw=200.0)
    a = pp.create_gen(net, high[1], 10.0, vm_pu=1.01, min_p_mw=5.0, max_p_mw=40.0)
    b = pp.create_gen(net, high[2], 10.0, min_p_mw=0.0, max_p_mw=30.0)
    pp.create_gen(net, high[2], 4.0, min_p_mw=0.0, max_p_mw=30.0, in_service=False)
    pp.create_poly_cost(net, grid, "ext_grid", cp1_eur_per_mw=30.0, cp0_eur=12.0)
    pp.create_poly_cost(net, a, "gen", cp1_eur_per_mw=20.0, cp2_eur_per_mw2=0.3)
    pp.create_poly_cost(net, b, "gen", cp1_eur_per_mw=15.0)
    return net
