"""Bilateral trade with no centre: each pair exchanges proposals until buyer and seller propose the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import NoConvergence
from tefoundations.inputs import positive, whole
from tefoundations.market.agents import check_book
from tefoundations.market.peers.pair_tables import pair_table
from tefoundations.words import Explained, count, say

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from tefoundations.market.orders import OrderBook


@dataclass(frozen=True, eq=False)
class PeerTalks(Explained):
    """What pairs agree on by messages alone.

    Parameters
    ----------
    book : OrderBook
    proposed, offered : (bids, asks) float arrays
        What each buyer and each seller last proposed for the pair (kWh).
    price : (bids, asks) float array
        Price of each pair (ct/kWh): what the seller gets.
    gain : (bids, asks) float array
        Value and liking less cost and fee (ct/kWh).
    rounds, messages : int
        How often all proposed, and what was sent: a proposal each way for each pair and round.
    """

    book: OrderBook
    proposed: np.ndarray = field(repr=False)
    offered: np.ndarray = field(repr=False)
    price: np.ndarray = field(repr=False)
    gain: np.ndarray = field(repr=False)
    rounds: int
    messages: int

    @property
    def flows(self) -> np.ndarray:
        """(bids, asks) float array: halfway between the two proposals (kWh)."""
        return (self.proposed + self.offered) / 2

    @property
    def quantity(self) -> float:
        """All flows (kWh)."""
        return float(self.flows.sum())

    @property
    def net(self) -> float:
        """Gain of all flows (ct), as they stand: before what is out of balance is repaired."""
        flows = self.flows
        return float(np.where(flows > 0, self.gain, 0.0).ravel() @ flows.ravel())

    @property
    def imbalance(self) -> float:
        """What buyers and sellers still see differently, over all pairs (kWh)."""
        return float(np.abs(self.proposed - self.offered).sum())

    def to_frame(self) -> pd.DataFrame:
        """One row a pair that trades.

        Returns
        -------
        pandas.DataFrame
            Columns buyer, seller, proposed, offered (kWh) and price (ct/kWh, what the seller gets).
        """
        import pandas as pd

        bid, ask = np.nonzero(self.flows > 0)
        return pd.DataFrame({
            "buyer": self.book.bids.agent[bid], "seller": self.book.asks.agent[ask], "proposed": self.proposed[bid, ask],
            "offered": self.offered[bid, ask], "price": self.price[bid, ask],
        })  # fmt: skip

    def explain(self) -> str:
        """How long it took and what came of it.

        Returns
        -------
        str

        Examples
        --------
        >>> from tefoundations.market import OrderBook
        >>> print(by_messages(OrderBook.of([(4, 1)], [(6, 1)])).explain())
        After 1 round and 2 messages 1 pair trades 0 kWh, with a gain of 0 ct.
        """
        pairs = count(self.flows.size, "pair")
        trade = "trades" if self.flows.size == 1 else "trade"
        said = f"After {count(self.rounds, 'round')} and {count(self.messages, 'message')} {pairs} {trade}"
        return f"{said} {say(self.quantity)} kWh, with a gain of {say(self.net)} ct."

    def _at_a_glance(self):
        return [
            ("rounds", self.rounds), ("messages", self.messages), ("traded, kWh", self.quantity), ("gain, ct", self.net),
            ("out of balance, kWh", self.imbalance),
        ]  # fmt: skip


def by_messages(
    book: OrderBook,
    fee: ArrayLike | None = None,
    preference: ArrayLike | None = None,
    rho: float = 1.0,
    *,
    rounds: int = 20_000,
    tolerance: float = 1e-6,
) -> PeerTalks:
    """Find the trades of `bilateral` without a centre: buyers and sellers tell each other what they would trade.

    In each round every buyer proposes what it would take from each seller, and every seller what it would give, at the price
    that the pair has now and not too far from what the two had last. Then the price of each pair rises where the buyer wants
    more than the seller gives, and falls where it wants less. It is the alternating direction method of multipliers (ADMM)
    in consensus form; what one proposes is a projection, which is found by sorting. The gain is that of `bilateral`; a kWh
    that gains nothing may be left untraded here.

    Parameters
    ----------
    book : OrderBook
        Prices in ct/kWh, quantities in kWh.
    fee, preference : float or (bids, asks) float array, optional
        As in `bilateral`; the fee finite.
    rho : float
        How fast prices move (ct/kWh for each kWh of disagreement); it changes how long the talks last, not where they end.
    rounds : int
        Most rounds.
    tolerance : float
        The talks end when all proposals agree, and stand still, within this share of the largest order, and their prices
        within this share of the largest price.

    Returns
    -------
    PeerTalks

    Raises
    ------
    InvalidInput
        What is no book; another argument without meaning.
    NoConvergence
        The proposals still differ after the last round.

    References
    ----------
    Boyd, S., Parikh, N., Chu, E., Peleato, B. and Eckstein, J. (2011), "Distributed optimization and statistical learning
    via the alternating direction method of multipliers", Foundations and Trends in Machine Learning 3(1), 1-122 (the
    algorithm);
    Sorin, E., Bobo, L. and Pinson, P. (2019), "Consensus-based approach to peer-to-peer electricity markets with product
    differentiation", IEEE Transactions on Power Systems 34(2), 994-1004 (the bilateral market alone: their own algorithm is
    another, relaxed consensus + innovation).

    Examples
    --------
    No trade:

    >>> from tefoundations.market import OrderBook
    >>> by_messages(OrderBook.of([(4, 1)], [(6, 1)])).quantity
    0.0

    Two pairs, and a street between them:

    >>> book = OrderBook.of(bids=[(12, 1), (10, 1)], asks=[(7, 1), (5, 1)])
    >>> by_messages(book, fee=[[0, 3], [3, 0]]).flows.round(3) + 0.0
    array([[1., 0.],
           [0., 1.]])
    """
    check_book(book)
    fees, likings = pair_table(fee, book, "fee"), pair_table(preference, book, "preference")
    rho, rounds, tolerance = positive(rho, "rho"), whole(rounds, "rounds", least=1), positive(tolerance, "tolerance")
    bids, asks = book.bids, book.asks
    worth, cost = bids.price[:, None] + likings - fees, asks.price[None, :]
    gain, sides = worth - cost, np.concatenate([bids.price, asks.price])
    z = np.zeros(gain.shape)
    if not gain.size:
        return PeerTalks(book, z, z, z, gain, 0, 0)
    near = tolerance * max(bids.quantity.max(), asks.quantity.max())
    still = tolerance * max(np.abs(sides).max(), np.abs(gain).max())
    price = np.full(gain.shape, (bids.price.mean() + asks.price.mean()) / 2)
    for done in range(1, rounds + 1):
        wants = within(z + (worth - price) / rho, bids.quantity)
        gives = within((z + (price - cost) / rho).T, asks.quantity).T
        before, z = z, (wants + gives) / 2
        price = price + rho * (wants - gives) / 2
        if np.abs(wants - gives).max() <= near and rho * np.abs(z - before).max() <= still:
            return PeerTalks(book, wants, gives, price, gain, done, 2 * gain.size * done)
    apart = float(np.abs(wants - gives).max())
    raise NoConvergence(f"after {rounds} rounds a buyer and a seller still differ by {apart:g} kWh", mismatch=apart)


def within(points, limit):
    """The nearest rows of numbers from 0 up that add up to no more than a limit.

    Parameters
    ----------
    points : (n, m) float array
    limit : (n,) float array

    Returns
    -------
    (n, m) float array

    References
    ----------
    Duchi, J., Shalev-Shwartz, S., Singer, Y. and Chandra, T. (2008), "Efficient projections onto the l1-ball for learning in
    high dimensions", ICML, 272-279, figure 1.

    Examples
    --------
    >>> within(np.array([[2.0, 1.0], [0.5, -1.0]]), np.array([2.0, 2.0]))
    array([[1.5, 0.5],
           [0.5, 0. ]])
    """
    inside = np.maximum(points, 0.0)
    over = inside.sum(axis=1) > limit
    if not over.any():
        return inside
    sorted_points = -np.sort(-points[over], axis=1)
    excess = np.cumsum(sorted_points, axis=1) - limit[over, None]
    share = excess / np.arange(1, points.shape[1] + 1)
    last = (sorted_points > share).sum(axis=1) - 1
    inside[over] = np.maximum(points[over] - share[np.arange(len(last)), last][:, None], 0.0)
    return inside
