"""What the tests of the data share."""

import importlib
import sys
from pathlib import Path

import pytest

from tefoundations.data import community

DATA = Path(__file__).resolve().parents[2] / "data"
BUILD = ["build", "checksums", "minute", "people", "shapes"]


@pytest.fixture
def village():
    return community()


@pytest.fixture
def scripts(monkeypatch):
    """Import a build script by name, leaving no trace in sys.modules or on the disk."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(DATA)
    monkeypatch.syspath_prepend(DATA / "community")
    yield importlib.import_module
    for name in BUILD:
        sys.modules.pop(name, None)
