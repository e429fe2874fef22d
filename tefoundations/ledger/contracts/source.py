"""What a contract's source may hold, and where its gas is charged."""

import ast
import functools
import inspect
import textwrap
import types

from tefoundations.errors import InvalidContract, InvalidInput
from tefoundations.ledger.contracts.metered_source import FUNCTIONS, LOCAL_METHODS, parts_at_once, parts_of, rewritten
from tefoundations.ledger.primitives.state import check_value

DATA = {"chain", "sender", "nonce", "slot", "own"}
SERVICES = {"require", "whole", "is_account", "load", "store", "verify", "digest", "hash", "pay", "pay_out", "emit", "ask"}
DEEPEST_HELPERS = 16  # methods that wait for each other
DEEPEST_SOURCE, MOST_PARTS = 50, 5_000  # levels of a method's tree, expressions in it
ALLOWED = (
    ast.arguments, ast.arg, ast.Return, ast.Assign, ast.AugAssign, ast.For, ast.While, ast.If, ast.Expr, ast.Pass,
    ast.Break, ast.Continue, ast.BoolOp, ast.And, ast.Or, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod,
    ast.UnaryOp, ast.Not, ast.USub, ast.IfExp, ast.Dict, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
    ast.In, ast.NotIn, ast.Is, ast.IsNot, ast.Call, ast.keyword, ast.Constant, ast.Attribute, ast.Subscript, ast.Slice,
    ast.Name, ast.Load, ast.Store, ast.Tuple, ast.List, ast.JoinedStr, ast.FormattedValue,
)  # fmt: skip
REASONS = {
    ast.Import: "an import brings in what other machines may not have",
    ast.ImportFrom: "an import brings in what other machines may not have",
    ast.Div: "/ makes a fraction, which machines may round differently; use //",
    ast.Pow: "** can make a number of any size for 3 gas", ast.LShift: "<< can make a number of any size for 3 gas",
    ast.Set: "a set has no order", ast.SetComp: "a set has no order",
    ast.Global: "a global that changes is a state nobody hashes",
    ast.Nonlocal: "a variable outside is a state nobody hashes",
    ast.Try: "try would survive running out of gas",
    ast.Assert: "assert is left out when Python runs with -O; use call.require",
    ast.With: "with opens something outside", ast.Yield: "a generator keeps a state of its own",
    ast.ListComp: "its turns are not metered; write the loop", ast.DictComp: "its turns are not metered; write the loop",
    ast.GeneratorExp: "its turns are not metered; write the loop",
    ast.Lambda: "write a method", ast.FunctionDef: "write a method",
}  # fmt: skip


def compiled(contract, base):
    """Checked and metered methods of a contract, and their sources, after which its code is named.

    Returns {public name: (function of call and arguments, needed names, known names)}, ((name, source), ...), and
    ((name, value), ...) of every constant that the methods read.
    """
    found = {}
    for cls in reversed(type(contract).__mro__):
        if cls is object or cls is base:
            continue
        for name, value in vars(cls).items():
            if isinstance(value, types.FunctionType):
                found[name] = value
            elif not name.startswith("__"):
                _constant(contract, name, value)
    found.pop("__init__", None)  # runs once, before deployment; only what it leaves on self counts
    trees = {name: _read(contract, name, function) for name, function in found.items()}
    _refuse_recursion(contract, {name: tree for name, (tree, _) in trees.items()})
    # What methods see as self: the metered methods and the parameters, and nothing that can change.
    constants = {n: getattr(contract, n) for cls in type(contract).__mro__ if cls not in (object, base) for n in vars(cls)
                 if not n.startswith("__") and n not in found}  # fmt: skip
    me = type("Parameters", (), constants | vars(contract) | {"__slots__": (), "__repr__": lambda self: contract.name})()
    methods, read, parts = {}, {}, {name: parts_at_once(tree) for name, (tree, _) in trees.items()}
    for name in sorted(trees):
        outside = _outside(trees[name][0], found[name])
        read |= {f"{name}.{n}": value for n, value in outside.items()}
        function = rewritten(trees[name][0], f"{contract.name}.{name}", outside, parts)
        setattr(type(me), name, function)
        if not name.startswith("_"):
            given = list(inspect.signature(function).parameters.values())[2:]
            needed = tuple(p.name for p in given if p.default is p.empty)
            methods[name] = (functools.partial(function, me), needed, frozenset(p.name for p in given))
    return methods, tuple((name, trees[name][1]) for name in sorted(trees)), tuple(sorted((read | constants).items()))


def _outside(tree, function):
    """The constants of its module that a method reads, as they are now."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - FUNCTIONS.keys() - {"self", "call"}
    own = {arg.arg for arg in tree.args.args} | _stored(tree)
    return {name: function.__globals__[name] for name in sorted(used - own)}


def _stored(tree):
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _constant(contract, name, value):
    try:
        check_value(f"class attribute {name}", value)
    except InvalidInput as error:
        raise InvalidContract(str(error), contract=contract.name) from None


def _read(contract, name, function):
    """Tree and source of one method, once every part of it is allowed."""
    try:
        source = "\n".join(line.rstrip() for line in textwrap.dedent(inspect.getsource(function)).splitlines())
        tree = ast.parse(source).body[0]
    except (OSError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise InvalidContract("its source cannot be read", contract=contract.name, method=name) from None

    def refuse(node, words):
        raise InvalidContract(words, contract=contract.name, method=name, line=getattr(node, "lineno", None))

    _check_size(tree, refuse)
    _check_head(tree, function, refuse)
    nodes = list(ast.walk(tree))[1:]
    calls = [n for n in nodes if isinstance(n, ast.Call)]
    known = {arg.arg for arg in tree.args.args} | _stored(tree)
    called, handed = {id(n.func) for n in calls}, {id(n.args[0]) for n in calls if n.args and _is_helper(n.func)}
    seen = {id(n.value) for n in nodes if isinstance(n, ast.Attribute)} | handed
    for node in nodes:
        if not isinstance(node, ALLOWED):
            refuse(node, REASONS.get(type(node), f"{type(node).__name__} is not among what a contract may use"))
    for node in nodes:
        if isinstance(node, ast.Name):
            _check_name(node, known, function, id(node) in seen, id(node) in called, refuse)
    for node in nodes:
        if isinstance(node, ast.Attribute):
            _check_attribute(node, contract, id(node) in called, refuse)
        else:
            _check_value(node, refuse)
            _check_form(node, refuse)
    return tree, source


def _check_size(tree, refuse):
    """Level by level, and before anything that goes down by calling itself: how deep that gets depends on the machine."""
    level = [tree]
    for _ in range(DEEPEST_SOURCE):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        refuse(level[0], f"nested more than {DEEPEST_SOURCE} levels deep; write several statements")
    if parts_of(tree) > MOST_PARTS:
        refuse(tree, f"more than {MOST_PARTS} names, constants and operations")


def _is_text_or_list(node):
    return (
        isinstance(node, (ast.JoinedStr, ast.List, ast.Tuple)) or isinstance(node, ast.Constant) and type(node.value) is str
    )


def _check_head(tree, function, refuse):
    if not isinstance(tree, ast.FunctionDef) or tree.decorator_list or function.__closure__:
        refuse(tree, "a method is a plain function of its own: no decorator, no variable from around it")
    names, args = [arg.arg for arg in tree.args.args], tree.args
    if names[:2] != ["self", "call"] or args.vararg or args.kwarg or args.kwonlyargs or args.posonlyargs:
        refuse(tree, "a method takes self, call and arguments by name")
    for arg in args.args[2:]:
        if arg.arg.startswith("_") or arg.arg in FUNCTIONS or arg.arg in ("self", "call"):
            refuse(arg, f"{arg.arg} is no name for an argument")
    if not all(isinstance(default, ast.Constant) for default in args.defaults):
        refuse(tree, "a default must be a constant")
    if any(arg.annotation for arg in args.args) or tree.returns:
        refuse(tree, "no annotations")


def _is_helper(node):
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _check_value(node, refuse):
    if isinstance(node, ast.Constant):
        try:
            check_value("a constant", node.value)
        except InvalidInput:
            refuse(node, f"{node.value!r:.40}: whole numbers up to 2^53, ASCII text and truth values only")
    by_identity = isinstance(node, ast.Compare) and any(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops)
    if by_identity and not all(_is_single(side) for side in node.comparators):
        refuse(node, "whether two equal numbers are one object differs from machine to machine; use ==")
    grows = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.Mult))
    if grows and any(_is_text_or_list(side) for side in (node.left, node.right)):
        refuse(node, "% and * on text and lists; use an f-string, or a loop, which is metered")


def _check_form(node, refuse):
    """Forms of Python of which only the plain ones are taken."""
    if isinstance(node, ast.FormattedValue) and (node.conversion != -1 or node.format_spec):
        refuse(node, "an f-string holds whole numbers and text, without widths or conversions")
    if isinstance(node, ast.Call):
        own = isinstance(node.func, ast.Name) or node.func.attr in LOCAL_METHODS
        if any(isinstance(given, ast.Starred) for given in node.args) or any(k.arg is None or own for k in node.keywords):
            refuse(node, "arguments are given one by one, and to such a function by their places")
    if isinstance(node, ast.Dict) and None in node.keys:
        refuse(node, "** in a dict; write the loop")
    if isinstance(node, ast.Compare) and not all(_is_simple(side) for side in node.comparators[:-1]):
        refuse(node, "a chain of comparisons has names or constants between its ends; write two with and")
    targets = (
        node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, (ast.For, ast.AugAssign)) else []
    )
    held = [
        n for target in targets for n in ast.walk(target) if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)
    ]
    if any(isinstance(n.slice, ast.Slice) for n in held) or held and (held != targets or isinstance(node, ast.For)):
        refuse(node, "one place of a list or dict is written at a time, in a statement of its own")


def _is_simple(node):
    return isinstance(node, (ast.Name, ast.Constant)) or isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def _is_single(node):
    """True, False or None: of each there is one object on every machine."""
    return isinstance(node, ast.Constant) and type(node.value) in (bool, types.NoneType)


def _check_attribute(node, contract, is_called, refuse):
    owner = node.value.id if isinstance(node.value, ast.Name) else None
    if not isinstance(node.ctx, ast.Load):
        refuse(node, f"{node.attr} is set on something; the state is changed by call.store alone")
    if owner == "self":
        is_method = isinstance(getattr(type(contract), node.attr, None), types.FunctionType)
        if node.attr.startswith("__") or not hasattr(contract, node.attr) or is_method != is_called:
            refuse(node, f"self.{node.attr} is no parameter and no method called here")
    elif owner == "call":
        if node.attr not in (SERVICES if is_called else DATA):
            refuse(node, f"call.{node.attr} does not exist or is not called")
    elif node.attr not in LOCAL_METHODS or not is_called:
        refuse(node, f".{node.attr} is not among what a contract may use")


def _check_name(node, known, function, is_seen, is_called, refuse):
    name = node.id
    if name in FUNCTIONS or is_called:
        if name not in FUNCTIONS or not is_called or name in known:
            refuse(node, f"{name}: only the functions a contract may use are called, and they are only called")
    elif name in ("self", "call"):
        if not is_seen or isinstance(node.ctx, ast.Store):
            refuse(node, f"{name} is handed out or replaced")
    elif name.startswith("_"):
        refuse(node, f"{name} begins with an underscore")
    elif name not in known:
        if name not in function.__globals__:
            refuse(node, f"{name} is not among what a contract may use")
        try:
            check_value(name, function.__globals__[name])
        except InvalidInput:
            refuse(node, f"{name} is neither a constant nor among what a contract may use (no clock, no chance, no files)")


def _refuse_recursion(contract, trees):
    """Methods that call each other in a ring: how deep they get depends on the machine."""
    uses = {
        name: {n.func.attr for n in ast.walk(tree) if isinstance(n, ast.Call) and _is_helper(n.func)}
        for name, tree in trees.items()
    }
    depth = {}

    def visit(name, waiting):
        if name in waiting:
            raise InvalidContract("calls itself, by itself or through others", contract=contract.name, method=name)
        if name not in depth and len(waiting) < DEEPEST_HELPERS:
            depth[name] = 1 + max((visit(other, (*waiting, name)) for other in sorted(uses[name])), default=0)
        if len(waiting) + depth.get(name, 1) > DEEPEST_HELPERS:
            words = f"more than {DEEPEST_HELPERS} methods wait for each other"
            raise InvalidContract(words, contract=contract.name, method=name)
        return depth[name]

    for name in uses:
        visit(name, ())
