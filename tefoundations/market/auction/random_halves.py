"""Two halves that price each other: an honest auction for whole curves, without a deficit."""

import numpy as np

from tefoundations.inputs import generator
from tefoundations.market.agents import refuse_both_sides
from tefoundations.market.auction.turns import line_of, serve
from tefoundations.market.clearing import Clearing, one_price
from tefoundations.market.crossing import cross, supporting_prices
from tefoundations.market.orders import OrderBook, derived


def muda(book: OrderBook, *, rng: np.random.Generator | int) -> Clearing:
    """Clear a double auction by random halving: honest, balanced, and efficient only in large markets.

    A coin sends each agent to one of two halves. Each half names the midpoint price of its own double auction, and the
    *other* half trades at it. There, agents come in random order and take what they want at that price for as long as
    the other side lasts. Nobody's orders move the price it pays or its place in the line, so honesty is a dominant
    strategy for whole curves, and all money goes from buyers to sellers.

    Parameters
    ----------
    book : OrderBook
        Bids and asks; prices in ct/kWh, quantities in kWh. Several orders of one agent on one side are its curve.
    rng : numpy.random.Generator or int
        Source of chance, or its seed. With a seed the halves are the same in every call, as `audit` needs it.

    Returns
    -------
    Clearing
        Budget 0. `price` is nan unless both halves trade at one price. A half trades only if the other names a price:
        it needs an order on each side.

    Raises
    ------
    InvalidInput
        An agent stands on both sides.

    References
    ----------
    Segal-Halevi, E., Hassidim, A. and Aumann, Y. (2018), "MUDA: a truthful multi-unit double-auction mechanism",
    Proceedings of the AAAI Conference on Artificial Intelligence 32(1), the lottery variant.

    Examples
    --------
    No trade:

    >>> from tefoundations.market import OrderBook
    >>> muda(OrderBook.of(bids=[(4, 1)], asks=[(6, 1)]), rng=0)
    Clearing(MUDA: no trade)

    Twenty buyers and twenty sellers of 2 kWh pay half of the welfare for honesty:

    >>> from tefoundations.market import uniform_price
    >>> book = OrderBook.of([(price, 2) for price in range(5, 25)], [(price, 2) for price in range(1, 21)])
    >>> c = muda(book, rng=0)
    >>> c.budget, c.welfare, uniform_price(book).welfare
    (0.0, 142.0, 288.0)
    """
    refuse_both_sides(book, "muda")
    rng = generator(rng)
    buyers, sellers = (orders.owner.max(initial=-1) + 1 for orders in (book.bids, book.asks))
    half, place = rng.integers(0, 2, buyers + sellers), rng.permutation(buyers + sellers)
    split = half[:buyers], half[buyers:]
    names = [_named(_half(book, split, which)) for which in (0, 1)]

    traded = []
    for orders, ask, halves in ((book.bids, False, split[0]), (book.asks, True, split[1])):
        price = np.array([names[1 - which] for which in halves])[orders.owner] if len(orders) else np.zeros(0)
        wanted = orders.price <= price if ask else orders.price >= price  # a price of nan suits nobody
        traded.append((np.where(wanted, orders.quantity, 0.0), price))
    (bid_quantity, bid_price), (ask_quantity, ask_price) = traded
    for which in (0, 1):
        mine = [halves[orders.owner] == which for halves, orders in zip(split, (book.bids, book.asks))]
        most = min(bid_quantity[mine[0]].sum(), ask_quantity[mine[1]].sum())
        lines = line_of(book.bids, place[:buyers]), line_of(book.asks, place[buyers:])
        for line, own, quantity in zip(lines, mine, (bid_quantity, ask_quantity)):
            serve(line[own[line]], quantity, most)
    bid_price, ask_price = (np.where(q > 0, p, np.nan) for q, p in ((bid_quantity, bid_price), (ask_quantity, ask_price)))
    return Clearing(
        book,
        "MUDA",
        bid_quantity,
        ask_quantity,
        bid_price,
        ask_price,
        one_price(np.concatenate([bid_price, ask_price]), of=np.concatenate([book.bids.price, book.asks.price])),
        supporting_prices(book, bid_quantity, ask_quantity),
        _rule(names[1], names[0]),
    )


def _rule(one, other):
    """The prices of the halves in words."""
    if np.isnan([one, other]).all():
        return "Price: neither half names a price for the other."
    if np.isnan([one, other]).any():
        return f"Price: one half trades at {np.nanmin([one, other]):g}, named by the other; the other is named none."
    return f"Price: the halves trade at {one:g} and {other:g}, each named by the other."


def _half(book, split, which):
    """The book of one half."""
    halves = []
    for orders, mine in ((book.bids, split[0] == which), (book.asks, split[1] == which)):
        own = mine[orders.owner]
        columns = (orders.price, orders.quantity, orders.agents, orders.bus, orders.time)
        halves.append(derived(orders.side, *(None if column is None else column[own] for column in columns)))
    return OrderBook(*halves)


def _named(book):
    """The price a half names (ct/kWh): the middle of its price interval, nan where the interval has no two ends."""
    middle = sum(cross(book).interval) / 2
    return middle if np.isfinite(middle) else float("nan")
