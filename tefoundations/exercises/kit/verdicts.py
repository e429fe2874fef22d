"""From the outcomes of all cases to one of five answers, with the most helpful reason that fits."""

import numpy as np

from tefoundations.exercises.kit.feedback import Feedback
from tefoundations.exercises.kit.values import cut, show, show_case

ROUNDED = 1e-2  # answers this near are right but for rounding
MOST_PLACES = 6  # after the point, of an answer that was rounded
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
        words = f"right, but it changes {changed[0]}, which others still need. Work on a copy: list(...) makes one."
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
        near = all(_agree(exercise, a, e, ROUNDED) for a, e in zip(answers, expected))
        if near and _rounded(answers, expected):
            words = "right but for rounding. Leave rounding to the one who prints the number."
            return Feedback(exercise.name, "almost", words)
        for mistake in exercise.mistakes:
            if all(_agree(exercise, a, mistake.function(*case), mistake.within) for a, case in zip(answers, cases)):
                return Feedback(exercise.name, "almost" if mistake.almost else "wrong", mistake.words)
        if near:
            words = "near, but not it. Was something rounded on the way, or were values tried in steps? Here "
            return Feedback(exercise.name, "almost", words + _first(faults, cases, exercise))
    failing = [case for case, fault in zip(cases, faults) if fault]
    told = _first(faults, cases, exercise)
    for corner in exercise.corners:
        outside = sum(not corner.holds(*case) for case in cases)
        if outside >= OUTSIDE and all(corner.holds(*case) for case in failing):
            return Feedback(exercise.name, "almost", f"right, except {corner.words}: {told}")
    return Feedback(exercise.name, "wrong", told)


def _first(faults, cases, exercise):
    """The gravest fault in words, with its case: of equally grave ones the first."""
    (_, words), case = min(((fault, case) for fault, case in zip(faults, cases) if fault), key=lambda pair: pair[0][0])
    return words + _where(exercise, case)


def _rounded(answers, expected):
    """Whether all numbers of the answers have few places after the point, and are right to the last of them."""
    pairs = list(zip(_numbers(answers), _numbers(expected)))
    places = next((n for n in range(MOST_PLACES + 1) if all(round(a, n) == a for a, _ in pairs)), None)
    return places is not None and all(abs(a - e) < 10.0**-places * (1 - 1e-6) for a, e in pairs)


def _numbers(value):
    if isinstance(value, list):
        return [number for each in value for number in _numbers(each)]
    return [value] if isinstance(value, float) else []


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
