"""The first block: who produces, who holds what, which contracts there are. No clock."""

from tefoundations.errors import InvalidContract, InvalidInput
from tefoundations.ledger.chain.block import Block, receipt_root
from tefoundations.ledger.chain.stack import with_room
from tefoundations.ledger.contracts import data, gas
from tefoundations.ledger.contracts.contract import deploy
from tefoundations.ledger.contracts.settlement import Money
from tefoundations.ledger.primitives.bytes import LARGEST, canonical_bytes, tagged_hash
from tefoundations.ledger.primitives.merkle import MerkleTree
from tefoundations.ledger.primitives.state import State
from tefoundations.ledger.primitives.statements import NOBODY, account_of

# What every node must do alike beside the contracts' own code: part of the first state, and so of the chain's id.
VERSION = 3
SCHEDULE = {
    "verify": gas.VERIFY_SIGNATURE, "load": gas.LOAD, "store": gas.STORE, "hash": gas.HASH, "step": gas.ARITHMETIC,
    "event": gas.EVENT, "free events": gas.FREE_EVENTS, "free words": gas.FREE_WORDS, "least": gas.LEAST,
    "block": gas.BLOCK_LIMIT, "words": data.MOST_WORDS, "levels": data.DEEPEST, "signs": data.SIGNS, "portion": data.PORTION,
    "free parts": gas.FREE_PARTS, "made": gas.MOST_MADE,
}  # fmt: skip
RULES = tagged_hash("rules", canonical_bytes((VERSION, SCHEDULE))).hex()


@with_room
def first_state(name, producers, balances, contracts, salt):
    """Producers, deployed contracts by name, and the state before any transaction."""
    if type(name) is not str or not name or not name.isascii() or len(name) > 80:
        raise InvalidInput("name must be ASCII text of 1 to 80 characters")
    if type(salt) is not str or not salt.isascii() or len(salt) > 80:
        raise InvalidInput("salt must be ASCII text of at most 80 characters")
    try:
        producers, balances, contracts = tuple(producers), dict(balances or {}), tuple(contracts)
    except (TypeError, ValueError):
        raise InvalidInput("producers and contracts must be sequences, balances a dict") from None
    if not producers:
        raise InvalidInput("producers: somebody must make the blocks")
    producers = tuple(map(account_of, producers))
    if len(dict.fromkeys(producers)) < len(producers):
        raise InvalidInput("producers: one is named twice")
    entries = {"producers": producers, "rules": RULES, "salt": salt}
    for who, amount in balances.items():
        account = account_of(who)
        if type(amount) is not int or amount < 0:
            raise InvalidInput(f"balances: {amount!r:.40} must be a whole number of micro-tokens from 0 up")
        if "balance/" + account in entries:
            raise InvalidInput(f"balances: account {account[:16]}... is named twice")
        entries["balance/" + account] = amount
    if sum(balances.values()) > LARGEST:
        raise InvalidInput("balances: more than 2^53 - 1 micro-tokens in all")
    deployed = {}
    for contract in (Money(), *contracts):
        one = deploy(contract)
        if one.name in deployed:
            raise InvalidContract("name is used twice", contract=one.name)
        deployed[one.name] = one
        entries["code/" + one.name] = one.code
    return producers, deployed, State(entries)


def first_block(name, state):
    """The block of a first state; nobody signs it, its hash is known to all."""
    return Block(chain=name, height=0, slot=0, parent=NOBODY, producer=NOBODY, transactions=(),
                 transaction_root=MerkleTree([]).root.hex(), receipt_root=receipt_root(()), state_root=state.root.hex(),
                 count=0, entries=len(state))  # fmt: skip
