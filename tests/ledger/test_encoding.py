"""One value, one string of bytes; a hash for one purpose only."""

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.ledger import canonical_bytes, tagged_hash

whole = st.integers(-(2**53 - 1), 2**53 - 1)
keys = st.text(st.characters(codec="ascii"))
values = st.recursive(
    st.none() | st.booleans() | whole | st.text(),
    lambda part: st.lists(part) | st.dictionaries(keys, part),
    max_leaves=20,
)


@given(values)
def test_bytes_equal_those_of_rfc_8785(value):
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(values)
def test_reading_the_bytes_gives_the_value(value):
    assert json.loads(canonical_bytes(value)) == value


def test_plain_sorting_is_not_canonical_outside_the_domain():
    """The peer sorts keys by UTF-16 units, Python by code points: outside ASCII they differ, so such keys are refused."""
    value = {"\U0001f600": 1, "\ufb01": 2}
    plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert plain != rfc8785.dumps(value)
    with pytest.raises(InvalidInput, match="ASCII"):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "value, words",
    [
        (0.5, "float"),
        ({"a": [1, float("nan")]}, r"a\[1\]: nan"),
        ({"a": {"b": 2**53}}, r"a\.b: whole number beyond"),
        (-(2**53), "beyond"),
        ([b"bytes"], r"\[0\]: bytes"),
        ({1: 2}, "key 1"),
        ({"a": {1, 2}}, "a: set"),
        ("\ud800", "half a character"),
    ],
)
def test_what_has_no_one_form_is_refused_with_its_place(value, words):
    with pytest.raises(InvalidInput, match=words):
        canonical_bytes(value)


def test_a_value_inside_itself_is_refused():
    value = []
    value.append(value)
    with pytest.raises(InvalidInput, match="levels deep"):
        canonical_bytes(value)


def test_tagged_hash_is_bip_340s():
    """The definition in the source, written again: hash of (hash of tag, hash of tag, data)."""
    name = hashlib.sha256(b"BIP0340/challenge").digest()
    assert tagged_hash("BIP0340/challenge", b"x") == hashlib.sha256(name * 2 + b"x").digest()


@given(st.text(), st.text(), st.binary())
def test_two_purposes_never_share_a_hash(one, other, data):
    try:
        assert (tagged_hash(one, data) == tagged_hash(other, data)) == (one == other)
    except InvalidInput:
        assert any("\ud800" <= c <= "\udfff" for c in one + other)


@pytest.mark.parametrize("tag, data", [(b"tag", b""), ("tag", "data"), (None, None)])
def test_tagged_hash_names_what_it_was_given(tag, data):
    with pytest.raises(InvalidInput, match=type(tag).__name__):
        tagged_hash(tag, data)
