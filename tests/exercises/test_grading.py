"""The plain runner: states by student, and submissions that try to be graded without answers."""

import csv
import io
import os

import nbformat
import pytest

from tefoundations import exercises
from tefoundations.errors import NoBoundary
from tefoundations.exercises.grader import command, grades, submissions
from tefoundations.exercises.grader.tables import COLUMNS, rows, write_table
from tefoundations.exercises.registry import EXERCISES
from tests.exercises.classroom import grade_folder

CHAPTER = "double_auction"
NAMES = [name for name in EXERCISES if name.startswith(CHAPTER + "/")]


@pytest.fixture
def submit(tmp_path, sources, root):
    """Write a submission; its cells are the learners' or the source's, then some more."""

    def write(path, *cells, solved=False):
        [source] = [file for file in sources if file.stem == CHAPTER]
        file = source if solved else root / "exercises" / source.relative_to(root / "exercises/source")
        notebook = nbformat.read(file, as_version=4)
        notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)
        return tmp_path

    return write


def states(folder, **options):
    told = {}
    for grade in grade_folder(folder, "secret", **options):
        told.setdefault(grade.student, []).append(grade.state)
    return told


def test_a_class(submit):
    submit("ada/markets/double_auction.ipynb", solved=True)
    submit("ben/double_auction.ipynb")
    submit("cleo/double_auction.ipynb", "1/0", "def clear(bids, asks): return 1/0", "del best_k")
    submit("dora/my_double_auction_2.ipynb", "exit()", "%time 1 + 1", "print('noise')", solved=True)
    folder = submit("ada/.ipynb_checkpoints/double_auction-checkpoint.ipynb")
    assert states(folder) == {
        "ada": ["correct"] * 3,
        "ben": ["still missing"] * 3,
        "cleo": ["still missing", "wrong", "not defined"],
        "dora": ["correct"] * 3,
    }


def test_file_named_after_the_student(submit):
    folder = submit("eve.ipynb", solved=True)
    assert states(folder) == {"eve": ["correct"] * 3}  # known by the checks it calls
    assert states(folder, chapter="vcg") == {"eve": ["not defined"] * 2}


FAKES = {
    "its own check": "import tefoundations.exercises as e\ne.check = check = lambda *a, **k: True",
    "a judge that is kind": (
        "import tefoundations.exercises.kit.verdicts as j, tefoundations.exercises.kit.feedback as f\n"
        "j.judge = lambda e, *a: f.Feedback(e.name, 'correct', 'yes')\nf.Feedback.__bool__ = lambda self: True"
    ),
    "no exercises left": "from tefoundations.exercises.registry import EXERCISES\nEXERCISES.clear()",
    "the package's answer": (
        "from tefoundations.market import OrderBook, uniform_price\n"
        "def clear(bids, asks):\n"
        "    c = uniform_price(OrderBook.of(bids, asks))\n"
        "    return c.quantity, c.bid_quantity, c.ask_quantity"
    ),
    "a changed package": (
        "import tefoundations.market.stretches as s\ns.ROUNDING = 1e9\n"
        "def clear(bids, asks): return 0, [0] * len(bids), [0] * len(asks)"
    ),
    "another process's answer": "import os\nos.write(1, b'{}')\nos._exit(0)",
    "all file descriptors": (
        "import os\nfor n in range(3, 64):\n    try:\n        os.write(n, b'[]')\n    except OSError: pass\nos._exit(0)"
    ),
    "the secret": "import os\nassert 'TE_SEED' in os.environ\ndef clear(b, a): return os.environ['TE_SEED']",
}


@pytest.mark.parametrize("fake", FAKES)
def test_fakes_are_not_correct(fake, submit, monkeypatch):
    monkeypatch.setenv("TE_SEED", "secret")
    folder = submit("mallory/double_auction.ipynb", FAKES[fake])
    told = grade_folder(folder, "secret")
    assert len(told) == 3 and not any(grade.points for grade in told)
    assert all(grade.state in ("still missing", "wrong") for grade in told)
    assert os.environ["TE_SEED"] == "secret"


def test_command_line(submit, capsys):
    folder = submit("ada/double_auction.ipynb", solved=True)
    command.main(["grade", str(folder), "--seed", "123", "--trust"])
    told = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(told.out)))
    expected = [("ada", name, "correct") for name in NAMES] + [("ada", "total", "")]
    assert [(row["student"], row["exercise"], row["state"]) for row in rows] == expected
    assert rows[-1]["points"] == rows[-1]["max"] == "10"
    assert "1 students, 1 files" in told.err and "[#" not in told.err  # a bar is for a terminal only
    with pytest.raises(SystemExit) as ended:
        command.main(["grade", str(folder / "nowhere"), "--seed", "123"])
    assert ended.value.code == 2 and "is not a folder" in capsys.readouterr().err


def test_seed_from_file_input_and_environment(submit, tmp_path, monkeypatch, capsys):
    folder = (
        submit("class/ada/double_auction.ipynb", "def clear(bids, asks): return repr((bids, asks))", solved=True) / "class"
    )
    (tmp_path / "secret").write_text("a word\n")

    def graded(*words):
        out = tmp_path / "grades.csv"
        command.main(["grade", str(folder), "--out", str(out), "--trust", *words])
        assert (tmp_path / "grades.summary.csv").exists()
        return out.read_text()

    first = graded("--seed-file", str(tmp_path / "secret"))
    assert "curves,2,2,correct" in first and "clearing,0,5,wrong" in first
    monkeypatch.setattr("sys.stdin", io.StringIO("a word"))
    assert graded("--seed-file", "-") == first
    monkeypatch.setenv("TE_SEED", "a word")
    assert graded() == first and "TE_SEED" not in os.environ
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    for words in ([], ["--seed-file", str(tmp_path / "nowhere")]):
        with pytest.raises(SystemExit):
            graded(*words)
    assert "no seed" in capsys.readouterr().err


def test_progress_bar(submit, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    folder = submit("ben/double_auction.ipynb")
    monkeypatch.setattr("sys.stderr", Terminal())
    monkeypatch.setattr("sys.stdout", io.StringIO())
    command.main(["grade", str(folder), "--seed", "s", "--trust"])
    import sys

    assert "[" + "#" * 30 + "] 1/1 ben" in sys.stderr.getvalue()


def test_a_link_is_not_read(submit, tmp_path):
    folder = submit("class/ada/double_auction.ipynb", solved=True) / "class"
    (folder / "mallory").mkdir()
    (folder / "mallory/double_auction.ipynb").symlink_to("../ada/double_auction.ipynb")
    (folder / "oscar").symlink_to("ada")
    (folder / "trudy/week1").mkdir(parents=True)
    (folder / "trudy/week1/double_auction.ipynb").symlink_to(folder / "ada/double_auction.ipynb")
    told = grade_folder(folder, "secret", chapter=CHAPTER)
    assert {g.student for g in told} == {"ada", "mallory", "oscar", "trudy"}
    assert all((g.state == "correct") == (g.student == "ada") for g in told)
    assert all("a link is not read" in g.reason for g in told if g.student != "ada")
    (tmp_path / "other").symlink_to(folder)  # the folder graded may itself be one
    assert [g for g in told if g.student == "ada"] == [
        g for g in grade_folder(tmp_path / "other", "secret", chapter=CHAPTER) if g.student == "ada"
    ]


NAMES_OF_FILES = {b"J\xf6rg": "Jörg", "Zoë".encode(): "Zoë", b"a\nb\x1b[31m": "a b\\x1b[31m", b"=1+1": "=1+1"}


@pytest.mark.parametrize("name", NAMES_OF_FILES, ids=NAMES_OF_FILES.get)
def test_any_name_can_be_graded_and_written(name, submit, tmp_path):
    try:
        folder = submit(f"class/{os.fsdecode(name)}/double_auction.ipynb", solved=True) / "class"
    except OSError as error:
        pytest.skip(f"this file system holds no such name: {error}")
    told = grade_folder(folder, "secret")
    assert [g.student for g in told] == [NAMES_OF_FILES[name]] * 3 and all(g.state == "correct" for g in told)
    write_table(tmp_path / "grades.csv", COLUMNS, rows(told))
    with open(tmp_path / "grades.csv", newline="", encoding="utf-8") as file:
        assert {row["student"].removeprefix("'") for row in csv.DictReader(file)} == {NAMES_OF_FILES[name]}


UNREADABLE = {
    "sheets that are none": (b'{"worksheets": [1]}', "it has no cells"),
    "cells that are none": (b'{"cells": [1, null, {"cell_type": "code", "metadata": []}]}', "no function"),
    "sources that are none": (b'{"cells": [{"cell_type": "code", "source": {}}]}', "cell 1 holds no text"),
    "lists for lines": (b'{"cells": [{"cell_type": "code", "source": ["x", [[]]]}]}', "cell 1 holds no text"),
    "half a pair": (b'{"cells": [{"cell_type": "code", "source": "x = 1 # \\ud800"}]}', "no function"),
    "ten thousand cells": (b'{"cells": [' + b"{}," * 9_999 + b"{}]}", "it has more than 2000 cells"),
    "deep": (b"[" * 100_000, "it is no JSON text"),
    "many lists": (b'{"cells": [' + b"[]," * 300_000 + b"[]]}", "it has more than 300000 brackets"),
    "large": (b'"' + b"x" * 10_000_000 + b'"', "it is larger than 10 MB"),
}


@pytest.mark.parametrize("file", UNREADABLE)
def test_a_file_is_its_own_submissions_fault_alone(file, submit):
    folder = submit("ada/double_auction.ipynb", solved=True)
    (folder / "mallory").mkdir()
    (folder / "mallory/double_auction.ipynb").write_bytes(UNREADABLE[file][0])
    told = grade_folder(folder, "secret")
    assert [g.state for g in told] == ["correct"] * 3 + ["not defined"] * 3
    assert all(UNREADABLE[file][1] in g.reason for g in told[3:]), told[3].reason


def test_folders_without_end_are_one_submissions_fault(submit):
    """Deeper than a path may be long: the system itself cannot name what lies at the bottom."""
    folder = submit("ada/double_auction.ipynb", solved=True)
    submit("ben/" + "/".join(["week"] * 19) + "/double_auction.ipynb", solved=True)
    there, depth = os.getcwd(), 1_500
    try:
        os.chdir(folder)
        for _ in range(depth):
            os.mkdir("mallory")
            os.chdir("mallory")
        os.chdir(there)
        told = {grade.student: grade for grade in grade_folder(folder, "secret")}
    finally:
        os.chdir(folder)
        down = 0
        while os.path.isdir("mallory"):
            os.chdir("mallory")
            down += 1
        for _ in range(down):
            os.chdir("..")
            os.rmdir("mallory")
        os.chdir(there)
    assert told["ada"].state == told["ben"].state == "correct" and down == depth
    assert told["mallory"].state != "correct" and "more than 20 deep" in told["mallory"].reason


def test_telling_what_a_cell_defines_reads_it_once():
    """Looking for a name passes each empty line once; the square of them would take minutes."""
    assert not submissions.mentions("\n" * 400_000 + "x", "clear")
    for text in ("def clear(a):", "  clear =1", "async def\tclear (", "x\n\nclear = 2"):
        assert submissions.mentions(text, "clear")
    assert not submissions.mentions("clear == 3\nunclear = 1\ndef clearly(): 0", "clearest")


def test_an_unforeseen_fault_is_its_submissions_alone(submit, monkeypatch):
    folder = submit("ada/double_auction.ipynb", solved=True)
    submit("ben/double_auction.ipynb", solved=True)
    for stage, words in (("run_submission", "it cannot be run"), ("feedback_on", "its answers cannot be judged")):
        real, met = getattr(grades, stage), []

        def fails_once(*given, real=real, met=met):
            met.append(1)
            if len(met) == 1:
                raise RecursionError("planted")
            return real(*given)

        monkeypatch.setattr(grades, stage, fails_once)
        told = grade_folder(folder, "secret", jobs=1)
        assert all(f"{words}: RecursionError: planted" in g.reason for g in told if g.state == "wrong")
        assert {g.student for g in told if g.state == "wrong"} == {"ada"} and told[-1].state == "correct"


def test_without_a_boundary_nothing_runs_unless_the_class_is_trusted(submit, monkeypatch, capsys):
    folder = submit("ada/double_auction.ipynb", solved=True)
    for module in (grades, command):
        monkeypatch.setattr(module, "boundary", lambda: None)
    with pytest.raises(NoBoundary, match="install bubblewrap"):
        exercises.grade_folder(folder, "secret")
    with pytest.raises(SystemExit):
        command.main(["grade", str(folder), "--seed", "secret"])
    assert "no boundary can be drawn" in capsys.readouterr().err
    command.main(["grade", str(folder), "--seed", "secret", "--trust"])
    told = capsys.readouterr()
    assert "*** NO BOUNDARY" in told.err and "clearing,5,5,correct" in told.out


FORGED = [
    {"kind": "answer", "value": {"a": 1}},
    {"kind": "answer", "value": [1, 2]},  # numbers come as floats
    {"kind": "correct"},
    {"kind": "answer", "value": 1.0, "state": "correct"},
    {"kind": "answer", "value": 1.0, "changed": "all"},
    {"kind": "answer", "value": 1.0, "changed": ["asks"]},
    {"kind": "answer", "value": 1.0, "reordered": ["bids"]},  # and not changed
    {"kind": "answer", "value": 1.0, "reads": "bids"},
    {"kind": "answer", "value": 1.0, "reads": ["*** graded: 100 ***"]},
    {"kind": "answer", "value": 1.0, "reads": ["x" * 61]},
    {"kind": "answer", "value": 1.0, "reads": ["x"] * 21},
    {"kind": "answer", "value": [[[[[[[[[[[[[[[[[[[[[1.0]]]]]]]]]]]]]]]]]]]]]},
    {"kind": "raised", "words": 3},
    {"kind": ["answer"]},
    ["answer", 1.0],
    "correct",
    None,
]


@pytest.mark.parametrize("told", FORGED, ids=str)
def test_what_a_process_tells_is_not_trusted(told):
    from tefoundations.exercises.grader import runs

    assert runs._outcome(told, ("bids",)) == runs.Trial("raised", words="what no answer looks like")
