"""What a reader gets who installs the package without this tree: a real install into a fresh environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.book.environments import environment_below
from tests.house.arrows import FLOORS
from tests.house.sources import PACKAGE, ROOT, tool

ROOMS = [f"tefoundations.{room}" for room in FLOORS if (PACKAGE / room).exists() or (PACKAGE / f"{room}.py").exists()]
USE = """
import {rooms}
from tefoundations.data import community, data_path
from tefoundations.market import OrderBook, uniform_price
print(tefoundations.__file__)
print(data_path("community/load.csv"))
print(round(uniform_price(OrderBook.from_frame(community().offers("summer", 36))).welfare, 2))
"""


def run(python, code, cwd):
    """Output lines of Python text, run where no checkout is near."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "TEF_"))}
    done = subprocess.run([python, "-c", code], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """Python of an environment with the package as Binder installs it, and nothing of this tree."""
    folder = tmp_path_factory.mktemp("fresh")
    python = environment_below(folder / "venv")
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-compile", "--force-reinstall"]
    pip += ["--no-deps", "--no-build-isolation", "-c", "requirements.lock"]
    wanted = (ROOT / ".binder/requirements.txt").read_text()
    assert wanted.split("\n")[1:] == ["-c ../requirements.lock", ".", "jupytext", "ipykernel", ""]
    pip += ["."]  # the others are there, at the locked versions; so is all they need, else this tree would not run
    done = subprocess.run(pip, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return python


def test_every_room_and_the_data_come_with_the_wheel(fresh, tmp_path):
    package, load, welfare = run(fresh, USE.format(rooms=", ".join(ROOMS)), tmp_path)
    assert "site-packages" in package and "site-packages" in load
    assert Path(package).with_name("py.typed").is_file()  # else a type checker would not look at the hints
    here = run(sys.executable, USE.format(rooms=", ".join(ROOMS)), ROOT)
    assert welfare == here[2] and float(welfare) > 0
    assert "site-packages" not in here[0]  # a checkout is told apart


@pytest.mark.parametrize("name", [tool("address").FIRST_CHAPTER, "exercises/markets/markets_quiz.ipynb"])
def test_a_notebook_that_binder_opens_runs_there(name, fresh, tmp_path, monkeypatch):
    chapter = ROOT / name
    kernel = tmp_path / "kernels" / "fresh"
    kernel.mkdir(parents=True)
    argv = [str(fresh), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "fresh", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    # As the build runs it: widgets fill output areas, and a client without a browser may wait on those for ever.
    monkeypatch.setenv("TEF_STATIC", "1")
    notebook = nbformat.read(chapter, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import tefoundations\nprint(tefoundations.__file__)"))
    NotebookClient(notebook, timeout=120, kernel_name="fresh", resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert "site-packages" in notebook.cells[-1].outputs[0].text


def test_what_is_not_installed_is_reported(tmp_path):
    with pytest.raises(AssertionError, match="No module named 'not_a_room'"):
        run(sys.executable, "import not_a_room", tmp_path)
