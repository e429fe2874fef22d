"""Answers as plain values: read, compared and shown the same way whatever a learner returns."""

import math

import numpy as np

SHOWN = 400  # characters of a case shown in a reason; longer ones are cut
MOST = 10_000  # values of an answer, and signs of its texts, in all; a right one has some hundred
_name = type.__dict__["__name__"].__get__  # reads the name of a class without asking its metaclass


def kind_of(value):
    """Name of a value's class, whatever that class would say of itself."""
    return str.__str__(_name(type(value)))


def plain(value):
    """The value as floats, bools, texts, None, and lists of those.

    Parameters
    ----------
    value : object
        Tuples and arrays become lists; anything that is no plain value becomes its type in angle brackets, and one that
        is longer than `MOST` says so: nothing as long is ever copied, compared or shown.

    Returns
    -------
    float, bool, str, None or list

    Raises
    ------
    Exception
        Whatever a number or array raises on being read, such as OverflowError.

    Examples
    --------
    >>> plain((np.int64(2), np.array([1.0, 0.5]), None, {1})), plain(np.zeros(10**6))
    ([2.0, [1.0, 0.5], None, '<set>'], '<more than 10,000 values>')
    """
    if _left_after(value, MOST) < 0:
        return f"<more than {MOST:,} values>"
    return _plain(value)


def _left_after(value, left):
    """How many of `left` values may still come after this one; below 0 it is too long, and no further counted."""
    if isinstance(value, str):
        left -= len(value)
    elif _is_array(value):
        left -= np.size(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            left = _left_after(item, left)
            if left < 0:
                break
    return left - 1


def _is_array(value):
    return isinstance(value, (np.ndarray, np.generic)) or kind_of(value) == "Series"


def _plain(value):
    if value is None or type(value) in (bool, float, str):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, np.floating):
        return float(value)
    if _is_array(value):
        return plain(np.asarray(value).tolist())  # what an array holds may be lists
    if kind_of(value) in ("int", "Fraction", "Decimal"):
        return float(value)
    return f"<{kind_of(value)}>"


def is_number(value):
    """Whether a plain value is a finite number."""
    return isinstance(value, float) and math.isfinite(value)


def are_numbers(value, length):
    """Whether a plain value is a list of so many finite numbers."""
    return isinstance(value, list) and len(value) == length and all(map(is_number, value))


def close(answer, expected, tolerance=1e-9):
    """Whether two plain values are the same, numbers within a tolerance.

    Parameters
    ----------
    answer, expected : plain values
    tolerance : float
        Absolute for numbers up to 1, relative above.

    Returns
    -------
    bool

    Examples
    --------
    >>> close([0.1 + 0.2, None], [0.3, None]), close([1.0], [1.0, 2.0]), close(None, 0.0)
    (True, False, False)
    """
    if isinstance(answer, list) and isinstance(expected, list):
        return len(answer) == len(expected) and all(close(a, e, tolerance) for a, e in zip(answer, expected))
    if isinstance(answer, float) and isinstance(expected, float):
        return answer == expected or abs(answer - expected) <= tolerance * max(1.0, abs(expected))
    return type(answer) is type(expected) and answer == expected


def show(value):
    """A value as a learner would write it, numbers short.

    Examples
    --------
    >>> show([("bakery", 12.0, 2.5), (float("nan"), None)])
    "[('bakery', 12, 2.5), (nan, None)]"
    """
    if isinstance(value, (float, np.floating)):
        return f"{value:.10g}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(show, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, list):
        return "[" + ", ".join(map(show, value)) + "]"
    if isinstance(value, str) and value.startswith("<"):
        return value
    return repr(value)


def show_case(parameters, arguments):
    """The arguments of one case, by name: ``bids=[(12, 1)], asks=[]``."""
    return cut(", ".join(f"{name}={show(value)}" for name, value in zip(parameters, arguments)))


def cut(text, length=SHOWN):
    """The text, its end left out if it is longer than a reader wants."""
    return text if len(text) <= length else text[:length] + " ..."


def readable(text):
    r"""The text on one line; what cannot be printed (control signs, halves of a pair) as Python would escape it.

    Examples
    --------
    >>> readable("Größe\nin \ud800")
    'Größe in \\ud800'
    """
    line = " ".join(text.splitlines()) if len(text.splitlines()) > 1 else text
    if line.isprintable():
        return line
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in line)


def size(value):
    """How many values a case holds: small cases are tried and shown first."""
    return sum(map(size, value)) if isinstance(value, (list, tuple)) else 1
