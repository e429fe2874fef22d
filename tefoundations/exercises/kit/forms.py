"""Forms: what is wrong with the shape of an answer, in words, or None.

Words may hold ``{n}``: how many are asked for.
"""

from tefoundations.exercises.kit.values import is_number


def is_flag(value):
    """Whether a plain value is True or False."""
    return isinstance(value, bool)


def is_whole(value):
    """Whether a plain value is a whole number."""
    return is_number(value) and value == int(value)


def or_none(test):
    """The test that also lets None pass."""
    return lambda value: value is None or test(value)


def one(test, words=""):
    """A value that passes a test; else these words."""
    return lambda answer, *_: None if test(answer) else words


def number(words=""):
    """One number; else these words, "one number is asked for, in kWh"."""
    return one(is_number, words)


def each(test, count, words=""):
    """A list of so many values that pass a test; else these words.

    Parameters
    ----------
    test : callable
    count : int or callable
        How many, or a function of the case.
    words : str
    """

    def form(answer, *case):
        n = count(*case) if callable(count) else count
        good = isinstance(answer, list) and len(answer) == n and all(map(test, answer))
        return None if good else words.format(n=n)

    return form


def numbers(count, words=""):
    """A list of so many numbers; `count` is a number or a function of the case."""
    return each(is_number, count, words)


def several(words, *parts):
    """A list of a value for each part, which is a form; these words are told where a part has none of its own."""

    def form(answer, *case):
        if not isinstance(answer, list) or len(answer) != len(parts):
            return words
        told = (part(value, *case) for part, value in zip(parts, answer))
        return next((each or words for each in told if each is not None), None)

    return form
