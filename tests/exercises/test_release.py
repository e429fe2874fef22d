"""What `make release` writes beside the learners' notebooks, and notebooks of single exercises."""

import json
import zipfile

import nbformat
import pytest
import release
from course_kit import instructors, write_zip

from tefoundations.errors import InvalidInput
from tefoundations.exercises import check, take
from tefoundations.exercises.grader import command
from tefoundations.exercises.grader.submissions import handed_out
from tefoundations.exercises.kit.course import after, chapters, points_of
from tefoundations.exercises.registry import EXERCISES

NAME = "markets/double_auction"


def read(file):
    return nbformat.read(file, as_version=4)


def test_points_are_those_of_the_notebooks():
    assert release.COURSE.read_text() == release.course_text(), "run `make release`"
    assert (
        release.points() == points_of()
        and set(points_of()) == set(EXERCISES)
        and all(points > 0 for points in points_of().values())
    )


def test_a_zip_to_hand_out_is_the_same_every_time(tmp_path):
    learners = read(release.LEARNERS / f"{NAME}.ipynb")
    for file in ("one.zip", "two.zip"):
        write_zip(tmp_path / file, NAME, learners)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        texts = {entry: archive.read(entry).decode() for entry in archive.namelist()}
    assert sorted(texts) == [f"double_auction/{n}" for n in ("README.txt", "double_auction.ipynb", "requirements.txt")]
    notebook = nbformat.reads(texts["double_auction/double_auction.ipynb"], as_version=4)
    assert "](../" not in nbformat.writes(notebook) and f"/blob/main/notebooks/{NAME}.ipynb" in notebook.cells[0].source
    assert [c.source for c in notebook.cells[1:]] == [c.source for c in learners.cells[1:]]
    assert "SOLUTION" not in "".join(texts.values())
    assert f"exercises/{NAME}.ipynb" in texts["double_auction/README.txt"]
    assert texts["double_auction/requirements.txt"].startswith("tefoundations @ git+")


def test_instructors_see_solutions_points_and_typical_mistakes():
    source = read(release.SOURCE / f"{NAME}.ipynb")
    notebook = instructors(source, points_of())
    nbformat.validate(notebook)
    text = nbformat.writes(notebook)
    assert text.count("**For instructors.**") == 3 and "BEGIN SOLUTION" in text and "correct: clear is right" in text
    clearing = next(cell.source for cell in notebook.cells if "`double_auction/clearing`" in cell.source)
    assert "5 points" in clearing
    for mistake in EXERCISES["double_auction/clearing"].mistakes:
        assert mistake.words in clearing
    assert len(source.cells) + 3 == len(notebook.cells)


@pytest.mark.parametrize("file", release.sources(), ids=lambda file: file.stem)
def test_each_exercise_can_be_taken_alone(file, tmp_path):
    """Alone, with its solution, it is right; without, it is still missing; and nbgrader finds its points."""
    names = [name for name in EXERCISES if name.startswith(f"{file.stem}/")]
    for name in names:
        for source, state in ((release.SOURCE, "correct"), (release.LEARNERS, "still missing")):
            take([name], tmp_path / "one.ipynb", source=source)
            notebook = read(tmp_path / "one.ipynb")
            nbformat.validate(notebook)
            assert handed_out(tmp_path / "one.ipynb", EXERCISES) == {name: points_of()[name]}
            space = {}
            for cell in notebook.cells:
                if cell.cell_type == "code" and "%pip install" not in cell.source and "check(" not in cell.source:
                    exec(cell.source, space)
            assert check(name, space[EXERCISES[name].function]).state == state


def test_an_assignment_of_several_chapters(tmp_path):
    names = ["vcg/two_names", "double_auction/clearing", "vcg/payments"]
    for file in ("a.ipynb", "b.ipynb"):
        command.main(["take", *names, "--out", str(tmp_path / file), "--title", "Week 3", "--from", str(release.LEARNERS)])
    assert (tmp_path / "a.ipynb").read_bytes() == (tmp_path / "b.ipynb").read_bytes()
    notebook = read(tmp_path / "a.ipynb")
    sources = [cell.source for cell in notebook.cells]
    assert list(handed_out(tmp_path / "a.ipynb", EXERCISES)) == names
    assert sources[0].startswith("# Week 3\n") and sources[0].count("quantities in whole kWh") == 1
    assert sum("%pip install" in text for text in sources) == 1 and "](../" not in "".join(sources)
    assert [text.split("\n")[0][:5] for text in sources if text.startswith("## ")] == ["## 1.", "## 2.", "## 3."]
    ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert len(ids) == len(set(ids)) == 6 and ids[0] == "vcg-two_names"
    json.loads((tmp_path / "a.ipynb").read_text())


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["vcg/payments"] * 2, "vcg/payments is named twice"),
        (["vcg/nothing"], "no notebook in .* holds such an exercise"),
        (["double_auction/payments"], "no notebook in"),
    ],
)
def test_what_cannot_be_taken(names, words, tmp_path, root):
    with pytest.raises(InvalidInput, match=words):
        take(names, tmp_path / "x.ipynb", source=root / "exercises")
    with pytest.raises(InvalidInput, match="name the folder"):
        take(["vcg/payments"], tmp_path / "x.ipynb", source=tmp_path)
    assert not (tmp_path / "x.ipynb").exists()


def test_what_comes_next():
    """Through the whole course, each exercise once; after the last of a chapter, the next chapter of the book."""
    told = [after(name) for name in EXERCISES]
    names = list(EXERCISES)
    for name, words, following in zip(names, told, names[1:]):
        same = name.split("/")[0] == following.split("/")[0]
        assert (words == f"Next: {following}.") == same
    assert after("clearing_algorithms/blocks") == 'Next: the chapter "Mechanism design".'
    assert after("vcg/two_names") == 'Next: the chapter "Bilateral and continuous".' and after("nowhere/new") == ""
    first = next(place for place, name in enumerate(names) if name.startswith("markets_quiz/"))
    assert told[first - 1] == 'Next: the quiz "markets".' and after("nowhere/new") == ""
    assert chapters()[-1]["title"] in told[-1] or told[-1] == "That was the last exercise of the book."


def test_points_need_one_check_and_a_solution(tmp_path, monkeypatch):
    text = (release.SOURCE / f"{NAME}.md").read_text()
    monkeypatch.setattr(release, "SOURCE", tmp_path)
    for faulty in (text.replace('check("double_auction/curves")', "print(1)"), text.replace("### BEGIN SOLUTION", "# ")):
        (tmp_path / "faulty.md").write_text(faulty)
        with pytest.raises(SystemExit, match="faulty: a cell with points checks one exercise, below its solution"):
            release.graded(tmp_path / "faulty.md")


def test_unknown_names_stop_the_release():
    with pytest.raises(SystemExit, match="No exercises markets/nowhere"):
        release.main(["markets/nowhere"])
