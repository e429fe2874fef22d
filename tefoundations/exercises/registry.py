"""All exercises by name; the file of a chapter is loaded when one of its exercises is asked for."""

from collections.abc import Mapping
from importlib import import_module
from importlib.resources import files

ROOM = "tefoundations.exercises"
PARTS = ("paradigm", "markets", "grid", "resources", "strategy", "ledger", "systems")


def part_of(chapter):
    """The part whose folder holds a file of this name, or None; nothing is loaded."""
    if not chapter.isidentifier() or chapter.startswith("_"):
        return None
    room = files(ROOM)
    return next((part for part in PARTS if room.joinpath(part, f"{chapter}.py").is_file()), None)


class Registry(Mapping):
    """Exercises by name, ``"chapter/topic"``. Only what goes through all of them loads every chapter."""

    def __init__(self):
        self.loaded = {}

    def chapter(self, name):
        """The exercises of one chapter, in their order; empty where there is no such chapter."""
        part = part_of(name)
        exercises = getattr(import_module(f"{ROOM}.{part}.{name}"), "EXERCISES", ()) if part else ()
        for exercise in exercises:
            self.loaded.setdefault(exercise.name, exercise)
        return [self.loaded[exercise.name] for exercise in exercises]

    def __getitem__(self, name):
        if name not in self.loaded:
            self.chapter(str(name).split("/")[0])
        return self.loaded[name]

    def __iter__(self):
        for chapter in _all_chapters():
            yield from (exercise.name for exercise in self.chapter(chapter))

    def __len__(self):
        return sum(1 for _ in self)


def _all_chapters():
    """In the order of the book, then those the book does not list yet."""
    from tefoundations.exercises.kit.course import chapters

    listed = [entry["chapter"].split("/")[1] for entry in chapters()]
    room = files(ROOM)
    held = [file.name.removesuffix(".py") for part in PARTS for file in _python_files(room.joinpath(part))]
    return [name for name in listed if name in held] + [name for name in held if name not in listed]


def _python_files(folder):
    held = [file for file in folder.iterdir() if file.name.endswith(".py")] if folder.is_dir() else []
    return sorted((file for file in held if not file.name.startswith("_")), key=lambda file: file.name)


EXERCISES = Registry()
