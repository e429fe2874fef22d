"""One value, one string of bytes: what is hashed and signed must mean the same everywhere."""

import hashlib
import json

from tefoundations.errors import InvalidInput

DEEPEST = 64
LARGEST = 2**53 - 1
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _encoder():
    """The encoder's `encode`, without making its C part anew for every value: that is a third of the time of a trade."""
    try:
        make = json.encoder.c_make_encoder
        parts = make(None, _JSON.default, json.encoder.encode_basestring, None, ":", ",", True, False, False)
    except (AttributeError, TypeError):  # a Python without it, or with another
        return _JSON.encode
    return lambda value: "".join(parts(value, 0))


_ENCODE = _encoder()


def canonical_bytes(value: object) -> bytes:
    """Write a value as bytes in the one way allowed: JSON with sorted keys and no space, after RFC 8785.

    Two people who hash the same trade must hash the same bytes. General JSON leaves room: order of keys, spaces, how a
    fraction is written. Here there is none, because only whole numbers are let in, so that no two machines can round
    differently. Within this domain the bytes equal those of RFC 8785.

    Parameters
    ----------
    value : None, bool, int, str, list, tuple or dict
        Anything made of these. Whole numbers between -(2^53 - 1) and 2^53 - 1; keys of a dict ASCII strings; at most 64
        levels deep. A tuple is written as a list. Bytes go in as hexadecimal text (``data.hex()``).

    Returns
    -------
    bytes
        UTF-8 text.

    Raises
    ------
    InvalidInput
        If a part of the value is of another kind or too large; the message gives the path to it.

    References
    ----------
    A. Rundgren, B. Jordan and S. Erdtman, *JSON Canonicalization Scheme (JCS)*, RFC 8785, 2020.

    Examples
    --------
    >>> canonical_bytes({"seller": "anna", "energy": 5000})
    b'{"energy":5000,"seller":"anna"}'
    >>> canonical_bytes({"trades": [{"price": 0.2}]})
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: trades[0].price: 0.2 is a float; whole numbers only (of the smallest unit)
    """
    _check(value, (), 0)
    try:
        return _ENCODE(value).encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(f"text {error.object!r:.60} holds half a character (a lone surrogate)") from None


def _check(value, path, depth):
    """Refuse what has no one form. The path is a chain of pairs, made into words only when something is wrong."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -LARGEST <= value <= LARGEST:
            raise InvalidInput(f"{_words(path)}whole number beyond 2^53 - 1, which not every reader of JSON keeps exactly")
    elif kind is dict or kind is list or kind is tuple:
        if depth == DEEPEST:
            raise InvalidInput(f"{_words(path)}more than {DEEPEST} levels deep")
        for step, part in value.items() if kind is dict else enumerate(value):
            if kind is dict and (type(step) is not str or not step.isascii()):
                raise InvalidInput(f"{_words(path)}key {step!r:.60} must be ASCII text")
            leaf = type(part)
            if leaf is not str and (
                leaf is not int or not -LARGEST <= part <= LARGEST
            ):  # most parts are fine: no call for them
                _check(part, (path, step), depth + 1)
    elif kind is float:
        raise InvalidInput(f"{_words(path)}{value!r} is a float; whole numbers only (of the smallest unit)")
    else:
        raise InvalidInput(f"{_words(path)}{kind.__name__} has no canonical form")


def _words(path):
    """The path to a part, as one would write it in code, and a colon."""
    steps = []
    while path:
        path, step = path
        steps.append(f"[{step}]" if isinstance(step, int) else f".{step}")
    return "".join(reversed(steps)).removeprefix(".") + ": " if steps else ""


def tagged_hash(tag: str, data: bytes) -> bytes:
    """Hash data for one purpose: SHA-256 over the hash of the purpose's name, twice, and the data.

    A signature on a meter reading must never pass for one on a payment, even if their bytes agree. So each kind of thing
    is hashed under its own name. No two names give the same hash for any data.

    Parameters
    ----------
    tag : str
        What the data are: ``"transaction"``, ``"reading"``, ``"block"``, ``"vote"``.
    data : bytes
        What is hashed.

    Returns
    -------
    bytes
        32 bytes.

    Raises
    ------
    InvalidInput
        If `tag` is not (whole) text or `data` are not bytes.

    References
    ----------
    P. Wuille, J. Nick and T. Ruffing, *Schnorr Signatures for secp256k1*, BIP 340, 2020, "Tagged Hashes".

    Examples
    --------
    >>> tagged_hash("reading", b"5000").hex()[:16] == tagged_hash("transaction", b"5000").hex()[:16]
    False
    """
    if not isinstance(tag, str) or not isinstance(data, bytes):
        raise InvalidInput(f"tagged_hash takes a text and bytes, not {type(tag).__name__} and {type(data).__name__}")
    try:
        name = hashlib.sha256(tag.encode()).digest()
    except UnicodeEncodeError:
        raise InvalidInput(f"tag {tag!r:.60} holds half a character (a lone surrogate)") from None
    return hashlib.sha256(name + name + data).digest()
