"""What a file reaches decides what is run again: names are followed to where they stand, and no further."""

import inspect
from pathlib import Path

import nbformat
import pytest

from tefoundations.ledger import MerkleTree
from tefoundations.market import uniform_price, vcg
from tests.house.sources import ROOT, tool


def place(obj):
    return Path(inspect.getsourcefile(obj)).relative_to(ROOT).as_posix()


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """The tool, at a small tree of its own."""
    reach = tool("reach")
    monkeypatch.setattr(reach, "ROOT", tmp_path)

    def write(name, text):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        reach.forget()

    write("tefoundations/__init__.py", "")
    write(
        "tefoundations/market/__init__.py",
        '"""Markets."""\nfrom tefoundations.market.one import first\nfrom tefoundations.market.two import second\n',
    )
    write("tefoundations/market/one.py", "def first():\n    from tefoundations.errors import Wrong\n")
    write("tefoundations/market/two.py", "import numpy\nsecond = 2\n")
    write("tefoundations/errors.py", "class Wrong(Exception): pass\n")
    write("tefoundations/data/__init__.py", "from tefoundations.data.files import every_file\n")
    write("tefoundations/data/files.py", "every_file = []\n")
    write("data/load.csv", "1\n")
    write("requirements.lock", "")
    reach.write = write
    return reach


def test_names_are_followed_through_the_door(tree):
    tree.write("a.py", "from tefoundations.market import first")
    room = "tefoundations/market/"
    assert tree.reach("a.py") == {
        "a.py",
        "tefoundations/__init__.py",
        room + "__init__.py",
        room + "one.py",
        "tefoundations/errors.py",
    }
    tree.write("a.py", "import tefoundations.market")
    assert room + "two.py" in tree.reach("a.py")
    tree.write("a.py", "from tefoundations.market import given_later")
    assert {room + "one.py", room + "two.py"} <= tree.reach("a.py")
    door = (tree.ROOT / room / "__init__.py").read_text()
    tree.write(room + "__init__.py", door + "def __getattr__(name):\n    from tefoundations.market import one\n")
    assert room + "one.py" in tree.reach("a.py") and room + "two.py" not in tree.reach("a.py")
    tree.write("a.py", "from tefoundations.data import every_file")
    assert "data/load.csv" in tree.reach("a.py")


def test_what_only_a_hint_names_is_not_followed(tree):
    tree.write("tefoundations/market/two.py", "second = 2\n")
    tree.write(
        "a.py", "if TYPE_CHECKING:\n    from tefoundations.market import first\nfrom tefoundations.market import second"
    )
    assert "tefoundations/market/one.py" not in tree.reach("a.py") and "tefoundations/market/two.py" in tree.reach("a.py")


def test_a_key_changes_with_what_is_reached_and_with_nothing_else(tree):
    tree.write("a.py", "from tefoundations.market import first")
    before = tree.key("a.py")
    tree.write("tefoundations/market/two.py", "second = 3\n")
    tree.write(
        "tefoundations/market/__init__.py",
        (tree.ROOT / "tefoundations/market/__init__.py").read_text() + '__all__ = ["first", "second"]\n',
    )
    assert tree.key("a.py") == before
    for name, text in {
        "tefoundations/errors.py": "class Wrong(ValueError): pass\n",
        "requirements.lock": "numpy==3\n",
        "tefoundations/market/__init__.py": "from tefoundations.market.one import first\nprint()\n",
    }.items():
        tree.write(name, text)
        assert tree.key("a.py") != before, name
        before = tree.key("a.py")


DOOR = "tefoundations/market/__init__.py"
DOOR_TEXT = "from tefoundations.market.one import first\nfrom tefoundations.market.two import second\n"
CHANGES = {
    "a statement in the package's door": ("tefoundations/__init__.py", "import builtins\nbuiltins.print = print\n"),
    "a name assigned in a door": (DOOR, DOOR_TEXT + "first = lambda: 1 / 0\n"),
    "a name made in a door": (DOOR, DOOR_TEXT + "def first(): pass\n"),
    "names swapped in a door": (
        DOOR,
        "from tefoundations.market.one import first as second\nfrom tefoundations.market.two import second as first\n",
    ),
    "the file beside": ("tefoundations/market/table.json", "[2]"),
    "what runs the cells": ("tools/cells.py", "order = 1\n"),
    "what kernels are told": ("tools/ipython/profile_default/ipython_kernel_config.py", "c.level = 1\n"),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize(
    "text",
    [
        "from tefoundations.market import first, second",
        "from tefoundations import market",
        "import tefoundations.market as m",
        "import tefoundations",
        "from tefoundations.market import *",
        "from importlib import import_module\nimport_module('tefoundations.market')",
    ],
)
def test_a_key_changes_with_what_an_import_runs(tree, what, text):
    name, changed = CHANGES[what]
    tree.write("a.py", text)
    tree.write("tefoundations/market/table.json", "[1]")
    before = tree.key("a.py")
    tree.write(name, changed)
    assert tree.key("a.py") != before


def test_names_that_change_places_between_files_that_are_reached_change_the_key(tree):
    tree.write("tefoundations/market/one.py", "first = second = 1\n")
    tree.write("tefoundations/market/two.py", "first = second = 2\n")
    tree.write("a.py", "from tefoundations.market import first, second")
    before = tree.reach("a.py"), tree.key("a.py")
    tree.write(DOOR, "from tefoundations.market.two import first\nfrom tefoundations.market.one import second\n")
    assert tree.reach("a.py") == before[0] and tree.key("a.py") != before[1]


def test_what_a_door_does_itself_is_followed(tree):
    tree.write("tefoundations/units.py", "kilo = 1000\n")
    tree.write(DOOR, DOOR_TEXT + "from tefoundations.units import kilo\n")
    tree.write("a.py", "from tefoundations.market import second")
    assert "tefoundations/units.py" not in tree.reach("a.py")
    tree.write(DOOR, DOOR_TEXT + "from tefoundations.units import kilo\nsecond = 2 * kilo\n")
    assert "tefoundations/units.py" in tree.reach("a.py")
    tree.write(DOOR, DOOR_TEXT + "if second:\n    import tefoundations.units\n")
    assert "tefoundations/units.py" in tree.reach("a.py")


@pytest.mark.parametrize(
    "text",
    [
        "from importlib import import_module\ndef f():\n    import_module('tefoundations.hidden')",
        "import importlib\nhidden = importlib.import_module('tefoundations.hidden')",
        "from importlib import import_module as load\nload('tefoundations.hidden')",
        "__import__('tefoundations.hidden')",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    import tefoundations.hidden",
        "import typing\nif not typing.TYPE_CHECKING:\n    import tefoundations.hidden",
        "if TYPE_CHECKING:\n    pass\nelif True:\n    import tefoundations.hidden",
    ],
)
def test_an_import_that_hides_is_followed(tree, text):
    tree.write("tefoundations/hidden.py", "")
    tree.write("tefoundations/market/one.py", f"{text}\ndef first(): pass\n")
    tree.write("a.py", "from tefoundations.market import first")
    assert "tefoundations/hidden.py" in tree.reach("a.py")


@pytest.mark.parametrize("gone", ["tefoundations/market/one.py", "tefoundations/errors.py", "tests/shared/one.py"])
def test_who_needs_a_file_that_is_gone_reaches_those_of_its_folder(tree, gone):
    for name in ("one", "another"):
        tree.write(f"tests/shared/{name}.py", "")
    tree.write("tests/test_a.py", "from tefoundations.market import first\nfrom tests.shared.one import x\n")
    assert gone in tree.reach("tests/test_a.py")
    (tree.ROOT / gone).unlink()
    tree.forget()
    assert tree.reach("tests/test_a.py") & {file for file in tree.inside(Path(gone).parent) if file.endswith(".py")}


def test_a_test_reaches_what_it_names_by_path_and_the_tools_it_imports(tree):
    for name in ("data/grids/a.csv", "data/homes/b.csv", "book/one.md", "exercises/one.md", "notes/deep/one.md"):
        tree.write(name, "x\n")
    tree.write("tools/release.py", "SOURCE = ROOT / 'exercises'\n")
    tree.write("tests/test_a.py", "import release\nx = ROOT / 'data' / 'grids' / name\ny = root / f'notes/deep/{x}.md'\n")
    assert tree.reach("tests/test_a.py") == {
        "tests/test_a.py", "tools/release.py", "data/grids/a.csv", "exercises/one.md", "notes/deep/one.md",
    }  # fmt: skip


def test_what_kernels_leave_behind_changes_no_key(tree):
    tree.write("a.py", "from tefoundations.market import first")
    before = tree.key("a.py")
    tree.write("tools/ipython/profile_default/history.sqlite", "1")
    assert tree.key("a.py") == before


def test_a_change_during_a_run_is_not_taken_for_what_was_run(tree, monkeypatch, tmp_path):
    cells = tool("cells")
    source = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("from tefoundations.market import first")])
    tree.write("notebooks/markets/vcg.ipynb", nbformat.writes(source))
    for name, value in {
        "ROOT": tmp_path, "BUILD": tmp_path, "CACHE": tmp_path / "cache", "KEYS": tmp_path / "keys",
        "key": tree.key, "forget": tree.forget,
    }.items():  # fmt: skip
        monkeypatch.setattr(cells, name, value)

    def execute(notebook, folder, text, order, edit="x = 1\n"):
        if edit:
            tree.write("tefoundations/market/one.py", edit)
        notebook.cells[-1].outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": "['numpy']"})]
        return notebook

    monkeypatch.setattr(cells, "execute", execute)
    name = "notebooks/markets/vcg.ipynb"
    cells.keep(name, *cells.one(name))
    assert cells.kept(name) is None
    monkeypatch.setattr(cells, "execute", lambda *words, **more: execute(*words, **more, edit=""))
    cells.keep(name, *cells.one(name))
    assert cells.kept(name) is not None
    assert cells.keys()[name]["loaded"] == ["numpy"]  # asked for by a cell that is not kept
    assert len(cells.kept(name).cells) == 1


def test_a_build_orders_sets_otherwise_than_what_is_committed(tmp_path, monkeypatch):
    """So that nbval finds an output that depends on it."""
    cells, orders = tool("cells"), []
    monkeypatch.setattr(cells, "read", lambda name: nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(WORDS)]))
    for run in (
        lambda: cells.one("notebooks/markets/vcg.ipynb")[0],
        lambda: cells.execute(cells.read(""), tmp_path, tmp_path),
    ):
        orders.append(run().cells[0].outputs[0].text)
    assert orders[0] != orders[1] and sorted(orders[0].split()) == sorted(orders[1].split())


WORDS = "print(*{f'word{i}' for i in range(40)})"


def test_a_change_in_the_ledger_runs_no_chapter_on_markets():
    reach = tool("reach").reach
    assert place(MerkleTree) in reach("notebooks/ledger/cryptography.ipynb")
    assert place(vcg) in reach("notebooks/markets/vcg.ipynb")
    for chapter in ("double_auction", "vcg", "mechanism_design", "clearing_algorithms"):
        reached = reach(f"notebooks/markets/{chapter}.ipynb")
        assert place(uniform_price) in reached and not any(f.startswith("tefoundations/ledger/") for f in reached)
