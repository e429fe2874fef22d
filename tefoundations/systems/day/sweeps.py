"""Many days: the same function over many tasks, on this machine or on any executor, with results as if done one by one."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, as_completed
from time import monotonic
from typing import Any
from uuid import uuid4

from tefoundations.errors import InvalidInput, TEError
from tefoundations.inputs import function, instance, whole
from tefoundations.systems.day.records import day_record
from tefoundations.words import bar, shown


class SweepStopped(TEError):
    """A sweep ended before its end; the message names the task. What was done until then is kept, also by other workers.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    place : int or None
        Position of the task, from 0.
    task : object
        The task itself.
    finished : dict of int to object
        Position -> result of every task that was done; `day_sweep(..., finished=error.finished)` does the others.

    Examples
    --------
    >>> try:
    ...     day_sweep(["2", "x"], run=int)
    ... except SweepStopped as error:
    ...     print(error)
    ...     print(error.finished)
    task 1, 'x': ValueError: invalid literal for int() with base 10: 'x' (1 of 2 are done)
    {0: 2}
    >>> raise SweepStopped("told", place=3)
    Traceback (most recent call last):
        ...
    tefoundations.systems.day.sweeps.SweepStopped: told
    """

    def __init__(self, message: str, *, place: int | None = None, task: object = None, finished: Mapping | None = None):
        self.place, self.task, self.finished = place, task, {} if finished is None else finished
        super().__init__(message)


def day_sweep(
    tasks: Iterable,
    executor: Executor | None = None,
    chunk: int = 1,
    *,
    run: Callable = day_record,
    progress: bool | Callable[[int, int], object] = False,
    finished: Mapping[int, Any] | None = None,
) -> list:
    """Run every task, and return the results in the order of the tasks, whoever computes them and whenever.

    Each task must hold all that `run` needs, its seed too; then an executor gives what one process gives, number by number.
    Every call to an executor is marked as one of its own: Dask's `Client.get_executor()` computes equal calls only once
    unless it is told ``pure=False``, which would give tasks that draw by chance without a seed one common draw.

    Parameters
    ----------
    tasks : iterable of DayPlan, or of what `run` takes
        They travel pickled.
    executor : concurrent.futures.Executor or None
        Who computes: a ``ProcessPoolExecutor``, ``client.get_executor(pure=False)`` of a Dask client, or another; it is left
        open. None: this process, one after the other.
    chunk : int
        So many tasks travel together, at least 1.
    run : callable
        task -> result; a function of a module that the workers can import. Default: `day_record` of a plan.
    progress : bool or callable
        True: a bar on standard error. A callable is given how many tasks are done, and of how many.
    finished : dict of int to object, optional
        Results by position, of an earlier sweep over the same tasks that was stopped; they are not computed again.

    Returns
    -------
    list
        A result a task.

    Raises
    ------
    InvalidInput
        An argument without meaning.
    SweepStopped
        A task failed, or the executor did: names the task, and holds what was done. Tasks that others have begun by then
        are done to their end. A worker that dies is no reason for a cluster that gives its tasks to another; Python's
        process pool ends with it, and one that is dead or closed takes none.

    Examples
    --------
    >>> day_sweep([3, 1, 2], run=abs)
    [3, 1, 2]
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor() as threads:
    ...     day_sweep(range(-3, 0), threads, chunk=2, run=abs)
    [3, 2, 1]
    """
    tasks = list(instance(tasks, Iterable, "tasks"))
    chunk, run = whole(chunk, "chunk", least=1, unit="of tasks"), function(run, "run", of="a task")
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise InvalidInput(f"executor {shown(executor)} has no submit: give a concurrent.futures.Executor, or None")
    if not (isinstance(progress, bool) or callable(progress)):
        told = "must be True, False, or a function of how many are done, and of how many"
        raise InvalidInput(f"progress {shown(progress)} {told}")
    done = _finished(finished, len(tasks))
    show = _bar(len(tasks) - len(done)) if progress is True else progress
    places = [place for place in range(len(tasks)) if place not in done]
    parts = [places[first : first + chunk] for first in range(0, len(places), chunk)]
    outcomes = _here(tasks, parts, run) if executor is None else _there(tasks, parts, run, executor)
    try:
        for part, results, failure in outcomes:
            done.update(zip(part, results))
            if failure:
                raise _stopped(tasks, part[len(results)], failure, done)
            if show:
                show(len(done), len(tasks))
    finally:
        outcomes.close()  # what was not begun is called off
    return [done[place] for place in range(len(tasks))]


def _finished(finished, count):
    done = dict(instance({} if finished is None else finished, Mapping, "finished", advice="position -> result"))
    for place in done:
        whole(place, "finished: position", least=0, most=count - 1)
    return done


def _here(tasks, parts, run):
    for part in parts:
        yield part, *_worked([tasks[place] for place in part], run)


def _there(tasks, parts, run, executor):
    """(positions, results, failure) of each part, in the order in which they come back; at most one failure, the last."""
    mark, waiting = uuid4().hex, {}
    try:
        for part in parts:
            try:
                future = executor.submit(_worked, [tasks[place] for place in part], run, (mark, part[0]))
            except Exception as error:  # of the executor: a pool that is dead, or closed
                yield from _begun(waiting)
                yield part, [], _not_computed(error)
                return
            waiting[future] = part
        for future in as_completed(list(waiting)):
            part = waiting.pop(future)  # a future that is held keeps its result on the cluster
            results, failure = _came(future)
            if failure:
                yield from _begun(waiting)
            yield part, results, failure
    finally:
        for future in waiting:
            future.cancel()


def _begun(waiting):
    """What can no longer be called off is done to its end, and kept: (positions, results, None) of each part."""
    going = {future: part for future, part in waiting.items() if not future.cancel()}
    for future in as_completed(going):
        yield going[future], _came(future)[0], None


def _came(future):
    """(results, failure) of a part."""
    try:
        return future.result()
    except Exception as error:  # of the executor: a dead pool, a lost worker, what cannot be pickled
        return [], _not_computed(error)


def _not_computed(error):
    return f"not computed, {type(error).__name__}: {error}", ""


def _worked(tasks, run, mark=None):
    """In the worker: the results up to the first task that fails, and how it fails; the mark makes equal calls differ."""
    results = []
    for task in tasks:
        try:
            results.append(run(task))
        except Exception as error:  # whatever it is, it is told with its task
            return results, (f"{type(error).__name__}: {error}", traceback.format_exc())
    return results, None


def _stopped(tasks, place, failure, done):
    said, trace = failure
    kept = f"{len(done)} of {len(tasks)} are done"
    error = SweepStopped(
        f"task {place}, {shown(tasks[place])}: {said} ({kept})", place=place, task=tasks[place], finished=done
    )
    if trace:
        error.add_note(f"In the worker:\n{trace}")
    return error


def _bar(most):
    """A bar on standard error, with the time that is left if the tasks are alike; `most` tasks are not done yet."""
    began = monotonic()

    def show(done, total):
        spent, left = monotonic() - began, total - done
        told = f"about {spent / (most - left) * left:.0f} s left" if left else f"{spent:.0f} s"
        print(f"\r{bar(done, total)}, {told:<24}", end="" if left else "\n", file=sys.stderr, flush=True)

    return show
