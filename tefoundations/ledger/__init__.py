"""The ledger, a toy one can read whole: bytes, keys, trees, transactions, contracts, tokens, blocks, consensus.

Energy is in Wh and money in micro-tokens, whole numbers both. An account is a public key in hexadecimal.
"""

from tefoundations.ledger.bill import SettledTrade, Settlement, settle
from tefoundations.ledger.block import Block
from tefoundations.ledger.calls import Call
from tefoundations.ledger.chain import Blockchain
from tefoundations.ledger.chain_view import ChainView
from tefoundations.ledger.commitments import CommitmentRegistry, delivery_contracts, sign_reading
from tefoundations.ledger.contracts import Contract, contract_account
from tefoundations.ledger.encoding import canonical_bytes, tagged_hash
from tefoundations.ledger.execution import Receipt
from tefoundations.ledger.fungible import FungibleToken
from tefoundations.ledger.keys import KeyPair, verify
from tefoundations.ledger.merkle import MerkleTree, verify_consistency, verify_inclusion
from tefoundations.ledger.non_fungible import NonFungibleToken
from tefoundations.ledger.sealed_bids import SealedBids, seal_bid
from tefoundations.ledger.settlement import Money, SettlementContract
from tefoundations.ledger.state import EntryProof, State
from tefoundations.ledger.statements import sign_statement, statement
from tefoundations.ledger.transactions import Transaction

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
]  # fmt: skip
