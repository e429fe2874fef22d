"""The contract that settles a trade: energy times price, a fee, and two signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.errors import InvalidContract
from tefoundations.ledger.contracts.contract import Contract
from tefoundations.ledger.primitives.statements import is_somebody

if TYPE_CHECKING:
    from tefoundations.ledger.primitives.keys import KeyPair

WH_PER_KWH = 1000
MILLION = 1_000_000


class Money(Contract):
    """Payments from account to account, on every chain under the name ``money``.

    Examples
    --------
    >>> from tefoundations.ledger import Blockchain, KeyPair
    >>> anna, ben = KeyPair.named("anna"), KeyPair.named("ben")
    >>> chain = Blockchain("lane", producers=[anna], balances={anna: 100})
    >>> sent = chain.call(anna, "money", "transfer", to=ben.account, amount=30)
    >>> block = chain.propose(anna)
    >>> chain.balance(anna), chain.balance(ben)
    (70, 30)
    """

    def __init__(self):
        super().__init__("money")

    def transfer(self, call, to, amount):
        """Pay somebody.

        Parameters
        ----------
        call : Call
            Given by the chain.
        to : str
            Account that receives.
        amount : int
            How much (micro-tokens).
        """
        call.pay(to, amount)


class SettlementContract(Contract):
    """Settle trades one by one: the buyer sends the transaction, the seller has signed the same trade.

    So both have signed. The buyer's signature covers the transaction and is checked with its validity; the seller's, on the
    statement ``"trade"``, is the one signature the contract checks and pays gas for. With three balances and eight
    operations that makes 4,524 gas.

    The seller signs the number (nonce) of the buyer's transaction too. The chain takes each number of an account once, so a
    trade is settled at most once and no list of settled trades need be kept. If that transaction reverts, say because the
    buyer cannot pay, the trade is dead and must be signed again under another number.

    Rounding: the payment is ``energy * price // 1000`` and the fee ``payment * fee // 1_000_000``, floors both. What is
    below a micro-token stays with the payer, that is with the buyer for the payment and with the seller for the fee.

    What it cannot do: make a buyer send what it agreed to (until then the trade is an offer the buyer may let lapse), or
    tell whether the energy was delivered.

    Parameters
    ----------
    operator : KeyPair or str
        Who receives the fee; an account.
    fee : int
        Share of each payment, in millionths: 10,000 is 1 %.
    name : str
        Name on the chain.

    Raises
    ------
    InvalidContract
        If the operator is no account or the fee no share.

    Examples
    --------
    5 kWh at 0.2 tokens a kWh, with a fee of 1 %:

    >>> from tefoundations.ledger import Blockchain, KeyPair, sign_statement
    >>> anna, ben, operator = map(KeyPair.named, ["anna", "ben", "operator"])
    >>> chain = Blockchain("lane", producers=[operator], balances={ben: 3_000_000}, contracts=[SettlementContract(operator)])
    >>> said = sign_statement(anna, chain.id, "settlement", "trade", ben.account, 0, anna.account, 5_000, 200_000, 7)
    >>> sent = chain.call(ben, "settlement", "settle", gas_limit=6_000, seller=anna.account, energy=5_000, price=200_000,
    ...                   step=7, signature=said)
    >>> block = chain.propose(operator)
    >>> chain.receipt(sent).gas_used, [chain.balance(who) for who in (anna, ben, operator)]
    (4524, [990000, 2000000, 10000])
    """

    def __init__(self, operator: KeyPair | str, fee: int = 10_000, name: str = "settlement"):
        super().__init__(name)
        self.operator, self.fee = getattr(operator, "account", operator), fee
        if not is_somebody(self.operator):
            raise InvalidContract("operator must be an account", contract=str(name))
        if type(fee) is not int or not 0 <= fee <= MILLION:
            raise InvalidContract(f"fee must be from 0 to {MILLION} millionths", contract=str(name))

    def settle(self, call, seller, energy, price, step, signature):
        """Pay for a trade.

        Parameters
        ----------
        call : Call
            Given by the chain; its sender is the buyer.
        seller : str
            Account of the seller.
        energy : int
            Energy (Wh), above 0.
        price : int
            Price (micro-tokens per kWh), from 0 up.
        step : int
            Delivery step.
        signature : str
            The seller's, on the statement ``"trade"``: buyer, number of its transaction, seller, energy, price, step.
        """
        call.require(call.whole(energy) and energy > 0, "energy must be a whole number of Wh above 0")
        call.require(call.whole(price), "price must be a whole number of micro-tokens from 0 up")
        call.require(call.whole(step), "step must be a whole number from 0 up")
        agreed = call.verify(seller, signature, "trade", call.sender, call.nonce, seller, energy, price, step)
        call.require(agreed, "the seller has not signed this trade for this transaction of the buyer")
        payment = energy * price // WH_PER_KWH
        fee = payment * self.fee // MILLION
        call.pay(seller, payment, fee, self.operator)
        call.emit(
            "settled", buyer=call.sender, seller=seller, energy=energy, price=price, payment=payment, fee=fee, step=step
        )
