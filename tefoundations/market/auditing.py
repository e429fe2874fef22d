"""What a mechanism is worth on one book: efficiency, budget, who loses, and who would gain by lying."""

from dataclasses import dataclass

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.market.crossing import best_welfare
from tefoundations.market.orders import OrderBook, Orders, owned

SHARES = (1.0, 0.75, 0.5, 0.25)  # of its true quantity an agent may report


@dataclass(frozen=True)
class Audit:
    """The findings of `audit`, orders taken as the truth.

    Parameters
    ----------
    mechanism : str
        Name of the rule.
    efficiency : float
        Welfare as a share of the largest possible; 1 where there is nothing to gain.
    budget : float
        What the operator keeps (ct); negative is a deficit.
    min_utility : float
        Gain of the agent that gains least (ct); negative means that somebody would rather stay away.
    regret : float
        The best gain (ct) any agent finds by misreporting while the others are honest; 0 if none.
    misreport : str
        Who reports what to gain it; empty if nobody does.
    """

    mechanism: str
    efficiency: float
    budget: float
    min_utility: float
    regret: float
    misreport: str = ""


def audit(mechanism, book):
    """Measure a mechanism on one book.

    Each agent in turn misreports, all its orders of one side together, while everybody else stays honest: one price
    for its whole curve (just above and just below each price of the others) or its true prices, and the whole, three
    quarters, half or a quarter of its quantity. Its gain is counted by its true orders. `regret` is the best gain
    found on this grid; where the gain grows up to a jump, it falls short of the supremum by the distance tried, a
    millionth of the range of prices. A regret above 0 refutes that honesty is a dominant strategy; a regret of 0 at
    one book proves nothing of other books.

    Parameters
    ----------
    mechanism : callable
        Takes an OrderBook, returns a Clearing: `uniform_price`, `mcafee`, `vcg`, or a function of your own.
    book : OrderBook
        True values and costs (ct/kWh) and quantities (kWh).

    Returns
    -------
    Audit

    Raises
    ------
    InvalidInput
        The mechanism is not defined for the book. A misreport that it refuses counts as no misreport.

    Examples
    --------
    No trade, and nobody could force one to advantage:

    >>> from tefoundations.market import OrderBook, uniform_price, vcg
    >>> audit(uniform_price, OrderBook.of(bids=[(4, 1)], asks=[(6, 1)])).regret
    0.0

    At the midpoint the first buyer can pull the price down by almost half a cent; under VCG nobody can gain.

    >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
    >>> round(audit(uniform_price, book).regret, 3), round(audit(vcg, book).regret, 3)
    (0.5, 0.0)
    """
    clearing = mechanism(book)
    most = best_welfare(book)
    players = [(side, agent, mine) for side in ("bids", "asks") for agent, mine in owned(getattr(book, side)).items()]
    honest = [_gain(getattr(book, side), mine, clearing, side) for side, _, mine in players]
    regret, misreport = 0.0, ""
    for (side, agent, mine), truth in zip(players, honest):
        for price, share in _lies(book, side, mine):
            try:
                result = mechanism(_with(book, side, mine, price, share))
            except InvalidInput:
                continue
            gain = _gain(getattr(book, side), mine, result, side) - truth
            if gain > regret:
                regret = gain
                prices = "its prices" if price is None else f"{price:.6g} ct/kWh"
                misreport = f"{agent} {'bids' if side == 'bids' else 'asks'} {prices} for {share:.0%} of its quantity"
    noise = 1e-9 * max(most, 1.0)  # sums of floats: a billionth of the welfare is no gain
    return Audit(
        clearing.mechanism,
        clearing.welfare / most if most > noise else 1.0,
        *(figure if abs(figure) > noise else 0.0 for figure in (clearing.budget, min(honest, default=0.0), regret)),
        misreport if regret > noise else "",
    )


def audit_table(mechanisms, book):
    """Audit several mechanisms on the same book.

    Parameters
    ----------
    mechanisms : sequence of callables
        Each takes an OrderBook and returns a Clearing.
    book : OrderBook
        True values and costs (ct/kWh) and quantities (kWh).

    Returns
    -------
    pandas.DataFrame
        One row a mechanism; columns as the fields of `Audit`.

    Examples
    --------
    >>> from tefoundations.market import OrderBook, mcafee, pay_as_bid, uniform_price, vcg
    >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
    >>> table = audit_table([uniform_price, pay_as_bid, mcafee, vcg], book)
    >>> table[["mechanism", "efficiency", "budget", "regret"]].round(3)
           mechanism  efficiency  budget  regret
    0  uniform price         1.0     0.0     0.5
    1     pay-as-bid         1.0    10.0     4.0
    2         McAfee         1.0     0.0     0.0
    3            VCG         1.0    -2.0     0.0
    """
    import pandas as pd

    return pd.DataFrame([vars(audit(mechanism, book)) for mechanism in mechanisms])


def _lies(book, side, mine):
    """(price or None for the true ones, share of the quantity) of every misreport tried."""
    own = np.zeros(len(getattr(book, side)), dtype=bool)
    own[mine] = True
    other = book.asks if side == "bids" else book.bids
    others = np.unique(np.concatenate([getattr(book, side).price[~own], other.price]))
    step = 1e-6 * (np.ptp(np.append(others, getattr(book, side).price[mine])) or 1.0)
    prices = [None, *np.concatenate([others - step, others + step]).tolist()]
    return [(price, share) for share in SHARES for price in prices][1:]


def _with(book, side, mine, price, share):
    orders = getattr(book, side)
    prices, quantities = orders.price.copy(), orders.quantity.copy()
    if price is not None:
        prices[mine] = price
    quantities[mine] *= share
    lied = Orders(orders.side, prices, quantities, orders.agents, orders.bus, orders.time)
    return OrderBook(lied, book.asks) if side == "bids" else OrderBook(book.bids, lied)


def _gain(orders, mine, clearing, side):
    """What one agent gains by its true orders: its best kWh first, whichever of its orders traded."""
    traded = clearing.bid_quantity if side == "bids" else clearing.ask_quantity
    money = clearing.bid_payment if side == "bids" else clearing.ask_receipt
    sign = 1 if side == "bids" else -1
    best = mine[np.argsort(-sign * orders.price[mine], kind="stable")]
    before = np.concatenate([[0.0], np.cumsum(orders.quantity[best])[:-1]])
    used = np.clip(traded[mine].sum() - before, 0.0, orders.quantity[best])
    return float(sign * (orders.price[best] @ used - money[mine].sum()))
