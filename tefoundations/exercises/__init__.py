"""Exercises: checks that say why an answer is wrong.

A learner writes the function an exercise asks for and calls `check` with the name of the exercise::

    from tefoundations.exercises import check
    check("double_auction/clearing")

An instructor grades a folder of notebooks with `grade_folder`, or on the command line with
``python -m tefoundations.exercises grade submissions/ --seed-file SECRET --out grades.csv``, or with nbgrader, the secret
in the environment variable ``TE_SEED``; and makes a notebook of chosen exercises with `take`.

How to write a check
--------------------
A check is one `Exercise` in the file of its chapter (``markets/double_auction.py``), named in that file's tuple
``EXERCISES``; a new chapter is named in its part's ``CHAPTERS``. It holds:

``name``, ``function``, ``parameters``
    ``"chapter/topic"``, the name of the function the learner writes, the names of its parameters. Without parameters
    a single answer is asked for, in a quiz for instance: a function that takes nothing, or a value of that name. Its
    only case is ``()``, and what the right answer is, is not told.
``example``
    The worked example of the text: arguments and answer. It is the first case a learner's function is tried on.
``instances``
    A generator ``rng -> argument tuples`` of plain Python values, in round numbers a learner can follow by hand.
    Make many that meet the corners below, and some that meet none. The check sorts them, smallest first.
``reference``
    The right answer, computed outside the learner's reach. An answer is plain: numbers, texts, None, lists of those.
``form``
    Says in words what is wrong with the shape of an answer, or returns None. Everything below sees only answers
    that passed it.
``properties``
    Functions ``(answer, *arguments) -> words or None``: balance, rationality, budget. They apply to every answer.
``mistakes``
    Typical wrong answers, each a function with the words that help. A learner whose function agrees with it on every
    case gets these words. Tests prove for each mistake that it gets its own words and no others.
``corners``
    Situations easily forgotten. An answer that is wrong only there is "almost" right, and the corner is named.
``forbidden``
    Functions of the package that would be the answer. While the learner's code runs, they refuse.
``agrees``
    Only where several answers are right: ``(answer, expected, tolerance) -> bool``.

Then write the exercise in ``exercises/source/<part>/<chapter>.ipynb``, with the example in its text, and run
``make release`` and the tests in ``tests/exercises``: they find the new exercise by themselves.

What a check cannot do
----------------------
It cannot stop a loop without end: interrupt the kernel, and `KeyboardInterrupt` is the one exception that passes.
It cannot see a copy: who pastes the body of the package's function has an answer.
"""

from importlib import import_module

from tefoundations.exercises.kit.feedback import Feedback
from tefoundations.exercises.kit.session import check

# What an instructor needs is loaded when asked for: a learner's notebook, and the process of a submission, do without.
_LATER = {"Grade": "grades", "grade_folder": "grades", "Limits": "runs", "take": "assignments"}
__all__ = ["Feedback", "Grade", "Limits", "check", "grade_folder", "take"]


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.grader.{_LATER[name]}"), name)
