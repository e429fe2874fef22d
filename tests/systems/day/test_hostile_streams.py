"""An audit and the contract must agree on whatever anybody sends; and what no node would take, no audit may."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from tefoundations.errors import InvalidBlock, InvalidInput, InvalidTransaction
from tefoundations.ledger import Block, Blockchain, KeyPair, sign_statement
from tefoundations.systems import DayBook, DayPlan, audit_day, transactive_day
from tefoundations.systems.day.ledger import own_book

OPERATOR, EVE = KeyPair.named("operator"), KeyPair.named("eve")
METERS = [KeyPair.named(f"meter {i}") for i in range(3)]
NAMES, PLACES, STEPS = ("ann", "bea", "cid"), (0, 1, 1), 3
REGISTER = {name: (key.account, place) for name, key, place in zip(NAMES, METERS, PLACES)}
TOLD = {"prices": [300_000, 80_001], "schedule": [1000, -733, 0], "short": 360_000, "long": 240_000, "curves": ""}
ODD = [0, 1, 2, 3, -1, 99, True, None, "0", "x", "", "00", [], [0], [[0]], 10**15, 2**53 - 1]


def chain_of(strict=False):
    return Blockchain("lane", producers=[OPERATOR, EVE], contracts=[DayBook(OPERATOR, METERS, PLACES, STEPS, strict)])


def audited(chain, strict=False, **more):
    blocks = [block.to_bytes() for block in chain.blocks]
    known = {"operator": OPERATOR.account, "producers": [OPERATOR.account, EVE.account], "steps": STEPS, "strict": strict}
    return audit_day(blocks, REGISTER, **known | more)


def row(chain, place, step, taken, given=0, meter=None):
    key = METERS[place] if meter is None else meter
    return [place, taken, given, sign_statement(key, chain.id, "daybook", "reading", place, step, taken, given)]


def odd(rng):
    return ODD[rng.integers(len(ODD))]


def a_row(chain, rng, step):
    """A row of a report: mostly good, else wrong in one of many ways."""
    place, taken = int(rng.integers(3)), int(rng.integers(2000))
    good = row(chain, place, step if isinstance(step, int) and step >= 0 else 0, taken)
    way = rng.integers(30)
    if way == 0:
        return odd(rng)
    if way == 1:
        return good[: rng.integers(4)]
    if way == 2:
        return [*good, 0]
    if way in (3, 4, 5):
        good[rng.integers(4)] = odd(rng)
    if way == 6:
        good = row(chain, place, 0, taken, meter=EVE)
    if way == 7:
        good[3] = good[3].upper() if rng.integers(2) else " " + good[3]
    if way == 8:
        good = row(chain, place, step if isinstance(step, int) else 0, -taken)  # by the meter itself, but below 0
    return good


def send(chain, rng):
    """One call of anybody."""
    key, gas = (OPERATOR, EVE)[rng.integers(2)], int(rng.choice([100_000, 100_000, 100_000, 2000, 5000, 9000]))
    way, step = rng.integers(12), int(rng.integers(STEPS))
    if rng.integers(12) == 0:
        step = odd(rng)
    if way < 4:
        told = dict(TOLD) | {"prices": [int(one) for one in rng.integers(-(10**6), 10**6, 2)]}
        if rng.integers(3) == 0:
            told[str(rng.choice([*TOLD]))] = odd(rng)
        if rng.integers(6) == 0:
            told["schedule"] = [odd(rng) for _ in range(rng.integers(2, 4))]
        chain.call(key if rng.integers(3) == 0 else OPERATOR, "daybook", "publish", gas_limit=gas, step=step, **told)
    elif way < 10:
        rows = [a_row(chain, rng, step) for _ in range(rng.integers(5))]
        chain.call(key, "daybook", "report", gas_limit=gas, step=step, rows=odd(rng) if rng.integers(20) == 0 else rows)
    elif way == 10:
        chain.call(key, "daybook", "close_day", gas_limit=gas)
    else:
        chain.call(key, "daybook", "owes", member=odd(rng))


@functools.cache
def stream(seed, strict=False):
    """A chain on which anybody sent anything."""
    rng, chain = np.random.default_rng(seed), chain_of(strict)
    for _ in range(rng.integers(2, 8)):
        for _ in range(rng.integers(6)):
            try:
                send(chain, rng)
            except (InvalidTransaction, InvalidInput):
                continue  # no block could ever hold it
        chain.propose((OPERATOR, EVE)[(chain.head.slot + 1) % 2])
    return chain


@pytest.mark.parametrize("strict", [False, True])
def test_contract_and_audit_agree_on_any_stream(strict):
    billed = refused = missing = reverted = 0
    for seed in range(100):
        chain = stream(seed, strict)
        found = audited(chain, strict)
        assert found.disagreements == (), seed
        assert found.owes == {name: chain.read("daybook", f"owes/{i}", 0) for i, name in enumerate(NAMES)}, seed
        assert found.closed == chain.read("daybook", "closed", False)
        stand = [chain.read("daybook", f"read/{step}/{i}") for step in range(STEPS) for i in range(3)]
        assert found.readings + len(found.missing) == sum(one is not None for one in stand)
        assert found.unpublished == tuple(t for t in range(STEPS) if chain.read("daybook", f"step/{t}") is None)
        events = [event for receipt in chain.receipts() for _, event, _ in receipt.events]
        assert len(found.refused) == events.count("refused") and len(found.missing) == events.count("missing")
        assert len(found.reverted) == sum(not receipt.succeeded for receipt in chain.receipts())
        assert found.explain()
        billed, refused = billed + found.readings, refused + len(found.refused)
        missing, reverted = missing + len(found.missing), reverted + len(found.reverted)
    assert min(billed, missing, reverted) > 25 and (strict or refused > 50)  # the streams do what they are for


def test_a_step_is_a_number_and_not_its_name():
    """The text "0" would name the same entry as the step 0: what a meter says of it is said of no step."""
    chain = chain_of()
    chain.call(OPERATOR, "daybook", "publish", step=0, **TOLD)
    sent = chain.call(EVE, "daybook", "report", step="0", rows=[row(chain, 0, "0", 1001)])
    chain.propose(EVE)
    assert chain.receipt(sent).reason == "no step of this day" and audited(chain).readings == 0


def test_another_sum_is_named(monkeypatch):
    """Where the second writing of the rules comes to another payment, the audit says so."""
    chain = chain_of()
    chain.call(OPERATOR, "daybook", "publish", step=0, **TOLD)
    chain.call(EVE, "daybook", "report", step=0, rows=[row(chain, 0, 0, 1001)])
    chain.propose(EVE)
    assert audited(chain).disagreements == ()
    monkeypatch.setattr(own_book, "worth", lambda energy, price: energy * price // 1000 + 1)
    assert audited(chain).disagreements == ("ann owes 300362 micro-tokens, and 300360 by the contract",)
    assert "does not agree: ann owes" in audited(chain).explain()
    monkeypatch.undo()
    monkeypatch.setattr(own_book.OwnBook, "_wrong", lambda self, step, row: "too late")
    assert "step 0: 1 rows are wrong, and 0 by the contract" in audited(chain).disagreements[0]


def test_steps_that_were_never_published_are_told():
    chain = chain_of()
    chain.call(OPERATOR, "daybook", "publish", step=1, **TOLD)
    while chain.head.slot <= STEPS:
        chain.propose((OPERATOR, EVE)[(chain.head.slot + 1) % 2])
    chain.call(EVE, "daybook", "close_day")
    chain.propose((OPERATOR, EVE)[(chain.head.slot + 1) % 2])
    found = audited(chain)
    assert found.unpublished == (0, 2) and found.closed and found.missing == tuple((1, name) for name in NAMES)
    assert "Nothing is published of 2 steps: 0, 2." in found.explain()


@functools.cache
def record():
    return transactive_day(DayPlan.of("winter"), learn=0).record


def judged(blocks, **more):
    known = {"operator": OPERATOR.account, "producers": record().producers} | more
    return audit_day([block if isinstance(block, bytes) else block.to_bytes() for block in blocks], record().meters, **known)


def bodies():
    blocks = [Block.from_bytes(data) for data in record().blocks]
    close, some = blocks[-1].transactions[0], blocks[13].transactions
    return blocks, {
        "all dropped": (13, ()), "one report dropped": (13, some[:3] + some[4:]), "no publication": (13, some[1:]),
        "turned round": (13, some[::-1]), "the day is closed first": (1, (close, *blocks[1].transactions)),
    }  # fmt: skip


@pytest.mark.parametrize("way", [*bodies()[1]])
def test_a_body_that_is_not_the_headers_is_refused(way):
    blocks, changes = bodies()
    height, body = changes[way]
    blocks[height] = replace(blocks[height], transactions=body)
    with pytest.raises(InvalidBlock, match=f"block {height}.*count|block {height}.*transaction_root"):
        judged(blocks)


def rebuilt(keep):
    """All blocks made anew by Eve, who leaves out what she likes."""
    blocks, made = bodies()[0], bodies()[0][:1]
    for block in blocks[1:]:
        body = tuple(one for one in block.transactions if keep(one))
        changed = replace(block, parent=made[-1].hash, producer=EVE.account, transactions=body, signature="")
        made.append(changed.signed(EVE))
    return made


@pytest.mark.parametrize("keep", [lambda one: True, lambda one: one.method != "report"])
def test_a_stranger_makes_no_blocks(keep):
    with pytest.raises(InvalidBlock, match="turn"):
        judged(rebuilt(keep))


def test_what_all_knew_must_be_that_of_the_first_block():
    blocks, meters = record().blocks, record().meters
    assert judged(blocks).readings == 624 and judged(blocks, head=bodies()[0][-1].hash).closed
    turned = dict(reversed(list(meters.items())))
    for other in ({"operator": EVE}, {"producers": [EVE]}, {"steps": 47}, {"strict": True}):
        with pytest.raises(InvalidBlock, match="operator"):
            judged(blocks, **other)
    with pytest.raises(InvalidBlock, match="operator"):
        audit_day(blocks, turned, operator=OPERATOR, producers=record().producers)
    roots = transactive_day(DayPlan.of("winter"), learn=0, ledger="roots").record
    with pytest.raises(InvalidBlock, match="operator"):
        judged(roots.blocks)
    with pytest.raises(InvalidBlock, match="known from elsewhere"):
        judged(blocks[:-1], head=bodies()[0][-1].hash)
    assert not judged(blocks[:-1]).closed and judged(blocks[:30]).unpublished == tuple(range(29, 48))


@pytest.mark.parametrize("place", [-1, 1.7, True, "3", float("inf"), float("nan"), None])
def test_a_place_is_a_whole_number(place):
    meters = {name: (account, place) for name, (account, _) in record().meters.items()}
    with pytest.raises(InvalidInput, match="clinic"):
        audit_day(record().blocks, meters, operator=OPERATOR, producers=record().producers)


@pytest.mark.parametrize("given, words", [
    ({"operator": "junk"}, "operator"), ({"operator": 5}, "operator"), ({"producers": ["ab"]}, "producers: entry 0"),
    ({"strict": "no"}, "strict"), ({"steps": 0}, "steps"), ({"steps": 1.5}, "steps"),
])  # fmt: skip
def test_arguments_without_meaning_are_named(given, words):
    with pytest.raises(InvalidInput, match=words):
        judged(record().blocks, **given)
    with pytest.raises(InvalidInput, match="first"):
        judged([])
    with pytest.raises(InvalidInput, match="home1"):
        audit_day(record().blocks, {"home1": ("ab", 0)}, operator=OPERATOR, producers=record().producers)
    with pytest.raises(InvalidBlock):  # a place that no list of prices has is another book's
        audit_day(record().blocks, {m: (a, 99) for m, (a, _) in record().meters.items()}, operator=OPERATOR,
                  producers=record().producers)  # fmt: skip
