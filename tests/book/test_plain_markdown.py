"""What a notebook shows of its text, and that the site gets the text back: both directions."""

import json
import re

import jupytext
import nbformat
import pytest

from tests.book import chapters as ch
from tests.house.sources import ROOT, tool

PLAIN = tool("plain_markdown")
ANY_MYST = re.compile(r"[:`]{3,}\s*\{|\{[a-z]+(:[a-z]+)?\}`|^\([^)\s]+\)=|^:[a-z]+: ", re.MULTILINE)
TEXT = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3, language: python}
---

:::{admonition} Two questions
:class: tip

1. Why?

   Because.
2. Who, says {cite:t}`gode1993`?
:::

+++

Both {cite:p}`myerson1983,gode1993`, by {eq}`second` and not {eq}`first`:

```{math}
:label: first
a \\\\
b
```

```{code-cell} ipython3
:tags: [remove-cell]

# The answer
```

```{code-cell} ipython3
:tags: [remove-input]

# A question
```

```{code-cell} ipython3
# A model
```

+++

```{math}
:label: second
c
```
"""
SHOWN = [
    "> **Two questions**\n>\n> 1. Why?\n>\n>    Because.\n"
    "> 2. Who, says [Gode and Sunder (1993)](https://doi.org/10.1086/261868)?",
    "Both ([Myerson and Satterthwaite, 1983](https://doi.org/10.1016/0022-0531%2883%2990048-0); "
    "[Gode and Sunder, 1993](https://doi.org/10.1086/261868)), by (2) and not (1):\n\n$$\na \\\\\nb\n\\tag{1}\n$$",
    "# The answer",
    "# A question",
    "# A model",
    "$$\nc\n\\tag{2}\n$$",
]


def text():
    return jupytext.reads(TEXT, fmt="md:myst")


def test_each_construct_is_shown_plainly():
    cells = PLAIN.shown(text()).cells
    assert [cell.source for cell in cells] == SHOWN
    folded = [cell.source for cell in cells if cell.metadata.get("jupyter", {}).get("source_hidden", False)]
    assert folded == ["# The answer", "# A question"]


@pytest.mark.parametrize(
    "more",
    ["{doc}`a`", "{cite:year}`gode1993`", "```{note}\nx\n```", "(here)=", "% a remark", "::::{grid} 2\n::::",
     ":::{admonition} Open\nx"],
)  # fmt: skip
def test_what_it_has_no_words_for_is_refused(more):
    with pytest.raises(ValueError, match="a notebook cannot show"):
        PLAIN.plain(f"Words.\n\n{more}", {})


def test_an_unknown_work_or_formula_is_refused():
    for source in ("{cite:p}`nobody1900`", "{eq}`nothing`"):
        with pytest.raises(KeyError):
            PLAIN.plain(source, {})


def test_a_work_without_an_address_is_shown_with_its_title():
    title = "Fundamentals of Power System Economics"
    assert PLAIN.plain("{cite:p}`kirschen2018`", {}) == f"(Kirschen and Strbac, *{title}*, 2018)"
    assert PLAIN.plain("{cite:t}`kirschen2018`", {}) == f"Kirschen and Strbac (*{title}*, 2018)"
    assert all(year.isdigit() and names and title for names, year, _, title in PLAIN.works().values())


def test_the_text_comes_back():
    before = [cell.source for cell in text().cells]
    restored = PLAIN.restored(PLAIN.shown(text()), text())
    assert [cell.source for cell in restored.cells] == before != SHOWN


@pytest.mark.parametrize("change", [lambda cells: cells[1].update(source="Other words"), lambda cells: cells.pop()])
def test_a_notebook_changed_by_hand_gives_no_text(change):
    notebook = PLAIN.shown(text())
    change(notebook.cells)
    with pytest.raises(ValueError, match="run `make notebooks`"):
        PLAIN.restored(notebook, text())


@pytest.mark.parametrize("name", ch.names())
def test_a_chapter_shows_no_myst_and_gives_its_text_to_the_site(name):
    notebook = ch.notebook(name)
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert [found[0] for source in prose for found in ANY_MYST.finditer(source)] == []
    outputs = [json.dumps(cell.get("outputs")) for cell in notebook.cells]
    restored = PLAIN.restored(notebook, ch.text(name))
    assert [cell.source.strip() for cell in restored.cells] == [cell.source.strip() for cell in ch.text(name).cells]
    assert [json.dumps(cell.get("outputs")) for cell in restored.cells] == outputs
    nbformat.validate(restored)


def test_the_book_has_what_must_be_shown():
    prose = "\n".join(file.read_text() for file in (ROOT / "book").glob("[a-z]*/*.md"))
    assert all(pattern.search(prose) for pattern in (PLAIN.ADMONITION, PLAIN.FORMULA, PLAIN.CITED, PLAIN.NUMBERED))
