"""A quantity for each of a few things: plain bars, side by side or on top of each other, and what they add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.explore.engine.theme import MARKER, PRICE, figure
from tefoundations.explore.figures.arguments import ends, numbers_by_name
from tefoundations.explore.figures.surplus import colored_bars
from tefoundations.inputs import sequence
from tefoundations.words import an

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import ArrayLike

PLANTS = ("rejected", "supply", "operator", "demand")  # of chimneys: coal is grey


def bars(
    x: Sequence[str],
    ys: Mapping[str, Sequence[float] | np.ndarray],
    x_title: str,
    y_title: str,
    *,
    stacked: bool = False,
    y_range: tuple[float, float] | None = None,
) -> go.Figure:
    """Draw bars for a few categories.

    Parameters
    ----------
    x : (n,) sequence of str
        Categories.
    ys : dict of str to (n,) array
        Up to four series by name, in the unit the vertical axis names.
    x_title, y_title : str
        Axis titles with units.
    stacked : bool
        On top of each other instead of side by side.
    y_range : (low, high), optional
        Fixed axis, so that it stands still while a slider moves.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace of bars a series.

    Raises
    ------
    InvalidInput
        Values that are no numbers, a series of another length than `x`, or what is no title.

    Examples
    --------
    >>> drawn = bars(["0", "1"], {"car": [2, 3], "homes": [1, 1]}, "Hour", "Energy (kWh)", stacked=True)
    >>> [(trace.name, trace.y) for trace in drawn.data]
    [('car', (2.0, 3.0)), ('homes', (1.0, 1.0))]
    """
    roles = ("demand", "supply", "operator", "rejected")
    categories = [str(name) for name in sequence(list(x) if isinstance(x, Mapping) else x, "x", of="categories")]
    series, span = numbers_by_name(ys, "ys", len(categories)), ends(y_range, "y_range")
    if not isinstance(stacked, (bool, np.bool_)):
        raise InvalidInput(f"stacked must be True or False, not {an(type(stacked).__name__)}")
    traces = [colored_bars(name, role, categories, y.tolist()) for role, (name, y) in zip(roles, series.items())]
    axes = {} if span is None else {"yaxis_range": span}
    return figure(traces, x_title, y_title, barmode="relative" if stacked else "group", xaxis_type="category", **axes)


def chimneys(
    places: Sequence[str],
    tonnes: Mapping[str, ArrayLike],
    x_title: str,
    y_title: str,
    *,
    y_range: tuple[float, float] | None = None,
) -> go.Figure:
    """Draw for each place what every plant adds to emissions, and the sum.

    Parameters
    ----------
    places : (n,) sequence of str
        Where load moves.
    tonnes : dict of str to (n,) array
        For each of up to four plants what it emits more, in the unit the vertical axis names; negative where it makes less.
    x_title, y_title : str
        Axis titles with units.
    y_range : (low, high), optional
        Fixed axis, so that it stands still while a slider moves.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace of bars a plant, then one of marks: the sums.

    Raises
    ------
    InvalidInput
        Values that are no numbers, a plant with another number of values than there are places, or what is no title.

    Examples
    --------
    >>> drawn = chimneys(["bus 1", "bus 2"], {"coal": [0.9, -0.3], "gas": [0.1, 0.2]}, "One more MWh at", "Carbon (t)")
    >>> [(trace.name, trace.y) for trace in drawn.data]
    [('coal', (0.9, -0.3)), ('gas', (0.1, 0.2)), ('Sum', (1.0, -0.1))]
    """
    categories = [str(name) for name in sequence(places, "places", of="categories")]
    series, span = numbers_by_name(tonnes, "tonnes", len(categories)), ends(y_range, "y_range")
    traces = [colored_bars(name, role, categories, y.tolist()) for role, (name, y) in zip(PLANTS, series.items())]
    total = np.sum([np.zeros(len(categories)), *series.values()], axis=0).round(12) + 0.0
    traces.append({
        "type": "scatter", "mode": "markers", "name": "Sum", "x": categories, "y": total.tolist(),
        "marker": {"color": PRICE, "symbol": MARKER["price"], "size": 12},
    })  # fmt: skip
    axes = {} if span is None else {"yaxis_range": span}
    return figure(traces, x_title, y_title, barmode="relative", xaxis_type="category", **axes)
