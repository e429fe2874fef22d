"""A quantity that depends on another: plain lines over a common axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.explore.engine.theme import DASH, MARKER, PRICE, ROLES, figure

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import ArrayLike


def lines(
    x: ArrayLike,
    ys: Mapping[str, ArrayLike],
    x_title: str,
    y_title: str,
    *,
    marks: Mapping[str, tuple[float, float]] | None = None,
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
    log: bool = False,
) -> go.Figure:
    """Draw one or several lines over a common axis, with points marked on it.

    Parameters
    ----------
    x : (n,) array
        Values on the horizontal axis, in the unit its title names.
    ys : dict of str to (n,) array
        Up to four lines by name, in the unit the vertical axis names; nan leaves a gap.
    x_title, y_title : str
        Axis titles with units.
    marks : dict of str to (float, float), optional
        Points (x, y) by name.
    x_range, y_range : (low, high), optional
        Fixed axes, so that they stand still while a slider moves.
    log : bool
        Both axes logarithmic: equal ratios look equally long.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace a line, then one a mark.

    Examples
    --------
    >>> drawn = lines([0, 1], {"Gain": [0, 2]}, "Bid (ct/kWh)", "Gain (ct)", marks={"best": (1, 2)})
    >>> [(trace.name, trace.y) for trace in drawn.data]
    [('Gain', (0.0, 2.0)), ('best', (2.0,))]
    """
    roles = ("demand", "supply", "operator", "rejected")
    x = np.asarray(x, float).tolist()
    traces = [
        {
            "type": "scatter", "mode": "lines", "name": name, "x": x,
            "y": [None if np.isnan(v) else v for v in np.asarray(y, float).tolist()],
            "line": {"width": 3, "color": ROLES[role], "dash": DASH[role]},
        }
        for role, (name, y) in zip(roles, ys.items())
    ]  # fmt: skip
    symbols = (MARKER["price"], "circle", "square")
    traces += [
        {
            "type": "scatter", "mode": "markers", "name": name, "x": [float(point[0])], "y": [float(point[1])],
            "marker": {"color": PRICE, "symbol": symbol, "size": 12},
        }
        for symbol, (name, point) in zip(symbols, (marks or {}).items())
    ]  # fmt: skip
    if log:  # plotly takes the ends of a logarithmic axis as exponents
        x_range, y_range = (None if ends is None else np.log10(ends).tolist() for ends in (x_range, y_range))
    axes: dict[str, object] = {
        key: list(ends) for key, ends in (("xaxis_range", x_range), ("yaxis_range", y_range)) if ends is not None
    }
    if log:
        axes |= {
            "xaxis_type": "log",
            "yaxis_type": "log",
            "xaxis_dtick": 1,
            "yaxis_dtick": 1,
            "yaxis_exponentformat": "power",
        }
    return figure(traces, x_title, y_title, **axes)
