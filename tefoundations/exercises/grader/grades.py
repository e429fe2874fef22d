"""Grading a folder of notebooks: ``python -m tefoundations.exercises grade FOLDER --seed-file SECRET --out grades.csv``.

Each submission runs in a process of its own (see `tefoundations.exercises.grader.runs`), which gets cases and gives back
what its functions returned. The judging is done here, with references and a seed that this process never hands out.
So a notebook that redefines `check` or changes the package gains nothing: its answers must be right on cases it has
not seen.

What is not protected is told in the book, *For instructors*.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput, NoBoundary
from tefoundations.exercises.grader.boundary import boundary
from tefoundations.exercises.grader.runs import WORDS, Limits, Ran, questions_of, run_submission
from tefoundations.exercises.grader.submissions import (
    Submission,
    Unreadable,
    code_of,
    handed_out,
    meant_for,
    mentions,
    read_notebook,
    submissions_in,
)
from tefoundations.exercises.kit.course import points_of
from tefoundations.exercises.kit.feedback import Feedback
from tefoundations.exercises.kit.values import cut, readable, show_case
from tefoundations.exercises.kit.verdicts import judge
from tefoundations.inputs import number
from tefoundations.words import an, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOM = Path(__file__).resolve().parents[1]
LONGEST_REASON = 3_000  # characters
NONE_HERE = (
    "no boundary can be drawn around submissions here: what a student wrote could read, change and send what you can. "
    "On Linux install bubblewrap (apt-get install bubblewrap); in a container it may be forbidden. If you trust the class, "
    "or this machine holds nothing of value, say so: --trust, or trust=True"
)


@dataclass(frozen=True)
class Grade:
    """What one submission got for one exercise.

    Parameters
    ----------
    student : str
    file : str
        Path below the folder graded.
    exercise : str
        "?" where a file belongs to no exercise.
    points : float
    most : float
        Points to be had.
    state : str
        One of the five answers of `check`.
    reason : str
        Why points were lost, or that all is right.

    Examples
    --------
    >>> Grade("ada", "ada/vcg.ipynb", "vcg/payments", 0.0, 4.0, "wrong", "it adds up the bids.").points
    0.0
    """

    student: str
    file: str
    exercise: str
    points: float
    most: float
    state: str
    reason: str


def seed_of(seed, student):
    """The seed of one student's cases: no two students have the same, and each has the same on every machine."""
    return f"{seed}\n{student}"


def grade_folder(
    folder: str | Path,
    seed: int | str,
    *,
    chapter: str | None = None,
    assignment: str | Path | None = None,
    jobs: int | None = None,
    caps: Limits | None = None,
    variants: bool = True,
    almost: float = 0.0,
    private: Sequence[str | Path] = (),
    progress: Callable[[int, int, str], object] | None = None,
    trust: bool = False,
) -> list[Grade]:
    """Grade every notebook below a folder, several at a time.

    Parameters
    ----------
    folder : str or Path
        ``STUDENT.ipynb`` or ``STUDENT/.../NAME.ipynb``, as nbgrader's ``submitted/`` is laid out.
    seed : int or str
        Draws the cases; keep it secret.
    chapter : str, optional
        The chapter whose exercises are graded; by default the one named by the file, by the checks it calls, or by the
        functions it defines.
    assignment : str or Path, optional
        The notebook that was handed out: its exercises are graded, with its points.
    jobs : int, optional
        Submissions at a time; by default one a core.
    caps : Limits, optional
        Seconds and memory of one submission.
    variants : bool
        Whether each student gets cases of its own, drawn from the seed and the student's name.
    almost : float
        Share of the points for an answer that is "almost" right, 0 to 1.
    private : sequence of str or Path
        Files and folders that no submission may read, beside the folder graded and the checks: the file with the seed.
    progress : callable, optional
        Called after each submission with how many are done, how many there are, and the student.
    trust : bool
        Whether to run submissions also where the operating system draws no boundary around them. Then Python alone
        stands between a submission and the files, the processes and the network of whoever grades.

    Returns
    -------
    list of Grade
        Sorted by path, whatever `jobs`: one for each exercise of a submission, also where the learner left it out.

    Raises
    ------
    InvalidInput
        No such folder, chapter or assignment; a share that is none.
    NoBoundary
        The operating system draws no boundary here, and the class is not to be trusted.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     (Path(folder) / "ada").mkdir()
    ...     [grade] = grade_folder(folder, "a secret", chapter="vcg", trust=True)[:1]
    >>> grade.student, grade.points, grade.reason
    ('ada', 0.0, 'no notebook was handed in.')
    """
    from tefoundations.exercises.registry import EXERCISES

    if not isinstance(folder, (str, os.PathLike)):
        raise InvalidInput(f"folder must be a path, not {an(type(folder).__name__)}")
    if not os.path.isdir(folder):  # unlike Path.is_dir it says no to a name that no folder may bear
        raise InvalidInput(f"{shown(folder)} is not a folder")
    folder, almost = Path(folder), number(almost, "almost", least=0, most=1)
    within = boundary()
    if within is None and not trust:
        raise NoBoundary(NONE_HERE)
    points = dict(points_of())
    wanted = _wanted(chapter, assignment, EXERCISES, points)
    grader = _Grader(EXERCISES, wanted, points, str(seed), caps or Limits(), variants, almost, [folder, *private], within)
    submissions = submissions_in(folder)
    with ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1) as pool:
        waiting = [pool.submit(grader.grade, submission) for submission in submissions]
        return [grade for done in _in_order(waiting, submissions, progress) for grade in done]


def _in_order(waiting, submissions, progress):
    from concurrent.futures import as_completed

    student = dict(zip(waiting, submissions))
    for done, one in enumerate(as_completed(waiting), start=1):
        if progress:
            progress(done, len(waiting), student[one].student)
    return [one.result() for one in waiting]


def _wanted(chapter, assignment, exercises, points):
    """The exercises asked for by the one who grades, or None: then each submission tells."""
    if assignment is not None:
        try:
            found = handed_out(assignment, exercises)
        except Unreadable as error:
            raise InvalidInput(f"{assignment}: {error}") from error
        points.update(found)
        return [exercises[name] for name in found]
    if chapter is None:
        return None
    found = [exercise for name, exercise in exercises.items() if name.split("/")[0] == chapter]
    if not found:
        chapters = ", ".join(dict.fromkeys(name.split("/")[0] for name in exercises))
        raise InvalidInput(f"chapter {chapter!r}: there are {chapters}")
    return found


class _Grader:
    """Grades single submissions; safe in threads, because what is computed here is computed under one lock."""

    def __init__(self, exercises, wanted, points, seed, limits, variants, almost, private, within):
        self._exercises, self._wanted, self._points = exercises, wanted, points
        self._seed, self._limits, self._variants, self._almost = seed, limits, variants, almost
        tree = ROOM.parents[1]
        self._hidden = [*private, ROOM, tree / "exercises", tree / "build"]
        self._within, self._lock = within, Lock()
        self._same = cache(lambda name: exercises[name].cases(seed))

    def grade(self, submission):
        code, fault = [], ""
        try:
            if submission.file is None:
                raise Unreadable(submission.fault)
            with self._lock:  # one at a time is read: a large file takes much memory
                code = code_of(read_notebook(submission.file))
        except Unreadable as error:
            fault = str(error) if submission.file is None else f"the file is no notebook: {error}"
        except Exception as error:  # whatever it is, it is the fault of this file, and no other's
            fault = f"the file cannot be read: {_words(error)}"
        exercises = self._wanted or meant_for(submission, code, self._exercises)
        unvalued = [exercise.name for exercise in exercises if exercise.name not in self._points]
        if unvalued:
            raise InvalidInput(f"{unvalued[0]} has no points: run `make release`, or grade by the notebook handed out")
        if not exercises:
            words = "no exercise by the file's name, its checks or its functions: name the chapter."
            return [self._graded(submission, Feedback("?", "not defined", f"{fault}." if fault else words))]
        if fault:
            return [self._graded(submission, Feedback(e.name, "not defined", f"{fault}.")) for e in exercises]
        with self._lock:
            cases = {exercise.name: self._cases(exercise, submission.student) for exercise in exercises}
        try:
            ran = run_submission(code, questions_of(exercises), cases, self._limits, self._hidden, self._within)
        except Exception as error:
            ran = Ran(stopped={exercise.name: f"it cannot be run: {_words(error)}" for exercise in exercises})
        with self._lock:
            told = [self._told(exercise, cases[exercise.name], ran, code) for exercise in exercises]
        return [self._graded(submission, feedback) for feedback in told]

    def _told(self, exercise, cases, ran, code):
        try:
            return feedback_on(exercise, cases, ran, code)
        except Exception as error:
            return Feedback(exercise.name, "wrong", f"its answers cannot be judged: {_words(error)}.")

    def _cases(self, exercise, student):
        return exercise.cases(seed_of(self._seed, student)) if self._variants else self._same(exercise.name)

    def _graded(self, submission: Submission, told):
        most = float(self._points.get(told.exercise, 0.0))  # 0 for "?"
        share = 1.0 if told else self._almost if told.state == "almost" else 0.0
        reason = cut(readable(told.reason), LONGEST_REASON)
        return Grade(submission.student, submission.shown, told.exercise, share * most, most, told.state, reason)


def _words(error):
    return cut(readable(f"{type(error).__name__}: {error}"), WORDS)


def feedback_on(exercise, cases, ran, code):
    """What is told of one exercise of a submission that was run.

    Parameters
    ----------
    exercise : Exercise
    cases : list of tuple
    ran : Ran
    code : list of str
        The submission's code cells.

    Returns
    -------
    Feedback
    """
    outcomes = ran.outcomes.get(exercise.name, [])
    last = outcomes[-1].kind if outcomes else ""
    if last == "undefined":
        return Feedback(exercise.name, "not defined", _why_undefined(exercise, ran, code))
    if last == "noncallable":
        words = f"{exercise.function} is of type {outcomes[-1].words}, not a function."
        return Feedback(exercise.name, "wrong", words)
    if last == "stopped":
        return _stopped(exercise, outcomes[-1].words, cases[len(outcomes) - 1])
    if last in ("answer", "raised", "") and len(outcomes) < len(cases):
        words = ran.stopped.get(exercise.name, "not every case was answered")
        return _stopped(exercise, words, None if "in all" in words else cases[len(outcomes)])
    return judge(exercise, cases, outcomes)


def _stopped(exercise, words, case):
    place = f", on {show_case(exercise.parameters, case)}" if case and exercise.parameters else "."
    return Feedback(exercise.name, "wrong", words + place)


def _why_undefined(exercise, ran, code):
    told = f"there is no {'function' if exercise.parameters else 'answer'} {exercise.function}"
    faults = [(n, words) for n, words in sorted(ran.cells.items()) if mentions(code[n], exercise.function)]
    if faults:
        number, words = faults[0]
        return f"{told}: code cell {number + 1}, in which it stands, fails: {words}"
    if ran.cells:
        number, words = sorted(ran.cells.items())[0]
        return f"{told}. The first code cell that fails is number {number + 1}: {words}"
    return f"{told}."
