"""A quantity that depends on another: plain lines over a common axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.explore.engine.theme import DASH, MARKER, PRICE, ROLES, figure
from tefoundations.explore.figures.arguments import ends, numbers_by_name
from tefoundations.inputs import instance, numbers

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

    Raises
    ------
    InvalidInput
        Values, marks or ends that are no numbers, a line of another length than `x`, or what is no title.

    Examples
    --------
    >>> drawn = lines([0, 1], {"Gain": [0, 2]}, "Bid (ct/kWh)", "Gain (ct)", marks={"best": (1, 2)})
    >>> [(trace.name, trace.y) for trace in drawn.data]
    [('Gain', (0.0, 2.0)), ('best', (2.0,))]
    """
    roles = ("demand", "supply", "operator", "rejected")
    across = numbers(x, "x", place="point")
    drawn = numbers_by_name(ys, "ys", len(across))
    points = {
        name: numbers(point, f"mark {name!r}", count=2, place="coordinate")
        for name, point in instance({} if marks is None else marks, Mapping, "marks", advice="name -> (x, y)").items()
    }
    x_range, y_range = ends(x_range, "x_range"), ends(y_range, "y_range")
    traces = [
        {
            "type": "scatter", "mode": "lines", "name": name, "x": across.tolist(),
            "y": [None if np.isnan(v) else v for v in y.tolist()],
            "line": {"width": 3, "color": ROLES[role], "dash": DASH[role]},
        }
        for role, (name, y) in zip(roles, drawn.items())
    ]  # fmt: skip
    symbols = (MARKER["price"], "circle", "square")
    traces += [
        {
            "type": "scatter", "mode": "markers", "name": name, "x": [float(point[0])], "y": [float(point[1])],
            "marker": {"color": PRICE, "symbol": symbol, "size": 12},
        }
        for symbol, (name, point) in zip(symbols, points.items())
    ]  # fmt: skip
    if log:  # plotly takes the ends of a logarithmic axis as exponents
        x_range, y_range = (None if span is None else np.log10(span).tolist() for span in (x_range, y_range))
    axes: dict[str, object] = {
        key: span for key, span in (("xaxis_range", x_range), ("yaxis_range", y_range)) if span is not None
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
