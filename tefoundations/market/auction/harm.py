"""What each agent's trades cost the others, counted from the margin on.

Who leaves frees what it bought. The best the others can make of it: each kWh goes to the best bid left, or is not produced
by the dearest ask that trades, whichever is worth more. A seller who leaves is replaced in the same way, by the cheapest ask
left or by serving the poorest bid no longer. So the harm is a sum over the orders next to the margin; no two sums over the
whole book are subtracted, and an agent of a few watts beside a power station keeps its digits.
"""

import numpy as np


def harm_of_each(book, crossing, side):
    """What the others lose by what each agent of one side buys, or gain by what it sells.

    Parameters
    ----------
    book : OrderBook
    crossing : Crossing
        Its efficient trades.
    side : {"bids", "asks"}

    Returns
    -------
    (agents,) float array
        In ct; agents of that side in the order of their first order.

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> from tefoundations.market.crossing import cross
    >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
    >>> harm_of_each(book, cross(book), "bids"), harm_of_each(book, cross(book), "asks")
    (array([8., 8., 0.]), array([9., 9., 0.]))
    """
    mine, others = (book.bids, book.asks) if side == "bids" else (book.asks, book.bids)
    traded, met = crossing.bid_quantity, crossing.ask_quantity
    if side == "asks":
        traded, met = met, traded
    agents = mine.owner.max(initial=-1) + 1
    # Next to the margin: what its own side still wants to trade, and what the other side might give up.
    price = np.concatenate([mine.price, others.price])
    quantity = np.concatenate([mine.quantity - traded, met])
    owner = np.concatenate([mine.owner, np.full(len(met), agents)])
    order = np.argsort(-price if side == "bids" else price, kind="stable")
    order = order[quantity[order] > 0]
    price, quantity, owner = price[order], quantity[order], owner[order]
    amount = np.bincount(mine.owner, weights=traded, minlength=agents)
    harm, last = _sum_up_to(price, quantity, amount)
    first = np.full(agents + 1, len(order))
    np.minimum.at(first, owner, np.arange(len(order)))
    for agent in np.flatnonzero((first[:agents] <= last) & (amount > 0)):  # its own orders leave with it
        beyond, found = int(last[agent]) + 1, False
        while not found:  # as far as the others reach: their sum, not one in which its own orders would drown them
            others = np.flatnonzero(owner[:beyond] != agent)
            found = beyond >= len(order) or quantity[others].sum() >= amount[agent]
            beyond *= 2
        harm[agent] = _sum_up_to(price[others], quantity[others], amount[[agent]])[0][0]
    return harm


def price_of_harm(orders, traded, harm):
    """Price of each order of one side: its agent's payment or receipt, spread evenly over the kWh the agent trades.

    Parameters
    ----------
    orders : Orders
    traded : (n,) float array
        Energy of each order (kWh).
    harm : (agents,) float array
        What each agent pays or receives (ct).

    Returns
    -------
    (n,) float array
        ct/kWh; nan where nothing is traded.

    Examples
    --------
    >>> from tefoundations.market import OrderBook
    >>> price_of_harm(OrderBook.of(bids=[("a", 9, 1), ("a", 8, 1), ("b", 5, 1)]).bids, np.array([1, 1, 0]), [10, 0])
    array([ 5.,  5., nan])
    """
    owner = orders.owner
    quantity = np.bincount(owner, weights=traded, minlength=len(harm))
    price = harm / np.where(quantity > 0, quantity, np.nan)
    return np.where(traded > 0, price[owner], np.nan)


def _sum_up_to(price, quantity, amounts):
    """Price times quantity of the first so many kWh, for each amount; and the position of the last order reached."""
    if not len(price):
        return np.zeros(len(amounts)), np.zeros(len(amounts), dtype=int)
    reached, worth = (np.concatenate([[0.0], np.cumsum(part)]) for part in (quantity, price * quantity))
    last = np.minimum(np.searchsorted(reached[1:], amounts), len(price) - 1)
    return worth[last] + price[last] * (amounts - reached[last]), last
