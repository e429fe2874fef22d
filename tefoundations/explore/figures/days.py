"""One day run in several ways: power over the hours, gain over the share of flexible homes, notes up and down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tefoundations.errors import InvalidInput
from tefoundations.explore.engine.theme import DASH, MARKER, ROLES, fade, figure
from tefoundations.explore.figures.arguments import ends, numbers_by_name
from tefoundations.inputs import instance, number, numbers, sequence, whole

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import ArrayLike

# Each way has a role, and so a colour and a dash, of its own on every figure.
WAYS = {
    "As usual": "rejected", "Central dispatch": "operator", "Time-of-use tariff": "supply", "Demand response": "price",
    "Transactive market": "demand",
}  # fmt: skip
WIDTH = {"Central dispatch": 6, "Transactive market": 2.5}  # the two often coincide: the one shows under the other
TICKS = 6  # steps between two times on the axis
UP = "Notes to the centre"
ARROWS = ((UP, "demand", -0.14, (0.14, 0.86)), ("Notes from the centre", "supply", 0.14, (0.86, 0.14)))


def day_profile(
    times: Sequence[str],
    power: Mapping[str, Sequence[float] | np.ndarray],
    *,
    areas: int = 1,
    limit: float | None = None,
    y_range: tuple[float, float] | None = None,
    y_title: str = "Power from outside (kW)",
) -> go.Figure:
    """Draw power over a day in steps, one line a way.

    Parameters
    ----------
    times : (T,) sequence of str
        When each step begins, each once.
    power : dict of str to (T,) array
        kW by name. The names of `all_ways` have colours of their own.
    areas : int
        So many of them, the first ones, are areas: the first from zero, each further one from the one before.
    limit : float, optional
        What the transformer can carry (kW), as a line.
    y_range : (low, high), optional
        Fixed axis, so that it stands still while a slider moves.
    y_title : str

    Returns
    -------
    plotly.graph_objects.Figure
        One trace a name, then the limit if there is one.

    Raises
    ------
    InvalidInput
        Power or a limit that are no numbers, a series of another length than `times`, or what is no title.

    Examples
    --------
    >>> drawn = day_profile(["12:00", "12:30"], {"As usual": [3, 4], "Transactive market": [2, 2]}, limit=5)
    >>> [trace.name for trace in drawn.data]
    ['As usual', 'Transactive market', 'Transformer']
    """
    times, traces = list(sequence(times, "times", of="times")), []
    whole(areas, "areas", least=0)
    for i, (name, values) in enumerate(numbers_by_name(power, "power").items()):
        if len(values) != len(times):
            raise InvalidInput(f"{name}: {len(values)} values for {len(times)} times")
        role = _role(name, i)
        trace = {
            "type": "scatter", "mode": "lines", "name": name, "x": times,
            "y": np.round(values, 1).tolist(),
            "line": {"shape": "hv", "width": WIDTH.get(name, 3), "color": ROLES[role], "dash": _dash(name, role)},
        }  # fmt: skip
        if i < areas:
            trace["line"] |= {"width": 1, "dash": "solid"}
            trace |= {"fill": "tonexty" if i else "tozeroy", "fillcolor": fade(role, 0.35)}
        traces.append(trace)
    if limit is not None:
        carried = number(limit, "limit")
        line = {"color": ROLES["rejected"], "width": 2, "dash": "2px,3px"}
        trace = {"x": [*times[:1], *times[-1:]], "y": [carried] * 2}
        traces.append({"type": "scatter", "mode": "lines", "name": "Transformer", "line": line, **trace})
    span = ends(y_range, "y_range")
    axes = {"yaxis_range": span} if span is not None else {}
    ticks = {"type": "category", "tickvals": times[::TICKS], "tickangle": 0}
    return figure(traces, "Half hour from", y_title, xaxis=ticks, **axes)


def share_lines(
    shares: ArrayLike,
    gains: Mapping[str, Sequence[float] | np.ndarray],
    *,
    at: float | None = None,
    x_title: str = "Flexible homes",
    y_title: str = "Welfare gained (EUR a day)",
    y_range: tuple[float, float] | None = None,
) -> go.Figure:
    """Draw what each way gains against the number of homes that take part.

    Parameters
    ----------
    shares : (n,) array
    gains : dict of str to (n,) array
        By name of the way.
    at : float, optional
        Where the reader stands: a vertical line.
    x_title, y_title : str
    y_range : (low, high), optional

    Returns
    -------
    plotly.graph_objects.Figure
        One trace a way, then the vertical line if there is one.

    Raises
    ------
    InvalidInput
        Shares or gains that are no numbers, gains of another length than shares, or what is no title.

    Examples
    --------
    >>> [trace.name for trace in share_lines([0, 1], {"Demand response": [0, 2]}, at=1).data]
    ['Demand response', 'Here']
    """
    across, span, traces = numbers(shares, "shares", place="point"), ends(y_range, "y_range"), []
    gained = numbers_by_name(gains, "gains", len(across))
    for i, (name, values) in enumerate(gained.items()):
        role = _role(name, i)
        traces.append({
            "type": "scatter", "mode": "lines+markers", "name": name, "x": across.tolist(),
            "y": np.round(values, 2).tolist(),
            "line": {"width": WIDTH.get(name, 3), "color": ROLES[role], "dash": _dash(name, role)},
            "marker": {"symbol": MARKER[role], "size": 14 if name == "Central dispatch" else 8, "color": ROLES[role]},
        })  # fmt: skip
    if at is not None:
        here, every = number(at, "at"), [value for values in gained.values() for value in values]
        low, high = span or (min(every, default=0.0), max(every, default=0.0))
        line = {"color": ROLES["rejected"], "width": 2, "dash": "2px,3px"}
        trace = {"x": [here] * 2, "y": [float(low), float(high)]}
        traces.append({"type": "scatter", "mode": "lines", "name": "Here", "line": line, **trace})
    axes = {"yaxis_range": span} if span is not None else {}
    return figure(traces, x_title, y_title, **axes)


def note_arrows(notes: Mapping[str, tuple[int, int]]) -> go.Figure:
    """Draw who sends notes to whom: for each way an arrow up to the centre and one down to the homes, with their number.

    Parameters
    ----------
    notes : dict of str to (int, int)
        Number of notes up, and of notes down, by way. Without notes there is no arrow; more notes make a thicker one.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces: the places, an arrow up and one down for each way, and the numbers beside them.

    Raises
    ------
    InvalidInput
        Notes that are not two numbers by name.

    Examples
    --------
    >>> drawn = note_arrows({"Time-of-use tariff": (0, 8), "Demand response": (8, 8)})
    >>> drawn.data[-1].text
    ('<b>0</b> up<br><b>8</b> down', '<b>8</b> up<br><b>8</b> down')
    """
    told = instance(notes, Mapping, "notes", advice="way -> (up, down)").items()
    notes = {str(way): numbers(two, str(way), least=0, count=2, place="number of notes").tolist() for way, two in told}
    names, traces = list(notes), []
    traces.append({
        "type": "scatter", "mode": "markers+text", "showlegend": False, "hoverinfo": "skip",
        "x": [*range(len(names)), *range(len(names))], "y": [1.0] * len(names) + [0.0] * len(names),
        "text": [f"<b>{name.replace(' ', '<br>', 1)}</b>" for name in names] + ["homes"] * len(names),
        "textposition": ["top center"] * len(names) + ["bottom center"] * len(names),
        "marker": {
            "symbol": ["square"] * len(names) + ["pentagon"] * len(names), "size": 22, "color": fade("rejected", 0.35),
            "line": {"color": ROLES["rejected"], "width": 2},
        },
    })  # fmt: skip
    for i, counts in enumerate(notes.values()):
        for count, (name, role, side, heights) in zip(counts, ARROWS):
            width = 2 + 1.2 * np.log2(1 + count) if count else 0
            traces.append({
                "type": "scatter", "mode": "lines+markers", "name": name, "legendgroup": name, "showlegend": i == 0,
                "x": [i + side] * 2, "y": list(heights) if count else [None, None], "hoverinfo": "skip",
                "customdata": [[names[i], str(int(count))]],
                "line": {"color": ROLES[role], "width": float(np.round(max(width, 1), 1)), "dash": DASH[role]},
                "marker": {
                    "symbol": "triangle-up" if name == UP else "triangle-down", "color": ROLES[role],
                    "size": [0, float(np.round(11 + 1.2 * width, 1))],
                    "opacity": 1, "line": {"width": 0},
                },
            })  # fmt: skip
    traces.append({
        "type": "scatter", "mode": "text", "showlegend": False, "hoverinfo": "skip",
        "x": list(range(len(names))), "y": [-0.42] * len(names),
        "text": [f"<b>{int(up)}</b> up<br><b>{int(down)}</b> down" for up, down in notes.values()],
    })  # fmt: skip
    blank = {"visible": False, "fixedrange": True}
    axes = {"xaxis": blank | {"range": [-0.6, len(names) - 0.4]}, "yaxis": blank | {"range": [-0.6, 1.35]}}
    # The axes are not drawn; their titles head the table of numbers and tell a screen reader what the picture is.
    return figure(traces, "Way", "Notes", margin={"l": 8, "r": 8, "t": 48, "b": 24}, **axes)


def _role(name, i):
    return WAYS.get(name, list(ROLES)[i % len(ROLES)])


def _dash(name, role):
    return "solid" if name == "Central dispatch" else DASH[role]
