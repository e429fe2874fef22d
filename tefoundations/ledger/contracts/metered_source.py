"""From a contract's source, once it is checked, to the method that runs: operations metered, charges put in."""

import ast

from tefoundations.ledger.contracts import operations
from tefoundations.ledger.contracts.gas import ARITHMETIC, FREE_PARTS

ARITHMETICS = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.FloorDiv: "floor_divide", ast.Mod: "remainder"}
COMPARISONS = {ast.Eq: "equal", ast.NotEq: "unequal", ast.Lt: "less", ast.LtE: "less_or_equal", ast.Gt: "greater",
               ast.GtE: "greater_or_equal", ast.In: "within", ast.NotIn: "not_within"}  # fmt: skip
FUNCTIONS = {"abs": "absolute", "bool": "truth", "dict": "to_dict", "enumerate": "numbered", "len": "length",
             "list": "to_list", "max": "largest", "min": "smallest", "range": "whole_span", "tuple": "to_tuple",
             "zip": "side_by_side"}  # fmt: skip
LOCAL_METHODS = ("append", "get", "items")  # of lists and dicts that the method made itself
MAKING = ("add_to", "text", "make_list", "make_tuple", "make_dict", "item", "part", "put", "span", "turns", "negative")
NAMES = (*ARITHMETICS.values(), *COMPARISONS.values(), *FUNCTIONS.values(), *LOCAL_METHODS, *MAKING)
# The names under which the operations stand in a method's world: no name of a contract begins like this.
WORLD = {f"_{name}": getattr(operations, name) for name in NAMES}


def rewritten(tree, name, constants, parts):
    """The function that a checked method becomes, in a world of its own: the names it may use, as they are now.

    Parameters
    ----------
    tree : ast.FunctionDef
    name : str
        What it is called where a fault is told.
    constants : dict
        What it reads of its module.
    parts : dict of str: int
        How many expressions run at once in each method of its contract.
    """
    _charge_helpers(tree, parts)
    tree.body = _metered(tree.body)
    module = ast.fix_missing_locations(ast.Module([tree], []))
    world = {"__builtins__": {}} | WORLD | constants
    exec(compile(module, f"<contract {name}>", "exec"), world)
    return world[tree.name]


def parts_of(tree):
    """How many expressions stand in a piece of code: names, constants and operations."""
    return sum(isinstance(node, ast.expr) for node in ast.walk(tree))


def parts_at_once(statement):
    """The same of what runs once in a turn of a loop, or in a call: turns of the loops in it pay for themselves."""
    inner = [node for node in ast.walk(statement) if node is not statement and isinstance(node, (ast.For, ast.While))]
    outermost = [node for node in inner if not any(node is not above and node in ast.walk(above) for above in inner)]
    return parts_of(statement) - sum(parts_of(child) for node in outermost for child in node.body)


def _charge_helpers(tree, parts):
    """Note at each call of an own method how many steps it costs: one, and one for every 64 expressions that it runs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_self(node.func.value):
            node.steps = 1 + parts[node.func.attr] // FREE_PARTS


def _is_self(node):
    return isinstance(node, ast.Name) and node.id == "self"


def _metered(body):
    """Statements with a charge before each that holds arithmetic, and one in each turn of a loop."""
    out = []
    for statement in body:
        if isinstance(statement, (ast.If, ast.While, ast.For)):
            head = statement.iter if isinstance(statement, ast.For) else statement.test
            cost, large = _operations(head), parts_at_once(statement) // FREE_PARTS
            statement.body, statement.orelse = _metered(statement.body), _metered(statement.orelse)
            if not isinstance(statement, ast.If):
                again = cost if isinstance(statement, ast.While) else 0
                statement.body.insert(0, _charge(ARITHMETIC * (1 + again + large)))
            if isinstance(statement, ast.For):
                statement.iter = _gone_through(head)
            else:
                statement.test = _Rewriter().visit(head)
            done = [statement]
        else:
            cost = _operations(statement)
            done = _rewritten_statement(statement)
        out += [_charge(ARITHMETIC * cost)] if cost else []
        out += done
    return out


def _rewritten_statement(statement):
    rewriter = _Rewriter()
    if isinstance(statement, ast.AugAssign):
        operation = "add_to" if isinstance(statement.op, ast.Add) else ARITHMETICS[type(statement.op)]
        value = rewriter.visit(statement.value)
        if isinstance(statement.target, ast.Name):
            now = ast.Name(statement.target.id, ast.Load())
            return [ast.Assign([statement.target], _to(operation, now, value))]
        kept = [ast.Assign([ast.Name(name, ast.Store())], rewriter.visit(part))
                for name, part in (("_box", statement.target.value), ("_key", statement.target.slice))]  # fmt: skip
        box, key = ast.Name("_box", ast.Load()), ast.Name("_key", ast.Load())
        return [*kept, ast.Expr(_to("put", _to(operation, _to("item", box, key), value), box, key))]
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript):
        target = statement.targets[0]
        given = (statement.value, target.value, target.slice)
        return [ast.Expr(_to("put", *map(rewriter.visit, given)))]
    if isinstance(statement, ast.Assign) and all(map(_is_row, (*statement.targets, statement.value))):
        statement.value.elts = list(map(rewriter.visit, statement.value.elts))  # a, b = 1, {}: no tuple that anybody sees
        return [statement]
    return [rewriter.visit(statement)]


def _is_row(node):
    return isinstance(node, ast.Tuple)


def _gone_through(node):
    """What a loop goes through; a range is not made into a list first."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        return _to("turns", _to("span", *map(_Rewriter().visit, node.args)))
    return _to("turns", _Rewriter().visit(node))


class _Rewriter(ast.NodeTransformer):
    """An expression with each operation as a call of ours."""

    def visit_BinOp(self, node):
        return _to(ARITHMETICS[type(node.op)], self.visit(node.left), self.visit(node.right))

    def visit_UnaryOp(self, node):
        node.operand = self.visit(node.operand)
        return _to("negative", node.operand) if isinstance(node.op, ast.USub) else node

    def visit_Compare(self, node):
        sides = [node.left, *node.comparators]
        told = []
        for place, operation in enumerate(node.ops):  # of a chain the inner sides are names or constants: twice is once
            left, right = self.visit(sides[place]), self.visit(sides[place + 1])
            name = COMPARISONS.get(type(operation))
            told.append(_to(name, left, right) if name else ast.Compare(left, [operation], [right]))
        return told[0] if len(told) == 1 else ast.BoolOp(ast.And(), told)

    def visit_JoinedStr(self, node):
        return _to("text", *[self.visit(p.value) if isinstance(p, ast.FormattedValue) else p for p in node.values])

    def visit_List(self, node):
        return _to("make_list", *map(self.visit, node.elts))

    def visit_Tuple(self, node):
        return node if isinstance(node.ctx, ast.Store) else _to("make_tuple", *map(self.visit, node.elts))

    def visit_Dict(self, node):
        return _to("make_dict", *[self.visit(one) for pair in zip(node.keys, node.values) for one in pair])

    def visit_Subscript(self, node):
        box = self.visit(node.value)
        if not isinstance(node.slice, ast.Slice):
            return _to("item", box, self.visit(node.slice))
        ends = (node.slice.lower, node.slice.upper, node.slice.step)
        return _to("part", box, *[ast.Constant(None) if end is None else self.visit(end) for end in ends])

    def visit_Call(self, node):
        node = self.generic_visit(node)
        if isinstance(node.func, ast.Name):
            return _to(FUNCTIONS[node.func.id], *node.args)
        if node.func.attr in LOCAL_METHODS and not _is_given(node.func.value):
            return _to(node.func.attr, node.func.value, *node.args)
        return node


def _is_given(node):
    return isinstance(node, ast.Name) and node.id in ("self", "call")


def _operations(tree):
    """Steps to pay for in a piece of code, counted as written: + - * // %, and calls of own methods; also what a condition
    then skips."""
    minus = (
        isinstance(n, ast.UnaryOp) and isinstance(n.op, ast.USub) and not isinstance(n.operand, ast.Constant)
        for n in ast.walk(tree)
    )
    helpers = sum(getattr(node, "steps", 0) for node in ast.walk(tree))
    return sum(isinstance(node, (ast.BinOp, ast.AugAssign)) for node in ast.walk(tree)) + sum(minus) + helpers


def _to(operation, *given):
    return ast.Call(ast.Name(f"_{operation}", ast.Load()), [ast.Name("call", ast.Load()), *given], [])


def _charge(amount):
    return ast.Expr(ast.Call(ast.Attribute(ast.Name("call", ast.Load()), "_use", ast.Load()), [ast.Constant(amount)], []))
