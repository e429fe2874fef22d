"""Single exercises from several chapters in one notebook, ready to be handed out: ``... exercises take NAME ...``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tefoundations.errors import InvalidInput
from tefoundations.exercises.grader.submissions import CALLED, Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[3]
RELATIVE = re.compile(r"\]\((?:\.\./)+((?:notebooks|exercises)/[^)]+)\)")
NUMBER = re.compile(r"^## (?:\d+\. )?", re.MULTILINE)

HOW = """Write your code in place of `raise NotImplementedError()`, run the cell, then run the check below it. The check
tries your function on the worked example and on many random cases, and says what is wrong, and on which case. Calling
the function of the package that is the answer does not count. If a check does not come back, your code may loop
without end: interrupt the kernel. Stuck? Call the check with `hint=True` after its name: it adds a hint."""


def take(names: Sequence[str], out: str | Path, *, title: str = "Exercises", source: str | Path | None = None) -> None:
    """Write one notebook of chosen exercises.

    Parameters
    ----------
    names : list of str
        ``"chapter/topic"``, in the order wanted.
    out : str or Path
        The notebook to write.
    title : str
        Its heading.
    source : str or Path, optional
        Where the exercises are: a folder ``exercises/`` (learners' edition), or ``exercises/source/`` (with solutions,
        for ``nbgrader generate_assignment``). By default that of the checkout, or of the working directory.

    Raises
    ------
    InvalidInput
        No such exercise, one named twice, or no folder of exercises.

    Examples
    --------
    >>> take(["vcg/payments", "vcg/payments"], "homework.ipynb", source="exercises")
    Traceback (most recent call last):
        ...
    tefoundations.errors.InvalidInput: vcg/payments is named twice
    """
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput(f"{twice} is named twice")
    folder = _folder(source)
    sections, kept, notes = [], [], []
    for number, name in enumerate(names, start=1):
        chapter = _chapter(folder, name)
        before, section = _parts(chapter, name)
        kept += [cell for cell in before if _text(cell) not in map(_text, kept)]
        notes.append(_note(chapter[0], name))
        sections += [_renamed(cell, name, number) for cell in section]
    head = {"cell_type": "markdown", "metadata": {}, "source": "\n\n".join([f"# {title}", HOW, *dict.fromkeys(notes)])}
    write_notebook([linked(cell) for cell in [head, *kept, *sections]], out)


def write_notebook(cells, out):
    """Write cells as a notebook without outputs, the same bytes for the same cells."""
    written = []
    for number, cell in enumerate(cells, start=1):
        one = {"cell_type": cell["cell_type"], "id": f"cell-{number}", "metadata": cell["metadata"]}
        if cell["cell_type"] == "code":
            one |= {"execution_count": None, "outputs": []}
        written.append(one | {"source": _text(cell)})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"cells": written, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    Path(out).write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def linked(cell):
    """The cell with links into the repository in place of links to files beside it."""
    if cell["cell_type"] != "markdown":
        return cell
    return cell | {"source": RELATIVE.sub(lambda found: f"]({repository()}/blob/main/{found[1]})", _text(cell))}


def repository():
    """The public address of the repository, as the installed package states it."""
    from importlib.metadata import metadata

    stated = metadata("tefoundations").get_all("Project-URL") or []
    return next(line.split(", ", 1)[1] for line in stated if line.startswith("Repository"))


def _folder(source):
    folders = [Path(source)] if source is not None else [ROOT / "exercises", Path("exercises")]
    for folder in folders:
        if any(folder.glob("*/*.ipynb")):
            return folder
    raise InvalidInput(f"no exercises in {folders[0]}: name the folder exercises/ of a checkout with --from")


def _chapter(folder, name):
    files = [file for file in sorted(folder.glob("*/*.ipynb")) if file.stem == name.split("/")[0]]
    for file in files:
        try:
            cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        except (OSError, ValueError, KeyError) as error:
            raise InvalidInput(f"{file}: {Unreadable('it is no notebook')}") from error
        if name in [called for cell in cells for called in CALLED.findall(_text(cell))]:
            return cells
    raise InvalidInput(f"{name}: no notebook in {folder} holds such an exercise")


def _parts(cells, name):
    """What stands before a chapter's first exercise, and the cells from an exercise's heading to its check."""
    cells = [part for cell in cells for part in _at_headings(cell)]
    starts = [n for n, cell in enumerate(cells) if cell["cell_type"] == "markdown" and _text(cell).startswith("## ")]
    check = next(n for n, cell in enumerate(cells) if name in CALLED.findall(_text(cell)))
    start = max(n for n in starts if n < check)
    return cells[1 : starts[0]], cells[start : check + 1]


def _at_headings(cell):
    """A cell of text cut before each heading of an exercise; any other cell as it is."""
    if cell["cell_type"] != "markdown":
        return [cell]
    parts = re.split(r"\n+(?=## )", _text(cell))
    return [cell | {"source": part} for part in parts]


def _note(intro, name):
    """What a chapter's exercises say before the first: units and habits, without the list of what is to be done."""
    paragraphs = _text(intro).split("\n\n")
    told = [n for n, text in enumerate(paragraphs) if text.startswith("Write your code")]
    link = re.search(r"\[[^\]]+\]\([^)]+\)", _text(intro))
    notes = [f"For *{name.split('/')[0]}*, see the chapter {link[0]}."] if link else []
    return "\n\n".join(notes + (paragraphs[told[0] + 1 :] if told else []))


def _renamed(cell, name, number):
    """The cell with a heading of the new number, and a grade id that no other chapter has."""
    cell = {"cell_type": cell["cell_type"], "metadata": dict(cell["metadata"]), "source": _text(cell)}
    if cell["cell_type"] == "markdown":
        cell["source"] = NUMBER.sub(f"## {number}. ", cell["source"], count=1)
    if graded := cell["metadata"].get("nbgrader"):
        grade_id = f"{name.split('/')[0]}-{graded['grade_id']}"
        cell["metadata"]["nbgrader"] = {**graded, "grade_id": grade_id}
    return cell


def _text(cell):
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
