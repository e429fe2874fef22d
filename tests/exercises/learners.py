"""What the tests of the chapters share: a learner's answer, what is told of it, and what a text says."""

import re

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES


def reason(name, solution, state):
    """What is told of a learner's function, which must come to this state."""
    told = check(name, solution)
    assert told.state == state, told
    return told.reason


def told_on_example(name, answer, solutions):
    """What is told where the solution is wrong on the worked example only."""
    example = EXERCISES[name].example[0]
    told = check(name, lambda *case: answer if case == example else solutions[name](*case))
    assert told.state in ("wrong", "almost") and "in the worked example" in told.reason
    return told.reason


def text_of(sources, start, joined=True):
    """The one text of the exercises that starts like this; with its lines joined unless it is a table."""
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith(start)]
    return text.replace("\n", " ") if joined else text


def arithmetic(text):
    """The value of an expression as a text writes it: 2 (0.02 · 100 + ...), 0.2²."""
    return eval(re.sub(r"(\d) \(", r"\1 * (", text.replace("·", "*").replace("²", "**2")))
