"""Charges of trades, transmission rights, and what more of a line is worth: numbers of the chapter, and properties."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tefoundations.errors import Infeasible, InvalidInput
from tefoundations.grid import (
    DispatchModel,
    Network,
    dc_opf,
    dc_power_flow,
    line_value,
    outage_flows,
    ptdf,
    rights_fit,
    rights_flow,
    rights_payout,
    scopf,
)
from tests.grid.networks import networks, three_bus

TIGHT = {"1-2": 45}


def money(d):
    """Cost less value ($/h) of a dispatch."""
    return d.cost - d.value


def test_a_trade_pays_the_room_that_it_takes():
    net = three_bus()
    d, factors = dc_opf(net, limits=TIGHT), ptdf(net)
    for (a, b), charge in {(1, 2): 10, (2, 1): -10, (3, 2): 4, (1, 3): 6}.items():
        assert d.transfer_price(a, b) == pytest.approx(charge)
        assert d.multiplier @ (factors[:, a - 1] - factors[:, b - 1]) == pytest.approx(charge)
    with pytest.raises(InvalidInput, match="bus 7 is no bus"):
        d.transfer_price(1, 7)


def test_rights_of_the_chapter():
    net = three_bus()
    d = dc_opf(net, limits=TIGHT)
    for rights in ([(1, 2, 90)], [(1, 3, 150)], [(3, 2, 225)], [(1, 2, 30), (1, 3, 50), (3, 2, 75)]):
        assert rights_fit(net, rights=rights, limits=TIGHT).fits
        assert rights_payout(d, rights=rights).sum() == pytest.approx(900)
    over = rights_fit(net, rights=[(1, 2, 100)], limits=TIGHT)
    assert over.over == pytest.approx([5, 0, 0]) and rights_payout(d, rights=[(1, 2, 100)]).sum() - 900 == pytest.approx(100)
    derated = dc_opf(net, limits={"1-2": 40})
    short = rights_payout(derated, rights=[(1, 2, 90)]).sum() - derated.congestion_rent
    assert derated.congestion_rent == pytest.approx(949.02, abs=0.005) and short == pytest.approx(118.63, abs=0.005)
    assert short == pytest.approx(5 * derated.multiplier[0])


@given(networks(unlimited=True), st.data())
def test_rights_that_fit_are_covered_by_the_rent(net, data):
    net = Network.from_frames(**{**net.to_frames(), "lines": net.to_frames()["lines"].assign(shift=0.0)}, base=net.base)
    buses, whole = net.buses.bus.tolist(), st.integers(0, 8)
    rights = [
        (data.draw(st.sampled_from(buses)), data.draw(st.sampled_from(buses)), 10 * data.draw(whole)) for _ in range(3)
    ]
    flow = rights_flow(net, rights=rights)
    moved = np.zeros(len(buses))
    for a, b, mw in rights:
        moved[buses.index(a)] += mw
        moved[buses.index(b)] -= mw
    assert flow == pytest.approx(dc_power_flow(net, injection=moved).flow, abs=1e-7)
    limits = np.abs(flow) + np.array([10.0 * data.draw(whole) for _ in flow])
    fit = rights_fit(net, rights=rights, limits=limits)
    assert fit.fits and rights_fit(net, rights=rights, limits=np.maximum(limits - 1, 0)).over == pytest.approx(
        np.maximum(np.abs(flow) - np.maximum(limits - 1, 0), 0), abs=1e-7
    )
    options = rights_fit(net, rights=rights, limits=limits, options=True)
    worst = max(
        (np.abs(rights_flow(net, rights=[r for i, r in enumerate(rights) if used >> i & 1])) - limits for used in range(8)),
        key=lambda over: over.max(),
    )
    assert options.over.max() == pytest.approx(max(worst.max(), 0), abs=1e-7)
    with suppress(Infeasible):
        d = dc_opf(net, limits=limits)
        paid, scale = rights_payout(d, rights=rights).sum(), 1 + np.abs(d.lmp).max() * (1 + np.abs(flow).sum())
        assert paid <= d.congestion_rent + 1e-6 * scale


def test_what_a_phase_shifter_drives_takes_up_room():
    frames = three_bus().to_frames()
    net = Network.from_frames(**{**frames, "lines": frames["lines"].assign(shift=[-10.0, 0, 0])})
    d, driven = dc_opf(net, limits=TIGHT), dc_power_flow(net, injection=np.zeros(3)).flow
    assert driven[0] == pytest.approx(100 * np.deg2rad(10)) and d.multiplier[0] > 0
    found = rights_fit(net, rights=[(1, 2, 90)], limits=TIGHT)
    assert found.over[0] == pytest.approx(driven[0])
    assert rights_payout(d, rights=[(1, 2, 90)]).sum() > d.congestion_rent + 500
    most = 2 * (45 - driven[0])  # half of a right takes line 1-2
    assert rights_fit(net, rights=[(1, 2, most)], limits=TIGHT).fits
    assert rights_payout(d, rights=[(1, 2, most)]).sum() == pytest.approx(d.congestion_rent)


@given(networks(unlimited=True), st.data())
def test_rights_beside_phase_shifters_are_covered_too(net, data):
    buses, whole = net.buses.bus.tolist(), st.integers(0, 8)
    rights = [
        (data.draw(st.sampled_from(buses)), data.draw(st.sampled_from(buses)), 10 * data.draw(whole)) for _ in range(3)
    ]
    flow = rights_fit(net, rights=rights).flow
    limits = np.abs(flow) + np.array([10.0 * data.draw(whole) for _ in flow])
    assert rights_fit(net, rights=rights, limits=limits).fits
    with suppress(Infeasible):
        d = dc_opf(net, limits=limits)
        paid, scale = rights_payout(d, rights=rights).sum(), 1 + np.abs(d.lmp).max() * (1 + np.abs(flow).sum())
        assert paid <= d.congestion_rent + 1e-6 * scale


def test_the_rent_of_a_secure_market_covers_rights_that_fit_after_each_loss():
    net, limits = three_bus(), {"1-2": 140, "1-3": 100, "2-3": 140}
    d, most = scopf(net, limits=limits), np.array([140, 100, 140])
    for mw, covered in ((100, True), (140, False)):
        rights = [(1, 3, mw)]
        after = outage_flows(net, rights_flow(net, rights=rights)).abs().to_numpy()
        assert rights_fit(net, rights=rights, limits=limits).fits
        assert (after <= most[:, None] + 1e-6).all() == covered
        assert (rights_payout(d, rights=rights).sum() <= d.congestion_rent + 1e-6) == covered


def test_limits_that_differ_by_direction_cover_rights_too():
    frames = three_bus().to_frames()
    lines = frames["lines"].assign(angle_min=[-30.0] * 3, angle_max=[12.0, 30, 30])
    net = Network.from_frames(**{**frames, "lines": lines})
    low, high = DispatchModel(net).flow_limits()
    d = dc_opf(net)
    assert -low[0] > 2 * high[0] and d.flow[0] == pytest.approx(high[0]) and d.multiplier[0] > 0
    for rights in ([(1, 2, 2 * high[0])], [(1, 2, 60), (3, 2, 5 * (high[0] - 30))]):
        assert rights_fit(net, rights=rights).fits
        assert rights_payout(d, rights=rights).sum() == pytest.approx(d.congestion_rent)


@pytest.mark.parametrize(
    ("rights", "words"),
    [
        ([(1, 2)], r"right 0: \(1, 2\) must be \(from_bus, to_bus, MW\)"),
        ([(1, 2, 3), (1, 9, 3)], "right 1: 9 is no bus of this network"),
        ([(1, 2, -3)], "right 0: amount -3 must be a number of MW, at least 0"),
        ([(1, 2, np.nan)], "right 0: amount nan"), ([([], 2, 3)], r"right 0: \[\] is no bus"),
        (3, "rights must be a sequence"),
    ],
)  # fmt: skip
def test_what_is_no_right(rights, words):
    net = three_bus()
    for call in (lambda: rights_flow(net, rights=rights), lambda: rights_fit(net, rights=rights),
                 lambda: rights_payout(dc_opf(net), rights=rights)):  # fmt: skip
        with pytest.raises(InvalidInput, match=words):
            call()
    with pytest.raises(InvalidInput, match="dispatch must be a Dispatch"):
        rights_payout(net, rights=[])


# ---- What a line is worth -------------------------------------------------------------------------------------------

YEAR = {"hours": [3000, 5760], "cases": [{}, {"offers": {"bids": {"value": {"D2": 20}}}}], "limits": TIGHT}


def test_the_upgrade_that_shadow_prices_praise():
    v = line_value(three_bus(), line="1-2", more=[20, 40], **YEAR)
    assert v.rate == pytest.approx(60_000) and v.multiplier == pytest.approx([20, 0])
    assert v.naive == pytest.approx([1.2e6, 2.4e6]) and v.saved == pytest.approx([752_941, 805_263], abs=0.5)
    calm = DispatchModel(three_bus()).solve(offers=YEAR["cases"][1]["offers"])
    assert calm.flow[0] == pytest.approx(38.33, abs=0.005)
    best = 10 * 51 / 38
    near = line_value(three_bus(), line="1-2", more=[best - 1, best, best + 1], **YEAR).saved - 30_000 * (
        best + np.array([-1, 0, 1])
    )
    assert round(best, 2) == 13.42 and near.argmax() == 1


def test_what_is_saved_is_the_area_under_the_multiplier():
    model, steps = DispatchModel(three_bus()), np.linspace(0, 40, 801)
    worth = [model.solve(limits={"1-2": 45 + x}).multiplier[0] for x in (steps[1:] + steps[:-1]) / 2]
    saved = line_value(three_bus(), line="1-2", more=steps, limits=TIGHT).saved
    assert saved[1:] == pytest.approx(np.cumsum(worth) * 0.05, abs=0.05)


def test_a_second_circuit_draws_power():
    v = line_value(three_bus(), line="1-2", more=45, reactance=0.25, limits=TIGHT)
    other = dc_opf(three_bus(x=[0.25, 0.3, 0.2]), limits={"1-2": 90})
    assert v.saved == pytest.approx(money(dc_opf(three_bus(), limits=TIGHT)) - money(other)) and round(v.saved, 2) == 261.40


@given(networks(), st.data())
def test_more_of_a_line_saves_no_more_than_its_first_megawatt_says(net, data):
    line = data.draw(st.sampled_from(net.lines.name.tolist()))
    v = None
    with suppress(Infeasible):
        v = line_value(net, line=line, more=[0, 5, 10, 20])
    assume(v is not None)
    scale = 1e-6 * (1 + abs(money(dc_opf(net))) + v.rate * 20)
    assert v.saved[0] == pytest.approx(0, abs=scale) and np.all(np.diff(v.saved) >= -scale)  # a limit is never good
    gained = np.diff(v.saved[1:]) / [5, 10]
    assert gained[0] >= gained[1] - scale and np.all(v.saved <= v.naive + scale)  # and each megawatt worth less


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"line": "9-9"}, "line '9-9' is no line"), ({"more": -1}, "more -1.0 must not be negative"),
        ({"more": [[1]]}, "more must be one number or a row"), ({"hours": [1, 2]}, "hours must be 1 numbers"),
        ({"cases": []}, "cases must hold at least one"), ({"cases": [{"price": 3}]}, "case 0: 'price' is not one of load"),
        ({"reactance": 0}, "reactance 0 must be a positive"), ({"hours": -1}, "hours -1.0 must not be negative"),
    ],
)  # fmt: skip
def test_what_is_no_upgrade(given, words):
    with pytest.raises(InvalidInput, match=words):
        line_value(three_bus(), **{"line": "1-2", "more": 10, **given})


def test_a_kind_of_hour_that_fails_is_named():
    with pytest.raises(Infeasible, match="case 1: load 5000 MW exceeds") as failed:
        line_value(three_bus(), line="1-2", more=10, cases=[{}, {"load": {2: 5000}}])
    assert failed.value.load == 5000
    with pytest.raises(InvalidInput, match="case 1: bus 9 is no bus"):
        line_value(three_bus(), line="1-2", more=10, cases=[{}, {"load": {9: 1}}])


def test_one_number_of_hours_counts_for_every_kind():
    cases = YEAR["cases"]
    each = [line_value(three_bus(), line="1-2", more=10, hours=5, cases=[case], limits=TIGHT).saved for case in cases]
    assert max(each) > 0
    assert line_value(three_bus(), line="1-2", more=10, hours=5, cases=cases, limits=TIGHT).saved == pytest.approx(sum(each))
    with pytest.raises(InvalidInput, match="hours"):
        line_value(three_bus(), line="1-2", more=10, hours=[1, [2, 3]], cases=cases)


@given(networks(unlimited=True), st.data())
def test_rights_after_each_loss_are_their_flows_after_it(net, data):
    """Against `outage_flows` of the rights together with what phase shifters drive; options one by one."""
    buses, lines = net.buses.bus.tolist(), net.lines
    some = st.lists(st.tuples(st.sampled_from(buses), st.sampled_from(buses), st.floats(1, 50)), min_size=1, max_size=3)
    rights, share = data.draw(some), data.draw(st.sampled_from([1.0, 1.2]))
    limit = np.full(len(lines), data.draw(st.floats(1, 60)))
    driven = dc_power_flow(net, injection=np.zeros(len(buses))).flow
    flows = outage_flows(net, rights_flow(net, rights=rights) + driven)
    found = rights_fit(net, rights=rights, limits=limit, outages="lines", emergency=share)
    told = flows.abs().sub(limit * share, axis=0)
    for lost in flows.columns:
        for line in flows.index:
            over = found.after.get((line, lost), 0.0)
            assert over == pytest.approx(max(told.loc[line, lost], 0.0), abs=1e-6) if line != lost else over == 0
    assert found.fits == (not found.over.any() and not found.after)
    resting, each = outage_flows(net, driven), [outage_flows(net, rights_flow(net, rights=[right])) for right in rights]
    up, down = (resting + sum(one.clip(**side) for one in each) for side in ({"lower": 0}, {"upper": 0}))
    told = np.maximum(up, -down).sub(limit * share, axis=0)
    found = rights_fit(net, rights=rights, limits=limit, outages="lines", emergency=share, options=True)
    for (line, lost), over in found.after.items():
        assert over == pytest.approx(told.loc[line, lost], abs=1e-6)
    assert len(found.after) >= (told > 1e-6).to_numpy().sum()


def test_the_rent_of_a_secure_market_covers_rights_that_survive_each_loss():
    net, limits = three_bus(), {"1-2": 140, "1-3": 100, "2-3": 140}
    d = scopf(net, limits=limits)
    fit = rights_fit(net, rights=[(1, 3, 100)], limits=limits, outages="lines")
    assert fit.fits and rights_payout(d, rights=[(1, 3, 100)]).sum() == pytest.approx(d.congestion_rent)
    more = rights_fit(net, rights=[(1, 3, 120)], limits=limits, outages="lines")
    assert rights_fit(net, rights=[(1, 3, 120)], limits=limits).fits and more.after == pytest.approx(
        {("1-3", "1-2"): 20, ("1-3", "2-3"): 20}
    )
    assert more.explain().startswith("After the loss of 1-2 line 1-3 would carry 20 MW more than it may.\nAfter")
    assert "1-3 after 1-2" in more._repr_html_()
    with pytest.raises(InvalidInput, match="'9-9' is no line"):
        rights_fit(net, rights=[], outages=["9-9"])
