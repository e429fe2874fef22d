"""The eight steps of a day on its three planes: who sends what to whom, and what has been sent before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tefoundations.explore.engine.theme import DASH, MARKER, ROLES, fade, figure
from tefoundations.inputs import whole

if TYPE_CHECKING:
    import plotly.graph_objects as go

# name: (height, role)
PLANES = {"Physical": (0.0, "operator"), "Market": (1.0, "price"), "Ledger": (2.0, "demand")}
# name: (plane, position from left to right)
PLACES = {
    "devices": ("Physical", 0.0), "meters": ("Physical", 1.5), "grid": ("Physical", 3.0),
    "sites": ("Market", 0.0), "aggregators": ("Market", 1.0), "operator": ("Market", 2.15), "TSO": ("Market", 3.0),
    "contract": ("Ledger", 1.5), "anybody": ("Ledger", 3.0),
}  # fmt: skip
# What each step sends: name, (from, to) pairs.
STEPS = (
    ("respond", (("devices", "sites"),)),
    ("bid", (("sites", "aggregators"),)),
    ("aggregate", (("aggregators", "operator"),)),
    ("clear", ()),
    ("broadcast", (("operator", "aggregators"), ("aggregators", "sites"), ("sites", "devices"), ("operator", "contract"))),
    ("deliver", (("devices", "meters"), ("meters", "contract"))),
    ("import", (("grid", "TSO"), ("TSO", "operator"))),
    ("settle", (("contract", "sites"), ("contract", "anybody"))),
)  # fmt: skip
NOW, BEFORE = "supply", "rejected"
APART = 0.26  # share of an arrow that is left free at either end
RIGHT, NAMED = 4.05, (3.97, 0.28)  # where a band ends; where its name ends, above the middle: right of all arrows


def day_planes(step: int) -> go.Figure:
    """Draw the three planes of a day, and the messages of one of its eight steps.

    Parameters
    ----------
    step : int
        From 1, respond, to 8, settle. What earlier steps sent stays as thin lines.

    Returns
    -------
    plotly.graph_objects.Figure
        Three bands, a trace of arrows for each step, then the places.

    Raises
    ------
    InvalidInput
        A step that is not one of the eight.

    Examples
    --------
    >>> drawn = day_planes(6)
    >>> [trace.name for trace in drawn.data if trace.line.width == 5]
    ['deliver']
    >>> drawn.data[3].x                                     # the device's curve went up to its site, straight
    (0.0, 0.0)
    """
    now = whole(step, "step", least=1, most=len(STEPS))
    traces = [_band(name, *looks) for name, looks in PLANES.items()]
    traces += [_arrows(name, pairs, number, now) for number, (name, pairs) in enumerate(STEPS, 1) if pairs]
    traces.append(_places(now))
    blank = {"visible": False, "fixedrange": True}
    axes = {"xaxis": blank | {"range": [-0.5, RIGHT + 0.05]}, "yaxis": blank | {"range": [-0.5, 2.55]}}
    # The axes are not drawn; their titles head the table of numbers and tell a screen reader what the picture is.
    return figure(traces, "Place", "What it does", showlegend=False, margin={"l": 8, "r": 8, "t": 8, "b": 8}, **axes)


def _band(name, height, role):
    low, high = height - 0.42, height + 0.42
    return {
        "type": "scatter", "mode": "lines+text", "name": name, "hoverinfo": "skip", "fill": "toself",
        "x": [-0.45, RIGHT, RIGHT, -0.45, -0.45, None, NAMED[0]], "fillcolor": fade(role, 0.1),
        "y": [low, low, high, high, low, None, height + NAMED[1]], "line": {"width": 1, "color": ROLES[role]},
        "text": [""] * 6 + [f"<b>{name}</b>"], "textposition": "middle left", "customdata": [[f"{name} plane", "a band"]],
    }  # fmt: skip


def _arrows(name, pairs, number, now):
    """The messages of one step: bold now, thin if they were sent before, not there if they come later."""
    across, up = [], []
    for start, end in pairs:
        (x, y), (to_x, to_y) = _at(start), _at(end)
        across += [x + APART * (to_x - x), to_x - APART * (to_x - x), None]
        up += [y + APART * (to_y - y), to_y - APART * (to_y - y), None]
    role, bold = NOW if number == now else BEFORE, number == now
    said = "now" if number == now else "before" if number < now else "later"
    return {
        "type": "scatter", "mode": "lines+markers", "name": name, "hoverinfo": "skip", "x": across[:-1], "y": up[:-1],
        "opacity": float(number <= now), "customdata": [[f"{start} to {end}", f"{name}, {said}"] for start, end in pairs],
        "line": {"color": ROLES[role], "width": 5 if bold else 1.5, "dash": "solid" if bold else DASH[role]},
        "marker": {
            "symbol": "arrow", "angleref": "previous", "color": ROLES[role], "line": {"width": 0}, "opacity": 1,
            "size": ([0, 18 if bold else 9, 0] * len(pairs))[:-1],
        },
    }  # fmt: skip


def _places(now):
    name, pairs = STEPS[now - 1]
    busy = {place for pair in pairs for place in pair} or {"operator"}
    at = [_at(place) for place in PLACES]
    return {
        "type": "scatter", "mode": "markers+text", "name": "Places", "hoverinfo": "skip", "cliponaxis": False,
        "x": [x for x, _ in at], "y": [y for _, y in at], "textposition": "bottom center",
        "text": [f"<b>{place}</b>" if place in busy else place for place in PLACES],
        "customdata": [[place, f"takes part in step {now}, {name}" if place in busy else "waits"] for place in PLACES],
        "marker": {
            "symbol": [MARKER["supply"] if place in busy else MARKER["demand"] for place in PLACES],
            "size": [18 if place in busy else 12 for place in PLACES],
            "color": [ROLES[NOW] if place in busy else ROLES[PLANES[plane][1]] for place, (plane, _) in PLACES.items()],
        },
    }  # fmt: skip


def _at(place):
    plane, across = PLACES[place]
    return across, PLANES[plane][0] + 0.1
