"""Submissions as files: whose they are, what is in them, which exercises they are meant for."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

CALLED = re.compile(r"""\bcheck\(\s*["']([\w-]+/[\w-]+)["']""")
LARGEST = 50_000_000  # bytes of a notebook


class Unreadable(Exception):
    """A file is no notebook; the words say why."""


@dataclass(frozen=True)
class Submission:
    """A file handed in.

    Parameters
    ----------
    student : str
        The first folder of its path, or the file's name without ending where it lies in no folder.
    path : Path
        Relative to the folder graded.
    file : Path or None
        Where it is; None where a student's folder holds no notebook.
    """

    student: str
    path: Path
    file: Path | None


def submissions_in(folder):
    """Every submission below a folder, sorted by path; a student's folder without a notebook is one too."""
    folder, found = Path(folder), []
    for file in sorted(folder.rglob("*.ipynb")):
        path = file.relative_to(folder)
        if not any(part.startswith(".") for part in path.parts) and file.is_file():
            found.append(Submission(path.parts[0] if len(path.parts) > 1 else path.stem, path, file))
    handed_in = {submission.student for submission in found}
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.name.startswith(".") and entry.name not in handed_in:
            found.append(Submission(entry.name, Path(entry.name), None))
    return sorted(found, key=lambda submission: submission.path.as_posix())


def read_notebook(file):
    """The cells of a notebook, as dicts with `cell_type`, `source` (text) and `metadata`.

    UTF-8 and UTF-16, with or without a mark, are told apart; what is neither is read as Windows wrote it.

    Raises
    ------
    Unreadable
    """
    try:
        if file.stat().st_size > LARGEST:
            raise Unreadable(f"it is larger than {LARGEST // 1_000_000} MB")
        content = file.read_bytes()
    except OSError as error:
        raise Unreadable(f"it cannot be opened ({error.strerror})") from error
    if not content.strip():
        raise Unreadable("it is empty")
    try:
        notebook = json.loads(content)
    except UnicodeDecodeError:
        notebook = _from_json(content.decode("cp1252", "replace"))
    except (ValueError, RecursionError):
        notebook = _from_json(content.decode("utf-8-sig", "replace"))
    return _cells(notebook)


def _from_json(text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("it is no JSON text, as a notebook is") from error


def _cells(notebook):
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if cells is None and isinstance(notebook, dict) and notebook.get("worksheets"):  # nbformat 3
        cells = [cell for sheet in notebook["worksheets"] for cell in sheet.get("cells", [])]
    if not isinstance(cells, list):
        raise Unreadable("it has no cells")
    read = []
    for cell in cells:
        if isinstance(cell, dict):
            source = cell.get("source", cell.get("input", ""))
            text = "".join(map(str, source)) if isinstance(source, list) else str(source)
            metadata = cell.get("metadata")
            read.append({"cell_type": cell.get("cell_type"), "source": text, "metadata": metadata or {}})
    return read


def code_of(cells):
    """The text of each code cell."""
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]


def mentions(source, function):
    """Whether a cell defines a name, as far as its text tells."""
    return re.search(rf"\bdef\s+{function}\b|^\s*{function}\s*=", source, re.MULTILINE) is not None


def meant_for(submission, code, exercises):
    """The exercises a submission is meant for, where nobody says: those of one chapter.

    Parameters
    ----------
    submission : Submission
    code : list of str
        Its code cells; empty where it cannot be read.
    exercises : dict of str: Exercise

    Returns
    -------
    list of Exercise
        By the chapter in the file's name; else by the checks that it calls; else by the functions that it defines.
        Empty where all three are silent.
    """
    chapters = {}
    for name, exercise in exercises.items():
        chapters.setdefault(name.split("/")[0], []).append(exercise)
    named = [chapter for chapter in chapters if chapter in submission.path.stem]
    if named:
        return chapters[max(named, key=len)]
    called = [name for text in code for name in CALLED.findall(text) if name in exercises]
    scores = {chapter: sum(name.split("/")[0] == chapter for name in called) for chapter in chapters}
    if not called:
        for chapter, own in chapters.items():
            scores[chapter] = sum(mentions(text, e.function) for text in code for e in own)
    best = max(scores, key=scores.get)
    return chapters[best] if scores[best] else []


def handed_out(file, exercises):
    """The exercises of the notebook that was handed out, with its points: the checks it holds.

    Parameters
    ----------
    file : Path
    exercises : dict of str: Exercise

    Returns
    -------
    dict of Exercise: float
        Points, from nbgrader's metadata of the cells that check; 1 where there are none.

    Raises
    ------
    Unreadable
        Also where it holds no check of an exercise.
    """
    found = {}
    for cell in read_notebook(Path(file)):
        for name in CALLED.findall(cell["source"]) if cell["cell_type"] == "code" else []:
            if name in exercises:
                points = (cell["metadata"].get("nbgrader") or {}).get("points", 1)
                found.setdefault(name, float(points))
    if not found:
        raise Unreadable("it holds no check of an exercise")
    return found
