"""Write everything in the book and the README that can be derived: pages.py, no arguments; `make pages`.

Derived are the regions between <!-- pages:NAME --> and <!-- end -->, and the pages book/api/ROOM.md whole. The sources
are _toc.yml, the chapters' texts, book/_data, data/mechanisms and the rooms' doors. A test fails while a page is out of
date.
"""

import importlib
import sys

from address import ROOT, filled, marked

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the package of this tree, not one installed elsewhere

import api_pages
import course_plan
import mechanism_pages
import sweep_tables
from outline import outline

MARK = marked("pages")
FILES = [
    "README.md",
    "book/index.md",
    "book/for_instructors.md",
    "book/how_to_use.md",
    "book/many_lanes.md",
    "book/api/index.md",
    "book/mechanisms.md",
]
CARD = "::::{{grid-item-card}} {title}\n{link}{text}\n{footer}::::"
LINK = ":link: {page}\n:link-type: doc\n"
HOW_TO = {"title": "How to use this book", "link": LINK.format(page="how_to_use"), "text": "Read, play, run, solve, cite."}


def cards(book):
    """The landing page's cards: one a part, which opens its first chapter and names all of them."""
    made = []
    for part in book.parts:
        names = book.of_part(part["part"], book.chapters)
        told = ", ".join(f"*{book.chapters[name].title}*" for name in names) or "To come"
        told += ", and a quiz" if book.of_part(part["part"], book.quizzes) else ""
        link = LINK.format(page=f"../notebooks/{names[0]}") if names else ""
        footer = f":::{{card-footer}}\n{told}\n:::\n"
        made.append(CARD.format(title=part["part"].capitalize(), link=link, text=part["card"], footer=footer))
    return ":::::{grid} 1 2 2 2\n:gutter: 3\n\n" + "\n\n".join([*made, CARD.format(**HOW_TO, footer="")]) + "\n:::::"


INNER = (
    "| `tefoundations/inputs.py`, `tefoundations/indices.py`, `tefoundations/programmes.py`, `tefoundations/units.py`, "
    "`tefoundations/words.py`, `tefoundations/chances.py` | for the rooms, with no page of their own: arguments read, "
    "series by their index, programmes solved and what counts as zero, units for solvers, numbers in words, chances |"
)


def room(name):
    return importlib.import_module(f"{api_pages.PACKAGE}.{name}")


def room_table(book):
    """The package's rooms on the page that lists their pages."""
    rows = [f"| [`{name}`]({name}.md) | {api_pages.about(room(name))} |" for name in book.rooms]
    return "\n".join(["| room | what is in it |", "|---|---|", *rows])


def room_map(book):
    """The README's map of the package: what a room is about, the names to begin with, and the modules within it."""
    rows = ["| room | what is in it |", "|---|---|"]
    for name in book.rooms:
        module = room(name)
        where = f"tefoundations/{name}" + ("/" if hasattr(module, "__path__") else ".py")
        told = api_pages.about(module)
        names = ", ".join(f"`{leading}`" for leading in api_pages.leading_names(module))
        told += f": {names}" if names else ""
        for wing in api_pages.wings(module):
            told += f"; in `{wing.__name__}` {api_pages.about(wing)}"
        rows.append(f"| `{where}` | {told} |")
    return "\n".join([*rows, INNER])


REGIONS = (
    {
        "cards": cards,
        "rooms": room_table,
        "map": room_map,
        "weeks": course_plan.weeks,
        "more": course_plan.more,
        "days": course_plan.days,
        "computing": course_plan.computing,
        "routes": course_plan.routes,
    }
    | mechanism_pages.regions()
    | sweep_tables.REGIONS
)


def written(root=ROOT):
    """The text that every derived file should have, by its path in the tree."""
    book = outline(root)
    texts = {name: filled(MARK, (root / name).read_text(), lambda region: REGIONS[region](book)) for name in FILES}
    return texts | {f"book/api/{name}.md": api_pages.page(name) for name in book.rooms}


def stale(root=ROOT):
    """Those of the derived files that are missing or out of date, as {path: text that it should have}."""

    def now(name):
        return (root / name).read_text() if (root / name).exists() else None

    return {name: text for name, text in written(root).items() if text != now(name)}


def main():
    for name, text in stale().items():
        (ROOT / name).write_text(text)
        print("written:", name)


if __name__ == "__main__":
    main()
