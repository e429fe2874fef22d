"""Lay JupyterLite ready: Jupyter in the reader's browser, with all notebooks, on the engine that runs the pages.

    python tools/lite.py                    # into build/lite, for the engine in build/engine
    python tools/lite.py --wheels FOLDER    # what the kernel needs besides from there, as in tools/engine.py

Jupyter itself comes from PyPI, in an environment of its own, build/lite-env. The engine is not copied: what is laid here
holds Jupyter, the notebooks, and the few packages that a notebook's kernel needs beyond those of a page. The build of the
site (see book/_ext/tef_live.py) puts both together. Wheels of Pyodide's release have the sha256 of its lock file, others
are of the versions in requirements.lock. No other host is asked for anything when a notebook is opened and run.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path, PurePosixPath

import engine
import wheels
from address import links
from live_pages import engine_folder, names
from packaging.utils import canonicalize_name
from reach import ROOT

# Which Jupyter was made for which Pyodide. From 0.7 on, the kernel installs packages in a way that 0.27.7 does not know;
# before that, it loads a script, no module. On 0.27.7 this is tried; on 314.0.7 not: that release is in no registry.
PINNED = {
    "314.0.7": {"jupyterlite-core": "0.8.6", "jupyterlite-pyodide-kernel": "0.8.6", "jupyterlab-widgets": "3.0.17"},
    "0.27.7": {"jupyterlite-core": "0.6.4", "jupyterlite-pyodide-kernel": "0.6.1", "jupyterlab-widgets": "3.0.15"},
}
SCRIPTS = {"0.27.7"}
# What the kernel would fetch when it starts, under the names by which it asks whether it is there, and what sliders need.
WANTED = ["micropip", "piplite", "ipykernel", "comm", "jedi", "ipython", "ipywidgets", "nbformat"]
MORE = {"314.0.7": ["pyodide-kernel"], "0.27.7": ["pyodide_kernel", "ssl", "sqlite3"]}
LEFT_OUT = {"jupyterlab-widgets"}  # Python's half of it does nothing
KERNEL = "@jupyterlite/pyodide-kernel-extension"
# The real one needs a compiled package only to validate notebooks, which nobody does here.
NBFORMAT = '"""Stands for nbformat: plotly asks for its version before it shows a figure."""\n\n__version__ = "5.10.4"\n'
SPEC = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
LINK = re.compile(r"\]\((?!\w+:)([^()\s#]+\.(?:ipynb|md))(#[^()\s]*)?\)")
DAY = "2026-01-01T00:00:00Z"  # a listing wants dates; the same on every day
LOCK = "lite-lock.json"
# Runs the site's engine, wherever the site lies, with a lock file that names the kernel's packages, too.
LOADER = f"""self.loadPyodide = async (options) => {{
  const indexURL = new URL("../../../../../_static/live/engine/", location.href).href; // as seen by the kernel's worker
  const {{ loadPyodide }} = await import(`${{indexURL}}pyodide.mjs`);
  const env = {{ ...options.env, PLOTLY_RENDERER: "plotly_mimetype" }}; // plotly does not know this kernel
  return loadPyodide({{ ...options, env, indexURL, packageBaseUrl: indexURL, lockFileURL: `${{indexURL}}{LOCK}` }});
}};
"""


def lite_folder():
    """The folder of a JupyterLite for the engine that lies ready: TEF_LITE, or where `make lite` lays it; else None."""
    folder, laid = Path(os.environ.get("TEF_LITE") or ROOT / "build" / "lite"), engine_folder()
    if not laid or not (folder / "kernel" / "about.json").is_file():
        return None
    about, told = (json.loads(file.read_text()) for file in (folder / "kernel/about.json", laid / "engine.json"))
    if about["version"] != told["version"]:
        print(f"{folder} is for Pyodide {about['version']}, the engine is {told['version']}: `make lite` makes it anew.")
        return None
    return folder


def flat(name):
    """A page's notebook in JupyterLite, where in folders none starts without a service worker: markets_vcg.ipynb."""
    return name.removeprefix("notebooks/").replace("/", "_") + ".ipynb"


def as_opened(notebook, name):
    """A notebook as JupyterLite opens it: not yet run; links to others by flat names, to pages by the site's address."""
    known = set(names())

    def to(found):
        path = PurePosixPath(os.path.normpath(PurePosixPath(name).parent / found[1]))
        page = path.with_suffix("").as_posix()
        if page not in known and not (ROOT / path).is_file():
            raise SystemExit(f"{name}.ipynb: there is no {found[1]}")
        where = flat(page) if page in known else f"{links()['pages']}{page}.html"
        return f"]({where}{found[2] or ''})"

    made = [dict(cell) for cell in notebook["cells"]]
    for cell in made:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
        else:
            cell["source"] = LINK.sub(to, "".join(cell["source"]))
    kept = {key: value for key, value in notebook["metadata"].items() if key != "widgets"}
    return notebook | {"cells": made, "metadata": kept | {"kernelspec": SPEC}}


def write_notebooks(out):
    """All that learners open, and the listing of it."""
    (out / "files").mkdir(exist_ok=True)
    (out / "api" / "contents").mkdir(parents=True, exist_ok=True)
    common = {"content": None, "created": DAY, "last_modified": DAY, "format": None, "mimetype": None, "writable": True}
    common |= {"hash": None, "hash_algorithm": None}
    listed = []
    for name in names():
        notebook = json.loads((ROOT / f"{name}.ipynb").read_text(encoding="utf-8"))
        text = json.dumps(as_opened(notebook, name), ensure_ascii=False, indent=1)
        (out / "files" / flat(name)).write_text(text, encoding="utf-8")
        listed.append(common | {"name": flat(name), "path": flat(name), "type": "notebook", "size": len(text.encode())})
    top = common | {"name": "", "path": "", "type": "directory", "size": None, "format": "json", "content": listed}
    (out / "api" / "contents" / "all.json").write_text(json.dumps(top, indent=1))


def environment(version):
    """Jupyter's own environment with the versions for this Pyodide; its python."""
    folder = ROOT / "build" / "lite-env"
    pinned = PINNED[version] | {"plotly": wheels.locked("plotly")}  # its half that draws in the page
    wanted = [f"{name}=={of}" for name, of in pinned.items()]
    ready, python = folder / "wanted.txt", folder / "bin" / "python"
    if not ready.is_file() or ready.read_text() != " ".join(wanted):
        venv.create(folder, clear=True, with_pip=True)
        command = [python, "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check", *wanted]
        if subprocess.run(command).returncode:
            raise SystemExit(f"{', '.join(wanted)} cannot be had; no JupyterLite was laid.")
        ready.write_text(" ".join(wanted))
    return python


def built(python, out):
    """Jupyter's pages, one application of them, and without the maps of its sources, which are two thirds of all."""
    with tempfile.TemporaryDirectory() as empty:
        command = [python, "-m", "jupyterlite_core.app", "build", "--lite-dir", empty, "--output-dir", out, "--apps", "lab"]
        done = subprocess.run([*command, "--no-sourcemaps"], cwd=empty, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"JupyterLite was not built:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    for file in out.rglob("*.map"):
        file.unlink()


def stand_in():
    """A wheel that says it is nbformat."""
    info = "nbformat-5.10.4.dist-info"
    files = {"nbformat/__init__.py": NBFORMAT.encode(), f"{info}/RECORD": b""}
    files[f"{info}/METADATA"] = b"Metadata-Version: 2.1\nName: nbformat\nVersion: 5.10.4\n"
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: tefoundations\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return "nbformat-5.10.4-py3-none-any.whl", wheels.packed(files)


def kernel_packages(wanted, there, own, lock, give):
    """What the kernel needs beside the packages that are `there`, as {name: (entry, bytes)}; `own` are Jupyter's wheels."""
    have, waiting = {}, list(wanted)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in have or name in there:
            continue
        if name in lock and name not in own:
            have[name] = engine.found(name, lock, give)
            if not have[name]:
                raise SystemExit(f"the source of the wheels has no {name}; no JupyterLite was laid")
        else:
            file_name, wheel = own[name] if name in own else wheels.pure_from_pypi(name, engine.CACHE / "pypi")
            entry = wheels.entry(wheel, file_name)
            have[name] = entry | {"depends": [each for each in entry["depends"] if each not in LEFT_OUT]}, wheel
        waiting += have[name][0]["depends"]
    return have


def wheels_of(out):
    """The wheels that Jupyter's kernel brings along, by their names, the newest of each; and what stands for nbformat."""
    found = sorted((out / "extensions" / KERNEL / "static" / "pypi").glob("*.whl"))
    return {canonicalize_name(file.name.split("-")[0]): (file.name, file.read_bytes()) for file in found} | {
        "nbformat": stand_in()
    }


def lay(laid, out, source=None):
    """Make the folder for an engine, aside, and put it in place when it is whole."""
    told = json.loads((laid / "engine.json").read_text())
    version = told["version"]
    if version not in PINNED:
        raise SystemExit(f"no JupyterLite is known for Pyodide {version}: name its versions in {__file__}")
    partial = version in engine.REGISTRIES  # that release is to be had from registries alone, as engine and here
    give = engine.reader(source or (engine.REGISTRIES[3] if partial else engine.OFFICIAL.format(version=version)), version)
    lock = json.loads(engine.core(version)["pyodide-lock.json"])["packages"]
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as aside:
        new = Path(aside) / "lite"
        built(environment(version), new)
        write_notebooks(new)
        wanted = WANTED + MORE[version]
        packages = kernel_packages(wanted, told["packages"], wheels_of(new), lock, give)
        (new / "kernel").mkdir()
        script = "pyodide.js" if version in SCRIPTS else "pyodide.mjs"
        (new / "kernel" / script).write_text(
            LOADER + ("" if version in SCRIPTS else "export const { loadPyodide } = self;\n")
        )
        for entry, content in packages.values():
            (new / "kernel" / entry["file_name"]).write_bytes(content)
        about = {"version": version, "jupyter": PINNED[version], "loader": script, "wanted": wanted}
        about["packages"] = {name: entry for name, (entry, _) in sorted(packages.items())}
        (new / "kernel" / "about.json").write_bytes(engine.as_json(about))
        if out.exists():
            out.replace(Path(aside) / "old")
        new.replace(out)
    return about


def configured(config, loader, packages):
    """JupyterLite's configuration with the engine and all that is loaded from it before the first cell."""
    inner = config["jupyter-config-data"]
    settings = dict(inner.get("litePluginSettings", {}))
    kernel = {"pyodideUrl": f"./kernel/{loader}", "loadPyodideOptions": {"packages": sorted(packages)}}
    settings[f"{KERNEL}:kernel"] = settings.get(f"{KERNEL}:kernel", {}) | kernel
    # Jupyter is built without notebooks, so it is told where their listing lies.
    more = {"appName": "Transactive Energy Foundations", "contentsAllJsonFile": "all.json", "litePluginSettings": settings}
    return config | {"jupyter-config-data": inner | more}


def place(folder, site):
    """Put JupyterLite into a site that has its engine, with the notebooks and the package of today."""
    live, to = site / "_static" / "live" / "engine", site / "lite"
    shutil.copytree(folder, to, dirs_exist_ok=True)
    write_notebooks(to)
    about = json.loads((to / "kernel" / "about.json").read_text())
    lock = json.loads((live / "pyodide-lock.json").read_text())
    for entry in about["packages"].values():  # beside the engine's wheels: Pyodide looks for all in one place
        (to / "kernel" / entry["file_name"]).replace(live / entry["file_name"])
    lock["packages"] |= {name: entry for name, entry in about["packages"].items() if name not in lock["packages"]}
    (live / LOCK).write_bytes(engine.as_json(lock))
    file = to / "jupyter-lite.json"
    config = configured(json.loads(file.read_text()), about["loader"], {*lock["packages"], *about["wanted"]})
    file.write_bytes(engine.as_json(config))


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wheels", metavar="SOURCE", help="a folder, an address, or pypi:NAME==VERSION:INNER/FOLDER")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "lite")
    asked = parser.parse_args(words)
    laid = engine_folder()
    if not laid:
        raise SystemExit("JupyterLite runs on the engine of the pages: `make engine` first.")
    about = lay(laid, asked.out.resolve(), asked.wheels)
    size = sum(file.stat().st_size for file in asked.out.rglob("*") if file.is_file())
    jupyter, packages = about["jupyter"]["jupyterlite-core"], len(about["packages"])
    print(f"{asked.out}: JupyterLite {jupyter} for Pyodide {about['version']}, {len(names())} notebooks, ", end="")
    print(f"{packages} packages beside the engine's, {size / 1e6:.1f} MB.")


if __name__ == "__main__":
    sys.exit(main())
