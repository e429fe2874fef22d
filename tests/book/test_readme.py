"""The README: its example runs, and everything on its map is there."""

import doctest
import re

from tests.house.sources import ROOT, no

README = (ROOT / "README.md").read_text()


def map_faults(text, root=ROOT):
    """Paths in the first column of the map, and targets of links, that are not in the tree."""
    rows = re.findall(r"^\| (`[^|]*`) \|", text, re.MULTILINE)
    paths = [path for row in rows for path in re.findall(r"`([^`]+)`", row)]
    paths += [link for link in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in link]
    return [f"README names {path}, which is not there" for path in paths if not (root / path).exists()]


def unmapped(text, root=ROOT):
    """Rooms and top folders that the map leaves out."""
    wanted = [f"tefoundations/{f.name}/" for f in sorted((root / "tefoundations").iterdir()) if (f / "__init__.py").exists()]
    wanted += [
        f"{f.name}/"
        for f in sorted(root.iterdir())
        if f.is_dir() and f.name[0] not in "._" and f.name not in ("build", "dist")
    ]
    return [f"README's map leaves out {path}" for path in wanted if f"`{path}`" not in text and path != "tefoundations/"]


def test_the_example_runs():
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert result.attempted and not result.failed


def test_the_map_is_true():
    no(map_faults(README) + unmapped(README))


def test_a_wrong_map_is_reported():
    assert map_faults("| `tests/nowhere/` | what |\n[x](no.md) [y](https://example.org/no.md)") == [
        "README names tests/nowhere/, which is not there",
        "README names no.md, which is not there",
    ]
    assert "README's map leaves out tefoundations/market/" in unmapped(README.replace("`tefoundations/market/`", ""))
