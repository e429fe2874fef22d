"""Chapters are compared with what the build's run gave: nbval passes an equal run and no other."""

import subprocess
import sys

import pytest

from tests.house.sources import ROOT, tool

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


def test_a_kernel_that_dies_before_it_answers_is_started_once_more():
    """And no oftener; a cell that fails, or a kernel that dies at work, is no such thing."""
    for fails, words in ((1, "Kernel died before replying to kernel_info"), (2, "Kernel died before replying"), (1, "Died")):
        met = []

        def run(fails=fails, words=words, met=met):
            met.append(1)
            if len(met) <= fails:
                raise RuntimeError(words)
            return "done"

        if fails == 1 and "before" in words:
            assert tool("cells").started(run) == "done" and len(met) == 2
        else:
            with pytest.raises(RuntimeError, match=words):
                tool("cells").started(run)
            assert len(met) == fails
