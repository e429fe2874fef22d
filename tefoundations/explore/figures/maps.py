"""A network as a picture: buses as dots, colored by a value, lines as wide as what flows on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.explore.engine.theme import DASH, ROLES, figure
from tefoundations.explore.figures.arguments import ends
from tefoundations.explore.figures.labels import beside
from tefoundations.inputs import instance, numbers, one_of, positive

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import ArrayLike

    from tefoundations.grid import Network

WIDTHS = 2.0, 14.0  # px of a line without flow, and of the largest
LABELS = 12  # more buses than this bear no words
PHONE = 330.0, 280.0  # px of the picture where it is smallest; in a wider one all stands further apart
ARROWS = 8.0, 22.0  # px of an arrow on a short line, and of the largest
SHARES = np.array([0.5, 0.36, 0.64, 0.28, 0.72])  # of a line, where its words may stand
FULL = 1e-5  # share of its limit within which a line counts as full


def network_map(
    net: Network,
    *,
    value: ArrayLike | None = None,
    value_title: str = "",
    value_range: tuple[float, float] | None = None,
    flow: ArrayLike | None = None,
    limit: ArrayLike | None = None,
    flow_range: float | None = None,
    labels: bool | str | None = None,
) -> go.Figure:
    """Draw a network: prices, voltages or loads as the colors of buses, flows as the widths of lines.

    A line at its limit is orange and dashed; an arrow shows which way power flows.

    Parameters
    ----------
    net : Network
        Placed by its columns east and north; without them a tree is drawn from its slack, a mesh on a circle.
    value : (n,) float array, optional
        What colors the buses, in the unit its title names.
    value_title : str
        What the value is, with unit.
    value_range : (low, high), optional
        Ends of the color scale, so that it stands still while a slider moves.
    flow : (m,) float array, optional
        Flows (MW), positive from `from_bus` to `to_bus`.
    limit : (m,) float array, optional
        Limits (MW); default: those of the network.
    flow_range : float, optional
        Flow of the widest line (MW); default: the largest here.
    labels : bool or "buses", optional
        Whether buses and lines bear numbers; default: up to a dozen buses. "buses" leaves the lines without; in a network of
        more than a dozen buses these then bear their names alone.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace a line, then one of arrows, one of the numbers beside them, and one of buses.

    Raises
    ------
    InvalidInput
        What is no network; values, flows or limits that are not one number for each bus or line; other labels.

    Examples
    --------
    >>> from tefoundations.data import grid
    >>> from tefoundations.grid import Network, dc_opf
    >>> net = Network.from_frames(**grid("three_bus"))
    >>> d = dc_opf(net, limits={"1-2": 45})
    >>> drawn = network_map(net, value=d.lmp, value_title="Price ($/MWh)", flow=d.flow, limit=[45, np.inf, np.inf])
    >>> [trace.line.dash for trace in drawn.data[:3]], drawn.data[-1].text
    (['8px,3px', 'solid', 'solid'], ('<b>1</b><br>9', '<b>2</b><br>19', '<b>3</b><br>15'))
    """
    from tefoundations.grid import Network

    instance(net, Network, "net", advice="Network.from_frames makes one")
    instance(value_title, str, "value_title")
    x, y = places(net)
    count = len(net.lines)
    flow = np.zeros(count) if flow is None else numbers(flow, "flow", count=count, place="line")
    limit = net.lines.limit if limit is None else numbers(limit, "limit", infinite=True, count=count, place="line")
    if value is not None:
        value, value_range = numbers(value, "value", count=len(net.buses), place="bus"), ends(value_range, "value_range")
    small = len(net.buses) <= LABELS
    if isinstance(labels, str):
        one_of(labels, ("buses",), "labels", more=", True, False")
    else:
        labels = small if labels is None else instance(labels, bool, "labels", advice='or "buses"')
    names_alone = labels == "buses" and not small
    widest = max(np.abs(flow).max(initial=0.0), 1e-9) if flow_range is None else positive(flow_range, "flow_range")
    full = np.isfinite(limit) & (np.abs(flow) >= limit * (1 - FULL)) & (limit > 0)
    pairs = np.column_stack([net.lines.start, net.lines.end])
    traces = [_line(x[pair], y[pair], abs(power) / widest, at_limit) for pair, power, at_limit in zip(pairs, flow, full)]
    pad_x, pad_y = (0.18 * (np.ptp(axis) or 1.0) for axis in (x, y))
    across, up = [x.min() - pad_x, x.max() + pad_x], [y.min() - 1.4 * pad_y, y.max() + 1.4 * pad_y]
    scale = np.array(PHONE) / [np.ptp(across), np.ptp(up)]
    placed = bool(labels) and not names_alone
    if placed:
        scale[:] = scale.min()  # then the picture keeps its shape, and words know where lines run
    at = (np.column_stack([x, y]) - [across[0], up[0]]) * scale
    names, words = _bus_words(net, value), _line_words(flow, limit)
    frame = np.array([np.ptp(across), np.ptp(up)]) * scale
    sides, along = _stand(at, pairs, names, words if labels is True else [], frame) if placed else (None, [])
    traces += _arrows(net, x, y, at, pairs, flow, words, along or None)
    dot = 9 if names_alone else 26 if labels is True else 18 if labels else 13
    traces.append(_buses(net, x, y, value, value_title, value_range, names, "names" if names_alone else sides, dot))
    blank, ratio = {"visible": False, "fixedrange": True}, {"scaleanchor": "x"} if placed else {}
    axes = {"xaxis": blank | {"range": across}, "yaxis": blank | {"range": up} | ratio}
    # The axes are not drawn; their titles head the table of numbers and tell a screen reader what the picture is.
    heading = f"{value_title or 'Value'} of a bus, flow of a line"
    return figure(traces, "Bus or line", heading, showlegend=False, margin={"l": 8, "r": 8, "t": 8, "b": 8}, **axes)


def places(net):
    """Where the buses of a network are drawn.

    Parameters
    ----------
    net : Network

    Returns
    -------
    x, y : (n,) float arrays
        Its own columns east and north; where any is unknown, depth and order in the tree from the slack bus, or points
        on a circle if there is a loop.
    """
    x, y = np.asarray(net.buses.east, float), np.asarray(net.buses.north, float)
    if np.isfinite(x).all() and np.isfinite(y).all():
        return x, y
    count = len(net.buses)
    if len(net.lines) != count - 1:
        angle = np.pi / 2 - 2 * np.pi * np.arange(count) / count
        return np.cos(angle), np.sin(angle)
    return _tree(net, count)


def _tree(net, count):
    """Depth to the right; each leaf in a row of its own, a bus in the row of its first child."""
    neighbours = [[] for _ in range(count)]
    for start, end in zip(net.lines.start.tolist(), net.lines.end.tolist()):
        neighbours[start].append(end)
        neighbours[end].append(start)
    x, y, row = np.zeros(count), np.zeros(count), 0
    stack, seen = [(net.slack_at, 0, None)], set()
    while stack:  # depth first: a bus takes the current row, a leaf ends it
        bus, depth, _ = stack.pop()
        seen.add(bus)
        x[bus], y[bus] = depth, -row
        further = [other for other in neighbours[bus] if other not in seen]
        row += not further
        stack += [(other, depth + 1, bus) for other in reversed(further)]
    return x, y


def _line(x, y, share, at_limit):
    role = "supply" if at_limit else "rejected"
    low, high = WIDTHS
    return {
        "type": "scatter", "mode": "lines", "x": x.tolist(), "y": y.tolist(), "hoverinfo": "skip",
        "line": {
            "width": round(low + (high - low) * min(share, 1.0), 1), "color": ROLES[role],
            "dash": DASH["supply"] if at_limit else "solid",
        },
    }  # fmt: skip


def _bus_words(net, value):
    """Name and value of each bus, the value with a real minus sign."""
    said = [""] * len(net.buses) if value is None else [f"{v:.4g}".replace("-", "\N{MINUS SIGN}") for v in value]
    return [(str(bus), v) for bus, v in zip(net.buses.bus, said)]


def _line_words(flow, limit):
    return [
        f"{abs(power):.4g} MW" + (f" of {most:.4g}" if np.isfinite(most) and most > 0 else "")
        for power, most in zip(flow, limit)
    ]


def _stand(at, pairs, names, words, frame):
    """On which side of each bus its words stand, and where along each line, on which side, those of the line."""
    dot, arrow = 14.0, 12.0
    lines, middle = at[pairs], at[pairs].mean(axis=1)
    taken = [np.concatenate([point - dot, point + dot]) for point in at]
    taken += [np.concatenate([point - arrow, point + arrow]) for point in middle]
    # As many letters as a value of another state may have: words should not jump while a slider moves.
    written = [f"{name}<br>{'0' * max(6, len(v))}" if v else name for name, v in names]
    written += [word.rjust(max(len(word.split(" of ")[0]) for word in words)) for word in words]
    places = [*at[:, None], *(lines[:, :1] + SHARES[:, None] * (lines[:, 1:] - lines[:, :1]))]
    stand = beside(places, written, [dot + 1] * len(at) + [arrow] * len(words), lines, frame, taken)
    return [side for _, side in stand[: len(at)]], stand[len(at) :]


def _arrows(net, x, y, at, ends, flow, words, stand):
    """An arrow in the middle of each line, pointing where power goes, and the flow beside it."""
    start, end = np.where(flow[:, None] >= 0, ends, ends[:, ::-1]).T
    length = np.maximum(np.hypot(*(at[end] - at[start]).T), 1e-9)
    low, high = ARROWS
    size = np.where(np.abs(flow) < 1e-6, 0.0, np.clip(0.5 * length, low, high))
    tip = 0.5 + 0.5 * size / length  # plotly's arrow ends at its point
    # It points away from the point before it, on the screen: so each is led by one at the bus that power comes from.
    row_x = np.column_stack([x[start], x[start] + np.minimum(tip, 0.95) * (x[end] - x[start])])
    row_y = np.column_stack([y[start], y[start] + np.minimum(tip, 0.95) * (y[end] - y[start])])
    marks = {
        "type": "scatter", "mode": "markers", "hoverinfo": "text", "name": "Lines",
        "hovertext": [said for word in words for said in ("", word)],
        "customdata": [[str(name), said] for name, said in zip(net.lines.name, words)],
        "x": row_x.ravel().tolist(), "y": row_y.ravel().tolist(),
        "marker": {
            "symbol": "arrow", "angleref": "previous", "color": ROLES["price"], "opacity": 1,
            "size": [px for own in size.round(1).tolist() for px in (0, own)], "line": {"width": 1.5, "color": "#ffffff"},
        },
    }  # fmt: skip
    share = np.full(len(words), 0.5) if stand is None else SHARES[[which for which, _ in stand]]
    first, last = ends.T
    written = {
        "type": "scatter", "mode": "markers+text", "hoverinfo": "skip",
        "text": [""] * len(words) if stand is None else words,
        "x": (x[first] + share * (x[last] - x[first])).tolist(), "y": (y[first] + share * (y[last] - y[first])).tolist(),
        "textposition": "top center" if stand is None else [side for _, side in stand], "cliponaxis": False,
        "marker": {"size": 18, "opacity": 0},  # not seen: it keeps the words clear of the line
    }  # fmt: skip
    return [marks, written]


def _buses(net, x, y, value, value_title, value_range, names, stand, dot):
    """`stand` is where the words of each bus stand, None without words, "names" for names alone above small dots."""
    alone = stand == "names"
    marker = {"size": dot, "color": ROLES["demand"], "line": {"width": 1.5, "color": "#ffffff"}}
    if value is not None:
        low, high = value_range or (float(np.min(value)), float(np.max(value)))
        marker |= {
            "color": value.tolist(), "cmin": low, "cmax": high if high > low else low + 1.0,
            "colorscale": [[0, ROLES["demand"]], [0.5, "#b8b4ad"], [1, ROLES["supply"]]], "showscale": True,
            "colorbar": {"title": {"text": value_title, "side": "top"}, "orientation": "h", "thickness": 10, "len": 0.6,
                         "x": 0.5, "y": -0.02, "yanchor": "top"},
        }  # fmt: skip
    words = [f"<b>{name}</b><br>{v}" if v and not alone else f"<b>{name}</b>" for name, v in names]
    return {
        "type": "scatter", "mode": "markers+text" if stand else "markers", "x": x.tolist(), "y": y.tolist(),
        "marker": marker, "text": words if stand else [""] * len(names), "cliponaxis": False,
        "textposition": "top center" if alone or not stand else stand, "hoverinfo": "text", "name": "Buses",
        "customdata": [[*said] for said in names],
        "hovertext": [f"bus {name}: {v} {value_title}" if v else f"bus {name}" for name, v in names],
    } | ({"textfont": {"size": 10}} if alone else {})  # fmt: skip
