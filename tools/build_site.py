"""Build the site into _build/html, with every warning an error.

A build whose sources have not changed is not repeated. The cells of the chapters are run first, side by side, and only
where something changed that they reach (see `cells`); the pages are then made from what they gave. The exercises' pages
show the committed outputs of the learners' edition, which nbval proves.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import cells
from course_kit import FIRST_DAY
from engine import renew_book
from lite import lite_folder
from live_pages import engine_folder
from reach import LEFT_BEHIND, ROOT

BUILD = ROOT / "_build"
CODE = ["tefoundations", "data", "requirements.lock"]
LIVE = ["_static/live/engine", "_static/live/pages", "lite"]
SOURCES = ["book", "notebooks", "exercises", "_config.yml", "_toc.yml", "pyproject.toml", "CHANGELOG.md"]


def fingerprint(names):
    """One hash over the files below `names`; what Python and Jupyter leave behind does not count."""
    digest = hashlib.sha256()
    for name in names:
        path = ROOT / name
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.is_file() and not LEFT_BEHIND & set(file.parts):
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def state():
    """One word for all that the site is made of; engine and JupyterLite count, too, where they lie ready."""
    laid = engine_folder()
    about = json.loads((laid / "engine.json").read_text()) if laid else {}
    about.pop("recipe", None)  # how it was made: what was made is the same
    second = lite_folder()
    about["lite"] = json.loads((second / "kernel" / "about.json").read_text()) if second else None
    told = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
    return fingerprint(CODE) + fingerprint(SOURCES) + told


def stamp(name):
    file = BUILD / name
    return file.read_text() if file.exists() else ""


def pack(site, name="transactive-energy-foundations"):
    """Put the site into one zip inside it, the same bytes every time: it reads from the disk without any server.

    What pages need to be run stays out: no browser runs them from the disk.
    """
    made = site / f"{name}.zip"
    made.unlink(missing_ok=True)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        left_out = {made} | {file for part in LIVE for file in (site / part).rglob("*")}
        for file in sorted(file for file in site.rglob("*") if file.is_file() and file not in left_out):
            entry = zipfile.ZipInfo(f"{name}/{file.relative_to(site).as_posix()}", FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes())
    return made


def main():
    laid = engine_folder()
    if laid and laid.is_relative_to(ROOT):
        renew_book(laid)  # its wheel of the package is that of these sources
    everything = state()
    if stamp(".site") == everything and (BUILD / "html" / "index.html").exists():
        print("The site is up to date.")
        return
    BUILD.mkdir(exist_ok=True)
    (BUILD / ".site").unlink(missing_ok=True)
    start = time.monotonic()
    cells.run(jobs=int(os.environ.get("JOBS", 2)))
    # A page that is gone from the book must not stay in the site.
    shutil.rmtree(BUILD / "html", ignore_errors=True)
    print("Building the site ...", flush=True)
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [jupyter_book, "build", ROOT, "-W", "-n", "--keep-going", "--all"]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit("The site was not built: see the messages above.")
    pack(BUILD / "html")
    (BUILD / ".site").write_text(everything)
    print(f"Built in {time.monotonic() - start:.0f} s.")


if __name__ == "__main__":
    main()
