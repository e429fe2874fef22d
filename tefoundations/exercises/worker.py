"""The process in which one submission runs (see `tefoundations.exercises.grading`).

Reads the cases from standard input, runs the notebook's cells, asks its functions, writes the outcomes as JSON.
"""

import json
import os
import pickle
import sys
from dataclasses import asdict
from io import StringIO

from tefoundations.exercises.asking import Outcome, ask
from tefoundations.exercises.registry import EXERCISES


def run_cells(file):
    """Run a notebook's code cells in order, as Jupyter would, and go on after a cell that fails.

    Parameters
    ----------
    file : str

    Returns
    -------
    dict
        The names the notebook defined.
    """
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    with open(file, encoding="utf-8") as opened:
        cells = json.load(opened)["cells"]
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    for cell in cells:
        if cell["cell_type"] == "code":
            shell.run_cell("".join(cell["source"]), store_history=False)
    return shell.user_ns


def outcomes(cases, names):
    """What the notebook's functions give: for each exercise a list of outcomes as dicts, up to the first non-answer."""
    given = {}
    for name, each in cases.items():
        exercise = EXERCISES[name]
        function = names.get(exercise.function)
        if not callable(function):
            given[name] = [asdict(Outcome("undefined"))]
            continue
        given[name] = []
        for case in each:
            outcome = ask(exercise, function, case)
            given[name].append(asdict(outcome))
            if outcome.kind not in ("answer", "raised"):
                break
    return given


def main():
    cases = pickle.loads(sys.stdin.buffer.read())
    # Whatever the cells print must not mix with the answer.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.stdin, sys.stdout, sys.stderr = StringIO(), StringIO(), StringIO()
    json.dump(outcomes(cases, run_cells(sys.argv[1])), answer)
    answer.close()


if __name__ == "__main__":
    main()
