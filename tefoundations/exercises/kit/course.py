"""The order of the course: chapters, exercises, points. `course.json` is written by ``make release``."""

import json
from functools import cache
from importlib.resources import files


@cache
def chapters():
    """The chapters in the order of the book.

    Returns
    -------
    list of dict
        ``chapter`` ("part/chapter"), ``title``, and ``points`` by name of exercise, in the order of its notebook; empty
        where a chapter has no exercises.
    """
    return json.loads(files("tefoundations.exercises.kit").joinpath("course.json").read_text(encoding="utf-8"))


@cache
def points_of():
    """Points by name of exercise."""
    return {name: points for entry in chapters() for name, points in entry["points"].items()}


def after(name):
    """What comes after an exercise, in words: the next one of its notebook, or else the next chapter.

    Examples
    --------
    >>> after("double_auction/curves"), after("double_auction/best_k")
    ('Next: double_auction/clearing.', 'Next: the chapter "Clearing algorithms".')
    >>> after("a/new_one")
    ''
    """
    entries = chapters()
    place = next((n for n, entry in enumerate(entries) if name in entry["points"]), None)
    if place is None:
        return ""
    own = list(entries[place]["points"])
    if name != own[-1]:
        return f"Next: {own[own.index(name) + 1]}."
    if place + 1 == len(entries):
        return "That was the last exercise of the book."
    title = entries[place + 1]["title"]
    return f'Next: the {"quiz" if title.startswith("Quiz") else "chapter"} "{title.removeprefix("Quiz: ")}".'
