"""What each page needs where its reader runs it: its cells are run here as a browser would run them.

live_pages.py [notebooks/part/chapter ...]: print the modules each page loads, and how long it took. The result is kept
under a key made of all that the page reaches (see `reach`), so that a build measures only what has changed.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from reach import ROOT, key

KEPT = ROOT / "_build" / ".live.json"
SLOWER = 4  # times: Python in a browser, beside Python on the same machine
HEAVY = ("numpy", "scipy", "pandas", "plotly", "matpowercaseframes", "highspy", "clarabel", "nacl", "cvxpy")


def engine_folder():
    """The folder of the engine for the browser: TEF_ENGINE, or where `make engine` lays it; None where there is none."""
    folder = Path(os.environ.get("TEF_ENGINE") or ROOT / "build" / "engine")
    return folder if (folder / "engine.json").is_file() else None


def names():
    """Every page that has cells, by its name on the site: chapters, and exercises as learners get them."""
    found = [file for part in ("notebooks", "exercises") for file in (ROOT / part).glob("*/*.ipynb")]
    pages = [file.relative_to(ROOT).with_suffix("").as_posix() for file in found if file.parent.name != "source"]
    return sorted(name for name in pages if "/source/" not in name)


def run_here(file):
    """Run the cells of a notebook with the code that runs them behind a page; print what was loaded, and the seconds."""
    sys.path.insert(0, str(ROOT / "book" / "_assets" / "live"))
    from tef_page import page

    os.chdir(file.parent)
    cells = [cell for cell in json.loads(file.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    seconds = []
    for number, cell in enumerate(cells, start=1):
        start = time.perf_counter()
        told = json.loads(page.run("".join(cell["source"]), number))
        seconds.append(round(time.perf_counter() - start, 2))
        if told["failed"]:
            sys.exit(f"{file.relative_to(ROOT)}, cell {number}: {told['outputs'][-1]['text']}")
    loaded = {name.split(".")[0] for name in sys.modules}
    print(json.dumps({"modules": [name for name in HEAVY if name in loaded], "seconds": seconds}))


def one(name):
    """What one page needs. An exercise is run with its solution: a stub would not come to what a check needs."""
    solved = ROOT / "exercises" / "source" / f"{name.removeprefix('exercises/')}.ipynb"
    file = solved if name.startswith("exercises/") else ROOT / f"{name}.ipynb"
    before = key(file.relative_to(ROOT).as_posix())
    environment = os.environ | {"TEF_STATIC": "page", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", __file__, "--here", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SystemExit(f"{name} cannot be run as in a page: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1]) | {"key": before}


def measure(jobs=None):
    """What every page needs, by its name; only pages are run of which something has changed."""
    known = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    source = lambda name: f"exercises/source/{name.removeprefix('exercises/')}" if name.startswith("exercises/") else name  # noqa: E731
    told = {name: known[name] for name in names() if name in known and known[name]["key"] == key(f"{source(name)}.ipynb")}
    wanted = [name for name in names() if name not in told]
    if wanted:
        print(f"Trying {len(wanted)} pages as a browser would run them ...", flush=True)
        with ThreadPoolExecutor(jobs or int(os.environ.get("JOBS", 2))) as pool:
            told |= dict(zip(wanted, pool.map(one, wanted)))
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(dict(sorted(told.items())), indent=1))
    return told


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        run_here(Path(sys.argv[2]))
    else:
        for name in sys.argv[1:] or names():
            found = one(name)
            print(name, *found["modules"], f"{sum(found['seconds']):.1f} s")
