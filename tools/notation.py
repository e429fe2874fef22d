"""The page of symbols and terms, put together from a file for each part: book/notation/PART.md.

Such a file holds a heading and tables of symbols, then a glossary of the part's terms. Each term ends with a line

    Home: markets/double_auction. Words: offer to sell, sell order.

the chapter that explains it, and by what other words the chapter or a searcher calls it. The page shows the tables part by
part and the terms of all parts in one order of the alphabet, each with a link to its home. The site's build puts them in
place of the page's two marks; the search and the small explanations in the chapters read the same entries.
"""

import re
from dataclasses import dataclass

from address import ROOT
from outline import outline, parts

GLOSSARY = re.compile(r"^:::\{glossary\}\n(.*?)\n^:::$", re.DOTALL | re.MULTILINE)
HOME = re.compile(r"\n  Home: ([\w/]+)\.(?: Words: (.+)\.)?\s*\Z")


@dataclass(frozen=True)
class Term:
    """A term of the glossary: what it means, "part/chapter" of its home ("" if none is named), other words for it."""

    name: str
    meaning: str
    home: str = ""
    words: tuple = ()


def texts(root=ROOT):
    """The files of the parts as {part: text}, in the order of the book."""
    files = {p["part"]: root / "book" / "notation" / f"{p['part']}.md" for p in parts(root)}
    return {part: file.read_text() for part, file in files.items() if file.exists()}


def terms(text):
    """The terms of one part in the file's order."""
    entries = [entry for found in GLOSSARY.findall(text) for entry in re.split(r"\n{2,}", found.strip("\n"))]
    return [term(*entry.split("\n", 1)) for entry in entries]


def term(name, rest):
    """One entry, its last line taken apart."""
    found = HOME.search("\n" + rest)
    meaning = HOME.sub("", "\n" + rest).strip("\n")
    if not found:
        return Term(name, meaning)
    return Term(name, meaning, found[1], tuple(found[2].split(", ")) if found[2] else ())


def every(root=ROOT):
    """The terms of all parts in one order of the alphabet."""
    return sorted((entry for text in texts(root).values() for entry in terms(text)), key=lambda entry: entry.name.casefold())


def shown(entry, titles):
    """A term as the page shows it: the link to its home stands in the paragraph of its meaning."""
    home = f" [{titles[entry.home]}](../notebooks/{entry.home}.ipynb)" if entry.home in titles else ""
    return f"{entry.name}\n{entry.meaning}{home}"


def assembled(page, of_parts, root=ROOT):
    """The page with symbols and glossary of all parts."""
    symbols = "\n\n".join(GLOSSARY.sub("", text).strip() for text in of_parts.values())
    found = sorted((entry for text in of_parts.values() for entry in terms(text)), key=lambda entry: entry.name.casefold())
    titles = {name: chapter.title for name, chapter in outline(root).chapters.items()}
    glossary = ":::{glossary}\n" + "\n\n".join(shown(entry, titles) for entry in found) + "\n:::"
    return page.replace("<!-- notation:symbols -->", symbols).replace("<!-- notation:glossary -->", glossary)
