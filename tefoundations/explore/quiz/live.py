"""Questions under a kernel: ipywidgets 7.7 (Colab's) or 8, with the same words as on the page."""

import html

from tefoundations.explore.quiz.items import NO_NUMBER, parsed, solution, told
from tefoundations.explore.quiz.markup import plain, rich
from tefoundations.explore.quiz.page import COMMIT, SHOW, THINK, outcome

HIDE = "Hide the answer"
CHOOSE = "Choose one first."


def box_widget(title, items):
    """The widget of a box of questions.

    Parameters
    ----------
    title : str
    items : sequence of ChoiceQuestion, NumberQuestion or OpenQuestion

    Returns
    -------
    ipywidgets.VBox
    """
    import ipywidgets as w

    asked = [_question(item, f"{place}. " if len(items) > 1 else "") for place, item in enumerate(items, 1)]
    return w.VBox([_heading(title), *asked])


def prediction_widget(made):
    """The widget of a prediction; what is chosen is kept in it.

    Parameters
    ----------
    made : Prediction

    Returns
    -------
    ipywidgets.VBox
    """
    import ipywidgets as w

    entry, hint = _entry_for(made.options, made.unit)
    button, said = w.Button(description="Keep my prediction"), w.HTML()

    def keep(_):
        text = entry.value if made.options else (entry.value if parsed(entry.value) is not None else None)
        if text is None:
            said.value = _spoken(CHOOSE if made.options else NO_NUMBER)
            return
        made.keep(text)
        said.value = _spoken(f"Kept: {html.escape(made.kept_words())}. The end of the chapter takes it up again.")

    button.on_click(keep)
    words = w.HTML(f"<p>{rich(made.question)}</p>")
    return w.VBox([_heading(made.title), words, *hint, entry, button, w.HTML(f"<p>{COMMIT}</p>"), said])


def recall_widget(title, item, predicted):
    """The widget of what came out, beside what was predicted; it follows a prediction made later.

    Parameters
    ----------
    title : str
    item : ChoiceQuestion or NumberQuestion
    predicted : Prediction

    Returns
    -------
    ipywidgets.VBox
    """
    import ipywidgets as w

    said = w.HTML()

    def tell():
        if predicted.kept is None:
            said.value = _spoken("You have kept no prediction in this session.")
            return
        if item.kind == "choice":
            verdict = item.verdict(next(option for option in item.options if plain(option) == predicted.kept))
        else:
            verdict = item.verdict(predicted.kept)
        said.value = _spoken(f"You predicted: {html.escape(predicted.kept_words())}. {told(*verdict)}")

    predicted.heard.append(tell)
    tell()
    asked = w.HTML(f"<p>At the head of the chapter: {rich(item.question)}</p>")
    return w.VBox([_heading(title), asked, said, w.HTML(outcome(item))])


def _question(item, place):
    """One question with its buttons."""
    import ipywidgets as w

    words, feedback, answer = w.HTML(f"<p>{place}{rich(item.question)}</p>"), w.HTML(), w.HTML()
    show = w.Button(description=SHOW)

    def toggle(_):
        hidden = show.description == SHOW
        answer.value, show.description = (solution(item), HIDE) if hidden else ("", SHOW)

    show.on_click(toggle)
    if item.kind == "think":
        return w.VBox([words, w.HTML(f"<p>{THINK}</p>"), show, answer])
    options = [plain(option) for option in item.options] if item.kind == "choice" else None
    entry, hint = _entry_for(options, getattr(item, "unit", ""), item)
    check = w.Button(description="Check")

    def judge(_=None):
        if entry.value is None:
            feedback.value = _spoken(CHOOSE)
            return
        given = list(item.options)[options.index(entry.value)] if options else entry.value
        feedback.value = _spoken(told(*item.verdict(given)))

    check.on_click(judge)
    return w.VBox([words, *hint, entry, w.HBox([check, show]), feedback, answer])


def _entry_for(options, unit, item=None):
    """What an answer is given with, and what is said before it."""
    import ipywidgets as w

    wide = w.Layout(width="100%", max_width="42rem")
    if options:
        options = [plain(option) for option in options]
        return w.RadioButtons(options=options, value=None, description="Answer", layout=wide), []
    hint = item.hint() if item else f"A number{f' in {unit}' if unit else ''}."
    return w.Text(description="Answer", placeholder=unit or "a number"), [w.HTML(f"<p>{html.escape(hint)}</p>")]


def _heading(title):
    import ipywidgets as w

    return w.HTML(f"<strong>{html.escape(title)}</strong>")


def _spoken(words):
    return f'<p role="status" style="line-height: 1.4">{words}</p>'
