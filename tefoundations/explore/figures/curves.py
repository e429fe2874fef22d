"""Figures of a market: the curves of demand and supply, the order book as a ladder, the prices of a session."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.explore.engine.theme import DASH, MARKER, PATTERN, PRICE, REJECTED, ROLES, fade, figure, filled
from tefoundations.explore.figures.arguments import ends, read_book, read_clearing
from tefoundations.inputs import instance, number, numbers

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from tefoundations.market import Clearing, OrderBook, Session

QUANTITY = "Quantity (kWh)"
UNIT_PRICE = "Price (ct/kWh)"


def window(book, quantity_range=None, price_range=None):
    """Return the part of the plane a market is drawn in: all orders, and both axes.

    Parameters
    ----------
    book : OrderBook
        The orders.
    quantity_range, price_range : (low, high), optional
        Fixed ends (kWh, ct/kWh), so that axes stand still while a slider moves.

    Returns
    -------
    tuple of list
        ([left, right], [bottom, top]).
    """
    prices = np.concatenate([book.bids.price, book.asks.price, [0.0]])
    widest = max(book.bids.quantity.sum(), book.asks.quantity.sum()) or 1.0
    span = np.ptp(prices) or 1.0
    bottom, top = prices.min() - (prices.min() < 0) * 0.1 * span, prices.max() + 0.1 * span
    across, up = ends(quantity_range, "quantity_range"), ends(price_range, "price_range")
    return across or [0.0, 1.05 * widest], up or [bottom, top]


def curve(orders, end):
    """Return the step curve of one side as corners: from each corner right, then up or down to the next.

    Parameters
    ----------
    orders : Orders
        One side of the book.
    end : float
        Price (ct/kWh) at which the curve ends once its quantity is used up.

    Returns
    -------
    tuple of (n + 1,) arrays
        Quantity (kWh) and price; both empty without orders.
    """
    if not len(orders.price):
        return np.array([]), np.array([])
    best = orders.priority
    return np.append(0.0, np.cumsum(orders.quantity[best])), np.append(orders.price[best], end)


def curve_traces(book, floor, ceiling, **more):
    """Return demand and supply as plotly traces.

    Parameters
    ----------
    book : OrderBook
        The orders.
    floor, ceiling : float
        Price (ct/kWh) to which demand falls and supply rises once all quantity is used up.
    **more
        Entries added to both traces.

    Returns
    -------
    list of dict
    """
    traces = []
    for name, role, orders, end in (("Demand", "demand", book.bids, floor), ("Supply", "supply", book.asks, ceiling)):
        x, y = curve(orders, end)
        line = {"shape": "hv", "width": 3, "color": ROLES[role], "dash": DASH[role]}
        traces.append({
            "type": "scatter", "mode": "lines", "name": name, "x": x.tolist(), "y": y.tolist(), "line": line,
            **_orders(orders), **more,
        })  # fmt: skip
    return traces


def _orders(orders):
    """Whose order each step is, for who points at it and for the table of numbers; the last corner ends the last step."""
    best = orders.priority
    rows = [
        [f"{agent}: {quantity:.4g}", f"{price:.4g}"]
        for agent, quantity, price in zip(orders.agent[best], orders.quantity[best], orders.price[best])
    ]
    hover = "%{customdata[0]} at %{customdata[1]}<extra>%{fullData.name}</extra>"
    return {"customdata": rows + rows[-1:], "meta": {"rows": len(rows)}, "hovertemplate": hover}


def step_curves(
    book: OrderBook,
    clearing: Clearing | None = None,
    *,
    quantity_range: tuple[float, float] | None = None,
    price_range: tuple[float, float] | None = None,
    quantity_title: str = QUANTITY,
    price_title: str = UNIT_PRICE,
    level: tuple[str, float] | None = None,
) -> go.Figure:
    """Draw demand and supply as steps and, if given, where they meet.

    Parameters
    ----------
    book : OrderBook
        The orders (kWh, ct/kWh).
    clearing : Clearing, optional
        What a mechanism made of the book: the traded quantity and price are marked, and the interval of prices that
        clear the market is a band where it has a width.
    quantity_range, price_range : (low, high), optional
        Fixed axes (kWh, ct/kWh); default what the orders need.
    quantity_title, price_title : str
        Axis titles with units.
    level : (name, price), optional
        A price that somebody names (ct/kWh), such as a threshold: a line across, as a fifth trace.

    Returns
    -------
    plotly.graph_objects.Figure
        Four traces: Clearing prices, Demand, Supply, Traded; the first and the last are empty where there is nothing to
        mark. Each step of a curve says whose order it is: agent, quantity, price.

    Raises
    ------
    InvalidInput
        What is no book, no clearing of it, no pair of ends or no title.

    Examples
    --------
    >>> from tefoundations.market import OrderBook, uniform_price
    >>> nothing = OrderBook.of(bids=[(4, 1)], asks=[(6, 1)])
    >>> [len(trace.x) for trace in step_curves(nothing, uniform_price(nothing)).data]
    [0, 2, 2, 0]
    >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
    >>> band, demand, supply, traded = step_curves(book, uniform_price(book)).data
    >>> demand.x, demand.y
    ((0.0, 1.0, 2.0, 3.0), (12.0, 10.0, 8.0, 0.0))
    >>> traded.x, traded.y
    ((0.0, 2.0, 2.0), (8.5, 8.5, 0.0))
    >>> band.y
    (8.0, 8.0, 9.0, 9.0)
    """
    read_book(book)
    if clearing is not None:
        read_clearing(clearing, book)
    across, up = window(book, quantity_range, price_range)
    band, traded = ([], []), ([], [])
    if clearing is not None and clearing.quantity > 0:
        low, high = clearing.price_interval
        if np.isfinite([low, high]).all() and low < high:
            band = [0.0, clearing.quantity, clearing.quantity, 0.0], [low, low, high, high]
        priced = np.isfinite(clearing.price)
        traded = [0.0, clearing.quantity, clearing.quantity], [clearing.price, clearing.price, up[0]]
        if not priced:  # pay-as-bid and the like: a quantity, but no single price to put the mark at
            traded = [clearing.quantity] * 3, [up[1], nan, up[0]]
    traces = [
        _band(*band),  # first, so that it lies under the curves
        *curve_traces(book, up[0], up[1]),
        {
            "type": "scatter", "mode": "lines+markers", "name": "Traded", "x": traded[0], "y": traded[1],
            "line": {"color": PRICE, "width": 2, "dash": DASH["price"]},
            "marker": {"color": PRICE, "symbol": MARKER["price"], "size": [0, 12, 0]},
        },
    ]  # fmt: skip
    if level is not None:
        name, price = level
        traces.append({
            "type": "scatter", "mode": "lines", "name": str(name), "x": list(across), "y": [number(price, "level")] * 2,
            "line": {"color": ROLES["operator"], "width": 2, "dash": DASH["operator"]},
        })  # fmt: skip
    return figure(traces, quantity_title, price_title, xaxis_range=across, yaxis_range=up)


def order_book(
    book: OrderBook, clearing: Clearing | None = None, *, quantity_title: str = QUANTITY, price_title: str = UNIT_PRICE
) -> go.Figure:
    """Draw the order book as a ladder: one row a price, the quantity wanted or offered at it as a bar.

    Parameters
    ----------
    book : OrderBook
        The orders (kWh, ct/kWh).
    clearing : Clearing, optional
        Splits each bar into what is traded (full) and what is left (dotted).
    quantity_title, price_title : str
        Axis titles with units.

    Returns
    -------
    plotly.graph_objects.Figure
        Four traces: Bids and Asks, then what is left of each; without clearing the last two are empty.

    Raises
    ------
    InvalidInput
        What is no book, no clearing of it or no title.

    Examples
    --------
    >>> from tefoundations.market import OrderBook, uniform_price
    >>> book = OrderBook.of(bids=[(12, 1), (10, 2), (10, 1)], asks=[(9, 2)])
    >>> bids, asks, bids_left, asks_left = order_book(book, uniform_price(book)).data
    >>> list(zip(bids.y, bids.x, bids_left.x))
    [('10', 1.0, 2.0), ('12', 1.0, 0.0)]
    """
    read_book(book)
    if clearing is not None:
        read_clearing(clearing, book)
    words = ("Bids", "Asks") if clearing is None else ("Bids, traded", "Asks, traded")
    full, left = [], []
    for name, role, side, done in zip(words, ("demand", "supply"), ("bids", "asks"), ("bid_quantity", "ask_quantity")):
        orders = getattr(book, side)
        traded = orders.quantity if clearing is None else getattr(clearing, done)
        levels, row = np.unique(orders.price, return_inverse=True)
        labels = [f"{level:g}" for level in levels]
        bar = {"type": "bar", "orientation": "h", "y": labels if clearing is not None else []}
        amounts = [np.bincount(row, weights=w, minlength=len(levels)).tolist() for w in (traded, orders.quantity - traded)]
        faint = {
            "color": fade(role, 0.12), "line": {"color": ROLES[role], "width": 1.5},
            "pattern": {"shape": PATTERN["rejected"], "fgcolor": ROLES[role], "size": 6},
        }  # fmt: skip
        full.append({**bar, "name": name, "x": amounts[0], "y": labels, "marker": filled(role)})
        left.append({**bar, "name": f"{side.capitalize()}, left", "x": amounts[1] if bar["y"] else [], "marker": faint})
    prices = np.unique(np.concatenate([book.bids.price, book.asks.price]))
    ladder = {"type": "category", "categoryorder": "array", "categoryarray": [f"{price:g}" for price in prices]}
    return figure([*full, *left], quantity_title, price_title, barmode="stack", yaxis=ladder, legend_traceorder="normal")


def session_prices(
    session: Session,
    interval: tuple[float, float] | None = None,
    *,
    trade_title: str = "Trade",
    price_title: str = UNIT_PRICE,
) -> go.Figure:
    """Draw the prices of a session, trade by trade.

    Parameters
    ----------
    session : Session
        What happened (ct/kWh).
    interval : (low, high), optional
        Prices that would clear the same orders at once (`Clearing.price_interval`, ct/kWh), as a band.
    trade_title, price_title : str
        Axis titles.

    Returns
    -------
    plotly.graph_objects.Figure
        Two traces: Clearing prices (empty without interval) and Price of each trade.

    Raises
    ------
    InvalidInput
        What is no session, no interval or no title.

    Examples
    --------
    >>> from tefoundations.market import OrderBook, zero_intelligence
    >>> session = zero_intelligence(OrderBook.of(bids=[(9, 1)], asks=[(1, 1)]), rng=0)
    >>> session_prices(session).data[1].x
    (1,)
    """
    from tefoundations.market import Session

    instance(session, Session, "session", advice="a rule of continuous trade makes one")
    count = len(session.price)
    across = (0.5, count + 0.5)
    band = ([], [])
    # Without trade there is no interval: its ends may be nan or infinite.
    low, high = (np.nan, np.nan) if interval is None else _interval(interval)
    if np.isfinite([low, high]).all():
        band = [across[0], across[1], across[1], across[0]], [low, low, high, high]
    traces = [
        _band(*band),
        {
            "type": "scatter", "mode": "lines+markers", "name": "Price of each trade",
            "x": list(range(1, count + 1)), "y": np.asarray(session.price, float).tolist(),
            "line": {"color": REJECTED, "width": 1}, "marker": {"color": PRICE, "symbol": MARKER["price"], "size": 9},
        },
    ]  # fmt: skip
    return figure(traces, trade_title, price_title, xaxis_range=across, yaxis_rangemode="tozero")


def _interval(interval):
    return numbers(interval, "interval", count=2, missing=True, infinite=True, place="end").tolist()


def _band(x, y):
    return {
        "type": "scatter", "mode": "lines", "name": "Clearing prices", "x": x, "y": y, "fill": "toself",
        "fillcolor": fade("price"), "line": {"color": PRICE, "width": 1}, "hoverinfo": "skip", "legendrank": 1001,
    }  # fmt: skip
