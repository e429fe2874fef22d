"""Sliders and choices: their states, and messages that name the control."""

import pytest

from tefoundations.errors import InvalidInput
from tefoundations.explore import Choice, Slider, explore
from tefoundations.explore.engine.theme import figure


def draw(price, rule="flat"):
    return figure([{"type": "scatter", "y": [0, price]}], "x", "y"), f"{price} {rule}"


def test_decimal_steps_are_exact_and_integers_stay_integers():
    assert [v for _, v in Slider(-0.2, 0.4, 0.1).states("a")] == [-0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4]
    assert all(isinstance(v, int) for _, v in Slider(0, 10, 5).states("a"))
    assert Slider(1, 3, 1, value=2).first("a") == 1
    assert Slider(7, 7, 1).states("a") == [("7", 7)]


def test_text_has_format_and_unit():
    assert Slider(-1, 1, 1, unit="kW", format="{:+.1f}").states("a")[0] == ("-1.0 kW", -1)


@pytest.mark.parametrize(
    ("control", "words"),
    [
        (Slider(0, 10, 3), "stop is not a whole number of steps"),
        (Slider(0, 10, 0), "step > 0"),
        (Slider(5, 0, 1), "start <= stop"),
        (Slider(0, float("nan"), 1), "stop is nan"),
        (Slider(0, "10", 1), "stop is '10'"),
        (Slider(0, 10, 1, value=11), "value 11 is not on the slider 0 to 10 by 1"),
        (Slider(0, 1, 0.5, format="{:d}"), "format '{:d}' does not fit"),
        (Choice([]), "needs a list or dict of options"),
        (Choice({}), "needs a list or dict of options"),
        (Choice("ab"), "needs a list or dict of options"),
        (Choice(["a", "a"]), "read the same"),
        (Choice(["a", "b"], value="c"), "value 'c' is not among the options"),
        (range(5), "give a Slider or a Choice"),
    ],
)
def test_malformed_control_is_named(control, words):
    with pytest.raises(InvalidInput, match="control 'price'") as caught:
        explore(draw, price=control)
    assert words in str(caught.value)


def test_controls_and_parameters_must_be_the_same():
    with pytest.raises(InvalidInput, match="control 'prise': draw has no such parameter, only price, rule"):
        explore(draw, prise=Slider(0, 1, 1))
    with pytest.raises(InvalidInput, match="control 'price' is missing"):
        explore(draw, rule=Choice(["flat"]))
    explore(lambda **anything: draw(1), price=Slider(0, 1, 1))


def test_a_format_may_be_a_function():
    assert Slider(0, 1, 1, format=lambda hour: f"{hour:02d}:00").states("hour") == [("00:00", 0), ("01:00", 1)]
