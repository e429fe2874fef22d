"""Running a submission in a process of its own, watched: what its functions gave, and what was in the way.

The process is started afresh from this one's program, so it inherits no memory, and within a boundary, where one can be
had (see `tefoundations.exercises.grader.boundary`). It says each step before it takes it.
When a step takes too long or ends the process, the step is known: the process is stopped, and a new one goes on
without the exercise at which it happened, or with no more of the cell than its imports, functions and classes; and
without the cell altogether, if even those do harm. One bad cell costs what it computes, nothing else.
"""

import json
import os
import pickle
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from queue import Empty, Queue
from threading import Thread

from tefoundations.exercises.grader.boundary import OWN
from tefoundations.exercises.grader.worker import LONGEST, Question
from tefoundations.exercises.kit.outside import LONGEST_NAME, MOST_NAMES
from tefoundations.exercises.kit.trials import Trial
from tefoundations.exercises.kit.values import cut, readable

KINDS = ("answer", "missing", "signature", "refused", "raised", "undefined", "noncallable", "stopped")
KEPT = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "LANG", "LC_ALL")  # of the environment; no secret
START = 120.0  # seconds an interpreter may take to be ready on a busy machine
# What one process may tell in all. Right answers to a chapter come to a tenth of the bytes and a twentieth of the steps.
MOST_BYTES, MOST_STEPS = 20 * LONGEST, 20_000
DEEPEST = 20  # lists in lists of an answer
WORDS = 300  # characters


@dataclass(frozen=True)
class Limits:
    """How much one submission may take.

    Parameters
    ----------
    cell : float
        Seconds of one cell.
    exercise : float
        Seconds of all cases of one exercise together.
    notebook : float
        Seconds of everything, with what is begun anew.
    memory : int
        Megabytes (2**20 bytes) of address space. Linux keeps it; macOS and Windows do not.

    Examples
    --------
    >>> Limits(exercise=5)
    Limits(cell=20.0, exercise=5, notebook=180.0, memory=1024)
    """

    cell: float = 20.0
    exercise: float = 20.0
    notebook: float = 180.0
    memory: int = 1024


@dataclass
class Ran:
    """What came of a submission.

    Parameters
    ----------
    outcomes : dict of str: list of Trial
        By exercise.
    stopped : dict of str: str
        Why an exercise was not finished, in words.
    cells : dict of int: str
        Why a cell failed or was left out, by its position among the code cells.
    seconds : float
    """

    outcomes: dict = field(default_factory=dict)
    stopped: dict = field(default_factory=dict)
    cells: dict = field(default_factory=dict)
    seconds: float = 0.0


def questions_of(exercises):
    """What a submission's process is told of some exercises, as plain data."""
    asked = []
    for exercise in exercises:
        functions = [getattr(function, "__func__", function) for function in exercise.forbidden]
        forbidden = tuple(f"{function.__module__}:{function.__qualname__}" for function in functions)
        asked.append(Question(exercise.name, exercise.function, exercise.parameters, forbidden))
    return asked


def run_submission(cells, questions, cases, limits, hidden=(), within=None):
    """Run a submission's cells and ask for its exercises.

    Parameters
    ----------
    cells : list of str
    questions : list of Question
    cases : dict of str: list of tuple
    limits : Limits
    hidden : sequence of str
        Folders and files the submission may not read.
    within : Boundary, optional
        What keeps it from everything but its own world; else only Python does.

    Returns
    -------
    Ran
    """
    ran, left_out, began = Ran(), {}, time.monotonic()
    end, failed_starts = began + limits.notebook, 0
    while True:
        open_ones = [q for q in questions if q.name not in ran.stopped and not _finished(ran, q, cases)]
        for question in open_ones:
            ran.outcomes[question.name] = []
        task = {
            "word": secrets.token_hex(8),
            "cells": cells,
            "left out": left_out,
            "questions": [asdict(question) for question in open_ones],
            "memory": limits.memory,
            "hidden": [] if within else [str(path) for path in hidden],
        }
        step, words = _attempt(task, cases, ran, limits, end, partial(_start, within, hidden))
        if step is None:
            break
        kind, which = step
        if kind == "start":
            failed_starts += 1
            if failed_starts > 1:
                ran.stopped |= {question.name: words for question in open_ones}
                break
        elif kind == "cell":
            left_out[which] = left_out.get(which, 0) + 1
            ran.cells[which] = words
        else:
            ran.stopped[which] = words
        if time.monotonic() > end:
            late = f"the notebook takes longer than {limits.notebook:g} s in all"
            for question in open_ones:
                if not _finished(ran, question, cases):
                    ran.stopped.setdefault(question.name, late)
            break
    ran.seconds = time.monotonic() - began
    return ran


def _finished(ran, question, cases):
    outcomes = ran.outcomes.get(question.name, [])
    return bool(outcomes) and (len(outcomes) == len(cases[question.name]) or outcomes[-1].kind not in ("answer", "raised"))


def _attempt(task, cases, ran, limits, end, start):
    """One process: None when all is done, else the step at which it ended, and why in words."""
    with tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as own:
        process = start(own)
        steps, to_send = Queue(), Queue()
        to_send.put(task)
        listener = Thread(target=_listen, args=(process.stdout, task["word"], steps), daemon=True)
        listener.start()
        Thread(target=_send, args=(process.stdin, to_send), daemon=True).start()
        try:
            return _follow(process, steps, ran, limits, end, task, _Cases(cases, to_send))
        finally:
            _stop(process)
            to_send.put(None)
            listener.join(5)


def _start(within, hidden, own):
    """The process, in its own folder; `hidden` need only be told to a boundary."""
    surroundings = {name: os.environ[name] for name in KEPT if name in os.environ}
    for name in ("HOME", "TMPDIR", "TEMP", "TMP", "IPYTHONDIR", "MPLCONFIGDIR", "USERPROFILE"):
        surroundings[name] = OWN if within else own
    surroundings |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    surroundings |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "TEF_STATIC": "1", "PYTHONIOENCODING": "utf-8"}
    words = ["-m", "tefoundations.exercises.grader.worker"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "cwd": own}
    if within:
        return within.start(words, surroundings, hidden, **pipes)
    return subprocess.Popen([sys.executable, *words], env=surroundings, start_new_session=os.name == "posix", **pipes)


def _listen(stream, word, steps):
    """Put each step a process tells into the queue; None when it tells no more. What is no step is passed over."""
    bytes_left, steps_left = MOST_BYTES, MOST_STEPS
    with suppress(OSError, ValueError), stream:
        while line := stream.readline(4 * LONGEST):
            bytes_left, steps_left = bytes_left - len(line), steps_left - 1
            if min(bytes_left, steps_left) < 0:
                steps.put({"flood": True})
                break
            with suppress(ValueError, TypeError, RecursionError):
                said, step = json.loads(line)
                if said == word and isinstance(step, dict):
                    steps.put(step)
    steps.put(None)


def _send(stream, to_send):
    """Write one thing after the other, until None comes or nobody reads."""
    with suppress(OSError), stream:
        while (thing := to_send.get()) is not None:
            stream.write(pickle.dumps(thing))
            stream.flush()


class _Cases:
    """The cases of each exercise, sent once: when it is asked for."""

    def __init__(self, cases, to_send):
        self._cases, self._to_send, self._sent = cases, to_send, set()

    def send(self, name):
        if name not in self._sent:
            self._sent.add(name)
            self._to_send.put(self._cases[name])

    def count(self, name):
        return len(self._cases[name])


def _stop(process):
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _follow(process, steps, ran, limits, end, task, cases):
    cells, asked = range(len(task["cells"])), {question["name"]: question for question in task["questions"]}
    now, most = ("start", None), START
    begun = time.monotonic()
    while True:
        until = begun + most if now[0] == "start" else min(begun + most, end)
        try:
            step = steps.get(timeout=max(until - time.monotonic(), 0.0))
        except Empty:
            return now, _late(now, most, limits, end)
        if step is None:
            return now, _ended(now, process)
        if "flood" in step:
            return now, "it tells more than a submission may"
        if "done" in step:
            return None, ""
        if _one_of(step.get("full"), cells):
            return ("cell", step["full"]), f"it wants more than {limits.memory} MB of memory"
        if _one_of(step.get("cell"), cells):
            now, most, begun = ("cell", step["cell"]), limits.cell, time.monotonic()
        elif _one_of(step.get("ran"), cells):
            _note(ran, step)
        elif _one_of(step.get("ask"), asked):
            now, most, begun = ("exercise", step["ask"]), limits.exercise, time.monotonic()
            cases.send(step["ask"])
        elif _one_of(step.get("of"), asked) and now == ("exercise", step["of"]):
            given = ran.outcomes[step["of"]]
            if len(given) < cases.count(step["of"]):
                given.append(_outcome(step.get("outcome"), asked[step["of"]]["parameters"]))


def _one_of(told, known):
    """Whether what was told is a cell's number, or an exercise's name: a submission may tell anything."""
    return type(told) in (int, str) and told in known


def _note(ran, step):
    if step.get("failed"):
        ran.cells[step["ran"]] = cut(readable(str(step["failed"])), WORDS)
    else:
        ran.cells.pop(step["ran"], None)


def _outcome(told, parameters):
    """An outcome as told by a submission's process, which is not to be trusted."""
    known = {each.name for each in fields(Trial)}
    fits = isinstance(told, dict) and not set(told) - known and told.get("kind") in KINDS
    fits = fits and isinstance(told.get("words", ""), str) and _plain(told.get("value"))
    changed, reordered, reads = (told.get(key, []) if fits else None for key in ("changed", "reordered", "reads"))
    if _names(changed, parameters.__contains__) and _names(reordered, changed.__contains__) and _names(reads, _is_name):
        words = cut(readable(told.get("words", "")), WORDS)
        return Trial(told["kind"], told.get("value"), words, changed, reordered, reads)
    return Trial("raised", words="what no answer looks like")


def _names(told, known):
    return isinstance(told, list) and len(told) <= MOST_NAMES and all(type(name) is str and known(name) for name in told)


def _is_name(text):
    return text.isidentifier() and len(text) <= LONGEST_NAME


def _plain(value, depth=0):
    if isinstance(value, list):
        return depth < DEEPEST and all(_plain(each, depth + 1) for each in value)
    return value is None or type(value) in (float, bool, str)


def _late(now, most, limits, end):
    if now[0] == "start":
        return "it could not be started"
    if time.monotonic() >= end:
        return f"the notebook takes longer than {limits.notebook:g} s in all"
    return f"it does not come back within {most:g} s"


def _ended(now, process):
    with suppress(subprocess.TimeoutExpired):
        process.wait(2)
    return "it could not be started" if now[0] == "start" else "it ends the process in which it runs"
