"""Wheels for the browser: checked, made smaller, fetched from PyPI, built from this checkout.

A wheel is bytes here. What is packed twice is the same bytes twice.
"""

import base64
import csv
import hashlib
import io
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from email.parser import BytesHeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from reach import ROOT

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can state; the same bytes on every day
# What a requirement may ask about the browser's Python; the rest of a marker is as on this machine.
BROWSER = {"sys_platform": "emscripten", "platform_system": "Emscripten", "os_name": "posix", "extra": ""}
# Of plotly: its JavaScript (a page draws with its own copy), what is built on its figures, and its sample data.
PLOTLY_LEFT_OUT = re.compile(
    r"plotly/(package_data/(plotly\.min\.js|widgetbundle\.js|datasets/)|labextension/|figure_factory/|matplotlylib/|express/)"
    r"|plotly-[^/]+\.data/"
    # Every kind of trace is a folder and a file. The pages' copy of plotly.js draws these three alone.
    r"|plotly/graph_objs/(?!layout/|scatter/|bar/|pie/)[a-z0-9]+/"
    r"|plotly/graph_objs/_(?!(layout|figure|frame|deprecations|scatter|bar|pie)\.py)[a-z0-9]+\.py$"
)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def files_in(wheel):
    """Return what is in a wheel as {path: bytes}; the zip's own checksums are looked at by the way."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def below(wheel, folder, kept):
    """A function that gives a file of one folder in a wheel, by name; None where there is no such file."""

    def read(name):
        try:
            with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
                path = f"{folder}/{name}"
                return archive.read(path) if path in archive.namelist() else None
        except (zipfile.BadZipFile, zlib.error) as error:
            raise SystemExit(f"{kept} is damaged ({error}): remove it, and it is fetched anew") from error

    return read


def in_dist_info(files, name):
    """The path of one of the files that describe the wheel: METADATA or RECORD."""
    return next(path for path in files if re.fullmatch(rf"[^/]+\.dist-info/{name}", path))


def _line(path, content):
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return [path, f"sha256={digest}", str(len(content))]


def damaged(files):
    """Paths whose content is not what the wheel's RECORD says, or of which it says nothing."""
    record = in_dist_info(files, "RECORD")
    listed = {row[0]: row for row in csv.reader(io.StringIO(files[record].decode())) if row}
    there = {path: _line(path, content) for path, content in files.items() if path != record}
    return sorted(path for path in {*listed, *there} - {record} if listed.get(path) != there.get(path))


def packed(files):
    """A wheel of these files, with a RECORD of just them."""
    record = in_dist_info(files, "RECORD")
    lines = [_line(path, content) for path, content in sorted(files.items()) if path != record]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([*lines, [record, "", ""]])
    whole = {path: content for path, content in sorted(files.items()) if path != record} | {record: text.getvalue().encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content in whole.items():
            entry = zipfile.ZipInfo(path, FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def slim(wheel, left_out):
    """A wheel without the files whose path the pattern matches at its beginning."""
    return packed({path: content for path, content in files_in(wheel).items() if not left_out.match(path)})


def entry(wheel, file_name):
    """What Pyodide's lock file says of a pure wheel; its needs as the wheel itself states them for the browser."""
    files = files_in(wheel)
    told = BytesHeaderParser().parsebytes(files[in_dist_info(files, "METADATA")])
    needs = [Requirement(text) for text in told.get_all("Requires-Dist", [])]
    tops = {path.split("/")[0].removesuffix(".py") for path in files if path.endswith(".py") and ".dist-info/" not in path}
    return {
        "name": canonicalize_name(told["Name"]),
        "version": told["Version"],
        "file_name": file_name,
        "install_dir": "site",
        "sha256": sha256(wheel),
        "package_type": "package",
        "imports": sorted(tops),
        "depends": sorted({canonicalize_name(n.name) for n in needs if not n.marker or n.marker.evaluate(BROWSER)}),
        "unvendored_tests": False,
        "shared_library": False,
    }


def locked(name):
    """The version of a package that the book is tested with."""
    found = re.search(rf"^{re.escape(name)}==([^\s;]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    if not found:
        raise SystemExit(f"requirements.lock names no version of {name}")
    return found[1]


def from_pypi(name, version, cache):
    """A wheel as (file name, bytes): from the cache, or once by pip, which keeps it there."""
    stem = f"{canonicalize_name(name).replace('-', '_')}-{version}-"
    kept = next((file for file in cache.glob("*.whl") if file.name.lower().startswith(stem)), None)
    if kept:
        return kept.name, kept.read_bytes()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:  # a download that is cut off is never taken for the wheel
        _pip("download", "--only-binary", ":all:", "--dest", folder, f"{name}=={version}")
        (made,) = Path(folder).iterdir()
        kept = made.replace(cache / made.name)
    return kept.name, kept.read_bytes()


def pure_from_pypi(name, cache):
    """A pure wheel of the version in requirements.lock, as (file name, bytes), whole by its own RECORD."""
    file_name, wheel = from_pypi(name, locked(name), cache)
    if not file_name.endswith("-none-any.whl"):
        raise SystemExit(f"{file_name} is compiled, and not for the browser")
    try:
        faults = damaged(files_in(wheel))
    except (zipfile.BadZipFile, zlib.error) as error:
        faults = [str(error)]
    if faults:
        raise SystemExit(f"{cache / file_name} is damaged ({faults[0]}): remove it, and it is fetched anew")
    return file_name, slim(wheel, PLOTLY_LEFT_OUT) if name == "plotly" else wheel


def own():
    """The wheel of this checkout, as (file name, bytes)."""
    with tempfile.TemporaryDirectory() as folder:
        _pip("wheel", "--no-build-isolation", "--wheel-dir", folder, str(ROOT))
        (made,) = Path(folder).iterdir()
        return made.name, made.read_bytes()


def _pip(verb, *words):
    command = [sys.executable, "-m", "pip", verb, "--quiet", "--disable-pip-version-check", "--no-deps", *words]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        failed = "cannot be had" if verb == "download" else "cannot be made"
        raise SystemExit(f"{words[-1]} {failed}, pip {verb} failed:\n{done.stderr.strip()}")
