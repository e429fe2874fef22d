"""What holds for every quiz: a value is as good as a function, and a known slip is told in its own words."""

from tefoundations.exercises import check
from tefoundations.exercises.registry import EXERCISES


def quiz(name):
    """The exercises of a quiz by their full names."""
    return {full: exercise for full, exercise in EXERCISES.items() if full.startswith(f"{name}/")}


def answers_as_value_and_function(name):
    """Assert it of one question: the answer, nothing, and each of its mistakes."""
    exercise = EXERCISES[name]
    space = {"check": check, "name": name, "answer": exercise.reference()}
    exec(f"{exercise.function} = answer\ntold = check(name)", space)
    assert space["told"] and space["told"].reason == f"{exercise.function} is right."
    exec(f"{exercise.function} = ...\ntold = check(name)", space)
    assert space["told"].state == "still missing"
    for mistake in exercise.mistakes:
        given = space | {"answer": mistake.function()}
        exec(f"{exercise.function} = answer\ntold = check(name)", given)
        told = check(name, mistake.function)
        assert not told and told.reason == mistake.words == given["told"].reason


def helps_without_telling(name, answer, words):
    """Assert that a wrong answer that is no typical slip is told what it would mean."""
    told = check(name, lambda: answer)
    assert told.state == "wrong" and words in told.reason and ", in the worked example" not in told.reason
    assert ".." not in told.reason.replace("...", "")
