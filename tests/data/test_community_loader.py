"""The loader of the community: copies only, clear refusals, at home in a wheel and in a checkout."""

import hashlib
import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest

from tefoundations.data import community, data_path, files
from tefoundations.errors import InvalidInput, TEError
from tefoundations.words import shown

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.mark.parametrize("name", ["members", "prices", "values", "cars", "buses", "lines"])
def test_tables_are_the_callers_own(village, name):
    first = getattr(village, name)
    kept = first.copy()
    first.iloc[:, -1] = -1
    assert getattr(village, name).equals(kept)


@pytest.mark.parametrize(
    "method, arguments",
    [
        ("load", ["summer"]),
        ("solar", ["summer"]),
        ("chp", ["winter"]),
        ("net_load", ["summer"]),
        ("devices", ["winter"]),
        ("batteries", ["summer"]),
        ("weather", ["summer"]),
        ("offers", ["summer", 36]),
        ("minute_day", []),
        ("minute_events", []),
    ],
)
def test_frames_are_the_callers_own(village, method, arguments):
    first = getattr(village, method)(*arguments)
    kept = first.copy()
    first.iloc[:, -1] = -1
    assert getattr(village, method)(*arguments).equals(kept)


def test_community_is_loaded_once_and_frozen(village):
    assert community() is village
    with pytest.raises(FrozenInstanceError):
        village.days = ()


@pytest.mark.parametrize("day", ["spring", "Summer", "", None, 0, ["summer"]])
def test_unknown_day(village, day):
    for call in [village.load, village.batteries, lambda d: village.offers(d, 0)]:
        with pytest.raises(InvalidInput, match=re.escape(f"day {day!r} is not one of summer, winter, holiday")):
            call(day)


@pytest.mark.parametrize("step", [48, -1, 1.0, "36", None, True, np.nan, np.bool_(True)])
def test_unknown_step(village, step):
    for call in [village.time_of, lambda s: village.offers("summer", s)]:
        with pytest.raises(InvalidInput, match=re.escape(f"step {shown(step)} must be a whole number from 0 to 47")):
            call(step)


def test_numpy_steps_are_steps(village):
    assert [village.time_of(step) for step in np.array([0, 1, 36, 47])] == ["00:00", "00:30", "18:00", "23:30"]


@pytest.fixture
def another_place(monkeypatch, tmp_path):
    """A copy of the data where the wheel would have it, to be spoilt."""
    target = tmp_path / "tefoundations" / "_data" / "community"
    target.mkdir(parents=True)
    for file in (DATA / "community").glob("*.csv"):
        (target / file.name).write_bytes(file.read_bytes())
    (target.parent / "CHECKSUMS.sha256").write_bytes((DATA / "CHECKSUMS.sha256").read_bytes())
    monkeypatch.setattr(files, "_HERE", tmp_path / "tefoundations")
    return target


def test_data_of_a_wheel_are_found(another_place, village):
    loaded = community.__wrapped__()
    assert loaded.offers("summer", 36).equals(village.offers("summer", 36))
    assert data_path("community/load.csv") == another_place / "load.csv"


def test_windows_line_ends_are_no_damage(another_place, village):
    file = another_place / "load.csv"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert community.__wrapped__().load("summer").equals(village.load("summer"))


@pytest.mark.parametrize(
    "spoil", [lambda content: content[:-400], lambda content: content.replace(b"winter", b"w\xffnter"), lambda content: b""]
)
def test_damaged_file(another_place, spoil):
    file = another_place / "load.csv"
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(TEError, match="load.csv is damaged or was changed"):
        community.__wrapped__()


def test_missing_file(another_place):
    (another_place / "solar.csv").unlink()
    with pytest.raises(TEError, match="'community/solar.csv' is in neither"):
        community.__wrapped__()
    (another_place.parent / "CHECKSUMS.sha256").unlink()
    with pytest.raises(TEError, match="CHECKSUMS.sha256"):
        community.__wrapped__()


def test_changed_data_can_be_used_on_purpose(another_place):
    """The way the error names works: a new checksum, and the loader reads the new file."""
    file, listed = another_place / "values.csv", another_place.parent / "CHECKSUMS.sha256"
    old = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_text(file.read_text().replace("2500.0", "3000.0"), newline="\n")
    listed.write_text(listed.read_text().replace(old, hashlib.sha256(file.read_bytes()).hexdigest()))
    assert community.__wrapped__().values["value_ct_per_kwh"].max() == 3000
