"""Markets on a network: orders at buses, one price a bus.

On a network quantities are MW, in one hour, and prices are money per MWh, as in the grid rooms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput, InvalidOrder
from tefoundations.inputs import instance
from tefoundations.market.agents import check_book, owned, refuse_both_sides
from tefoundations.market.clearing import Clearing, one_price
from tefoundations.market.crossing import margins_of, supporting_prices
from tefoundations.programmes import NEAR

if TYPE_CHECKING:
    from tefoundations.grid import Network
    from tefoundations.market.orders import OrderBook

__all__ = ["nodal", "nodal_vcg"]

ONE = 1e-7  # share of the highest: prices nearer than this are one price


def nodal(book: OrderBook, net: Network, *, susceptance: str = "x_tap") -> Clearing:
    """Clear a book whose orders stand at buses: the largest welfare that the lines allow, one price a bus.

    A DC optimal power flow chooses the trades. Each order pays or receives the price of its bus (LMP): what one more
    megawatt there would cost. Where a line is full, prices part, and what buyers pay exceeds what sellers receive: the
    congestion rent is the operator's.

    Parameters
    ----------
    book : OrderBook
        Bids and asks with a bus each; prices in $/MWh, quantities in MW. An agent may stand on both sides.
    net : Network
        Its buses and lines. Its own loads, generators and bids take no part.
    susceptance : {"x_tap", "x", "r_x"}
        As in `tefoundations.grid.dc_opf`.

    Returns
    -------
    Clearing
        `price` is nan where prices differ, `price_interval` then (nan, nan): no uniform price supports these trades.
        `budget` is the congestion rent. Orders of one price at one bus share in no stated order.

    Raises
    ------
    InvalidInput
        What is no book or no network.
    InvalidOrder
        An order without a bus, or at a bus that the network does not have; names side and row.

    References
    ----------
    Bohn, R. E., Caramanis, M. C. and Schweppe, F. C. (1984), "Optimal pricing in electrical networks over space and
    time", RAND Journal of Economics 15(3), 360-376; Hogan, W. W. (1992), "Contract networks for electric power
    transmission", Journal of Regulatory Economics 4, 211-242.

    Examples
    --------
    No trade:

    >>> import pandas as pd
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> from tefoundations.market import OrderBook
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> def orders(*rows):
    ...     return OrderBook.from_frame(pd.DataFrame(rows, columns=["side", "bus", "price", "quantity"]))
    >>> nodal(orders(("buy", 2, 4, 10), ("sell", 1, 6, 10)), net)
    Clearing(nodal: no trade)

    Half of what bus 1 sends to bus 2 takes the direct line. With room for 45 MW there, 90 MW can come, and the rest is
    bought nearby:

    >>> from dataclasses import replace
    >>> tight = replace(net, lines=replace(net.lines, limit=np.array([45.0, np.inf, np.inf])))
    >>> c = nodal(orders(("buy", 2, 50, 100), ("sell", 1, 10, 200), ("sell", 2, 30, 200)), tight)
    >>> c.ask_quantity.round(6), c.ask_price.round(6), round(c.budget, 6)
    (array([90., 10.]), array([10., 30.]), 1800.0)
    """
    dispatch = _Market(book, net, susceptance).clear()
    return _clearing(book, "nodal", dispatch, "Price: each order that of its bus: {}.", *_bus_prices(book, dispatch))


def nodal_vcg(book: OrderBook, net: Network, *, susceptance: str = "x_tap") -> Clearing:
    """VCG on a network: everybody pays for the harm it does to the others, found by dispatching again without it.

    Parameters
    ----------
    book : OrderBook
        Bids and asks with a bus each; prices in $/MWh, quantities in MW. Several orders of one agent on one side are its
        curve, at one bus or several.
    net : Network
        Its buses and lines. Its own loads, generators and bids take no part.
    susceptance : {"x_tap", "x", "r_x"}
        As in `tefoundations.grid.dc_opf`.

    Returns
    -------
    Clearing
        The money of an agent is spread evenly over its traded MW. `budget` may be of either sign: the congestion rent
        works against the deficit that VCG has without a network.

    Raises
    ------
    InvalidInput
        What is no book or no network; an agent stands on both sides.
    InvalidOrder
        An order without a bus, or at a bus that the network does not have; names side and row.

    References
    ----------
    Vickrey, W. (1961), "Counterspeculation, auctions, and competitive sealed tenders", Journal of Finance 16(1), 8-37,
    sections I and IV; Clarke (1971) and Groves (1973) as in `vcg`.

    Examples
    --------
    No trade:

    >>> import pandas as pd
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network
    >>> from tefoundations.market import OrderBook
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> rows = [("buy", 2, 4, 10), ("sell", 1, 6, 10)]
    >>> nodal_vcg(OrderBook.from_frame(pd.DataFrame(rows, columns=["side", "bus", "price", "quantity"])), net)
    Clearing(VCG on a network: no trade)

    Two people and lines with room to spare: as without a network, a deficit of all the gains.

    >>> rows = [("buy", 2, 10, 1), ("sell", 1, 4, 1)]
    >>> c = nodal_vcg(OrderBook.from_frame(pd.DataFrame(rows, columns=["side", "bus", "price", "quantity"])), net)
    >>> c.bid_payment.round(6), c.ask_receipt.round(6), round(c.budget, 6)
    (array([4.]), array([10.]), -6.0)
    """
    refuse_both_sides(book, "nodal_vcg")
    market = _Market(book, net, susceptance)
    dispatch = market.clear()
    prices = []
    for side, traded in (("bids", dispatch.demand), ("asks", dispatch.generation)):
        orders, sign = getattr(book, side), 1 if side == "bids" else -1
        price = np.full(len(orders), np.nan)
        for mine in owned(orders).values():
            if (traded[mine] > _dust(book, orders)[mine]).any():
                price[mine] = sign * _harm(book, dispatch, market.without(side, mine), side, mine) / traded[mine].sum() + 0.0
        prices.append(price)
    rule = "Price: each agent pays the harm it does to the others."
    return _clearing(book, "VCG on a network", dispatch, rule, *prices)


class _Market:
    """A book on the wires of a network, asks as generators, kept warm so that it can be cleared without some orders."""

    def __init__(self, book, net, susceptance):
        check_book(book)
        for orders in (book.bids, book.asks):
            bus_positions(orders, net)
        self.book, (bids, asks) = book, (book.bids, book.asks)
        generators = {"bus": _buses(asks), "p_max": asks.quantity, "cost": asks.price}
        demand = {"bus": _buses(bids), "p_max": bids.quantity, "value": bids.price}
        buses, lines = {"bus": list(net.buses.bus)}, net.to_frames()["lines"]
        from tefoundations.grid import DispatchModel, Network

        market = Network.from_frames(buses, lines, generators, demand, base=net.base, slack=net.slack)
        self.model = DispatchModel(market, susceptance=susceptance)

    def clear(self):
        """Dispatch of the whole book."""
        return self.model.solve()

    def without(self, side, mine):
        """Dispatch of the book in which some orders of one side, "bids" or "asks", want nothing."""
        left = getattr(self.book, side).quantity.copy()
        left[mine] = 0.0
        return self.model.solve(offers={"bids" if side == "bids" else "generators": {"p_max": left}})


def _buses(orders):
    return [] if orders.bus is None else list(orders.bus)


def bus_positions(orders, net):
    """Where the orders stand, or the row that stands nowhere."""
    from tefoundations.grid import Network

    instance(net, Network, "net", advice="Network.from_frames makes one")
    if orders.bus is None and len(orders):
        raise InvalidOrder(
            "is missing: a market on a network needs one for each order", table=_table(orders), row=0, column="bus"
        )
    where = np.zeros(len(orders), dtype=int)
    for row, bus in enumerate(_buses(orders)):
        try:
            where[row] = net.position(bus)
        except InvalidInput:
            raise InvalidOrder("is not in the network", table=_table(orders), row=row, column="bus", value=bus) from None
    return where


def _table(orders):
    return "bids" if orders.side == "buy" else "asks"


def _bus_prices(book, dispatch):
    return dispatch.lmp[dispatch.net.bids.at], dispatch.lmp[dispatch.net.generators.at]


def _harm(book, dispatch, without, side, mine):
    """What the others have more where some orders of one side are gone, summed over what changes: the rest drowns it."""
    more = {"bids": without.demand - dispatch.demand, "asks": without.generation - dispatch.generation}
    more[side][mine] = 0.0
    return float(book.bids.price @ more["bids"] - book.asks.price @ more["asks"])


def _dust(book, orders):
    """Rounding of the solver is no trade: a share of what each order could trade with the other side (MW)."""
    other = book.asks if orders is book.bids else book.bids
    return NEAR * np.minimum(orders.quantity, other.quantity.sum())


def _clearing(book, mechanism, dispatch, rule, bid_price, ask_price):
    traded = []
    for q, side in ((dispatch.demand, book.bids), (dispatch.generation, book.asks)):
        some, all_of_it = q > _dust(book, side), q >= (1 - NEAR) * side.quantity
        traded.append(np.where(all_of_it, side.quantity, np.where(some, q, 0.0)))
    bid_price, ask_price = (np.where(q > 0, price, np.nan) for q, price in zip(traded, (bid_price, ask_price)))
    price, nothing = one_price(np.concatenate([bid_price, ask_price]), share=ONE), not any(q.any() for q in traded)
    return Clearing(
        book,
        mechanism,
        *traded,
        bid_price,
        ask_price,
        price,
        supporting_prices(book, *traded),
        rule.format("prices part where a line is full" if np.isnan(price) else "one for all"),
        margins_of(book, *traded) if nothing else (),
    )
