"""The shape of the package: folders that can be overlooked, nouns, one door a room, no circles, one class a name."""

import ast
import re
from collections import defaultdict

import jupytext

from tests.house.arrows import imports, listed
from tests.house.names import class_names, reached

FILES = 15
VERBAL_NOUNS = {"clearing", "crossing", "pairing"}
# Chapters whose titles are terms of their field: so their literature calls them, and so a reader looks them up.
FIELDS = {"dynamic_pricing", "ev_charging", "learning_agents", "operating_envelopes"}
# What a room's door shows beside the names in its `__all__`: modules that are doors of their own, or tables of numbers.
FAMILIES = ("double_spend", "pbft", "proof_of_authority", "proof_of_stake", "proof_of_work")
MODULES = {"ledger": {"gas", "consensus"}, "ledger.consensus": set(FAMILIES)}
DOORS = ("ledger.consensus", "ledger.consensus.pbft")  # doors within a room
MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)


def modules(package):
    """Every module of the package as {dotted name: file}; a folder's name is that of its `__init__`."""
    found = {}
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def folder_faults(package):
    """Folders with too many files, and files whose name is an activity, not a thing."""
    faults = []
    for folder in sorted({file.parent for file in package.rglob("*.py")}):
        path = folder.relative_to(package).as_posix()
        stems = sorted(file.stem for file in folder.glob("*.py") if file.stem not in ("__init__", "__main__"))
        if len(stems) > FILES:
            faults.append(f"{path}: {len(stems)} files, at most {FILES}: make a wing")
        for name in [path, *(f"{path}/{stem}" for stem in stems)]:
            words = name.split("/")[-1].split("_")
            is_field = name.startswith("exercises/") and name.split("/")[-1] in FIELDS
            if any(word.endswith("ing") and word not in VERBAL_NOUNS for word in words) and not is_field:
                faults.append(f"{name}: name a thing, not an activity")
    return faults


def wing_faults(package):
    """Folders within a room whose `__init__` holds more, or less, than one sentence."""
    faults = []
    for name, file in modules(package).items():
        parts = name.split(".")[1:]
        if file.name != "__init__.py" or len(parts) < 2 or ".".join(parts) in DOORS:
            continue
        body = ast.parse(file.read_text()).body
        text = body[0].value.value if len(body) == 1 and isinstance(body[0], ast.Expr) else ""
        if not re.fullmatch(r"[^\n]+\.", text) or ". " in text:
            faults.append(f"{'/'.join(parts)}/__init__.py: one sentence, and nothing else: the room's door is the only one")
    return faults


def class_faults(package):
    """Names of classes, private ones too, that occur more than once."""
    where = defaultdict(list)
    for name, file in modules(package).items():
        for made in class_names(ast.parse(file.read_text())):
            where[made].append(name)
    return [f"class {name} is in {' and in '.join(found)}" for name, found in sorted(where.items()) if len(found) > 1]


def unlisted_faults(package):
    """What is written in a door without an underscore, and is not in its `__all__`."""
    faults = []
    for init in sorted(package.rglob("__init__.py")):
        for node in ast.parse(init.read_text()).body:
            name = getattr(node, "name", "_")  # of a function or class
            if not name.startswith("_") and name not in listed(init):
                faults.append(f"{init.relative_to(package).as_posix()}: {name} is not in __all__")
    return faults


def circle_faults(package):
    """Circles among the modules, also through imports inside functions."""
    known = modules(package)
    graph = {name: sorted(_targets(file, known) - {name}) for name, file in known.items()}
    faults, done = [], set()

    def visit(name, way):
        if name in way:
            faults.append("a circle: " + " -> ".join([*way[way.index(name) :], name]))
        elif name not in done:
            for target in graph[name]:
                visit(target, [*way, name])
            done.add(name)

    for name in graph:
        visit(name, [])
    return faults


def _targets(file, known):
    """The modules a file imports to run: for `from a.b import c` the module a.b.c if there is one, else a.b."""
    found, text = set(), file.read_text()
    for name, _, when in [*imports(text), *reached(text, "tefoundations")]:
        while name and name not in known:
            name = name.rpartition(".")[0]
        found |= {name} if name and when != "hint" else set()
    return found


def side_door_faults(name, text, package):
    """What a document imports of the package that does not come from a room's door."""
    faults = []
    for full in sorted(
        {full for code in _code(name, text) for full, _, _ in imports(code) if full.startswith("tefoundations.")}
    ):
        room, word = full.removeprefix("tefoundations.").rsplit(".", 1) if full.count(".") > 1 else ("", full.split(".")[1])
        shown = _shown(room, package)
        if shown is None:
            faults.append(f"{name}: tefoundations.{room} is no door of a room, for {word}")
        elif word not in shown:
            faults.append(f"{name}: {full} is not shown at its door")
    return faults


def _code(name, text):
    """The Python of a document: cells of a chapter or notebook, fenced code of a page."""
    if name.endswith(".ipynb") or text.startswith("---\njupytext:"):
        notebook = jupytext.reads(text, fmt="ipynb" if name.endswith(".ipynb") else "md:myst")
        return [MAGIC.sub(r"\1pass", cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    fenced = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return ["\n".join(re.findall(r"^(?:>>>|\.\.\.) (.*)", code, re.MULTILINE)) if ">>>" in code else code for code in fenced]


def _shown(room, package):
    """The names at a door; None if this is no door."""
    if not room:
        return {file.stem for file in package.iterdir()} | {"__version__"}
    if (package / f"{room}.py").exists():
        return {node.name for node in ast.parse((package / f"{room}.py").read_text()).body if isinstance(node, ast.ClassDef)}
    if room in DOORS or room in {f"ledger.consensus.{family}" for family in FAMILIES} or "." not in room:
        file = modules(package).get(f"{package.name}.{room}")
        return {*listed(file), *MODULES.get(room, ())} if file else None
    return None


def table_faults(room, doc, functions):
    """Functions of a room that the table at its door does not name."""
    rows = re.findall(r"^=+  =+\n.*?^=+  =+\n(.*?)^=+  =+", doc, re.MULTILINE | re.DOTALL)
    if not rows:
        return [f"{room}: the door has no table: what you want, what to call"]
    named = re.findall(r"`([\w.]+)`", rows[0])
    return [f"{room}: the table at the door does not name {name}" for name in functions if name not in named]
