"""One layout and one set of rules for all Python of the tree: ruff's, as pyproject.toml sets them."""

import subprocess
import sys

from tests.house.sources import ROOT, no


def style_faults(folder):
    """What `ruff format` would lay out otherwise, and what `ruff check` finds, a line each."""
    faults = []
    for words in (["format", "--check"], ["check"]):
        command = [
            sys.executable,
            "-m",
            "ruff",
            *words,
            "--output-format",
            "concise",
            "--config",
            ROOT / "pyproject.toml",
            ".",
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            faults += [line for line in done.stdout.splitlines() if ".py:" in line] or [done.stdout + done.stderr]
    return faults


def test_the_tree_is_laid_out_and_free_of_faults():
    no(style_faults(ROOT))


def test_a_file_out_of_style_is_reported(tmp_path):
    (tmp_path / "planted.py").write_text("import os\nx = {  'a':1 }\n")
    layout, *rules = style_faults(tmp_path)
    assert layout.startswith("planted.py:2:1: unformatted") and ["F401" in rule for rule in rules] == [False, True]
    (tmp_path / "planted.py").write_text('x = {"a": 1}\n')
    no(style_faults(tmp_path))
