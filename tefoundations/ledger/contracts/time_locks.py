"""Money locked by a hash and by a time: two of these, on two chains, make one exchange without a middleman."""

from __future__ import annotations

import re

from tefoundations.errors import InvalidInput
from tefoundations.ledger.contracts.contract import Contract
from tefoundations.ledger.primitives.statements import hash_of_text
from tefoundations.words import shown

_SECRET = re.compile("[0-9a-f]{64}")


class HashTimeLock(Contract):
    """Money that goes to somebody who shows a secret up to a slot, and back to its owner after it.

    The hash is that of the secret alone (`Call.hash`): the same on every chain. A secret has 64 digits on each of them: if
    one chain took what another finds too long, it would open one lock and not the other. Whoever sends the secret, the
    money goes to whom the lock names: it is of no use to steal a claim that waits for its block. Slots of two chains are
    two clocks; ``tefoundations.ledger.consensus.hash_time_lock`` tells how far apart they must end.

    Parameters
    ----------
    name : str
        Name on the chain.

    References
    ----------
    M. Herlihy, "Atomic cross-chain swaps", PODC 2018.

    Examples
    --------
    >>> from tefoundations.ledger import Blockchain, KeyPair
    >>> ada, ben, secret = KeyPair.named("ada"), KeyPair.named("ben"), "5e" * 32
    >>> chain = Blockchain("east", producers=[ada], balances={ada: 100}, contracts=[HashTimeLock("locks")])
    >>> locked = {"number": 0, "to": ben.account, "amount": 70, "seal": seal_of(secret), "until": 3}
    >>> sent = chain.call(ada, "locks", "lock", **locked)
    >>> block = chain.propose(ada)
    >>> claimed = chain.call(ben, "locks", "claim", number=0, secret=secret)
    >>> block = chain.propose(ada)
    >>> chain.balance(ben), chain.receipt(sent).gas_used, chain.receipt(claimed).gas_used
    (70, 1506, 1566)
    """

    def __init__(self, name: str = "locks"):
        super().__init__(name)

    def lock(self, call, number, to, amount, seal, until):
        """Lock money.

        Parameters
        ----------
        call : Call
            Given by the chain; its sender pays.
        number : int
            Name of the lock, not used before.
        to : str
            Account that may have it.
        amount : int
            How much (micro-tokens), above 0.
        seal : str
            Hash of the secret (`seal_of`).
        until : int
            Last slot in which the secret counts.
        """
        call.require(call.whole(number) and call.whole(amount) and amount > 0, "number and amount must be whole numbers")
        call.require(call.is_account(seal) and call.is_account(to), "a seal and an account are 64 hexadecimal digits")
        call.require(call.whole(until) and until > call.slot, "the last slot must be still to come")
        call.require(call.load(f"lock/{number}") is None, "this number is used")
        call.pay(call.own, amount)
        call.store(f"lock/{number}", (call.sender, to, amount, seal, until))

    def claim(self, call, number, secret):
        """Show the secret, for all to read: the money goes to whom the lock names.

        Parameters
        ----------
        call : Call
            Given by the chain; anybody may send it.
        number : int
            Which lock.
        secret : str
            64 hexadecimal digits.
        """
        entry = call.load(f"lock/{number}")
        call.require(entry is not None and len(entry) == 5, "nothing is locked under this number")
        owner, to, amount, seal, until = entry
        call.require(call.slot <= until, "too late: it goes back to its owner")
        call.require(call.is_account(secret), "a secret is 64 hexadecimal digits")
        call.require(call.hash(secret) == seal, "this is not the secret")
        call.store(f"lock/{number}", (secret,))
        call.pay_out(to, amount)

    def refund(self, call, number):
        """After the last slot: the money goes back to its owner. Anybody may ask for it.

        Parameters
        ----------
        call : Call
            Given by the chain.
        number : int
            Which lock.
        """
        entry = call.load(f"lock/{number}")
        call.require(entry is not None and len(entry) == 5, "nothing is locked under this number")
        owner, to, amount, seal, until = entry
        call.require(call.slot > until, "it may still be claimed")
        call.store(f"lock/{number}", ("",))
        call.pay_out(owner, amount)


def seal_of(secret: str) -> str:
    """The hash under which money is locked: as `Call.hash` gives it on every chain.

    Parameters
    ----------
    secret : str
        64 hexadecimal digits, random and new for each exchange: ``secrets.token_hex(32)``.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    InvalidInput
        What is no such secret.

    Examples
    --------
    >>> seal_of("5e" * 32)[:8]
    'fd19976e'
    """
    if not isinstance(secret, str) or not _SECRET.fullmatch(secret) or secret == "0" * 64:
        raise InvalidInput(f"secret {shown(secret)} must be 64 hexadecimal digits, and not all 0")
    return hash_of_text(secret)
