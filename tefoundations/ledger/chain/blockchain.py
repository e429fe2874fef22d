"""The chain: a first block everybody agrees on, and the one longest line of valid blocks from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tefoundations.errors import InvalidBlock, InvalidTransaction
from tefoundations.ledger.chain.block import block_of
from tefoundations.ledger.chain.execution import check_call
from tefoundations.ledger.chain.genesis import first_block, first_state
from tefoundations.ledger.chain.mempool import Mempool
from tefoundations.ledger.chain.stack import with_room
from tefoundations.ledger.chain.transactions import Transaction
from tefoundations.ledger.chain.validation import chosen, proposed, turn, validated
from tefoundations.ledger.chain.view import ChainView
from tefoundations.ledger.primitives.state import State
from tefoundations.ledger.primitives.statements import account_of

if TYPE_CHECKING:
    from tefoundations.ledger.chain.block import Block
    from tefoundations.ledger.chain.execution import Receipt
    from tefoundations.ledger.contracts.contract import Contract
    from tefoundations.ledger.primitives.keys import KeyPair


class Blockchain(ChainView):
    """One node's view of a chain with known producers who take turns.

    Producer number ``slot % len(producers)`` may make the block of a slot, and one only. Every block is run again by each
    node that takes it. Of several branches the longest counts; of two as long, the one whose last slot is earlier, then the
    one with the lower hash: all nodes choose alike. A node keeps the state after each block, so that a reorganisation is no
    more than another choice of head.

    One key is enough to rewrite what happened. Nodes here have no clock, so one producer of four can make blocks in its own
    turns alone, leave the others' empty, and pass six honest blocks with seven. Such a history validates as well: only
    somebody who kept the hash of a later block can tell. Signatures still stop it from making up transactions, not from
    leaving some out. `tefoundations.ledger.consensus` shows families that do better.

    Parameters
    ----------
    name : str
        Name of the chain. With the first state it makes the chain's `id`.
    producers : sequence of KeyPair or str
        Who may make blocks, in turn.
    balances : dict or None
        Money at the start (micro-tokens): KeyPair or account -> whole number.
    contracts : sequence of Contract
        Contracts beside ``money``; they come with the first block and never later.
    salt : str
        Goes into the first block. Chains equal in all of this are one: what is signed for one serves on the other.

    Raises
    ------
    InvalidInput
        If a name, producer or balance has no meaning.
    InvalidContract
        If a contract's code or parameters are refused.

    Examples
    --------
    >>> from tefoundations.ledger import KeyPair
    >>> anna, ben = KeyPair.named("anna"), KeyPair.named("ben")
    >>> chain = Blockchain("lane", producers=[anna], balances={anna: 100})
    >>> sent = chain.call(anna, "money", "transfer", to=ben.account, amount=30)
    >>> block = chain.propose(anna)
    >>> chain.height, chain.balance(ben), chain.find_fault()
    (1, 30, None)
    """

    def __init__(
        self,
        name: str,
        *,
        producers: Sequence[KeyPair | str],
        balances: Mapping[Any, int] | None = None,
        contracts: Sequence[Contract] = (),
        salt: str = "",
    ):
        self._start(name, *first_state(name, producers, balances, contracts, salt))

    def _start(self, name, producers, contracts, state):
        self.name, self.producers, self.contracts = name, producers, contracts
        self.genesis = first_block(name, state)
        self._blocks, self._states = {self.genesis.hash: self.genesis}, {self.genesis.hash: state}
        self._receipts, self._mempool, self.head = {self.genesis.hash: ()}, Mempool(), self.genesis
        return self

    @property
    def pending(self) -> tuple[Transaction, ...]:
        """Transactions that wait for a block, in order of arrival: everybody can read them."""
        return self._mempool.all()

    def submit(self, transaction: Transaction | bytes) -> Transaction:
        """Let a signed transaction wait for a block.

        Parameters
        ----------
        transaction : Transaction or bytes
            Of any origin.

        Returns
        -------
        Transaction

        Raises
        ------
        InvalidTransaction
            If no block could ever hold it.
        """
        if isinstance(transaction, (bytes, bytearray)):
            transaction = Transaction.from_bytes(bytes(transaction))
        if type(transaction) is not Transaction:
            raise InvalidTransaction(f"a chain takes a Transaction or its bytes, not {type(transaction).__name__}")
        if transaction.chain != self.id:
            raise InvalidTransaction("is for another chain", field="chain")
        check_call(transaction, self.contracts)
        if not transaction.is_signed:
            raise InvalidTransaction("is not the sender's for these bytes", field="signature")
        most = transaction.gas_limit * transaction.gas_price
        self._mempool.add(transaction, self.nonce(transaction.sender), self.balance(transaction.sender) >= most)
        return transaction

    def call(
        self,
        key: KeyPair,
        contract: str,
        method: str,
        /,
        *,
        gas_limit: int = 100_000,
        gas_price: int = 0,
        **arguments: object,
    ) -> Transaction:
        """Sign a transaction with the sender's next number and let it wait for a block.

        Parameters
        ----------
        key : KeyPair
            The sender's.
        contract, method : str
            What is called.
        gas_limit : int
            Most gas the call may use.
        gas_price : int
            What a unit of gas pays to the block's producer (micro-tokens).
        **arguments : int, str, bool, None or list
            With what.

        Returns
        -------
        Transaction

        Raises
        ------
        InvalidTransaction
            If it is badly formed or calls what does not exist.
        """
        nonce = self.next_nonce(key)
        draft = Transaction(self.id, account_of(key), nonce, contract, method, arguments, gas_limit, gas_price)
        return self.submit(draft.signed(key))

    def next_nonce(self, who: KeyPair | str) -> int:
        """Number of an account's next transaction, those that wait counted.

        Parameters
        ----------
        who : KeyPair or str
            Key pair or account.
        """
        return self._mempool.next_nonce(account_of(who), self.nonce(who))

    @with_room
    def propose(self, key: KeyPair, slot: int | None = None, transactions: Sequence[Transaction] | None = None) -> Block:
        """Make, sign and add the next block.

        Parameters
        ----------
        key : KeyPair
            The producer's.
        slot : int or None
            Turn of the block; None takes the producer's next.
        transactions : sequence of Transaction or None
            What to put in, in this order: the proposer is free to choose, and to put its own first. None takes what waits,
            the best gas price first, ties by arrival, and leaves out what is invalid now.

        Returns
        -------
        Block

        Raises
        ------
        InvalidBlock
            If it is not this producer's turn.
        InvalidTransaction
            If one of the given transactions is invalid, with its position; or they are no list.
        """
        parent, state = self.head, self._states[self.head.hash]
        slot = turn(key, slot, parent, self.producers)
        if transactions is None:
            transactions = chosen(self._mempool, state, self.contracts, self.id, slot, key.account)
        if not isinstance(transactions, (list, tuple)):
            raise InvalidTransaction(f"transactions must be a list, not a {type(transactions).__name__}")
        block = proposed(key, slot, tuple(transactions), parent, state, self.contracts, self.id)
        self.receive(block)
        return block

    def validate(self, block: Block | bytes) -> tuple[Receipt, ...]:
        """Run a block again on the state after its parent; nothing is changed.

        Parameters
        ----------
        block : Block or bytes
            Of any origin; its parent must be known.

        Returns
        -------
        tuple of Receipt
            One a transaction.

        Raises
        ------
        InvalidBlock
            If anything in it is not as it must be; names the block and the transaction.
        """
        return self._validated(block_of(block))[0]

    def _validated(self, block):
        parent = self._blocks.get(block.parent)
        if parent is None:
            raise InvalidBlock("its parent is not known", height=block.height)
        return validated(block, parent, self._states[parent.hash], self.producers, self.contracts, self.id)

    @with_room
    def receive(self, block: Block | bytes) -> bool:
        """Add a block of any origin, and reorganise if its branch is now the one that counts.

        Transactions of blocks left behind wait again.

        Parameters
        ----------
        block : Block or bytes
            The block.

        Returns
        -------
        bool
            True if it is now the last block of the branch that counts.

        Raises
        ------
        InvalidBlock
            If it is not valid on its parent; the chain is then as before.
        """
        block = block_of(block)
        known = self._blocks.get(block.hash)
        if known != block:  # also one with a known header and another signature
            receipts, state = self._validated(block)
            if known is None:
                self._blocks[block.hash], self._states[block.hash], self._receipts[block.hash] = block, state, receipts
            if _rank(block) < _rank(self.head):
                self._reorganise(block)
        return block.hash == self.head.hash

    def _reorganise(self, head):
        old, new = self.head, head
        left, self.head = [], head
        while old.hash != new.hash:
            if old.height >= new.height:
                left, old = [*old.transactions, *left], self._blocks[old.parent]
            else:
                new = self._blocks[new.parent]
        for transaction in left:
            try:
                self.submit(transaction)
            except InvalidTransaction:
                continue  # it stands in the new branch too, or can no longer be used
        self._mempool.forget(self.nonce)

    def find_fault(self, blocks: Sequence[Block | bytes] | None = None, head: str | None = None) -> InvalidBlock | None:
        """Run a whole line of blocks again from the first, in a fresh node, and tell the first fault.

        Parameters
        ----------
        blocks : sequence of Block or bytes, or None
            From the first block on; None means those of this node.
        head : str or None
            Hash of the last block, as known from elsewhere. Without it the last block is bound by nothing but its producer's
            signature, and blocks cut off at the end are not missed.

        Returns
        -------
        InvalidBlock or None
            The error, which names block and transaction; None if all is well.
        """
        if not isinstance(blocks, (list, tuple, type(None))):
            return InvalidBlock(f"blocks must be a list, not a {type(blocks).__name__}")
        # Entries put in the other way round: nothing may depend on the order in which they were written.
        entries = State(dict(reversed(self._states[self.genesis.hash].to_dict().items())))
        node = object.__new__(Blockchain)._start(self.name, self.producers, self.contracts, entries)
        try:
            for height, block in enumerate([b.to_bytes() for b in self.blocks] if blocks is None else blocks):
                block = block_of(block)
                if block.height != height or (height == 0 and block != node.genesis):
                    return InvalidBlock("is not the block that belongs here", height=height)
                if height and block.parent != node.head.hash:
                    return InvalidBlock("does not follow the block before it", height=height)
                node.receive(block)
        except InvalidBlock as fault:
            return fault
        if head is not None and node.head.hash != head:
            return InvalidBlock("is not the last block known from elsewhere", height=node.height)
        return None

    def __repr__(self):
        return f"Blockchain({self.name}, height {self.height}, head {self.head.hash[:16]}...)"


def _rank(block):
    return -block.height, block.slot, block.hash  # the lower, the sooner a branch that ends so counts
