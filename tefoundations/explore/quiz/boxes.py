"""The box of questions in a chapter, the prediction at its head and what became of it at its end."""

from __future__ import annotations

from collections.abc import Sequence

from tefoundations.errors import InvalidInput
from tefoundations.explore.engine.exploration import on_page
from tefoundations.explore.quiz.items import ChoiceQuestion, NumberQuestion, OpenQuestion, choose, number, parsed, with_unit
from tefoundations.explore.quiz.markup import plain, words
from tefoundations.inputs import instance, sequence
from tefoundations.inputs import number as read_number
from tefoundations.words import shown

_PREDICTED: dict[
    str, Prediction
] = {}  # the predictions of this session by name: the end of a chapter takes up what its head asked


class _Shown:
    """What is the last line of a cell: HTML on the page, a widget under a kernel."""

    html: str | None = None  # on a page; made when the cell runs, since Jupyter swallows the errors of showing

    def _repr_mimebundle_(self, include=None, exclude=None):
        if self.html is not None:
            return {"text/html": self.html, "text/plain": repr(self)}
        from tefoundations.explore.engine.live import VIEW, view

        return {VIEW: view(self._widget()), "text/plain": repr(self)}


class QuestionBox(_Shown):
    """Questions to try; made by `questions`."""

    def __init__(self, title, items):
        self.title, self.items = title, items
        if on_page():
            from tefoundations.explore.quiz.page import box_html

            self.html = box_html(title, items)

    def _widget(self):
        from tefoundations.explore.quiz.live import box_widget

        return box_widget(self.title, self.items)

    def __repr__(self):
        return f"<{self.title}: {', '.join(item.kind for item in self.items)}>"


class Prediction(_Shown):
    """A question at the head of a chapter, to which nothing is told yet; made by `prediction`."""

    def __init__(self, name, title, question, options, unit):
        self.name, self.title, self.question, self.options, self.unit = name, title, question, options, unit
        self.kept, self.heard = None, []  # what the reader predicts, and who wants to know
        if on_page():
            from tefoundations.explore.quiz.page import prediction_html

            self.html = prediction_html(name, title, question, options, unit)

    def keep(self, said):
        """Keep what the reader predicts, an option or a number as it was written."""
        self.kept = said
        for tell in self.heard:
            tell()

    def kept_words(self):
        """Return what the reader predicts in plain words."""
        return self.kept if self.options else with_unit(parsed(self.kept), self.unit)

    def _widget(self):
        from tefoundations.explore.quiz.live import prediction_widget

        return prediction_widget(self)

    def __repr__(self):
        return f"<{self.title}: {plain(self.question)}>"


class Recall(_Shown):
    """What became of a prediction; made by `recall`."""

    def __init__(self, name, title, item):
        self.name, self.title, self.item = name, title, item
        if on_page():
            from tefoundations.explore.quiz.page import recall_html

            self.html = recall_html(name, title, item)

    def _widget(self):
        from tefoundations.explore.quiz.live import recall_widget

        return recall_widget(self.title, self.item, _PREDICTED[self.name])

    def __repr__(self):
        return f"<{self.title}: {self.item.answer()}>"


def questions(*items: ChoiceQuestion | NumberQuestion | OpenQuestion, title: str = "Questions to try") -> QuestionBox:
    """Ask the reader, who answers, has the answer checked, or has it shown.

    Under a kernel these are widgets. On the website they are radio buttons, a field and buttons, and without JavaScript
    each answer stands folded behind its question.

    Parameters
    ----------
    *items : ChoiceQuestion, NumberQuestion or OpenQuestion
        Made by `choose`, `number` and `think`.
    title : str
        Of the box.

    Returns
    -------
    QuestionBox
        To be the last line of a cell with the tag `remove-input`, which computes and asserts what it answers.

    Raises
    ------
    InvalidInput
        If there is no question, or something that is none.

    Examples
    --------
    >>> from tefoundations.explore import think
    >>> questions(think("Who sets the price?", "The last who trade."), title="A question to try")
    <A question to try: think>
    """
    if not items:
        raise InvalidInput("questions needs at least one question; choose, number and think make them")
    for item in items:
        if not isinstance(item, (ChoiceQuestion, NumberQuestion, OpenQuestion)):
            raise InvalidInput(f"{shown(item)} is no question; choose, number and think make them")
    return QuestionBox(words(title, "title"), items)


def prediction(
    name: str,
    question: str,
    options: Sequence[str] | None = None,
    *,
    unit: str = "",
    title: str = "Before you read on: what do you expect?",
) -> Prediction:
    """Ask at the head of a chapter what will come out at its end; nothing is told yet.

    What the reader settles on stays in the browser, or in the notebook's session, until `recall` takes it up.

    Parameters
    ----------
    name : str
        Of the chapter, under which `recall` finds it.
    question : str
        In words, as for `choose`.
    options : sequence of str, optional
        What the reader chooses from; without it the reader writes a number.
    unit : str
        Of the number.
    title : str
        Of the box.

    Returns
    -------
    Prediction
        To be the last line of a cell with the tag `remove-input`.

    Raises
    ------
    InvalidInput
        If words are missing, or there are fewer than two options.

    Examples
    --------
    >>> prediction("my_chapter", "Who gains if one seller leaves?", ["the buyers", "the other sellers"])
    <Before you read on: what do you expect?: Who gains if one seller leaves?>
    """
    name, question, title = words(name, "name"), words(question, "question"), words(title, "title")
    if options is not None:
        options = [words(option, "option") for option in sequence(options, "options", of="texts")]
        choose(question, dict.fromkeys(options, "-"), options[0] if options else "")  # the same rules as for a choice
    made = Prediction(name, title, question, options, instance(unit, str, "unit").strip())
    _PREDICTED[name] = made
    return made


def recall(
    name: str,
    because: dict[str, str] | str,
    *,
    right: str | float,
    tolerance: float = 0.0,
    wrong: dict[float, str] | None = None,
    title: str = "Your prediction, and what came out",
) -> Recall:
    """Take up the prediction at the end of its chapter: what the reader expected, what came out, and why.

    Parameters
    ----------
    name : str
        As it was given to `prediction`.
    because : dict of str to str, or str
        What is said to each option, as for `choose`; for a number why it came out.
    right : str or float
        The option, or the number, that came out.
    tolerance : float
        How far from the number counts as right, in its unit.
    wrong : dict of float to str, optional
        Other numbers that a reader may expect, and what is said to each.
    title : str
        Of the box.

    Returns
    -------
    Recall
        To be the last line of a cell with the tag `remove-input`, which asserts what came out.

    Raises
    ------
    InvalidInput
        If no such prediction was made in this session, or the options are not the same.

    Examples
    --------
    >>> expected = prediction("my_chapter", "Who gains if one seller leaves?", ["the buyers", "the other sellers"])
    >>> why = {"the buyers": "They pay more.", "the other sellers": "The price rises."}
    >>> recall("my_chapter", why, right="the other sellers")
    <Your prediction, and what came out: the other sellers>
    """
    title = words(title, "title")
    if not isinstance(name, str) or name not in _PREDICTED:
        raise InvalidInput(f"there is no prediction {shown(name)} in this session; run the cell that asks for it first")
    asked = _PREDICTED[name]
    if asked.options is None:
        why = instance(because, str, "because")
        came = read_number(right, "right")
        return Recall(
            name, title, number(asked.question, came, tolerance=tolerance, because=why, unit=asked.unit, wrong=wrong)
        )
    chosen = choose(asked.question, instance(because, dict, "because"), instance(right, str, "right"))
    if list(chosen.options) != asked.options:
        raise InvalidInput(f"because must answer the options of the prediction: {', '.join(map(plain, asked.options))}")
    return Recall(name, title, chosen)
