"""Statements to a contract: bound to chain, contract and purpose, and checked as `verify` checks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.ledger import canonical_bytes, sign_statement, statement, tagged_hash, verify
from tefoundations.ledger.primitives.statements import holds
from tests.ledger.ledgers import ANNA, BEN, junk

SAID = ("lane", "credits", "reading", "roof", 7, 5_000)
SIGNATURE = sign_statement(ANNA, *SAID)
KEYS = st.sampled_from([ANNA.public_key, BEN.public_key]) | st.binary(min_size=32, max_size=32)


def test_it_is_the_tagged_hash_of_canonical_bytes():
    chain, contract, purpose, *parts = SAID
    assert statement(*SAID) == tagged_hash("statement", canonical_bytes((chain, contract, purpose, parts)))


@given(
    KEYS,
    st.sampled_from([statement(*SAID), b"other"]),
    st.just(bytes.fromhex(SIGNATURE)) | st.binary(min_size=64, max_size=64),
)
def test_it_is_checked_as_verify_checks(key, message, signature):
    assert holds(key.hex(), message, signature.hex()) == verify(key, message, signature)


@given(junk, junk)
def test_what_is_no_account_or_no_signature_is_false(account, signature):
    assert holds(account, statement(*SAID), signature) is False and holds(ANNA.account, statement(*SAID), signature) is False
    assert holds(account, statement(*SAID), SIGNATURE) == (account == ANNA.account)


def test_each_part_counts():
    assert holds(ANNA.account, statement(*SAID), SIGNATURE)
    for place in range(len(SAID)):
        other = [*SAID]
        other[place] = "other" if type(other[place]) is str else other[place] + 1
        assert not holds(ANNA.account, statement(*other), SIGNATURE)
    assert statement("lane", "credits", "reading", True) != statement("lane", "credits", "reading", 1)
    assert not holds(ANNA.account.upper(), statement(*SAID), SIGNATURE) and not holds(
        ANNA.account + "\n", statement(*SAID), SIGNATURE
    )


@pytest.mark.parametrize("part", [0.5, b"x", [1], {"a": 1}, "ü", 2**53])
def test_what_has_no_one_form_is_not_signed(part):
    with pytest.raises(InvalidInput):
        sign_statement(ANNA, "lane", "credits", "reading", part)
    with pytest.raises(InvalidInput, match="KeyPair"):
        sign_statement("anna", *SAID)
