"""What `make` offers: every target explained, and a new chapter that runs as it is."""

import re
import shutil
import subprocess
import sys

import nbformat
import pytest
import yaml

from tests.house.sources import ROOT, no


def target_faults(makefile, printed):
    """Targets that `make help` does not explain."""
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    explained = dict(line.split(maxsplit=1) for line in printed.splitlines() if len(line.split()) > 1)
    rules = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    return [f"make help is silent about {name}" for name in targets if name not in explained] + [
        f"{name} is no .PHONY target" for name in sorted(rules - set(targets))
    ]


def test_help_explains_every_target():
    printed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    makefile = (ROOT / "Makefile").read_text()
    no(target_faults(makefile, printed))
    assert target_faults(makefile, re.sub(r"^test .*\n", "", printed, flags=re.MULTILINE)) == ["make help is silent about test"]


@pytest.fixture
def copy(tmp_path):
    """The part of the tree that a new chapter needs."""
    for name in ("tools", "_toc.yml", "pyproject.toml", "jupytext.toml"):
        source = ROOT / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path / name)
    return tmp_path


def chapters_of(toc, caption):
    part = next(part for part in yaml.safe_load(toc)["parts"] if part["caption"] == caption)
    return [chapter["file"] for chapter in part["chapters"]]


def test_a_new_chapter_runs_and_stands_in_its_part(copy):
    def run(script, *words):
        return subprocess.run([sys.executable, copy / "tools" / script, *words], cwd=copy, capture_output=True, text=True)

    assert run("new_chapter.py", "markets", "my_chapter").returncode == 0
    assert "notebooks/markets/my_chapter" in chapters_of((copy / "_toc.yml").read_text(), "Markets")
    made = run("notebooks.py", "markets/my_chapter")
    assert made.returncode == 0, made.stderr
    cells = nbformat.read(copy / "notebooks/markets/my_chapter.ipynb", as_version=4).cells
    assert [c.execution_count for c in cells if c.cell_type == "code"] == [1, 2]
    assert "# My chapter" in cells[0].source

    assert run("new_chapter.py", "systems", "a_day").returncode == 0  # the first chapter of its part
    assert chapters_of((copy / "_toc.yml").read_text(), "Systems") == ["notebooks/systems/a_day"]
    for words in (("markets", "my_chapter"), ("cookery", "soup"), ("markets", "My Chapter"), ()):
        refused = run("new_chapter.py", *words)
        assert refused.returncode == 1 and refused.stderr and "Traceback" not in refused.stderr
