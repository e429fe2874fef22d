"""Start a chapter: new_chapter.py PART NAME writes its files from tools/templates, and puts it into the book's order."""

import keyword
import re
import sys

from address import ROOT
from outline import parts, toc_lines

TEMPLATES = ROOT / "tools" / "templates"
# What becomes of each template; in it TITLE, PART and CHAPTER stand for those of the new chapter.
PLACES = {
    "chapter.md": "book/{part}/{name}.md",
    "exercise.md": "exercises/source/{part}/{name}.md",
    "checks.py": "tefoundations/exercises/{part}/{name}.py",
    "test.py": "tests/exercises/{part}/test_{name}.py",
}
NEXT = """Write there. Then:
  make notebooks CHAPTER={part}/{name}    runs the chapter
  make release CHAPTER={part}/{name}      makes the learners' exercises
  make pages    names the chapter wherever the book lists its chapters
Symbols and terms belong into book/notation/{part}.md, cited works into book/references/{part}.bib."""


def main(*words):
    planned = {p["part"]: p["to_come"] for p in parts()}
    part, name = words if len(words) == 2 else ("", "")
    if part not in planned or not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        sys.exit(f"make new-chapter PART=one of {', '.join(planned)} NAME=words_like_this, no word of Python")
    made = {template: ROOT / PLACES[template.name].format(part=part, name=name) for template in sorted(TEMPLATES.iterdir())}
    toc = ROOT / "_toc.yml"
    if taken := [*taken_places(planned, part, name), *toc_places(toc.read_text(), planned, name)]:
        sys.exit(f"{name} is taken, in this part or another: {taken[0]}")
    title = planned[part].get(name) or name.replace("_", " ").capitalize()
    for template, file in made.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(template.read_text().replace("TITLE", title).replace("PART", part).replace("CHAPTER", name))
        print("written:", file.relative_to(ROOT))
    toc.write_text(with_chapter(toc.read_text(), part, name))
    print("written: _toc.yml")
    print(NEXT.format(part=part, name=name))


def taken_places(planned, part, name):
    """Where a chapter of this name stands, or is planned in another part: exercises are called by the name alone."""
    there = [ROOT / place.format(part=each, name=name) for place in PLACES.values() for each in planned]
    plans = [f"book/_data/parts.yml plans it in {each}" for each in planned if each != part and name in planned[each]]
    return [file.relative_to(ROOT).as_posix() for file in there if file.exists()] + plans


def toc_places(toc, planned, name):
    """The lines of the book's order that list a chapter of this name, though its files may be gone."""
    files = [f"{folder}/{part}/{name}" for folder in ("notebooks", "exercises") for part in planned]
    return [f"_toc.yml:{line}" for file in files for line in toc_lines(toc, file)]


def with_chapter(toc, part, name):
    """The order of the book with one more chapter, after the others of its part; a new part comes after the others."""
    place, lines = f"{part}/{name}", (toc.rstrip("\n") + "\n").splitlines(keepends=True)
    entry = [f"      - file: notebooks/{place}\n", "        sections:\n", f"          - file: exercises/{place}\n"]
    mine = [i for i, line in enumerate(lines) if f"notebooks/{part}/" in line]
    if mine:
        at = mine[-1] + 1
        while at < len(lines) and lines[at].startswith("        "):  # what stands under the last chapter
            at += 1
    else:
        at = next((i for i, line in enumerate(lines) if "caption: Reference" in line), len(lines))
        entry = [f"  - caption: {part.capitalize()}\n", "    chapters:\n", *entry]
    return "".join(lines[:at] + entry + lines[at:])


if __name__ == "__main__":
    main(*sys.argv[1:])
