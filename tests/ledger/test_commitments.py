"""Credits for delivered energy: only against a signed reading of an open commitment, once, never more than delivered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidContract, InvalidInput, InvalidReading, InvalidTransaction
from tefoundations.ledger import CommitmentRegistry, sign_reading, sign_statement
from tests.ledger.ledgers import ANNA, BEN, CEM, OPERATOR, ORACLE, junk, new_chain, template, units


def opened(chain, energy=5_000, step=7, seller=ANNA, meter="roof", holder=CEM):
    sent = chain.call(seller, "commitments", "open", holder=holder.account, meter=meter, step=step, energy=energy)
    chain.propose(OPERATOR)
    return chain.receipt(sent)


def closed(chain, token, energy, step=7, meter="roof", change=()):
    reading = sign_reading(ORACLE, chain, meter, step, energy) | dict(change)
    sent = chain.call(BEN, "commitments", "close", token=token, **reading)
    chain.propose(OPERATOR)
    return chain.receipt(sent)


def credits(chain, who=CEM):
    return chain.view("credits", "balance_of", owner=who.account)


@pytest.mark.parametrize("read, minted, lacking", [(5_000, 5_000, 0), (4_200, 4_200, 800), (6_000, 5_000, 0), (0, 0, 5_000)])
def test_credits_are_what_came_and_at_most_what_was_promised(read, minted, lacking):
    chain = new_chain()
    assert opened(chain).succeeded
    receipt = closed(chain, 0, read)
    assert receipt.succeeded and credits(chain) == minted == units(chain, "credits")
    assert chain.view("commitments", "status", token=0) == ("closed", "roof", 7, 5_000, minted, lacking)
    assert receipt.events[-1][1:] == (
        "closed",
        {"token": 0, "holder": CEM.account, "promised": 5_000, "delivered": minted, "shortfall": lacking},
    )


def test_once():
    chain = new_chain()
    opened(chain)
    assert closed(chain, 0, 4_000).succeeded
    assert "is closed" in closed(chain, 0, 4_000).reason and units(chain, "credits") == 4_000


def test_two_promises_share_one_reading():
    """Else 5 kWh promised twice and delivered once would make 10 kWh of credits."""
    chain = new_chain()
    opened(chain, holder=CEM)
    opened(chain, holder=BEN)
    assert closed(chain, 1, 6_000).succeeded and closed(chain, 0, 6_000).succeeded
    assert (credits(chain, BEN), credits(chain, CEM), units(chain, "credits")) == (5_000, 1_000, 6_000)
    assert chain.view("commitments", "status", token=0)[4:] == (1_000, 4_000)


def test_the_first_reading_of_a_meter_and_step_stands():
    chain = new_chain()
    opened(chain)
    opened(chain)
    assert closed(chain, 0, 3_000).succeeded
    assert "another reading" in closed(chain, 1, 9_000).reason
    assert "was read already" in opened(chain).reason and opened(chain, step=8).succeeded
    assert closed(chain, 1, 3_000).succeeded and units(chain, "credits") == 3_000


@pytest.mark.parametrize("change, words", [
    ({"energy": 5_001}, "oracle has not signed"), ({"signature": "00" * 64}, "oracle has not signed"),
    ({"signature": "short"}, "oracle has not signed"),
    ({"step": 8}, "not of the meter and step"), ({"meter": "barn"}, "not of the meter and step"),
    ({"energy": -1}, "from 0 up"), ({"energy": True}, "from 0 up"), ({"step": True}, "not of the meter"),
    ({"token": 1}, "does not exist"), ({"token": "0"}, "whole number"),
    ({"meter": "nowhere"}, "not of the meter and step"),
])  # fmt: skip
def test_nothing_is_minted_without_the_signed_reading_of_that_commitment(change, words):
    chain = new_chain()
    opened(chain)
    receipt = closed(
        chain, change.get("token", 0), 5_000, change={name: value for name, value in change.items() if name != "token"}
    )
    assert not receipt.succeeded and words in receipt.reason and units(chain, "credits") == 0


def test_a_reading_signed_by_another_or_for_another_purpose_is_none():
    chain = new_chain()
    opened(chain)
    false = [sign_reading(ANNA, chain, "roof", 7, 5_000)["signature"], sign_reading(ORACLE, chain, "roof", 7, 5_000,
    contract="other")["signature"],
             sign_statement(ORACLE, chain.id, "commitments", "forecast", "roof", 7, 5_000), ORACLE.sign(b"5000").hex(),
             sign_statement(ORACLE, "lane", "commitments", "reading", "roof", 7, 5_000)]  # fmt: skip
    for signature in false:
        assert "oracle has not signed" in closed(chain, 0, 5_000, change={"signature": signature}).reason


def test_nobody_mints_beside_the_registry():
    chain = new_chain()
    for key in (ANNA, ORACLE, OPERATOR):
        sent = chain.call(key, "credits", "mint", to=key.account, amount=1_000)
        chain.propose(OPERATOR)
        assert "only the minter" in chain.receipt(sent).reason


@pytest.mark.parametrize("change, words", [
    ({"seller": BEN}, "only the seller of a meter"), ({"meter": "nowhere"}, "unknown meter"), ({"energy": 0}, "above 0"),
    ({"energy": -5}, "above 0"),
    ({"step": -1}, "from 0 up"), ({"step": True}, "from 0 up"),
])  # fmt: skip
def test_a_promise_without_meaning_reverts(change, words):
    assert words in opened(new_chain(), **change).reason


def test_a_promise_can_be_sold_and_the_credits_go_with_it():
    chain = new_chain()
    opened(chain)
    chain.call(CEM, "commitments", "transfer_from", owner=CEM.account, to=BEN.account, token=0)
    chain.propose(OPERATOR)
    closed(chain, 0, 5_000)
    assert (credits(chain, CEM), credits(chain, BEN)) == (0, 5_000)
    sent = chain.call(BEN, "credits", "burn", amount=2_000)
    again = chain.call(BEN, "credits", "burn", amount=4_000)
    chain.propose(OPERATOR)
    assert chain.receipt(sent).succeeded and not chain.receipt(again).succeeded and units(chain, "credits") == 3_000


promises = st.lists(
    st.tuples(st.sampled_from([(ANNA, "roof"), (BEN, "barn")]), st.integers(1, 2), st.integers(1, 9)), max_size=6
)
readings = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["roof", "barn"]), st.integers(1, 2), st.integers(0, 12)), max_size=12
)


@given(promises, readings)
@settings(max_examples=40)
def test_whatever_is_promised_and_read_no_credit_is_without_a_delivered_wh(made, read):
    chain, first = new_chain(), {}
    for (seller, meter), step, energy in made:
        assert opened(chain, energy, step, seller, meter).succeeded
    for token, meter, step, energy in read:
        if closed(chain, token, energy, step, meter).succeeded:
            first.setdefault((meter, step), energy)
            assert first[meter, step] == energy
    states = [chain.view("commitments", "status", token=token) for token in range(len(made))]
    for (meter, step), energy in first.items():
        assert sum(s[4] for s in states if s[1:3] == (meter, step)) <= energy
    for (_, step, energy), state in zip(made, states):
        assert (
            state[3] == energy
            and (state[4] + state[5] == energy if state[0] == "closed" else state[4:] == (0, 0))
            and state[2] == step
        )
    assert units(chain, "credits") == chain.view("credits", "total_supply") == sum(state[4] for state in states)


@given(st.dictionaries(st.sampled_from(["token", "meter", "step", "energy", "signature"]), junk, min_size=1))
@settings(max_examples=40)
def test_whatever_reading_comes_the_chain_goes_on(change):
    chain = new_chain()
    opened(chain)
    reading = {"token": 0} | sign_reading(ORACLE, chain, "roof", 7, 5_000)
    same = all(type(value) is type(reading[name]) and value == reading[name] for name, value in change.items())
    try:
        sent = chain.call(BEN, "commitments", "close", **reading | change)
        chain.propose(OPERATOR)
        assert chain.receipt(sent).succeeded == same
    except InvalidTransaction:
        pass
    assert units(chain, "credits") == (5_000 if same else 0)


@pytest.mark.parametrize(
    "meter, step, energy",
    [
        ("roof", 7, 4.2),
        ("roof", 7, -1),
        ("roof", 7, float("nan")),
        ("roof", None, 1),
        ("", 7, 1),
        (5, 7, 1),
        ("roof", True, 1),
        ("ü", 1, 1),
    ],
)
def test_a_reading_nobody_should_sign_is_named(meter, step, energy):
    with pytest.raises(InvalidReading):
        sign_reading(ORACLE, template(), meter, step, energy)


def test_wrong_parameters_are_named():
    with pytest.raises(InvalidInput, match="signed with a KeyPair"):
        sign_reading("oracle", template(), "roof", 1, 1)
    for oracle, meters in (
        ("oracle", {}),
        (ORACLE, {"roof": "anna"}),
        (ORACLE, {"a/b": ANNA}),
        (ORACLE, {5: ANNA}),
        (ORACLE, ["roof"]),
    ):
        with pytest.raises(InvalidContract):
            CommitmentRegistry(oracle, meters)
