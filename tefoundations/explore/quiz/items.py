"""One question and what can be said to an answer: options, a number, or a thought."""

from __future__ import annotations

import html
import math

from tefoundations.errors import InvalidInput
from tefoundations.explore.quiz.markup import plain, rich, words
from tefoundations.inputs import instance, not_negative
from tefoundations.inputs import number as read_number
from tefoundations.words import say, shown

RIGHT, WRONG = "right", "wrong"
NO_NUMBER = "Write a number in digits, without a unit."


class ChoiceQuestion:
    """A question with a few answers of which one is right; made by `choose`."""

    kind = "choice"

    def __init__(self, question, options, right):
        self.question, self.options, self.right = question, options, right

    def verdict(self, option):
        """Return ("right" or "wrong", the reason as HTML) for an option as it was written."""
        return (RIGHT if option == self.right else WRONG), rich(self.options[option])

    def answer(self):
        """Return the right answer in plain words."""
        return plain(self.right)

    def reasons(self):
        """Return (option, reason) of every option, the right one first."""
        return sorted(self.options.items(), key=lambda pair: pair[0] != self.right)

    def __repr__(self):
        return f"<choice: {plain(self.question)}>"


class NumberQuestion:
    """A question answered by a number; made by `number`."""

    kind = "number"

    def __init__(self, question, value, tolerance, unit, because, wrong):
        self.question, self.value, self.tolerance, self.unit = question, value, tolerance, unit
        self.because, self.wrong = because, wrong

    def near(self, entry, value):
        """Return whether an entry counts as a value: the rounding of the sums that gave them does not."""
        return abs(entry - value) <= self.tolerance + 1e-9 * max(abs(value), self.tolerance)

    def verdict(self, text):
        """Return ("right", "wrong" or None for what is no number, the reason as HTML) for what was written."""
        entry = parsed(text)
        if entry is None:
            return None, NO_NUMBER
        if self.near(entry, self.value):
            return RIGHT, rich(self.because)
        for value, reason in self.wrong.items():
            if self.near(entry, value):
                return WRONG, rich(reason)
        return WRONG, "Your number is too high." if entry > self.value else "Your number is too low."

    def answer(self):
        """Return the right answer in plain words."""
        return with_unit(self.value, self.unit)

    def hint(self):
        """Return in plain words what is to be written."""
        unit = f" in {self.unit}" if self.unit else ""
        within = f"; within {say(self.tolerance, self.tolerance)} is near enough" if self.tolerance else ""
        return f"A number{unit}{within}."

    def __repr__(self):
        return f"<number: {plain(self.question)}>"


class OpenQuestion:
    """A question to think about before the answer is shown; made by `think`."""

    kind = "think"

    def __init__(self, question, because):
        self.question, self.because = question, because

    def __repr__(self):
        return f"<think: {plain(self.question)}>"


def choose(question: str, options: dict[str, str], right: str) -> ChoiceQuestion:
    """Ask a question with a few possible answers, each with the reason why it is right or wrong.

    Parameters
    ----------
    question : str
        In words; `` `code` ``, ``*emphasis*`` and simple formulas ``$k_i$`` are shown as such, here and in all words below.
    options : dict of str to str
        What the reader chooses from, in this order, and what is said to it. For a wrong one that is the thought which leads
        there, and where it goes astray.
    right : str
        One of the options.

    Returns
    -------
    ChoiceQuestion

    Raises
    ------
    InvalidInput
        If there are fewer than two options, the right one is none of them, or words are missing.

    Examples
    --------
    >>> choose("Do more sellers raise the price?", {"yes": "Never.", "no": "They only lower it."}, "no")
    <choice: Do more sellers raise the price?>
    """
    question, options = words(question, "question"), _reasons(options, "options")
    if len(options) < 2:
        raise InvalidInput(f"options must be at least two, and there are {len(options)}")
    texts = [plain(option) for option in options]
    if len(set(texts)) < len(texts):
        raise InvalidInput(f"two options read the same in {texts}")
    if not isinstance(right, str) or right not in options:
        raise InvalidInput(f"right {shown(right)} is not one of the options: {', '.join(texts)}")
    return ChoiceQuestion(question, options, right)


def number(
    question: str,
    answer: float,
    *,
    tolerance: float,
    because: str,
    unit: str = "",
    wrong: dict[float, str] | None = None,
) -> NumberQuestion:
    """Ask a question that is answered by a number.

    The reader may write 7.5 or 7,5, a fraction (1/4) or a time of day (10:30, which is 10.5).

    Parameters
    ----------
    question : str
        In words, as for `choose`.
    answer : float
        The right number, in `unit`.
    tolerance : float
        How far from it an answer may be, in `unit`; 0 or more.
    because : str
        Why this is the answer.
    unit : str
        Written behind the number.
    wrong : dict of float to str, optional
        Numbers that a typical slip gives, and what is said to each. To any other the reader hears whether it is too high.

    Returns
    -------
    NumberQuestion

    Raises
    ------
    InvalidInput
        If a number is none, a wrong one lies within the tolerance of the answer, or words are missing.

    Examples
    --------
    >>> number("When is the price lowest?", 10.0, tolerance=0.25, unit="h", because="Then the sun serves all.")
    <number: When is the price lowest?>
    """
    question, because = words(question, "question"), words(because, "because")
    value, reach = read_number(answer, "answer"), not_negative(tolerance, "tolerance")
    slips = {} if wrong is None else _reasons(wrong, "wrong")
    slips = {read_number(key, "wrong"): reason for key, reason in slips.items()}
    made = NumberQuestion(question, value, reach, instance(unit, str, "unit").strip(), because, slips)
    for slip in slips:
        if made.near(slip, value):
            raise InvalidInput(f"wrong {say(slip, slip)} is within the tolerance of the answer {say(value, value)}")
    return made


def think(question: str, answer: str) -> OpenQuestion:
    """Ask a question that is answered in words: the reader thinks first, and then sees an answer.

    Parameters
    ----------
    question : str
        In words, as for `choose`.
    answer : str
        In words.

    Returns
    -------
    OpenQuestion

    Raises
    ------
    InvalidInput
        If words are missing.

    Examples
    --------
    >>> think("What would bring a seller at night?", "A battery that keeps some of the noon.")
    <think: What would bring a seller at night?>
    """
    return OpenQuestion(words(question, "question"), words(answer, "answer"))


def parsed(text):
    """The number that a reader wrote, None for anything else.

    Parameters
    ----------
    text : str

    Returns
    -------
    float or None

    Examples
    --------
    >>> parsed(" 7,5 "), parsed("10:30"), parsed("1/4"), parsed("\u22121"), parsed("ten"), parsed("1/0")
    (7.5, 10.5, 0.25, -1.0, None, None)
    """
    text = text.strip().replace("\u2212", "-").replace(",", ".")
    sign, divided = (":", lambda a, b: a + b / 60) if ":" in text else ("/", lambda a, b: a / b if b else math.nan)
    parts = text.split(sign)
    try:
        if len(parts) > 2 or not all(set(part.strip()) <= set("0123456789+-.eE") for part in parts):
            return None
        values = [float(part) for part in parts]
    except ValueError:
        return None
    value = divided(*values) if len(values) == 2 else values[0]
    return value if math.isfinite(value) else None


def with_unit(value, unit):
    """A number with its unit, in plain words.

    Parameters
    ----------
    value : float
    unit : str

    Returns
    -------
    str
    """
    return f"{say(value, value)} {unit}".strip()


def told(result, reason):
    """What a reader hears after *Check*, as HTML; by sign and word, never by colour alone.

    Parameters
    ----------
    result : {"right", "wrong"} or None
    reason : str
        As HTML.

    Returns
    -------
    str
    """
    heads = {RIGHT: "✓ Right.", WRONG: "✗ Not quite."}
    return f"<strong>{heads[result]}</strong> {reason}" if result else reason


def solution(item):
    """What *Show the answer* shows, as HTML: the answer, and what is to be said to the others.

    Parameters
    ----------
    item : ChoiceQuestion, NumberQuestion or OpenQuestion

    Returns
    -------
    str
    """
    if item.kind == "think":
        return f"<p>{rich(item.because)}</p>"
    if item.kind == "number":
        head = f"<p><strong>{html.escape(item.answer())}.</strong> <span>{rich(item.because)}</span></p>"
        rest = [
            f'<p data-slip="{value!r}"><strong>Not {html.escape(with_unit(value, item.unit))}.</strong> '
            f"<span>{rich(reason)}</span></p>"
            for value, reason in item.wrong.items()
        ]
        return "\n".join([head, *rest])
    places = list(item.options)
    return "\n".join(
        f'<p data-option="{places.index(option)}"><strong>{"Right" if option == item.right else "Wrong"}: {rich(option)}.'
        f"</strong> <span>{rich(reason)}</span></p>"
        for option, reason in item.reasons()
    )


def _reasons(given, name):
    """A copy of words by what they are said to."""
    for key, reason in instance(given, dict, name, advice="what is answered -> what is said to it").items():
        if name == "options":
            words(key, "option")
        words(reason, f"{name}: what is said to {shown(key)}")
    return dict(given)
