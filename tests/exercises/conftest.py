"""The notebooks with solutions, and exercises whose package answers may be called."""

import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from tefoundations.exercises.registry import EXERCISES

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))


@pytest.fixture(autouse=True)
def public_seed(monkeypatch):
    monkeypatch.delenv("TE_SEED", raising=False)


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def sources():
    """Source notebooks by path."""
    return {file: nbformat.read(file, as_version=4) for file in sorted((ROOT / "exercises/source").glob("*/*.ipynb"))}


@pytest.fixture(scope="session")
def solutions(sources):
    """The solution of each exercise by its name, from the source notebooks: each has names of its own."""
    names = {}
    for file, notebook in sources.items():
        own = names[file.stem] = {}
        for cell in notebook.cells:
            if cell.cell_type == "code" and "%pip install" not in cell.source and "check(" not in cell.source:
                exec(cell.source, own)
    return {name: names[name.split("/")[0]][exercise.function] for name, exercise in EXERCISES.items()}


@pytest.fixture
def unguarded(monkeypatch):
    """Let a test hand in the package's own functions: nothing is refused."""

    def open_up(exercise):
        opened = replace(exercise, forbidden=(), reference=lambda *case: exercise.reference(*case))
        monkeypatch.setitem(EXERCISES.loaded, exercise.name, opened)

    return open_up
