"""The command line: ``python -m tefoundations.exercises grade FOLDER ...`` and ``... take NAME ... --out FILE``."""

import os
import sys
from argparse import ArgumentParser
from contextlib import suppress
from getpass import getpass
from pathlib import Path

from tefoundations.errors import TEError
from tefoundations.exercises.grader.assignments import take
from tefoundations.exercises.grader.boundary import boundary
from tefoundations.exercises.grader.grades import grade_folder
from tefoundations.exercises.grader.runs import Limits
from tefoundations.exercises.grader.tables import COLUMNS, SUMMARY, rows, summary_rows, summary_text, write_csv, write_table
from tefoundations.words import bar

DUMPABLE = 4  # PR_SET_DUMPABLE of prctl(2)
WITHOUT = """
*** NO BOUNDARY: submissions run with your rights. Python's own refusals are all that keeps them from your files,
*** your processes and the network, and a student who knows how gets past them.
"""


def main(arguments=None):
    """Run one of the two commands; what is wrong with it is told on standard error.

    Parameters
    ----------
    arguments : list of str, optional
        By default those of the command line.
    """
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        asked.run(asked)
    except TEError as error:
        parser.exit(2, f"{parser.prog}: {error}\n")


def _parser():
    parser = ArgumentParser(prog="python -m tefoundations.exercises", description="Grade and assemble exercises.")
    commands = parser.add_subparsers(required=True, metavar="grade | take")
    grade = commands.add_parser("grade", help="grade a folder of notebooks")
    grade.set_defaults(run=_grade)
    grade.add_argument("folder", type=Path, help="STUDENT.ipynb or STUDENT/.../NAME.ipynb")
    secret = grade.add_mutually_exclusive_group()
    secret.add_argument("--seed", help="the secret that draws the cases; other users see it while the command runs")
    secret.add_argument("--seed-file", type=Path, help="a file that holds the secret; '-' reads standard input")
    grade.add_argument("--out", type=Path, help="grades.csv (default: standard output)")
    grade.add_argument("--summary", type=Path, help="the class summary (default: beside --out, as NAME.summary.csv)")
    grade.add_argument("--chapter", help="the chapter graded (default: the one in the file's name)")
    grade.add_argument("--assignment", type=Path, help="the notebook handed out: its exercises and points are graded")
    grade.add_argument("--jobs", type=int, help="submissions at a time (default: one a core)")
    grade.add_argument("--same-cases", action="store_true", help="one set of cases for the whole class")
    grade.add_argument("--almost", type=float, default=0.0, help="share of the points for 'almost' (default 0)")
    grade.add_argument("--limit", type=float, default=20.0, help="seconds for a cell, and for an exercise (default 20)")
    grade.add_argument("--total", type=float, default=180.0, help="seconds for a notebook (default 180)")
    grade.add_argument("--memory", type=int, default=1024, help="megabytes for a notebook (default 1024; Linux)")
    grade.add_argument("--trust", action="store_true", help="grade also where no boundary keeps submissions in")
    taking = commands.add_parser("take", help="make one notebook of chosen exercises")
    taking.set_defaults(run=_take)
    taking.add_argument("names", nargs="+", help="double_auction/clearing vcg/payments ...")
    taking.add_argument("--out", type=Path, required=True, help="the notebook to write")
    taking.add_argument("--title", default="Exercises", help="its heading")
    taking.add_argument("--from", dest="source", type=Path, help="a folder exercises/, or exercises/source/")
    return parser


def _take(asked):
    take(asked.names, asked.out, title=asked.title, source=asked.source)


def _grade(asked):
    seed = _secret(asked)
    _close_memory()
    if asked.trust and boundary() is None:
        print(WITHOUT, file=sys.stderr)
    grades = grade_folder(
        asked.folder,
        seed,
        chapter=asked.chapter,
        assignment=asked.assignment,
        jobs=asked.jobs,
        caps=Limits(cell=asked.limit, exercise=asked.limit, notebook=asked.total, memory=asked.memory),
        variants=not asked.same_cases,
        almost=asked.almost,
        private=[path for path in (asked.seed_file, asked.out, asked.summary) if path and str(path) != "-"],
        progress=_bar if sys.stderr.isatty() else None,
        trust=asked.trust,
    )
    if asked.out is None:
        write_csv(sys.stdout, COLUMNS, rows(grades))
    else:
        write_table(asked.out, COLUMNS, rows(grades))
    summary = asked.summary or (asked.out and asked.out.with_suffix(".summary.csv"))
    if summary:
        write_table(summary, SUMMARY, summary_rows(grades))
    print(summary_text(grades), file=sys.stderr)


def _secret(asked):
    """The seed: from a file, standard input, the environment (and then gone from it), or the keyboard."""
    left = os.environ.pop("TE_SEED", None)
    if asked.seed is not None:
        return asked.seed
    if asked.seed_file is not None:
        try:
            text = sys.stdin.read() if str(asked.seed_file) == "-" else asked.seed_file.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise TEError(f"--seed-file {asked.seed_file}: {error}") from error
        seed = text.strip()
    else:
        seed = left or (getpass("Seed: ") if sys.stdin.isatty() else "")
    if not seed:
        raise TEError("no seed: give --seed-file FILE, or --seed WORD, or TE_SEED in the environment")
    return seed


def _close_memory():
    """On Linux, close /proc/.../environ and /proc/.../mem of this process to other processes of the same user."""
    if sys.platform == "linux":
        with suppress(Exception):
            import ctypes

            ctypes.CDLL(None).prctl(DUMPABLE, 0, 0, 0, 0)


def _bar(done, most, student):
    end = "\n" if done == most else ""
    print(f"\r{bar(done, most)} {student[:30]:<30}", end=end, file=sys.stderr, flush=True)
