"""Making a block, and taking one apart: the two must agree to the last bit."""

from tefoundations.errors import InvalidBlock, InvalidTransaction
from tefoundations.ledger.chain.block import Block, receipt_root
from tefoundations.ledger.chain.execution import check, execute
from tefoundations.ledger.chain.transactions import Transaction
from tefoundations.ledger.contracts.gas import BLOCK_LIMIT
from tefoundations.ledger.primitives.bytes import LARGEST
from tefoundations.ledger.primitives.keys import KeyPair
from tefoundations.ledger.primitives.merkle import MerkleTree


def turn(key, slot, parent, producers):
    """The slot in which a producer makes the next block; None asks for its first turn after the parent."""
    height, count = parent.height + 1, len(producers)
    if not isinstance(key, KeyPair) or key.account not in producers:
        raise InvalidBlock("its producer is not one of this chain's", height=height)
    place = producers.index(key.account)
    if slot is None:
        slot = parent.slot + 1 + (place - parent.slot - 1) % count
    if type(slot) is not int or not parent.slot < slot <= LARGEST or slot % count != place:
        raise InvalidBlock(f"slot {slot!r:.40} is not a turn of this producer after slot {parent.slot}", height=height)
    return slot


def chosen(mempool, state, contracts, chain, slot, producer):
    """Waiting transactions for the next block: tried one after the other on a copy of the state."""
    taken, room, trial = [], BLOCK_LIMIT, state.copy()
    waiting = mempool.in_order(lambda sender: state.get("nonce/" + sender, 0))
    transaction = next(waiting, None)
    while transaction is not None:
        fits = transaction.gas_limit <= room and _is_valid(transaction, trial, contracts, chain)
        if fits:
            execute(transaction, trial, contracts, slot, producer)
            taken.append(transaction)
            room -= transaction.gas_limit
        try:
            transaction = waiting.send(fits)
        except StopIteration:
            break
    return taken


def _is_valid(transaction, state, contracts, chain):
    try:
        check(transaction, state, contracts, chain)
    except InvalidTransaction:
        return False
    return True


def proposed(key, slot, transactions, parent, state, contracts, chain):
    """A signed block on a parent."""
    state, receipts = state.copy(), []
    for position, transaction in enumerate(transactions):
        if type(transaction) is not Transaction:
            raise InvalidTransaction(f"transaction {position}: is a {type(transaction).__name__}")
        try:
            check(transaction, state, contracts, chain)
        except InvalidTransaction as error:
            raise InvalidTransaction(f"transaction {position}: {error}") from None
        receipts.append(execute(transaction, state, contracts, slot, key.account))
    return Block(chain=chain, height=parent.height + 1, slot=slot, parent=parent.hash, producer=key.account,
                 transactions=transactions, transaction_root=MerkleTree([t.to_bytes() for t in transactions]).root.hex(),
                 receipt_root=receipt_root(receipts), state_root=state.root.hex(), count=len(transactions),
                 entries=len(state)).signed(key)  # fmt: skip


def validated(block, parent, state, producers, contracts, chain):
    """Receipts of a block and the state after it; InvalidBlock if anything in it is not as it must be."""

    def require(condition, words):
        if not condition:
            raise InvalidBlock(words, height=block.height)

    require(block.chain == chain, "is for another chain")
    require(block.height == parent.height + 1, f"its height does not follow {parent.height}")
    require(block.slot > parent.slot, f"slot {block.slot} does not come after slot {parent.slot}")
    require(block.producer == producers[block.slot % len(producers)], f"slot {block.slot} is not its producer's turn")
    require(block.count == len(block.transactions), "count is not the number of its transactions")
    require(block.tree.root.hex() == block.transaction_root, "transaction_root is not that of its transactions")
    require(block.is_signed, "signature is not its producer's for this header")
    require(sum(t.gas_limit for t in block.transactions) <= BLOCK_LIMIT, f"its gas limits are above {BLOCK_LIMIT} together")
    state, receipts = state.copy(), []
    for position, transaction in enumerate(block.transactions):
        try:
            check(transaction, state, contracts, chain)
        except InvalidTransaction as error:
            raise InvalidBlock(str(error), height=block.height, transaction=position) from None
        receipts.append(execute(transaction, state, contracts, block.slot, block.producer))
    require(block.receipt_root == receipt_root(receipts), "receipt_root is not that of running its transactions")
    require(block.entries == len(state), "entries is not the size of the state after it")
    require(block.state_root == state.root.hex(), "state_root is not that of the state after it")
    return tuple(receipts), state
