"""Which files the checks of the house look at."""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tefoundations"
# Neither built nor installed things, nor what a tool leaves behind.
PASSED_OVER = {"_build", "build", "__pycache__", "dist", "node_modules", "profile_default", "vendor"}
KEPT_HIDDEN = {".binder", ".ci", ".github", ".gitignore"}
TEXT = {".py", ".md", ".ipynb", ".js", ".css", ".toml", ".yml", ".cff", ".cfg", ".sh", ".bib", ".svg", ".txt", ".csv", ""}


def files(root=ROOT):
    """Every file of the tree, as a sorted list; hidden folders count only where the design names them."""
    found = []
    for entry in sorted(root.iterdir()):
        if entry.name in PASSED_OVER or (entry.name.startswith(".") and entry.name not in KEPT_HIDDEN):
            continue
        found += files(entry) if entry.is_dir() else [entry]
    return found


def texts(root=ROOT):
    """Every text file as {path relative to root: content}."""
    return {f.relative_to(root).as_posix(): f.read_text(encoding="utf-8") for f in files(root) if f.suffix in TEXT}


def tool(name):
    """A script of tools/ as a module, under a name of its own, so that it hides no other module."""
    sys.path.append(str(ROOT / "tools"))  # the scripts import each other
    try:
        spec = importlib.util.spec_from_file_location(f"tef_tool_{name}", ROOT / "tools" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(ROOT / "tools"))


def no(faults):
    """Fail with every fault on a line of its own."""
    if faults:
        raise AssertionError("\n".join(["", *faults]))
