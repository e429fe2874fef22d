"""Six paths of a transaction: what passes is counted twice, and each leaves what it should."""

import functools

import pytest

from tefoundations.errors import InvalidInput
from tefoundations.systems import DayPlan, import_, transaction_paths, transactive_day
from tefoundations.systems.day.ledger.paths import lane_trade


@functools.cache
def settled(day):
    return transactive_day(DayPlan.of(day))


@functools.cache
def paths(step=12):
    return transaction_paths(settled("winter"), settled("holiday"), step=step)


def test_each_path_is_a_row():
    assert len(paths()) == 6 and (paths()[["messages", "bytes", "signatures"]] > 0).all().all()
    assert paths()["signatures"].tolist() == [3, 12, 2, 2, 4, 3] and paths()["messages"].tolist() == [2, 7, 1, 2, 4, 3]


def test_the_reports_are_those_of_the_day():
    """One reading, and five in a batch, as they stand in the blocks of the day itself."""
    reports = [
        sent for block in settled("winter").record.chain.blocks for sent in block.transactions if sent.method == "report"
    ]
    sizes = {count: {len(sent.to_bytes()) for sent in reports if len(sent.arguments["rows"]) == count} for count in (1, 5)}
    assert min(sizes[1]) >= 555 and max(sizes[1]) <= 566 and min(sizes[5]) >= 1_120 and max(sizes[5]) <= 1_140
    assert paths()["bytes"].iloc[0] == pytest.approx(560 + 188, abs=8)
    assert paths()["bytes"].iloc[2] == pytest.approx(658, abs=3)


def test_the_two_lanes_trade_what_the_line_carries():
    seller, buyer, energy, paid = lane_trade(settled("winter"), settled("holiday"), 12)
    cheap, dear = sorted(run.price[12, 0] for run in (settled("winter"), settled("holiday")))
    assert energy == 5_000 and seller != buyer  # 10 kW for half an hour
    assert 10_000 * cheap * 5 - 2 <= paid <= 10_000 * dear * 5 + 2


def test_import_is_the_lanes_cost_outside():
    run = settled("winter")
    bought = [import_(run.plan, t, run.total[t], run.head[t] / 1000) for t in range(48)]
    lane = run.plan.lane
    wires = lane.slope / 2 * (run.total.clip(0) ** 2).sum()
    assert sum(one["day_ahead"] for one in bought) / 1e4 == pytest.approx(run.cost - wires, abs=0.5)
    assert sum(one["scheduled"] + one["imbalance"] for one in bought) == run.head.sum()


def test_what_has_no_meaning_is_refused():
    plan = DayPlan.of("winter")
    with pytest.raises(InvalidInput, match="not settled"):
        transaction_paths(transactive_day(plan, learn=0, ledger="none"), settled("winter"), step=0)
    with pytest.raises(InvalidInput, match="step 48"):
        transaction_paths(settled("winter"), settled("winter"), step=48)
    alone = transactive_day(DayPlan(plan.lane, plan.net, plan.where), learn=0)
    with pytest.raises(InvalidInput, match="aggregator"):
        transaction_paths(alone, settled("winter"), step=0)
