"""What a file reaches: the files of this tree whose change could change what it does.

Imports are followed name by name. `from tefoundations.market import vcg` goes through the room's door to the file that
holds `vcg`, and not to its neighbours; the door itself counts with what it does beside importing. Who reads the data
sets reaches data/. What cannot be followed (a whole room) reaches the whole folder.
"""

import ast
import hashlib
import json
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "tefoundations"
DATA = ("tefoundations/data/", "data")
CHECKS = "tefoundations/exercises/"
LEFT_BEHIND = {"__pycache__", ".ipynb_checkpoints"}


def inside(path):
    """Every file of a folder of this tree, or the file itself, by path from the root."""
    path = ROOT / path
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return {f.relative_to(ROOT).as_posix() for f in found if f.is_file() and not LEFT_BEHIND & set(f.parts)}


@cache
def tree(path):
    """Syntax tree of a Python file, or of all code cells of a notebook."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".ipynb"):
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        text = "\n".join("".join(cell["source"]) for cell in cells)
        text = re.sub(r"^(\s*)[%!].*$", r"\1pass", text, flags=re.MULTILINE)
    return ast.parse(text)


@cache
def imports(path):
    """Dotted names that a file imports, at the top or inside a function; not those its hints alone name."""
    found, nodes = [], list(ast.walk(tree(path)))
    hints = {id(node) for block in nodes if _for_hints(block) for node in ast.walk(block)}
    for node in nodes:
        if id(node) in hints:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def _for_hints(node):
    return isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"


@cache
def handed_on(door):
    """Names that a door imports, by the dotted name of where each stands; under "" those it imports when it is asked."""

    def names(nodes):
        found = [node for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
        return {alias.asname or alias.name: f"{node.module}.{alias.name}" for node in found for alias in node.names}

    body = tree(door).body
    asked = [node for function in body if isinstance(function, ast.FunctionDef) for node in ast.walk(function)]
    return names(body) | {"": sorted(names(asked).values())}


@cache
def files_of(name):
    """Files that the import of a dotted name needs first; what those need in turn is `reach`'s business."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:end])
        if place.with_suffix(".py").is_file():
            return {place.with_suffix(".py").relative_to(ROOT).as_posix()}
        if not place.is_dir():
            continue
        door = place / "__init__.py"
        if end < len(parts) and door.is_file():
            own = door.relative_to(ROOT).as_posix()
            origin, later = handed_on(own).get(parts[end]), handed_on(own)[""]
            if origin and origin != name:
                return {own} | files_of(origin)
            if later:
                return {own}.union(*map(files_of, later))
        return {path for path in inside(place.relative_to(ROOT)) if path.endswith(".py")}
    return set()


@cache
def reach(path):
    """Every file that `path` reaches, itself among them."""
    found, waiting = set(), {path}
    if path.startswith("exercises/"):
        waiting.add(CHECKS + "/".join(Path(path).with_suffix("").parts[-2:]) + ".py")
    while waiting:
        file = waiting.pop()
        found.add(file)
        if file.startswith(DATA[0]):
            found |= inside(DATA[1])
        if not file.endswith((".py", ".ipynb")) or not (ROOT / file).is_file():
            continue
        named = [name for name in imports(file) if name.split(".")[0] in (PACKAGE, "tests", "tools")]
        if file.endswith("__init__.py") and file.startswith(PACKAGE):
            named = []  # a door's imports are followed by the name that was asked for
        for name in named:
            needed = files_of(name)
            if name.startswith("tefoundations.exercises") and not file.startswith(CHECKS):
                needed = {f for f in needed if len(Path(f).parts) == 3 or "/kit/" in f}  # checks come by chapter, see above
            waiting |= needed - found
    return frozenset(found)


@cache
def substance(path):
    """Hash of what a file contributes: all of it, of a door what is neither import nor list of names nor docstring."""
    content = (ROOT / path).read_bytes() if (ROOT / path).is_file() else b""
    if path.startswith(PACKAGE) and path.endswith("__init__.py"):
        plain = (ast.Import, ast.ImportFrom, ast.Assign)
        body = [node for node in tree(path).body if not isinstance(node, plain)]
        body = [node for node in body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
        content = "".join(ast.dump(node) for node in body).encode()
    return hashlib.sha256(content).hexdigest()


def key(path, also=("requirements.lock",)):
    """One hash over everything `path` reaches, itself apart."""
    digest = hashlib.sha256()
    for file in sorted((reach(path) - {path}) | set(also)):
        digest.update(f"{file} {substance(file)}\n".encode())
    return digest.hexdigest()
