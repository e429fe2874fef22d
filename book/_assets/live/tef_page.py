"""What runs behind a page: its cells, one after the other, in one namespace, and the states of its figures.

There is no IPython here. A cell is compiled, its last expression is shown, what it prints is kept, and an error names
the line of the cell. All that leaves is JSON. A figure made by `explore` stays, and each of its states is drawn when a
reader asks for it.
"""

import ast
import contextlib
import io
import json
import linecache
import re
import traceback

MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)
MOST = 20_000  # characters of one output


class Page:
    """The session of one page."""

    def __init__(self):
        self.names = {"__name__": "__main__", "__builtins__": __builtins__}
        self.figures = []

    def run(self, source, number):
        """Run one cell; give its outputs, whether it failed, and what it wanted to import and did not find."""
        file = f"<cell {number}>"
        source = MAGIC.sub(r"\1pass", source)
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        printed, outputs, failed, missing = Printed(), [], False, ""
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                shown = self._value(source, file)
                outputs = [] if shown is None else [self._shown(shown)]
            except BaseException as error:  # SystemExit and the like, too: the session must outlive its cells
                failed, outputs = True, [{"kind": "error"} | told(error)]
                missing = (error.name or "").split(".")[0] if isinstance(error, ModuleNotFoundError) else ""
        outputs = [{"kind": "text", "text": printed.getvalue()}, *outputs] if printed.getvalue() else outputs
        return json.dumps({"outputs": outputs, "failed": failed, "missing": missing})

    def _value(self, source, file):
        """The value of the last expression, which is shown; None where there is none or a semicolon ends it."""
        tree = ast.parse(source, file)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, file, "exec"), self.names)
        if last is None:
            return None
        value = eval(compile(ast.Expression(last.value), file, "eval"), self.names)
        return None if source.rstrip().endswith(";") else value

    def _shown(self, value):
        """One value as the site shows it: figures and tables by their HTML, all else by its repr."""
        if hasattr(value, "drawn") and hasattr(value, "states"):
            from tefoundations.explore.engine.page import opening_html

            self.figures.append(value)
            return {"kind": "html", "html": opening_html(value), "figure": len(self.figures) - 1}
        if hasattr(value, "to_plotly_json"):
            from tefoundations.explore.engine.page import figure_html

            return {"kind": "html", "html": figure_html(value)}
        html = _html(value)
        if html is None:
            return {"kind": "text", "text": cut(repr(value))}
        judged = hasattr(value, "exercise") and hasattr(value, "state")
        return {"kind": "html", "html": html} | ({"exercise": value.exercise, "state": value.state} if judged else {})

    def state(self, figure, places):
        """One state of a figure, by the positions of its controls."""
        from tefoundations.explore.engine.page import one_state

        return json.dumps(one_state(self.figures[figure], [int(place) for place in places]))


class Printed(io.StringIO):
    """What a cell prints, up to a length that a page can carry: a loop may print for ever."""

    def write(self, text):
        room = MOST - self.tell()
        if room >= 0:
            super().write(text if len(text) <= room else text[:room] + "\n...")
        return len(text)


def _html(value):
    """What Jupyter would show of a value as HTML; None if it would show text."""
    if hasattr(value, "_repr_mimebundle_") and not isinstance(value, type):
        return (value._repr_mimebundle_() or {}).get("text/html")
    return value._repr_html_() if hasattr(value, "_repr_html_") and not isinstance(value, type) else None


def cut(text):
    """A text, or as much of it as a page can carry."""
    return text if len(text) <= MOST else text[:MOST] + "\n..."


def told(error):
    """An error in one line, where it arose, and the way to it from the first cell on, not how this file called it."""
    found = traceback.TracebackException.from_exception(error)
    cells = [at for at, step in enumerate(found.stack) if step.filename.startswith("<cell")]
    found.stack = traceback.StackSummary.from_list(found.stack[cells[0] :] if cells else [])
    unread = isinstance(error, SyntaxError) and str(error.filename).startswith("<cell")
    file, line = (error.filename, error.lineno) if unread else ("", 0)
    if cells and not unread:
        file, line = found.stack[cells[-1] - cells[0]].filename, found.stack[cells[-1] - cells[0]].lineno
    words = list(found.format_exception_only())[-1].strip()
    return {"words": words, "cell": int(file[6:-1] or 0), "line": line, "text": "".join(found.format())[-4000:]}


page = Page()
