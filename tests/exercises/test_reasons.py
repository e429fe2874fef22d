"""Wrong for a reason that no case shows: the notebook's data in the place of parameters, a list sorted in place, chance."""

import inspect

import nbformat
import pytest

from tefoundations.exercises import check
from tefoundations.exercises.kit.outside import DATA, reads_of
from tefoundations.exercises.registry import EXERCISES
from tests.exercises.classroom import grade_folder
from tests.exercises.learners import reason
from tests.exercises.test_check import GARBAGE

DRAWN = [name for name, exercise in EXERCISES.items() if exercise.parameters]
CURVES, CLEARING, CHARGING = "double_auction/curves", "double_auction/clearing", "one_way_grid/charging"


def notebook(name, text, **more):
    """The function `learner` of a notebook in which the worked example of an exercise was run before."""
    space = dict(zip(EXERCISES[name].parameters, EXERCISES[name].example[0])) | more
    exec(text, space)
    return space["learner"]


# The notebook's data


@pytest.mark.parametrize("name", DRAWN)
def test_who_reads_the_worked_example_is_told_which_name(name, solutions):
    """All parameters of the text by name, and others in the head: the answer is that of the example, whatever is asked."""
    names = EXERCISES[name].parameters
    text = f"def learner({', '.join(f'own_{each}' for each in names)}):\n    return right({', '.join(names)})"
    told = reason(name, notebook(name, text, right=solutions[name]), "wrong")
    named = told.split(" of the notebook")[0].removeprefix("it reads ")
    assert named in names and told.endswith(f"Use its parameters: {', '.join(names)}.")


@pytest.mark.parametrize("name", DRAWN)
def test_one_name_read_is_enough(name, solutions):
    """The first parameter comes from the notebook, the others from the call."""
    first, *rest = EXERCISES[name].parameters
    text = f"def learner(unread{''.join(f', {each}' for each in rest)}):\n    return right({', '.join([first, *rest])})"
    assert f"it reads {first} of the notebook" in reason(name, notebook(name, text, right=solutions[name]), "wrong")


WANTED = "sum(q for p, q in {bids} if p >= {price}), sum(q for p, q in asks if p <= {price})"


@pytest.mark.parametrize(
    "text",
    [
        "def learner(mine, asks, price): return " + WANTED.format(bids="bids", price="price"),
        "def helper(asks, price): return " + WANTED.format(bids="bids", price="price")
        + "\ndef learner(mine, asks, price): return helper(asks, price)",
        "def learner(mine, asks, price):\n    def inner(): return " + WANTED.format(bids="bids", price="price")
        + "\n    return inner()",
        "def learner(mine, asks, price): return bids[price]",  # raises on most cases: the reason is still the name
        "def learner(mine, asks, price): return len(bids)",
    ],
)  # fmt: skip
def test_wherever_the_name_is_read(text):
    assert "it reads bids of the notebook" in reason(CURVES, notebook(CURVES, text), "wrong")


def test_an_answer_of_other_data_is_told_by_its_name():
    text = "def learner(bids, asks, price): return my_wanted, 4"
    assert "it reads my_wanted of the notebook" in reason(CURVES, notebook(CURVES, text, my_wanted=3), "wrong")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("RATE = 1\ndef learner(bids, asks, price): return " + WANTED.format(bids="bids", price="price + RATE"), {}),
        ("def learner(bids, asks, price): return " + WANTED.format(bids="bids", price="price + rate"), {"rate": 1}),
        ("def learner(bids, asks, price): return len(asks), len(bids)", {}),
        ("class Book: price = bids = 0\ndef learner(b, a, p): return Book.bids + len(b), Book().price", {}),
        ("def learner(bids, asks, price): return 3, 4", {}),
    ],
)
def test_who_reads_its_parameters_is_not_told_otherwise(text, more):
    assert "of the notebook" not in reason(CURVES, notebook(CURVES, text, **more), "wrong")


def test_a_right_answer_may_have_a_constant_of_its_own():
    text = "def learner(bids, asks, price): return " + WANTED.format(bids="bids", price="price + nothing")
    assert check(CURVES, notebook(CURVES, text, nothing=0))


def test_what_reads_nothing():
    class Odd:
        def __call__(self):
            return GARBAGE

    assert [reads_of(each) for each in (len, Odd(), Odd, None, "text", *GARBAGE)] == [[]] * (5 + len(GARBAGE))
    assert all(inspect.isclass(kind) for kind in DATA)


def test_a_class_is_told_the_same(tmp_path, root):
    """The process of a submission says what its functions read; the words are those of the notebook."""
    sheet = nbformat.read(root / "exercises/markets/double_auction.ipynb", as_version=4)
    text = "def wanted_and_offered(mine, others, at):\n    return " + WANTED.format(bids="bids", price="price")
    sorting = "def clear(bids, asks):\n    bids.sort()\n    asks.sort()\n    return 0, [0] * len(bids), [0] * len(asks)"
    for cell in sheet.cells:
        cell.source = text if cell.source.startswith("def wanted_and_offered") else cell.source
        cell.source = sorting if cell.source.startswith("def clear") else cell.source
    (tmp_path / "ada").mkdir()
    nbformat.write(sheet, tmp_path / "ada/double_auction.ipynb")
    told = {grade.exercise: grade for grade in grade_folder(tmp_path, "secret", variants=False)}
    space = dict(zip(EXERCISES[CLEARING].parameters, EXERCISES[CLEARING].example[0])) | {"price": 10}
    exec(text, space)
    exec(sorting, space)
    for name, function in ((CURVES, "wanted_and_offered"), (CLEARING, "clear")):
        own = check(name, space[function], seed="secret")
        assert (told[name].state, told[name].reason) == (own.state, own.reason)
    assert "it reads " in told[CURVES].reason and "It also changes the order of bids itself." in told[CLEARING].reason


# Arguments put in another order


@pytest.mark.parametrize("name", DRAWN)
def test_who_sorts_a_list_in_place_is_told_so(name, solutions):
    """Right or not: a list that comes back in another order was changed."""
    exercise = EXERCISES[name]
    for place, value in enumerate(exercise.example[0]):
        if not isinstance(value, list) or value == value[::-1]:
            continue
        parameter = exercise.parameters[place]
        told = check(name, lambda *case, place=place: (solutions[name](*case), case[place].reverse())[0])
        assert told.state == "almost" and f"it changes the order of {parameter} itself" in told.reason
        told = check(name, lambda *case, place=place: (case[place].reverse(), "no answer")[1])
        assert told.state == "wrong" and f". It also changes the order of {parameter} itself" in told.reason


def test_who_answers_in_the_order_of_the_sorted_list_is_told_why():
    def charge(wanted, most, prices):
        prices.sort()
        plan = []
        for _ in prices:
            plan.append(min(most, wanted))
            wanted -= plan[-1]
        return plan

    told = reason(CHARGING, charge, "wrong")
    assert told.startswith("it changes the order of prices itself, and answers in that order, not in the one it was given.")
    assert "sorted(prices)" in told and "It returns (" not in told and "It returns [3, 3, 1, 0], not [0, 3, 1, 3]" in told


# What is told


@pytest.mark.parametrize("name", list(EXERCISES))
def test_what_it_returns_is_said_once(name, solutions):
    """Garbage, answers of another sign, and answers with one entry more or less."""
    right = solutions[name] if callable(solutions[name]) else lambda: solutions[name]

    def changed(change):
        def learner(*case):
            answer = right(*case)
            return [change(each) for each in answer] if isinstance(answer, (list, tuple)) else change(answer)

        return learner

    wrong = [lambda *case, value=value: value for value in (None, -1, 0.5, 10**6, "x", [], [-1], ["b", "a"], [3, 2, 1])]
    wrong += [changed(lambda x: -x if isinstance(x, (int, float)) else x), changed(lambda x: [x])]
    wrong += [lambda *case: list(right(*case))[::-1], lambda *case: list(right(*case)) * 2]
    for learner in wrong:
        told = check(name, learner)
        assert told.reason.count("it returns") <= 1, told


def test_a_corner_is_named_only_if_chance_would_hardly_put_all_faults_there(solutions):
    """Half of the cases are such a corner: one or two that are wrong say nothing about it."""
    name = "consensus/timer"
    [corner] = [each for each in EXERCISES[name].corners if "heard twice" in each.words]
    cases = EXERCISES[name].cases("public")
    inside = [case for case in cases if corner.holds(*case)]
    assert 0.3 < len(inside) / len(cases) < 0.8
    for count, named in ((1, False), (len(inside), True)):
        told = check(name, lambda *case, some=inside[:count]: (not solutions[name](*case)) if case in some
                     else solutions[name](*case))  # fmt: skip
        assert (corner.words in told.reason) == named, told
