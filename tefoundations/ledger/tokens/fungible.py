"""Tokens of which one is as good as another: the rules of ERC-20 that matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.errors import InvalidContract
from tefoundations.ledger.contracts.contract import Contract
from tefoundations.ledger.primitives.statements import is_somebody

if TYPE_CHECKING:
    from tefoundations.ledger.primitives.keys import KeyPair


class FungibleToken(Contract):
    """Units that can be sent, lent out under an allowance, and cancelled; only one account can make new ones.

    Kept from ERC-20: a transfer moves exactly the amount or nothing; a transfer of 0 is one like any other; who has an
    allowance can move no more than it, and each move uses it up. Changed: `approve` can name the allowance it replaces. In
    ERC-20 it cannot, so that a spender who sees a new allowance coming can spend the old one first and then the new one.

    Parameters
    ----------
    name : str
        Name on the chain.
    minter : KeyPair, str or None
        Account that may mint: of a person, or of a contract (`contract_account`); None for nobody.

    Raises
    ------
    InvalidContract
        If the minter is no account.

    References
    ----------
    F. Vogelsteller and V. Buterin, *ERC-20: Token Standard*, 2015.

    Examples
    --------
    >>> from tefoundations.ledger import Blockchain, KeyPair
    >>> anna, ben, cem = map(KeyPair.named, ["anna", "ben", "cem"])
    >>> chain = Blockchain("lane", producers=[anna], contracts=[FungibleToken("credits", minter=anna)])
    >>> for key, method, arguments in [(anna, "mint", {"to": anna.account, "amount": 10}),
    ...                                (anna, "approve", {"spender": ben.account, "amount": 4}),
    ...                                (ben, "transfer_from", {"owner": anna.account, "to": cem.account, "amount": 3})]:
    ...     sent = chain.call(key, "credits", method, **arguments)
    >>> block = chain.propose(anna)
    >>> [chain.view("credits", "balance_of", owner=who.account) for who in (anna, ben, cem)]
    [7, 0, 3]
    >>> chain.view("credits", "allowance", owner=anna.account, spender=ben.account)
    1
    """

    def __init__(self, name: str, minter: KeyPair | str | None = None):
        super().__init__(name)
        self.minter = "" if minter is None else getattr(minter, "account", minter)
        if not (type(self.minter) is str and (self.minter == "" or is_somebody(self.minter))):
            raise InvalidContract("minter must be an account", contract=str(name))

    def balance_of(self, call, owner):
        """Units of an account.

        Parameters
        ----------
        call : Call
            Given by the chain.
        owner : str
            Account.
        """
        return call.load(f"balance/{owner}", 0)

    def total_supply(self, call):
        """Units there are: minted less burnt.

        Parameters
        ----------
        call : Call
            Given by the chain.
        """
        return call.load("supply", 0)

    def allowance(self, call, owner, spender):
        """Units of an owner that a spender may still move.

        Parameters
        ----------
        call : Call
            Given by the chain.
        owner, spender : str
            Accounts.
        """
        return call.load(f"allowance/{owner}/{spender}", 0)

    def transfer(self, call, to, amount):
        """Send units of one's own.

        Parameters
        ----------
        call : Call
            Given by the chain.
        to : str
            Account that receives.
        amount : int
            How many.
        """
        self._move(call, call.sender, to, amount)

    def approve(self, call, spender, amount, replaces=None):
        """Let somebody move units of one's own, up to an amount; a later call replaces an earlier one.

        Parameters
        ----------
        call : Call
            Given by the chain.
        spender : str
            Account that may.
        amount : int
            How many.
        replaces : int or None
            The allowance that is to be replaced; if it is another by then, the call reverts. None does not look.
        """
        call.require(call.whole(amount), "amount must be a whole number from 0 up")
        call.require(call.is_account(spender), "spender must be an account")
        if replaces is not None:
            call.require(
                call.load(f"allowance/{call.sender}/{spender}", 0) == replaces, "the allowance was changed or used meanwhile"
            )
        call.store(f"allowance/{call.sender}/{spender}", amount)
        call.emit("approval", owner=call.sender, spender=spender, amount=amount)

    def transfer_from(self, call, owner, to, amount):
        """Send units of somebody who allowed it.

        Parameters
        ----------
        call : Call
            Given by the chain.
        owner, to : str
            Accounts.
        amount : int
            How many.
        """
        call.require(call.is_account(owner), "units go from account to account only")
        allowed = call.load(f"allowance/{owner}/{call.sender}", 0)
        call.require(call.whole(amount) and amount <= allowed, f"allowance {allowed} does not cover this amount")
        call.store(f"allowance/{owner}/{call.sender}", allowed - amount)
        self._move(call, owner, to, amount)

    def mint(self, call, to, amount):
        """Make new units.

        Parameters
        ----------
        call : Call
            Given by the chain; its sender is the minter.
        to : str
            Account that receives.
        amount : int
            How many.
        """
        call.require(call.sender == self.minter, "only the minter makes new units")
        call.require(call.whole(amount), "amount must be a whole number from 0 up")
        call.require(call.is_account(to), "units go to accounts only")
        call.store("supply", call.load("supply", 0) + amount)
        call.store(f"balance/{to}", call.load(f"balance/{to}", 0) + amount)
        call.emit("minted", to=to, amount=amount)

    def burn(self, call, amount):
        """Cancel units of one's own, as when a certificate is used.

        Parameters
        ----------
        call : Call
            Given by the chain.
        amount : int
            How many.
        """
        held = call.load(f"balance/{call.sender}", 0)
        call.require(call.whole(amount) and amount <= held, f"balance {held} does not cover this amount")
        call.store(f"balance/{call.sender}", held - amount)
        call.store("supply", call.load("supply", 0) - amount)
        call.emit("burnt", owner=call.sender, amount=amount)

    def _move(self, call, owner, to, amount):
        held = call.load(f"balance/{owner}", 0)
        call.require(call.whole(amount) and amount <= held, f"balance {held} does not cover this amount")
        call.require(call.is_account(owner) and call.is_account(to), "units go from account to account only")
        call.store(f"balance/{owner}", held - amount)
        call.store(f"balance/{to}", call.load(f"balance/{to}", 0) + amount)
        call.emit("transfer", owner=owner, to=to, amount=amount)
