"""The README: its example runs, and everything on its map is there."""

import csv
import doctest
import os
import re
import subprocess
import sys

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


def commands(text):
    """What stands in the blocks of the shell that call the package."""
    blocks = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
    return "\n".join(block for block in blocks if "python -m tefoundations" in block)


def test_the_commands_run(tmp_path):
    """As they stand, in an empty folder; each writes its tables and a page."""
    script = commands(README)
    assert re.findall(r"python -m tefoundations (\w+)", script) == ["clear", "day"]
    script = script.replace("python -m", f"'{sys.executable}' -m")
    here = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(["bash", "-e"], input=script, cwd=tmp_path, env=here, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("Quantity: 2.5.") and "winter, market: " in ran.stdout
    assert {file.name for file in (tmp_path / "cleared").iterdir()} == {"orders.csv", "statement.csv", "report.html"}
    written = {file.name for file in (tmp_path / "winter").iterdir()}
    assert written == {"steps.csv", "members.csv", "prices.csv", "report.html"}
    with open(tmp_path / "winter" / "steps.csv", newline="") as file:
        assert len(list(csv.DictReader(file))) == 48


def test_the_map_is_true():
    no(map_faults(README) + unmapped(README))


def test_a_wrong_map_is_reported():
    assert map_faults("| `tests/nowhere/` | what |\n[x](no.md) [y](https://example.org/no.md)") == [
        "README names tests/nowhere/, which is not there",
        "README names no.md, which is not there",
    ]
    assert "README's map leaves out tefoundations/market/" in unmapped(README.replace("`tefoundations/market/`", ""))
