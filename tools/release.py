"""Write the learners' edition of the exercises from exercises/source.

For every exercises/source/PART/CHAPTER.ipynb: run it with its solutions (a solution that is not right stops here), and
write exercises/PART/CHAPTER.ipynb without solutions and hidden tests, as `nbgrader generate_assignment` would.
"""

import os
import re
import sys

import nbformat
from address import ROOT
from notebooks import execute, settle, with_install_cell

SOURCE = ROOT / "exercises" / "source"
LEARNERS = ROOT / "exercises"
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


def main():
    os.environ.pop("TE_SEED", None)  # the committed outputs are those of the public cases
    for source in sources():
        nbformat.write(solved(source), source)
        nbformat.write(released(source), learners_file(source))
        print(learners_file(source).relative_to(ROOT))
    if not sources():
        sys.exit(f"No exercises in {SOURCE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
