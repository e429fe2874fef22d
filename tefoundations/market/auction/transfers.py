"""Each is paid what its report adds to the others on average: honest on average, and balanced."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from math import fsum

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance
from tefoundations.market.agents import refuse_both_sides, refuse_curves
from tefoundations.market.auction.beliefs import Prior
from tefoundations.market.clearing import Clearing
from tefoundations.market.crossing import cross
from tefoundations.market.orders import OrderBook, derived
from tefoundations.words import NAMED, say

MOST = 20_000  # profiles of the others that are cleared for one book: some seconds
KEPT = 4096  # externalities kept: an audit asks for the same ones again and again


@dataclass(frozen=True, eq=False, repr=False)
class TransferClearing(Clearing):
    """A clearing in which money also moves between people who do not trade.

    Parameters
    ----------
    book, mechanism, rule, margins : as in `Clearing`
        The orders, the name of the rule, and what `explain` tells.
    bid_quantity, ask_quantity : (bids,) and (asks,) float arrays
        Traded quantity of each order (kWh).
    bid_price, ask_price : (bids,) and (asks,) float arrays
        Money of each order a kWh it trades (ct/kWh); nan where nothing is traded.
    price : float
        There is no single price (ct/kWh): nan.
    price_interval : (float, float)
        Every uniform price that would support these trades (ct/kWh).
    bid_payment, ask_receipt : (bids,) and (asks,) float arrays
        Money each buyer pays and each seller receives (ct), negative for the other direction; also where nothing is
        traded.
    bid_externality, ask_externality : (bids,) and (asks,) float arrays
        What the report of each adds to the gains of the others on average (ct).
    """

    bid_payment: np.ndarray = field(kw_only=True)
    ask_receipt: np.ndarray = field(kw_only=True)
    bid_externality: np.ndarray = field(kw_only=True, repr=False)
    ask_externality: np.ndarray = field(kw_only=True, repr=False)

    def __post_init__(self):
        super().__post_init__()
        for name in ("bid_payment", "ask_receipt", "bid_externality", "ask_externality"):
            getattr(self, name).flags.writeable = False

    def explain(self) -> str:
        """The arithmetic in words, and what each is paid beyond its trade.

        Returns
        -------
        str

        Examples
        --------
        >>> prior = Prior.of(bids=[([4, 8], 1)], asks=[([2, 6], 1)])
        >>> print(expected_externality(OrderBook.of([(4, 1)], [(6, 1)]), prior).explain())
        No trade: the best bid 4 is below the best ask 6.
        buyer 1 adds -1 to the others' gains on average, and pays 5.
        seller 1 adds 4 to the others' gains on average, and receives 5.
        """
        told = []
        for orders, added, money, verb in (
            (self.book.bids, self.bid_externality, self.bid_payment, "pays"),
            (self.book.asks, self.ask_externality, self.ask_receipt, "receives"),
        ):
            for agent, worth, amount in zip(orders.agent, added, money):
                adds, moves = say(worth, worth, amount), say(amount, worth, amount)
                told.append(f"{agent} adds {adds} to the others' gains on average, and {verb} {moves}.")
        more = [f"... and {len(told) - NAMED} more."] if len(told) > NAMED else []
        return "\n".join([super().explain(), *told[:NAMED], *more])


def expected_externality(book: OrderBook, prior: Prior) -> TransferClearing:
    """Clear a double auction by the expected externality mechanism (AGV): efficient, honest on average, balanced.

    The efficient quantity trades. Each agent is paid its expected externality: what the others gain in the efficient
    trades, on average over what they may be, given what it reports itself. Each also pays an equal share of what the
    others are paid for theirs. So all payments cancel, and its own report moves only the first part, which makes its
    interest that of all: the truth is best on average, where the others are honest and the prior is right. It is not a
    dominant strategy, and taking part is not voluntary: who does not trade may have to pay.

    Parameters
    ----------
    book : OrderBook
        One order an agent; prices in ct/kWh, quantities in kWh as in the prior. A report that the prior does not know is
        taken as it is.
    prior : Prior
        Independent values and costs of all traders, in the order of the book.

    Returns
    -------
    TransferClearing
        `budget` is 0 but for rounding; `bid_payment` and `ask_receipt` may be other than 0 where nothing is traded.

    Raises
    ------
    InvalidInput
        The book has other traders or quantities than the prior, an agent has several orders or stands on both sides, or
        the prior has too many profiles to go through them all.

    References
    ----------
    d'Aspremont, C. and Gerard-Varet, L.-A. (1979), "Incentives and incomplete information", Journal of Public Economics
    11(1), 25-45; Arrow, K. J. (1979), "The property rights doctrine and demand revelation under incomplete information",
    in Boskin, M. J. (ed.), Economics and Human Welfare, Academic Press, 23-39.

    Examples
    --------
    No trade, and yet the buyer pays:

    >>> from tefoundations.market import OrderBook
    >>> prior = Prior.of(bids=[([4, 8], 1)], asks=[([2, 6], 1)])
    >>> c = expected_externality(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]), prior)
    >>> c.quantity, c.bid_payment, c.ask_receipt, c.budget
    (0.0, array([5.]), array([5.]), 0.0)

    A trade worth 6: under VCG somebody would have to add 6, here nobody adds anything.

    >>> c = expected_externality(OrderBook.of(bids=[(8, 1)], asks=[(2, 1)]), prior)
    >>> c.quantity, c.bid_payment, c.ask_receipt, c.budget
    (1.0, array([10.]), array([10.]), 0.0)
    """
    refuse_both_sides(book, "expected_externality")
    refuse_curves(book, "expected_externality")
    _same_traders(book, instance(prior, Prior, "prior", advice="Prior.of makes one"))
    crossing, times = cross(book), tuple(_times(orders) for orders in (book.bids, book.asks))
    bids, asks = (
        np.array([_externality(prior, times, name, place, price) for place, price in enumerate(orders.price.tolist())])
        for name, orders in (("bids", book.bids), ("asks", book.asks))
    )
    bid_money, ask_money = np.split(_received(np.concatenate([bids, asks])), [len(bids)])
    return TransferClearing(
        book,
        "expected externality",
        crossing.bid_quantity,
        crossing.ask_quantity,
        _price(-bid_money, crossing.bid_quantity),
        _price(ask_money, crossing.ask_quantity),
        float("nan"),
        crossing.interval,
        "Price: none; each is paid what its report adds to the others on average, less a share of what they are paid.",
        crossing.margins,
        bid_payment=-bid_money,
        ask_receipt=ask_money,
        bid_externality=bids,
        ask_externality=asks,
    )


def _received(externality):
    """What each agent receives (ct): its own externality, less an equal share of what each other is paid for theirs."""
    others = [fsum(np.delete(externality, agent)) for agent in range(len(externality))]
    return externality - np.array(others) / max(len(externality) - 1, 1)


def _price(money, traded):
    return np.divide(money, traded, out=np.full(len(money), np.nan), where=traded > 0)


def _same_traders(book, prior):
    for name, orders, known in (("bids", book.bids, prior.bids), ("asks", book.asks, prior.asks)):
        if len(orders) != len(known):
            raise InvalidInput(f"prior knows {len(known)} {name}, and the book has {len(orders)}")
        for row, (quantity, (said, *_)) in enumerate(zip(orders.quantity, known)):
            if quantity != said:
                raise InvalidInput(f"{name}, row {row}: quantity {quantity:g}, and the prior says {said:g}")
    if prior.profiles > MOST:
        raise InvalidInput(f"prior has {prior.profiles} profiles to go through, at most {MOST}: give each fewer values")


def _times(orders):
    return None if orders.time is None else tuple(orders.time.tolist())


@lru_cache(maxsize=KEPT)
def _externality(prior, times, side, place, report):
    """What the others gain in the efficient trades (ct), on average, if one trader reports so."""
    frame = [
        (kind, np.array([quantity for quantity, *_ in known]), None if time is None else np.array(time))
        for kind, known, time in zip(("buy", "sell"), (prior.bids, prior.asks), times)
    ]
    gains = []
    for *prices, chance in prior.others(side, place):
        prices = [np.array(price) for price in prices]
        prices[side == "asks"][place] = report
        sides = zip(prices, frame)
        book = OrderBook(*(derived(kind, price, quantity, time=time) for price, (kind, quantity, time) in sides))
        crossing = cross(book)
        worth = [book.bids.price * crossing.bid_quantity, -book.asks.price * crossing.ask_quantity]
        worth[side == "asks"][place] = 0.0
        gains.append(chance * fsum(np.concatenate(worth)))
    return fsum(gains)
