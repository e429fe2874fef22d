"""The page of symbols and terms, put together from a file for each part: book/notation/PART.md.

Such a file holds a heading and tables of symbols, then a glossary of the part's terms. The page shows the tables part by
part and the terms of all parts in one order of the alphabet. The site's build puts them in place of the page's two marks.
"""

import re

from address import ROOT
from outline import parts

GLOSSARY = re.compile(r"^:::\{glossary\}\n(.*?)\n^:::$", re.DOTALL | re.MULTILINE)


def texts(root=ROOT):
    """The files of the parts as {part: text}, in the order of the book."""
    files = {p["part"]: root / "book" / "notation" / f"{p['part']}.md" for p in parts(root)}
    return {part: file.read_text() for part, file in files.items() if file.exists()}


def terms(text):
    """Terms and what they mean, of one part, as a list of pairs in the file's order."""
    entries = [entry for found in GLOSSARY.findall(text) for entry in re.split(r"\n{2,}", found.strip("\n"))]
    return [tuple(entry.split("\n", 1)) for entry in entries]


def assembled(page, of_parts):
    """The page with symbols and glossary of all parts."""
    symbols = "\n\n".join(GLOSSARY.sub("", text).strip() for text in of_parts.values())
    every = sorted((pair for text in of_parts.values() for pair in terms(text)), key=lambda pair: pair[0].casefold())
    glossary = ":::{glossary}\n" + "\n\n".join("\n".join(pair) for pair in every) + "\n:::"
    return page.replace("<!-- notation:symbols -->", symbols).replace("<!-- notation:glossary -->", glossary)
