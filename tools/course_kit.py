"""What every sheet says first; and what a lecturer gets beside: notebooks with solutions and notes, a zip to hand out."""

import copy
import re
import zipfile

import nbformat
from address import ROOT, links, sheet_links
from exercise_text import CALLED

RELATIVE = re.compile(r"\]\((?:\.\./)+((?:notebooks|exercises)/[^)]+)\)")
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can state; the same bytes on every day

START = """
**To start.** Press *Run this page* under the title, where it stands there: your browser keeps what you write. Or open this
sheet in [Binder]({binder}), with nothing to install, or in [Colab]({colab}), with a Google account; or
[download it]({file}) and open it in your own Jupyter. Run all cells once, from the top: every check says *still missing*.
Then take the exercises one by one: read, follow the example by hand, write, check. Binder forgets your work when you
leave, so download the notebook before.
"""

README = """{title}

{name}.ipynb holds the exercises. Each asks for one function. Write it in place of "raise NotImplementedError()", run the
cell, then run the check below it: it says whether the function is right, and if not, why.

Run it in one of these
  your own Jupyter   pip install jupyterlab -r requirements.txt
                     jupyter lab {name}.ipynb
  Colab              open colab.research.google.com, choose Upload, and run the first cell: it installs the package
  Binder             {binder}
                     Nothing to install. Binder forgets your work when you leave: download the notebook first.

Hand in {name}.ipynb under its own name. What counts are the functions: cells may be added, moved and deleted.
The chapter that goes with it: {chapter}
"""


def with_start(text, name):
    """The head of a sheet, "part/chapter", with how to start below its heading and what it is about."""
    heading, about, *rest = text.split("\n\n")
    return "\n\n".join([heading, about, START.strip().format(**sheet_links(name)), *rest])


def instructors(solved, points):
    """The notebook with solutions and outputs, and under each check a note: points, and what goes wrong.

    Parameters
    ----------
    solved : NotebookNode
        With model answers.
    points : dict of str: float
        By name of exercise.
    """
    from tefoundations.exercises.registry import EXERCISES

    notebook = copy.deepcopy(solved)
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        for name in CALLED.findall(cell.source) if cell.cell_type == "code" else []:
            note = nbformat.v4.new_markdown_cell(_note(EXERCISES[name], points[name]))
            note.id = f"note-{name.replace('/', '-')}"[:64]
            cells.append(note)
    notebook.cells = cells
    return notebook


def _note(exercise, points):
    lines = [f"**For instructors.** `{exercise.name}`: {points:g} points. Learners who are wrong are told, for instance:"]
    lines += [f"- {'' if mistake.almost else 'wrong, because '}{mistake.words}" for mistake in exercise.mistakes]
    if exercise.corners:
        lines += ["", "Right, except (which counts as almost):"]
        lines += [f"- {corner.words}" for corner in exercise.corners]
    return "\n".join(lines)


def write_zip(target, name, learners):
    """Write a zip to hand out: the learners' notebook, how to run it, what to install.

    Parameters
    ----------
    target : Path
    name : str
        "part/chapter".
    learners : NotebookNode
    """
    chapter = name.split("/")[1]
    notebook = copy.deepcopy(learners)
    home = links()["repository"]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = RELATIVE.sub(lambda found: f"]({home}/blob/main/{found[1]})", cell.source)
    readme = README.format(
        title=notebook.cells[0].source.split("\n")[0].removeprefix("# "),
        name=chapter,
        binder=sheet_links(name)["binder"],
        chapter=f"{home}/blob/main/notebooks/{name}.ipynb" if _is_chapter(name) else home,
    )
    contents = {
        "README.txt": readme,
        f"{chapter}.ipynb": nbformat.writes(notebook) + "\n",
        "requirements.txt": links()["install"] + "\nipykernel\n",
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:  # stored: other zlibs, other bytes
        for file, text in sorted(contents.items()):
            entry = zipfile.ZipInfo(f"{chapter}/{file}", FIRST_DAY)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, text.encode())


def _is_chapter(name):
    return (ROOT / "notebooks" / f"{name}.ipynb").exists()
