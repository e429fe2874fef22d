"""Transactions: one string of bytes each, signed whole; whatever else comes from outside has its named error."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidTransaction
from tefoundations.ledger import Transaction, canonical_bytes, tagged_hash, verify
from tests.ledger.ledgers import ANNA, BEN, junk, template, transfer

GOOD = {
    "chain": "lane",
    "sender": ANNA.account,
    "nonce": 0,
    "contract": "money",
    "method": "transfer",
    "arguments": {"to": BEN.account, "amount": 5},
}
SIGNED = Transaction(**GOOD).signed(ANNA)


def test_the_bytes_are_canonical_and_the_signature_covers_the_tagged_hash_of_the_body():
    read = json.loads(SIGNED.to_bytes())
    assert canonical_bytes(read) == SIGNED.to_bytes()
    digest = tagged_hash("transaction", canonical_bytes(read["body"]))
    assert digest.hex() == SIGNED.hash and verify(ANNA.public_key, digest, bytes.fromhex(read["signature"]))


@given(st.dictionaries(st.text(st.characters(codec="ascii"), max_size=5), junk, max_size=4), st.integers(0, 2**53 - 1))
def test_reading_the_bytes_gives_the_transaction_or_it_was_never_made(arguments, nonce):
    try:
        made = Transaction(**GOOD | {"arguments": arguments, "nonce": nonce}).signed(ANNA)
    except InvalidTransaction:
        return
    again = Transaction.from_bytes(made.to_bytes())
    assert again == made and again.is_signed and again.to_bytes() == made.to_bytes() and hash(again) == hash(made)


@given(st.integers(0, len(SIGNED.to_bytes()) - 1), st.integers(1, 255))
@settings(max_examples=300)
def test_any_changed_byte_is_found(place, change):
    data = bytearray(SIGNED.to_bytes())
    data[place] ^= change
    with suppress(InvalidTransaction):
        assert not Transaction.from_bytes(bytes(data)).is_signed


@given(st.binary(max_size=200) | st.text(max_size=50) | st.none() | junk.map(lambda value: json.dumps(value).encode()))
def test_whatever_bytes_come_the_error_has_a_name(data):
    with pytest.raises(InvalidTransaction):
        Transaction.from_bytes(data)


@given(st.sampled_from([*GOOD, "gas_limit", "gas_price", "signature"]), junk)
@settings(max_examples=200)
def test_a_field_of_another_kind_is_named_or_makes_another_unsigned_transaction(name, value):
    read = json.loads(SIGNED.to_bytes())
    part = read if name == "signature" else read["body"]
    same = part[name] == value and type(part[name]) is type(value)
    part[name] = value
    data = json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    with suppress(InvalidTransaction):
        assert Transaction.from_bytes(data).is_signed == same


@pytest.mark.parametrize("change", [
    lambda text: text.replace(b":", b": ", 1), lambda text: text.replace(b'"nonce":0', b'"nonce":0.0'),
    lambda text: text + b" ",
    lambda text: text.replace(b'"nonce":0', b'"nonce":-0'), lambda text: b"\xef\xbb\xbf" + text,
    lambda text: text.decode().encode("utf-16"),
    lambda text: text.replace(b'"nonce":0', b'"nonce":0,"nonce":0'), lambda text: text.replace(b"money", b"m\\u006fney"),
    lambda text: text.replace(b'"nonce":0,', b""), lambda text: text.replace(b'"nonce":0', b'"nonce":0,"more":1'),
    lambda text: text.replace(b'"amount":5', b'"amount":' + b"9" * 5000),
    lambda text: text.replace(b'"amount":5', b'"amount":NaN'),
    lambda text: text.replace(b'"amount":5', b'"amount":' + b"[" * 3000 + b"]" * 3000),
])  # fmt: skip
def test_a_second_form_of_the_same_is_refused(change):
    assert change(SIGNED.to_bytes()) != SIGNED.to_bytes()
    with pytest.raises(InvalidTransaction):
        Transaction.from_bytes(change(SIGNED.to_bytes()))


@pytest.mark.parametrize("field, value", [
    ("chain", ""), ("chain", "ü"), ("sender", "anna"), ("sender", ANNA.account.upper()), ("nonce", -1), ("nonce", True),
    ("nonce", 1.0),
    ("gas_limit", 999), ("gas_limit", 2**53), ("gas_price", -1), ("contract", None), ("method", 5), ("signature", "00"),
    ("arguments", [1]), ("arguments", {"amount": float("nan")}), ("arguments", {"amount": 0.5}), ("arguments", {1: 2}),
    ("arguments", {"a b": 1}), ("arguments", {"to": {"a": 1}}), ("arguments", {"to": "x" * 20_000}),
    ("arguments", {"to": [0] * 20_000}),
])  # fmt: skip
def test_each_field_at_fault_is_named(field, value):
    with pytest.raises(InvalidTransaction) as caught:
        Transaction(**GOOD | {field: value})
    assert caught.value.field == field and str(caught.value).startswith(f"{field}: ")


def test_a_list_inside_itself_is_refused():
    ring = []
    ring.append(ring)
    with pytest.raises(InvalidTransaction, match="levels deep"):
        Transaction(**GOOD | {"arguments": {"a": ring}})


def test_what_was_given_cannot_be_changed_later():
    arguments = {"to": BEN.account, "path": [1, [2]]}
    made = Transaction(**GOOD | {"arguments": arguments})
    arguments["path"][1].append(3)
    arguments["to"] = ANNA.account
    assert made.arguments["to"] == BEN.account and made.arguments["path"] == (1, (2,))
    with pytest.raises(TypeError):
        made.arguments["to"] = ANNA.account


def test_only_the_sender_signs():
    with pytest.raises(InvalidTransaction, match="not the sender's"):
        Transaction(**GOOD).signed(BEN)
    with pytest.raises(InvalidTransaction, match="not the sender's"):
        Transaction(**GOOD).signed("anna")
    stolen = Transaction(**GOOD | {"signature": SIGNED.signature, "nonce": 1})
    assert not stolen.is_signed and not Transaction(**GOOD).is_signed and SIGNED.is_signed


def test_one_signature_serves_one_chain():
    """The chain's id is in what is signed: the same words for another chain are another transaction."""
    chain = template()
    elsewhere = transfer(chain, ANNA, BEN, 5, 0)
    moved = Transaction(**GOOD | {"chain": "other", "signature": elsewhere.signature})
    assert elsewhere.is_signed and not moved.is_signed
