"""The first hand computation of the book: the rule in its words, the page's code and the package give the same numbers."""

import re
from itertools import product
from pathlib import Path

import nbformat
import pytest

from tefoundations.resources import Device
from tefoundations.systems import Lane, all_ways

ROOT = Path(__file__).resolve().parents[2]
BASE = [2, 1, 0]


@pytest.fixture(scope="module")
def page():
    return (ROOT / "book/paradigm/one_way_grid.md").read_text()


@pytest.fixture(scope="module")
def rule(page):
    """First price and what each kWh adds, in ct, as the words say them."""
    found = re.search(r"The price of an hour is (\d+) cents \(ct\), and (\d+) more for each kWh that flows in it\.", page)
    return int(found[1]), int(found[2])


@pytest.fixture(scope="module")
def lane(rule):
    cars = [Device(f"car of {who}", who, energy=1, power=1, end=3, final_energy=1) for who in ("Ada", "Ben", "Cem")]
    return Lane.of(BASE, cars, outside=[rule[0]] * 3, slope=rule[1], tariff=[30, 20, 20])


def by_hand(flows, first, more):
    """Each kWh at what lies half-way between the price before it and the price after it."""
    return sum(((first + more * k) + (first + more * (k + 1))) / 2 for kwh in flows for k in range(kwh))


def test_the_words_are_the_rule_of_the_lane(rule, lane):
    plans = [[kwh + hours.count(hour) for hour, kwh in enumerate(BASE)] for hours in product(range(3), repeat=3)]
    for flows in plans:
        assert lane.cost(flows) == by_hand(flows, *rule)
        assert lane.price(flows).tolist() == [rule[0] + rule[1] * kwh for kwh in flows]


def test_what_the_page_prints_comes_out_by_hand(rule, lane, page):
    ways = all_ways(lane)
    sums = {name: by_hand([round(kwh) for kwh in way.net], *rule) for name, way in ways.items()}
    text = "\n".join(
        output.get("text", "")
        for cell in nbformat.read(ROOT / "notebooks/paradigm/one_way_grid.ipynb", as_version=4).cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    for name, ct in sums.items():
        assert re.search(rf"{name}: \[[^]]*\] kWh, {ct:.0f} ct", text) and round(ways[name].cost) == ct
    assert re.search(rf"as usual: \[5, 1, 0\] kWh, {by_hand([5, 1, 0], *rule):.0f} ct", text)
    assert re.search(rf"all at night: \[2, 4, 0\] kWh, {by_hand([2, 4, 0], *rule):.0f} ct", text)


def test_the_sum_written_out_in_the_text(rule, page):
    kwh = [by_hand([k + 1], *rule) - by_hand([k], *rule) for k in range(5)]
    assert f"cost {' + '.join(f'{ct:.0f}' for ct in kwh)} = {sum(kwh):.0f} ct" in page
    assert f"together {by_hand([5, 1], *rule):.0f} ct" in page
