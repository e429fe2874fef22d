"""A street of one's own: each column of the table goes where its element stands, and every fault is named."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.data import grid
from tefoundations.errors import InvalidInput, InvalidNetwork
from tefoundations.grid import Network
from tefoundations.resources import Device
from tefoundations.systems import central_day, day_from_network, transactive_day, usual_day

TIMES = pd.date_range("2026-06-01", periods=2 * 96, freq="15min")


def street():
    """A transformer, a ring of four buses with one open switch, three loads (two at one bus), two roofs."""
    pandapower = pytest.importorskip("pandapower")
    net = pandapower.create_empty_network()
    high, *low = pandapower.create_bus(net, 20.0), *(pandapower.create_bus(net, 0.4) for _ in range(4))
    pandapower.create_ext_grid(net, high)
    pandapower.create_transformer(net, high, low[0], std_type="0.25 MVA 20/0.4 kV", max_loading_percent=100)
    for start, end in zip(low, [*low[1:], low[0]]):
        line = pandapower.create_line(net, start, end, 0.1, "NAYY 4x50 SE", max_loading_percent=100)
    pandapower.create_switch(net, low[0], line, et="l", closed=False)
    for bus, power in ((low[1], 0.01), (low[1], 0.005), (low[2], 0.02)):
        pandapower.create_load(net, bus, power, power / 4)
    for bus, power in ((low[1], 0.02), (low[3], 0.04)):
        pandapower.create_sgen(net, bus, power)
    return net


def table(seed=0):
    rng = np.random.default_rng(seed)
    names = ("load 0", "load 1", "load 2", "sgen 0", "sgen 1")
    return pd.DataFrame({name: rng.uniform(0, 10, len(TIMES)) for name in names}, index=TIMES)


@pytest.mark.parametrize("day", [None, "2026-06-02", pd.Timestamp("2026-06-02 13:00")])
def test_the_power_of_the_table_goes_where_its_element_stands(day):
    used, net = table(), street()
    plan = day_from_network(net, used, rng=1, day=day, cars=0)
    assert plan.lane.members == ("load 0", "load 1", "load 2", "sgen 1")  # sgen 0 is the roof of load 0, sgen 1 nobody's
    today = used.loc["2026-06-01" if day is None else "2026-06-02"]
    half_hours = today.resample("30min").mean()
    noon = pd.concat([half_hours.iloc[24:], half_hours.iloc[:24]]) / 2  # kWh from noon
    expected = np.column_stack([noon["load 0"] - noon["sgen 0"], noon["load 1"], noon["load 2"], -noon["sgen 1"]])
    np.testing.assert_allclose(plan.lane.base, expected, atol=1e-12)
    np.testing.assert_allclose(plan.roofs, np.column_stack([noon["sgen 0"], 0 * noon["load 1"], 0 * noon["load 2"],
                                                            noon["sgen 1"]]), atol=1e-12)  # fmt: skip
    np.testing.assert_allclose(plan.reactive[:, :3], 2 * noon[["load 0", "load 1", "load 2"]] / 4, atol=1e-12)
    assert plan.lane.times[0] == "12:00" and plan.name == f"{today.index[0]:%Y-%m-%d}" and not plan.lane.stores


def test_the_flows_are_those_of_pandapower():
    """Our flows have no losses; pandapower's full power flow of one half hour differs by these."""
    pandapower = pytest.importorskip("pandapower")
    net, used = street(), table(3)
    plan = day_from_network(net, used, rng=1, cars=0)
    run = usual_day(plan)
    noon = used.loc["2026-06-01 12:00":"2026-06-01 12:15"].mean() / 1000
    for kind in ("load", "sgen"):
        net[kind]["p_mw"] = [noon[f"{kind} {i}"] for i in net[kind].index]
    net.load["q_mvar"] = net.load.p_mw / 4
    pandapower.runpp(net, numba=False)
    trafo = run.loading[0][[name.startswith("0-") for name in plan.net.lines.name]].item()
    assert trafo == pytest.approx(np.hypot(net.res_trafo.p_lv_mw, net.res_trafo.q_lv_mvar).item() / 0.25, rel=0.02)
    own = np.isin(plan.net.buses.bus, net.bus.index)  # not the open end of the ring
    voltage = net.res_bus.vm_pu.loc[plan.net.buses.bus[own]]
    np.testing.assert_allclose(run.voltage[0][own], voltage, atol=2e-3)


def test_a_day_on_it_runs_and_gains():
    plan = day_from_network(street(), table(), rng=4, cars=1)
    assert [store.owner for store in plan.lane.stores] == ["load 0", "load 1", "load 2"]
    market, best, usual = transactive_day(plan, learn=4), central_day(plan), usual_day(plan)
    assert best.burden <= market.burden + 1e-6 and market.burden < usual.burden
    for i, store in enumerate(plan.lane.stores):
        assert market.energy[:, i].sum() == pytest.approx(store.final_energy)


def test_a_seed_draws_the_cars():
    one, same, other = (day_from_network(street(), table(), rng=seed, cars=2 / 3) for seed in (1, 1, 2))
    assert one.lane.stores == same.lane.stores != other.lane.stores and len(one.lane.stores) == 2
    own = Device("battery", "sgen 1", 5, 2, 2)
    assert day_from_network(street(), table(), rng=1, cars=0, devices=[own]).lane.stores == (own,)


def test_a_network_of_ours_is_read_by_bus():
    """A bus without a column has no member; what falls below zero is no roof."""
    net = Network.from_frames(**grid("three_bus_radial"))
    used = table()[["load 2", "sgen 1"]].rename(columns={"sgen 1": "sgen 3"})
    plan = day_from_network(net, used, rng=1, cars=0)
    assert plan.lane.members == ("load 2", "sgen 3") and list(plan.where) == [2, 3]


def test_units_that_no_member_owns_hold_no_voltage():
    """The network has a unit that holds bus 3; the day with its ledger runs on lines alone, and every bill is there."""
    net = Network.from_frames(**grid("three_bus_radial"))
    assert set(net.generators.bus.tolist()) == {1, 3} and np.isfinite(net.generators.v_set).all()
    plan = day_from_network(net, table()[["load 2", "sgen 1"]].rename(columns={"sgen 1": "sgen 3"}), rng=1, cars=0)
    assert plan.net.generators.bus.tolist() == [1] and plan.net.slack == net.slack
    day = transactive_day(plan, learn=0)
    assert set(day.record.owes) == {"load 2", "sgen 3"} and all(day.record.owes.values())


def test_a_village_of_pandapower():
    """A net of many buses, with tables as SimBench's nets have: flows as pandapower's, and a whole day with its ledger."""
    pandapower = pytest.importorskip("pandapower")
    net = pytest.importorskip("pandapower.networks").create_kerber_landnetz_freileitung_1()
    rng, roofs = np.random.default_rng(7), net.load.bus.iloc[::4]
    for bus in roofs:
        pandapower.create_sgen(net, bus, 0.004)
    used = {f"load {i}": rng.uniform(0.2, 2, len(TIMES)) for i in net.load.index}
    sun = np.maximum(np.sin((np.arange(len(TIMES)) % 96 / 96 - 0.25) * 2 * np.pi), 0)
    used |= {f"sgen {i}": 5 * sun for i in net.sgen.index}
    plan = day_from_network(net, pd.DataFrame(used, index=TIMES), rng=1, cars=0.3)
    assert plan.lane.members == tuple(f"load {i}" for i in net.load.index)
    assert (plan.roofs.max(axis=0) > 0).sum() == len(roofs) and len(plan.lane.stores) == round(0.3 * len(net.load))
    run = usual_day(plan)
    step = 16  # 20:00, when cars charge and no roof gives
    power = run.net[step] / plan.lane.hours / 1000
    net.sgen["p_mw"] = 0.0
    net.load["p_mw"], net.load["q_mvar"] = power, plan.reactive[step] / 1000
    pandapower.runpp(net, numba=False)
    mine = plan.feeder.flows(run.power[step])[plan.feeder.head]
    assert mine > 10 and mine == pytest.approx(1000 * net.res_trafo.p_lv_mw.abs().item(), rel=0.03)
    day = transactive_day(plan, learn=1)
    assert day.burden < run.burden and set(day.record.owes) == set(plan.lane.members)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop(columns="load 1"), "profiles: no column for load 1; take out of service what shall stay out"),
        (lambda t: t.rename(columns={"load 1": "load 9"}), "profiles: no column for load 1"),
        (lambda t: t.assign(**{"load 9": 1.0}), "profiles: column 'load 9' is of nothing in this network"),
        (
            lambda t: t.assign(**{"load 1": t["load 1"].where(t.index != TIMES[7])}),
            "profiles, row 7: load 1 nan must be a finite number",
        ),
        (lambda t: t.assign(**{"load 2": "much"}), "profiles, row 0: load 2 'much' must be a number"),
        (lambda t: t.assign(**{"sgen 0": -1.0}), "profiles, row 0: sgen 0 -1.0 must not be negative"),
        (lambda t: t.reset_index(drop=True), "profiles: the index must be times"),
        (lambda t: t.drop(TIMES[40]), "profiles: day 2026-06-01 is not whole: its 95 rows are no 48 half hours"),
        (lambda t: t.iloc[[1, 0, *range(2, len(t))]], "profiles: day 2026-06-01 is not whole"),
        (lambda t: t.resample("h").mean(), "profiles: day 2026-06-01 is not whole: its 24 rows"),
        (lambda t: t.iloc[:48].set_axis(TIMES[0] + np.arange(48) * pd.Timedelta("20min")), "48 rows are no 48 half hours"),
        (lambda t: t.iloc[:48].set_axis(TIMES[0] + np.arange(48) * pd.Timedelta("1s")), "is not whole: its 48 rows"),
        (lambda t: t.set_axis(TIMES + pd.Timedelta("7min")), "its 96 rows are no 48 half hours from midnight"),
        (
            lambda t: t.iloc[:92].set_axis(pd.date_range("2026-03-29", periods=92, freq="15min", tz="Europe/Berlin")),
            "profiles: day 2026-03-29 is not whole: its 92 rows",
        ),
        (
            lambda t: t.assign(**{"load 1": 1e300}),
            "profiles, row 0: load 1 1e+300 must lie between -1,000,000 and 1,000,000",
        ),
        (lambda t: t.set_axis(["load 0", "load 1", "load 1", "sgen 0", "sgen 1"], axis=1), "no column for load 2"),
        (lambda t: pd.concat([t, t["load 1"]], axis=1), "profiles: column 'load 1' is there twice"),
        (lambda t: t.iloc[:, :0], "profiles: no column for load 0, load 1, load 2, sgen 0, sgen 1"),
        (lambda t: t.to_dict(), "profiles must be a DataFrame, not a dict"),
    ],
)
def test_a_fault_of_the_table_is_named(change, words):
    with pytest.raises(InvalidInput) as told:
        day_from_network(street(), change(table()), rng=1)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"day": "2027-01-01"}, "day 2027-01-01 is not in the profiles, which go from 2026-06-01 to 2026-06-02"),
        ({"day": "someday"}, "day 'someday' is no date"),
        ({"day": ""}, "day '' is no date"),
        ({"day": float("nan")}, "day nan is no date"),
        ({"day": pd.NaT}, "day NaT is no date"),
        ({"cars": 1.5}, "cars 1.5"),
        ({"rng": None}, "rng"),
        ({"devices": [3]}, "devices: entry 0 must be a Device, not an int"),
        ({"devices": [Device("car", "Ada", 1, 1, end=2)]}, "owner 'Ada'"),
        ({"outside": [20] * 47}, "outside must be 48 numbers, one for each half hour, not 47"),
        ({"outside": 30}, "outside must be one number for each half hour, not of type int"),
    ],
)
def test_an_argument_without_meaning_is_named(more, words):
    with pytest.raises(InvalidInput) as told:
        day_from_network(street(), table(), **({"rng": 1} | more))
    assert words in str(told.value)


def test_a_network_of_ours_has_its_own_slack_and_needs_a_member():
    net, used = Network.from_frames(**grid("three_bus_radial")), pd.DataFrame({"load 2": 1.0}, index=TIMES)
    with pytest.raises(InvalidInput, match="slack 3 is for a net of pandapower; this Network has its own, bus 1"):
        day_from_network(net, used, rng=1, slack=3)
    with pytest.raises(InvalidInput, match="profiles: no column, so nobody lives here"):
        day_from_network(net, used.iloc[:, :0], rng=1)


def test_any_reading_that_is_let_in_gives_numbers():
    """The most that a column may hold: costs grow with its square, and stay numbers."""
    net = Network.from_frames(**grid("three_bus_radial"))
    plan = day_from_network(net, pd.DataFrame({"load 2": 1e6, "sgen 3": 1e6}, index=TIMES), rng=1)
    run = transactive_day(plan, learn=0, ledger="none")
    assert np.isfinite([run.burden, run.gain]).all() and np.isfinite(run.price).all()


def test_a_ring_is_no_street():
    net = street()
    net.switch["closed"] = True
    with pytest.raises(InvalidNetwork, match="radial"):
        day_from_network(net, table(), rng=1)
    with pytest.raises(InvalidNetwork, match="net must be a pandapowerNet, not a str"):
        day_from_network("net.json", table(), rng=1)
