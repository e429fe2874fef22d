"""Submissions as files: whose they are, what is in them, which exercises they are meant for."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from tefoundations.exercises.kit.values import readable

CALLED = re.compile(r"""\bcheck\(\s*["']([\w-]+/[\w-]+)["']""")
LARGEST = 10_000_000  # bytes of a notebook
MOST_LISTS = 300_000  # lists and dicts in it: each takes sixty bytes of memory, and may be written in two
MOST_CELLS = 2_000
LOOKED_AT = 100_000  # characters of a cell, to find out what it is meant for
DEEPEST = 20  # folders in folders


LINK = "it is a link, and a link is not read: hand in the file itself"


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
        Where it is; None where there is nothing to be read.
    fault : str
        Then why.
    """

    student: str
    path: Path
    file: Path | None
    fault: str = ""

    @property
    def shown(self):
        """The path in words: whatever bytes a file system has in a name, it can be printed."""
        return _name(self.path.as_posix())


def submissions_in(folder):
    """Every submission below a folder, sorted by path; a student's folder without a notebook is one too.

    A link is none: it could stand for another student's work, or for a file that only the grader may read.
    """
    folder, found = Path(folder), []
    for file, fault in _notebooks(folder):
        path = file.relative_to(folder)
        student = _name(path.parts[0] if len(path.parts) > 1 else path.stem)
        found.append(Submission(student, path, None if fault else file, fault))
    handed_in = {submission.path.parts[0] for submission in found}
    for entry in sorted(folder.iterdir()):
        if os.path.isdir(entry) and not entry.name.startswith(".") and entry.name not in handed_in:
            fault = LINK if entry.is_symlink() else "no notebook was handed in"
            found.append(Submission(_name(entry.name), Path(entry.name), None, fault))
    return sorted(found, key=lambda submission: submission.path.as_posix())


def _notebooks(folder):
    """Every notebook below a folder, and why it is not read, else ""; and each folder that cannot be looked into."""
    waiting = [(folder, 0)]
    while waiting:
        above, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(above), key=lambda entry: entry.name)
        except OSError as error:
            if above == folder:
                raise
            yield above, f"it cannot be opened ({error.strerror})"
            continue
        for entry in entries:
            linked, path = entry.is_symlink(), Path(entry.path)
            if entry.name.startswith("."):
                continue
            if entry.name.lower().endswith(".ipynb") and not (entry.is_dir() and not linked):
                yield path, LINK if linked else "" if entry.is_file() else "it is no file"
            elif not linked and entry.is_dir():
                if depth < DEEPEST:
                    waiting.append((path, depth + 1))
                else:
                    yield path, f"its folders lie more than {DEEPEST} deep in each other"


def _name(text):
    """A name from the file system as text: UTF-8, or else as Windows wrote it."""
    try:
        return readable(os.fsencode(text).decode("utf-8"))
    except UnicodeError:
        return readable(os.fsencode(text).decode("cp1252", "replace"))


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
    if content.count(b"[") + content.count(b"{") > MOST_LISTS:
        raise Unreadable(f"it has more than {MOST_LISTS} brackets")
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
    notebook = notebook if isinstance(notebook, dict) else {}
    cells, sheets = notebook.get("cells"), notebook.get("worksheets")
    if cells is None and isinstance(sheets, list) and sheets:  # nbformat 3
        own = [sheet.get("cells", []) for sheet in sheets if isinstance(sheet, dict)]
        cells = [cell for held in own if isinstance(held, list) for cell in held] if own else None
    if not isinstance(cells, list):
        raise Unreadable("it has no cells")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"it has more than {MOST_CELLS} cells")
    read = []
    for cell in cells:
        if isinstance(cell, dict):
            source = cell.get("source", cell.get("input", ""))
            lines = source if isinstance(source, list) else [source]
            if not all(isinstance(line, str) for line in lines):
                raise Unreadable(f"cell {len(read) + 1} holds no text")
            metadata = cell.get("metadata")
            metadata = metadata if isinstance(metadata, dict) else {}
            read.append({"cell_type": cell.get("cell_type"), "source": "".join(lines), "metadata": metadata})
    return read


def code_of(cells):
    """The text of each code cell."""
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]


def mentions(source, function):
    """Whether a cell defines a name, as far as its text tells."""
    return re.search(rf"\bdef[ \t]+{function}\b|^[ \t]*{function}[ \t]*=", source, re.MULTILINE) is not None


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
    code = [text[:LOOKED_AT] for text in code]
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
