"""Sealed bids by commit and reveal: who makes the block cannot read what it puts in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidContract, InvalidInput
from tefoundations.inputs import one_of
from tefoundations.ledger.contracts.contract import Contract
from tefoundations.ledger.primitives.bytes import LARGEST
from tefoundations.ledger.primitives.statements import account_of, id_of, is_somebody, statement
from tefoundations.words import shown

if TYPE_CHECKING:
    from tefoundations.ledger.chain.blockchain import Blockchain
    from tefoundations.ledger.primitives.keys import KeyPair

_SALT = re.compile("[0-9a-f]{32}")


class SealedBids(Contract):
    """Bids in two rounds: first everybody sends a seal, then everybody opens it.

    Whoever makes a block reads the open bids that wait for it and can put an order of its own before them. A seal is the
    hash of bidder, bid and a random salt: it tells nothing, and nothing but the bid opens it. The bidder is hashed in, so
    that a copied seal is of no use. Without the salt, bids could be guessed and the guesses hashed.

    Sending a seal costs a deposit, which comes back when it is opened in time. Who sees the others' bids opened and then
    keeps its own shut loses it: sealing makes such a change of mind cost something, not impossible. And a producer can still
    leave an opening out of its blocks, so the second round must be longer than one producer's turns.

    Parameters
    ----------
    commit_until : int
        Last slot for seals.
    reveal_until : int
        Last slot for opening them.
    deposit : int
        What a seal costs until it is opened (micro-tokens).
    forfeits_to : KeyPair or str
        Account that gets the deposits of seals never opened.
    name : str
        Name on the chain.

    Raises
    ------
    InvalidContract
        If the slots are not in order, the deposit is no amount, or the last account none.

    Examples
    --------
    >>> from tefoundations.ledger import Blockchain, KeyPair
    >>> anna, operator = KeyPair.named("anna"), KeyPair.named("operator")
    >>> bids = SealedBids(commit_until=1, reveal_until=2, deposit=500, forfeits_to=operator)
    >>> chain = Blockchain("lane", producers=[operator], balances={anna: 1000}, contracts=[bids])
    >>> salt = "00" * 16  # in earnest: secrets.token_hex(16)
    >>> sent = chain.call(anna, "bids", "commit", seal=seal_bid(anna, chain, "buy", 120_000, 1000, salt))
    >>> sealed = chain.propose(operator)
    >>> chain.balance(anna), chain.view("bids", "opened")
    (500, ())
    >>> sent = chain.call(anna, "bids", "reveal", side="buy", price=120_000, quantity=1000, salt=salt)
    >>> opened = chain.propose(operator)
    >>> chain.balance(anna), chain.view("bids", "opened")[0][1:]
    (1000, ('buy', 120000, 1000))
    """

    def __init__(self, commit_until: int, reveal_until: int, deposit: int, forfeits_to: KeyPair | str, name: str = "bids"):
        super().__init__(name)
        self.commit_until, self.reveal_until, self.deposit = commit_until, reveal_until, deposit
        self.forfeits_to = getattr(forfeits_to, "account", forfeits_to)
        if (
            not all(type(value) is int and value >= 0 for value in (commit_until, reveal_until, deposit))
            or reveal_until <= commit_until
        ):
            raise InvalidContract("slots and deposit must be whole numbers, the slots in order", contract=str(name))
        if not is_somebody(self.forfeits_to):
            raise InvalidContract("forfeits_to must be an account", contract=str(name))

    def commit(self, call, seal):
        """Send a seal and the deposit; one for each account.

        Parameters
        ----------
        call : Call
            Given by the chain; its sender is the bidder.
        seal : str
            From `seal_bid`.
        """
        call.require(call.slot <= self.commit_until, "the time for seals is over")
        call.require(call.is_account(seal), "a seal is 64 hexadecimal digits")
        call.require(call.load(f"seal/{call.sender}") is None, "this account has sent a seal already")
        call.pay(call.own, self.deposit)
        call.store(f"seal/{call.sender}", seal)

    def reveal(self, call, side, price, quantity, salt):
        """Open a seal and take the deposit back.

        Parameters
        ----------
        call : Call
            Given by the chain; its sender is the bidder.
        side : str
            ``"buy"`` or ``"sell"``.
        price : int
            Price (micro-tokens per kWh).
        quantity : int
            Energy (Wh).
        salt : str
            32 hexadecimal digits.
        """
        call.require(call.slot > self.commit_until, "others may still send seals: wait")
        call.require(call.slot <= self.reveal_until, "the time for opening is over")
        seal = call.load(f"seal/{call.sender}")
        call.require(seal is not None and seal != "", "this account has no seal to open")
        call.require(seal == call.digest("bid", side, price, quantity, salt), "this is not what was sealed")
        call.require(side == "buy" or side == "sell", "side must be buy or sell")
        call.require(call.whole(price) and call.whole(quantity) and quantity > 0, "price and quantity must be whole numbers")
        call.store(f"seal/{call.sender}", "")
        place = call.load("opened", 0)
        call.store(f"bid/{place}", (call.sender, side, price, quantity))
        call.store("opened", place + 1)
        call.pay_out(call.sender, self.deposit)

    def forfeit(self, call, bidder):
        """After the last slot: pass on the deposit of a seal that was not opened. Anybody may ask for it.

        Parameters
        ----------
        call : Call
            Given by the chain.
        bidder : str
            Account that sent the seal.
        """
        call.require(call.slot > self.reveal_until, "there is still time to open it")
        call.require(call.is_account(bidder), "bidder must be an account")
        seal = call.load(f"seal/{bidder}")
        call.require(seal is not None and seal != "", "this account has no seal left unopened")
        call.store(f"seal/{bidder}", "")
        call.pay_out(self.forfeits_to, self.deposit)

    def opened(self, call):
        """The bids opened so far, in order: ((account, side, price, quantity), ...); micro-tokens per kWh and Wh.

        Parameters
        ----------
        call : Call
            Given by the chain.
        """
        found = []
        for place in range(call.load("opened", 0)):
            found.append(call.load(f"bid/{place}"))
        return tuple(found)


def seal_bid(
    bidder: KeyPair | str, chain: Blockchain, side: str, price: int, quantity: int, salt: str, contract: str = "bids"
) -> str:
    """The seal of a bid: send it first, and the bid with its salt when it is time to open.

    Parameters
    ----------
    bidder : KeyPair or str
        Whose bid.
    chain : Blockchain
        For which chain.
    side : str
        ``"buy"`` or ``"sell"``.
    price : int
        Price (micro-tokens per kWh).
    quantity : int
        Energy (Wh).
    salt : str
        32 hexadecimal digits, random and new for each bid: ``secrets.token_hex(16)``.
    contract : str
        Name of the contract.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    InvalidInput
        If one of these has no meaning.

    Examples
    --------
    >>> from tefoundations.ledger import Blockchain, KeyPair
    >>> anna = KeyPair.named("anna")
    >>> chain = Blockchain("lane", producers=[anna])
    >>> seal_bid(anna, chain, "buy", 12, 1, "00" * 16) == seal_bid(anna, chain, "buy", 12, 1, "01" * 16)
    False
    """
    one_of(side, ("buy", "sell"), "side")
    if type(salt) is not str or not _SALT.fullmatch(salt):
        raise InvalidInput(f"salt {shown(salt)} must be 32 hexadecimal digits")
    for name, value, least in (("price", price, 0), ("quantity", quantity, 1)):
        if type(value) is not int or not least <= value <= LARGEST:
            raise InvalidInput(f"{name} {value!r:.40} must be a whole number from {least} to 2^53 - 1")
    return statement(id_of(chain), contract, "bid", account_of(bidder), side, price, quantity, salt).hex()
