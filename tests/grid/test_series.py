"""A year in one call is the loop over its hours."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import Infeasible, InvalidInput, InvalidNetwork
from tefoundations.grid import DispatchModel, Network, dc_opf_series
from tests.grid.networks import PECULIAR, networks, pjm_five_bus, three_bus


def compare(net, loads, series, **options):
    model, same = DispatchModel(net, **options), 0
    for hour, load in enumerate(loads):
        d = model.solve(load)
        assert series.cost[hour] - series.value[hour] == pytest.approx(d.cost - d.value, rel=1e-9, abs=1e-7)
        single = np.ptp(d.price_interval, axis=1) < 1e-9
        assert series.lmp[hour][single] == pytest.approx(d.lmp[single], rel=1e-9, abs=1e-7)
        if single.all():
            assert series.congestion_rent[hour] == pytest.approx(d.congestion_rent, rel=1e-7, abs=1e-6)
            same += 1
    return same


@given(networks(most=5), st.integers(0, 2**32))
def test_a_series_is_the_loop(net, seed):
    loads = net.buses.load * np.random.default_rng(seed).uniform(0.1, 1.0, (25, len(net.buses)))
    try:
        series = dc_opf_series(net, loads)
    except Infeasible as error:
        assert str(error).startswith("hour ")
        return
    compare(net, loads, series)


def test_a_week_of_every_form_of_cost():
    net = Network.from_matpower(PECULIAR)
    loads = net.buses.load * np.random.default_rng(1).uniform(0.3, 1.3, (168, 3))
    series = dc_opf_series(net, loads)
    assert compare(net, loads, series) == 168 and len(np.unique(series.regime)) < 30


def test_prices_are_exact_to_1e9():
    net = pjm_five_bus()
    loads = net.buses.load * np.random.default_rng(2).uniform(0.5, 1.1, (500, 5))
    series, model = dc_opf_series(net, loads), DispatchModel(net)
    for hour, load in enumerate(loads):
        d = model.solve(load)
        assert series.lmp[hour] == pytest.approx(d.lmp, abs=1e-9) and series.flow[hour] == pytest.approx(d.flow, abs=1e-6)
        assert series.generation[hour] == pytest.approx(d.generation, abs=1e-6)
        assert series.multiplier[hour] == pytest.approx(d.multiplier, abs=1e-9)
    assert len(np.unique(series.regime)) <= 12 and (series.regime >= 0).all()


def test_elastic_demand_and_limits():
    net = three_bus()
    loads = np.linspace(0, 60, 50)[:, None] * [1, 0.5, 0]
    series = dc_opf_series(net, loads, limits={"1-2": 45})
    model = DispatchModel(net)
    for hour, load in enumerate(loads):
        d = model.solve(load, limits={"1-2": 45})
        assert series.lmp[hour] == pytest.approx(d.lmp, abs=1e-9) and series.demand[hour] == pytest.approx(
            d.demand, abs=1e-6
        )


def test_frames_are_read_by_their_columns():
    net = pjm_five_bus()
    frame = pd.DataFrame([net.buses.load, 0.5 * net.buses.load], columns=net.buses.bus)
    series = dc_opf_series(net, frame[list("EDCBA")])
    assert series.lmp[0] == pytest.approx([16.9774, 26.3845, 30, 39.9427, 10], abs=1e-4)
    assert series.to_frame().loc[0, "C"] == pytest.approx(30) and repr(series) == "DispatchSeries(2 hours, 2 price regimes)"
    assert len(dc_opf_series(net, np.zeros((0, 5)))) == 0


@pytest.mark.parametrize(
    "loads, error, words",
    [
        ([[0, 1, 2, 3]], InvalidInput, r"load must have shape \(hours, 5\), not \(1, 4\)"),
        ([[0, 1, 2, 3, "x"]], InvalidInput, "load 'x' must be a number"),
        ([[0] * 5, [0, np.nan, 0, 0, 0]], InvalidNetwork, "hour 1, bus B: load nan must be a finite number"),
        (pd.DataFrame([[1, 2]], columns=["A", "B"]), InvalidInput, "one column for each of the 5 buses"),
        ([[0] * 5, [0, 9999, 0, 0, 0]], Infeasible, "hour 1: load 9999 MW exceeds the 1530 MW"),
    ],
)
def test_bad_loads_are_named(loads, error, words):
    with pytest.raises(error, match=words):
        dc_opf_series(pjm_five_bus(), loads)


def test_a_frame_keeps_its_hours():
    net, times = three_bus(), pd.date_range("2024-03-30 23:00", periods=4, freq="h", tz="Europe/Berlin")
    frame = pd.DataFrame([[0.0, 10 * hour, 20] for hour in range(4)], index=times, columns=net.buses.bus)
    prices = dc_opf_series(net, frame).to_frame()
    assert prices.index.equals(times) and prices.index.name == "hour" and frame.index.name is None
    assert prices.to_numpy() == pytest.approx(dc_opf_series(net, frame.to_numpy()).to_frame().to_numpy())
    for index in (pd.Index([3, 17, 90, 91]), pd.period_range("2024", periods=4, freq="h")):
        assert dc_opf_series(net, frame.set_axis(index.rename("when"))).to_frame().index.equals(index)
    assert dc_opf_series(net, frame.set_axis(index.rename("when"))).to_frame().index.name == "when"


@pytest.mark.parametrize(
    "index, words",
    [
        (
            pd.to_datetime(["2024-01-01 00:00", "2024-01-01 02:00", "2024-01-01 01:00"]),
            "must rise, and .*01:00:00 comes after",
        ),
        (list("abc"), "load: its index must be times or numbers, not text"),
        ([0, 2, 1], "load: its index must rise, and 1 comes after 2"),
        ([0, 1, 1], "load: its index must rise, and 1 comes after 1"),
        (pd.date_range("2024", periods=3, freq="15min"), "load: by its index a step is 0.25 hours, and 1 is given"),
        (
            pd.to_datetime(["2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 03:00"]),
            "must have steps of 1 hours, and from",
        ),
    ],
)
def test_hours_out_of_order_are_named(index, words):
    frame = pd.DataFrame([[0, 10, 20]] * 3, index=index, columns=[1, 2, 3])
    with pytest.raises(InvalidInput, match=words):
        dc_opf_series(three_bus(), frame)
