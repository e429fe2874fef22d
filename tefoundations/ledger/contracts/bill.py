"""From the trades of a market to whole numbers: who pays and who receives what, to the micro-token."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain as joined
from typing import TYPE_CHECKING, Any

from tefoundations.errors import InvalidInput, InvalidTrade
from tefoundations.ledger.contracts.settlement import MILLION, WH_PER_KWH
from tefoundations.ledger.primitives.bytes import LARGEST
from tefoundations.ledger.primitives.keys import KeyPair
from tefoundations.ledger.primitives.statements import sign_statement
from tefoundations.words import Explained

if TYPE_CHECKING:
    import pandas as pd

    from tefoundations.ledger.chain.blockchain import Blockchain
    from tefoundations.ledger.chain.transactions import Transaction


@dataclass(frozen=True)
class SettledTrade:
    """One trade in whole numbers.

    Parameters
    ----------
    buyer, seller : object
        The agents.
    energy : int
        Energy (Wh).
    buyer_price, seller_price : int
        Prices (micro-tokens per kWh).
    payment : int
        What the buyer pays (micro-tokens).
    fee : int
        What the operator takes of the seller's money (micro-tokens).
    receipt : int
        What the seller receives, the fee taken off (micro-tokens).
    """

    buyer: object
    seller: object
    energy: int
    buyer_price: int
    seller_price: int
    payment: int
    fee: int
    receipt: int


@dataclass(frozen=True)
class Settlement(Explained):
    """What a list of trades comes to. Made by `settle`.

    Parameters
    ----------
    rows : tuple of SettledTrade
        One a trade.
    operator : object
        Who receives fees, keeps what is between two prices and adds what lacks.
    fee : int
        The operator's share of each seller's money, in millionths.
    """

    rows: tuple
    operator: object
    fee: int

    @property
    def agents(self) -> tuple:
        """All agents in the order of their first trade, buyer before seller, the operator last; a tuple."""
        named = joined.from_iterable((row.buyer, row.seller) for row in self.rows)
        return tuple(dict.fromkeys([*(name for name in named if name != self.operator), self.operator]))

    @property
    def balances(self) -> dict[object, int]:
        """What each agent has more than before (micro-tokens), negative for who pays: agent -> int. They add up to 0."""
        change = dict.fromkeys(self.agents, 0)
        for row in self.rows:
            change[row.buyer] -= row.payment
            change[row.seller] += row.receipt
            change[self.operator] += row.payment - row.receipt
        return change

    @property
    def bought(self) -> dict[object, int]:
        """Energy each agent bought (Wh): agent -> int."""
        return self._energy("buyer")

    @property
    def sold(self) -> dict[object, int]:
        """Energy each agent sold (Wh): agent -> int."""
        return self._energy("seller")

    def _energy(self, side):
        sums = dict.fromkeys(self.agents, 0)
        for row in self.rows:
            sums[getattr(row, side)] += row.energy
        return sums

    def submit(
        self, chain: Blockchain, keys: Mapping[Any, KeyPair], step: int = 0, contract: str = "settlement"
    ) -> tuple[Transaction, ...]:
        """Let the parties sign each trade, and send them to a chain.

        The buyer sends, the seller has signed. A trade with two prices goes through the operator, which buys from the
        seller at the one and sells to the buyer at the other: two transactions, and it signs both. So the operator signs
        to whatever deficit it covers, and needs the money.

        Parameters
        ----------
        chain : Blockchain
            With a `SettlementContract` of the same operator and fee.
        keys : dict
            Agent -> KeyPair, for every one of `agents` whose signature is needed.
        step : int
            Delivery step.
        contract : str
            Name of the contract.

        Returns
        -------
        tuple of Transaction
            In the order of the rows; they wait for a block.

        Raises
        ------
        InvalidInput
            If a key is missing, or the contract's fee or operator are not those of this settlement.
        """
        sent = []
        self._check_contract(chain, keys, contract)
        for row in self.rows:
            legs = [(row.buyer, row.seller, row.buyer_price)]
            if row.buyer_price != row.seller_price:
                legs = [(row.buyer, self.operator, row.buyer_price), (self.operator, row.seller, row.seller_price)]
            for buyer, seller, price in legs:
                payer, payee = _key(keys, buyer), _key(keys, seller)
                terms = payer.account, chain.next_nonce(payer), payee.account, row.energy, price, step
                signature = sign_statement(payee, chain.id, contract, "trade", *terms)
                sent.append(chain.call(payer, contract, "settle", gas_limit=6_000, seller=payee.account, energy=row.energy,
                                       price=price, step=step, signature=signature))  # fmt: skip
        return tuple(sent)

    def _check_contract(self, chain, keys, contract):
        there = chain.parameters(contract)
        if there.get("fee") != self.fee or there.get("operator") != _key(keys, self.operator).account:
            raise InvalidInput(f"contract {contract!r} has another fee or operator than this settlement")

    def to_frame(self) -> pd.DataFrame:
        """One row per trade.

        Returns
        -------
        pandas.DataFrame
            Columns as the fields of `SettledTrade`: Wh, micro-tokens per kWh, micro-tokens.
        """
        import pandas as pd

        names = list(SettledTrade.__dataclass_fields__)
        return pd.DataFrame([[getattr(row, name) for name in names] for row in self.rows], columns=names)

    def explain(self) -> str:
        """The arithmetic of every trade in words.

        Returns
        -------
        str
            Three lines a trade and one for the sum.

        Examples
        --------
        >>> print(settle([("ben", "anna", 5.0, 20.0)], energy_unit=1000, money_unit=10_000, fee=10_000).explain())
        ben takes 5000 Wh from anna.
          It pays 5000 x 200000 // 1000 = 1000000 micro-tokens.
          anna receives 5000 x 200000 // 1000 = 1000000, less the fee 1000000 x 10000 // 1000000 = 10000: 990000.
        operator is left with 10000; all balances add up to 0.
        """
        lines = []
        for row in self.rows:
            gross = row.receipt + row.fee
            lines += [
                f"{row.buyer} takes {row.energy} Wh from {row.seller}.",
                f"  It pays {row.energy} x {row.buyer_price} // {WH_PER_KWH} = {row.payment} micro-tokens.",
                f"  {row.seller} receives {row.energy} x {row.seller_price} // {WH_PER_KWH} = {gross},"
                f" less the fee {gross} x {self.fee} // {MILLION} = {row.fee}: {row.receipt}.",
            ]
        keeps = self.balances[self.operator]
        end = f"{self.operator} is left with {keeps}; all balances add up to {sum(self.balances.values())}."
        return "\n".join([*lines, end if self.rows else "No trade: nobody pays anything."])

    def _at_a_glance(self):
        return [
            ("trades", len(self.rows)), ("agents", len(self.agents)), ("energy, Wh", sum(row.energy for row in self.rows)),
            ("buyers pay, micro-tokens", sum(row.payment for row in self.rows)),
            ("sellers receive, micro-tokens", sum(row.receipt for row in self.rows)),
            (f"{self.operator} keeps, micro-tokens", self.balances[self.operator]),
        ]  # fmt: skip


def settle(
    trades: Iterable, *, energy_unit: int, money_unit: int, operator: object = "operator", fee: int = 0
) -> Settlement:
    """Settle trades in whole numbers.

    Rounding, the same everywhere: energy to the nearest Wh and prices to the nearest micro-token per kWh, halves to the even
    neighbour, from the exact value of the float; then money by ``energy * price // 1000`` and the fee by
    ``money * fee // 1_000_000``, floors both, so that what is below a micro-token stays with the payer. Energy is rounded
    once for each trade: what the buyer gets is what the seller gives. A trade of less than half a Wh is left out.

    Parameters
    ----------
    trades : sequence
        Records with ``buyer``, ``seller``, ``quantity``, ``buyer_price`` and ``seller_price``, as a market's pairing gives,
        or tuples (buyer, seller, quantity, price) or (buyer, seller, quantity, buyer price, seller price).
    energy_unit : int
        Wh in one unit of quantity: 1,000 for kWh.
    money_unit : int
        Micro-tokens in one unit of money: 10,000 for ct, if a token is 1 euro or dollar.
    operator : object
        Who receives fees and what lies between two prices. Where sellers receive more than buyers pay, it adds the rest.
    fee : int
        Share of each seller's money, in millionths: 10,000 is 1 %.

    Returns
    -------
    Settlement
        Balances add up to 0.

    Raises
    ------
    InvalidTrade
        If a trade cannot be read, its quantity is not finite and positive, or a price not finite and from 0 up; says which.
        (Where energy has a negative price, whoever takes it sells a service: write the trade the other way round.)
    InvalidInput
        If a unit is no whole number above 0, or the fee no share.

    Examples
    --------
    No trade:

    >>> settle([], energy_unit=1000, money_unit=10_000).balances
    {'operator': 0}

    5 kWh at 20 ct, with a fee of 1 %:

    >>> bill = settle([("ben", "anna", 5.0, 20.0)], energy_unit=1000, money_unit=10_000, fee=10_000)
    >>> bill.balances
    {'ben': -1000000, 'anna': 990000, 'operator': 10000}
    """
    for name, unit in (("energy_unit", energy_unit), ("money_unit", money_unit)):
        if type(unit) is not int or not 0 < unit <= LARGEST:
            raise InvalidInput(f"{name} {unit!r:.40} must be a whole number above 0")
    if type(fee) is not int or not 0 <= fee <= MILLION:
        raise InvalidInput(f"fee {fee!r:.40} must be a whole number from 0 to {MILLION} millionths")
    try:
        given = list(trades)
    except TypeError:
        raise InvalidTrade(f"trades must be a sequence, not {type(trades).__name__}") from None
    rows = (_row(number, trade, energy_unit, money_unit, fee) for number, trade in enumerate(given))
    return Settlement(tuple(row for row in rows if row.energy), operator, fee)


def _row(number, trade, energy_unit, money_unit, fee):
    buyer, seller, quantity, buyer_price, seller_price = _read(number, trade)
    quantity = _exact(number, "quantity", quantity)
    if quantity <= 0:
        raise InvalidTrade(f"quantity {float(quantity):g} must be above 0", trade=number)
    energy, prices = round(quantity * energy_unit), []
    for name, price in (("buyer_price", buyer_price), ("seller_price", seller_price)):
        price = _exact(number, name, price)
        if price < 0:
            raise InvalidTrade(
                f"{name} {float(price):g} must not be negative; write the trade the other way round", trade=number
            )
        prices.append(round(price * money_unit * WH_PER_KWH / energy_unit))
    payment, gross = (energy * price // WH_PER_KWH for price in prices)
    if max(energy, *prices, payment, gross) > LARGEST:
        raise InvalidTrade("is larger than 2^53 - 1 Wh or micro-tokens", trade=number)
    cut = gross * fee // MILLION
    return SettledTrade(buyer, seller, energy, *prices, payment, cut, gross - cut)


def _read(number, trade):
    """Buyer, seller, quantity and two prices of a record or a tuple."""
    try:
        if isinstance(trade, (tuple, list)) and len(trade) in (4, 5):
            values = (*trade, trade[-1])[:5]
        else:
            values = tuple(getattr(trade, name) for name in ("buyer", "seller", "quantity", "buyer_price", "seller_price"))
        hash(values[:2])
    except (AttributeError, TypeError):
        raise InvalidTrade("has no buyer, seller, quantity and prices", trade=number) from None
    return values


def _exact(number, name, value):
    """The exact value of a number; what is no finite number is refused."""
    try:
        if isinstance(value, (bool, str)) or not math.isfinite(value):
            raise ValueError
        return Fraction(value) if isinstance(value, (int, Fraction)) else Fraction(float(value))
    except (TypeError, ValueError, OverflowError):
        raise InvalidTrade(f"{name} {value!r:.40} must be a finite number", trade=number) from None


def _key(keys, agent):
    key = keys.get(agent) if isinstance(keys, dict) else None
    if not isinstance(key, KeyPair):
        raise InvalidInput(f"keys holds no KeyPair for {agent!r:.60}")
    return key
