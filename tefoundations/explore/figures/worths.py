"""What more of something saves: the area under its falling worth, and above it what today's worth only promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.explore.engine.theme import DASH, PATTERN, ROLES, fade, figure
from tefoundations.explore.figures.arguments import ends
from tefoundations.inputs import number, numbers

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import ArrayLike


def worth_areas(
    more: ArrayLike,
    worth: ArrayLike,
    at: float,
    x_title: str,
    y_title: str,
    *,
    cost: float | None = None,
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
) -> go.Figure:
    """Draw what some more of a thing saves: the area under its worth, and what is missing to the rectangle of today's worth.

    Parameters
    ----------
    more : (n,) array
        How much more, from 0 up, in the unit its title names.
    worth : (n,) array
        What the next unit is worth there, in the unit its title names.
    at : float
        Up to where the areas go.
    x_title, y_title : str
        Axis titles with units.
    cost : float, optional
        What a unit costs, in the unit the vertical axis names, such as $/MW: a level line.
    x_range, y_range : (low, high), optional
        Fixed axes, so that they stand still while a slider moves.

    Returns
    -------
    plotly.graph_objects.Figure
        The areas "saved" and "only promised", the line of the worth and, if given, the line "cost".

    Raises
    ------
    InvalidInput
        Values that are no numbers or out of order, a worth of another length than `more`, `at` beyond it.

    Examples
    --------
    >>> saved, promised, worth = worth_areas([0, 10, 20], [6, 3, 0], 10, "Added (MW)", "Worth ($/MW)").data
    >>> saved.x, saved.y, promised.y
    ((0.0, 0.0, 10.0, 10.0), (0.0, 6.0, 3.0, 0.0), (6.0, 3.0, 6.0))
    """
    across = numbers(more, "more", least=0, place="point")
    values = numbers(worth, "worth", count=len(across), place="point")
    if len(across) < 2 or (np.diff(across) <= 0).any():
        raise InvalidInput("more must be two numbers or more, each above the one before")
    at = number(at, "at", least=float(across[0]), most=float(across[-1]))
    x_range, y_range = ends(x_range, "x_range"), ends(y_range, "y_range")
    base, under = across[0].item(), [*across[across < at].tolist(), at]
    if at == base:  # nothing more: no area, not even its outline
        under = []
    height = np.interp(under, across, values).tolist()
    first = values[0].item()
    traces = [
        _area("saved", "operator", [base, *under, at], [0.0, *height, 0.0]),
        _area("only promised", "supply", [*under, at], [*height, first]),
        {
            "type": "scatter", "mode": "lines", "name": "worth of the next", "x": across.tolist(), "y": values.tolist(),
            "line": {"width": 3, "color": ROLES["demand"]},
        },
    ]  # fmt: skip
    if cost is not None:
        level = number(cost, "cost")
        traces.append({
            "type": "scatter", "mode": "lines", "name": "cost", "x": [base, across[-1].item()], "y": [level, level],
            "line": {"width": 2, "color": ROLES["rejected"], "dash": DASH["rejected"]},
        })  # fmt: skip
    axes = {key: span for key, span in (("xaxis_range", x_range), ("yaxis_range", y_range)) if span is not None}
    return figure(traces, x_title, y_title, **axes)


def _area(name, role, x, y):
    """One filled area with the colour and the pattern of a role."""
    return {
        "type": "scatter", "mode": "lines", "name": name, "x": x if len(x) > 2 else [], "y": y if len(x) > 2 else [],
        "fill": "toself", "fillcolor": fade(role),
        "fillpattern": {"shape": PATTERN[role], "size": 10, "solidity": 0.15, "fgcolor": ROLES[role], "bgcolor": fade(role)},
        "line": {"color": ROLES[role], "width": 1}, "hoverinfo": "skip",
    }  # fmt: skip
