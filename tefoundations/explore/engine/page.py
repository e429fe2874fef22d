"""A figure as the website carries it: HTML with the data of all states, drawn by `tef-explore.js`."""

import html
import json

from tefoundations.errors import FigureTooLarge
from tefoundations.explore.engine.controls import Slider
from tefoundations.explore.engine.frames import changes, frame
from tefoundations.explore.engine.theme import HEIGHT

MAX_STATES = 200
MAX_BYTES = 300_000
NO_SCRIPT = "This figure is drawn by JavaScript, which is switched off here. The text describes its first state."


def page_html(explored):
    """Return the HTML of an interactive figure with every state in it.

    Parameters
    ----------
    explored : Explore
        The figure and its controls.

    Returns
    -------
    str

    Raises
    ------
    FigureTooLarge
        If it has more than 200 states or 300 kB.
    """
    sizes = [len(pairs) for pairs in explored.states.values()]
    grid = explored.grid() if _product(sizes) <= MAX_STATES else None
    if grid is None:
        raise FigureTooLarge(
            f"{' x '.join(map(str, sizes))} = {_product(sizes)} states, and a page carries at most {MAX_STATES}: "
            "take larger steps, shorter ranges or fewer controls"
        )
    controls = [_control(explored, name, control) for name, control in explored.controls.items()]
    # The page opens at the state chosen by the author, so that one is the whole frame and the others are differences.
    states = [frame(*explored.drawn(**values)) for values in grid]
    opening = 0
    for size, start in zip(sizes, explored.first.values()):
        opening = opening * size + start
    base = states[opening]
    return _figure(controls, base, [changes(base, state) for state in states], explored.caption, explored.alt)


def one_state(explored, places):
    """Return one state of an interactive figure, for a page with Python behind it.

    Parameters
    ----------
    explored : Explore
        The figure and its controls.
    places : list of int
        The position of each control.

    Returns
    -------
    dict
        As from `frame`.
    """
    return frame(*explored.drawn(**{name: explored.states[name][at][1] for name, at in zip(explored.states, places)}))


def opening_html(explored):
    """Return the HTML of an interactive figure with its first state only: a page that runs Python asks for the others.

    Parameters
    ----------
    explored : Explore
        The figure and its controls; of any number of states.

    Returns
    -------
    str
    """
    controls = [_control(explored, name, control) for name, control in explored.controls.items()]
    base = one_state(explored, list(explored.first.values()))
    return _figure(controls, base, [[]], explored.caption, explored.alt)


def _control(explored, name, control):
    """What the script must know of a control; `name` and `keys` (or `values`) are the words of a link to one state."""
    slider = isinstance(control, Slider)
    texts = [text for text, _ in explored.states[name]]
    keys = [f"{value:g}" for _, value in explored.states[name]] if slider else texts
    told = {"name": name, "label": explored.label(name), "kind": "slider" if slider else "choice", "values": texts}
    return told | ({"keys": keys} if keys != texts else {}) | {"first": explored.first[name]}


def figure_html(figure):
    """Return the HTML of an ordinary figure: one state, no controls.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure or dict
        Its title describes it to screen readers; without one, the names of its axes and traces do.

    Returns
    -------
    str
    """
    state = frame(figure)
    layout = state["layout"]
    return _figure([], state, [[]], "", _title(layout) or _names(layout, state["data"]))


def _title(part):
    title = part.get("title", {})
    return title.get("text", "") if isinstance(title, dict) else title


def _names(layout, traces):
    axes = [_title(layout.get(axis, {})) for axis in ("yaxis", "xaxis")]
    return f"{' by '.join(filter(None, axes))}: {'; '.join(trace['name'] for trace in traces if trace.get('name'))}"


def _product(sizes):
    product = 1
    for size in sizes:
        product *= size
    return product


def _figure(controls, base, differences, caption, alt):
    data = {"controls": controls, "base": base, "frames": differences}
    blob = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False).replace("</", "<\\/")
    size = len(blob.encode())
    if size > MAX_BYTES:
        raise FigureTooLarge(
            f"{len(differences)} states take {size / 1000:.0f} kB, and a page carries at most {MAX_BYTES / 1000:.0f} kB: "
            "draw fewer points or take fewer states"
        )
    height = base["layout"].get("height", HEIGHT)
    # Caption and first text stand in the HTML: read without JavaScript, and nothing moves when the script starts.
    lines = [
        f'<figure class="tef-explore" style="--tef-height: {height}px; --tef-controls: {len(controls)}">',
        f'<script type="application/json">{blob}</script>',
        '<div class="tef-controls"></div>' if controls else "",
        f'<div class="tef-plot" role="img" aria-label="{html.escape(alt or "Figure")}"></div>',
        f'<p class="tef-text" role="status">{html.escape(base["text"])}</p>' if base["text"] else "",
        f"<figcaption>{html.escape(caption)}</figcaption>" if caption else "",
        f"<noscript><p>{NO_SCRIPT}</p></noscript>",
        "</figure>",
    ]
    return "\n".join(line for line in lines if line)


def register():
    """Make the page's script draw ordinary plotly figures too: plotly's own renderers load from outside hosts."""
    import plotly.io as pio
    from plotly.io.base_renderers import MimetypeRenderer

    class PageRenderer(MimetypeRenderer):
        def to_mimebundle(self, fig_dict):
            return {"text/html": figure_html(fig_dict), "text/plain": "<Figure>"}

    pio.renderers["tefoundations"] = PageRenderer()
    pio.renderers.default = "tefoundations"
