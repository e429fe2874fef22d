"""A chapter's cells as a plain notebook shows them: Jupyter, Colab and GitHub know neither MyST's roles nor its fences.

`shown` writes them: a citation as names and year with a link, an admonition as a quotation, a numbered formula between
dollars, its number as text. What it has no words for is refused, so that no notebook holds MyST. `restored` gives back
the text for the site, which is built from the notebook: cell by cell from the chapter's text, and only where that text
is shown as the notebook has it.
"""

import re
from functools import cache
from urllib.parse import quote

from address import ROOT

ADMONITION = re.compile(r"^:::\{admonition\} ([^\n]+)\n((?::\w+:[^\n]*\n)*)\n?(.*?)^:::$", re.DOTALL | re.MULTILINE)
FORMULA = re.compile(r"^```\{math\}\n:label: (\S+)\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
CITED = re.compile(r"\{cite:([pt])\}`([^`]+)`")
NUMBERED = re.compile(r"\{eq\}`([^`]+)`")
# A fence with a directive, a role, a target, a comment, an option.
MYST = re.compile(r"^\s*(?:`{3,}|:{3,})\{.*|\{[\w:.+-]+\}`[^`]*`|^\([\w-]+\)=$|^%.*|^:\w+:.*", re.MULTILINE)
FOLDING = {"remove-cell", "remove-input"}  # what the site does not show
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # in JupyterLab and Notebook; in Colab


@cache
def works():
    """Each work cited in the book: key -> (names, year, address or None, title)."""
    from pybtex.database import parse_file
    from pybtex.richtext import Text

    found = {}
    for file in sorted((ROOT / "book" / "references").glob("*.bib")):
        for key, entry in parse_file(str(file)).entries.items():
            people = entry.persons.get("author") or entry.persons.get("editor")
            names = [" ".join(str(part) for part in who.rich_prelast_names + who.rich_last_names) for who in people]
            many = len(names) > 2 or names[-1] == "others"
            said = f"{names[0]} et al." if many else " and ".join(names)
            fields = entry.fields
            address = f"https://doi.org/{quote(fields['doi'])}" if "doi" in fields else fields.get("url")
            found[key] = said, fields["year"], address, str(Text.from_latex(fields["title"]))
    return found


def citation(kind, keys):
    """Works as the text names them ("t": names (year)) or in brackets ("p": (names, year)), each with its link or title."""
    told = []
    for key in keys.split(","):
        names, year, address, title = works()[key.strip()]
        if not address:
            told.append(f"{names} (*{title}*, {year})" if kind == "t" else f"{names}, *{title}*, {year}")
        else:
            told.append(f"[{names} ({year})]({address})" if kind == "t" else f"[{names}, {year}]({address})")
    return ", ".join(told) if kind == "t" else f"({'; '.join(told)})"


def quotation(title, body):
    """An admonition as a quotation under its title."""
    lines = [f"**{title}**", "", *body.strip("\n").split("\n")]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def plain(source, numbers):
    """The Markdown of one cell without MyST; `numbers` gives each label of the chapter its number."""
    source = ADMONITION.sub(lambda m: quotation(m[1], m[3]), source)
    source = FORMULA.sub(lambda m: f"$$\n{m[2]}\n\\tag{{{numbers[m[1]]}}}\n$$", source)
    source = CITED.sub(lambda m: citation(m[1], m[2]), source)
    source = NUMBERED.sub(lambda m: f"({numbers[m[1]]})", source)
    if left := MYST.search(source):
        raise ValueError(f"a notebook cannot show {left[0]!r}; tools/plain_markdown.py must be told how")
    return source


def shown(notebook):
    """The same notebook as readers see it; what only guards the text or asks the reader is folded away. Changes it."""
    labels = [label for cell in notebook.cells if cell.cell_type == "markdown" for label, _ in FORMULA.findall(cell.source)]
    numbers = {label: number for number, label in enumerate(labels, 1)}  # as the site counts, page by page
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source, numbers)
        elif FOLDING & set(cell.metadata.get("tags", [])):
            cell.metadata.update(FOLDED)
    return notebook


def restored(notebook, text):
    """The notebook with the Markdown of its chapter's text, both changed; refused where it does not show that text."""
    sources = [cell.source for cell in text.cells]
    there, wanted = ([(cell.cell_type, cell.source.strip()) for cell in each.cells] for each in (notebook, shown(text)))
    if there != wanted:
        raise ValueError("the notebook does not show its text; run `make notebooks`")
    for cell, source in zip(notebook.cells, sources):
        cell.source = source
    return notebook
