"""Read the text of a chapter's exercises, and refuse one that a release would get wrong.

Refused is what would hand out a part of a solution, or leave an exercise without its points: an open mark, a check
without points, points without a check, an exercise that is checked twice; and a question to think about without its model
answer, or an answer under no question. What is said names the file and the line.

A model answer is a cell of text below its question, with the tag model-answer, and the cells of code with that tag below
it, which compute what it says.
"""

import re
import sys
from dataclasses import dataclass

import jupytext
from cells import lines, shown
from nbformat import NotebookNode

CALLED = re.compile(r'^check\("([^"]+)"\)', re.MULTILINE)
CHECK = re.compile(r'\s*check\("(\w+/\w+)"\)\s*')
POINTS = re.compile(r"points-([1-9]\d*)")
SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION$", re.DOTALL | re.MULTILINE)
MODEL, QUESTION, ANSWER = "model-answer", "**To think about.**", "**Model answer.**"
MARK = re.compile(r"\b(?:BEGIN|END)[ \t_-]+(?:SOLUTION|HIDDEN)", re.IGNORECASE)


@dataclass(frozen=True)
class Exercise:
    """What belongs to one exercise of a text; `name` is "chapter/topic", `line` where the cell that checks begins."""

    name: str
    points: int
    solution: NotebookNode
    check: NotebookNode
    line: int


def read(source, name):
    """The text `name` as a notebook, and its exercises in their order."""
    notebook = jupytext.read(source)
    placed = list(zip(notebook.cells, lines(notebook, source.read_text(encoding="utf-8"))))

    def refuse(words, line=1, cell=None):
        sys.exit(f"{name}: {words} ({shown(source)}:{line})" + (f":\n{cell.source}" if cell else ""))

    if not notebook.cells or not notebook.cells[0].source.startswith("# "):
        refuse("the text opens with a heading, # Exercises: ...")
    found, solution, begun = {}, None, 1
    for cell, line in placed:
        points = points_in(cell, lambda words, at=(line, cell): refuse(words, *at))
        if SOLUTION.search(cell.source):
            if solution is not None:
                refuse("nothing checks this solution", begun, solution)
            solution, begun = cell, line
        if points is None:
            if cell.cell_type == "code" and re.search(r"\bcheck\(", cell.source):
                refuse("a cell that checks has its points as a tag, points-2", line, cell)
            continue
        called = CHECK.fullmatch(cell.source)
        if called is None or solution is None:
            words = 'a cell with points checks one exercise, below its solution, by check("chapter/topic") and no more'
            refuse(words, line, cell)
        if called[1] in found:
            refuse(f"{called[1]} is checked in line {found[called[1]].line} already", line, cell)
        found[called[1]] = Exercise(called[1], points, solution, cell, line)
        solution = None
    for cell, line in placed:
        closed = len(SOLUTION.findall(cell.source)) if cell.cell_type == "code" else 0
        if len(MARK.findall(cell.source)) != 2 * closed:
            refuse("each ### BEGIN SOLUTION needs its ### END SOLUTION, and no other mark stands in a text", line, cell)
    if solution is not None:
        refuse("nothing checks this solution", begun, solution)
    _refuse_answers(placed, refuse)
    return notebook, list(found.values())


def is_model(cell):
    """Whether a cell belongs to a model answer, which no learner is handed."""
    return MODEL in cell.metadata.get("tags", [])


def _refuse_answers(placed, refuse):
    """Refuse a question without its answer, and an answer that is not told apart from what learners read."""
    open_question, above_is_model = None, False
    for cell, line in [*placed, (None, None)]:
        text = cell is not None and cell.cell_type == "markdown"
        if open_question and not (text and is_model(cell)):
            refuse(f"{QUESTION} has its answer below it: a cell of text with the tag {MODEL}", *open_question)
        if cell is None:
            continue
        if is_model(cell) and text:
            if not open_question or not cell.source.startswith(ANSWER):
                refuse(f"a text with the tag {MODEL} opens with {ANSWER} and stands below {QUESTION}", line, cell)
        elif is_model(cell):
            if not above_is_model:
                refuse(f"code with the tag {MODEL} stands below the text of a model answer", line, cell)
        elif ANSWER in cell.source:
            refuse(f"a model answer has the tag {MODEL}", line, cell)
        above_is_model = is_model(cell)
        open_question = (line, cell) if text and not is_model(cell) and QUESTION in cell.source else None
        if open_question and not cell.source.rsplit("\n\n", 1)[-1].startswith(QUESTION):
            refuse(f"{QUESTION} is the last paragraph of its cell", line, cell)


def points_in(cell, refuse):
    """The points that a cell's tags give, or None; a tag that is nearly one is refused."""
    tags = [tag for tag in cell.metadata.get("tags", []) if tag.lower().startswith("point")]
    found = [POINTS.fullmatch(tag) for tag in tags]
    if len(tags) > 1 or None in found:
        refuse(f"points are one tag, a whole number above zero as in points-2, not {', '.join(tags)}")
    return int(found[0][1]) if found else None
