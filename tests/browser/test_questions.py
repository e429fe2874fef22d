"""Questions in a browser: by keyboard, without JavaScript, on a phone, to a screen reader; what is kept and told others."""

import json
import shutil
from pathlib import Path

import pytest

from tefoundations.explore import choose, prediction, questions, recall
from tests.browser.browse import DESK, PHONE, opened, overflow_faults, served
from tests.browser.test_live_widget import FRONT_END, HERE, violations
from tests.browser.test_live_widget import page_of as live_page_of
from tests.explore.test_questions import asked

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "tests/browser/vendor/axe.min.js"
STYLES = '<link rel="stylesheet" href="_static/tef.css"><link rel="stylesheet" href="_static/tef-questions.css">'
SCRIPT = '<script defer src="_static/tef-questions.js"></script>'
LISTEN = "window.told = []; document.addEventListener('tef:answered', ({detail}) => told.push(Object.values(detail)));"


def boxes():
    """A page's boxes in their order: two predictions, four questions in two boxes, what came out."""
    prediction_of_words = prediction("words", "Who gains from $k$?", ["buyers", "$k$ sellers"])
    prediction_of_number = prediction("share", "How much?", unit="%")
    return [
        prediction_of_words,
        prediction_of_number,
        questions(*asked(), title="Three questions"),
        questions(choose("A long one " * 12, {"yes": "No.", "a long option " * 9: "Yes."}, "yes"), title="One more"),
        recall("words", {"buyers": "They pay.", "$k$ sellers": "They earn."}, right="$k$ sellers"),
        recall("share", "Nearly all.", right=99, tolerance=1, wrong={50: "A coin."}),
    ]


def page_of(body, theme="light"):
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Test</title>'
    head += f'<link rel="icon" href="data:,">{STYLES}{SCRIPT}'
    look = "background: var(--tef-background); color: var(--tef-text)"
    main = f'<main class="bd-article"><h1>Page</h1>{body}</main>'
    return f'<!doctype html><html lang="en" data-theme="{theme}" data-content_root="../"><head>{head}</head>' + (
        f'<body style="{look}">{main}</body></html>'
    )


@pytest.fixture(scope="module")
def questions_at(tmp_path_factory):
    folder = tmp_path_factory.mktemp("questions")
    (folder / "part").mkdir()
    shutil.copytree(ROOT / "book/_assets", folder / "part/_static")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEF_STATIC", "1")
        shown = [box._repr_mimebundle_()["text/html"] for box in boxes()]
        body = "\n".join(f'<div class="cell_output"><div class="output text_html">{html}</div></div>' for html in shown)
    for theme in ("light", "dark"):
        (folder / "part" / f"{theme}.html").write_text(page_of(body, theme))
    with served(folder) as address:
        yield f"{address}/part"


@pytest.fixture
def asks(questions_at, browser):
    """A page with the script; afterwards it must have reported no fault."""
    with opened(browser) as (page, faults):
        page.add_init_script(LISTEN)
        page.goto(f"{questions_at}/light.html")
        page.wait_for_selector(".tef-check")
        yield page
        assert faults == []


def kept(page, key):
    return json.loads(page.evaluate(f"localStorage.getItem('{key}')") or "{}")


def box(page, count):
    return page.locator(".tef-question").nth(count - 1)


def test_by_keyboard_alone_a_choice_is_made_checked_and_shown(asks):
    first = box(asks, 1)
    assert first.get_by_role("radiogroup", name="Is it so?").get_by_role("radio").count() == 2
    first.get_by_role("button", name="Check").press("Enter")
    assert first.get_by_role("status").inner_text() == "Choose one first."
    first.get_by_role("radio", name="yes").focus()
    asks.keyboard.press("Space")
    asks.keyboard.press("Enter")
    assert first.get_by_role("status").inner_text() == "✗ Not quite. Because a<b & so."
    asks.keyboard.press("ArrowDown")
    asks.keyboard.press("Tab")
    asks.keyboard.press("Space")
    assert first.get_by_role("status").inner_text() == "✓ Right. Only ki."
    asks.keyboard.press("Tab")
    asks.keyboard.press("Enter")
    assert first.get_by_text("Wrong: yes.").is_visible()


@pytest.mark.parametrize("text", ["2.5", "2,75", "5/2", "2:30", "5", "3", "1", "x", "", "1_0", "0x2", "−2.5", "1e1", "."])
def test_page_and_package_judge_a_number_alike(asks, text):
    kind, reason = asked()[1].verdict(text)
    field = asks.get_by_role("textbox", name="How much?").nth(1)
    field.fill(text)
    field.press("Enter")
    head = {"right": "✓ Right. ", "wrong": "✗ Not quite. ", None: ""}[kind]
    assert box(asks, 2).get_by_role("status").inner_text() == head + reason


def test_what_was_answered_is_kept_and_told(asks):
    box(asks, 1).get_by_role("radio", name="yes").check()
    for _ in range(2):
        box(asks, 1).get_by_role("button", name="Check").click()
        box(asks, 1).get_by_role("radio", name="no").check()
    box(asks, 1).get_by_role("radio", name="yes").check()
    box(asks, 1).get_by_role("button", name="Check").click()
    box(asks, 3).get_by_text("Show the answer").click()
    asks.wait_for_function("told.length === 4")
    page = "part/light.html"
    assert asks.evaluate("told") == [[page, 1, "wrong"], [page, 1, "right"], [page, 1, "wrong"], [page, 3, "shown"]]
    assert kept(asks, "tef:answers") == {page: {"1": "right", "3": "shown"}}


def test_a_prediction_is_kept_and_taken_up_again(asks, questions_at):
    words, share = asks.locator(".tef-recall").all()
    assert words.get_by_role("status").inner_text() == "You have kept no prediction at the head of this chapter."
    assert words.get_by_text("They pay.").is_visible()
    asks.get_by_role("radio", name="k sellers").check()
    asks.get_by_role("button", name="Keep my prediction").first.click()
    assert words.get_by_role("status").inner_text() == "✓ Right. You predicted: k sellers."
    assert not words.get_by_text("They pay.").is_visible()
    field = asks.get_by_role("textbox", name="How much?").first
    field.fill("much")
    field.press("Enter")
    assert share.get_by_role("status").inner_text() == "You have kept no prediction at the head of this chapter."
    field.fill("50")
    field.press("Enter")
    asks.goto(f"{questions_at}/dark.html")
    asks.wait_for_selector(".tef-check")
    assert asks.get_by_role("radio", name="k sellers").is_checked()
    assert asks.get_by_role("textbox", name="How much?").first.input_value() == "50"
    assert (
        asks.locator(".tef-recall").nth(1).get_by_role("status").inner_text() == "✗ Not quite. You predicted: 50 %. A coin."
    )
    assert kept(asks, "tef:predictions") == {"words": "k sellers", "share": "50"} and kept(asks, "tef:answers") == {}


@pytest.mark.parametrize("broken", ["throw new Error('forbidden')", "return 'no JSON'", "return '[1]'", "return 'null'"])
def test_a_browser_that_keeps_nothing_still_answers(questions_at, browser, broken):
    with opened(browser) as (page, faults):
        page.add_init_script(f"Storage.prototype.getItem = () => {{ {broken} }};")
        page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full') };")
        page.goto(f"{questions_at}/light.html")
        box(page, 1).get_by_role("radio", name="no").check()
        box(page, 1).get_by_role("button", name="Check").click()
        assert "✓ Right." in box(page, 1).get_by_role("status").inner_text()
        page.get_by_role("radio", name="buyers").check()
        page.get_by_role("button", name="Keep my prediction").first.click()
        assert "You predicted: buyers. They pay." in page.locator(".tef-recall").first.inner_text()
        assert faults == []


def test_without_javascript_everything_is_said(questions_at, browser):
    with opened(browser, java_script_enabled=False) as (page, faults):
        page.goto(f"{questions_at}/light.html")
        assert page.get_by_role("button").count() == page.get_by_role("radio").count() == 0
        assert [one.inner_text() for one in box(page, 1).get_by_role("listitem").all()] == ["yes", "no"]
        assert not page.get_by_text("Five halves.").is_visible()
        for summary in page.get_by_text("Show the answer").all():
            summary.click()
        for said in ("Only ki.", "Five halves.", "That is for two.", "Because of <b>.", "They pay.", "A coin."):
            assert page.get_by_text(said).first.is_visible()
        assert faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_accessible_and_nothing_overflows(questions_at, browser, theme, width):
    with opened(browser, width=width) as (page, faults):
        page.goto(f"{questions_at}/{theme}.html")
        page.wait_for_selector(".tef-check")
        for option in ("buyers", "yes"):
            for radio in page.get_by_role("radio", name=option).all():
                radio.check()
        for button in page.get_by_role("button").all():
            button.click()
        for summary in page.get_by_text("Show the answer").all():
            summary.click()
        cut = "(node) => node.getBoundingClientRect().left - node.parentElement.getBoundingClientRect().left"
        assert [one.evaluate(cut) for one in page.locator(".tef-box").all()] == [0] * 6
        page.add_script_tag(path=AXE)
        assert [found["id"] for found in page.evaluate("axe.run()")["violations"]] == []
        assert overflow_faults(page) + faults == []


@pytest.mark.parametrize("kind, signs", [("right", ("no", "✓ Right.")), ("wrong", ("yes", "✗ Not quite."))])
def test_right_and_wrong_are_told_by_more_than_a_colour(asks, kind, signs):
    option, said = signs
    box(asks, 1).get_by_role("radio", name=option).check()
    box(asks, 1).get_by_role("button", name="Check").click()
    status = box(asks, 1).get_by_role("status")
    assert status.get_attribute("data-kind") == kind and status.inner_text().startswith(said)
    style = status.evaluate("node => getComputedStyle(node).borderLeftStyle")
    assert style == {"right": "solid", "wrong": "dashed"}[kind]


def test_the_widgets_have_names_and_no_fault(tmp_path, browser, monkeypatch):
    monkeypatch.delenv("TEF_STATIC", raising=False)
    for file in (HERE / "front_end.js", FRONT_END):
        shutil.copy(file, tmp_path)
    (tmp_path / "box.html").write_text(live_page_of(questions(*asked())._widget()))
    with served(tmp_path) as address, opened(browser) as (page, faults):
        page.goto(f"{address}/box.html")
        page.wait_for_selector(".widget-radio input")
        page.wait_for_selector(".widget-text input")
        assert page.get_by_role("radio", name="yes").count() == page.get_by_role("textbox", name="Answer").count() == 1
        assert page.get_by_role("radio", checked=True).count() == 0
        assert [one.inner_text() for one in page.get_by_role("button").all()] == ["Check", "Show the answer"] * 2 + [
            "Show the answer"
        ]
        page.add_script_tag(path=AXE)
        assert violations(page) + faults == []
