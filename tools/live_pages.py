"""What each page needs where its reader runs it: the heavy modules that its cells load.

live_pages.py [notebooks/part/chapter ...]: run these pages, or all, as a browser would run them, and print what each
loads. A build asks less: chapters have just been run for the site (see `cells`), so only exercises are run here, with
their solutions, and only those of which something has changed (see `reach`).
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cells
from cells import HEAVY
from reach import ROOT, key

KEPT = ROOT / "_build" / ".live.json"


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
    """Run the cells of a notebook with the code that runs them behind a page; print what was loaded."""
    sys.path.insert(0, str(ROOT / "book" / "_assets" / "live"))
    from tef_page import page

    os.chdir(file.parent)
    code = [cell for cell in json.loads(file.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(code, start=1):
        told = json.loads(page.run("".join(cell["source"]), number))
        if told["failed"]:
            sys.exit(f"{file.relative_to(ROOT)}, cell {number}: {told['outputs'][-1]['text']}")
    print(json.dumps([name for name in HEAVY if name in sys.modules]))


def solved(name):
    """The notebook behind a page, of exercises the one with solutions."""
    return f"exercises/source/{name.removeprefix('exercises/')}" if name.startswith("exercises/") else name


def one(name):
    """What one page needs. An exercise is run with its solution: a stub would not come to what a check needs."""
    file = ROOT / f"{solved(name)}.ipynb"
    before = key(file.relative_to(ROOT).as_posix())
    environment = os.environ | {"TEF_STATIC": "page", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", __file__, "--here", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SystemExit(f"{name} cannot be run as in a page: {done.stderr.strip()[-2000:]}")
    return {"modules": json.loads(done.stdout.splitlines()[-1]), "key": before}


def needs(jobs=None):
    """The heavy modules that every page loads, by its name."""
    ran = cells.keys()
    chapters = {name: ran[f"{name}.ipynb"]["loaded"] for name in names() if f"{name}.ipynb" in ran}
    known = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    sheets = [name for name in names() if name.startswith("exercises/")]
    told = {name: known[name] for name in sheets if name in known and known[name]["key"] == key(f"{solved(name)}.ipynb")}
    wanted = [name for name in sheets if name not in told]
    if wanted:
        print(f"Trying {len(wanted)} sheets as a browser would run them ...", flush=True)
        with ThreadPoolExecutor(jobs or int(os.environ.get("JOBS", 2))) as pool:
            told |= dict(zip(wanted, pool.map(one, wanted)))
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(dict(sorted(told.items())), indent=1))
    return chapters | {name: about["modules"] for name, about in told.items()}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        run_here(Path(sys.argv[2]))
    else:
        for name in sys.argv[1:] or names():
            print(name, *one(name)["modules"], flush=True)
