"""``python -m tefoundations day``: the community and a grid of one's own, as a file says; every fault names file and key."""

import numpy as np
import pandas as pd
import pytest

from tefoundations.command import main
from tefoundations.systems import DayPlan, Fault, day_from_network, transactive_day


@pytest.fixture
def config(tmp_path):
    def written(text):
        (tmp_path / "day.toml").write_text(text)
        return str(tmp_path / "day.toml")

    return written


def test_the_community(config, tmp_path, capsys):
    file = config('community = "lane"\nday = "holiday"\nlearn = 2\n')
    main(["day", file, "--out", str(tmp_path / "out")])
    told, day = capsys.readouterr().out, transactive_day(DayPlan.of("holiday"), 2, ledger="none")
    assert told.startswith(day.explain()) and "home9" in told and "11:30" in told
    steps = pd.read_csv(tmp_path / "out" / "steps.csv", index_col="time")
    pd.testing.assert_frame_equal(steps, day.to_frame(), check_exact=False, atol=1e-12)
    prices = pd.read_csv(tmp_path / "out" / "prices.csv")
    np.testing.assert_allclose(prices.drop(columns="time"), day.price)
    members = pd.read_csv(tmp_path / "out" / "members.csv", index_col="member")
    assert members["net (kWh)"].sum() == pytest.approx(day.total.sum())
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("<figure>") == 2 and "<script src" not in page and not (tmp_path / "out" / "readings.csv").exists()


def test_faults_and_the_ledger(config, tmp_path, capsys):
    fault = '[[faults]]\nkind = "lost"\nsteps = [1, 2]\nwho = "home8"\n'
    main(["day", config(f'community = "lane"\nlearn = 1\nledger = "full"\n{fault}'), "--out", str(tmp_path / "out")])
    day = transactive_day(DayPlan.of("winter"), 1, [Fault("lost", (1, 2), "home8")], "full")
    readings = pd.read_csv(tmp_path / "out" / "readings.csv")
    pd.testing.assert_frame_equal(readings, day.table())
    assert len(readings) == 13 * 48 - 2


def test_a_grid_of_ones_own(config, tmp_path, capsys):
    pandapower = pytest.importorskip("pandapower")
    net = pandapower.create_empty_network()
    buses = [pandapower.create_bus(net, 0.4) for _ in range(3)]
    pandapower.create_ext_grid(net, buses[0])
    for start, end in zip(buses, buses[1:]):
        pandapower.create_line(net, start, end, 0.1, "NAYY 4x50 SE", max_loading_percent=100)
        pandapower.create_load(net, end, 0.01, 0.002)
    pandapower.to_json(net, str(tmp_path / "net.json"))
    rng, times = np.random.default_rng(1), pd.date_range("2026-06-01", periods=192, freq="15min")
    used = pd.DataFrame({name: rng.uniform(0, 5, 192).round(3) for name in ("load 0", "load 1")}, index=times)
    used.rename_axis("time").to_csv(tmp_path / "power.csv")
    text = 'network = "net.json"\nprofiles = "power.csv"\nday = 2026-06-02\nlearn = 1\nseed = 3\ncars = 1\n'
    main(["day", config(text), "--out", str(tmp_path / "out")])
    plan = day_from_network(net, used, rng=3, day="2026-06-02", cars=1)
    assert capsys.readouterr().out.startswith(transactive_day(plan, 1, ledger="none").explain())
    lines = (tmp_path / "power.csv").read_text().splitlines()
    for line, put, words in (
        (5, "2026-06-01 00:45:00,1,much", "power.csv, line 5"),
        (5, "yesterday,1,1", "power.csv, line 5: row 3: time 'yesterday' is no time as 2026-06-01 12:15"),
    ):
        (tmp_path / "power.csv").write_text("\n".join([*lines[: line - 1], put, *lines[line:]]))
        with pytest.raises(SystemExit):
            main(["day", config(text.replace("2026-06-02", "2026-06-01"))])
        assert words in capsys.readouterr().err


def local(changes):
    """A table of a network of the book over two weeks of local time with its offsets, about a change of summer time."""
    times = pd.date_range(changes, periods=96 * 14, freq="15min", tz="Europe/Berlin")
    used = np.random.default_rng(2).uniform(0, 5, len(times)).round(3)
    return pd.DataFrame({"time": [time.isoformat() for time in times], "load 2": used, "sgen 3": 4.0})


@pytest.mark.parametrize(
    ("begins", "day", "changes", "rows"),
    [("2026-03-22", "2026-03-31", "2026-03-29", 92), ("2026-10-18", "2026-10-27", "2026-10-25", 100)],
)
def test_the_clock_on_the_wall_is_that_of_the_day(config, tmp_path, capsys, begins, day, changes, rows):
    """Offsets that summer time changes: each day is read by its own clock, but that of the change is not whole."""
    local(begins).to_csv(tmp_path / "power.csv", index=False)
    text = 'network = "three_bus_radial"\nprofiles = "power.csv"\nlearn = 0\ncars = 0\nday = '
    main(["day", config(f'{text}"{day}"\n'), "--out", str(tmp_path / "out")])
    net = pd.read_csv(tmp_path / "out" / "members.csv", index_col="member").loc["load 2", "net (kWh)"]
    frame = local(begins)
    assert net == pytest.approx(frame["load 2"][frame["time"].str.startswith(day)].sum() / 4)
    with pytest.raises(SystemExit):
        main(["day", config(f'{text}"{changes}"\n')])
    assert f"power.csv: profiles: day {changes} is not whole: its {rows} rows" in capsys.readouterr().err


def test_times_with_and_without_an_offset_do_not_mix(config, tmp_path, capsys):
    frame = local("2026-06-01")
    frame.loc[7, "time"] = frame.loc[7, "time"][:19]
    frame.to_csv(tmp_path / "power.csv", index=False)
    with pytest.raises(SystemExit):
        main(["day", config('network = "three_bus_radial"\nprofiles = "power.csv"\n')])
    assert "power.csv, line 9: row 7: some times have an offset as +01:00, and some have none" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["network", "profiles"])
@pytest.mark.parametrize("name", ["n" * 300, "a\\u0000b", "a\\u0000b.json", "a\\u0000b.csv"])
def test_names_that_no_file_can_have(config, tmp_path, capsys, key, name):
    (tmp_path / "power.csv").write_text("time,load 2\n2026-06-01 00:00,1\n")
    text = {"network": "three_bus_radial", "profiles": "power.csv"} | {key: name}
    with pytest.raises(SystemExit) as stopped:
        main(["day", config("".join(f'{one} = "{value}"\n' for one, value in text.items()))])
    assert stopped.value.code == 2 and "day.toml" in capsys.readouterr().err


def test_a_network_of_the_book(config, tmp_path, capsys):
    times = pd.date_range("2026-06-01", periods=48, freq="30min")
    frame = pd.DataFrame({"load 2": 3.0, "sgen 3": 4.0}, index=times).rename_axis("time")
    frame.to_csv(tmp_path / "power.csv")
    main(["day", config('network = "three_bus_radial"\nprofiles = "power.csv"\nlearn = 0\ncars = 0\n')])
    assert "2026-06-01, market" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 'give either community = "lane" or network = "..."'),
        ('community = "lane"\nnetwork = "x"\n', 'give either community = "lane" or network = "..."'),
        ('community = "street"\n', "community 'street' is not known; there is 'lane'"),
        ('community = "lane"\ndya = "winter"\n', "key 'dya' is not known; did you mean 'day'?"),
        ('community = "lane"\nzzz = 1\n', "key 'zzz' is not known; known are community, network"),
        ('community = "lane"\nlearn = "many"\n', "learn 'many' must be a whole number"),
        ('community = "lane"\nlearn = true\n', "learn True must be a whole number"),
        ('community = "lane"\nlearn = 1.5\n', "learn 1.5 must be a whole number"),
        ('community = "lane"\nday = true\n', "day True must be a text or a date"),
        ('community = "lane"\nday = nan\n', "day nan must be a text or a date"),
        ('community = "lane"\nday = 12:00:00\n', "day datetime.time(12, 0) must be a text or a date"),
        ('community = "lane"\nlearn = -1\n', "learn -1 must be a whole number"),
        ('community = "lane"\nday = "autumn"\n', "'autumn'"),
        ('community = "lane"\nledger = "gold"\n', "ledger 'gold'"),
        ('community = "lane"\nseed = 1\n', "seed belongs to a network of your own"),
        ('community = "lane"\n[[faults]]\nkind = "lost"\n', "faults: entry 0 must have kind and steps"),
        ('community = "lane"\n[[faults]]\nkind = "theft"\nsteps = [1]\n', "faults: entry 0: kind 'theft'"),
        ('community = "lane"\n[[faults]]\nkind = "lost"\nsteps = [1]\nwho = "Ada"\n', "faults: entry 0: 'Ada' is no member"),
        ('network = "three_bus_radial"\n', "network needs profiles"),
        ('network = "three_bus_radial"\nprofiles = "none.csv"\n', "none.csv: No such file"),
        ("community = lane\n", "(at line 1, column 13)"),
    ],
)
def test_a_fault_is_named(config, capsys, text, words):
    with pytest.raises(SystemExit) as stopped:
        main(["day", config(text)])
    told = capsys.readouterr()
    assert stopped.value.code == 2 and "day.toml" in told.err and words in told.err and told.out == ""


def test_a_file_that_is_not_there(capsys, tmp_path):
    with pytest.raises(SystemExit):
        main(["day", str(tmp_path / "none.toml")])
    assert "none.toml: No such file" in capsys.readouterr().err
