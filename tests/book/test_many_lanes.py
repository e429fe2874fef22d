"""What the page *Many lanes, many days* says of its tables is what was measured."""

import importlib

import pytest

from tests.house.sources import tool

TABLES = tool("sweep_tables")
MEASURED = TABLES.rows()


def one(task, route, **more):
    """The only row of a task and route."""
    (row,) = TABLES.found(MEASURED, task, route, **more)
    return row


def test_the_work_of_a_lane_grows_with_its_members():
    """Per member the longest lane costs less than twice what a short one does, and a thousand members stay below 1 s."""
    lanes = TABLES.found(MEASURED, "lane")
    each = [row["processor"] / row["tasks"] for row in lanes]
    assert [row["tasks"] for row in lanes] == [13, 130, 1001, 5005]
    assert max(each) < 2 * min(each) and lanes[2]["processor"] < 1


def test_the_way_to_a_worker_is_longest_on_dask_and_shared_by_those_who_travel_together():
    alone = {route: one("nothing", route, chunk=1)["seconds"] for route in TABLES.ROUTES}
    together = {route: one("nothing", route, chunk=50)["seconds"] for route in TABLES.ROUTES}
    assert alone["one by one"] < alone["process pool"] < alone["Dask"]
    assert all(together[route] < alone[route] for route in TABLES.ROUTES)
    times = [f"{alone[route] / together[route]:.0f} times shorter" for route in TABLES.ROUTES[1:]]
    assert all(said in TABLES.chunks() for said in times)


def test_every_route_that_was_measured_is_on_the_page():
    """Also those that took longer than one process; only the longest sweep may lack some, and says so."""
    runs = TABLES.found(MEASURED, "growth")
    assert {row["days"] for row in runs} == {30}
    for count in (10, 100):
        assert {row["route"] for row in runs if row["tasks"] == count} == set(TABLES.ROUTES)
    lines = TABLES.growth().splitlines()[2:]
    assert len(lines) == len(runs) + 1 and lines[-1].startswith("| 100 | 3,000 | Dask, one worker killed |")
    for row in runs:
        streets, clock = row["tasks"], TABLES.told(row["seconds"])
        start = f"| {streets:,} | {30 * streets:,} | {row['route']} | {row['load']:.0f} | {clock} |"
        assert sum(line.startswith(start) for line in lines) == 1
    tasks = [line.split(" | ")[1] for line in TABLES.sizes().splitlines()[2:]]
    assert tasks == [str(row["tasks"]) for row in TABLES.found(MEASURED, "size", "one by one")]


def test_a_sweep_grows_in_proportion():
    for route in TABLES.ROUTES:
        each = [row["processor"] / row["tasks"] for row in TABLES.found(MEASURED, "growth", route)]
        assert len(each) >= 2 and max(each) < 1.5 * min(each)


def test_a_killed_worker_left_its_sweep_whole():
    killed = one("killed", "Dask")
    assert killed["tasks"] == 100 and killed["processor"] > 0.5 * one("growth", "Dask", tasks=100)["processor"]


def quiet(measured):
    """The same rows as a machine with nothing else to do might give them: all long runs there, with the routes in turns."""
    speed = {"one by one": 1.0, "process pool": 1.9, "Dask": 1.6}
    rows = [row | {"load": 1.0} for row in measured if row["task"] != "growth"]
    for row in rows:
        if row["task"] in ("size", "killed", "lane"):
            row["processor"] = 0.02 * row["tasks"] * max(row["days"], 1)
            row["seconds"] = row["processor"] / speed[row["route"]] + 5 * (row["task"] == "killed")
    proto = next(row for row in measured if row["task"] == "growth")
    for count in (10, 100, 1000):
        for route in TABLES.ROUTES:
            work = 0.6 * count
            more = {"tasks": count, "route": route, "seconds": work / speed[route], "processor": work, "load": 1.0}
            rows.append(proto | more)
    return rows


def test_the_words_follow_the_file(monkeypatch):
    """As they would stand if the machine had had nothing else to do."""
    monkeypatch.setattr(TABLES, "rows", lambda: quiet(MEASURED))
    calm = {name: words() for name, words in TABLES.REGIONS.items()}
    assert "the clock showed 1.0 times" in calm["sweep_conditions"] and "of a run before" not in calm["sweep_conditions"]
    assert "the pool was" in calm["sweep_hands"] and "More than two" not in calm["sweep_hands"]
    assert "First by the clock was process pool with 10 and with 100 and with 1,000 streets." in calm["sweep_race"]
    assert "was 0.60 s, whoever ran it, from 10 streets to 1,000" in calm["sweep_race"]
    assert "more, of which part may be other company" in calm["sweep_killed"]


def test_what_was_slower_is_said(monkeypatch):
    slow = [row | {"seconds": row["seconds"] * (9 if row["route"] == "Dask" else 1)} for row in quiet(MEASURED)]
    late = [row for row in slow if row["task"] != "growth" or row["tasks"] < 1000 or row["route"] == "Dask"]
    monkeypatch.setattr(TABLES, "rows", lambda: late)
    assert "Below one the way, or the company, cost more" in TABLES.hands()
    assert "1,000 streets were run by one route, Dask, and no other." in TABLES.race()


def test_long_runs_that_would_end_too_late_are_left_out(tmp_path, monkeypatch):
    sweep = importlib.import_module("tests.benchmarks.sweep")
    log = sweep.Log(tmp_path / "sweep.csv")
    for route, seconds in (("one by one", 60.0), ("process pool", 20.0), ("Dask", 30.0)):
        log.add("growth", 30, 100, route, 1, seconds, seconds, 1.0)
    assert log.in_time("growth", 1000, 100) == ["process pool", "Dask", "one by one"]  # 200 + 300 + 600 s of 1440
    log.start -= 500
    assert log.in_time("growth", 1000, 100) == ["process pool", "Dask"]
    log.start -= sweep.LIMIT
    assert log.in_time("growth", 1000, 100) == []


@pytest.mark.parametrize(("seconds", "words"), [(0.0123, "12 ms"), (0.5, "0.5 s"), (12.34, "12 s"), (1089, "1089 s")])
def test_times_are_told_with_the_digits_they_deserve(seconds, words):
    assert TABLES.told(seconds) == words
