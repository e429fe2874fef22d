"""Write the editions of the exercises from exercises/source: release.py [part/chapter ...], all or those named.

For every exercises/source/PART/CHAPTER.md, the text with solutions: write CHAPTER.ipynb beside it, run, in nbgrader's
conventions (a solution that is not right stops here), and exercises/PART/CHAPTER.ipynb without solutions and hidden
tests, as `nbgrader generate_assignment` would; then, under build/, which is not committed, the instructors' notebook and
a zip to hand out (see `course_kit`). The order of the course and the points of all exercises go into the package.

In the text a solution stands between ### BEGIN SOLUTION and ### END SOLUTION. The cell below it holds no more than
check("chapter/topic"), and has its points as a tag, points-2; what nbgrader needs is added here.
"""

import json
import os
import re
import sys

import jupytext
import nbformat
from address import ROOT
from course_kit import instructors, write_zip

from notebooks import execute, settle, with_install_cell

SOURCE = ROOT / "exercises" / "source"
LEARNERS = ROOT / "exercises"
BUILD = ROOT / "build"
COURSE = ROOT / "tefoundations" / "exercises" / "kit" / "course.json"
LISTED = re.compile(r"file: (?:notebooks|exercises)/(\w+/\w+)")
POINTS = re.compile(r"points-(\d+)")
CALLED = re.compile(r'^check\("([^"]+)"\)', re.MULTILINE)
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION$", re.DOTALL | re.MULTILINE)
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


def points_in(cell):
    """The points that a cell's tags give, or None."""
    found = [POINTS.fullmatch(tag) for tag in cell.metadata.get("tags", [])]
    return next((int(match[1]) for match in found if match), None)


def graded(source):
    """The notebook of a text, in nbgrader's conventions, not yet run."""
    notebook = with_install_cell(jupytext.read(source))
    solution = None
    for cell in notebook.cells:
        if SOLUTION.search(cell.source):
            solution = cell
        points = points_in(cell)
        if points is None:
            continue
        called = CALLED.findall(cell.source)
        if len(called) != 1 or solution is None:
            sys.exit(f"{name_of(source)}: a cell with points checks one exercise, below its solution:\n{cell.source}")
        topic, kept = called[0].split("/")[1], {"locked": False, "schema_version": 3, "solution": True, "task": False}
        solution.metadata = {"nbgrader": {"grade": False, "grade_id": topic, **kept}}
        kept |= {"grade": True, "locked": True, "solution": False}
        cell.metadata = {"nbgrader": {"grade_id": f"{topic}-check", "points": points, **kept}}
        cell.source += HIDDEN_TESTS.format(called[0])
        solution = None
    return notebook


def stripped(text):
    """The text of a cell without solutions and hidden tests; a solution leaves nbgrader's stub."""
    text = SOLUTION.sub(lambda found: "\n".join(found[1] + line for line in STUB.split("\n")), text)
    return HIDDEN.sub("", text).rstrip("\n")


def solved(source):
    """The notebook with solutions, freshly run."""
    return settle(execute(graded(source), source.parent))


def handed_out(source):
    """The learners' edition of a source, not yet run."""
    notebook = graded(source)
    for cell in notebook.cells:
        cell.source = stripped(cell.source)
    return notebook


def released(source):
    """The learners' edition of a source, freshly run."""
    return settle(execute(handed_out(source), learners_file(source).parent))


def course():
    """The chapters in the order of the book, and the points of their exercises in the order of the notebook."""
    entries = []
    for name in dict.fromkeys(LISTED.findall((ROOT / "_toc.yml").read_text())):
        source, chapter = SOURCE / f"{name}.md", ROOT / "book" / f"{name}.md"
        cells = jupytext.read(source).cells if source.exists() else []
        points = {CALLED.findall(cell.source)[0]: points_in(cell) for cell in cells if points_in(cell) is not None}
        heading = re.search(r"^# (.+)", (chapter if chapter.exists() else source).read_text(), re.MULTILINE)
        entries.append({"chapter": name, "title": heading[1], "points": points})
    return entries


def course_text():
    return json.dumps(course(), indent=1) + "\n"


def points():
    """The points of each exercise, by name."""
    return {name: points for entry in course() for name, points in entry["points"].items()}


def make(source):
    """Every edition of one source."""
    name = name_of(source)
    with_solutions, learners = solved(source), released(source)
    nbformat.write(with_solutions, solved_file(source))
    nbformat.write(learners, learners_file(source))
    target = BUILD / "instructors" / f"{name}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(instructors(with_solutions, points()), target)
    write_zip(BUILD / "assignments" / f"{name.replace('/', '-')}.zip", name, learners)
    print(learners_file(source).relative_to(ROOT))


def main(names):
    os.environ.pop("TE_SEED", None)  # the committed outputs are those of the public cases
    known = {name_of(source): source for source in sources()}
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        sys.exit(f"No exercises {' '.join(unknown)} in {SOURCE.relative_to(ROOT)}. There are: {', '.join(known)}")
    COURSE.write_text(course_text())
    for name in names or known:
        make(known[name])


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if name])
