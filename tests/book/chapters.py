"""What a chapter must be: a text and a notebook that are equal, that was run, and that teaches."""

import ast
import copy
import re

import jupytext
import nbformat
from nbval.plugin import comment_markers, metadata_tags

from tests.house.sources import ROOT, tool

NOTEBOOKS = tool("notebooks")
FIGURE_TAG = NOTEBOOKS.FIGURE_TAG
INSTALL = NOTEBOOKS.install_cell()
HIDDEN = {"remove-cell", "remove-input", "hide-cell", "hide-input"}
PLOTTING = re.compile(r"plotly|matplotlib|add_trace|update_layout|go\.Figure|pyplot|bokeh|altair")
# What a chapter may call to draw; everything else is the model.
FIGURES = {
    "explore", "bars", "lines",
    "step_curves", "order_book", "session_prices", "surplus_areas", "surplus_bars", "agent_surplus",
    "worth_areas", "network_map", "chimneys", "inverter_circle", "day_profile", "share_lines", "note_arrows",
    "hash_tree", "block_forks", "replica_logs",
}  # fmt: skip
SECTIONS = ("Where this breaks", "Take-away", "Exercises")
WIDTH, LINES, SCRATCH_LINES = 80, 12, 25


def names():
    """`part/chapter` of every chapter that is written or run."""
    texts = {f.relative_to(ROOT / "book").with_suffix("").as_posix() for f in NOTEBOOKS.chapters()}
    run = {f.relative_to(ROOT / "notebooks").with_suffix("").as_posix() for f in (ROOT / "notebooks").rglob("*.ipynb")}
    return sorted(texts | {name for name in run if ".ipynb_checkpoints" not in name})


def exercises():
    """Every notebook of exercises, with solutions and without, by path from the root."""
    return sorted(
        f.relative_to(ROOT).as_posix() for f in (ROOT / "exercises").rglob("*.ipynb") if "checkpoint" not in str(f)
    )


def text(name):
    return jupytext.read(ROOT / "book" / f"{name}.md")


def notebook(name):
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def tags(cell):
    return set(cell.metadata.get("tags", []))


def code(nb):
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def pair_faults(written, run):
    """Cells of a notebook that are not what its text is shown as."""

    def shape(cell):
        return cell.cell_type, cell.source.strip(), sorted(tags(cell)), cell.metadata.get("jupyter")

    written = NOTEBOOKS.shown(copy.deepcopy(written))
    a, b = [shape(cell) for cell in written.cells], [shape(cell) for cell in run.cells]
    faults = [
        f"cell {i} differs: {x[1][:90]!r} / {y[1][:90]!r}; run `make notebooks`"
        for i, (x, y) in enumerate(zip(a, b))
        if x != y
    ]
    return faults[:1] + ([f"{len(a)} cells in the text, {len(b)} in the notebook"] if len(a) != len(b) else [])


def parsed(source):
    """Syntax tree of a cell; lines that only IPython understands stand as `pass`."""
    return ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.MULTILINE))


def calls(tree):
    """Names of the functions called, in the order of the text."""
    found = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [getattr(func, "id", getattr(func, "attr", "")) for func in found]


def speaks(source):
    """Whether running a cell must leave something to see: it prints, or ends in a value."""
    body = parsed(source).body
    running = [node for node in body if not isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    last = body[-1] if body else None
    value = isinstance(last, ast.Expr) and not source.rstrip().endswith(";")
    if value and isinstance(last.value, ast.Call):
        name = calls(last)[0]
        value = not name.startswith("assert") and name not in ("append", "sort", "extend", "update")
    return value or any("print" in calls(node) for node in running)


def run_faults(nb):
    """Cells that were not run, not in order, or without the output they must have."""
    faults = []
    for count, cell in enumerate(code(nb), 1):
        where = f"code cell {count} ({cell.source.split(chr(10))[0][:50]!r})"
        if cell.execution_count != count:
            faults.append(f"{where}: execution count {cell.execution_count}, so the notebook was not run in one go")
        if any(output.output_type == "error" for output in cell.outputs):
            faults.append(f"{where}: ended in an error")
        figure = FIGURE_TAG in tags(cell)
        if figure and cell.outputs:
            faults.append(f"{where}: outputs of figure cells are not kept, nbval would not compare them")
        if not figure and not cell.outputs and speaks(cell.source):
            faults.append(f"{where}: has no output, so nbval compares nothing")
    return faults


def figure_faults(nb):
    """Drawing in a cell that is not marked as a figure, and marks on cells that draw nothing."""
    faults = []
    for cell in code(nb):
        tree, figure = parsed(cell.source), FIGURE_TAG in tags(cell)
        shown = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        drawn = shown is not None and isinstance(shown.value, ast.Call) and calls(shown)[0] in FIGURES
        if "explore" in calls(tree) and not figure or drawn and not figure:
            faults.append(f"tag this cell {FIGURE_TAG}: {cell.source[-60:]!r}")
        if figure and not drawn:
            faults.append(f"{FIGURE_TAG} on a cell that shows no figure hides it from nbval: {cell.source[:60]!r}")
    return faults


def hiding_faults(nb):
    """Words to nbval that let a cell pass unseen; a figure's tag is the one that is allowed.

    A skipped cell also puts the record of a chapter's run out of step with its notebook.
    """
    faults = []
    for cell in code(nb):
        marks = {line.strip().lstrip("#").strip() for line in cell.source.split("\n") if line.strip().startswith("#")}
        found = sorted(marks & set(comment_markers)) + sorted(tags(cell) & set(metadata_tags) - {FIGURE_TAG})
        faults += [f"{word} hides a cell from nbval: {cell.source[:60]!r}" for word in found]
    return faults


def install_faults(nb):
    """The first code cell installs the package on Colab, hidden and the same everywhere."""
    first = code(nb)[0] if code(nb) else None
    if first is None or first.source != INSTALL or "remove-cell" not in tags(first):
        return ["the first code cell is not the install cell with the tag remove-cell"]
    return []


def visible_faults(nb):
    """Plotting, long lines and long cells in what a reader sees."""
    faults, long_cells = [], []
    for cell in code(nb):
        if found := PLOTTING.search(cell.source):
            faults.append(f"a chapter does not plot: {found[0]} in {cell.source[:60]!r}")
        if tags(cell) & HIDDEN:
            continue
        lines = [line for line in cell.source.split("\n") if line.strip()]
        faults += [f"{len(line)} characters, at most {WIDTH}: {line.strip()[:70]}" for line in lines if len(line) > WIDTH]
        if len(lines) > LINES:
            long_cells.append((len(lines), cell.source.split("\n")[0]))
    for i, (count, first) in enumerate(sorted(long_cells, reverse=True)):
        if count > (SCRATCH_LINES if i == 0 else LINES):
            faults.append(
                f"{count} lines in the cell that starts {first!r}; one may have {SCRATCH_LINES}, the others {LINES}"
            )
    return faults


def section_faults(nb):
    """Parts of a chapter that are missing."""
    prose = "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    headings = re.findall(r"^## +(.*?)\s*$", prose, re.MULTILINE)
    faults = [f"no section {title!r}" for title in SECTIONS if title not in headings]
    if "What you will be able to do" not in prose:
        faults.append("does not say what you will be able to do")
    if not re.search(r"\b(About )?\d+ minutes", prose):
        faults.append("does not say how many minutes it takes")
    if not any("explore" in calls(parsed(cell.source)) for cell in code(nb)):
        faults.append("has no interactive figure")
    return faults


def toc_faults(listed, there):
    """Chapters and pages outside the order of the book, entries without a file, entries listed twice."""
    faults = [f"{name} is not in _toc.yml" for name in sorted(there - set(listed))]
    faults += [f"_toc.yml lists {name}, which is not there" for name in sorted(set(listed) - there)]
    return faults + [f"_toc.yml lists {name} twice" for name in sorted({n for n in listed if listed.count(n) > 1})]


def question_faults(name, text):
    """No prediction before the first section, no recall of it before the exercises, questions that do not answer back."""
    opening, _, rest = text.partition("\n## ")
    closing = rest.partition("\n## Exercises")[0]
    faults = []
    if not re.search(rf'^prediction\(\s*"{name}"', opening, re.MULTILINE):
        faults.append(f'{name}: no prediction("{name}", ...) before the first section')
    if not re.search(rf'^recall\(\s*"{name}"', closing, re.MULTILINE):
        faults.append(f'{name}: no recall("{name}", ...) before the exercises')
    if not re.search(r"^questions\(", text, re.MULTILINE):
        faults.append(f"{name}: no questions(...)")
    if box := re.search(r"^:::\{admonition\}.*questions? to try", text, re.IGNORECASE | re.MULTILINE):
        faults.append(f"{name}: a box that does not answer back: {box[0]}")
    return faults
