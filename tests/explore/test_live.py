"""The live widget: labels, values with units, text, and what a reader's move does."""

import ipywidgets
import pytest

from tefoundations.explore import Choice, Slider, explore
from tefoundations.explore.engine.live import widget
from tefoundations.explore.engine.theme import figure


@pytest.fixture
def parts(monkeypatch):
    monkeypatch.delenv("TEF_STATIC", raising=False)
    seen = []

    def draw(cap, rule):
        seen.append((cap, rule))
        return figure([{"type": "scatter", "y": [cap]}], "x", "y"), f"Cap {cap} & {rule}"

    made = explore(
        draw,
        "Caption",
        cap=Slider(0, 4, 2, value=2, label="Price cap", unit="ct"),
        rule=Choice({"pay as bid": "bid", "one": "one"}),
    )
    return widget(made).children[:-1], seen  # the last names the handles; tests/browser looks at it


def test_controls_show_label_value_and_unit(parts):
    (slider, choice, drawing, text, caption), _ = parts
    assert isinstance(slider, ipywidgets.SelectionSlider) and isinstance(choice, ipywidgets.Dropdown)
    assert (slider.description, slider.label, choice.description, choice.label) == (
        "Price cap",
        "2 ct",
        "Rule",
        "pay as bid",
    )
    assert "Cap 2 &amp; bid" in text.value and "Caption" in caption.value
    assert isinstance(drawing, ipywidgets.Output)


def test_a_move_draws_anew(parts):
    (slider, choice, _, text, _), seen = parts
    slider.value = 4
    choice.value = "one"
    assert seen[-2:] == [(4, "bid"), (4, "one")]
    assert "Cap 4 &amp; one" in text.value


def test_mimebundle_is_a_widget_with_plain_text(monkeypatch):
    monkeypatch.delenv("TEF_STATIC", raising=False)
    bundle = explore(lambda a: figure([], "x", "y"), a=Slider(0, 1, 1))._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == "<Explore a: 0 to 1, 2 states>"


def test_a_widget_that_gives_no_bundle_of_its_own_is_shown(monkeypatch):
    """Such are those of ipywidgets 7, which Colab has: they display themselves."""
    monkeypatch.delenv("TEF_STATIC", raising=False)
    monkeypatch.delattr(ipywidgets.Widget, "_repr_mimebundle_", raising=False)
    bundle = explore(lambda a: figure([], "x", "y"), a=Slider(0, 1, 1))._repr_mimebundle_()
    told = bundle["application/vnd.jupyter.widget-view+json"]
    assert (told["version_major"], told["version_minor"]) == (2, 0) and told["model_id"]
