"""From the outcomes of all cases to one of five answers, with the most helpful reason that fits."""

import numpy as np

from tefoundations.exercises.kit.feedback import Feedback
from tefoundations.exercises.kit.values import cut, show, show_case

ROUNDED = 1e-2  # answers this near are right but for rounding
OUTSIDE = 5  # "right, except ..." needs at least so many right cases without the exception
RAISED, FORM, PROPERTY, VALUE = range(4)  # what is told first when several things are wrong


def judge(exercise, cases, outcomes):
    """Judge a learner's function by what it gave.

    Parameters
    ----------
    exercise : Exercise
    cases : list of tuple
        Arguments, as from `Exercise.cases`.
    outcomes : iterable of Trial
        One for each case; no more of them are asked for than needed.

    Returns
    -------
    Feedback
    """
    expected = [exercise.reference(*case) for case in cases]  # before a learner's code can change what it uses
    given = []
    for outcome in outcomes:
        told = _no_answer(exercise, outcome)
        if told is not None:  # a Feedback is false unless correct
            return told
        given.append(outcome)
    with np.errstate(all="ignore"):  # an absurd answer is told of in words, not by numpy's warnings
        faults = [_fault(exercise, *each) for each in zip(cases, given, expected)]
    if any(faults):
        return _wrong(exercise, cases, given, expected, faults)
    changed = [name for outcome in given for name in outcome.changed]
    if changed:
        words = f"right, but it changes {changed[0]}, which others still need. Work on a copy: sorted(...) makes one."
        return Feedback(exercise.name, "almost", words)
    tried = f" on all {len(cases)} cases tried" if exercise.parameters else ""
    return Feedback(exercise.name, "correct", f"{exercise.function} is right{tried}.")


def _no_answer(exercise, outcome):
    name = exercise.function
    if outcome.kind == "missing":
        yours = f"the body of {name} is yours to write." if exercise.parameters else f"{name} is yours to find."
        return Feedback(exercise.name, "still missing", yours)
    if outcome.kind == "signature":
        wanted = ", ".join(exercise.parameters)
        return Feedback(exercise.name, "wrong", f"{name} cannot be called as {name}({wanted}): check its parameters.")
    if outcome.kind == "refused":
        return Feedback(exercise.name, "wrong", f"it calls {outcome.words}, which is what you are asked to write.")
    return None


def _fault(exercise, case, outcome, expected):
    """None if the answer is right, else how bad the fault is and what to say."""
    if outcome.kind == "raised":
        return RAISED, f"it raises {outcome.words}"
    answer, returns = outcome.value, "returns" if exercise.parameters else "is"
    try:
        return _fault_of(exercise, answer, returns, case, expected)
    except Exception:  # a rule meets a value of which its author did not think: -1000 in exp(-x), 1e200 in x**2
        return PROPERTY, f"it {returns} {cut(show(answer))}, a value with which its check cannot even compute"


def _fault_of(exercise, answer, returns, case, expected):
    shape = exercise.form(answer, *case)
    if shape:
        forgotten = " (is a return missing?)" if answer is None else ""
        return FORM, f"it {returns} {cut(show(answer))}{forgotten}, but {shape}"
    for holds in exercise.properties:
        words = holds(answer, *case)
        if words:
            return PROPERTY, words
    if not exercise.agrees(answer, expected, 1e-9):
        if not exercise.parameters:  # a single answer is not given away
            return VALUE, f"it is {cut(show(answer))}, and that is not the answer"
        return VALUE, f"it returns {cut(show(answer))}, not {cut(show(expected))}"
    return None


def _wrong(exercise, cases, given, expected, faults):
    well_formed = all(fault is None or fault[0] > FORM for fault in faults)
    if well_formed:
        answers = [outcome.value for outcome in given]
        if all(_agree(exercise, a, e, ROUNDED) for a, e in zip(answers, expected)):
            words = "right but for rounding. Leave rounding to the one who prints the number."
            return Feedback(exercise.name, "almost", words)
        for mistake in exercise.mistakes:
            if all(_agree(exercise, a, mistake.function(*case), 1e-9) for a, case in zip(answers, cases)):
                return Feedback(exercise.name, "almost" if mistake.almost else "wrong", mistake.words)
    failing = [case for case, fault in zip(cases, faults) if fault]
    (_, words), case = min(((fault, case) for fault, case in zip(faults, cases) if fault), key=lambda pair: pair[0][0])
    told = words + _where(exercise, case)
    for corner in exercise.corners:
        outside = sum(not corner.holds(*case) for case in cases)
        if outside >= OUTSIDE and all(corner.holds(*case) for case in failing):
            return Feedback(exercise.name, "almost", f"right, except {corner.words}: {told}")
    return Feedback(exercise.name, "wrong", told)


def _agree(exercise, answer, expected, tolerance):
    try:
        return exercise.agrees(answer, expected, tolerance)
    except Exception:  # as in `_fault`
        return False


def _where(exercise, case):
    if not exercise.parameters:
        return "."
    place = ", in the worked example:" if case == exercise.example[0] else ", on"
    return f"{place} {show_case(exercise.parameters, case)}"
