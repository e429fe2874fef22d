"""What the page *All mechanisms* shows of its tables is what was computed."""

import csv

import pytest

from tefoundations.systems import mechanism_table
from tests.house.sources import ROOT, tool

FOLDER = ROOT / "data" / "mechanisms"


def test_what_the_page_shows_is_rounded_once():
    """A number of the file is shown as the number itself would be: 99.99546 as 99.995, not by way of 99.9955 as 99.996."""
    pages, table = tool("mechanism_pages"), mechanism_table()
    for name, tables in pages.TABLES.items():
        block = getattr(table, name).to_frame().astype(object)
        with open(FOLDER / f"{name}.csv", newline="", encoding="utf-8") as file:
            kept = list(csv.DictReader(file))
        for _, _, columns in tables:
            for column, _, digits in columns:
                for full, row in zip(block[column], kept):
                    if digits is not None and row[column]:
                        assert pages.cell(row[column], digits) == pages.cell(repr(float(full)), digits), (name, row, column)


@pytest.mark.parametrize("change, words", [
    ({}, "saves most, 51.7 kg, before *Transactive market* with 51.5. With exports credited, *Transactive market* saves"),
    ({"carbon_net": "-60"}, "Both counts put the same way first."),
])  # fmt: skip
def test_the_page_says_whether_the_count_decides(monkeypatch, change, words):
    pages = tool("mechanism_pages")
    rows = [row | (change if row["mechanism"] == "Central dispatch" else {}) for row in pages.rows_of("ways")]
    monkeypatch.setattr(pages, "rows_of", lambda block: rows)
    assert words in pages.carbon(None)
