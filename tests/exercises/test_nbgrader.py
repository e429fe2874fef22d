"""A real round trip with nbgrader: generate, hand in, autograde, export; and the plain grader agrees with it.

nbgrader brings JupyterLab and forty packages more, too much for everybody's lock. So this test installs it (the extra
`course`) into an environment of its own on top of this one, about twenty seconds once. Where no registry can be reached it
is skipped, and says so; on a build server (CI is set) it fails instead.
"""

import csv
import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from hashlib import sha256

import nbformat
import pytest

from tefoundations.exercises import take
from tests.book.environments import environment_below
from tests.exercises.classroom import Kit, grade_folder

SECRET = "autumn term"
UNREACHABLE = ("No matching distribution found", "NewConnectionError", "Temporary failure in name resolution", "timed out")
CHOSEN = ["vcg/two_names", "mechanism_design/best_lie"]


@pytest.fixture(scope="module")
def python(root):
    """Python of an environment with nbgrader, kept from run to run as long as nothing that it is made from changes."""
    if importlib.util.find_spec("nbgrader"):
        return sys.executable
    with open(root / "pyproject.toml", "rb") as file:
        extra = tomllib.load(file)["project"]["optional-dependencies"]["course"]
    made_from = [sys.executable, (root / "requirements.lock").read_text(), *extra]
    folder = root / "_build" / "course" / sha256("\n".join(made_from).encode()).hexdigest()[:16]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may need it at the same time
        if (folder / "ready").exists():
            return folder / "bin" / "python"
        shutil.rmtree(folder, ignore_errors=True)
        own = environment_below(folder, checkout=True)
        pip = [own, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-compile"]
        done = subprocess.run([*pip, "-c", root / "requirements.lock", *extra], capture_output=True, text=True)
        if done.returncode and any(words in done.stderr for words in UNREACHABLE) and not os.environ.get("CI"):
            pytest.skip(f"nbgrader is not installed and no registry can be reached: {done.stderr.strip()[-200:]}")
        assert done.returncode == 0, done.stderr
        (folder / "ready").touch()
        return own


def nbgrader(python, course, *words):
    command = [python, "-m", "nbgrader", *words]
    path = f"{os.path.dirname(python)}{os.pathsep}{os.environ['PATH']}"  # it calls alembic by name
    environment = os.environ | {"PATH": path, "TE_SEED": SECRET, "TEF_STATIC": "1", "JUPYTER_PLATFORM_DIRS": "1"}
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}:\n{done.stderr[-3000:]}"


def solve(notebook, solutions):
    """The handed-out notebook with functions written in."""
    for cell in notebook.cells:
        for head, text in solutions.items():
            if cell.source.startswith(head):
                cell.source = text
    return notebook


def tampered(notebook):
    """All checks replaced by what always passes, and worth more."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and "check(" in cell.source:
            cell.source = "assert True"
            if "nbgrader" in cell.metadata:
                cell.metadata.nbgrader["points"] = 100
    return notebook


@pytest.fixture(scope="module")
def course(python, tmp_path_factory, root):
    course = tmp_path_factory.mktemp("course")
    source = course / "source" / "week1"
    source.mkdir(parents=True)
    original = nbformat.read(root / "exercises/source/markets/double_auction.ipynb", as_version=4)
    nbformat.write(original, source / "double_auction.ipynb")
    take(CHOSEN, source / "chosen.ipynb", title="Week one", source=root / "exercises/source")
    chosen = nbformat.read(source / "chosen.ipynb", as_version=4)
    nbgrader(python, course, "generate_assignment", "week1")
    right = {c.source.split("(")[0]: c.source for n in (original, chosen) for c in n.cells if c.source.startswith("def ")}
    wrong = right | {
        "def wanted_and_offered": Kit(original, original).solved["double_auction/curves"].replace(">=", ">"),
        "def best_lie": "def best_lie(bids, asks, me):\n    return 0.0",
    }
    change = {
        "right": lambda notebook: solve(notebook, right),
        "wrong": lambda notebook: solve(notebook, wrong),
        "empty": lambda notebook: notebook,
        "tampered": tampered,
    }
    for student, changed in change.items():
        for name in ("double_auction", "chosen") if student in ("right", "wrong") else ("double_auction",):
            notebook = nbformat.read(course / "release" / "week1" / f"{name}.ipynb", as_version=4)
            assert "SOLUTION" not in nbformat.writes(notebook) and "assert feedback" not in nbformat.writes(notebook)
            target = course / "submitted" / student / "week1" / f"{name}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(changed(notebook), target)
    return course


EXPECTED = {"right": 17, "wrong": 17 - 2 - 4, "empty": 0, "tampered": 0}  # points of the five cells: 2, 5, 3, 3, 4


def test_generate_autograde_export(python, course):
    nbgrader(python, course, "autograde", "week1")
    nbgrader(python, course, "export")  # writes grades.csv
    with open(course / "grades.csv", newline="") as file:
        table = list(csv.DictReader(file))
    assert {row["student_id"]: float(row["score"]) for row in table} == EXPECTED
    assert {float(row["max_score"]) for row in table} == {17}


def test_the_plain_grader_agrees(course):
    """The same cases as nbgrader had, from the same secret; the tampered notebook shows no function and gets none."""
    grades = grade_folder(
        course / "submitted", SECRET, assignment=course / "source/week1/double_auction.ipynb", variants=False
    )
    grades = [grade for grade in grades if grade.file.endswith("double_auction.ipynb")]
    more = grade_folder(course / "submitted", SECRET, assignment=course / "source/week1/chosen.ipynb", variants=False)
    grades += [grade for grade in more if grade.file.endswith("chosen.ipynb")]
    points = {student: sum(g.points for g in grades if g.student == student) for student in EXPECTED}
    assert points == EXPECTED
    assert sum(grade.most for grade in grades if grade.student == "wrong") == 17
