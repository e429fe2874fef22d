"""Figures as plain JSON: rounded, without what the page knows already, and later frames as differences from the first."""

import base64
import math

import numpy as np

from tefoundations.errors import InvalidInput

DIGITS = 4
DRAWN = ("scatter", "bar")  # what plotly's small bundle draws, of the types this book uses


def plain(value):
    """Return lists, dicts, strings and numbers of 4 significant digits; what is not finite becomes None.

    Parameters
    ----------
    value : object
        Part of a figure: numpy arrays, plotly's base64 typed arrays, dates, nested lists and dicts.

    Returns
    -------
    object
        The same as JSON can carry it. Integers stay whole.

    Examples
    --------
    >>> plain({"x": np.array([1 / 3, 2.0, np.nan]), "name": "price"})
    {'x': [0.3333, 2, None], 'name': 'price'}
    """
    if isinstance(value, dict) and set(value) >= {"dtype", "bdata"}:
        array = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
        shape = [int(n) for n in str(value.get("shape", array.size)).split(",")]
        return plain(array.reshape(shape))
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, np.datetime64) or hasattr(value, "isoformat"):
        return str(np.datetime64(value, "s")) if isinstance(value, np.datetime64) else value.isoformat()
    if isinstance(value, np.ndarray):
        return [plain(v) for v in (value if value.dtype.kind == "M" else value.tolist())]
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        rounded = float(f"{value:.{DIGITS}g}")
        return int(rounded) if rounded.is_integer() else rounded
    return value


def frame(figure, text=""):
    """Return one state of a figure as a plain dict.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure or dict
        Traces of type scatter or bar.
    text : str
        The sentence that reads the figure.

    Returns
    -------
    dict
        Keys `data`, `layout` (without the template: the page brings its own) and `text`.

    Raises
    ------
    InvalidInput
        If `figure` is no figure, or has a trace the page cannot draw.

    Examples
    --------
    >>> frame({"data": [{"type": "bar", "y": [2.00004]}], "layout": {"template": {}}}, "Two.")
    {'data': [{'type': 'bar', 'y': [2]}], 'layout': {}, 'text': 'Two.'}
    """
    whole = figure.to_plotly_json() if hasattr(figure, "to_plotly_json") else figure
    if not isinstance(whole, dict) or "data" not in whole:
        raise InvalidInput(f"draw must return a plotly figure or (figure, text), not {type(figure).__name__}")
    if not isinstance(text, str):
        raise InvalidInput(f"the text of a figure must be a string, not {type(text).__name__}")
    for i, trace in enumerate(whole["data"]):
        if trace.get("type", "scatter") not in DRAWN:
            raise InvalidInput(f"trace {i} has type {trace['type']!r}; the pages draw only {' and '.join(DRAWN)}")
    layout = {k: v for k, v in whole.get("layout", {}).items() if k != "template"}
    return {"data": plain(list(whole["data"])), "layout": plain(layout), "text": text}


def changes(old, new, path=()):
    """Return what turns `old` into `new`: a list of [path, value], or of [path] where an entry goes away.

    Parameters
    ----------
    old, new : dict
        Two frames.

    Returns
    -------
    list
        Lists of numbers are replaced whole; dicts, and lists of as many dicts, are entered.

    Examples
    --------
    >>> changes({"data": [{"y": [1, 2], "x": [0, 1]}], "text": "a"}, {"data": [{"y": [1, 3], "x": [0, 1]}], "text": "a"})
    [[['data', 0, 'y'], [1, 3]]]
    """
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        gone = [[[*path, key]] for key in old if key not in new]
        added = [[[*path, key], new[key]] for key in new if key not in old]
        both = [changes(old[key], new[key], (*path, key)) for key in new if key in old]
        return gone + added + sum(both, [])
    lists = isinstance(old, list) and isinstance(new, list) and len(old) == len(new) > 0
    if lists and all(isinstance(entry, dict) for entry in [*old, *new]):
        return sum((changes(a, b, (*path, i)) for i, (a, b) in enumerate(zip(old, new))), [])
    return [[list(path), new]]


def apply(first, difference):
    """Return the frame that a difference describes; the inverse of `changes`, as the page's script does it.

    Parameters
    ----------
    first : dict
        The first frame; it is not changed.
    difference : list
        What `changes` returned.

    Returns
    -------
    dict

    Examples
    --------
    >>> apply({"data": [], "text": "a"}, [[["text"], "b"]])
    {'data': [], 'text': 'b'}
    """
    import copy

    result = copy.deepcopy(first)
    for path, *value in difference:
        target = result
        for key in path[:-1]:
            target = target[key]
        if value:
            target[path[-1]] = value[0]
        else:
            del target[path[-1]]
    return result
