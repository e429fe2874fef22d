"""The tables of the page For instructors: book/_data/course.yml with titles, links, minutes and sheets of the book, and
what grading costs.
"""

import csv

from address import ROOT
from outline import needs

STUDENTS = 300


def named(book, name):
    """A chapter or quiz as a link, or, while it is still to come, as a title."""
    if name in book.chapters:
        return f"[{book.chapters[name].title}](../notebooks/{name}.ipynb)"
    if name in book.quizzes:
        return f"[Quiz](../exercises/{name}.ipynb)"
    if name in book.to_come():
        return f"{book.to_come()[name]} (*to come*)"
    raise SystemExit(f"course.yml names {name}, which is neither in _toc.yml nor to come in parts.yml")


def sheets(book, number, names, last):
    """What a week hands out: the sheets of its chapters, and in the last week of a part that is taught whole its quiz."""
    with_sheet = [name for name in names if name in book.sheets]
    letters = [""] if len(with_sheet) == 1 else "abcdefgh"
    found = [f"[sheet {number}{letter}](../exercises/{name}.ipynb)" for name, letter in zip(with_sheet, letters)]
    found += [f"[quiz](../exercises/{quiz}.ipynb)" for quiz in book.quizzes if last.get(quiz.split("/")[0]) == number]
    return ", ".join(found) or "none"


def weeks(book):
    """The table of fourteen weeks."""
    rows = ["| week | chapters | at the end of the week a learner can | hand out |", "|---|---|---|---|"]
    planned = book.course["weeks"]
    last = {name.split("/")[0]: number for number, week in enumerate(planned, 1) for name in week["chapters"]}
    taught = {name for week in planned for name in week["chapters"]}
    last = {part: number for part, number in last.items() if taught.issuperset(book.of_part(part, book.chapters))}
    for number, week in enumerate(planned, 1):
        names = week["chapters"]
        minutes = sum(book.chapters[name].minutes for name in names if name in book.chapters)
        can = week["can"]
        if "until" in week and set(names) & set(book.to_come()):
            can += f". Until it is there: {week['until']}"
        chapters = ", ".join(named(book, name) for name in names) + (f", {minutes} min" if minutes else "")
        rows.append(f"| {number} | {chapters} | {can} | {sheets(book, number, names, last)} |")
    return "\n".join(rows)


def sheet(book, name):
    return f", [sheet](../exercises/{name}.ipynb)" if name in book.sheets else ""


def more(book):
    """Chapters outside the table: those in the book, to choose from, and those still to come."""
    planned = {name for week in book.course["weeks"] for name in week["chapters"]}
    there, coming = [], []
    for part in book.parts:
        free = [name for name in book.of_part(part["part"], book.chapters) if name not in planned]
        told = [f"{named(book, name)}, {book.chapters[name].minutes} min{sheet(book, name)}" for name in free]
        if free:
            told += [f"[quiz](../exercises/{quiz}.ipynb) of the part" for quiz in book.of_part(part["part"], book.quizzes)]
        there += [f"- {part['weeks']}: {'; '.join(told)}."] if told else []
        awaited = [named(book, name) for name in book.of_part(part["part"], book.to_come()) if name not in planned]
        coming += [f"- {part['weeks']}: {', '.join(awaited)}."] if awaited else []
    blocks = []
    if there:
        blocks += ["More chapters to choose from, by the week in which they belong:", "\n".join(there)]
    if coming:
        blocks += ["What is still to come, by the week in which it will belong:", "\n".join(coming)]
    return "\n\n".join(blocks)


def missed(book, names):
    """What chapters build on that is not read before them, as a sentence; "" where nothing is."""
    wanted, found = needs(), []
    for i, name in enumerate(names):
        found += [other for other in wanted.get(name, []) if other not in names[:i] and other not in found]
    if not found:
        return ""
    links = [named(book, name) for name in found]
    listed = links[0] if len(links) == 1 else f"{', '.join(links[:-1])} and {links[-1]}"
    verb = "is" if len(found) == 1 else "are"
    return f"Builds on {listed}, too, which {verb} left out here."


def days(book):
    """The table of two days."""
    names = [name for block in book.course["blocks"] for name in block["chapters"]]
    rows = ["| day | block | chapter | at the end a participant can |", "|---|---|---|---|"]
    hours = book.course["hours"]
    for i, block in enumerate(book.course["blocks"]):
        chapters = ", and ".join(named(book, name) for name in block["chapters"])
        rows.append(f"| {i // len(hours) + 1} | {hours[i % len(hours)]} | {chapters} | {block['can']} |")
    return "\n".join([*rows, "", missed(book, names)]).strip()


def computing(book):
    """The table of what grading a class costs, as tests/benchmarks/grading.py measured it."""
    heads = ["exercises", "s each submission", "s each exercise", "kernel, MB", f"class of {STUDENTS}, minutes"]
    rows = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    with open(ROOT / "data" / "measurements" / "grading.csv", newline="") as file:
        for row in csv.DictReader(file):
            seconds = float(row["seconds"])
            name = row["chapter"].replace("/", ": ").replace("_", " ")
            kernel = row["chapter_kernel_mb"] if float(row["chapter_kernel_mb"]) else "-"
            each, minutes = seconds / int(row["exercises"]), STUDENTS * seconds / 60
            rows.append(f"| {name} | {seconds:.2f} | {each:.2f} | {kernel} | {minutes:.1f} |")
    return "\n".join(rows)


def routes(book):
    """The routes through the book on the page How to use: who takes which chapters in which order, and their minutes."""
    lines = []
    for route in book.course["routes"]:
        chapters = [book.chapters[name] for name in route["chapters"]]
        minutes = sum(chapter.minutes for chapter in chapters)
        lines.append(f"- **{route['who']}**: {route['why']}. {minutes} minutes in all.")
        lines += [
            f"  {number}. [{chapter.title}](../notebooks/{chapter.name}.ipynb), {chapter.minutes} min"
            for number, chapter in enumerate(chapters, 1)
        ]
        lean = missed(book, route["chapters"])
        lines += ["", f"  {lean}", ""] if lean else []
    return "\n".join(lines)
