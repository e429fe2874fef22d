"""A sweep: in order, equal to one by one on every executor, each failure with the name of its task, nothing lost."""

import os
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from threading import Event, Timer
from time import sleep

import numpy as np
import pytest

from tefoundations.errors import InvalidInput
from tefoundations.systems import (
    DayPlan,
    Street,
    SweepStopped,
    as_usual,
    day_record,
    day_sweep,
    lane_day,
    street_days,
    varied,
)
from tests.systems import sweep_tasks

STREETS = [Street(number, season, days=2) for number in (3, 1) for season in ("winter", "summer", "holiday")]


@pytest.fixture(scope="module")
def pool():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        yield processes


@pytest.fixture(scope="module")
def dask():
    """A client of two worker processes, and none of their dashboards and files left behind."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_a_process_pool_gives_what_one_process_gives(pool):
    alone = day_sweep(STREETS, run=street_days)
    assert day_sweep(STREETS, pool, chunk=4, run=street_days) == alone
    assert [record["street"] for record in alone] == [3, 3, 3, 1, 1, 1]
    assert alone[0] == street_days(STREETS[0]) and len({record["gain"] for record in alone}) == 6


@pytest.mark.parametrize("where", ["pool", "dask"])
def test_plans_travel(where, request):
    """What a sweep does of itself: each plan's day by the market, as a row."""
    executor = request.getfixturevalue(where)
    executor = executor if where == "pool" else executor.get_executor(pure=False)
    plans = [DayPlan.of(day, cap=cap) for day in ("winter", "holiday") for cap in (None, 28)]
    rows = day_sweep(plans, executor, run=partial(day_record, learn=1))
    assert rows == [day_record(plan, learn=1) for plan in plans]
    assert [row["name"] for row in rows] == ["winter", "winter", "holiday", "holiday"] and rows[1]["peak"] < rows[0]["peak"]
    assert day_sweep(plans[2:3], executor) == [day_record(plans[2])]


@pytest.mark.parametrize("chunk", [1, 4])
def test_dask_gives_what_one_process_gives(dask, chunk):
    executor = dask.get_executor(pure=False)
    assert day_sweep(STREETS, executor, chunk=chunk, run=street_days) == day_sweep(STREETS, run=street_days)


def test_the_workers_of_dask_are_other_processes(dask):
    told = day_sweep(range(20), dask.get_executor(pure=False), run=sweep_tasks.process)
    assert [task for task, _ in told] == list(range(20))
    assert {who for _, who in told} <= {worker["pid"] for worker in _workers(dask)} and os.getpid() not in dict(
        told
    ).values()


def _workers(client):
    return list(client.run(lambda: {"pid": os.getpid()}).values())


def test_equal_tasks_are_computed_each_also_where_dask_takes_them_for_one(dask):
    """The trap: Dask's executor is pure unless told, and gives one result for equal calls."""
    plain = dask.get_executor()
    held = [plain.submit(sweep_tasks.drawn, 1) for _ in range(3)]
    assert len({future.result() for future in held}) == 1
    assert len(set(day_sweep([2, 2, 2], plain, run=sweep_tasks.drawn))) == 3


def test_a_worker_that_is_killed_costs_nothing_but_time(dask, tmp_path):
    file = tmp_path / "killed"
    tasks = [(number, str(file)) for number in range(12)]
    before = {worker["pid"] for worker in _workers(dask)}
    squares = day_sweep(tasks, dask.get_executor(pure=False), run=sweep_tasks.killed_once)
    assert squares == [number**2 for number in range(12)]
    assert int(file.read_text()) in before  # one of the workers was killed in the middle of the sweep


def test_a_pool_that_dies_keeps_what_was_done(tmp_path):
    tasks = [(number, str(tmp_path / "killed")) for number in range(12)]
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        pytest.raises(SweepStopped, match=r"task \d+, \(\d+, .*: not computed, BrokenProcessPool: ") as stopped,
    ):
        day_sweep(tasks, pool, run=sweep_tasks.killed_once)
    kept = stopped.value.finished
    assert kept and all(kept[place] == place**2 for place in kept) and 5 not in kept and stopped.value.place not in kept
    asked = []
    rest = day_sweep(tasks, run=lambda task: asked.append(task[0]) or task[0] ** 2, finished=kept)
    assert rest == [number**2 for number in range(12)] and asked == [n for n in range(12) if n not in kept]


@pytest.mark.parametrize("where", ["here", "threads", "pool", "dask"])
@pytest.mark.parametrize("chunk", [1, 3])
def test_an_error_names_its_task(where, chunk, request):
    executor = None
    if where == "threads":
        executor = request.getfixturevalue("threads")
    elif where != "here":
        executor = request.getfixturevalue(where)
        executor = executor if where == "pool" else executor.get_executor(pure=False)
    with pytest.raises(SweepStopped, match="task 4, 0: ZeroDivisionError: ") as stopped:
        day_sweep([5, 4, 3, 2, 0], executor, chunk, run=sweep_tasks.inverse)
    error = stopped.value
    assert (error.place, error.task) == (4, 0) and 4 not in error.finished
    assert "in inverse" in error.__notes__[0]  # where it happened, in the worker
    assert all(result == 1 / [5, 4, 3, 2][place] for place, result in error.finished.items())
    assert where != "here" or len(error.finished) == 4


@pytest.mark.parametrize("end", ["closed", "dead"])
def test_a_pool_that_takes_no_task_is_told_with_the_task(end):
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    if end == "closed":
        pool.shutdown()
    elif pool.submit(os._exit, 1).exception() is None:
        pytest.fail("the process should have ended")
    with pool, pytest.raises(SweepStopped, match="task 1, -2: not computed, (RuntimeError|BrokenProcessPool): ") as stopped:
        day_sweep([-1, -2, -3], pool, run=abs, finished={0: 1})
    assert (stopped.value.place, stopped.value.task, stopped.value.finished) == (1, -2, {0: 1})


def test_what_was_sent_before_a_pool_closed_is_kept():
    began, go = [Event(), Event()], Event()

    def run(number):
        began[number].set()
        go.wait(10)
        return number + 100

    class Closing(ThreadPoolExecutor):
        def submit(self, *work):
            if all(event.is_set() for event in began):  # both are being done, and so cannot be called off
                Timer(0.05, go.set).start()
                raise RuntimeError("closed for today")
            future = super().submit(*work)
            began[work[1][0]].wait(10)
            return future

    with Closing(2) as pool, pytest.raises(SweepStopped, match="task 2, 2: not computed, RuntimeError: closed") as stopped:
        day_sweep(range(4), pool, run=run)
    assert stopped.value.finished == {0: 100, 1: 101}


def test_what_others_have_begun_when_a_task_fails_is_kept(threads):
    """The second task is half done when the first one fails; its result is not thrown away."""
    began, seen = Event(), []

    def run(number):
        if number == 0:
            began.wait(10)
            raise ValueError("bad")
        began.set()
        sleep(0.2)
        seen.append(number)
        return number * 10

    with pytest.raises(SweepStopped, match="task 0, 0: ValueError: bad") as stopped:
        day_sweep(range(50), threads, run=run)
    assert 1 in seen and stopped.value.finished == {number: number * 10 for number in seen}


@pytest.fixture
def threads():
    with ThreadPoolExecutor(2) as executor:
        yield executor


def test_what_cannot_travel_is_told_with_its_task(pool):
    with pytest.raises(SweepStopped, match="task 0, 1: not computed, .*pickle"):
        day_sweep([1, 2], pool, run=lambda number: number)
    with pytest.raises(SweepStopped, match="task [01], [12]: not computed, .*pickle"):
        day_sweep([1, 2], pool, run=sweep_tasks.unpicklable)


def test_what_was_not_begun_is_called_off(threads):
    seen = []

    def run(number):
        seen.append(number)
        sleep(0.01 if number else 0)
        return 1 / number

    with pytest.raises(SweepStopped, match="task 0, 0: "):
        day_sweep([0, *range(1, 1000)], threads, run=run)
    assert len(seen) < 1000


def test_progress_is_shown(capsys, threads):
    steps = []
    day_sweep(range(1, 6), threads, 2, run=sweep_tasks.inverse, progress=lambda *step: steps.append(step))
    assert steps[-1] == (5, 5) and [done for done, _ in steps] in ([1, 3, 5], [2, 3, 5], [2, 4, 5])
    day_sweep(range(1, 6), run=sweep_tasks.inverse, progress=True, finished={0: 1.0})
    told = capsys.readouterr()
    assert told.out == "" and "2/5, about " in told.err and told.err.rstrip().endswith("5/5, 0 s")
    day_sweep(range(1, 6), run=sweep_tasks.inverse)
    assert capsys.readouterr().err == ""


def test_nothing_to_do():
    assert day_sweep([], run=abs) == [] and day_sweep(iter([-1]), run=abs) == [1]
    assert day_sweep([1], run=sweep_tasks.inverse, finished={0: "kept"}) == ["kept"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tasks": 3}, "tasks must be an Iterable, not an int"),
        ({"chunk": 0}, "chunk 0 must be a whole number of tasks, at least 1"),
        ({"run": "abs"}, "run must be a function of a task, not a str"),
        ({"executor": 2}, "executor 2 has no submit: give a concurrent.futures.Executor, or None"),
        ({"finished": [1]}, "finished must be a Mapping, not a list: position -> result"),
        ({"finished": {7: 1}}, "finished: position 7"),
        ({"progress": "yes"}, "progress 'yes' must be True, False, or a function of how many are done"),
        ({"progress": 1}, "progress 1 must be True, False"),
    ],
)
def test_arguments_without_meaning(change, words):
    with pytest.raises(InvalidInput) as told:
        day_sweep(**({"tasks": [1], "run": abs} | change))
    assert words in str(told.value)


def test_a_stopped_sweep_travels():
    error = pickle.loads(pickle.dumps(SweepStopped("told", place=1, task=2, finished={0: 3})))
    assert (str(error), error.place, error.task, error.finished) == ("told", 1, 2, {0: 3})


@pytest.mark.parametrize("season", ["winter", "summer"])
def test_other_people_live_alike(season):
    """On average over many streets each member uses what the book's does; cars ask for what they can get."""
    lane = lane_day(season)
    others = [varied(lane, rng=number) for number in range(300)]
    mean = np.mean([other.base.sum(axis=0) for other in others], axis=0)
    spread = 0.31 / np.sqrt(300)  # of the mean of a log-normal number with 0.3
    np.testing.assert_allclose(mean, lane.base.sum(axis=0), rtol=4 * spread)
    for other in others[:20]:
        assert as_usual(other).burden > 0 or season == "summer"
        for store, was, habit in zip(other.stores, lane.stores, other.habits.T):
            if not store.power_out:
                assert store.final_energy > 0 and habit.sum() == pytest.approx(store.final_energy - store.initial_energy)
            else:
                assert store == was
    far = varied(lane, 3.0, rng=0)  # homes 20 times as large: a car wants no more than it can be given
    assert all(store.final_energy <= store.power * 0.5 * len(far.steps_of(store)) + 1e-9 for store in far.stores)


def test_a_street_is_its_number():
    assert street_days(Street(1, days=1)) == street_days(Street(1, days=1)) != street_days(Street(2, days=1))
    for change, words in (({"number": -1}, "number -1"), ({"season": "autumn"}, "season 'autumn'"), ({"days": 0}, "days 0")):
        with pytest.raises(InvalidInput, match=words):
            Street(**({"number": 1} | change))
    with pytest.raises(InvalidInput, match="street must be a Street"):
        street_days(3)
