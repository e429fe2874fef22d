"""The search of the site: its index, made from the built pages, and the page that asks it (tef-search.js).

Sphinx's own search ranks a page by how often a word stands in it, so that lists win over the chapter that explains the
word. Ours knows what a page is, which chapter is the home of a term, and where on a page a word stands. The index is a
script and not a file to fetch, so that the search works from the disk too; only the search page loads it.
"""

import json
import re
import sys
from html.entities import html5
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from address import ROOT
from notation import every

KINDS = {
    "notebooks/": "chapter", "exercises/": "exercises", "book/api/": "package",
    "book/changes": "list", "book/references": "list",
}  # fmt: skip
# Not what a reader looks for: code, its output, figures, tables of numbers, buttons.
DROPPED = (
    "script, style, noscript, .headerlink, .tef-bar, .tef-fold, #tef-progress, div.cell, figure, nav, .tef-meaning, "
    "details.tef-answer, .onlyprint, table.tef-sortable"
)
BLOCKS = ["p", "li", "dt", "dd", "tr", "td", "th", "div", "section", "h1", "h2", "h3", "h4", "br", "pre"]
ACCENTS = {"bar": "\u0304", "hat": "\u0302"}
LONGEST = 30  # words that an entry of the package's pages keeps: what it is, not its parameters


def kind_of(page):
    """What a page is, by its place: chapter, exercises, package, a list of works or changes, or a page of the book."""
    return next((kind for start, kind in KINDS.items() if page.startswith(start)), "page")


def said(node):
    """The text of a node: words of one line stay as they are set, blocks are apart."""
    for block in node.find_all(BLOCKS):
        block.append(" ")
    return " ".join(node.get_text().split())


def formula(tex):
    """A formula as an excerpt can show it: a short one in plain letters, any other as an omission."""
    bare = tex.strip().removeprefix(r"\(").removesuffix(r"\)")
    bare = re.sub(r"\\(?:left|right)(?![a-z])", "", bare)
    bare = re.sub(r"\\(?:text|mathrm)\{([\w ]+)\}", r"\1", bare)
    for accent, mark in ACCENTS.items():
        bare = re.sub(rf"\\{accent}(?:\{{(\w)\}}| ?([a-zA-Z]))", rf"\1\2{mark}", bare)
    bare = re.sub(r"\\([a-zA-Z]+)", lambda name: html5.get(f"{name[1]};", name[0]), bare)
    bare = " ".join(re.sub(r"\\[,;! ]", " ", bare).split())
    return bare if len(bare) < 40 and not re.search(r"[\\{}&]", bare) else "…"


def prose(article):
    """Sections of a page as [title, anchor, text]; the first one is the page's head."""
    found = []
    for section in article.select("section"):
        heading = section.find(["h1", "h2", "h3", "h4"], recursive=False)
        own = [
            child for child in section.find_all(True, recursive=False) if child.name != "section" and child is not heading
        ]
        found.append(
            [said(heading) if heading else "", section.get("id", ""), " ".join(said(child) for child in own).strip()]
        )
    return found


def entries(article):
    """Terms that a page explains and names of the package that it documents, as [name, anchor, first words]."""
    found = []
    for term in article.select("dl.glossary dt[id]"):
        meaning = term.find_next_sibling("dd")
        for home in meaning.select('a[href*="notebooks/"]')[-1:]:
            home.decompose()
        found.append([said(term), term["id"], said(meaning)])
    for name in article.select("dt.sig[id]"):
        about = name.find_next_sibling("dd")
        text = " ".join(said(about).split()[:LONGEST]) if about else ""
        found.append([name["id"].rsplit(".", 1)[-1], name["id"], text])
    return found


def page(html):
    """A built page as its title and sections, the title's first; None where it has no article."""
    from bs4 import BeautifulSoup

    article = BeautifulSoup(html, "html.parser").select_one("article.bd-article")
    if article is None or article.find("h1") is None:
        return None
    for gone in article.select(DROPPED):
        gone.decompose()
    for tex in article.select(".math"):
        tex.string = formula(tex.get_text())
    named = entries(article)
    for name in article.select("dl.py, dl.glossary"):
        name.decompose()
    sections = prose(article)
    return sections[0][0], sections + named


def further(root=ROOT):
    """Entries of book/_data/search_words.yml."""
    return yaml.safe_load((root / "book" / "_data" / "search_words.yml").read_text())


def terms():
    """Terms and other words as [what is asked, page, meaning, section]; the last two may be empty."""
    from tef_words import plain

    found = [
        [word, f"notebooks/{term.home}", plain(term.meaning), ""] for term in every() for word in (term.name, *term.words)
    ]
    return found + [
        [word, entry["page"], entry.get("meaning", ""), entry.get("section", "")]
        for entry in further()
        for word in entry["words"]
    ]


def write_index(app, exception):
    """Write what the search page asks."""
    if exception or app.builder.format != "html":
        return
    pages = []
    for name in sorted(app.env.found_docs):
        file = Path(app.outdir) / f"{name}.html"
        if file.exists() and (read := page(file.read_text())):
            pages.append({"page": name, "kind": kind_of(name), "title": read[0], "sections": read[1]})
    told = json.dumps({"pages": pages, "terms": terms()}, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / "_static" / "tef-index.js").write_text(f"window.tefIndex = {told};\n")
    for gone in ("searchindex.js", "_static/searchtools.js", "_static/language_data.js"):
        (Path(app.outdir) / gone).unlink(missing_ok=True)


def setup(app):
    """Register with Sphinx."""
    app.connect("build-finished", write_index)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
