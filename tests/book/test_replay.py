"""Chapters are compared with what the build's run gave: nbval passes an equal run and no other."""

import subprocess
import sys

import pytest

from tests.house.sources import ROOT

CHAPTER = "notebooks/grid/distribution_prices.ipynb"
CODE = """
import pytest, tests.replay as replay
kept = replay.CELLS.kept
def changed(name):
    notebook = kept(name)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs and not cell.metadata.get("tags")]
    {change}
    return notebook
replay.CELLS.kept = changed
words = ["-q", "-p", "tests.replay", "--nbval", "--nbval-sanitize-with", "tests/nbval.cfg", "-p", "no:cacheprovider"]
raise SystemExit(pytest.main([*words, "{chapter}"]))
"""
CHANGES = {
    "pass": (0, " passed"),
    "cells[0].outputs[0].text = cells[0].outputs[0].text.replace('1', '2', 1) + '.'": (1, "Cell outputs differ"),
    "cells[0].outputs = []": (1, "Missing output fields from running code"),
    "cells[0].source += ' '": (1, "the run has another cell here"),
    "notebook = None": (1, "was not run as it is now"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_run_is_reported(site, change):
    code, words = CHANGES[change]
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(change=change, chapter=CHAPTER)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == code and words in done.stdout, done.stdout
