"""Exercises: checks that say why an answer is wrong.

====================================  ==================================================================
What you want                         What to call
====================================  ==================================================================
to know whether your answer is right  `check`; a hint: ``check(name, hint=True)``; what it says: `Feedback`
a class graded                        `grade_folder`, within `Limits`; each line of it a `Grade`
a notebook of chosen exercises        `take`
====================================  ==================================================================

A learner writes the function an exercise asks for and calls `check` with the name of the exercise::

    from tefoundations.exercises import check
    check("double_auction/clearing")
    check("double_auction/clearing", hint=True)

An instructor grades a folder of notebooks with `grade_folder`, or on the command line with
``python -m tefoundations.exercises grade submissions/ --seed-file SECRET --out grades.csv``, or with nbgrader, the secret
in the environment variable ``TE_SEED``; and makes a notebook of chosen exercises with `take`.

How to write a check
--------------------
The checks of a chapter are in one file under its part (``markets/double_auction.py``), named in its tuple ``EXERCISES``
in the order of the notebook; the registry finds them by the file's name. Each is made by `kit.recipe.exercise` from the
right answer and what goes wrong. What it holds:

reference
    The right answer, computed outside the learner's reach. It bears the name and the parameters of the function a learner
    writes. Its keyword-only parameters are the joints at which learners slip.
example
    The worked example of the text: arguments and answer. It is the first case a learner's function is tried on.
draw
    One case, ``rng -> arguments``: plain Python values, in round numbers a learner can follow by hand. The kit draws
    until there are enough and every corner is met.
form
    Says in words what is wrong with the shape of an answer, or returns None. Everything below sees only answers
    that passed it. An answer is plain: numbers, texts, None, lists of those.
properties
    Functions ``(answer, *arguments) -> words or None``: balance, rationality, budget. They apply to every answer.
mistakes
    Typical wrong answers, each a sentence and a turned joint. A learner whose function agrees with one on every
    case gets these words. Tests prove for each mistake that it gets its own words and no others.
corners
    Situations easily forgotten. An answer that is wrong only there is "almost" right, and the corner is named.
forbids
    Functions of the package that would be the answer. While the learner's code runs, they refuse.
hints
    Up to three, each a step further, none the solution.

A quiz asks for single answers: `kit.quiz.question`. Then write the exercise in ``exercises/source/<part>/<chapter>.md``,
with the example in its text and the points as a tag of the cell that checks, and run ``make release`` and the tests in
``tests/exercises``: they find the new exercise by themselves.

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
