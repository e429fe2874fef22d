"""What can be read of a chain: blocks, balances, entries of contracts, receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tefoundations.errors import InvalidInput
from tefoundations.ledger.chain.execution import check_call
from tefoundations.ledger.chain.stack import with_room
from tefoundations.ledger.chain.transactions import Transaction
from tefoundations.ledger.contracts.calls import Call, run
from tefoundations.ledger.contracts.gas import VIEW_LIMIT, Gas
from tefoundations.ledger.primitives.statements import NOBODY, account_of
from tefoundations.words import an

if TYPE_CHECKING:
    from tefoundations.ledger.chain.block import Block
    from tefoundations.ledger.chain.execution import Receipt
    from tefoundations.ledger.contracts.contract import Deployed
    from tefoundations.ledger.primitives.keys import KeyPair
    from tefoundations.ledger.primitives.state import State


class ChainView:
    """The reading half of a `Blockchain`, never made by itself. All is as of the last block of the branch that counts."""

    # What the other half keeps.
    genesis: Block
    head: Block
    contracts: dict[str, Deployed]
    _blocks: dict[str, Block]
    _states: dict[str, State]
    _receipts: dict[str, tuple[Receipt, ...]]

    @property
    def id(self) -> str:
        """Id of the chain, the hash of its first block: transactions name it, so that none serves on another chain.

        It binds name, salt, producers, money, the gas schedule, and of each contract source, parameters and constants.
        """
        return self.genesis.hash

    @property
    def height(self) -> int:
        """Number of blocks after the first."""
        return self.head.height

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of the branch that counts, the first one first; a tuple."""
        line = [self.head]
        while line[-1].height:
            line.append(self._blocks[line[-1].parent])
        return tuple(reversed(line))

    @property
    def state(self) -> State:
        """The state after the last block; a copy."""
        return self._states[self.head.hash].copy()

    def balance(self, who: KeyPair | str) -> int:
        """Money of an account (micro-tokens).

        Parameters
        ----------
        who : KeyPair or str
            Key pair or account.
        """
        return self._get("balance/" + account_of(who))

    def nonce(self, who: KeyPair | str) -> int:
        """Number of transactions of an account so far: the number of its next.

        Parameters
        ----------
        who : KeyPair or str
            Key pair or account.
        """
        return self._get("nonce/" + account_of(who))

    def _get(self, name, default=0):
        return self._states[self.head.hash].get(name, default)

    def parameters(self, contract: str) -> dict:
        """What a contract was deployed with.

        Parameters
        ----------
        contract : str
            Name of the contract.

        Returns
        -------
        dict
            A copy.

        Raises
        ------
        InvalidInput
            If there is no such contract.
        """
        if contract not in self.contracts:
            raise InvalidInput(f"no contract {contract!r:.60} on this chain")
        return dict(self.contracts[contract].parameters)

    def read(self, contract: str, name: str, default: object = None) -> Any:
        """An entry of a contract.

        Parameters
        ----------
        contract, name : str
            Which contract, which entry.
        default : object
            What to return where there is none.
        """
        return self._get(f"contract/{contract}/{name}", default)

    @with_room
    def view(self, contract: str, method: str, /, **arguments: object) -> Any:
        """Ask a contract without changing anything: its method runs on a copy of the state, for nobody.

        Parameters
        ----------
        contract, method : str
            What is called.
        **arguments : int, str, bool, None or tuple
            With what.

        Returns
        -------
        object
            What the method returns.

        Raises
        ------
        InvalidTransaction
            If there is no such method with these arguments.
        Reverted
            If the call fails.
        """
        draft = Transaction(self.id, NOBODY, 0, contract, method, arguments)
        check_call(draft, self.contracts)
        called, gas = self.contracts[contract], Gas(VIEW_LIMIT)
        call = Call(self.id, draft.sender, 0, self.head.slot, called, self.contracts, self.state, gas, [])
        return run(call, method, draft.arguments)

    def receipt(self, transaction: Transaction | str) -> Receipt | None:
        """What became of a transaction in the branch that counts, and what it cost (micro-tokens).

        Parameters
        ----------
        transaction : Transaction or str
            The transaction or its hash.

        Returns
        -------
        Receipt or None
            None if no block holds it.

        Raises
        ------
        InvalidInput
            What is neither a transaction nor text.
        """
        name = getattr(transaction, "hash", transaction)
        if type(name) is not str:
            raise InvalidInput(f"transaction must be a Transaction or its hash, not {an(type(transaction).__name__)}")
        found = (receipt for block in self.blocks for receipt in self._receipts[block.hash] if receipt.transaction == name)
        return next(found, None)

    def receipts(self, block: Block | None = None) -> tuple[Receipt, ...]:
        """Receipts of one block, or of all blocks of the branch that counts: what each call cost (micro-tokens) and noted.

        Parameters
        ----------
        block : Block or None
            Which; None means all.

        Returns
        -------
        tuple of Receipt

        Raises
        ------
        InvalidInput
            If the block is not known.
        """
        if block is not None and getattr(block, "hash", None) not in self._receipts:
            raise InvalidInput("this block is not known here")
        return tuple(receipt for b in (self.blocks if block is None else [block]) for receipt in self._receipts[b.hash])
