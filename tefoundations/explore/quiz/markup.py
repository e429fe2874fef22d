"""The words of a question: a little of Markdown, made safe HTML or plain text, which every place can show.

`code`, *emphasis* and $formula$, and nothing else. A formula is letters, signs, subscripts and superscripts: what needs
more is written in Unicode, since radio buttons, widgets and a page without JavaScript have no MathJax.
"""

import html
import re

from tefoundations.errors import InvalidInput
from tefoundations.inputs import instance

# A dollar that is money stands beside a space or before a figure: "7 $/MWh", "$7 and $8".
MARKS = re.compile(r"`([^`]+)`|\$(?=\S)([^$]*?)(?<=\S)\$(?!\d)|\*(?=\S)([^*]+?)(?<=\S)\*")
APOSTROPHE = re.compile(r"(?<=\w)'(?=\w|\s|$)")
RAISED = re.compile(r"([_^])(?:\{([^{}]*)\}|(\w))|([A-Za-z]+)|([&<>])|(-)")


def words(text, name):
    """What is said, a text that says something.

    Parameters
    ----------
    text : str
    name : str
        Of the argument.

    Returns
    -------
    str

    Examples
    --------
    >>> words("", "question")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: question must say something, and it is empty
    >>> words(r"$\\alpha$", "question")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: question: the formula $\\alpha$ has a backslash; write it in Unicode
    """
    if not instance(text, str, name).strip():
        raise InvalidInput(f"{name} must say something, and it is empty")
    for match in MARKS.finditer(text):
        if match[2] and "\\" in match[2]:
            raise InvalidInput(f"{name}: the formula {match[0]} has a backslash; write it in Unicode")
    return text.strip()


def rich(text):
    """The words as HTML; everything that is no mark of ours is escaped.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> print(rich("Is Ann's *one* `a<b` for 2 $/MWh if $k_i = 0$?"))
    Is Ann\u2019s <em>one</em> <code>a&lt;b</code> for 2 $/MWh if <var>k</var><sub><var>i</var></sub> = 0?
    """

    def set_type(part):  # as the book's prose is set
        return APOSTROPHE.sub("\u2019", html.escape(part, quote=False))

    return _each(
        text,
        set_type,
        code=lambda part: f"<code>{html.escape(part, quote=False)}</code>",
        formula=_formula,
        emphasis=lambda part: f"<em>{set_type(part)}</em>",
    )


def plain(text):
    """The words without marks, for what shows no HTML.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> plain("Is *one* `a<b` if $k_{ij} = 0$?")
    'Is one a<b if k_ij = 0?'
    """
    return _each(text, str, code=str, formula=lambda part: part.replace("{", "").replace("}", ""), emphasis=str)


def _each(text, told, code, formula, emphasis):
    """The text with each mark replaced; what stands between them is `told`."""
    parts, at = [], 0
    for match in MARKS.finditer(text):
        parts.append(told(text[at : match.start()]))
        if match[1]:
            parts.append(code(match[1]))
        elif match[2]:
            parts.append(formula(match[2]))
        else:
            parts.append(emphasis(match[3]))
        at = match.end()
    return "".join([*parts, told(text[at:])])


def _formula(text):
    def one(match):
        if match[1]:
            tag = "sub" if match[1] == "_" else "sup"
            return f"<{tag}>{_formula(match[2] if match[2] is not None else match[3])}</{tag}>"
        return f"<var>{match[4]}</var>" if match[4] else html.escape(match[5]) if match[5] else "−"

    return RAISED.sub(one, text)
