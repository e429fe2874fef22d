"""What a file reaches decides what is run again: names are followed to where they stand, and no further."""

import inspect
from pathlib import Path

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
        for function in vars(reach).values():
            getattr(function, "cache_clear", lambda: None)()

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
    assert tree.reach("a.py") == {"a.py", room + "__init__.py", room + "one.py", "tefoundations/errors.py"}
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


def test_a_change_in_the_ledger_runs_no_chapter_on_markets():
    reach = tool("reach").reach
    assert place(MerkleTree) in reach("notebooks/ledger/cryptography.ipynb")
    assert place(vcg) in reach("notebooks/markets/vcg.ipynb")
    for chapter in ("double_auction", "vcg", "mechanism_design", "clearing_algorithms"):
        reached = reach(f"notebooks/markets/{chapter}.ipynb")
        assert place(uniform_price) in reached and not any(f.startswith("tefoundations/ledger/") for f in reached)
