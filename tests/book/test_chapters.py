"""Every chapter: its two forms are equal, it was run, it has its parts and shows readers code they can read."""

import nbformat
import pytest
import yaml

from tests.book import chapters as ch
from tests.house.sources import ROOT, no

NAMES = ch.names()
chapter = pytest.mark.parametrize("name", NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_both_forms_are_there_and_equal(name):
    assert (ROOT / "book" / f"{name}.md").exists() and (ROOT / "notebooks" / f"{name}.ipynb").exists()
    no(ch.pair_faults(ch.text(name), ch.notebook(name)))


@chapter
def test_the_notebook_was_run(name):
    no(ch.run_faults(ch.notebook(name)))


@chapter
def test_figures_are_marked_and_nothing_else_is(name):
    no(ch.figure_faults(ch.notebook(name)))


@chapter
def test_nothing_is_hidden_from_nbval(name):
    no(ch.hiding_faults(ch.notebook(name)))


@pytest.mark.parametrize("file", ch.exercises())
def test_no_exercise_is_hidden_from_nbval(file):
    no(ch.hiding_faults(nbformat.read(ROOT / file, as_version=4)))


@chapter
def test_it_opens_with_the_install_cell(name):
    no(ch.install_faults(ch.notebook(name)))


@chapter
def test_visible_code_teaches(name):
    no(ch.visible_faults(ch.notebook(name)))


@chapter
def test_it_has_its_parts(name):
    no(ch.section_faults(ch.notebook(name)))


@chapter
def test_it_asks_before_it_tells_and_takes_that_up_again(name):
    no(ch.question_faults(name.split("/")[1], (ROOT / "book" / f"{name}.md").read_text()))


def test_the_skeleton_of_a_new_chapter_asks_too():
    no(ch.question_faults("CHAPTER", (ROOT / "tools/templates/chapter.md").read_text()))


def listed(entry):
    """Files of a table of contents, in its order."""
    own = [entry[key] for key in ("root", "file") if key in entry]
    return own + [
        file for key in ("parts", "chapters", "sections") for child in entry.get(key, []) for file in listed(child)
    ]


def test_the_book_is_in_order():
    prose = {f.relative_to(ROOT).with_suffix("").as_posix() for f in (ROOT / "book").rglob("*.md")}
    prose -= {f"book/{name}" for name in NAMES}
    prose = {name for name in prose if not name.startswith("book/notation/")}  # pieces of one page
    exercises = {f.relative_to(ROOT).with_suffix("").as_posix() for f in (ROOT / "exercises").glob("*/*.ipynb")}
    exercises = {name for name in exercises if not name.startswith("exercises/source/")}
    there = prose | exercises | {f"notebooks/{name}" for name in NAMES}
    no(ch.toc_faults(listed(yaml.safe_load((ROOT / "_toc.yml").read_text())), there))


def test_there_are_chapters():
    assert NAMES
