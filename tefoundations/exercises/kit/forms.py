"""Forms: what is wrong with the shape of an answer, in words, or None."""

from tefoundations.exercises.kit.values import are_numbers, is_number


def number(words):
    """One number; else these words, "one number is asked for, in kWh"."""
    return lambda answer, *_: None if is_number(answer) else words


def numbers(count, words):
    """A list of so many numbers; else these words, in which {n} is how many.

    Parameters
    ----------
    count : int or callable
        How many, or a function of the case.
    words : str
    """

    def form(answer, *case):
        n = count(*case) if callable(count) else count
        return None if are_numbers(answer, n) else words.format(n=n)

    return form
