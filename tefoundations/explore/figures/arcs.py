"""Who trades with whom, on a map: an arc for each trade, as wide as it is large, over the cables of the street."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.explore.engine.theme import MARKER, ROLES, fade, figure
from tefoundations.explore.figures.labels import beside
from tefoundations.inputs import instance, not_negative, numbers, positive, sequence
from tefoundations.words import shown

if TYPE_CHECKING:
    import plotly.graph_objects as go

WIDTHS = (1.5, 3.0, 5.5, 9.0)  # px of arcs up to a quarter of the largest, a half, three quarters, and above
BOW = 0.22  # how far an arc leaves the straight line, as a share of its length
POINTS = np.linspace(0, 1, 11)  # of an arc
PHONE = np.array([330.0, 260.0])  # px of the picture where it is smallest
APART = 22.0  # px between two who share a place and the place
DOT = 11  # px
PAD = 0.17  # of the width and the height, on each side


def trade_map(
    places: Mapping[str, tuple[float, float]],
    trades: Sequence[tuple[str, str, float]],
    cables: Sequence[tuple[tuple[float, float], tuple[float, float]]] = (),
    *,
    most: float | None = None,
) -> go.Figure:
    """Draw trades as arcs from seller to buyer, over the cables that carry whatever flows.

    Parameters
    ----------
    places : dict of str to (float, float)
        Where each member is (m east, m north); who shares a place is drawn beside it.
    trades : list of (str, str, float)
        Seller, buyer, kWh.
    cables : list of ((float, float), (float, float))
        Ends of each cable (m).
    most : float, optional
        Energy of the widest arcs (kWh), so that they keep their width while a slider moves; default: the largest here.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace of cables, four of arcs from the thinnest to the widest, then sellers, buyers and the others.

    Raises
    ------
    InvalidInput
        A place that is no two numbers, a trade of somebody without a place or with a quantity below 0.

    Examples
    --------
    >>> drawn = trade_map({"roof": (0, 0), "bakery": (60, 0)}, [("roof", "bakery", 2)], [((0, 0), (60, 0))])
    >>> [trace.name for trace in drawn.data if trace.showlegend]
    ['Sells', 'Buys']
    """
    names, points = _places(places)
    rows = [_trade(row, names, at) for at, row in enumerate(sequence(trades, "trades", of="(seller, buyer, kWh)"))]
    ends = [_cable(cable, at) for at, cable in enumerate(sequence(cables, "cables", of="pairs of ends"))]
    whole = np.concatenate([points, *ends])
    low, span = whole.min(axis=0), np.maximum(np.ptp(whole, axis=0), 1e-9)
    scale = (PHONE / ((1 + 2 * PAD) * span)).min()  # px for a metre: the picture keeps its shape
    drawn = _spread(points, APART / scale)
    largest = max([kwh for *_, kwh in rows], default=1.0) if most is None else positive(most, "most")
    traces = [_lines("Cables", ends, {"width": 5, "color": "rgba(102, 112, 122, 0.35)"})]
    classes: list[list] = [[] for _ in WIDTHS]
    for seller, buyer, kwh in rows:
        if kwh > 0 and seller != buyer:
            classes[min(int(4 * kwh / largest), 3)].append(_arc(drawn[seller], drawn[buyer]))
    for width, arcs in zip(WIDTHS, classes):
        traces.append(_lines(f"Trades, {width:g} px", arcs, {"width": width, "color": fade("price", 0.7)}))
    sells, buys = ({row[side] for row in rows if row[2] > 0} for side in (0, 1))
    pad = PAD * span
    at = (drawn - (low - pad)) * scale
    segments = np.array([(end - (low - pad)) * scale for end in ends]).reshape(-1, 2, 2)
    frame = tuple(((1 + 2 * PAD) * span * scale).tolist())
    radius = DOT / 2 + 1.0
    dots = [np.concatenate([one - radius, one + radius]) for one in at]  # no name lies under the dot of another
    sides = beside([one[None] for one in at], names, [radius] * len(names), segments, frame, dots)
    for name, role, own in (
        ("Sells", "supply", sells),
        ("Buys", "demand", buys - sells),
        ("Trades nothing", "rejected", set(range(len(names))) - sells - buys),
    ):
        traces.append(_dots(name, role, sorted(own), names, drawn, sides))
    blank = {"visible": False, "fixedrange": True}
    axes = {
        "xaxis": blank | {"range": [float(low[0] - pad[0]), float(low[0] + span[0] + pad[0])]},
        "yaxis": blank | {"range": [float(low[1] - pad[1]), float(low[1] + span[1] + pad[1])], "scaleanchor": "x"},
    }
    return figure(traces, "East (m)", "North (m)", margin={"l": 8, "r": 8, "t": 8, "b": 8}, **axes)


def _places(places):
    """Names, and their places as (n, 2) metres."""
    given = instance(places, Mapping, "places", advice="name -> (east, north)")
    if not given:
        raise InvalidInput("places is empty: there is nothing to draw")
    points = [numbers(place, f"place of {shown(name)}", count=2, place="coordinate") for name, place in given.items()]
    return [str(name) for name in given], np.array(points)


def _trade(row, names, at):
    """A trade as positions of seller and buyer, and kWh."""
    row = sequence(row, f"trade {at}", of="seller, buyer and kWh")
    if len(row) != 3:
        raise InvalidInput(f"trade {at} must be seller, buyer and kWh, not {len(row)} entries")
    seller, buyer, kwh = row
    for who in (seller, buyer):
        if str(who) not in names:
            raise InvalidInput(f"trade {at}: {shown(who)} has no place")
    return names.index(str(seller)), names.index(str(buyer)), not_negative(kwh, f"trade {at}: quantity", unit="of kWh")


def _cable(cable, at):
    """The two ends of a cable, as rows."""
    given = sequence(cable, f"cable {at}", of="two ends")
    if len(given) != 2:
        raise InvalidInput(f"cable {at} must have two ends, not {len(given)}")
    return np.array([numbers(end, f"an end of cable {at}", count=2, place="coordinate") for end in given])


def _spread(points, apart):
    """Those who share a place are moved around it."""
    drawn, seen = points.copy(), {}
    for i, point in enumerate(points.tolist()):
        seen.setdefault(tuple(point), []).append(i)
    for together in seen.values():
        if len(together) > 1:
            angle = np.pi / 4 + 2 * np.pi * np.arange(len(together)) / len(together)
            drawn[together] += apart * np.column_stack([np.cos(angle), np.sin(angle)])
    return drawn


def _arc(start, end):
    """Points of a curve that bows to the left of its way."""
    way = end - start
    middle = (start + end) / 2 + BOW * np.array([-way[1], way[0]])
    share = POINTS[:, None]
    return (1 - share) ** 2 * start + 2 * share * (1 - share) * middle + share**2 * end


def _lines(name, curves, line):
    """Several curves as one trace, with gaps between them."""
    x, y = [], []
    for curve in curves:
        x += [*np.round(curve[:, 0], 1).tolist(), None]
        y += [*np.round(curve[:, 1], 1).tolist(), None]
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": line, "hoverinfo": "skip",
            "showlegend": False}  # fmt: skip


def _dots(name, role, own, names, drawn, sides):
    return {
        "type": "scatter", "mode": "markers+text", "name": name, "x": drawn[own, 0].tolist(), "y": drawn[own, 1].tolist(),
        "text": [names[i] for i in own], "textposition": [sides[i][1] for i in own], "cliponaxis": False,
        "hoverinfo": "text", "hovertext": [f"{names[i]}: {name.lower()}" for i in own], "showlegend": bool(own),
        "marker": {"size": DOT, "symbol": MARKER[role], "color": ROLES[role], "line": {"width": 1.5, "color": "#ffffff"}},
    }  # fmt: skip
