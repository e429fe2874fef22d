"""What each of a few members wants, and what several rules give it: bars before a pale one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.explore.engine.theme import ROLES, fade, figure
from tefoundations.explore.figures.arguments import ends, numbers_by_name
from tefoundations.explore.figures.surplus import colored_bars
from tefoundations.inputs import numbers, sequence

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import ArrayLike


def limit_bars(
    members: Sequence[str],
    wanted: ArrayLike,
    limits: Mapping[str, ArrayLike],
    y_title: str,
    *,
    y_range: tuple[float, float] | None = None,
) -> go.Figure:
    """Draw what members want and what they may have under one or several rules.

    Parameters
    ----------
    members : (k,) sequence of str
        Names.
    wanted : (k,) float array
        In the unit of the vertical axis.
    limits : dict of str to (k,) float array
        Up to three rules by name, in the same unit.
    y_title : str
        Axis title with unit.
    y_range : (low, high), optional
        Fixed axis, so that it stands still while a slider moves.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace of pale bars for what is wanted, which the legend leaves out, behind one trace a rule.

    Raises
    ------
    InvalidInput
        Values that are no numbers or not one for each member, or what is no title.

    Examples
    --------
    >>> drawn = limit_bars(["clinic", "shop"], [8, 12], {"equal": [5, 5]}, "Export (kW)")
    >>> [(trace.name, trace.y) for trace in drawn.data]
    [('wanted', (8.0, 12.0)), ('equal', (5.0, 5.0))]
    """
    names = [str(name) for name in sequence(members, "members", of="names")]
    asked = numbers(wanted, "wanted", count=len(names), place="member")
    rules, span = numbers_by_name(limits, "limits", len(names), missing=False), ends(y_range, "y_range")
    # Places are counted, so that the bars of a rule may stand beside each other and that of the wish behind them all.
    at, width = np.arange(len(names), dtype=float), 0.8 / max(len(rules), 1)
    behind = {
        "type": "bar", "name": "wanted", "x": at.tolist(), "y": asked.tolist(), "width": 0.92, "hovertext": names,
        "showlegend": False,  # with it the legend would take two rows on a phone
        "marker": {"color": fade("rejected", 0.18), "line": {"color": ROLES["rejected"], "width": 1}},
    }  # fmt: skip
    traces = [behind]
    for number, (role, (name, y)) in enumerate(zip(("demand", "supply", "operator"), rules.items())):
        place = at + (number - (len(rules) - 1) / 2) * width
        bar = colored_bars(name, role, place.tolist(), y.tolist())
        traces.append(bar | {"width": width, "hovertext": names})
    axes = {} if span is None else {"yaxis_range": span}
    ticks = {
        "tickmode": "array",
        "tickvals": at.tolist(),
        "ticktext": names,
        "range": [-0.6, len(names) - 0.4],
        "tickangle": -45,
    }
    return figure(traces, "", y_title, barmode="overlay", xaxis=ticks, **axes)
