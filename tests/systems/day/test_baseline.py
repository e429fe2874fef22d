"""The list of the position paper: each number found a second way."""

import functools
import json

import pytest

from tefoundations.errors import InvalidInput
from tefoundations.ledger import gas
from tefoundations.systems import DayPlan, platform_baseline, transactive_day


@functools.cache
def settled(ledger="full"):
    return transactive_day(DayPlan.of("winter"), learn=1, ledger=ledger)


@functools.cache
def found():
    return platform_baseline(settled())


def test_the_eight_properties():
    assert found().index.tolist() == [
        "throughput, by gas used", "throughput, by gas reserved", "latency", "scalability", "access security",
        "data privacy", "protocol adherence", "immutability", "interoperability",
    ]  # fmt: skip
    measured = found()["found"].to_dict()
    assert measured["access security"] == 3 and measured["protocol adherence"] == 3 and measured["interoperability"] == 3
    assert measured["immutability"] == 337 and measured["latency"] == 1


def test_what_anybody_reads_in_the_blocks():
    """Readings found again as text, without the package's own readers."""
    read = 0
    for data in settled().record.blocks:
        for one in json.loads(data)["transactions"]:
            read += len(one["body"]["arguments"].get("rows", []))
    assert found().loc["data privacy", "found"] == read == 624
    assert not any(b'"rows"' in data for data in settled("roots").record.blocks)


def test_throughput_is_what_is_reserved():
    """A day's seven transactions a step: 500,000 for the prices, 20,000 and 6,000 a row for the readings."""
    a_step = 500_000 + 6 * 20_000 + 13 * 6_000
    assert found().loc["throughput, by gas reserved", "found"] == gas.BLOCK_LIMIT // (a_step // 13)
    closing = settled().record.chain.receipts()[-1].gas_used
    assert found().loc["throughput, by gas used", "found"] == gas.BLOCK_LIMIT // ((settled().record.gas - closing) // 624)


def test_what_is_a_limit_is_not_called_measured():
    kinds = found()["kind"].to_dict()
    assert [name for name, kind in kinds.items() if kind == "by construction"] == ["throughput, by gas reserved", "latency"]
    assert set(kinds.values()) == {"measured", "counted", "by construction"}


def test_bytes_a_member():
    size = sum(len(data) for data in settled().record.blocks[1:])
    assert found().loc["scalability", "found"] == size // 13


def test_of_roots_little_can_be_measured():
    with pytest.raises(InvalidInput, match="full"):
        platform_baseline(settled("roots"))
