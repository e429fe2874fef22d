"""A figure under a kernel: ipywidgets 7.7 (Colab's) or 8, in Jupyter, Binder, Colab and JupyterLite alike."""

import html

from tefoundations.explore.engine.controls import Slider
from tefoundations.explore.engine.frames import frame
from tefoundations.explore.engine.theme import LIGHT, template

VIEW = "application/vnd.jupyter.widget-view+json"
# ipywidgets gives the handle of a slider neither a name nor the value that stands beside it; 7 gives it no role either.
# Handles come and go with cells, so they are looked for whenever the page changes; what is set here changes no page again.
NAMED_HANDLES = """<script>(() => {
  if (window.tefHandles) return;
  const set = (node, key, value) => node.getAttribute(key) === value || node.setAttribute(key, value);
  const name = () => document.querySelectorAll(".tef-live .widget-slider").forEach((slider) => {
    const handle = slider.querySelector(".noUi-handle, .ui-slider-handle");
    const label = slider.querySelector(".widget-label"), value = slider.querySelector(".widget-readout");
    if (!handle || !label || !value) return;
    set(handle, "aria-label", label.textContent);
    set(handle, "aria-valuetext", value.textContent);
    if (handle.matches(".noUi-handle")) return;
    set(handle, "role", "slider");
    set(handle, "aria-valuenow", String(Math.round(parseFloat(handle.style.left) || 0)));
  });
  window.tefHandles = new MutationObserver(name);
  window.tefHandles.observe(document.body, {childList: true, subtree: true, characterData: true});
  name();
})();</script>"""


def widget(explored):
    """Return the widget of an interactive figure, drawn in its first state.

    Parameters
    ----------
    explored : Explore
        The figure and its controls.

    Returns
    -------
    ipywidgets.VBox
        Controls, drawing, text, caption, and the script that names the handles.
    """
    import ipywidgets as w
    from IPython.display import HTML, clear_output, display

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
    names = w.Output()
    names.append_display_data(HTML(NAMED_HANDLES))
    return w.VBox([*controls.values(), drawing, text, *caption, names]).add_class("tef-live")


def view(made):
    """Return what a notebook stores to show a widget; ipywidgets 7 gives this to nobody, it displays itself.

    Parameters
    ----------
    made : ipywidgets.Widget

    Returns
    -------
    dict
    """
    return {"version_major": 2, "version_minor": 0, "model_id": made.model_id}
