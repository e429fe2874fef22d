"""A release is whole or it is none: a text with a fault is refused by file and line before anything is written."""

import re

import jupytext
import pytest

from tests.house.sources import ROOT, tool

RELEASE, CELLS, OUTLINE = tool("release"), tool("cells"), tool("outline")
TEMPLATE = (ROOT / "tools/templates/exercise.md").read_text().replace("CHAPTER", "my_chapter").replace("PART", "markets")
CHECK, END = 'check("my_chapter/bill")', "    ### END SOLUTION\n"
TAGGED = f"```{{code-cell}} ipython3\n:tags: [points-2]\n\n{CHECK}\n```\n"
HELPER = "```{code-cell} ipython3\ndef more():\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n```\n\n"
AT_CHECK = TEMPLATE[: TEMPLATE.index(CHECK)].count("\n") + 1
AT_SOLUTION = TEMPLATE[: TEMPLATE.index("def bill")].count("\n") + 1
FAULTS = {
    "a second mark without end": (END, END + "    ### BEGIN SOLUTION\n    secret = 42\n", "needs its ### END", AT_SOLUTION),
    "a mark within a solution": ("    return", "    ### BEGIN SOLUTION\n    return", "needs its ### END", AT_SOLUTION),
    "marks spelt otherwise": (END, END + "    # begin solution\n    x = 1\n    # end solution\n", "no other", AT_SOLUTION),
    "hidden tests by hand": (END, END + "    ### BEGIN HIDDEN TESTS\n", "no other mark", AT_SOLUTION),
    "a mark in prose": ("Take two steps:", "### BEGIN SOLUTION", "no other mark", None),
    "no points": (":tags: [points-2]\n\n", "", "has its points as a tag", AT_CHECK - 2),
    "points spelt otherwise": ("points-2", "points_2", "as in points-2, not points_2", AT_CHECK),
    "no points at all": ("points-2", "points-0", "not points-0", AT_CHECK),
    "two tags": ("points-2", "points-2, points-3", "not points-2, points-3", AT_CHECK),
    "no check": (CHECK, "print(1)", "by check(", AT_CHECK),
    "single quotes": (CHECK, CHECK.replace('"', "'"), "by check(", AT_CHECK),
    "no topic": (CHECK, 'check("bill")', "by check(", AT_CHECK),
    "more than a check": (CHECK, CHECK + "\nprint(1)", "by check(", AT_CHECK),
    "the same twice": (TAGGED, TAGGED + "\n" + HELPER + TAGGED, f"is checked in line {AT_CHECK} already", None),
    "a solution nobody checks": (TAGGED, TAGGED + "\n" + HELPER, "nothing checks this solution", None),
    "a second solution above": ("```{code-cell} ipython3\ndef bill", HELPER + "```{code-cell} ipython3\ndef bill",
                                "nothing checks this solution", AT_SOLUTION),
    "no heading": ("# Exercises: my_chapter", "Exercises", "opens with a heading", 1),
    "another text's exercise": (CHECK, 'check("vcg/bill")', "vcg/bill belongs to another text", AT_CHECK),
}  # fmt: skip


def place(folder, text):
    file = folder / "my_chapter.md"
    file.write_text(text)
    return file


@pytest.mark.parametrize("what", FAULTS)
def test_a_faulty_text_is_refused_by_file_and_line(tmp_path, what):
    old, new, words, line = FAULTS[what]
    assert TEMPLATE.count(old) == 1
    with pytest.raises(SystemExit) as refused:
        RELEASE.points_of_text("markets/my_chapter", place(tmp_path, TEMPLATE.replace(old, new)))
    said = str(refused.value)
    assert said.startswith("markets/my_chapter: ") and words in said
    assert f"my_chapter.md:{line})" in said if line else re.search(r"my_chapter\.md:\d+\)", said)


def test_a_text_without_fault_gives_its_points(tmp_path):
    assert RELEASE.points_of_text("markets/my_chapter", place(tmp_path, TEMPLATE)) == {"my_chapter/bill": 2}


@pytest.fixture
def release(tmp_path, monkeypatch):
    """The tool with files of its own, which runs nothing."""
    for name in ("SOURCE", "LEARNERS", "BUILD"):
        monkeypatch.setattr(RELEASE, name, tmp_path / name)
    (tmp_path / "SOURCE/markets").mkdir(parents=True)
    monkeypatch.setattr(RELEASE, "COURSE", tmp_path / "course.json")
    RELEASE.COURSE.write_text("as it was")
    for name in ("vcg", "double_auction"):
        (tmp_path / f"SOURCE/markets/{name}.md").write_text((ROOT / f"exercises/source/markets/{name}.md").read_text())
    monkeypatch.setattr(RELEASE, "execute", lambda notebook, folder, text: notebook)
    return RELEASE


def test_a_release_that_fails_leaves_everything_as_it_was(release, monkeypatch):
    def execute(notebook, folder, text):
        assert release.COURSE.read_text() == release.course_text()  # so that the checks say what comes next
        return notebook if text.stem == "double_auction" else 1 / 0

    monkeypatch.setattr(release, "execute", execute)
    with pytest.raises(ZeroDivisionError):
        release.main([])
    assert release.COURSE.read_text() == "as it was"
    assert not list(release.SOURCE.parent.rglob("*.ipynb")) and not release.BUILD.exists()


def test_a_text_outside_the_book_is_refused_and_one_that_is_missing_is_named(release, tmp_path, monkeypatch):
    place(release.SOURCE / "markets", TEMPLATE)
    with pytest.raises(SystemExit, match=r"my_chapter.md:1: exercises/markets/my_chapter is not in _toc.yml"):
        release.main(["markets/my_chapter"])
    assert release.COURSE.read_text() == "as it was"
    toc = (
        "root: book/index\nparts:\n  - chapters:\n      - file: notebooks/markets/vcg\n      - file: exercises/markets/vcg\n"
    )
    (tmp_path / "_toc.yml").write_text(toc)
    monkeypatch.setattr(release, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"_toc.yml:4: notebooks/markets/vcg is listed, and book/markets/vcg.md is not"):
        release.course()
    (tmp_path / "book/markets").mkdir(parents=True)
    (tmp_path / "book/markets/vcg.md").write_text("No heading.\n")
    with pytest.raises(SystemExit, match=r"_toc.yml:5: .* exercises/source/markets/vcg.md is not there"):
        release.course()
    (tmp_path / "exercises/source/markets").mkdir(parents=True)
    (tmp_path / "exercises/source/markets/vcg.md").write_text((ROOT / "exercises/source/markets/vcg.md").read_text())
    with pytest.raises(SystemExit, match=r"book/markets/vcg.md:1: no heading"):
        release.course()


def test_the_book_names_a_chapter_whose_text_is_gone_and_one_that_is_listed_twice(tmp_path):
    for name in ("parts", "course"):
        (tmp_path / "book/_data").mkdir(parents=True, exist_ok=True)
        (tmp_path / f"book/_data/{name}.yml").write_text((ROOT / f"book/_data/{name}.yml").read_text())
    toc = tmp_path / "_toc.yml"
    toc.write_text("parts:\n  - chapters:\n      - file: notebooks/markets/vcg\n")
    with pytest.raises(SystemExit, match=r"_toc.yml:3: notebooks/markets/vcg is listed, and book/markets/vcg.md is not"):
        OUTLINE.outline(tmp_path)
    toc.write_text(toc.read_text() + "      - file: notebooks/markets/vcg\n")
    with pytest.raises(SystemExit, match=r"_toc.yml:4: notebooks/markets/vcg is listed twice"):
        OUTLINE.outline(tmp_path)


@pytest.mark.parametrize(
    "old, new, error",
    [
        ("    return sum(", "    return sum = (", "SyntaxError"),
        ("    ### END SOLUTION\n", "    ### END SOLUTION\n\n1 / 0\n", "ZeroDivisionError"),
        ("taken = [2, 1]", "taken = [2, 1]\ntaken[7]", "IndexError"),
        ("from tefoundations.exercises import check\n", "check = lambda name: 0\n", "AssertionError"),  # in the hidden tests
    ],
)
def test_a_cell_that_fails_is_named_by_file_and_line(tmp_path, monkeypatch, old, new, error):
    monkeypatch.setattr(RELEASE, "SOURCE", tmp_path)
    text = TEMPLATE.replace(old, new)
    file = place(tmp_path, text)
    notebook = RELEASE.graded(file) if error == "AssertionError" else RELEASE.with_install_cell(jupytext.read(file))
    with pytest.raises(SystemExit) as stopped:
        CELLS.execute(notebook, tmp_path, file)
    lines = {"SyntaxError": "sum = (", "ZeroDivisionError": "1 / 0", "IndexError": "taken[7]", "AssertionError": CHECK}
    line = text[: text.index(lines[error])].count("\n") + 1
    assert re.match(rf"\S+my_chapter.md:{line}: {error}: ", str(stopped.value)), stopped.value
