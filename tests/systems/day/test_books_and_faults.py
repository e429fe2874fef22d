"""What the day's ledger, a stranger and an office make of the same readings, and who notices what goes wrong."""

import functools

import numpy as np
import pytest

from tefoundations.errors import InvalidBlock, InvalidInput
from tefoundations.ledger import KeyPair, verify_inclusion
from tefoundations.systems import (
    DayPlan,
    Fault,
    audit_day,
    billing_run,
    deliver,
    import_,
    meter_balance,
    recleared,
    settle,
    till,
    transactive_day,
)
from tefoundations.systems.day.ledger.inspections import feeder_gap

OPERATOR = KeyPair.named("operator")
EVENING = 12  # 18:00


@functools.cache
def honest(day="winter"):
    return transactive_day(DayPlan.of(day))


@functools.cache
def faulty(*faults, ledger="full", day="winter"):
    return transactive_day(DayPlan.of(day), faults=faults, ledger=ledger)


def audited(run, strict=False):
    return audit_day(
        run.record.blocks, run.record.meters, operator=OPERATOR.account, producers=run.record.producers, strict=strict
    )


def differs(run, found=None):
    """{member: EUR} that the bill, or another account, differs from that of an honest day."""
    found = billing_run(run.table()) if found is None else found
    before = billing_run(honest().table())
    return {m: (found.get(m, 0) - owed) / 1e6 for m, owed in before.items() if found.get(m, 0) != owed}


@pytest.mark.parametrize("day", ["winter", "summer", "holiday"])
def test_contract_stranger_office_and_arithmetic_agree(day):
    run = honest(day)
    audit = audited(run)
    assert run.record.owes == audit.owes == billing_run(run.table()) and audit.closed
    assert audit.readings == 624 and not audit.refused and not audit.missing
    for i, member in enumerate(run.plan.lane.members):
        own = 0
        for step, told in enumerate(run.record.publications):
            reading = deliver(run.plan, step, run.net[step])[member]
            own += settle(
                told.schedule[i], reading[0] - reading[1], told.prices[run.record.places[i]], told.short, told.long
            )
        assert own == audit.owes[member]
    floats = (run.price[:, run.plan.feeder.at] * run.net).sum()  # ct, without deviations
    agreed = sum(p.schedule[i] * p.prices[b] for p in run.record.publications for i, b in enumerate(run.record.places))
    assert agreed / 1e7 == pytest.approx(floats, abs=0.5)


@pytest.mark.parametrize("day", ["winter", "holiday"])
def test_size_and_gas(day):
    record = honest(day).record
    counts = [len(block.transactions) for block in record.chain.blocks[1:]]
    assert counts == [7] * 48 + [1] and sum(counts[:48]) == 336
    assert record.chain.find_fault() is None
    assert record.size == pytest.approx(275_800, rel=1e-3) and record.size / 624 == pytest.approx(442, abs=1)
    assert record.gas == pytest.approx(2_714_400, rel=1e-3)
    closing = record.chain.receipts()[-1].gas_used
    assert record.gas - closing == pytest.approx(2_645_000, rel=0.01)
    office = honest(day).table().to_csv(index=False)
    assert 11 < record.size / len(office) < 12


def test_roots_alone():
    run = transactive_day(DayPlan.of("winter"), ledger="roots")
    record = run.record
    stored = [record.chain.read("dayroots", f"root/{step}") for step in range(48)]
    assert sum(len(bytes.fromhex(root)) for root, _ in stored) == 1_536 and record.owes == {}
    leaf, index, size, proof = record.proof(20, 5)
    assert verify_inclusion(leaf, index, size, proof, bytes.fromhex(stored[20][0]))
    assert not verify_inclusion(leaf + b" ", index, size, proof, bytes.fromhex(stored[20][0]))
    assert billing_run(run.table()) == billing_run(honest().table()) and record.size < honest().record.size / 4
    with pytest.raises(InvalidInput, match="roots alone"):
        till(run)


@pytest.mark.parametrize("day", ["winter", "summer", "holiday"])
def test_the_till_is_made_of_what_it_says(day):
    """What is left, by the money that came and went; and by rent of lines, wires at the margin, and deviations."""
    found = till(honest(day))
    assert found["left"] == found["members pay"] - found["day ahead"] - found["balancing"] - found["wires"]
    assert abs(found["rounding"]) < 13 * 48 * 1.5  # each sum is cut below a micro-token, the price to a whole one
    assert (found["full lines"] > 0) == (day != "winter")


def test_settling_is_symmetric_and_toward_zero():
    assert settle(1, 1, 999, 0, 0) == 0 == settle(-1, -1, 999, 0, 0)
    assert settle(1000, 900, 300_000, 360_000, 240_000) == 300_000 - 24_000
    assert import_(DayPlan.of("winter"), 0, 0, -1)["balancing"] == -184_000  # 23 ct at noon


def test_an_edited_reading():
    run = faulty(Fault("edited", [EVENING], "home8", 1000))
    assert differs(run) == {"home8": pytest.approx(0.43, abs=0.005)}  # the office bills it, and nobody notices
    audit = audited(run)
    assert audit.refused == ((EVENING, "home8", "the meter has not signed this reading"),)
    assert audit.missing == ((EVENING, "home8"),) and audit.owes == run.record.owes
    assert abs(differs(run, audit.owes)["home8"]) < 0.03  # the schedule is billed in its place
    assert run.record.events == [
        ("refused", {"step": EVENING, "member": 10, "reason": "the meter has not signed this reading"}),
        ("missing", {"step": EVENING, "member": 10}),
    ]


def test_in_a_strict_book_the_whole_batch_reverts():
    run = faulty(Fault("edited", [EVENING], "home8", 1000), ledger="strict")
    reverted = [receipt for receipt in run.record.chain.receipts() if not receipt.succeeded]
    assert [receipt.reason for receipt in reverted] == ["the meter has not signed this reading"]
    audit = audited(run, strict=True)
    assert [member for _, member in audit.missing] == list(run.plan.aggregators["Lane"]) and audit.owes == run.record.owes


def test_a_reading_sent_twice_counts_once():
    audit = audited(faulty(Fault("repeated", [EVENING], "home8")))
    assert audit.refused == ((EVENING, "home8", "a reading stands already"),) and audit.owes == honest().record.owes


def test_lost_readings_are_told_and_the_schedule_is_billed():
    steps = range(20, 30)  # from 22:00, while the car charges
    run = faulty(Fault("lost", steps, "home8"))
    assert differs(run) == {"home8": pytest.approx(-6.86, abs=0.005)}  # unbilled, without an alarm
    audit = audited(run)
    assert audit.missing == tuple((step, "home8") for step in steps)
    billed = audit.owes["home8"] - billing_run(run.table())["home8"]
    assert billed / 1e6 == pytest.approx(6.858, abs=0.0015) and audit.owes == run.record.owes


def test_a_low_meter_is_accepted_and_the_balance_finds_it():
    run = faulty(Fault("low meter", range(48), "home8", 0.8))
    audit = audited(run)
    assert not audit.refused and not audit.missing
    assert differs(run)["home8"] == pytest.approx(-1.51, abs=0.005)
    found = meter_balance(run)
    assert found.index[0] == "home8" and found["slope"].iloc[0] == pytest.approx(0.25, abs=0.012)  # 0.2 / 0.8, and losses
    assert found["share"].iloc[0] < 0.001 and found["share"].iloc[1] > 0.5
    gap, told = feeder_gap(run), run.metered[:, 10].astype(float)
    slope, *_ = np.linalg.lstsq(told[:, None], gap, rcond=None)
    assert found["slope"].iloc[0] == pytest.approx(slope[0], abs=1e-9)
    assert meter_balance(honest())["share"].min() > 0.5 and np.abs(feeder_gap(honest())).max() < 8  # Wh of a step
    losses = (honest("holiday").head.sum() - honest("holiday").delivered.sum()) / np.abs(honest("holiday").delivered).sum()
    assert losses == pytest.approx(0.017, abs=0.001)


@pytest.mark.parametrize("member", ["clinic", "home1", "home6", "shop"])
def test_the_balance_finds_other_liars(member):
    assert meter_balance(faulty(Fault("low meter", range(48), member, 0.8))).index[0] == member


def test_a_wrong_price_is_accepted_and_clearing_again_finds_it():
    run = faulty(Fault("wrong price", [EVENING], amount=10.0))
    assert not audited(run).refused
    extra = sum(differs(run).values())
    assert extra == pytest.approx(run.total[EVENING] * 0.1, abs=1e-4)
    found = recleared(run)
    assert set(found["step"]) == {EVENING}
    assert (found["published"] - found["found"]).to_numpy() == pytest.approx(10, abs=1e-3)
    assert recleared(honest()).empty and recleared(honest("holiday")).empty


def test_clearing_again_refuses_other_letters():
    from dataclasses import replace

    run = honest()
    changed = replace(run.letters[200], text=run.letters[200].text.replace("1", "2"))
    with pytest.raises(InvalidInput, match="root"):
        recleared(replace(run, letters=(*run.letters[:200], changed, *run.letters[201:])))
    with pytest.raises(InvalidInput, match="not signed"):
        changed.opened()


def test_an_aggregator_that_is_cut_off():
    run = faulty(Fault("cut off", range(12, 24), "Lane"))
    assert run.gain / 100 == pytest.approx(9.08, abs=0.005)
    assert run.worst == ("4-8", pytest.approx(1.13, abs=0.005)) and run.over.sum() > 1
    assert recleared(run)[["step", "what", "of"]].values.tolist() == [[step, "stand-in", "Lane"] for step in range(12, 24)]
    limited = faulty(Fault("cut off", range(12, 24), "Lane", 2.3))
    assert limited.worst[1] < 1 and not limited.over.any() and limited.gain > 1300  # a default limit for who is silent
    all_cut = faulty(Fault("cut off", range(48), "Lane"), Fault("cut off", range(48), "Upper"))
    assert all_cut.gain / 100 == pytest.approx(-1.0, abs=0.01)


def test_a_stranger_refuses_blocks_that_were_touched():
    record = honest().record
    known = {"operator": OPERATOR, "producers": record.producers}
    for change, other in ((b'"step":4', b'"step":3'), (b'"prices":[', b'"prices":[1')):
        blocks = list(record.blocks)
        assert change in blocks[5]
        blocks[5] = blocks[5].replace(change, other, 1)
        with pytest.raises((InvalidBlock, InvalidInput)):
            audit_day(blocks, record.meters, **known)
    with pytest.raises(InvalidBlock):
        audit_day([*record.blocks[:3], *record.blocks[4:]], record.meters, **known)
    with pytest.raises(InvalidBlock, match="operator"):
        audit_day(record.blocks, record.meters, operator=KeyPair.named("somebody"), producers=record.producers)


def test_faults_are_checked():
    plan = DayPlan.of("winter")
    for fault, words in ((Fault("lost", [1], "nobody"), "no member"), (Fault("cut off", [1], "home8"), "no aggregator"),
                         (Fault("lost", [48], "home8"), "step 48"), ("lost", "must be a Fault")):  # fmt: skip
        with pytest.raises(InvalidInput, match=words):
            transactive_day(plan, learn=0, faults=[fault])
    with pytest.raises(InvalidInput, match="low meter 2 must be a number from 0 to 1"):
        Fault("low meter", [1], "home8", 2)
