"""Blocks: transactions in order, and a signed header that binds them to all that came before."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from tefoundations.errors import InvalidBlock, InvalidInput, InvalidTransaction
from tefoundations.ledger.chain.transactions import Transaction
from tefoundations.ledger.primitives.bytes import LARGEST, canonical_bytes, tagged_hash
from tefoundations.ledger.primitives.keys import KeyPair
from tefoundations.ledger.primitives.merkle import MerkleTree
from tefoundations.ledger.primitives.statements import holds, is_account, is_signature

HEADER = (
    "chain",
    "count",
    "entries",
    "height",
    "parent",
    "producer",
    "receipt_root",
    "slot",
    "state_root",
    "transaction_root",
)
NUMBERS, HASHES = ("height", "slot", "count", "entries"), ("parent", "transaction_root", "receipt_root", "state_root")


@dataclass(frozen=True)
class Block:
    """A block: its header, its producer's signature and its transactions.

    It holds no clock. Time is a slot, a whole number that rises from block to block. A node that has a clock refuses a block
    whose slot has not come yet; this one has none and cannot. What is well formed is checked when a block is made, what is
    true when a chain validates it.

    Parameters
    ----------
    chain : str
        Id of the chain.
    height : int
        Number of blocks before it.
    slot : int
        The turn in which it was made.
    parent : str
        Hash of the block before.
    producer : str
        Account of who made it.
    transactions : tuple of Transaction
        What it holds, in order.
    transaction_root, receipt_root, state_root : str
        Roots of the Merkle trees of transactions, of receipts and of the state after it, in hexadecimal.
    count, entries : int
        Numbers of transactions and of entries of the state: without its size a root can be misread.
    signature : str
        The producer's, 128 hexadecimal digits; empty before signing.

    Raises
    ------
    InvalidBlock
        If a field is of the wrong kind; names the block and the field.
    """

    chain: str
    height: int
    slot: int
    parent: str
    producer: str
    transactions: tuple
    transaction_root: str
    receipt_root: str
    state_root: str
    count: int
    entries: int
    signature: str = ""

    def __post_init__(self):
        for name in NUMBERS:
            value = getattr(self, name)
            if type(value) is not int or not 0 <= value <= LARGEST:
                raise InvalidBlock(f"{name} must be a whole number from 0 up", height=self._number)
        for name in (*HASHES, "producer"):
            if not is_account(getattr(self, name)):
                raise InvalidBlock(f"{name} must be 64 hexadecimal digits", height=self._number)
        if type(self.chain) is not str or not self.chain.isascii() or len(self.chain) > 80:
            raise InvalidBlock("chain must be ASCII text of at most 80 characters", height=self._number)
        if self.signature != "" and not is_signature(self.signature):
            raise InvalidBlock("signature must be 128 hexadecimal digits", height=self._number)
        if type(self.transactions) is not tuple or any(type(t) is not Transaction for t in self.transactions):
            raise InvalidBlock("transactions must be a tuple of Transaction", height=self._number)

    @property
    def _number(self):
        return self.height if type(self.height) is int and abs(self.height) <= LARGEST else None

    @cached_property
    def _header(self):
        return canonical_bytes({name: getattr(self, name) for name in HEADER})

    @cached_property
    def _digest(self):
        return tagged_hash("block", self._header)

    @property
    def hash(self) -> str:
        """Its name, 64 hexadecimal digits: the hash of the header without the signature."""
        return self._digest.hex()

    def signed(self, key: KeyPair) -> Self:
        """The same block with its producer's signature.

        Parameters
        ----------
        key : KeyPair
            The producer's.

        Returns
        -------
        Block

        Raises
        ------
        InvalidBlock
            If the key is not the producer's.
        """
        if not isinstance(key, KeyPair) or key.account != self.producer:
            raise InvalidBlock("the key is not the producer's", height=self.height)
        return replace(self, signature=key.sign(self._digest).hex())

    @cached_property
    def is_signed(self) -> bool:
        """True if the signature is the producer's and covers the header."""
        return holds(self.producer, self._digest, self.signature)

    @cached_property
    def tree(self) -> MerkleTree:
        """The Merkle tree of its transactions, for proofs that one is in it."""
        return MerkleTree([t.to_bytes() for t in self.transactions])

    def to_bytes(self) -> bytes:
        """The block as bytes: header, signature and transactions, canonical.

        Returns
        -------
        bytes
        """
        rows = b",".join([t.to_bytes() for t in self.transactions])
        return (
            b'{"header":' + self._header + b',"signature":"' + self.signature.encode() + b'","transactions":[' + rows + b"]}"
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a block. Only the one canonical form is taken.

        Parameters
        ----------
        data : bytes
            What `to_bytes` gave.

        Returns
        -------
        Block

        Raises
        ------
        InvalidBlock
            If these bytes are not the canonical form of a well-formed block; names the block and the transaction, as far as
            the bytes tell.
        """
        if type(data) is not bytes:
            raise InvalidBlock(f"a block is read from bytes, not {type(data).__name__}")
        height = None
        try:
            read = json.loads(data)
            header, rows = read["header"], read["transactions"]
            height = header["height"] if type(header["height"]) is int and 0 <= header["height"] <= LARGEST else None
            transactions = tuple([_transaction(row, position) for position, row in enumerate(rows)])
            made = cls(**header, signature=read["signature"], transactions=transactions)
        except InvalidBlock as error:
            raise InvalidBlock(error.words, height=height, transaction=error.transaction) from None
        except (ValueError, TypeError, KeyError, RecursionError):
            raise InvalidBlock("the bytes are no block", height=height) from None
        if made.to_bytes() != data:
            raise InvalidBlock("the bytes are not in canonical form", height=height)
        return made

    def __hash__(self):
        return hash((self._digest, self.signature))

    def __repr__(self):
        return f"Block({self.height}, slot {self.slot}, {len(self.transactions)} transactions, {self.hash[:16]}...)"


def _transaction(row, position):
    try:
        return Transaction(**row["body"], signature=row["signature"])
    except InvalidTransaction as error:
        raise InvalidBlock(str(error), transaction=position) from None
    except (InvalidInput, TypeError, KeyError):
        raise InvalidBlock("is no transaction", transaction=position) from None


def block_of(block: Block | bytes) -> Block:
    """A block, or the block that bytes are."""
    if isinstance(block, (bytes, bytearray)):
        return Block.from_bytes(bytes(block))
    if type(block) is not Block:
        raise InvalidBlock(f"a chain takes a Block or its bytes, not {type(block).__name__}")
    return block


def receipt_root(receipts):
    """Root of the tree of receipts, in hexadecimal."""
    return MerkleTree([receipt.to_bytes() for receipt in receipts]).root.hex()
