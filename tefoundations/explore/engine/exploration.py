"""`explore(draw, ...)`: one line in a chapter, a live widget under a kernel and the same controls on the static page."""

from __future__ import annotations

import inspect
import itertools
import os
from collections.abc import Callable

from tefoundations.errors import InvalidInput, TEError
from tefoundations.explore.engine.controls import Choice, Slider
from tefoundations.inputs import function


def static_mode():
    """Return whether the build of the website runs this kernel (environment variable TEF_STATIC is 1)."""
    return os.environ.get("TEF_STATIC") == "1"


def on_page():
    """Return whether what is shown goes into a page: of the website, or one that runs Python itself (TEF_STATIC is page)."""
    return os.environ.get("TEF_STATIC") in ("1", "page")


class Explore:
    """An interactive figure; made by `explore`, shown by being the last line of a cell."""

    def __init__(self, draw, controls, caption, alt):
        self.draw, self.controls, self.caption, self.alt = draw, controls, caption, alt or caption
        self.states = {name: control.states(name) for name, control in controls.items()}
        self.first = {name: control.first(name) for name, control in controls.items()}
        self.html = None  # the page of all states, in static mode

    def label(self, name):
        """Return what the reader sees beside a control."""
        return self.controls[name].label or name.replace("_", " ").capitalize()

    def drawn(self, **values):
        """Return (figure, text) of one state; an exception of `draw` is passed on with the state named."""
        try:
            result = self.draw(**values)
        except Exception as error:
            state = ", ".join(f"{name}={value!r}" for name, value in values.items()) or "no controls"
            raise TEError(f"draw failed at {state}: {type(error).__name__}: {error}") from error
        return result if isinstance(result, tuple) and len(result) == 2 else (result, "")

    def grid(self):
        """Return the values of every state as a dict, the last control running fastest."""
        rows = itertools.product(*([value for _, value in pairs] for pairs in self.states.values()))
        return [dict(zip(self.states, row)) for row in rows]

    def __repr__(self):
        parts = [f"{name}: {pairs[0][0]} to {pairs[-1][0]}, {len(pairs)} states" for name, pairs in self.states.items()]
        return f"<Explore {'; '.join(parts) or 'without controls'}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        if self.html is not None:
            return {"text/html": self.html, "text/plain": repr(self)}
        from tefoundations.explore.engine.live import VIEW, view, widget

        return {VIEW: view(widget(self)), "text/plain": repr(self)}


def explore(draw: Callable, caption: str = "", *, alt: str | None = None, **controls: Slider | Choice) -> Explore:
    """Let a reader turn the parameters of a figure.

    Under a kernel the figure is drawn anew for each state. On the website no kernel runs: every state is drawn when the
    book is built, so `draw` should be quick there, and the states few.

    Parameters
    ----------
    draw : callable
        `draw(**values)` returns a plotly figure of scatter and bar traces, or (figure, text). The text is the sentence
        that reads the figure: it stands under it and is spoken by screen readers.
    caption : str
        What the figure shows, whatever the state.
    alt : str, optional
        The description of the drawing for those who cannot see it; default the caption.
    **controls : Slider or Choice
        One for each parameter of `draw` that has no default.

    Returns
    -------
    Explore

    Raises
    ------
    InvalidInput
        If `draw` is no function, a control names no parameter of it, a parameter has no control, a control is malformed,
        or a trace is neither scatter nor bar.
    FigureTooLarge
        For the website only: more than 200 states or 300 kB.
    TEError
        If `draw` fails; the message names the state.

    Examples
    --------
    >>> from tefoundations.explore.engine.theme import figure
    >>> def line(slope):
    ...     return figure([{"type": "scatter", "y": [0, slope]}], "Time (h)", "Energy (kWh)"), f"Slope {slope}."
    >>> explore(line, "A line through the origin.", slope=Slider(0, 4, 2, unit="kWh/h"))
    <Explore slope: 0 kWh/h to 4 kWh/h, 3 states>
    """
    _matches(draw, controls)
    made = Explore(draw, controls, caption, alt)
    # Drawn here and not while it is shown: Jupyter swallows the errors of showing, and a cell that fails must fail.
    if static_mode():
        from tefoundations.explore.engine.page import page_html

        made.html = page_html(made)
    else:
        from tefoundations.explore.engine.frames import frame

        frame(*made.drawn(**{name: made.states[name][made.first[name]][1] for name in controls}))
    return made


def _matches(draw, controls):
    """Check that controls and the parameters of `draw` are the same names."""
    for name, control in controls.items():
        if not isinstance(control, (Slider, Choice)):
            raise InvalidInput(f"control {name!r}: give a Slider or a Choice, not {control!r}")
    function(draw, "draw", of="its controls")
    parameters = inspect.signature(draw).parameters.values()
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    for name in controls:
        if name not in names and not takes_any:
            raise InvalidInput(f"control {name!r}: draw has no such parameter, only {', '.join(names) or 'none'}")
    for p in parameters:
        if p.name in names and p.name not in controls and p.default is p.empty:
            raise InvalidInput(f"control {p.name!r} is missing: draw needs it and gives no default")
