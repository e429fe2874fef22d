"""What `make` offers: every target explained, and a new chapter that runs as it is."""

import re
import shutil
import subprocess
import sys

import jupytext
import nbformat
import pytest
import yaml

from tests.book import chapters as ch
from tests.house.sources import ROOT, no, tool
from tests.house.test_checks_fail import planted
from tests.house.tree import folder_faults


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
    assert target_faults(makefile, re.sub(r"^test .*\n", "", printed, flags=re.MULTILINE)) == [
        "make help is silent about test"
    ]


@pytest.fixture
def copy(tmp_path):
    """The part of the tree that a new chapter needs."""
    for name in ("tools", "book/_data", "_toc.yml", "pyproject.toml"):
        source = ROOT / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path / name)
    return tmp_path


def run(root, script, *words):
    return subprocess.run([sys.executable, root / "tools" / script, *words], cwd=root, capture_output=True, text=True)


def chapters_of(toc, caption):
    part = next(part for part in yaml.safe_load(toc)["parts"] if part["caption"] == caption)
    return [chapter["file"] for chapter in part["chapters"]]


def place_of(template, part, name):
    return tool("new_chapter").PLACES[template].format(part=part, name=name)


def chapter_faults(root, name):
    """What the checks of the book say of a chapter's two forms."""
    text, notebook = jupytext.read(root / f"book/{name}.md"), nbformat.read(root / f"notebooks/{name}.ipynb", as_version=4)
    checks = (ch.run_faults, ch.figure_faults, ch.hiding_faults, ch.install_faults, ch.visible_faults, ch.section_faults)
    return ch.pair_faults(text, notebook) + [fault for check in checks for fault in check(notebook)]


def test_a_new_chapter_runs_and_stands_in_its_part(copy):
    assert run(copy, "new_chapter.py", "markets", "my_chapter").returncode == 0
    order = chapters_of((copy / "_toc.yml").read_text(), "Markets")
    assert order[-2:] == ["notebooks/markets/my_chapter", "exercises/markets/markets_quiz"]
    templates = [template.name for template in (copy / "tools/templates").iterdir()]
    no([name for name in templates if not (copy / place_of(name, "markets", "my_chapter")).exists()])
    made = run(copy, "notebooks.py", "markets/my_chapter")
    assert made.returncode == 0, made.stderr
    cells = nbformat.read(copy / "notebooks/markets/my_chapter.ipynb", as_version=4).cells
    counts = [c.execution_count for c in cells if c.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1)) and len(counts) > 1
    assert "# My chapter" in cells[0].source
    no(chapter_faults(copy, "markets/my_chapter"))

    before, after = (copy / "_toc.yml").read_text().split("  - caption: Systems\n")
    (copy / "_toc.yml").write_text(before + after[after.index("  - caption: Reference") :])
    assert run(copy, "new_chapter.py", "systems", "a_day").returncode == 0  # the first chapter of its part
    assert chapters_of((copy / "_toc.yml").read_text(), "Systems") == ["notebooks/systems/a_day"]
    assert run(copy, "new_chapter.py", "systems", "ev_charging").returncode == 0  # a planned chapter bears the planned title
    assert "# EV charging\n" in (copy / "book/systems/ev_charging.md").read_text()


def test_a_planned_chapter_passes_the_check_of_nouns(tmp_path):
    """Every one of them: the file of its checks bears its name."""
    for part in tool("outline").parts():
        for name in part["to_come"]:
            package = planted(tmp_path, place_of("checks.py", part["part"], name).removeprefix("tefoundations/"), "")
    no(folder_faults(package))


LINES = (ROOT / "_toc.yml").read_text().splitlines()
GONE = LINES.index("      - file: notebooks/markets/double_auction") + 1
REFUSED = {
    "in the book": (("markets", "vcg"), "vcg is taken, in this part or another: book/markets/vcg.md"),
    "in another part": (("systems", "vcg"), "book/markets/vcg.md"),
    "planned in another part": (("systems", "games"), "book/_data/parts.yml plans it in strategy"),
    "its text is gone": (("systems", "double_auction"), f"_toc.yml:{GONE}"),
    "no such part": (("cookery", "soup"), "PART=one of"),
    "no name": (("markets", "My Chapter"), "NAME=words_like_this"),
    "a word of Python": (("markets", "class"), "no word of Python"),
    "one word too many": (("markets", "soup", "salt"), "NAME=words_like_this"),
    "no words": ((), "PART=one of"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_new_chapter_is_refused_and_nothing_is_written(copy, what):
    words, said = REFUSED[what]
    (copy / "book/markets").mkdir()
    (copy / "book/markets/vcg.md").write_text("# VCG\n")
    before = {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()}
    refused = run(copy, "new_chapter.py", *words)
    assert refused.returncode == 1 and said in refused.stderr and "Traceback" not in refused.stderr, refused.stderr
    assert before == {
        file: file.read_bytes() for file in copy.rglob("*") if file.is_file() and "__pycache__" not in file.parts
    }


def test_a_part_finds_its_place_where_the_book_ends():
    with_chapter = tool("new_chapter").with_chapter
    toc = "parts:\n  - caption: Markets\n    chapters:\n      - file: notebooks/markets/vcg\n        sections:\n"
    toc += "          - file: exercises/markets/vcg"
    assert chapters_of(with_chapter(toc, "markets", "one"), "Markets")[-1] == "notebooks/markets/one"
    assert chapters_of(with_chapter(toc, "systems", "one"), "Systems") == ["notebooks/systems/one"]
