"""Arrows between rooms point down only; heavy libraries stay where they are needed."""

import ast
import os
import re
import subprocess
import sys

from tests.house.names import attributes, reached
from tests.house.sources import ROOT, tool

imported = tool("reach").imported

# Floor of each room. Rooms still to come are listed, so that their first file is checked.
FLOORS = {
    "words": 0, "errors": 0, "inputs": 0, "indices": 0, "data": 0, "programmes": 0, "units": 0, "chances": 0,
    "market": 1, "retail": 1, "grid": 1, "resources": 1, "strategy": 1, "privacy": 1, "ledger": 1,
    "systems": 2,
    "explore": 3, "exercises": 3,
    "command": 4, "__main__": 5,
}  # fmt: skip
# Arrows along one floor that the design allows: (room or wing, room).
ALLOWED = {
    ("errors", "words"), ("inputs", "errors"), ("inputs", "words"), ("indices", "errors"), ("indices", "inputs"),
    ("data", "errors"), ("data", "inputs"), ("data", "words"),
    ("programmes", "errors"), ("programmes", "units"),
    ("chances", "errors"), ("chances", "inputs"), ("chances", "programmes"), ("chances", "words"),
    ("market/network", "grid"),
}  # fmt: skip
INNER = {"inputs", "indices", "words", "programmes", "units", "chances"}  # of floor 0, for the rooms: no door of its own
PARTS = ("paradigm", "markets", "grid", "resources", "strategy", "ledger", "systems")  # of the book and its exercises
# Wings of a room and what each may import of the others, those to come too; a file at the room's door imports
# none, save these.
WINGS = {
    "market": {
        "auction": (), "hours": (), "audits": (), "network": (), "exchange": (), "peers": (), "amm": (), "forwards": (),
        "curves": (),
    },
    "retail": {"tariffs": (), "response": (), "competition": ()},
    "grid": {
        "cases": (), "dc": (), "ac": ("dc",), "feeder": ("ac", "dc"), "congestion": ("dc", "security"), "emissions": ("dc",),
        "security": ("dc",), "scenarios": ("dc",), "reserves": ("dc",), "adequacy": (), "envelopes": ("feeder", "ac", "dc"),
        "periods": ("dc",),
    },
    "resources": {"storage": ()}, "systems": {"day": (), "mechanisms": ()},
    "strategy": {"games": (), "power": ("games",), "learners": ("games",), "information": (), "fairness": ()},
    "ledger": {
        "primitives": (), "contracts": ("primitives",), "tokens": ("contracts", "primitives"),
        "chain": ("contracts", "primitives"), "consensus": ("primitives",),
        "platform": ("primitives", "contracts", "chain"),
    },
    "explore": {"engine": (), "figures": ("engine",), "quiz": ("engine",)},
    "exercises": {"kit": (), "grader": ("kit",)} | dict.fromkeys(PARTS, ("kit",)),
}  # fmt: skip
FROM_THE_DOOR = {("grid/network.py", "cases"), ("exercises/registry.py", "kit"), ("exercises/__main__.py", "grader")}
HEAVY = {
    "pandas", "highspy", "clarabel", "cvxpy", "plotly", "ipywidgets", "nacl", "pandapower", "matpowercaseframes", "IPython",
    "matplotlib", "nbformat", "nbclient", "traitlets",
}  # fmt: skip
DRAWING = {"plotly", "ipywidgets", "matplotlib"}
# Who may call a solver: one helper for all, and the DC market, which keeps its own warm between loads. Models in cvxpy are
# for readers, in chapters. Nobody calls scipy's solvers: its HiGHS and highspy in one session end the interpreter in a
# browser; what scipy keeps private leads to the same.
SOLVERS = {
    "highspy": {"programmes.py", "grid/dc/programmes.py"}, "clarabel": {"programmes.py", "grid/dc/programmes.py"},
    "cvxpy": set(),
}  # fmt: skip
SCIPYS = re.compile(r"scipy\.optimize\.(linprog|milp|\*|_\w+)")
# Who may import by a name that is known only when it runs; `reach` cannot follow it, and would keep an old run of a chapter.
BY_NAME = {
    "exercises/__init__.py": "what an instructor needs: no chapter asks for it, and a test that does reaches the whole room",
    "exercises/registry.py": "the checks of the chapter that is asked for: an exercise reaches them by its own name",
    "exercises/grader/worker.py": "the refused answers, in the process of a submission",
}
READS_TABLES = {("data", "pandas")}  # the loaders of floor 0 hand out frames


def imports(text):
    """Every import of a module as (dotted name, line, when it runs), as `reach` follows it."""
    return imported(ast.parse(text))


def arrow_faults(package):
    """Imports that go up, along a floor, or bring a heavy library to the top of a file."""
    faults = []
    for file in sorted(package.rglob("*.py")):
        path = file.relative_to(package).as_posix()
        room = path.split("/")[0].removesuffix(".py")
        if room.startswith("_data"):
            continue
        text = file.read_text()
        for name, line, when in [*imports(text), *reached(text, package.name)]:
            where, parts = f"{path}:{line}", name.split(".")
            if name == ".":
                faults.append(f"{where}: relative import; write tefoundations.{room}")
            elif name == "?" and path not in BY_NAME:
                faults.append(f"{where}: imports by a name that is known only when it runs; write the name")
            elif parts[0] == package.name and len(parts) > 1:
                faults += _arrow(where, path, room, parts[1])
                # Within a room a hint may name what an upper wing hands down: the lower one runs without it.
                faults += _wing_arrow(where, path, parts[1:]) if when != "hint" else []
            elif parts[0] in DRAWING and room != "explore":
                faults.append(f"{where}: only explore may import {parts[0]}")
            elif parts[0] in HEAVY - DRAWING and when == "top" and (room, parts[0]) not in READS_TABLES:
                faults.append(f"{where}: import {parts[0]} inside the function that needs it")
    return faults


def solver_faults(package):
    """Calls of a solver beside the ones that SOLVERS lists."""
    faults = []
    for file in sorted(package.rglob("*.py")):
        path, text = file.relative_to(package).as_posix(), file.read_text()
        named = [(name, line) for name, line, _ in imports(text)]
        solvers = [(line, name.split(".")[0]) for name, line in named]
        found = {(line, solver) for line, solver in solvers if path not in SOLVERS.get(solver, {path})}
        found |= {(line, one[0]) for name, line in [*named, *attributes(text)] if (one := SCIPYS.match(name))}
        for line, solver in sorted(found):
            faults.append(f"{path}:{line}: {solver}; hand the programme to tefoundations.programmes")
    return faults


def _arrow(where, path, room, target):
    if room == "__init__":
        return [f"{where}: the package itself imports no room"]
    if room not in FLOORS or target not in FLOORS:
        return [f"{where}: {room if room not in FLOORS else target} has no floor"]
    down = FLOORS[target] < FLOORS[room] or target == room
    if down or (room, target) in ALLOWED or (path.rpartition("/")[0], target) in ALLOWED:
        return []
    return [f"{where}: {room} (floor {FLOORS[room]}) imports {target} (floor {FLOORS[target]})"]


def _wing_arrow(where, path, target):
    """An import within a room that goes from a wing, or from a file at the door, to a wing it does not stand on."""
    room, inner, wings = target[0], path.split("/")[1:], WINGS.get(target[0], {})
    if path.split("/")[0] != room or inner == ["__init__.py"] or len(target) < 2 or target[1] not in wings:
        return []
    wing = inner[0] if len(inner) > 1 else None
    if target[1] in (wing, *wings.get(wing, ())) or (path, target[1]) in FROM_THE_DOOR:
        return []
    return [f"{where}: {room}/{wing or inner[0]} imports the wing {target[1]}"]


def name_faults(package):
    """Files that bear the name of something their room exports: `from room import name` might give the module."""
    faults = []
    for init in sorted(package.rglob("__init__.py")):
        for entry in sorted(init.parent.rglob("*")):
            is_module = entry.suffix == ".py" or (entry / "__init__.py").exists()
            if is_module and entry.stem in listed(init):
                faults.append(f"{entry.relative_to(package).as_posix()} bears the name of what its room exports")
    return faults


def listed(init):
    """The names in `__all__` of a room."""
    for node in ast.parse(init.read_text()).body:
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "__all__" for target in node.targets):
            return ast.literal_eval(node.value)
    return []


def fresh(code):
    """Output of Python text in an interpreter of its own."""
    environment = {key: value for key, value in os.environ.items() if key != "TEF_STATIC"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout


def loading_faults(module, unwanted):
    """Libraries that importing `module` loads although it need not."""
    loaded = fresh(f"import sys, {module}; print(*sorted({set(unwanted)} & set(sys.modules)))").split()
    return [f"import {module} loads {name}" for name in loaded]
