"""A quantity for each of a few things: plain bars, side by side or on top of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tefoundations.explore.engine.theme import figure
from tefoundations.explore.figures.surplus import colored_bars

if TYPE_CHECKING:
    import numpy as np
    import plotly.graph_objects as go


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

    Examples
    --------
    >>> drawn = bars(["0", "1"], {"car": [2, 3], "homes": [1, 1]}, "Hour", "Energy (kWh)", stacked=True)
    >>> [(trace.name, trace.y) for trace in drawn.data]
    [('car', (2.0, 3.0)), ('homes', (1.0, 1.0))]
    """
    roles = ("demand", "supply", "operator", "rejected")
    categories = [str(name) for name in x]
    traces = [colored_bars(name, role, categories, [float(v) for v in y]) for role, (name, y) in zip(roles, ys.items())]
    axes = {} if y_range is None else {"yaxis_range": list(y_range)}
    return figure(traces, x_title, y_title, barmode="relative" if stacked else "group", xaxis_type="category", **axes)
