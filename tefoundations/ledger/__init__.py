"""The ledger, a toy one can read whole: bytes, keys, trees, transactions, contracts, tokens, blocks, consensus.

Energy is in Wh and money in micro-tokens, whole numbers both. An account is a public key in hexadecimal.

==========================================  =============================================================================
What you want                               What to call
==========================================  =============================================================================
bytes that mean the same everywhere, keys   `canonical_bytes`, `tagged_hash`, `KeyPair`, `verify`
one hash for a list, and short proofs       `MerkleTree`, `verify_inclusion`, `verify_consistency`
what somebody says to one contract, signed  `statement`, `sign_statement`
a chain of blocks                           `Blockchain`, `Transaction`
a program that every node runs              `Contract`, `Call`, `contract_account`; what its steps cost: the module `gas`
trades settled                              `settle`, `SettlementContract`
tokens, credits for energy delivered        `FungibleToken`, `NonFungibleToken`, `delivery_contracts`, `sign_reading`
sealed bids                                 `SealedBids`, `seal_bid`
an exchange of two ledgers                  `HashTimeLock`, `seal_of`; of tokens and money on one: `TokenSale`
one ledger on computers without trust       `tefoundations.ledger.consensus`
==========================================  =============================================================================
"""

from tefoundations.ledger.chain.block import Block
from tefoundations.ledger.chain.blockchain import Blockchain
from tefoundations.ledger.chain.execution import Receipt
from tefoundations.ledger.chain.transactions import Transaction
from tefoundations.ledger.chain.view import ChainView
from tefoundations.ledger.contracts import gas as gas
from tefoundations.ledger.contracts.bill import SettledTrade, Settlement, settle
from tefoundations.ledger.contracts.calls import Call
from tefoundations.ledger.contracts.contract import Contract, contract_account
from tefoundations.ledger.contracts.sealed_bids import SealedBids, seal_bid
from tefoundations.ledger.contracts.settlement import Money, SettlementContract
from tefoundations.ledger.contracts.time_locks import HashTimeLock, seal_of
from tefoundations.ledger.primitives.bytes import canonical_bytes, tagged_hash
from tefoundations.ledger.primitives.keys import KeyPair, verify
from tefoundations.ledger.primitives.merkle import MerkleTree, verify_consistency, verify_inclusion
from tefoundations.ledger.primitives.state import EntryProof, State
from tefoundations.ledger.primitives.statements import sign_statement, statement
from tefoundations.ledger.tokens.commitments import CommitmentRegistry, delivery_contracts, sign_reading
from tefoundations.ledger.tokens.fungible import FungibleToken
from tefoundations.ledger.tokens.non_fungible import NonFungibleToken
from tefoundations.ledger.tokens.token_sale import TokenSale

__all__ = [
    # Bytes and keys
    "canonical_bytes", "tagged_hash", "KeyPair", "verify",
    # Trees
    "MerkleTree", "verify_inclusion", "verify_consistency",
    # From trades to balances
    "settle", "Settlement", "SettledTrade",
    # Transactions, blocks, chain
    "Blockchain", "ChainView", "Transaction", "Block", "Receipt", "State", "EntryProof", "statement", "sign_statement",
    # Contracts
    "Contract", "Call", "contract_account", "Money", "SettlementContract",
    # Tokens and credits for energy
    "FungibleToken", "NonFungibleToken", "CommitmentRegistry", "delivery_contracts", "sign_reading",
    # Sealed bids
    "SealedBids", "seal_bid",
    # Exchanges
    "HashTimeLock", "seal_of", "TokenSale",
]  # fmt: skip
