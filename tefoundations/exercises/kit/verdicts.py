"""From the outcomes of all cases to one of five answers, with the most helpful reason that fits."""

from dataclasses import replace

import numpy as np

from tefoundations.exercises.kit.feedback import Feedback
from tefoundations.exercises.kit.values import close, cut, show, show_case

ROUNDED = 1e-2  # answers this near are right but for rounding
MOST_PLACES = 6  # after the point, of an answer that was rounded
OUTSIDE = 5  # "right, except ..." needs at least so many right cases without the exception
CHANCE = 0.1  # and a smaller probability than this that all that is wrong is there by chance
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
    changed = _changed(given)
    if changed:
        words = f"right, but it {changed}, which others still need. {_copy(exercise, given)}"
        return Feedback(exercise.name, "almost", words)
    tried = f" on all {len(cases)} cases tried" if exercise.parameters else ""
    return Feedback(exercise.name, "correct", f"{exercise.function} is right{tried}.")


def _changed(given):
    """What a function does to its arguments, in words; empty if it leaves them as they were."""
    names = [name for outcome in given for name in outcome.changed]
    if not names:
        return ""
    only_order = all(names[0] in outcome.reordered for outcome in given if names[0] in outcome.changed)
    return f"changes the order of {names[0]} itself" if only_order else f"changes {names[0]}"


def _copy(exercise, given):
    """How to make a copy of what is changed; the rows of a table are shared by list(table), so it is copied row by row."""
    name = next(name for outcome in given for name in outcome.changed)
    if _changed(given).startswith("changes the order"):
        return f"Work on a copy: sorted({name}) makes one."
    value = dict(zip(exercise.parameters, exercise.example[0]))[name]
    if isinstance(value, list) and any(isinstance(row, list) for row in value):
        return f"Work on a copy, row by row: [list(row) for row in {name}] makes one."
    return "Work on a copy: list(...) makes one."


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
    read = _read_around(exercise, given, expected)
    if read:
        words = f"it reads {read} of the notebook, and answers for that whatever it is called with. Use its parameters: "
        return Feedback(exercise.name, "wrong", f"{words}{', '.join(exercise.parameters)}.")
    changed = _changed(given)
    if _answers_in_its_own_order(given, expected, faults):
        here = _first(faults, cases, exercise)
        words = f"it {changed}, and answers in that order, not in the one it was given. {_copy(exercise, given)} "
        return Feedback(exercise.name, "wrong", words + here[0].upper() + here[1:])
    told = _typical(exercise, cases, given, expected, faults)
    if told is None:  # a Feedback is false unless correct
        told = _by_a_case(exercise, cases, given, expected, faults)
    if not changed:
        return told
    return replace(told, reason=f"{told.reason.removesuffix('.')}. It also {changed}. {_copy(exercise, given)}")


def _read_around(exercise, given, expected):
    """The name of what the function reads from around itself in the place of a parameter, or None."""
    reads = [name for outcome in given for name in outcome.reads]
    example = [name for name in reads if name in exercise.parameters]
    if example:
        return example[0]
    answers = [outcome.value for outcome in given if outcome.kind == "answer"]
    always = len(answers) == len(given) and all(close(one, answers[0]) for one in answers)
    return reads[0] if reads and always and not all(close(one, expected[0]) for one in expected) else None


def _answers_in_its_own_order(given, expected, faults):
    """Whether all that is wrong holds the right numbers in another order, where an argument was put in another order."""
    pairs = [(outcome, right) for outcome, right, fault in zip(given, expected, faults) if fault]
    return all(outcome.reordered and _same_numbers(outcome.value, right) for outcome, right in pairs)


def _same_numbers(answer, expected):
    one, other = sorted(_numbers(answer)), sorted(_numbers(expected))
    return len(one) > 1 and close(one, other)


def _typical(exercise, cases, given, expected, faults):
    """What is told of an answer that was rounded, or is a typical mistake; else None."""
    if any(fault and fault[0] <= FORM for fault in faults):
        return None
    answers = [outcome.value for outcome in given]
    if _near(exercise, given, expected) and _rounded(answers, expected):
        words = "right but for rounding. Leave rounding to the one who prints the number."
        return Feedback(exercise.name, "almost", words)
    for mistake in exercise.mistakes:
        if all(_agree(exercise, a, mistake.function(*case), mistake.within) for a, case in zip(answers, cases)):
            return Feedback(exercise.name, "almost" if mistake.almost else "wrong", mistake.words)
    return None


def _near(exercise, given, expected):
    return all(_agree(exercise, outcome.value, right, ROUNDED) for outcome, right in zip(given, expected))


def _by_a_case(exercise, cases, given, expected, faults):
    """What is told by the gravest fault and its case, and by what the cases that are wrong have in common."""
    told = _first(faults, cases, exercise)
    if all(fault is None or fault[0] > FORM for fault in faults) and _near(exercise, given, expected):
        words = "near, but not it. Was something rounded on the way, or were values tried in steps? Here "
        return Feedback(exercise.name, "almost", words + told)
    failing = [case for case, fault in zip(cases, faults) if fault]
    for corner in exercise.corners:
        outside = sum(not corner.holds(*case) for case in cases)
        by_chance = (1 - outside / len(cases)) ** len(failing)
        if outside >= OUTSIDE and by_chance < CHANCE and all(corner.holds(*case) for case in failing):
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
