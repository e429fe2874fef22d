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
    "Block",
    "Blockchain",
    "Call",
    "ChainView",
    "CommitmentRegistry",
    "Contract",
    "EntryProof",
    "FungibleToken",
    "KeyPair",
    "MerkleTree",
    "Money",
    "NonFungibleToken",
    "Receipt",
    "SealedBids",
    "SettledTrade",
    "Settlement",
    "SettlementContract",
    "State",
    "Transaction",
    "canonical_bytes",
    "contract_account",
    "delivery_contracts",
    "seal_bid",
    "settle",
    "sign_reading",
    "sign_statement",
    "statement",
    "tagged_hash",
    "verify",
    "verify_consistency",
    "verify_inclusion",
]
