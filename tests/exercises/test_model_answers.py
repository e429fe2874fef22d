"""Model answers: each question has one, it is computed, instructors see it, and nothing that a learner opens holds it."""

import re
import subprocess
import zipfile

import jupytext
import nbformat
import pytest
import release
from course_kit import START, instructors, write_zip
from exercise_text import ANSWER, MODEL, QUESTION, is_model

from tefoundations.exercises import take
from tefoundations.exercises.kit.course import points_of
from tefoundations.exercises.registry import EXERCISES

SOURCES = release.sources()
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
VAGUE = re.compile(
    r"\b(?:few|several|some|many) (?:dozen|hundred|thousand|million)|\b(?:dozen|hundred|thousand|million)s of\b"
)


@pytest.fixture(params=SOURCES, ids=release.name_of)
def source(request):
    return request.param


def answers(source):
    """(question, answer, code) of each model answer of a text."""
    cells = jupytext.read(source).cells
    for number, cell in enumerate(cells):
        if is_model(cell) and cell.cell_type == "markdown":
            code = []
            for below in cells[number + 1 :]:
                if not (is_model(below) and below.cell_type == "code"):
                    break
                code.append(below.source)
            yield cells[number - 1].source, cell.source, "\n".join(code)


def telling(source):
    """Lines of the model answers, text and code, that stand nowhere else in the text."""
    cells = jupytext.read(source).cells
    elsewhere = "\n".join(cell.source for cell in cells if not is_model(cell))
    lines = [line.strip() for cell in cells if is_model(cell) for line in cell.source.split("\n")]
    return [line for line in lines if len(line) > 25 and line not in elsewhere]


def test_every_sheet_asks_and_every_question_is_answered(source):
    text = source.read_text(encoding="utf-8")
    found = list(answers(source))
    assert len(found) == text.count(QUESTION) == text.count(ANSWER) >= 1
    for question, answer, code in found:
        assert QUESTION in question and answer.startswith(ANSWER) and "assert " in code
    assert not re.search(r"think (on|about):", text, re.IGNORECASE)


def test_what_a_model_answer_says_is_computed(source):
    """Its code runs after the solutions, and every number of the text is one that the code or the sheet names."""
    space, sheet = {}, ""
    for cell in jupytext.read(source).cells:
        if cell.cell_type == "code" and "check(" not in cell.source:
            exec(cell.source, space)
        if not is_model(cell):
            sheet += cell.source + "\n"
    for _, answer, code in answers(source):
        known = {float(found.replace(",", "")) for found in NUMBER.findall(sheet + code.replace("_", ""))}
        said = {float(found.replace(",", "")) for found in NUMBER.findall(answer)}
        assert said <= known, f"no cell names {said - known}"
        assert not VAGUE.search(answer), "an amount in words that no cell computes"


def test_nothing_that_a_learner_opens_holds_one(source, tmp_path):
    name, lines = release.name_of(source), telling(source)
    learners = release.learners_file(source)
    write_zip(tmp_path / "sheet.zip", name, nbformat.read(learners, as_version=4))
    with zipfile.ZipFile(tmp_path / "sheet.zip") as archive:
        handed = "\n".join(archive.read(entry).decode() for entry in archive.namelist())
    take([each for each in EXERCISES if each.split("/")[0] == source.stem], tmp_path / "taken.ipynb", source=release.SOURCE)
    opened = [learners, release.solved_file(source), tmp_path / "taken.ipynb"]  # nbgrader makes learners' of the last two
    for text in [handed, *(nbformat.writes(nbformat.read(file, as_version=4)) for file in opened)]:
        text = text.replace('\\"', '"').replace("\\\\", "\\")
        assert MODEL not in text and "Model answer" not in text
        assert not [line for line in lines if line in text]
    assert len(lines) > 4


def test_instructors_see_it_under_its_question(source):
    notebook = instructors(release.graded(source, answers=True), points_of())
    nbformat.validate(release.settle(notebook))
    cells, found = notebook.cells, list(answers(source))
    at = [number for number, cell in enumerate(cells) if cell.source.startswith(ANSWER)]
    assert [cells[number].source for number in at] == [answer for _, answer, _ in found]
    assert [cells[number - 1].source.rsplit("\n\n", 1)[-1] for number in at] == [
        question.rsplit("\n\n", 1)[-1] for question, _, _ in found
    ]


def test_the_page_for_instructors_copies_no_text_into_nbgraders_source(root, tmp_path):
    """nbgrader hands out every file beside the notebooks as it is: the texts have solutions and answers in them."""
    page = (root / "book/for_instructors.md").read_text(encoding="utf-8")
    [line] = [line for line in page.split("\n") if line.startswith("mkdir -p course/source")]
    (tmp_path / "exercises").symlink_to(root / "exercises")
    subprocess.run(["bash", "-ec", line], cwd=tmp_path, check=True)
    copied = [file for file in (tmp_path / "course").rglob("*") if file.is_file()]
    assert len(copied) > 3 and {file.suffix for file in copied} == {".ipynb"}


# How to start


def test_every_sheet_says_in_the_same_words_how_to_start(source):
    head = nbformat.read(release.learners_file(source), as_version=4).cells[0].source
    [start] = [each for each in head.split("\n\n") if each.startswith("**To start.**")]
    assert re.sub(r"\]\([^)]+\)", "]()", start) == re.sub(r"\]\([^)]+\)", "]()", START.strip())
    links = re.findall(r"\]\(([^)]+)\)", start)
    file = f"exercises/{release.name_of(source)}.ipynb"
    assert len(links) == 3 and all(link.endswith(file) for link in links) and (release.ROOT / file).exists()
    assert head.index("**To start.**") < head.index("Write your code")


# A text that would give one away, or forgets one

TEXT = (release.ROOT / "tools/templates/exercise.md").read_text().replace("CHAPTER", "my_chapter")
TAGGED = '+++ {"tags": ["model-answer"]}\n\n'
FAULTS = {
    "no answer": (TEXT[: TEXT.index(TAGGED)], "has its answer below it"),
    "an answer without the tag": (TEXT.replace(TAGGED, "+++\n\n"), "has its answer below it"),
    "an answer in the cell of the question": (TEXT.replace(TAGGED, ""), "a model answer has the tag"),
    "a tagged text that is no answer": (TEXT.replace(ANSWER, "Of course"), "opens with"),
    "an answer to no question": (TEXT.replace(QUESTION, "Well"), "stands below"),
    "code before the text": (TEXT.replace(TAGGED, "```{code-cell} ipython3\n:tags: [model-answer]\n\n1\n```\n\n" + TAGGED),
                             "has its answer below it"),
    "code below no answer": (TEXT[: TEXT.index(QUESTION)] + TEXT[TEXT.rindex("```{code-cell}") :], "code with the tag"),
    "more text after the question": (TEXT.replace(TAGGED, "Go on.\n\n" + TAGGED), "the last paragraph"),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_a_text_that_would_hand_one_out_is_refused(what, tmp_path, monkeypatch):
    text, words = FAULTS[what]
    assert text != TEXT
    monkeypatch.setattr(release, "SOURCE", tmp_path)
    (tmp_path / "my_chapter.md").write_text(TEXT)
    assert not any(is_model(cell) for cell in release.graded(tmp_path / "my_chapter.md").cells)
    (tmp_path / "my_chapter.md").write_text(text)
    with pytest.raises(SystemExit, match=words):
        release.graded(tmp_path / "my_chapter.md")
