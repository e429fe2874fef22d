"""What a file reaches: the files of this tree whose change could change what it does.

Imports are followed name by name. `from tefoundations.market import vcg` goes through the room's door to the file that
holds `vcg`, and not to its neighbours; the door itself counts with what it does beside handing on. Who reads the data
sets reaches data/. What cannot be followed (a whole room) reaches the whole folder: rather too much than too little.
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
KIT = ("kit", "grader")  # in CHECKS; its other folders hold the checks, one file a chapter
LEFT_BEHIND = {"__pycache__", ".ipynb_checkpoints"}
BY_NAME = {"import_module", "__import__"}
# What every cell is run by. In IPython's folder a kernel leaves files of its own: only what it is told by counts.
RUNNERS = ("requirements.lock", "tools/cells.py", "tools/ipython")


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
    return [name for name, _, when in imported(tree(path)) if when != "hint"]


def imported(module):
    """Every import in a syntax tree as (dotted name, line, when it runs: at the "top", in a "function", as a "hint" never).

    `import_module("a.b")` is an import like another. One whose name is known only when it runs is called "?", a relative
    one ".".
    """
    found = []
    renamed = [alias for node in ast.walk(module) if isinstance(node, ast.ImportFrom) for alias in node.names]
    by_name = BY_NAME | {alias.asname for alias in renamed if alias.name in BY_NAME and alias.asname}

    def visit(node, when):
        if isinstance(node, ast.Import):
            found.extend((alias.name, node.lineno, when) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                found.append((".", node.lineno, when))
            found.extend((f"{node.module or ''}.{alias.name}", node.lineno, when) for alias in node.names)
        elif isinstance(node, ast.If) and _word(node.test) == "TYPE_CHECKING":
            for child in node.body:
                visit(child, "hint")
            return [visit(child, when) for child in node.orelse]
        elif isinstance(node, ast.Call) and _word(node.func) in by_name:
            given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "name")]
            name = getattr(given[0], "value", None) if given else None
            name = name if isinstance(name, str) else "?"
            found.append(("." if name.startswith(".") else name, node.lineno, when))
            return [visit(child, when) for child in [*node.args, *node.keywords]]
        elif _word(node) in by_name:  # not called here, so by a name that nobody can read
            found.append(("?", node.lineno, when))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            when = "function"
        return [visit(child, when) for child in ast.iter_child_nodes(node)]

    visit(module, "top")
    return found


def _word(node):
    """The last word of a name: of `typing.TYPE_CHECKING` the same as of `TYPE_CHECKING`."""
    return getattr(node, "id", "") if isinstance(node, ast.Name) else getattr(node, "attr", "")


def is_door(path):
    return path.startswith(PACKAGE) and path.endswith("__init__.py") and (ROOT / path).is_file()


@cache
def own(door):
    """Statements of a door that do more than hand on names: neither its imports nor its list of names nor a text."""

    def hands_on(node):
        if isinstance(node, ast.ImportFrom):
            return not node.level and all(alias.name != "*" for alias in node.names)
        if isinstance(node, ast.Assign):
            return [_word(target) for target in node.targets] == ["__all__"] and isinstance(node.value, ast.List)
        return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

    return [node for node in tree(door).body if not hands_on(node)]


@cache
def handed_on(door):
    """Names that a door imports, by the dotted name of where each stands; under "" those it imports when it is asked."""

    def names(nodes):
        found = [node for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
        return {alias.asname or alias.name: f"{node.module}.{alias.name}" for node in found for alias in node.names}

    body = tree(door).body
    asked = [node for function in body if isinstance(function, ast.FunctionDef) for node in ast.walk(function)]
    return names(body) | {"": sorted(names(asked).values())}


def doors(name):
    """The `__init__` files that run before a dotted name is there, the outermost first."""
    parts = name.split(".")
    files = ["/".join([*parts[:end], "__init__.py"]) for end in range(1, len(parts) + 1)]
    return [file for file in files if (ROOT / file).is_file()]


@cache
def origin(name):
    """The dotted name under which something stands, as one door after the other hands it on."""
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        place = ROOT.joinpath(*parts[: end + 1])
        door = "/".join([*parts[:end], "__init__.py"])
        if place.is_dir() or place.with_suffix(".py").is_file():
            return name
        if (ROOT / door).is_file():
            found = handed_on(door).get(parts[end], name)
            return name if found == name else origin(".".join([found, *parts[end + 1 :]]))
    return name


@cache
def files_of(name):
    """Files that the import of a dotted name needs first; what those need in turn is `reach`'s business."""
    found = set(doors(name))
    if origin(name) != name:
        return found | files_of(origin(name))
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:end])
        if place.with_suffix(".py").is_file():
            return found | {place.with_suffix(".py").relative_to(ROOT).as_posix()}
        if not place.is_dir():
            continue
        names = handed_on(door) if (door := "/".join([*parts[:end], "__init__.py"])) in found else {"": []}
        if end < len(parts) and names[""]:
            return found.union(*map(files_of, names[""]))
        within = ".".join(parts[:end]) + "."
        beyond = [each for each in [*names[""], *names.values()] if isinstance(each, str) and not each.startswith(within)]
        return found.union({f for f in inside(place.relative_to(ROOT)) if f.endswith(".py")}, *map(files_of, beyond))
    return found


@cache
def reach(path):
    """Every file that `path` reaches, itself among them."""
    found, opened, waiting = set(), set(), {path}
    if path.startswith("exercises/"):
        waiting.add(CHECKS + "/".join(Path(path).with_suffix("").parts[-2:]) + ".py")
    while waiting:
        file = waiting.pop()
        found.add(file)
        if file.startswith(DATA[0]):
            opened |= inside(DATA[1])
        if not file.endswith((".py", ".ipynb")) or not (ROOT / file).is_file():
            continue
        for name in named(file):
            needed = files_of(name)
            if not file.startswith(CHECKS):  # checks come by chapter, see above
                needed = {each for each in needed if not _is_check_of_another(each, name)}
            waiting |= needed - found
        opened |= read_beside(file) | named_by_path(file)  # read, and not run: its imports are not followed
    return frozenset(found | opened)


def named(file):
    """Names of this tree that a file imports; of a door those that it uses itself: others are followed when asked for."""
    found = imports(file)
    if is_door(file):
        later = ("__getattr__", "__dir__")
        used = ast.Module([node for node in own(file) if getattr(node, "name", "") not in later], [])
        words = {_word(node) for node in ast.walk(used)} & set(handed_on(file)) - {""}
        found = [name for name, _, _ in imported(used)] + [handed_on(file)[word] for word in words]
    return [name.removesuffix(".*") for name in map(of_tool, found) if name.split(".")[0] in (PACKAGE, "tests", "tools")]


def of_tool(name):
    """The name of a script of tools/ from the root: tests and other scripts import it by its own."""
    return f"tools.{name}" if (ROOT / "tools" / f"{name.split('.')[0]}.py").is_file() else name


def read_beside(file):
    """What a file of the package or the tests may read: what stands beside it and is no Python."""
    if not file.startswith((f"{PACKAGE}/", "tests/")):
        return set()
    beside = [f for f in (ROOT / file).parent.iterdir() if f.is_file() and f.suffix not in (".py", ".ipynb")]
    return {f.relative_to(ROOT).as_posix() for f in beside}


@cache
def named_by_path(file):
    """What a test or a tool names by its path, as in `ROOT / "data" / "grids"`: the file, or all that is in the folder."""
    if not file.startswith(("tests/", "tools/")):
        return set()
    divided = [node for node in ast.walk(tree(file)) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)]
    beginnings = {id(node.left) for node in divided}
    paths = {"/".join(_path(node)) for node in divided if id(node) not in beginnings}
    return {found for path in paths if path and not path.startswith((".", "/", "_build")) for found in inside(path)}


def _path(node):
    """The words of a path as far as they are known, from the left."""
    words = []
    while isinstance(node, ast.BinOp):
        words.insert(0, node.right)
        node = node.left
    known = []
    for word in words:
        pieces = word.values if isinstance(word, ast.JoinedStr) else [word]
        text = getattr(pieces[0], "value", None) if pieces else None
        if not isinstance(text, str):
            break
        if isinstance(word, ast.JoinedStr):  # known up to its last slash
            return [*known, *text.split("/")[:-1]]
        known.append(text)
    return known


def _is_check_of_another(file, name):
    """Whether these are the checks of a chapter in a part that the name does not name."""
    parts = Path(file).parts
    return file.startswith(CHECKS) and len(parts) > 3 and parts[2] not in (*KIT, *name.split(".")[2:3])


@cache
def substance(path):
    """Hash of what a file contributes: all of it, of a door what it does beside handing on."""
    content = (ROOT / path).read_bytes() if (ROOT / path).is_file() else b""
    if is_door(path):
        content = "".join(ast.dump(node) for node in own(path)).encode()
    return hashlib.sha256(content).hexdigest()


@cache
def meaning(name):
    """What doors make of a name: where it stands, and of a whole room all that is handed on in it."""
    folder = origin(name).replace(".", "/")
    within = [file for file in inside(folder) if is_door(file)] if (ROOT / folder).is_dir() else []
    return f"{origin(name)} {[(file, handed_on(file)) for file in sorted(within)]}"


def key(path):
    """One hash over everything `path` reaches, itself apart, and over what runs it."""
    digest = hashlib.sha256()
    runners = {file for each in RUNNERS for file in inside(each) if file.endswith((".py", ".lock"))}
    for file in sorted((reach(path) - {path}) | runners | set(doors(PACKAGE))):
        digest.update(f"{file} {substance(file)}\n".encode())
    names = {
        name for file in reach(path) if file.endswith((".py", ".ipynb")) and (ROOT / file).is_file() for name in named(file)
    }
    for name in sorted(names):
        digest.update(f"{name} {meaning(name)}\n".encode())
    return digest.hexdigest()


def forget():
    """Look at the tree anew: what was read of it is kept else."""
    for function in (tree, imports, named_by_path, own, handed_on, origin, files_of, reach, substance, meaning):
        function.cache_clear()
