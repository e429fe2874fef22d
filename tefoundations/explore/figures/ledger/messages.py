"""Messages between replicas in time: who sent what to whom, and when it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.explore.engine.theme import DASH, ROLES, figure
from tefoundations.explore.figures.arguments import ends
from tefoundations.inputs import instance, sequence, whole
from tefoundations.words import shown

if TYPE_CHECKING:
    import plotly.graph_objects as go

ORDER = ("demand", "price", "supply", "rejected", "operator")  # looks of the kinds, in the order in which they are named


def message_paths(
    messages: Sequence[tuple[float, int, float, int, str]],
    replicas: int,
    *,
    kinds: Sequence[str],
    time_range: tuple[float, float] | None = None,
) -> go.Figure:
    """Draw each message as a line from the replica and time it was sent to the replica and time it arrived.

    Parameters
    ----------
    messages : sequence of (float, int, float, int, str)
        Time sent (s), sender, time received (s), receiver, kind. Replicas are counted from 0.
    replicas : int
        How many there are.
    kinds : sequence of str
        Kinds that are drawn, at most five; messages of others are left out.
    time_range : (float, float), optional
        First and last time shown (s), so that the axis stands still while a slider moves.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace for each kind; a mark stands where a message arrives.

    Raises
    ------
    InvalidInput
        More than five kinds, or a message that is not such a row.

    Examples
    --------
    >>> drawn = message_paths([(0, 0, 1, 1, "ask"), (1, 1, 2, 0, "answer")], 2, kinds=("ask", "answer"))
    >>> [(trace.name, trace.x, trace.y) for trace in drawn.data]
    [('ask', (0.0, 1.0, None), (0, 1, None)), ('answer', (1.0, 2.0, None), (1, 0, None))]
    """
    count = whole(replicas, "replicas", least=1, most=1000)
    kinds = sequence(kinds, "kinds", of="texts")
    for kind in kinds:
        instance(kind, str, "a kind")
    if len(kinds) > len(ORDER):
        raise InvalidInput(f"kinds: at most {len(ORDER)} can be told apart, not {len(kinds)}")
    rows = [_row(message, number, count) for number, message in enumerate(sequence(messages, "messages", of="rows"))]
    traces = []
    for kind, role in zip(kinds, ORDER):
        own = [row for row in rows if row[4] == kind]
        traces.append({
            "type": "scatter", "mode": "lines+markers", "name": kind, "showlegend": True,
            # A kind of which there is none keeps its place in the legend.
            "x": [at for sent, _, received, _, _ in own for at in (sent, received, None)] or [None],
            "y": [who for _, sender, _, receiver, _ in own for who in (sender, receiver, None)] or [None],
            "line": {"color": ROLES[role], "width": 1.5, "dash": DASH[role]},
            "marker": {"symbol": "circle", "color": ROLES[role], "size": [0, 7, 0] * len(own) or [0]},
        })  # fmt: skip
    axes = {
        "xaxis": {} if time_range is None else {"range": ends(time_range, "time_range")},
        "yaxis": {
            "range": [count - 0.7, -0.3], "tickvals": list(range(count)), "ticktext": [str(who) for who in range(count)],
            "zeroline": False,
        },
    }  # fmt: skip
    return figure(traces, "Time (s)", "Replica", **axes)


def _row(message, number, count):
    try:
        sent, sender, received, receiver, kind = message
        row = (float(sent), whole(sender, "sender"), float(received), whole(receiver, "receiver"), str(kind))
    except (TypeError, ValueError):
        words = f"messages, row {number}: {shown(message)} must be time sent, sender, time received, receiver, kind"
        raise InvalidInput(words) from None
    if not (0 <= row[1] < count and 0 <= row[3] < count):
        raise InvalidInput(f"messages, row {number}: sender and receiver must be replicas from 0 to {count - 1}")
    return row
