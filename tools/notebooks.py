"""Make the notebooks from the chapters' text: execute, show plainly, keep what a reviewer should see.

notebooks.py [part/chapter ...]: all chapters, or those named. The text in book/ is the source; the notebook is written
from it, without what only the site can show (see `plain_markdown`). So the two are not paired in Jupyter: saving the
notebook must not write plain text over the source. Text and table outputs stay in the notebook, where nbval compares
them; figures, marked with the tag `nbval-ignore-output`, are left out: they are drawn again by every build, and their
numbers are asserted in cells.
"""

import hashlib
import sys

import jupytext
import nbformat
from address import ROOT, install_cell
from cells import execute
from plain_markdown import shown

FIGURE_TAG = "nbval-ignore-output"


def chapters():
    """Every chapter's text: the files in the parts' folders of book/ that are meant to run."""
    return sorted(file for file in (ROOT / "book").glob("[a-z]*/*.md") if file.read_text().startswith("---\njupytext:"))


def notebook_of(text):
    return ROOT / "notebooks" / text.relative_to(ROOT / "book").with_suffix(".ipynb")


def with_install_cell(notebook):
    """The same notebook, opening with the one install cell."""
    cells = [c for c in notebook.cells if "%pip install" not in c.source]
    first = next((i for i, cell in enumerate(cells) if cell.cell_type == "code"), len(cells))
    cell = nbformat.v4.new_code_cell(install_cell(), metadata={"tags": ["remove-cell"]})
    notebook.cells = cells[:first] + [cell] + cells[first:]
    return notebook


def settle(notebook):
    """Make what does not matter the same every time: cell ids and the environment's metadata."""
    seen = {}
    for cell in notebook.cells:
        key = hashlib.sha256((cell.cell_type + cell.source).encode()).hexdigest()[:8]
        seen[key] = seen.get(key, 0) + 1
        cell.id = key if seen[key] == 1 else f"{key}-{seen[key]}"
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = joined(cell.get("outputs", []))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = nbformat.from_dict({"kernelspec": kernel, "language_info": {"name": "python"}})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def joined(outputs):
    """The outputs of a cell, what it printed in several pieces in one: how it is cut is chance."""
    whole = []
    for output in outputs:
        last = whole[-1] if whole else None
        if last and output.output_type == "stream" == last.output_type and output.name == last.name:
            last.text += output.text
        else:
            whole.append(output)
    return whole


def without_figures(notebook, name):
    """Drop the outputs of figure cells; refuse a figure in a cell that is not marked as one."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        drawn = any("tef-explore" in "".join(output.get("data", {}).get("text/html", "")) for output in cell.outputs)
        marked = FIGURE_TAG in cell.metadata.get("tags", [])
        if drawn and not marked:
            sys.exit(f"{name}: tag this cell {FIGURE_TAG}, it draws a figure:\n{cell.source}")
        if marked:
            cell.outputs = []
    return notebook


def make(text):
    target = notebook_of(text)
    notebook = with_install_cell(jupytext.read(text))
    written = jupytext.writes(notebook, fmt="md:myst")
    if written != text.read_text():
        text.write_text(written)
    notebook = jupytext.reads(written, fmt="md:myst")
    # The site runs it once more: nbval, which compares the two runs, would compare this one with itself.
    execute(notebook, target.parent, text)
    try:
        notebook = settle(shown(notebook))
    except (KeyError, ValueError) as error:
        sys.exit(f"{text.relative_to(ROOT)}: {error}")
    nbformat.write(without_figures(notebook, text.relative_to(ROOT)), target)
    print(target.relative_to(ROOT))


def main(names):
    texts = chapters()
    if names:
        known = {str(t.relative_to(ROOT / "book").with_suffix("")): t for t in texts}
        unknown = [name for name in names if name not in known]
        if unknown:
            sys.exit(f"No chapter {unknown[0]!r}. There are: {', '.join(known)}")
        texts = [known[name] for name in names]
    for text in texts:
        make(text)


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if name])
