"""Signatures: the vectors of RFC 8032, and nothing forged, whatever the bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tefoundations.errors import InvalidInput
from tefoundations.ledger import KeyPair, tagged_hash, verify

# RFC 8032, section 7.1, tests 1 to 3: seed, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
ANNA = KeyPair.named("anna")
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.mark.parametrize("seed, public, message, signature", VECTORS)
def test_vectors_of_the_standard(seed, public, message, signature):
    pair = KeyPair.from_seed(bytes.fromhex(seed))
    assert pair.public_key.hex() == pair.account == public
    assert pair.sign(bytes.fromhex(message)).hex() == signature
    assert verify(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


@given(st.binary(max_size=80), st.data())
@settings(max_examples=200)
def test_any_flipped_bit_is_found(message, data):
    signature = ANNA.sign(message)
    parts = [bytearray(ANNA.public_key), bytearray(message), bytearray(signature)]
    which = data.draw(st.sampled_from([i for i, part in enumerate(parts) if part]))
    bit = data.draw(st.integers(0, 8 * len(parts[which]) - 1))
    parts[which][bit // 8] ^= 1 << bit % 8
    assert verify(ANNA.public_key, message, signature)
    assert verify(*map(bytes, parts)) is False


@given(st.binary(max_size=70), st.binary(max_size=70), st.binary(max_size=70))
def test_any_bytes_get_an_answer(key, message, signature):
    assert verify(key, message, signature) is False


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_bytes_of_the_right_length_get_an_answer(key, signature):
    assert verify(key, b"5 kWh", signature) is False


def test_a_second_form_of_a_signature_is_refused():
    """S and S + L solve the same equation: taking both would let anybody change a signed message's bytes."""
    signature = ANNA.sign(b"5 kWh")
    second = signature[:32] + (int.from_bytes(signature[32:], "little") + ORDER).to_bytes(32, "little")
    assert verify(ANNA.public_key, b"5 kWh", second) is False


def test_a_key_of_small_order_is_refused():
    """Under the neutral element as key, R = 0 and S = 0 would sign every message."""
    neutral = (1).to_bytes(32, "little")
    assert verify(neutral, b"anything", neutral + bytes(32)) is False


def test_the_private_half_is_not_shown():
    assert ANNA.seed.hex() not in repr(ANNA) and repr(ANNA.seed) not in repr(ANNA)


def test_named_pairs_differ_by_name():
    assert ANNA == KeyPair.named("anna") == KeyPair.from_seed(tagged_hash("teaching key", b"anna"))
    assert KeyPair.named("ben") != ANNA


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33), "0" * 32, None])
def test_a_wrong_seed_is_named(seed):
    with pytest.raises(InvalidInput, match="seed must be 32 bytes"):
        KeyPair.from_seed(seed)


@pytest.mark.parametrize(
    "arguments, name", [((None, b"", b""), "public_key"), ((b"", "x", b""), "message"), ((b"", b"", 1), "signature")]
)
def test_what_is_not_bytes_is_named(arguments, name):
    with pytest.raises(InvalidInput, match=f"{name} must be bytes"):
        verify(*arguments)


def test_only_bytes_are_signed():
    with pytest.raises(InvalidInput, match="message must be bytes"):
        ANNA.sign("5 kWh")
    with pytest.raises(InvalidInput, match="name must be text"):
        KeyPair.named(b"anna")
