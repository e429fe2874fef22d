"""The page *Your progress*: the map of the chapters by part, to which tef-progress.js adds what the browser remembers.

The map stands in the HTML and is read without JavaScript. Chapters, minutes and what builds on what come from _toc.yml
and the heads of the chapters; questions and predictions are counted in the pages that were built.
"""

import html
import json
import re
from pathlib import Path

from tef_way import ROOT, book, names

PLACE = '<div id="tef-progress"></div>'
PREDICTION = re.compile(r'<div class="tef-prediction[^>]*? data-name="([^"]+)"')


def entry(page, link, told):
    """A chapter, or a quiz, on the list; `page` is the name under which the browser keeps what it remembers."""
    return f'<li data-page="{page}.html">{link}{"".join(f"<p>{line}</p>" for line in told)}</li>'


def chapter(app, pagename, name):
    """A chapter with its minutes and exercises, what it builds on and what it opens."""
    found, wanted, opens = book()
    about = [f"{found.chapters[name].minutes} minutes"]
    if name in found.sheets:
        to = app.builder.get_relative_uri(pagename, f"exercises/{name}")
        about.append(f'<a href="{to}" data-sheet="exercises/{name}.html">exercises</a>')
    way = [
        f"{word} {names(app, pagename, others)}."
        for word, others in (("Builds on", wanted[name]), ("Opens", opens[name]))
        if others
    ]
    told = [", ".join(about) + ". " + " ".join(way)]
    return entry(f"notebooks/{name}", names(app, pagename, [name]), told)


def quiz(app, pagename, name):
    """The quiz of a part, which belongs to no chapter."""
    page = f"exercises/{name}"
    title = html.escape(app.env.titles[page].astext())
    return entry(page, f'<a href="{app.builder.get_relative_uri(pagename, page)}">{title}</a>', [])


def progress(app, pagename):
    """The chapters and quizzes of the book by part."""
    found, _, _ = book()
    made = []
    for part in found.parts:
        chapters = found.of_part(part["part"], found.chapters)
        if chapters:
            listed = [chapter(app, pagename, name) for name in chapters]
            listed += [quiz(app, pagename, name) for name in found.of_part(part["part"], found.quizzes)]
            made.append(f'<h2>{part["part"].capitalize()}</h2><ul class="tef-progress-list">{"".join(listed)}</ul>')
    return "".join(made)


def with_progress(app, pagename, templatename, context, doctree):
    """Put the map where the page has its place for it."""
    if pagename != "book/your_progress":
        return
    if PLACE not in context["body"]:
        raise ValueError(f"book/your_progress.md: {PLACE} is missing")
    context["body"] = context["body"].replace(PLACE, f'<div id="tef-progress">{progress(app, pagename)}</div>')
    app.add_js_file("tef-book.js", loading_method="defer")
    app.add_js_file("tef-progress.js", loading_method="defer")


def asked(text):
    """How many questions a built page has, and the names of its predictions."""
    return {"questions": text.count('class="tef-question"'), "predictions": PREDICTION.findall(text)}


def checks(name):
    """How many checks a sheet has."""
    cells = json.loads((ROOT / "exercises" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return sum("".join(cell["source"]).startswith("check(") for cell in cells)


def write_book(app, exception):
    """Write what each chapter asks, for the page *Your progress*."""
    if exception or app.builder.format != "html":
        return
    pages = {f"notebooks/{name}.html": Path(app.outdir) / f"notebooks/{name}.html" for name in book()[0].chapters}
    told = {page: asked(file.read_text()) for page, file in pages.items()}
    sheets = [*book()[0].sheets, *book()[0].quizzes]
    told |= {f"exercises/{name}.html": {"checks": checks(name)} for name in sheets}
    said = json.dumps(told, separators=(",", ":"))
    (Path(app.outdir) / "_static" / "tef-book.js").write_text(f"window.tefBook = {said};\n")


def setup(app):
    """Register with Sphinx."""
    app.connect("html-page-context", with_progress)
    app.connect("build-finished", write_book)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
