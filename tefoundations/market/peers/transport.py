"""Bilateral trade as a transport problem: which buyer takes from which seller, and the prices that hold it together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.market.agents import check_book
from tefoundations.market.crossing import check_k, cross
from tefoundations.market.matches import MatchedClearing, trade_columns
from tefoundations.market.pairing import pairs
from tefoundations.market.peers.pair_tables import pair_table
from tefoundations.market.peers.price_bounds import price_bounds
from tefoundations.programmes import NEAR, linear
from tefoundations.words import say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from tefoundations.market.orders import OrderBook


@dataclass(frozen=True, eq=False, repr=False)
class PeerClearing(MatchedClearing):
    """Trades between peers, with fees and preferences.

    Parameters
    ----------
    book, mechanism, rule, margins : as in `Clearing`
        The orders, the name of the rule, and what `explain` tells.
    bid_quantity, ask_quantity : (bids,) and (asks,) float arrays
        Traded quantity of each order (kWh).
    bid_price, ask_price : (bids,) and (asks,) float arrays
        Average price of each order (ct/kWh): a buyer pays its seller's price and the fee; nan where it trades nothing.
    price : float
        ct/kWh, where all trades have one price; else nan.
    price_interval : (float, float)
        Every uniform price that would support these trades (ct/kWh); (nan, nan) where none does, or pairs differ.
    trade_bid, trade_ask : (trades,) int arrays
        Positions in the book of the two orders of each trade.
    trade_quantity : (trades,) float array
        kWh.
    trade_paid, trade_received : (trades,) float arrays
        What the buyer pays and what the seller gets (ct/kWh).
    fee, preference : (bids, asks) float arrays
        For each pair (ct/kWh).
    seller_low, seller_high : (asks,) float arrays
        Lowest and highest price of each seller that supports these trades (ct/kWh); nan where it trades nothing.
    """

    fee: np.ndarray = field(kw_only=True, repr=False)
    preference: np.ndarray = field(kw_only=True, repr=False)
    seller_low: np.ndarray = field(kw_only=True, repr=False)
    seller_high: np.ndarray = field(kw_only=True, repr=False)

    @property
    def net(self) -> float:
        """Value and liking less cost and fee of all trades (ct): what bilateral trade makes as large as possible."""
        pair = self.trade_bid, self.trade_ask
        liked = float(self.preference[pair] @ self.trade_quantity) if len(self.trade_bid) else 0.0
        return self.welfare + liked - self.budget

    def seller_frame(self) -> pd.DataFrame:
        """What each seller gets, and between which prices it could lie.

        Returns
        -------
        pandas.DataFrame
            Columns seller, sold (kWh), lowest, price and highest (ct/kWh, nan where nothing is sold).
        """
        import pandas as pd

        return pd.DataFrame({
            "seller": self.book.asks.agent, "sold": self.ask_quantity, "lowest": self.seller_low, "price": self.ask_price,
            "highest": self.seller_high,
        })  # fmt: skip

    def explain(self) -> str:
        """The arithmetic in words, the first trades, and what is left after the fees.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.market import OrderBook
        >>> print(bilateral(OrderBook.of([(12, 1)], [(7, 1)]), fee=3).explain().splitlines()[-1])
        Net of fees and likings: 2.
        """
        net = say(self.net, self.welfare, self.net)
        return super().explain() + (f"\nNet of fees and likings: {net}." if self.quantity else "")


def bilateral(
    book: OrderBook, fee: ArrayLike | None = None, preference: ArrayLike | None = None, k: float = 0.5
) -> PeerClearing:
    """Trade between peers: who buys from whom matters, by a fee for the way between them or by a liking.

    The trades make value and liking less cost and fee as large as possible: a transport problem. Each seller gets one price
    from all who buy from it; a buyer pays that price and the fee. At these prices nobody would rather trade with another.
    Where several prices do that, each seller's lies at k between its lowest and its highest: all lowest prices support the
    trades together, and so do all highest. A kWh that gains nothing trades too, as in `uniform_price`, where both have it
    left when all that gains has been traded. Fees and likings of 0 are none: then the trades are those of the call.

    Parameters
    ----------
    book : OrderBook
        Prices in ct/kWh, quantities in kWh. An agent may stand on both sides; a fee without end keeps a pair apart.
    fee : float or (bids, asks) float array, optional
        What a kWh between the two costs on the way (ct/kWh); may be infinite. The operator of the way keeps it.
    preference : float or (bids, asks) float array, optional
        What the buyer would pay more for a kWh of this seller (ct/kWh); below zero: less.
    k : float
        Where between its lowest and highest price each seller's lies, from 0 to 1.

    Returns
    -------
    PeerClearing
        `budget` is the fees. Gains of buyers are counted without their likings; `net` has them.

    Raises
    ------
    InvalidInput
        What is no book; fees or preferences that are no number or table of numbers of this shape; k outside of 0 to 1.

    References
    ----------
    Shapley, L. S. and Shubik, M. (1971), "The assignment game I: the core", International Journal of Game Theory 1, 111-130
    (one kWh each: prices form a lattice, section 3); Sorin, E., Bobo, L. and Pinson, P. (2019), "Consensus-based approach to
    peer-to-peer electricity markets with product differentiation", IEEE Transactions on Power Systems 34(2), 994-1004
    (fees and preferences, section II).

    Examples
    --------
    No trade, since the way costs more than both gain:

    >>> from tefoundations.market import OrderBook
    >>> bilateral(OrderBook.of(bids=[(12, 1)], asks=[(7, 1)]), fee=6)
    Clearing(bilateral: no trade)

    A kWh that gains nothing trades:

    >>> book = OrderBook.of(bids=[(5, 1)], asks=[(5, 1)])
    >>> bilateral(book).quantity, bilateral(book, fee=0).quantity, bilateral(book, fee=1, preference=1).quantity
    (1.0, 1.0, 1.0)

    Two buyers in two houses, a seller in each; to cross the street costs 3:

    >>> c = bilateral(OrderBook.of(bids=[(12, 1), (10, 1)], asks=[(7, 1), (5, 1)]), fee=[[0, 3], [3, 0]])
    >>> c.net, c.budget, c.flows
    (10.0, 0.0, array([[1., 0.],
           [0., 1.]]))
    """
    check_book(book)
    k = check_k(k)
    bids, asks = book.bids, book.asks
    fees, likings = pair_table(fee, book, "fee", infinite=True), pair_table(preference, book, "preference")
    if not (np.any(fees) or np.any(likings)):  # then every pairing of the best trades is best
        flows, low, high = _of_the_call(book)
    else:
        gain = bids.price[:, None] + likings - asks.price - fees
        flows = _best_flows(gain, bids.quantity, asks.quantity)
        low, high = price_bounds(gain, flows, bids.quantity, asks.quantity, asks.price)
    price = (1 - k) * low + k * high
    rows = [(i, j, flows[i, j], price[j] + fees[i, j], price[j]) for i, j in np.argwhere(flows > 0).tolist()]
    columns = trade_columns(book, rows)
    if np.any(fees) or np.any(likings):  # no uniform price is asked to hold these trades together
        columns["price_interval"] = (float("nan"), float("nan"))
    return PeerClearing(
        mechanism="bilateral",
        rule=f"Price: each seller's at {k:g} of the way from its lowest to its highest; its buyers pay the fee on top.",
        fee=fees, preference=likings, seller_low=low, seller_high=high, **columns,
    )  # fmt: skip


def _of_the_call(book):
    """Flows and ends of prices where all kWh are alike: those of the crossing."""
    crossing, flows = cross(book), np.zeros((len(book.bids), len(book.asks)))
    for bid, ask, kwh in pairs(book, crossing.bid_quantity, crossing.ask_quantity):
        flows[bid, ask] += kwh
    return flows, *(np.where(crossing.ask_quantity > 0, end, np.nan) for end in crossing.interval)


def _best_flows(gain, wanted, offered):
    """kWh from each seller to each buyer: the transport problem, without the pairs that would lose."""
    from scipy.sparse import csr_array

    flows = np.zeros(gain.shape)
    buyer, seller = np.nonzero(gain >= 0)
    if not len(buyer):
        return flows
    n, pair = len(wanted), np.arange(len(buyer))
    matrix = csr_array(
        (np.ones(2 * len(pair)), (np.concatenate([buyer, n + seller]), np.concatenate([pair, pair]))),
        shape=(n + len(offered), len(pair)),
    )
    most = np.minimum(wanted[buyer], offered[seller])
    limits = np.concatenate([wanted, offered])
    found = linear(-gain[buyer, seller], matrix, np.full(len(limits), -np.inf), limits, np.zeros(len(pair)), most)
    flows[buyer, seller] = np.where(found.x > NEAR * most, found.x, 0.0)
    return _with_what_gains_nothing(flows, wanted, offered, buyer, seller)


def _with_what_gains_nothing(flows, wanted, offered, buyer, seller):
    """The best flows, and what these pairs can trade on top: where both have something left, it gains nothing."""
    left, over = wanted - flows.sum(axis=1), offered - flows.sum(axis=0)
    both = (left > NEAR * wanted)[buyer] & (over > NEAR * offered)[seller]
    for i, j in zip(buyer[both].tolist(), seller[both].tolist()):
        more = min(left[i], over[j])
        if more > NEAR * min(wanted[i], offered[j]):
            flows[i, j] += more
            left[i], over[j] = left[i] - more, over[j] - more
    return flows
