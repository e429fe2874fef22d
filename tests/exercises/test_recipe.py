"""The kit: an exercise is its reference, hints come one by one, cases are drawn until corners are met."""

from dataclasses import replace

import numpy as np
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.kit import recipe, session
from tefoundations.exercises.kit.forms import each, is_flag, is_whole, number, numbers, one, or_none, several
from tefoundations.exercises.kit.recipe import almost, drawn, exercise, wrong
from tefoundations.exercises.kit.records import Corner
from tefoundations.exercises.registry import EXERCISES

NAME = "double_auction/curves"


@pytest.fixture(autouse=True)
def new_session(monkeypatch):
    monkeypatch.setattr(session, "_hinted", session.Counter())


def test_hints_one_by_one_and_never_more(monkeypatch):
    monkeypatch.setitem(EXERCISES.loaded, NAME, replace(EXERCISES[NAME], hints=("look.", "count.")))
    asked = [check(NAME, lambda *case: 0, hint=True) for _ in range(4)]
    more = ["Hint 1 of 2: look.", "Hint 2 of 2: count."]
    again = "\n".join(["There are no more hints.", *more])
    assert [told.more for told in asked] == [*more, again, again]
    assert all(told.state == "wrong" and repr(told).endswith("\n" + told.more) for told in asked)
    assert "<p>Hint 1 of 2: look.</p>" in asked[0]._repr_html_()
    assert check(NAME, lambda *case: 0).more == ""
    monkeypatch.setitem(EXERCISES.loaded, NAME, replace(EXERCISES[NAME], hints=()))
    assert check(NAME, hint=True).more == "This exercise has no hints."


@pytest.mark.parametrize("solution", [None, lambda bids, asks, price: ..., lambda *case: 0])
def test_hints_come_in_turn_also_for_who_has_written_nothing(monkeypatch, solution):
    """As each sheet says: the next one when you ask again, whoever asks."""
    monkeypatch.setitem(EXERCISES.loaded, NAME, replace(EXERCISES[NAME], hints=("look.", "count.")))
    asked = [check(NAME, solution, hint=True).more for _ in range(3)]
    assert asked[:2] == ["Hint 1 of 2: look.", "Hint 2 of 2: count."] and asked[2].startswith("There are no more hints.")


def test_hints_go_on_where_an_answer_comes_between(monkeypatch):
    monkeypatch.setitem(EXERCISES.loaded, NAME, replace(EXERCISES[NAME], hints=("look.", "count.")))
    assert check(NAME, hint=True).more == "Hint 1 of 2: look." and not check(NAME).more
    assert check(NAME, lambda *case: 0, hint=True).more == "Hint 2 of 2: count."


def test_a_right_answer_takes_no_hint_and_says_what_comes_next(solutions):
    told = check(NAME, solutions[NAME], hint=True)
    assert told and told.more == "Next: double_auction/clearing." and not session._hinted


@pytest.mark.parametrize("name", list(EXERCISES))
def test_hints_are_few_and_are_no_solution(name, solutions):
    hints = EXERCISES[name].hints
    assert len(hints) <= 3 and all(hint.endswith((".", "?")) for hint in hints)
    assert not any("return " in hint or "def " in hint for hint in hints)


def doubled(x, *, factor=2, shift=0):
    return np.float64(factor * x + shift)


DOUBLED = exercise(
    "numbers/doubled",
    doubled,
    example=((3,), 6.0),
    draw=lambda rng: (int(rng.integers(-9, 10)),),
    form=number("one number is asked for"),
    mistakes=(
        wrong("it triples.", factor=3),
        almost("right, except for the shift.", shift=1),
        wrong("it squares.", lambda x: x * x),
    ),
    corners={"when x is 0": lambda x: x == 0},
    forbids=(recipe.drawn,),
    hints=("two.",),
)


def test_an_exercise_is_its_reference_with_joints():
    assert (DOUBLED.function, DOUBLED.parameters, DOUBLED.reference(4)) == ("doubled", ("x",), 8.0)
    assert type(DOUBLED.reference(4)) is float and [m.function(5) for m in DOUBLED.mistakes] == [15.0, 11.0, 25.0]
    assert [mistake.almost for mistake in DOUBLED.mistakes] == [False, True, False]
    assert {recipe.drawn, doubled, DOUBLED.reference} == set(DOUBLED.refuses)


def test_the_reference_itself_is_refused(monkeypatch):
    monkeypatch.setitem(EXERCISES.loaded, DOUBLED.name, DOUBLED)
    assert check(DOUBLED.name, lambda x: x + x).state == "correct"
    assert check(DOUBLED.name, doubled).reason == "it calls doubled, which is what you are asked to write."
    assert check(DOUBLED.name, lambda x: x * x).reason == "it squares." and doubled(1) == 2


def test_cases_are_drawn_until_each_corner_is_met():
    seldom = Corner("seldom", lambda x: x == 7)
    cases = drawn(np.random.default_rng(1), lambda rng: (int(rng.integers(200)),), (lambda rng: (-1,),), (seldom,))
    assert cases.count((-1,)) == recipe.INSIDE == cases.count((7,)) and recipe.CASES <= len(cases) <= recipe.CASES + 3
    never = Corner("never", lambda x: x > 10)
    assert len(drawn(np.random.default_rng(1), lambda rng: (1,), (), (never,))) == recipe.CASES


def test_forms():
    assert number("one, in kWh")(2.0) is None and number("one, in kWh")([2.0], 1, 2) == "one, in kWh"
    form = numbers(len, "{n} numbers are asked for")
    assert form([1.0, 2.0], "ab") is None and form([1.0], "ab") == "2 numbers are asked for"
    assert numbers(2, "two")([1.0, float("nan")]) == "two"
    form = several("a name and two numbers", one(lambda name: isinstance(name, str)), numbers(2, "two numbers"))
    assert form(["bakery", [1.0, 2.0]]) is None and form(["bakery", [1.0]]) == "two numbers"
    assert form([1.0, [1.0, 2.0]]) == form(["bakery"]) == form("bakery") == "a name and two numbers"
    form = each(or_none(is_whole), 2, "{n} whole numbers or None")
    assert form([None, 3.0]) is None and form([0.5, 3.0]) == "2 whole numbers or None" and not is_flag(1.0)


def test_the_templates_of_a_new_chapter_pass(root, tmp_path, monkeypatch, unguarded):
    """Checks, text and test as `make new-chapter` copies them: each mistake has its words, the solution is right."""
    import release

    spaces = {}
    for name in ("checks.py", "test.py", "exercise.md"):
        text = (root / "tools/templates" / name).read_text().replace("CHAPTER", "my_chapter").replace("PART", "markets")
        (tmp_path / name).write_text(text)
        if name.endswith(".py"):
            exec(compile(text, name, "exec"), spaces.setdefault(name, {}))
    [bill] = spaces["checks.py"]["EXERCISES"]
    monkeypatch.setitem(EXERCISES.loaded, bill.name, bill)
    monkeypatch.setattr(release, "SOURCE", tmp_path)
    cells = release.graded(tmp_path / "exercise.md").cells
    assert [cell.metadata.nbgrader.get("points") for cell in cells if "nbgrader" in cell.metadata] == [None, 2]
    for cell in cells[2:]:
        if cell.cell_type == "code" and "check(" not in cell.source:
            exec(cell.source, spaces)
    assert check(bill.name, spaces["bill"]) and bill.reference(*bill.example[0]) == bill.example[1]
    unguarded(bill)
    for mistake in bill.mistakes:
        assert check(bill.name, mistake.function).reason == mistake.words
    cases = bill.cases("public")
    assert all(2 <= sum(corner.holds(*case) for case in cases) <= len(cases) - 5 for corner in bill.corners)
    spaces["test.py"]["test_bills_are_scalar_products"]({bill.name: spaces["bill"]})
