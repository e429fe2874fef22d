"""Tokens for money in one step: either both change hands, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.errors import InvalidContract
from tefoundations.ledger.contracts.contract import Contract
from tefoundations.ledger.primitives.statements import is_somebody

if TYPE_CHECKING:
    from tefoundations.ledger.primitives.keys import KeyPair


class TokenSale(Contract):
    """A seller's tokens at a price: the buyer's money and the seller's tokens move in one transaction.

    The seller lets this contract spend some of its tokens (`FungibleToken.approve`). What goes wrong on the way takes all of
    it back, so nobody must go first.

    Parameters
    ----------
    seller : KeyPair or str
        Account that sells.
    price : int
        For 1,000 of them (micro-tokens): for a kWh, if each stands for a Wh.
    token : str
        Name of the contract of the tokens.
    name : str
        Name on the chain.

    Raises
    ------
    InvalidContract
        If the seller is no account, or the price no whole number.

    Examples
    --------
    >>> from tefoundations.ledger import Blockchain, FungibleToken, KeyPair, contract_account
    >>> anna, ben = KeyPair.named("anna"), KeyPair.named("ben")
    >>> contracts = [FungibleToken("credits", minter=anna), TokenSale(anna, 200_000)]
    >>> chain = Blockchain("lane", producers=[anna], balances={ben: 500_000}, contracts=contracts)
    >>> for key, contract, method, arguments in [
    ...     (anna, "credits", "mint", {"to": anna.account, "amount": 5_000}),
    ...     (anna, "credits", "approve", {"spender": contract_account("sale"), "amount": 5_000}),
    ...     (ben, "sale", "buy", {"amount": 2_000})]:
    ...     sent = chain.call(key, contract, method, **arguments)
    >>> block = chain.propose(anna)
    >>> chain.view("credits", "balance_of", owner=ben.account), chain.balance(ben)
    (2000, 100000)
    """

    def __init__(self, seller: KeyPair | str, price: int, token: str = "credits", name: str = "sale"):
        super().__init__(name)
        self.seller, self.price, self.token = getattr(seller, "account", seller), price, token
        if not is_somebody(self.seller):
            raise InvalidContract("seller must be an account", contract=str(name))
        if type(price) is not int or price < 0 or type(token) is not str:
            raise InvalidContract("price must be a whole number, token the name of a contract", contract=str(name))

    def buy(self, call, amount):
        """Buy some.

        Parameters
        ----------
        call : Call
            Given by the chain; its sender pays.
        amount : int
            How many tokens, above 0.
        """
        call.require(call.whole(amount) and amount > 0, "amount must be a whole number above 0")
        call.pay(self.seller, amount * self.price // 1000)
        call.ask(self.token, "transfer_from", owner=self.seller, to=call.sender, amount=amount)
