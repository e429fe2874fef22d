"""What a submission cannot reach within its boundary: seed, references, other students, this machine, the network."""

import os
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from tefoundations.exercises import Limits, grade_folder
from tefoundations.exercises.grader import runs
from tefoundations.exercises.grader.boundary import boundary
from tefoundations.exercises.grader.runs import questions_of
from tefoundations.exercises.grader.worker import Question
from tefoundations.exercises.registry import EXERCISES
from tests.exercises.hostile import ATTACKS, body

SECRET = "a-seed-nobody-guesses"
OWN_WORK = "work-of-ada-alone"
CLEARING = "double_auction/clearing"
LIMITS = Limits(cell=10, exercise=10, notebook=60, memory=1024)


@pytest.fixture(scope="module")
def listening():
    """Somebody who listens on this machine: a port, and a name without a file."""
    name = f"\0tefoundations-{os.getpid()}".encode()
    with socket.create_server(("127.0.0.1", 0)) as port, socket.socket(socket.AF_UNIX) as named:
        named.bind(name)
        named.listen()
        for one in (port, named):
            one.setblocking(False)
        yield port, named, name[1:]


@pytest.fixture(scope="module")
def told(tmp_path_factory, root, listening):
    """The grade of each attack, graded in one class with an honest student."""
    if boundary() is None:
        pytest.skip("no boundary can be drawn here: bubblewrap is missing or forbidden, so none of the attacks was tried")
    port, named, name = listening
    top = tmp_path_factory.mktemp("isolation")
    folder, secret = top / "submitted", top / "secret.txt"
    secret.write_text(SECRET)
    known = {
        "secret": str(secret),
        "folder": str(folder),
        "root": str(root),
        "backwards": SECRET[::-1],
        "port": port.getsockname()[1],
        "abstract": name,
    }
    honest = nbformat.read(root / "exercises/source/markets/double_auction.ipynb", as_version=4)
    honest.cells.append(nbformat.v4.new_code_cell(f"# {OWN_WORK}"))
    books = {student: [body(lines, **known)] for student, (lines, _) in ATTACKS.items()}
    books |= {"ada": [cell.source for cell in honest.cells if cell.cell_type == "code"]}
    for student, cells in books.items():
        file = folder / student / "double_auction.ipynb"
        file.parent.mkdir(parents=True)
        nbformat.write(nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells))), file)
    before = sorted(path for path in top.rglob("*"))
    os.environ["TE_SEED"] = SECRET
    try:
        grades = grade_folder(folder, SECRET, jobs=2, caps=LIMITS, private=[secret])
    finally:
        del os.environ["TE_SEED"]
    assert sorted(path for path in top.rglob("*")) == before and secret.read_text() == SECRET
    return grades


@pytest.mark.parametrize("student", ATTACKS)
def test_an_attack_finds_nothing(student, told):
    own = [grade for grade in told if grade.student == student]
    assert len(own) == 3 and not any(grade.points for grade in own)
    assert all(SECRET not in grade.reason and OWN_WORK not in grade.reason for grade in own)
    [grade] = [grade for grade in own if grade.exercise == CLEARING]
    assert ATTACKS[student][1] in grade.reason, grade.reason


def test_the_rest_of_the_class_is_not_harmed(told, listening):
    assert [grade.state for grade in told if grade.student == "ada"] == ["correct"] * 3
    assert len(told) == 3 * (len(ATTACKS) + 1)
    for one in listening[:2]:
        with pytest.raises(BlockingIOError):  # nobody came
            one.accept()


LOOKS = """
import gc
seen, wanted = [], int("8271") + 0.5  # written out it would lie in memory itself
def look(named):
    held = [o for o in gc.get_objects() if type(o) is tuple and any(each == wanted for each in o if type(each) is float)]
    seen.append((named, bool(held)))
look("cells")
def answer(price):
    look("asked")
    return repr(seen)
"""


def test_no_cell_sees_the_cases():
    """They reach the process when their exercise is asked for: answers cannot be looked up beforehand."""
    question = Question("book/answer", "answer", ("price",), ())
    ran = runs.run_submission([LOOKS], [question], {"book/answer": [(8271.5,), (2.0,)]}, LIMITS, within=boundary())
    assert ran.outcomes["book/answer"][0].value == "[('cells', False), ('asked', True)]"


def test_asking_twice_brings_nothing_more():
    """A forged question is answered once, and a second answer of the same exercise is not waited for."""
    told = """
import gc, json, os
[tell] = [o for o in gc.get_objects() if type(o).__name__ == "Teller"]
for _ in range(3):
    tell(ask="book/answer")
def answer(price):
    return price
"""
    question = Question("book/answer", "answer", ("price",), ())
    ran = runs.run_submission([told], [question], {"book/answer": [(1.0,), (2.0,)]}, LIMITS, within=boundary())
    assert [outcome.value for outcome in ran.outcomes["book/answer"]] == [1.0, 2.0]


def test_nothing_is_left_running():
    within = boundary()
    if within is None:
        pytest.skip("no boundary can be drawn here: bubblewrap is missing or forbidden")
    sleeps = "import time; print('here', flush=True); time.sleep(600)"
    process = within.start(["-c", sleeps], {}, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"here\n"
    runs._stop(process)
    with ThreadPoolExecutor() as pool:  # the pipe ends when nobody inside holds it any more
        assert pool.submit(process.stdout.read).result(timeout=10) == b""


@pytest.mark.parametrize("name", list(EXERCISES))
def test_a_process_is_told_plain_data_only(name):
    exercise = EXERCISES[name]
    [question] = questions_of([exercise])
    assert isinstance(question, Question) and question.parameters == exercise.parameters
    wanted = [getattr(function, "__func__", function) for function in exercise.forbidden]
    found = [getattr(function, "__func__", function) for function in question.refuses]
    assert found == wanted  # by name, found again where the submission runs
    assert exercise.reference not in found

    def plain(value):
        if isinstance(value, (list, tuple)):
            return all(map(plain, value))
        if isinstance(value, dict):
            return all(plain(key) and plain(each) for key, each in value.items())
        return value is None or type(value) in (int, float, str, bool, bytes)

    assert all(map(plain, exercise.cases("x")))
