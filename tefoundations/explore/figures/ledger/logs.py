"""Logs side by side: what each replica holds decided, place by place, and where two of them differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.explore.engine.theme import ROLES, fade, figure
from tefoundations.inputs import sequence, whole

if TYPE_CHECKING:
    import plotly.graph_objects as go

LOOKS = {  # colour, fill, width of its outline, symbol
    "Agreed": ("demand", 0.15, 1.5, "circle"),
    "Differ": ("supply", 0.3, 4, "square"),
    "Faulty": ("rejected", 0.0, 1.5, "octagon"),
}


def replica_logs(
    logs: Sequence[Sequence[int]],
    *,
    correct: Sequence[int] | None = None,
    labels: Sequence[str] | None = None,
    places: int | None = None,
) -> go.Figure:
    """Draw the logs of replicas, one row each.

    What correct replicas agree on stands in thin blue circles, a place at which two of them differ in thick orange squares,
    what faulty ones claim in grey.

    Parameters
    ----------
    logs : sequence of sequences of int
        By replica what it holds decided, place by place from 1; -1 is the request that does nothing, drawn
        as a dash.
    correct : sequence of int, optional
        Replicas that keep to the protocol; default: all.
    labels : sequence of str, optional
        What to call the requests; default: their numbers.
    places : int, optional
        Places shown, so that the axis stands still while a slider moves.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace for each kind.

    Raises
    ------
    InvalidInput
        Logs that are no sequences of whole numbers, replicas that are not there, or too few labels.

    Examples
    --------
    >>> drawn = replica_logs([(0, 1), (0, 2), (0,)])
    >>> [(trace.name, trace.text) for trace in drawn.data]
    [('Agreed', ('0', '0', '0')), ('Differ', ('1', '2')), ('Faulty', ('',))]
    """
    logs = [
        [whole(request, f"log {who}: request", least=-1) for request in sequence(log, f"log {who}", of="requests")]
        for who, log in enumerate(sequence(logs, "logs", of="logs"))
    ]
    correct = range(len(logs)) if correct is None else sequence(correct, "correct", of="replicas")
    for who in correct:
        whole(who, "a correct replica", least=0, most=len(logs) - 1)
    if labels is not None:
        labels = sequence(list(labels) if isinstance(labels, str) else labels, "labels", of="labels")
        requests = 1 + max((request for log in logs for request in log), default=-1)
        if len(labels) < requests:
            raise InvalidInput(f"labels must be one for each of {requests} requests, not {len(labels)}")
    held = {}
    for who in correct:
        for place, request in enumerate(logs[who], 1):
            held.setdefault(place, {})[request] = True
    marks = {kind: [] for kind in LOOKS}
    for who, log in enumerate(logs):
        for place, request in enumerate(log, 1):
            kind = "Faulty" if who not in correct else "Agreed" if len(held[place]) == 1 else "Differ"
            said = "–" if request < 0 else str(request) if labels is None else labels[request]
            marks[kind].append((place, who, said))
    traces = []
    for kind, own in marks.items():
        role, opacity, width, symbol = LOOKS[kind]
        traces.append({
            "type": "scatter", "mode": "markers+text", "name": kind, "showlegend": True,
            # A kind of which there is none keeps its place in the legend.
            "x": [place for place, _, _ in own] or [None], "y": [who for _, who, _ in own] or [None],
            "text": [said for _, _, said in own] or [""], "textfont": {"size": 12},
            "marker": {
                "symbol": symbol, "size": 27, "color": fade(role, opacity), "line": {"color": ROLES[role], "width": width},
            },
        })  # fmt: skip
    most = whole(places, "places", least=1) if places is not None else max([len(log) for log in logs] + [1])
    axes = {
        "xaxis": {"range": [0.4, most + 0.6], "dtick": 1, "showgrid": False},
        "yaxis": {
            "range": [len(logs) - 0.4, -0.6], "showgrid": False, "zeroline": False, "tickvals": list(range(len(logs))),
            "ticktext": [str(who) if who in correct else f"{who} (faulty)" for who in range(len(logs))],
        },
    }  # fmt: skip
    return figure(traces, "Place in the log", "Replica", **axes)
