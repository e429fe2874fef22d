"""The plain runner: states by student, and submissions that try to be graded without answers."""

import csv
import io
import os

import nbformat
import pytest

from tefoundations.exercises import grade_folder
from tefoundations.exercises.grader import command
from tefoundations.exercises.registry import EXERCISES

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
    command.main(["grade", str(folder), "--seed", "123"])
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
        command.main(["grade", str(folder), "--out", str(out), *words])
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
    command.main(["grade", str(folder), "--seed", "s"])
    import sys

    assert "[" + "#" * 30 + "] 1/1 ben" in sys.stderr.getvalue()


FORGED = [
    {"kind": "answer", "value": {"a": 1}},
    {"kind": "answer", "value": [1, 2]},  # numbers come as floats
    {"kind": "correct"},
    {"kind": "answer", "value": 1.0, "state": "correct"},
    {"kind": "answer", "value": 1.0, "changed": "all"},
    {"kind": "raised", "words": 3},
    {"kind": ["answer"]},
    ["answer", 1.0],
    "correct",
    None,
]


@pytest.mark.parametrize("told", FORGED, ids=str)
def test_what_a_process_tells_is_not_trusted(told):
    from tefoundations.exercises.grader import runs

    assert runs._outcome(told) == runs.Trial("raised", words="what no answer looks like")
