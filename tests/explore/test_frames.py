"""The page of an interactive figure: differences put together again, limits, errors, the same output every time."""

import json
import re

import numpy as np
import pytest

from tefoundations.errors import FigureTooLarge, InvalidInput, TEError
from tefoundations.explore import Choice, Slider, explore
from tefoundations.explore.engine.frames import apply, changes, frame, plain
from tefoundations.explore.engine.page import figure_html
from tefoundations.explore.engine.theme import figure


@pytest.fixture(autouse=True)
def _static(monkeypatch):
    monkeypatch.setenv("TEF_STATIC", "1")


def draw(shift, side="left"):
    # In one state a trace and an annotation go away, so that removals are tried as well as changes.
    traces = [{"type": "scatter", "x": np.arange(4), "y": np.sin(np.arange(4) + shift), "name": side}]
    if shift != 2:
        traces.append({"type": "bar", "x": ["a", "b"], "y": [shift, 1 / 3]})
    layout = {"annotations": [{"text": "x", "x": shift, "y": 0}]} if side == "left" else {}
    return figure(traces, "x", "y", **layout), f"{shift} {side} </script>"


def data_of(html):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.S)[1])


def test_every_state_comes_back_as_it_was_drawn():
    made = explore(draw, shift=Slider(0, 3, 1, value=1), side=Choice(["left", "right"]))
    data = data_of(made.html)
    assert [c["values"] for c in data["controls"]] == [["0", "1", "2", "3"], ["left", "right"]]
    assert len(data["frames"]) == 8
    for values, difference in zip(made.grid(), data["frames"]):
        assert apply(data["base"], difference) == frame(*draw(**values))
    assert data["base"] == frame(*draw(1, "left"))
    assert data["frames"][2] == []


def test_a_moved_curve_costs_only_its_array():
    before = frame(figure([{"type": "scatter", "x": [0, 1], "y": [1, 2]}], "x", "y"))
    after = frame(figure([{"type": "scatter", "x": [0, 1], "y": [1, 3]}], "x", "y"))
    assert changes(before, after) == [[["data", 0, "y"], [1, 3]]]


def test_numbers_are_lists_of_four_digits():
    drawn = figure([{"type": "scatter", "x": np.array([1e6 / 3, -1e-7 / 3]), "y": np.array([[1, 2], [3, 4]])}], "x", "y")
    assert frame(drawn)["data"][0] | {"type": ""} == {"type": "", "x": [333300, -3.333e-08], "y": [[1, 2], [3, 4]]}
    assert plain([np.float64("inf"), np.int64(12345), True, None, "a"]) == [None, 12345, True, None, "a"]
    assert plain(np.array(["2030-01-01T12:00"], dtype="datetime64[m]")) == ["2030-01-01T12:00:00"]
    assert "template" not in frame(drawn)["layout"]


def test_output_is_the_same_every_time_and_carries_no_address():
    pages = {explore(draw, "Caption", shift=Slider(0, 3, 1)).html for _ in range(2)}
    assert len(pages) == 1
    made = explore(draw, "Caption", shift=Slider(0, 3, 1))
    bundle = made._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == "<Explore shift: 0 to 3, 4 states>"
    assert "0x" not in bundle["text/plain"]


def test_words_are_escaped():
    html = explore(lambda: (draw(0)[0], "a < b & c"), 'The "caption" </figure>').html
    assert "a &lt; b &amp; c</p>" in html
    assert html.count("</figure>") == 1
    assert html.count("</script>") == 1


def test_too_many_states_and_too_many_bytes():
    with pytest.raises(FigureTooLarge, match=r"15 x 14 = 210 states.*at most 200.*larger steps"):
        explore(lambda a, b: draw(a), a=Slider(0, 14, 1), b=Slider(0, 13, 1))
    noise = np.random.default_rng(0).normal(size=(10, 9000))
    many = lambda i: figure([{"type": "scatter", "y": noise[i]}], "x", "y")  # noqa: E731
    with pytest.raises(FigureTooLarge, match=r"10 states take \d+ kB.*at most 300 kB: draw fewer points"):
        explore(many, i=Slider(0, 9, 1))


def test_live_figures_have_no_such_limit(monkeypatch):
    monkeypatch.delenv("TEF_STATIC")
    assert repr(explore(lambda a: draw(a), a=Slider(0, 999, 1))) == "<Explore a: 0 to 999, 1000 states>"


@pytest.mark.parametrize("static", ["0", "1"])
def test_what_cannot_be_drawn_is_said_in_the_cell(monkeypatch, static):
    import plotly.graph_objects as go

    monkeypatch.setenv("TEF_STATIC", static)
    with pytest.raises(InvalidInput, match="trace 0 has type 'pie'; the pages draw only scatter and bar"):
        explore(lambda: go.Figure(go.Pie(values=[1])))
    with pytest.raises(InvalidInput, match="must return a plotly figure .* not NoneType"):
        explore(lambda: None)
    with pytest.raises(InvalidInput, match="text of a figure must be a string, not int"):
        explore(lambda: (go.Figure(), 3))
    with pytest.raises(TEError, match="draw failed at price=0: ZeroDivisionError: division by zero"):
        explore(lambda price: 1 / price, price=Slider(0, 1, 1))


def test_an_ordinary_figure_is_a_page_figure_without_controls():
    html = figure_html(figure([{"type": "bar", "y": [1]}], "x", "y", title="Title & more"))
    data = data_of(html)
    assert data["controls"] == [] and data["frames"] == [[]]
    assert 'aria-label="Title &amp; more"' in html


def test_static_mode_draws_ordinary_figures_itself():
    import subprocess
    import sys

    code = (
        "import tefoundations.explore, plotly.io as pio; from tefoundations.explore.engine.theme import figure;"
        "f = figure([{'type': 'bar', 'y': [1]}], 'x', 'y'); bundle = f._repr_mimebundle_();"
        "print(pio.renderers.default, sorted(bundle), 'tef-explore' in bundle['text/html'])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "tefoundations ['text/html', 'text/plain'] True"


def test_a_figure_without_a_title_is_described_by_its_axes_and_traces():
    html = figure_html(figure([{"type": "bar", "name": "Bids", "y": [1]}], "Quantity (kWh)", "Price (ct/kWh)"))
    assert 'aria-label="Price (ct/kWh) by Quantity (kWh): Bids"' in html
