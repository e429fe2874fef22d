"""Questions as the website and a stored notebook carry them: plain HTML that says everything.

Answers stand in `<details>`, which opens without JavaScript; `tef-questions.js` makes of it radio buttons, a field and
*Check*, and takes every word from here.
"""

import html

from tefoundations.explore.quiz.items import solution, with_unit
from tefoundations.explore.quiz.markup import rich

SHOW = "Show the answer"
COMMIT = "Settle on an answer before you read on. The end of the chapter takes it up again."
THINK = "Think first, then look."
IF = "If you expected"


def box_html(title, items):
    """The HTML of a box of questions.

    Parameters
    ----------
    title : str
    items : sequence of ChoiceQuestion, NumberQuestion or OpenQuestion

    Returns
    -------
    str
    """
    asked = [
        f'<li class="tef-question" {_kind(item)}>\n<p class="tef-asked">{rich(item.question)}</p>\n{_entry(item)}'
        f"<details>\n<summary>{SHOW}</summary>\n{solution(item)}\n</details>\n</li>"
        for item in items
    ]
    return _group("tef-questions", title, f"<ol{_single(asked)}>", *asked, "</ol>")


def prediction_html(name, title, question, options, unit):
    """The HTML of a prediction: the question and what may be chosen, and nothing of what comes out.

    Parameters
    ----------
    name, title, question : str
    options : list of str or None
        None asks for a number.
    unit : str

    Returns
    -------
    str
    """
    kind = "choice" if options else "number"
    entry = (
        _options(options) if options else f'<p class="tef-hint">A number{f" in {html.escape(unit)}" if unit else ""}.</p>\n'
    )
    more = f' data-name="{html.escape(name)}" data-kind="{kind}" data-unit="{html.escape(unit)}"'
    asked = f'<p class="tef-asked">{rich(question)}</p>\n{entry}<p class="tef-commit">{COMMIT}</p>'
    return _group("tef-prediction", title, asked, more=more)


def recall_html(name, title, item):
    """The HTML of what came out: right, and what is to be said to those who expected something else.

    Parameters
    ----------
    name, title : str
    item : ChoiceQuestion or NumberQuestion

    Returns
    -------
    str
    """
    more = f' data-name="{html.escape(name)}" {_kind(item)}'
    asked = f'<p class="tef-asked">At the head of the chapter: {rich(item.question)}</p>'
    return _group("tef-recall", title, asked, outcome(item), more=more)


def outcome(item):
    """What came out, and what is said to those who expected something else, as HTML.

    Parameters
    ----------
    item : ChoiceQuestion or NumberQuestion

    Returns
    -------
    str
    """
    if item.kind == "number":
        lines = [_line("data-right", "It came out", html.escape(item.answer()), item.because)]
        for value, reason in item.wrong.items():
            lines.append(_line(f'data-slip="{value!r}"', IF, html.escape(with_unit(value, item.unit)), reason))
        return "\n".join(lines)
    places, lines = list(item.options), []
    for option, reason in item.reasons():
        mark, head = (" data-right", "It came out") if option == item.right else ("", IF)
        mark, what = f'data-option="{places.index(option)}"{mark}', f'<span class="tef-option">{rich(option)}</span>'
        lines.append(_line(mark, head, what, reason))
    return "\n".join(lines)


def _line(mark, head, what, reason):
    return f"<p {mark}><strong>{head}: {what}.</strong> <span>{rich(reason)}</span></p>"


def _group(name, title, *parts, more=""):
    head = f'<div class="{name} tef-box" role="group" aria-label="{html.escape(title)}"{more}>'
    return "\n".join(
        [head, f'<p class="tef-title"><strong>{html.escape(title, quote=False)}</strong></p>', *parts, "</div>"]
    )


def _single(asked):
    """A single question bears no number."""
    return ' class="tef-single"' if len(asked) == 1 else ""


def _kind(item):
    """What the page's script is told of a question."""
    if item.kind == "choice":
        return f'data-kind="choice" data-right="{list(item.options).index(item.right)}"'
    if item.kind == "number":
        unit = html.escape(item.unit)
        return f'data-kind="number" data-value="{item.value!r}" data-tolerance="{item.tolerance!r}" data-unit="{unit}"'
    return 'data-kind="think"'


def _entry(item):
    if item.kind == "choice":
        return _options(item.options)
    return f'<p class="tef-hint">{html.escape(item.hint() if item.kind == "number" else THINK)}</p>\n'


def _options(options):
    rows = "\n".join(f"<li>{rich(option)}</li>" for option in options)
    return f'<ul class="tef-options">\n{rows}\n</ul>\n'
