"""The way through the book: the bar under a title, the sidebar whose parts fold, what comes next, how code is shown.

All of it stands in the HTML and works without JavaScript; tef-way.js adds what a browser remembers: how code is shown,
which pages were visited, which sheets are solved. What leads where comes from _toc.yml and the heads of the chapters.
"""

import html
import re
import sys
from functools import cache
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from address import ROOT, file_links
from outline import needs, outline

INPUT = re.compile(
    r'<div class="cell_input docutils container">\s*<div class="highlight[^"]*">.*?<pre>(.*?)</pre>', re.DOTALL
)
TAG = re.compile(r"<[^>]+>")
CODE = ("all", "folded", "hidden")
PRINTED = re.compile(
    r'(<div class="output (?:stream|text_plain)[^"]*)("[^>]*>\s*<div class="highlight"><pre>)(.*?)</pre>', re.DOTALL
)
COLUMNS = re.compile(r"^\s*\S.*\S {2,}\S", re.MULTILINE)


@cache
def book():
    """The outline, and for each chapter the chapters that build on it."""
    found = outline()
    wanted = needs()
    opens = {name: [other for other in found.chapters if name in wanted[other]] for name in found.chapters}
    return found, wanted, opens


@cache
def parts():
    """The sidebar's parts as [(caption, [(page, [pages under it])])], as _toc.yml has them."""
    listed = yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
    below = lambda entry: [child["file"] for child in entry.get("sections", [])]  # noqa: E731
    return [(part["caption"], [(entry["file"], below(entry)) for entry in part["chapters"]]) for part in listed]


def sidebar(app, pagename):
    """The sidebar: only the part being read is open, and under its chapters only the one being read shows its sheet."""
    title = {name: node.astext() for name, node in app.env.titles.items()}

    def entry(page, under, depth=1):
        inside = pagename == page or pagename in under
        state = " current active" if pagename == page else " current" if inside else ""
        said = html.escape(title[page].split(":")[0] if page.startswith("notebooks/") else title[page])
        mark = ' aria-current="page"' if pagename == page else ""
        link = f'<a class="reference internal{" current" if state else ""}" href="{uri(page)}"{mark}>{said}</a>'
        more = (
            "".join(entry(child, [], depth + 1) for child in under)
            if inside or depth == 1 and page.endswith("api/index")
            else ""
        )
        return f'<li class="toctree-l{depth}{state}">{link}{f"<ul>{more}</ul>" if more else ""}</li>'

    def uri(page):
        return app.builder.get_relative_uri(pagename, page) or "#"

    made = []
    for caption, entries in parts():
        here = any(pagename in (page, *under) for page, under in entries)
        inner = "".join(entry(page, under) for page, under in entries)
        first = pagename == "book/index" and caption == parts()[0][0]
        made.append(
            f'<details class="tef-part"{" open" if here or first else ""}><summary>{html.escape(caption)}</summary>'
            f'<ul class="nav bd-sidenav">{inner}</ul></details>'
        )
    return "".join(made)


def way(app, pagename):
    """What stands at the foot of a page, as [(what it is, title, page, rel)]; None leaves the theme's own two links."""
    found, _, _ = book()
    chapters = list(found.chapters)
    title = {name: found.chapters[name].title for name in chapters}
    folder, _, name = pagename.partition("/")
    if pagename in ("book/how_to_use", "book/for_instructors"):
        return [("First chapter", title[chapters[0]], f"notebooks/{chapters[0]}", "next")]
    if folder == "notebooks" and name in chapters:
        at = chapters.index(name)
        before = ("Chapter before", title[chapters[at - 1]], f"notebooks/{chapters[at - 1]}", "prev")
        sheet = ("Exercises of this chapter", title[name], f"exercises/{name}", "")
    elif folder == "exercises":
        last = max((other for other in chapters if other.split("/")[0] == name.split("/")[0]), key=chapters.index)
        at = chapters.index(name) if name in chapters else chapters.index(last)
        before = ("Back to the chapter", title[chapters[at]], f"notebooks/{chapters[at]}", "prev")
        sheet = None
    else:
        return None
    following = chapters[at + 1 : at + 2]
    after = [("Next chapter", title[other], f"notebooks/{other}", "next") for other in following]
    first = at == 0 and folder == "notebooks"
    return [*([] if first else [before]), *([sheet] if sheet and name in found.sheets else []), *after]


def names(app, pagename, chapters):
    """Links to chapters, by their titles."""
    found, _, _ = book()
    to = {name: app.builder.get_relative_uri(pagename, f"notebooks/{name}") for name in chapters}
    return ", ".join(f'<a href="{to[name]}">{html.escape(found.chapters[name].title)}</a>' for name in chapters)


def bar(app, pagename):
    """What stands under the title of a chapter or a sheet: where to run it, how to see it, what it opens."""
    folder, _, name = pagename.partition("/")
    _, _, opens = book()
    up = "../" * pagename.count("/")
    file = f"{pagename}.ipynb"
    to = file_links(file)
    made = [f'<a href="{html.escape(to[where.lower()])}">{where}</a>' for where in ("Binder", "Colab")]
    made.append(f'<a href="{up}_sources/{file}" download>Download</a>')
    made.append('<button type="button" class="tef-run" hidden>Run this page</button>')
    if folder == "notebooks":
        options = "".join(f'<option value="{word}">{word.capitalize()}</option>' for word in CODE)
        made.append(f'<label class="tef-code pst-js-only">Code <select>{options}</select></label>')
    else:
        made.append('<label class="tef-solved pst-js-only"><input type="checkbox"> Solved</label>')
    lines = [f'<div class="tef-tools">{"".join(made)}</div>']
    if opens.get(name) and folder == "notebooks":  # what it builds on stands in the chapter's own head
        lines.append(f'<p class="tef-map">Opens {names(app, pagename, opens[name])}.</p>')
    return f'<div class="tef-bar">{"".join(lines)}</div>'


def foldable(body):
    """Put a button before each cell of code, which opens it where code is folded; it bears the first line."""

    def with_button(cell):
        lines = [line.strip() for line in TAG.sub("", cell[1]).split("\n") if line.strip()]
        said = lines[0] if lines else ""
        said = said if len(said) <= 60 else said[:59].rstrip() + "…"
        button = (
            f'<button type="button" class="tef-fold pst-js-only" aria-expanded="false">Code: <code>{said}</code></button>'
        )
        return button + cell[0]

    return INPUT.sub(with_button, body)


def aligned(body):
    """Mark what was printed in columns: on a phone a sentence goes on below, columns must not."""
    mark = lambda found: " tef-columns" if COLUMNS.search(TAG.sub("", found[3])) else ""  # noqa: E731
    return PRINTED.sub(lambda found: f"{found[1]}{mark(found)}{found[2]}{found[3]}</pre>", body)


def with_way(app, pagename, templatename, context, doctree):
    """Give every page its sidebar and its foot, chapters and sheets their bar."""
    context["book_parts"] = sidebar(app, pagename)
    foot = way(app, pagename)
    if foot is not None:
        context["way"] = [
            (what, title, app.builder.get_relative_uri(pagename, page), rel) for what, title, page, rel in foot
        ]
    body = context.get("body", "")
    if pagename.startswith(("notebooks/", "exercises/")) and "</h1>" in body:
        body = aligned(body.replace("</h1>", f"</h1>{bar(app, pagename)}", 1))
        context["body"] = foldable(body) if pagename.startswith("notebooks/") else body


def setup(app):
    """Register with Sphinx."""
    app.add_css_file("tef-way.css", priority=910)
    app.add_js_file("tef-way.js", loading_method="defer")
    app.connect("html-page-context", with_way)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
