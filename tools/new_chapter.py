"""Start a chapter: new_chapter.py PART NAME writes its text from the template and puts it into the book's order."""

import re
import sys

from address import ROOT

PARTS = ("paradigm", "markets", "grid", "resources", "strategy", "ledger", "systems")
TEMPLATE = ROOT / "tools" / "chapter_template.md"


def main(part, name):
    if part not in PARTS or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        sys.exit(f"make new-chapter PART=one of {', '.join(PARTS)} NAME=words_like_this")
    text = ROOT / "book" / part / f"{name}.md"
    if text.exists():
        sys.exit(f"{text.relative_to(ROOT)} is there already")
    text.parent.mkdir(parents=True, exist_ok=True)
    title = name.replace("_", " ").capitalize()
    text.write_text(TEMPLATE.read_text().replace("TITLE", title).replace("PART", part).replace("NAME", name))
    toc = ROOT / "_toc.yml"
    toc.write_text(with_chapter(toc.read_text(), part, name))
    print(f"Write {text.relative_to(ROOT)}, then: make notebooks CHAPTER={part}/{name}")


def with_chapter(toc, part, name):
    """The order of the book with one more chapter at the end of its part; a new part comes after the others."""
    entry = f"      - file: notebooks/{part}/{name}\n"
    lines = toc.splitlines(keepends=True)
    mine = [i for i, line in enumerate(lines) if f"notebooks/{part}/" in line or f"exercises/{part}/" in line]
    if mine:
        return "".join(lines[: mine[-1] + 1]) + entry + "".join(lines[mine[-1] + 1 :])
    back = next(i for i, line in enumerate(lines) if "caption: Reference" in line)
    return "".join(lines[:back]) + f"  - caption: {part.capitalize()}\n    chapters:\n{entry}" + "".join(lines[back:])


if __name__ == "__main__":
    main(*(sys.argv[1:] + ["", ""])[:2])
