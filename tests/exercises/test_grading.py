"""The plain runner: states by student, and submissions that try to be graded without answers."""

import csv
import io
import os

import nbformat
import pytest

from tefoundations.exercises import grading
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
    for student, _, feedback in grading.grade_folder(folder, "secret", **options):
        told.setdefault(student, []).append(feedback.state)
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
    assert states(folder) == {"eve": ["not defined"]}
    assert states(folder, chapter=CHAPTER) == {"eve": ["correct"] * 3}


FAKES = {
    "its own check": "import tefoundations.exercises as e\ne.check = check = lambda *a, **k: True",
    "a judge that is kind": (
        "import tefoundations.exercises.judging as j, tefoundations.exercises.feedback as f\n"
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
        "import tefoundations.market.crossing as c\nc.SLIVER = 1e9\n"
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
    told = list(grading.grade_folder(folder, "secret"))
    assert len(told) == 3 and not any(feedback for _, _, feedback in told)
    assert os.environ["TE_SEED"] == "secret"


def test_endless_loop_and_broken_file(submit, tmp_path):
    submit("slow/double_auction.ipynb", "while True: pass")
    folder = submit("works/double_auction.ipynb", solved=True)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/double_auction.ipynb").write_text("no notebook")
    told = {}
    for student, _, feedback in grading.grade_folder(folder, 1, limit=6):
        told[student] = feedback
    assert "longer than 6 s" in told["slow"].reason and "cannot be read" in told["broken"].reason
    assert told["works"]


def test_command_line(submit, capsys):
    folder = submit("ada/double_auction.ipynb", solved=True)
    grading.main(["grade", str(folder), "--seed", "123"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["student"], row["exercise"], row["state"]) for row in rows] == [("ada", n, "correct") for n in NAMES]
    with pytest.raises(SystemExit):
        grading.main(["grade", str(folder / "nowhere"), "--seed", "123"])
    assert "is not a folder" in capsys.readouterr().err
