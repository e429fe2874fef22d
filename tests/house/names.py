"""What the names in a file stand for: what it reaches through a name that it was given."""

import ast

LOADERS = {"importlib.import_module", "__import__"}
MAKERS = {"type", "collections.namedtuple", "dataclasses.make_dataclass", "typing.NewType", "typing.NamedTuple"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def placed(node, when="top"):
    """Every node with when it runs: at the "top", in a "function", or as a "hint" never."""
    yield node, when
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.If) and _asks_for_hints(node.test) and child in node.body:
            yield from placed(child, "hint")
        else:
            yield from placed(child, "function" if isinstance(node, FUNCTIONS) else when)


def _asks_for_hints(test):
    return "TYPE_CHECKING" in (getattr(test, "id", ""), getattr(test, "attr", ""))


def reached(text, module):
    """What is reached by attributes of `module` itself, as `imports` gives it: `import a` and then `a.b.c`."""
    tree = ast.parse(text)
    known, found = meanings(tree), []
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node, when in placed(tree):
        start = node
        while isinstance(start, ast.Attribute):
            start = start.value
        if start is not node and id(node) not in inner and module in stands_for(start, known):
            found += [(name, node.lineno, when) for name in stands_for(node, known) if not name.endswith("__")]
    return found


def attributes(text):
    """Every attribute of a module, whatever the module is called here, as (dotted name, line)."""
    tree = ast.parse(text)
    known = meanings(tree)
    nodes = (node for node in ast.walk(tree) if isinstance(node, (ast.Attribute, ast.Call)))
    return [(name, node.lineno) for node in nodes for name in sorted(stands_for(node, known))]


def meanings(tree):
    """What each name of a file may stand for, as {name: dotted names}: an import, or a name given to what was imported."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                short = alias.name if alias.asname else alias.name.split(".")[0]
                known.setdefault(alias.asname or short, set()).add(short)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                known.setdefault(alias.asname or alias.name, set()).add(f"{node.module}.{alias.name}")
    for node in ast.walk(tree):
        for name in _targets(node):
            known[name] = known.get(name, set()) | stands_for(node.value, known)
    return known


def stands_for(node, known):
    """The dotted names that an expression may stand for; a name that is given nowhere stands for itself."""
    if isinstance(node, ast.Name):
        return known.get(node.id, {node.id})
    if isinstance(node, ast.Attribute):
        return {f"{name}.{node.attr}" for name in stands_for(node.value, known)}
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr" and len(node.args) > 1:
        return {f"{name}.{_text(node.args[1])}" for name in stands_for(node.args[0], known) if _text(node.args[1])}
    loaded = _loaded(node, known)
    if loaded and "__import__" in stands_for(node.func, known):
        loaded = loaded.split(".")[0]
    return {loaded} if loaded else set()


def class_names(tree):
    """Names of the classes of a file: written, or made by a call such as `namedtuple("Name", ...)`."""
    known = meanings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name
        made = _made(node, known)
        if made:
            yield made
        if _made(getattr(node, "value", None), known):
            yield from (name for name in _targets(node) if name != _made(node.value, known))


def _made(node, known):
    """The name of the class that a call makes, or ""; `type` of one thing makes none."""
    if not isinstance(node, ast.Call) or not MAKERS & stands_for(node.func, known):
        return ""
    return _text(node.args[0]) if len(node.args) + len(node.keywords) > 1 and node.args else ""


def _loaded(node, known):
    """The module that a call such as `import_module("a.b")` imports, or ""."""
    if not isinstance(node, ast.Call) or not LOADERS & stands_for(node.func, known):
        return ""
    given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "name")]
    return _text(given[0]) if given else ""


def _targets(node):
    """The names that an assignment gives to one value."""
    if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        return []
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _text(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
