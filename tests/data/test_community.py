"""The community: its files, its balances, its feeder, its one-minute day. One test a promise of the data's README."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
DAYS = ["summer", "winter", "holiday"]


# files


def test_checksums_list_every_csv_and_match(scripts):
    listed = (DATA / "CHECKSUMS.sha256").read_text().splitlines()
    assert listed == scripts("checksums").lines()
    assert "community/load.csv" in {line.split("  ")[1] for line in listed}


def test_community_is_small():
    assert sum(file.stat().st_size for file in (DATA / "community").glob("*.csv")) < 400_000


def test_readme_names_every_file_and_column():
    readme = (DATA / "community" / "README.md").read_text(encoding="utf-8")
    for file in (DATA / "community").glob("*.csv"):
        assert f"`{file.name}`" in readme
        if file.name != "minute_day.csv":
            for column in file.read_text().splitlines()[0].split(","):
                assert f"`{column}`" in readme, f"{file.name}: {column}"


def test_rebuild_gives_the_same_bytes(scripts, tmp_path):
    pytest.importorskip("demandlib", reason="only the `data` extra can rebuild the data")
    pytest.importorskip("pvlib", reason="only the `data` extra can rebuild the data")
    scripts("build").main(tmp_path)
    for file in (DATA / "community").glob("*.csv"):
        assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name


# members and energies


def test_members(village):
    members = village.members
    assert tuple(members.index) == village.agents and members.index.is_unique and len(members) == 13
    assert {"clinic", "school", "bakery", "shop", "household"} == set(members["kind"])
    homes = members[members["kind"] == "household"]
    assert homes["annual_kwh"].between(2500, 4500).all()
    assert (village.prices["feed_in"] < village.prices["tariff"]).all()
    assert set(members["bus"]) <= set(village.buses["bus"])


def test_values_are_tiers_around_the_tariff(village):
    values = village.values
    assert np.allclose(values.groupby("agent")["share"].sum(), 1)
    wide = values.pivot(index="agent", columns="tier", values="value_ct_per_kwh").loc[list(village.agents)]
    tariff = village.prices["tariff"]
    assert (wide["essential"] > wide["normal"]).all()
    assert (wide["normal"] >= tariff).all() and (wide["flexible"] < tariff).all()
    assert wide["essential"].nlargest(2).index.tolist() == ["clinic", "bakery"]


@pytest.mark.parametrize("day", DAYS)
def test_frames_of_a_day(village, day):
    for frame in [village.load(day), village.solar(day), village.chp(day), village.net_load(day)]:
        assert frame.shape == (48, 13) and tuple(frame.columns) == village.agents and frame.index.tolist() == list(range(48))
        assert np.isfinite(frame.to_numpy()).all()
    assert (village.load(day) > 0).all(axis=None)
    assert (village.solar(day) >= 0).all(axis=None) and (village.solar(day).loc[[0, 1, 2, 47]] == 0).all(axis=None)
    assert (2 * village.solar(day) <= village.members["solar_kwp"]).all(axis=None)
    assert (2 * village.chp(day) <= village.members["chp_kw"]).all(axis=None)


@pytest.mark.parametrize("day", DAYS)
def test_days_are_of_the_size_of_the_year(village, day):
    """Without devices a working day is between half and twice the mean day; shops and schools rest on the holiday."""
    devices = village.devices(day).groupby("agent")["energy_kwh"].sum().reindex(village.agents, fill_value=0)
    ratio = (village.load(day).sum() - devices) / (village.members["annual_kwh"] / 365)
    shut = ["school", "shop", "bakery"] if day == "holiday" else []
    assert ratio.drop(shut).between(0.6, 1.6).all()
    assert (ratio[shut] < 0.6).all()


def test_shapes_people_would_expect(village):
    bakery, school, clinic = (village.load("summer")[agent] for agent in ["bakery", "school", "clinic"])
    assert 6 <= bakery.idxmax() <= 20 and 14 <= school.idxmax() <= 28
    assert clinic.min() > 0.4 * clinic.max()
    assert (village.load("holiday")["bakery"].loc[22:] < village.load("holiday")["bakery"].max() / 2).all()
    assert village.solar("summer").sum().sum() > 3 * village.solar("winter").sum().sum()


@pytest.mark.parametrize("day", DAYS)
def test_energy_balance_of_members(village, day):
    battery = village.batteries(day).pivot(index="step", columns="agent")
    net = village.load(day) - village.solar(day) - village.chp(day)
    for agent in village.agents:
        own = net[agent].copy()
        if agent in battery["charge_kwh"]:
            charge, discharge = battery["charge_kwh"][agent], battery["discharge_kwh"][agent]
            assert (charge <= (-own).clip(lower=0) + 1e-9).all(), "charges from its own surplus only"
            assert (discharge <= own.clip(lower=0) + 1e-9).all(), "discharges into its own need only"
            own += charge - discharge
        assert np.allclose(own, village.net_load(day)[agent], atol=1e-9)


@pytest.mark.parametrize("day", DAYS)
def test_batteries_keep_their_limits_and_efficiencies(village, day):
    for agent, plan in village.batteries(day).groupby("agent"):
        member, plan = village.members.loc[agent], plan.set_index("step")
        assert plan["energy_kwh"].between(0, member["battery_kwh"]).all()
        assert (plan[["charge_kwh", "discharge_kwh"]] >= 0).all(axis=None)
        assert (plan[["charge_kwh", "discharge_kwh"]] <= member["battery_kw"] / 2).all(axis=None)
        assert not ((plan["charge_kwh"] > 0) & (plan["discharge_kwh"] > 0)).any()
        stored = plan["charge_kwh"] * member["charge_efficiency"] - plan["discharge_kwh"] / member["discharge_efficiency"]
        following = np.roll(plan["energy_kwh"], -1)  # the day ends with the energy it began with
        assert np.allclose(plan["energy_kwh"] + stored, following, atol=0.0011)


@pytest.mark.parametrize("day", DAYS)
def test_batteries_can_sell_all_their_spare_energy(village, day):
    """All that is offered is sold: neither the evening nor the next morning before the sun runs dry."""
    for _, plan in village.batteries(day).groupby("agent"):
        plan = plan.set_index("step")
        steps = [*range(34, 48), *range(34)]
        morning = next((i for i, step in enumerate(steps) if i >= 8 and plan["charge_kwh"][step] > 0), 47)
        sold = plan["spare_kwh"].loc[steps].cumsum().to_numpy()
        before = plan["energy_kwh"].loc[steps].to_numpy() - np.concatenate([[0], sold[:-1]])
        assert (before[: morning + 1] >= -0.001).all()
        assert (plan["spare_kwh"].drop(range(34, 42)) == 0).all()


def test_cars_charge_while_they_are_at_home(village):
    members = village.members
    for _, car in village.cars.iterrows():
        devices = (
            village.devices(car["day"]).query("device == 'ev'").query("agent == @car.agent").set_index("step")["energy_kwh"]
        )
        assert np.isclose(devices.sum(), car["wanted_kwh"])
        assert (devices.loc[: car["arrival_step"] - 1] == 0).all()
        assert (devices <= members.at[car["agent"], "ev_kw"] / 2).all()
        assert (devices <= village.load(car["day"])[car["agent"]] + 1e-9).all()


# feeder


def test_feeder_is_a_tree_away_from_the_grid(village):
    buses, lines = village.buses, village.lines
    assert len(lines) == len(buses) - 1 and lines["to_bus"].is_unique
    reached = {0}
    for _, line in lines.iterrows():
        assert line["from_bus"] in reached
        reached.add(line["to_bus"])
    assert reached == set(buses["bus"])
    assert (lines[["r_ohm", "x_ohm", "rating_a", "rating_kva"]] > 0).all(axis=None)
    assert np.allclose(lines["rating_kva"], np.sqrt(3) * 0.4 * lines["rating_a"], atol=0.1)
    place = buses.set_index("bus")
    cables = lines[lines["kind"] == "cable"]
    apart = [
        np.hypot(*(place.loc[a, ["east_m", "north_m"]] - place.loc[b, ["east_m", "north_m"]]).astype(float))
        for a, b in zip(cables["from_bus"], cables["to_bus"])
    ]
    assert np.allclose(apart, cables["length_m"])


def power_flow(lines, p_kw, q_kvar):
    """Backward and forward sweep: voltages (p.u. of 400 V) and currents (A) of a balanced radial feeder."""
    volt = np.full(len(p_kw), 400, complex)
    for _ in range(40):
        into = np.conj(1000 * (p_kw + 1j * q_kvar) / (np.sqrt(3) * volt))
        for line in reversed(lines):
            into[line.from_bus] += into[line.to_bus]
        for line in lines:
            volt[line.to_bus] = volt[line.from_bus] - np.sqrt(3) * (line.r_ohm + 1j * line.x_ohm) * into[line.to_bus]
    return abs(volt) / 400, np.array([abs(into[line.to_bus]) for line in lines])


@pytest.mark.parametrize(
    "day, highest, lowest, loading",
    [
        ("summer", (4.6, "13:30"), (-1.2, "19:30"), (101, "13:00")),
        ("winter", (0.8, "14:00"), (-3.7, "18:30"), (82, "18:30")),
        ("holiday", (5.3, "14:00"), (-0.7, "20:30"), (104, "14:30")),
    ],
)
def test_feeder_has_the_troubles_the_readme_tells(village, day, highest, lowest, loading):
    members, lines = village.members, list(village.lines.itertuples())
    reactive = 2 * village.load(day) * np.tan(np.arccos(members["power_factor"]))
    volts, lane = [], []
    for step in village.steps:
        p, q = (
            np.bincount(members["bus"], weights=frame.loc[step], minlength=11)
            for frame in [2 * village.net_load(day), reactive]
        )
        volt, current = power_flow(lines, p, q)
        volts.append(100 * (volt[10] - 1))
        lane.append(100 * current[7] / lines[7].rating_a)
    for series, step, (value, time) in [
        (volts, np.argmax(volts), highest),
        (volts, np.argmin(volts), lowest),
        (lane, np.argmax(lane), loading),
    ]:
        assert village.time_of(step) == time
        assert round(series[step], 1 if series is volts else 0) == value
    readme = (DATA / "community" / "README.md").read_text(encoding="utf-8")
    row = rf"{day} \| \+{highest[0]} % at {highest[1]} \| {lowest[0]} % at {lowest[1]} \| {loading[0]} % at {loading[1]}"
    assert re.search(row, readme)


# the one-minute day


def test_minute_day(village):
    day, events = village.minute_day(), village.minute_events()
    watts = day.drop(columns=["minute", "time", "total_w"])
    assert len(day) == 1440 and day["minute"].tolist() == list(range(1440)) and day["time"].iloc[1080] == "18:00"
    assert (watts >= 0).all(axis=None) and (watts.sum(axis=1) == day["total_w"]).all()
    for appliance, uses in events.groupby("appliance"):
        assert np.isclose(uses["energy_wh"].sum(), watts[f"{appliance}_w"].sum() / 60, atol=0.05 * len(uses))
        on = np.zeros(1440, bool)
        for start, end in zip(uses["start_minute"], uses["end_minute"]):
            on[start:end] = True
        assert (watts.loc[~on, f"{appliance}_w"] == 0).all()
    assert np.isclose(events["energy_wh"].sum(), day["total_w"].sum() / 60, atol=0.05 * len(events))


def test_minute_day_is_what_the_meter_sends(village):
    half_hours = village.minute_day()["total_w"].to_numpy().reshape(48, 30).sum(axis=1) / 60_000
    assert np.allclose(half_hours, village.load("winter")["home8"], atol=0.0005001)


def test_minute_day_follows_from_its_seed(village, scripts):
    minute = scripts("minute")
    day, events = minute.simulate()
    pd.testing.assert_frame_equal(day, village.minute_day(), check_dtype=False)
    pd.testing.assert_frame_equal(events, village.minute_events(), check_dtype=False)
    assert not minute.simulate(seed=1)[0]["total_w"].equals(day["total_w"])


def test_carbon_is_as_it_was_written_and_lasts_for_two_steps_an_hour(scripts, village):
    hourly = scripts("people").CARBON
    kept = (DATA / "community" / "carbon.csv").read_text().splitlines()
    assert kept == ["hour,carbon_g_per_kwh", *(f"{hour},{carbon}" for hour, carbon in enumerate(hourly))]
    assert village.carbon.tolist() == [carbon for carbon in hourly for _ in range(2)]
    assert village.carbon.index.tolist() == list(village.steps) and min(hourly) == 180 and max(hourly) == 500
