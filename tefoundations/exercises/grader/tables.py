"""Grades as tables: one row an exercise, a total a student, and what the class got wrong."""

import csv
import os
import re
from collections import Counter
from pathlib import Path

from tefoundations.exercises.kit.feedback import STATES

COLUMNS = ("student", "file", "exercise", "points", "max", "state", "reason")
SUMMARY = ("exercise", "max", "mean", "state", "students", "share", "reason")
TOTAL = "total"
# What differs from case to case in a reason: where it happened, and what was returned.
PLACE = re.compile(r"(, in the worked example:|, on \w+=).*", re.DOTALL)
SHOWN = re.compile(r"'[^']*'|-?\d[\d.e+-]*|nan|\[[^\]]*\]|\([^)]*=[^)]*\)")


def best_of(grades):
    """The grades that count: of several files of a student, the best for each exercise, the first of equals."""
    best = {}
    for grade in grades:
        key = grade.student, grade.exercise
        if key not in best or grade.points > best[key].points:
            best[key] = grade
    return list(best.values())


def rows(grades):
    """The rows of `grades.csv`: every grade, and after each student's last the student's total.

    Parameters
    ----------
    grades : list of Grade

    Yields
    ------
    list
        By `COLUMNS`. A total counts each exercise once, with the best of a student's files.
    """
    counts = best_of(grades)
    for student in sorted({grade.student for grade in grades}):
        for grade in grades:
            if grade.student == student:
                points = [_short(grade.points), _short(grade.most)]
                yield [student, grade.file, grade.exercise, *points, grade.state, grade.reason]
        own = [grade for grade in counts if grade.student == student]
        total = [_short(sum(grade.points for grade in own)), _short(sum(grade.most for grade in own))]
        yield [student, "", TOTAL, *total, "", ""]


def kind_of(reason):
    """A reason without what differs from student to student: equal kinds are the same mistake.

    Examples
    --------
    >>> kind_of("it returns 3, not 4, on bids=[(12, 2)], asks=[]") == kind_of("it returns 7, not 5, on bids=[], asks=[]")
    True
    """
    return SHOWN.sub("…", PLACE.sub("", reason))


def summary_rows(grades):
    """The rows of the class summary: for each exercise the mean, and each kind of answer with how many gave it.

    Parameters
    ----------
    grades : list of Grade

    Yields
    ------
    list
        By `SUMMARY`; the commonest kind of answer first. The reason shown is that of one student.
    """
    counts = best_of(grades)
    for exercise in dict.fromkeys(grade.exercise for grade in counts):
        own = [grade for grade in counts if grade.exercise == exercise]
        mean = sum(grade.points for grade in own) / len(own)
        kinds = Counter((grade.state, kind_of(grade.reason)) for grade in own)
        order = sorted(kinds, key=lambda kind: (-kinds[kind], STATES.index(kind[0]), kind[1]))
        for state, kind in order:
            shown = next(g.reason for g in own if (g.state, kind_of(g.reason)) == (state, kind))
            number = kinds[state, kind]
            most = _short(max(grade.most for grade in own))
            yield [exercise, most, _short(mean), state, number, _short(number / len(own)), shown]


def write_table(file, columns, table):
    """Write a table as CSV, whole or not at all: a reader never finds half of it.

    What a spreadsheet would take for a formula begins with an apostrophe: names and reasons come from students.
    """
    file = Path(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with open(part, "w", encoding="utf-8", newline="") as opened:
            write_csv(opened, columns, table)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)


def write_csv(opened, columns, table):
    """Write a table into an open file."""
    written = csv.writer(opened, lineterminator="\n")
    written.writerow(columns)
    written.writerows([_harmless(value) for value in row] for row in table)


def summary_text(grades):
    """The class in words: how each exercise went, and its three commonest wrong answers."""
    counts = best_of(grades)
    students = {grade.student for grade in counts}
    lines = [f"{len(students)} students, {len({grade.file for grade in grades})} files"]
    table = list(summary_rows(grades))
    for exercise in dict.fromkeys(row[0] for row in table):
        own = [row for row in table if row[0] == exercise]
        right = sum(row[4] for row in own if row[3] == "correct")
        lines.append(f"{exercise}: mean {own[0][2]} of {own[0][1]}, {right} of {sum(row[4] for row in own)} correct")
        for _, _, _, state, number, _, reason in [row for row in own if row[3] != "correct"][:3]:
            lines.append(f"  {number} x {state}: {PLACE.sub('', reason)}")
    return "\n".join(lines)


def _harmless(value):
    text = str(value).replace("\r", " ").replace("\n", " ").replace("\x00", "")
    return "'" + text if text[:1] in ("=", "+", "@", "-", "\t") else text


def _short(number):
    return f"{number:.3g}" if number < 100 else f"{number:.1f}".removesuffix(".0")
