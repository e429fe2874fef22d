"""A class of more than forty in one run: every submission gets the right grade and the right reason."""

import csv
import time
from collections import Counter

import nbformat
import pytest

from tefoundations.exercises import Limits
from tefoundations.exercises.grader.tables import COLUMNS, SUMMARY, rows, summary_rows, summary_text, write_table
from tefoundations.exercises.kit import course
from tests.exercises.classroom import BEST_K, CLEARING, CURVES, RIGHT, Kit, grade_folder, names, submissions

LIMITS = Limits(cell=3, exercise=3, notebook=100, memory=1024)


def read(file):
    return nbformat.read(file, as_version=4)


@pytest.fixture(scope="module")
def kit(root):
    file = "markets/double_auction.ipynb"
    return Kit(read(root / "exercises" / file), read(root / "exercises/source" / file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, kit):
    top = tmp_path_factory.mktemp("class")
    for path, content, _ in submissions(kit):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            (top / path).write_text("print(1)")
        elif isinstance(content, bytes):
            (top / path).write_bytes(content)
        else:
            (top / path).write_text(nbformat.writes(content), encoding="utf-8")
    return top


@pytest.fixture(scope="module")
def graded(folder):
    seen = []
    began = time.monotonic()
    grades = grade_folder(folder, "a secret", jobs=4, caps=LIMITS, progress=lambda *step: seen.append(step))
    print(f"{len(seen)} submissions in {time.monotonic() - began:.0f} s")
    assert [step[0] for step in seen] == list(range(1, len(seen) + 1)) and len(seen) >= 40
    return grades


def test_every_submission_gets_the_right_grade_and_reason(graded, kit):
    faults = []
    for path, _, expected in submissions(kit):
        student = path.split("/")[0]
        own = {grade.exercise: grade for grade in graded if grade.student == student}
        asked = expected if "?" in expected else {name: expected.get(name, RIGHT) for name in names}
        if set(own) != set(asked):
            faults.append(f"{student}: graded for {sorted(own)}")
            continue
        for name, (state, words) in asked.items():
            grade = own[name]
            points_wanted = grade.most if state == "correct" else 0
            if grade.state != state or words not in grade.reason or grade.points != points_wanted:
                faults.append(f"{student}, {name}: {grade.points} {grade.state}: {grade.reason}")
    assert not faults, "\n" + "\n".join(faults)


def test_points_and_totals(graded):
    most = [course.points_of()[name] for name in names]
    totals = {row[0]: row[3:5] for row in rows(graded) if row[2] == "total"}
    assert totals["right"] == ["10", "10"] == [f"{sum(most):g}"] * 2
    assert totals["swapped"] == ["8", "10"] and totals["empty"] == ["0", "10"] and totals["script"] == ["0", "0"]
    assert [g.file for g in graded] == sorted(g.file for g in graded)
    assert all(grade.reason for grade in graded)


def test_the_files_written(graded, tmp_path):
    write_table(tmp_path / "grades.csv", COLUMNS, rows(graded))
    write_table(tmp_path / "grades.summary.csv", SUMMARY, summary_rows(graded))
    with open(tmp_path / "grades.csv", newline="") as file:
        table = list(csv.DictReader(file))
    assert len([row for row in table if row["exercise"] != "total"]) == len(graded)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["grades.csv", "grades.summary.csv"]
    with open(tmp_path / "grades.summary.csv", newline="") as file:
        summary = [row for row in csv.DictReader(file) if row["exercise"] == CURVES]
    states = Counter(grade.state for grade in graded if grade.exercise == CURVES)
    assert {s: sum(int(r["students"]) for r in summary if r["state"] == s) for s in states} == states
    assert int(summary[0]["students"]) == max(int(row["students"]) for row in summary)
    mean = sum(grade.points for grade in graded if grade.exercise == CURVES) / sum(states.values())
    assert float(summary[0]["mean"]) == pytest.approx(mean, abs=0.01)


def test_equal_mistakes_are_counted_together(graded):
    kinds = {(row[0], row[3]): row[4] for row in summary_rows(graded) if "no JSON" in row[6]}
    assert kinds == {(name, "not defined"): 3 for name in names}  # no_notebook, pdf, cut_off
    late = [row[4] for row in summary_rows(graded) if row[0] == CLEARING and "ends the process" in row[6]]
    assert late == [2]  # on cases of their own, and the same fault
    text = summary_text(graded)
    assert f"{BEST_K}: mean" in text and "3 x not defined: the file is no notebook: it is no JSON text" in text


def _reasons(grades):
    return {grade.student: grade.reason for grade in grades if grade.exercise == BEST_K}


def test_same_result_whatever_the_jobs_and_cases_of_ones_own(kit, tmp_path):
    shows = "def best_k(bids, asks, me):\n    if me == 'home1': raise ValueError(repr(bids))\n    return 1.0"
    for student in ("ada", "ben", "cleo"):
        nbformat.write(kit.book(best_k=shows), tmp_path / f"{student}.ipynb")
    one = grade_folder(tmp_path, 7, jobs=1)
    assert one == grade_folder(tmp_path, "7", jobs=3)
    assert len(set(_reasons(one).values())) == 3
    shared = grade_folder(tmp_path, 7, variants=False)
    assert len(set(_reasons(shared).values())) == 1
    assert _reasons(grade_folder(tmp_path, 8, variants=False)) != _reasons(shared)


def test_almost_may_bring_points(kit, tmp_path):
    strict = "def wanted_and_offered(b, a, x):\n    return sum(q for p, q in b if p > x), sum(q for p, q in a if p < x)"
    nbformat.write(kit.book(curves=strict), tmp_path / "ada.ipynb")
    assert [grade.points for grade in grade_folder(tmp_path, 1, almost=0.5)] == [1, 5, 3]


def test_the_best_of_several_files_counts(kit, tmp_path):
    for name, notebook in (("first", kit.book(curves="x = 1")), ("second", kit.book(best_k="x = 1"))):
        (tmp_path / "ada").mkdir(exist_ok=True)
        nbformat.write(notebook, tmp_path / f"ada/{name}.ipynb")
    table = list(rows(grade_folder(tmp_path, 1)))
    assert len(table) == 7 and table[-1][:5] == ["ada", "", "total", "10", "10"]
