"""One transaction and one state: what is invalid, what reverts, and what is left of either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidTransaction, Reverted
from tefoundations.ledger.contracts.calls import Call, run
from tefoundations.ledger.contracts.gas import LEAST, Gas
from tefoundations.ledger.primitives.bytes import _ENCODE as encode
from tefoundations.words import Explained

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Receipt(Explained):
    """What became of a transaction that stands in a block.

    Parameters
    ----------
    transaction : str
        Its hash.
    succeeded : bool
        False if the call reverted: then nothing of it is left but the nonce and the fee.
    gas_used : int
        How much gas was charged.
    fee : int
        What the sender paid for it to the block's producer (micro-tokens).
    reason : str
        Why it reverted; empty if it did not.
    events : tuple of (str, str, dict)
        What contracts noted: contract, event, facts. Empty if it reverted.
    """

    transaction: str
    succeeded: bool
    gas_used: int
    fee: int
    reason: str = ""
    events: tuple = ()

    def to_bytes(self) -> bytes:
        """The receipt as canonical bytes, a leaf of the block's tree of receipts; the words of `reason` are not in it.

        Returns
        -------
        bytes
        """
        return encode((self.transaction, self.succeeded, self.gas_used, self.fee, self.events)).encode()  # checked when made

    def explain(self) -> str:
        """What became of the transaction, in words.

        Returns
        -------
        str

        Examples
        --------
        >>> print(Receipt("ab" * 32, True, 1300, 0, events=(("market", "traded", {"energy": 5}),)).explain())
        Transaction abababababababab... succeeded with 1300 gas, for a fee of 0 micro-tokens.
        market noted traded: energy 5.
        """
        end = "succeeded" if self.succeeded else "reverted"
        why = (
            f" It did so for this reason: {self.reason}; the nonce and the fee are what is left of it."
            if self.reason
            else ""
        )
        paid = f"with {self.gas_used} gas, for a fee of {self.fee} micro-tokens"
        told = f"Transaction {self.transaction[:16]}... {end} {paid}.{why}"
        noted = [
            f"{contract} noted {event}: {', '.join(f'{name} {value}' for name, value in facts.items())}."
            for contract, event, facts in self.events
        ]
        return "\n".join([told, *noted])

    def to_frame(self) -> pd.DataFrame:
        """One row an event.

        Returns
        -------
        pandas.DataFrame
            Columns contract, event, and one for each fact that any of them tells.
        """
        import pandas as pd

        rows = [{"contract": contract, "event": event} | dict(facts) for contract, event, facts in self.events]
        return pd.DataFrame(rows, columns=None if rows else ["contract", "event"])

    def _at_a_glance(self):
        return [
            ("transaction", self.transaction), ("succeeded", "yes" if self.succeeded else "no"), ("gas used", self.gas_used),
            ("fee, micro-tokens", self.fee), ("reason", self.reason or "none"), ("events", len(self.events)),
        ]  # fmt: skip

    def __repr__(self):
        end = "succeeded" if self.succeeded else f"reverted ({self.reason})"
        return f"Receipt({end}, gas {self.gas_used}, fee {self.fee})"


def check(transaction, state, contracts, chain):
    """Raise InvalidTransaction if no block may hold this transaction now; nothing is changed."""
    if transaction.chain != chain:
        raise InvalidTransaction("is for another chain", field="chain")
    expected = state.get("nonce/" + transaction.sender, 0)
    if transaction.nonce != expected:
        words = "was used before" if transaction.nonce < expected else "comes too early"
        raise InvalidTransaction(f"{transaction.nonce} {words}; the sender's next is {expected}", field="nonce")
    held, most = state.get("balance/" + transaction.sender, 0), transaction.gas_limit * transaction.gas_price
    if held < most:
        raise InvalidTransaction(f"balance {held} does not cover {most} for gas", field="gas_price")
    check_call(transaction, contracts)
    if not transaction.is_signed:
        raise InvalidTransaction("is not the sender's for these bytes", field="signature")


def check_call(transaction, contracts):
    """Raise InvalidTransaction if it calls what does not exist: anybody can tell without running it."""
    contract = contracts.get(transaction.contract)
    if contract is None:
        raise InvalidTransaction(f"no contract {transaction.contract!r} on this chain", field="contract")
    wrong = contract.missing(transaction.method, transaction.arguments)
    if wrong:
        raise InvalidTransaction(wrong, field="arguments" if transaction.method in contract.methods else "method")


def execute(transaction, state, contracts, slot, producer):
    """Run a transaction that `check` let through: change the state and return the receipt.

    The most the gas can cost is set aside first, so that a call cannot spend the fee it owes.
    """
    sender, price = transaction.sender, transaction.gas_price
    purse = "balance/" + sender
    state.set("nonce/" + sender, transaction.nonce + 1)
    if price:
        state.set(purse, state.get(purse, 0) - transaction.gas_limit * price)
    mark, gas, events, reason = state.checkpoint(), Gas(transaction.gas_limit), [], ""
    contract = contracts[transaction.contract]
    call = Call(transaction.chain, sender, transaction.nonce, slot, contract, contracts, state, gas, events)
    try:
        run(call, transaction.method, transaction.arguments)
    except Reverted as error:
        state.rollback(mark)
        reason, events = str(error).encode("ascii", "replace").decode()[:200] or "no reason given", []
    used = max(gas.used, LEAST)
    if price:
        state.set(purse, state.get(purse, 0) + (transaction.gas_limit - used) * price)
        state.set("balance/" + producer, state.get("balance/" + producer, 0) + used * price)
    return Receipt(transaction.hash, not reason, used, used * price, reason, tuple(events))
