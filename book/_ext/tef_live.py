"""Run this page: what a page needs so that its reader can run it, where an engine for the browser was laid ready.

The engine (Python for the browser and the wheels the book uses) is made by `make engine` and never committed. With one,
the bar under a title gets its button, each cell its name, and the site the engine and a file of cells for each page.
Without one the same site is built without the button.
"""

import json
import re
import shutil
import sys
from functools import cache
from pathlib import Path

from tefoundations.explore.engine.theme import DARK, LIGHT, template

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import lite
import live_pages

CELL = re.compile(r'<div class="cell (?=[^"]*docutils)')
BUTTON = '<button type="button" class="tef-run" hidden>Run this page</button>'
NAMES = {"nacl": "pynacl", "cvxpy": "cvxpy-base"}  # imported by another name than that of the package


@cache
def engine():
    """The folder of the engine and what it says of itself, or None."""
    folder = live_pages.engine_folder()
    return (folder, json.loads((folder / "engine.json").read_text())) if folder else None


def loads(modules):
    """The packages of the engine behind these modules, and behind what they need in turn; None if one is not there."""
    _, about = engine()
    found, todo = set(), ["tefoundations", *(NAMES.get(name, name) for name in modules)]
    while todo:
        name = todo.pop()
        if name in about["missing"]:
            return None
        if name in about["packages"] and name not in found:
            found.add(name)
            todo += about["packages"][name]["depends"]
    return sorted(found)


@cache
def pages():
    """For each page that can be run: its cells, its packages and how many bytes it loads."""
    _, about = engine()
    told = {}
    for name, modules in live_pages.needs().items():
        packages = loads(modules)
        if packages is not None:
            size = about["core_bytes"] + sum(about["packages"][one]["bytes"] for one in packages)
            told[name] = {"page": name, "packages": packages, "bytes": size, "cells": cells(name)}
    return told


def cells(name):
    """The cells of code of a page in their order."""
    notebook = json.loads((live_pages.ROOT / f"{name}.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return [
        {
            "id": cell["id"],
            "source": "".join(cell["source"]),
            "hidden": "remove-cell" in cell["metadata"].get("tags", []),
            "check": "".join(cell["source"]).startswith("check("),
        }
        for cell in code
    ]


lite_folder = cache(lite.lite_folder)  # what it has to say, it says once


def second_door(pagename):
    """The link to the page's notebook in JupyterLite, where one lies ready; the script of the button shows it."""
    if not lite_folder():
        return ""
    href = f"{'../' * pagename.count('/')}lite/lab/index.html?path={lite.flat(pagename)}"
    return f'<a class="tef-lite" href="{href}" hidden>Open in JupyterLite</a>'


def with_button(app, pagename, templatename, context, doctree):
    """Give a page that can be run its button, and each of its cells the name under which it is run."""
    if not engine() or pagename not in pages():
        return
    told = pages()[pagename]
    shown = [cell["id"] for cell in told["cells"] if not cell["hidden"]]
    body, count = CELL.subn(lambda found: f'<div data-cell="{shown.pop(0) if shown else ""}" class="cell ', context["body"])
    if shown or count != sum(not cell["hidden"] for cell in told["cells"]):
        raise ValueError(f"{pagename}: the page shows {count} cells, not those of the notebook")
    size = f'<span class="tef-size">loads {round(told["bytes"] / 1e6)} MB</span>'
    button = f'<button type="button" class="tef-run" data-page="{pagename}" hidden>Run this page {size}</button>'
    context["body"] = body.replace(BUTTON, button + second_door(pagename))


def with_script(app, pagename, templatename, context, doctree):
    """Give such a page the script of its button; before others make lists of their own of what a page loads."""
    if engine() and pagename in pages():
        app.add_js_file("live/tef-live.js", loading_method="defer")


def with_engine(app, exception):
    """Lay the engine and the cells of the pages into the site; say once what cannot be run and why."""
    if exception or app.builder.format != "html":
        return
    if not engine():
        print("No page of this site can be run in the browser: `make engine` lays ready what that needs.")
        return
    folder, about = engine()
    live = Path(app.outdir) / "_static" / "live"
    shutil.copytree(folder, live / "engine", dirs_exist_ok=True)
    looks = {"light": template(LIGHT), "dark": template(DARK)}
    for name, told in pages().items():
        file = live / "pages" / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told | {"theme": looks}, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    if lite_folder():
        lite.place(lite_folder(), Path(app.outdir))
        print("The same pages open in JupyterLite.")
    static = sorted(set(live_pages.names()) - set(pages()))
    if static:
        print(f"The engine has no {', '.join(about['missing'])}; not run in the browser: {', '.join(static)}.")
    print(f"{len(pages())} pages can be run in the browser.")


def setup(app):
    """Register with Sphinx."""
    app.connect("html-page-context", with_script)
    app.connect("html-page-context", with_button, priority=960)  # after the bar
    app.connect("build-finished", with_engine)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
