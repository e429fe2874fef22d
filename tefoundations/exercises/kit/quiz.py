"""Exercises that ask for a single answer, as a quiz does: a value, or a function that takes nothing."""

from dataclasses import replace
from functools import cache, wraps

from tefoundations.exercises.kit.recipe import plainly
from tefoundations.exercises.kit.records import Exercise
from tefoundations.exercises.kit.values import close


def question(name, answer, *, form, otherwise, mistakes, hints=(), agrees=close):
    """An exercise with one case, about data of its own.

    Parameters
    ----------
    name : str
        ``"quiz/topic"``.
    answer : callable
        Computes the right answer; it bears the name of the value, or of the function, that a learner writes.
    form : callable
        Answer -> what is wrong with its shape, or None; see `forms`.
    otherwise : callable
        Answer -> what a wrong answer would mean, where it is no typical mistake; the right answer is not told.
    mistakes : tuple
        Of `recipe.wrong`, the likeliest first.
    hints : tuple of str
        Up to three.
    agrees : callable
        ``(answer, expected, tolerance) -> bool``.

    Returns
    -------
    Exercise
    """
    reference = wraps(answer)(plainly(answer))

    def wrong(given):
        return None if agrees(given, reference(), 1e-9) else otherwise(given)

    typical = tuple(replace(each, function=cache(each.function)) for each in (mistake(answer) for mistake in mistakes))
    return Exercise(
        name=name,
        function=answer.__name__,
        parameters=(),
        example=((), None),
        instances=lambda rng: [],
        reference=reference,
        form=form,
        properties=(wrong,),
        mistakes=typical,
        hints=hints,
        agrees=agrees,
    )
