"""Questions that answer back: what is on the page and in a widget, and that both judge an answer alike."""

import html.parser

import ipywidgets
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.explore import choose, number, prediction, questions, recall, think
from tefoundations.explore.quiz.items import parsed

WHY = {"yes": "Because `a<b` & *so*.", "no": "Only $k_i$."}


class Read(html.parser.HTMLParser):
    """The tags of some HTML, each with its attributes, and its words; what is opened must be closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def of_class(self, name):
        return [attrs for _, attrs in self.tags if name in attrs.get("class", "").split()]


def asked():
    return (
        choose("Is *it* so?", WHY, "no"),
        number("How much?", 2.5, tolerance=0.25, unit="ct", because="Five halves.", wrong={5: "That is for two."}),
        think("And why?", "Because of <b>."),
    )


@pytest.fixture
def static(monkeypatch):
    monkeypatch.setenv("TEF_STATIC", "1")


@pytest.fixture
def live(monkeypatch):
    monkeypatch.delenv("TEF_STATIC", raising=False)


def page(made):
    return Read(made._repr_mimebundle_()["text/html"])


def test_the_page_says_all_answers_folded_and_escapes_what_is_no_mark(static):
    text = questions(*asked(), title="Three <questions>")._repr_mimebundle_()["text/html"]
    read = Read(text)
    assert read.of_class("tef-questions")[0]["aria-label"] == "Three <questions>"
    assert [tag for tag, _ in read.tags].count("details") == [tag for tag, _ in read.tags].count("summary") == 3
    assert [attrs["data-kind"] for attrs in read.of_class("tef-question")] == ["choice", "number", "think"]
    assert read.of_class("tef-question")[0]["data-right"] == "1"
    assert (
        read.of_class("tef-question")[1] | {"data-value": "2.5", "data-tolerance": "0.25", "data-unit": "ct"}
        == (read.of_class("tef-question")[1])
    )
    assert "<code>a&lt;b</code> &amp; <em>so</em>" in text and "<var>k</var><sub><var>i</var></sub>" in text
    assert "Because of &lt;b&gt;." in text and "<b>" not in text
    folded = text.split("<details>")[1:]
    for part, words in zip(folded, (("Right: no", "Wrong: yes"), ("2.5 ct", "Not 5 ct"), ("Because of",))):
        assert all(word in part for word in words)


def test_a_prediction_tells_nothing_and_its_recall_all(static):
    first = prediction("one", "Who gains?", ["buyers", "sellers"])
    read = page(first)
    assert read.of_class("tef-prediction")[0]["data-name"] == "one" and "They sell dearer." not in first.html
    last = recall("one", {"buyers": "They pay more.", "sellers": "They sell dearer."}, right="sellers")
    words = " ".join(page(last).words)
    assert all(said in words for said in ("Who gains?", "It came out", "sellers", "They sell dearer.", "They pay more."))
    assert repr(last) == "<Your prediction, and what came out: sellers>"


def test_a_number_may_be_predicted(static):
    prediction("two", "How many?", unit="%")
    read = page(recall("two", "All but one.", right=99, tolerance=1, wrong={50: "A coin."}))
    assert read.of_class("tef-recall")[0]["data-value"] == "99.0" and "A coin." in read.words


@pytest.mark.parametrize(
    "text, value",
    [
        ("7.5", 7.5), ("7,5", 7.5), (" 10:30 ", 10.5), ("1/4", 0.25), ("−3", -3.0), ("1e3", 1000.0), (".5", 0.5),
        ("", None), ("ten", None), ("1/0", None), ("1_0", None), ("inf", None), ("nan", None), ("1:2:3", None),
        ("0x1", None),
    ],
)  # fmt: skip
def test_numbers_as_readers_write_them(text, value):
    assert parsed(text) == value


@pytest.mark.parametrize(
    "text, kind, said",
    [
        ("2.5", "right", "Five halves."), ("2.75", "right", "Five halves."), ("5", "wrong", "That is for two."),
        ("3", "wrong", "Your number is too high."), ("2", "wrong", "Your number is too low."),
        ("x", None, "Write a number in digits, without a unit."),
    ],
)  # fmt: skip
def test_a_number_is_judged_within_its_tolerance(text, kind, said):
    assert asked()[1].verdict(text) == (kind, said)


def test_rounding_does_not_shut_out_the_end_of_the_tolerance():
    assert number("How much?", 0.7, tolerance=0.1, because="So.").verdict("0.8")[0] == "right"  # 0.8 - 0.7 > 0.1
    assert number("How much?", 0.7, tolerance=0.1, because="So.").verdict("0.81")[0] == "wrong"


def buttons(box):
    """Every widget below a box."""
    return [box, *(found for child in getattr(box, "children", ()) for found in buttons(child))]


def of(box, kind):
    return [one for one in buttons(box) if type(one) is kind]


def words(box):
    return " ".join(one.value for one in of(box, ipywidgets.HTML))


def test_a_widget_checks_a_choice_and_shows_the_answer_again_and_again(live):
    box = questions(*asked())._widget()
    radio, (check, show) = of(box, ipywidgets.RadioButtons)[0], of(box, ipywidgets.Button)[:2]
    assert radio.value is None
    check.click()
    assert "Choose one first." in words(box)
    radio.value = "yes"
    check.click()
    assert "✗ Not quite.</strong> Because <code>a&lt;b</code>" in words(box) and "Right" not in words(box)
    radio.value = "no"
    check.click()
    assert "✓ Right." in words(box) and "Not quite" not in words(box)
    show.click()
    assert "Wrong: yes" in words(box) and show.description == "Hide the answer"
    show.click()
    assert "Wrong: yes" not in words(box)


def test_a_widget_checks_a_number_and_lets_think(live):
    box = questions(*asked())._widget()
    field = of(box, ipywidgets.Text)[0]
    check, show, thought = of(box, ipywidgets.Button)[2:]
    field.value = "2,6"
    check.click()
    assert "✓ Right.</strong> Five halves." in words(box)
    field.value = "much"
    check.click()
    assert "Write a number" in words(box) and "Right" not in words(box)
    thought.click()
    assert "Because of &lt;b&gt;." in words(box)


def test_a_recall_follows_the_prediction(live):
    first = prediction("three", "Who?", ["buyers", "*sellers*"])
    last = recall("three", {"buyers": "They pay.", "*sellers*": "They earn."}, right="*sellers*")
    end, head = last._widget(), first._widget()
    assert "You have kept no prediction" in words(end)
    radio, keep = of(head, ipywidgets.RadioButtons)[0], of(head, ipywidgets.Button)[0]
    keep.click()
    assert "Choose one first." in words(head)
    for option, said in (("buyers", "✗ Not quite.</strong> They pay."), ("sellers", "✓ Right.</strong> They earn.")):
        radio.value = option
        keep.click()
        assert f"Kept: {option}." in words(head)
        assert f"You predicted: {option}. <strong>{said}" in words(end)


def test_a_number_is_kept_as_it_was_written(live):
    first = prediction("four", "How many?", unit="%")
    head, end = first._widget(), recall("four", "So many.", right=99, tolerance=1)._widget()
    of(head, ipywidgets.Text)[0].value = "50"
    of(head, ipywidgets.Button)[0].click()
    assert "Kept: 50 %." in words(head) and "You predicted: 50 %." in words(end) and "too low" in words(end)


def test_under_a_kernel_a_widget_is_shown_beside_plain_text(live):
    bundle = questions(*asked(), title="Three")._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert bundle["text/plain"] == "<Three: choice, number, think>"


@pytest.mark.parametrize(
    "call, said",
    [
        (lambda: questions(), "at least one question"),
        (lambda: questions("Why?"), "'Why.' is no question"),
        (lambda: choose("Q?", {"a": "b"}, "a"), "at least two"),
        (lambda: choose("Q?", {"a": "b", "*a*": "c"}, "a"), "read the same"),
        (lambda: choose("Q?", {"a": "b", "c": "d"}, "e"), "right 'e' is not one of the options: a, c"),
        (lambda: choose("Q?", {"a": "", "c": "d"}, "c"), "what is said to 'a' must say something"),
        (lambda: choose("Q?", {1: "b", "c": "d"}, "c"), "option must be a str"),
        (lambda: number("Q?", 1, tolerance=0.5, because="b", wrong={1.2: "c"}), "within the tolerance"),
        (lambda: number("Q?", 1, tolerance=-1, because="b"), "tolerance -1"),
        (lambda: number("Q?", float("nan"), tolerance=1, because="b"), "answer nan"),
        (lambda: think("$\\alpha$?", "b"), "write it in Unicode"),
        (lambda: prediction("n", "Q?", ["a"]), "at least two"),
        (lambda: prediction("n", "Q?", []), "at least two"),
        (lambda: recall("nobody", "b", right=1), "no prediction 'nobody'"),
    ],
)
def test_what_is_no_question_is_refused(call, said):
    with pytest.raises(InvalidInput, match=said):
        call()


def test_a_recall_answers_the_options_that_were_asked():
    prediction("five", "Who?", ["buyers", "sellers"])
    with pytest.raises(InvalidInput, match="options of the prediction: buyers, sellers"):
        recall("five", {"sellers": "b", "operators": "c"}, right="sellers")
