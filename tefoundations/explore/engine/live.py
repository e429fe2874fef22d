"""A figure under a kernel: ipywidgets, in Jupyter, Binder, Colab and JupyterLite alike."""

import html

from tefoundations.explore.engine.controls import Slider
from tefoundations.explore.engine.frames import frame
from tefoundations.explore.engine.theme import LIGHT, template


def widget(explored):
    """Return the widget of an interactive figure, drawn in its first state.

    Parameters
    ----------
    explored : Explore
        The figure and its controls.

    Returns
    -------
    ipywidgets.VBox
        Controls, drawing, text and caption.
    """
    import ipywidgets as w
    from IPython.display import clear_output, display

    # One width for all labels, so that the sliders stand under each other.
    style = {"description_width": f"{0.6 * max(map(len, map(explored.label, explored.controls)), default=0) + 1}em"}
    wide = w.Layout(width="100%", max_width="36rem")
    controls = {}
    for name, control in explored.controls.items():
        pairs = explored.states[name]
        kind = w.SelectionSlider if isinstance(control, Slider) else w.Dropdown
        controls[name] = kind(
            options=pairs, index=explored.first[name], description=explored.label(name), style=style, layout=wide
        )
    drawing, text = w.Output(), w.HTML()

    def redraw(_=None):
        # Inside `with drawing` an exception shows itself where the figure would stand, and the sliders stay alive.
        with drawing:
            figure, words = explored.drawn(**{name: c.value for name, c in controls.items()})
            frame(figure, words)
            figure.update_layout(template=template(LIGHT))
            clear_output(wait=True)
            display(figure)
            text.value = f'<p role="status" style="line-height: 1.4">{html.escape(words)}</p>' if words else ""

    for control in controls.values():
        control.observe(redraw, names="value")
    redraw()
    caption = [w.HTML(f"<em>{html.escape(explored.caption)}</em>")] if explored.caption else []
    return w.VBox([*controls.values(), drawing, text, *caption])
