"""Counter-trade between two zones: by bisection, and what must hold on random networks; all quantities scale."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tefoundations.errors import Infeasible, InvalidInput
from tefoundations.grid import Network, countertrade, dc_opf, dc_power_flow, line_value, redispatch, rights_fit
from tests.grid.networks import networks, three_bus

TIGHT = {"1-2": 45}
ZONES = ([1], [2, 3])


def money(d):
    """Cost less value ($/h) of a dispatch."""
    return d.cost - d.value


def test_two_zones_of_the_triangle():
    c = countertrade(three_bus(), zones=ZONES, limits=TIGHT)
    assert c.price == pytest.approx([8.59375, 16.5625]) and c.cost == pytest.approx(300.79, abs=0.005)
    assert c.payment == pytest.approx(2 * c.cost) and c.flow[0] == pytest.approx(45)
    turned = countertrade(three_bus(), zones=ZONES[::-1], limits=TIGHT)
    assert turned.amount == pytest.approx(-c.amount) and turned.payment == pytest.approx(c.payment)


@given(networks(most=4), st.data())
def test_a_countertrade_is_found_by_trying_all_trades(net, data):
    """Each trade between the zones by a market of two buses, on a fine grid, and its flows on the network."""
    cut = data.draw(st.integers(1, len(net.buses) - 1))
    labels = net.buses.bus.tolist()
    found = None
    with suppress(Infeasible):
        found = countertrade(net, zones=(labels[:cut], labels[cut:]))
    assume(found is not None)
    sold = dc_opf(net, limits=np.full(len(net.lines), np.inf))
    assert found.cost >= -1e-6 * (1 + abs(money(sold)))
    assert np.all(np.abs(found.flow) <= net.lines.limit * (1 + 1e-6) + 1e-6)
    assert found.cost >= redispatch(net).cost - 1e-5 * (1 + abs(money(sold)))
    given = found.generation.sum() - found.demand.sum()
    assert given == pytest.approx((net.buses.load + net.buses.g_shunt).sum(), abs=1e-6)
    for zone, price in zip((range(cut), range(cut, len(labels))), found.price_interval):
        for unit, at in enumerate(net.generators.at):  # nobody in a zone wants to do otherwise at its price
            if at in zone:
                own = net.generators.cost[unit] + 2 * net.generators.cost2[unit] * found.generation[unit]
                assert found.generation[unit] < 1e-6 or own <= price[1] + 1e-5
                assert found.generation[unit] > net.generators.p_max[unit] - 1e-6 or own >= price[0] - 1e-5


@pytest.mark.parametrize("limit", [20, 30, 45, 60, 70])
def test_a_countertrade_by_bisection(limit):
    """The zones joined by one line whose limit is drawn in until the flows of the whole network fit."""
    net = three_bus()
    zones = Network.from_frames(
        {"bus": ["A", "B"]}, {"from_bus": ["A"], "to_bus": ["B"], "x": [0.1]},
        {"bus": ["A", "B"], "p_max": [400, 200], "cost": [5, 10], "cost2": [0.025, 0.0625]},
        {"bus": ["B", "B"], "p_max": [200, 90], "value": [40, 18], "value2": [0.1, 0.1]},
    )  # fmt: skip
    low, high = 0.0, 200.0
    for _ in range(60):
        middle = (low + high) / 2
        d = dc_opf(zones, limits=[middle])
        flow = dc_power_flow(net, injection={1: d.generation[0], 2: -d.demand[0], 3: d.generation[1] - d.demand[1]}).flow
        low, high = (middle, high) if flow[0] <= limit else (low, middle)
    c = countertrade(net, zones=ZONES, limits={"1-2": limit})
    assert c.price == pytest.approx(d.lmp, abs=1e-5) and c.cost == pytest.approx(money(d) - money(dc_opf(net)), abs=1e-4)


def test_a_line_that_the_trade_within_a_zone_fills():
    """Without any trade between the zones bus 3 still serves bus 2, and a fifth of that takes line 1-2."""
    price = 280 / 13
    assert 0.2 * 8 * (price - 10) == pytest.approx(18.46, abs=0.005)
    with pytest.raises(Infeasible, match="no trade between the two zones"):
        countertrade(three_bus(), zones=ZONES, limits={"1-2": 18})
    assert countertrade(three_bus(), zones=ZONES, limits={"1-2": 18.5}).generation[0] < 0.2
    assert redispatch(three_bus(), limits={"1-2": 18}).after.flow[0] == pytest.approx(18)


@pytest.mark.parametrize(
    ("zones", "words"),
    [
        (([1], [2], [3]), "zones must be two, not 3"), (([1], [2]), "zones: bus 3 is in none of the zones"),
        (([1, 2], [2, 3]), "zones: bus 2 is in both zones"), (([1], [2, 9]), "bus 9 is no bus"), ([1, 2], "zone 0 must be"),
    ],
)  # fmt: skip
def test_what_are_no_zones(zones, words):
    with pytest.raises(InvalidInput, match=words):
        countertrade(three_bus(), zones=zones)


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e6])
def test_quantities_scale(scale):
    """All MW times a number: all amounts and money times it, prices as before."""
    frames = three_bus().to_frames()
    for table, columns in (("generators", ("p_max",)), ("bids", ("p_max",))):
        for column in columns:
            frames[table][column] *= scale
    frames["generators"]["cost2"] /= scale
    frames["bids"]["value2"] /= scale
    net, limits = Network.from_frames(**frames), {"1-2": 45 * scale}
    r, c = redispatch(net, limits=limits), countertrade(net, zones=ZONES, limits=limits)
    assert r.cost == pytest.approx(5100 / 19 * scale, rel=1e-6) and r.payment == pytest.approx(2 * r.cost, rel=1e-6)
    assert c.price == pytest.approx([8.59375, 16.5625], rel=1e-6) and c.cost == pytest.approx(300.794 * scale, rel=1e-5)
    assert rights_fit(net, rights=[(1, 2, 90 * scale)], limits=limits).fits
    assert not rights_fit(net, rights=[(1, 2, 90.1 * scale)], limits=limits).fits
    assert line_value(net, line="1-2", more=20 * scale, limits=limits).saved == pytest.approx(250.98 * scale, rel=1e-4)
