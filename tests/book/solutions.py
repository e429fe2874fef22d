"""Solutions stay out of the site."""

import re

import jupytext
import nbformat

from tests.house.sources import ROOT

SOURCES = ROOT / "exercises" / "source"
MARKS = ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS")
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
SUFFIXES = {".html", ".js", ".ipynb", ".md", ".txt", ".json", ".inv"}


def plain(text):
    """Letters and digits only: HTML escapes and highlighting do not hide a line."""
    text = re.sub(r"<[^<>]*>", "", text)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return re.sub(r"[^\w<>=+*-]", "", text.replace("\\n", " ").replace('\\"', '"'))


def telling_lines(source, shown):
    """The lines of each solution by which it would be known: long ones that the learners' edition does not hold."""
    solutions = []
    for cell in source.cells:
        for body in SOLUTION.findall(cell.source):
            lines = [line.strip() for line in body.split("\n")]
            lines = [
                line for line in lines if len(plain(line)) >= 24 and not line.startswith("#") and plain(line) not in shown
            ]
            solutions.append(lines)
    return solutions


def answer_lines(source, shown):
    """The lines of a text's model answers by which they would be known."""
    cells = [cell for cell in jupytext.read(source).cells if "model-answer" in cell.metadata.get("tags", [])]
    lines = [line.strip() for cell in cells for line in cell.source.split("\n")]
    # As it is written, and as a page shows it: without the stars of Markdown.
    lines += [line.replace("*", "") for line in lines if "*" in line]
    return [line for line in lines if len(plain(line)) >= 24 and plain(line) not in shown]


def solution_faults(site, sources=SOURCES, told=""):
    """Files of the site that hold a mark or a telling line of a solution; what is `told` in a chapter is no secret."""
    lines = []
    for file in sorted(sources.glob("*/*.ipynb")):
        learners = file.parents[2] / file.relative_to(sources)
        shown = "".join(map(plain, told.splitlines())) + (plain(learners.read_text()) if learners.exists() else "")
        for number, solution in enumerate(telling_lines(nbformat.read(file, as_version=4), shown), 1):
            if not solution:
                yield f"{file.name}: solution {number} has no line by which it could be found"
            lines += solution
        text = file.with_suffix(".md")
        lines += answer_lines(text, shown) if text.exists() else []
    for file in sorted(site.rglob("*")):
        if file.is_file() and file.suffix in SUFFIXES and "vendor" not in file.parts:
            text = file.read_text(encoding="utf-8", errors="ignore")
            name, bare = file.relative_to(site), plain(text)
            yield from (f"{name}: holds {mark}" for mark in MARKS if mark in text)
            yield from (f"{name}: holds a line of a solution: {line}" for line in lines if plain(line) in bare)
