"""Build the site into _build/html, with every warning an error.

A build whose sources have not changed is not repeated. The cache of executed cells knows only the cells' text, so it
is thrown away whenever the package, the data or a library has changed.
"""

import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
ENGINE = ["tefoundations", "data", "requirements.lock"]
SOURCES = ["book", "notebooks", "exercises", "_config.yml", "_toc.yml", "pyproject.toml", "CHANGELOG.md"]


def fingerprint(names):
    """One hash over the files below `names`; what Python and Jupyter leave behind does not count."""
    digest = hashlib.sha256()
    for name in names:
        path = ROOT / name
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(file.parts):
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def stamp(name):
    file = BUILD / name
    return file.read_text() if file.exists() else ""


def main():
    engine = fingerprint(ENGINE)
    everything = engine + fingerprint(SOURCES)
    if stamp(".site") == everything and (BUILD / "html" / "index.html").exists():
        print("The site is up to date.")
        return
    BUILD.mkdir(exist_ok=True)
    (BUILD / ".site").unlink(missing_ok=True)
    if stamp(".engine") != engine:
        shutil.rmtree(BUILD / ".jupyter_cache", ignore_errors=True)
    # A page that is gone from the book must not stay in the site.
    shutil.rmtree(BUILD / "html", ignore_errors=True)
    print("Building the site ...", flush=True)
    start = time.monotonic()
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [jupyter_book, "build", ROOT, "-W", "-n", "--keep-going", "--all"]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit("The site was not built: see the messages above.")
    (BUILD / ".engine").write_text(engine)
    (BUILD / ".site").write_text(everything)
    print(f"Built in {time.monotonic() - start:.0f} s.")


if __name__ == "__main__":
    main()
