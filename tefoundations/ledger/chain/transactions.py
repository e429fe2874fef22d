"""Transactions: what an account asks a contract to do, signed, once, on one chain."""

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Self

from tefoundations.errors import InvalidTransaction
from tefoundations.ledger.contracts.gas import BLOCK_LIMIT, LEAST
from tefoundations.ledger.primitives.bytes import _ENCODE as encode
from tefoundations.ledger.primitives.bytes import LARGEST, tagged_hash
from tefoundations.ledger.primitives.keys import KeyPair
from tefoundations.ledger.primitives.state import DEEPEST
from tefoundations.ledger.primitives.statements import is_account, is_signature, opens

LONGEST = 16_384  # bytes
FIELDS = ("arguments", "chain", "contract", "gas_limit", "gas_price", "method", "nonce", "sender")  # as sorted in the bytes


@dataclass(frozen=True)
class Transaction:
    """A call of a contract's method by an account. It is checked when made: what exists is well formed.

    Parameters
    ----------
    chain : str
        Id of the chain it is for (`Blockchain.id`): on another it is invalid.
    sender : str
        Account that asks and pays.
    nonce : int
        How many transactions of the sender came before: each number is used once, so none can be replayed.
    contract, method : str
        What is called.
    arguments : dict
        What it is called with: names to whole numbers, text, truth values, and lists of these.
    gas_limit : int
        Most gas the call may use, from 1,000.
    gas_price : int
        What a unit of gas pays to the block's producer (micro-tokens); may be 0.
    signature : str
        The sender's, 128 hexadecimal digits; empty before signing.

    Raises
    ------
    InvalidTransaction
        If a field is of the wrong kind or out of range; names it.

    Examples
    --------
    >>> anna = KeyPair.named("anna")
    >>> draft = Transaction("lane", anna.account, 0, "money", "transfer", {"to": KeyPair.named("ben").account, "amount": 5})
    >>> signed = draft.signed(anna)
    >>> signed.is_signed, draft.is_signed, Transaction.from_bytes(signed.to_bytes()) == signed
    (True, False, True)
    """

    chain: str
    sender: str
    nonce: int
    contract: str
    method: str
    arguments: dict = field(default_factory=dict)
    gas_limit: int = 100_000
    gas_price: int = 0
    signature: str = ""
    _body: bytes = field(init=False, repr=False, compare=False)
    _digest: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        for name in ("chain", "contract", "method"):
            value = getattr(self, name)
            if type(value) is not str or not value or not value.isascii() or len(value) > 80:
                raise InvalidTransaction("must be ASCII text of 1 to 80 characters", field=name)
        for name, least, most in (
            ("nonce", 0, LARGEST),
            ("gas_limit", LEAST, BLOCK_LIMIT),
            ("gas_price", 0, LARGEST // BLOCK_LIMIT),
        ):
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= most:
                raise InvalidTransaction(f"must be a whole number from {least} to {most}", field=name)
        if not is_account(self.sender):
            raise InvalidTransaction("must be an account: 64 hexadecimal digits", field="sender")
        if self.signature != "" and not is_signature(self.signature):
            raise InvalidTransaction("must be 128 hexadecimal digits", field="signature")
        given = self.arguments
        if type(given) not in (dict, MappingProxyType) or not all(type(key) is str and key.isidentifier() for key in given):
            raise InvalidTransaction("must be a dict of names", field="arguments")
        object.__setattr__(self, "arguments", MappingProxyType({key: _frozen(value, 0) for key, value in given.items()}))
        # Every part is checked by now, so the encoder behind `canonical_bytes` need not look again.
        body = encode({name: getattr(self, name) for name in FIELDS} | {"arguments": dict(self.arguments)}).encode()
        if len(body) > LONGEST:
            raise InvalidTransaction(f"must be at most {LONGEST} bytes", field="arguments")
        object.__setattr__(self, "_body", body)
        object.__setattr__(self, "_digest", tagged_hash("transaction", body))

    @property
    def hash(self) -> str:
        """Its name, 64 hexadecimal digits: the hash of all but the signature, which is also what is signed."""
        return self._digest.hex()

    def signed(self, key: KeyPair) -> Self:
        """The same transaction with its sender's signature.

        Parameters
        ----------
        key : KeyPair
            The sender's.

        Returns
        -------
        Transaction

        Raises
        ------
        InvalidTransaction
            If the key is not the sender's.
        """
        if not isinstance(key, KeyPair) or key.account != self.sender:
            raise InvalidTransaction("the key is not the sender's", field="signature")
        return replace(self, signature=key.sign(self._digest).hex())

    @cached_property
    def is_signed(self) -> bool:
        """True if the signature is the sender's and covers every field."""
        return bool(self.signature) and opens(self.sender, self._digest, self.signature)

    def __hash__(self):
        return hash((self._digest, self.signature))

    def __repr__(self):
        return f"Transaction({self.contract}.{self.method}, number {self.nonce} of {self.sender[:8]}...)"

    def to_bytes(self) -> bytes:
        """The transaction as bytes: canonical, with the signature at the end.

        Returns
        -------
        bytes
        """
        return b'{"body":' + self._body + b',"signature":"' + self.signature.encode() + b'"}'

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a transaction. Only the one canonical form is taken, so that a transaction has one string of bytes.

        Parameters
        ----------
        data : bytes
            What `to_bytes` gave.

        Returns
        -------
        Transaction

        Raises
        ------
        InvalidTransaction
            If these bytes are not the canonical form of a well-formed transaction.
        """
        if type(data) is not bytes or len(data) > 2 * LONGEST:
            raise InvalidTransaction(f"a transaction is read from at most {2 * LONGEST} bytes")
        try:
            read = json.loads(data)
            body, signature = read["body"], read["signature"]
            made = cls(**body, signature=signature)
        except InvalidTransaction:
            raise
        except (ValueError, TypeError, KeyError, RecursionError):
            raise InvalidTransaction("the bytes are no transaction") from None
        if made.to_bytes() != data:
            raise InvalidTransaction("the bytes are not in canonical form")
        return made


def _frozen(value, depth):
    """Lists as tuples all the way down, so that nothing given can be changed later; what a state cannot keep is refused."""
    kind = type(value)
    if kind is str and value.isascii() or kind is int and -LARGEST <= value <= LARGEST or kind is bool or value is None:
        return value
    if kind not in (list, tuple):
        raise InvalidTransaction(f"{value!r:.40} is neither ASCII text nor a whole number up to 2^53 - 1", field="arguments")
    if depth == DEEPEST or len(value) > LONGEST:
        raise InvalidTransaction(f"holds a list more than {DEEPEST} levels deep or too long", field="arguments")
    return tuple([_frozen(part, depth + 1) for part in value])
