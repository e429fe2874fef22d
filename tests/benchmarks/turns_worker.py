"""What the benchmarks of grids share: routes that take turns, and peers that wait in environments of their own.

Both sides of a pipe import this file, so it needs nothing but numpy. A route is a function without arguments that returns
{"seconds": {suffix of its name: seconds}, "value": array}; the value is what all routes must agree on.
"""

import json
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy is loaded: one thread a solver

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
MOST, LEAST, ENOUGH = 15, 3, 5.0  # turns of a route: at most, at least, and seconds after which the least will do
TURN = (
    0.03  # seconds; a fast route is called again and again in its turn, else it would pay for the caches that others emptied
)


def stopwatch():
    """A function that tells the seconds since now: by the clock, or of this process if the machine did other things."""
    clock, own = time.perf_counter(), time.process_time()
    return lambda: min(time.perf_counter() - clock, time.process_time() - own)


def timed(solve, parts=1):
    """A route of this process: `solve` returns its value; the time is divided by the parts it solves."""

    def route():
        elapsed = stopwatch()
        value = solve()
        return {"seconds": {"": elapsed() / parts}, "value": np.asarray(value)}

    return route


def in_turns(routes, tolerance):
    """Median seconds by name of all routes that agree with the first, one after the other in every round.

    The first call of a route is not timed: it imports, and its value is compared. A route may answer for the first rows of
    the value only. Whoever has no answer, or differs by more than `tolerance` of the largest value, is left out by name.
    """
    kept, expected = {}, None
    for name, route in routes.items():
        try:
            value = np.asarray(route()["value"])
        except Exception as error:  # peers have no common class of errors
            if expected is None:
                raise
            print(f"    left out, no answer: {name}: {type(error).__name__} {str(error)[:100]}")
            continue
        expected = value if expected is None else expected
        apart = np.abs(value - expected[: len(value)]).max() / np.abs(expected).max()
        print(f"    {name}: differs by {apart:.1e} of the largest value")
        if apart <= tolerance:
            kept[name] = route
        else:
            print("    left out: another answer")
    found = {name: {} for name in kept}
    for turn in range(MOST):
        for name, route in kept.items():
            if turn < LEAST or sum(found[name][""]) < ENOUGH:
                one_turn(route, found[name])
    return {name + suffix: statistics.median(seconds) for name in kept for suffix, seconds in found[name].items()}


def one_turn(route, found):
    """Call the route at least once, and add its seconds to what was found."""
    until = time.perf_counter() + TURN
    while True:
        for suffix, seconds in route()["seconds"].items():
            found.setdefault(suffix, []).append(seconds)
        if time.perf_counter() > until:
            return


class Peer:
    """A route in another environment: a worker that reads its data, then solves once for every line it is sent.

    Parameters
    ----------
    python : path
        The environment's interpreter.
    script : str
        The worker, beside this file; it calls `serve`.
    arrays : dict of arrays
        Its data.
    """

    def __init__(self, python, script, arrays):
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "arrays.npz"
        np.savez(file, **arrays)
        self.worker = subprocess.Popen(
            [python, HERE / script, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self):
        self.worker.stdin.write("\n")
        self.worker.stdin.flush()
        answer = json.loads(self.worker.stdout.readline() or '{"error": "the worker ended"}')
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.worker.stdin.close()
        self.worker.wait()
        self.folder.cleanup()


def serve(build, solve):
    """The worker's side: `built = build(arrays)` once, then a route's answer `solve(built)` for every line that comes."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what solvers print is no answer
    built = build(dict(np.load(sys.argv[1])))
    for _ in sys.stdin:
        try:
            answer = solve(built)
            answer["value"] = np.asarray(answer["value"]).tolist()
        except Exception as error:
            answer = {"error": f"{type(error).__name__} {error}"}
        print(json.dumps(answer), file=answers, flush=True)
