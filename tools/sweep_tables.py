"""The tables of the page *Many lanes, many days*, from data/measurements/sweep.csv; `make pages` writes them."""

import csv

from address import ROOT

ROUTES = ("one by one", "process pool", "Dask")
WORKERS = 2  # of the pool and the cluster that were measured


def rows(root=ROOT):
    """The measured rows, numbers as numbers."""
    whole, real = ("days", "tasks", "chunk"), ("seconds", "processor", "load")
    with open(root / "data" / "measurements" / "sweep.csv", newline="") as file:
        read = list(csv.DictReader(file))
    return [row | {name: int(row[name]) for name in whole} | {name: float(row[name]) for name in real} for row in read]


def found(measured, task, route=None, **more):
    """The rows of a task, by route and whatever else is asked."""
    asked = {"task": task} | ({"route": route} if route else {}) | more
    return [row for row in measured if all(row[name] == value for name, value in asked.items())]


def table(head, lines):
    return "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {' | '.join(line)} |" for line in lines)])


def told(seconds):
    """A length of time with as many digits as it deserves."""
    if seconds < 0.1:
        return f"{1000 * seconds:.2g} ms"
    return f"{seconds:.2g} s" if seconds < 100 else f"{seconds:.0f} s"


def conditions(_book=None):
    """On what, and in what company, it was measured."""
    measured = rows()
    loads = span([row["load"] for row in measured], "{:.0f}")
    waited = [row["seconds"] / row["processor"] for row in measured if row["route"] == ROUTES[0] and row["processor"]]
    counts = [row["tasks"] for row in found(measured, "growth")]
    turns = "The routes took turns within each row of a table."
    if counts != sorted(counts):
        turns = "The routes took turns, but for the last table, which is of a run before: each route after the other."
    return (
        f"Measured on {measured[0]['machine']}, with {WORKERS} workers. When a run began the load was {loads}: so "
        f"many programs wanted the cores, ours of the run before among them. One by one, the clock showed "
        f"{span(waited, '{:.1f}')} times what the processor worked; where nothing else runs it is once. {turns} So compare "
        "routes within a row, and rows with care."
    )


def span(values, form):
    """The least and the largest: "5 to 19", or one where they look alike."""
    low, high = form.format(min(values)), form.format(max(values))
    return low if low == high else f"{low} to {high}"


def lanes(_book=None):
    """What a market day of one lane costs, by its members."""
    lines = [
        (f"{row['tasks']:,}", told(row["processor"]), f"{1000 * row['processor'] / row['tasks']:.2f} ms")
        for row in found(rows(), "lane")
    ]
    return table(("members on one lane", "processor, a market day", "each member"), lines)


def way(_book=None):
    """What it costs to send a task that does nothing, alone and in company."""
    measured = rows()
    lines = []
    for route in ROUTES:
        alone, together = (found(measured, "nothing", route, chunk=chunk)[0] for chunk in (1, 50))
        begin = found(measured, "start", route)
        each = [told(row["seconds"] / row["tasks"]) for row in (alone, together)]
        lines.append((route, told(begin[0]["seconds"]) if begin else "nothing", *each))
    return table(("route", "to start", "a task, sent alone", "a task, sent with 49 others"), lines)


def chunks(_book=None):
    """How much less of the way fifty that travel together have each."""
    measured = rows()
    pool, dask = (
        found(measured, "nothing", route, chunk=1)[0]["seconds"] / found(measured, "nothing", route, chunk=50)[0]["seconds"]
        for route in ROUTES[1:]
    )
    return (
        "`chunk=50` sends fifty tasks as one. Each then had, before rounding, a way that was "
        f"{pool:.0f} times shorter in the pool, and {dask:.0f} times shorter on Dask."
    )


def sizes(_book=None):
    """How much sooner many hands are done, by the size of a task."""
    lines = []
    for alone, others in _beside(rows()):
        sent = days(alone["days"]) + (f", {alone['chunk']} together" if alone["chunk"] > 1 else "")
        work, load = told(alone["processor"] / alone["tasks"]), span([row["load"] for row in (alone, *others)], "{:.0f}")
        faster = (f"{alone['seconds'] / row['seconds']:.2f}" for row in others)
        lines.append((sent, f"{alone['tasks']}", work, load, told(alone["seconds"]), *faster))
    head = ("a task", "tasks", "its processor time", "load", "one by one", "pool, times as fast", "Dask, times as fast")
    return table(head, lines)


def _beside(measured):
    """Each run of one process over tasks of some size, and the same by the other routes."""
    for alone in found(measured, "size", ROUTES[0]):
        same = {name: alone[name] for name in ("days", "tasks", "chunk")}
        yield alone, [found(measured, "size", route, **same)[0] for route in ROUTES[1:]]


def days(number):
    return f"{number} day" + "s" * (number != 1)


def hands(_book=None):
    """How long tasks are against their way, and what the clock says."""
    measured = rows()
    alone = [(one, others) for one, others in _beside(measured)]
    way = found(measured, "nothing", "Dask", chunk=1)[0]
    work = {one["days"]: one["processor"] / one["tasks"] for one, _ in alone if one["chunk"] == 1}
    ratio = {number: seconds / (way["seconds"] / way["tasks"]) for number, seconds in work.items()}
    few, many = min(work), max(work)
    pool, dask = ([one["seconds"] / others[place]["seconds"] for one, others in alone] for place in (0, 1))
    words = [
        f"Dask's way for one task to a worker and back is {told(way['seconds'] / way['tasks'])}. A street works "
        f"{ratio[few]:.1f} times as long for {days(few)}, and {ratio[many]:.0f} times as long for {days(many)}. By "
        f"the clock, the pool was {span(pool, '{:.2f}')} times as fast as one process, and Dask "
        f"{span(dask, '{:.2f}')} times."
    ]
    if max(pool + dask) > WORKERS:
        words.append("More than two no two workers can be: then one process met more company than they did.")
    if min(pool + dask) < 1:
        words.append("Below one the way, or the company, cost more than the second worker brought.")
    return " ".join(words)


def two_days(_book=None):
    """Why a day of the first table is shorter than one of a street."""
    measured = rows()
    (lane,) = found(measured, "lane", tasks=13)
    work = {row["days"]: row["processor"] / row["tasks"] for row in found(measured, "size", ROUTES[0], chunk=1)}
    few, many = min(work), max(work)
    return (
        f"Two kinds of days are measured here. A *market day* of the lane, {told(lane['processor'])} in the first table, is "
        f"the market alone. A *street's day*, {told(work[few])}, is more: its people are drawn, it is lived through by "
        f"habit too, and bills are made for both. In a task of {days(many)} the people are drawn once, and a day costs "
        f"{told(work[many] / many)}."
    )


def growth(_book=None):
    """More and more streets of 30 days by each route, and one worker killed."""
    lines = []
    for row in _grown(rows()):
        route = row["route"] + (", one worker killed" if row["task"] == "killed" else "")
        each = told(row["processor"] / row["tasks"])
        streets, load, times = row["tasks"], f"{row['load']:.0f}", [told(row[name]) for name in ("seconds", "processor")]
        lines.append((f"{streets:,}", f"{streets * row['days']:,}", route, load, *times, each))
    return table(("streets", "days in all", "route", "load", "clock", "processor, all tasks", "a street"), lines)


def _grown(measured):
    order = {route: place for place, route in enumerate(ROUTES)}
    grown = sorted(found(measured, "growth"), key=lambda row: (row["tasks"], order[row["route"]]))
    return [*grown, *found(measured, "killed")]


def race(_book=None):
    """Who was first with so many streets, and what a street cost."""
    grown = [row for row in _grown(rows()) if row["task"] == "growth"]
    first, alone = {}, []
    for count in sorted({row["tasks"] for row in grown}):
        ran = [row for row in grown if row["tasks"] == count]
        if len(ran) > 1:
            first.setdefault(min(ran, key=lambda row: row["seconds"])["route"], []).append(f"{count:,}")
        else:
            alone.append(f"{count:,} streets were run by one route, {ran[0]['route']}, and no other.")
    said = ", ".join(f"{route} with {' and with '.join(counts)} streets" for route, counts in first.items())
    each = [row["processor"] / row["tasks"] for row in grown]
    work = (
        f"The processor time of a street was {span(each, '{:.2f}')} s, whoever ran it, from {grown[0]['tasks']} streets to "
        f"{grown[-1]['tasks']:,}. Each worker reads the community once."
    )
    return " ".join([f"First by the clock was {said}.", *alone, work])


def killed(_book=None):
    """What a lost worker cost, as far as the clock can tell."""
    measured = rows()
    (lost,) = found(measured, "killed")
    (whole,) = found(measured, "growth", lost["route"], tasks=lost["tasks"])
    more = lost["seconds"] - whole["seconds"]
    said = (
        f"By the clock this sweep took {told(lost['seconds'])}, and the undisturbed one of as many streets "
        f"{told(whole['seconds'])}, at a load of {lost['load']:.0f} and of {whole['load']:.0f}. "
    )
    if more <= 0:
        return f"{said}A lost worker saves no time: the company differed, so what the loss cost cannot be read here."
    return said + f"That is {told(more)} more, of which part may be other company."


REGIONS = {
    f"sweep_{one.__name__}": one
    for one in (conditions, lanes, way, chunks, sizes, hands, two_days, growth, race, killed)
}  # fmt: skip
