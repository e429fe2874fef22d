"""Figures of who gains: surplus as areas between the curves, and as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.explore.engine.theme import PATTERN, ROLES, fade, figure, filled
from tefoundations.explore.figures.arguments import read_clearing
from tefoundations.explore.figures.curves import QUANTITY, UNIT_PRICE, curve_traces, window

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from tefoundations.market import Clearing

MONEY = "Gain (ct)"


def surplus_areas(
    clearing: Clearing,
    *,
    quantity_range: tuple[float, float] | None = None,
    price_range: tuple[float, float] | None = None,
    quantity_title: str = QUANTITY,
    price_title: str = UNIT_PRICE,
    money: str = "ct",
) -> go.Figure:
    """Draw the gains from trade as areas: value above what buyers pay, receipts above what delivery costs.

    Parameters
    ----------
    clearing : Clearing
        The result of any mechanism (kWh, ct/kWh).
    quantity_range, price_range : (low, high), optional
        Fixed axes (kWh, ct/kWh); default what the orders need.
    quantity_title, price_title : str
        Axis titles with units.
    money : str
        Unit of the amounts in the legend.

    Returns
    -------
    plotly.graph_objects.Figure
        Five traces: the areas of buyers, sellers and operator (the last empty where the budget is zero), then Demand
        and Supply.

    Raises
    ------
    InvalidInput
        What is no clearing or no title.

    Examples
    --------
    >>> from tefoundations.market import OrderBook, uniform_price
    >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
    >>> buyers, sellers, operator, *_ = surplus_areas(uniform_price(book)).data
    >>> buyers.name, sellers.name, operator.x
    ('Buyers gain 5 ct', 'Sellers gain 5 ct', ())
    >>> buyers.x
    (0.0, 1.0, 1.0, 2.0, 2.0, 0.0, 0.0)
    >>> buyers.y
    (12.0, 12.0, 10.0, 10.0, 8.5, 8.5, 12.0)
    """
    read_clearing(clearing)
    bids, asks = clearing.book.bids, clearing.book.asks
    value, paid, bought = _in_order(bids, clearing.bid_price, clearing.bid_quantity)
    cost, received, sold = _in_order(asks, clearing.ask_price, clearing.ask_quantity)
    budget = clearing.budget
    # Money below a millionth of the welfare is rounding, not a budget.
    kept = abs(budget) > 1e-6 * max(abs(clearing.welfare), 1e-12)
    areas = [
        (f"Buyers gain {clearing.buyer_surplus:.4g} {money}", "demand", _area(bought, value, bought, paid)),
        (f"Sellers gain {clearing.seller_surplus:.4g} {money}", "supply", _area(sold, received, sold, cost)),
        (
            f"Operator {'keeps' if budget > 0 else 'pays'} {abs(budget):.4g} {money}",
            "operator",
            _area(bought, paid, sold, received) if kept else ([], []),
        ),
    ]
    across, up = window(clearing.book, quantity_range, price_range)
    traces = [
        {
            "type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "fill": "toself", "fillcolor": fade(role),
            "fillpattern": {"shape": PATTERN[role], "size": 10, "solidity": 0.15, "fgcolor": ROLES[role],
                            "bgcolor": fade(role)},
            "line": {"color": ROLES[role], "width": 1}, "hoverinfo": "skip",
        }
        for name, role, (x, y) in areas
    ]  # fmt: skip
    traces += curve_traces(clearing.book, up[0], up[1], showlegend=False)
    return figure(traces, quantity_title, price_title, xaxis_range=across, yaxis_range=up)


def surplus_bars(clearings: Clearing | dict[str, Clearing], *, money_title: str = MONEY) -> go.Figure:
    """Draw who gains under one or several mechanisms: buyers, sellers and the operator.

    Parameters
    ----------
    clearings : Clearing or dict of str to Clearing
        One result, or several by name.
    money_title : str
        Axis title with unit.

    Returns
    -------
    plotly.graph_objects.Figure
        Three traces of bars (ct), one bar for each result; an operator below zero has a deficit.

    Raises
    ------
    InvalidInput
        What is no clearing or no title.

    Examples
    --------
    >>> from tefoundations.market import OrderBook, pay_as_bid, uniform_price
    >>> book = OrderBook.of(bids=[(12, 1), (10, 1), (8, 1)], asks=[(5, 1), (7, 1), (9, 1)])
    >>> bars = surplus_bars({"uniform": uniform_price(book), "pay-as-bid": pay_as_bid(book)})
    >>> [(bar.name, bar.y) for bar in bars.data]
    [('Buyers', (5.0, 0.0)), ('Sellers', (5.0, 0.0)), ('Operator', (0.0, 10.0))]
    """
    named = clearings if isinstance(clearings, dict) else {read_clearing(clearings).mechanism: clearings}
    for clearing in named.values():
        read_clearing(clearing)
    parts = (
        ("Buyers", "demand", "buyer_surplus"),
        ("Sellers", "supply", "seller_surplus"),
        ("Operator", "operator", "budget"),
    )
    traces = [
        colored_bars(name, role, list(named), [float(getattr(c, part)) for c in named.values()])
        for name, role, part in parts
    ]
    return figure(traces, "", money_title, barmode="group")


def agent_surplus(clearing: Clearing, *, money_title: str = MONEY) -> go.Figure:
    """Draw what each agent gains in a market.

    Parameters
    ----------
    clearing : Clearing
        The result of any mechanism.
    money_title : str
        Axis title with unit.

    Returns
    -------
    plotly.graph_objects.Figure
        Two traces of bars (ct): Buyers and Sellers, agents in the order of their first order.

    Raises
    ------
    InvalidInput
        What is no clearing or no title.

    Examples
    --------
    >>> from tefoundations.market import OrderBook, uniform_price
    >>> book = OrderBook.of(bids=[("bakery", 12, 2), ("school", 8, 1)], asks=[("roof", 6, 1), ("roof", 8, 1)])
    >>> [(bar.name, bar.x, bar.y) for bar in agent_surplus(uniform_price(book)).data]
    [('Buyers', ('bakery', 'school'), (4.0, 0.0)), ('Sellers', ('roof',), (6.0,))]
    """
    read_clearing(clearing)
    bids, asks = clearing.book.bids, clearing.book.asks
    gains = {
        ("Buyers", "demand"): (bids.agent, bids.price * clearing.bid_quantity - clearing.bid_payment),
        ("Sellers", "supply"): (asks.agent, clearing.ask_receipt - asks.price * clearing.ask_quantity),
    }
    traces = []
    for (name, role), (agents, gain) in gains.items():
        total = {}
        for agent, amount in zip(agents, gain):
            total[str(agent)] = total.get(str(agent), 0.0) + float(amount)
        traces.append(colored_bars(name, role, list(total), list(total.values())))
    return figure(traces, "", money_title, barmode="relative", xaxis_type="category")


def colored_bars(name, role, x, y):
    """One plotly trace of bars in the color and pattern of a role, without an outline: it would draw a bar of height 0."""
    return {"type": "bar", "name": name, "x": x, "y": y, "marker": filled(role) | {"line": {"width": 0}}}


def _in_order(orders, price, quantity):
    """Return limit price, price and quantity of the traded orders, best first."""
    traded = [i for i in orders.priority if quantity[i] > 0]
    return orders.price[traded], price[traded], quantity[traded]


def _area(top_widths, top, bottom_widths, bottom):
    """Return the closed outline between two step lines that start at quantity 0."""
    if not len(top) or not len(bottom):
        return [], []
    right, left = _steps(top_widths, top), _steps(bottom_widths, bottom)
    points = [*right, *left[::-1], right[0]]
    # A corner in the middle of a straight line says nothing: left out, the numbers stay few.
    needed = [p for i, p in enumerate(points) if i in (0, len(points) - 1) or not _straight(points[i - 1], p, points[i + 1])]
    return [x for x, _ in needed], [y for _, y in needed]


def _steps(widths, heights):
    edges = np.append(0.0, np.cumsum(widths))
    x, y = np.repeat(edges, 2)[1:-1], np.repeat(heights, 2)
    return list(zip(x.tolist(), y.tolist()))


def _straight(before, here, after):
    return before[0] == here[0] == after[0] or before[1] == here[1] == after[1]
