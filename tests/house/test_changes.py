"""What `make test CHANGED=1` selects: whatever could fail by a change, rather too much than too little."""

import os
import subprocess
import sys

import pytest

from tests.house.sources import ROOT, tool

RUN = tool("run_tests")
TEXT = "exercises/source/markets/double_auction.md"
RELEASE, ANSWERS = "tests/exercises/test_release.py", "tests/exercises/test_answers.py"
VCG = "notebooks/markets/vcg.ipynb"


def plan(monkeypatch, *files):
    monkeypatch.setattr(RUN, "changed_files", lambda: set(files))
    return RUN.plan_for_changes()


@pytest.mark.parametrize(
    "changed, test",
    [
        (TEXT, RELEASE),  # its points are in the package's course.json
        ("tefoundations/exercises/kit/course.json", RELEASE),
        ("_toc.yml", RELEASE),
        ("data/harbour/berths.csv", "tests/exercises/markets/test_markets_quiz.py"),
        ("tefoundations/market/gone.py", "tests/market/test_vickrey.py"),
        ("tests/grid/gone.py", "tests/grid/test_ac_flow.py"),
        ("tefoundations/exercises/grader/grades.py", "tests/exercises/test_grading.py"),
        ("tefoundations/__init__.py", "tests/market/test_vickrey.py"),
    ],
)
def test_a_change_selects_the_tests_that_reach_it(monkeypatch, changed, test):
    assert (ROOT / test).is_file()
    assert test in plan(monkeypatch, changed)[0]


@pytest.mark.parametrize(
    "changed",
    ["tefoundations/__init__.py", "data/grids/feeder5/gone.csv", "tefoundations/market/gone.py", "data/gone/one.csv"],
)
def test_a_change_selects_the_chapters_that_reach_it(monkeypatch, changed):
    assert VCG in plan(monkeypatch, changed)[1]


@pytest.mark.parametrize("changed", ["tests/replay.py", "tests/house/sources.py", "requirements.lock"])
def test_what_may_change_anything_runs_everything(monkeypatch, changed):
    assert plan(monkeypatch, changed) == ([], None, None, [])


def test_a_file_that_changes_itself_is_run_whole_and_one_chapter_is_not(monkeypatch):
    assert plan(monkeypatch, ANSWERS)[2:] == (set(), [ANSWERS])
    tests, _, subjects, whole = plan(monkeypatch, "tests/book/chapters.py")
    assert subjects == set() and "tests/book/test_chapters.py" in whole and "tests/book" in tests
    tests, notebooks, subjects, whole = plan(monkeypatch, TEXT)
    assert subjects == {"markets/double_auction"} and ANSWERS in tests and not whole
    assert {RUN.subject(file) for file in notebooks} == subjects


def test_pieces_of_a_page_are_that_page():
    assert RUN.subject("book/notation/markets.md") == "book/notation"
    assert RUN.subject("book/references/grid.bib") == "book/references"
    assert RUN.subject("book/notation.md") == "book/notation" and RUN.subject("book/markets/vcg.md") == "markets/vcg"
    assert RUN.subject("book/_data/parts.yml") == RUN.subject("data/README.md") == ""


def test_git_tells_what_is_gone_and_what_moved(monkeypatch, tmp_path):
    def git(*words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], cwd=tmp_path, check=True)

    git("init", "-q", "-b", "main")
    for name in ("moved", "gone", "stays"):
        (tmp_path / name).write_text(f"{name}\n" * 9)
    git("add", "-A")
    git("commit", "-qm", "one")
    git("mv", "moved", "new")
    (tmp_path / "gone").unlink()
    (tmp_path / "fresh").write_text("x")
    monkeypatch.setattr(RUN, "ROOT", tmp_path)
    assert RUN.changed_files() == {"moved", "new", "gone", "fresh"}


@pytest.mark.parametrize("whole", [True, False])
def test_only_tests_about_others_are_left_out(whole):
    file = "tests/book/test_chapters.py"
    only = os.environ | {"TEF_ONLY": "markets/vcg", "TEF_WHOLE": file if whole else ""}
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", file]
    said = subprocess.run(words, cwd=ROOT, env=only, capture_output=True, text=True).stdout
    assert "[markets/vcg]" in said and "test_there_are_chapters" in said and ("[grid/power_flow]" in said) == whole, said
