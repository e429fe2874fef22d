"""Write the editions of the exercises from exercises/source: release.py [part/chapter ...], all or those named.

For every exercises/source/PART/CHAPTER.ipynb: run it with its solutions (a solution that is not right stops here), and
write exercises/PART/CHAPTER.ipynb without solutions and hidden tests, as `nbgrader generate_assignment` would; then,
under build/, which is not committed, the instructors' notebook and a zip to hand out (see `course_kit`). The points of
all exercises go into the package, where the grader reads them.
"""

import json
import os
import re
import sys

import nbformat
from address import ROOT
from course_kit import instructors, write_zip
from notebooks import execute, settle, with_install_cell

SOURCE = ROOT / "exercises" / "source"
LEARNERS = ROOT / "exercises"
BUILD = ROOT / "build"
POINTS = ROOT / "tefoundations" / "exercises" / "grader" / "points.json"
CALLED = re.compile(r'^check\("([^"]+)"\)', re.MULTILINE)
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION$", re.DOTALL | re.MULTILINE)
HIDDEN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS\n.*?^[ \t]*### END HIDDEN TESTS\n?", re.DOTALL | re.MULTILINE)


def sources():
    return sorted(SOURCE.glob("*/*.ipynb"))


def learners_file(source):
    return LEARNERS / source.relative_to(SOURCE)


def stripped(text):
    """The text of a cell without solutions and hidden tests; a solution leaves nbgrader's stub."""
    text = SOLUTION.sub(lambda found: "\n".join(found[1] + line for line in STUB.split("\n")), text)
    return HIDDEN.sub("", text).rstrip("\n")


def solved(source):
    """The notebook with solutions, freshly run."""
    notebook = with_install_cell(nbformat.read(source, as_version=4))
    return settle(execute(notebook, source.parent))


def released(source):
    """The learners' edition of a source, freshly run."""
    notebook = with_install_cell(nbformat.read(source, as_version=4))
    for cell in notebook.cells:
        cell.source = stripped(cell.source)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return settle(execute(notebook, learners_file(source).parent))


def points():
    """The points of each exercise, by name: those of the cell that checks it."""
    found = {}
    for source in sources():
        for cell in nbformat.read(source, as_version=4).cells:
            graded = cell.metadata.get("nbgrader", {})
            if graded.get("grade"):
                found |= dict.fromkeys(CALLED.findall(cell.source), graded["points"])
    return found


def points_text():
    return json.dumps(points(), indent=1, sort_keys=True) + "\n"


def make(source):
    """Every edition of one source."""
    name = source.relative_to(SOURCE).with_suffix("").as_posix()
    with_solutions, learners = solved(source), released(source)
    nbformat.write(with_solutions, source)
    nbformat.write(learners, learners_file(source))
    target = BUILD / "instructors" / f"{name}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(instructors(with_solutions, points()), target)
    write_zip(BUILD / "assignments" / f"{name.replace('/', '-')}.zip", name, learners)
    print(learners_file(source).relative_to(ROOT))


def main(names):
    os.environ.pop("TE_SEED", None)  # the committed outputs are those of the public cases
    known = {source.relative_to(SOURCE).with_suffix("").as_posix(): source for source in sources()}
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        sys.exit(f"No exercises {' '.join(unknown)} in {SOURCE.relative_to(ROOT)}. There are: {', '.join(known)}")
    POINTS.write_text(points_text())
    for name in names or known:
        make(known[name])


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if name])
