"""What a secure dispatch says: losses not borne, the first of those alike, ratings refused, what a tonne of carbon costs."""

from dataclasses import replace

import numpy as np
import pytest

from tefoundations.data import data_path
from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid import Network, corrective_opf, dc_opf, multi_period_opf, scopf
from tests.grid.networks import kirschen_strbac, pjm_five_bus, three_bus

LADDER = {"1-2": 140, "1-3": 100, "2-3": 140}


def test_a_loss_that_overloads_a_line_is_not_borne():
    soft = scopf(kirschen_strbac(), penalty=20)
    told = soft.explain()
    assert "2 of 3 losses borne, one at a time; after that of 1-3 lines are over their limits, at 20 $ for each MWh." in told
    assert "\n3 losses borne" not in told and "2 of 3" in soft._repr_html_()
    secure = scopf(three_bus(), limits=LADDER, penalty=1000)
    assert "3 losses borne, one at a time." in secure.explain()


@pytest.mark.parametrize(
    ("asked", "line", "first"),
    [
        ({"short_time": 0.9}, "1-2", 126),
        ({"short_time": {"2-3": 0.5}}, "2-3", 70),
        ({"short_time": 1.2, "emergency": {"1-3": 1.3}}, "1-3", 120),
    ],
)
def test_a_line_may_not_carry_less_at_first_than_later(asked, line, first):
    with pytest.raises(InvalidInput, match=f"short_time: line {line} may carry {first} MW until units have moved, and"):
        corrective_opf(three_bus(), moves=5, limits=LADDER, **asked)
    corrective_opf(three_bus(), moves=5, limits=LADDER, short_time=1.0)  # as much is no contradiction


@pytest.mark.parametrize("tax", [3.0, 12.0])
def test_a_tax_is_a_higher_cost(tax):
    for net, rates, asked in (
        (three_bus(), [1.0, 0.4], {"limits": LADDER}),
        (pjm_five_bus(), [0.3, 0.2, 0.4, 0.9, 1.0], {"penalty": 500.0}),
    ):
        smoky = replace(net, generators=replace(net.generators, co2=np.array(rates)))
        frames = net.to_frames()
        frames["generators"]["cost"] += tax * np.array(rates)
        dearer = scopf(Network.from_frames(**frames, slack=net.slack), **asked)
        found = scopf(smoky, carbon_price=tax, **asked)
        assert found.lmp == pytest.approx(dearer.lmp) and found.generation == pytest.approx(dearer.generation)
        assert found.cost == pytest.approx(dearer.cost - tax * found.carbon) and found.carbon_price == tax
        assert found.price_interval == pytest.approx(dearer.price_interval)
        assert found.congestion_rent == pytest.approx(dearer.congestion_rent)
        assert f"a tonne costs {tax:g} $" in found.explain()
        alone = scopf(smoky, carbon_price=tax, outages=())
        assert alone.lmp == pytest.approx(dc_opf(smoky, carbon_price=tax).lmp)


def test_a_tax_needs_the_carbon_of_every_unit():
    with pytest.raises(InvalidNetwork, match="carbon cannot be counted"):
        scopf(three_bus(), carbon_price=5)
    with pytest.raises(InvalidInput, match="carbon_price -1"):
        scopf(three_bus(), carbon_price=-1)


def test_coupled_hours_with_a_tax_in_the_costs():
    """As the docstring says: one hour of them is `dc_opf` with the tax."""
    net, rates, tax = pjm_five_bus(), np.array([0.3, 0.2, 0.4, 0.9, 1.0]), 8.0
    frames = net.to_frames()
    frames["generators"]["cost"] += tax * rates
    hour = multi_period_opf(Network.from_frames(**frames), net.buses.load[None])
    smoky = dc_opf(replace(net, generators=replace(net.generators, co2=rates)), carbon_price=tax)
    assert hour.lmp[0] == pytest.approx(smoky.lmp)
    assert hour.cost[0] - tax * rates @ hour.generation[0] == pytest.approx(smoky.cost)


def test_of_losses_in_series_the_first_is_named():
    """68-81 and 81-80 carry the same: without either the other is dead."""
    net = Network.from_matpower(data_path("cases/pglib_opf_case118_ieee.m"))
    for nudge in np.arange(20):
        loads = net.load_vector() * (1 + 1e-9 * nudge)
        told = scopf(net, loads, emergency=1.5, unit_outages="units").to_frame("outages")
        assert told["lost"].tolist() == ["8-5", "65-68", "generator 12", "68-81"]
