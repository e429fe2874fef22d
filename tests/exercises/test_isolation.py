"""What a submission cannot reach by ordinary means: seed, references, other submissions, the grader, the network."""

import os

import nbformat
import pytest

from tefoundations.exercises import grade_folder
from tefoundations.exercises.grader.runs import questions_of
from tefoundations.exercises.grader.worker import Question
from tefoundations.exercises.registry import EXERCISES

SECRET = "a-seed-nobody-guesses"
CLEARING = "double_auction/clearing"
# Each body of `clear` returns what it found; {folder} is where the submissions lie.
ATTEMPTS = {
    "environment": ("import os", "return repr(dict(os.environ))"),
    "arguments": ("import sys", "return repr(sys.argv)"),
    "memory": (
        "import gc",
        "word = {backwards!r}[::-1]",
        "held = [o.values() if type(o) is dict else o for o in gc.get_objects() if type(o) in (dict, list, tuple)]",
        "return repr([1 for values in held for value in list(values) if type(value) is str and word in value])",
    ),
    "parent's environment": ("import os", "return open(f'/proc/{{os.getppid()}}/environ').read()"),
    "parent's arguments": ("import os", "return open(f'/proc/{{os.getppid()}}/cmdline').read()"),
    "parent's memory": ("import os", "return repr(os.open(f'/proc/{{os.getppid()}}/mem', os.O_RDONLY))"),
    "registry": ("from tefoundations.exercises.registry import EXERCISES", "return repr(EXERCISES)"),
    "reference": ("from tefoundations.exercises.markets import double_auction as d", "return d.CLEARING.reference(b, a)"),
    "no finders": ("import sys", "sys.meta_path.clear()", "import tefoundations.exercises.markets", "return 'in'"),
    "file of references": (
        "import tefoundations.exercises as e",
        "return open(e.__path__[0] + '/markets/double_auction.py').read()[:200]",
    ),
    "loaded by path": (
        "import importlib.util as u, tefoundations.exercises as e",
        "s = u.spec_from_file_location('x', e.__path__[0] + '/markets/double_auction.py')",
        "m = u.module_from_spec(s)",
        "s.loader.exec_module(m)",
        "return m.clear(b, a)",
    ),
    "source notebooks": (
        "import tefoundations as t",
        "return open(t.__path__[0] + '/../exercises/source/markets/double_auction.ipynb').read()[:200]",
    ),
    "file with the seed": ("return open({folder!r} + '/../secret.txt').read()",),
    "other submission": ("return open({folder!r} + '/registry/double_auction.ipynb').read()[:200]",),
    "who else": ("import os", "return repr(os.listdir({folder!r}))"),
    "through a link": ("import os", "os.symlink({folder!r}, 'way')", "return repr(os.listdir('way'))"),
    "writes elsewhere": ("open({folder!r} + '/../found', 'w').write('x')", "return 'written'"),
    "removes": ("import os", "os.remove({folder!r} + '/registry/double_auction.ipynb')", "return 'gone'"),
    "another process": ("import subprocess, sys", "return subprocess.run([sys.executable, '-V']).returncode"),
    "shell": ("import os", "return os.system('true')"),
    "kills": ("import os", "os.kill(os.getppid(), 15)", "return 'killed'"),
    "network": ("import socket", "return repr(socket.create_connection(('127.0.0.1', 9)))"),
    "grades itself": ("from tefoundations.exercises import grade_folder", "return repr(grade_folder('.', 1))"),
    "saved for others": ("import os", "return repr(os.path.exists('trace')), open('trace', 'w').write('x')"),
}
ALLOWED = {"environment", "arguments", "memory", "saved for others"}  # these find something, and nothing of value
REFUSED = ("a submission may not", "is not there while a submission is graded", "wait4")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    top = tmp_path_factory.mktemp("isolation")
    folder = top / "submitted"
    for student, lines in ATTEMPTS.items():
        body = "\n".join(
            ["def clear(b, a):", *("    " + line.format(folder=str(folder), backwards=SECRET[::-1]) for line in lines)]
        )
        file = folder / student / "double_auction.ipynb"
        file.parent.mkdir(parents=True)
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(body)]), file)
    secret = top / "secret.txt"
    secret.write_text(SECRET)
    os.environ["TE_SEED"] = SECRET
    try:
        grades = grade_folder(folder, SECRET, jobs=2, private=[secret])
    finally:
        del os.environ["TE_SEED"]
    assert not (top / "found").exists() and len(list(folder.rglob("*.ipynb"))) == len(ATTEMPTS)
    return {grade.student: grade for grade in grades if grade.exercise == CLEARING}


@pytest.mark.parametrize("student", ATTEMPTS)
def test_an_attempt_finds_nothing(student, told):
    grade = told[student]
    assert grade.state == "wrong" and SECRET not in grade.reason
    if student not in ALLOWED:
        assert any(words in grade.reason for words in REFUSED), grade.reason


def test_what_is_allowed_is_harmless(told):
    assert "TE_SEED" not in told["environment"].reason and "HOME" in told["environment"].reason
    assert "returns '[]'" in told["memory"].reason
    assert "'False', 1" in told["saved for others"].reason  # on the first case; the folder is the submission's own


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
