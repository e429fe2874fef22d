"""What the book consists of: the order of _toc.yml, the parts of book/_data/parts.yml, the head of each chapter's text."""

import re
from dataclasses import dataclass

import yaml
from address import ROOT


@dataclass(frozen=True)
class Chapter:
    """The head of a chapter: `name` is "part/chapter", `title` without what follows a colon, `minutes` as it tells them."""

    name: str
    title: str
    minutes: int


@dataclass(frozen=True)
class Outline:
    """The book as it stands: what `make pages` writes from.

    Parameters
    ----------
    parts : list of dict
        As in parts.yml: part, card, weeks, to_come.
    course : dict
        As in course.yml: weeks, hours, blocks.
    chapters : dict of str: Chapter
        In the order of the book.
    sheets : list of str
        "part/chapter" of the exercises that belong to a chapter.
    quizzes : list of str
        "part/name" of the exercises that stand beside the chapters of a part.
    rooms : list of str
        Rooms of the package in the order of their pages.
    """

    parts: list
    course: dict
    chapters: dict
    sheets: list
    quizzes: list
    rooms: list

    def of_part(self, part, names):
        """Those of `names` that belong to a part."""
        return [name for name in names if name.startswith(f"{part}/")]

    def to_come(self):
        """Chapters that are planned and not yet in the book, as {"part/chapter": title}."""
        planned = {f"{p['part']}/{name}": title for p in self.parts for name, title in p["to_come"].items()}
        return {name: title for name, title in planned.items() if name not in self.chapters}


def data(name, root=ROOT):
    """A file of book/_data."""
    return yaml.safe_load((root / "book" / "_data" / f"{name}.yml").read_text())


def parts(root=ROOT):
    return data("parts", root)


def head(name, text):
    """The head of a chapter from its text; it stops where the title or the minutes are missing."""
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    minutes = re.search(r"\b(\d+) minutes", text)
    if not title or not minutes:
        raise SystemExit(f"book/{name}.md: no {'title' if not title else 'line that says how many minutes it takes'}")
    return Chapter(name, title[1].split(":")[0].strip(), int(minutes[1]))


def listed(entry, depth=0):
    """Files of a table of contents in its order, as (file, depth): a chapter has depth 0, what stands under it more."""
    found = []
    for child in entry.get("parts", []) or entry.get("chapters", []) or entry.get("sections", []):
        if "file" in child:
            found.append((child["file"], depth))
        found += listed(child, depth + ("file" in child))
    return found


def order(root=ROOT):
    """Files of _toc.yml in its order, as (file, depth); one that is listed twice is refused."""
    text = (root / "_toc.yml").read_text()
    files = listed(yaml.safe_load(text))
    for number, (file, _) in enumerate(files):
        if file in [earlier for earlier, _ in files[:number]]:
            raise SystemExit(f"_toc.yml:{toc_lines(text, file)[1]}: {file} is listed twice")
    return files


def toc_lines(text, file):
    """The lines of a table of contents that list a file."""
    return [number for number, line in enumerate(text.split("\n"), 1) if re.search(rf"\bfile: {file}\s*$", line)]


def text_of(file, root=ROOT):
    """The text from which an entry of _toc.yml, a chapter or a sheet, is made; it stops where there is none."""
    folder, name = file.split("/", 1)
    text = root / {"notebooks": "book", "exercises": "exercises/source"}[folder] / f"{name}.md"
    if not text.is_file():
        line = toc_lines((root / "_toc.yml").read_text(), file)[0]
        raise SystemExit(f"_toc.yml:{line}: {file} is listed, and {text.relative_to(root).as_posix()} is not there")
    return text


def outline(root=ROOT):
    """The book as _toc.yml orders it."""
    files = order(root)
    chapters = [file.removeprefix("notebooks/") for file, _ in files if file.startswith("notebooks/")]
    exercises = [(file.removeprefix("exercises/"), depth) for file, depth in files if file.startswith("exercises/")]
    return Outline(
        parts=parts(root),
        course=data("course", root),
        chapters={name: head(name, text_of(f"notebooks/{name}", root).read_text()) for name in chapters},
        sheets=[name for name, depth in exercises if depth],
        quizzes=[name for name, depth in exercises if not depth],
        rooms=[file.removeprefix("book/api/") for file, depth in files if file.startswith("book/api/") and depth],
    )


def needs(root=ROOT):
    """{"part/chapter": chapters it builds on} as the chapters' heads say; a head that names none needs none."""
    found = {}
    for name in outline(root).chapters:
        text = text_of(f"notebooks/{name}", root).read_text()
        line = re.search(r"^About \d+ minutes\..*?Builds on (.+)$", text, re.MULTILINE)
        linked = re.findall(r"\]\(([\w./]+)\.ipynb\)", line[1]) if line else []
        found[name] = ["/".join((name.split("/")[0], *link.split("/"))[-2:]) for link in linked]
    return found
