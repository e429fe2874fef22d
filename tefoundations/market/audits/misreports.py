"""The lies an agent may tell a market, and what each is worth to it."""

from dataclasses import dataclass

import numpy as np

from tefoundations.market.agents import check_book, owned
from tefoundations.market.orders import OrderBook, derived
from tefoundations.programmes import is_zero

SHARES = (1.0, 0.75, 0.5, 0.25)  # of its true quantity an agent may report
STEP = 1e-6  # how near to another's price a lie comes, as a share of the range of prices


@dataclass(frozen=True, eq=False)
class Player:
    """One agent of a book, with all its orders.

    Parameters
    ----------
    book : OrderBook
        Its true orders and everybody else's.
    name : object
        The agent.
    bids, asks : int arrays
        Positions of its orders on each side.
    """

    book: OrderBook
    name: object
    bids: np.ndarray
    asks: np.ndarray

    def lies(self, shares=SHARES, step=STEP):
        """Every misreport tried, as (price bid, price asked, share).

        Parameters
        ----------
        shares : sequence of floats
            Of the true quantity, above 0 and up to 1.
        step : float
            Distance from each price of the others, as a share of the range of prices.

        Returns
        -------
        list of (float or None, float or None, float)
            Prices in ct/kWh, one for all orders of a side, None for the true ones; share of the true quantities. An
            agent on both sides lies on one of them, or names one price on both.
        """
        others = np.concatenate([np.delete(self.book.bids.price, self.bids), np.delete(self.book.asks.price, self.asks)])
        own = np.concatenate([self.book.bids.price[self.bids], self.book.asks.price[self.asks]])
        prices = prices_beside(others, own, step)
        named = [(price, None) for price in prices] if len(self.bids) else []
        named += [(None, price) for price in prices] if len(self.asks) else []
        named += [(price, price) for price in prices] if len(self.bids) and len(self.asks) else []
        return [(*lie, share) for share in shares for lie in [(None, None), *named] if (*lie, share) != (None, None, 1.0)]

    def telling(self, bid, ask, share):
        """The book with this agent's orders misreported.

        Parameters
        ----------
        bid, ask : float or None
            One price for all its bids, one for all its asks (ct/kWh); None for the true ones.
        share : float
            Of its true quantities.

        Returns
        -------
        OrderBook
        """
        bids = _told(self.book.bids, self.bids, bid, share) if len(self.bids) else self.book.bids
        asks = _told(self.book.asks, self.asks, ask, share) if len(self.asks) else self.book.asks
        return OrderBook(bids, asks)

    def gain(self, clearing):
        """What the agent gains by its true orders, whatever it said.

        Parameters
        ----------
        clearing : Clearing
            Of this book or of one with the agent's misreport.

        Returns
        -------
        float
            In ct. The energy it bought counts at its best values, the energy it sold at its lowest costs.
        """
        money = clearing.ask_receipt[self.asks].sum() - clearing.bid_payment[self.bids].sum()
        return self.worth(clearing.bid_quantity[self.bids].sum(), clearing.ask_quantity[self.asks].sum()) + float(money)

    def worth(self, bought, sold):
        """What energy bought and sold is worth to the agent, whatever it said and under whichever names.

        Parameters
        ----------
        bought, sold : float
            In kWh. What it sells beyond its own comes from what it bought; what it buys beyond its need replaces its own.

        Returns
        -------
        float
            Value less cost (ct), by its true orders; minus infinity if it sells what it does not have. What it buys and
            neither needs nor sells is worth nothing to it, or the lowest price in the book where that is below zero: at
            such a price it did not ask for it.
        """
        need, own = self.book.bids.quantity[self.bids].sum(), self.book.asks.quantity[self.asks].sum()
        resold = max(sold - own, 0.0)
        kept = bought - (0.0 if is_zero(resold, of=own) else resold)
        if kept < 0 and not is_zero(kept, of=max(bought, sold)):
            return float("-inf")
        spare = max(kept - need, 0.0)
        replaced = min(spare, min(sold, own))
        least = min(0.0, *self.book.bids.price.tolist(), *self.book.asks.price.tolist())
        return float(
            _worth(self.book.bids, self.bids, min(max(kept, 0.0), need))
            - _worth(self.book.asks, self.asks, min(sold, own) - replaced)
            + least * (spare - replaced)
        )

    def tells(self, bid, ask, share):
        """A misreport in words, as the arguments of `telling`: "home9 asks 12.5 ct/kWh for 75% of its quantity"."""
        parts = []
        for verb, mine, price in (("bids", self.bids, bid), ("asks", self.asks, ask)):
            if len(mine):
                parts.append(f"{verb} " + ("its prices" if price is None else f"{price:.6g} ct/kWh"))
        return f"{self.name} {' and '.join(parts)} for {share:.0%} of its quantity"


def prices_beside(prices, more=(), step=STEP):
    """Just below and just above each of some prices: all the prices an agent need say.

    Parameters
    ----------
    prices : (n,) float array
        ct/kWh.
    more : (m,) float array
        Others that belong to the range of prices.
    step : float
        Distance, as a share of that range.

    Returns
    -------
    list of float
        ct/kWh, those below first.

    Examples
    --------
    >>> prices_beside([5, 7, 5], step=0.5)
    [4.0, 6.0, 6.0, 8.0]
    """
    prices = np.unique(np.asarray(prices, float))
    every = np.concatenate([prices, more])
    width = step * ((np.ptp(every) if len(every) else 0.0) or 1.0)
    return np.concatenate([prices - width, prices + width]).tolist()


def players(book):
    """Every agent of a book, buyers first; an agent on both sides is one player.

    Parameters
    ----------
    book : OrderBook

    Returns
    -------
    list of Player

    Examples
    --------
    >>> [player.name for player in players(OrderBook.of([("home1", 9, 1), ("home2", 8, 1)], [("home1", 5, 1)]))]
    ['home1', 'home2']
    """
    check_book(book)
    bids, asks = owned(book.bids), owned(book.asks)
    none = np.zeros(0, dtype=int)
    if book.bids.agents is None or book.asks.agents is None:  # made-up names are nobody else's
        alone = [Player(book, name, mine, none) for name, mine in bids.items()]
        return alone + [Player(book, name, none, mine) for name, mine in asks.items()]
    return [Player(book, name, bids.get(name, none), asks.get(name, none)) for name in {**bids, **asks}]


def _told(orders, mine, price, share):
    prices, quantities = orders.price.copy(), orders.quantity.copy()
    if price is not None:
        prices[mine] = price
    quantities[mine] *= share
    return derived(orders.side, prices, quantities, orders.agents, orders.bus, orders.time)


def _worth(orders, mine, amount):
    """Value, or cost, of so much energy to an agent: its best kWh first, whichever of its orders traded."""
    if not len(mine):
        return 0.0
    best = mine[np.argsort(orders.price[mine] if orders.side == "sell" else -orders.price[mine], kind="stable")]
    before = np.concatenate([[0.0], np.cumsum(orders.quantity[best])[:-1]])
    return orders.price[best] @ np.clip(amount - before, 0.0, orders.quantity[best])
