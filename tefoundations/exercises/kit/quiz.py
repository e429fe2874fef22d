"""Exercises that ask for a single answer, as a quiz does: a value, or a function that takes nothing."""

from functools import cache

from tefoundations.exercises.kit.records import Exercise, Mistake
from tefoundations.exercises.kit.values import are_numbers, close, is_number, plain


def question(quiz, topic, function, answer, form, hint, mistakes, agrees=close):
    """An exercise with one case, about data of its own.

    Parameters
    ----------
    quiz, topic : str
        Its name is "quiz/topic".
    function : str
        Name of the value, or of the function, that a learner writes.
    answer : callable
        Computes the right answer.
    form : callable
        Answer -> what is wrong with its shape, or None.
    hint : callable
        Answer -> what a wrong answer would mean, where it is no typical mistake; the right answer is not told.
    mistakes : tuple of (str, callable)
        What helps, and the wrong answer it is said to.
    agrees : callable
        ``(answer, expected, tolerance) -> bool``.

    Returns
    -------
    Exercise
    """

    def reference():
        return plain(answer())

    def wrong(given):
        return None if agrees(given, reference(), 1e-9) else hint(given)

    typical = tuple(Mistake(words, _once(value)) for words, value in mistakes)
    name = f"{quiz}/{topic}"
    return Exercise(name, function, (), ((), None), lambda rng: [], reference, form, (wrong,), typical, agrees=agrees)


def _once(value):
    return cache(lambda: plain(value()))


def number(answer):
    """A form: a single number."""
    return None if is_number(answer) else "a single number is asked for"


def numbers(count, words):
    """A form: so many numbers, else these words."""
    return lambda answer: None if are_numbers(answer, count) else words
