"""Just-in-time words: a chapter's first use of a term of the glossary is a link that explains itself.

The explanation stands in the page behind the word, hidden until the word is pointed at or has the keyboard's focus; without
JavaScript too. Entries are those of book/notation/*.md. A term of one common word ("block", "view") is meant as the glossary
has it only in the part of its home, so elsewhere it stays plain.
"""

import html
import re
import sys
from pathlib import Path

from docutils import nodes

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from notation import every
from outline import outline

# Where words stay plain: headings, links, code, formulas, tables, what is cited, the list of aims at the head.
PLAIN = (
    nodes.title, nodes.reference, nodes.literal, nodes.math, nodes.math_block, nodes.literal_block, nodes.table,
    nodes.raw, nodes.Admonition, nodes.admonition, nodes.citation, nodes.caption, nodes.container,
)  # fmt: skip
GLOSSARY = "book/notation"


def pattern(name):
    """The term as a text may have it: in any case, in the plural, with a hyphen for a space."""
    return re.compile(rf"(?<![\w-]){re.escape(name).replace(chr(92) + ' ', '[ -]')}(?:e?s)?(?![\w-])", re.IGNORECASE)


def meant_in(term, chapter):
    """Whether the term means in this chapter what the glossary says."""
    return len(re.split("[ -]", term.name)) > 1 or term.home.split("/")[0] == chapter.split("/")[0]


def plain(meaning):
    """What a term means as plain text, on one line."""
    return " ".join(re.sub(r"[*`$\\]", "", meaning.replace(r"\varepsilon", "ε")).split())


def explained(word, term, number, addresses, title):
    """The HTML of one word: link to the glossary, and beside it the explanation that it describes itself by."""
    glossary, home = addresses
    more = f' <a href="{home}">{html.escape(title)}</a>' if home else ""
    meaning = html.escape(plain(term.meaning)) + more
    return (
        f'<span class="tef-word"><a href="{glossary}" aria-describedby="tef-word-{number}">{html.escape(word)}</a>'
        f'<span class="tef-meaning" role="tooltip" id="tef-word-{number}">{meaning}</span></span>'
    )


def first_uses(doctree, terms):
    """The first use of each term in running text, as (text node, start, end, term); no two overlap."""
    places, found = {}, []
    texts = [text for text in doctree.findall(nodes.Text) if not _plain(text)]
    for term in sorted(terms, key=lambda term: -len(term.name)):  # "commitment scheme" before "commitment"
        asked = pattern(term.name)
        for text in texts:
            taken = places.setdefault(id(text), [])
            hits = (hit.span() for hit in asked.finditer(text.astext()))
            free = [(a, b) for a, b in hits if all(b <= c or d <= a for c, d in taken)]
            if free:
                taken.append(free[0])
                found.append((text, *free[0], term))
                break
    return found


def _plain(text):
    parent = text.parent
    while parent is not None:
        if isinstance(parent, PLAIN):
            return True
        parent = parent.parent
    return False


def with_words(app, doctree, docname):
    """Put the explanations into a chapter."""
    if not docname.startswith("notebooks/") or app.builder.format != "html":
        return
    chapter = docname.removeprefix("notebooks/")
    anchors = app.env.domains["std"].data["objects"]
    titles = {name: entry.title for name, entry in outline().chapters.items()}
    uses = {}
    for text, start, end, term in first_uses(doctree, [term for term in every() if meant_in(term, chapter)]):
        uses.setdefault(id(text), (text, []))[1].append((start, end, term))
    number = 0
    for text, spans in uses.values():
        pieces, at, words = [], 0, text.astext()
        for start, end, term in sorted(spans, key=lambda span: span[0]):
            number += 1
            anchor = anchors[("term", term.name)][1]
            glossary = f"{app.builder.get_relative_uri(docname, GLOSSARY)}#{anchor}"
            home = app.builder.get_relative_uri(docname, f"notebooks/{term.home}") if term.home != chapter else ""
            shown = explained(words[start:end], term, number, (glossary, home), titles.get(term.home, ""))
            pieces += [nodes.Text(words[at:start]), nodes.raw("", shown, format="html")]
            at = end
        text.parent.replace(text, [*pieces, nodes.Text(words[at:])])


def with_script(app, pagename, templatename, context, doctree):
    """Give pages with such words, and only those, their sheet and script."""
    if 'class="tef-word"' in context.get("body", ""):
        app.add_css_file("tef-words.css")
        app.add_js_file("tef-words.js", loading_method="defer")


def setup(app):
    """Register with Sphinx."""
    app.connect("doctree-resolved", with_words)
    app.connect("html-page-context", with_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
