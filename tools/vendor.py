"""Fetch the browser libraries and fonts of the site from npm into `book/_assets/vendor/`.

What is fetched, in which version and with which integrity is listed in `book/_assets/vendor/VENDOR.json`; the files are
committed, so that building the book needs no network. Run this script after changing a version:

    python tools/vendor.py          # fetch, check, write, record the hash of each file
    python tools/vendor.py --check  # no network: do the files on disk have the recorded hashes?

The environment variable NPM_REGISTRY names another registry, for instance a mirror. A tarball whose sha512 differs from
the listed integrity is refused, and nothing of it is written.
"""

import base64
import hashlib
import http.client
import io
import json
import os
import sys
import tarfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "book/_assets/vendor/VENDOR.json"
REGISTRY = os.environ.get("NPM_REGISTRY", "https://registry.npmjs.org").rstrip("/")


def tarball(name, version, integrity):
    """Return the members of one npm package as {path: bytes}, after checking its sha512."""
    return members(download(name, version), f"{name} {version}", integrity)


def download(name, version):
    """Return the tarball of one npm package."""
    url = f"{REGISTRY}/{name}/-/{name.rsplit('/', 1)[-1]}-{version}.tgz"
    try:
        with urllib.request.urlopen(url, timeout=120) as answer:
            return answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise SystemExit(f"{url} cannot be had: {error}") from error


def members(packed, label, integrity):
    """Return what is in a tarball as {path: bytes}, if the tarball is the one that was listed."""
    if integrity_of(packed) != integrity:
        raise SystemExit(f"{label}: integrity is {integrity_of(packed)}, listed is {integrity}; nothing was written")
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
        found = [m for m in tar.getmembers() if m.isfile()]
        return {m.name.split("/", 1)[1]: tar.extractfile(m).read() for m in found}


def integrity_of(packed):
    """The sha512 of a tarball as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(packed).digest()).decode()


def wanted(members, take):
    """Return {target: bytes}; a source that ends in a slash takes the files of that folder, not of its sub-folders."""
    files = {}
    for source, target in take.items():
        if source.endswith("/"):
            names = [n for n in members if n.startswith(source) and "/" not in n[len(source) :]]
            files |= {target + n[len(source) :]: members[n] for n in names}
        else:
            files[target] = members[source]
    return files


def fetch():
    """Download, check and write every package, and record the sha256 of each file written."""
    listed = json.loads(LIST.read_text())
    for package in listed["packages"]:
        files = wanted(tarball(package["name"], package["version"], package["integrity"]), package["take"])
        for target, content in files.items():
            (ROOT / target).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / target).write_bytes(content)
        package["sha256"] = {t: hashlib.sha256(c).hexdigest() for t, c in sorted(files.items())}
        print(f"{package['name']} {package['version']}: {len(files)} files, {sum(map(len, files.values())) / 1e6:.2f} MB")
    LIST.write_text(json.dumps(listed, indent=2) + "\n")


def changed():
    """Return the vendored files that are missing or differ from their recorded hash."""
    recorded = {t: h for p in json.loads(LIST.read_text())["packages"] for t, h in p["sha256"].items()}
    found = {t: (ROOT / t).is_file() and hashlib.sha256((ROOT / t).read_bytes()).hexdigest() for t in recorded}
    return [t for t, h in recorded.items() if found[t] != h]


if __name__ == "__main__":
    if "--check" in sys.argv:
        raise SystemExit("\n".join(f"{t}: missing or changed" for t in changed()) or 0)
    fetch()
