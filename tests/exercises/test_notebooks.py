"""The notebooks: learners' edition and source belong together, and to the checks."""

import re

import nbformat
import pytest
import release

from tefoundations.exercises.kit.values import show
from tefoundations.exercises.registry import EXERCISES, part_of

SOURCES = [release.solved_file(source).relative_to(release.SOURCE) for source in release.sources()]
CALLED = re.compile(r'^check\("([^"]+)"\)', re.MULTILINE)


def read(file):
    return nbformat.read(file, as_version=4)


def text_of(name):
    return (release.SOURCE / name).with_suffix(".md")


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("folder, edition", [(release.SOURCE, release.graded), (release.LEARNERS, release.handed_out)])
@pytest.mark.parametrize("name", SOURCES, ids=str)
def test_both_editions_are_written_from_the_text(name, folder, edition):
    """Cells and metadata; what they print is compared by nbval, which runs both."""
    fresh, committed = release.settle(edition(text_of(name))), read(folder / name)
    assert fresh.metadata == committed.metadata and len(fresh.cells) == len(committed.cells), "run `make release`"
    for new, old in zip(fresh.cells, committed.cells):
        for key in ("cell_type", "id", "source", "metadata"):
            assert new[key] == old[key], "run `make release`"


@pytest.mark.parametrize("name", SOURCES, ids=str)
def test_learners_edition_gives_nothing_away(name):
    text = (release.LEARNERS / name).read_text()
    assert "SOLUTION" not in text and "HIDDEN" not in text and "assert feedback" not in text
    for before, after in zip(read(release.SOURCE / name).cells, read(release.LEARNERS / name).cells, strict=True):
        for found in release.SOLUTION.findall(before.source):
            assert found == "    " and "# YOUR CODE HERE\n    raise NotImplementedError()" in after.source
        solution = re.search(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", before.source, re.DOTALL)
        if solution:
            assert not any(line.strip() in after.source for line in solution[1].splitlines() if line.strip())
        if "### BEGIN" not in before.source:
            assert before.source == after.source and before.metadata == after.metadata


@pytest.mark.parametrize("name", SOURCES, ids=str)
def test_both_editions_were_run(name):
    for folder, state in ((release.SOURCE, "correct"), (release.LEARNERS, "still missing")):
        checks = 0
        for number, cell in enumerate(code(read(folder / name)), start=1):
            assert cell.execution_count == number and all(out.output_type != "error" for out in cell.outputs)
            for exercise in CALLED.findall(cell.source):
                checks += 1
                [output] = cell.outputs
                text = output.text if output.output_type == "stream" else output.data["text/plain"]
                assert text.startswith(f"{exercise}: {state}: ")
        assert checks


@pytest.mark.parametrize("name", SOURCES, ids=str)
def test_nbgrader_metadata(name):
    ids, checked = set(), set()
    for cell in read(release.SOURCE / name).cells:
        graded = cell.metadata.get("nbgrader")
        if graded is None:
            assert "### BEGIN" not in cell.source
            continue
        assert graded.schema_version == 3 and graded.grade_id not in ids
        ids.add(graded.grade_id)
        assert graded.solution == (not graded.grade) == (not graded.locked)
        assert ("### BEGIN SOLUTION" in cell.source) == graded.solution
        if graded.grade:
            assert graded.points > 0 and "assert feedback, feedback" in cell.source
            [called] = CALLED.findall(cell.source)
            assert f'feedback = check("{called}")' in cell.source
            checked.add(called)
    assert checked and ids


def test_every_exercise_has_a_cell_and_every_cell_an_exercise():
    cells = [(name, cell.source) for name in SOURCES for cell in code(read(release.SOURCE / name))]
    called = [(name, exercise) for name, text in cells for exercise in CALLED.findall(text)]
    assert sorted(exercise for _, exercise in called) == sorted(EXERCISES)
    for name in SOURCES:  # in this order `check` says what comes next
        assert [exercise for own, exercise in called if own == name] == [e.name for e in EXERCISES.chapter(name.stem)]
    for name, exercise in called:
        assert (part_of(exercise.split("/")[0]), exercise.split("/")[0]) == (name.parts[0], name.stem)


@pytest.mark.parametrize("name", SOURCES, ids=str)
def test_install_cell_and_link_to_the_chapter(name):
    notebook = read(release.LEARNERS / name)
    quiz = name.stem.endswith("_quiz")
    assert notebook.cells[0].source.startswith("# Quiz: " if quiz else "# Exercises: ")
    links = re.findall(r"\]\(\.\./\.\./(notebooks/[^)]+)\)", notebook.cells[0].source)
    assert links and all((release.ROOT / link).exists() for link in links)
    assert quiz or links[0] == f"notebooks/{name}"
    assert notebook.cells[1].source == release.with_install_cell(notebook).cells[1].source
    assert notebook.cells[1].metadata.tags == ["remove-cell"]


@pytest.mark.parametrize("name", [name for name, exercise in EXERCISES.items() if exercise.parameters])
def test_worked_example_is_the_one_of_the_text(name, sources):
    """The cell before a solution holds the example's arguments, the text between holds its answer."""
    case, answer = EXERCISES[name].example
    for notebook in sources.values():
        cells = [c.source for c in notebook.cells]
        for number, text in enumerate(cells):
            if CALLED.findall(text) == [name]:
                space = {}
                exec(cells[number - 3], space)
                assert tuple(space[parameter] for parameter in EXERCISES[name].parameters) == case
                said = {show(answer), show(tuple(answer))} if isinstance(answer, list) else {show(answer)}
                assert any(f"`{words}`" in cells[number - 2].replace("\n", " ") for words in said)
                assert f"def {EXERCISES[name].function}({', '.join(EXERCISES[name].parameters)}):" in cells[number - 1]


def test_numbers_of_the_prosumer_example(sources):
    """The interval and the two gains told in the text of best_k."""
    from tefoundations.market import OrderBook, uniform_price

    (bids, asks, me), _ = EXERCISES["double_auction/best_k"].example
    [text] = [c.source for n in sources.values() for c in n.cells if c.source.startswith("Both bids trade with")]
    said = text.replace("\n", " ")
    for k, price, words in ((0, 5, "= 5 ct. At $k = 1$"), (1, 9, "= 9 ct. The best is `1`")):
        clearing = uniform_price(OrderBook.of(bids, asks), k=k)
        table = clearing.to_frame()
        assert clearing.quantity == 2 and clearing.price_interval == (5, 9) and clearing.price == price
        assert table.loc[table["agent"] == me, "gain"].sum() == price
        assert words in said and f"At $k = {k}$ the price is {price}" in said
    assert table["traded"].tolist() == [1, 1, 2, 0]


def test_stripping():
    cell = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"
    cell += "\n### BEGIN HIDDEN TESTS\nassert f()\n### END HIDDEN TESTS"
    assert release.stripped(cell) == "def f():\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert release.stripped("a = 1") == "a = 1"
