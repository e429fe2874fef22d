"""Grading a folder of notebooks without nbgrader: ``python -m tefoundations.exercises grade FOLDER --seed SECRET``.

Every submission runs in a process of its own. That process gets cases, never answers nor the seed, and hands back what
the learner's functions returned; the judging is done here. So a notebook that redefines `check` or changes the package
gains nothing: its answers must be right on cases it has not seen.

What this does not protect against: code that switches the refusals off and calls the package, or that was copied
(read what is handed in); code that reads or writes files of the user who grades, or talks to the network (grade in
a container if you do not trust a class).
"""

import csv
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

from tefoundations.exercises.asking import Outcome
from tefoundations.exercises.feedback import Feedback
from tefoundations.exercises.judging import judge
from tefoundations.exercises.registry import EXERCISES

COLUMNS = ("student", "file", "exercise", "state", "reason")


def grade_folder(folder, seed, limit=120.0, chapter=None):
    """Grade every notebook below a folder.

    Parameters
    ----------
    folder : str or Path
        ``STUDENT.ipynb`` or ``STUDENT/.../NAME.ipynb``, as nbgrader's ``submitted/`` is laid out.
    seed : int or str
        Draws the cases; keep it secret.
    limit : float
        Seconds a notebook may take.
    chapter : str, optional
        The chapter whose exercises are graded; by default the one whose name is part of the file's name.

    Yields
    ------
    (str, str, Feedback)
        Student, file, feedback: one for each exercise of the chapter, also where the learner left it out. A
        notebook that belongs to no chapter gives one feedback that says so.
    """
    folder = Path(folder)
    for file in sorted(folder.rglob("*.ipynb")):
        path = file.relative_to(folder)
        if ".ipynb_checkpoints" in path.parts:
            continue
        student = path.parts[0] if len(path.parts) > 1 else path.stem
        for told in grade_notebook(file, _exercises_of(chapter, path), seed, limit):
            yield student, str(path), told


def _exercises_of(chapter, path):
    chapters = sorted({name.split("/")[0] for name in EXERCISES}, key=len)
    named = [each for each in chapters if each == chapter or (chapter is None and each in path.stem)]
    return [exercise for name, exercise in EXERCISES.items() if named and name.startswith(named[-1] + "/")]


def grade_notebook(file, exercises, seed, limit=120.0):
    """Feedback for each of some exercises on one notebook.

    Parameters
    ----------
    file : Path
    exercises : list of Exercise
    seed : int or str
    limit : float
        Seconds.

    Returns
    -------
    list of Feedback
    """
    if not exercises:
        return [Feedback("?", "not defined", "no exercises by the file's name: name the chapter.")]
    cases = {exercise.name: exercise.cases(seed) for exercise in exercises}
    # The secret is not for the learner's process, not even by way of the environment.
    surroundings = {name: value for name, value in os.environ.items() if name != "TE_SEED"}
    command = [sys.executable, "-m", "tefoundations.exercises.worker", str(Path(file).resolve())]
    try:
        ran = subprocess.run(
            command,
            input=pickle.dumps(cases),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limit,
            env=surroundings,
            cwd=Path(file).resolve().parent,
        )
        given = _read(ran.stdout, cases)
    except subprocess.TimeoutExpired:
        return [Feedback(exercise.name, "wrong", f"it takes longer than {limit:g} s.") for exercise in exercises]
    except (ValueError, TypeError, KeyError):
        words = "the notebook cannot be read, or ended the process it ran in."
        return [Feedback(exercise.name, "wrong", words) for exercise in exercises]
    return [_told(exercise, cases[exercise.name], given[exercise.name]) for exercise in exercises]


def _read(text, cases):
    """What the learner's process says, checked: it is not to be trusted."""
    answers = json.loads(text)
    given = {}
    for name in cases:
        outcomes = [Outcome(**one) for one in answers[name]]
        if any(o.kind not in ("answer", "missing", "signature", "refused", "raised", "undefined") for o in outcomes):
            raise ValueError("unknown kind of outcome")
        given[name] = outcomes
    return given


def _told(exercise, cases, outcomes):
    if outcomes and outcomes[0].kind == "undefined":
        return Feedback(exercise.name, "not defined", f"there is no function {exercise.function}.")
    if len(outcomes) < len(cases) and all(outcome.kind in ("answer", "raised") for outcome in outcomes):
        return Feedback(exercise.name, "wrong", "not every case was answered.")
    return judge(exercise, cases, outcomes)


def main(arguments=None):
    """The command line: writes one line of CSV for each student and exercise."""
    from argparse import ArgumentParser

    parser = ArgumentParser(prog="python -m tefoundations.exercises", description="Grade exercises.")
    grade = parser.add_subparsers(required=True, metavar="grade").add_parser("grade", help="grade a folder")
    grade.add_argument("folder", type=Path, help="STUDENT.ipynb or STUDENT/.../NAME.ipynb")
    grade.add_argument("--seed", required=True, help="draws the cases; keep it secret")
    grade.add_argument("--limit", type=float, default=120.0, help="seconds a notebook may take (default 120)")
    grade.add_argument("--chapter", help="the chapter graded (default: the one whose name is in the file's name)")
    asked = parser.parse_args(arguments)
    if not asked.folder.is_dir():
        parser.error(f"{asked.folder} is not a folder")
    table = csv.writer(sys.stdout)
    table.writerow(COLUMNS)
    for student, file, told in grade_folder(asked.folder, asked.seed, asked.limit, asked.chapter):
        table.writerow([student, file, told.exercise, told.state, told.reason])
        sys.stdout.flush()
