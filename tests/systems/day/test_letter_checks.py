"""What was published, held against the signed letters behind it: each way to publish something else is found."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.ledger import MerkleTree
from tefoundations.systems import DayPlan, Fault, deliver, feeder_gap, meter_balance, recleared, transactive_day
from tefoundations.systems.day.ledger.letter_checks import on_chain
from tefoundations.systems.day.ledger.records import recorded
from tefoundations.systems.day.letters import written

STEP = 20  # 22:00, while cars charge


@functools.cache
def honest(day="winter"):
    return transactive_day(DayPlan.of(day))


def kept(run, step, letters=None, **changes):
    """The same day with other things published of a step, on a chain made anew, and with other letters."""
    letters = run.letters if letters is None else letters
    publications = list(run.record.publications)
    root = MerkleTree([letter.to_bytes() for letter in letters if letter.step == step]).root.hex()
    publications[step] = replace(publications[step], **{"curves": root} | changes)
    readings = [deliver(run.plan, t, net) for t, net in enumerate(run.net)]
    return replace(run, letters=tuple(letters), record=recorded(run.plan, "full", publications, readings))


@pytest.mark.parametrize("day", ["winter", "summer", "holiday"])
def test_all_is_well(day):
    assert recleared(honest(day)).empty
    assert recleared(transactive_day(DayPlan.of(day), learn=1, ledger="roots")).empty


def test_schedules_are_those_of_letters_and_clearing():
    """All that is published has a source: an aggregator's report, or the operator's clearing of a direct site's curve."""
    run = honest()
    reported = {}
    for letter in run.letters:
        if letter.purpose == "schedule":
            reported |= {(letter.step, member): energy for member, energy in letter.opened()}
    for step, told in enumerate(run.record.publications):
        for member, energy in zip(run.plan.lane.members, told.schedule):
            if run.plan.aggregator_of(member):
                assert reported[step, member] == energy
    schedule = list(run.record.publications[STEP].schedule)
    found = recleared(kept(run, STEP, schedule=[one + 1000 for one in schedule]))
    assert set(found["what"]) == {"schedule", "sum"} and set(found["step"]) == {STEP}
    assert set(found["of"]) >= {*run.plan.lane.members, "Lane at 8", "Upper at 6"}
    schedule[0] += 3  # of the clinic, a direct site
    assert recleared(kept(run, STEP, schedule=schedule)).values.tolist()[0][:4] == [STEP, "schedule", "clinic", schedule[0]]


def test_an_aggregator_that_reports_other_schedules_does_not_fit_its_own_curve():
    run, letters = honest(), list(honest().letters)
    at = next(i for i, one in enumerate(letters) if one.step == STEP and one.purpose == "schedule" and one.sender == "Lane")
    rows = [[member, energy + 500 * (member == "shop")] for member, energy in letters[at].opened()]
    letters[at] = written("Lane", "operator", STEP, "schedule", rows)
    schedule = list(run.record.publications[STEP].schedule)
    schedule[run.plan.lane.members.index("shop")] += 500
    found = recleared(kept(run, STEP, letters, schedule=schedule))
    assert found[["what", "of"]].values.tolist() == [["sum", "Lane at 10"]]


@pytest.mark.parametrize("name", ["short", "long"])
def test_prices_of_deviations(name):
    told = honest().record.publications[STEP]
    found = recleared(kept(honest(), STEP, **{name: 2 * getattr(told, name)}))
    assert found["what"].tolist() == [name] and found["published"].iloc[0] == pytest.approx(2 * found["found"].iloc[0])


def test_what_stands_on_the_chain_is_read_and_nothing_else():
    run, told = honest(), honest().record.publications
    other = [replace(one, prices=[0] * len(one.prices)) for one in told]
    assert recleared(replace(run, record=replace(run.record, publications=tuple(other)))).empty
    for one, there in zip(told, on_chain(run.record)):
        assert list(there.prices) == one.prices and list(there.schedule) == one.schedule and there.curves == one.curves


def test_a_stand_in_for_somebody_who_was_heard_is_told():
    """The operator puts a curve that it made up in the place of Lane's, and publishes what comes of that."""
    run = honest()
    letters = [one for one in run.letters if not (one.step == STEP and one.sender == "Lane" and one.purpose == "curve")]
    mine = written("operator", "operator", STEP, "stand-in", ["Lane", [], [], [[9, 5.0]], []])
    assert "stand-in" in recleared(kept(run, STEP, [*letters, mine]))["what"].tolist()
    both = recleared(kept(run, STEP, [*run.letters, mine]))  # the signed curve counts, and the stand-in is told
    assert both[["what", "of"]].values.tolist() == [["stand-in", "Lane"]]


def test_the_operators_own_answers_give_a_wrong_price_away():
    run = transactive_day(DayPlan.of("winter"), faults=[Fault("wrong price", [12], amount=10)])
    found = recleared(run)
    answered = found[found["what"] == "answer"]
    assert set(answered["of"]) == {"Upper", "Lane", "clinic", "school", "bakery", "home1"}
    assert (answered["published"] - answered["found"]).to_numpy() == pytest.approx(10, abs=1e-3)
    assert (found["what"] == "price").sum() == 11


@pytest.mark.parametrize("signature", ["", "zz", "00", "G" * 128])
def test_a_signature_that_is_none(signature):
    with pytest.raises(InvalidInput, match="not signed"):
        replace(honest().letters[200], signature=signature).opened()


def test_without_a_grid_what_is_published_was_ordered():
    run = transactive_day(DayPlan.of("winter"), faults=[Fault("line lost", range(12, 36))])
    assert recleared(run).empty
    for step in (12, 20, 35):
        ordered = {one.to: one.opened()[0] for one in run.letters if one.step == step and one.purpose == "order"}
        assert list(ordered.values()) == run.record.publications[step].schedule and len(ordered) == 13


def test_what_roofs_are_turned_down_is_told_to_everybody_whose_it_is():
    run = honest("holiday")
    plan, members = run.plan, run.plan.lane.members
    for step in range(8):
        letters = [one for one in run.letters if one.step == step and one.purpose == "answer"]
        to = {one.to: one.opened()[3] for one in letters}
        for i, member in enumerate(members):
            if run.turned_down[step, i] > 1e-6:
                own = to[member] if plan.aggregator_of(member) else sum(energy for _, energy in to[member])
                assert own == pytest.approx(run.turned_down[step, i], abs=1e-6)
        for name, group in plan.aggregators.items():
            sums = {}
            for member in group:
                i = members.index(member)
                sums[plan.where[i]] = sums.get(plan.where[i], 0.0) + run.turned_down[step, i]
            assert {bus: e for bus, e in sums.items() if e > 1e-6} == pytest.approx(dict(to[name]), abs=2e-6)
    assert run.turned_down[5].sum() > 1


def test_a_meter_that_tells_nothing_is_named_first():
    """It explains any gap; where there is none, as on a day of somebody who is away, nobody is accused for it."""
    silent = transactive_day(DayPlan.of("winter"), faults=[Fault("low meter", range(48), "home8", 0)])
    found = meter_balance(silent)
    assert found.index[0] == "home8" and np.isinf(found["slope"].iloc[0]) and found["share"].iloc[0] == 0
    run = honest()
    i = run.plan.lane.members.index("home2")
    away = run.metered.copy()
    away[:, i] = 0
    empty = replace(run, metered=away, head=run.head - run.metered[:, i])  # nothing was used there, and nothing told
    assert meter_balance(empty).index[-1] == "home2" and meter_balance(empty)["share"].iloc[-1] == 1


def test_a_lie_of_one_half_hour_stands_out_in_the_gap():
    usual = np.abs(feeder_gap(honest())).max()
    for step in (0, STEP, 40):
        one = transactive_day(DayPlan.of("winter"), faults=[Fault("low meter", [step], "home8", 0.8)])
        gap = np.abs(feeder_gap(one))
        assert gap.argmax() == step and gap[step] > 5 * usual
    half = transactive_day(DayPlan.of("winter"), faults=[Fault("low meter", range(24), "home8", 0.8)])
    assert np.abs(feeder_gap(half)).max() > 50 * usual and meter_balance(half)["share"].iloc[0] > 0.1
