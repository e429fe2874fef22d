"""The page For instructors: its plans name what is in the book, its minutes are the chapters', its numbers are measured."""

import csv
import math
import re

import yaml

from tefoundations.data import data_path
from tefoundations.exercises.grader import boundary

STUDENTS, SERVER_MB, STEP_MB = 300, 122, 64
LANDED = re.compile(r"\]\(\.\./notebooks/(\w+/\w+)\.ipynb\)")
COMING = re.compile(r"([A-Z][\w ]+?) \(\*to come\*\)")


def page(root):
    return (root / "book/for_instructors.md").read_text()


def section(text, heading):
    return re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)[1]


def in_the_book(root):
    def files(entry):
        own = [entry["file"]] if "file" in entry else []
        return own + [f for key in ("parts", "chapters", "sections") for child in entry.get(key, []) for f in files(child)]

    return [
        f.removeprefix("notebooks/")
        for f in files(yaml.safe_load((root / "_toc.yml").read_text()))
        if f.startswith("notebooks/")
    ]


def slug(title):
    return title.strip().lower().replace(" ", "_")


def test_every_chapter_of_the_book_is_in_the_fourteen_weeks(root):
    linked = LANDED.findall(section(page(root), "Fourteen weeks"))
    assert sorted(linked) == sorted(in_the_book(root))


def test_what_is_to_come_is_not_in_the_book(root):
    stems = {name.split("/")[1] for name in in_the_book(root)}
    coming = {slug(title) for title in COMING.findall(page(root))}
    assert "transactive_day" in coming | stems and not coming & stems
    assert len(COMING.findall(page(root))) == page(root).count("(*to come*)")
    text = section(page(root), "Two days")
    assert set(LANDED.findall(text)) <= set(in_the_book(root))


def test_weeks_and_minutes(root):
    rows = re.findall(
        r"^\| (\d+) \| (.+?)(?:, (\d+) min)? \| (.+?) \| (.+?) \|$", section(page(root), "Fourteen weeks"), re.MULTILINE
    )
    assert [int(row[0]) for row in rows] == list(range(1, 15)) and all(len(row[3]) > 20 for row in rows)
    for _, chapters, minutes, _, sheet in rows:
        texts = [(root / "book" / f"{name}.md").read_text() for name in LANDED.findall(chapters)]
        told = sum(int(re.search(r"\b(\d+) minutes", text)[1]) for text in texts)
        assert minutes == (str(told) if told else "")
        for link in re.findall(r"\]\(\.\./(exercises/\w+/\w+\.ipynb)\)", sheet):
            assert (root / link).exists()


def measured():
    with open(data_path("measurements/grading.csv"), newline="") as file:
        return list(csv.DictReader(file))


def computing():
    """The lines of the table, and every number of the text, from the measurement."""
    table, rows = [], measured()
    for row in rows:
        seconds, exercises = float(row["seconds"]), int(row["exercises"])
        minutes = f"{STUDENTS * seconds / 60:.1f}"
        name = row["chapter"].replace("/", ": ").replace("_", " ")
        kernel = row["chapter_kernel_mb"] if float(row["chapter_kernel_mb"]) else "-"
        table.append(f"| {name} | {seconds:.2f} | {seconds / exercises:.2f} | {kernel} | {minutes} |")
    largest = max(float(row["chapter_kernel_mb"]) for row in rows)
    user = math.ceil((SERVER_MB + largest) / STEP_MB) * STEP_MB
    return table, {
        "LARGEST": f"{largest:.0f}",
        "SHEET": f"{max(float(row['exercises_kernel_mb']) for row in rows):.0f}",
        "USER": str(user),
        "HUB": f"{100 * user / 1024:.0f}",
        "TERM": f"{STUDENTS * sum(float(row['seconds']) for row in rows) / 60:.0f}",
        "PROCESS": f"{max(float(row['process_mb']) for row in rows):.0f}",
        "MACHINE": rows[0]["machine"],
    }


def test_the_numbers_are_the_measured_ones(root):
    table, words = computing()
    text = page(root)
    assert "\n".join(table) in text, "\n".join(table)
    for sentence in (
        "the largest kernel measured takes {LARGEST} MB",
        "after the largest chapter {LARGEST} MB, after an exercise sheet at most {SHEET} MB",
        "allow a learner {USER} MB",
        "{HUB} GB of memory in all",
        "is {TERM} minutes of one core",
        "process took at most {PROCESS} MB",
        "and memory ({MACHINE})",
    ):
        assert sentence.format(**words) in text, sentence.format(**words)
    assert f"an empty folder of {boundary.ROOM >> 20} MB" in text
    slowest = max(float(row["seconds"]) for row in measured())
    assert (STUDENTS * slowest + STUDENTS / 10 * 20) / 4 < 5 * 60  # "on four cores ... less than five minutes"


def test_the_options_told_are_those_of_the_command(root):
    from tefoundations.exercises.grader.command import _parser

    commands = next(action for action in _parser()._actions if action.choices)
    known = {
        option for parser in commands.choices.values() for action in parser._actions for option in action.option_strings
    }
    told = set(re.findall(r"(?<!-)--[a-z-]+\b", re.sub(r"<!--.*?-->", "", page(root))))
    assert told and told <= known, told - known
