"""What an agent gains by taking part under several names: the orders tried, and what they are worth to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tefoundations.market.audits.mechanisms import cleared
from tefoundations.market.audits.misreports import SHARES, Player, prices_beside
from tefoundations.market.orders import OrderBook, derived


@dataclass(frozen=True)
class Guise:
    """Orders of one agent under two or three names.

    Parameters
    ----------
    moved : float
        Share of each of its true orders that it gives under a second name.
    price : float or None
        What that name says for them (ct/kWh); None for the truth.
    bid, ask : (float, float) or None
        Price (ct/kWh) and quantity (kWh) of an order that is no part of the truth, under a name of its own.
    """

    moved: float = 0.0
    price: float | None = None
    bid: tuple[float, float] | None = None
    ask: tuple[float, float] | None = None


def guises(player: Player, shares: Sequence[float] = SHARES) -> list[Guise]:
    """Every use of false names that is tried.

    Its orders are split between two names, and one of the two is honest. Or its own name is honest and a second one
    adds an order, on either side. Or two names add a bid above and an ask below all prices, which meet each other. Each
    price said is the truth or just beside a price in the book.

    Parameters
    ----------
    player : Player
    shares : sequence of floats
        Quantities tried, as shares of the agent's larger side.

    Returns
    -------
    list of Guise
    """
    book = player.book
    prices = prices_beside(np.concatenate([book.bids.price, book.asks.price]))
    most = max(book.bids.quantity[player.bids].sum(), book.asks.quantity[player.asks].sum())
    sizes = [share * most for share in shares]
    split = [Guise(moved=share, price=price) for share in shares if share < 1 for price in (None, *prices)]
    orders = [(price, size) for size in sizes for price in prices]
    added = [*(Guise(bid=order) for order in orders), *(Guise(ask=order) for order in orders)]
    return [*split, *added, *(Guise(bid=(max(prices), size), ask=(min(prices), size)) for size in sizes)]


def under(player: Player, guise: Guise) -> tuple[OrderBook, tuple[np.ndarray, np.ndarray]]:
    """The book with an agent's false names in it, and which of its bids and asks are the agent's.

    Parameters
    ----------
    player : Player
    guise : Guise

    Returns
    -------
    (OrderBook, (bool array, bool array))
        Names are numbers; those of the others stay apart as they were.

    Examples
    --------
    >>> from tefoundations.market.audits.misreports import players
    >>> [player] = players(OrderBook.of(bids=[(9, 2)]))
    >>> book, (mine, _) = under(player, Guise(moved=0.25, price=5, bid=(7, 1)))
    >>> book.bids.price, book.bids.quantity, book.bids.agents, mine
    (array([9., 5., 7.]), array([1.5, 0.5, 1. ]), array([0, 1, 2]), array([ True,  True,  True]))
    """
    codes, count = _codes(player.book)
    sides, mine = [], []
    for orders, own, code, added in zip(
        (player.book.bids, player.book.asks), (player.bids, player.asks), codes, (guise.bid, guise.ask)
    ):
        price, quantity = orders.price, orders.quantity.copy()
        moved = own if guise.moved else own[:0]
        quantity[moved] *= 1 - guise.moved
        said = orders.price[moved] if guise.price is None else np.full(len(moved), guise.price)
        extra = np.array([added] if added else []).reshape(-1, 2)
        name = count + 1 + (orders.side == "sell")
        sides.append(
            derived(
                orders.side,
                np.concatenate([price, said, extra[:, 0]]),
                np.concatenate([quantity, orders.quantity[moved] * guise.moved, extra[:, 1]]),
                np.concatenate([code, np.full(len(moved), count), np.full(len(extra), name)]),
                _last(orders.bus, moved, len(extra), _home(player)),
                _last(orders.time, moved, len(extra)),
            )
        )
        all_mine = np.zeros(len(sides[-1]), dtype=bool)
        all_mine[own] = all_mine[len(orders) :] = True
        mine.append(all_mine)
    return OrderBook(*sides), (mine[0], mine[1])


def gain(player: Player, guise: Guise, mechanism: Callable) -> float:
    """What an agent gains with false names, counted by its true orders (see `Player.worth`).

    Parameters
    ----------
    player : Player
    guise : Guise
    mechanism : callable
        Takes an OrderBook, returns a Clearing.

    Returns
    -------
    float
        In ct; minus infinity where it would sell what it does not have.
    """
    book, (bids, asks) = under(player, guise)
    clearing = cleared(mechanism, book)
    worth = player.worth(clearing.bid_quantity[bids].sum(), clearing.ask_quantity[asks].sum())
    return worth + float(clearing.ask_receipt[asks].sum() - clearing.bid_payment[bids].sum())


def told(player: Player, guise: Guise) -> str:
    """A use of false names in words.

    Parameters
    ----------
    player : Player
    guise : Guise

    Returns
    -------
    str

    Examples
    --------
    >>> from tefoundations.market.audits.misreports import players
    >>> [player] = players(OrderBook.of(bids=[("home1", 9, 2)]))
    >>> told(player, Guise(moved=0.25, price=5))
    'home1 gives 25% of its orders under a second name, at 5 ct/kWh'
    >>> told(player, Guise(bid=(7, 1)))
    'home1 adds a bid for 1 kWh at 7 ct/kWh under a second name'
    """
    if guise.moved:
        said = "its prices" if guise.price is None else f"{guise.price:.6g} ct/kWh"
        return f"{player.name} gives {guise.moved:.0%} of its orders under a second name, at {said}"
    added = [
        f"{kind} for {order[1]:.6g} kWh at {order[0]:.6g} ct/kWh"
        for kind, order in (("a bid", guise.bid), ("an ask", guise.ask))
        if order
    ]
    return f"{player.name} adds {' and '.join(added)} under {'two more names' if len(added) > 1 else 'a second name'}"


def _codes(book):
    """A number for each agent on each side, and how many there are; agents without a given name are nobody else's."""
    sides = book.bids, book.asks
    apart = any(orders.agents is None for orders in sides)
    number = {}
    codes = [
        np.array(
            [number.setdefault((orders.side if apart else "", agent), len(number)) for agent in orders.agent], dtype=int
        )
        for orders in sides
    ]
    return codes, len(number)


def _last(column, moved, count, value=None):
    """A column with the entries of the orders that moved, and new ones: the value given, or else the last there is."""
    if column is None:
        return None
    new = [(column.max() if len(column) else 0) if value is None else value] * count
    return np.concatenate([column, column[moved], np.array(new, dtype=column.dtype)])


def _home(player):
    """Where the agent is connected; None where no places are known."""
    for orders, mine in ((player.book.bids, player.bids), (player.book.asks, player.asks)):
        if orders.bus is not None and len(mine):
            return orders.bus[mine[0]]
    return None
