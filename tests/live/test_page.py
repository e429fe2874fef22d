"""The session behind a page that is run (book/_assets/live/tef_page.py), here without a browser."""

import importlib.util
import json

import pytest

from tests.house.sources import ROOT

FILE = ROOT / "book" / "_assets" / "live" / "tef_page.py"


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setenv("TEF_STATIC", "page")  # as the worker sets it
    spec = importlib.util.spec_from_file_location("tef_page", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.page


def run(page, source, number=1):
    return json.loads(page.run(source, number))


def test_a_cell_prints_shows_its_last_expression_and_leaves_names(page):
    assert run(page, "x = 20\nprint('hello')\nx + 1")["outputs"] == [
        {"kind": "text", "text": "hello\n"},
        {"kind": "text", "text": "21"},
    ]
    assert run(page, "x * 2", 2)["outputs"] == [{"kind": "text", "text": "40"}]
    assert run(page, "x;")["outputs"] == run(page, "None")["outputs"] == run(page, "")["outputs"] == []


def test_what_only_a_notebook_knows_is_passed_over(page):
    told = run(page, "if True:\n    %pip install something\n    x = 3\n!ls\nx % 2")
    assert not told["failed"] and told["outputs"] == [{"kind": "text", "text": "1"}]


@pytest.mark.parametrize(
    ("source", "words", "line"),
    [
        ("x = 1\n\n1 / 0", "ZeroDivisionError: division by zero", 3),
        ("def f():\n    return undefined\n\n\nf()", "NameError: name 'undefined' is not defined", 2),
        ("bids = [(12, 2)\n", "SyntaxError: '[' was never closed", 1),
        ("raise SystemExit", "SystemExit", 1),
        ("import json\njson.loads('{')", "json.decoder.JSONDecodeError: ", 2),
    ],
)
def test_an_error_names_its_line_and_ends_nothing(page, source, words, line):
    told = run(page, source, 7)
    error = told["outputs"][-1]
    assert told["failed"] and error["kind"] == "error"
    assert error["words"].startswith(words) and (error["cell"], error["line"]) == (7, line)
    assert "tef_page" not in error["text"]
    assert run(page, "40 + 2", 8)["outputs"] == [{"kind": "text", "text": "42"}]


def test_an_error_in_a_function_of_another_cell_names_that_cell(page):
    run(page, "def f(x):\n    y = x\n    return 1 / y", 2)
    told = run(page, "f(1)\nf(0)", 5)["outputs"][-1]
    assert (told["cell"], told["line"]) == (2, 3)


def test_what_was_printed_before_an_error_is_kept_and_endless_printing_is_cut(page):
    told = run(page, "print('before')\n1 / 0")["outputs"]
    assert [output["kind"] for output in told] == ["text", "error"] and told[0]["text"] == "before\n"
    long = run(page, "for i in range(100_000):\n    print(i)")["outputs"][0]["text"]
    assert len(long) < 20_010 and long.endswith("...")
    assert len(run(page, "'x' * 10**6")["outputs"][0]["text"]) < 20_010


def test_a_module_that_is_missing_is_named_for_who_may_fetch_it(page):
    assert run(page, "import no_such_thing.inside")["missing"] == "no_such_thing"
    assert run(page, "1 / 0")["missing"] == ""


def test_a_check_finds_the_function_of_the_page_and_says_which_exercise_it_judged(page):
    run(page, "from tefoundations.exercises import check", 1)
    run(page, "def wanted_and_offered(bids, asks, price): ...", 2)
    told = run(page, 'check("double_auction/curves")', 3)["outputs"][0]
    assert (told["exercise"], told["state"]) == ("double_auction/curves", "still missing")
    assert "still missing" in told["html"]
    hinted = run(page, 'check("double_auction/curves", hint=True)', 3)["outputs"][0]
    assert "Hint 1 of" in hinted["html"]


FIGURE = """
from tefoundations.explore import Slider, explore, lines
def draw(n):
    return lines([0, 1], {"a": [0, n]}, "x", "y"), f"Ends at {n}."
explore(draw, "A line.", n=Slider(0, 999, 1, value=3))
"""


def test_a_figure_answers_for_any_state_also_beyond_those_of_the_site(page):
    told = run(page, FIGURE)["outputs"][0]
    assert told["figure"] == 0 and "Ends at 3." in told["html"] and 'class="tef-explore"' in told["html"]
    assert len(told["html"]) < 25_000  # one state, not a thousand
    assert json.loads(page.state(0, [777]))["text"] == "Ends at 777."


def test_a_figure_that_fails_says_at_which_state(page):
    run(page, FIGURE.replace("[0, n]", "[0, 1 / (n - 5)]"))
    with pytest.raises(Exception, match="draw failed at n=5"):
        page.state(0, [5])


def test_a_plain_figure_and_a_table_come_as_the_site_shows_them(page):
    figure = run(page, "from tefoundations.explore import lines\nlines([0, 1], {'a': [0, 2]}, 'x', 'y')")["outputs"][0]
    assert 'class="tef-explore"' in figure["html"] and "figure" not in figure
    table = run(page, "import pandas as pd\npd.DataFrame({'price': [1.5]})", 2)["outputs"][0]
    assert "<table" in table["html"]
    assert run(page, "pd.DataFrame", 3)["outputs"][0]["kind"] == "text"  # a class is no table


def test_a_question_comes_as_html_and_asks_for_no_widget(page):
    asked = "questions(number('How much?', 2, tolerance=0.1, because='So.'))"
    source = f"from tefoundations.explore import number, questions\n{asked}"
    assert 'class="tef-question"' in run(page, source)["outputs"][0]["html"]
