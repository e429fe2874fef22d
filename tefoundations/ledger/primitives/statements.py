"""Signed statements: what somebody says to one contract of one chain, and to no other."""

import functools
import re

from tefoundations.errors import InvalidInput
from tefoundations.ledger.primitives.bytes import _ENCODE as encode
from tefoundations.ledger.primitives.bytes import tagged_hash
from tefoundations.ledger.primitives.keys import KeyPair
from tefoundations.ledger.primitives.state import check_value
from tefoundations.words import an

NOBODY = "0" * 64  # has the form of an account, and nobody the key of it: what is sent there is lost
_ACCOUNT, _SIGNATURE = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{128}")


def is_account(value):
    """Is this 64 small hexadecimal digits, the one way to write a public key as text?"""
    return type(value) is str and _ACCOUNT.fullmatch(value) is not None


def is_somebody(value):
    """Is this an account to which something may be sent: of the right form, and not the one that stands for nobody?"""
    return is_account(value) and value != NOBODY


def id_of(chain):
    """The identifier of a chain, which only a chain has."""
    if type(getattr(chain, "id", None)) is not str:
        raise InvalidInput(f"chain must be a Blockchain, not {an(type(chain).__name__)}")
    return chain.id


def account_of(who):
    """The account of a key pair, or the account itself."""
    account = who.account if isinstance(who, KeyPair) else who
    if not is_account(account):
        raise InvalidInput(f"{account!r:.70} is neither a KeyPair nor an account (64 hexadecimal digits)")
    return account


def is_signature(value):
    """Is this 128 small hexadecimal digits?"""
    return type(value) is str and _SIGNATURE.fullmatch(value) is not None


def statement(chain: str, contract: str, purpose: str, *parts: object) -> bytes:
    """The 32 bytes that are signed when somebody states something to a contract.

    Chain, contract and purpose are hashed in: a signature on a meter reading serves no other chain, no other contract and no
    other purpose.

    Parameters
    ----------
    chain : str
        Id of the chain (`Blockchain.id`).
    contract : str
        Name of the contract.
    purpose : str
        What kind of statement: ``"trade"``, ``"reading"``.
    *parts : int, str, bool, None or tuple
        What is said.

    Returns
    -------
    bytes
        32 bytes.

    Raises
    ------
    InvalidInput
        If a part is of another kind, or text that is not ASCII.

    Examples
    --------
    >>> statement("lane", "credits", "reading", "meter 1", 5000) == statement("lane", "credits", "forecast", "meter 1", 5000)
    False
    """
    said = (chain, contract, purpose, parts)
    check_value("statement", said)
    return tagged_hash("statement", encode(said).encode())


def hash_of_text(text):
    """The hash of a text for no chain and no contract: 64 hexadecimal digits. Its tag keeps it from being a statement's."""
    return tagged_hash("text", text.encode()).hex()


def sign_statement(key: KeyPair, chain: str, contract: str, purpose: str, *parts: object) -> str:
    """Sign a statement to a contract: a trade, a meter reading.

    Parameters
    ----------
    key : KeyPair
        Who states it.
    chain, contract, purpose : str
        To whom and what for, see `statement`.
    *parts : int, str, bool, None or tuple
        What is said.

    Returns
    -------
    str
        The signature, 128 hexadecimal digits.

    Raises
    ------
    InvalidInput
        If `key` is no key pair, or a part has no canonical bytes.

    Examples
    --------
    >>> meter = KeyPair.named("meter")
    >>> len(sign_statement(meter, "lane", "credits", "reading", "meter 1", 7, 5000))
    128
    """
    if not isinstance(key, KeyPair):
        raise InvalidInput(f"a statement is signed with a KeyPair, not {type(key).__name__}")
    return key.sign(statement(chain, contract, purpose, *parts)).hex()


def holds(account, message, signature):
    """Did the holder of an account sign this message? False for text that is no account or no signature."""
    if not is_account(account) or not is_signature(signature):
        return False
    return opens(account, message, signature)


def opens(account, message, signature):
    """What `verify` tells, for text that is known to be an account and a signature: a node does little else all day."""
    sign_open, forged = _nacl()
    try:
        sign_open(bytes.fromhex(signature) + message, bytes.fromhex(account))
    except forged:
        return False
    return True


@functools.cache
def _nacl():
    from nacl.bindings import crypto_sign_open
    from nacl.exceptions import BadSignatureError

    return crypto_sign_open, BadSignatureError
