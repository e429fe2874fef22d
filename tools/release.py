"""Write the editions of the exercises from exercises/source: release.py [part/chapter ...], all or those named.

For every exercises/source/PART/CHAPTER.md, the text with solutions: write CHAPTER.ipynb beside it, run, in nbgrader's
conventions (a solution that is not right stops here), and exercises/PART/CHAPTER.ipynb without solutions and hidden
tests, as `nbgrader generate_assignment` would; then, under build/, which is not committed, the instructors' notebook and
a zip to hand out (see `course_kit`). The order of the course and the points of all exercises go into the package.

Model answers to the questions "To think about" stand in the text and in the instructors' notebook alone: nbgrader would
hand them out with any other cell. What they say is computed by cells of the text (see `exercise_text`). How a learner
begins is said on every sheet in the same words (`course_kit.START`).

In the text a solution stands between ### BEGIN SOLUTION and ### END SOLUTION. The cell below it holds no more than
check("chapter/topic"), and has its points as a tag, points-2; what nbgrader needs is added here.
"""

import json
import os
import re
import sys
from contextlib import contextmanager

import nbformat
from address import ROOT
from cells import shown
from course_kit import instructors, with_start, write_zip
from exercise_text import SOLUTION, is_model, read
from outline import order, text_of

from notebooks import execute, settle, with_install_cell

SOURCE = ROOT / "exercises" / "source"
LEARNERS = ROOT / "exercises"
BUILD = ROOT / "build"
COURSE = ROOT / "tefoundations" / "exercises" / "kit" / "course.json"
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
HIDDEN_TESTS = """
### BEGIN HIDDEN TESTS
from tefoundations.exercises import check

feedback = check("{0}")
assert feedback, feedback
print(feedback)
### END HIDDEN TESTS"""
HIDDEN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS\n.*?^[ \t]*### END HIDDEN TESTS\n?", re.DOTALL | re.MULTILINE)


def sources():
    """The text of every chapter's exercises."""
    return sorted(SOURCE.glob("*/*.md"))


def name_of(source):
    return source.relative_to(SOURCE).with_suffix("").as_posix()


def solved_file(source):
    return source.with_suffix(".ipynb")


def learners_file(source):
    return LEARNERS / f"{name_of(source)}.ipynb"


def graded(source, answers=False):
    """The notebook of a text, in nbgrader's conventions, not yet run; with model answers, or without."""
    notebook, exercises = read(source, name_of(source))
    notebook.cells = [cell for cell in notebook.cells if answers or not is_model(cell)]
    notebook.cells[0].source = with_start(notebook.cells[0].source, name_of(source))
    for exercise in exercises:
        topic, kept = exercise.name.split("/")[1], {"locked": False, "schema_version": 3, "solution": True, "task": False}
        exercise.solution.metadata = {"nbgrader": {"grade": False, "grade_id": topic, **kept}}
        kept |= {"grade": True, "locked": True, "solution": False}
        exercise.check.metadata = {"nbgrader": {"grade_id": f"{topic}-check", "points": exercise.points, **kept}}
        exercise.check.source += HIDDEN_TESTS.format(exercise.name)
    return with_install_cell(notebook)


def stripped(text):
    """The text of a cell without solutions and hidden tests; a solution leaves nbgrader's stub."""
    text = SOLUTION.sub(lambda found: "\n".join(found[1] + line for line in STUB.split("\n")), text)
    return HIDDEN.sub("", text).rstrip("\n")


def solved(source):
    """The notebook with solutions, freshly run."""
    return settle(execute(graded(source), source.parent, source))


def answered(source):
    """The notebook with solutions and model answers, freshly run: what a model answer computes is asserted by this."""
    return settle(execute(graded(source, answers=True), source.parent, source))


def handed_out(source):
    """The learners' edition of a source, not yet run."""
    notebook = graded(source)
    for cell in notebook.cells:
        cell.source = stripped(cell.source)
    return notebook


def released(source):
    """The learners' edition of a source, freshly run."""
    return settle(execute(handed_out(source), learners_file(source).parent, source))


def course():
    """The chapters in the order of the book, and the points of their exercises in the order of the notebook."""
    texts, points = {}, {}
    for file, _ in order(ROOT):
        folder, name = file.split("/", 1)
        if folder not in ("notebooks", "exercises"):
            continue
        text = text_of(file, ROOT)
        texts.setdefault(name, text)  # a chapter stands before its sheet, and gives the title
        if folder == "exercises":
            points[name] = points_of_text(name, text)
    return [{"chapter": name, "title": title(text), "points": points.get(name, {})} for name, text in texts.items()]


def points_of_text(name, text):
    """The points of a text's exercises; their names must be those of the text."""
    exercises = read(text, name)[1]
    for exercise in exercises:
        if exercise.name.split("/")[0] != text.stem:
            sys.exit(f"{name}: {exercise.name} belongs to another text ({shown(text)}:{exercise.line})")
    return {exercise.name: exercise.points for exercise in exercises}


def title(text):
    """The heading of a text."""
    heading = re.search(r"^# (.+)", text.read_text(), re.MULTILINE)
    return heading[1] if heading else sys.exit(f"{shown(text)}:1: no heading, # ...")


def course_text():
    return json.dumps(course(), indent=1) + "\n"


def points():
    """The points of each exercise, by name."""
    return {name: points for entry in course() for name, points in entry["points"].items()}


def write(source, with_solutions, with_answers, learners):
    """Every edition of one source, from the three that were run."""
    name = name_of(source)
    nbformat.write(with_solutions, solved_file(source))
    nbformat.write(learners, learners_file(source))
    target = BUILD / "instructors" / f"{name}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(instructors(with_answers, points()), target)
    write_zip(BUILD / "assignments" / f"{name.replace('/', '-')}.zip", name, learners)
    print(shown(learners_file(source)))


@contextmanager
def course_in_package(text):
    """Put the order of the course where the checks read what comes next; a failure puts the old one back."""
    old = COURSE.read_text() if COURSE.exists() else text
    COURSE.write_text(text)
    try:
        yield
    except BaseException:
        COURSE.write_text(old)
        raise


def main(names):
    os.environ.pop("TE_SEED", None)  # the committed outputs are those of the public cases
    known = {name_of(source): source for source in sources()}
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        sys.exit(f"No exercises {' '.join(unknown)} in {SOURCE.relative_to(ROOT)}. There are: {', '.join(known)}")
    listed = [entry["chapter"] for entry in course()]
    for name in names or known:
        if name not in listed:
            sys.exit(f"{shown(known[name])}:1: exercises/{name} is not in _toc.yml")
    with course_in_package(course_text()):
        # All are run before the first is written: a release is whole, or it is none.
        run = [(known[name], solved(known[name]), answered(known[name]), released(known[name])) for name in names or known]
        for editions in run:
            write(*editions)


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if name])
