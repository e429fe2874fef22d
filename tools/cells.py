"""Run the cells of the book once, side by side, and keep what they gave.

cells.py [part/chapter ...]: the chapters, or those named. What a notebook gave is kept in the cache from which the site
is built, under a key made of all that the notebook reaches (see `reach`): a change in one room runs the chapters that
use it, and no others.
"""

import json
import os
import re
import sys
import time
from ast import literal_eval
from concurrent.futures import ProcessPoolExecutor, as_completed

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from reach import ROOT, forget, key

BUILD = ROOT / "_build"
CACHE, KEYS = BUILD / ".jupyter_cache", BUILD / ".cells.json"
# Run with the book, and beside the chapters: the one page of prose that computes something.
PAGES = ["book/index.md"]
LIMIT = 300  # seconds a cell
# What a page needs where its reader runs it (see live_pages): asked at the end of a run.
HEAVY = ("numpy", "scipy", "pandas", "plotly", "matpowercaseframes", "highspy", "clarabel", "nacl", "cvxpy")
LOADED = f"import sys\n[name for name in {HEAVY} if name in sys.modules]"


def chapters():
    """The chapters' notebooks, by path from the root."""
    return sorted(f.relative_to(ROOT).as_posix() for f in (ROOT / "notebooks").glob("*/*.ipynb"))


def read(name):
    """A notebook as the site's builder reads it, so that the cache knows it again."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".ipynb"):
        return nbformat.reads(text, as_version=4)
    from myst_nb.core.read import read_myst_markdown_notebook
    from myst_parser.config.main import MdParserConfig

    return read_myst_markdown_notebook(text, config=MdParserConfig(), add_source_map=True, path=name)


def execute(notebook, folder, text, order="0"):
    """Run every cell as readers of the site see it: figures as data, no widgets; what fails is told by its line of `text`.

    `order` is Python's seed for the order of sets. What is committed has one order, and a build another: nbval then finds
    the output that depends on it.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    os.environ["TEF_STATIC"] = "1"
    os.environ["PYTHONHASHSEED"] = order
    folder.mkdir(parents=True, exist_ok=True)
    where = {"metadata": {"path": folder}}

    def run():
        # The moments at which cells ran would make the notebook another one for the cache.
        options = {"timeout": LIMIT, "kernel_name": "python3", "resources": where, "record_timing": False}
        NotebookClient(notebook, **options).execute()

    try:
        started(run)
    except CellExecutionError as error:
        raise SystemExit(f"{shown(text)}:{failed_line(notebook, text)}: {error.ename}: {error.evalue}\n{error}") from None
    return notebook


def started(run):
    """Do what starts a kernel. Two that start at one moment may be given one port; who dies of that starts once more."""
    try:
        return run()
    except RuntimeError as error:
        if "before replying" not in str(error):
            raise
    return run()


def shown(path):
    """A path as messages name it: from the root of the tree."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def lines(notebook, text):
    """The line of `text` in which each cell begins; one that a tool has lengthened is known by how it begins."""
    found, at = [], 0
    for cell in notebook.cells:
        own = cell.source.split("\n")
        places = (text.find("\n".join(own[:end]), at) for end in range(len(own), 0, -1))
        place = next((place for place in places if place >= 0), at)
        found.append(text.count("\n", 0, place) + 1)
        if text.startswith(cell.source, place):  # else it may be a cell that does not stand in the text
            at = place + len(cell.source)
    return found


def failed_line(notebook, text):
    """The line of `text` at which a run stopped."""
    written = text.read_text(encoding="utf-8")
    cells = [(c, at) for c, at in zip(notebook.cells, lines(notebook, written)) if c.cell_type == "code" and c.outputs]
    cell, start = [(c, at) for c, at in cells if c.outputs[-1].output_type == "error"][-1]
    traceback = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(cell.outputs[-1].traceback))
    inner = re.search(rf"Cell In\[{cell.execution_count}\], line (\d+)", traceback)
    return start + int(inner[1]) - 1 if inner and cell.source in written else start


def keys():
    """Under which key the cache holds each notebook, how many seconds it ran, and which heavy modules it loaded."""
    return json.loads(KEYS.read_text()) if KEYS.exists() else {}


def keep(name, notebook, about):
    """Put an executed notebook into the cache, in the place of what it gave before, and what is known about its run."""
    BUILD.mkdir(exist_ok=True)
    cache = get_cache(CACHE)
    uri = str(ROOT / name)
    for record in cache.list_cache_records():
        if record.uri == uri:
            cache.remove_cache(record.pk)
    bundle = CacheBundleIn(notebook, uri, data={"execution_seconds": about["seconds"]})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    KEYS.write_text(json.dumps(keys() | {name: about}, indent=1))


def kept(name):
    """What a notebook gave with all that it reaches as it is now; None where it must be run."""
    known = keys().get(name, {})
    if known.get("key") != key(name) or "loaded" not in known:
        return None
    try:
        return get_cache(CACHE).merge_match_into_notebook(read(name))[1]
    except KeyError:
        return None


def one(name):
    """Run one notebook in a process of its own; gives what it gave, and about the run: key before it, seconds, modules."""
    forget()
    before, start = key(name), time.monotonic()
    text = ROOT / "book" / f"{name.removeprefix('notebooks/').removesuffix('.ipynb')}.md"
    notebook = read(name)
    notebook.cells.append(nbformat.v4.new_code_cell(LOADED))
    execute(notebook, (ROOT / name).parent, text if text.exists() else ROOT / name, order="random")
    [loaded] = notebook.cells.pop().outputs
    about = {"key": before, "seconds": round(time.monotonic() - start, 1), "loaded": literal_eval(loaded.data["text/plain"])}
    return notebook, about


def run(names=None, jobs=2):
    """Run those notebooks that are not kept, the longest first; gives the names of those that were run."""
    wanted = [name for name in names or chapters() + PAGES if kept(name) is None]
    took = {name: known["seconds"] for name, known in keys().items()}
    wanted.sort(key=lambda name: (-took.get(name, LIMIT), -(ROOT / name).stat().st_size))
    if wanted:
        print(f"Running the cells of {len(wanted)} notebooks ...", flush=True)
    with ProcessPoolExecutor(jobs) as pool:
        running = {pool.submit(one, name): name for name in wanted}
        for done in as_completed(running):
            name = running[done]
            try:
                notebook, about = done.result()
            except (Exception, SystemExit) as error:
                pool.shutdown(cancel_futures=True)
                sys.exit(f"{name}: {error}")
            keep(name, notebook, about)
            print(f"  {name}: {about['seconds']:.0f} s", flush=True)
    return wanted


if __name__ == "__main__":
    run([f"notebooks/{name}.ipynb" for name in sys.argv[1:]], int(os.environ.get("JOBS", 2)))
