"""The process in which one submission runs (see `tefoundations.exercises.grader.runs`).

It is a fresh interpreter and knows cells and the names of what is forbidden: no seed, no reference, no other
submission. It reads its task from standard input, closes the door behind itself (`guard`), runs the cells, asks the
functions, and says after each step what came of it, one line of JSON a step. The cases of an exercise reach it when it
says that it asks for that exercise: no cell has seen them.
"""

import ast
import json
import os
import pickle
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import reduce
from importlib import import_module

from tefoundations.exercises.grader.guard import close_in
from tefoundations.exercises.grader.syscalls import allow_no_processes
from tefoundations.exercises.kit.trials import Nowhere, Trial, ask

MOST_FILES = 128  # open at once: what waits in sockets and pipes counts for no process
LONGEST = 200_000  # characters of one answer; a right one has some hundred


@dataclass(frozen=True)
class Question:
    """What a submission's process knows of an exercise.

    Parameters
    ----------
    name : str
    function : str
        Name of what the learner writes.
    parameters : tuple of str
        Names of its parameters; empty where a value is asked for.
    forbidden : tuple of str
        ``"module:qualified name"`` of each function that refuses.
    """

    name: str
    function: str
    parameters: tuple[str, ...]
    forbidden: tuple[str, ...]

    @property
    def refuses(self):
        """The functions themselves."""
        found = []
        for each in self.forbidden:
            module, _, path = each.partition(":")
            named = reduce(getattr, path.split("."), import_module(module))
            # A property is named as the function that it calls.
            found.append(getattr(named, "fget", None) or getattr(named, "func", None) or named)
        return tuple(found)


class Nobody(Nowhere):
    """Standard input and output of a submission: what it prints is dropped, and nobody answers."""

    def readline(self, size=-1):
        raise EOFError("nobody types while a notebook is graded")

    read = readline


class Later:
    """What `check` gives here: the judging is done elsewhere."""

    def __bool__(self):
        return True

    def __repr__(self):
        return "taken; it is judged outside"


class Teller:
    """Says each step on a pipe of its own, opened with a word that the cells do not know."""

    def __init__(self, word):
        self._pipe, self._word = os.dup(1), word
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)

    def __call__(self, **step):
        text = (json.dumps([self._word, step]) + "\n").encode("ascii")
        while text:
            text = text[os.write(self._pipe, text) :]


def limit_memory(megabytes):
    """Cap this process's memory and the files it writes, where the system can (Linux; elsewhere nothing happens)."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (("RLIMIT_AS", megabytes << 20), ("RLIMIT_FSIZE", 64 << 20), ("RLIMIT_CORE", 0),
                       ("RLIMIT_NOFILE", MOST_FILES)):  # fmt: skip
        with suppress(AttributeError, OSError, ValueError):
            resource.setrlimit(getattr(resource, what), (most, most))


class Notebook:
    """The cells of a submission, run in order in one shell.

    Parameters
    ----------
    cells : list of str
    functions : collection of str
        Names asked for: every definition of them is kept, so that a stub further down hides nothing.
    tell : callable
    """

    def __init__(self, cells, functions, tell):
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        quiet = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"xmode": "Minimal"}})
        self._shell = InteractiveShell.instance(config=quiet)
        self._cells, self._tell = cells, tell
        self.names = self._shell.user_ns
        self.written = {name: [] for name in functions}

    def run(self, left_out):
        """Run the cells; those that missed a name once more, for it may stand below them.

        Parameters
        ----------
        left_out : dict of int: int
            How often a cell did harm: after the first time it is only defined, after the second it is left out.
        """
        cells = {n: text if n not in left_out else defined(text) for n, text in enumerate(self._cells)}
        early = [n for n, text in cells.items() if left_out.get(n, 0) < 2 and self._cell(n, text, n in left_out)]
        for number in early:
            self._cell(number, cells[number], number in left_out)

    def _cell(self, number, text, reduced):
        self._tell(cell=number)
        done = self._shell.run_cell(text, store_history=False, silent=True)
        error = done.error_before_exec or done.error_in_exec
        for name, known in self.written.items():
            found = self.names.get(name)
            if found is not None and all(found is not one for one in known):
                known.append(found)
        if isinstance(error, MemoryError):
            self._tell(full=number)
            os._exit(3)
        words = "" if error is None else f"{type(error).__name__}: {error}"[:300]
        if not reduced:  # else it is known why
            self._tell(ran=number, failed=words)
        return isinstance(error, NameError)


def defined(text):
    """Of a cell no more than what it imports and defines."""
    keep = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ""
    return "\n".join(ast.unparse(node) for node in tree.body if isinstance(node, keep))


def put(question, task, notebook, tell):
    """Ask for one exercise, case by case, until an answer is none; each outcome is told."""
    tell(ask=question.name)
    cases = pickle.load(task)
    if notebook.names.get(question.function) is None:
        return tell(of=question.name, outcome=asdict(Trial("undefined")))
    for solution in reversed(notebook.written[question.function]):
        if not question.parameters and not callable(solution):
            solution = _valued(solution)
        if not callable(solution):
            found = Trial("noncallable", words=type(solution).__name__)
        else:
            found = _asked(question, solution, cases[0])
        if found.kind != "missing":
            break
    tell(of=question.name, outcome=asdict(found))
    if found.kind in ("answer", "raised"):
        for case in cases[1:]:
            found = _asked(question, solution, case, first=False)
            tell(of=question.name, outcome=asdict(found))
            if found.kind not in ("answer", "raised"):
                return None
    return tell(end=question.name)


def _valued(value):
    return lambda: value


def _asked(question, solution, case, first=True):
    try:
        found = ask(question, solution, case, first)
    except KeyboardInterrupt:
        found = Trial("raised", words="KeyboardInterrupt")
    if found.kind == "raised" and "MemoryError" in found.words.split(":")[0]:
        return Trial("stopped", words="it wants more memory than a submission may have")
    if len(json.dumps(found.value)) > LONGEST:
        return Trial("stopped", words=f"its answer has more than {LONGEST} characters")
    return found


def main():
    pipe = os.fdopen(os.dup(0), "rb")
    task = pickle.load(pipe)
    tell = Teller(task["word"])
    sys.stdin, sys.stdout, sys.stderr = Nobody(), Nobody(), Nobody()
    questions = [Question(**one) for one in task["questions"]]
    for question in questions:
        question.refuses  # noqa: B018  (loads what is forbidden, before the door closes)
    import tefoundations.exercises as room

    room.check = lambda *args, **kwargs: Later()
    notebook = Notebook(task["cells"], {question.function for question in questions}, tell)
    limit_memory(task["memory"])
    allow_no_processes()
    close_in(os.getcwd(), task["hidden"])
    notebook.run(task["left out"])
    for question in questions:
        put(question, pipe, notebook, tell)
    tell(done=True)
    os._exit(0)  # threads that a submission left behind do not hold anybody up


if __name__ == "__main__":
    main()
